//! The command of requests of each kind.

use super::table::{CALLS, SETTABLE};
use super::{command, quote};
use narrows_iam::actions;
use narrows_prover::{Counterexample, Route};
use std::collections::BTreeMap;

const MRAP: &str = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";
const REGIONAL: &str = "arn:aws:s3:eu-west-2:123456789012:accesspoint/other";

fn request(action: &str, resource: &str, key: Option<&str>, route: Route) -> Counterexample {
    Counterexample {
        principal: "arn:aws:iam::123456789012:role/app".to_owned(),
        action: action.to_owned(),
        resource: resource.to_owned(),
        context: BTreeMap::new(),
        legs: Vec::new(),
        route,
        bucket: "data".to_owned(),
        key: key.map(str::to_owned),
        region: Some("eu-west-2".to_owned()),
        moment: None,
        near: None,
        elsewhere: None,
        request: narrows_iam::Request {
            principal: narrows_iam::Principal::Anonymous,
            action: action.to_owned(),
            resource: resource.to_owned(),
            context: narrows_iam::Context::default(),
        },
    }
}

fn object(action: &str, key: &str) -> Counterexample {
    request(action, &format!("arn:aws:s3:::data/{key}"), Some(key), Route::Direct)
}

fn with(mut found: Counterexample, context: &[(&str, &str)]) -> String {
    found.context =
        context.iter().map(|(key, value)| ((*key).to_owned(), vec![(*value).to_owned()])).collect();
    command(&found).unwrap_or_else(|| "none".to_owned())
}

