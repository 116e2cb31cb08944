//! `narrows explain`: one request, and who decides it.

use crate::{MRAP, POLICY, Ran, narrows, policy, stack};
use narrows::{Exit, Memory};

const API: &str = "arn:aws:iam::123456789012:role/orders-api";
const REPORTING: &str = "arn:aws:iam::123456789012:role/reporting";
const ENDPOINT: &str = "aws:SourceVpce=aws_vpc_endpoint.eu_west_2";

fn explain(files: Memory, args: &[&str]) -> Ran {
    narrows(files, &[&["explain"], args, &["--as-of", "2026-11-23"]].concat())
}

/// An object read through the MRAP and one bucket of the example.
fn read<'a>(principal: &'a str, key: &'a str) -> Vec<&'a str> {
    let place = ["--mrap", "orders", "--bucket", "orders-eu-west-2"];
    [&["orders", "--principal", principal, "--action", "s3:GetObject", "--key", key], &place[..]].concat()
}

/// The example as files, with a role `reporting` and its own policy beside them.
fn with_reporting(resources: &str) -> Memory {
    let files = narrows(stack(), &["synth", "orders", "--as-of", "2026-11-23"]).files;
    let policy = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Sid": "AllowReports", "Effect": "Allow", "Action": "s3:GetObject", "Resource": {resources}}}]}}"#
    );
    let role = r#"{"resource": {
        "aws_iam_role": {"reporting": {"name": "reporting", "assume_role_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[]}"}},
        "aws_iam_role_policy": {"reporting": {"name": "reports", "role": "reporting", "policy": POLICY}}
    }}"#;
    let quoted = format!("\"{}\"", policy.replace('"', "\\\""));
    files.with("orders/out/terraform/reporting.tf.json", role.replace("POLICY", &quoted))
}

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

