//! Plans: what a real engine makes of the written example, and configurations that others wrote.

use narrows::{Exit, Memory};
use narrows_tests::harness::{found_or_skip, terraform::Engine};
use narrows_tests::run::{Example, narrows};
use serde_json::Value;

const DESCRIPTION: &str = include_str!("../../examples/three-regions/narrows.toml");

/// The verdicts of a report without what depends on how the input spells things.
fn verdicts(report: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = report["verdicts"].as_array().unwrap();
    all.iter()
        .map(|it| (text(&it["guardrail"]), text(&it["subject"]["name"]), text(&it["verdict"])))
        .collect()
}

#[test]
fn the_first_plan_of_the_example_is_proved() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let example = Example::synthesised();
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in example.files() {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let validation = engine.validate(folder.path()).unwrap();
    assert_eq!(validation.diagnostics, Vec::<String>::new());
    let plan = engine.plan_json(folder.path()).unwrap();
    let files = Memory::new().with("plan.json", plan.to_string()).with("example/narrows.toml", DESCRIPTION);
    let args = ["check", "plan.json", "--stack", "example", "--format", "json", "--as-of", "2026-11-23"];
    let ran = narrows(files, &args);
    assert_eq!(ran.exit, Exit::Clean, "{}{}", ran.stdout, ran.stderr);
    let (_, of_folder) = example.check(&[]);
    assert_eq!(verdicts(&serde_json::from_str(&ran.stdout).unwrap()), verdicts(&of_folder));
}

#[test]
fn a_foreign_plan_is_decided_as_far_as_it_is_known() {
    let plan = include_str!("../../providers/terraform/tests/fixtures/hcl.plan.json");
    let files = Memory::new().with("plan.json", plan);
    let ran =
        narrows(files, &["check", "plan.json", "--guardrail", "only-through-mrap", "--as-of", "2026-11-23"]);
    assert_eq!(ran.exit, Exit::Refuted, "{}{}", ran.stdout, ran.stderr);
    insta::assert_snapshot!(ran.stdout, @r#"
    checked   plan.json, a Terraform plan
    declared  nothing declared
    as of     2026-11-23

      ✗ only-through-mrap  refuted  acme-data-ap-northeast-3
      ?                    unknown  acme-data-eu-west-2, acme-data-us-east-1

    ✗ only-through-mrap fails for bucket acme-data-ap-northeast-3  module.archive.aws_s3_bucket.this

        Role any-other-role of account 123456789012 can GetObject key `example.txt` of bucket
        acme-data-ap-northeast-3 directly, without the MRAP, because identity policies that are not in
        the input allow everything, and nothing denies it.

        principal  arn:aws:iam::123456789012:role/any-other-role
        action     s3:GetObject
        resource   arn:aws:s3:::acme-data-ap-northeast-3/example.txt

        role/any-other-role
        │ at the bucket's own endpoint, past every access point
        └─ ✓ bucket  arn:aws:s3:::acme-data-ap-northeast-3/example.txt
             no statement denies it, and identity policies that are not in the input allow everything

        try     aws s3api get-object --bucket acme-data-ap-northeast-3 --key example.txt /dev/stdout

        change  deny `s3:*` on `arn:aws:s3:::acme-data-ap-northeast-3/*`, and the list actions on
                `arn:aws:s3:::acme-data-ap-northeast-3`, for Principal `*`, in one statement each with
                the condition ArnNotEquals s3:DataAccessPointArn =
                arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.data.alias},
                and exempt only exact role ARNs with ArnNotEquals aws:PrincipalArn; if this caller is
                meant to be exempt, declare it with --exempt ARN or --exempt-service NAME

    ? only-through-mrap is undecided for bucket acme-data-eu-west-2

        the policy of aws_s3_bucket_policy.data["london"] is known only after deployment: known after
        apply, from local.only_through_mrap; narrows plan works it out (plan.json:1
        (configuration.root_module.resources[2].expressions.policy)); check the generated configuration,
        or give the plan of an applied stack

    ? only-through-mrap is undecided for bucket acme-data-us-east-1

        the policy of aws_s3_bucket_policy.data["virginia"] is known only after deployment: known after
        apply, from local.only_through_mrap (value 2); narrows plan works it out (plan.json:1
        (configuration.root_module.resources[2].expressions.policy)); check the generated configuration,
        or give the plan of an applied stack

    Remarks on only-through-mrap
      · not part of the claim: who can change policies, ACLs, ownership or routes (the account's root
        user can always replace a bucket policy); who can assume an exempt role; S3's own lifecycle,
        inventories and logs; copies that exist elsewhere

    Exempt from only-through-mrap
      · arn:aws:iam::123456789012:role/apps/reader (replication role)

    Assumed for only-through-mrap
      · `details.policy` of aws_s3control_multi_region_access_point_policy.data is taken to be
        data.aws_iam_policy_document.mrap.json, which is all that its expression refers to
      · control policies, permission boundaries and session policies are not attached
      · identity policies of users, roles and root allow everything
      · object ownership is BucketOwnerEnforced, S3's default: ACLs are off
      · policies of access points that are not in the input allow everything

    3 verdicts: 0 proved · 1 refuted · 2 unknown; 0 guardrails not asked
    "#);
}
