//! `AccessControl` of `AWS::S3::Bucket`.

use crate::error::ReadError;
use crate::mapping::{Fields, Made};
use crate::resolve::as_text;
use narrows_model::resources::s3::{Acl, BucketAcl, BucketOwnershipControls, CannedAcl, ObjectOwnership};
use narrows_model::{Body, BucketName, Input};

const CANNED: [(&str, CannedAcl); 8] = [
    ("Private", CannedAcl::Private),
    ("PublicRead", CannedAcl::PublicRead),
    ("PublicReadWrite", CannedAcl::PublicReadWrite),
    ("AuthenticatedRead", CannedAcl::AuthenticatedRead),
    ("AwsExecRead", CannedAcl::AwsExecRead),
    ("LogDeliveryWrite", CannedAcl::LogDeliveryWrite),
    // Of buckets S3 takes no notice of these two. Source: S3 User Guide, "Canned ACL".
    ("BucketOwnerRead", CannedAcl::Private),
    ("BucketOwnerFullControl", CannedAcl::Private),
];

/// The canned ACL of a bucket, and that ACLs are on where nothing else says so.
///
/// Of one that is not known before deployment only the latter is certain: what it grants then stays open.
pub(super) fn access_control(
    fields: &Fields<'_>,
    controlled: bool,
    bucket: impl Fn() -> Input<BucketName>,
) -> Result<Vec<Made>, ReadError> {
    let Some(given) = fields.get("AccessControl") else { return Ok(Vec::new()) };
    let open = as_text(given).is_some_and(|text| text.as_literal().is_none());
    let canned = if open { None } else { fields.word("AccessControl", &CANNED)? };
    let part = |body| Made::part(".AccessControl", body, given.location.clone());
    let mut made = Vec::new();
    // A canned ACL can only be set where ACLs are on: on buckets from before April 2023, without a word of it.
    if !controlled && given.as_str() != Some("Private") {
        let body = BucketOwnershipControls { bucket: bucket(), ownership: ObjectOwnership::ObjectWriter };
        made.push(part(Body::BucketOwnershipControls(body)));
    }
    // Every bucket may have `Private`, which says nothing where ACLs are off.
    if let Some(canned) = canned.filter(|_| controlled || given.as_str() != Some("Private")) {
        made.push(part(Body::BucketAcl(BucketAcl { bucket: bucket(), acl: Acl::Canned(canned) })));
    }
    Ok(made)
}
