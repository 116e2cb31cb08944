//! KMS keys, their policies, and what S3 asks of them.

use super::build::{BuildError, Builder};
use super::{AccessModel, Policy, Subject};
use narrows_iam::DocumentKind;
use narrows_model::resources::Body;
use narrows_model::resources::s3::EncryptionAlgorithm;
use narrows_model::{Attribute, Input, KeyName, Kind, Resource, Source, is_symbol, may_be_same};

/// A key of the input.
#[derive(Clone, Debug)]
pub struct Key {
    /// How people know it.
    pub subject: Subject,
    /// Its ARN.
    pub arn: String,
    /// Its id, which a multi-Region key shares with its replicas.
    pub id: String,
    /// Its Region, where the input tells.
    pub region: Option<String>,
    /// The account that owns it, where it is known.
    pub account: Option<String>,
    /// Its policy: KMS's default where the input has none.
    pub policy: Policy,
}

/// The key that something is encrypted with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyUse {
    /// A key of the input, by its place in [`AccessModel::keys`].
    InInput(usize),
    /// Another one, by what names it.
    Elsewhere(String),
}

/// The default encryption of a bucket with SSE-KMS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encryption {
    /// The key.
    pub key: KeyUse,
    /// Whether an S3 Bucket Key is used.
    pub bucket_key: bool,
}

/// What S3 asks of a key of the input for some requests on a bucket's objects.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    /// For these actions on objects.
    pub of: &'static [&'static str],
    /// For this role alone, where it is about replicas.
    pub role: Option<String>,
    /// The key, by its place in [`AccessModel::keys`].
    pub key: usize,
    /// What the caller must be allowed on it.
    pub action: &'static str,
    /// Why it is open whether it must, where it is.
    pub perhaps: Option<&'static str>,
    /// Whether the encryption context is the bucket's ARN, or the object's; `None` where that is open.
    pub bucket_key: Option<bool>,
}

const READS: &[&str] = &[
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:GetObjectAttributes",
    "s3:GetObjectVersionAttributes",
    "s3:GetObjectTorrent",
];
const WRITES: &[&str] = &["s3:PutObject"];

impl AccessModel {
    /// What is asked of keys of the input for requests on a bucket's objects.
    ///
    /// Sources: S3 User Guide, "Using server-side encryption with AWS KMS keys", "Uploading and copying objects using
    /// multipart upload" (which asks for `kms:Decrypt` too) and "Replicating encrypted objects".
    pub(crate) fn key_needs(&self, bucket: usize) -> Vec<Need> {
        let mut needs = Vec::new();
        let Some(own) = self.buckets.get(bucket) else { return needs };
        let used = own.encryption.as_ref();
        if let Some(Encryption { key: KeyUse::InInput(key), bucket_key }) = used {
            let need = |of, action, perhaps| Need {
                of,
                role: None,
                key: *key,
                action,
                perhaps,
                bucket_key: Some(*bucket_key),
            };
            needs.push(need(READS, "kms:Decrypt", None));
            needs.push(need(WRITES, "kms:GenerateDataKey", None));
            needs.push(need(WRITES, "kms:Decrypt", Some("uploads in several parts need kms:Decrypt too")));
            if own.replication.as_ref().is_some_and(|replication| replication.encrypted) {
                needs.push(need(&["s3:GetObjectVersionForReplication"], "kms:Decrypt", None));
            }
        }
        for replication in self.buckets.iter().filter_map(|bucket| bucket.replication.as_ref()) {
            for (destination, key) in &replication.keys {
                let KeyUse::InInput(key) = key else { continue };
                if *destination == bucket {
                    needs.push(Need {
                        of: &["s3:ReplicateObject"],
                        role: Some(replication.role.clone()),
                        key: *key,
                        action: "kms:Encrypt",
                        perhaps: None,
                        bucket_key: used.map(|used| used.bucket_key),
                    });
                }
            }
        }
        needs
    }
}

