//! `tls-only` on a small stack.

mod common;

use common::stack::Stack;
use insta::assert_snapshot;

const GUARDRAIL: &str = "tls-only";

#[test]
fn the_stack_is_proved() {
    assert_snapshot!(Stack::good().check(GUARDRAIL), @r"
    tls-only data-eu: proved
    tls-only data-us: proved
    ");
}

/// The replication role is exempt from the other Denies, so that this one alone stands in its way.
#[test]
fn without_the_deny_of_no_tls_plain_http_is_allowed() {
    let stack = Stack::good().without("NoTls");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    tls-only data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:GetObject on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = false
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    tls-only data-us: proved
    ");
}

#[test]
fn without_the_deny_of_old_tls_an_old_version_is_allowed() {
    let stack = Stack::good().without("OldTls");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    tls-only data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:GetObject on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      s3:TlsVersion = 1.1
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    tls-only data-us: proved
    ");
}

#[test]
fn a_deny_on_objects_alone_leaves_the_bucket_open() {
    let stack = Stack::good().in_bucket("NoTls", r#"["BUCKET", "BUCKET/*"]"#, r#""BUCKET/*""#);
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    tls-only data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:PutBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = false
      allowed arn:aws:s3:::data-eu: identity policies that are not in the input allow everything
    tls-only data-us: proved
    ");
}

#[test]
fn the_value_true_denies_the_wrong_requests() {
    let stack = Stack::good().in_bucket("NoTls", r#""false""#, r#""true""#);
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    tls-only data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:GetObject on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = false
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    tls-only data-us: proved
    ");
}

#[test]
fn a_lower_version_lets_an_old_one_through() {
    let stack = Stack::good().in_bucket("OldTls", "1.2", "1.1");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    tls-only data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:GetObject on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      s3:TlsVersion = 1.1
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    tls-only data-us: proved
    ");
}
