use super::below;
use super::statement::{Statement, document};
use crate::Stack;
use narrows_model::Value;

/// What the data calls that go through an access point are authorized as.
///
/// Source: S3 User Guide, "Multi-Region Access Points supported API operations", with the `Version` action of each,
/// and what deleting a version under governance retention takes.
const OBJECTS: [&str; 23] = [
    "s3:AbortMultipartUpload",
    "s3:BypassGovernanceRetention",
    "s3:DeleteObject",
    "s3:DeleteObjectTagging",
    "s3:DeleteObjectVersion",
    "s3:DeleteObjectVersionTagging",
    "s3:GetObject",
    "s3:GetObjectAcl",
    "s3:GetObjectLegalHold",
    "s3:GetObjectRetention",
    "s3:GetObjectTagging",
    "s3:GetObjectVersion",
    "s3:GetObjectVersionAcl",
    "s3:GetObjectVersionTagging",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
    "s3:PutObjectAcl",
    "s3:PutObjectLegalHold",
    "s3:PutObjectRetention",
    "s3:PutObjectTagging",
    "s3:PutObjectVersionAcl",
    "s3:PutObjectVersionTagging",
    "s3:RestoreObject",
];
const LISTING: [&str; 2] = ["s3:ListBucket", "s3:ListBucketMultipartUploads"];

/// The policy of each endpoint: data calls to this access point alone.
///
/// It names the buckets as well, for a request through the access point is authorized on both.
pub(crate) fn policy(stack: &Stack) -> Value {
    let mrap = stack.mrap_arn();
    let buckets: Vec<_> = stack.mrap.regions().into_iter().map(|region| stack.bucket_arn(region)).collect();
    let mut objects = vec![below(&mrap, "/object/*")];
    objects.extend(buckets.iter().map(|bucket| below(bucket, "/*")));
    let mut containers = vec![mrap];
    containers.extend(buckets);
    document([
        Statement::allow_everyone("AllowObjects").actions(OBJECTS).resources(&objects),
        Statement::allow_everyone("AllowListing").actions(LISTING).resources(&containers),
    ])
}
