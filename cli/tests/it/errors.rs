//! Bad input: one clear error with its place and remedy, exit 2, nothing written.

use crate::{MRAP, POLICY, Ran, narrows, policy, stack};
use narrows::{Exit, Memory};

/// The error of a run that must fail without output.
fn error(files: Memory, args: &[&str]) -> String {
    let before: Vec<_> = files.paths().map(ToOwned::to_owned).collect();
    let Ran { exit, stdout, stderr, files } = narrows(files, args);
    assert_eq!(exit, Exit::Failed, "{stdout}{stderr}");
    assert_eq!(stdout, "");
    assert_eq!(files.paths().map(ToOwned::to_owned).collect::<Vec<_>>(), before, "something was written");
    stderr
}

fn checked(name: &str, text: &str) -> String {
    error(Memory::new().with(name, text), &["check", name, "--mrap", MRAP])
}

#[test]
fn nothing_there() {
    insta::assert_snapshot!(error(Memory::new(), &["check", "nowhere.json"]), @"
    × `nowhere.json` is not there
    help: give a stack description, a folder of Terraform JSON, a plan, a state, a Pulumi preview or
          stack, a template or a policy; see `narrows check --help`
    ");
}

#[test]
fn a_folder_without_a_stack() {
    let files = || Memory::new().with("orders/readme.md", "");
    insta::assert_snapshot!(error(files(), &["check", "orders"]), @"
    × `orders` holds nothing to check: expected a narrows.toml, *.tf.json files, plans, templates or
    │ policies in it
    help: describe a stack with `narrows new orders`, or name another folder
    ");
    insta::assert_snapshot!(error(files(), &["synth", "orders"]), @r"
    × `orders` has no narrows.toml
    help: begin one with `narrows new orders`, or name the description
    ");
    insta::assert_snapshot!(error(Memory::new(), &["check"]), @"
    × `.` holds nothing to check: expected a narrows.toml, *.tf.json files, plans, templates or
    │ policies in it
    help: describe a stack with `narrows new .`, or name another folder
    ");
}

#[test]
fn a_folder_of_hcl() {
    let files = Memory::new().with("infra/main.tf", "resource \"aws_s3_bucket\" \"a\" {}");
    insta::assert_snapshot!(error(files, &["check", "infra"]), @"
    × `infra` holds nothing to check: expected a narrows.toml, *.tf.json files, plans, templates or
    │ policies in it
    help: a configuration in HCL is planned and checked by narrows plan infra
    ");
}

#[test]
fn a_folder_that_would_be_read_in_part() {
    let files = Memory::new().with("infra/a.tf.json", "{}").with("infra/b.tf", "  module \"x\" {\n");
    insta::assert_snapshot!(
        error(Memory::new().with("infra/a.tf.json", "{}").with("infra/terraform.tfvars", ""), &["check", "infra"]), @r"
    × `infra/terraform.tfvars` sets variables, and only *.tf.json files are read
    help: have it planned, with their values: narrows plan infra
    "
    );
    insta::assert_snapshot!(error(files, &["check", "infra"]), @r"
    × `infra/b.tf` may declare resources, and only *.tf.json files are read
    help: have it planned, with all of them: narrows plan infra
    ");
}

#[test]
fn malformed_toml() {
    let files = Memory::new().with("orders/narrows.toml", "[stack\nname = \"orders\"\n");
    insta::assert_snapshot!(error(files, &["check", "orders"]), @r#"
     × unclosed table, expected `]`
      ╭─[orders/narrows.toml:1:7]
    1 │ [stack
      ·       ─
    2 │ name = "orders"
      ╰────
    "#);
}

#[test]
fn an_unknown_field() {
    let text = stack().text("orders/narrows.toml").unwrap().replace("[mrap]", "[mrap]\nnmae = \"x\"");
    let files = Memory::new().with("orders/narrows.toml", text);
    insta::assert_snapshot!(error(files, &["synth", "orders"]), @r#"
     × `nmae` is not known here: expected `name`
       ╭─[orders/narrows.toml:11:1]
    10 │ [mrap]
    11 │ nmae = "x"
       · ────
    12 │ name = "orders"                # neither this name nor the set of buckets can change later
       ╰────
     help: did you mean `name`?
    "#);
}

#[test]
fn a_region_that_does_not_exist() {
    let text = stack().text("orders/narrows.toml").unwrap().replacen("ap-northeast-3", "ap-northwest-3", 1);
    let files = Memory::new().with("orders/narrows.toml", text);
    insta::assert_snapshot!(error(files, &["synth", "orders"]), @r#"
     × `ap-northwest-3` is not an AWS Region: expected a Region code such as us-east-1
       ╭─[orders/narrows.toml:23:10]
    22 │ [[bucket]]
    23 │ region = "ap-northwest-3"
       ·          ────────────────
    24 │ name = "orders-ap-northeast-3"
       ╰────
     help: did you mean `ap-northeast-3`?
    "#);
}

#[test]
fn malformed_json() {
    insta::assert_snapshot!(checked("policy.json", "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [,]\n}"), @r#"
     × not JSON: unexpected comma
      ╭─[policy.json:3:17]
    2 │   "Version": "2012-10-17",
    3 │   "Statement": [,]
      ·                 ─
    4 │ }
      ╰────
     help: expected a plan or a state (from terraform show -json), a preview or a stack (from pulumi
           preview --json --show-sames, pulumi stack export), a CloudFormation template (with
           `Resources`) or a policy (with `Statement`)
    "#);
    insta::assert_snapshot!(checked("policy.json", ""), @"
     × not JSON: nothing there; expected a value
      ╭─[policy.json:1:1]
    1 │ 
      · ─
      ╰────
     help: expected a plan or a state (from terraform show -json), a preview or a stack (from pulumi
           preview --json --show-sames, pulumi stack export), a CloudFormation template (with
           `Resources`) or a policy (with `Statement`)
    ");
    insta::assert_snapshot!(checked("main.tf", "resource \"a\" \"b\" {}"), @r#"
     × not JSON: unexpected word
      ╭─[main.tf:1:1]
    1 │ resource "a" "b" {}
      · ────────
      ╰────
     help: a configuration in HCL is planned and checked as a whole: narrows plan FOLDER
    "#);
}

#[test]
fn json_that_is_no_policy() {
    insta::assert_snapshot!(checked("policy.json", "[1]"), @"
     × `policy.json` holds a list: expected a plan or a state (from terraform show -json), a preview
     │ or a stack (from pulumi preview --json --show-sames, pulumi stack export), a CloudFormation
     │ template (with `Resources`) or a policy (with `Statement`)
      ╭─[policy.json:1:1]
    1 │ [1]
      · ───
      ╰────
    ");
    insta::assert_snapshot!(checked("policy.json", "\"Statement\""), @r#"
     × `policy.json` holds a string: expected a plan or a state (from terraform show -json), a
     │ preview or a stack (from pulumi preview --json --show-sames, pulumi stack export), a
     │ CloudFormation template (with `Resources`) or a policy (with `Statement`)
      ╭─[policy.json:1:1]
    1 │ "Statement"
      · ───────────
      ╰────
    "#);
    insta::assert_snapshot!(checked("policy.json", "{}"), @"
    × `policy.json` is an empty object: expected a plan or a state (from terraform show -json), a
    │ preview or a stack (from pulumi preview --json --show-sames, pulumi stack export), a
    │ CloudFormation template (with `Resources`) or a policy (with `Statement`)
    ");
    insta::assert_snapshot!(checked("policy.json", r#"{"Policy": "{}"}"#), @r#"
     × policy.json: the policy has no `Statement`: add at least one statement
      ╭─[policy.json:1:13]
    1 │ {"Policy": "{}"}
      ·             ─┬
      ·              ╰── Policy
      ╰────
    "#);
    insta::assert_snapshot!(checked("policy.json", r#"{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}"#), @"
    × `policy.json` has `a`, `b`, `c`, `d`, …: expected a plan or a state (from terraform show
    │ -json), a preview or a stack (from pulumi preview --json --show-sames, pulumi stack export), a
    │ CloudFormation template (with `Resources`) or a policy (with `Statement`)
    ");
    insta::assert_snapshot!(checked("s3.tf.json", "{}"), @r"
    × `s3.tf.json` is one file of a configuration: expected the whole
    help: name its folder
    ");
}

#[test]
fn a_policy_whose_statement_is_no_object() {
    insta::assert_snapshot!(checked("policy.json", r#"{"Version": "2012-10-17", "Statement": "x"}"#), @r#"
     × policy.json: the statement is a string: expected an object
      ╭─[policy.json:1:40]
    1 │ {"Version": "2012-10-17", "Statement": "x"}
      ·                                        ─┬─
      ·                                         ╰── Statement
      ╰────
    "#);
}

#[test]
fn a_plan_without_its_values() {
    insta::assert_snapshot!(checked("plan.json", r#"{"format_version": "1.2", "planned_values": []}"#), @r#"
     × `planned_values` is a list: expected an object, as terraform show -json prints it
      ╭─[plan.json:1:45]
    1 │ {"format_version": "1.2", "planned_values": []}
      ·                                             ─┬
      ·                                              ╰── planned_values
      ╰────
    "#);
}

#[test]
fn bytes_that_are_no_text() {
    let files = Memory::new().with("plan", [b'P', b'K', 0xff, 0xfe]);
    insta::assert_snapshot!(error(files, &["check", "plan"]), @r"
    × `plan` is not text: byte 2 is not UTF-8
    help: save the file as UTF-8; a binary Terraform plan is read after `terraform show -json PLAN >
          plan.json`
    ");
}

#[test]
fn a_policy_that_aws_would_not_take() {
    insta::assert_snapshot!(checked("policy.json", &POLICY.replace("\"Effect\"", "\"Efect\"")), @r#"
     × policy.json: `Efect` is not an element of the statement: expected one of Sid, Effect,
     │ Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition
      ╭─[policy.json:6:7]
    5 │       "Sid": "DenyNotThroughMrap",
    6 │       "Efect": "Deny",
      ·       ───┬───
      ·          ╰── Statement[0].Efect
    7 │       "Principal": "*",
      ╰────
     help: did you mean `Effect`?
    "#);
    insta::assert_snapshot!(checked("policy.json", &POLICY.replacen("ArnNotEquals", "ArnNotEqual", 1)), @r#"
     × policy.json: condition operator `ArnNotEqual` is unknown: expected one that IAM documents,
     │ such as `ArnNotEquals`
       ╭─[policy.json:11:9]
    10 │       "Condition": {
    11 │         "ArnNotEqual": {"s3:DataAccessPointArn": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"}
       ·         ──────┬──────
       ·               ╰── Statement[0].Condition.ArnNotEqual
    12 │       }
       ╰────
     help: did you mean `ArnNotEquals`?
    "#);
}

#[test]
fn a_policy_on_one_long_line() {
    let text = POLICY.replace("\n", "").replacen("\"Deny\"", "\"Dney\"", 1);
    insta::assert_snapshot!(checked("policy.json", &text), @r#"
     × policy.json: effect `Dney` is unknown: expected `Allow` or `Deny`
      ╭─[policy.json:1:44]
    1 │ …": "DenyNotThroughMrap",      "Effect": "Dney",      "Principal": "*",      "Action": "s3:*",      "Resource":…
      ·                                          ───┬──
      ·                                             ╰── Statement[0].Effect
      ╰────
     help: did you mean `Deny`?
    "#);
}

#[test]
fn a_policy_without_an_access_point() {
    insta::assert_snapshot!(error(policy(POLICY), &["check", "policy.json"]), @r"
    × `policy.json` is a policy, and no access point is given
    help: say which MRAP the bucket is to be reached through: --mrap
          arn:aws:s3::<account>:accesspoint/<alias>.mrap
    ");
}

#[test]
fn a_policy_without_one_bucket() {
    const NAMES_NONE: &str = r#"{
      "Version": "2012-10-17",
      "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    }"#;
    let two = POLICY.replacen("orders-eu-west-2/*", "orders-us-east-1/*", 1);
    insta::assert_snapshot!(checked("policy.json", &two), @r"
    × `policy.json` names 2 buckets, `orders-eu-west-2`, `orders-us-east-1`: expected one
    help: say which bucket it is the policy of: --bucket NAME
    ");
    insta::assert_snapshot!(checked("policy.json", NAMES_NONE), @"
    × `policy.json` is no policy of a bucket, and --mrap is for buckets
    help: leave --mrap out to be told how it is attached to something; if it is a bucket's, name
          that with --bucket NAME
    ");
}

#[test]
fn flags_that_are_wrong() {
    let run = |args: &[&str]| error(policy(POLICY), &[&["check", "policy.json"], args].concat());
    insta::assert_snapshot!(run(&["--mrap", MRAP, "--guardrail", "only-trough-mrap"]), @r"
    × `only-trough-mrap` is not a guardrail: expected `application-reaches-data`,
    │ `deployer-not-locked-out`, `least-privilege`, `no-new-paths`, `not-public`, `not-vacuous`,
    │ `only-through-mrap`, `organisation-only`, `private-only`, `replication-works`,
    │ `same-in-every-region`, `tls-only`
    help: did you mean `only-through-mrap`?
    ");
    insta::assert_snapshot!(run(&["--mrap", MRAP, "--guardrail", "x"]), @r"
    × `x` is not a guardrail: expected `application-reaches-data`, `deployer-not-locked-out`,
    │ `least-privilege`, `no-new-paths`, `not-public`, `not-vacuous`, `only-through-mrap`,
    │ `organisation-only`, `private-only`, `replication-works`, `same-in-every-region`, `tls-only`
    ");
    insta::assert_snapshot!(run(&["--mrap", "arn:aws:s3:eu-west-2:123456789012:accesspoint/data"]), @r"
    error: invalid value 'arn:aws:s3:eu-west-2:123456789012:accesspoint/data' for '--mrap <[NAME=]ARN>': `arn:aws:s3:eu-west-2:123456789012:accesspoint/data` is not the ARN of a Multi-Region Access Point: expected arn:aws:s3::<account>:accesspoint/<alias>.mrap, with an empty Region field (it has `eu-west-2`)

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(run(&["--mrap", MRAP, "--exempt", "arn:aws:iam::123456789012:role/*"]), @r"
    error: invalid value 'arn:aws:iam::123456789012:role/*' for '--exempt <ARN>': `arn:aws:iam::123456789012:role/*` is not the ARN of an IAM role: expected arn:aws:iam::<account>:role/<name>, without wildcards; `*` is not a role name: expected 1 to 64 letters, digits or characters of +=,.@_-

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(run(&["--mrap", MRAP, "--as-of", "tomorrow"]), @r"
    error: invalid value 'tomorrow' for '--as-of <DATE>': `tomorrow` is not a date: expected YYYY-MM-DD, such as 2027-03-31

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(run(&["--mrap", MRAP, "--format", "jsn"]), @r"
    error: invalid value 'jsn' for '--format <FORMAT[=FILE]>': `jsn` is not a format: expected `text` or `json`; did you mean `json`?

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(run(&["--mrap", MRAP, "--format", "json="]), @r"
    error: invalid value 'json=' for '--format <FORMAT[=FILE]>': no file after `json=`: expected a path; leave the `=` out for stdout

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(run(&["--mrap", MRAP, "--format", "json", "--format", "text"]), @r"
    × two formats go to stdout: expected at most one
    help: give a file to one of them, as in --format json=report.json
    ");
    insta::assert_snapshot!(run(&["--bucket", "orders-eu-west-2", "--mrapp", MRAP]), @r"
    error: unexpected argument '--mrapp' found

      tip: a similar argument exists: '--mrap'

    Usage: narrows check --bucket <NAME> --mrap <[NAME=]ARN> <PATH>...

    For more information, try '--help'.
    ");
}

#[test]
fn flags_that_do_not_go_together() {
    let run =
        |args: &[&str]| error(policy(POLICY), &[&["check", "policy.json", "--mrap", MRAP], args].concat());
    insta::assert_snapshot!(run(&["--format", "json=policy.json"]), @r"
    × `policy.json` is an input: expected another file for the report
    help: name a file of its own, as in --format json=report.json
    ");
    insta::assert_snapshot!(run(&["--format", "json=./policy.json"]), @r"
    × `./policy.json` is an input: expected another file for the report
    help: name a file of its own, as in --format json=report.json
    ");
    insta::assert_snapshot!(run(&["--stack", "a.toml", "--format", "json=a.toml"]), @r"
    × `a.toml` is an input: expected another file for the report
    help: name a file of its own, as in --format json=report.json
    ");
    insta::assert_snapshot!(run(&["policy.json", "--bucket", "orders-eu-west-2"]), @"
    × `policy.json` is given twice: expected it once
    help: leave one out
    ");
}

#[test]
fn reports_never_replace_what_is_read_out_of_a_folder() {
    for name in ["narrows.toml", "narrows.intent.json", "s3.tf.json", "main.tf"] {
        let told = error(stack(), &["check", "orders", "--format", &format!("json=orders/{name}")]);
        assert!(told.contains(&format!("`orders/{name}` is an input")), "{told}");
    }
}

#[test]
fn flags_that_contradict_the_stack() {
    insta::assert_snapshot!(error(stack(), &["check", "orders", "--account", "999999999999"]), @r"
    × --account says `999999999999`, but the stack declares `123456789012`
    help: leave --account out, or correct the description
    ");
    insta::assert_snapshot!(error(stack(), &["check", "orders", "--bucket", "orders-eu-west-2"]), @r"
    × --bucket `orders-eu-west-2` says nothing without --mrap
    help: give the MRAP that the bucket is reached through, or leave --bucket out
    ");
    insta::assert_snapshot!(error(stack(), &["check", "orders", "--mrap", MRAP, "--bucket", "orders-eu-west-3"]), @r"
    × no bucket of the input is called `orders-eu-west-3`: expected orders-ap-northeast-3,
    │ orders-eu-west-2, orders-us-east-1
    help: did you mean `orders-eu-west-2`?
    ");
    insta::assert_snapshot!(error(stack(), &["check", "orders", "--mrap", &format!("order={MRAP}")]), @r"
    × no MRAP of the input is called `order`: expected orders
    help: did you mean `orders`?
    ");
    insta::assert_snapshot!(error(stack(), &["check", "orders", "--mrap", MRAP]), @r"
    × --mrap is about no bucket: those of the input belong to its own MRAPs, or have no known name
    help: give the ARN of the input's MRAP as --mrap NAME=ARN, or name the bucket with --bucket
    ");
}

#[test]
fn reports_that_cannot_be_written() {
    let files = policy(POLICY).refusing("report.json");
    insta::assert_snapshot!(
        error(files, &["check", "policy.json", "--mrap", MRAP, "--format", "json=report.json"]), @"  × `report.json` cannot be written: permission denied"
    );
}
