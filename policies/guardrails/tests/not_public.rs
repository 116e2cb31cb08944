//! `not-public` on a small stack.
#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod common;

use common::stack::{Stack, intent};
use common::{check, short};
use insta::assert_snapshot;
use narrows_model::Input;
use narrows_model::intent::{Access, Grant};
use narrows_model::resources::Body;
use narrows_model::resources::s3::{self, ObjectOwnership};

const GUARDRAIL: &str = "not-public";
const STRANGER: &str = r#"{"AWS": "999999999999"}"#;
const EVERYONE: &str = r#""*""#;

fn allow(principal: &str, action: &str, resource: &str, condition: &str) -> String {
    format!(
        r#"{{"Sid": "Open", "Effect": "Allow", "Principal": {principal}, "Action": {action}, "Resource": {resource}, "Condition": {condition}}}"#
    )
}

/// The stack with one more statement in the policy of the first bucket.
fn with(statement: String) -> Stack {
    let mut stack = Stack::good();
    stack.buckets[0].push(statement);
    stack
}

#[test]
fn the_stack_is_proved() {
    assert_snapshot!(Stack::good().check(GUARDRAIL), @r"
    not-public data-eu: proved
    not-public data-us: proved
    ");
}

#[test]
fn an_allow_for_everyone_opens_it_to_anonymous_callers() {
    let stack = with(allow(EVERYONE, r#""s3:GetObject""#, r#""BUCKET/*""#, "{}"))
        .without("ObjectsOutsideMrap")
        .without("ObjectsOutsideEndpoint");
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-public data-eu: refuted: arn:aws:iam::999999999999:role/any-other-role s3:GetObject on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu/example.txt: Open of policy-data-eu
    not-public data-us: proved
    ");
}

/// The Denies of other ways than the MRAP are about data alone.
#[test]
fn the_configuration_is_no_less_private_than_the_data() {
    let stack = with(allow(EVERYONE, r#""s3:GetBucketPolicy""#, r#""BUCKET""#, "{}"));
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-public data-eu: refuted: arn:aws:iam::999999999999:role/any-other-role s3:GetBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: Open of policy-data-eu
    not-public data-us: proved
    ");
}

#[test]
fn a_whole_account_that_nobody_declared_is_foreign() {
    let stack = with(allow(STRANGER, r#""s3:PutBucketPolicy""#, r#""BUCKET""#, "{}"));
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-public data-eu: refuted: arn:aws:iam::999999999999:role/any-other-role s3:PutBucketPolicy on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: Open of policy-data-eu
    not-public data-us: proved
    ");
}

/// Neither layer alone stops it: the MRAP's policy and the bucket's are asked, and both allow it.
#[test]
fn an_allow_on_both_legs_opens_it_through_the_endpoint() {
    let mut stack = with(allow(STRANGER, r#""s3:GetObject""#, r#""BUCKET/*""#, "{}"));
    stack.mrap.push(allow(STRANGER, r#""s3:GetObject""#, r#""MRAP/object/*""#, "{}"));
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-public data-eu: refuted: arn:aws:iam::999999999999:role/any-other-role s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: Open of mrap-policy
      allowed arn:aws:s3:::data-eu/example.txt: Open of policy-data-eu
    not-public data-us: proved
    ");
}

/// Anyone can send a referer.
#[test]
fn a_condition_that_everyone_can_meet_closes_nothing() {
    let stack = with(allow(
        EVERYONE,
        r#""s3:GetBucketLocation""#,
        r#""BUCKET""#,
        r#"{"StringLike": {"aws:Referer": "https://example.com/*"}}"#,
    ));
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-public data-eu: refuted: arn:aws:iam::999999999999:role/any-other-role s3:GetBucketLocation on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      aws:referer = https://example.com/
      allowed arn:aws:s3:::data-eu: Open of policy-data-eu
    not-public data-us: proved
    ");
}

/// Anonymous callers have an `aws:PrincipalAccount`, which is `anonymous`; AWS does not say what origin access identities have.
#[test]
fn if_exists_leaves_origin_access_identities_open() {
    let only = |operator: &str| {
        let condition = format!(r#"{{"{operator}": {{"aws:PrincipalAccount": "123456789012"}}}}"#);
        with(allow(EVERYONE, r#""s3:GetBucketLocation""#, r#""BUCKET""#, &condition)).check(GUARDRAIL)
    };
    assert_snapshot!(only("StringEquals"), @r"
    not-public data-eu: proved
    not-public data-us: proved
    ");
    assert_snapshot!(only("StringEqualsIfExists"), @r"
    not-public data-eu: unknown: whether s3:GetBucketLocation on arn:aws:s3:::data-eu by arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity EH1HDMB1FH2TC goes through is open: AWS's documents leave open which keys an origin access identity's request has
    not-public data-us: proved
    ");
}

#[test]
fn an_allow_on_one_leg_alone_opens_nothing() {
    let stack = with(allow(EVERYONE, r#""s3:GetObject""#, r#""BUCKET/*""#, "{}"));
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-public data-eu: proved
    not-public data-us: proved
    ");
}

#[test]
fn an_account_that_is_declared_by_a_grant_is_no_stranger() {
    let stack = with(allow(STRANGER, r#""s3:PutBucketPolicy""#, r#""BUCKET""#, "{}"));
    let mut intent = intent();
    intent.grants.push(Grant {
        role: "arn:aws:iam::999999999999:role/partner".parse().unwrap(),
        access: Access::Read,
        mrap: "my-mrap".parse().unwrap(),
        prefix: String::new(),
    });
    assert_snapshot!(stack.check_as(GUARDRAIL, &intent), @r"
    not-public data-eu: proved
    not-public data-us: proved
    ");
}

/// A service is not the public, whoever makes it call: that is for `aws:SourceAccount` and the guardrails on ways.
#[test]
fn a_service_is_no_stranger() {
    let service = r#"{"Service": "logging.s3.amazonaws.com"}"#;
    let stack = with(allow(service, r#""s3:PutObject""#, r#""BUCKET/*""#, "{}"));
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-public data-eu: proved
    not-public data-us: proved
    ");
}

#[test]
fn acls_that_are_on_leave_it_open() {
    let mut stack = Stack::good().without("ObjectsOutsideMrap").without("ObjectsOutsideEndpoint");
    stack.ownership = Some(ObjectOwnership::ObjectWriter);
    assert_snapshot!(stack.check(GUARDRAIL), @"
    not-public data-eu: unknown: whether s3:GetObject on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::999999999999:role/any-other-role goes through is open: the ACLs of data-eu's objects are on and may allow anyone, as may their owners; set object ownership to BucketOwnerEnforced
    not-public data-us: unknown: whether s3:GetBucketAcl on arn:aws:s3:::data-us by arn:aws:iam::999999999999:role/any-other-role goes through is open: the ACLs of data-us are on, and what they grant is not known; set object ownership to BucketOwnerEnforced
    ");
}

/// The stack with ACLs on, in which nothing but lists stops the listing of the first bucket: this one, if any.
fn listed_by(acl: Option<s3::Acl>, ignored: bool) -> String {
    let mut stack = Stack::good().without("ListingOutsideMrap").without("ListingOutsideEndpoint");
    stack.ownership = Some(ObjectOwnership::ObjectWriter);
    let bucket = || Input::known("data-eu".parse().unwrap());
    let block = s3::PublicAccessBlock { ignore_public_acls: ignored, ..s3::PublicAccessBlock::ALL };
    let block = s3::BucketPublicAccessBlock { bucket: bucket(), block };
    stack = stack.with("block", Body::BucketPublicAccessBlock(block));
    if let Some(acl) = acl {
        stack = stack.with("acl", Body::BucketAcl(s3::BucketAcl { bucket: bucket(), acl }));
    }
    let all = stack.check(GUARDRAIL);
    all.split("not-public data-us").next().unwrap().to_owned()
}

#[test]
fn a_public_acl_opens_what_its_permission_is_for() {
    use s3::{Acl::Canned, CannedAcl};
    assert_snapshot!(listed_by(Some(Canned(CannedAcl::PublicRead)), false), @r"
    not-public data-eu: refuted: arn:aws:iam::999999999999:role/any-other-role s3:ListBucket on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: the ACL of the bucket allows it
    ");
    assert_snapshot!(listed_by(Some(Canned(CannedAcl::AuthenticatedRead)), false), @r"
    not-public data-eu: refuted: arn:aws:iam::999999999999:role/any-other-role s3:ListBucket on arn:aws:s3:::data-eu
      aws:SecureTransport = true
      allowed arn:aws:s3:::data-eu: the ACL of the bucket allows it
    ");
    assert_snapshot!(listed_by(Some(Canned(CannedAcl::PublicRead)), true), @"not-public data-eu: proved");
    assert_snapshot!(listed_by(Some(Canned(CannedAcl::Private)), false), @"not-public data-eu: proved");
    assert_snapshot!(listed_by(Some(Canned(CannedAcl::LogDeliveryWrite)), false), @"not-public data-eu: proved");
}

#[test]
fn a_list_that_cannot_be_told_is_named() {
    let grant = |grantee| {
        let grants = vec![s3::AclGrant { grantee, permission: s3::AclPermission::Read }];
        Some(s3::Acl::Grants { owner: "a".repeat(64), grants })
    };
    assert_snapshot!(listed_by(None, false), @"not-public data-eu: unknown: whether s3:ListBucket on arn:aws:s3:::data-eu by arn:aws:iam::999999999999:role/any-other-role goes through is open: the ACLs of data-eu are on, and what they grant is not known; set object ownership to BucketOwnerEnforced");
    assert_snapshot!(listed_by(grant(s3::Grantee::CanonicalUser("b".repeat(64))), true), @"not-public data-eu: unknown: whether s3:ListBucket on arn:aws:s3:::data-eu by arn:aws:iam::999999999999:role/any-other-role goes through is open: the ACLs of data-eu are on and grant to the canonical user id `bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb`, whose account is not in the input; set object ownership to BucketOwnerEnforced");
    // The owner's own grant opens nothing.
    assert_snapshot!(listed_by(grant(s3::Grantee::CanonicalUser("a".repeat(64))), true), @"not-public data-eu: proved");
}

/// S3 takes a list that grants something only where lists are on.
#[test]
fn a_list_without_a_word_on_ownership_counts() {
    let acl = s3::Acl::Canned(s3::CannedAcl::PublicRead);
    let bucket = Input::known("data-eu".parse().unwrap());
    let stack = Stack::good()
        .without("ListingOutsideMrap")
        .without("ListingOutsideEndpoint")
        .with("acl", Body::BucketAcl(s3::BucketAcl { bucket, acl }));
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-public data-eu: unknown: whether s3:ListBucket on arn:aws:s3:::data-eu by arn:aws:iam::999999999999:role/any-other-role goes through is open: the ACLs of data-eu are on and grant to AllUsers, unless IgnorePublicAcls is on: the bucket's public access settings are not in the input; set object ownership to BucketOwnerEnforced
    not-public data-us: proved
    ");
}

/// S3 takes no list at all where lists are off, so that objects may have lists of their own.
#[test]
fn a_private_list_without_a_word_on_ownership_means_that_lists_are_on() {
    let list = |label: &str, canned: s3::CannedAcl| {
        let acl = s3::Acl::Canned(canned);
        (
            label.to_owned(),
            Body::BucketAcl(s3::BucketAcl { bucket: Input::known("data-eu".parse().unwrap()), acl }),
        )
    };
    let mut stack = Stack::good().without("ObjectsOutsideMrap").without("ObjectsOutsideEndpoint");
    stack.more.push(list("acl", s3::CannedAcl::Private));
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-public data-eu: unknown: whether s3:GetObject on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::999999999999:role/any-other-role goes through is open: the ACLs of data-eu's objects are on and may allow anyone, as may their owners; set object ownership to BucketOwnerEnforced
    not-public data-us: proved
    ");
    // Which of two lists stays is not known.
    let mut stack = Stack::good().without("ListingOutsideMrap").without("ListingOutsideEndpoint");
    stack.more.extend([list("one", s3::CannedAcl::PublicRead), list("two", s3::CannedAcl::Private)]);
    assert_snapshot!(stack.check(GUARDRAIL), @r"
    not-public data-eu: unknown: whether s3:ListBucket on arn:aws:s3:::data-eu by arn:aws:iam::999999999999:role/any-other-role goes through is open: the ACLs of data-eu are on, and which list of the input counts is open; set object ownership to BucketOwnerEnforced
    not-public data-us: proved
    ");
}

/// Who is foreign cannot be told without it.
#[test]
fn the_account_of_a_bare_policy_is_taken_to_be_the_mraps() {
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data-eu/*"}]}"#;
    assert_snapshot!(short(&check(policy, &common::intent(&[]), GUARDRAIL)), @"not-public data-eu: proved");
    let nothing = narrows_model::Intent::default();
    assert_snapshot!(short(&check(policy, &nothing, GUARDRAIL)), @"not-public data-eu: unknown: the account that owns data-eu is not known: name it with --account ID");
}

/// AWS looks at each Allow by itself: what a Deny takes away does not count. And what is open to a whole foreign account is not
/// what AWS calls public.
#[test]
fn a_remark_tells_where_aws_calls_the_policy_otherwise() {
    let everyone = allow(EVERYONE, r#""s3:GetObject""#, r#""BUCKET/*""#, "{}");
    let stranger = allow(STRANGER, r#""s3:PutBucketPolicy""#, r#""BUCKET""#, "{}");
    let remarks = |statement: String| {
        let report = with(statement).report(GUARDRAIL, &intent());
        let first = report.verdicts.first().unwrap().clone();
        format!("refuted: {}\n{}", first.verdict.is_refuted(), first.remarks.join("\n"))
    };
    assert_snapshot!(remarks(everyone), @r#"
    refuted: false
    AWS calls the bucket policy public all the same: it looks at each Allow by itself, and Open of policy-data-eu allows everyone without a fixed value of a key that counts (S3 User Guide, "The meaning of public"); BlockPublicPolicy refuses such a policy, and RestrictPublicBuckets keeps other accounts out of it
    "#);
    assert_snapshot!(remarks(stranger), @r#"
    refuted: true
    AWS does not call the bucket policy policy-data-eu public: each Allow names principals or fixed values (S3 User Guide, "The meaning of public"), so that the bucket's public access settings do not stop this
    "#);
    let neither = Stack::good().report(GUARDRAIL, &intent());
    assert!(neither.verdicts.iter().all(|judged| judged.remarks.is_empty()), "{neither:?}");
}
