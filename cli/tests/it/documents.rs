//! `narrows explain` and `narrows check` where KMS keys and session policies have a say.

use crate::{Ran, narrows, stack};
use narrows::{Exit, Memory};

const API: &str = "arn:aws:iam::123456789012:role/orders-api";

fn explain(files: Memory, args: &[&str]) -> Ran {
    let place =
        ["--mrap", "orders", "--bucket", "orders-eu-west-2", "--action", "s3:GetObject", "--key", "a.txt"];
    let endpoint = ["--context", "aws:SourceVpce=aws_vpc_endpoint.eu_west_2", "--as-of", "2026-11-23"];
    narrows(files, &[&["explain"], args, &["--principal", API], &place[..], &endpoint[..]].concat())
}

const SESSION: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Sid": "Reports", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::*/reports/*"}]}"#;

#[test]
fn a_session_policy_caps_the_session() {
    let files = stack().with("session.json", SESSION);
    let ran = explain(files, &["orders", "--session-policy", "session.json"]);
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 1
    decided by  orders/narrows.toml, as `narrows synth` would write it
    declared    orders/narrows.toml
    as of       2026-11-23

    ✗ denied at bucket orders-eu-west-2

        principal  arn:aws:iam::123456789012:role/orders-api
        action     s3:GetObject
        resource   arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/a.txt
        context    aws:SourceVpce = ${aws_vpc_endpoint.eu_west_2.id}
        assumed    aws:CurrentTime = 2026-11-23T12:00:00Z
                   aws:SecureTransport = true
                   aws:ViaAWSService = false

        role/orders-api
        │ through the Multi-Region Access Point
        ├─ ✗ access point  arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/a.txt
        │    ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  orders/out/terraform/s3control.tf.json:32
        │    ✓ endpoint    AllowObjects allows it  orders/out/terraform/ec2.tf.json:53
        │    ? identity    not in the input
        │    – session     nothing matches; nearest is Reports  session.json:2
        │      ≠ no resource matches
        │        `arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/a.txt`;
        │        listed: `arn:aws:s3:::*/reports/*`
        └─ ✗ bucket        arn:aws:s3:::orders-eu-west-2/a.txt
             ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  orders/out/terraform/s3.tf.json:70
             ✓ endpoint    AllowObjects allows it  orders/out/terraform/ec2.tf.json:53
             ? identity    not in the input
             – session     nothing matches; nearest is Reports  session.json:2
               ≠ no resource matches `arn:aws:s3:::orders-eu-west-2/a.txt`; listed:
                 `arn:aws:s3:::*/reports/*`

    Denied, because
      · no statement of the session policies allows it on the access point
      · no statement of the session policies allows it on the bucket

    Assumed
      · S3 authorization only: permissions of KMS keys are not part of the input
      · condition keys that are not shown are absent, or open where AWS always sets them
      · control policies and permission boundaries are not attached
      · identity policies of arn:aws:iam::123456789012:role/orders-api, which are not in the input, deny
        nothing
      · the role's session is called `session`
      · the session has no managed session policies beside the session policy given
    ");
    let all = SESSION.replace("arn:aws:s3:::*/reports/*", "*");
    let ran =
        explain(stack().with("session.json", all.as_str()), &["orders", "--session-policy", "session.json"]);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    let wrong = SESSION.replace("Allow", "Permit");
    let ran = explain(
        stack().with("session.json", wrong.as_str()),
        &["orders", "--session-policy", "session.json"],
    );
    assert_eq!(ran.exit, Exit::Failed, "{ran}");
    insta::assert_snapshot!(ran, @r#"
    exit 2
      × session.json: effect `Permit` is unknown: expected `Allow` or `Deny`
       ╭─[session.json:2:34]
     1 │ {"Version": "2012-10-17", "Statement": [
     2 │     {"Sid": "Reports", "Effect": "Permit", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::*/reports/*"}]}
       ·                                  ────┬───
       ·                                      ╰── Statement[0].Effect
       ╰────
    "#);
}

#[test]
fn a_user_has_no_session_policy() {
    let user = [
        "--principal",
        "arn:aws:iam::123456789012:user/alice",
        "--action",
        "s3:ListBucket",
        "--mrap",
        "orders",
    ];
    let args = [&["explain", "orders", "--session-policy", "session.json"], &user[..]].concat();
    let ran = narrows(stack().with("session.json", SESSION), &args);
    assert_eq!(ran.exit, Exit::Failed, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 2
      × a session policy is given, and the principal has no session
      help: leave it out, or give a role, a session of a role or a federated user as the principal
    ");
}

/// The example as files, with a key for one bucket.
fn with_key(principal: &str) -> Memory {
    let files = narrows(stack(), &["synth", "orders", "--as-of", "2026-11-23"]).files;
    let policy = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Sid": "Use", "Effect": "Allow", "Principal": {{"AWS": "{principal}"}}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {{"StringEquals": {{"kms:ViaService": "s3.eu-west-2.amazonaws.com"}}}}}}]}}"#
    );
    let key = r#"{"resource": {
        "aws_kms_key": {"orders": {"region": "eu-west-2", "policy": POLICY}},
        "aws_kms_alias": {"orders": {"region": "eu-west-2", "name": "alias/orders", "target_key_id": "${aws_kms_key.orders.key_id}"}},
        "aws_s3_bucket_server_side_encryption_configuration": {"orders": {
            "region": "eu-west-2",
            "bucket": "orders-eu-west-2",
            "rule": {"apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": "alias/orders"}, "bucket_key_enabled": true}
        }}
    }}"#;
    let quoted = format!("\"{}\"", policy.replace('"', "\\\""));
    files.with("orders/out/terraform/keys.tf.json", key.replace("POLICY", &quoted))
}

#[test]
fn the_key_of_a_bucket_is_a_further_leg() {
    let ran = explain(with_key(API), &["orders/out/terraform"]);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 0
    decided by  orders/out/terraform, Terraform JSON
    declared    orders/out/terraform/narrows.intent.json
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
        ├─ ✓ bucket        arn:aws:s3:::orders-eu-west-2/a.txt
        │    ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  orders/out/terraform/s3.tf.json:70
        │    ✓ endpoint    AllowObjects allows it  orders/out/terraform/ec2.tf.json:53
        │    ? identity    not in the input
        └─ ✓ its key       kms:Decrypt on arn:aws:kms:eu-west-2:123456789012:key/${aws_kms_key.orders.id}
             ✓ its policy  Use allows it  orders/out/terraform/keys.tf.json:2
               = condition StringEquals kms:ViaService: the key is `s3.eu-west-2.amazonaws.com`,
                 compared with `s3.eu-west-2.amazonaws.com`
             ? identity    not in the input

    Assumed
      · condition keys that are not shown are absent, or open where AWS always sets them
      · control policies, permission boundaries and session policies are not attached
      · identity policies of arn:aws:iam::123456789012:role/orders-api, which are not in the input, deny
        nothing
      · objects of orders-eu-west-2 are encrypted as its default has it, with aws_kms_key.orders; its
        grants are not in the input
      · the role's session is called `session`
    ");
    let ran = explain(with_key("arn:aws:iam::123456789012:role/other"), &["orders/out/terraform"]);
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 1
    decided by  orders/out/terraform, Terraform JSON
    declared    orders/out/terraform/narrows.intent.json
    as of       2026-11-23

    ✗ denied at bucket orders-eu-west-2

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
        ├─ ✓ bucket        arn:aws:s3:::orders-eu-west-2/a.txt
        │    ✓ its policy  AllowReadWriteObjectsForOrdersApi allows it  orders/out/terraform/s3.tf.json:70
        │    ✓ endpoint    AllowObjects allows it  orders/out/terraform/ec2.tf.json:53
        │    ? identity    not in the input
        └─ ✗ its key       kms:Decrypt on arn:aws:kms:eu-west-2:123456789012:key/${aws_kms_key.orders.id}
             – its policy  nothing matches; nearest is Use  orders/out/terraform/keys.tf.json:2
               ≠ no principal matches; listed: `arn:aws:iam::123456789012:role/other`
             ? identity    not in the input

    Denied, because
      · nothing in aws_kms_key.orders allows it on the key

    Assumed
      · condition keys that are not shown are absent, or open where AWS always sets them
      · control policies, permission boundaries and session policies are not attached
      · identity policies of arn:aws:iam::123456789012:role/orders-api, which are not in the input, deny
        nothing
      · objects of orders-eu-west-2 are encrypted as its default has it, with aws_kms_key.orders; its
        grants are not in the input
      · the role's session is called `session`
    ");
}

#[test]
fn a_key_that_leaves_the_application_out_refutes_its_grant() {
    let check =
        ["check", "orders/out/terraform", "--guardrail", "application-reaches-data", "--as-of", "2026-11-23"];
    let ran = narrows(with_key("arn:aws:iam::123456789012:role/other"), &check);
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 1
    checked   orders/out/terraform, Terraform JSON
    declared  orders/out/terraform/narrows.intent.json
    as of     2026-11-23

      ✗ application-reaches-data  refuted  2 roles

    ✗ application-reaches-data fails for role arn:aws:iam::123456789012:role/orders-api

        Role orders-api of account 123456789012 cannot GetObject key `example.txt` of bucket
        orders-eu-west-2 through the MRAP, from VPC endpoint ${aws_vpc_endpoint.ap_northeast_3.id}, over
        TLS 1.2, because on the key of bucket orders-eu-west-2 no statement of aws_kms_key.orders allows
        the caller kms:Decrypt, and no policy of the caller's own to which it leaves that.

        principal  arn:aws:iam::123456789012:role/orders-api
        action     s3:GetObject
        resource   arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/example.txt
        context    aws:CurrentTime = 2026-11-23T12:00:00Z
                   aws:SecureTransport = true
                   aws:SourceVpce = ${aws_vpc_endpoint.ap_northeast_3.id}
                   aws:ViaAWSService = false
                   s3:AccessPointNetworkOrigin = Internet
                   s3:DataAccessPointAccount = 123456789012
                   s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}
                   s3:TlsVersion = 1.2

        role/orders-api
        │ through the Multi-Region Access Point, from VPC endpoint ${aws_vpc_endpoint.ap_northeast_3.id}
        ├─ ✓ access point  arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/example.txt
        │    allowed by statement AllowReadWriteObjectsForOrdersApi of
        │    aws_s3control_multi_region_access_point_policy.mrap,
        │    orders/out/terraform/s3control.tf.json:32
        │    (resource.aws_s3control_multi_region_access_point_policy.mrap.details.policy.Statement[6]),
        │    and none denies it
        ├─ ✓ bucket        arn:aws:s3:::orders-eu-west-2/example.txt
        │    allowed by statement AllowReadWriteObjectsForOrdersApi of aws_s3_bucket_policy.eu_west_2,
        │    orders/out/terraform/s3.tf.json:70
        │    (resource.aws_s3_bucket_policy.eu_west_2.policy.Statement[11]), and none denies it
        └─ ✗ key           arn:aws:kms:eu-west-2:123456789012:key/${aws_kms_key.orders.id}
             no statement of aws_kms_key.orders allows the caller kms:Decrypt, and no policy of the
             caller's own to which it leaves that

        try     aws s3api get-object --bucket 'arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}' --key example.txt /dev/stdout

        change  allow the role by its exact ARN in the MRAP policy and in every bucket policy, on the
                bucket or MRAP for list actions and on the objects for the others, and look for a Deny
                without an exception for requests through the MRAP

    ✗ application-reaches-data fails for role arn:aws:iam::123456789012:role/reporting

        Role reporting of account 123456789012 cannot GetObject key `reports/example.txt` of bucket
        orders-eu-west-2 through the MRAP, from VPC endpoint ${aws_vpc_endpoint.ap_northeast_3.id}, over
        TLS 1.2, because on the key of bucket orders-eu-west-2 no statement of aws_kms_key.orders allows
        the caller kms:Decrypt, and no policy of the caller's own to which it leaves that.

        principal  arn:aws:iam::123456789012:role/reporting
        action     s3:GetObject
        resource   arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/reports/example.txt
        context    aws:CurrentTime = 2026-11-23T12:00:00Z
                   aws:SecureTransport = true
                   aws:SourceVpce = ${aws_vpc_endpoint.ap_northeast_3.id}
                   aws:ViaAWSService = false
                   s3:AccessPointNetworkOrigin = Internet
                   s3:DataAccessPointAccount = 123456789012
                   s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}
                   s3:TlsVersion = 1.2

        role/reporting
        │ through the Multi-Region Access Point, from VPC endpoint ${aws_vpc_endpoint.ap_northeast_3.id}
        ├─ ✓ access point  arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/reports/example.txt
        │    allowed by statement AllowReadObjectsForReporting of
        │    aws_s3control_multi_region_access_point_policy.mrap,
        │    orders/out/terraform/s3control.tf.json:32
        │    (resource.aws_s3control_multi_region_access_point_policy.mrap.details.policy.Statement[8]),
        │    and none denies it
        ├─ ✓ bucket        arn:aws:s3:::orders-eu-west-2/reports/example.txt
        │    allowed by statement AllowReadObjectsForReporting of aws_s3_bucket_policy.eu_west_2,
        │    orders/out/terraform/s3.tf.json:70
        │    (resource.aws_s3_bucket_policy.eu_west_2.policy.Statement[13]), and none denies it
        └─ ✗ key           arn:aws:kms:eu-west-2:123456789012:key/${aws_kms_key.orders.id}
             no statement of aws_kms_key.orders allows the caller kms:Decrypt, and no policy of the
             caller's own to which it leaves that

        try     aws s3api get-object --bucket 'arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}' --key reports/example.txt /dev/stdout

        change  allow the role by its exact ARN in the MRAP policy and in every bucket policy, on the
                bucket or MRAP for list actions and on the objects for the others, and look for a Deny
                without an exception for requests through the MRAP

    Assumed for application-reaches-data
      · S3 authorization only: permissions of KMS keys are not part of the input
      · control policies, permission boundaries and session policies are not attached
      · identity policies that are not in the input allow nothing
      · objects of orders-eu-west-2 are encrypted as its default has it, with aws_kms_key.orders; its
        grants are not in the input

    2 verdicts: 0 proved · 2 refuted · 0 unknown; 0 guardrails not asked
    ");
}
