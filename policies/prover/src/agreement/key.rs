//! A KMS key of the bucket, with a random policy.

use super::generate::ACCOUNT;
use super::question::{ROLE, policy};
use crate::access::{AccessModel, Encryption, Key, KeyUse, Subject};
use narrows_iam::DocumentKind;
use proptest::prelude::*;
use proptest::sample::select;

/// The key, and how the bucket uses it.
#[derive(Clone, Debug)]
pub(super) struct OfBucket {
    statements: Vec<String>,
    bucket_key: bool,
    region: Option<&'static str>,
    account: &'static str,
}

impl OfBucket {
    pub(super) fn add(&self, model: &mut AccessModel) {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, self.statements.join(", "));
        let subject = Subject { kind: "kms key".to_owned(), name: "key".to_owned(), address: String::new() };
        let id = "1234abcd-12ab-34cd-56ef-1234567890ab";
        model.keys.push(Key {
            subject,
            arn: format!("arn:aws:kms:us-east-1:{}:key/{id}", self.account),
            id: id.to_owned(),
            region: self.region.map(str::to_owned),
            account: Some(self.account.to_owned()),
            policy: policy("key.json", &text, DocumentKind::Resource),
        });
        let bucket = &mut model.buckets[0];
        bucket.region = self.region.map(str::to_owned);
        bucket.encryption = Some(Encryption { key: KeyUse::InInput(0), bucket_key: self.bucket_key });
    }
}

fn statement() -> impl Strategy<Value = String> {
    let account = format!(r#"{{"AWS": "{ACCOUNT}"}}"#);
    let role = format!(r#"{{"AWS": "{ROLE}"}}"#);
    let principals = vec![
        "\"*\"".to_owned(),
        account,
        role,
        r#"{"AWS": "999999999999"}"#.to_owned(),
        r#"{"AWS": "*"}"#.to_owned(),
        r#"{"Service": "logging.s3.amazonaws.com"}"#.to_owned(),
    ];
    let actions = vec![
        r#""kms:*""#,
        r#""kms:Decrypt""#,
        r#"["kms:GenerateDataKey*", "kms:Decrypt"]"#,
        r#""kms:GenerateDataKey""#,
        r#""*""#,
    ];
    let conditions = vec![
        "{}",
        "{}",
        r#"{"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}"#,
        r#"{"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}}"#,
        r#"{"StringNotEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}"#,
        r#"{"StringEquals": {"kms:CallerAccount": "123456789012"}}"#,
        r#"{"StringNotEquals": {"kms:CallerAccount": "${aws:PrincipalAccount}"}}"#,
        r#"{"StringLike": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::data/*"}}"#,
        r#"{"StringEquals": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::data"}}"#,
        r#"{"ArnNotLike": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::data/a*"}}"#,
        r#"{"Null": {"aws:SourceVpce": "true"}}"#,
        r#"{"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}"#,
        r#"{"Bool": {"aws:ViaAWSService": "false"}}"#,
        r#"{"Bool": {"aws:SecureTransport": "true"}}"#,
        r#"{"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}"#,
        r#"{"StringEquals": {"aws:PrincipalOrgID": "o-1"}}"#,
        r#"{"StringEquals": {"aws:PrincipalTag/team": "blue"}}"#,
        r#"{"ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}}"#,
        r#"{"StringEquals": {"aws:ResourceAccount": "123456789012"}}"#,
        r#"{"StringEquals": {"s3:DataAccessPointAccount": "123456789012"}}"#,
        r#"{"StringNotEqualsIfExists": {"kms:GrantOperations": "Decrypt"}}"#,
        r#"{"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}"#,
    ];
    let effect = select(vec!["Allow", "Allow", "Allow", "Deny"]);
    (effect, select(principals), select(actions), select(conditions)).prop_map(
        |(effect, principal, action, condition)| {
            format!(
                r#"{{"Effect": "{effect}", "Principal": {principal}, "Action": {action}, "Resource": "*", "Condition": {condition}}}"#
            )
        },
    )
}

/// A key in some of the models.
pub(super) fn key() -> impl Strategy<Value = Option<OfBucket>> {
    let statements = prop::collection::vec(statement(), 1..4);
    let region = select(vec![Some("us-east-1"), Some("us-east-1"), Some("eu-west-1"), None]);
    let account = select(vec![ACCOUNT, ACCOUNT, ACCOUNT, "999999999999"]);
    let key =
        (statements, any::<bool>(), region, account).prop_map(|(statements, bucket_key, region, account)| {
            OfBucket { statements, bucket_key, region, account }
        });
    prop::option::weighted(0.3, key)
}
