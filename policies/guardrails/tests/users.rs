//! Identity policies of users and of the groups that they are in, on a small stack.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::stack::{Stack, document, intent, managed, managed_arn};
use insta::assert_snapshot;
use narrows_model::resources::Body;
use narrows_model::resources::iam::{
    Group, GroupMembers, GroupPolicy, GroupPolicyAttachment, PolicyAttachment, User, UserGroups, UserPolicy,
    UserPolicyAttachment,
};
use narrows_model::{Attribute, Input, Intent, Kind, ResourceId, Text};

const ALICE: &str = "arn:aws:iam::123456789012:user/people/alice";
const NO_POLICY: &str =
    r#"{"Sid": "NoPolicy", "Effect": "Deny", "Action": "s3:DeleteBucketPolicy", "Resource": "*"}"#;
const READS: &str = r#"{"Sid": "Reads", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}"#;

/// The stack with a user.
fn with_user(boundary: Option<&str>) -> Stack {
    let user = User {
        name: Input::known("alice".parse().unwrap()),
        path: "/people/".parse().unwrap(),
        permissions_boundary: boundary.map(managed_arn),
    };
    Stack::good().with("alice", Body::User(user))
}

fn alice<T>() -> Input<T> {
    Input::reference(ResourceId::new(Kind::User, "alice").attribute(Attribute::Id))
}

fn statements(texts: &[&str]) -> narrows_model::Value {
    document(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>(), "")
}

fn own(user: Input<narrows_model::UserName>, texts: &[&str]) -> Body {
    Body::UserPolicy(UserPolicy { user, name: "own".to_owned(), policy: statements(texts) })
}

/// The user deploys.
fn deployed_by_alice() -> Intent {
    Intent { deployer: Some(ALICE.parse().unwrap()), ..intent() }
}

fn locked_out(stack: &Stack) -> String {
    stack.check_as("deployer-not-locked-out", &deployed_by_alice())
}

