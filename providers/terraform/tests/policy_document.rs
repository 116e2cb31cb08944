//! `aws_iam_policy_document`, worked out from a configuration or from what a plan knows of it.

#![expect(clippy::unwrap_used, clippy::unreachable, reason = "a test that fails should fail")]

use narrows_model::{Body, Deployment, Kind, Source};
use narrows_terraform::{read_config, read_plan};

/// The policy of the one bucket policy of a configuration, whose `data` block is given.
fn configured(data: &str, policy: &str) -> String {
    let text = format!(
        r#"{{"data": {{"aws_iam_policy_document": {data}}},
        "resource": {{
          "aws_s3control_multi_region_access_point": {{"m": {{"details": {{"name": "orders", "region": {{"bucket": "acme-data"}}}}}}}},
          "aws_s3_bucket_policy": {{"p": {{"bucket": "acme-data", "policy": {policy}}}}}}}}}"#
    );
    policy_of(&read_config(&[Source::file("main.tf.json", text)]).unwrap())
}

fn policy_of(deployment: &Deployment) -> String {
    let policy = deployment.of_kind(Kind::BucketPolicy).next().unwrap();
    let Body::BucketPolicy(policy) = &policy.body else { unreachable!() };
    policy.policy.as_text().map_or_else(
        || {
            let inner = narrows_model::json::parse_embedded(&policy.policy).unwrap();
            inner.to_string()
        },
        ToString::to_string,
    )
}

#[test]
fn statements_principals_and_conditions() {
    insta::assert_snapshot!(configured(r#"{"d": {"policy_id": "P", "statement": [
      {"sid": "One", "effect": "Deny", "actions": ["s3:GetObject", "s3:PutObject", "s3:GetObject"],
       "resources": ["arn:aws:s3:::acme-data/*"], "principals": [{"type": "*", "identifiers": ["*"]}],
       "condition": [
         {"test": "ArnNotEquals", "variable": "s3:DataAccessPointArn", "values": ["${aws_s3control_multi_region_access_point.m.arn}"]},
         {"test": "StringLike", "variable": "aws:PrincipalTag/a", "values": ["x&{aws:username}", "y"]},
         {"test": "StringLike", "variable": "aws:PrincipalTag/a", "values": ["z"]}]},
      {"not_actions": ["s3:*"], "not_resources": ["*"],
       "not_principals": [{"type": "AWS", "identifiers": ["1", "2"]}, {"type": "Service", "identifiers": ["s3.amazonaws.com"]},
                          {"type": "AWS", "identifiers": ["3"]}]}]}}"#,
      r#""${data.aws_iam_policy_document.d.json}""#), @r#"{"Version":"2012-10-17","Id":"P","Statement":[{"Sid":"One","Effect":"Deny","Action":["s3:PutObject","s3:GetObject"],"Resource":"arn:aws:s3:::acme-data/*","Principal":"*","Condition":{"ArnNotEquals":{"s3:DataAccessPointArn":"${multi-region access point m.arn}"},"StringLike":{"aws:PrincipalTag/a":["x${aws:username}","y","z"]}}},{"Effect":"Allow","NotAction":"s3:*","NotResource":"*","NotPrincipal":{"AWS":["2","1","3"],"Service":"s3.amazonaws.com"}}]}"#);
}

