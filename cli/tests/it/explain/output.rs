//! What is printed on demand, for machines, and where.

use super::{API, explain};
use crate::{MRAP, POLICY, policy, stack};
use narrows::Exit;

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
