//! Grants: each is asked about at every bucket of its MRAP, through that MRAP.

use super::{At, Case, Inquiry, endpoint_ids};
use crate::facts::{Asking, Fact, Facts};
use narrows_model::intent::{Access, Grant};
use narrows_prover::{Route, Scope, Subject};
use std::sync::Arc;

pub(super) fn all(case: &Case<'_>) -> Vec<Inquiry> {
    let gateways = no_gateways(case);
    case.intent.grants.iter().map(|grant| inquiry(case, grant, gateways.clone().err())).collect()
}

fn inquiry(case: &Case<'_>, grant: &Grant, unknown: Option<String>) -> Inquiry {
    let mut inquiry = Inquiry {
        subject: Subject { kind: "role".to_owned(), name: grant.role.to_string(), address: String::new() },
        at: Vec::new(),
        holder: None,
        unknown,
        exemptions: Vec::new(),
        ending: false,
        words: vec![("{role}", grant.role.to_string())],
    };
    let mrap = case.model.mraps.iter().position(|mrap| mrap.subject.name == grant.mrap.as_str());
    let Some(mrap) = mrap else {
        inquiry.unknown = inquiry.unknown.or_else(|| {
            Some(format!("the grant is for the MRAP `{}`, which is not in the input", grant.mrap))
        });
        return inquiry;
    };
    let covers =
        if grant.prefix.is_empty() { Scope::everything() } else { Scope::Below(grant.prefix.clone()) };
    let (read, write, delete) = match grant.access {
        Access::Read => (true, false, false),
        Access::Write => (false, true, false),
        Access::ReadWrite => (true, true, true),
    };
    let record = Facts::from([
        ("covers", Fact::When(covers)),
        ("deletes", Fact::Bool(delete)),
        ("reads", Fact::Bool(read)),
        ("role", Fact::Role(grant.role.to_string())),
        ("writes", Fact::Bool(write)),
    ]);
    let subject = Facts::from([("grant", Fact::Record(record))]);
    let buckets = case.model.buckets.iter().enumerate().filter(|(_, bucket)| bucket.mraps.contains(&mrap));
    for (index, _) in buckets {
        let Some(known) = case.known(index) else { continue };
        let asking = Asking { resource: Arc::clone(&known.facts), subject: subject.clone() };
        inquiry.at.push(At { bucket: index, asking, routes: vec![Route::Mrap(mrap)] });
    }
    inquiry
}

/// None of the declared endpoints is one that no request to an MRAP passes.
///
/// Source: S3 User Guide, "Configuring a Multi-Region Access Point for use with AWS PrivateLink".
fn no_gateways(case: &Case<'_>) -> Result<(), String> {
    let Some(declared) = &case.intent.endpoints else { return Ok(()) };
    let ids = endpoint_ids(case, declared)?;
    match case.model.endpoints.iter().find(|endpoint| endpoint.gateway && ids.contains(&endpoint.id)) {
        None => Ok(()),
        Some(gateway) => Err(format!(
            "the declared endpoint {} is a gateway endpoint, and requests to an MRAP pass interface endpoints of \
             com.amazonaws.s3-global.accesspoint only",
            gateway.subject.name
        )),
    }
}
