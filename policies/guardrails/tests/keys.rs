//! KMS keys: what S3 asks of them when an application reads or an object is replicated.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::stack::{APP, BUCKETS, Stack, document, intent};
use insta::assert_snapshot;
use narrows_model::intent::Access;
use narrows_model::resources::kms::{Key, KeyAlias, KeyPolicy};
use narrows_model::resources::s3::{BucketEncryption, EncryptionAlgorithm};
use narrows_model::resources::{Body, iam};
use narrows_model::{Input, Intent, Kind, ResourceId};

fn key(statements: &[&str]) -> Body {
    let texts: Vec<String> = statements.iter().map(|text| (*text).to_owned()).collect();
    let policy = (!texts.is_empty()).then(|| document(&texts, ""));
    Body::Key(Key { policy, description: None, multi_region: false, id: None })
}

fn encrypted(bucket: &str, key: &str, bucket_key: bool) -> Body {
    let key = match key.parse() {
        Ok(name) if key.contains([':', '/']) => Input::known(name),
        _ => Input::reference(ResourceId::new(Kind::Key, key).arn()),
    };
    Body::BucketEncryption(BucketEncryption {
        bucket: Input::known(bucket.parse().unwrap()),
        algorithm: EncryptionAlgorithm::Kms,
        key: Some(key),
        bucket_key,
    })
}

/// The stack with a key of this policy for both buckets.
fn stack(statements: &[&str], bucket_key: bool) -> Stack {
    let mut stack = Stack::good().with("data", key(statements));
    stack.region = Some("us-east-1".parse().unwrap());
    for bucket in BUCKETS {
        stack = stack.with(bucket, encrypted(bucket, "data", bucket_key));
    }
    stack
}

fn allow(principal: &str, action: &str, condition: &str) -> String {
    format!(
        r#"{{"Sid": "Use", "Effect": "Allow", "Principal": {{"AWS": "{principal}"}}, "Action": {action}, "Resource": "*", "Condition": {condition}}}"#
    )
}

const DECRYPT: &str = r#""kms:Decrypt""#;

fn reads(stack: &Stack) -> String {
    stack.check("application-reaches-data")
}

#[test]
fn a_key_policy_that_names_the_role_is_enough() {
    let any = allow(APP, DECRYPT, "{}");
    assert_snapshot!(reads(&stack(&[&any], true)), @"application-reaches-data arn:aws:iam::123456789012:role/app: proved");
    let through_s3 = allow(
        APP,
        r#"["kms:Decrypt", "kms:GenerateDataKey*"]"#,
        r#"{"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com", "kms:CallerAccount": "123456789012"}}"#,
    );
    assert_snapshot!(reads(&stack(&[&through_s3], true)), @"application-reaches-data arn:aws:iam::123456789012:role/app: proved");
}

