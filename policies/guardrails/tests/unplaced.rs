//! Settings of a bucket that is known only after deployment: they may be those of any bucket that can have its name.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::stack::{Stack, deny, document};
use insta::assert_snapshot;
use narrows_model::resources::iam::RolePolicy;
use narrows_model::resources::s3::{
    Acl, BucketAcl, BucketOwnershipControls, BucketPolicy, CannedAcl, ObjectOwnership, PublicAccessBlock,
};
use narrows_model::resources::s3control::{MrapBucket, MultiRegionAccessPoint};
use narrows_model::{Body, BucketName, Input, Text};

const GUARDRAIL: &str = "only-through-mrap";

/// The name of a bucket that begins so and goes on with a value that is not known.
fn unknown(start: &str) -> Input<BucketName> {
    Input::parse(Text::literal(start).then(Text::unknown("var.name"))).unwrap()
}

fn policy(start: &str) -> Body {
    let statements = [deny("Other", r#""s3:*""#, r#""*""#, "{}")];
    Body::BucketPolicy(BucketPolicy { bucket: unknown(start), policy: document(&statements, "data-eu") })
}

/// The stack without a policy of its first bucket.
fn without_policy(more: Body) -> Stack {
    let mut stack = Stack::good().with("somewhere", more);
    stack.buckets[0].clear();
    stack
}

#[test]
fn a_policy_of_a_bucket_that_is_not_known_leaves_it_open() {
    assert_snapshot!(without_policy(policy("")).check(GUARDRAIL), @r"
    only-through-mrap data-eu: unknown: whether the policy of somewhere counts is open: it belongs to the bucket ${var.name}, which is known only after deployment ((composed)); check the generated configuration, or give the plan of an applied stack
    only-through-mrap data-us: proved
    ");
    // The name cannot be that of another bucket.
    assert_snapshot!(without_policy(policy("logs-")).check(GUARDRAIL), @r"
    only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:GetObject on arn:aws:s3:::data-eu/example.txt
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    only-through-mrap data-us: proved
    ");
}

#[test]
fn a_bucket_with_a_policy_of_its_own_is_taken_not_to_be_meant() {
    let report = Stack::good().with("somewhere", policy("")).report(GUARDRAIL, &common::stack::intent());
    assert_snapshot!(common::short(&report), @r"
    only-through-mrap data-eu: proved
    only-through-mrap data-us: proved
    ");
    let assumed = report.verdicts[0].assumptions.iter().filter(|it| it.starts_with("assumed"));
    assert_snapshot!(assumed.cloned().collect::<Vec<_>>().join("\n"), @r"
    assumed: somewhere is not the policy of the bucket data-eu, which has policy-data-eu: the bucket ${var.name} is known only after deployment
    assumed: somewhere is not the policy of the bucket data-us, which has policy-data-us: the bucket ${var.name} is known only after deployment
    ");
}

/// An ownership that the input states may be replaced too: that it is not is said.
#[test]
fn ownership_of_a_buckets_own_is_taken_to_stay() {
    let ownership =
        BucketOwnershipControls { bucket: unknown("data-"), ownership: ObjectOwnership::ObjectWriter };
    let mut stack = Stack::good().with("somewhere", Body::BucketOwnershipControls(ownership));
    stack.ownership = Some(ObjectOwnership::BucketOwnerEnforced);
    let report = stack.report(GUARDRAIL, &common::stack::intent());
    let said = "assumed: somewhere does not replace what the bucket data-eu has: the bucket data-${var.name} is known only after \
                deployment";
    assert!(report.verdicts[0].assumptions.contains(said), "{:?}", report.verdicts[0].assumptions);
}

#[test]
fn ownership_and_a_list_of_a_bucket_that_is_not_known_may_turn_lists_on() {
    let stack = || Stack::good().without("ObjectsOutsideMrap").without("ObjectsOutsideEndpoint");
    assert_snapshot!(stack().check("not-public"), @r"
    not-public data-eu: proved
    not-public data-us: proved
    ");
    let ownership =
        BucketOwnershipControls { bucket: unknown("data-"), ownership: ObjectOwnership::ObjectWriter };
    assert_snapshot!(stack().with("own", Body::BucketOwnershipControls(ownership)).check("not-public"), @"
    not-public data-${var.name}: unknown: whether the policy of policy-data-eu counts is open: it is the policy of data-eu, and the bucket data-${var.name}, which is known only after deployment, may be that one (policy.json:1); check the generated configuration, or give the plan of an applied stack
    not-public data-eu: unknown: whether s3:GetObject on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::999999999999:role/any-other-role goes through is open: the ACLs of data-eu's objects are on and may allow anyone, as may their owners; set object ownership to BucketOwnerEnforced
    not-public data-us: unknown: whether s3:GetBucketAcl on arn:aws:s3:::data-us by arn:aws:iam::999999999999:role/any-other-role goes through is open: the ACLs of data-us are on, and what they grant is not known; set object ownership to BucketOwnerEnforced
    ");
    let list = BucketAcl { bucket: unknown("data-"), acl: Acl::Canned(CannedAcl::PublicRead) };
    assert_snapshot!(stack().with("list", Body::BucketAcl(list)).check("not-public"), @"
    not-public data-${var.name}: unknown: whether the policy of policy-data-eu counts is open: it is the policy of data-eu, and the bucket data-${var.name}, which is known only after deployment, may be that one (policy.json:1); check the generated configuration, or give the plan of an applied stack
    not-public data-eu: unknown: whether s3:GetObject on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::999999999999:role/any-other-role goes through is open: the ACLs of data-eu's objects are on and may allow anyone, as may their owners; set object ownership to BucketOwnerEnforced
    not-public data-us: unknown: whether s3:GetBucketAcl on arn:aws:s3:::data-us by arn:aws:iam::999999999999:role/any-other-role goes through is open: the ACLs of data-us are on, and which list of the input counts is open; set object ownership to BucketOwnerEnforced
    ");
    let elsewhere = BucketAcl { bucket: unknown("logs-"), acl: Acl::Canned(CannedAcl::PublicRead) };
    assert_snapshot!(stack().with("list", Body::BucketAcl(elsewhere)).check("not-public"), @r"
    not-public data-eu: proved
    not-public data-us: proved
    not-public logs-${var.name}: unknown: whether s3:GetObject on arn:aws:s3:::logs-${var.name}/example.txt by arn:aws:iam::999999999999:role/any-other-role goes through is open: the ACLs of logs-${var.name}'s objects are on and may allow anyone, as may their owners; set object ownership to BucketOwnerEnforced
    ");
}

/// A member of an MRAP of which only a part of the name is known may be a bucket of the input: what its policy says counts then.
#[test]
fn a_member_that_is_not_known_may_be_a_bucket_with_a_policy() {
    let of = |start: &str| {
        let member = MrapBucket { bucket: unknown(start), account: None };
        let mrap = MultiRegionAccessPoint {
            name: Input::known("other-mrap".parse().unwrap()),
            account: None,
            buckets: vec![member],
            public_access_block: PublicAccessBlock::ALL,
            alias: None,
        };
        let reads = r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#.to_owned();
        let policy = RolePolicy {
            role: Input::known("app".parse().unwrap()),
            name: "own".to_owned(),
            policy: document(&[reads], ""),
        };
        let stack = Stack::good()
            .with("other", Body::MultiRegionAccessPoint(mrap))
            .with("own", Body::RolePolicy(policy));
        let mut intent = common::stack::intent();
        intent.endpoints = None;
        for grant in &mut intent.grants {
            grant.mrap = "other-mrap".parse().unwrap();
        }
        stack.check_as("application-reaches-data", &intent)
    };
    assert_snapshot!(of("data-"), @"application-reaches-data arn:aws:iam::123456789012:role/app: unknown: whether the policy of policy-data-eu counts is open: it is the policy of data-eu, and the bucket data-${var.name}, which is known only after deployment, may be that one (policy.json:1); check the generated configuration, or give the plan of an applied stack");
    // It is none of the buckets of the input, and has no policy.
    assert_snapshot!(of("logs-"), @"application-reaches-data arn:aws:iam::123456789012:role/app: proved");
}
