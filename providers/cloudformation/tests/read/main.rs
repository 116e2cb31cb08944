//! Templates as deployments.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails should fail"
)]

mod access_control;
mod serverless;
mod users;

use narrows_cloudformation::{Options, ReadError, Reading, Template};
use narrows_model::{Attribute, Body, Kind, Resource, ResourceId};
use std::collections::BTreeMap;

fn options() -> Options {
    Options {
        account: Some("123456789012".parse().unwrap()),
        region: Some("eu-west-1".parse().unwrap()),
        ..Options::default()
    }
}

fn try_read(files: &[(&str, &str)], options: &Options) -> Result<Vec<Reading>, ReadError> {
    let (name, text) = files[0];
    let template = Template::parse(name, text)?.expect("a template");
    let load =
        |file: &str| Ok(files.iter().find(|(name, _)| *name == file).map(|(_, text)| (*text).to_owned()));
    narrows_cloudformation::read(&template, options, &load)
}

fn read(text: &str) -> Reading {
    let mut readings = try_read(&[("t.yaml", text)], &options()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(readings.len(), 1, "{readings:#?}");
    readings.remove(0)
}

fn error(text: &str) -> String {
    let error = try_read(&[("t.yaml", text)], &options()).expect_err("an error");
    format!("{error}\n{}", error.location())
}

fn resource<'r>(reading: &'r Reading, kind: Kind, name: &str) -> &'r Resource {
    let id = ResourceId::new(kind, name);
    let have = || reading.deployment.resources().map(|it| it.id.to_string()).collect::<Vec<_>>();
    reading.deployment.get(&id).unwrap_or_else(|| panic!("{id} is not among {:?}", have()))
}

/// The first resource of a bucket policy's first statement, as it is known.
fn policy_resource(reading: &Reading, name: &str) -> String {
    let Body::BucketPolicy(policy) = &resource(reading, Kind::BucketPolicy, name).body else { panic!() };
    let statements = policy.policy.get("Statement").and_then(|it| it.items()).expect("statements");
    let text = statements[0].get("Resource").and_then(|it| it.as_text()).expect("text");
    reading.deployment.expand(text).to_string()
}

/// A template with a bucket policy on this resource.
fn with_resource(sections: &str, resource: &str) -> String {
    format!(
        "{sections}\nResources:\n  Data:\n    Type: AWS::S3::Bucket\n    Properties: {{BucketName: orders-eu}}\n  \
         Policy:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: !Ref Data\n      PolicyDocument:\n        \
         Version: 2012-10-17\n        Statement:\n          - Effect: Deny\n            Principal: '*'\n            \
         Action: s3:*\n            Resource: {resource}\n"
    )
}

