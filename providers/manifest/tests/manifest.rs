//! Manifests and the policy files that they name.

#![expect(clippy::unwrap_used, clippy::unreachable, reason = "a test that fails should fail")]

use narrows_manifest::{ManifestError, read};
use narrows_model::{Attribute, Body, Deployment, Kind, Source};
use std::fmt::Write;

const WHOLE: &str = r#"version = 1
account = "123456789012"

[[bucket]]
name = "orders-eu-west-2"
region = "eu-west-2"
policy = "buckets/eu.json"
ownership = "BucketOwnerEnforced"
public_access_block = true
replication = { role = "arn:aws:iam::123456789012:role/copy", destinations = ["arn:aws:s3:::orders-us-east-1"] }

[[bucket]]
name = "orders-us-east-1"
region = "us-east-1"
account = "210987654321"
public_access_block = { restrict_public_buckets = true }

[[mrap]]
name = "orders"
arn = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"
buckets = ["orders-eu-west-2", "orders-us-east-1"]
policy = "mrap.json"

[[endpoint]]
id = "vpce-0a1b2c3d4e5f60718"
policy = "endpoint.json"

[[role]]
name = "copy"
trust = "trust.json"
policies = ["copy.json"]
managed_policies = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
boundary = "boundary.json"
"#;

