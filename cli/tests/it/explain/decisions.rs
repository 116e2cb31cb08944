//! What is allowed, denied, or depends on what is not in the input, and why.

use super::{API, ENDPOINT, REPORTING, explain, read, with_reporting};
use crate::{MRAP, POLICY, policy, stack};
use narrows::Exit;

#[test]
fn allowed_through_the_mrap_and_its_endpoint() {
    let ran = explain(stack(), &[&read(API, "a.txt")[..], &["--context", ENDPOINT]].concat());
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 0
    decided by  orders/narrows.toml, as `narrows synth` would write it
    declared    orders/narrows.toml
    as of       2026-11-23

    ✓ allowed at bucket orders-eu-west-2

        principal  arn:aws:iam::123456789012:role/orders-api
        action     s3:GetObject
        resource   arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/a.txt
        context    aws:SourceVpce = ${aws_vpc_endpoint.eu_west_2.id}
        assumed    aws:CurrentTime = 2026-11-23T12:00:00Z
                   aws:SecureTransport = true
                   aws:ViaAWSService = false

        role/orders-api
        │ through the Multi-Region Access Point
        ├─ ✓ access point  arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/a.txt
        │    ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  orders/out/terraform/s3control.tf.json:32
        │    ✓ endpoint    AllowObjects allows it  orders/out/terraform/ec2.tf.json:53
        │    ? identity    not in the input
        └─ ✓ bucket        arn:aws:s3:::orders-eu-west-2/a.txt
             ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  orders/out/terraform/s3.tf.json:70
             ✓ endpoint    AllowObjects allows it  orders/out/terraform/ec2.tf.json:53
             ? identity    not in the input

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
fn denied_because_direct() {
    let session = "arn:aws:sts::123456789012:assumed-role/orders-api/i-0abc";
    let args = ["orders", "--principal", session, "--action", "s3:GetObject", "--key", "a.txt"];
    let ran = explain(stack(), &[&args[..], &["--bucket", "orders-eu-west-2"]].concat());
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 1
    decided by  orders/narrows.toml, as `narrows synth` would write it
    declared    orders/narrows.toml
    as of       2026-11-23

    ✗ denied at bucket orders-eu-west-2

        principal  arn:aws:iam::123456789012:role/orders-api
        session    i-0abc
        action     s3:GetObject
        resource   arn:aws:s3:::orders-eu-west-2/a.txt
        assumed    aws:CurrentTime = 2026-11-23T12:00:00Z
                   aws:SecureTransport = true
                   aws:ViaAWSService = false

        role/orders-api
        │ at the bucket's own endpoint
        └─ ✗ bucket  arn:aws:s3:::orders-eu-west-2/a.txt
             ✗ its policy  DenyObjectsOutsideMrap denies it  orders/out/terraform/s3.tf.json:70
               = condition ArnNotEquals aws:PrincipalArn: the key is
                 `arn:aws:iam::123456789012:role/orders-api`, compared with
                 `arn:aws:iam::123456789012:role/orders-replication`,
                 `arn:aws:iam::123456789012:role/storage-on-call`
               = condition ArnNotEquals s3:DataAccessPointArn: the key is absent, and a negated operator
                 is true then
             ? identity    not in the input

    Denied, because
      · DenyObjectsOutsideMrap of aws_s3_bucket_policy.eu_west_2 denies it on the bucket, and a Deny
        wins over every Allow

    Assumed
      · S3 authorization only: permissions of KMS keys are not part of the input
      · condition keys that are not shown are absent, or open where AWS always sets them
      · control policies, permission boundaries and session policies are not attached
      · identity policies of arn:aws:iam::123456789012:role/orders-api, which are not in the input, deny
        nothing
    ");
}

#[test]
fn denied_because_the_key_is_outside_the_prefix() {
    let files = with_reporting(
        r#"["arn:aws:s3:::orders-eu-west-2/reports/*", "arn:aws:s3::123456789012:accesspoint/*/object/reports/*"]"#,
    );
    let mut args = read(REPORTING, "invoices/a.pdf");
    args[0] = "orders/out/terraform";
    args.extend(["--context", ENDPOINT]);
    let ran = explain(files, &args);
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 1
    decided by  orders/out/terraform, Terraform JSON
    declared    orders/out/terraform/narrows.intent.json
    as of       2026-11-23

    ✗ denied at bucket orders-eu-west-2

        principal  arn:aws:iam::123456789012:role/reporting
        action     s3:GetObject
        resource   arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/invoices/a.pdf
        context    aws:SourceVpce = ${aws_vpc_endpoint.eu_west_2.id}
        assumed    aws:CurrentTime = 2026-11-23T12:00:00Z
                   aws:SecureTransport = true
                   aws:ViaAWSService = false

        role/reporting
        │ through the Multi-Region Access Point
        ├─ ✗ access point  arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/invoices/a.pdf
        │    – its policy  nothing matches; nearest is AllowReadObjectsForReporting  orders/out/terraform/s3control.tf.json:32
        │      ≠ no resource matches
        │        `arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/invoices/a.pdf`;
        │        listed:
        │        `arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/reports/*`
        │    ✓ endpoint    AllowObjects allows it  orders/out/terraform/ec2.tf.json:53
        │    – identity    nothing matches; nearest is AllowReports  orders/out/terraform/reporting.tf.json:3
        │      ≠ no resource matches
        │        `arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/invoices/a.pdf`;
        │        listed: `arn:aws:s3:::orders-eu-west-2/reports/*`,
        │        `arn:aws:s3::123456789012:accesspoint/*/object/reports/*`
        └─ ✗ bucket        arn:aws:s3:::orders-eu-west-2/invoices/a.pdf
             – its policy  nothing matches; nearest is AllowReadObjectsForReporting  orders/out/terraform/s3.tf.json:70
               ≠ no resource matches `arn:aws:s3:::orders-eu-west-2/invoices/a.pdf`; listed:
                 `arn:aws:s3:::orders-eu-west-2/reports/*`
             ✓ endpoint    AllowObjects allows it  orders/out/terraform/ec2.tf.json:53
             – identity    nothing matches; nearest is AllowReports  orders/out/terraform/reporting.tf.json:3
               ≠ no resource matches `arn:aws:s3:::orders-eu-west-2/invoices/a.pdf`; listed:
                 `arn:aws:s3:::orders-eu-west-2/reports/*`,
                 `arn:aws:s3::123456789012:accesspoint/*/object/reports/*`

    Denied, because
      · neither aws_s3control_multi_region_access_point_policy.mrap nor the caller's own policy
        aws_iam_role_policy.reporting allows it on the access point
      · neither aws_s3_bucket_policy.eu_west_2 nor the caller's own policy aws_iam_role_policy.reporting
        allows it on the bucket

    Assumed
      · S3 authorization only: permissions of KMS keys are not part of the input
      · arn:aws:iam::123456789012:role/reporting has no identity policies but those in the input
      · condition keys that are not shown are absent, or open where AWS always sets them
      · control policies, permission boundaries and session policies are not attached
      · the role's session is called `session`
    ");
}

#[test]
fn its_own_policy_is_not_needed_inside_the_prefix() {
    let mut args = read(REPORTING, "reports/a.pdf");
    args[0] = "orders/out/terraform";
    args.extend(["--context", ENDPOINT]);
    let ran = explain(with_reporting(r#""arn:aws:s3:::other/*""#), &args);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
}

#[test]
fn denied_because_of_a_missing_endpoint() {
    let args =
        ["orders", "--principal", API, "--action", "s3:GetObject", "--key", "a.txt", "--mrap", "orders"];
    let ran = explain(stack(), &args);
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 1
    decided by  orders/narrows.toml, as `narrows synth` would write it
    declared    orders/narrows.toml
    as of       2026-11-23

    ✗ denied at each of 3 buckets

        principal  arn:aws:iam::123456789012:role/orders-api
        action     s3:GetObject
        resource   arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/a.txt
        assumed    aws:CurrentTime = 2026-11-23T12:00:00Z
                   aws:SecureTransport = true
                   aws:ViaAWSService = false

        role/orders-api
        │ through the Multi-Region Access Point
        ├─ ✗ access point  arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/a.txt
        │    ✗ its policy  DenyObjectsOutsideEndpoints denies it  orders/out/terraform/s3control.tf.json:32
        │      = condition ArnNotEquals aws:PrincipalArn: the key is
        │        `arn:aws:iam::123456789012:role/orders-api`, compared with
        │        `arn:aws:iam::123456789012:role/storage-on-call`
        │      = condition StringNotEquals aws:SourceVpce: the key is absent, and a negated operator is
        │        true then
        │    ? identity    not in the input
        ├─ ✗ bucket        arn:aws:s3:::orders-ap-northeast-3/a.txt
        │    ✗ its policy  DenyObjectsOutsideEndpoints denies it  orders/out/terraform/s3.tf.json:62
        │      = condition ArnNotEquals aws:PrincipalArn: the key is
        │        `arn:aws:iam::123456789012:role/orders-api`, compared with
        │        `arn:aws:iam::123456789012:role/orders-replication`,
        │        `arn:aws:iam::123456789012:role/storage-on-call`
        │      = condition StringNotEquals aws:SourceVpce: the key is absent, and a negated operator is
        │        true then
        │    ? identity    not in the input
        ├─ ✗ bucket        arn:aws:s3:::orders-eu-west-2/a.txt
        │    ✗ its policy  DenyObjectsOutsideEndpoints denies it  orders/out/terraform/s3.tf.json:70
        │      = condition ArnNotEquals aws:PrincipalArn: the key is
        │        `arn:aws:iam::123456789012:role/orders-api`, compared with
        │        `arn:aws:iam::123456789012:role/orders-replication`,
        │        `arn:aws:iam::123456789012:role/storage-on-call`
        │      = condition StringNotEquals aws:SourceVpce: the key is absent, and a negated operator is
        │        true then
        │    ? identity    not in the input
        └─ ✗ bucket        arn:aws:s3:::orders-us-east-1/a.txt
             ✗ its policy  DenyObjectsOutsideEndpoints denies it  orders/out/terraform/s3.tf.json:78
               = condition ArnNotEquals aws:PrincipalArn: the key is
                 `arn:aws:iam::123456789012:role/orders-api`, compared with
                 `arn:aws:iam::123456789012:role/orders-replication`,
                 `arn:aws:iam::123456789012:role/storage-on-call`
               = condition StringNotEquals aws:SourceVpce: the key is absent, and a negated operator is
                 true then
             ? identity    not in the input

    Denied, because  at orders-ap-northeast-3, and in the same way at orders-eu-west-2, orders-us-east-1
      · DenyObjectsOutsideEndpoints of aws_s3control_multi_region_access_point_policy.mrap denies it on
        the access point, and a Deny wins over every Allow
      · DenyObjectsOutsideEndpoints of aws_s3_bucket_policy.ap_northeast_3 denies it on the bucket, and
        a Deny wins over every Allow

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
fn it_depends_on_identity_policies_that_are_not_in_the_input() {
    let args = [&read(REPORTING, "invoices/a.pdf")[..], &["--context", ENDPOINT]].concat();
    let ran = explain(stack(), &args);
    assert_eq!(ran.exit, Exit::Undecided, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 3
    decided by  orders/narrows.toml, as `narrows synth` would write it
    declared    orders/narrows.toml
    as of       2026-11-23

    ? depends at bucket orders-eu-west-2

        principal  arn:aws:iam::123456789012:role/reporting
        action     s3:GetObject
        resource   arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/invoices/a.pdf
        context    aws:SourceVpce = ${aws_vpc_endpoint.eu_west_2.id}
        assumed    aws:CurrentTime = 2026-11-23T12:00:00Z
                   aws:SecureTransport = true
                   aws:ViaAWSService = false

        role/reporting
        │ through the Multi-Region Access Point
        ├─ ? access point  arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/invoices/a.pdf
        │    – its policy  nothing matches; nearest is AllowReadObjectsForReporting  orders/out/terraform/s3control.tf.json:32
        │      ≠ no resource matches
        │        `arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/invoices/a.pdf`;
        │        listed:
        │        `arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/reports/*`
        │    ✓ endpoint    AllowObjects allows it  orders/out/terraform/ec2.tf.json:53
        │    ? identity    not in the input
        └─ ? bucket        arn:aws:s3:::orders-eu-west-2/invoices/a.pdf
             – its policy  nothing matches; nearest is AllowReadObjectsForReporting  orders/out/terraform/s3.tf.json:70
               ≠ no resource matches `arn:aws:s3:::orders-eu-west-2/invoices/a.pdf`; listed:
                 `arn:aws:s3:::orders-eu-west-2/reports/*`
             ✓ endpoint    AllowObjects allows it  orders/out/terraform/ec2.tf.json:53
             ? identity    not in the input

    Depends on
      · the identity policies of arn:aws:iam::123456789012:role/reporting, which are not in the input:
        they must allow s3:GetObject on
        arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/invoices/a.pdf
        and arn:aws:s3:::orders-eu-west-2/invoices/a.pdf

    Assumed
      · S3 authorization only: permissions of KMS keys are not part of the input
      · condition keys that are not shown are absent, or open where AWS always sets them
      · control policies, permission boundaries and session policies are not attached
      · identity policies of arn:aws:iam::123456789012:role/reporting, which are not in the input, deny
        nothing
      · the role's session is called `session`
    ");
}

#[test]
fn anonymous_callers_have_no_identity_policies() {
    let args = ["policy.json", "--principal", "anonymous", "--action", "s3:ListBucket", "--mrap", MRAP];
    let ran = explain(policy(POLICY), &args);
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    assert!(ran.stdout.contains("anonymous callers cannot use a Multi-Region Access Point"), "{ran}");
    assert!(!ran.stdout.contains("identity"), "{ran}");
}
