//! `not-vacuous` on a small stack.
#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod common;

use common::stack::Stack;
use common::{check, short};
use insta::assert_snapshot;

const GUARDRAIL: &str = "not-vacuous";

#[test]
fn the_stack_is_proved() {
    assert_snapshot!(Stack::good().check(GUARDRAIL), @r"
    not-vacuous data-eu: proved
    not-vacuous data-us: proved
    not-vacuous my-mrap: proved
    not-vacuous arn:aws:iam::123456789012:role/replication: proved
    ");
}

/// The objects are asked of, and the bucket alone is named.
#[test]
fn an_action_on_objects_at_the_bucket_allows_nothing() {
    let stack = Stack::good().in_bucket("AppObjects", "BUCKET/*", "BUCKET");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-vacuous data-eu: refuted
      AppObjects of policy-data-eu: its Action `s3:GetObject` is asked of objects, and its Resource `arn:aws:s3:::data-eu` is none: add `/*` for the objects
    not-vacuous data-us: proved
    not-vacuous my-mrap: proved
    not-vacuous arn:aws:iam::123456789012:role/replication: proved
    ");
}

#[test]
fn a_deny_of_an_endpoint_and_an_address_at_once_denies_nothing() {
    let stack = Stack::good().in_bucket(
        "NoTls",
        r#"{"Bool": {"aws:SecureTransport": "false"}}"#,
        r#"{"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:SourceVpce": "ENDPOINT"}, "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#,
    );
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-vacuous data-eu: refuted
      NoTls of policy-data-eu: its condition StringEquals aws:SourceVpce and its condition IpAddress aws:SourceIp exclude each other
    not-vacuous data-us: proved
    not-vacuous my-mrap: proved
    not-vacuous arn:aws:iam::123456789012:role/replication: proved
    ");
}

#[test]
fn the_policy_of_the_mrap_speaks_of_its_own_objects() {
    let stack = Stack::good().in_mrap("AppObjects", "MRAP/object/*", "arn:aws:s3:::data-eu/*");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-vacuous data-eu: proved
    not-vacuous data-us: proved
    not-vacuous my-mrap: refuted
      AppObjects of mrap-policy: its Resource `arn:aws:s3:::data-eu/*` is neither this MRAP nor an object through it (<ARN>/object/<key>)
    not-vacuous arn:aws:iam::123456789012:role/replication: proved
    ");
}

/// TLS versions are those that exist.
#[test]
fn a_condition_that_contradicts_another_is_named() {
    let stack = Stack::good().in_bucket(
        "OldTls",
        r#"{"NumericLessThan": {"s3:TlsVersion": "1.2"}}"#,
        r#"{"NumericLessThan": {"s3:TlsVersion": "1.2"}, "Bool": {"aws:SecureTransport": "false"}}"#,
    );
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-vacuous data-eu: refuted
      OldTls of policy-data-eu: its condition NumericLessThan s3:TlsVersion and its condition Bool aws:SecureTransport exclude each other
    not-vacuous data-us: proved
    not-vacuous my-mrap: proved
    not-vacuous arn:aws:iam::123456789012:role/replication: proved
    ");
}

#[test]
fn a_role_may_read_the_configuration_of_buckets_and_not_of_objects() {
    let stack = Stack::good().in_role(
        "Configuration",
        r#"["arn:aws:s3:::data-eu", "arn:aws:s3:::data-us"]"#,
        r#"["arn:aws:s3:::data-eu/*", "arn:aws:s3:::data-us/*"]"#,
    );
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-vacuous data-eu: proved
    not-vacuous data-us: proved
    not-vacuous my-mrap: proved
    not-vacuous arn:aws:iam::123456789012:role/replication: refuted
      Configuration of role-policy: its Action `s3:GetReplicationConfiguration`, `s3:ListBucket` is asked of the bucket itself, and its Resource `arn:aws:s3:::data-eu/*`, `arn:aws:s3:::data-us/*` is not one: leave out what follows its name
    ");
}

/// What comes through an endpoint has no `aws:SourceIp`.
#[test]
fn the_policy_of_an_endpoint_cannot_ask_for_addresses() {
    let mut stack = Stack::good();
    stack.endpoint = Some(vec![
        r#"{"Sid": "Office", "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}"#.to_owned(),
        r#"{"Sid": "All", "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}"#.to_owned(),
    ]);
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-vacuous data-eu: proved
    not-vacuous data-us: proved
    not-vacuous my-mrap: proved
    not-vacuous arn:aws:iam::123456789012:role/replication: proved
    not-vacuous ${endpoint.id}: refuted
      Office of endpoint: its condition IpAddress aws:SourceIp holds for no request
    ");
}

/// The catalogue of actions may be older than S3.
#[test]
fn an_action_that_s3_is_not_known_to_have_leaves_it_open() {
    let stack = Stack::good().in_bucket("AppObjects", "s3:GetObject", "s3:GetObjcet");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-vacuous data-eu: unknown: whether a request can match AppObjects of policy-data-eu (policy.json:1 (Statement[6])) is open: only an action that S3 is not known to have would match; correct its name, or its Resource
    not-vacuous data-us: proved
    not-vacuous my-mrap: proved
    not-vacuous arn:aws:iam::123456789012:role/replication: proved
    ");
}

/// A bucket that the input has no name for may be the one that is meant.
#[test]
fn a_bare_policy_is_asked_about_its_bucket() {
    let policy = r#"{"Version": "2012-10-17", "Statement": [
        {"Sid": "Typo", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::data-ue/*"},
        {"Sid": "Gone", "Effect": "Allow", "Principal": {"AWS": "AROAEXAMPLEID1234567"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data-eu/*"},
        {"Sid": "Closed", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:role/app"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data-eu/*", "Condition": {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}},
        {"Sid": "Alive", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::data-eu/*"}
    ]}"#;
    assert_snapshot!(short(&check(policy, &common::intent(&[]), GUARDRAIL)), @r"
    not-vacuous data-eu: refuted
      Typo of policy.json: its Resource `arn:aws:s3:::data-ue/*` is neither this bucket nor an object of it
      Gone of policy.json: its Principal is the id of a role or user that was deleted, which is nobody
      Closed of policy.json: its condition DateLessThan aws:CurrentTime holds for no request from 2026-11-23 on
    ");
}
