//! Plans: what a real engine printed, and the places where values are known after apply.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::every_kind;
use narrows_model::resources::s3::{Acl, AclGrant, AclPermission, CannedAcl, Grantee};
use narrows_model::{Body, Deployment, Input, Kind, Region, Resource, ResourceId, Source, Value, ValueKind};
use narrows_terraform::{Form, detect, read_config, read_plan};
use std::fmt::Write;

const EMITTED: &str = include_str!("fixtures/emitted.plan.json");
const MODULES: &str = include_str!("fixtures/modules.plan.json");
const HCL: &str = include_str!("fixtures/hcl.plan.json");

fn read(text: &str) -> Deployment {
    read_plan(&Source::file("plan.json", text)).unwrap()
}

#[test]
fn plans_and_states_are_recognised() {
    let json = |text: &str| narrows_model::json::parse(&Source::file("t", text)).unwrap();
    assert_eq!(detect(&json(EMITTED)), Some(Form::Plan));
    assert_eq!(detect(&json(HCL)), Some(Form::Plan));
    for state in [
        r#"{"format_version": "1.0", "values": {"root_module": {}}}"#,
        r#"{"format_version": "1.0", "terraform_version": "1.11.4"}"#,
        r#"{"format_version": "1.0"}"#,
    ] {
        assert_eq!(detect(&json(state)), Some(Form::State), "{state}");
    }
    for other in ["{}", "[]", "1", r#"{"Resources": {}}"#, r#"{"values": {"root_module": {}}}"#] {
        assert_eq!(detect(&json(other)), None, "{other}");
    }
}

/// The plan of what was emitted holds what was emitted, with the provider's Region where a resource gave none, and sets
/// in the engine's order.
#[test]
fn the_plan_of_what_was_emitted() {
    let mut planned = read(EMITTED);
    let mut expected = every_kind();
    for resource in expected.resources_mut() {
        if matches!(resource.id.kind, Kind::MultiRegionAccessPoint | Kind::MultiRegionAccessPointPolicy) {
            resource.region = Some(Input::known(Region::MRAP_CONTROL));
        }
    }
    for resource in expected.resources_mut().chain(planned.resources_mut()) {
        match &mut resource.body {
            Body::MetricAlarm(alarm) => alarm.dimensions.sort_by(|a, b| a.0.cmp(&b.0)),
            Body::MultiRegionAccessPoint(mrap) => mrap.buckets.sort_by_key(|it| it.bucket.to_text()),
            Body::MultiRegionAccessPointRoutes(it) => it.routes.sort_by_key(|route| route.region.to_text()),
            _ => {}
        }
    }
    // Names that the plan knows are no longer references to what they were given.
    let known = expected.clone();
    for resource in expected.resources_mut() {
        for_each_name(&mut resource.body, &known);
    }
    for (planned, expected) in planned.resources().zip(expected.resources()) {
        assert_eq!(planned, expected);
    }
    assert_eq!(planned, expected);
}

/// Replaces the names of buckets, roles and MRAPs by what they are.
fn for_each_name(body: &mut Body, deployment: &Deployment) {
    fn known<T: std::fmt::Display + std::str::FromStr<Err: std::fmt::Debug>>(
        input: &mut Input<T>,
        deployment: &Deployment,
    ) {
        let text = deployment.expand(&input.to_text());
        if text.as_literal().is_some()
            && input.as_reference().is_some_and(|it| it.attribute != narrows_model::Attribute::Arn)
        {
            *input = Input::parse(text).unwrap();
        }
    }
    match body {
        Body::BucketVersioning(it) => known(&mut it.bucket, deployment),
        Body::BucketPublicAccessBlock(it) => known(&mut it.bucket, deployment),
        Body::BucketOwnershipControls(it) => known(&mut it.bucket, deployment),
        Body::BucketPolicy(it) => known(&mut it.bucket, deployment),
        Body::BucketReplication(it) => known(&mut it.bucket, deployment),
        Body::BucketMetric(it) => known(&mut it.bucket, deployment),
        Body::MultiRegionAccessPoint(it) => {
            it.buckets.iter_mut().for_each(|it| known(&mut it.bucket, deployment))
        }
        Body::MultiRegionAccessPointPolicy(it) => known(&mut it.mrap, deployment),
        Body::MultiRegionAccessPointRoutes(it) => {
            it.routes.iter_mut().for_each(|it| known(&mut it.bucket, deployment))
        }
        Body::RolePolicy(it) => known(&mut it.role, deployment),
        Body::MetricAlarm(it) => {
            it.dimensions.iter_mut().for_each(|(_, value)| value.0 = deployment.expand(&value.0));
        }
        _ => {}
    }
}

