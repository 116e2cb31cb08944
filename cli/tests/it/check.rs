//! `narrows check`: what people and machines read.

use crate::{MRAP, POLICY, narrows, policy};
use narrows::{Exit, Memory};

fn check(files: Memory, args: &[&str]) -> crate::Ran {
    narrows(files, &[&["check"], args, &["--as-of", "2026-11-23"]].concat())
}

#[test]
fn a_policy_that_holds() {
    let ran = check(policy(POLICY), &["policy.json", "--mrap", MRAP, "--guardrail", "only-through-mrap"]);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 0
    checked   policy.json, the policy of bucket orders-eu-west-2
    declared  flags
    as of     2026-11-23

      ✓ only-through-mrap  proved   orders-eu-west-2

    Remarks on only-through-mrap
      · not part of the claim: who can change policies, ACLs, ownership or routes (the account's root
        user can always replace a bucket policy); who can assume an exempt role; S3's own lifecycle,
        inventories and logs; copies that exist elsewhere

    Assumed for only-through-mrap
      · control policies, permission boundaries and session policies are not attached
      · identity policies of users, roles and root allow everything
      · object ownership is BucketOwnerEnforced, S3's default: ACLs are off
      · policies of access points that are not in the input allow everything
      · the bucket is in the MRAP's account, since none is given

    1 verdict: 1 proved · 0 refuted · 0 unknown; 0 guardrails not asked
    ");
}

#[test]
fn a_policy_that_does_not_hold() {
    // `StringEquals` where `StringNotEquals` was meant: the Deny hits exactly what comes through the MRAP.
    let text = POLICY.replace("ArnNotEquals", "ArnEquals");
    let ran = check(policy(&text), &["policy.json", "--mrap", MRAP, "--guardrail", "only-through-mrap"]);
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 1
    checked   policy.json, the policy of bucket orders-eu-west-2
    declared  flags
    as of     2026-11-23

      ✗ only-through-mrap  refuted  orders-eu-west-2

    ✗ only-through-mrap fails for bucket orders-eu-west-2

        Role any-other-role of account 123456789012 can GetObject key `example.txt` of bucket
        orders-eu-west-2 directly, without the MRAP, because identity policies that are not in the input
        allow everything, and DenyNotThroughMrap of policy.json does not deny it: condition ArnEquals
        s3:DataAccessPointArn: the key is absent, and a positive operator is false then.

        principal  arn:aws:iam::123456789012:role/any-other-role
        action     s3:GetObject
        resource   arn:aws:s3:::orders-eu-west-2/example.txt
        context    aws:SecureTransport = true

        role/any-other-role
        │ at the bucket's own endpoint, past every access point
        └─ ✓ bucket  arn:aws:s3:::orders-eu-west-2/example.txt
             no statement denies it, and identity policies that are not in the input allow everything

        try     aws s3api get-object --bucket orders-eu-west-2 --key example.txt /dev/stdout

        change  deny `s3:*` on `arn:aws:s3:::orders-eu-west-2/*`, and the list actions on
                `arn:aws:s3:::orders-eu-west-2`, for Principal `*`, in one statement each with the
                condition ArnNotEquals s3:DataAccessPointArn =
                arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap, and exempt only exact role ARNs
                with ArnNotEquals aws:PrincipalArn; if this caller is meant to be exempt, declare it
                with --exempt ARN or --exempt-service NAME

    Remarks on only-through-mrap
      · not part of the claim: who can change policies, ACLs, ownership or routes (the account's root
        user can always replace a bucket policy); who can assume an exempt role; S3's own lifecycle,
        inventories and logs; copies that exist elsewhere

    Assumed for only-through-mrap
      · control policies, permission boundaries and session policies are not attached
      · identity policies of users, roles and root allow everything
      · object ownership is BucketOwnerEnforced, S3's default: ACLs are off
      · the bucket is in the MRAP's account, since none is given

    1 verdict: 0 proved · 1 refuted · 0 unknown; 0 guardrails not asked
    ");
}

