//! Previews and stacks, read.

#![expect(clippy::unwrap_used, reason = "a helper that fails should fail its test")]

mod elsewhere;
mod failed;
mod helpers;
mod left_over;
mod reported;
mod unknown;

use helpers::*;
use narrows_model::{Attribute, Body, Kind, ResourceId};
use narrows_pulumi::{Form, Read, detect, read_before};

#[test]
fn a_stack_is_its_resources_with_their_outputs() {
    let policy = r#"{"bucket": "orders-eu", "policy": "{\"Version\":\"2012-10-17\",\"Statement\":[]}"}"#;
    let outputs = r#"{"alias": "mfzwi23gnjvgw.mrap", "accountId": "123456789012"}"#;
    let details = r#"{"details": {"name": "orders", "regions": [{"bucket": "orders-eu"}]}}"#;
    let role = r#"{"assumeRolePolicy": {"Version": "2012-10-17", "Statement": []}, "name": "api"}"#;
    let read = read_ok(&stack(&[
        format!(r#"{{"urn": "{}", "custom": false}}"#, urn("pulumi:pulumi:Stack", "orders-dev")),
        state("pulumi:providers:aws", "main", r#"{"region": "eu-west-2"}"#, "{}", ""),
        state(
            BUCKET,
            "data",
            r#"{"bucket": "orders-eu", "__defaults": ["bucket"]}"#,
            r#"{"arn": "arn:aws:s3:::orders-eu"}"#,
            &format!(r#", "id": "orders-eu", "provider": "{}::0d1e""#, urn("pulumi:providers:aws", "main")),
        ),
        state(POLICY, "data", policy, "{}", ""),
        state(MRAP, "orders", details, outputs, ""),
        state("aws:iam/role:Role", "api", role, r#"{"arn": "arn:aws:iam::123456789012:role/api"}"#, ""),
        state("random:index/randomId:RandomId", "x", r#"{"byteLength": 8}"#, "{}", ""),
    ]));
    assert_eq!(
        names(&read),
        [
            "bucket data",
            "bucket policy data",
            "multi-region access point orders",
            "role api",
            "random:index/randomId:RandomId x"
        ]
    );
    let bucket = get(&read, Kind::Bucket, "data");
    assert_eq!(bucket.region.as_ref().unwrap().to_text().as_literal(), Some("eu-west-2"));
    assert_eq!(bucket.address.as_str(), "urn:pulumi:dev::orders::aws:s3/bucket:Bucket::data");
    let mrap = ResourceId::new(Kind::MultiRegionAccessPoint, "orders");
    assert_eq!(
        read.deployment.value_of(&mrap.arn()).as_literal(),
        Some("arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap")
    );
    assert_eq!(read.deployment.account.as_ref().unwrap().as_str(), "123456789012");
    assert_eq!(read.notes, Vec::<String>::new());
}

#[test]
fn two_resources_of_one_name_are_refused() {
    let one = state(BUCKET, "data", "{}", "{}", "");
    let text = refused(&stack(&[one.clone(), one]));
    assert_eq!(
        text,
        "resource urn:pulumi:dev::orders::aws:s3/bucket:Bucket::data is given twice: expected it once; remove one"
    );
}

#[test]
fn a_policy_inside_a_bucket_is_one() {
    let inputs = r#"{"bucket": "orders-eu", "acl": "public-read", "versioning": {"enabled": true},
        "policy": {"Version": "2012-10-17", "Statement": []}}"#;
    let read = read_ok(&stack(&[state(BUCKET, "data", inputs, "{}", "")]));
    assert_eq!(
        names(&read),
        [
            "bucket data",
            "bucket versioning data (its versioning)",
            "bucket policy data (its policy)",
            "bucket acl data (its acl)"
        ]
    );
}

#[test]
fn a_preview_is_what_will_be() {
    let bucket = |name, more: &str| {
        let more = format!(r#", "id": "{name}"{more}"#);
        state(BUCKET, name, &format!(r#"{{"bucket": "{name}"}}"#), "{}", &more)
    };
    let untargeted = state(BUCKET, "untargeted", "{}", "{}", "");
    let [same, made, gone, kept] = [
        bucket("same", ""),
        bucket("made", ""),
        bucket("gone", ""),
        bucket("kept", r#", "retainOnDelete": true"#),
    ];
    let (old, new) = (bucket("old", ""), bucket("old", ""));
    let value = preview(
        &[
            step("same", Some(&same), Some(&same)),
            step("create", None, Some(&made)),
            step("replace", Some(&old), Some(&new)),
            step("create-replacement", Some(&old), Some(&new)),
            step("delete-replaced", Some(&old), None),
            step("delete", Some(&gone), None),
            step("delete", Some(&kept), None),
            step("same", Some(&untargeted), Some(&untargeted)),
        ],
        2,
    );
    let read = read_ok(&value);
    assert_eq!(names(&read), ["bucket kept", "bucket made", "bucket old", "bucket same"]);
    assert_eq!(read.replaced.iter().map(ToString::to_string).collect::<Vec<_>>(), ["bucket old"]);
    assert_eq!(
        read.notes,
        [
            "counted, since the update leaves them where they are: urn:pulumi:dev::orders::aws:s3/bucket:Bucket::kept"
        ]
    );
    let before = read_before(&value).unwrap();
    let names: Vec<String> = before.resources().map(|resource| resource.id.to_string()).collect();
    assert_eq!(names, ["bucket gone", "bucket kept", "bucket old", "bucket same"]);
}

#[test]
fn what_is_left_out_of_a_preview_is_refused() {
    let same = state(BUCKET, "same", "{}", "{}", "");
    let steps = [step("same", Some(&same), Some(&same))];
    assert_eq!(
        refused(&preview(&steps, 3)),
        "a preview that shows 1 of its 3 unchanged resources is not supported here: their policies count too; make it with \
         pulumi preview --json --show-sames"
    );
    assert!(
        refused(&parse(r#"{"steps": [{"op": "same", "urn": "u"}]}"#))
            .starts_with("`changeSummary` is missing")
    );
    let odd = preview(&[step("rename", None, None)], 0);
    assert!(refused(&odd).starts_with("`op` of the preview is `rename`"), "{}", refused(&odd));
}

#[test]
fn a_value_that_is_known_only_later_is_that_of_what_it_comes_from() {
    let bucket = |name| state(BUCKET, name, "{}", &format!(r#"{{"arn": "{UNKNOWN}"}}"#), "");
    let from = |property: &str, urns: &[String]| {
        format!(r#", "propertyDependencies": {{"{property}": {:?}}}"#, urns)
    };
    let [a, b] = ["a", "b"].map(|name| urn(BUCKET, name));
    let inputs = format!(r#"{{"bucket": "{UNKNOWN}", "policy": "{UNKNOWN}"}}"#);
    let details = format!(
        r#"{{"details": {{"name": "orders", "regions": [{{"bucket": "{UNKNOWN}"}}, {{"bucket": "{UNKNOWN}"}}]}}}}"#
    );
    let both = from("bucket", &[a.clone(), b.clone()]);
    let value = preview(
        &[
            step("create", None, Some(&bucket("a"))),
            step("create", None, Some(&bucket("b"))),
            step(
                "create",
                None,
                Some(&state(POLICY, "one", &inputs, "{}", &from("bucket", std::slice::from_ref(&a)))),
            ),
            step("create", None, Some(&state(POLICY, "either", &inputs, "{}", &both))),
            step("create", None, Some(&state(MRAP, "orders", &details, "{}", &from("details", &[b, a])))),
        ],
        0,
    );
    let read = read_ok(&value);
    let of = |name: &str| match &get(&read, Kind::BucketPolicy, name).body {
        Body::BucketPolicy(it) => (it.bucket.to_text().to_string(), it.policy.to_string()),
        _ => (String::new(), String::new()),
    };
    let spelled = |name: &str, property: &str| format!("${{{property} of {}}}", urn(POLICY, name));
    let (bucket, policy) = of("one");
    assert_eq!((bucket.as_str(), policy), ("${bucket a.id}", format!("{:?}", spelled("one", "policy"))));
    assert_eq!(of("either").0, spelled("either", "bucket"));
    match &get(&read, Kind::MultiRegionAccessPoint, "orders").body {
        Body::MultiRegionAccessPoint(it) => {
            let names: Vec<String> = it.buckets.iter().map(|it| it.bucket.to_text().to_string()).collect();
            assert_eq!(names, ["${bucket a.id}", "${bucket b.id}"]);
        }
        other => assert_eq!(other.kind(), Kind::MultiRegionAccessPoint),
    }
    assert_eq!(read.deployment.assumptions().count(), 1);
    let region = get(&read, Kind::Bucket, "a").region.as_ref().map(|region| region.to_text().to_string());
    assert_eq!(region, None, "the provider is not named");
}

#[test]
fn an_unchanged_resource_has_the_outputs_that_it_had() {
    let details = r#"{"details": {"name": "orders", "regions": [{"bucket": "orders-eu"}]}}"#;
    let old = state(MRAP, "orders", details, r#"{"alias": "mfzwi23gnjvgw.mrap"}"#, "");
    let new = state(MRAP, "orders", details, &format!(r#"{{"alias": "{UNKNOWN}"}}"#), "");
    let alias = |op| {
        let read = read_ok(&preview(&[step(op, Some(&old), Some(&new))], 0));
        match &get(&read, Kind::MultiRegionAccessPoint, "orders").body {
            Body::MultiRegionAccessPoint(it) => it.alias.as_ref().map(ToString::to_string),
            _ => None,
        }
    };
    assert_eq!(alias("update").as_deref(), Some("mfzwi23gnjvgw.mrap"));
    assert_eq!(alias("replace"), None);
}

#[test]
fn policies_that_a_role_reports_may_be_about_to_go() {
    let inputs = r#"{"name": "api", "assumeRolePolicy": "{}"}"#;
    let outputs = r#"{"inlinePolicies": [{"name": "old", "policy": "{}"}]}"#;
    let role = state("aws:iam/role:Role", "api", inputs, outputs, "");
    let count = |read: Read| match &get(&read, Kind::Role, "api").body {
        Body::Role(role) => role.inline_policies.len(),
        _ => usize::MAX,
    };
    assert_eq!(count(read_ok(&preview(&[step("update", Some(&role), Some(&role))], 0))), 0);
    assert_eq!(count(read_ok(&stack(&[role]))), 1);
}

#[test]
fn secrets_are_unknown_and_said() {
    let inputs = format!(r#"{{"bucket": "orders-eu", "policy": {SECRET}}}"#);
    let read = read_ok(&stack(&[state(POLICY, "data", &inputs, "{}", "")]));
    assert_eq!(read.notes, ["1 of the values is secret, and taken to be unknown"]);
    match &get(&read, Kind::BucketPolicy, "data").body {
        Body::BucketPolicy(it) => {
            assert!(it.policy.first_unknown().unwrap().starts_with("the secret policy of "))
        }
        other => assert_eq!(other.kind(), Kind::BucketPolicy),
    }
}

#[test]
fn a_policy_of_an_endpoint_is_the_endpoints() {
    let endpoint = r#"{"vpcId": "vpc-0a1b2c3d", "serviceName": "com.amazonaws.s3-global.accesspoint",
        "vpcEndpointType": "Interface"}"#;
    let policy = format!(r#"{{"vpcEndpointId": "{UNKNOWN}", "policy": "{{}}"}}"#);
    let type_name = "aws:ec2/vpcEndpoint:VpcEndpoint";
    let from = format!(r#", "propertyDependencies": {{"vpcEndpointId": ["{}"]}}"#, urn(type_name, "s3"));
    let read = read_ok(&preview(
        &[
            step("create", None, Some(&state(type_name, "s3", endpoint, "{}", ""))),
            step(
                "create",
                None,
                Some(&state("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", "s3", &policy, "{}", &from)),
            ),
        ],
        0,
    ));
    match &get(&read, Kind::VpcEndpoint, "s3").body {
        Body::VpcEndpoint(it) => assert_eq!(it.policy.as_ref().unwrap().to_string(), r#""{}""#),
        other => assert_eq!(other.kind(), Kind::VpcEndpoint),
    }
}

#[test]
fn providers_tell_accounts() {
    let provider = |name, account: &str| {
        let inputs = format!(r#"{{"allowedAccountIds": "[\"{account}\"]", "region": "eu-west-2"}}"#);
        state("pulumi:providers:aws", name, &inputs, "{}", "")
    };
    let bucket = |name, by| {
        let by = format!(r#", "provider": "{}::1""#, urn("pulumi:providers:aws", by));
        state(BUCKET, name, "{}", "{}", &by)
    };
    let read = read_ok(&stack(&[
        provider("one", "123456789012"),
        provider("two", "210987654321"),
        bucket("a", "one"),
        bucket("b", "two"),
    ]));
    assert_eq!(read.deployment.account, None);
    let of = |name| read.deployment.account_of(&ResourceId::new(Kind::Bucket, name)).map(ToString::to_string);
    assert_eq!((of("a").as_deref(), of("b").as_deref()), (Some("123456789012"), Some("210987654321")));
    assert_eq!(
        read.deployment.value_of(&ResourceId::new(Kind::Bucket, "a").attribute(Attribute::Id)).to_string(),
        "${bucket a.id}"
    );
}

#[test]
fn what_a_value_is_its_content_says() {
    assert_eq!(detect(&preview(&[], 0)), Some(Form::Preview));
    assert_eq!(detect(&stack(&[])), Some(Form::Stack));
    let kept =
        r#"{"version": 3, "checkpoint": {"stack": "dev", "latest": {"manifest": {}, "resources": []}}}"#;
    assert_eq!(detect(&parse(kept)), Some(Form::Stack));
    for other in [
        "[]",
        "{}",
        r#"{"version": 4, "resources": []}"#,
        r#"{"version": 3, "deployment": {}}"#,
        r#"{"steps": []}"#,
    ] {
        assert_eq!(detect(&parse(other)), None, "{other}");
    }
    let future = r#"{"version": 5, "deployment": {"resources": []}}"#;
    assert_eq!(
        refused(&parse(future)),
        "a stack of version 5 is not supported here: expected version 3 or 4, the last that this version of Narrows knows"
    );
}
