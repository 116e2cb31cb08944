//! Keys: `aws_kms_key`, `aws_kms_replica_key`, `aws_kms_key_policy`, `aws_kms_alias`.

use super::{Args, Fields};
use crate::error::ReadError;
use narrows_model::Value;
use narrows_model::resources::kms::{Key, KeyAlias, KeyPolicy, ReplicaKey};

/// A policy, left out where the key's own resource has none.
fn with_policy(args: Args, policy: Option<&Value>) -> Args {
    match policy {
        Some(policy) => args.document("policy", policy),
        None => args,
    }
}

pub(super) fn key(it: &Key) -> Args {
    let args = Args::default().optional_text("description", it.description.as_deref());
    let args = if it.multi_region { args.flag("multi_region", true) } else { args };
    with_policy(args, it.policy.as_ref())
}

pub(super) fn read_key(fields: &Fields<'_>) -> Result<Key, ReadError> {
    Ok(Key {
        policy: fields.document("policy")?,
        description: fields.string("description")?.filter(|text| !text.is_empty()),
        multi_region: fields.flag("multi_region")?.unwrap_or_default(),
        id: fields.computed("key_id")?,
    })
}

pub(super) fn replica(it: &ReplicaKey) -> Args {
    with_policy(Args::default().input("primary_key_arn", &it.primary), it.policy.as_ref())
}

pub(super) fn read_replica(fields: &Fields<'_>) -> Result<ReplicaKey, ReadError> {
    Ok(ReplicaKey {
        primary: fields.required_input("primary_key_arn")?,
        policy: fields.document("policy")?,
        id: fields.computed("key_id")?,
    })
}

pub(super) fn policy(it: &KeyPolicy) -> Args {
    Args::default().input("key_id", &it.key).document("policy", &it.policy)
}

pub(super) fn read_policy(fields: &Fields<'_>) -> Result<KeyPolicy, ReadError> {
    Ok(KeyPolicy { key: fields.required_input("key_id")?, policy: fields.required_document("policy")? })
}

pub(super) fn alias(it: &KeyAlias) -> Args {
    Args::default().optional_input("name", it.name.as_ref()).input("target_key_id", &it.target)
}

pub(super) fn read_alias(fields: &Fields<'_>) -> Result<KeyAlias, ReadError> {
    Ok(KeyAlias { name: fields.input("name")?, target: fields.required_input("target_key_id")? })
}
