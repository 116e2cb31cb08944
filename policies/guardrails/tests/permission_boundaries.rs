//! Permission boundaries and managed policies of roles, on a small stack.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::stack::{APP, Stack, intent, managed, managed_arn, role};
use insta::assert_snapshot;
use narrows_model::resources::{Body, iam};
use narrows_model::{Attribute, Input, Kind, ResourceId, Text};

const ALL_OF_S3: &str = r#"{"Sid": "S3", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#;

/// The stack with a boundary of the replication role.
fn bounded(statements: &[&str]) -> Stack {
    let mut stack = Stack::good();
    stack.boundary = Some(managed_arn("ceiling"));
    stack.more.push(("ceiling".to_owned(), managed(statements)));
    stack
}

#[test]
fn a_boundary_that_allows_what_the_role_needs_stops_nothing() {
    assert_snapshot!(bounded(&[ALL_OF_S3]).check("replication-works"), @r"
    replication-works data-eu: proved
    replication-works data-us: proved
    ");
}

#[test]
fn a_boundary_caps_what_the_roles_policies_allow() {
    let reads = r#"{"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"}"#;
    assert_snapshot!(bounded(&[reads]).check("replication-works"), @r"
    replication-works data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:ReplicateDelete on arn:aws:s3:::data-us/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-us/example.txt: no statement of the permission boundary ceiling allows it
    replication-works data-us: refuted: arn:aws:iam::123456789012:role/replication s3:ReplicateDelete on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu/example.txt: no statement of the permission boundary ceiling allows it
    ");
}

#[test]
fn a_deny_in_a_boundary_denies() {
    let deny = r#"{"Sid": "NoDeletes", "Effect": "Deny", "Action": "s3:ReplicateDelete", "Resource": "arn:aws:s3:::data-us/*"}"#;
    assert_snapshot!(bounded(&[ALL_OF_S3, deny]).check("replication-works"), @r"
    replication-works data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:ReplicateDelete on arn:aws:s3:::data-us/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-us/example.txt: NoDeletes of ceiling
    replication-works data-us: proved
    ");
}

#[test]
fn a_boundary_that_nobody_knows_yet_leaves_it_open() {
    let mut stack = bounded(&[ALL_OF_S3]);
    let Some((_, Body::ManagedPolicy(policy))) = stack.more.first_mut() else { return };
    policy.policy = narrows_model::Value::text(Text::unknown("data.http.boundary.response_body"));
    assert_snapshot!(stack.check("replication-works"), @r"
    replication-works data-eu: unknown: whether s3:GetObjectVersionAcl on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/replication goes through is open: the permission boundary ceiling is known only after deployment: data.http.boundary.response_body ((composed))
    replication-works data-us: unknown: whether s3:GetObjectVersionAcl on arn:aws:s3:::data-us/example.txt by arn:aws:iam::123456789012:role/replication goes through is open: the permission boundary ceiling is known only after deployment: data.http.boundary.response_body ((composed))
    ");
}

#[test]
fn a_boundary_that_is_not_in_the_input_leaves_it_open() {
    let mut stack = Stack::good();
    stack.boundary = Some(Input::known("arn:aws:iam::aws:policy/PowerUserAccess".parse().unwrap()));
    assert_snapshot!(stack.check("replication-works"), @r"
    replication-works data-eu: unknown: whether s3:GetObjectVersionAcl on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/replication goes through is open: the document of the permission boundary arn:aws:iam::aws:policy/PowerUserAccess is not in the input ((composed))
    replication-works data-us: unknown: whether s3:GetObjectVersionAcl on arn:aws:s3:::data-us/example.txt by arn:aws:iam::123456789012:role/replication goes through is open: the document of the permission boundary arn:aws:iam::aws:policy/PowerUserAccess is not in the input ((composed))
    ");
    stack.boundary = Some(Input::known("arn:aws:iam::aws:policy/AdministratorAccess".parse().unwrap()));
    assert_snapshot!(stack.check("replication-works"), @r"
    replication-works data-eu: proved
    replication-works data-us: proved
    ");
}

/// An exception in the buckets' policies that nobody declared: a way past the MRAP, unless something else stops the role.
fn with_exception() -> Stack {
    let mut stack = Stack::good();
    for bucket in &mut stack.buckets {
        for statement in bucket.iter_mut().filter(|it| it.contains("OutsideMrap")) {
            *statement = statement.replace("\"ROLE\"", &format!("[\"ROLE\", \"{APP}\"]"));
        }
    }
    stack
}

#[test]
fn a_boundary_closes_what_the_bucket_policy_leaves_open() {
    assert_snapshot!(with_exception().check("only-through-mrap"), @r"
    only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      allowed arn:aws:s3:::data-eu/example.txt: AppObjects of policy-data-eu
    only-through-mrap data-us: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3:::data-us/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      allowed arn:aws:s3:::data-us/example.txt: AppObjects of policy-data-us
    ");
    let mut stack = with_exception();
    let through = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"ArnEquals": {"s3:DataAccessPointArn": "MRAP"}}}"#;
    stack.more.push(("ceiling".to_owned(), managed(&[through])));
    stack.more.push(("app".to_owned(), role("app", Some(managed_arn("ceiling")))));
    assert_snapshot!(stack.check("only-through-mrap"), @r"
    only-through-mrap data-eu: proved
    only-through-mrap data-us: proved
    ");
}

/// What a bucket policy allows a session by name, no boundary caps for sure.
#[test]
fn a_boundary_does_not_surely_cap_a_grant_by_name() {
    let mut stack = with_exception();
    let none = r#"{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}"#;
    stack.more.push(("ceiling".to_owned(), managed(&[none])));
    stack.more.push(("app".to_owned(), role("app", Some(managed_arn("ceiling")))));
    let session = "arn:aws:sts::123456789012:assumed-role/app/job";
    for bucket in &mut stack.buckets {
        for statement in bucket.iter_mut().filter(|it| it.contains("AppObjects")) {
            *statement = statement.replace(APP, session);
        }
    }
    assert_snapshot!(stack.check("only-through-mrap"), @r"
    only-through-mrap data-eu: unknown: whether s3:GetObject on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/app goes through is open: whether a permission boundary caps what a resource policy allows by name is open
    only-through-mrap data-us: unknown: whether s3:GetObject on arn:aws:s3:::data-us/example.txt by arn:aws:iam::123456789012:role/app goes through is open: whether a permission boundary caps what a resource policy allows by name is open
    ");
}

#[test]
fn a_boundary_of_another_role_proves_nothing() {
    let mut stack = with_exception();
    let none = r#"{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}"#;
    stack.more.push(("ceiling".to_owned(), managed(&[none])));
    stack.more.push(("other".to_owned(), role("other", Some(managed_arn("ceiling")))));
    assert_snapshot!(stack.check("only-through-mrap"), @r"
    only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      allowed arn:aws:s3:::data-eu/example.txt: AppObjects of policy-data-eu
    only-through-mrap data-us: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3:::data-us/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      allowed arn:aws:s3:::data-us/example.txt: AppObjects of policy-data-us
    ");
}

/// AWS advises against NotPrincipal with Deny where callers have boundaries: it then denies them whatever it lists.
#[test]
fn not_principal_may_deny_a_role_with_a_boundary() {
    let mut stack = bounded(&[ALL_OF_S3]);
    let deny = r#"{"Sid": "OnlyReplication", "Effect": "Deny", "NotPrincipal": {"AWS": ["123456789012", "ROLE", "arn:aws:sts::123456789012:assumed-role/replication/session"]}, "Action": "s3:ReplicateDelete", "Resource": "BUCKET/*"}"#;
    stack.buckets[0].push(deny.to_owned());
    assert_snapshot!(stack.check("replication-works"), @r"
    replication-works data-eu: proved
    replication-works data-us: unknown: whether s3:ReplicateDelete on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/replication goes through is open: AWS reads NotPrincipal with the caller's account, role and session each by itself (policy.json:1 (Statement[8].NotPrincipal))
    ");
}

#[test]
fn a_boundary_can_lock_the_deployer_out() {
    let mut stack = Stack::good();
    let reads = r#"{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}"#;
    stack.more.push(("ceiling".to_owned(), managed(&[reads])));
    stack.more.push(("deploy".to_owned(), role("deploy", Some(managed_arn("ceiling")))));
    assert_snapshot!(stack.check("deployer-not-locked-out"), @r"
    deployer-not-locked-out data-eu: refuted: arn:aws:iam::123456789012:role/deploy s3:PutBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu: no statement of the permission boundary ceiling allows it
    deployer-not-locked-out data-us: refuted: arn:aws:iam::123456789012:role/deploy s3:PutBucketPolicy on arn:aws:s3:::data-us
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-us: no statement of the permission boundary ceiling allows it
    ");
}

/// The stack with a managed policy in the place of the role's own.
fn attached(policy: Input<narrows_model::Arn>) -> Stack {
    let mut stack = Stack::good();
    let statements = stack.role.split_off(1);
    stack
        .more
        .push(("objects".to_owned(), managed(&statements.iter().map(String::as_str).collect::<Vec<_>>())));
    let role = Input::reference(ResourceId::new(Kind::Role, "replication").attribute(Attribute::Id));
    let attachment = iam::RolePolicyAttachment { role, policy };
    stack.more.push(("objects".to_owned(), Body::RolePolicyAttachment(attachment)));
    stack
}

#[test]
fn managed_policies_count_where_they_are_attached() {
    assert_snapshot!(attached(managed_arn("objects")).check("replication-works"), @r"
    replication-works data-eu: proved
    replication-works data-us: proved
    ");
    let mut alone = attached(managed_arn("objects"));
    alone.more.pop();
    assert_snapshot!(alone.check("replication-works"), @r"
    replication-works data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:GetObjectVersionAcl on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu/example.txt: no statement of policy-data-eu or of the caller's own policies allows it
    replication-works data-us: refuted: arn:aws:iam::123456789012:role/replication s3:GetObjectVersionAcl on arn:aws:s3:::data-us/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-us/example.txt: no statement of policy-data-us or of the caller's own policies allows it
    ");
}

#[test]
fn an_attached_policy_that_is_not_in_the_input_leaves_it_open() {
    let stack = attached(Input::known("arn:aws:iam::aws:policy/PowerUserAccess".parse().unwrap()));
    assert_snapshot!(stack.check("replication-works"), @r"
    replication-works data-eu: unknown: whether s3:GetObjectVersionAcl on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/replication goes through is open: the document of the policy arn:aws:iam::aws:policy/PowerUserAccess is not in the input ((composed))
    replication-works data-us: unknown: whether s3:GetObjectVersionAcl on arn:aws:s3:::data-us/example.txt by arn:aws:iam::123456789012:role/replication goes through is open: the document of the policy arn:aws:iam::aws:policy/PowerUserAccess is not in the input ((composed))
    ");
}

#[test]
fn an_attached_policy_of_aws_that_is_known_counts() {
    let attached_by = |name: &str| {
        let arn = format!("arn:aws:iam::aws:policy/{name}");
        attached(Input::known(arn.parse().unwrap())).check("replication-works")
    };
    assert_snapshot!(attached_by("AmazonS3FullAccess"), @r"
    replication-works data-eu: proved
    replication-works data-us: proved
    ");
    let read_only = attached_by("AmazonS3ReadOnlyAccess");
    assert!(read_only.starts_with("replication-works data-eu: refuted"), "{read_only}");
}

#[test]
fn a_boundary_does_not_change_what_is_asked_of_others() {
    let stack = bounded(&[ALL_OF_S3]);
    assert_snapshot!(stack.check_as("application-reaches-data", &intent()), @"application-reaches-data arn:aws:iam::123456789012:role/app: proved");
}