#[test]
fn a_key_policy_that_leaves_the_role_out_stops_it() {
    let other = allow("arn:aws:iam::123456789012:role/other", DECRYPT, "{}");
    assert_snapshot!(reads(&stack(&[&other], true)), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: AppObjects of mrap-policy
      allowed arn:aws:s3:::data-eu/example.txt: AppObjects of policy-data-eu
      denied arn:aws:kms:us-east-1:123456789012:key/${data.id}: no statement of data allows the caller kms:Decrypt, and no policy of the caller's own to which it leaves that
    ");
    let elsewhere =
        allow(APP, DECRYPT, r#"{"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}"#);
    assert_snapshot!(reads(&stack(&[&elsewhere], true)), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: AppObjects of mrap-policy
      allowed arn:aws:s3:::data-eu/example.txt: AppObjects of policy-data-eu
      denied arn:aws:kms:us-east-1:123456789012:key/${data.id}: no statement of data allows the caller kms:Decrypt, and no policy of the caller's own to which it leaves that
    ");
    let through_endpoint = allow(APP, DECRYPT, r#"{"StringEquals": {"aws:SourceVpce": "ENDPOINT"}}"#);
    assert_snapshot!(reads(&stack(&[&through_endpoint], true)), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: AppObjects of mrap-policy
      allowed arn:aws:s3:::data-eu/example.txt: AppObjects of policy-data-eu
      denied arn:aws:kms:us-east-1:123456789012:key/${data.id}: no statement of data allows the caller kms:Decrypt, and no policy of the caller's own to which it leaves that
    ");
}

/// The account's entry, KMS's default, leaves it to identity policies.
#[test]
fn the_default_policy_asks_for_an_identity_policy() {
    assert_snapshot!(reads(&stack(&[], true)), @"application-reaches-data arn:aws:iam::123456789012:role/app: unknown: it holds only if the caller's own identity policies allow it, and they are not in the input; add them, or name the role in the resource policies");
    let own = |statements: &[&str]| {
        let texts: Vec<String> = statements.iter().map(|text| (*text).to_owned()).collect();
        Body::RolePolicy(iam::RolePolicy {
            role: Input::known("app".parse().unwrap()),
            name: "own".to_owned(),
            policy: document(&texts, ""),
        })
    };
    let decrypt = r#"{"Sid": "Keys", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:*:123456789012:key/*"}"#;
    assert_snapshot!(reads(&stack(&[], true).with("own", own(&[decrypt]))), @"application-reaches-data arn:aws:iam::123456789012:role/app: proved");
    let no_keys = r#"{"Sid": "Objects", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}"#;
    assert_snapshot!(reads(&stack(&[], true).with("own", own(&[no_keys]))), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: AppObjects of mrap-policy
      allowed arn:aws:s3:::data-eu/example.txt: AppObjects of policy-data-eu
      denied arn:aws:kms:us-east-1:123456789012:key/${data.id}: no statement of the default policy of data allows the caller kms:Decrypt, and no policy of the caller's own to which it leaves that
    ");
    // A key policy that names nobody leaves nothing to identity policies.
    let other = allow("arn:aws:iam::123456789012:role/other", DECRYPT, "{}");
    assert_snapshot!(reads(&stack(&[&other], true).with("own", own(&[decrypt]))), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: AppObjects of mrap-policy
      allowed arn:aws:s3:::data-eu/example.txt: AppObjects of policy-data-eu
      denied arn:aws:kms:us-east-1:123456789012:key/${data.id}: no statement of data allows the caller kms:Decrypt, and no policy of the caller's own to which it leaves that
    ");
    let deny = r#"{"Sid": "NoKeys", "Effect": "Deny", "Action": "kms:*", "Resource": "*"}"#;
    let any = allow(APP, DECRYPT, "{}");
    assert_snapshot!(reads(&stack(&[&any], true).with("own", own(&[deny]))), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: AppObjects of mrap-policy
      allowed arn:aws:s3:::data-eu/example.txt: AppObjects of policy-data-eu
      denied arn:aws:kms:us-east-1:123456789012:key/${data.id}: NoKeys of own
    ");
}

#[test]
fn the_encryption_context_is_the_buckets_arn_or_the_objects() {
    let context = |arns: &str| {
        let condition = format!(r#"{{"StringLike": {{"kms:EncryptionContext:aws:s3:arn": {arns}}}}}"#);
        allow(APP, DECRYPT, &condition)
    };
    let objects = context(r#"["arn:aws:s3:::data-eu/*", "arn:aws:s3:::data-us/*"]"#);
    assert_snapshot!(reads(&stack(&[&objects], false)), @"application-reaches-data arn:aws:iam::123456789012:role/app: proved");
    assert_snapshot!(reads(&stack(&[&objects], true)), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: AppObjects of mrap-policy
      allowed arn:aws:s3:::data-eu/example.txt: AppObjects of policy-data-eu
      denied arn:aws:kms:us-east-1:123456789012:key/${data.id}: no statement of data allows the caller kms:Decrypt, and no policy of the caller's own to which it leaves that
    ");
    let some = context(r#"["arn:aws:s3:::data-eu/a/*", "arn:aws:s3:::data-us/a/*"]"#);
    assert_snapshot!(reads(&stack(&[&some], false)), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: AppObjects of mrap-policy
      allowed arn:aws:s3:::data-eu/example.txt: AppObjects of policy-data-eu
      denied arn:aws:kms:us-east-1:123456789012:key/${data.id}: no statement of data allows the caller kms:Decrypt, and no policy of the caller's own to which it leaves that
    ");
}

#[test]
fn writing_needs_a_data_key_and_perhaps_to_decrypt() {
    let mut writer = intent();
    writer.grants[0].access = Access::Write;
    let writing = |statements: &[&str]| {
        let mut stack = stack(statements, true);
        for statement in stack.buckets.iter_mut().flatten().chain(&mut stack.mrap) {
            *statement = statement.replace("s3:GetObject", "s3:*");
        }
        stack.check_as("application-reaches-data", &Intent { ..writer.clone() })
    };
    let both = allow(APP, r#"["kms:GenerateDataKey", "kms:Decrypt"]"#, "{}");
    assert_snapshot!(writing(&[&both]), @"application-reaches-data arn:aws:iam::123456789012:role/app: proved");
    let one = allow(APP, r#""kms:GenerateDataKey""#, "{}");
    assert_snapshot!(writing(&[&one]), @"application-reaches-data arn:aws:iam::123456789012:role/app: unknown: whether s3:PutObject on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/app goes through is open: uploads in several parts need kms:Decrypt too");
    let other = allow(APP, DECRYPT, "{}");
    assert_snapshot!(writing(&[&other]), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:PutObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: AppObjects of mrap-policy
      allowed arn:aws:s3:::data-eu/example.txt: AppObjects of policy-data-eu
      denied arn:aws:kms:us-east-1:123456789012:key/${data.id}: no statement of data allows the caller kms:GenerateDataKey, and no policy of the caller's own to which it leaves that
    ");
}

#[test]
fn keys_of_replicas_are_asked_for_too() {
    let mut replicating = stack(&[], true);
    replicating.replica_key = Some(Input::reference(ResourceId::new(Kind::Key, "data").arn()));
    assert_snapshot!(replicating.check("replication-works"), @r"
    replication-works data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:GetObjectVersionForReplication on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      allowed arn:aws:s3:::data-eu/example.txt: Objects of role-policy
      denied arn:aws:kms:us-east-1:123456789012:key/${data.id}: no statement of the default policy of data allows the caller kms:Decrypt, and no policy of the caller's own to which it leaves that
    replication-works data-us: refuted: arn:aws:iam::123456789012:role/replication s3:GetObjectVersionForReplication on arn:aws:s3:::data-us/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      allowed arn:aws:s3:::data-us/example.txt: Objects of role-policy
      denied arn:aws:kms:us-east-1:123456789012:key/${data.id}: no statement of the default policy of data allows the caller kms:Decrypt, and no policy of the caller's own to which it leaves that
    ");
    let keys = |actions: &str| {
        format!(r#"{{"Sid": "Keys", "Effect": "Allow", "Action": {actions}, "Resource": "*"}}"#)
    };
    let mut with_both = replicating.clone();
    with_both.role.push(keys(r#"["kms:Decrypt", "kms:Encrypt"]"#));
    assert_snapshot!(with_both.check("replication-works"), @r"
    replication-works data-eu: proved
    replication-works data-us: proved
    ");
    let mut with_one = replicating.clone();
    with_one.role.push(keys(DECRYPT));
    assert_snapshot!(with_one.check("replication-works"), @r"
    replication-works data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:ReplicateObject on arn:aws:s3:::data-us/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      allowed arn:aws:s3:::data-us/example.txt: Objects of role-policy
      denied arn:aws:kms:us-east-1:123456789012:key/${data.id}: no statement of the default policy of data allows the caller kms:Encrypt, and no policy of the caller's own to which it leaves that
    replication-works data-us: refuted: arn:aws:iam::123456789012:role/replication s3:ReplicateObject on arn:aws:s3:::data-eu/example.txt
      aws:SecureTransport = true
      aws:ViaAWSService = false
      s3:TlsVersion = 1.2
      allowed arn:aws:s3:::data-eu/example.txt: Objects of role-policy
      denied arn:aws:kms:us-east-1:123456789012:key/${data.id}: no statement of the default policy of data allows the caller kms:Encrypt, and no policy of the caller's own to which it leaves that
    ");
}

#[test]
fn a_key_may_be_named_by_an_alias_and_have_its_policy_elsewhere() {
    let other = allow("arn:aws:iam::123456789012:role/other", DECRYPT, "{}");
    let by_key = || Input::reference(ResourceId::new(Kind::Key, "data").arn());
    let alias = KeyAlias { name: Some(Input::known("alias/data".parse().unwrap())), target: by_key() };
    let mut stack = Stack::good().with("data", key(&[])).with("data", Body::KeyAlias(alias));
    let policy = KeyPolicy { key: by_key(), policy: document(&[other], "") };
    stack = stack.with("data", Body::KeyPolicy(policy));
    for bucket in BUCKETS {
        stack = stack.with(bucket, encrypted(bucket, "alias/data", true));
    }
    assert_snapshot!(reads(&stack), @r"
    application-reaches-data arn:aws:iam::123456789012:role/app: refuted: arn:aws:iam::123456789012:role/app s3:GetObject on arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
      aws:SecureTransport = true
      aws:SourceVpce = ${endpoint.id}
      aws:ViaAWSService = false
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/${mrap.alias}
      s3:TlsVersion = 1.2
      allowed arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt: AppObjects of mrap-policy
      allowed arn:aws:s3:::data-eu/example.txt: AppObjects of policy-data-eu
      denied arn:aws:kms:${the Region of kms key data}:123456789012:key/${data.id}: no statement of data allows the caller kms:Decrypt, and no policy of the caller's own to which it leaves that
    ");
}

#[test]
fn a_key_that_is_not_in_the_input_is_not_asked() {
    let mut stack = Stack::good();
    let arn = "arn:aws:kms:us-east-1:999999999999:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    for bucket in BUCKETS {
        stack = stack.with(bucket, encrypted(bucket, arn, true));
    }
    assert_snapshot!(reads(&stack), @"application-reaches-data arn:aws:iam::123456789012:role/app: proved");
    let report = stack.report("application-reaches-data", &intent());
    let said: Vec<_> = report.verdicts.iter().flat_map(|it| &it.assumptions).collect();
    assert!(
        said.iter().any(|it| it.contains("S3 authorization only for data-eu: the key arn:aws:kms")),
        "{said:?}"
    );
}

/// A key has one policy: that of a key which is not known may replace what AWS gives a key without one.
#[test]
fn a_key_policy_of_a_key_that_is_not_known_leaves_keys_without_one_open() {
    let other = allow("arn:aws:iam::123456789012:role/other", DECRYPT, "{}");
    let policy = KeyPolicy {
        key: Input::parse(narrows_model::Text::unknown("var.key")).unwrap(),
        policy: document(&[other], ""),
    };
    let app = iam::RolePolicy {
        role: Input::known("app".parse().unwrap()),
        name: "own".to_owned(),
        policy: document(
            &[r#"{"Effect": "Allow", "Action": ["s3:*", "kms:*"], "Resource": "*"}"#.to_owned()],
            "",
        ),
    };
    let without = stack(&[], true).with("own", Body::RolePolicy(app));
    assert_snapshot!(reads(&without), @"application-reaches-data arn:aws:iam::123456789012:role/app: proved");
    assert_snapshot!(reads(&without.with("somewhere", Body::KeyPolicy(policy.clone()))), @"application-reaches-data arn:aws:iam::123456789012:role/app: unknown: whether the policy of somewhere counts is open: it belongs to the key ${var.key}, which is known only after deployment ((composed)); check the generated configuration, or give the plan of an applied stack");
    let own = stack(&[&allow(APP, DECRYPT, "{}")], true).with("somewhere", Body::KeyPolicy(policy));
    let report = own.report("application-reaches-data", &intent());
    let said = "assumed: somewhere does not replace the policy of data: the key ${var.key} is known only after deployment";
    assert!(report.verdicts[0].assumptions.contains(said), "{:?}", report.verdicts[0].assumptions);
}