/// One line for each resource: what it is, where, and what it refers to or holds.
fn summary(deployment: &Deployment) -> String {
    let mut out = format!("account {:?}, partition {}\n", deployment.account, deployment.partition);
    for resource in deployment.resources() {
        let region = resource.region.as_ref().map(|region| region.to_text().to_string()).unwrap_or_default();
        let _ = writeln!(out, "{} [{region}]", resource.address.as_str());
        let mut line = |name: &str, text: String| {
            let _ = writeln!(out, "    {name}: {text}");
        };
        match &resource.body {
            Body::Bucket(it) => line("name", it.name.as_ref().unwrap().to_text().to_string()),
            Body::BucketVersioning(it) => line("bucket", it.bucket.to_text().to_string()),
            Body::BucketPolicy(it) => {
                line("bucket", it.bucket.to_text().to_string());
                line("policy", it.policy.to_string());
            }
            Body::BucketReplication(it) => {
                line("bucket", it.bucket.to_text().to_string());
                line("role", it.role.to_text().to_string());
                line(
                    "depends on",
                    format!("{:?}", resource.depends_on.iter().map(ToString::to_string).collect::<Vec<_>>()),
                );
            }
            Body::MultiRegionAccessPoint(it) => {
                it.buckets.iter().for_each(|bucket| line("bucket", bucket.bucket.to_text().to_string()));
                line("alias", format!("{:?}", it.alias));
            }
            Body::MultiRegionAccessPointPolicy(it) => {
                line("mrap", it.mrap.to_text().to_string());
                line("policy", it.policy.to_string());
            }
            Body::MultiRegionAccessPointRoutes(it) => {
                line("mrap", it.mrap.to_text().to_string());
                it.routes.iter().for_each(|route| {
                    line(
                        "route",
                        format!("{} {} {:?}", route.bucket.to_text(), route.region.to_text(), route.dial),
                    );
                });
            }
            Body::VpcEndpoint(it) => {
                it.security_groups.iter().for_each(|group| line("group", group.to_text().to_string()));
                line("id", format!("{:?}", it.id));
            }
            Body::Other(other) => line("arguments", other.arguments.to_string()),
            _ => {}
        }
    }
    out
}