#[test]
fn documents_are_merged_by_sid() {
    insta::assert_snapshot!(configured(r#"{
      "base": {"version": "2008-10-17", "statement": [
        {"sid": "A", "actions": ["s3:GetObject"], "resources": ["*"]},
        {"sid": "B", "actions": ["s3:PutObject"], "resources": ["*"]}]},
      "over": {"statement": {"sid": "B", "effect": "Deny", "actions": ["s3:DeleteObject"], "resources": ["*"]}},
      "d": {"source_policy_documents": ["${data.aws_iam_policy_document.base.json}", null],
            "statement": {"actions": ["s3:ListBucket"], "resources": ["*"]},
            "override_policy_documents": ["${data.aws_iam_policy_document.over.minified_json}"]}}"#,
      r#""${data.aws_iam_policy_document.d.json}""#), @r#"{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Sid":"B","Effect":"Deny","Action":"s3:DeleteObject","Resource":"*"},{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}"#);
}

#[test]
fn what_only_an_engine_can_expand_is_unknown_and_said() {
    let of = |body: &str| {
        configured(&format!(r#"{{"d": {body}}}"#), r#""${data.aws_iam_policy_document.d.json}""#)
    };
    insta::assert_snapshot!(of(r#"{"dynamic": {"statement": {"for_each": [], "content": {}}}}"#), @"${data.aws_iam_policy_document.d.json: a dynamic block for `statement` of data.aws_iam_policy_document.d is not supported here: only Terraform can expand it; write the blocks out, or check a plan instead (narrows plan DIR makes one)}");
    insta::assert_snapshot!(of(r#"{"source_policy_documents": ["${file(\"x.json\")}"]}"#), @r#"${data.aws_iam_policy_document.d.json: file("x.json")}"#);
    insta::assert_snapshot!(of(r#"{"statement": [{"sid": "A"}, {"sid": "A"}]}"#), @"${data.aws_iam_policy_document.d.json: Sid `A` is given twice: expected it once; remove one}");
    insta::assert_snapshot!(of(r#"{"count": 1}"#), @"${data.aws_iam_policy_document.d.json}");
    insta::assert_snapshot!(of(r#"{"source_policy_documents": ["${data.aws_iam_policy_document.d.json}"]}"#), @"${data.aws_iam_policy_document.d.json}");
}

/// A plan of HCL in which the document is read at apply, since something that it depends on changes.
fn plan(after: &str, unknown: &str, expressions: &str, policy: &str) -> Deployment {
    let text = format!(
        r#"{{"format_version": "1.2", "planned_values": {{"root_module": {{"resources": [
          {{"address": "aws_s3_bucket_policy.p", "mode": "managed", "type": "aws_s3_bucket_policy", "name": "p",
           "values": {{"bucket": "acme-data"}}}},
          {{"address": "data.aws_iam_policy_document.d", "mode": "data", "type": "aws_iam_policy_document", "name": "d",
           "values": {after}}}]}}}},
        "resource_changes": [
          {{"address": "aws_s3_bucket_policy.p", "change": {{"actions": ["create"], "after_unknown": {{"policy": true}}}}}},
          {{"address": "data.aws_iam_policy_document.d", "mode": "data", "change": {{"actions": ["read"], "after_unknown": {unknown}}}}}],
        "configuration": {{"root_module": {{"resources": [
          {{"address": "aws_s3_bucket_policy.p", "mode": "managed", "type": "aws_s3_bucket_policy", "name": "p",
           "expressions": {{"bucket": {{"constant_value": "acme-data"}}, "policy": {policy}}}}},
          {{"address": "data.aws_iam_policy_document.d", "mode": "data", "type": "aws_iam_policy_document", "name": "d",
           "expressions": {expressions}}}]}}}}}}"#
    );
    read_plan(&Source::file("plan.json", text)).unwrap()
}

const ITS_JSON: &str =
    r#"{"references": ["data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"]}"#;

#[test]
fn a_plan_that_has_all_arguments_has_the_document() {
    let read = plan(
        r#"{"statement": [{"effect": "Deny", "actions": ["s3:*"], "resources": ["*"], "principals": [{"type": "*", "identifiers": ["*"]}]}]}"#,
        r#"{"id": true, "json": true, "statement": [{"actions": [false], "resources": [false], "principals": [{"identifiers": [false]}]}]}"#,
        r#"{"statement": [{"actions": {"references": ["var.a"]}}]}"#,
        ITS_JSON,
    );
    insta::assert_snapshot!(policy_of(&read), @r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*","Principal":"*"}]}"#);
    insta::assert_debug_snapshot!(read.assumptions().collect::<Vec<_>>(), @r#"
    [
        "`policy` of aws_s3_bucket_policy.p is taken to be data.aws_iam_policy_document.d.json, which is all that its expression refers to",
    ]
    "#);
}

#[test]
fn what_the_plan_does_not_know_of_an_argument_is_named() {
    let read = plan(
        r#"{"statement": [{"effect": "Deny", "actions": ["s3:*"], "resources": ["*"], "condition": [{"test": "StringEquals", "variable": "aws:PrincipalArn", "values": [null]}]}]}"#,
        r#"{"json": true, "statement": [{"condition": [{"values": [true]}]}]}"#,
        r#"{"statement": [{"condition": [{"test": {"constant_value": "StringEquals"}, "variable": {"constant_value": "aws:PrincipalArn"}, "values": {"references": ["aws_iam_role.r.arn", "aws_iam_role.r"]}}]}]}"#,
        ITS_JSON,
    );
    insta::assert_snapshot!(policy_of(&read), @r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalArn":"${known after apply, from aws_iam_role.r.arn; narrows plan works it out}"}}}]}"#);
}

/// A condition that is left out would make an Allow wider.
#[test]
fn blocks_of_which_the_number_is_not_known_hide_the_document() {
    for block in ["condition", "principals"] {
        let read = plan(
            r#"{"statement": [{"effect": "Allow", "actions": ["s3:*"], "resources": ["*"]}]}"#,
            &format!(r#"{{"json": true, "statement": [{{"{block}": true}}]}}"#),
            r#"{"statement": [{"actions": {"constant_value": ["s3:*"]}}]}"#,
            ITS_JSON,
        );
        let said = policy_of(&read);
        assert!(said.starts_with("${known after apply, from data.aws_iam_policy_document.d.json"), "{said}");
    }
    let read = plan("{}", r#"{"json": true, "statement": true}"#, "{}", ITS_JSON);
    assert!(policy_of(&read).starts_with("${known after apply"), "{}", policy_of(&read));
}

#[test]
fn a_policy_made_of_more_than_a_document_stays_unknown() {
    let more = r#"{"references": ["data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d", "var.x"]}"#;
    let read = plan(r#"{"statement": []}"#, r#"{"json": true}"#, "{}", more);
    insta::assert_snapshot!(policy_of(&read), @"${known after apply, from data.aws_iam_policy_document.d.json, var.x; narrows plan works it out}");
    assert_eq!(read.assumptions().count(), 0);
}
