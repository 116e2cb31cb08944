//! Several inputs as one deployment.

use crate::{MRAP, POLICY, Ran, narrows, policy};
use narrows::{Exit, Memory};

/// A configuration of one bucket behind an MRAP, without the bucket's policy.
const CONFIGURATION: &str = r#"{
  "provider": {"aws": {"region": "eu-west-2", "allowed_account_ids": ["123456789012"]}},
  "resource": {
    "aws_s3_bucket": {"this": {"bucket": "orders-eu-west-2"}},
    "aws_s3control_multi_region_access_point": {"this": {"details": {
      "name": "orders", "region": [{"bucket": "${aws_s3_bucket.this.bucket}"}]
    }}}
  }
}"#;

/// The state of that configuration once it is applied.
const STATE: &str = r#"{"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {"resources": [
  {"address": "aws_s3_bucket.this", "mode": "managed", "type": "aws_s3_bucket", "name": "this",
   "values": {"bucket": "orders-eu-west-2", "id": "orders-eu-west-2", "region": "eu-west-2"}},
  {"address": "aws_s3control_multi_region_access_point.this", "mode": "managed",
   "type": "aws_s3control_multi_region_access_point", "name": "this",
   "values": {"account_id": "123456789012", "alias": "mfzwi23gnjvgw.mrap",
     "details": [{"name": "orders", "region": [{"bucket": "orders-eu-west-2"}], "public_access_block": [
       {"block_public_acls": true, "block_public_policy": true, "ignore_public_acls": true, "restrict_public_buckets": true}]}]}},
  {"address": "aws_s3_bucket.old", "mode": "managed", "type": "aws_s3_bucket", "name": "old",
   "values": {"bucket": "orders-old", "id": "orders-old", "region": "eu-west-2"}}
]}}}"#;

fn check(files: Memory, args: &[&str]) -> Ran {
    let fixed = ["--guardrail", "only-through-mrap", "--as-of", "2026-11-23"];
    narrows(files, &[&["check"], args, &fixed].concat())
}

fn configured() -> Memory {
    policy(POLICY).with("infra/main.tf.json", CONFIGURATION)
}

/// The lines above the verdicts.
fn preface(ran: &Ran) -> String {
    let above = ran.stdout.lines().take_while(|line| !line.is_empty());
    let mut lines: Vec<&str> = above.collect();
    lines.extend(ran.stdout.lines().last());
    format!("exit {}\n{}{}", ran.exit.code(), lines.join("\n"), ran.stderr)
}

