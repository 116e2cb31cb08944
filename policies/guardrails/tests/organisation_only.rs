//! `organisation-only` on a small stack.
#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod common;

use common::stack::{Stack, deny, intent};
use insta::assert_snapshot;
use narrows_model::Intent;

const GUARDRAIL: &str = "organisation-only";
const OWN: &str = "o-a1b2c3d4e5";

/// What is declared of the stack, and its organisation.
fn declared() -> Intent {
    Intent { organisation: Some(OWN.parse().unwrap()), ..intent() }
}

fn allow(principal: &str, condition: &str) -> String {
    format!(
        r#"{{"Sid": "Open", "Effect": "Allow", "Principal": {principal}, "Action": "s3:GetBucketLocation", "Resource": "BUCKET", "Condition": {condition}}}"#
    )
}

/// The verdicts on the stack with these statements added to the policy of the first bucket.
fn with(statements: &[String]) -> String {
    let mut stack = Stack::good();
    stack.buckets[0].extend_from_slice(statements);
    stack.check_as(GUARDRAIL, &declared())
}

#[test]
fn the_stack_is_proved() {
    assert_snapshot!(with(&[]), @r"
    organisation-only data-eu: proved
    organisation-only data-us: proved
    ");
}

#[test]
fn without_an_organisation_it_is_not_asked() {
    assert_snapshot!(Stack::good().check(GUARDRAIL), @"organisation-only not asked: no organisation is declared: set `organisation` in narrows.toml, or name it with --organisation ID");
}

#[test]
fn an_allow_for_another_account_opens_it() {
    assert_snapshot!(with(&[allow(r#"{"AWS": "999999999999"}"#, "{}")]), @r"
    organisation-only data-eu: refuted: arn:aws:iam::999999999999:role/any-other-role s3:GetBucketLocation on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: Open of policy-data-eu
    organisation-only data-us: proved
    ");
}

#[test]
fn an_allow_for_everyone_opens_it() {
    assert_snapshot!(with(&[allow(r#""*""#, "{}")]), @r"
    organisation-only data-eu: refuted: arn:aws:iam::999999999999:role/any-other-role s3:GetBucketLocation on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: Open of policy-data-eu
    organisation-only data-us: proved
    ");
}

#[test]
fn a_pattern_of_organisations_covers_others_too() {
    let condition = r#"{"StringLike": {"aws:PrincipalOrgID": "o-*"}}"#;
    assert_snapshot!(with(&[allow(r#""*""#, condition)]), @r"
    organisation-only data-eu: refuted: arn:aws:iam::999999999999:role/any-other-role s3:GetBucketLocation on arn:aws:s3:::data-eu
      aws:PrincipalOrgID = o-x
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: Open of policy-data-eu
    organisation-only data-us: proved
    ");
}

#[test]
fn another_organisation_is_another() {
    let condition = r#"{"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5", "o-zzzzzzzzzz"]}}"#;
    assert_snapshot!(with(&[allow(r#""*""#, condition)]), @r"
    organisation-only data-eu: refuted: arn:aws:iam::999999999999:role/any-other-role s3:GetBucketLocation on arn:aws:s3:::data-eu
      aws:PrincipalOrgID = o-zzzzzzzzzz
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: Open of policy-data-eu
    organisation-only data-us: proved
    ");
}

/// Callers whose account is in no organisation have no aws:PrincipalOrgID.
#[test]
fn if_exists_lets_in_who_has_no_organisation() {
    let only = |operator: &str| {
        with(&[allow(r#""*""#, &format!(r#"{{"{operator}": {{"aws:PrincipalOrgID": "{OWN}"}}}}"#))])
    };
    assert_snapshot!(only("StringEquals"), @r"
    organisation-only data-eu: proved
    organisation-only data-us: proved
    ");
    assert_snapshot!(only("StringEqualsIfExists"), @r"
    organisation-only data-eu: refuted: arn:aws:iam::999999999999:role/any-other-role s3:GetBucketLocation on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: Open of policy-data-eu
    organisation-only data-us: proved
    ");
}

/// A Deny of all others closes what an Allow opens, but not where it is of objects alone.
#[test]
fn a_deny_of_other_organisations_closes_what_is_opened() {
    let open = allow(r#""*""#, "{}");
    let others = format!(r#"{{"StringNotEquals": {{"aws:PrincipalOrgID": "{OWN}"}}}}"#);
    let closed = |resource: &str| with(&[open.clone(), deny("Others", r#""s3:*""#, resource, &others)]);
    assert_snapshot!(closed(r#"["BUCKET", "BUCKET/*"]"#), @r"
    organisation-only data-eu: proved
    organisation-only data-us: proved
    ");
    assert_snapshot!(closed(r#""BUCKET/*""#), @r"
    organisation-only data-eu: refuted: arn:aws:iam::999999999999:role/any-other-role s3:GetBucketLocation on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: Open of policy-data-eu
    organisation-only data-us: proved
    ");
}

/// `not-public` is about them.
#[test]
fn anonymous_callers_are_left_to_another_guardrail() {
    let condition = r#"{"StringEquals": {"aws:PrincipalType": "Anonymous"}}"#;
    assert_snapshot!(with(&[allow(r#""*""#, condition)]), @r"
    organisation-only data-eu: proved
    organisation-only data-us: proved
    ");
}

#[test]
fn the_organisation_of_the_bucket_need_not_be_the_declared_one() {
    let condition = r#"{"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}}"#;
    assert_snapshot!(with(&[allow(r#""*""#, condition)]), @r"
    organisation-only data-eu: refuted: arn:aws:iam::999999999999:role/any-other-role s3:GetBucketLocation on arn:aws:s3:::data-eu
      aws:PrincipalOrgID = o-x
      aws:ResourceOrgID = o-x
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: Open of policy-data-eu
    organisation-only data-us: proved
    ");
}