#[test]
fn every_statement_on_demand() {
    let text = POLICY.replace("ArnNotEquals", "ArnEquals");
    let args = ["policy.json", "--principal", API, "--action", "s3:GetObject", "--key", "a"];
    let ran = explain(policy(&text), &[&args[..], &["--bucket", "orders-eu-west-2", "--all"]].concat());
    assert_eq!(ran.exit, Exit::Undecided, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 3
    decided by  policy.json, the policy of bucket orders-eu-west-2
    declared    nothing declared
    as of       2026-11-23

    ? depends at bucket orders-eu-west-2

        principal  arn:aws:iam::123456789012:role/orders-api
        action     s3:GetObject
        resource   arn:aws:s3:::orders-eu-west-2/a
        assumed    aws:CurrentTime = 2026-11-23T12:00:00Z
                   aws:SecureTransport = true
                   aws:ViaAWSService = false

        role/orders-api
        │ at the bucket's own endpoint
        └─ ? bucket  arn:aws:s3:::orders-eu-west-2/a
             – its policy  no Deny of policy.json matches, and it has no Allow
               ≠ Deny  DenyNotThroughMrap
                 = principal `*` matches
                 = action `s3:*` matches `s3:GetObject`
                 = resource `arn:aws:s3:::orders-eu-west-2/*` matches `arn:aws:s3:::orders-eu-west-2/a`
                 ≠ condition ArnEquals s3:DataAccessPointArn: the key is absent, and a positive operator
                   is false then
               ≠ Deny  DenyListNotThroughMrap
                 = principal `*` matches
                 ≠ no action matches `s3:GetObject`; listed: `s3:ListBucket`, `s3:ListBucketVersions`,
                   `s3:ListBucketMultipartUploads`
                 ≠ no resource matches `arn:aws:s3:::orders-eu-west-2/a`; listed:
                   `arn:aws:s3:::orders-eu-west-2`
                 ≠ condition ArnEquals s3:DataAccessPointArn: the key is absent, and a positive operator
                   is false then
               ≠ Deny  DenyWithoutTls
                 = principal `*` matches
                 = action `s3:*` matches `s3:GetObject`
                 = resource `arn:aws:s3:::orders-eu-west-2/*` matches `arn:aws:s3:::orders-eu-west-2/a`
                 ≠ condition Bool aws:SecureTransport: the key is `true`, compared with `false`
             ? identity    not in the input

    Depends on
      · the identity policies of arn:aws:iam::123456789012:role/orders-api, which are not in the input:
        they must allow s3:GetObject on arn:aws:s3:::orders-eu-west-2/a

    Assumed
      · S3 authorization only: permissions of KMS keys are not part of the input
      · bucket orders-eu-west-2 belongs to the caller's account, as the input does not tell its owner
      · condition keys that are not shown are absent, or open where AWS always sets them
      · control policies, permission boundaries and session policies are not attached
      · identity policies of arn:aws:iam::123456789012:role/orders-api, which are not in the input, deny
        nothing
      · object ownership is BucketOwnerEnforced, S3's default: ACLs are off
      · the role's session is called `session`
    ");
}

#[test]
fn json_for_machines() {
    let args = ["policy.json", "--principal", API, "--action", "s3:ListBucket", "--mrap", MRAP];
    let ran = explain(
        policy(POLICY),
        &[&args[..], &["--format", "json", "--context", "aws:SecureTransport=false"]].concat(),
    );
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    insta::assert_snapshot!(ran.stdout, @r#"
    {
      "version": 1,
      "request": {
        "principal": "arn:aws:iam::123456789012:role/orders-api",
        "session": null,
        "action": "s3:ListBucket",
        "resource": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
        "route": "mrap",
        "context": {
          "aws:SecureTransport": [
            "false"
          ]
        },
        "assumed_context": {
          "aws:CurrentTime": "2026-11-23T12:00:00Z",
          "aws:ViaAWSService": "false"
        }
      },
      "decision": "denied",
      "access_point": {
        "resource": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
        "decision": "depends",
        "documents": [
          {
            "role": "resource",
            "name": null,
            "says": "unknown",
            "note": "not in the input",
            "statement": null,
            "location": null,
            "statements": []
          },
          {
            "role": "identity",
            "name": null,
            "says": "unknown",
            "note": "not in the input",
            "statement": null,
            "location": null,
            "statements": []
          }
        ]
      },
      "buckets": [
        {
          "bucket": {
            "kind": "bucket",
            "name": "orders-eu-west-2",
            "address": ""
          },
          "decision": "denied",
          "why": [
            "DenyWithoutTls of policy.json denies it on the bucket, and a Deny wins over every Allow"
          ],
          "leg": {
            "resource": "arn:aws:s3:::orders-eu-west-2",
            "decision": "denied",
            "documents": [
              {
                "role": "resource",
                "name": "policy.json",
                "says": "denies",
                "note": null,
                "statement": "DenyWithoutTls",
                "location": "policy.json:24 (Statement[2])",
                "statements": [
                  {
                    "label": "DenyNotThroughMrap",
                    "effect": "deny",
                    "matches": "no",
                    "location": "policy.json:4 (Statement[0])",
                    "decisive": false,
                    "elements": [
                      {
                        "element": "principal",
                        "matches": "yes",
                        "reason": "principal `*` matches"
                      },
                      {
                        "element": "action",
                        "matches": "yes",
                        "reason": "action `s3:*` matches `s3:ListBucket`"
                      },
                      {
                        "element": "resource",
                        "matches": "no",
                        "reason": "no resource matches `arn:aws:s3:::orders-eu-west-2`; listed: `arn:aws:s3:::orders-eu-west-2/*`"
                      },
                      {
                        "element": "condition",
                        "matches": "no",
                        "reason": "condition ArnNotEquals s3:DataAccessPointArn: the key is `arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap`, compared with `arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap`"
                      }
                    ]
                  },
                  {
                    "label": "DenyListNotThroughMrap",
                    "effect": "deny",
                    "matches": "no",
                    "location": "policy.json:14 (Statement[1])",
                    "decisive": false,
                    "elements": [
                      {
                        "element": "principal",
                        "matches": "yes",
                        "reason": "principal `*` matches"
                      },
                      {
                        "element": "action",
                        "matches": "yes",
                        "reason": "action `s3:ListBucket` matches `s3:ListBucket`"
                      },
                      {
                        "element": "resource",
                        "matches": "yes",
                        "reason": "resource `arn:aws:s3:::orders-eu-west-2` matches `arn:aws:s3:::orders-eu-west-2`"
                      },
                      {
                        "element": "condition",
                        "matches": "no",
                        "reason": "condition ArnNotEquals s3:DataAccessPointArn: the key is `arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap`, compared with `arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap`"
                      }
                    ]
                  },
                  {
                    "label": "DenyWithoutTls",
                    "effect": "deny",
                    "matches": "yes",
                    "location": "policy.json:24 (Statement[2])",
                    "decisive": true,
                    "elements": [
                      {
                        "element": "principal",
                        "matches": "yes",
                        "reason": "principal `*` matches"
                      },
                      {
                        "element": "action",
                        "matches": "yes",
                        "reason": "action `s3:*` matches `s3:ListBucket`"
                      },
                      {
                        "element": "resource",
                        "matches": "yes",
                        "reason": "resource `arn:aws:s3:::orders-eu-west-2` matches `arn:aws:s3:::orders-eu-west-2`"
                      },
                      {
                        "element": "condition",
                        "matches": "yes",
                        "reason": "condition Bool aws:SecureTransport: the key is `false`, compared with `false`"
                      }
                    ]
                  }
                ]
              },
              {
                "role": "identity",
                "name": null,
                "says": "unknown",
                "note": "not in the input",
                "statement": null,
                "location": null,
                "statements": []
              }
            ]
          }
        }
      ],
      "assumptions": [
        "S3 authorization only: permissions of KMS keys are not part of the input",
        "bucket orders-eu-west-2 belongs to the MRAP's account, as nothing tells its owner",
        "condition keys that are not shown are absent, or open where AWS always sets them",
        "control policies, permission boundaries and session policies are not attached",
        "identity policies of arn:aws:iam::123456789012:role/orders-api, which are not in the input, deny nothing",
        "object ownership is BucketOwnerEnforced, S3's default: ACLs are off",
        "the role's session is called `session`"
      ]
    }
    "#);
}

/// The counterexample of a broken policy, as a report has it.
fn counterexample(files: &Memory, args: &[&str]) -> String {
    let check = [&["check"], args, &["--format", "json", "--as-of", "2026-11-23"]].concat();
    let report = narrows(files.clone(), &check).stdout;
    let (_, rest) = report.split_once("\"counterexample\": {").unwrap();
    let (inner, _) = rest.split_once("\n      },").unwrap();
    format!("{{{inner}}}")
}

#[test]
fn a_counterexample_can_be_fed_back() {
    let files = policy(&POLICY.replace("ArnNotEquals", "ArnEquals"));
    let args = ["policy.json", "--mrap", MRAP, "--guardrail", "only-through-mrap"];
    let request = counterexample(&files, &args);
    let ran = explain(
        files.with("request.json", request),
        &["policy.json", "--mrap", MRAP, "--request", "request.json"],
    );
    assert_eq!(ran.exit, Exit::Undecided, "{ran}");
    assert!(
        ran.stdout.contains("the identity policies of arn:aws:iam::123456789012:role/any-other-role"),
        "{ran}"
    );
}

#[test]
fn a_counterexample_with_references_can_be_fed_back() {
    let files = narrows(stack(), &["synth", "orders", "--as-of", "2026-11-23"]).files;
    // The Deny meant for everything outside the endpoints hits what comes through them.
    let flip = |files: Memory, path: &str| {
        let text = files.text(path).unwrap().replace("StringNotEquals", "StringEquals");
        files.with(path, text)
    };
    let files = flip(files, "orders/out/terraform/s3.tf.json");
    let files = flip(files, "orders/out/terraform/s3control.tf.json");
    let request = counterexample(&files, &["orders/out/terraform", "--guardrail", "private-only"]);
    assert!(request.contains("${aws_s3control_multi_region_access_point.mrap.alias}"), "{request}");
    let ran =
        explain(files.with("request.json", request), &["orders/out/terraform", "--request", "request.json"]);
    assert_eq!(ran.exit, Exit::Undecided, "{ran}");
}

/// What a wrong command says.
fn wrong(args: &[&str]) -> String {
    let ran = explain(stack(), &[&["orders"], args].concat());
    assert_eq!(ran.exit, Exit::Failed, "{ran}");
    assert_eq!(ran.stdout, "");
    ran.stderr
}

#[test]
fn wrong_requests() {
    let get = ["--principal", API, "--action", "s3:GetObject"];
    let all = [
        wrong(&[&get[..], &["--mrap", "order", "--key", "a"]].concat()),
        wrong(&[&get[..], &["--mrap", "orders"]].concat()),
        wrong(&[&get[..], &["--key", "a"]].concat()),
        wrong(&["--principal", API, "--action", "s3:ListBucket", "--mrap", "orders", "--key", "a"]),
        wrong(&["--principal", API, "--action", "GetObject", "--mrap", "orders", "--key", "a"]),
        wrong(&["--principal", "orders-api", "--action", "s3:GetObject", "--mrap", "orders", "--key", "a"]),
        wrong(
            &[
                &get[..],
                &[
                    "--mrap",
                    "orders",
                    "--key",
                    "a",
                    "--context",
                    "aws:SourceVpce=${aws_vpc_endpoint.eu_west.id}",
                ],
            ]
            .concat(),
        ),
        wrong(
            &[
                &get[..],
                &[
                    "--bucket",
                    "orders-eu-west-2",
                    "--key",
                    "a",
                    "--context",
                    &format!("s3:DataAccessPointArn={MRAP}"),
                ],
            ]
            .concat(),
        ),
        wrong(&[&get[..], &["--mrap", "orders", "--key", "a", "--context", "SourceVpce=x"]].concat()),
        wrong(&["--principal", API]),
        wrong(&["--request", "orders/narrows.toml"]),
    ];
    insta::assert_snapshot!(all.join("\n"), @"
      × no MRAP of the input is called `order`: expected orders
      help: did you mean `orders`?

      × s3:GetObject is about an object, and no key is given
      help: give it: --key KEY

      × the request is on nothing: expected a bucket or an MRAP
      help: give --bucket NAME for a direct request, --mrap NAME for one through the MRAP

      × s3:ListBucket is not about an object, and key `a` is given
      help: leave the key out; what a listing is limited to is --context s3:prefix=PREFIX

      × `GetObject` is not an action: expected one such as s3:GetObject
      help: did you mean `s3:GetObject`?

      × `orders-api` is not a principal: expected the ARN of a role, a user, a session
      │ (arn:aws:sts::<account>:assumed-role/<name>/<session>) or a root user
      │ (arn:aws:iam::<account>:root), a service's name, or `anonymous`

      × `${aws_vpc_endpoint.eu_west.id}` in aws:SourceVpce is no reference that the input leaves open
      help: did you mean `${aws_vpc_endpoint.eu_west_2.id}`?

      × s3:DataAccessPointArn is given as `arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap`,
      │ and follows from the resource: absent
      help: leave s3:DataAccessPointArn out, or change the resource

    error: invalid value 'SourceVpce=x' for '--context <KEY=VALUE>': expected a condition key and its value, such as aws:SecureTransport=true

    For more information, try '--help'.

    error: the following required arguments were not provided:
      --action <ACTION>

    Usage: narrows explain --principal <WHO> --as-of <DATE> --action <ACTION> <PATH>...

    For more information, try '--help'.

      × not JSON: unexpected token
       ╭─[orders/narrows.toml:1:1]
     1 │ # One Multi-Region Access Point over three buckets. Data is reached through its ARN alone, and through the VPC…
       · ─
     2 │ # Change names, account, roles and networks to yours, and leave out the tables that you do not need.
       ╰────
    ");
}

#[test]
fn wrong_request_files() {
    let failed = |text: &str| {
        let ran = explain(stack().with("r.json", text), &["orders", "--request", "r.json"]);
        assert_eq!(ran.exit, Exit::Failed, "{ran}");
        ran.stderr
    };
    let all = [
        failed(r#"{"version": 1, "verdicts": []}"#),
        failed(r#"{"principle": "anonymous"}"#),
        failed(r#"{"principal": "anonymous", "action": "s3:GetObject"}"#),
        failed(r#"{"principal": "anonymous", "action": "s3:GetObject", "resource": "orders/a"}"#),
        failed(r#"{"principal": "anonymous", "action": 7, "resource": "arn:aws:s3:::orders-eu-west-2/a"}"#),
    ];
    insta::assert_snapshot!(all.join("\n"), @r#"
     × `r.json` is a whole report: expected one request
     help: save one counterexample of it: jq '[.verdicts[].counterexample | values][0]' report.json >
           request.json

     × `principle` is not part of a request: expected principal, session, action, resource, context,
     │ legs, route, sentence, command, elsewhere, assumed_context
      ╭─[r.json:1:15]
    1 │ {"principle": "anonymous"}
      ·               ─────┬─────
      ·                    ╰── principle
      ╰────
     help: did you mean `principal`?

     × `r.json` has no `resource`: expected principal, action, resource and context

     × `orders/a` is no resource of S3: expected the ARN of a bucket, an access point or an object

     × `action` is a number: expected text
      ╭─[r.json:1:38]
    1 │ {"principal": "anonymous", "action": 7, "resource": "arn:aws:s3:::orders-eu-west-2/a"}
      ·                                      ┬
      ·                                      ╰── action
      ╰────
    "#);
}

#[test]
fn reports_never_replace_what_is_read() {
    let ask = ["--principal", "anonymous", "--action", "s3:GetObject", "--bucket", "orders-eu-west-2"];
    let told = |file: &str, args: &[&str]| {
        let format = format!("json={file}");
        let ran = explain(stack(), &[&["orders"], args, &["--format", &format]].concat());
        assert_eq!(ran.exit, Exit::Failed, "{ran}");
        assert!(ran.stderr.contains(&format!("`{file}` is an input")), "{ran}");
        assert_eq!(ran.files.paths().count(), 1, "{ran}");
    };
    for name in ["narrows.toml", "narrows.intent.json", "s3.tf.json", "main.tf"] {
        told(&format!("orders/{name}"), &ask);
    }
    told("a.toml", &[&ask[..], &["--stack", "a.toml"]].concat());
    told("./request.json", &["--request", "request.json"]);
}