#[test]
fn several_policies_are_one_report() {
    let other = POLICY.replace("orders-eu-west-2", "orders-us-east-1");
    let files = || policy(POLICY).with("other.json", other.as_str());
    let ran = check(files(), &["policy.json", "other.json", "--mrap", MRAP]);
    insta::assert_snapshot!(preface(&ran), @"
    exit 0
    checked   policy.json, the policy of bucket orders-eu-west-2
    checked   other.json, the policy of bucket orders-us-east-1
    declared  flags
    as of     2026-11-23
    2 verdicts: 2 proved · 0 refuted · 0 unknown; 0 guardrails not asked
    ");
    let apart = check(files(), &["policy.json", "other.json", "--mrap", MRAP, "--each"]);
    insta::assert_snapshot!(preface(&apart), @"
    exit 0
    checked   policy.json, the policy of bucket orders-eu-west-2
    declared  flags
    checked   other.json, the policy of bucket orders-us-east-1
    declared  flags
    as of     2026-11-23
    2 verdicts: 2 proved · 0 refuted · 0 unknown; 0 guardrails not asked
    ");
}

#[test]
fn a_policy_counts_at_the_bucket_of_another_input() {
    // The literal ARN is that of an MRAP which the configuration has no alias for.
    let ran = check(configured(), &["infra", "policy.json", "--mrap", &format!("orders={MRAP}")]);
    insta::assert_snapshot!(preface(&ran), @"
    exit 0
    checked   infra, Terraform JSON
    checked   policy.json, the policy of bucket orders-eu-west-2
    declared  flags
    as of     2026-11-23
    1 verdict: 1 proved · 0 refuted · 0 unknown; 0 guardrails not asked
    ");
    let alone = check(configured(), &["infra", "--mrap", &format!("orders={MRAP}")]);
    assert_eq!(alone.exit, Exit::Refuted, "{alone}");
}

#[test]
fn a_state_tells_what_its_configuration_does_not_know() {
    let files = || configured().with("state.json", STATE);
    let ran = check(files(), &["infra", "policy.json", "state.json"]);
    insta::assert_snapshot!(preface(&ran), @"
    exit 0
    checked   infra, Terraform JSON
    checked   policy.json, the policy of bucket orders-eu-west-2
    checked   state.json, a Terraform state
    declared  nothing declared
    note      state.json tells what exists of infra already
    note      1 of state.json will be gone: aws_s3_bucket.old
    as of     2026-11-23
    1 verdict: 1 proved · 0 refuted · 0 unknown; 0 guardrails not asked
    ");
    // Alone it is a deployment too.
    let alone = check(files(), &["state.json"]);
    insta::assert_snapshot!(preface(&alone), @"
    exit 1
    checked   state.json, a Terraform state
    declared  nothing declared
    as of     2026-11-23
    1 verdict: 0 proved · 1 refuted · 0 unknown; 0 guardrails not asked
    ");
}

#[test]
fn an_access_point_that_would_be_made_anew_keeps_nothing_of_its_state() {
    let other = CONFIGURATION.replace("\"name\": \"orders\"", "\"name\": \"orders-2\"");
    let files = policy(POLICY).with("infra/main.tf.json", other).with("state.json", STATE);
    let ran = check(files, &["infra", "policy.json", "state.json"]);
    // The literal in the policy is then taken to be the new one's, and that is said; its state is not.
    assert!(ran.stdout.contains("is taken to be the ARN of the MRAP"), "{ran}");
}

#[test]
fn a_state_of_something_else_is_refused() {
    let other = STATE
        .replace("orders-eu-west-2", "invoices")
        .replace("\"name\": \"orders\"", "\"name\": \"invoices\"");
    let ran = check(configured().with("state.json", other), &["infra", "state.json"]);
    insta::assert_snapshot!(ran, @"
    exit 2
      × it cannot be told whether `state.json` is the state of `infra`: aws_s3_bucket.this is called
      │ invoices in one and orders-eu-west-2 in the other, and nothing is called alike in both
      help: leave the state out, or check what it belongs to apart from the other inputs
    ");
}

#[test]
fn one_thing_in_two_inputs_is_refused() {
    let files = policy(POLICY).with("again.json", POLICY);
    insta::assert_snapshot!(check(files, &["policy.json", "again.json", "--mrap", MRAP]), @r#"
    exit 2
      × the policy of bucket `orders-eu-west-2` is in two inputs, at policy.json:1 and at
      │ again.json:1: expected it in one of them
       ╭─[again.json:1:1]
     1 │ {
       · ─
     2 │   "Version": "2012-10-17",
       ╰────
      help: leave one of the two out, or check each input by itself with --each
    "#);
    insta::assert_snapshot!(check(policy(POLICY), &["policy.json", "./policy.json", "--mrap", MRAP]), @"
    exit 2
      × `./policy.json` is given twice: expected it once
      help: leave one out
    ");
    let files = configured().with("other/main.tf.json", CONFIGURATION);
    insta::assert_snapshot!(check(files, &["infra", "other"]), @r#"
    exit 2
      × the bucket `orders-eu-west-2` is in two inputs, at infra/main.tf.json:4
      │ (resource.aws_s3_bucket.this) and at other/main.tf.json:4 (resource.aws_s3_bucket.this):
      │ expected it in one of them
       ╭─[other/main.tf.json:4:31]
     3 │   "resource": {
     4 │     "aws_s3_bucket": {"this": {"bucket": "orders-eu-west-2"}},
       ·                               ───────────────┬──────────────
       ·                                              ╰── resource.aws_s3_bucket.this
     5 │     "aws_s3control_multi_region_access_point": {"this": {"details": {
       ╰────
      help: leave one of the two out, or check each input by itself with --each
    "#);
}

#[test]
fn addresses_may_be_alike_where_names_differ() {
    let other = CONFIGURATION.replace("orders", "invoices");
    let files = configured().with("other/main.tf.json", other);
    let ran = check(files, &["infra", "other"]);
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    assert!(ran.stdout.contains("invoices-eu-west-2, orders-eu-west-2"), "{ran}");
}

#[test]
fn inputs_of_two_accounts_keep_their_own() {
    let other = CONFIGURATION.replace("orders", "invoices").replace("123456789012", "210987654321");
    let ran = check(configured().with("other/main.tf.json", other), &["infra", "other"]);
    for account in ["123456789012", "210987654321"] {
        assert!(ran.stdout.contains(&format!("arn:aws:s3::{account}:accesspoint/${{")), "{account}: {ran}");
    }
}

#[test]
fn an_account_that_is_not_said_is_that_of_the_others() {
    let silent = CONFIGURATION
        .replace(", \"allowed_account_ids\": [\"123456789012\"]", "")
        .replace("orders", "invoices");
    let ran = check(configured().with("other/main.tf.json", silent), &["infra", "other"]);
    assert!(
        ran.stdout.contains(
            "note      other does not say its account: taken to be 123456789012, that of the others"
        ),
        "{ran}"
    );
}

#[test]
fn a_folder_of_several_kinds() {
    let files = Memory::new()
        .with("infra/main.tf.json", CONFIGURATION)
        .with("infra/state.json", STATE)
        .with("infra/trust.json", POLICY)
        .with("infra/package.json", "{}");
    insta::assert_snapshot!(preface(&check(files, &["infra"])), @"
    exit 1
    checked   infra, Terraform JSON
    checked   infra/state.json, a Terraform state
    declared  nothing declared
    note      not read, since nothing says what they are for: infra/trust.json, infra/package.json
    note      infra/state.json tells what exists of infra already
    note      1 of infra/state.json will be gone: aws_s3_bucket.old
    as of     2026-11-23
    1 verdict: 0 proved · 1 refuted · 0 unknown; 0 guardrails not asked
    ");
    let policies = Memory::new()
        .with("policies/one.json", POLICY)
        .with("policies/two.json", POLICY.replace("orders-eu-west-2", "orders-us-east-1"));
    insta::assert_snapshot!(preface(&check(policies, &["policies", "--mrap", MRAP])), @"
    exit 0
    checked   policies/one.json, the policy of bucket orders-eu-west-2
    checked   policies/two.json, the policy of bucket orders-us-east-1
    declared  flags
    as of     2026-11-23
    2 verdicts: 2 proved · 0 refuted · 0 unknown; 0 guardrails not asked
    ");
    let plan = configured().with("infra/plan.json", r#"{"planned_values": {}}"#);
    insta::assert_snapshot!(check(plan, &["infra"]), @"
    exit 2
      × `infra` holds a configuration and a plan, `infra/plan.json`: expected one of them
      help: name the plan to check what it will do, or move it out of the folder
    ");
}

#[test]
fn two_sets_of_declarations_are_refused() {
    let intent = |deployer: &str| {
        format!(
            r#"{{"version": 1, "account": null, "organisation": null, "minimum_tls": null, "failover_operators": [],
                "deployer": "arn:aws:iam::123456789012:role/{deployer}", "grants": [], "exemptions": [],
                "endpoints": null, "memberships": []}}"#
        )
    };
    let files = configured()
        .with("infra/narrows.intent.json", intent("one"))
        .with("other/main.tf.json", CONFIGURATION.replace("orders", "invoices"))
        .with("other/narrows.intent.json", intent("two"));
    insta::assert_snapshot!(check(files, &["infra", "other"]), @"
    exit 2
      × `infra/narrows.intent.json` and `other/narrows.intent.json` declare different things: expected
      │ one set of declarations for one deployment
      help: check each input by itself with --each, or name the one description that holds with
            --stack and give the others without theirs
    ");
}

#[test]
fn a_literal_that_can_be_one_access_point_only_is_taken_to_be_that() {
    let ran = check(configured(), &["infra", "policy.json"]);
    insta::assert_snapshot!(ran, @"
    exit 0
    checked   infra, Terraform JSON
    checked   policy.json, the policy of bucket orders-eu-west-2
    declared  nothing declared
    as of     2026-11-23

      ✓ only-through-mrap  proved   orders-eu-west-2

    Remarks on only-through-mrap
      · not part of the claim: who can change policies, ACLs, ownership or routes (the account's root
        user can always replace a bucket policy); who can assume an exempt role; S3's own lifecycle,
        inventories and logs; copies that exist elsewhere

    Assumed for only-through-mrap
      · arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap is taken to be the ARN of the MRAP
        orders, the only one without an ARN in account 123456789012; give another with --mrap orders=ARN
      · control policies, permission boundaries and session policies are not attached
      · identity policies of users, roles and root allow everything
      · object ownership is BucketOwnerEnforced, S3's default: ACLs are off
      · policies of access points that are not in the input allow everything

    1 verdict: 1 proved · 0 refuted · 0 unknown; 0 guardrails not asked
    ");
    let json = check(configured(), &["infra", "policy.json", "--format", "json"]);
    assert!(json.stdout.contains("is taken to be the ARN of the MRAP orders"), "{json}");
    // Another literal of the account leaves it open which of the two it is.
    let two = POLICY.replacen("mfzwi23gnjvgw", "another", 1);
    let open = check(policy(&two).with("infra/main.tf.json", CONFIGURATION), &["infra", "policy.json"]);
    assert!(!open.stdout.contains("is taken to be the ARN"), "{open}");
    assert_ne!(open.exit, Exit::Clean, "{open}");
    // So does one of another account.
    let other = POLICY.replace("123456789012", "210987654321");
    let open = check(policy(&other).with("infra/main.tf.json", CONFIGURATION), &["infra", "policy.json"]);
    assert!(!open.stdout.contains("is taken to be the ARN"), "{open}");
    // And the owner may say it, by name or by address.
    for name in ["orders", "aws_s3control_multi_region_access_point.this"] {
        let said = check(configured(), &["infra", "policy.json", "--mrap", &format!("{name}={MRAP}")]);
        assert_eq!(said.exit, Exit::Clean, "{said}");
        assert!(!said.stdout.contains("is taken to be the ARN"), "{said}");
    }
}