#[test]
fn functions_are_worked_out() {
    let sections = "\
Transform: AWS::LanguageExtensions
Parameters:
  Stage: {Type: String, Default: prod}
  Names: {Type: CommaDelimitedList, Default: 'a, b ,c'}
  Open: {Type: String}
Mappings:
  ByStage:
    prod: {Name: orders-prod, Names: [x, y]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  Both: !And [!Condition IsProd, !Not [!Equals [1, '2']]]
";
    for (expression, expected) in [
        ("!Sub 'arn:${AWS::Partition}:s3:::${Data}/*'", "arn:aws:s3:::orders-eu/*"),
        ("!Sub '${Data.Arn}/${!aws:username}'", "arn:aws:s3:::orders-eu/${aws:username}"),
        ("!Sub ['${A}-${Stage}', {A: !GetAtt Data.Arn}]", "arn:aws:s3:::orders-eu-prod"),
        ("!Join ['', ['arn:', !Ref AWS::Partition, ':s3:::', !Ref Data]]", "arn:aws:s3:::orders-eu"),
        ("!Join ['/', !Ref Names]", "a/b/c"),
        ("!Select [1, !Ref Names]", "b"),
        ("!Select [1, !Split ['.', 'a.b.c']]", "b"),
        ("!FindInMap [ByStage, !Ref Stage, Name]", "orders-prod"),
        ("!Select [1, !FindInMap [ByStage, !Ref Stage, Names]]", "y"),
        ("!FindInMap [ByStage, test, Name, {DefaultValue: other}]", "other"),
        ("!If [Both, !Sub '${AWS::AccountId}', no]", "123456789012"),
        ("!Sub '${AWS::Region}.${AWS::URLSuffix}'", "eu-west-1.amazonaws.com"),
        ("!Ref Open", "${Open}"),
        ("!Sub 'x-${Open}-y'", "x-${Open}-y"),
        ("!ImportValue shared-bucket", "${!ImportValue shared-bucket}"),
        ("!Select [0, !GetAZs '']", "${!Select [0, !GetAZs ]}"),
        ("!Sub '{{resolve:ssm:/${Stage}/bucket}}'", "${{{resolve:ssm:/prod/bucket}}}"),
        ("!Sub '${AWS::StackName}-x'", "${AWS::StackName}-x"),
        ("'Fn::Transform'", "Fn::Transform"),
        (
            "{Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}}",
            "${!Transform {Name: AWS::Include, Parameters: {Location: s3://b/k}}}",
        ),
        ("!Ref Data", "orders-eu"),
    ] {
        let text = with_resource(sections, expression);
        assert_eq!(policy_resource(&read(&text), "Policy"), expected, "{expression}");
    }
}

#[test]
fn json_and_yaml_are_the_same() {
    let json = r#"{"Resources": {
  "Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "orders-eu"}},
  "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Data"}, "PolicyDocument": {
    "Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": {"Fn::GetAtt": ["Data", "Arn"]}}]}}}}}"#;
    let json = read(json);
    let yaml = read(&with_resource("", "!GetAtt Data.Arn"));
    assert_eq!(json.deployment, yaml.deployment);
    let place = |reading: &Reading| {
        let Body::BucketPolicy(policy) = &resource(reading, Kind::BucketPolicy, "Policy").body else {
            panic!()
        };
        policy.policy.get("Statement").and_then(|it| it.items()).expect("statements")[0].location.to_string()
    };
    assert_eq!(place(&json), "t.yaml:5 (Resources.Policy.Properties.PolicyDocument.Statement[0])");
    assert_eq!(place(&yaml), "t.yaml:13 (Resources.Policy.Properties.PolicyDocument.Statement[0])");
}

