//! `application-reaches-data` on a small stack.

mod common;

use common::stack::Stack;
use insta::assert_snapshot;

const GUARDRAIL: &str = "application-reaches-data";

#[test]
fn the_stack_is_proved() {
    assert_snapshot!(Stack::good().check(GUARDRAIL), @"application-reaches-data arn:aws:iam::123456789012:role/app: proved");
}

#[test]
fn without_the_exception_for_the_mrap_the_application_is_denied() {
    let stack = Stack::good().in_bucket("ObjectsOutsideMrap", r#""s3:DataAccessPointArn": "MRAP", "#, "");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: AppObjects of mrap-policy
      denied arn:aws:s3:::data-eu/example.txt: ObjectsOutsideMrap of policy-data-eu
    ");
}

/// The grant is for all keys.
#[test]
fn an_allow_below_a_prefix_is_not_enough() {
    let stack = Stack::good().in_mrap("AppObjects", "MRAP/object/*", "MRAP/object/public/*");
    assert_snapshot!(stack.check(GUARDRAIL), @"application-reaches-data arn:aws:iam::123456789012:role/app: unknown: it holds only if the caller's own identity policies allow it, and they are not in the input; add them, or name the role in the resource policies");
}

/// Within an account the role's own policies may allow it, and they are not in the input.
#[test]
fn an_allow_that_is_missing_may_be_in_the_roles_own_policies() {
    let stack = Stack::good().without("AppObjects");
    assert_snapshot!(stack.check(GUARDRAIL), @"application-reaches-data arn:aws:iam::123456789012:role/app: unknown: it holds only if the caller's own identity policies allow it, and they are not in the input; add them, or name the role in the resource policies");
}

/// The bucket's form of a path, `…/*`, covers `…/object/*` too; the ARN of the MRAP itself does not.
#[test]
fn the_objects_of_an_mrap_lie_below_object() {
    let stack = Stack::good().in_mrap("AppObjects", "MRAP/object/*", "MRAP");
    assert_snapshot!(stack.check(GUARDRAIL), @"application-reaches-data arn:aws:iam::123456789012:role/app: unknown: it holds only if the caller's own identity policies allow it, and they are not in the input; add them, or name the role in the resource policies");
}

/// Each leg needs the endpoint's policy.
#[test]
fn an_endpoint_policy_without_the_bucket_stops_it() {
    let mut stack = Stack::good();
    let only = common::stack::allow("Mrap", r#""s3:*""#, r#"["MRAP", "MRAP/object/*"]"#);
    stack.endpoint = Some(vec![only]);
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: AppObjects of mrap-policy
      denied arn:aws:s3:::data-eu/example.txt: no statement of the policy of the VPC endpoint endpoint allows it
    ");
}

#[test]
fn acls_that_are_on_leave_it_open() {
    let mut stack = Stack::good();
    stack.ownership = Some(narrows_model::resources::s3::ObjectOwnership::ObjectWriter);
    assert_snapshot!(stack.check(GUARDRAIL), @"application-reaches-data arn:aws:iam::123456789012:role/app: unknown: whether s3:GetObject on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/app goes through is open: the ACLs of data-eu are on, so that an object may belong to another account, and no policy of the bucket's account allows anything then; set object ownership to BucketOwnerEnforced");
}

/// TLS 1.2 is promised.
#[test]
fn a_deny_of_newer_versions_of_tls_stops_it() {
    let stack = Stack::good().in_bucket("OldTls", "1.2", "1.3");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: AppObjects of mrap-policy
      denied arn:aws:s3:::data-eu/example.txt: OldTls of policy-data-eu
    ");
}

#[test]
fn a_deny_in_the_mraps_policy_stops_it() {
    let mut stack = Stack::good();
    stack.mrap.push(common::stack::deny("Secret", r#""s3:*""#, r#""MRAP/object/secret/*""#, "{}"));
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/secret/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      denied arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/secret/example.txt: Secret of mrap-policy
      allowed arn:aws:s3:::data-eu/secret/example.txt: AppObjects of policy-data-eu
    ");
}

/// A role of the same name below another path is another role.
#[test]
fn a_deny_of_all_others_by_a_wrong_arn_stops_it() {
    let others = r#"{"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/team/app"}}"#;
    let mut stack = Stack::good();
    stack.buckets[1].push(common::stack::deny("Others", r#""s3:GetObject""#, r#""BUCKET/*""#, others));
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: AppObjects of mrap-policy
      denied arn:aws:s3:::data-us/example.txt: Others of policy-data-us
    ");
}
