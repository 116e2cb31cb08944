//! Plans that real engines made.

use crate::common::every_kind;
use crate::read;
use narrows_model::{Body, Deployment, Input, Kind, Region, Source};
use narrows_terraform::{Form, detect, read_config};
use std::fmt::Write;

const EMITTED: &str = include_str!("../fixtures/emitted.plan.json");
const MODULES: &str = include_str!("../fixtures/modules.plan.json");
const HCL: &str = include_str!("../fixtures/hcl.plan.json");

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

#[test]
fn a_plan_is_no_configuration() {
    assert!(read_config(&[Source::file("plan.tf.json", HCL)]).is_err());
}
