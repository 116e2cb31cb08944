//! `deployer-not-locked-out`: nothing denies the deployer the configuration of the buckets.

use super::{Asked, Case, Guardrail, Inquiry, mrap_buckets, not_forwarded, of_mrap_buckets, over_tls};
use narrows_prover::{Demand, Question, Route, Scope, split_actions};

pub(super) const GUARDRAIL: Guardrail = Guardrail {
    id: "deployer-not-locked-out",
    summary: "nothing denies the deployer the policy and the configuration of a bucket",
    ask,
};

/// What the deployer must be able to change, and to read back, on a bucket of an MRAP.
const ACTIONS: [&str; 20] = [
    "s3:DeleteBucketPolicy",
    "s3:GetBucketLocation",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketPolicy",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketTagging",
    "s3:GetBucketVersioning",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetMetricsConfiguration",
    "s3:GetReplicationConfiguration",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketTagging",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutMetricsConfiguration",
    "s3:PutReplicationConfiguration",
];

fn ask(case: &Case<'_>) -> Asked {
    let Some(deployer) = &case.intent.deployer else {
        return Asked::Nothing(
            "no deployer is declared: set `deployer` in narrows.toml, or name it with --deployer ARN"
                .to_owned(),
        );
    };
    let (object_actions, bucket_actions) = split_actions(ACTIONS);
    let inquiries = mrap_buckets(case.model).map(|(index, bucket)| Inquiry {
        subject: bucket.subject.clone(),
        questions: vec![Question {
            demand: Demand::Permit { caller_may_do_anything: true },
            bucket: index,
            routes: vec![Route::Direct],
            object_actions: object_actions.clone(),
            bucket_actions: bucket_actions.clone(),
            later_action: None,
            scope: Scope::All(vec![
                Scope::PrincipalArn(vec![deployer.as_str().to_owned()]),
                over_tls(),
                not_forwarded(),
                Scope::key_absent("aws:SourceVpce"),
            ]),
        }],
        unknown: None,
        exemptions: Vec::new(),
        remarks: Vec::new(),
        remedy: format!(
            "take the bucket itself out of the Deny's Resource (deny `s3:*` on `{}/*` and only the list actions on the bucket), \
             or exempt the deployer by its exact ARN",
            case.model.show(&bucket.arn)
        ),
    });
    of_mrap_buckets(inquiries.collect())
}
