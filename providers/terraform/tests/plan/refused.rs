//! What is no plan.

use crate::{plan, refused};

#[test]
fn what_is_refused() {
    insta::assert_snapshot!(refused("{"), @r"
    not JSON: unterminated object
      at plan.json:1
    ");
    insta::assert_snapshot!(refused("{}"), @r"
    `planned_values` is missing: expected a plan, as printed by terraform show -json
      at plan.json:1
    ");
    insta::assert_snapshot!(refused("{\"format_version\": \"2.0\", \"planned_values\": {}}"), @r"
    a plan of format version 2.0 is not supported here: expected version 1; use a Terraform or OpenTofu that prints it
      at plan.json:1
    ");
    insta::assert_snapshot!(refused(&plan(&[], ", \"errored\": true")), @r"
    a plan that ended with an error is not supported here: it does not hold all resources; make it again once terraform plan succeeds
      at plan.json:1
    ");
    insta::assert_snapshot!(refused(&plan(&[], ", \"deferred_changes\": [{}]")), @r"
    a plan with deferred changes is not supported here: it does not hold all resources; apply it, and check the next plan
      at plan.json:1
    ");
    let region = r#"{"region": "ap-northwest-3"}"#;
    insta::assert_snapshot!(refused(&plan(&[("aws_s3_bucket.a", region, "{}", "{}")], "")), @r"
    `region` of aws_s3_bucket.a: `ap-northwest-3` is not an AWS Region: expected a Region code such as us-east-1; did you mean `ap-northeast-3`?
      at plan.json:1 (planned_values.root_module.resources[0].values.region)
    ");
    let twice = ("aws_s3_bucket.a", "{}", "{}", "{}");
    insta::assert_snapshot!(refused(&plan(&[twice, twice], "")), @r"
    resource aws_s3_bucket.a is given twice: expected it once; remove one
      at plan.json:1 (planned_values.root_module.resources[1])
    ");
    let inline = r#"{"policy": {"references": ["local.p"]}}"#;
    insta::assert_snapshot!(refused(&plan(&[("aws_s3_bucket.a", "{}", "{\"policy\": true}", inline)], "")), @r"
    `policy` of aws_s3_bucket.a is not supported here: the AWS provider deprecates it; move it to an aws_s3_bucket_policy
      at plan.json:2 (configuration.root_module.resources[0].expressions.policy)
    ");
    let status = r#"{"versioning_configuration": [{"status": {"references": ["aws_x.y.z"]}}]}"#;
    insta::assert_snapshot!(refused(&plan(
        &[(
            "aws_s3_bucket_versioning.a",
            r#"{"bucket": "acme-data", "versioning_configuration": [{}]}"#,
            r#"{"versioning_configuration": [{"status": true}]}"#,
            status,
        )],
        "",
    )), @r"
    `status` of aws_s3_bucket_versioning.a.versioning_configuration[0] is `known after apply, from aws_x.y.z; narrows plan works it out`, which cannot be worked out here: expected `Enabled`, `Suspended` or `Disabled`; give the value, or check a plan that has it (narrows plan DIR makes one)
      at plan.json:2 (configuration.root_module.resources[0].expressions.versioning_configuration[0].status)
    ");
}
