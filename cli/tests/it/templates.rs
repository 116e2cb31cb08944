//! CloudFormation templates and cloud assemblies as inputs.

#![expect(clippy::panic, reason = "a test that fails should fail")]

use crate::{MRAP, POLICY, Ran, narrows, policy};
use narrows::{Exit, Memory};
use serde_json::Value;

const DAY: [&str; 2] = ["--as-of", "2026-11-23"];

/// The policy of a bucket as a template has it: the MRAP's alias is a parameter, the rest of its ARN is put together.
const TEMPLATE: &str = "\
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Alias: {Type: String, Default: mfzwi23gnjvgw.mrap}
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties: {BucketName: !Sub 'orders-${AWS::Region}'}
  DataPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Data
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Sid: DenyNotThroughMrap
            Effect: Deny
            Principal: '*'
            Action: s3:*
            Resource: !Sub '${Data.Arn}/*'
            Condition:
              ArnNotEquals:
                s3:DataAccessPointArn: !Sub 'arn:${AWS::Partition}:s3::${AWS::AccountId}:accesspoint/${Alias}'
          - Sid: DenyListNotThroughMrap
            Effect: Deny
            Principal: '*'
            Action: [s3:ListBucket, s3:ListBucketVersions, s3:ListBucketMultipartUploads]
            Resource: !GetAtt Data.Arn
            Condition:
              ArnNotEquals:
                s3:DataAccessPointArn: !Sub 'arn:${AWS::Partition}:s3::${AWS::AccountId}:accesspoint/${Alias}'
          - Sid: DenyWithoutTls
            Effect: Deny
            Principal: '*'
            Action: s3:*
            Resource: [!GetAtt Data.Arn, !Join ['/', [!GetAtt Data.Arn, '*']]]
            Condition: {Bool: {aws:SecureTransport: false}}
";

fn check(files: Memory, args: &[&str]) -> Ran {
    narrows(files, &[&["check"], args, &["--mrap", MRAP], &DAY[..]].concat())
}

fn template(text: &str) -> Ran {
    let files = Memory::new().with("template.yaml", text);
    check(files, &["template.yaml", "--region", "eu-west-2", "--account", "123456789012", "--format", "json"])
}

/// Guardrail, verdict and request of each verdict.
fn requests(ran: &Ran) -> Vec<(String, String, Value)> {
    let view: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran}"));
    let verdicts = view.get("verdicts").unwrap().as_array().unwrap();
    let one = |verdict: &Value| {
        let text = |key: &str| verdict.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut request = verdict.get("counterexample").cloned().unwrap_or_default();
        if let Some(fields) = request.as_object_mut() {
            // What names the input's files differs.
            fields.retain(|key, _| !["sentence", "decisions", "tree"].contains(&key.as_str()));
        }
        (text("guardrail"), text("verdict"), request)
    };
    verdicts.iter().map(one).collect()
}

#[test]
fn a_template_and_a_bare_policy_give_the_same_counterexample() {
    let bare =
        |text: &str| check(policy(text), &["policy.json", "--account", "123456789012", "--format", "json"]);
    let (mended, broken) = (template(TEMPLATE), template(&TEMPLATE.replace("ArnNotEquals", "ArnEquals")));
    assert_eq!(mended.exit, Exit::Clean, "{mended}");
    assert_eq!(requests(&mended), requests(&bare(POLICY)));
    assert_eq!(broken.exit, bare(&POLICY.replace("ArnNotEquals", "ArnEquals")).exit);
    let given = requests(&bare(&POLICY.replace("ArnNotEquals", "ArnEquals")));
    assert_eq!(requests(&broken), given);
    assert!(given.iter().any(|(_, _, request)| request.is_object()), "{given:?}");
}

#[test]
fn a_refutation_leads_to_the_line_of_the_template() {
    let text = TEMPLATE.replacen("ArnNotEquals", "ArnEquals", 1);
    let files = Memory::new().with("template.yaml", text);
    let args = [
        "template.yaml",
        "--region",
        "eu-west-2",
        "--account",
        "123456789012",
        "--guardrail",
        "only-through-mrap",
    ];
    insta::assert_snapshot!(check(files, &args));
}

