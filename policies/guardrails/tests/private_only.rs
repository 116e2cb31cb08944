//! `private-only` on a small stack.

mod common;

use common::stack::Stack;
use insta::assert_snapshot;

const GUARDRAIL: &str = "private-only";

/// The MRAP's policy says nothing of endpoints: the bucket's Deny is on both ways.
#[test]
fn the_stack_is_proved() {
    assert_snapshot!(Stack::good().check(GUARDRAIL), @r"
    private-only data-eu: proved
    private-only data-us: proved
    ");
}

/// Whoever may use the MRAP reads over the internet: an MRAP's origin is always `Internet`.
#[test]
fn without_the_deny_of_objects_the_mrap_is_open_to_the_internet() {
    let stack = Stack::good().without("ObjectsOutsideEndpoint");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    private-only data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: identity policies that are not in the input allow everything
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    private-only data-us: proved
    ");
}

#[test]
fn without_the_deny_of_listing_names_are_open_to_the_internet() {
    let stack = Stack::good().without("ListingOutsideEndpoint");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    private-only data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:ListBucket on arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      aws:SecureTransport = true
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}: identity policies that are not in the input allow everything
      allowed arn:aws:s3:::data-eu: identity policies that are not in the input allow everything
    private-only data-us: proved
    ");
}

/// A forwarded request has no VPC keys, so that an exemption of them is a hole.
#[test]
fn requests_that_a_service_forwards_go_past() {
    let stack = Stack::good().in_bucket(
        "ObjectsOutsideEndpoint",
        r#"{"StringNotEquals""#,
        r#"{"Bool": {"aws:ViaAWSService": "false"}, "StringNotEquals""#,
    );
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    private-only data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = true
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: identity policies that are not in the input allow everything
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    private-only data-us: proved
    ");
}

/// Every endpoint's id begins so: also one in a stranger's VPC.
#[test]
fn an_endpoint_of_another_form_of_id_is_let_in() {
    let stack = Stack::good().in_bucket(
        "ObjectsOutsideEndpoint",
        r#"{"StringNotEquals": {"aws:SourceVpce": "ENDPOINT"}"#,
        r#"{"StringNotLike": {"aws:SourceVpce": "vpce-*"}"#,
    );
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    private-only data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = vpce-0a1b2c3d4e5f60718
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: identity policies that are not in the input allow everything
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    private-only data-us: proved
    ");
}

#[test]
fn a_positive_operator_denies_only_what_came_through_the_endpoint() {
    let stack = Stack::good().in_bucket("ObjectsOutsideEndpoint", "StringNotEquals", "StringEquals");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    private-only data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: identity policies that are not in the input allow everything
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    private-only data-us: proved
    ");
}
