//! Policies in files of their own that are not a bucket's, and what the AWS CLI prints of policies.

use crate::{MRAP, narrows};
use narrows::{Exit, Memory};

fn checked(name: &str, text: &str) -> String {
    let ran = narrows(Memory::new().with(name, text), &["check", name, "--as-of", "2026-12-01"]);
    assert_eq!((ran.exit, ran.stderr.as_str()), (Exit::Undecided, ""), "{ran}");
    assert!(ran.stdout.contains("0 verdicts"), "{ran}");
    // What stands above the verdicts, of which there are none.
    ran.stdout.split("\nas of").next().unwrap_or_default().to_owned()
}

#[test]
fn a_policy_without_principals_is_read_and_it_is_said_how_it_is_attached() {
    let text = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:GetObjet", "Resource": "*"}]}"#;
    insta::assert_snapshot!(checked("policies/scp.json", text), @r#"
    checked   policies/scp.json, a policy of identities or a service control policy
    declared  nothing declared
    note      `scp.json` names no principal: it is a policy of a role or user, a permission boundary or
              a service control policy, and alone it confines no bucket
              have a manifest, narrows.policies.toml beside it, say what it is attached to:
                  version = 1
                  account = "123456789012"
                  service_control_policies = ["scp.json"]    # of the account, or:
                  [[role]]
                  name = "ROLE"
                  policies = ["scp.json"]    # or: boundary = "scp.json"
                  [[bucket]]
                  name = "BUCKET"
                  policy = "BUCKET.json"
    note      scp.json: `s3:GetObjet` is not among the actions that AWS lists for S3; did you mean
              `s3:GetObject`? (policies/scp.json:1 (Statement[0].Action))
    "#);
}

#[test]
fn what_denies_everyone_something_on_every_resource_is_a_resource_control_policy() {
    let text = r#"{"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Principal": "*", "Action": ["s3:*", "sqs:*"], "Resource": "*",
       "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}"#;
    insta::assert_snapshot!(checked("rcp.json", text), @r#"
    checked   rcp.json, a resource control policy
    declared  nothing declared
    note      `rcp.json` denies everyone something on every resource, as a resource control policy does:
              alone it confines no bucket
              have a manifest, narrows.policies.toml beside it, say what it is attached to:
                  version = 1
                  account = "123456789012"
                  resource_control_policies = ["rcp.json"]
                  [[bucket]]
                  name = "BUCKET"
                  policy = "BUCKET.json"
    "#);
}

#[test]
fn trust_policies_and_policies_of_keys_and_mraps_are_told_apart() {
    let trust = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}}"#;
    insta::assert_snapshot!(checked("trust.json", trust), @r#"
    checked   trust.json, the trust policy of a role
    declared  nothing declared
    note      `trust.json` says who may assume a role: alone it confines no bucket
              have a manifest, narrows.policies.toml beside it, say what it is attached to:
                  version = 1
                  account = "123456789012"
                  [[role]]
                  name = "ROLE"
                  trust = "trust.json"
                  [[bucket]]
                  name = "BUCKET"
                  policy = "BUCKET.json"
    "#);
    let key = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "kms:*", "Resource": "*"}}"#;
    insta::assert_snapshot!(checked("key.json", key), @"
    checked   key.json, the policy of a key
    declared  nothing declared
    note      `key.json` is the policy of a KMS key, and a manifest describes no keys: give a plan, a
              state, a template or a Pulumi preview that has the key and the buckets that it encrypts
    ");
    let mrap = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "{MRAP}/object/*"}}}}"#
    );
    insta::assert_snapshot!(checked("mrap.json", &mrap), @r#"
    checked   mrap.json, the policy of an MRAP
    declared  nothing declared
    note      `mrap.json` is the policy of an MRAP: what is asked is asked of its buckets
              have a manifest, narrows.policies.toml beside it, say what it is attached to:
                  version = 1
                  [[mrap]]
                  name = "MRAP"
                  arn = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"
                  buckets = ["BUCKET"]
                  policy = "mrap.json"
                  [[bucket]]
                  name = "BUCKET"
                  policy = "BUCKET.json"
    "#);
    let queue = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-2:123456789012:q"}}"#;
    insta::assert_snapshot!(checked("queue.json", queue), @"
    checked   queue.json, a policy about another service
    declared  nothing declared
    note      `queue.json` is about `sqs`, and attached to none of S3's resources: nothing here hangs on
              it
    ");
}

#[test]
fn the_policy_of_a_vpc_endpoint_speaks_of_everything_or_of_many_buckets() {
    let everything = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}"#;
    insta::assert_snapshot!(checked("endpoint.json", everything), @r#"
    checked   endpoint.json, the policy of a VPC endpoint
    declared  nothing declared
    note      `endpoint.json` speaks of every resource, or of many buckets, as the policy of a VPC
              endpoint does: alone it confines no bucket
              have a manifest, narrows.policies.toml beside it, say what it is attached to:
                  version = 1
                  account = "123456789012"
                  [[endpoint]]
                  id = "vpce-0a1b2c3d4e5f60718"
                  type = "gateway"    # or: interface
                  service = "com.amazonaws.REGION.s3"
                  policy = "endpoint.json"
                  [[bucket]]
                  name = "BUCKET"
                  policy = "BUCKET.json"
    "#);
    let many = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
      "Resource": ["arn:aws:s3:::one/*", "arn:aws:s3:::two/*", "arn:aws:s3:::three/*"]}}"#;
    assert!(checked("endpoint.json", many).contains("the policy of a VPC endpoint"));
}

