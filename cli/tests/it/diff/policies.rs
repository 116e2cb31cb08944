//! Two texts of one bucket policy.

use super::{READER, allowing, diff, unchanged, without};
use crate::{MRAP, POLICY, narrows};
use narrows::{Exit, Memory};

#[test]
fn statements_in_another_order_are_no_change() {
    let first = without("DenyNotThroughMrap");
    let start = POLICY.find("    {\n").unwrap();
    let end = start + POLICY[start..].find("    },\n").unwrap();
    let moved = &POLICY[start..end];
    let list = first.rfind("    }\n  ]").unwrap();
    let after = format!("{}    }},\n{moved}{}", &first[..list], &first[list..]);
    unchanged(&after);
    let ran = diff(POLICY, &after);
    insta::assert_snapshot!(ran, @r"
    exit 0
    before    before.json, the policy of bucket orders-eu-west-2
    declared  flags
    after     after.json, the policy of bucket orders-eu-west-2
    declared  flags
    as of     2026-11-23

    Assumed
      · S3 authorization only: permissions of KMS keys are not compared
      · a bucket is in its MRAP's account where none is given
      · control policies, permission boundaries and session policies are not attached
      · identity policies that are not in the input are the same in both states, whatever they allow; a
        role that has some in the input has no others
      · object ownership is BucketOwnerEnforced, S3's default: ACLs are off
      · policies of access points that are not in the input allow everything
      · what neither state tells (tags, ACLs of objects, values known only after deployment) is the same
        in both

    no change in access · 1 bucket compared
    ");
}

#[test]
fn a_split_statement_is_no_change() {
    let both = r#"["arn:aws:s3:::orders-eu-west-2", "arn:aws:s3:::orders-eu-west-2/*"]"#;
    let start = POLICY.find("    {\n      \"Sid\": \"DenyWithoutTls\"").unwrap();
    let end = POLICY.find("\n  ]\n}").unwrap();
    let statement = &POLICY[start..end];
    let one = |resource: &str| statement.replace(both, &format!("\"{resource}\""));
    let objects = one("arn:aws:s3:::orders-eu-west-2/*");
    let bucket = one("arn:aws:s3:::orders-eu-west-2").replace("DenyWithoutTls", "DenyBucketWithoutTls");
    unchanged(&POLICY.replace(statement, &format!("{objects},\n{bucket}")));
}

#[test]
fn a_pattern_that_matches_the_same_actions_is_no_change() {
    let listing = r#"["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"]"#;
    unchanged(&POLICY.replace(listing, r#"["s3:ListBucketV*", "s3:listbucket", "s3:ListBucketM*"]"#));
    unchanged(&POLICY.replace(listing, r#""s3:ListBucket*""#));
    unchanged(&POLICY.replace("\"ArnNotEquals\"", "\"StringNotEquals\""));
}

#[test]
fn a_deny_that_is_dropped() {
    let ran = diff(POLICY, &without("DenyNotThroughMrap"));
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    insta::assert_snapshot!(ran, @"
    exit 1
    before    before.json, the policy of bucket orders-eu-west-2
    declared  flags
    after     after.json, the policy of bucket orders-eu-west-2
    declared  flags
    as of     2026-11-23

    + added    callers of account 123456789012 that no policy names may now make requests of the bucket
               directly
        buckets        orders-eu-west-2
        data delete    8 actions, such as s3:AbortMultipartUpload, s3:DeleteObject,
                       s3:DeleteObjectAnnotation
        data read      19 actions, such as s3:GetObject, s3:GetObjectAcl, s3:GetObjectAnnotation
        data write     17 actions, such as s3:BypassGovernanceRetention, s3:InitiateReplication,
                       s3:ObjectOwnerOverrideToBucketOwner
        example        s3:GetObject by arn:aws:iam::123456789012:role/any-other-role on
                       arn:aws:s3:::orders-eu-west-2/example.txt
                       aws:SecureTransport = true
        before         denied by statement DenyNotThroughMrap of before.json, before.json:4
                       (Statement[0])
        after          no statement denies it, and identity policies that are not in the input allow
                       everything

    + added    callers of account 123456789012 that no policy names may now make requests of other
               access points
        buckets        orders-eu-west-2
        data delete    7 actions, such as s3:AbortMultipartUpload, s3:DeleteObject,
                       s3:DeleteObjectAnnotation
        data read      15 actions, such as s3:GetObject, s3:GetObjectAcl, s3:GetObjectAnnotation
        data write     12 actions, such as s3:BypassGovernanceRetention, s3:PutObject, s3:PutObjectAcl
        example        s3:GetObject by arn:aws:iam::123456789012:role/any-other-role on
                       arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point/object/example.txt
                       aws:SecureTransport = true
                       s3:AccessPointNetworkOrigin = Internet
                       s3:DataAccessPointAccount = 123456789012
                       s3:DataAccessPointArn =
                       arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point
        before         denied by statement DenyNotThroughMrap of before.json, before.json:4
                       (Statement[0])
        after          no statement denies it, and identity policies that are not in the input allow
                       everything

    Assumed
      · S3 authorization only: permissions of KMS keys are not compared
      · a bucket is in its MRAP's account where none is given
      · control policies, permission boundaries and session policies are not attached
      · identity policies that are not in the input are the same in both states, whatever they allow; a
        role that has some in the input has no others
      · object ownership is BucketOwnerEnforced, S3's default: ACLs are off
      · policies of access points that are not in the input allow everything
      · what neither state tells (tags, ACLs of objects, values known only after deployment) is the same
        in both

    access is added · 1 bucket compared
    ");
}

#[test]
fn a_principal_that_is_widened() {
    let ran = diff(&allowing(READER), &allowing("\"*\""));
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    insta::assert_snapshot!(ran, @"
    exit 1
    before    before.json, the policy of bucket orders-eu-west-2
    declared  flags
    after     after.json, the policy of bucket orders-eu-west-2
    declared  flags
    as of     2026-11-23

    + added    callers of other accounts may now make requests of Multi-Region Access Point
               arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap
        buckets        orders-eu-west-2
        data read      s3:GetObject
        example        s3:GetObject by arn:aws:iam::999999999999:role/any-other-role on
                       arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/object/example.txt
                       aws:SecureTransport = true
                       s3:AccessPointNetworkOrigin = Internet
                       s3:DataAccessPointAccount = 123456789012
                       s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap
        before         no statement of before.json or of the caller's own policies allows it
        after          allowed by statement AllowReading of after.json, after.json:4 (Statement[0]), and
                       none denies it

    + added    AWS services may now make requests of Multi-Region Access Point
               arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap
        buckets        orders-eu-west-2
        data read      s3:GetObject
        example        s3:GetObject by logging.s3.amazonaws.com on
                       arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/object/example.txt
                       aws:SecureTransport = true
                       s3:AccessPointNetworkOrigin = Internet
                       s3:DataAccessPointAccount = 123456789012
                       s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap
        before         no statement of before.json or of the caller's own policies allows it
        after          allowed by statement AllowReading of after.json, after.json:4 (Statement[0]), and
                       none denies it

    ? orders-eu-west-2  whether s3:GetObject on arn:aws:s3:::orders-eu-west-2/example.txt by
                        arn:aws:iam::123456789012:role/any-other-role is decided differently is open:
                        within one account an Allow for the access point may be enough for its bucket

    Assumed
      · S3 authorization only: permissions of KMS keys are not compared
      · a bucket is in its MRAP's account where none is given
      · control policies, permission boundaries and session policies are not attached
      · identity policies that are not in the input are the same in both states, whatever they allow; a
        role that has some in the input has no others
      · object ownership is BucketOwnerEnforced, S3's default: ACLs are off
      · policies of access points that are not in the input allow everything
      · what neither state tells (tags, ACLs of objects, values known only after deployment) is the same
        in both

    access is added · 1 bucket compared
    ");
}

#[test]
fn a_grant_that_is_removed() {
    let ran = diff(&allowing(READER), POLICY);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    insta::assert_snapshot!(ran, @"
    exit 0
    before    before.json, the policy of bucket orders-eu-west-2
    declared  flags
    after     after.json, the policy of bucket orders-eu-west-2
    declared  flags
    as of     2026-11-23

    - removed  arn:aws:iam::999999999999:role/reader may no longer make requests of Multi-Region Access
               Point arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap
        buckets        orders-eu-west-2
        data read      s3:GetObject
        example        s3:GetObject by arn:aws:iam::999999999999:role/reader on
                       arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/object/example.txt
                       aws:SecureTransport = true
                       s3:AccessPointNetworkOrigin = Internet
                       s3:DataAccessPointAccount = 123456789012
                       s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap
        before         allowed by statement AllowReading of before.json, before.json:4 (Statement[0]),
                       and none denies it
        after          no statement of after.json or of the caller's own policies allows it

    Assumed
      · S3 authorization only: permissions of KMS keys are not compared
      · a bucket is in its MRAP's account where none is given
      · control policies, permission boundaries and session policies are not attached
      · identity policies that are not in the input are the same in both states, whatever they allow; a
        role that has some in the input has no others
      · object ownership is BucketOwnerEnforced, S3's default: ACLs are off
      · policies of access points that are not in the input allow everything
      · what neither state tells (tags, ACLs of objects, values known only after deployment) is the same
        in both

    access is removed, and none is added · 1 bucket compared
    ");
}

/// Nothing is known of what the id is, so it is open whether the two conditions are met by the same requests.
#[test]
fn what_is_open_is_undecided() {
    let by_id = |id: &str| {
        POLICY.replace(
            r#"{"Bool": {"aws:SecureTransport": "false"}}"#,
            &format!(r#"{{"StringEquals": {{"aws:userid": "{id}"}}}}"#),
        )
    };
    let ran = diff(&by_id("AROAEXAMPLE:one"), &by_id("AROAEXAMPLE:two"));
    assert_eq!(ran.exit, Exit::Undecided, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 3
    before    before.json, the policy of bucket orders-eu-west-2
    declared  flags
    after     after.json, the policy of bucket orders-eu-west-2
    declared  flags
    as of     2026-11-23

    ? orders-eu-west-2  whether s3:GetBucketAcl on arn:aws:s3:::orders-eu-west-2 by
                        arn:aws:iam::123456789012:role/any-other-role is decided differently is open:
                        the value of aws:userid cannot be known here

    ? orders-eu-west-2  whether s3:GetObject on arn:aws:s3:::orders-eu-west-2/example.txt by
                        arn:aws:iam::123456789012:role/any-other-role is decided differently is open:
                        the value of aws:userid cannot be known here; within one account an Allow for
                        the access point may be enough for its bucket

    ? orders-eu-west-2  whether s3:ListBucket on arn:aws:s3:::orders-eu-west-2 by
                        arn:aws:iam::123456789012:role/any-other-role is decided differently is open:
                        the value of aws:userid cannot be known here; within one account an Allow for
                        the access point may be enough for its bucket

    ? orders-eu-west-2  whether s3:PutBucketPolicy on arn:aws:s3:::orders-eu-west-2 by
                        arn:aws:iam::123456789012:role/any-other-role is decided differently is open:
                        the value of aws:userid cannot be known here

    Assumed
      · S3 authorization only: permissions of KMS keys are not compared
      · a bucket is in its MRAP's account where none is given
      · control policies, permission boundaries and session policies are not attached
      · identity policies that are not in the input are the same in both states, whatever they allow; a
        role that has some in the input has no others
      · object ownership is BucketOwnerEnforced, S3's default: ACLs are off
      · policies of access points that are not in the input allow everything
      · what neither state tells (tags, ACLs of objects, values known only after deployment) is the same
        in both

    it is not decided whether access changes · 1 bucket compared
    ");
}

#[test]
fn json_for_machines() {
    let files = Memory::new().with("before.json", allowing(READER)).with("after.json", allowing("\"*\""));
    let args =
        ["diff", "before.json", "after.json", "--mrap", MRAP, "--as-of", "2026-11-23", "--format", "json"];
    let ran = narrows(files, &args);
    assert_eq!(ran.exit, Exit::Refuted);
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(value["access"], "added");
    insta::assert_snapshot!(serde_json::to_string_pretty(&value["changes"][0]).unwrap(), @r#"
    {
      "change": "added",
      "bucket": {
        "kind": "bucket",
        "name": "orders-eu-west-2",
        "address": ""
      },
      "route": "mrap",
      "mrap": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
      "callers": {
        "kind": "other-accounts",
        "name": null
      },
      "group": "data-read",
      "actions": [
        "s3:GetObject"
      ],
      "example": {
        "principal": "arn:aws:iam::999999999999:role/any-other-role",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/object/example.txt",
        "route": "mrap",
        "context": {
          "aws:SecureTransport": [
            "true"
          ],
          "s3:AccessPointNetworkOrigin": [
            "Internet"
          ],
          "s3:DataAccessPointAccount": [
            "123456789012"
          ],
          "s3:DataAccessPointArn": [
            "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"
          ]
        },
        "legs": [
          {
            "resource": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/object/example.txt",
            "decision": "allowed",
            "decided_by": {
              "assumption": "policies of access points that are not in the input allow everything"
            }
          },
          {
            "resource": "arn:aws:s3:::orders-eu-west-2/example.txt",
            "decision": "allowed",
            "decided_by": {
              "document": "after.json",
              "statement": "AllowReading",
              "location": "after.json:4 (Statement[0])"
            }
          }
        ],
        "sentence": "Role any-other-role of account 999999999999 can GetObject key `example.txt` of bucket orders-eu-west-2 through the MRAP, because AllowReading of after.json allows it, and DenyNotThroughMrap of after.json does not deny it: condition ArnNotEquals s3:DataAccessPointArn: the key is `arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap`, compared with `arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap`.",
        "command": "aws s3api get-object --bucket arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap --key example.txt /dev/stdout"
      },
      "refused": [
        {
          "resource": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/object/example.txt",
          "decision": "allowed",
          "decided_by": {
            "assumption": "policies of access points that are not in the input allow everything"
          }
        },
        {
          "resource": "arn:aws:s3:::orders-eu-west-2/example.txt",
          "decision": "denied",
          "decided_by": {
            "implicit": "no statement of before.json or of the caller's own policies allows it"
          }
        }
      ],
      "own_policies": "allow-everything"
    }
    "#);
}

#[test]
fn what_cannot_be_compared_is_an_error() {
    let files = Memory::new().with("before.json", POLICY);
    let ran = narrows(files, &["diff", "before.json", "none.json", "--mrap", MRAP]);
    assert_eq!(ran.exit, Exit::Failed, "{ran}");
    insta::assert_snapshot!(ran.stderr, @"
    × `none.json` is not there
    help: give a stack description, a folder of Terraform JSON, a plan, a state, a Pulumi preview or
          stack, a template or a policy; see `narrows check --help`
    ");
}