impl Builder<'_> {
    pub(super) fn keys(&mut self) -> Result<(), BuildError> {
        let deployment = self.deployment;
        for resource in deployment.resources() {
            let policy = match &resource.body {
                Body::Key(it) => it.policy.as_ref(),
                Body::ReplicaKey(it) => it.policy.as_ref(),
                _ => continue,
            };
            let arn = self.resolve(&resource.id.arn().into());
            let id = self.resolve(&resource.id.attribute(Attribute::Id).into());
            let region = resource.region.as_ref().map(|region| self.resolve_input(region));
            let policy = match policy {
                Some(policy) => self.policy(resource, policy, DocumentKind::Resource)?,
                None => Policy::None,
            };
            let subject = self.subject("kms key", &arn, Some(resource));
            self.model.keys.push(Key {
                subject,
                arn,
                id,
                region: region.filter(|region| !region.contains(is_symbol)),
                account: deployment.account.as_ref().map(ToString::to_string),
                policy,
            });
        }
        for resource in deployment.of_kind(Kind::KeyPolicy) {
            let Body::KeyPolicy(it) = &resource.body else { continue };
            let policy = self.policy(resource, &it.policy, DocumentKind::Resource)?;
            let region = resource.region.as_ref().map(|region| self.resolve_input(region));
            match self.key(&it.key, region.as_deref()) {
                KeyUse::InInput(index) => {
                    if let Some(key) = self.model.keys.get_mut(index) {
                        key.policy.attach(policy);
                    }
                }
                KeyUse::Elsewhere(name) if self.resolve_input(&it.key).contains(is_symbol) => {
                    self.unplaced_key_policy(resource, &it.key, &name);
                }
                KeyUse::Elsewhere(name) => {
                    let address = resource.address.as_str();
                    self.model
                        .remarks
                        .push(format!("not used: {address}: the key {name} is not in the input"));
                }
            }
        }
        for key in &mut self.model.keys {
            if matches!(key.policy, Policy::None) {
                key.policy = default_policy(key);
            }
        }
        Ok(())
    }

    /// Lets the policy of a key that is not known count as a doubt of each key that has none; of others it is said.
    fn unplaced_key_policy(&mut self, resource: &Resource, key: &Input<KeyName>, shown: &str) {
        let unknown = self.resolve_input(key);
        let holder = super::unused::name(resource);
        for key in &mut self.model.keys {
            if ![&key.arn, &key.id].iter().any(|known| may_be_same(known, &unknown)) {
                continue;
            }
            match key.policy {
                Policy::None => {
                    let expression = format!(
                        "{}it belongs to the key {shown}, which is known only after deployment",
                        super::IN_DOUBT
                    );
                    let location = resource.location.clone();
                    key.policy = Policy::Unknown { name: holder.clone(), expression, location };
                }
                _ => self.model.remarks.push(format!(
                    "assumed: {holder} does not replace the policy of {}: the key {shown} is known only after deployment",
                    key.subject.address
                )),
            }
        }
    }

    /// The key that a field names, in a Region.
    pub(super) fn key(&mut self, input: &Input<KeyName>, region: Option<&str>) -> KeyUse {
        let text = self.resolve_input(input);
        self.find_key(&text, region)
            .or_else(|| {
                let target = self.alias_target(&text, region)?;
                self.find_key(&target, region)
            })
            .map_or_else(|| KeyUse::Elsewhere(self.model.show(&text)), KeyUse::InInput)
    }

    fn find_key(&self, text: &str, region: Option<&str>) -> Option<usize> {
        let keys = &self.model.keys;
        if let Some(index) = keys.iter().position(|key| key.arn == text) {
            return Some(index);
        }
        let with_id = || keys.iter().enumerate().filter(|(_, key)| key.id == text);
        let here = |key: &Key| region.is_some() && key.region.as_deref() == region;
        match with_id().find(|(_, key)| here(key)) {
            Some((index, _)) => Some(index),
            // One key alone has the id, and nothing says that it is of another Region.
            None => {
                let mut found = with_id();
                let (index, key) = found.next()?;
                let elsewhere = region.is_some() && key.region.is_some();
                (found.next().is_none() && !elsewhere).then_some(index)
            }
        }
    }

    /// What the alias with this name or ARN is of.
    fn alias_target(&mut self, text: &str, region: Option<&str>) -> Option<String> {
        let deployment = self.deployment;
        for resource in deployment.of_kind(Kind::KeyAlias) {
            let Body::KeyAlias(it) = &resource.body else { continue };
            let own = resource.region.as_ref().map(|region| self.resolve_input(region));
            let by_name = self.resolve(&resource.id.attribute(Attribute::Id).into()) == text
                && (own.is_none() || region.is_none() || own.as_deref() == region);
            if by_name || self.resolve(&resource.id.arn().into()) == text {
                return Some(self.resolve_input(&it.target));
            }
        }
        None
    }

    /// What buckets and replicas are encrypted with.
    pub(super) fn encryption(&mut self) {
        let deployment = self.deployment;
        for resource in deployment.of_kind(Kind::BucketEncryption) {
            let Body::BucketEncryption(it) = &resource.body else { continue };
            if it.algorithm == EncryptionAlgorithm::Aes256 {
                continue;
            }
            let index = self.bucket(&it.bucket, resource);
            let region = self.model.buckets.get(index).and_then(|bucket| bucket.region.clone());
            let key = match &it.key {
                Some(key) => self.key(key, region.as_deref()),
                None => KeyUse::Elsewhere("aws/s3, which AWS manages,".to_owned()),
            };
            if let Some(bucket) = self.model.buckets.get_mut(index) {
                bucket.encryption = Some(Encryption { key, bucket_key: it.bucket_key });
            }
        }
        for resource in deployment.of_kind(Kind::BucketReplication) {
            let Body::BucketReplication(it) = &resource.body else { continue };
            let index = self.bucket(&it.bucket, resource);
            let mut keys = Vec::new();
            let rules = it.rules.iter().filter(|rule| rule.enabled && rule.encrypted_objects);
            for rule in rules.clone() {
                let arn = self.resolve_input(&rule.destination);
                let Some(to) = self.bucket_of(&arn) else {
                    continue;
                };
                let Some(key) = &rule.replica_key else { continue };
                let region = self.model.buckets.get(to).and_then(|bucket| bucket.region.clone());
                keys.push((to, self.key(key, region.as_deref())));
            }
            let encrypted = rules.count() > 0;
            if let Some(own) = self.model.buckets.get_mut(index).and_then(|it| it.replication.as_mut()) {
                (own.keys, own.encrypted) = (keys, encrypted);
            }
        }
    }
}

/// The policy that KMS gives a key without one: the account's identity policies decide.
///
/// Source: KMS Developer Guide, "Default key policy".
fn default_policy(key: &Key) -> Policy {
    let name = format!("the default policy of {}", key.subject.address);
    let account = key.account.as_deref().unwrap_or_default();
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": {{"AWS": "{account}"}}, "Action": "kms:*", "Resource": "*"}}}}"#
    );
    match narrows_iam::parse_text(&Source::file(name.as_str(), text), DocumentKind::Resource) {
        Ok(parsed) => Policy::Document { name, document: parsed.document },
        Err(_) => Policy::Unknown {
            name,
            expression: "the account that is deployed to".to_owned(),
            location: narrows_model::Location::none(),
        },
    }
}