#[test]
fn an_mrap_of_the_template_is_known_by_its_alias() {
    let text = "\
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties: {BucketName: orders-eu}
  Mrap:
    Type: AWS::S3::MultiRegionAccessPoint
    Properties: {Name: orders, Regions: [{Bucket: !Ref Data}]}
  DataPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Data
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Deny
            Principal: '*'
            Action: s3:*
            Resource: [!GetAtt Data.Arn, !Sub '${Data.Arn}/*']
            Condition:
              ArnNotEquals:
                s3:DataAccessPointArn: !Sub 'arn:aws:s3::${AWS::AccountId}:accesspoint/${Mrap.Alias}'
";
    let args =
        ["check", "t.yaml", "--guardrail", "only-through-mrap", "--account", "123456789012", DAY[0], DAY[1]];
    let proved = narrows(Memory::new().with("t.yaml", text), &args);
    assert_eq!(proved.exit, Exit::Clean, "{proved}");
    // A bucket without a name of its own is itself wherever it is named.
    let unnamed = text.replace("    Properties: {BucketName: orders-eu}\n", "");
    let proved = narrows(Memory::new().with("t.yaml", unnamed.as_str()), &args);
    assert_eq!(proved.exit, Exit::Clean, "{proved}");
    let proved = narrows(Memory::new().with("t.yaml", text), &[&args[..4], &DAY[..]].concat());
    assert_eq!(proved.exit, Exit::Clean, "{proved}");
    let broken = text.replace("ArnNotEquals", "ArnEquals");
    let refuted = narrows(Memory::new().with("t.yaml", broken.as_str()), &args);
    assert_eq!(refuted.exit, Exit::Refuted, "{refuted}");
    let unnamed = broken.replace("    Properties: {BucketName: orders-eu}\n", "");
    let refuted = narrows(Memory::new().with("t.yaml", unnamed.as_str()), &args);
    assert_ne!(refuted.exit, Exit::Clean, "{refuted}");
}

/// The verdicts on a template as lines, without an account.
fn verdicts(text: &str, args: &[&str]) -> (String, Value) {
    let files = Memory::new().with("template.yaml", text);
    let ran = narrows(files, &[&["check", "template.yaml", "--format", "json"], args, &DAY[..]].concat());
    let view: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran}"));
    let mut lines = Vec::new();
    for verdict in view.get("verdicts").unwrap().as_array().unwrap() {
        let text = |key: &str| verdict.get(key).and_then(Value::as_str).unwrap_or_default();
        lines.push(
            format!("{} {} {}", text("guardrail"), text("verdict"), text("reason")).trim_end().to_owned(),
        );
    }
    (lines.join("\n"), view)
}

/// A bucket behind an MRAP whose ARN the policy puts together.
fn behind_mrap(arn: &str, operator: &str) -> String {
    format!(
        "\
Parameters: {{Other: {{Type: String}}}}
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties: {{BucketName: orders-eu}}
  Mrap:
    Type: AWS::S3::MultiRegionAccessPoint
    Properties: {{Regions: [{{Bucket: !Ref Data}}]}}
  DataPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Data
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Deny
            Principal: '*'
            Action: s3:*
            Resource: !Sub '${{Data.Arn}}/*'
            Condition: {{{operator}: {{s3:DataAccessPointArn: !Sub '{arn}'}}}}
          - Effect: Deny
            Principal: '*'
            Action: [s3:ListBucket, s3:ListBucketVersions, s3:ListBucketMultipartUploads]
            Resource: !GetAtt Data.Arn
            Condition: {{{operator}: {{s3:DataAccessPointArn: !Sub '{arn}'}}}}
"
    )
}

#[test]
fn an_mrap_of_an_account_that_is_not_given_is_decided() {
    const OWN: &str = "arn:aws:s3::${AWS::AccountId}:accesspoint/${Mrap.Alias}";
    for (arn, operator, expected) in [
        (OWN, "ArnNotEquals", "proved"),
        (OWN, "StringNotEquals", "proved"),
        (OWN, "ArnEquals", "refuted"),
        // What may be another account, or another access point, is not known.
        ("arn:aws:s3::${AWS::AccountId}:accesspoint/${Other}", "ArnNotEquals", "unknown"),
        ("arn:aws:s3::123456789012:accesspoint/other.mrap", "ArnNotEquals", "refuted"),
        ("arn:aws:s3::${AWS::AccountId}:accesspoint/other.mrap", "ArnNotEquals", "refuted"),
    ] {
        let (found, _) = verdicts(&behind_mrap(arn, operator), &["--guardrail", "only-through-mrap"]);
        assert!(found.starts_with(&format!("only-through-mrap {expected}")), "{arn} {operator}: {found}");
    }
}

