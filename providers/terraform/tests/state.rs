//! States, as `terraform show -json` prints them.

#![expect(clippy::unwrap_used, clippy::unreachable, reason = "a test that fails should fail")]

use narrows_model::{Body, Deployment, Kind, Source, Value, json};
use narrows_terraform::{Form, detect, read, read_before};

fn value(text: &str) -> Value {
    json::parse(&Source::file("state.json", text)).unwrap()
}

fn state(resources: &str) -> Deployment {
    let text = format!(
        r#"{{"format_version": "1.0", "terraform_version": "1.11.4", "values": {{"root_module": {resources}}}}}"#
    );
    let value = value(&text);
    assert_eq!(detect(&value), Some(Form::State));
    read(&value, Form::State).unwrap().deployment
}

const MODULES: &str = r#"{
  "resources": [
    {"address": "data.aws_caller_identity.here", "mode": "data", "type": "aws_caller_identity", "name": "here",
     "values": {"account_id": "123456789012"}},
    {"address": "aws_iam_role.app", "mode": "managed", "type": "aws_iam_role", "name": "app",
     "values": {"name": "app", "path": "/", "arn": "arn:aws:iam::123456789012:role/app", "assume_role_policy": "{}"}}
  ],
  "child_modules": [{"address": "module.app[\"x\"]", "resources": [
    {"address": "module.app[\"x\"].aws_s3_bucket.b[0]", "mode": "managed", "type": "aws_s3_bucket", "name": "b", "index": 0,
     "values": {"bucket": "acme-x", "id": "acme-x", "region": "eu-west-2",
       "policy": "{\"Version\":\"2012-10-17\",\"Statement\":[]}"}},
    {"address": "module.app[\"x\"].aws_s3_bucket.b[0]", "mode": "managed", "type": "aws_s3_bucket", "name": "b", "index": 0,
     "deposed_key": "0123abcd", "values": {"bucket": "acme-old", "id": "acme-old"}}
  ]}]
}"#;

#[test]
fn modules_instances_and_the_account_are_read() {
    let deployment = state(MODULES);
    assert_eq!(deployment.account, Some("123456789012".parse().unwrap()));
    let found: Vec<String> =
        deployment.resources().map(|it| format!("{} at {}", it.id, it.address.as_str())).collect();
    insta::assert_debug_snapshot!(found, @r#"
    [
        "bucket module.app[\"x\"].b[0] at module.app[\"x\"].aws_s3_bucket.b[0]",
        "bucket policy module.app[\"x\"].b[0] (policy that stands with the bucket) at module.app[\"x\"].aws_s3_bucket.b[0]",
        "role app at aws_iam_role.app",
    ]
    "#);
}

#[test]
fn the_policy_that_a_bucket_reports_counts_where_nothing_else_holds_it() {
    let deployment = state(MODULES);
    let policies: Vec<_> = deployment.of_kind(Kind::BucketPolicy).collect();
    let [only] = policies.as_slice() else { unreachable!("{policies:?}") };
    let Body::BucketPolicy(it) = &only.body else { unreachable!() };
    assert_eq!(it.policy.to_string(), r#""{\"Version\":\"2012-10-17\",\"Statement\":[]}""#);
    assert_eq!(only.location.line(), Some(11));

    let held = MODULES.replace(
        r#""resources": [
    {"address": "data"#,
        r#""resources": [
    {"address": "aws_s3_bucket_policy.p", "mode": "managed", "type": "aws_s3_bucket_policy", "name": "p",
     "values": {"bucket": "acme-x", "policy": "{}"}},
    {"address": "data"#,
    );
    assert_ne!(held, MODULES);
    assert_eq!(state(&held).of_kind(Kind::BucketPolicy).count(), 1);
}

#[test]
fn nothing_made_yet_is_an_empty_state() {
    let empty = value(r#"{"format_version": "1.0"}"#);
    assert_eq!(detect(&empty), Some(Form::State));
    assert_eq!(read(&empty, Form::State).unwrap().deployment, Deployment::default());
    assert_eq!(read_before(&value(r#"{"planned_values": {}}"#)).unwrap(), Deployment::default());
}

#[test]
fn what_is_no_state_is_refused() {
    let error = |text: &str| {
        let error = read(&value(text), Form::State).unwrap_err();
        format!("{error} ({})", error.location())
    };
    insta::assert_snapshot!(error(r#"{"format_version": "2.0", "values": {}}"#), @"a state of format version 2.0 is not supported here: expected version 1; use a Terraform or OpenTofu that prints it (state.json:1)");
    insta::assert_snapshot!(error(r#"{"format_version": "1.0", "values": []}"#), @"`values` is a list: expected an object, as terraform show -json prints it (state.json:1 (values))");
    insta::assert_snapshot!(error(r#"{"format_version": "1.0", "values": {"root_module": {"resources": [{"mode": "managed"}]}}}"#), @"`type` of a resource in the state is missing: expected a string (state.json:1 (values.root_module.resources[0]))");
}
