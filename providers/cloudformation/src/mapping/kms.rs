//! Keys: `AWS::KMS::Key`, `ReplicaKey` and `Alias`.

use super::{Fields, Made};
use crate::error::ReadError;
use narrows_model::Body;
use narrows_model::resources::kms::{Key, KeyAlias, ReplicaKey};

pub(super) fn key(fields: &Fields<'_>) -> Result<Vec<Made>, ReadError> {
    Ok(vec![Made::itself(Body::Key(Key {
        policy: fields.document("KeyPolicy")?,
        description: fields.string("Description")?,
        multi_region: fields.flag("MultiRegion")?.unwrap_or_default(),
        id: None,
    }))])
}

pub(super) fn replica(fields: &Fields<'_>) -> Result<Vec<Made>, ReadError> {
    Ok(vec![Made::itself(Body::ReplicaKey(ReplicaKey {
        primary: fields.required_input("PrimaryKeyArn")?,
        policy: fields.document("KeyPolicy")?,
        id: None,
    }))])
}

pub(super) fn alias(fields: &Fields<'_>) -> Result<Vec<Made>, ReadError> {
    Ok(vec![Made::itself(Body::KeyAlias(KeyAlias {
        name: Some(fields.required_input("AliasName")?),
        target: fields.required_input("TargetKeyId")?,
    }))])
}
