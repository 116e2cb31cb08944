//! One deployment in several formats.

/// Which of the two deployments.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stack {
    /// Every policy denies what goes past the MRAP.
    Mended,
    /// One policy exempts roles that nobody declared.
    Broken,
}

/// A format.
pub struct Form {
    pub name: &'static str,
    /// What `narrows check` is given.
    pub input: &'static str,
    /// The files of a deployment.
    pub files: fn(Stack) -> Vec<(&'static str, String)>,
}

pub fn all() -> Vec<Form> {
    vec![
        Form { name: "policy files with a manifest", input: "stack", files: manifest },
        Form {
            name: "a CloudFormation template in JSON with Fn::Sub",
            input: "template.json",
            files: template_json,
        },
        Form {
            name: "a CloudFormation template in YAML with !Sub",
            input: "template.yaml",
            files: template_yaml,
        },
        Form { name: "Terraform JSON", input: "stack", files: terraform_json },
    ]
}

/// The condition under which the Deny holds, as JSON; `arn` is the MRAP's as the format spells it.
fn condition(bucket: &str, stack: Stack, arn: &str) -> String {
    let exempt = match (stack, bucket) {
        (Stack::Broken, "orders-london") => {
            r#", "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/deploy*"}"#
        }
        _ => "",
    };
    format!(r#"{{"ArnNotEquals": {{"s3:DataAccessPointArn": {arn}}}{exempt}}}"#)
}

pub const LISTS: &str = r#"["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"]"#;

/// A bucket's policy as JSON.
pub fn policy(bucket: &str, stack: Stack, arn: &str) -> String {
    let condition = condition(bucket, stack, arn);
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [
  {{"Sid": "OnlyThroughMrap", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
    "Resource": "arn:aws:s3:::{bucket}/*", "Condition": {condition}}},
  {{"Sid": "OnlyThroughMrapList", "Effect": "Deny", "Principal": "*", "Action": {LISTS},
    "Resource": "arn:aws:s3:::{bucket}", "Condition": {condition}}}]}}"#
    )
}

pub const BUCKETS: [(&str, &str); 2] = [("London", "orders-london"), ("Osaka", "orders-osaka")];

fn manifest(stack: Stack) -> Vec<(&'static str, String)> {
    // A file of a policy that is applied has the alias, as does the manifest.
    let arn = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";
    let manifest = format!(
        r#"version = 1
account = "123456789012"
[[bucket]]
name = "orders-london"
policy = "london.json"
[[bucket]]
name = "orders-osaka"
policy = "osaka.json"
[[mrap]]
name = "orders"
arn = "{arn}"
buckets = ["orders-london", "orders-osaka"]
"#
    );
    let quoted = format!("{arn:?}");
    vec![
        ("stack/narrows.policies.toml", manifest),
        ("stack/london.json", policy("orders-london", stack, &quoted)),
        ("stack/osaka.json", policy("orders-osaka", stack, &quoted)),
    ]
}

fn template_json(stack: Stack) -> Vec<(&'static str, String)> {
    let arn = r#"{"Fn::Sub": "arn:${AWS::Partition}:s3::${AWS::AccountId}:accesspoint/${Orders.Alias}"}"#;
    let resources = BUCKETS.map(|(logical, name)| {
        format!(
            r#""{logical}": {{"Type": "AWS::S3::Bucket", "Properties": {{"BucketName": "{name}"}}}},
"{logical}Policy": {{"Type": "AWS::S3::BucketPolicy", "Properties": {{"Bucket": {{"Ref": "{logical}"}}, "PolicyDocument": {}}}}}"#,
            policy(name, stack, arn)
        )
    });
    let template = format!(
        r#"{{"Resources": {{
{},
"Orders": {{"Type": "AWS::S3::MultiRegionAccessPoint", "Properties": {{"Name": "orders", "Regions": [
  {{"Bucket": {{"Ref": "London"}}}}, {{"Bucket": {{"Ref": "Osaka"}}}}]}}}}}}}}"#,
        resources.join(",\n")
    );
    vec![("template.json", template)]
}

fn template_yaml(stack: Stack) -> Vec<(&'static str, String)> {
    let statements = |name: &str| {
        let exempt = match (stack, name) {
            (Stack::Broken, "orders-london") => {
                "\n              ArnNotLike:\n                aws:PrincipalArn: !Sub arn:aws:iam::${AWS::AccountId}:role/deploy*"
            }
            _ => "",
        };
        [("OnlyThroughMrap", "s3:*", format!("{name}/*")), ("OnlyThroughMrapList", LISTS, name.to_owned())]
            .map(|(sid, action, resource)| {
                format!(
                    "          - Sid: {sid}
            Effect: Deny
            Principal: '*'
            Action: {action}
            Resource: arn:aws:s3:::{resource}
            Condition:
              ArnNotEquals:
                s3:DataAccessPointArn: !Sub
                  - arn:aws:s3::${{AWS::AccountId}}:accesspoint/${{Alias}}
                  - Alias: !GetAtt Orders.Alias{exempt}
"
                )
            })
            .concat()
    };
    let resources = BUCKETS.map(|(logical, name)| {
        format!(
            "  {logical}:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: {name}
  {logical}Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref {logical}
      PolicyDocument:
        Version: 2012-10-17
        Statement:
{}",
            statements(name)
        )
    });
    let template = format!(
        "Resources:
{}  Orders:
    Type: AWS::S3::MultiRegionAccessPoint
    Properties:
      Name: orders
      Regions:
        - Bucket: !Ref London
        - Bucket: !Ref Osaka
",
        resources.concat()
    );
    vec![("template.yaml", template)]
}

fn terraform_json(stack: Stack) -> Vec<(&'static str, String)> {
    let arn = r#""${aws_s3control_multi_region_access_point.orders.arn}""#;
    let policies = BUCKETS.map(|(logical, name)| {
        let text = serde_json::Value::from(policy(name, stack, arn)).to_string();
        format!(r#""{logical}": {{"bucket": "${{aws_s3_bucket.{logical}.id}}", "policy": {text}}}"#)
    });
    let buckets = BUCKETS.map(|(logical, name)| format!(r#""{logical}": {{"bucket": "{name}"}}"#));
    let file = format!(
        r#"{{"resource": {{
"aws_s3_bucket": {{{}}},
"aws_s3_bucket_policy": {{{}}},
"aws_s3control_multi_region_access_point": {{"orders": {{"details": {{"name": "orders", "region": [
  {{"bucket": "${{aws_s3_bucket.London.id}}"}}, {{"bucket": "${{aws_s3_bucket.Osaka.id}}"}}]}}}}}}}}}}"#,
        buckets.join(", "),
        policies.join(",\n")
    );
    vec![("stack/main.tf.json", file)]
}