#[test]
fn what_the_aws_cli_prints_is_read_as_the_policy_in_it() {
    let managed = r#"{"PolicyVersion": {"VersionId": "v1", "IsDefaultVersion": true, "Document": {"Version": "2012-10-17",
      "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}}}"#;
    insta::assert_snapshot!(checked("managed.json", managed), @r#"
    checked   managed.json, a policy of identities
    declared  nothing declared
    note      `managed.json` is a policy of a role or user: alone it confines no bucket
              have a manifest, narrows.policies.toml beside it, say what it is attached to:
                  version = 1
                  account = "123456789012"
                  [[role]]
                  name = "ROLE"
                  policies = ["managed.json"]    # or: boundary = "managed.json"
                  [[bucket]]
                  name = "BUCKET"
                  policy = "BUCKET.json"
    "#);
    let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*",
      "Resource": ["arn:aws:s3:::orders-eu-west-2", "arn:aws:s3:::orders-eu-west-2/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}}"#;
    let printed = serde_json::json!({"Policy": policy}).to_string();
    let args = ["check", "policy.json", "--mrap", MRAP, "--guardrail", "tls-only", "--as-of", "2026-12-01"];
    let [bare, printed] =
        [policy, &printed].map(|text| narrows(Memory::new().with("policy.json", text), &args));
    assert_eq!((bare.exit, bare.stdout), (printed.exit, printed.stdout));
    assert_eq!(printed.exit, Exit::Clean);
}

#[test]
fn a_policy_that_is_no_policy_is_an_error_at_its_place() {
    let ran = narrows(
        Memory::new().with(
            "scp.json",
            r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*"}]}"#,
        ),
        &["check", "scp.json"],
    );
    insta::assert_snapshot!(ran.stderr, @r#"
     × scp.json: the statement has no `Resource`: add one, such as "arn:aws:s3:::bucket/*"
      ╭─[scp.json:1:41]
    1 │ {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*"}]}
      ·                                         ──────────────────┬─────────────────
      ·                                                           ╰── Statement[0]
      ╰────
    "#);
}

const MANIFEST: &str = r#"
version = 1
account = "123456789012"
resource_control_policies = ["rcp.json"]
[[bucket]]
name = "orders-eu-west-2"
policy = "orders.json"
[[mrap]]
name = "orders"
arn = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"
buckets = ["orders-eu-west-2"]
"#;

#[test]
fn a_resource_control_policy_in_a_manifest_counts() {
    let rcp = r#"{"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
       "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "123456789012"}}}]}"#;
    let open = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "210987654321"},
      "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders-eu-west-2/*"}}"#;
    let asked = |text: &str| {
        let files = Memory::new().with("a/narrows.policies.toml", MANIFEST).with("a/rcp.json", text);
        let place = ["--bucket", "orders-eu-west-2", "--action", "s3:GetObject", "--key", "a.txt"];
        let caller = ["--principal", "arn:aws:iam::210987654321:role/reader", "--as-of", "2026-12-01"];
        narrows(files.with("a/orders.json", open), &[&["explain", "a"], &place[..], &caller[..]].concat())
    };
    let ran = asked(rcp);
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    assert!(ran.stdout.contains("rcp.json"), "{ran}");
    let ran = asked(&rcp.replace("StringNotEquals", "StringEquals"));
    assert_eq!(ran.exit, Exit::Undecided, "it depends on the caller's own policies: {ran}");
}

#[test]
fn an_access_point_says_nothing_of_a_policy_of_no_bucket() {
    let text =
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}"#;
    let ran = narrows(Memory::new().with("scp.json", text), &["check", "scp.json", "--mrap", MRAP]);
    assert_eq!(ran.exit, Exit::Failed);
    insta::assert_snapshot!(ran.stderr, @"
    × `scp.json` is no policy of a bucket, and --mrap is for buckets
    help: leave --mrap out to be told how it is attached to something; if it is a bucket's, name
          that with --bucket NAME
    ");
}