#[test]
fn a_managed_policy_of_aws_is_known_in_a_version_that_is_said() {
    const READER: &str = "\
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties: {BucketName: orders-eu}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: reader
      AssumeRolePolicyDocument: {Version: 2012-10-17, Statement: []}
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess']
";
    let decided = |action: &str| {
        let files = Memory::new().with("template.yaml", READER);
        let reader = "arn:aws:iam::123456789012:role/reader";
        let request = ["--principal", reader, "--action", action, "--bucket", "orders-eu", "--key", "x"];
        let args = ["explain", "template.yaml", "--account", "123456789012"];
        narrows(files, &[&args[..], &request, &DAY].concat())
    };
    let (read, written) = (decided("s3:GetObject"), decided("s3:PutObject"));
    assert!(read.stdout.contains("allowed at bucket orders-eu"), "{read}");
    let assumed =
        "assumed: arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess is as in its version v3 of 2023-08-10";
    assert!(read.stdout.contains(assumed), "{read}");
    assert!(written.stdout.contains("denied at bucket orders-eu"), "{written}");
    // What AWS wrote, the owner cannot mend.
    let (vacuous, _) = verdicts(READER, &["--account", "123456789012", "--guardrail", "not-vacuous"]);
    assert_eq!(vacuous, "");
}

#[test]
fn a_canned_list_of_a_template_opens_the_bucket() {
    let text = |acl: &str| {
        format!(
            "Resources:\n  Data:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: orders-eu\n      \
             AccessControl: {acl}\n      OwnershipControls: {{Rules: [{{ObjectOwnership: ObjectWriter}}]}}\n      \
             PublicAccessBlockConfiguration: {{BlockPublicAcls: false}}\n"
        )
    };
    let asked = ["--account", "123456789012", "--guardrail", "not-public"];
    let (open, _) = verdicts(&text("PublicRead"), &asked);
    assert_eq!(open, "not-public refuted");
    let (owner, _) = verdicts(&text("Private"), &asked);
    assert!(!owner.contains("refuted") && !owner.contains("the ACLs of orders-eu are on"), "{owner}");
}

#[test]
fn an_open_condition_is_checked_both_ways() {
    let text = TEMPLATE
        .replace("Parameters:\n", "Parameters:\n  Stage: {Type: String}\n")
        .replace("Resources:\n  Data", "Conditions: {IsProd: !Equals [!Ref Stage, prod]}\nResources:\n  Data")
        .replacen("Effect: Deny", "Effect: !If [IsProd, Deny, Allow]", 1);
    let files = Memory::new().with("template.yaml", text);
    let args = [
        "template.yaml",
        "--region",
        "eu-west-2",
        "--account",
        "123456789012",
        "--guardrail",
        "only-through-mrap",
    ];
    let both = check(files.clone(), &args);
    assert_eq!(both.exit, Exit::Refuted, "{both}");
    for line in ["template.yaml, a CloudFormation template, where Stage = prod", "where Stage ≠ prod"] {
        assert!(both.stdout.contains(line), "{both}");
    }
    let prod = check(files.clone(), &[&args[..], &["--parameters", "Stage=prod"]].concat());
    assert_eq!(prod.exit, Exit::Clean, "{prod}");
    let files = files.with("prod.json", r#"[{"ParameterKey": "Stage", "ParameterValue": "prod"}]"#);
    let prod = check(files.clone(), &[&args[..], &["--parameters", "prod.json"]].concat());
    assert_eq!(prod.exit, Exit::Clean, "{prod}");
    let one = narrows(files, &["diff", "template.yaml", "template.yaml", "--region", "eu-west-2"]);
    insta::assert_snapshot!(one, @"
    exit 2
      × `template.yaml` can be 2 deployments: expected one
      help: say which with --parameters KEY=VALUE, --region or --account; `narrows check` takes all of
            them
    ");
}

#[test]
fn a_cloud_assembly_is_its_stacks() {
    let manifest = r#"{"version": "38.0.0", "artifacts": {"Orders": {"type": "aws:cloudformation:stack",
      "environment": "aws://123456789012/eu-west-2", "properties": {"templateFile": "Orders.template.json"}}}}"#;
    let files = Memory::new()
        .with("app/cdk.out/manifest.json", manifest)
        .with("app/cdk.out/Orders.template.json", TEMPLATE);
    for path in ["app", "app/cdk.out", "app/cdk.out/manifest.json"] {
        let ran = check(files.clone(), &[path, "--guardrail", "only-through-mrap"]);
        assert_eq!(ran.exit, Exit::Clean, "{ran}");
        assert!(ran.stdout.contains("app/cdk.out, a cloud assembly"), "{ran}");
    }
}

