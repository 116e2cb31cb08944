//! `no-new-paths` on a small stack.
#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod common;

use common::stack::{DEPLOYER, Stack, deny, intent};
use insta::assert_snapshot;
use narrows_model::Intent;
use narrows_model::intent::{Exempt, Exemption};
use narrows_model::resources::s3::ObjectOwnership;

const GUARDRAIL: &str = "no-new-paths";
const ROOT: &str = "arn:aws:iam::123456789012:root";
const ACTIONS: &str = r#"["s3:AllowVendedLogDeliveryForResource", "s3:*BucketMetadata*Table*", "s3:PutBucket*", "s3:DeleteBucketPolicy", "s3:PutAnalyticsConfiguration", "s3:PutInventoryConfiguration", "s3:PutLifecycleConfiguration", "s3:PutReplicationConfiguration"]"#;

/// The stack with a Deny of new paths in the policy of each bucket.
fn closed() -> Stack {
    let spared = format!(r#"{{"ArnNotEquals": {{"aws:PrincipalArn": ["{DEPLOYER}", "{ROOT}"]}}}}"#);
    let mut stack = Stack::good();
    for bucket in &mut stack.buckets {
        bucket.push(deny("NewPaths", ACTIONS, r#""BUCKET""#, &spared));
    }
    stack
}

#[test]
fn the_stack_is_proved() {
    assert_snapshot!(closed().check(GUARDRAIL), @r"
    no-new-paths data-eu: proved
    no-new-paths data-us: proved
    ");
}

#[test]
fn without_a_deployer_it_is_not_asked() {
    let nobody = Intent { deployer: None, ..intent() };
    assert_snapshot!(closed().check_as(GUARDRAIL, &nobody), @"no-new-paths not asked: no deployer is declared: set `deployer` in narrows.toml, or name it with --deployer ARN");
}

#[test]
fn without_the_deny_any_role_of_the_account_may_replace_the_policy() {
    assert_snapshot!(closed().without("NewPaths").check(GUARDRAIL), @r"
    no-new-paths data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:PutBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: identity policies that are not in the input allow everything
    no-new-paths data-us: proved
    ");
}

#[test]
fn replication_to_elsewhere_is_a_new_path() {
    let stack = closed().in_bucket("NewPaths", r#", "s3:PutReplicationConfiguration""#, "");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    no-new-paths data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:PutReplicationConfiguration on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: identity policies that are not in the input allow everything
    no-new-paths data-us: proved
    ");
}

#[test]
fn inventories_carry_names_elsewhere() {
    let stack = closed().in_bucket("NewPaths", r#""s3:PutInventoryConfiguration", "#, "");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    no-new-paths data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:PutInventoryConfiguration on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: identity policies that are not in the input allow everything
    no-new-paths data-us: proved
    ");
}

/// The actions are the bucket's, and `BUCKET/*` covers none of them.
#[test]
fn a_deny_on_the_objects_denies_none_of_it() {
    let stack = closed().in_bucket("NewPaths", r#""BUCKET""#, r#""BUCKET/*""#);
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    no-new-paths data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:PutBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: identity policies that are not in the input allow everything
    no-new-paths data-us: proved
    ");
}

/// A positive operator denies those alone who should be spared.
#[test]
fn an_operator_that_is_not_negated_denies_the_wrong_callers() {
    let stack = closed().in_bucket("NewPaths", "ArnNotEquals", "ArnEquals");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    no-new-paths data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:PutBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: identity policies that are not in the input allow everything
    no-new-paths data-us: proved
    ");
}

/// Who may go past the MRAP may not open ways for others.
#[test]
fn an_exempt_role_is_not_the_deployer() {
    let exempt = "arn:aws:iam::123456789012:role/batch";
    let mut intent = intent();
    intent.exemptions.push(Exemption {
        who: Exempt::Role(exempt.parse().unwrap()),
        reason: "nightly batch".to_owned(),
        expires: None,
    });
    let stack = closed().in_bucket("NewPaths", ROOT, &format!(r#"{ROOT}", "{exempt}"#));
    assert_snapshot!(stack.check_as(GUARDRAIL, &intent), @r"
    no-new-paths data-eu: refuted: arn:aws:iam::123456789012:role/batch s3:PutBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: identity policies that are not in the input allow everything
    no-new-paths data-us: proved
    ");
}

/// Where ACLs are in force, they are one more way to open data.
#[test]
fn acls_count_where_they_are_on() {
    let mut stack = closed();
    stack.ownership = Some(ObjectOwnership::BucketOwnerPreferred);
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    no-new-paths data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:PutObjectAcl on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    no-new-paths data-us: refuted: arn:aws:iam::123456789012:role/replication s3:PutObjectAcl on arn:aws:s3:::data-us/example.txt
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-us/example.txt: identity policies that are not in the input allow everything
    ");
}

/// The root user of the account can always replace the policy, and needs no exception for it.
#[test]
fn the_root_user_need_not_be_spared() {
    let stack = closed().in_bucket("NewPaths", &format!(r#", "{ROOT}""#), "");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    no-new-paths data-eu: proved
    no-new-paths data-us: proved
    ");
}

/// S3 takes no `PutBucketPolicy` through an access point: that the Deny spares what comes through the MRAP opens nothing.
#[test]
fn a_deny_of_what_does_not_come_through_the_mrap_is_enough() {
    let spared = format!(
        r#"{{"ArnNotEquals": {{"aws:PrincipalArn": ["{DEPLOYER}", "{ROOT}"], "s3:DataAccessPointArn": "MRAP"}}}}"#
    );
    let mut stack = Stack::good();
    for bucket in &mut stack.buckets {
        bucket.push(deny("NewPaths", ACTIONS, r#""BUCKET""#, &spared));
    }
    assert_snapshot!(stack.check(GUARDRAIL), @"
    no-new-paths data-eu: proved
    no-new-paths data-us: proved
    ");
}
