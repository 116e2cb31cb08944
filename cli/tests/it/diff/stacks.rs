//! Two states of a stack, as descriptions, as Terraform JSON and as a plan.

use crate::{POLICY, Ran, narrows, stack};
use narrows::{Exit, Memory};

/// The example's description without endpoints, which is decided faster.
fn description() -> String {
    let bytes = narrows::Files::read(&stack(), std::path::Path::new("orders/narrows.toml")).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let end = text.find("# An interface endpoint").unwrap();
    text[..end].to_owned()
}

/// The stack before, and with one text of its description replaced after.
fn stacks(from: &str, to: &str) -> Ran {
    let text = description();
    assert!(text.contains(from), "{text}");
    let files = Memory::new().with("before/narrows.toml", text.clone());
    let files = files.with("after/narrows.toml", text.replace(from, to));
    narrows(files, &["diff", "before", "after", "--as-of", "2026-11-23"])
}

#[test]
fn a_grant_that_is_widened_at_every_bucket_and_the_mrap() {
    let ran = stacks("access = \"read\"\n", "access = \"read-write\"\n");
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    insta::assert_snapshot!(ran, @"
    exit 1
    before    before/narrows.toml, as `narrows synth` would write it
    declared  before/narrows.toml
    after     after/narrows.toml, as `narrows synth` would write it
    declared  after/narrows.toml
    as of     2026-11-23

    + added    arn:aws:iam::123456789012:role/reporting may now make requests of Multi-Region Access
               Point orders without a policy of their own that allows it
        buckets        orders-ap-northeast-3, orders-eu-west-2, orders-us-east-1
        data delete    s3:AbortMultipartUpload, s3:DeleteObject
        data read      s3:ListMultipartUploadParts
        data write     s3:PutObject
        example        s3:ListMultipartUploadParts by arn:aws:iam::123456789012:role/reporting on
                       arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/reports/example.txt
                       aws:CurrentTime = 2026-11-23T12:00:00Z
                       aws:SecureTransport = true
                       s3:AccessPointNetworkOrigin = Internet
                       s3:DataAccessPointAccount = 123456789012
                       s3:DataAccessPointArn =
                       arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}
        before         no statement of aws_s3control_multi_region_access_point_policy.mrap or of the
                       caller's own policies allows it
        after          allowed by statement AllowReadWriteObjectsForReporting of
                       aws_s3_bucket_policy.ap_northeast_3, after/out/terraform/s3.tf.json:45
                       (resource.aws_s3_bucket_policy.ap_northeast_3.policy.Statement[9]), and none
                       denies it

    Assumed
      · S3 authorization only: permissions of KMS keys are not compared
      · control policies, permission boundaries and session policies are not attached
      · identity policies that are not in the input are the same in both states, whatever they allow; a
        role that has some in the input has no others
      · policies of access points that are not in the input allow everything
      · what neither state tells (tags, ACLs of objects, values known only after deployment) is the same
        in both

    access is added · 3 buckets compared
    ");
}

/// The stack's files before, and with one text of the MRAP's policy replaced after.
fn mrap_policies(from: &str, to: &str) -> Ran {
    let files = Memory::new().with("orders/narrows.toml", description());
    let mut files = narrows(files, &["synth", "orders", "--as-of", "2026-11-23"]).files;
    for name in ["s3.tf.json", "s3control.tf.json", "iam.tf.json", "narrows.intent.json"] {
        let path = format!("orders/out/terraform/{name}");
        let bytes = narrows::Files::read(&files, std::path::Path::new(&path)).unwrap();
        let mut text = String::from_utf8(bytes).unwrap();
        files = files.with(format!("before/{name}"), text.clone());
        if name == "s3control.tf.json" {
            assert!(text.contains(from), "{text}");
            text = text.replace(from, to);
        }
        files = files.with(format!("after/{name}"), text);
    }
    narrows(files, &["diff", "before", "after", "--as-of", "2026-11-23"])
}

/// The buckets' own policies still stand in the way of who needs them.
#[test]
fn an_mrap_policy_that_is_widened() {
    let ran = mrap_policies("/object/reports/*", "/object/*");
    insta::assert_snapshot!(ran, @"
    exit 1
    before    before, Terraform JSON
    declared  before/narrows.intent.json
    after     after, Terraform JSON
    declared  after/narrows.intent.json
    as of     2026-11-23

    + added    arn:aws:iam::123456789012:role/reporting may now make requests of Multi-Region Access
               Point orders, with a policy of their own for the bucket alone
        buckets        orders-ap-northeast-3, orders-eu-west-2, orders-us-east-1
        data read      s3:GetObject
        example        s3:GetObject by arn:aws:iam::123456789012:role/reporting on
                       arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/example.txt
                       aws:CurrentTime = 2026-11-23T12:00:00Z
                       aws:SecureTransport = true
                       s3:AccessPointNetworkOrigin = Internet
                       s3:DataAccessPointAccount = 123456789012
                       s3:DataAccessPointArn =
                       arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}
        before         no statement of aws_s3control_multi_region_access_point_policy.mrap or of the
                       caller's own policies allows it
        after          no statement denies it, and identity policies that are not in the input allow
                       everything

    Assumed
      · S3 authorization only: permissions of KMS keys are not compared
      · control policies, permission boundaries and session policies are not attached
      · identity policies that are not in the input are the same in both states, whatever they allow; a
        role that has some in the input has no others
      · policies of access points that are not in the input allow everything
      · what neither state tells (tags, ACLs of objects, values known only after deployment) is the same
        in both

    access is added · 3 buckets compared
    ");
}

