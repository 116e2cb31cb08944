//! Cloud assemblies as deployments.

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
