//! AWS KMS: keys, their policies and their aliases.

use super::referring;
use crate::{Arn, Input, KeyName, Value};

/// A key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its policy, where the key itself has it; else a [`KeyPolicy`] does, or it is KMS's default: the account's identity
    /// policies decide.
    pub policy: Option<Value>,
    /// What it is for; at most 8,192 characters.
    pub description: Option<String>,
    /// Whether it can have replicas in other Regions.
    pub multi_region: bool,
    /// Its id, where the key exists already.
    pub id: Option<KeyName>,
}
referring!(Key: policy);

/// A replica of a multi-Region key in another Region; it has a policy of its own, and the primary key's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaKey {
    /// The ARN of the primary key.
    pub primary: Input<Arn>,
    /// Its policy, as [`Key::policy`].
    pub policy: Option<Value>,
    /// Its id, where the replica exists already.
    pub id: Option<KeyName>,
}
referring!(ReplicaKey: primary, policy);

/// The policy of a key, as a resource of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPolicy {
    /// The key.
    pub key: Input<KeyName>,
    /// The document.
    pub policy: Value,
}
referring!(KeyPolicy: key, policy);

/// An alias of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyAlias {
    /// Its name, `alias/…`; `None` where the engine makes one up.
    pub name: Option<Input<KeyName>>,
    /// The key.
    pub target: Input<KeyName>,
}
referring!(KeyAlias: name, target);