#[test]
fn the_target_is_what_the_request_names() {
    let get = |resource: &str, route| {
        let found = request("s3:GetObject", resource, Some("reports/a b.txt"), route);
        command(&found).unwrap_or_else(|| "none".to_owned())
    };
    let all = [
        get("arn:aws:s3:::data/reports/a b.txt", Route::Direct),
        get(&format!("{MRAP}/object/reports/a b.txt"), Route::Mrap(0)),
        get(&format!("{REGIONAL}/object/reports/a b.txt"), Route::OtherAccessPoint),
        get(
            "arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/reports/a b.txt",
            Route::Mrap(0),
        ),
    ];
    insta::assert_snapshot!(all.join("\n"), @r"
    aws s3api get-object --bucket data --key 'reports/a b.txt' /dev/stdout
    aws s3api get-object --bucket arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap --key 'reports/a b.txt' /dev/stdout
    aws s3api get-object --bucket arn:aws:s3:eu-west-2:123456789012:accesspoint/other --key 'reports/a b.txt' /dev/stdout
    aws s3api get-object --bucket 'arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}' --key 'reports/a b.txt' /dev/stdout
    ");
}

#[test]
fn the_network_and_the_caller() {
    let tls = ("aws:SecureTransport", "false");
    let mut anonymous = object("s3:GetObject", "a");
    anonymous.principal = "anonymous".to_owned();
    let mut service = object("s3:PutObject", "a");
    service.principal = "logging.s3.amazonaws.com".to_owned();
    let mut nowhere = object("s3:GetObject", "a");
    nowhere.region = None;
    let through = |arn: &str, route| request("s3:GetObject", &format!("{arn}/object/a"), Some("a"), route);
    let all = [
        with(object("s3:GetObject", "a"), &[tls]),
        with(nowhere, &[tls]),
        with(through(MRAP, Route::Mrap(0)), &[tls]),
        with(through(REGIONAL, Route::OtherAccessPoint), &[tls, ("s3:AccessPointNetworkOrigin", "VPC")]),
        with(anonymous, &[("aws:SourceIp", "203.0.113.7")]),
        with(service, &[]),
        with(object("s3:GetObject", "a"), &[("s3:TlsVersion", "1.1")]),
        with(object("s3:GetObject", "a"), &[("aws:ViaAWSService", "true")]),
        with(object("s3:GetObject", "a"), &[("aws:UserAgent", "curl")]),
    ];
    insta::assert_snapshot!(all.join("\n"), @r"
    aws s3api get-object --bucket data --key a /dev/stdout --region eu-west-2 --endpoint-url http://s3.eu-west-2.amazonaws.com
    none
    none
    aws s3api get-object --bucket arn:aws:s3:eu-west-2:123456789012:accesspoint/other --key a /dev/stdout --region eu-west-2 --endpoint-url http://s3-accesspoint.eu-west-2.amazonaws.com
    aws s3api get-object --bucket data --key a /dev/stdout --no-sign-request
    none
    none
    none
    none
    ");
}

#[test]
fn what_arguments_set() {
    let bucket = |action: &str| request(action, "arn:aws:s3:::data", None, Route::Direct);
    let all = [
        with(bucket("s3:ListBucket"), &[("s3:prefix", "it's/"), ("s3:max-keys", "7")]),
        with(bucket("s3:PutBucketPolicy"), &[("aws:PrincipalArn", "arn:aws:iam::123456789012:role/app")]),
        with(bucket("s3:PutBucketPolicy"), &[("s3:prefix", "a")]),
        with(object("s3:PutObject", "a"), &[("s3:x-amz-acl", "public-read")]),
        with(object("s3:GetObjectVersion", "a"), &[("s3:VersionId", "3/L4kqtJlcpXroDTDmJ")]),
        with(object("s3:GetObjectVersion", "a"), &[]),
        with(object("s3:ReplicateObject", "a"), &[]),
    ];
    insta::assert_snapshot!(all.join("\n"), @r"
    aws s3api list-objects-v2 --bucket data --max-keys 7 --prefix 'it'\''s/'
    aws s3api put-bucket-policy --bucket data --policy file://policy.json
    none
    aws s3api put-object --bucket data --key a --acl public-read
    aws s3api get-object --bucket data --key a --version-id 3/L4kqtJlcpXroDTDmJ /dev/stdout
    aws s3api get-object --bucket data --key a --version-id null /dev/stdout
    none
    ");
}

#[test]
fn what_a_route_does_not_carry_has_no_command() {
    let listing = request("s3:ListBucketVersions", MRAP, None, Route::Mrap(0));
    assert_eq!(command(&listing), None);
    let configuration = request("s3:PutBucketPolicy", REGIONAL, None, Route::OtherAccessPoint);
    assert_eq!(command(&configuration), None);
}

#[test]
fn keys_that_a_shell_or_the_cli_would_read_otherwise() {
    let get = |key: &str| command(&object("s3:GetObject", key)).unwrap_or_else(|| "none".to_owned());
    let keys = ["$(id)", "a'b", "-rf", "~root", "a;b", "*", "file://etc/passwd", "a\nb", "naïve"];
    insta::assert_snapshot!(keys.map(get).join("\n"), @r"
    aws s3api get-object --bucket data --key '$(id)' /dev/stdout
    aws s3api get-object --bucket data --key 'a'\''b' /dev/stdout
    aws s3api get-object --bucket data --key=-rf /dev/stdout
    aws s3api get-object --bucket data --key '~root' /dev/stdout
    aws s3api get-object --bucket data --key 'a;b' /dev/stdout
    aws s3api get-object --bucket data --key '*' /dev/stdout
    none
    none
    aws s3api get-object --bucket data --key 'naïve' /dev/stdout
    ");
    assert_eq!(quote("").as_deref(), Some("''"));
}

#[test]
fn the_table_is_sorted_and_about_actions_that_there_are() {
    let names: Vec<&str> = CALLS.iter().map(|call| call.action).collect();
    assert!(names.is_sorted(), "{names:?}");
    for call in CALLS {
        let action = actions::find(call.action).unwrap();
        assert_eq!(action.qualified(), call.action);
        assert_eq!(action.is_object_action(), call.arguments.contains(&"{key}"), "{}", call.action);
    }
    for settable in SETTABLE {
        for subcommand in settable.of {
            assert!(CALLS.iter().any(|call| call.subcommand == *subcommand), "{subcommand}");
        }
    }
}
