//! What differs beside the policies of buckets and MRAPs: what caps callers, what is copied, who has a key.

use crate::{Ran, narrows};
use narrows::{Exit, Memory};

/// Two states of a bucket that are described alike but for this.
fn states(before: &str, after: &str, policies: &[(&str, &str)]) -> Ran {
    let manifest = |more: &str| {
        format!(
            "version = 1\naccount = \"123456789012\"\n\n[[bucket]]\nname = \"data\"\npolicy = \"data.json\"\n{more}"
        )
    };
    let allow = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:role/app"},
        "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"}}"#;
    let mut files = Memory::new();
    for (folder, more) in [("before", before), ("after", after)] {
        files = files.with(format!("{folder}/narrows.policies.toml"), manifest(more));
        files = files.with(format!("{folder}/data.json"), allow);
        for (name, text) in policies {
            files = files.with(format!("{folder}/{name}"), *text);
        }
    }
    narrows(files, &["diff", "before", "after", "--as-of", "2026-11-23"])
}

const ALL: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
const READS: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"}}"#;

/// Actions that the boundary tells apart are not said to be alike.
#[test]
fn a_permission_boundary_that_is_added() {
    let role = "[[role]]\nname = \"worker\"\npolicies = [\"all.json\"]\n";
    let bounded = format!("{role}boundary = \"reads.json\"\n");
    let ran = states(role, &bounded, &[("all.json", ALL), ("reads.json", READS)]);
    assert!(!ran.stdout.contains("s3:GetObject,"), "the boundary allows it: {ran}");
    insta::assert_snapshot!(ran, @"
    exit 0
    before    before/narrows.policies.toml, a manifest of policy files
    declared  nothing declared
    after     after/narrows.policies.toml, a manifest of policy files
    declared  nothing declared
    as of     2026-11-23

    - removed  arn:aws:iam::123456789012:role/worker may no longer make requests of the bucket directly
        buckets        data
        configuration  34 actions, such as s3:AllowVendedLogDeliveryForResource, s3:CreateBucket,
                       s3:CreateBucketMetadataTableConfiguration
        data delete    8 actions, such as s3:AbortMultipartUpload, s3:DeleteObject,
                       s3:DeleteObjectAnnotation
        data write     17 actions, such as s3:BypassGovernanceRetention, s3:InitiateReplication,
                       s3:ObjectOwnerOverrideToBucketOwner
        example        s3:PutObject by arn:aws:iam::123456789012:role/worker on
                       arn:aws:s3:::data/example.txt
        before         allowed by statement 1 of before/all.json, before/all.json:1 (Statement), and
                       none denies it
        after          no statement of the permission boundary after/reads.json allows it

    - removed  arn:aws:iam::123456789012:role/worker may no longer make requests of other access points
        buckets        data
        configuration  s3:TagResource, s3:UntagResource
        data delete    7 actions, such as s3:AbortMultipartUpload, s3:DeleteObject,
                       s3:DeleteObjectAnnotation
        data write     12 actions, such as s3:BypassGovernanceRetention, s3:PutObject, s3:PutObjectAcl
        example        s3:PutObject by arn:aws:iam::123456789012:role/worker on
                       arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point/object/example.txt
                       s3:AccessPointNetworkOrigin = Internet
                       s3:DataAccessPointAccount = 123456789012
                       s3:DataAccessPointArn =
                       arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point
        before         allowed by statement 1 of before/all.json, before/all.json:1 (Statement), and
                       none denies it
        after          no statement of the permission boundary after/reads.json allows it

    Assumed
      · S3 authorization only: permissions of KMS keys are not compared
      · control and session policies are not attached, nor permission boundaries beyond those in the
        input
      · identity policies that are not in the input are the same in both states, whatever they allow; a
        role that has some in the input has no others
      · object ownership is BucketOwnerEnforced, S3's default: ACLs are off
      · policies of access points that are not in the input allow everything
      · what neither state tells (tags, ACLs of objects, values known only after deployment) is the same
        in both

    access is removed, and none is added · 1 bucket compared
    ");
}

#[test]
fn a_replication_that_is_added_is_no_request_and_is_said() {
    let replication = "replication = { role = \"arn:aws:iam::123456789012:role/copier\", destinations = [\"arn:aws:s3:::elsewhere\"] }\n";
    insta::assert_snapshot!(states("", replication, &[]), @"
    exit 0
    before    before/narrows.policies.toml, a manifest of policy files
    declared  nothing declared
    after     after/narrows.policies.toml, a manifest of policy files
    declared  nothing declared
    as of     2026-11-23

    Assumed
      · S3 authorization only: permissions of KMS keys are not compared
      · control policies, permission boundaries and session policies are not attached
      · identity policies that are not in the input are the same in both states, whatever they allow; a
        role that has some in the input has no others
      · object ownership is BucketOwnerEnforced, S3's default: ACLs are off
      · policies of access points that are not in the input allow everything
      · the replication of data differs: what S3 copies for it, and where to, is no request and is not
        compared
      · what neither state tells (tags, ACLs of objects, values known only after deployment) is the same
        in both

    no change in access · 1 bucket compared
    ");
}

/// Two folders of Terraform JSON whose policy lets this principal read.
fn of_principal(principal: &str) -> Ran {
    let policy = format!(
        r#"${{jsonencode({{Version = \"2012-10-17\", Statement = [{{Effect = \"Allow\", Principal = {{AWS = {principal}}}, Action = \"s3:GetObject\", Resource = \"arn:aws:s3:::data/*\"}}]}})}}"#
    );
    let text = format!(
        r#"{{"variable": {{"reader": {{"type": "string"}}}},
            "resource": {{"aws_s3_bucket_policy": {{"data": {{"bucket": "data", "policy": "{policy}"}}}}}}}}"#
    );
    let files = Memory::new().with("before/main.tf.json", text.clone()).with("after/main.tf.json", text);
    narrows(files, &["diff", "before", "after", "--account", "123456789012", "--as-of", "2026-11-23"])
}

