//! `application-reaches-data`: each declared grant is allowed on both legs at every bucket of its MRAP.

use super::{Asked, Case, Guardrail, Inquiry, endpoint_ids};
use narrows_model::intent::Grant;
use narrows_prover::{Demand, Question, Route, Scope, Subject, split_actions};

pub(super) const GUARDRAIL: Guardrail = Guardrail {
    id: "application-reaches-data",
    summary: "each declared grant is allowed through the MRAP at every bucket, so that failover changes nothing",
    ask,
};

fn ask(case: &Case<'_>) -> Asked {
    if case.intent.grants.is_empty() {
        return Asked::Nothing(
            "no grants are declared: add `[[grant]]` to narrows.toml; other input is told of it with --stack FILE"
                .to_owned(),
        );
    }
    let endpoints = case.intent.endpoints.as_deref().map(|declared| endpoint_ids(case, declared)).transpose();
    let endpoints = endpoints.and_then(|ids| no_gateways(case, ids));
    let mut inquiries = Vec::new();
    for grant in &case.intent.grants {
        let subject =
            Subject { kind: "role".to_owned(), name: grant.role.to_string(), address: String::new() };
        let mrap = case.model.mraps.iter().position(|mrap| mrap.subject.name == grant.mrap.as_str());
        let mut inquiry = Inquiry {
            subject,
            questions: Vec::new(),
            unknown: None,
            exemptions: Vec::new(),
            remarks: Vec::new(),
            remedy: "allow the role by its exact ARN in the MRAP policy and in every bucket policy, on the bucket or MRAP for \
                     list actions and on the objects for the others, and look for a Deny without an exception for requests \
                     through the MRAP"
                .to_owned(),
        };
        let Some(mrap) = mrap else {
            inquiry.unknown =
                Some(format!("the grant is for the MRAP `{}`, which is not in the input", grant.mrap));
            inquiries.push(inquiry);
            continue;
        };
        let ids = match &endpoints {
            Ok(ids) => ids.clone(),
            Err(reason) => {
                inquiry.unknown = Some(reason.clone());
                inquiries.push(inquiry);
                continue;
            }
        };
        let scope = promised(grant, ids.as_deref());
        let (object_actions, bucket_actions) = split_actions(grant.access.actions().iter().copied());
        let buckets =
            case.model.buckets.iter().enumerate().filter(|(_, bucket)| bucket.mraps.contains(&mrap));
        for (index, _) in buckets {
            inquiry.questions.push(Question {
                demand: Demand::Permit { caller_may_do_anything: false },
                bucket: index,
                routes: vec![Route::Mrap(mrap)],
                object_actions: object_actions.clone(),
                bucket_actions: bucket_actions.clone(),
                later_action: None,
                scope: scope.clone(),
            });
        }
        inquiries.push(inquiry);
    }
    Asked::Of(inquiries)
}

/// The endpoints, where none of them is one that no request to an MRAP passes.
///
/// Source: S3 User Guide, "Configuring a Multi-Region Access Point for use with AWS PrivateLink".
fn no_gateways(case: &Case<'_>, ids: Option<Vec<String>>) -> Result<Option<Vec<String>>, String> {
    let declared = |id: &String| ids.iter().flatten().any(|declared| declared == id);
    match case.model.endpoints.iter().find(|endpoint| endpoint.gateway && declared(&endpoint.id)) {
        None => Ok(ids),
        Some(gateway) => Err(format!(
            "the declared endpoint {} is a gateway endpoint, and requests to an MRAP pass interface endpoints of \
             com.amazonaws.s3-global.accesspoint only",
            gateway.subject.name
        )),
    }
}

/// The requests that a grant promises for: below its prefix, over TLS 1.2 or later, by the role itself, through a declared endpoint where
/// there are any, else not through an endpoint.
fn promised(grant: &Grant, endpoints: Option<&[String]>) -> Scope {
    let network = match endpoints {
        Some(ids) => Scope::key_is("aws:SourceVpce", ids.iter()),
        None => Scope::key_absent("aws:SourceVpce"),
    };
    let mut scope = vec![
        Scope::PrincipalArn(vec![grant.role.to_string()]),
        super::over_tls(),
        super::not_forwarded(),
        network,
    ];
    if !grant.prefix.is_empty() {
        scope.push(Scope::Below(grant.prefix.clone()));
    }
    Scope::All(scope)
}
