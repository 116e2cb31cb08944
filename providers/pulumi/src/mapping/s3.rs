//! Buckets and what is configured on them, in the bucket itself or in resources of their own.

use super::{Fields, Part, acl};
use crate::error::ReadError;
use narrows_model::resources::s3::{
    Bucket, BucketAcl, BucketEncryption, BucketOwnershipControls, BucketPolicy, BucketPublicAccessBlock,
    BucketReplication, BucketVersioning, EncryptionAlgorithm, ObjectOwnership, PublicAccessBlock,
    ReplicationRule, VersioningStatus,
};
use narrows_model::{Attribute, Body, BucketName, Input, Kind, ResourceId};

const STATUS: [(&str, bool); 2] = [("Enabled", true), ("Disabled", false)];

/// The kinds of resources that name a KMS key.
pub(super) const KEYS: [Kind; 3] = [Kind::Key, Kind::ReplicaKey, Kind::KeyAlias];

pub(super) fn bucket(fields: &Fields<'_>) -> Result<Bucket, ReadError> {
    Ok(Bucket {
        name: fields.input("bucket")?,
        force_destroy: fields.flag("forceDestroy")?.unwrap_or_default(),
    })
}

/// What is configured in the bucket itself.
pub(super) fn parts(inputs: &Fields<'_>, id: &ResourceId) -> Result<Vec<Part>, ReadError> {
    let bucket = || Input::<BucketName>::reference(id.attribute(Attribute::Id));
    let mut parts = Vec::new();
    let mut add = |property, body, location| parts.push(Part { property, body, location });
    if let Some(value) = inputs.get("policy") {
        let policy = inputs.one_document("policy", value)?;
        add("policy", Body::BucketPolicy(BucketPolicy { bucket: bucket(), policy }), value.location.clone());
    }
    // ACLs are off unless something turns them on; `private` is what every bucket has.
    if let Some(value) = inputs.get("acl").filter(|acl| acl.as_str() != Some("private")) {
        let acl = acl::canned(inputs)?;
        add("acl", Body::BucketAcl(BucketAcl { bucket: bucket(), acl }), value.location.clone());
    }
    if let Some(value) = inputs.get("grants").filter(|grants| grants.items() != Some(&[])) {
        let acl = acl::grants_of_bucket(inputs)?;
        add("grants", Body::BucketAcl(BucketAcl { bucket: bucket(), acl }), value.location.clone());
    }
    for property in ["versioning", "versionings"] {
        if let Some(given) = inputs.object(property)? {
            let on = given.flag("enabled")?.unwrap_or_default();
            let status = if on { VersioningStatus::Enabled } else { VersioningStatus::Suspended };
            let body = Body::BucketVersioning(BucketVersioning { bucket: bucket(), status });
            add(property, body, given.location());
        }
    }
    for property in ["serverSideEncryptionConfiguration", "serverSideEncryptionConfigurations"] {
        let Some(given) = inputs.object(property)? else { continue };
        let rule = match given.object("rule")? {
            Some(rule) => rule,
            None => given.required_object("rules")?,
        };
        if let Some(encryption) = encryption_rule(&rule, bucket())? {
            add(property, Body::BucketEncryption(encryption), given.location());
        }
    }
    for property in ["replicationConfiguration", "replicationConfigurations"] {
        if let Some(given) = inputs.object(property)? {
            let mut rules = Vec::new();
            for rule in given.objects("rules")? {
                rules.extend(self::rule(&rule)?);
            }
            let body = BucketReplication { bucket: bucket(), role: role(&given)?, rules };
            add(property, Body::BucketReplication(body), given.location());
        }
    }
    Ok(parts)
}

/// The name of the bucket that something is configured on.
pub(super) fn of_bucket(fields: &Fields<'_>) -> Result<Input<BucketName>, ReadError> {
    fields.required_named("bucket", &[Kind::Bucket], Attribute::Id)
}

pub(super) fn versioning(fields: &Fields<'_>) -> Result<BucketVersioning, ReadError> {
    let words = [
        ("Enabled", VersioningStatus::Enabled),
        ("Suspended", VersioningStatus::Suspended),
        ("Disabled", VersioningStatus::Disabled),
    ];
    let configuration = fields.required_object("versioningConfiguration")?;
    Ok(BucketVersioning {
        bucket: of_bucket(fields)?,
        status: configuration.required_word("status", &words)?,
    })
}

/// The four settings, `default` where one is not given.
pub(super) fn block(fields: &Fields<'_>, default: bool) -> Result<PublicAccessBlock, ReadError> {
    let flag = |name| Ok::<_, ReadError>(fields.flag(name)?.unwrap_or(default));
    Ok(PublicAccessBlock {
        block_public_acls: flag("blockPublicAcls")?,
        block_public_policy: flag("blockPublicPolicy")?,
        ignore_public_acls: flag("ignorePublicAcls")?,
        restrict_public_buckets: flag("restrictPublicBuckets")?,
    })
}

