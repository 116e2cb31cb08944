//! `narrows explain` as a process: why a role cannot read through the MRAP of the shipped stack once one policy is broken.

use crate::process::run;
use std::path::Path;
use tempfile::TempDir;

const TERRAFORM: &str = "stack/out/terraform";

/// The shipped stack on disk, as `synth` writes it.
fn written() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let stack = folder.path().join("stack");
    std::fs::create_dir(&stack).unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/three-regions/narrows.toml");
    std::fs::copy(example, stack.join("narrows.toml")).unwrap();
    let ran = run(folder.path(), &["synth", "stack", "--as-of", "2026-11-23"]);
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    folder
}

/// Changes one policy of a file: a text within one resource, given by its type and name.
fn edit(folder: &TempDir, file: &str, resource: (&str, &str), change: (&str, &str)) {
    let path = folder.path().join(TERRAFORM).join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let (kind, name) = (format!("\"{}\": {{", resource.0), format!("\"{}\": {{", resource.1));
    let (before, rest) = text.split_once(&kind).unwrap();
    let (between, rest) = rest.split_once(&name).unwrap();
    let (body, after) = rest.split_once("\n      }").unwrap();
    let edited = body.replace(change.0, change.1);
    assert_ne!(body, edited, "nothing to change in {file}");
    std::fs::write(&path, format!("{before}{kind}{between}{name}{edited}\n      }}{after}")).unwrap();
}

/// Why orders-api cannot read an object through the MRAP, from the endpoint in eu-west-2.
fn ask(folder: &TempDir) -> String {
    let args = [
        "explain",
        TERRAFORM,
        "--mrap",
        "orders",
        "--principal",
        "arn:aws:iam::123456789012:role/orders-api",
        "--action",
        "s3:GetObject",
        "--key",
        "2026/a.txt",
        "--context",
        "aws:SourceVpce=aws_vpc_endpoint.eu_west_2",
        "--as-of",
        "2026-11-23",
    ];
    let ran = run(folder.path(), &args);
    assert_eq!(String::from_utf8_lossy(&ran.stderr), "");
    format!("exit {}\n{}", ran.status.code().unwrap(), String::from_utf8_lossy(&ran.stdout))
}

#[test]
fn the_whole_stack_lets_it_read() {
    let told = ask(&written());
    assert!(told.starts_with("exit 0\n"), "{told}");
    assert!(told.contains("✓ allowed at each of 3 buckets"), "{told}");
}

