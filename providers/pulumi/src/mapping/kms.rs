//! KMS keys, their policies and their aliases.

use super::Fields;
use super::s3::KEYS;
use crate::error::ReadError;
use narrows_model::resources::kms::{Key, KeyAlias, KeyPolicy, ReplicaKey};
use narrows_model::{Attribute, Kind};

pub(super) fn key(fields: &Fields<'_>) -> Result<Key, ReadError> {
    Ok(Key {
        policy: fields.document("policy")?,
        description: fields.string("description")?.filter(|text| !text.is_empty()),
        multi_region: fields.flag("multiRegion")?.unwrap_or_default(),
        id: fields.known("keyId", "a key's id")?,
    })
}

pub(super) fn replica(fields: &Fields<'_>) -> Result<ReplicaKey, ReadError> {
    Ok(ReplicaKey {
        primary: fields.required_named("primaryKeyArn", &[Kind::Key], Attribute::Arn)?,
        policy: fields.document("policy")?,
        id: fields.known("keyId", "a key's id")?,
    })
}

pub(super) fn policy(fields: &Fields<'_>) -> Result<KeyPolicy, ReadError> {
    Ok(KeyPolicy {
        key: fields.required_named("keyId", &KEYS, Attribute::Id)?,
        policy: fields.required_document("policy")?,
    })
}

pub(super) fn alias(fields: &Fields<'_>) -> Result<KeyAlias, ReadError> {
    Ok(KeyAlias {
        name: fields.input("name")?,
        target: fields.required_named("targetKeyId", &KEYS, Attribute::Id)?,
    })
}
