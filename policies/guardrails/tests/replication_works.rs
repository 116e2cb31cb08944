//! `replication-works` on a small stack.

mod common;

use common::stack::Stack;
use insta::assert_snapshot;

const GUARDRAIL: &str = "replication-works";

#[test]
fn the_stack_is_proved() {
    assert_snapshot!(Stack::good().check(GUARDRAIL), @r"
    replication-works data-eu: proved
    replication-works data-us: proved
    ");
}

/// The other bucket's replication writes to this one, so that both are refuted.
#[test]
fn without_its_exemption_replication_is_denied_at_source_and_destination() {
    let stack = Stack::good().in_bucket("ObjectsOutsideMrap", r#", "aws:PrincipalArn": "ROLE""#, "");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    replication-works data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:GetObjectVersionAcl on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu/example.txt: ObjectsOutsideMrap of policy-data-eu
    replication-works data-us: refuted: arn:aws:iam::123456789012:role/replication s3:ReplicateDelete on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu/example.txt: ObjectsOutsideMrap of policy-data-eu
    ");
}

#[test]
fn without_the_listing_exemption_the_source_cannot_be_listed() {
    let stack = Stack::good().in_bucket("ListingOutsideMrap", r#", "aws:PrincipalArn": "ROLE""#, "");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    replication-works data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:ListBucket on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu: ListingOutsideMrap of policy-data-eu
    replication-works data-us: proved
    ");
}

#[test]
fn a_role_that_may_not_replicate_deletes_fails() {
    let stack = Stack::good().in_role("Objects", r#""s3:ReplicateDelete", "#, "");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    replication-works data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:ReplicateDelete on arn:aws:s3:::data-us/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-us/example.txt: no statement of policy-data-us or of the caller's own policies allows it
    replication-works data-us: refuted: arn:aws:iam::123456789012:role/replication s3:ReplicateDelete on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu/example.txt: no statement of policy-data-eu or of the caller's own policies allows it
    ");
}

/// `aws:PrincipalArn` of a role's session is the role's ARN, never the session's.
#[test]
fn the_ids_of_sessions_are_no_role_arns() {
    let stack = Stack::good().in_bucket(
        "ObjectsOutsideMrap",
        "ROLE",
        "arn:aws:sts::123456789012:assumed-role/replication/*",
    );
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    replication-works data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:GetObjectVersionAcl on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu/example.txt: ObjectsOutsideMrap of policy-data-eu
    replication-works data-us: refuted: arn:aws:iam::123456789012:role/replication s3:ReplicateDelete on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu/example.txt: ObjectsOutsideMrap of policy-data-eu
    ");
}

#[test]
fn a_deny_in_the_roles_own_policy_stops_it() {
    let stack = Stack::good().in_role("Objects", "Allow", "Deny");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    replication-works data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:GetObjectVersionAcl on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu/example.txt: Objects of role-policy
    replication-works data-us: refuted: arn:aws:iam::123456789012:role/replication s3:GetObjectVersionAcl on arn:aws:s3:::data-us/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-us/example.txt: Objects of role-policy
    ");
}
