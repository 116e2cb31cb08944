//! Cloud assemblies as deployments.

#![expect(clippy::indexing_slicing, clippy::panic, reason = "a test that fails should fail")]

use narrows_cloudformation::{Options, Reading, read_assembly};
use narrows_model::{Body, Kind, ResourceId};

const MANIFEST: &str = r#"{"version": "38.0.0", "artifacts": {
  "Data": {"type": "aws:cloudformation:stack", "environment": "aws://123456789012/eu-west-1",
    "properties": {"templateFile": "Data.template.json", "stackName": "orders-data"}},
  "Access": {"type": "aws:cloudformation:stack", "environment": "aws://123456789012/eu-west-1",
    "properties": {"templateFile": "Access.template.json"}},
  "Stage": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Stage"}},
  "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}}}"#;

const DATA: &str = r#"{"Resources": {"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "orders-eu"}}},
  "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Data", "Arn"]}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}:arn"}}}}}"#;

const ACCESS: &str = r#"{"Resources": {"Data": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "orders-eu",
  "PolicyDocument": {"Statement": [{"Resource": {"Fn::ImportValue": "orders-data:arn"}}]}}}}}"#;

const STAGE: &str = r#"{"version": "38.0.0", "artifacts": {"Other": {"type": "aws:cloudformation:stack",
  "environment": "aws://unknown-account/unknown-region", "properties": {"templateFile": "Other.template.json"}}}}"#;

fn read(files: &[(&str, &str)]) -> Vec<Reading> {
    let load =
        |file: &str| Ok(files.iter().find(|(name, _)| *name == file).map(|(_, text)| (*text).to_owned()));
    read_assembly("cdk.out/manifest.json", MANIFEST, &Options::default(), &load)
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn stacks_of_one_account_are_one_deployment() {
    let readings = read(&[
        ("cdk.out/Data.template.json", DATA),
        ("cdk.out/Access.template.json", ACCESS),
        ("cdk.out/assembly-Stage/manifest.json", STAGE),
        ("cdk.out/assembly-Stage/Other.template.json", DATA),
    ]);
    let parts: Vec<_> = readings.iter().map(|it| it.part.clone().unwrap_or_default()).collect();
    assert_eq!(parts, ["the stacks of no named account", "the stacks of account 123456789012"]);
    let named = &readings[1].deployment;
    let policy = named.get(&ResourceId::new(Kind::BucketPolicy, "Access.Data")).expect("the policy");
    let Body::BucketPolicy(body) = &policy.body else { panic!() };
    let statement = &body.policy.get("Statement").and_then(|it| it.items()).expect("statements")[0];
    let resource = statement.get("Resource").and_then(|it| it.as_text()).expect("text");
    assert_eq!(named.expand(resource).to_string(), "arn:aws:s3:::orders-eu");
    assert_eq!(
        statement.location.in_file().source().map(|it| it.name().to_owned()).as_deref(),
        Some("cdk.out/Access.template.json")
    );
    let region = policy.region.as_ref().and_then(|it| it.as_known()).map(ToString::to_string);
    assert_eq!(region.as_deref(), Some("eu-west-1"));
}

/// What the policy of the second stack says of its resource, the assembly's files changed as the text says.
fn imported(manifest: &str, data: &str, options: &Options) -> Vec<String> {
    let load = |file: &str| {
        let text = match file.rsplit_once('/') {
            Some((_, "Data.template.json")) => data,
            Some((_, "Access.template.json")) => ACCESS,
            Some((_, "Other.template.json")) => r#"{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}"#,
            _ => STAGE,
        };
        Ok(Some(text.to_owned()))
    };
    let readings = read_assembly("cdk.out/manifest.json", manifest, options, &load)
        .unwrap_or_else(|error| panic!("{error}"));
    let id = ResourceId::new(Kind::BucketPolicy, "Access.Data");
    let found = readings.iter().filter_map(|reading| {
        let Body::BucketPolicy(body) = &reading.deployment.get(&id)?.body else { return None };
        let statement = &body.policy.get("Statement")?.items()?[0];
        let shown = reading.deployment.expand(statement.get("Resource")?.as_text()?).to_string();
        Some(format!("{}{shown}", reading.choices.iter().map(|it| format!("{it}: ")).collect::<String>()))
    });
    found.collect()
}

#[test]
fn an_export_is_of_its_account_and_region() {
    const UNKNOWN: &str = "${Access.!ImportValue orders-data:arn}";
    let ireland = Options { region: Some("eu-west-1".parse().unwrap()), ..Options::default() };
    // The stack that exports stands first in the manifest.
    let exporting = |environment: &str| MANIFEST.replacen("123456789012/eu-west-1", environment, 1);
    let open = MANIFEST.replace("aws://123456789012/eu-west-1", "aws://unknown-account/unknown-region");
    for (manifest, options, expected) in [
        (MANIFEST.to_owned(), Options::default(), "arn:aws:s3:::orders-eu"),
        (exporting("123456789012/us-east-1"), Options::default(), UNKNOWN),
        (exporting("123456789012/unknown-region"), Options::default(), UNKNOWN),
        (exporting("123456789012/unknown-region"), ireland.clone(), "arn:aws:s3:::orders-eu"),
        (exporting("210987654321/eu-west-1"), Options::default(), UNKNOWN),
        (open.clone(), Options::default(), UNKNOWN),
        (open, ireland, "arn:aws:s3:::orders-eu"),
    ] {
        assert_eq!(imported(&manifest, DATA, &options), [expected], "{manifest}");
    }
}

#[test]
fn an_export_whose_condition_does_not_hold_is_none() {
    let data = |condition: &str| {
        format!(
            r#"{{"Parameters": {{"Stage": {{"Type": "String"}}}},
  "Conditions": {{"Prod": {condition}, "Test": {{"Fn::Not": [{{"Condition": "Prod"}}]}}}},
  "Resources": {{"Queue": {{"Type": "AWS::SQS::Queue"}}}}, "Outputs": {{
    "Prod": {{"Condition": "Prod", "Value": "prod", "Export": {{"Name": "orders-data:arn"}}}},
    "Test": {{"Condition": "Test", "Value": "test", "Export": {{"Name": "orders-data:arn"}}}}}}}}"#
        )
    };
    let imported = |condition| imported(MANIFEST, &data(condition), &Options::default());
    assert_eq!(imported(r#"{"Fn::Equals": ["a", "a"]}"#), ["prod"]);
    assert_eq!(imported(r#"{"Fn::Equals": ["a", "b"]}"#), ["test"]);
    let both = imported(r#"{"Fn::Equals": [{"Ref": "Stage"}, "prod"]}"#);
    assert_eq!(both, ["Data.Stage = prod: prod", "Data.Stage ≠ prod: test"]);
}

#[test]
fn a_template_that_is_not_there_is_an_error() {
    let error =
        read_assembly("cdk.out/manifest.json", MANIFEST, &Options::default(), &|_| Ok(None)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a file of the cloud assembly is `cdk.out/Data.template.json`, which is not there: expected one that `cdk synth` \
         wrote"
    );
    assert_eq!(error.location().to_string(), "cdk.out/manifest.json:2 (artifacts.Data)");
}
