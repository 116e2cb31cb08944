//! Which resources give a role its policies, and which take them away.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::stack::{Stack, document, intent, managed, managed_arn};
use insta::assert_snapshot;
use narrows_model::resources::iam::{PolicyAttachment, RolePolicy, RolePolicyAttachment};
use narrows_model::resources::{Body, Other};
use narrows_model::{Attribute, Input, Kind, ResourceId, Text, Value};
use narrows_prover::AccessModel;

const MORE: &str = r#"{"Sid": "More", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}"#;

fn replication() -> Input<narrows_model::RoleName> {
    Input::reference(ResourceId::new(Kind::Role, "replication").attribute(Attribute::Id))
}

fn attachment(roles: Vec<Input<narrows_model::RoleName>>) -> Body {
    Body::PolicyAttachment(PolicyAttachment {
        name: "more".to_owned(),
        policy: managed_arn("more"),
        roles,
        users: Vec::new(),
        groups: Vec::new(),
    })
}

#[test]
fn a_policy_attachment_gives_a_role_more_than_it_needs() {
    assert_snapshot!(Stack::good().check("least-privilege"), @"least-privilege arn:aws:iam::123456789012:role/replication: proved");
    let stack = Stack::good().with("more", managed(&[MORE])).with("more", attachment(vec![replication()]));
    assert_snapshot!(stack.check("least-privilege"), @r"
    least-privilege arn:aws:iam::123456789012:role/replication: refuted: arn:aws:iam::123456789012:role/replication s3:GetObject on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu/example.txt: More of more
    ");
}

/// An exclusive attachment takes the policy from whom it does not name.
#[test]
fn an_attachment_of_the_same_policy_may_not_last() {
    let elsewhere = Input::known("someone-else".parse().unwrap());
    let own = RolePolicyAttachment { role: replication(), policy: managed_arn("more") };
    let stack = Stack::good()
        .with("more", managed(&[MORE]))
        .with("more", attachment(vec![elsewhere]))
        .with("own", Body::RolePolicyAttachment(own));
    assert_snapshot!(stack.check("least-privilege"), @"least-privilege arn:aws:iam::123456789012:role/replication: unknown: whether s3:GetObject on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/replication goes through is open: whether the policy more counts is open: more may take it away (policy.json:1 (Statement[0]))");
}

fn exclusive(names: &[&str]) -> Body {
    Body::Other(Other {
        type_name: "aws_iam_role_policies_exclusive".to_owned(),
        arguments: Value::object([
            ("role_name", Value::text(ResourceId::new(Kind::Role, "replication").attribute(Attribute::Id))),
            ("policy_names", Value::list(names.iter().map(|name| Value::text(*name)))),
        ]),
    })
}

#[test]
fn an_exclusive_list_takes_away_what_it_does_not_name() {
    assert_snapshot!(Stack::good().with("all", exclusive(&["replication"])).check("replication-works"), @r"
    replication-works data-eu: proved
    replication-works data-us: proved
    ");
    assert_snapshot!(Stack::good().with("none", exclusive(&[])).check("replication-works"), @r"
    replication-works data-eu: unknown: whether s3:GetObjectVersionAcl on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/replication goes through is open: whether the policy role-policy counts is open: none may take it away (policy.json:1 (Statement[0]))
    replication-works data-us: unknown: whether s3:GetObjectVersionAcl on arn:aws:s3:::data-us/example.txt by arn:aws:iam::123456789012:role/replication goes through is open: whether the policy role-policy counts is open: none may take it away (policy.json:1 (Statement[0]))
    ");
}

/// A role of which the input has only the name is the one that a declaration or a document names so.
#[test]
fn a_role_of_which_only_the_name_is_in_the_input() {
    let denies = r#"{"Sid": "Never", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}"#;
    let policy = |role: Input<_>| {
        let policy = document(&[denies.to_owned()], "");
        Body::RolePolicy(RolePolicy { role, name: "own".to_owned(), policy })
    };
    let named = Stack::good().with("own", policy(Input::known("app".parse().unwrap())));
    assert_snapshot!(named.check("application-reaches-data"), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      denied arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: Never of own
      denied arn:aws:s3:::data-eu/example.txt: Never of own
    ");
    let later = policy(Input::parse(Text::unknown("module.app.role")).unwrap());
    let later = Stack::good().with("app", common::stack::role("app", None)).with("own", later);
    assert_snapshot!(later.check("application-reaches-data"), @"application-reaches-data arn:aws:iam::123456789012:role/app: unknown: whether s3:GetObject on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/app goes through is open: whether the policy own counts is open: whose it is exists only after deployment (policy.json:1 (Statement[0]))");
    assert_snapshot!(remarks(&later), @"whose the policy own is exists only after deployment: it may count for each role of the input");
    let stranger = Stack::good().with("own", policy(Input::known("other".parse().unwrap())));
    assert_snapshot!(stranger.check("application-reaches-data"), @"application-reaches-data arn:aws:iam::123456789012:role/app: proved");
    assert_snapshot!(remarks(&stranger), @"role other has no path: its ARN is arn:aws:iam::123456789012:role/other");
}

/// What is in the input and not used.
fn remarks(stack: &Stack) -> String {
    let model = AccessModel::build(&stack.deployment(), &intent(), "2026-11-23".parse().unwrap()).unwrap();
    model.remarks.join("\n")
}

#[test]
fn what_is_not_used_is_said() {
    let other =
        |type_name: &str, arguments: Value| Body::Other(Other { type_name: type_name.to_owned(), arguments });
    let policy = ("policy", Value::text("{}"));
    let stack = Stack::good()
        .with("point", other("aws_s3_access_point", Value::object([policy.clone()])))
        .with("silent", other("aws_s3_access_point", Value::object([("name", Value::text("silent"))])))
        .with("policy", other("aws_s3control_access_point_policy", Value::object([policy.clone()])))
        .with("template", other("AWS::S3::AccessPoint", Value::object([("Policy", Value::text("{}"))])))
        .with("bare", other("AWS::S3::AccessPoint", Value::object([("Bucket", Value::text("data-eu"))])))
        .with("lambda", other("AWS::S3ObjectLambda::AccessPointPolicy", Value::object::<&str>([])))
        .with("account", other("aws_s3_account_public_access_block", Value::object::<&str>([])))
        .with(
            "elsewhere",
            other("aws_vpc_endpoint_policy", Value::object([("vpc_endpoint_id", Value::text("vpce-1"))])),
        );
    assert_snapshot!(remarks(&stack), @"
    not used: template: its policy is taken to allow everything, as that of any access point that is no MRAP
    not used: lambda: policies of access points that are no MRAPs are taken to allow everything
    not used: point: its policy is taken to allow everything, as that of any access point that is no MRAP
    not used: account: the account's public access settings are not read; those of each bucket are
    not used: policy: policies of access points that are no MRAPs are taken to allow everything
    not used: elsewhere: its endpoint vpce-1 is not in the input
    ");
}