#[test]
fn json_for_machines() {
    let text = POLICY.replace("ArnNotEquals", "ArnEquals");
    let args = ["policy.json", "--mrap", MRAP, "--guardrail", "only-through-mrap", "--format", "json"];
    let ran = check(policy(&text), &args);
    assert_eq!(ran.exit, Exit::Refuted);
    insta::assert_snapshot!(ran.stdout, @r#"
    {
      "version": 1,
      "verdicts": [
        {
          "guardrail": "only-through-mrap",
          "severity": "high",
          "subject": {
            "kind": "bucket",
            "name": "orders-eu-west-2",
            "address": ""
          },
          "verdict": "refuted",
          "reason": null,
          "counterexample": {
            "principal": "arn:aws:iam::123456789012:role/any-other-role",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::orders-eu-west-2/example.txt",
            "route": "direct",
            "context": {
              "aws:SecureTransport": [
                "true"
              ]
            },
            "legs": [
              {
                "resource": "arn:aws:s3:::orders-eu-west-2/example.txt",
                "decision": "allowed",
                "decided_by": {
                  "assumption": "identity policies that are not in the input allow everything"
                }
              }
            ],
            "sentence": "Role any-other-role of account 123456789012 can GetObject key `example.txt` of bucket orders-eu-west-2 directly, without the MRAP, because identity policies that are not in the input allow everything, and DenyNotThroughMrap of policy.json does not deny it: condition ArnEquals s3:DataAccessPointArn: the key is absent, and a positive operator is false then.",
            "command": "aws s3api get-object --bucket orders-eu-west-2 --key example.txt /dev/stdout"
          },
          "remedy": "deny `s3:*` on `arn:aws:s3:::orders-eu-west-2/*`, and the list actions on `arn:aws:s3:::orders-eu-west-2`, for Principal `*`, in one statement each with the condition ArnNotEquals s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap, and exempt only exact role ARNs with ArnNotEquals aws:PrincipalArn; if this caller is meant to be exempt, declare it with --exempt ARN or --exempt-service NAME",
          "assumptions": [
            "control policies, permission boundaries and session policies are not attached",
            "identity policies of users, roles and root allow everything",
            "object ownership is BucketOwnerEnforced, S3's default: ACLs are off",
            "the bucket is in the MRAP's account, since none is given"
          ],
          "exemptions": [],
          "remarks": [
            "not part of the claim: who can change policies, ACLs, ownership or routes (the account's root user can always replace a bucket policy); who can assume an exempt role; S3's own lifecycle, inventories and logs; copies that exist elsewhere"
          ],
          "accepted": null
        }
      ],
      "not_asked": [],
      "findings": []
    }
    "#);
}

#[test]
fn what_is_worth_saying_of_a_policy_fails_nothing() {
    let text = POLICY.replace("ArnNotEquals", "arnNotEquals");
    let args = ["policy.json", "--mrap", MRAP, "--guardrail", "only-through-mrap"];
    let ran = check(policy(&text), &args);
    assert_eq!(ran.exit, Exit::Clean);
    let said = ran.stdout.split("\n\n").find(|part| part.starts_with("In ")).unwrap();
    insta::assert_snapshot!(said, @r"
    In policy.json
      · operator `arnNotEquals` is documented as `ArnNotEquals` (policy.json:11
        (Statement[0].Condition.arnNotEquals))
    ");
    let ran = check(policy(&text), &[&args[..], &["--format", "json"]].concat());
    let findings = ran.stdout.split_once("\"findings\":").unwrap().1.trim();
    insta::assert_snapshot!(findings, @r#"
    [
        {
          "document": "policy.json",
          "location": "policy.json:11 (Statement[0].Condition.arnNotEquals)",
          "text": "operator `arnNotEquals` is documented as `ArnNotEquals`"
        }
      ]
    }
    "#);
}

#[test]
fn formats_go_where_they_are_sent() {
    let args = [
        "policy.json",
        "--mrap",
        MRAP,
        "--format",
        "text",
        "--format",
        "json=out.json",
        "--format",
        "text=out.txt",
    ];
    let ran = check(policy(POLICY), &args);
    assert_eq!(ran.files.text("out.txt"), Some(ran.stdout.as_str()));
    assert!(ran.files.text("out.json").unwrap().starts_with("{\n  \"version\": 1,\n  \"verdicts\": ["));
    let only_file = check(policy(POLICY), &["policy.json", "--mrap", MRAP, "--format", "json=out.json"]);
    assert_eq!(only_file.stdout, "");
    assert_eq!(only_file.files.text("out.json"), ran.files.text("out.json"));
}

#[test]
fn nothing_to_ask_is_no_success() {
    let ran = check(policy(POLICY), &["policy.json", "--mrap", MRAP, "--guardrail", "private-only"]);
    assert_eq!(ran.exit, Exit::Undecided);
    insta::assert_snapshot!(ran, @r"
    exit 3
    checked   policy.json, the policy of bucket orders-eu-west-2
    declared  flags
    as of     2026-11-23

      – private-only  not asked

    Not asked
      private-only  no VPC endpoints are declared: add `[[private_access]]` to narrows.toml, or name
                    them with --vpce ID

    0 verdicts: 0 proved · 0 refuted · 0 unknown; 1 guardrail not asked
    ");
}

#[test]
fn a_guardrail_with_no_bucket_to_ask_about_is_listed() {
    let files = Memory::new().with("plan.json", r#"{"planned_values": {}}"#);
    let args =
        ["plan.json", "--vpce", "vpce-0a1b2c3d4e5f60718", "--deployer", "arn:aws:iam::123456789012:role/d"];
    let ran = check(files, &args);
    assert_eq!(ran.exit, Exit::Undecided);
    assert!(
        ran.stdout.ends_with("0 verdicts: 0 proved · 0 refuted · 0 unknown; 12 guardrails not asked\n"),
        "{}",
        ran.stdout
    );
}

#[test]
fn variables_are_taken_at_their_defaults() {
    let text = r#"{"variable": {"name": {"default": "orders-eu-west-2"}},
        "resource": {"aws_s3_bucket": {"a": {"bucket": "${var.name}"}}}}"#;
    let files = Memory::new().with("infra/main.tf.json", text);
    let ran = check(files, &["infra", "--mrap", MRAP, "--guardrail", "only-through-mrap"]);
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    assert!(ran.stdout.contains("note      variables are taken at their defaults"), "{ran}");
    assert!(ran.stdout.contains("refuted  orders-eu-west-2"), "{ran}");
}

/// A reason names what is not known as the source spells it.
#[test]
fn a_principal_that_is_not_known_is_named() {
    let text = r#"{"variable": {"reader": {}}, "resource": {"aws_s3_bucket_policy": {"data": {"bucket": "data", "policy":
        "${jsonencode({Version = \"2012-10-17\", Statement = [{Effect = \"Allow\", Principal = {AWS = var.reader}, Action = \"s3:GetObject\", Resource = \"arn:aws:s3:::data/*\"}]})}"}}}}"#;
    let files = Memory::new().with("infra/main.tf.json", text);
    let ran = check(files, &["infra", "--account", "123456789012", "--guardrail", "not-public"]);
    assert_eq!(ran.exit, Exit::Undecided, "{ran}");
    assert!(ran.stdout.contains("`${var.reader}` is known only after deployment"), "{ran}");
}
