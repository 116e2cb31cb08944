//! What is known only after apply, and what a plan tells of it all the same.

use crate::{plan, read, refused};
use narrows_model::{Body, Kind, ResourceId, Value};

/// Two values that come from the same thing may be two parts of it.
#[test]
fn what_is_unknown_for_one_reason_is_not_one_value() {
    let unknown = r#"{"tags": {"one": true, "two": true}}"#;
    let expressions = r#"{"tags": {"references": ["random_pet.it.id", "random_pet.it"]}}"#;
    let deployment = read(&plan(&[("aws_thing.it", r#"{"tags": {}}"#, unknown, expressions)], ""));
    let Body::Other(it) = &deployment.resources().next().unwrap().body else { panic!() };
    let tags = it.arguments.get("tags").unwrap();
    let (one, two) = (tags.get("one").unwrap(), tags.get("two").unwrap());
    assert!(one.first_unknown().unwrap().starts_with("known after apply, from random_pet.it.id"));
    assert_ne!(one.as_text(), two.as_text());
}

/// The policy of `aws_s3_bucket_policy.data`, known after apply, with this expression.
fn policy(expression: &str, rest: &str) -> String {
    let deployment = read(&plan(
        &[
            ("aws_sns_topic.t", r#"{"name": "alerts"}"#, r#"{"arn": true}"#, "{}"),
            (
                "aws_s3_bucket_policy.data",
                r#"{"bucket": "acme-data"}"#,
                r#"{"policy": true}"#,
                &format!(r#"{{"policy": {expression}}}"#),
            ),
        ],
        rest,
    ));
    let policy = deployment.get(&ResourceId::new(Kind::BucketPolicy, "data")).unwrap();
    let Body::BucketPolicy(policy) = &policy.body else { return String::new() };
    format!("{}: {}", policy.policy.kind_in_words(), policy.policy)
}

#[test]
fn source_text_in_a_plan_is_a_template() {
    let source = |text: &str, rest: &str| {
        policy(&format!(r#"{{"constant_value": {}, "references": ["x"]}}"#, Value::text(text)), rest)
    };
    insta::assert_snapshot!(source("{\"Id\": \"${aws_s3control_multi_region_access_point.m.arn} $${x}\"}", ""), @r#"a string of JSON: "{\"Id\":\"${multi-region access point m.arn} ${x}\"}""#);
    insta::assert_snapshot!(source("${jsonencode({Id = aws_sns_topic.t.arn, N = aws_sns_topic.t.name})}", ""), @r#"a string of JSON: "{\"Id\":\"${aws_sns_topic t.arn}\",\"N\":\"alerts\"}""#);
    let variables = r#", "variables": {"org": {"value": "o-${x}"}}"#;
    insta::assert_snapshot!(source("{\"Id\": \"${var.org} ${local.x}\"}", variables), @r#"a string of JSON: "{\"Id\":\"o-${x} ${local.x}\"}""#);
    let state = r#", "prior_state": {"values": {"root_module": {"resources": [
        {"address": "data.aws_caller_identity.me", "mode": "data", "values": {"account_id": "123456789012"}}]}}}"#;
    insta::assert_snapshot!(source("{\"Id\": \"${data.aws_caller_identity.me.account_id}\"}", state), @r#"a string of JSON: "{\"Id\":\"123456789012\"}""#);
    insta::assert_snapshot!(source("${data.aws_iam_policy_document.d.json}", ""), @r#"a string: "${data.aws_iam_policy_document.d.json}""#);
}

/// The account of a plan with these configurations of providers, and what `aws_caller_identity` told.
fn account(providers: &str) -> Option<String> {
    let text = format!(
        r#"{{"format_version": "1.2", "planned_values": {{"root_module": {{}}}},
            "prior_state": {{"values": {{"root_module": {{"resources": [
                {{"address": "data.aws_caller_identity.me", "mode": "data", "values": {{"account_id": "123456789012"}}}}]}}}}}},
            "configuration": {{"provider_config": {{{providers}}}, "root_module": {{}}}}}}"#
    );
    read(&text).account.map(|account| account.to_string())
}

#[test]
fn the_account_is_not_that_of_one_of_several() {
    let provider = |key: &str, rest: &str, expressions: &str| {
        format!(r#""{key}": {{"name": "{key}", {rest} "expressions": {{{expressions}}}}}"#)
    };
    let found = Some("123456789012".to_owned());
    let aws = r#""full_name": "registry.terraform.io/hashicorp/aws","#;
    let all = |providers: [String; 2]| account(&providers.join(", "));
    let region = r#""region": {"constant_value": "eu-west-2"}"#;
    assert_eq!(all([provider("aws", aws, ""), provider("aws.eu", aws, region)]), found);
    let role = r#""assume_role": [{"role_arn": {"references": ["var.role"]}}]"#;
    assert_eq!(all([provider("aws", aws, role), provider("aws.eu", aws, role)]), found);
    assert_eq!(all([provider("aws", aws, ""), provider("aws.eu", aws, role)]), None);
    // One expression, with the variables of two modules.
    let inner = format!(r#"{aws} "module_address": "module.inner","#);
    assert_eq!(all([provider("aws", aws, role), provider("module.inner:aws", &inner, role)]), None);
    // Whatever a module calls the provider.
    let bound = r#""allowed_account_ids": {"constant_value": ["444455556666"]}"#;
    assert_eq!(all([provider("aws", aws, bound), provider("amazon", aws, "")]), None);
    let random = r#""full_name": "registry.terraform.io/hashicorp/random","#;
    assert_eq!(
        all([provider("aws", aws, bound), provider("random", random, "")]),
        Some("444455556666".to_owned())
    );
}

#[test]
fn what_is_known_after_apply_says_what_it_comes_from() {
    let references = r#"{"references": ["aws_s3control_multi_region_access_point.m.arn", "aws_s3control_multi_region_access_point.m", "local.x"]}"#;
    insta::assert_snapshot!(policy(references, ""), @r#"a string: "${known after apply, from aws_s3control_multi_region_access_point.m.arn, local.x; narrows plan works it out}""#);
    insta::assert_snapshot!(policy(r#"{"references": ["aws_sns_topic.t.policy", "aws_sns_topic.t"]}"#, ""), @r#"a string: "${known after apply, from aws_sns_topic.t.policy; narrows plan works it out}""#);
    insta::assert_snapshot!(policy("{}", ""), @r#"a string: "${known after apply; narrows plan may work it out}""#);
}

/// The bucket of a policy, known after apply, with this expression.
fn bucket(expression: &str) -> String {
    let deployment = read(&plan(
        &[
            ("aws_s3_bucket.data", r#"{"bucket": "acme-data"}"#, r#"{"id": true}"#, "{}"),
            (
                "aws_s3_bucket_policy.data",
                r#"{"policy": "{}"}"#,
                r#"{"bucket": true}"#,
                &format!(r#"{{"bucket": {expression}}}"#),
            ),
        ],
        "",
    ));
    let policy = deployment.get(&ResourceId::new(Kind::BucketPolicy, "data")).unwrap();
    let Body::BucketPolicy(policy) = &policy.body else { return String::new() };
    policy.bucket.to_text().to_string()
}

#[test]
fn a_field_that_names_a_resource_is_what_it_refers_to() {
    insta::assert_snapshot!(bucket(r#"{"references": ["aws_s3_bucket.data.id", "aws_s3_bucket.data"]}"#), @"${bucket data.id}");
    insta::assert_snapshot!(bucket(r#"{"constant_value": "${aws_s3_bucket.data.id}", "references": ["aws_s3_bucket.data.id"]}"#), @"${bucket data.id}");
    // Not a bucket's name, or more than one: not known.
    insta::assert_snapshot!(bucket(r#"{"references": ["aws_s3_bucket.data.arn", "aws_s3_bucket.data"]}"#), @"${known after apply, from aws_s3_bucket.data.arn; narrows plan works it out}");
    insta::assert_snapshot!(bucket(r#"{"references": ["aws_s3_bucket.data.id", "aws_s3_bucket.data", "var.suffix"]}"#), @"${known after apply, from aws_s3_bucket.data.id, var.suffix; narrows plan works it out}");
    insta::assert_snapshot!(bucket(r#"{"references": ["aws_s3_bucket.data", "each.key"]}"#), @"${known after apply, from aws_s3_bucket.data, each.key; narrows plan works it out}");
}

#[test]
fn names_that_need_themselves_stay_unknown() {
    let own = r#"{"constant_value": "${module.a.out}", "references": ["module.a.out"]}"#;
    let text = plan(
        &[(
            "aws_s3_bucket_policy.a",
            r#"{"bucket": "acme-data"}"#,
            r#"{"policy": true}"#,
            &format!(r#"{{"policy": {own}}}"#),
        )],
        "",
    );
    let through = r#"{"constant_value": "${var.in}${var.in}", "references": ["var.in"]}"#;
    let call = format!(
        r#""module_calls": {{"a": {{"expressions": {{"in": {own}}}, "module": {{"outputs": {{"out": {{"expression": {through}}}}}}}}}}}"#
    );
    let text = text.replace(
        "\"configuration\": {\"root_module\": {",
        &format!("\"configuration\": {{\"root_module\": {{{call}, "),
    );
    let deployment = read(&text);
    let resource = deployment.resources().next().unwrap();
    let Body::BucketPolicy(policy) = &resource.body else { return };
    assert!(policy.policy.first_unknown().is_some());
}

/// A dynamic block over something unknown makes all blocks of its type unknown, those beside it too.
#[test]
fn an_unknown_number_of_blocks() {
    let mrap = r#"{"details": [{"name": "data", "public_access_block": []}]}"#;
    let unknown = r#"{"details": [{"public_access_block": [], "region": true}]}"#;
    let beside = r#"{"details": [{"region": [{"bucket": {"constant_value": "acme-data"}}]}]}"#;
    for given in ["{\"details\": [{}]}", beside] {
        let deployment =
            read(&plan(&[("aws_s3control_multi_region_access_point.data", mrap, unknown, given)], ""));
        let (_, mrap) = deployment.mraps().next().unwrap();
        assert_eq!(mrap.buckets.len(), 1);
        assert!(
            mrap.buckets
                .iter()
                .all(|it| it.bucket.as_computed().is_some_and(|text| text.first_unknown().is_some()))
        );
    }
    let rules = r#"{"bucket": "acme-data", "role": "arn:aws:iam::123456789012:role/r"}"#;
    let address = "aws_s3_bucket_replication_configuration.data";
    insta::assert_snapshot!(refused(&plan(&[(address, rules, "{\"rule\": true}", "{}")], "")), @r"
    `rule` of aws_s3_bucket_replication_configuration.data is `known after apply, in a dynamic block; narrows plan works it out`, which cannot be worked out here: expected blocks whose number is known; give the value, or check a plan that has it (narrows plan DIR makes one)
      at plan.json:1 (planned_values.root_module.resources[0])
    ");
}

/// An empty block gives nothing, and is no expression.
#[test]
fn an_empty_block_gives_nothing() {
    let values = r#"{"bucket": "acme-data", "role": "arn:aws:iam::123456789012:role/r", "rule": [
        {"status": "Enabled", "filter": [{"and": [], "tag": []}], "destination": [{"bucket": "arn:aws:s3:::acme-copy"}]}]}"#;
    let unknown = r#"{"rule": [{"id": true, "filter": [{"prefix": true}], "destination": [{}]}]}"#;
    let given = r#"{"rule": [{"filter": [{}], "destination": [{"bucket": {"constant_value": "arn:aws:s3:::acme-copy"}}]}]}"#;
    let deployment =
        read(&plan(&[("aws_s3_bucket_replication_configuration.data", values, unknown, given)], ""));
    let resource = deployment.resources().next().unwrap();
    let Body::BucketReplication(replication) = &resource.body else { return };
    let rule = replication.rules.first().unwrap();
    assert_eq!((rule.prefix.as_str(), rule.id.as_str()), ("", ""));
}
