//! `same-in-every-region` on a small stack.
#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod common;

use common::stack::Stack;
use common::{check, short};
use insta::assert_snapshot;

const GUARDRAIL: &str = "same-in-every-region";

#[test]
fn the_stack_is_proved() {
    assert_snapshot!(Stack::good().check(GUARDRAIL), @"same-in-every-region my-mrap: proved");
}

/// On one reading of AWS's documents the access point's Allow is enough for the bucket.
#[test]
fn an_allow_that_one_bucket_lacks_may_be_lost_on_failover() {
    assert_snapshot!(Stack::good().without("AppObjects").check(GUARDRAIL), @"same-in-every-region my-mrap: unknown: whether s3:GetObject on arn:aws:s3:::data-us/example.txt by arn:aws:iam::123456789012:role/app is decided differently is open: within one account an Allow for the access point may be enough for its bucket");
}

#[test]
fn an_allow_that_only_one_bucket_has_is_found_from_the_other_side() {
    let mut stack = Stack::good();
    stack.buckets[0].push(
        r#"{"Sid": "Partner", "Effect": "Allow", "Principal": {"AWS": "999999999999"}, "Action": "s3:GetBucketTagging", "Resource": "BUCKET"}"#
            .to_owned(),
    );
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    same-in-every-region my-mrap: refuted: arn:aws:iam::999999999999:role/any-other-role s3:GetBucketTagging on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: Partner of policy-data-eu
      denied arn:aws:s3:::data-us: no statement of policy-data-us or of the caller's own policies allows it
    ");
}

#[test]
fn a_deny_that_one_bucket_lacks_leaves_it_open() {
    assert_snapshot!(Stack::good().without("NoTls").check(GUARDRAIL), @r"
    same-in-every-region my-mrap: refuted: arn:aws:iam::123456789012:role/any-other-role s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = false
      aws:SourceVpce = ${endpoint.id}
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: identity policies that are not in the input allow everything
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
      denied arn:aws:s3:::data-us/example.txt: NoTls of policy-data-us
    ");
}

/// The MRAP lets both through, which may be enough.
#[test]
fn a_prefix_in_one_bucket_may_narrow_what_the_application_reads_there() {
    let stack = Stack::good().in_bucket("AppObjects", "BUCKET/*", "BUCKET/reports/*");
    assert_snapshot!(stack.check(GUARDRAIL), @"same-in-every-region my-mrap: unknown: whether s3:GetObject on arn:aws:s3:::data-us/example.txt by arn:aws:iam::123456789012:role/app is decided differently is open: within one account an Allow for the access point may be enough for its bucket");
}

#[test]
fn a_role_whose_own_policies_name_one_bucket_alone_is_told_apart() {
    let stack = Stack::good().in_role("Objects", r#""arn:aws:s3:::data-eu/*", "#, "");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    same-in-every-region my-mrap: refuted: arn:aws:iam::123456789012:role/replication s3:GetObjectVersionAcl on arn:aws:s3:::data-us/example.txt
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-us/example.txt: Objects of role-policy
      denied arn:aws:s3:::data-eu/example.txt: no statement of policy-data-eu or of the caller's own policies allows it
    ");
}

/// Statements may stand in another order and be spelled in another way.
#[test]
fn what_is_written_differently_and_means_the_same_is_proved() {
    let mut stack =
        Stack::good().in_bucket("AppObjects", r#""s3:GetObject""#, r#"["s3:getobject", "s3:GetObjec?"]"#);
    stack.buckets[0].reverse();
    assert_snapshot!(stack.check(GUARDRAIL), @"same-in-every-region my-mrap: proved");
}

/// The Region of a bucket is its own, and not in the input.
#[test]
fn a_condition_on_the_region_leaves_it_open() {
    let stack = Stack::good().in_bucket(
        "NoTls",
        r#"{"Bool": {"aws:SecureTransport": "false"}}"#,
        r#"{"Bool": {"aws:SecureTransport": "false"}, "StringNotEquals": {"aws:RequestedRegion": "eu-west-2"}}"#,
    );
    assert_snapshot!(stack.check(GUARDRAIL), @"same-in-every-region my-mrap: unknown: whether s3:GetObject on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: the value of aws:requestedregion cannot be known here; within one account an Allow for the access point may be enough for its bucket");
}

#[test]
fn one_bucket_has_nothing_to_be_compared_with() {
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::data-eu/*"}]}"#;
    assert_snapshot!(short(&check(policy, &common::intent(&[]), GUARDRAIL)), @"same-in-every-region not asked: no MRAP of the input has two buckets in it: there is nothing to compare");
}
