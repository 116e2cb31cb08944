//! Where AWS's own word for a bucket policy differs from what a guardrail says.

use narrows_iam::{Called, called};
use narrows_prover::{AccessModel, Policy, Verdict};

/// What to remark where AWS's word for the bucket's policy and the verdict differ.
pub(crate) fn remark(model: &AccessModel, bucket: usize, verdict: &Verdict) -> Option<String> {
    let Policy::Document { document, name } = &model.buckets.get(bucket)?.policy else { return None };
    match (called(document), verdict) {
        (Called::Public(statement), Verdict::Proved) => Some(format!(
            "AWS calls the bucket policy public all the same: it looks at each Allow by itself, and {statement} of {name} allows \
             everyone without a fixed value of a key that counts (S3 User Guide, \"The meaning of public\"); BlockPublicPolicy \
             refuses such a policy, and RestrictPublicBuckets keeps other accounts out of it"
        )),
        (Called::NotPublic, Verdict::Refuted(_)) => Some(format!(
            "AWS does not call the bucket policy {name} public: each Allow names principals or fixed values (S3 User Guide, \"The \
             meaning of public\"), so that the bucket's public access settings do not stop this"
        )),
        _ => None,
    }
}
