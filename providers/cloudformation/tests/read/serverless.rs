//! What the macro `AWS::Serverless` makes.

use super::{error, policy_resource, read, resource, with_resource};
use narrows_cloudformation::Reading;
use narrows_model::resources::iam::Role;
use narrows_model::{Body, Kind};

/// A bucket policy that names the function's role, and the function.
fn with_function(globals: &str, function: &str) -> Reading {
    let sections = format!("Transform: AWS::Serverless-2016-10-31\n{globals}");
    let text = with_resource(&sections, "!GetAtt FunctionRole.Arn");
    read(&format!("{text}  Function:\n    Type: AWS::Serverless::Function\n{function}"))
}

fn role(reading: &Reading) -> &Role {
    match &resource(reading, Kind::Role, "FunctionRole").body {
        Body::Role(role) => role,
        other => panic!("{other:?}"),
    }
}

fn shown(reading: &Reading) -> String {
    let role = role(reading);
    let managed =
        role.managed_policies.iter().map(|arn| reading.deployment.expand(&arn.to_text()).to_string());
    let inline = role.inline_policies.iter().map(|it| format!("{}: {}", it.name, it.policy.to_json_text()));
    let boundary = role.permissions_boundary.iter().map(|arn| format!("boundary {}", arn.to_text()));
    let trust = format!("trust {}", role.assume_role_policy.to_json_text());
    let path = format!("path {}", role.path);
    [path, trust].into_iter().chain(boundary).chain(managed).chain(inline).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_function_without_a_role_gets_one_with_its_policies() {
    let reading = with_function(
        "\
Globals:
  Function:
    Tracing: Active
    PermissionsBoundary: arn:aws:iam::123456789012:policy/cap
    RolePath: /apps/
Conditions:
  Never: !Equals [a, b]
",
        "    Properties:
      VpcConfig: {SubnetIds: [subnet-1]}
      Policies:
        - AWSLambdaBasicExecutionRole
        - AmazonS3ReadOnlyAccess
        - arn:aws:iam::123456789012:policy/own
        - !Ref More
        - !If [Never, AdministratorAccess, !Ref AWS::NoValue]
        - Statement: [{Effect: Allow, Action: s3:GetObject, Resource: !Sub '${Data.Arn}/*'}]
        - S3ReadPolicy: {BucketName: !Ref Data}
  More:
    Type: AWS::IAM::ManagedPolicy
    Properties: {ManagedPolicyName: more, PolicyDocument: {Statement: []}}
",
    );
    insta::assert_snapshot!(shown(&reading), @r#"
    path /apps/
    trust {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}
    boundary arn:aws:iam::123456789012:policy/cap
    arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
    arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole
    arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess
    arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess
    arn:aws:iam::123456789012:policy/own
    arn:aws:iam::123456789012:policy/more
    FunctionRolePolicy4: {"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"${bucket Data.arn}/*"}]}
    FunctionRolePolicy5: {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket","s3:GetBucketLocation","s3:GetObjectVersion","s3:GetLifecycleConfiguration"],"Resource":["arn:aws:s3:::${bucket Data.id}","arn:aws:s3:::${bucket Data.id}/*"]}]}
    "#);
    // The reference is the role's, whose name alone is made up.
    let arn = "arn:aws:iam::123456789012:role/apps/${FunctionRole.RoleName}";
    assert_eq!(policy_resource(&reading, "Policy"), arn);
    assert_eq!(reading.deployment.assumptions().count(), 0);
}

#[test]
fn policy_templates_about_s3_and_keys_are_the_documents_that_they_stand_for() {
    let reading = with_function(
        "",
        "    Properties:
      Policies:
        - S3WritePolicy: {BucketName: !Ref Data}
        - S3FullAccessPolicy: {BucketName: logs}
        - KMSDecryptPolicy: {KeyId: 1234abcd-12ab-34cd-56ef-1234567890ab}
        - DynamoDBCrudPolicy: {TableName: orders}
        - SomeNewPolicy: {BucketName: logs}
        - S3ReadPolicy: {Bucket: logs}
",
    );
    insta::assert_snapshot!(shown(&reading), @r#"
    path /
    trust {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}
    arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
    FunctionRolePolicy0: {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject","s3:PutObjectAcl","s3:PutLifecycleConfiguration"],"Resource":["arn:aws:s3:::${bucket Data.id}","arn:aws:s3:::${bucket Data.id}/*"]}]}
    FunctionRolePolicy1: {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:GetObjectAcl","s3:GetObjectVersion","s3:PutObject","s3:PutObjectAcl","s3:DeleteObject","s3:DeleteObjectTagging","s3:DeleteObjectVersionTagging","s3:GetObjectTagging","s3:GetObjectVersionTagging","s3:PutObjectTagging","s3:PutObjectVersionTagging"],"Resource":["arn:aws:s3:::logs/*"]},{"Effect":"Allow","Action":["s3:ListBucket","s3:GetBucketLocation","s3:GetLifecycleConfiguration","s3:PutLifecycleConfiguration"],"Resource":["arn:aws:s3:::logs"]}]}
    FunctionRolePolicy2: {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kms:Decrypt"],"Resource":["arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"]}]}
    FunctionRolePolicy4: "${the policy template SomeNewPolicy of AWS::Serverless}"
    FunctionRolePolicy5: "${the policy template S3ReadPolicy of AWS::Serverless}"
    "#);
}

#[test]
fn a_function_with_a_role_gets_none() {
    let sections = "Transform: AWS::Serverless-2016-10-31";
    let text = with_resource(sections, "!GetAtt FunctionRole.Arn");
    let function = "  Function:\n    Type: AWS::Serverless::Function\n    Properties: {Policies: AdministratorAccess, Role: 'arn:aws:iam::123456789012:role/x'}\n";
    let reading = read(&format!("{text}{function}"));
    assert_eq!(reading.deployment.of_kind(Kind::Role).count(), 0);
    assert_eq!(policy_resource(&reading, "Policy"), "${!GetAtt FunctionRole.Arn}");
}

#[test]
fn a_role_that_is_not_made_is_not_read() {
    let function = "    Condition: Never\n    Properties: {Policies: AdministratorAccess}\n";
    let reading = with_function("Conditions:\n  Never: !Equals [a, b]\n", function);
    assert_eq!(reading.deployment.of_kind(Kind::Role).count(), 0);
    // A role that a condition may give, and does not.
    let function =
        "    Properties: {Role: !If [Never, x, !Ref AWS::NoValue], Policies: AdministratorAccess}\n";
    let reading = with_function("Conditions:\n  Never: !Equals [a, b]\n", function);
    assert_eq!(reading.deployment.of_kind(Kind::Role).count(), 1);
}

#[test]
fn a_state_machine_gets_a_role_too() {
    let text = with_resource("Transform: [AWS::Serverless-2016-10-31]", "!GetAtt Data.Arn");
    let machine = "  Machine:\n    Type: AWS::Serverless::StateMachine\n    Properties: {Policies: [AdministratorAccess]}\n";
    let reading = read(&format!("{text}{machine}"));
    let Body::Role(role) = &resource(&reading, Kind::Role, "MachineRole").body else { panic!() };
    assert_eq!(role.managed_policies.len(), 1);
    assert!(role.assume_role_policy.to_json_text().to_string().contains("states.amazonaws.com"));
}

#[test]
fn what_the_macro_makes_beside_roles_is_said_and_in_doubt() {
    let reading = with_function(
        "",
        "    Properties: {}\n  Nested: {Type: AWS::Serverless::Application}\n  Link: {Type: AWS::Serverless::Connector}\n  \
         Table: {Type: AWS::Serverless::SimpleTable}\n",
    );
    insta::assert_snapshot!(reading.deployment.assumptions().collect::<Vec<_>>().join("\n"), @"
    not used: Link: what AWS::Serverless makes of it is not read; check the processed template (aws cloudformation get-template --template-stage Processed)
    not used: Nested: what AWS::Serverless makes of it is not read; check the processed template (aws cloudformation get-template --template-stage Processed)
    ");
    insta::assert_snapshot!(shown(&reading), @r#"
    path /
    trust {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}
    arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
    Function connectors: "${what the connectors of the template add}"
    "#);
}

#[test]
fn policies_that_are_none_are_refused() {
    let text = with_resource("Transform: AWS::Serverless-2016-10-31", "!GetAtt Data.Arn");
    let function =
        "  Function:\n    Type: AWS::Serverless::Function\n    Properties: {Policies: [{A: 1, B: 2}]}\n";
    insta::assert_snapshot!(error(&format!("{text}{function}")), @"
    an item of `Policies` of Function is an object: expected a managed policy, a policy document, or one policy template
    t.yaml:19 (Resources.Function.Properties.Policies[0])
    ");
}
