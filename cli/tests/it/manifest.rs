//! Raw policy files with a manifest that says what each is attached to.

use crate::{MRAP, POLICY, Ran, narrows};
use narrows::{Exit, Memory};

const MANIFEST: &str = r#"version = 1
account = "123456789012"

[[bucket]]
name = "orders-eu-west-2"
region = "eu-west-2"
policy = "policies/london.json"
public_access_block = true
replication = { role = "arn:aws:iam::123456789012:role/copier", destinations = ["arn:aws:s3:::orders-us-east-1"] }

[[bucket]]
name = "orders-us-east-1"
region = "us-east-1"
policy = "policies/virginia.json"

[[mrap]]
name = "orders"
arn = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"
buckets = ["orders-eu-west-2", "orders-us-east-1"]

[[role]]
name = "copier"
policies = ["policies/copier.json"]
"#;

const COPIER: &str = r#"{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "s3:ReplicateObject", "Resource": "arn:aws:s3:::orders-us-east-1/*"}}"#;

fn files() -> Memory {
    Memory::new()
        .with("raw/narrows.policies.toml", MANIFEST)
        .with("raw/policies/london.json", POLICY)
        .with("raw/policies/virginia.json", POLICY.replace("orders-eu-west-2", "orders-us-east-1"))
        .with("raw/policies/copier.json", COPIER)
}

fn check(files: Memory, args: &[&str]) -> Ran {
    let fixed = ["--guardrail", "only-through-mrap", "--as-of", "2026-11-23"];
    narrows(files, &[&["check"], args, &fixed].concat())
}

/// The replication role counts as exempt, but nothing of the policies exempts it.
#[test]
fn a_folder_with_a_manifest_is_proved() {
    for input in ["raw", "raw/narrows.policies.toml"] {
        let ran = check(files(), &[input]);
        assert_eq!(ran.exit, Exit::Clean, "{ran}");
        assert!(ran.stdout.contains("2 verdicts: 2 proved"), "{ran}");
        assert!(ran.stdout.contains("arn:aws:iam::123456789012:role/copier (replication role)"), "{ran}");
    }
}

#[test]
fn it_is_refuted_by_the_request_that_the_bare_policy_is_refuted_by() {
    let broken = POLICY.replace(
        "\"Action\": \"s3:*\",\n      \"Resource\": \"arn",
        "\"Action\": \"s3:PutObject\",\n      \"Resource\": \"arn",
    );
    assert_ne!(broken, POLICY);
    let request = |files: Memory, args: &[&str]| {
        let ran = check(files, &[args, &["--format", "json"]].concat());
        assert_eq!(ran.exit, Exit::Refuted, "{ran}");
        let text = ran.stdout.replace("raw/policies/london.json", "policy.json");
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        let verdicts = report["verdicts"].as_array().unwrap().clone();
        let london = verdicts.into_iter().find(|it| it["subject"]["name"] == "orders-eu-west-2").unwrap();
        let mut request = london["counterexample"].clone();
        for leg in request["legs"].as_array_mut().unwrap() {
            leg["decided_by"].as_object_mut().unwrap().remove("location");
        }
        request
    };
    let whole = request(files().with("raw/policies/london.json", broken.as_str()), &["raw"]);
    let bare = request(Memory::new().with("policy.json", broken.as_str()), &["policy.json", "--mrap", MRAP]);
    assert_eq!(whole, bare);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let wrong = |from: &str, to: &str| {
        let text = MANIFEST.replacen(from, to, 1);
        assert_ne!(text, MANIFEST, "nothing to change");
        let ran = check(files().with("raw/narrows.policies.toml", text), &["raw"]);
        assert_eq!(ran.exit, Exit::Failed, "{ran}");
        ran.stderr
    };
    insta::assert_snapshot!(wrong("region = \"eu-west-2\"", "regoin = \"eu-west-2\""), @r#"
     × `regoin` is not known in a bucket: expected one of name, account, region, policy, ownership,
     │ public_access_block, replication
      ╭─[raw/narrows.policies.toml:6:1]
    5 │ name = "orders-eu-west-2"
    6 │ regoin = "eu-west-2"
      · ──────
    7 │ policy = "policies/london.json"
      ╰────
     help: did you mean `region`?
    "#);
    insta::assert_snapshot!(wrong("\"orders-eu-west-2\", \"orders", "\"orders-eu-west-1\", \"orders"), @r#"
     × bucket `orders-eu-west-1` of MRAP `orders` is not described: expected a [[bucket]] of that
     │ name
       ╭─[raw/narrows.policies.toml:19:12]
    18 │ arn = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"
    19 │ buckets = ["orders-eu-west-1", "orders-us-east-1"]
       ·            ──────────────────
    20 │ 
       ╰────
     help: add one
    "#);
    insta::assert_snapshot!(wrong("policies/london.json", "policies/paris.json"), @r#"
     × `policy` of bucket `orders-eu-west-2`: `raw/policies/paris.json` cannot be read: entity not
     │ found
      ╭─[raw/narrows.policies.toml:7:10]
    6 │ region = "eu-west-2"
    7 │ policy = "policies/paris.json"
      ·          ─────────────────────
    8 │ public_access_block = true
      ╰────
    "#);
    insta::assert_snapshot!(wrong("version = 1", "version = 2"), @r#"
     × version 2 of the manifest: expected 1
      ╭─[raw/narrows.policies.toml:1:11]
    1 │ version = 2
      ·           ─
    2 │ account = "123456789012"
      ╰────
    "#);
    insta::assert_snapshot!(wrong("name = \"orders-us-east-1\"", "name = \"orders-eu-west-2\""), @r#"
     × bucket orders-eu-west-2 is given twice: expected it once
       ╭─[raw/narrows.policies.toml:11:1]
    10 │ 
    11 │ [[bucket]]
       · ──────────
    12 │ name = "orders-eu-west-2"
       ╰────
     help: remove one
    "#);
    insta::assert_snapshot!(wrong("region = \"us-east-1\"", "region = \"cn-north-1\""), @r#"
     × cn-north-1 is in partition aws-cn, and eu-west-2 in aws: expected one partition
       ╭─[raw/narrows.policies.toml:13:10]
    12 │ name = "orders-us-east-1"
    13 │ region = "cn-north-1"
       ·          ────────────
    14 │ policy = "policies/virginia.json"
       ╰────
    "#);
    insta::assert_snapshot!(wrong("public_access_block = true", "ownership = \"Enforced\""), @r#"
     × `ownership` of bucket `orders-eu-west-2` is `Enforced`: expected one of BucketOwnerEnforced,
     │ BucketOwnerPreferred, ObjectWriter
      ╭─[raw/narrows.policies.toml:8:13]
    7 │ policy = "policies/london.json"
    8 │ ownership = "Enforced"
      ·             ──────────
    9 │ replication = { role = "arn:aws:iam::123456789012:role/copier", destinations = ["arn:aws:s3:::orders-us-east-1…
      ╰────
    "#);
}

/// What is wrong in a policy file is shown there.
#[test]
fn a_policy_file_is_read_at_its_own_place() {
    let ran = check(files().with("raw/policies/virginia.json", "{\n  \"Statement\": \"all\"\n}"), &["raw"]);
    assert_eq!(ran.exit, Exit::Failed, "{ran}");
    insta::assert_snapshot!(ran.stderr, @r#"
     × raw/policies/virginia.json: the statement is a string: expected an object
      ╭─[raw/policies/virginia.json:2:16]
    1 │ {
    2 │   "Statement": "all"
      ·                ──┬──
      ·                  ╰── Statement
    3 │ }
      ╰────
    "#);
}