pub(super) fn public_access_block(fields: &Fields<'_>) -> Result<BucketPublicAccessBlock, ReadError> {
    Ok(BucketPublicAccessBlock { bucket: of_bucket(fields)?, block: block(fields, false)? })
}

pub(super) fn ownership_controls(fields: &Fields<'_>) -> Result<BucketOwnershipControls, ReadError> {
    let ownership =
        fields.required_object("rule")?.required_word("objectOwnership", &ObjectOwnership::WORDS)?;
    Ok(BucketOwnershipControls { bucket: of_bucket(fields)?, ownership })
}

pub(super) fn policy(fields: &Fields<'_>) -> Result<BucketPolicy, ReadError> {
    Ok(BucketPolicy { bucket: of_bucket(fields)?, policy: fields.required_document("policy")? })
}

/// `None` where the configuration says nothing of the default encryption.
pub(super) fn encryption(fields: &Fields<'_>) -> Result<Option<BucketEncryption>, ReadError> {
    encryption_rule(&fields.required_object("rules")?, of_bucket(fields)?)
}

fn encryption_rule(
    rule: &Fields<'_>,
    bucket: Input<BucketName>,
) -> Result<Option<BucketEncryption>, ReadError> {
    let default = match rule.object("applyServerSideEncryptionByDefault")? {
        Some(default) => Some(default),
        None => rule.object("applyServerSideEncryptionByDefaults")?,
    };
    let Some(default) = default else { return Ok(None) };
    Ok(Some(BucketEncryption {
        bucket,
        algorithm: default.required_word("sseAlgorithm", &EncryptionAlgorithm::WORDS)?,
        // The provider reports the key of SSE-S3, which has none, as an empty text.
        key: match default.string("kmsMasterKeyId")?.as_deref() {
            Some("") => None,
            _ => default.named("kmsMasterKeyId", &KEYS, Attribute::Arn)?,
        },
        bucket_key: rule.flag("bucketKeyEnabled")?.unwrap_or_default(),
    }))
}

fn role(fields: &Fields<'_>) -> Result<Input<narrows_model::Arn>, ReadError> {
    fields.required_named("role", &[Kind::Role], Attribute::Arn)
}

pub(super) fn replication(fields: &Fields<'_>) -> Result<BucketReplication, ReadError> {
    let mut rules = Vec::new();
    for rule in fields.objects("rules")? {
        rules.extend(self::rule(&rule)?);
    }
    Ok(BucketReplication { bucket: of_bucket(fields)?, role: role(fields)?, rules })
}

/// `None` for a rule that takes only objects with certain tags.
fn rule(fields: &Fields<'_>) -> Result<Option<ReplicationRule>, ReadError> {
    // Rules of the first version have the prefix beside the destination.
    let mut prefix = fields.string("prefix")?;
    if let Some(filter) = fields.object("filter")? {
        if filter.get("tag").is_some() || filter.get("tags").is_some() {
            return Ok(None);
        }
        prefix = filter.string("prefix")?.or(prefix);
        if let Some(both) = filter.object("and")? {
            if both.get("tags").is_some() {
                return Ok(None);
            }
            prefix = both.string("prefix")?.or(prefix);
        }
    }
    let destination = fields.required_object("destination")?;
    let mut replica_modifications = false;
    let mut encrypted_objects = false;
    if let Some(criteria) = fields.object("sourceSelectionCriteria")? {
        replica_modifications = criteria.enabled("replicaModifications")?;
        encrypted_objects = match criteria.object("sseKmsEncryptedObjects")? {
            // In the bucket itself it is a flag.
            Some(given) if given.get("enabled").is_some() => given.flag("enabled")?.unwrap_or_default(),
            Some(given) => given.required_word("status", &STATUS)?,
            None => false,
        };
    }
    let replica_key = match destination.object("encryptionConfiguration")? {
        Some(given) => given.named("replicaKmsKeyId", &KEYS, Attribute::Arn)?,
        None => destination.named("replicaKmsKeyId", &KEYS, Attribute::Arn)?,
    };
    let account = match destination.known("account", "twelve digits")? {
        Some(account) => Some(account),
        None => destination.known("accountId", "twelve digits")?,
    };
    let delete_markers = match fields.word("deleteMarkerReplicationStatus", &STATUS)? {
        Some(on) => on,
        None => fields.enabled("deleteMarkerReplication")?,
    };
    Ok(Some(ReplicationRule {
        id: fields.string("id")?.unwrap_or_default(),
        enabled: fields.required_word("status", &STATUS)?,
        priority: fields.number("priority")?.unwrap_or_default(),
        prefix: prefix.unwrap_or_default(),
        destination: destination.required_named("bucket", &[Kind::Bucket], Attribute::Arn)?,
        destination_account: account,
        delete_markers,
        replica_modifications,
        time_control: destination.enabled("replicationTime")?,
        metrics: destination.enabled("metrics")?,
        encrypted_objects,
        replica_key,
    }))
}
