//! `AccessControl` of buckets.

use super::{error, read};
use narrows_cloudformation::Reading;
use narrows_model::Body;

/// A bucket with these properties, after sections of the template.
fn bucket(sections: &str, properties: &str) -> String {
    format!("{sections}\nResources:\n  Data:\n    Type: AWS::S3::Bucket\n    Properties: {{{properties}}}\n")
}

/// What the template says of ownership, and its access control list.
fn said(reading: &Reading) -> (Option<String>, Option<String>) {
    let mut said = (None, None);
    for resource in reading.deployment.resources() {
        match &resource.body {
            Body::BucketOwnershipControls(it) => said.0 = Some(format!("{:?}", it.ownership)),
            Body::BucketAcl(it) => {
                assert_eq!(reading.deployment.expand(&it.bucket.to_text()).to_string(), "orders-eu");
                said.1 = Some(format!("{:?}", it.acl));
            }
            _ => {}
        }
    }
    said
}

#[test]
fn a_canned_list_is_a_resource_beside_the_bucket() {
    const OWNER: &str = "OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerPreferred}]}, ";
    let (writer, preferred) = (Some("ObjectWriter"), Some("BucketOwnerPreferred"));
    for (controls, acl, ownership, expected) in [
        ("", "PublicRead", writer, Some("Canned(PublicRead)")),
        ("", "PublicReadWrite", writer, Some("Canned(PublicReadWrite)")),
        ("", "AuthenticatedRead", writer, Some("Canned(AuthenticatedRead)")),
        ("", "AwsExecRead", writer, Some("Canned(AwsExecRead)")),
        ("", "LogDeliveryWrite", writer, Some("Canned(LogDeliveryWrite)")),
        // S3 takes no notice of these two, and of neither where ACLs are off.
        ("", "BucketOwnerRead", writer, Some("Canned(Private)")),
        ("", "BucketOwnerFullControl", writer, Some("Canned(Private)")),
        ("", "Private", None, None),
        (OWNER, "Private", preferred, Some("Canned(Private)")),
        (OWNER, "PublicRead", preferred, Some("Canned(PublicRead)")),
        // What is known only later: ACLs are on, and what the list grants is open.
        ("", "!Ref Acl", writer, None),
        (OWNER, "!Ref Acl", preferred, None),
        ("", "!Ref Given", writer, Some("Canned(PublicRead)")),
    ] {
        let sections = "Parameters:\n  Acl: {Type: String}\n  Given: {Type: String, Default: PublicRead}";
        let text = bucket(sections, &format!("BucketName: orders-eu, {controls}AccessControl: {acl}"));
        let (found_ownership, found) = said(&read(&text));
        assert_eq!((found_ownership.as_deref(), found.as_deref()), (ownership, expected), "{controls}{acl}");
    }
}

#[test]
fn a_list_that_s3_does_not_have_is_refused() {
    insta::assert_snapshot!(error(&bucket("", "AccessControl: public-read")), @"
    `AccessControl` of Data is `public-read`: expected `Private` or `PublicRead` or `PublicReadWrite` or `AuthenticatedRead` or `AwsExecRead` or `LogDeliveryWrite` or `BucketOwnerRead` or `BucketOwnerFullControl`
    t.yaml:5 (Resources.Data.Properties.AccessControl)
    ");
    insta::assert_snapshot!(error(&bucket("", "AccessControl: [PublicRead]")), @"
    `AccessControl` of Data is a list: expected `Private` or `PublicRead` or `PublicReadWrite` or `AuthenticatedRead` or `AwsExecRead` or `LogDeliveryWrite` or `BucketOwnerRead` or `BucketOwnerFullControl`
    t.yaml:5 (Resources.Data.Properties.AccessControl)
    ");
}
