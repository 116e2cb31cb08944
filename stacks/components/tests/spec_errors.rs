//! What is wrong with a description: each error as it is shown, with the text that it points at.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may panic, in its helpers too"
)]
use narrows_stacks::StackSpec;

const BASE: &str = r#"
[stack]
name = "orders"
account = "123456789012"
[mrap]
name = "orders"
[[bucket]]
region = "eu-west-2"
name = "orders-eu-west-2"
[[bucket]]
region = "us-east-1"
name = "orders-us-east-1"
"#;

fn shown(text: &str) -> String {
    let error = StackSpec::parse("narrows.toml", text).unwrap_err();
    let span = error.span();
    let marked = error.text().text().get(span.start..span.end).unwrap();
    format!("{error}\n  at {marked:?}")
}

/// The error of the base description with one text replaced.
fn with(from: &str, to: &str) -> String {
    assert!(BASE.contains(from), "{from}");
    shown(&BASE.replacen(from, to, 1))
}

/// The error of the base description with more at its end.
fn and(more: &str) -> String {
    shown(&format!("{BASE}{more}"))
}

#[test]
fn the_base_holds() {
    assert!(StackSpec::parse("narrows.toml", BASE).is_ok());
}

#[test]
fn not_toml() {
    insta::assert_snapshot!(with("[mrap]", "[mrap"), @r#"
narrows.toml:5: unclosed table, expected `]`
  at ""
"#);
}

#[test]
fn nothing() {
    insta::assert_snapshot!(shown(""), @r#"
narrows.toml:1: `stack` is missing here; add a table `[stack]`
  at ""
"#);
}

#[test]
fn a_key_twice() {
    insta::assert_snapshot!(with("account =", "name = \"again\"\naccount ="), @r#"
narrows.toml:4: `name` is written twice: expected it once; remove one of them
  at "name"
"#);
}

#[test]
fn a_misspelt_key() {
    insta::assert_snapshot!(with("account =", "acount ="), @r#"
narrows.toml:4: `acount` is not known here: expected `name`, `account`, `deployer`, `organisation` or `minimum_tls`; did you mean `account`?
  at "acount"
"#);
}

#[test]
fn a_misspelt_table() {
    insta::assert_snapshot!(and("[[grants]]\nrole = \"x\"\n"), @r#"
    narrows.toml:13: `grants` is not known here: expected `stack`, `mrap`, `bucket`, `grant`, `break_glass`, `exempt_service`, `override`, `guardrails`, `replication`, `failover`, `private_access` or `observability`; did you mean `grant`?
      at "grants"
    "#);
}

#[test]
fn a_key_from_elsewhere() {
    insta::assert_snapshot!(with("[mrap]", "[mrap]\nversioning = true"), @r#"
narrows.toml:6: `versioning` is not known here: expected `name`
  at "versioning"
"#);
}

#[test]
fn a_missing_key() {
    insta::assert_snapshot!(with("account = \"123456789012\"\n", ""), @r#"
narrows.toml:2: `account` is missing here; add `account = …`
  at "[stack]"
"#);
}

#[test]
fn a_missing_table() {
    insta::assert_snapshot!(with("[mrap]\nname = \"orders\"\n", ""), @r#"
narrows.toml:1: `mrap` is missing here; add a table `[mrap]`
  at ""
"#);
}

#[test]
fn an_account_that_is_a_number() {
    insta::assert_snapshot!(with("\"123456789012\"", "123456789012"), @r#"
narrows.toml:4: invalid type: integer `123456789012`, expected a string; write it between quotes
  at "123456789012"
"#);
}

#[test]
fn an_account_that_is_too_short() {
    insta::assert_snapshot!(with("\"123456789012\"", "\"12345678901\""), @r#"
narrows.toml:4: `12345678901` is not an AWS account id: expected twelve digits, such as 123456789012
  at "\"12345678901\""
"#);
}

#[test]
fn a_region_that_does_not_exist() {
    insta::assert_snapshot!(with("\"eu-west-2\"", "\"ap-northwest-3\""), @r#"
narrows.toml:8: `ap-northwest-3` is not an AWS Region: expected a Region code such as us-east-1; did you mean `ap-northeast-3`?
  at "\"ap-northwest-3\""
"#);
}

#[test]
fn a_region_that_cannot_take_part() {
    insta::assert_snapshot!(with("\"eu-west-2\"", "\"us-gov-west-1\""), @r#"
narrows.toml:8: `us-gov-west-1` cannot be part of a Multi-Region Access Point: expected one of the 17 Regions that every account has, such as us-east-1, or of the 12 that can be enabled, such as af-south-1
  at "\"us-gov-west-1\""
"#);
}

#[test]
fn no_bucket() {
    let start = BASE.split("[[bucket]]").next().unwrap();
    insta::assert_snapshot!(shown(&format!("bucket = []\n{start}")), @r#"
narrows.toml:1: no bucket: expected one in each Region
  at "[]"
"#);
}

#[test]
fn two_buckets_in_one_region() {
    insta::assert_snapshot!(with("\"us-east-1\"", "\"eu-west-2\""), @r#"
narrows.toml:11: two buckets in eu-west-2, `orders-eu-west-2` and `orders-us-east-1`: expected one bucket in each Region of an access point; leave one of them out, or put it into a stack of its own
  at "\"eu-west-2\""
"#);
}

#[test]
fn an_access_that_does_not_exist() {
    let grant = "[[grant]]\nrole = \"arn:aws:iam::123456789012:role/api\"\naccess = \"readwrite\"\n";
    insta::assert_snapshot!(and(grant), @r#"
narrows.toml:15: `readwrite` is not a kind of access: expected read, write or read-write; did you mean `read-write`?
  at "\"readwrite\""
"#);
}

#[test]
fn a_session_instead_of_a_role() {
    let grant = "[[grant]]\nrole = \"arn:aws:sts::123456789012:assumed-role/api/x\"\naccess = \"read\"\n";
    insta::assert_snapshot!(and(grant), @r#"
narrows.toml:14: `arn:aws:sts::123456789012:assumed-role/api/x` is not the ARN of an IAM role: expected arn:aws:iam::<account>:role/<name>, without wildcards (this is the ARN of a session; give its role)
  at "\"arn:aws:sts::123456789012:assumed-role/api/x\""
"#);
}

#[test]
fn a_prefix_that_is_a_pattern() {
    let grant =
        "[[grant]]\nrole = \"arn:aws:iam::123456789012:role/api\"\naccess = \"read\"\nprefix = \"a/*\"\n";
    insta::assert_snapshot!(and(grant), @r#"
narrows.toml:16: `a/*` is not a key prefix: expected plain text (it has `*`, which a policy reads as a pattern; `reports/` already covers all below it)
  at "\"a/*\""
"#);
}

#[test]
fn an_exemption_without_a_reason() {
    let role = "role = \"arn:aws:iam::123456789012:role/on-call\"";
    insta::assert_snapshot!(and(&format!("[[break_glass]]\n{role}\nreason = \"\"\n")), @r#"
narrows.toml:15: an empty reason: expected a few words on why
  at "\"\""
"#);
}

#[test]
fn a_day_that_does_not_exist() {
    let role = "role = \"arn:aws:iam::123456789012:role/on-call\"";
    insta::assert_snapshot!(and(&format!(
        "[[break_glass]]\n{role}\nreason = \"x\"\nexpires = \"2027-02-29\"\n"
    )), @r#"
narrows.toml:16: `2027-02-29` is not a date: expected YYYY-MM-DD, such as 2027-03-31
  at "\"2027-02-29\""
"#);
}

#[test]
fn a_service_that_is_a_pattern() {
    insta::assert_snapshot!(and("[[exempt_service]]\nservice = \"*.amazonaws.com\"\naccess = \"write\"\nreason = \"logs\"\n"), @r#"
narrows.toml:14: `*.amazonaws.com` is not a service principal: expected a name such as logging.s3.amazonaws.com, without wildcards
  at "\"*.amazonaws.com\""
"#);
}

#[test]
fn replication_of_one_bucket() {
    let one = BASE.rsplit_once("[[bucket]]").unwrap().0;
    insta::assert_snapshot!(shown(&format!("{one}[replication]\n")), @r#"
narrows.toml:10: replication with a single bucket: expected at least two; add a bucket in another Region, or leave out `[replication]`
  at "[replication]"
"#);
}

#[test]
fn no_active_region() {
    insta::assert_snapshot!(and("[failover]\nactive = []\nbackup = \"us-east-1\"\n"), @r#"
narrows.toml:14: an empty list: expected at least one active Region
  at "[]"
"#);
}

#[test]
fn nothing_to_fail_over_to() {
    insta::assert_snapshot!(and("[failover]\nactive = [\"eu-west-2\"]\n"), @r#"
narrows.toml:13: a single active Region and no backup: expected a Region to fail over to; name it as `backup`; an access point of one Region has no failover
  at "[failover]"
"#);
}

#[test]
fn passive_regions_without_a_backup() {
    insta::assert_snapshot!(and("[failover]\nactive = [\"eu-west-2\"]\npassive = [\"us-east-1\"]\n"), @r#"
narrows.toml:15: passive Regions without a backup: expected `backup` to name the Region that takes over first; write `backup = "us-east-1"`, and leave it out here
  at "\"us-east-1\""
"#);
}

#[test]
fn a_backup_outside_the_access_point() {
    insta::assert_snapshot!(and("[failover]\nactive = [\"eu-west-2\"]\nbackup = \"eu-west-1\"\n"), @r#"
narrows.toml:15: eu-west-1 is not part of the access point: expected one of its Regions, eu-west-2, us-east-1; add a bucket there, or name another Region
  at "\"eu-west-1\""
"#);
}

#[test]
fn a_region_without_a_route() {
    insta::assert_snapshot!(and("[[bucket]]\nregion = \"eu-west-1\"\nname = \"orders-eu-west-1\"\n\
         [failover]\nactive = [\"eu-west-2\"]\nbackup = \"us-east-1\"\n"), @r#"
narrows.toml:16: eu-west-1 is left out of the failover routes: expected every Region of the access point; name it too; a Region that nobody thought of is what fails in a failover
  at "[failover]"
"#);
}

#[test]
fn an_endpoint_that_nobody_can_reach() {
    insta::assert_snapshot!(and(
        "[[private_access]]\nregion = \"eu-west-2\"\nvpc = \"vpc-0a1b2c3d\"\nsubnets = [\"subnet-0a1b2c3d\"]\nclients = []\n"
    ), @r#"
narrows.toml:17: an empty list: expected at least one network of clients
  at "[]"
"#);
}

#[test]
fn a_network_with_host_bits() {
    insta::assert_snapshot!(and("[[private_access]]\nregion = \"eu-west-2\"\nvpc = \"vpc-0a1b2c3d\"\n\
         subnets = [\"subnet-0a1b2c3d\"]\nclients = [\"10.0.0.1/16\"]\n"), @r#"
narrows.toml:17: `10.0.0.1/16` is not an IPv4 network: expected no bits set after the prefix, as in 10.0.0.0/16
  at "\"10.0.0.1/16\""
"#);
}

#[test]
fn a_threshold_of_zero() {
    insta::assert_snapshot!(and("[observability]\nserver_errors = 0\n"), @r#"
narrows.toml:14: invalid value: integer `0`, expected a whole number above 0
  at "0"
"#);
}

#[test]
fn a_topic_of_another_region() {
    insta::assert_snapshot!(and(
        "[observability]\nnotify = [\"arn:aws:sns:eu-west-1:123456789012:alarms\"]\n"
    ), @r#"
narrows.toml:14: `arn:aws:sns:eu-west-1:123456789012:alarms` is in a Region without alarms: expected one of eu-west-2, us-east-1; an alarm notifies topics of its own Region only: name one there
  at "\"arn:aws:sns:eu-west-1:123456789012:alarms\""
"#);
}

#[test]
fn a_table_that_should_be_a_list() {
    insta::assert_snapshot!(and("[grant]\nrole = \"x\"\naccess = \"read\"\n"), @r#"
narrows.toml:13: invalid type: a table or a date, expected a list; write the table's name between double brackets, for there can be several
  at "[grant]"
"#);
}

#[test]
fn an_active_region_that_should_be_a_list() {
    insta::assert_snapshot!(and("[failover]\nactive = \"eu-west-2\"\nbackup = \"us-east-1\"\n"), @r#"
narrows.toml:14: invalid type: string "eu-west-2", expected a list; write it between brackets, for there can be several
  at "\"eu-west-2\""
"#);
}

#[test]
fn a_date_without_quotes() {
    let role = "role = \"arn:aws:iam::123456789012:role/on-call\"";
    insta::assert_snapshot!(and(&format!("[[break_glass]]\n{role}\nreason = \"x\"\nexpires = 2027-03-31\n")), @r#"
narrows.toml:16: invalid type: a table or a date, expected a string; write it between quotes
  at "2027-03-31"
"#);
}

#[test]
fn a_word_instead_of_a_boolean() {
    insta::assert_snapshot!(and("[replication]\ntime_control = \"yes\"\n"), @r#"
narrows.toml:14: invalid type: string "yes", expected true or false
  at "\"yes\""
"#);
}