#[test]
fn what_a_bucket_holds_is_a_resource_of_its_own() {
    let reading = read(
        "\
Resources:
  Data:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    Properties:
      BucketName: orders-eu
      VersioningConfiguration: {Status: Enabled}
      OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}
      PublicAccessBlockConfiguration: {BlockPublicAcls: true, RestrictPublicBuckets: 'true'}
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - BucketKeyEnabled: true
            ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms', KMSMasterKeyID: !GetAtt Key.Arn}
      ReplicationConfiguration:
        Role: !GetAtt Role.Arn
        Rules:
          - Id: all
            Status: Enabled
            Priority: 1
            Filter: {Prefix: ''}
            DeleteMarkerReplication: {Status: Enabled}
            Destination: {Bucket: 'arn:aws:s3:::orders-us', Account: !Ref AWS::AccountId}
          - Status: Enabled
            Filter: {TagFilter: {Key: a, Value: b}}
            Destination: {Bucket: 'arn:aws:s3:::orders-us'}
      LifecycleConfiguration: !If [NotThere, 1, 2]
  Legacy:
    Type: AWS::S3::Bucket
    Properties: {AccessControl: LogDeliveryWrite}
  Key:
    Type: AWS::KMS::Key
    Properties: {KeyPolicy: {Statement: []}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: replication
      AssumeRolePolicyDocument: {Statement: []}
      Policies: [{PolicyName: p, PolicyDocument: {Statement: []}}]
  More:
    Type: AWS::IAM::Policy
    Properties: {PolicyName: more, PolicyDocument: {Statement: []}, Roles: [!Ref Role, other]}
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties: {PolicyDocument: {Statement: []}, Roles: [!Ref Role]}
  Mrap:
    Type: AWS::S3::MultiRegionAccessPoint
    Properties: {Regions: [{Bucket: !Ref Data}, {Bucket: orders-us, BucketAccountId: '210987654321'}]}
  MrapPolicy:
    Type: AWS::S3::MultiRegionAccessPointPolicy
    Properties: {MrapName: !Ref Mrap, Policy: {Statement: []}}
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !ImportValue vpc
      ServiceName: !Sub 'com.amazonaws.${AWS::Region}.s3'
  Queue: {Type: AWS::SQS::Queue}
",
    );
    let listed: Vec<_> = reading.deployment.resources().map(|it| it.id.to_string()).collect();
    insta::assert_snapshot!(listed.join("\n"), @"
    bucket Data
    bucket Legacy
    bucket versioning Data.VersioningConfiguration
    bucket public access block Data.PublicAccessBlockConfiguration
    bucket ownership controls Data.OwnershipControls
    bucket ownership controls Legacy.AccessControl
    bucket replication Data.ReplicationConfiguration
    multi-region access point Mrap
    multi-region access point policy MrapPolicy
    role Role
    role policy More.Roles[0]
    role policy More.Roles[1]
    managed policy Managed
    role policy attachment Managed.Roles[0]
    bucket encryption Data.BucketEncryption
    bucket acl Legacy.AccessControl
    kms key Key
    vpc endpoint Endpoint
    AWS::SQS::Queue Queue
    ");
    let Body::BucketReplication(replication) =
        &resource(&reading, Kind::BucketReplication, "Data.ReplicationConfiguration").body
    else {
        panic!()
    };
    assert_eq!(replication.rules.len(), 1);
    assert_eq!(
        reading.deployment.expand(&replication.role.to_text()).to_string(),
        "arn:aws:iam::123456789012:role/replication"
    );
    let mrap = ResourceId::new(Kind::MultiRegionAccessPoint, "Mrap");
    assert_eq!(
        reading.deployment.value_of(&mrap.attribute(Attribute::Arn)).to_string(),
        "arn:aws:s3::123456789012:accesspoint/${multi-region access point Mrap.alias}"
    );
}

#[test]
fn a_destinations_account_may_stay_open() {
    let account = |account: &str| {
        let reading = read(&format!(
            "Parameters: {{Other: {{Type: String}}}}\nResources:\n  Data:\n    Type: AWS::S3::Bucket\n    Properties:\n      \
             ReplicationConfiguration:\n        Role: 'arn:aws:iam::123456789012:role/r'\n        Rules:\n          - \
             {{Status: Enabled, Destination: {{Bucket: 'arn:aws:s3:::orders-us', Account: {account}}}}}\n"
        ));
        let part = resource(&reading, Kind::BucketReplication, "Data.ReplicationConfiguration");
        let Body::BucketReplication(replication) = &part.body else { panic!() };
        replication.rules[0].destination_account.as_ref().map(ToString::to_string)
    };
    assert_eq!(account("'210987654321'").as_deref(), Some("210987654321"));
    assert_eq!(account("!Ref Other"), None);
}

#[test]
fn an_open_condition_is_read_both_ways() {
    let text = with_resource(
        "\
Parameters:
  Stage: {Type: String, AllowedValues: [dev, test, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsTest: !Equals [test, !Ref Stage]
  IsDev: !Equals [!Ref Stage, dev]
",
        "!If [IsProd, a, !If [IsTest, b, !If [IsDev, c, d]]]",
    );
    let readings = try_read(&[("t.yaml", &text)], &options()).unwrap();
    let shown: Vec<_> = readings
        .iter()
        .map(|reading| format!("{}: {}", reading.choices.join(", "), policy_resource(reading, "Policy")))
        .collect();
    assert_eq!(shown, ["Stage = prod: a", "Stage ≠ prod, Stage = test: b", "Stage ≠ prod, Stage ≠ test: c"]);
    let given = Options { parameters: BTreeMap::from([("Stage".into(), "test".into())]), ..options() };
    let readings = try_read(&[("t.yaml", &text)], &given).unwrap();
    assert_eq!(readings.len(), 1);
    assert_eq!(policy_resource(&readings[0], "Policy"), "b");
    let wrong = Options { parameters: BTreeMap::from([("Stage".into(), "live".into())]), ..options() };
    let error = try_read(&[("t.yaml", &text)], &wrong).unwrap_err().to_string();
    assert_eq!(error, "parameter Stage is `live`: expected one of `dev`, `test`, `prod`");
}

#[test]
fn a_condition_that_nothing_modelled_hangs_on_is_left_open() {
    let text = with_resource("Parameters: {X: {Type: String}}\nConditions: {C: !Equals [!Ref X, a]}", "'*'");
    let reading = read(&format!("{text}  Queue:\n    Type: AWS::SQS::Queue\n    Condition: C\n"));
    assert!(reading.choices.is_empty());
}

#[test]
fn too_many_ways_are_an_error_that_names_the_parameters() {
    let mut sections = "Parameters:\n".to_owned();
    for name in ["A", "B", "C", "D", "E"] {
        sections.push_str(&format!("  {name}: {{Type: String}}\n"));
    }
    sections.push_str("Conditions:\n");
    let mut expression = "x".to_owned();
    for name in ["A", "B", "C", "D", "E"] {
        sections.push_str(&format!("  Is{name}: !Equals [!Ref {name}, '1']\n"));
        expression = format!("!Join ['', [{expression}, !If [Is{name}, a, b]]]");
    }
    let error = error(&with_resource(&sections, &expression));
    assert!(
        error.starts_with(
            "a template whose conditions can turn out in more than 16 ways is not supported here"
        ),
        "{error}"
    );
    assert!(error.contains("--parameters KEY=VALUE"), "{error}");
}

#[test]
fn nested_stacks_are_one_deployment() {
    let root = "\
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties: {BucketName: orders-eu}
  Guard:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./nested/guard.yaml
      Parameters: {Bucket: !Ref Data}
  Elsewhere:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: https://example.com/t.yaml}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: orders-us
      PolicyDocument: {Statement: [{Resource: !GetAtt Guard.Outputs.Arn}]}
";
    let nested = "\
Parameters: {Bucket: {Type: String}, Stage: {Type: String, Default: dev}}
Resources:
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument: {Statement: [{Resource: !Sub 'arn:aws:s3:::${Bucket}/${Stage}'}]}
Outputs:
  Arn: {Value: !Sub 'arn:aws:s3:::${Bucket}'}
";
    let readings = try_read(&[("dir/t.yaml", root), ("dir/nested/guard.yaml", nested)], &options()).unwrap();
    let reading = &readings[0];
    assert_eq!(policy_resource(reading, "Policy"), "arn:aws:s3:::orders-eu");
    assert_eq!(policy_resource(reading, "Guard.Policy"), "arn:aws:s3:::orders-eu/dev");
    insta::assert_snapshot!(reading.notes.join("\n"), @"
    the template of the nested stack Elsewhere is not read: `https://example.com/t.yaml` is no file
    parameters are taken at their defaults (Guard.Stage=dev); --parameters gives the values that are deployed
    ");
    let missing = try_read(&[("dir/t.yaml", root)], &options()).unwrap_err().to_string();
    assert_eq!(
        missing,
        "the template of a nested stack is `dir/nested/guard.yaml`, which is not there: expected a file that can be read"
    );
}

#[test]
fn a_stack_that_nests_itself_ends() {
    let text =
        "Resources:\n  A:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: t.yaml}\n";
    assert!(error(text).starts_with("a stack nested more than 12 deep is not supported here"));
}

#[test]
fn a_stack_sets_template_is_a_deployment_elsewhere() {
    let text = "\
Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: s
      TemplateBody: |
        Resources:
          Data: {Type: AWS::S3::Bucket, Properties: {BucketName: orders-eu}}
";
    let readings = try_read(&[("t.yaml", text)], &options()).unwrap();
    assert_eq!(readings.len(), 2);
    assert_eq!(readings[1].part.as_deref(), Some("the template of the stack set Set"));
    assert_eq!(readings[1].deployment.account, None);
    resource(&readings[1], Kind::Bucket, "Data");
}

#[test]
fn loops_are_written_out() {
    let reading = read(
        "\
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: 'eu,us'}}
Resources:
  Fn::ForEach::Buckets:
    - Name
    - !Ref Names
    - Bucket${Name}:
        Type: AWS::S3::Bucket
        Properties: {BucketName: !Sub 'orders-${Name}'}
      Policy${Name}:
        Type: AWS::S3::BucketPolicy
        Properties:
          Bucket: !Ref Bucket${Name}
          PolicyDocument: {Statement: [{Resource: !GetAtt ['Bucket${Name}', Arn]}]}
",
    );
    assert_eq!(policy_resource(&reading, "Policyeu"), "arn:aws:s3:::orders-eu");
    assert_eq!(policy_resource(&reading, "Policyus"), "arn:aws:s3:::orders-us");
}

#[test]
fn errors_say_what_where_and_what_to_do() {
    let shown: Vec<String> = [
        with_resource("", "!Sub 'arn:aws:s3:::${Dat}/*'"),
        with_resource("", "!Sub 'home/${aws:username}'"),
        with_resource("Transform: MyMacro", "x"),
        with_resource("Conditions: {A: !Condition A}", "!If [A, b, c]"),
        with_resource("", "!If [Missing, b, c]"),
        with_resource("", "!FindInMap [A, b, c]"),
        with_resource("", "!Select [3, [a]]"),
        with_resource("", "!GetAtt Data"),
        "Resources:\n  Data:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: Orders}\n".to_owned(),
        "Resources:\n  Data:\n    Type: AWS::S3::BucketPolicy\n    Properties: {Bucket: orders}\n".to_owned(),
        "AWSTemplateFormatVersion: 2010-09-09\nResources:\n  Data:\n    Properties: {}\n".to_owned(),
        "Resources:\n  Data:\n    Type: {Rain::Module: ./bucket.yml}\n  A: {Type: 'A::B'}\n".to_owned(),
        "Resources:\n  Data:\n    Type: !Rain::Module ./bucket.yml\n  A: {Type: 'A::B'}\n".to_owned(),
        "Resources:\n  Data:\n    Type: [AWS::S3::Bucket]\n  A: {Type: 'A::B'}\n".to_owned(),
        "Resources:\n  Fn::ForEach::A: [X, !Ref AWS::Region, {'${X}': {Type: AWS::S3::Bucket}}]\n".to_owned(),
        "Resources:\n  Fn::Transform: {Name: AWS::Include}\n  A: {Type: 'A::B'}\n".to_owned(),
    ]
    .iter()
    .map(|text| error(text))
    .collect();
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn parameters_that_the_template_does_not_have_are_refused() {
    let given = Options { parameters: BTreeMap::from([("Stag".into(), "x".into())]), ..options() };
    let text = with_resource("Parameters: {Stage: {Type: String}}", "x");
    let error = try_read(&[("t.yaml", &text)], &given).unwrap_err().to_string();
    assert_eq!(
        error,
        "the parameter `Stag` is not in the template: expected a name in Parameters; did you mean `Stage`?"
    );
}

#[test]
fn files_of_parameters_have_three_forms() {
    for text in [
        r#"[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "UsePreviousValue": true}]"#,
        r#"["A=1"]"#,
        r#"{"Parameters": {"A": "1"}}"#,
    ] {
        let found = narrows_cloudformation::parse_parameters("p.json", text).unwrap();
        assert_eq!(found, BTreeMap::from([("A".to_owned(), "1".to_owned())]), "{text}");
    }
    assert!(narrows_cloudformation::parse_parameters("p.json", r#"[{"A": "1"}]"#).is_err());
}

#[test]
fn an_account_that_is_not_given_is_the_deployments() {
    let text = with_resource("", "!Sub 'arn:aws:iam::${AWS::AccountId}:role/x'");
    let readings = try_read(&[("t.yaml", &text)], &Options::default()).unwrap();
    assert_eq!(
        policy_resource(&readings[0], "Policy"),
        "arn:aws:iam::${the account that is deployed to}:role/x"
    );
}