/// What is in a file may be another thing in each state; of what else both states spell alike it is said that it is the same.
#[test]
fn what_stands_in_files_is_not_the_same() {
    let of_file = of_principal(r#"file(\"reader.txt\")"#);
    assert_eq!(of_file.exit, Exit::Undecided, "{of_file}");
    assert!(of_file.stdout.contains("file(\"reader.txt\")"), "{of_file}");
    let of_variable = of_principal("var.reader");
    assert_eq!(of_variable.exit, Exit::Clean, "{of_variable}");
    assert!(
        of_variable.stdout.contains("what neither state tells has the same value in both: `var.reader`"),
        "{of_variable}"
    );
}

/// The policy of an access point that is no MRAP is not part of a comparison: where it changes, it is open what that means.
#[test]
fn what_is_not_used_and_changes_leaves_it_open() {
    let folder = |policy: &str, restricted: bool| {
        format!(
            r#"{{"resource": {{
                "aws_s3_bucket": {{"data": {{"bucket": "data"}}, "logs": {{"bucket": "logs"}}}},
                "aws_s3_access_point": {{"app": {{"bucket": "data", "name": "app", "policy": "{policy}"}}}},
                "aws_s3_account_public_access_block": {{"all": {{"restrict_public_buckets": {restricted}}}}}
            }}}}"#
        )
    };
    let ran = |before: String, after: String| {
        let files = Memory::new().with("before/main.tf.json", before).with("after/main.tf.json", after);
        narrows(files, &["diff", "before", "after", "--account", "123456789012", "--as-of", "2026-11-23"])
    };
    let same = ran(folder("a", true), folder("a", true));
    assert_eq!(same.exit, Exit::Clean, "{same}");
    assert!(same.stdout.contains("not used: aws_s3_access_point.app"), "{same}");
    let point = ran(folder("a", true), folder("b", true));
    assert_eq!(point.exit, Exit::Undecided, "{point}");
    assert!(
        point.stdout.contains("? data  aws_s3_access_point.app is not the same in both states"),
        "{point}"
    );
    assert!(!point.stdout.contains("? logs"), "{point}");
    let account = ran(folder("a", true), folder("a", false));
    assert_eq!(account.exit, Exit::Undecided, "{account}");
    assert!(account.stdout.contains("? data") && account.stdout.contains("? logs"), "{account}");
}