fn deployed(text: &str) -> Result<Deployment, ManifestError> {
    let source = Source::file("narrows.policies.toml", text);
    read(&source, &mut |path| match path {
        "gone.json" => Err(format!("`{path}` is not there")),
        "list.json" => Ok(Source::file(path, "[]")),
        "bad.json" => Ok(Source::file(path, "{\n  \"Version\": ,\n}")),
        _ => Ok(Source::file(path, r#"{"Version": "2012-10-17", "Statement": []}"#)),
    })
}

fn error(text: &str) -> String {
    let error = deployed(text).unwrap_err();
    format!("{error} ({})", error.location())
}

#[test]
fn everything_that_a_manifest_says_is_there() {
    let deployment = deployed(WHOLE).unwrap();
    let mut out = String::new();
    for resource in deployment.resources() {
        let account = deployment.account_of(&resource.id).unwrap();
        let region = resource.region.as_ref().map(|region| region.to_text().to_string()).unwrap_or_default();
        writeln!(
            out,
            "{} [{account} {region}] {} {}",
            resource.id,
            resource.address.as_str(),
            resource.location
        )
        .unwrap();
    }
    insta::assert_snapshot!(out, @r"
    bucket orders-eu-west-2 [123456789012 eu-west-2]  narrows.policies.toml:4
    bucket orders-us-east-1 [210987654321 us-east-1]  narrows.policies.toml:12
    bucket public access block orders-eu-west-2 [123456789012 eu-west-2]  narrows.policies.toml:4
    bucket public access block orders-us-east-1 [210987654321 us-east-1]  narrows.policies.toml:12
    bucket ownership controls orders-eu-west-2 [123456789012 eu-west-2]  narrows.policies.toml:4
    bucket policy orders-eu-west-2 [123456789012 eu-west-2] buckets/eu.json buckets/eu.json:1
    bucket replication orders-eu-west-2 [123456789012 eu-west-2]  narrows.policies.toml:10
    multi-region access point orders [123456789012 ]  narrows.policies.toml:18
    multi-region access point policy orders [123456789012 ] mrap.json mrap.json:1
    role copy [123456789012 ]  narrows.policies.toml:28
    role policy copy copy.json [123456789012 ] copy.json copy.json:1
    managed policy copy boundary [123456789012 ] boundary.json boundary.json:1
    vpc endpoint vpce-0a1b2c3d4e5f60718 [123456789012 ] endpoint.json narrows.policies.toml:24
    ");
    let mrap = deployment.of_kind(Kind::MultiRegionAccessPoint).next().unwrap();
    let arn = deployment.value_of(&mrap.id.attribute(Attribute::Arn));
    assert_eq!(arn.as_literal(), Some("arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"));
    let Body::MultiRegionAccessPoint(body) = &mrap.body else { unreachable!() };
    let accounts: Vec<_> =
        body.buckets.iter().map(|it| it.account.as_ref().map(ToString::to_string)).collect();
    assert_eq!(accounts, [None, Some("210987654321".to_owned())]);
}

#[test]
fn json_says_the_same() {
    let toml = deployed("version = 1\n[[bucket]]\nname = \"orders\"\npolicy = \"a.json\"\n").unwrap();
    let json = deployed(r#"{"version": 1, "bucket": [{"name": "orders", "policy": "a.json"}]}"#).unwrap();
    assert_eq!(toml, json);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    insta::assert_snapshot!(error("version = 2"), @"version 2 of the manifest: expected 1 (narrows.policies.toml:1)");
    insta::assert_snapshot!(error("[[bucket]]\nname = \"orders\""), @"`version` of the manifest is missing: expected `version = 1` ((composed))");
    insta::assert_snapshot!(error("version = 1\n[[bucket]]\nname = \"Orders\""), @"`name` of a bucket: `Orders` is not a bucket name: expected only lower-case letters, digits, dots and hyphens (it has `O`) (narrows.policies.toml:3)");
    insta::assert_snapshot!(error("version = 1\n[[bucket]]\nname = \"orders\"\npolcy = \"a.json\""), @"`polcy` is not known in a bucket: expected one of name, account, region, policy, ownership, public_access_block, replication; did you mean `policy`? (narrows.policies.toml:4)");
    insta::assert_snapshot!(error("version = 1\n[[bucket]]\nname = \"orders\"\npolicy = \"gone.json\""), @"`policy` of bucket `orders`: `gone.json` is not there (narrows.policies.toml:4)");
    insta::assert_snapshot!(error("version = 1\n[[bucket]]\nname = \"orders\"\npolicy = \"list.json\""), @"list.json holds a list: expected a policy, an object with `Statement` (list.json:1)");
    insta::assert_snapshot!(error("version = 1\n[[bucket]]\nname = \"orders\"\npolicy = \"bad.json\""), @"not JSON: unexpected comma (bad.json:2)");
    insta::assert_snapshot!(error("version = 1\n[[bucket]]\nname = \"orders\"\nownership = \"BucketOwner\""), @"`ownership` of bucket `orders` is `BucketOwner`: expected one of BucketOwnerEnforced, BucketOwnerPreferred, ObjectWriter (narrows.policies.toml:4)");
    insta::assert_snapshot!(error("version = 1\n[[bucket]]\nname = \"orders\"\n[[bucket]]\nname = \"orders\""), @"bucket orders is given twice: expected it once; remove one (narrows.policies.toml:4)");
    insta::assert_snapshot!(error("version = 1\n[[mrap]]\nname = \"orders\"\nbuckets = [\"orders\"]"), @"bucket `orders` of MRAP `orders` is not described: expected a [[bucket]] of that name; add one (narrows.policies.toml:4)");
    insta::assert_snapshot!(error("version = 1\n[[mrap]]\nname = \"orders\""), @"`buckets` of MRAP `orders` is missing: expected the names of its buckets (narrows.policies.toml:2)");
    insta::assert_snapshot!(error("version = 1\nbucket = 3"), @"`bucket` of the manifest is a number: expected a list of tables, [[bucket]] (narrows.policies.toml:2)");
    insta::assert_snapshot!(error("version = 1\n[[bucket"), @"unclosed array table, expected `]]` (narrows.policies.toml:2)");
    let two = "version = 1\n[[bucket]]\nname = \"one\"\nregion = \"eu-west-2\"\n[[bucket]]\nname = \"two\"\nregion = \"us-gov-west-1\"";
    insta::assert_snapshot!(error(two), @"us-gov-west-1 is in partition aws-us-gov, and eu-west-2 in aws: expected one partition (narrows.policies.toml:7)");
}

#[test]
fn control_policies_are_attached_to_the_account_which_is_a_member() {
    let lists = "service_control_policies = [\"scp.json\", \"other.json\"]\nresource_control_policies = [\"rcp.json\"]\n";
    let deployment = deployed(&format!("version = 1\naccount = \"123456789012\"\n{lists}")).unwrap();
    let count = |kind| deployment.of_kind(kind).count();
    let counts = [Kind::ControlPolicy, Kind::ControlPolicyAttachment, Kind::MemberAccount].map(count);
    assert_eq!(counts, [3, 3, 1]);
    insta::assert_snapshot!(error(&format!("version = 1\n{lists}")), @r#"`service_control_policies` of the manifest: expected the account that they are attached to; add `account = "…"` (narrows.policies.toml:2)"#);
    insta::assert_snapshot!(error("version = 1\naccount = \"123456789012\"\nservice_control_policies = [\"a.json\", \"a.json\"]\n"), @"control policy a.json is given twice: expected it once; remove one (narrows.policies.toml:3)");
}