#[test]
fn what_is_wrong_with_a_template_is_shown_at_its_line() {
    let shown = |text: &str, args: &[&str]| {
        let files = Memory::new().with("template.yaml", text);
        let ran = check(files, &[&["template.yaml"], args].concat());
        assert_eq!(ran.exit, Exit::Failed, "{ran}");
        ran.stderr
    };
    let errors = [
        shown(&TEMPLATE.replace("${Data.Arn}", "${Dat.Arn}"), &[]),
        shown(&TEMPLATE.replace("Statement:", "Statement: ["), &[]),
        shown("a: b\n", &[]),
        shown(TEMPLATE, &["--parameters", "Alia=x"]),
        shown(TEMPLATE, &["--parameters", "nowhere.json"]),
    ];
    insta::assert_snapshot!(errors.join("\n"));
}

const REPLICATES: &str = r#"
Parameters:
  Copies: {Type: String}
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub 'data-${AWS::Region}'
      VersioningConfiguration: {Status: Enabled}
      ReplicationConfiguration:
        Role: !GetAtt Copier.Arn
        Rules: [{Status: Enabled, Destination: {Bucket: !Sub 'arn:aws:s3:::${Copies}'}}]
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Data
      PolicyDocument:
        Statement:
          - {Effect: Deny, Principal: {AWS: '*'}, Action: 's3:*', Resource: !Sub 'arn:aws:s3:::data-${AWS::Region}/*',
             Condition: {Bool: {'aws:SecureTransport': false}}}
          - {Effect: Allow, Principal: {Service: logging.s3.amazonaws.com}, Action: 's3:PutObject',
             Resource: !Sub 'arn:aws:s3:::data-${AWS::Region}/*'}
  Copier:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: 'sts:AssumeRole'}]}
      Policies:
        - PolicyName: copy
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'], Resource: !Sub 'arn:aws:s3:::${Copies}/*'}
"#;

/// What is open beside it, such as whether `{"AWS": "*"}` covers services, does not decide what a role may do.
#[test]
fn a_reason_is_about_the_role_that_is_asked_about_and_what_its_requests_hang_on() {
    let args = ["check", "t.yaml", "--account", "123456789012", "--as-of", "2026-12-01", "--guardrail"];
    let reason = |guardrail: &str| {
        let ran = narrows(Memory::new().with("t.yaml", REPLICATES), &[&args[..], &[guardrail]].concat());
        let text = ran.to_string();
        let start = text.find("\n? ").unwrap_or_default();
        text.get(start..).unwrap_or_default().split("\nAssumed").next().unwrap_or_default().to_owned()
    };
    insta::assert_snapshot!(reason("least-privilege"), @"
    ? least-privilege is undecided for role arn:aws:iam::123456789012:role/${Copier.RoleName}

        whether s3:ReplicateDelete on arn:aws:s3:::data-${AWS::Region}/example.txt by
        arn:aws:iam::123456789012:role/${Copier.RoleName} goes through depends on `${Copier.RoleName}`,
        which the input does not tell; give the value, or check again once it is known

    Remarks on least-privilege
      · asked of roles whose policies are in the input and that replicate or were declared, at the
        buckets of the input; what else such a role may do in the account is not part of the claim
    ");
    insta::assert_snapshot!(reason("tls-only"), @r#"
    ? tls-only is undecided for bucket data-${AWS::Region}

        whether s3:PutObject on arn:aws:s3:::data-${AWS::Region}/example.txt by logging.s3.amazonaws.com
        goes through is open: AWS's documents leave open whether {"AWS": "*"} covers services (t.yaml:19
        (Resources.Policy.Properties.PolicyDocument.Statement[0].Principal.AWS)): write "*", which does
    "#);
}

/// What an attribute of a resource is that is no bucket, nobody knows; a request may be on just that.
#[test]
fn a_statement_about_a_resource_of_the_template_matches_requests_on_it() {
    let text = "\
Resources:
  Table: {Type: 'AWS::DynamoDB::Table', Properties: {}}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: reader
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}
      Policies:
        - {PolicyName: read, PolicyDocument: {Statement: [{Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Table.Arn}]}}
";
    let args = [
        "check",
        "t.yaml",
        "--guardrail",
        "not-vacuous",
        "--account",
        "123456789012",
        "--as-of",
        "2026-12-01",
    ];
    let ran = narrows(Memory::new().with("t.yaml", text), &args);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    let every = text.replace("dynamodb:GetItem", "dynamodb:*");
    let ran = narrows(Memory::new().with("t.yaml", every.as_str()), &args);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    // Where its fields end, nobody knows, so that a wildcard after it may stand in one of the first five.
    let text = text.replace("!GetAtt Table.Arn", "!Sub '${Table.Arn}/index/*'");
    let ran = narrows(Memory::new().with("t.yaml", text.as_str()), &args);
    assert_eq!(ran.exit, Exit::Undecided, "{ran}");
}
