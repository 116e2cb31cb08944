//! `replication-works`: the replication role may do what S3 needs at each source and destination.

use super::{Asked, Case, Guardrail, Inquiry, not_forwarded, over_tls};
use narrows_prover::{Actions, Demand, Question, Route, Scope, split_actions};

pub(super) const GUARDRAIL: Guardrail = Guardrail {
    id: "replication-works",
    summary: "the replication role may do what S3 needs at each source and each destination",
    ask,
};

// Source: S3 User Guide, "Setting up permissions for live replication".
const AT_SOURCE: [&str; 5] = [
    "s3:GetObjectVersionAcl",
    "s3:GetObjectVersionForReplication",
    "s3:GetObjectVersionTagging",
    "s3:GetReplicationConfiguration",
    "s3:ListBucket",
];
const AT_DESTINATION: [&str; 3] = ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"];

fn ask(case: &Case<'_>) -> Asked {
    let mut inquiries = Vec::new();
    for (index, bucket) in case.model.buckets.iter().enumerate() {
        let Some(replication) = &bucket.replication else { continue };
        let question = |bucket: usize, (object_actions, bucket_actions): (Actions, Actions)| Question {
            demand: Demand::Permit { caller_may_do_anything: false },
            bucket,
            routes: vec![Route::Direct],
            object_actions,
            bucket_actions,
            later_action: None,
            scope: Scope::All(vec![
                Scope::PrincipalArn(vec![replication.role.clone()]),
                over_tls(),
                not_forwarded(),
                Scope::key_absent("aws:SourceVpce"),
            ]),
        };
        let mut questions = vec![question(index, split_actions(AT_SOURCE))];
        questions.extend(
            replication.destinations.iter().map(|bucket| question(*bucket, split_actions(AT_DESTINATION))),
        );
        let unknown = replication.foreign.first().map(|arn| {
            format!(
                "the destination {} is not in the input; add the stack that has its policy",
                case.model.show(arn)
            )
        });
        inquiries.push(Inquiry {
            subject: bucket.subject.clone(),
            questions,
            unknown,
            exemptions: Vec::new(),
            remarks: Vec::new(),
            remedy: format!(
                "exempt {} by its exact ARN (ArnNotEquals aws:PrincipalArn) from the Denies of the source and of each \
                 destination, and allow it the source reads and the destination writes in its identity policy",
                case.model.show(&replication.role)
            ),
        });
    }
    if inquiries.is_empty() {
        return Asked::Nothing("the input has no replication".to_owned());
    }
    Asked::Of(inquiries)
}