#[test]
fn a_deny_in_a_users_own_policy_denies() {
    assert_snapshot!(locked_out(&with_user(None).with("own", own(alice(), &[NO_POLICY]))), @r"
    deployer-not-locked-out data-eu: refuted: arn:aws:iam::123456789012:user/people/alice s3:DeleteBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu: NoPolicy of own
    deployer-not-locked-out data-us: refuted: arn:aws:iam::123456789012:user/people/alice s3:DeleteBucketPolicy on arn:aws:s3:::data-us
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-us: NoPolicy of own
    ");
    assert_snapshot!(locked_out(&with_user(None).with("own", own(alice(), &[READS]))), @r"
    deployer-not-locked-out data-eu: proved
    deployer-not-locked-out data-us: proved
    ");
}

/// A policy names its user; which path the user has, the declarations tell.
#[test]
fn a_user_of_whom_only_the_name_is_in_the_input() {
    let by_name = own(Input::known("alice".parse().unwrap()), &[NO_POLICY]);
    assert_snapshot!(locked_out(&Stack::good().with("own", by_name)), @r"
    deployer-not-locked-out data-eu: refuted: arn:aws:iam::123456789012:user/people/alice s3:DeleteBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu: NoPolicy of own
    deployer-not-locked-out data-us: refuted: arn:aws:iam::123456789012:user/people/alice s3:DeleteBucketPolicy on arn:aws:s3:::data-us
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-us: NoPolicy of own
    ");
}

#[test]
fn managed_policies_count_where_they_are_attached_to_the_user() {
    let ceiling = ("ceiling".to_owned(), managed(&[NO_POLICY]));
    let attached = UserPolicyAttachment { user: alice(), policy: managed_arn("ceiling") };
    let mut stack = with_user(None).with("all", Body::UserPolicyAttachment(attached));
    stack.more.push(ceiling.clone());
    assert_snapshot!(locked_out(&stack), @r"
    deployer-not-locked-out data-eu: refuted: arn:aws:iam::123456789012:user/people/alice s3:DeleteBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu: NoPolicy of ceiling
    deployer-not-locked-out data-us: refuted: arn:aws:iam::123456789012:user/people/alice s3:DeleteBucketPolicy on arn:aws:s3:::data-us
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-us: NoPolicy of ceiling
    ");
    let attachment = PolicyAttachment {
        name: "all".to_owned(),
        policy: managed_arn("ceiling"),
        roles: Vec::new(),
        users: vec![alice()],
        groups: Vec::new(),
    };
    let mut stack = with_user(None).with("all", Body::PolicyAttachment(attachment));
    stack.more.push(ceiling);
    assert_snapshot!(locked_out(&stack), @r"
    deployer-not-locked-out data-eu: refuted: arn:aws:iam::123456789012:user/people/alice s3:DeleteBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu: NoPolicy of ceiling
    deployer-not-locked-out data-us: refuted: arn:aws:iam::123456789012:user/people/alice s3:DeleteBucketPolicy on arn:aws:s3:::data-us
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-us: NoPolicy of ceiling
    ");
}

fn group<T>() -> Input<T> {
    Input::reference(ResourceId::new(Kind::Group, "deployers").attribute(Attribute::Id))
}

fn in_group(mut stack: Stack) -> Stack {
    let deployers = Group { name: Input::known("deployers".parse().unwrap()), path: Default::default() };
    stack.more.push(("deployers".to_owned(), Body::Group(deployers)));
    stack.with("alice", Body::UserGroups(UserGroups { user: alice(), groups: vec![group()] }))
}

#[test]
fn policies_of_a_group_count_for_its_members() {
    let policy = |group| GroupPolicy { group, name: "own".to_owned(), policy: statements(&[NO_POLICY]) };
    let stack = in_group(with_user(None)).with("own", Body::GroupPolicy(policy(group())));
    assert_snapshot!(locked_out(&stack), @r"
    deployer-not-locked-out data-eu: refuted: arn:aws:iam::123456789012:user/people/alice s3:DeleteBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu: NoPolicy of own
    deployer-not-locked-out data-us: refuted: arn:aws:iam::123456789012:user/people/alice s3:DeleteBucketPolicy on arn:aws:s3:::data-us
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-us: NoPolicy of own
    ");
    // Nobody is in the other group.
    let other = policy(Input::known("others".parse().unwrap()));
    assert_snapshot!(locked_out(&in_group(with_user(None)).with("own", Body::GroupPolicy(other))), @r"
    deployer-not-locked-out data-eu: proved
    deployer-not-locked-out data-us: proved
    ");
    let attached = GroupPolicyAttachment { group: group(), policy: managed_arn("ceiling") };
    let mut stack = with_user(None).with("ceiling", managed(&[NO_POLICY]));
    stack.more.push(("all".to_owned(), Body::GroupPolicyAttachment(attached)));
    let members = GroupMembers { name: "all".to_owned(), group: group(), users: vec![alice()] };
    let deployers = Group { name: Input::known("deployers".parse().unwrap()), path: Default::default() };
    let stack = stack.with("deployers", Body::Group(deployers)).with("all", Body::GroupMembers(members));
    assert_snapshot!(locked_out(&stack), @r"
    deployer-not-locked-out data-eu: refuted: arn:aws:iam::123456789012:user/people/alice s3:DeleteBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu: NoPolicy of ceiling
    deployer-not-locked-out data-us: refuted: arn:aws:iam::123456789012:user/people/alice s3:DeleteBucketPolicy on arn:aws:s3:::data-us
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-us: NoPolicy of ceiling
    ");
}

#[test]
fn a_group_that_is_not_in_the_input_leaves_it_open() {
    let groups = UserGroups { user: alice(), groups: vec![Input::known("admins".parse().unwrap())] };
    assert_snapshot!(locked_out(&with_user(None).with("alice", Body::UserGroups(groups))), @r"
    deployer-not-locked-out data-eu: unknown: whether s3:PutBucketPolicy on arn:aws:s3:::data-eu by arn:aws:iam::123456789012:user/people/alice goes through is open: the document of the policy of the group admins is not in the input ((composed))
    deployer-not-locked-out data-us: unknown: whether s3:PutBucketPolicy on arn:aws:s3:::data-us by arn:aws:iam::123456789012:user/people/alice goes through is open: the document of the policy of the group admins is not in the input ((composed))
    ");
}

#[test]
fn a_policy_of_a_user_whom_nobody_knows_yet_may_be_of_any() {
    let unknown = Input::parse(Text::unknown("module.people.name")).unwrap();
    let stack = with_user(None).with("own", own(unknown, &[NO_POLICY]));
    assert_snapshot!(locked_out(&stack), @r"
    deployer-not-locked-out data-eu: unknown: whether s3:PutBucketPolicy on arn:aws:s3:::data-eu by arn:aws:iam::123456789012:user/people/alice goes through is open: whether the policy own counts is open: whose it is exists only after deployment (policy.json:1 (Statement[0]))
    deployer-not-locked-out data-us: unknown: whether s3:PutBucketPolicy on arn:aws:s3:::data-us by arn:aws:iam::123456789012:user/people/alice goes through is open: whether the policy own counts is open: whose it is exists only after deployment (policy.json:1 (Statement[0]))
    ");
}

#[test]
fn a_boundary_of_a_user_caps_what_the_bucket_policy_leaves_open() {
    let with_exception = |mut stack: Stack| {
        for bucket in &mut stack.buckets {
            for statement in bucket.iter_mut().filter(|it| it.contains("OutsideMrap")) {
                *statement = statement.replace("\"ROLE\"", &format!("[\"ROLE\", \"{ALICE}\"]"));
            }
        }
        stack
    };
    assert_snapshot!(with_exception(with_user(None)).check("only-through-mrap"), @r"
    only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:user/people/alice s3:GetObject on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    only-through-mrap data-us: refuted: arn:aws:iam::123456789012:user/people/alice s3:GetObject on arn:aws:s3:::data-us/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      allowed arn:aws:s3:::data-us/example.txt: identity policies that are not in the input allow everything
    ");
    let none = r#"{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}"#;
    let stack = with_user(Some("ceiling")).with("ceiling", managed(&[none]));
    assert_snapshot!(with_exception(stack).check("only-through-mrap"), @r"
    only-through-mrap data-eu: proved
    only-through-mrap data-us: proved
    ");
}
