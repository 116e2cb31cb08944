//! `only-through-mrap`: no data action on a bucket of an MRAP is allowed unless it came through one of its MRAPs.

use super::{Asked, Case, Guardrail, Inquiry, data_actions, exemptions, mrap_buckets, of_mrap_buckets};
use narrows_prover::{Demand, Question, Route, Scope};

pub(super) const GUARDRAIL: Guardrail = Guardrail {
    id: "only-through-mrap",
    summary: "no data action on a bucket is allowed unless it came through one of the bucket's Multi-Region Access Points",
    ask,
};

/// Stands for an object action that S3 does not have yet.
const NOT_YET: &str = "s3:GetObjectNotYetKnown";

fn ask(case: &Case<'_>) -> Asked {
    let mut inquiries = Vec::new();
    for (index, bucket) in mrap_buckets(case.model) {
        let arns: Vec<String> = bucket
            .mraps
            .iter()
            .filter_map(|mrap| case.model.mraps.get(*mrap))
            .map(|mrap| mrap.arn.clone())
            .collect();
        let exempt = exemptions(case, index);
        let (object_actions, bucket_actions) = data_actions();
        let shown: Vec<String> = arns.iter().map(|arn| case.model.show(arn)).collect();
        let question = Question {
            demand: Demand::Forbid,
            bucket: index,
            routes: vec![Route::Direct, Route::OtherAccessPoint],
            object_actions,
            bucket_actions,
            later_action: Some(NOT_YET.to_owned()),
            scope: Scope::All(vec![
                Scope::not(Scope::key_is("s3:DataAccessPointArn", arns)),
                Scope::not(exempt.scope),
            ]),
        };
        inquiries.push(Inquiry {
            subject: bucket.subject.clone(),
            questions: vec![question],
            unknown: None,
            exemptions: exempt.listed,
            remarks: vec![
                "not part of the claim: who can change policies, ACLs, ownership or routes (the account's root user can \
                 always replace a bucket policy); who can assume an exempt role; S3's own lifecycle, inventories and logs; \
                 copies that exist elsewhere"
                    .to_owned(),
            ],
            remedy: format!(
                "deny `s3:*` on `{arn}/*`, and the list actions on `{arn}`, for Principal `*`, in one statement each with the \
                 condition ArnNotEquals s3:DataAccessPointArn = {mraps}, and exempt only exact role ARNs with ArnNotEquals \
                 aws:PrincipalArn; if this caller is meant to be exempt, declare it with --exempt ARN or --exempt-service NAME{end}",
                arn = case.model.show(&bucket.arn),
                mraps = shown.join(" or "),
                end = exempt.remedy,
            ),
        });
    }
    of_mrap_buckets(inquiries)
}
