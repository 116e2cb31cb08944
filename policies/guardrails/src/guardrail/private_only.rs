//! `private-only`: no data action is allowed unless it came through a declared VPC endpoint.

use super::{
    Asked, Case, Guardrail, Inquiry, data_actions, endpoint_ids, exemptions, mrap_buckets, of_mrap_buckets,
};
use narrows_prover::{Demand, Question, Route, Scope};

pub(super) const GUARDRAIL: Guardrail = Guardrail {
    id: "private-only",
    summary: "no data action is allowed unless it came through one of the declared VPC endpoints",
    ask,
};

fn ask(case: &Case<'_>) -> Asked {
    let Some(declared) = &case.intent.endpoints else {
        return Asked::Nothing(
            "no VPC endpoints are declared: add `[[private_access]]` to narrows.toml, or name them with --vpce ID"
                .to_owned(),
        );
    };
    let (ids, unknown) = match endpoint_ids(case, declared) {
        Ok(ids) => (ids, None),
        Err(reason) => (Vec::new(), Some(reason)),
    };
    let shown: Vec<String> = ids.iter().map(|id| case.model.show(id)).collect();
    let inquiries = mrap_buckets(case.model).map(|(index, bucket)| {
        let exempt = exemptions(case, index);
        let (object_actions, bucket_actions) = data_actions();
        let mut routes = vec![Route::Direct, Route::OtherAccessPoint];
        routes.extend(bucket.mraps.iter().map(|mrap| Route::Mrap(*mrap)));
        Inquiry {
            subject: bucket.subject.clone(),
            // Without the endpoints' ids there is nothing to ask: any answer would be about others.
            questions: if unknown.is_some() { Vec::new() } else { vec![Question {
                demand: Demand::Forbid,
                bucket: index,
                routes,
                object_actions,
                bucket_actions,
                later_action: None,
                scope: Scope::All(vec![
                    Scope::not(Scope::key_is("aws:SourceVpce", ids.iter())),
                    Scope::not(exempt.scope),
                ]),
            }] },
            unknown: unknown.clone(),
            exemptions: exempt.listed,
            remarks: Vec::new(),
            remedy: format!(
                "deny `s3:*` on `{arn}/*`, and the list actions on `{arn}`, for Principal `*`, in statements of their own with \
                 the condition StringNotEquals aws:SourceVpce = {ids}; the same Deny in the MRAP policy does not close the bucket{end}",
                arn = case.model.show(&bucket.arn),
                ids = shown.join(", "),
                end = exempt.remedy,
            ),
        }
    });
    of_mrap_buckets(inquiries.collect())
}
