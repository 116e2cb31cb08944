//! `least-privilege` on a small stack, each policy broken on purpose.

mod common;

use common::stack::Stack;
use insta::assert_snapshot;

fn verdict(change: impl FnOnce(&mut Stack)) -> String {
    let mut stack = Stack::good();
    change(&mut stack);
    stack.check("least-privilege")
}

#[test]
fn a_replication_role_that_only_replicates_is_proved() {
    assert_snapshot!(verdict(|_| {}), @"least-privilege arn:aws:iam::123456789012:role/replication: proved");
}

#[test]
fn a_role_that_reads_objects_too_is_refuted() {
    assert_snapshot!(
        verdict(|stack| stack.role.push(
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data-eu/*"}"#.to_owned()
        )),
        @r"
        least-privilege arn:aws:iam::123456789012:role/replication: refuted: arn:aws:iam::123456789012:role/replication s3:GetObject on arn:aws:s3:::data-eu/example.txt
          aws:SecureTransport = true
          allowed arn:aws:s3:::data-eu/example.txt: statement 3 of role-policy
        "
    );
}

#[test]
fn a_role_of_every_action_is_refuted() {
    assert_snapshot!(
        verdict(|stack| stack.role.push(r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#.to_owned())),
        @r"
        least-privilege arn:aws:iam::123456789012:role/replication: refuted: arn:aws:iam::123456789012:role/replication s3:GetObject on arn:aws:s3:::data-eu/example.txt
          aws:SecureTransport = true
          allowed arn:aws:s3:::data-eu/example.txt: statement 3 of role-policy
        "
    );
}

#[test]
fn a_grant_in_the_bucket_policy_counts_too() {
    assert_snapshot!(
        verdict(|stack| stack.buckets[0].push(
            r#"{"Effect": "Allow", "Principal": {"AWS": "ROLE"}, "Action": "s3:PutBucketPolicy", "Resource": "BUCKET"}"#.to_owned()
        )),
        @r"
        least-privilege arn:aws:iam::123456789012:role/replication: refuted: arn:aws:iam::123456789012:role/replication s3:PutBucketPolicy on arn:aws:s3:::data-eu
          aws:SecureTransport = true
          allowed arn:aws:s3:::data-eu: statement 9 of policy-data-eu
        "
    );
}

#[test]
fn listing_versions_is_more_than_replication_needs() {
    assert_snapshot!(
        verdict(|stack| stack.role.push(
            r#"{"Effect": "Allow", "Action": "s3:ListBucketVersions", "Resource": "arn:aws:s3:::data-us"}"#.to_owned()
        )),
        @r"
        least-privilege arn:aws:iam::123456789012:role/replication: refuted: arn:aws:iam::123456789012:role/replication s3:ListBucketVersions on arn:aws:s3:::data-us
          aws:SecureTransport = true
          allowed arn:aws:s3:::data-us: statement 3 of role-policy
        "
    );
}

#[test]
fn a_wildcard_that_covers_one_action_more_is_refuted() {
    assert_snapshot!(
        verdict(|stack| stack.role.push(
            r#"{"Effect": "Allow", "Action": "s3:Replicate*", "Resource": "arn:aws:s3:::data-eu/*"}"#.to_owned()
        )),
        @r"
        least-privilege arn:aws:iam::123456789012:role/replication: refuted: arn:aws:iam::123456789012:role/replication s3:ReplicateObjectAnnotation on arn:aws:s3:::data-eu/example.txt
          aws:SecureTransport = true
          allowed arn:aws:s3:::data-eu/example.txt: statement 3 of role-policy
        "
    );
}