/// A role of another account needs an Allow of the bucket's policy too, which is not there.
#[test]
fn an_mrap_policy_that_allows_another_account_alone() {
    let ran =
        mrap_policies("arn:aws:iam::123456789012:role/reporting", "arn:aws:iam::999999999999:role/partner");
    insta::assert_snapshot!(ran, @"
    exit 0
    before    before, Terraform JSON
    declared  before/narrows.intent.json
    after     after, Terraform JSON
    declared  after/narrows.intent.json
    as of     2026-11-23

    - removed  arn:aws:iam::123456789012:role/reporting may no longer make requests of Multi-Region
               Access Point orders without a policy of their own that allows it
        buckets        orders-ap-northeast-3, orders-eu-west-2, orders-us-east-1
        data read      s3:GetObject
        listing        s3:ListBucket
        example        s3:GetObject by arn:aws:iam::123456789012:role/reporting on
                       arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/reports/example.txt
                       aws:CurrentTime = 2026-11-23T12:00:00Z
                       aws:SecureTransport = true
                       s3:AccessPointNetworkOrigin = Internet
                       s3:DataAccessPointAccount = 123456789012
                       s3:DataAccessPointArn =
                       arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}
        before         allowed by statement AllowReadObjectsForReporting of
                       aws_s3_bucket_policy.ap_northeast_3, before/s3.tf.json:45
                       (resource.aws_s3_bucket_policy.ap_northeast_3.policy.Statement[9]), and none
                       denies it
        after          no statement of aws_s3control_multi_region_access_point_policy.mrap or of the
                       caller's own policies allows it

    Assumed
      · S3 authorization only: permissions of KMS keys are not compared
      · control policies, permission boundaries and session policies are not attached
      · identity policies that are not in the input are the same in both states, whatever they allow; a
        role that has some in the input has no others
      · policies of access points that are not in the input allow everything
      · what neither state tells (tags, ACLs of objects, values known only after deployment) is the same
        in both

    access is removed, and none is added · 3 buckets compared
    ");
}

#[test]
fn a_stack_that_stays_as_it_is() {
    let ran = stacks(
        "backup = \"us-east-1\"\npassive = [\"ap-northeast-3\"]",
        "backup = \"ap-northeast-3\"\npassive = [\"us-east-1\"]",
    );
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 0
    before    before/narrows.toml, as `narrows synth` would write it
    declared  before/narrows.toml
    after     after/narrows.toml, as `narrows synth` would write it
    declared  after/narrows.toml
    as of     2026-11-23

    Assumed
      · S3 authorization only: permissions of KMS keys are not compared
      · control policies, permission boundaries and session policies are not attached
      · identity policies that are not in the input are the same in both states, whatever they allow; a
        role that has some in the input has no others
      · policies of access points that are not in the input allow everything
      · what neither state tells (tags, ACLs of objects, values known only after deployment) is the same
        in both

    no change in access · 3 buckets compared
    ");
}

/// A plan that takes the last Deny of objects away, and the state that it was made from.
fn plan(before: &str, after: &str) -> String {
    let values = |policy: &str| {
        let policy = serde_json::Value::from(policy);
        format!(
            r#"{{"root_module": {{"resources": [
                {{"address": "aws_s3_bucket.a", "mode": "managed", "type": "aws_s3_bucket", "name": "a",
                  "values": {{"bucket": "orders-eu-west-2", "id": "orders-eu-west-2", "region": "eu-west-2"}}}},
                {{"address": "aws_s3_bucket_policy.a", "mode": "managed", "type": "aws_s3_bucket_policy", "name": "a",
                  "values": {{"bucket": "orders-eu-west-2", "policy": {policy}}}}}]}}}}"#
        )
    };
    format!(
        r#"{{"format_version": "1.2", "planned_values": {}, "prior_state": {{"format_version": "1.0", "values": {}}},
            "configuration": {{}}}}"#,
        values(after),
        values(before)
    )
}

#[test]
fn a_plan_alone_is_compared_with_what_it_was_made_from() {
    let opened = POLICY.replace(
        "\"Action\": \"s3:*\",\n      \"Resource\": \"arn",
        "\"Action\": \"s3:Put*\",\n      \"Resource\": \"arn",
    );
    assert_ne!(opened, POLICY);
    let diff = |before: &str, after: &str| {
        let files = Memory::new().with("plan.json", plan(before, after));
        narrows(files, &["diff", "plan.json", "--account", "123456789012", "--as-of", "2026-11-23"])
    };
    let adds = diff(POLICY, &opened);
    assert_eq!(adds.exit, Exit::Refuted, "{adds}");
    let removes = diff(&opened, POLICY);
    assert_eq!(removes.exit, Exit::Clean, "{removes}");
    assert!(!removes.stdout.contains("no change in access"), "{removes}");
    let same = diff(POLICY, POLICY);
    assert!(same.stdout.contains("no change in access"), "{same}");
    let files = Memory::new().with("policy.json", POLICY);
    insta::assert_snapshot!(narrows(files, &["diff", "policy.json"]).stderr, @"
    × `policy.json` is no plan: one input alone cannot be compared
    help: name the state before the change and the one after it, or what holds both: a plan, as
          terraform show -json prints it, or a preview, as pulumi preview --json --show-sames does
    ");
}