#[test]
fn the_plan_of_a_configuration_in_hcl() {
    insta::assert_snapshot!(summary(&read(HCL)), @r#"
    account Some(AccountId("123456789012")), partition aws
    aws_s3_bucket.data["london"] [eu-west-2]
        name: acme-data-eu-west-2
    aws_s3_bucket.data["virginia"] [us-east-1]
        name: acme-data-us-east-1
    module.archive.aws_s3_bucket.this [ap-northeast-3]
        name: acme-data-ap-northeast-3
    aws_s3_bucket_versioning.data["london"] [eu-west-2]
        bucket: ${bucket data["london"].id}
    aws_s3_bucket_versioning.data["virginia"] [us-east-1]
        bucket: ${bucket data["virginia"].id}
    module.archive.aws_s3_bucket_versioning.this [eu-west-2]
        bucket: ${bucket module.archive.this.id}
    aws_s3_bucket_policy.data["london"] [eu-west-2]
        bucket: ${bucket data["london"].id}
        policy: "${known after apply, from local.only_through_mrap; narrows plan works it out}"
    aws_s3_bucket_policy.data["virginia"] [us-east-1]
        bucket: ${bucket data["virginia"].id}
        policy: "${known after apply, from local.only_through_mrap (value 2); narrows plan works it out}"
    module.archive.aws_s3_bucket_replication_configuration.this [eu-west-2]
        bucket: ${bucket module.archive.this.id}
        role: ${role reader.arn}
        depends on: ["bucket versioning module.archive.this"]
    aws_s3control_multi_region_access_point.data [eu-west-2]
        bucket: acme-data-us-east-1
        bucket: ${bucket data["london"].id}
        bucket: ${bucket module.archive.this.id}
        alias: None
    aws_s3control_multi_region_access_point_policy.data [eu-west-2]
        mrap: ${multi-region access point data.name}
        policy: "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"${known after apply, from aws_s3control_multi_region_access_point.data.arn; narrows plan works it out}\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:role/reader\"}}]}"
    aws_s3control_multi_region_access_point_routes.data [us-east-1]
        mrap: ${multi-region access point data.arn}
        route: ${known after apply, in a dynamic block; narrows plan works it out} eu-west-2 Active
        route: ${known after apply, in a dynamic block (value 2); narrows plan works it out} us-east-1 Passive
    aws_iam_role.reader []
    aws_vpc_endpoint.mrap [eu-west-2]
        group: sg-0a1b2c3d4e5f60718
        group: ${security group endpoint[0].id}
        group: ${security group endpoint[1].id}
        id: None
    aws_security_group.endpoint[0] [eu-west-2]
    aws_security_group.endpoint[1] [eu-west-2]
    "#);
}

/// Values passed into and out of modules, for each instance of a module and of a resource in it.
#[test]
fn the_plan_of_modules_in_json() {
    insta::assert_snapshot!(summary(&read(MODULES)), @r#"
    account None, partition aws
    module.app["x"].aws_s3_bucket.b [eu-west-2]
        name: acme-x
    module.app["y"].aws_s3_bucket.b [us-east-1]
        name: acme-y
    module.app["x"].aws_s3_bucket_policy.b[0] [us-west-2]
        bucket: ${bucket module.app["x"].b.id}
        policy: "{\"A\":\"${multi-region access point m.arn} acme-x eu-west-2 reader ${x} d 0 ${bucket module.app["x"].b.arn}\"}"
    module.app["x"].aws_s3_bucket_policy.b[1] [us-west-2]
        bucket: ${bucket module.app["x"].b.id}
        policy: "{\"A\":\"${multi-region access point m.arn} acme-x eu-west-2 reader ${x} d 1 ${bucket module.app["x"].b.arn}\"}"
    module.app["y"].aws_s3_bucket_policy.b[0] [us-west-2]
        bucket: ${bucket module.app["y"].b.id}
        policy: "{\"A\":\"${multi-region access point m.arn} acme-y us-east-1 reader ${x} d 0 ${bucket module.app["y"].b.arn}\"}"
    module.app["y"].aws_s3_bucket_policy.b[1] [us-west-2]
        bucket: ${bucket module.app["y"].b.id}
        policy: "{\"A\":\"${multi-region access point m.arn} acme-y us-east-1 reader ${x} d 1 ${bucket module.app["y"].b.arn}\"}"
    aws_s3control_multi_region_access_point.m [us-west-2]
        bucket: ${bucket module.app["x"].b.id}
        bucket: ${bucket module.app["y"].b.id}
        alias: None
    "#);
}

/// A plan of the resources given as `type.name = (values, after_unknown, expressions)`.
fn plan(resources: &[(&str, &str, &str, &str)], rest: &str) -> String {
    let mut planned = Vec::new();
    let mut changes = Vec::new();
    let mut configured = Vec::new();
    for (address, values, unknown, expressions) in resources {
        let (type_name, name) = address.split_once('.').unwrap();
        let head =
            format!(r#""address": "{address}", "mode": "managed", "type": "{type_name}", "name": "{name}""#);
        planned.push(format!(r#"{{{head}, "values": {values}}}"#));
        changes
            .push(format!(r#"{{{head}, "change": {{"actions": ["create"], "after_unknown": {unknown}}}}}"#));
        configured.push(format!(r#"{{{head}, "expressions": {expressions}}}"#));
    }
    format!(
        r#"{{"format_version": "1.2", "planned_values": {{"root_module": {{"resources": [{}]}}}},
            "resource_changes": [{}], "configuration": {{"root_module": {{"resources": [{}]}}}} {rest}}}"#,
        planned.join(", "),
        changes.join(", "),
        configured.join(", ")
    )
}

#[test]
fn values_of_what_exists_are_known() {
    let arn = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";
    let deployment = read(&plan(
        &[
            (
                "aws_s3control_multi_region_access_point.data",
                r#"{"alias": "mfzwi23gnjvgw.mrap", "details": [{"name": "data", "public_access_block": [], "region": [{"bucket": "acme-data"}]}]}"#,
                "{}",
                "{}",
            ),
            (
                "aws_vpc_endpoint.data",
                r#"{"id": "vpce-0a1b2c3d4e5f60718", "vpc_id": "vpc-0a1b2c3d4e5f60718", "service_name": "com.amazonaws.s3-global.accesspoint", "policy": "{\"Version\":\"2012-10-17\"}"}"#,
                "{}",
                "{}",
            ),
            (
                "aws_s3_bucket_policy.data",
                &format!(r#"{{"bucket": "acme-data", "policy": "{{\"Id\":\"{arn} ${{aws:username}}\"}}"}}"#),
                "{}",
                "{}",
            ),
        ],
        "",
    ));
    let (_, mrap) = deployment.mraps().next().unwrap();
    assert_eq!(mrap.alias.as_ref().unwrap().as_str(), "mfzwi23gnjvgw.mrap");
    let (_, endpoint) = deployment.endpoints().next().unwrap();
    assert_eq!(endpoint.id.as_ref().unwrap().as_str(), "vpce-0a1b2c3d4e5f60718");
    // Known values are no templates: a policy variable stays what it is.
    let policy = deployment.get(&ResourceId::new(Kind::BucketPolicy, "data")).unwrap();
    let Body::BucketPolicy(policy) = &policy.body else { return };
    let ValueKind::Json(document) = &policy.policy.kind else { return };
    assert_eq!(document.get("Id").and_then(Value::as_str), Some(format!("{arn} ${{aws:username}}").as_str()));
}

/// A role in a plan shows the policies that it had before, those among them that are taken away now.
#[test]
fn what_a_role_reports_is_not_what_it_is_given() {
    let values = r#"{"name": "app", "assume_role_policy": "{}", "managed_policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
                     "inline_policy": [{"name": "old", "policy": "{}"}]}"#;
    let role = |expressions: &str, unknown: &str, values: &str| {
        let deployment = read(&plan(&[("aws_iam_role.app", values, unknown, expressions)], ""));
        let app = deployment.get(&ResourceId::new(Kind::Role, "app")).unwrap();
        let Body::Role(role) = &app.body else { return (usize::MAX, 0) };
        (role.managed_policies.len(), role.inline_policies.len())
    };
    assert_eq!(role("{}", "{}", values), (0, 0));
    let listed = r#"{"managed_policy_arns": {"constant_value": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}}"#;
    assert_eq!(role(listed, "{}", values), (1, 0));
    let inline =
        r#"{"inline_policy": [{"name": {"constant_value": "old"}, "policy": {"constant_value": "{}"}}]}"#;
    assert_eq!(role(inline, "{}", values), (0, 1));
    let nothing = r#"{"name": "app", "assume_role_policy": "{}"}"#;
    assert_eq!(role("{}", r#"{"managed_policy_arns": true, "inline_policy": true}"#, nothing), (0, 0));
}

/// What an endpoint or a key shows as its policy may be what the plan takes away.
#[test]
fn a_policy_that_is_reported_does_not_outlive_what_gave_it() {
    const ID: &str = "vpce-0a1b2c3d";
    const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let shown = |type_name: &str, more: &[(&str, &str, &str, &str)], deleted: &str, expressions: &str| {
        let id = if type_name == "aws_vpc_endpoint" { ID } else { KEY };
        let values = format!(
            r#"{{"id": "{id}", "key_id": "{id}", "policy": "{{\"Statement\": []}}", "vpc_id": "vpc-0a1b2c3d", "service_name": "com.amazonaws.eu-west-2.s3"}}"#
        );
        let address = format!("{type_name}.it");
        let mut resources = vec![(address.as_str(), values.as_str(), "{}", expressions)];
        resources.extend(more);
        let text = plan(&resources, "");
        let text =
            text.replacen(r#""resource_changes": ["#, &format!(r#""resource_changes": [{deleted}"#), 1);
        let deployment = read(&text);
        let policy = deployment.resources().find_map(|resource| match &resource.body {
            Body::VpcEndpoint(endpoint) => Some(endpoint.policy.clone()),
            Body::Key(key) => Some(key.policy.clone()),
            _ => None,
        });
        policy.unwrap().map(|policy| policy.first_unknown().map(str::to_owned).unwrap_or_default())
    };
    let given = r#"{"policy": {"constant_value": "{}"}}"#;
    for (type_name, holder, argument, id) in [
        ("aws_vpc_endpoint", "aws_vpc_endpoint_policy", "vpc_endpoint_id", ID),
        ("aws_kms_key", "aws_kms_key_policy", "key_id", KEY),
    ] {
        let deleted = |id: &str| {
            format!(
                r#"{{"address": "{holder}.it", "mode": "managed", "type": "{holder}", "name": "it",
                     "change": {{"actions": ["delete"], "before": {{"{argument}": "{id}"}}, "after": null}}}}, "#
            )
        };
        let taken = shown(type_name, &[], &deleted(id), "{}");
        match type_name {
            "aws_vpc_endpoint" => assert_eq!(taken, None),
            _ => assert_eq!(
                taken.as_deref(),
                Some("known after apply: the plan deletes the aws_kms_key_policy of aws_kms_key.it")
            ),
        }
        assert_eq!(shown(type_name, &[], &deleted("another"), "{}").as_deref(), Some(""));
        assert_eq!(shown(type_name, &[], "", "{}").as_deref(), Some(""));
        assert_eq!(shown(type_name, &[], &deleted(id), given).as_deref(), Some(""));
        // One whose target is known only after apply may be this one's.
        let address = format!("{holder}.it");
        let (unknown, expression) = (
            format!(r#"{{"{argument}": true}}"#),
            format!(r#"{{"{argument}": {{"references": ["local.somewhere"]}}}}"#),
        );
        let made = [(address.as_str(), r#"{"policy": "{}"}"#, unknown.as_str(), expression.as_str())];
        let why = shown(type_name, &made, "", "{}").unwrap();
        assert!(why.starts_with(&format!("known after apply: the {holder} of `")), "{why}");
    }
}

/// The access control lists of a plan with one bucket of these values and expressions, and perhaps more.
fn lists(values: &str, unknown: &str, expressions: &str, more: &[(&str, &str, &str, &str)]) -> Vec<Acl> {
    let mut resources = vec![("aws_s3_bucket.data", values, unknown, expressions)];
    resources.extend(more);
    let deployment = read(&plan(&resources, ""));
    let list = |resource: &Resource| match &resource.body {
        Body::BucketAcl(it) => Some(it.acl.clone()),
        _ => None,
    };
    deployment.resources().filter_map(list).collect()
}

#[test]
fn a_list_that_stands_with_its_bucket_counts() {
    let configured = r#"{"acl": {"constant_value": "it"}}"#;
    let canned = |acl: &str| lists(&format!(r#"{{"bucket": "data", "acl": {acl}}}"#), "{}", configured, &[]);
    assert_eq!(canned(r#""public-read""#), [Acl::Canned(CannedAcl::PublicRead)]);
    assert_eq!(canned(r#""private""#), []);
    assert_eq!(canned("null"), []);
    let owner = r#"{"id": "0a1b", "type": "CanonicalUser", "permissions": ["FULL_CONTROL"], "uri": ""}"#;
    let group = r#"{"id": "", "type": "Group", "permissions": ["READ", "READ_ACP"], "uri": "http://acs.amazonaws.com/groups/global/AllUsers"}"#;
    let reported = |grants: &str, more: &[(&str, &str, &str, &str)]| {
        lists(&format!(r#"{{"bucket": "data", "grant": [{grants}]}}"#), "{}", "{}", more)
    };
    assert_eq!(reported(owner, &[]), []);
    let found = reported(&format!("{owner}, {group}"), &[]);
    let [Acl::Grants { owner: id, grants }] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(id, "0a1b");
    let all = Grantee::Group(Grantee::ALL_USERS.to_owned());
    assert!(grants.contains(&AclGrant { grantee: all.clone(), permission: AclPermission::Read }));
    assert!(grants.contains(&AclGrant { grantee: all, permission: AclPermission::ReadAcp }));
    // What a resource of its own says is what will be.
    let own = [("aws_s3_bucket_acl.data", r#"{"bucket": "data", "acl": "private"}"#, "{}", "{}")];
    assert_eq!(reported(group, &own), [Acl::Canned(CannedAcl::Private)]);
    let text = plan(&[("aws_s3_bucket.data", r#"{"bucket": "data"}"#, r#"{"acl": true}"#, configured)], "");
    insta::assert_snapshot!(read_plan(&Source::file("plan.json", text)).unwrap_err(), @"`acl` of aws_s3_bucket.data, known only after apply, is not supported here: write it out; the AWS provider deprecates it, so better in an aws_s3_bucket_acl");
}

/// A bucket whose policy something else manages has it still.
#[test]
fn a_policy_that_a_bucket_reports_counts_unless_the_plan_takes_it_away() {
    let values = r#"{"bucket": "data", "policy": "{\"Statement\": []}"}"#;
    let held = |deleted: &str, more: &[(&str, &str, &str, &str)]| {
        let mut resources = vec![("aws_s3_bucket.data", values, "{}", "{}")];
        resources.extend(more);
        let text = plan(&resources, "");
        let text =
            text.replacen(r#""resource_changes": ["#, &format!(r#""resource_changes": [{deleted}"#), 1);
        read(&text).of_kind(Kind::BucketPolicy).count()
    };
    let deleted = |bucket: &str| {
        format!(
            r#"{{"address": "aws_s3_bucket_policy.old", "mode": "managed", "type": "aws_s3_bucket_policy", "name": "old",
                 "change": {{"actions": ["delete"], "before": {{"bucket": "{bucket}"}}, "after": null}}}}, "#
        )
    };
    assert_eq!(held("", &[]), 1);
    assert_eq!(held(&deleted("data"), &[]), 0);
    assert_eq!(held(&deleted("other"), &[]), 1);
    let own = [("aws_s3_bucket_policy.data", r#"{"bucket": "data", "policy": "{}"}"#, "{}", "{}")];
    assert_eq!(held("", &own), 1);
}

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

/// The error for a plan.
fn refused(text: &str) -> String {
    let error = read_plan(&Source::file("plan.json", text)).unwrap_err();
    format!("{error}\n  at {}", error.location())
}

#[test]
fn what_is_refused() {
    insta::assert_snapshot!(refused("{"), @r"
    not JSON: unterminated object
      at plan.json:1
    ");
    insta::assert_snapshot!(refused("{}"), @r"
    `planned_values` is missing: expected a plan, as printed by terraform show -json
      at plan.json:1
    ");
    insta::assert_snapshot!(refused("{\"format_version\": \"2.0\", \"planned_values\": {}}"), @r"
    a plan of format version 2.0 is not supported here: expected version 1; use a Terraform or OpenTofu that prints it
      at plan.json:1
    ");
    insta::assert_snapshot!(refused(&plan(&[], ", \"errored\": true")), @r"
    a plan that ended with an error is not supported here: it does not hold all resources; make it again once terraform plan succeeds
      at plan.json:1
    ");
    insta::assert_snapshot!(refused(&plan(&[], ", \"deferred_changes\": [{}]")), @r"
    a plan with deferred changes is not supported here: it does not hold all resources; apply it, and check the next plan
      at plan.json:1
    ");
    let region = r#"{"region": "ap-northwest-3"}"#;
    insta::assert_snapshot!(refused(&plan(&[("aws_s3_bucket.a", region, "{}", "{}")], "")), @r"
    `region` of aws_s3_bucket.a: `ap-northwest-3` is not an AWS Region: expected a Region code such as us-east-1; did you mean `ap-northeast-3`?
      at plan.json:1 (planned_values.root_module.resources[0].values.region)
    ");
    let twice = ("aws_s3_bucket.a", "{}", "{}", "{}");
    insta::assert_snapshot!(refused(&plan(&[twice, twice], "")), @r"
    resource aws_s3_bucket.a is given twice: expected it once; remove one
      at plan.json:1 (planned_values.root_module.resources[1])
    ");
    let inline = r#"{"policy": {"references": ["local.p"]}}"#;
    insta::assert_snapshot!(refused(&plan(&[("aws_s3_bucket.a", "{}", "{\"policy\": true}", inline)], "")), @r"
    `policy` of aws_s3_bucket.a is not supported here: the AWS provider deprecates it; move it to an aws_s3_bucket_policy
      at plan.json:2 (configuration.root_module.resources[0].expressions.policy)
    ");
    let status = r#"{"versioning_configuration": [{"status": {"references": ["aws_x.y.z"]}}]}"#;
    insta::assert_snapshot!(refused(&plan(
        &[(
            "aws_s3_bucket_versioning.a",
            r#"{"bucket": "acme-data", "versioning_configuration": [{}]}"#,
            r#"{"versioning_configuration": [{"status": true}]}"#,
            status,
        )],
        "",
    )), @r"
    `status` of aws_s3_bucket_versioning.a.versioning_configuration[0] is `known after apply, from aws_x.y.z; narrows plan works it out`, which cannot be worked out here: expected `Enabled`, `Suspended` or `Disabled`; give the value, or check a plan that has it (narrows plan DIR makes one)
      at plan.json:2 (configuration.root_module.resources[0].expressions.versioning_configuration[0].status)
    ");
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

#[test]
fn a_plan_is_no_configuration() {
    assert!(read_config(&[Source::file("plan.tf.json", HCL)]).is_err());
}
