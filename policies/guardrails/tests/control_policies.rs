//! Service and resource control policies on a small stack.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::stack::{APP, Stack, allow, attached, control, intent, member, unit};
use insta::assert_snapshot;
use narrows_guardrails::{Guardrails, judge};
use narrows_model::Value;
use narrows_model::resources::organisations::Control;
use narrows_model::resources::{Body, Other};
use narrows_prover::AccessModel;

const ACCOUNT: &str = "123456789012";

/// The stack under a control policy of these statements, in a member account.
fn under(kind: Control, statements: &[&str]) -> Stack {
    Stack::good()
        .with("perimeter", control(kind, statements))
        .with("perimeter", attached("perimeter", ACCOUNT))
        .with("data", member("r-ab12"))
}

/// What is in the input and not used.
fn remarks(stack: &Stack) -> String {
    let model = AccessModel::build(&stack.deployment(), &intent(), "2026-11-23".parse().unwrap()).unwrap();
    model.remarks.join("\n")
}

const NO_DELETES: &str =
    r#"{"Sid": "NoDeletes", "Effect": "Deny", "Action": "s3:ReplicateDelete", "Resource": "*"}"#;

#[test]
fn a_deny_of_a_service_control_policy_stops_replication() {
    assert_snapshot!(under(Control::Service, &[NO_DELETES]).check("replication-works"), @r"
    replication-works data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:ReplicateDelete on arn:aws:s3:::data-us/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-us/example.txt: NoDeletes of perimeter
    replication-works data-us: refuted: arn:aws:iam::123456789012:role/replication s3:ReplicateDelete on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu/example.txt: NoDeletes of perimeter
    ");
}

/// AWS's own policy that allows everything is attached beside policies that only deny.
#[test]
fn a_deny_of_something_else_stops_nothing() {
    let regions = r#"{"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}"#;
    assert_snapshot!(under(Control::Service, &[regions]).check("replication-works"), @r"
    replication-works data-eu: proved
    replication-works data-us: proved
    ");
}

#[test]
fn an_allow_list_may_be_beside_the_policy_that_allows_everything() {
    let list = r#"{"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"}"#;
    let stack = under(Control::Service, &[list]);
    assert_snapshot!(stack.check("replication-works"), @r"
    replication-works data-eu: unknown: whether s3:ReplicateDelete on arn:aws:s3:::data-us/example.txt by arn:aws:iam::123456789012:role/replication goes through is open: whether p-FullAWSAccess is still attached beside perimeter is not in the input
    replication-works data-us: unknown: whether s3:ReplicateDelete on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/replication goes through is open: whether p-FullAWSAccess is still attached beside perimeter is not in the input
    ");
    assert_snapshot!(stack.with("full", attached("p-FullAWSAccess", ACCOUNT)).check("replication-works"), @r"
    replication-works data-eu: proved
    replication-works data-us: proved
    ");
}

const APP_THROUGH_MRAP: &str = r#"{"Sid": "App", "Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/app"}, "ArnNotEquals": {"s3:DataAccessPointArn": "MRAP"}}}"#;

/// An exception in the buckets' policies that nobody declared.
fn with_exception(mut stack: Stack) -> Stack {
    for bucket in &mut stack.buckets {
        for statement in bucket.iter_mut().filter(|it| it.contains("OutsideMrap")) {
            *statement = statement.replace("\"ROLE\"", &format!("[\"ROLE\", \"{APP}\"]"));
        }
    }
    stack
}

#[test]
fn a_service_control_policy_closes_what_the_bucket_policy_leaves_open() {
    let stack = with_exception(under(Control::Service, &[APP_THROUGH_MRAP]));
    assert_snapshot!(stack.check("only-through-mrap"), @r"
    only-through-mrap data-eu: proved
    only-through-mrap data-us: proved
    ");
}

/// An organisation's management account is bound by no control policy.
#[test]
fn an_account_that_may_be_the_management_account_leaves_it_open() {
    let mut stack = with_exception(under(Control::Service, &[APP_THROUGH_MRAP]));
    stack.more.pop();
    assert_snapshot!(stack.check("only-through-mrap"), @r"
    only-through-mrap data-eu: unknown: whether s3:GetObject on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/app goes through is open: the control policies of account 123456789012 bind it only if it is not the organisation's management account, which the input does not say
    only-through-mrap data-us: unknown: whether s3:GetObject on arn:aws:s3:::data-us/example.txt by arn:aws:iam::123456789012:role/app goes through is open: the control policies of account 123456789012 bind it only if it is not the organisation's management account, which the input does not say
    ");
    let organisation = |account: &str| {
        Body::Other(Other {
            type_name: "aws_organizations_organization".to_owned(),
            arguments: Value::object([("master_account_id", Value::text(account))]),
        })
    };
    let other = stack.clone().with("all", organisation("999999999999"));
    assert_snapshot!(other.check("only-through-mrap"), @r"
    only-through-mrap data-eu: proved
    only-through-mrap data-us: proved
    ");
    let own = stack.with("all", organisation(ACCOUNT));
    assert_snapshot!(own.check("only-through-mrap"), @r"
    only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      allowed arn:aws:s3:::data-eu/example.txt: AppObjects of policy-data-eu
    only-through-mrap data-us: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3:::data-us/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      allowed arn:aws:s3:::data-us/example.txt: AppObjects of policy-data-us
    ");
    assert_snapshot!(remarks(&own), @"not used: perimeter, attached to 123456789012: control policies do not bind an organisation's management account");
}

#[test]
fn policies_of_units_count_where_the_input_says_what_is_below() {
    let stack = |parent: &str| {
        Stack::good()
            .with("perimeter", control(Control::Service, &[NO_DELETES]))
            .with("perimeter", attached("perimeter", "r-ab12"))
            .with("data", member(parent))
            .with("unit", unit("ou-ab12-01234567", "r-ab12"))
    };
    let below = stack("ou-ab12-01234567");
    assert_snapshot!(below.check("replication-works"), @r"
    replication-works data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:ReplicateDelete on arn:aws:s3:::data-us/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-us/example.txt: NoDeletes of perimeter
    replication-works data-us: refuted: arn:aws:iam::123456789012:role/replication s3:ReplicateDelete on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu/example.txt: NoDeletes of perimeter
    ");
    assert_snapshot!(remarks(&below), @"");
    let elsewhere = stack("ou-ab12-76543210");
    assert_snapshot!(elsewhere.check("replication-works"), @r"
    replication-works data-eu: proved
    replication-works data-us: proved
    ");
    assert_snapshot!(remarks(&elsewhere), @"not used: perimeter, attached to r-ab12: the input does not say which accounts are below it");
}

const TLS: &str = r#"{"Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"BoolIfExists": {"aws:SecureTransport": "false"}}}"#;

/// Roles that services make for themselves are bound by no control policy.
#[test]
fn a_resource_control_policy_denies_for_every_other_principal() {
    let stack = under(Control::Resource, &[TLS]).without("NoTls");
    assert_snapshot!(stack.check("tls-only"), @r"
    tls-only data-eu: refuted: arn:aws:iam::123456789012:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty s3:PutBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = false
      allowed arn:aws:s3:::data-eu: identity policies that are not in the input allow everything
    tls-only data-us: proved
    ");
    let mut alone = stack;
    alone.more.clear();
    assert_snapshot!(alone.check("tls-only"), @r"
    tls-only data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:GetObject on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = false
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    tls-only data-us: proved
    ");
}

/// Of services, AWS's documents say both.
#[test]
fn a_resource_control_policy_is_not_relied_on_to_stop_a_service() {
    let not_services = r#"{"Bool": {"aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false"}}"#;
    let mut stack = under(Control::Resource, &[TLS]).in_bucket(
        "NoTls",
        r#"{"Bool": {"aws:SecureTransport": "false"}}"#,
        not_services,
    );
    let logs = allow("Logs", r#""s3:PutObject""#, r#""BUCKET/*""#)
        .replace(&format!(r#"{{"AWS": "{APP}"}}"#), r#"{"Service": "logging.s3.amazonaws.com"}"#);
    stack.buckets[0].push(logs);
    assert_snapshot!(stack.check("tls-only"), @r"
    tls-only data-eu: unknown: whether s3:PutObject on arn:aws:s3:::data-eu/example.txt by logging.s3.amazonaws.com goes through is open: the value of aws:principalarn cannot be known here; whether a resource control policy stops AWS services is open
    tls-only data-us: proved
    ");
}

/// What binds another account binds nobody here.
#[test]
fn a_policy_of_another_account_stops_nothing() {
    let stack = Stack::good()
        .with("perimeter", control(Control::Service, &[NO_DELETES]))
        .with("perimeter", attached("perimeter", "999999999999"));
    assert_snapshot!(stack.check("replication-works"), @r"
    replication-works data-eu: proved
    replication-works data-us: proved
    ");
}

/// Whose the buckets are is not known: the resource control policy of an account of the input may bind them.
#[test]
fn a_resource_control_policy_may_be_that_of_an_owner_who_is_not_known() {
    let denies = NO_DELETES.replace("\"Action\"", "\"Principal\": \"*\", \"Action\"");
    let stack = under(Control::Resource, &[&denies]);
    let mut model =
        AccessModel::build(&stack.deployment(), &intent(), "2026-11-23".parse().unwrap()).unwrap();
    let guardrails = Guardrails::shipped().only(&["replication-works", "deployer-not-locked-out"]);
    let mut verdicts = |account: Option<&str>| {
        for bucket in &mut model.buckets {
            bucket.account = account.map(str::to_owned);
        }
        model.cache = narrows_prover::Cache::default();
        common::short(&judge(&model, &intent(), &guardrails, "2026-11-23".parse().unwrap()))
    };
    assert_snapshot!(verdicts(None), @"
    deployer-not-locked-out data-eu: proved
    deployer-not-locked-out data-us: proved
    replication-works data-eu: unknown: whether s3:ReplicateDelete on arn:aws:s3:::data-us/example.txt by arn:aws:iam::123456789012:role/replication goes through is open: whether the resource belongs to account 123456789012, whose control policies are in the input, is not known
    replication-works data-us: unknown: whether s3:ReplicateDelete on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/replication goes through is open: whether the resource belongs to account 123456789012, whose control policies are in the input, is not known
    ");
    assert_snapshot!(verdicts(Some("999999999999")), @"
    deployer-not-locked-out data-eu: refuted: arn:aws:iam::123456789012:role/deploy s3:PutBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-eu: no statement of policy-data-eu or of the caller's own policies allows it
    deployer-not-locked-out data-us: refuted: arn:aws:iam::123456789012:role/deploy s3:PutBucketPolicy on arn:aws:s3:::data-us
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      denied arn:aws:s3:::data-us: no statement of policy-data-us or of the caller's own policies allows it
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