#[test]
fn a_bucket_that_forgot_an_endpoint() {
    // Nothing fails until traffic fails over to us-east-1: its bucket's policy does not list the endpoint of eu-west-2.
    let folder = written();
    let endpoint = r#"\"${aws_vpc_endpoint.eu_west_2.id}\","#;
    edit(&folder, "s3.tf.json", ("aws_s3_bucket_policy", "us_east_1"), (endpoint, ""));
    insta::assert_snapshot!(ask(&folder), @r"
    exit 1
    decided by  stack/out/terraform, Terraform JSON
    declared    stack/out/terraform/narrows.intent.json
    as of       2026-11-23

    ✗ denied (allowed at 2, denied at 1 of 3 buckets)

        principal  arn:aws:iam::123456789012:role/orders-api
        action     s3:GetObject
        resource   arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/2026/a.txt
        context    aws:SourceVpce = ${aws_vpc_endpoint.eu_west_2.id}
        assumed    aws:CurrentTime = 2026-11-23T12:00:00Z
                   aws:SecureTransport = true
                   aws:ViaAWSService = false

        role/orders-api
        │ through the Multi-Region Access Point
        ├─ ✓ access point  arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/2026/a.txt
        │    ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  stack/out/terraform/s3control.tf.json:32
        │    ✓ endpoint    AllowObjects allows it  stack/out/terraform/ec2.tf.json:53
        │    ? identity    not in the input
        ├─ ✓ bucket        arn:aws:s3:::orders-ap-northeast-3/2026/a.txt
        │    ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  stack/out/terraform/s3.tf.json:62
        │    ✓ endpoint    AllowObjects allows it  stack/out/terraform/ec2.tf.json:53
        │    ? identity    not in the input
        ├─ ✓ bucket        arn:aws:s3:::orders-eu-west-2/2026/a.txt
        │    ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  stack/out/terraform/s3.tf.json:70
        │    ✓ endpoint    AllowObjects allows it  stack/out/terraform/ec2.tf.json:53
        │    ? identity    not in the input
        └─ ✗ bucket        arn:aws:s3:::orders-us-east-1/2026/a.txt
             ✗ its policy  DenyObjectsOutsideEndpoints denies it  stack/out/terraform/s3.tf.json:78
               = condition ArnNotEquals aws:PrincipalArn: the key is
                 `arn:aws:iam::123456789012:role/orders-api`, compared with
                 `arn:aws:iam::123456789012:role/orders-replication`,
                 `arn:aws:iam::123456789012:role/storage-on-call`
               = condition StringNotEquals aws:SourceVpce: the key is
                 `${aws_vpc_endpoint.eu_west_2.id}`, compared with
                 `${aws_vpc_endpoint.ap_northeast_3.id}`, `${aws_vpc_endpoint.us_east_1.id}`
             ✓ endpoint    AllowObjects allows it  stack/out/terraform/ec2.tf.json:53
             ? identity    not in the input

    Denied, because  at orders-us-east-1
      · DenyObjectsOutsideEndpoints of aws_s3_bucket_policy.us_east_1 denies it on the bucket, and a
        Deny wins over every Allow

    Assumed
      · S3 authorization only: permissions of KMS keys are not part of the input
      · condition keys that are not shown are absent, or open where AWS always sets them
      · control policies, permission boundaries and session policies are not attached
      · identity policies of arn:aws:iam::123456789012:role/orders-api, which are not in the input, deny
        nothing
      · the role's session is called `session`
    ");
}

#[test]
fn an_endpoint_that_allows_the_access_point_alone() {
    // The endpoint's policy is asked on both legs, and names the MRAP but no bucket.
    let folder = written();
    let buckets = ["ap_northeast_3", "eu_west_2", "us_east_1"]
        .map(|it| format!(r#",\"${{aws_s3_bucket.{it}.arn}}/*\""#));
    edit(&folder, "ec2.tf.json", ("aws_vpc_endpoint", "eu_west_2"), (&buckets.concat(), ""));
    insta::assert_snapshot!(ask(&folder), @r"
    exit 1
    decided by  stack/out/terraform, Terraform JSON
    declared    stack/out/terraform/narrows.intent.json
    as of       2026-11-23

    ✗ denied at each of 3 buckets

        principal  arn:aws:iam::123456789012:role/orders-api
        action     s3:GetObject
        resource   arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/2026/a.txt
        context    aws:SourceVpce = ${aws_vpc_endpoint.eu_west_2.id}
        assumed    aws:CurrentTime = 2026-11-23T12:00:00Z
                   aws:SecureTransport = true
                   aws:ViaAWSService = false

        role/orders-api
        │ through the Multi-Region Access Point
        ├─ ✓ access point  arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/2026/a.txt
        │    ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  stack/out/terraform/s3control.tf.json:32
        │    ✓ endpoint    AllowObjects allows it  stack/out/terraform/ec2.tf.json:53
        │    ? identity    not in the input
        ├─ ✗ bucket        arn:aws:s3:::orders-ap-northeast-3/2026/a.txt
        │    ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  stack/out/terraform/s3.tf.json:62
        │    – endpoint    nothing matches; nearest is AllowObjects  stack/out/terraform/ec2.tf.json:53
        │      ≠ no resource matches `arn:aws:s3:::orders-ap-northeast-3/2026/a.txt`; listed:
        │        `arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/*`
        │    ? identity    not in the input
        ├─ ✗ bucket        arn:aws:s3:::orders-eu-west-2/2026/a.txt
        │    ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  stack/out/terraform/s3.tf.json:70
        │    – endpoint    nothing matches; nearest is AllowObjects  stack/out/terraform/ec2.tf.json:53
        │      ≠ no resource matches `arn:aws:s3:::orders-eu-west-2/2026/a.txt`; listed:
        │        `arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/*`
        │    ? identity    not in the input
        └─ ✗ bucket        arn:aws:s3:::orders-us-east-1/2026/a.txt
             ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  stack/out/terraform/s3.tf.json:78
             – endpoint    nothing matches; nearest is AllowObjects  stack/out/terraform/ec2.tf.json:53
               ≠ no resource matches `arn:aws:s3:::orders-us-east-1/2026/a.txt`; listed:
                 `arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/*`
             ? identity    not in the input

    Denied, because  at orders-ap-northeast-3, and in the same way at orders-eu-west-2, orders-us-east-1
      · no statement of the endpoint's policy, aws_vpc_endpoint.eu_west_2, allows it on the bucket

    Assumed
      · S3 authorization only: permissions of KMS keys are not part of the input
      · condition keys that are not shown are absent, or open where AWS always sets them
      · control policies, permission boundaries and session policies are not attached
      · identity policies of arn:aws:iam::123456789012:role/orders-api, which are not in the input, deny
        nothing
      · the role's session is called `session`
    ");
}

#[test]
fn an_access_point_that_denies_the_role() {
    let folder = written();
    let allow = r#"{\"Sid\":\"AllowReadWriteObjectsForOrdersApi\",\"Effect\":\"Allow\""#;
    let deny = r#"{\"Sid\":\"DenyReadWriteObjectsForOrdersApi\",\"Effect\":\"Deny\""#;
    edit(
        &folder,
        "s3control.tf.json",
        ("aws_s3control_multi_region_access_point_policy", "mrap"),
        (allow, deny),
    );
    insta::assert_snapshot!(ask(&folder), @r"
    exit 1
    decided by  stack/out/terraform, Terraform JSON
    declared    stack/out/terraform/narrows.intent.json
    as of       2026-11-23

    ✗ denied at each of 3 buckets

        principal  arn:aws:iam::123456789012:role/orders-api
        action     s3:GetObject
        resource   arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/2026/a.txt
        context    aws:SourceVpce = ${aws_vpc_endpoint.eu_west_2.id}
        assumed    aws:CurrentTime = 2026-11-23T12:00:00Z
                   aws:SecureTransport = true
                   aws:ViaAWSService = false

        role/orders-api
        │ through the Multi-Region Access Point
        ├─ ✗ access point  arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/2026/a.txt
        │    ✗ its policy  DenyReadWriteObjectsForOrdersApi denies it  stack/out/terraform/s3control.tf.json:32
        │    ✓ endpoint    AllowObjects allows it  stack/out/terraform/ec2.tf.json:53
        │    ? identity    not in the input
        ├─ ✓ bucket        arn:aws:s3:::orders-ap-northeast-3/2026/a.txt
        │    ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  stack/out/terraform/s3.tf.json:62
        │    ✓ endpoint    AllowObjects allows it  stack/out/terraform/ec2.tf.json:53
        │    ? identity    not in the input
        ├─ ✓ bucket        arn:aws:s3:::orders-eu-west-2/2026/a.txt
        │    ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  stack/out/terraform/s3.tf.json:70
        │    ✓ endpoint    AllowObjects allows it  stack/out/terraform/ec2.tf.json:53
        │    ? identity    not in the input
        └─ ✓ bucket        arn:aws:s3:::orders-us-east-1/2026/a.txt
             ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  stack/out/terraform/s3.tf.json:78
             ✓ endpoint    AllowObjects allows it  stack/out/terraform/ec2.tf.json:53
             ? identity    not in the input

    Denied, because  at orders-ap-northeast-3, and in the same way at orders-eu-west-2, orders-us-east-1
      · DenyReadWriteObjectsForOrdersApi of aws_s3control_multi_region_access_point_policy.mrap denies
        it on the access point, and a Deny wins over every Allow

    Assumed
      · S3 authorization only: permissions of KMS keys are not part of the input
      · condition keys that are not shown are absent, or open where AWS always sets them
      · control policies, permission boundaries and session policies are not attached
      · identity policies of arn:aws:iam::123456789012:role/orders-api, which are not in the input, deny
        nothing
      · the role's session is called `session`
    ");
}

#[test]
fn a_bucket_whose_acls_are_on() {
    // An object that another account wrote is that account's, and no policy of the bucket reaches it.
    let folder = written();
    let owner = ("BucketOwnerEnforced", "ObjectWriter");
    edit(&folder, "s3.tf.json", ("aws_s3_bucket_ownership_controls", "eu_west_2"), owner);
    insta::assert_snapshot!(ask(&folder), @r"
    exit 3
    decided by  stack/out/terraform, Terraform JSON
    declared    stack/out/terraform/narrows.intent.json
    as of       2026-11-23

    ? depends (allowed at 2, depends at 1 of 3 buckets)

        principal  arn:aws:iam::123456789012:role/orders-api
        action     s3:GetObject
        resource   arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/2026/a.txt
        context    aws:SourceVpce = ${aws_vpc_endpoint.eu_west_2.id}
        assumed    aws:CurrentTime = 2026-11-23T12:00:00Z
                   aws:SecureTransport = true
                   aws:ViaAWSService = false

        role/orders-api
        │ through the Multi-Region Access Point
        ├─ ✓ access point  arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/2026/a.txt
        │    ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  stack/out/terraform/s3control.tf.json:32
        │    ✓ endpoint    AllowObjects allows it  stack/out/terraform/ec2.tf.json:53
        │    ? identity    not in the input
        ├─ ✓ bucket        arn:aws:s3:::orders-ap-northeast-3/2026/a.txt
        │    ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  stack/out/terraform/s3.tf.json:62
        │    ✓ endpoint    AllowObjects allows it  stack/out/terraform/ec2.tf.json:53
        │    ? identity    not in the input
        ├─ ? bucket        arn:aws:s3:::orders-eu-west-2/2026/a.txt
        │    ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  stack/out/terraform/s3.tf.json:70
        │    ? acl         ACLs are on: one may allow it, and the bucket's policy allows nothing on another account's object
        │    ✓ endpoint    AllowObjects allows it  stack/out/terraform/ec2.tf.json:53
        │    ? identity    not in the input
        └─ ✓ bucket        arn:aws:s3:::orders-us-east-1/2026/a.txt
             ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  stack/out/terraform/s3.tf.json:78
             ✓ endpoint    AllowObjects allows it  stack/out/terraform/ec2.tf.json:53
             ? identity    not in the input

    Depends on  at orders-eu-west-2
      · ACLs of orders-eu-west-2 and its objects are on, and may allow it or belong to another account

    Assumed
      · S3 authorization only: permissions of KMS keys are not part of the input
      · condition keys that are not shown are absent, or open where AWS always sets them
      · control policies, permission boundaries and session policies are not attached
      · identity policies of arn:aws:iam::123456789012:role/orders-api, which are not in the input, deny
        nothing
      · the role's session is called `session`
    ");
}
