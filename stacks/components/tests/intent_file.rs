//! The intent file: what is written, and what is refused.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may panic, in its helpers too"
)]
use narrows_model::intent::{Endpoint, Membership};
use narrows_model::{Intent, Source};
use narrows_stacks::{StackSpec, intent_file};

fn example() -> Intent {
    StackSpec::parse("narrows.toml", StackSpec::template()).unwrap().compose().intent.clone()
}

fn shown(text: &str) -> String {
    let error = intent_file::parse(&Source::file(intent_file::NAME, text)).unwrap_err();
    let span = error.location().span().unwrap();
    format!("{error}\n  at {:?}", text.get(span.start..span.end).unwrap())
}

fn with(from: &str, to: &str) -> String {
    let text = intent_file::print(&example());
    assert!(text.contains(from), "{from}");
    shown(&text.replacen(from, to, 1))
}

#[test]
fn the_file_of_the_example() {
    insta::assert_snapshot!(intent_file::print(&example()));
}

#[test]
fn what_is_written_is_read_back() {
    let mut every = example();
    every.organisation = Some("o-a1b2c3d4e5".parse().unwrap());
    every.endpoints.as_mut().unwrap().push(Endpoint::Id("vpce-0a1b2c3d".parse().unwrap()));
    every.memberships.push(Membership {
        bucket: "orders-eu-west-2".parse().unwrap(),
        mraps: vec!["arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap".parse().unwrap()],
    });
    for intent in [Intent::default(), example(), every] {
        let text = intent_file::print(&intent);
        assert_eq!(intent_file::parse(&Source::file("f", text)).unwrap(), intent);
    }
}

#[test]
fn another_version() {
    insta::assert_snapshot!(with("\"version\": 1", "\"version\": 2"), @r#"
narrows.intent.json:2 (version): version 2 of the intent file: expected version 1; write it anew with `narrows synth`
  at "2"
"#);
}

#[test]
fn not_json() {
    insta::assert_snapshot!(with("\"grants\": [", "\"grants\": [,"), @r#"
narrows.intent.json:10: not JSON: unexpected comma
  at ","
"#);
}

#[test]
fn a_misspelt_member() {
    insta::assert_snapshot!(with("\"exemptions\"", "\"exemption\""), @r#"
    narrows.intent.json:24 (exemption): `exemption` is not known here: expected one of version, account, organisation, deployer, failover_operators, minimum_tls, grants, exemptions, endpoints, memberships, overrides; did you mean `exemptions`?
      at "\"exemption\""
    "#);
}

#[test]
fn a_missing_member() {
    insta::assert_snapshot!(with("\"version\": 1,", ""), @r#"
    narrows.intent.json:54: `version` is missing here: expected every member that `narrows synth` writes
      at "}"
    "#);
}

#[test]
fn a_name_that_is_none() {
    insta::assert_snapshot!(with("role/reporting", "role/*"), @r#"
narrows.intent.json:18 (grants[1].role): `arn:aws:iam::123456789012:role/*` is not the ARN of an IAM role: expected arn:aws:iam::<account>:role/<name>, without wildcards; `*` is not a role name: expected 1 to 64 letters, digits or characters of +=,.@_-
  at "\"arn:aws:iam::123456789012:role/*\""
"#);
}

#[test]
fn a_kind_of_exemption_that_does_not_exist() {
    insta::assert_snapshot!(with("\"replication-role\"", "\"replication_role\""), @r#"
narrows.intent.json:26 (exemptions[0].kind): `replication_role` is not known here: expected one of role, replication-role, service; did you mean `replication-role`?
  at "\"replication_role\""
"#);
}

#[test]
fn an_exemption_without_a_reason() {
    insta::assert_snapshot!(with("S3 replicates between the buckets with this role", ""), @r#"
narrows.intent.json:28 (exemptions[0].reason): an exemption without a reason: expected a few words on what it is for
  at "\"\""
"#);
}
