//! `deployer-not-locked-out` on a small stack.

mod common;

use common::stack::Stack;
use insta::assert_snapshot;

const GUARDRAIL: &str = "deployer-not-locked-out";

#[test]
fn the_stack_is_proved() {
    assert_snapshot!(Stack::good().check(GUARDRAIL), @r"
    deployer-not-locked-out data-eu: proved
    deployer-not-locked-out data-us: proved
    ");
}

/// The common slip: configuration never comes through an MRAP.
#[test]
fn a_deny_of_everything_on_the_bucket_itself_locks_out() {
    let stack = Stack::good().in_bucket(
        "ListingOutsideMrap",
        r#"["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"]"#,
        r#""s3:*""#,
    );
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    deployer-not-locked-out data-eu: refuted: arn:aws:iam::123456789012:role/deploy s3:PutBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu: ListingOutsideMrap of policy-data-eu
    deployer-not-locked-out data-us: proved
    ");
}

/// `BUCKET*` covers the bucket as well as its objects.
#[test]
fn a_wider_resource_locks_out() {
    let stack = Stack::good().in_bucket("ObjectsOutsideMrap", "BUCKET/*", "BUCKET*");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    deployer-not-locked-out data-eu: refuted: arn:aws:iam::123456789012:role/deploy s3:PutBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu: ObjectsOutsideMrap of policy-data-eu
    deployer-not-locked-out data-us: proved
    ");
}

/// The deployer is outside the VPC.
#[test]
fn a_deny_through_the_endpoint_alone_locks_out() {
    let stack = Stack::good().in_bucket(
        "ListingOutsideEndpoint",
        r#"["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"]"#,
        r#""s3:PutBucketPolicy""#,
    );
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    deployer-not-locked-out data-eu: refuted: arn:aws:iam::123456789012:role/deploy s3:PutBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu: ListingOutsideEndpoint of policy-data-eu
    deployer-not-locked-out data-us: proved
    ");
}

#[test]
fn an_inverted_tls_condition_locks_out() {
    let stack = Stack::good().in_bucket("NoTls", r#""false""#, r#""true""#);
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    deployer-not-locked-out data-eu: refuted: arn:aws:iam::123456789012:role/deploy s3:PutBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu: NoTls of policy-data-eu
    deployer-not-locked-out data-us: proved
    ");
}
