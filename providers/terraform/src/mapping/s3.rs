//! `aws_s3_bucket` and what is configured on buckets.

mod acl;

pub(super) use acl::{acl, read_acl, read_acl_of_bucket};

use super::fields::spelled;
use super::{Args, Fields, status};
use crate::error::ReadError;
use narrows_model::resources::s3::{
    Bucket, BucketEncryption, BucketMetric, BucketOwnershipControls, BucketPolicy, BucketPublicAccessBlock,
    BucketReplication, BucketVersioning, EncryptionAlgorithm, ObjectOwnership, PublicAccessBlock,
    ReplicationRule, VersioningStatus,
};

/// Replication Time Control has one setting, 15 minutes.
const MINUTES: u32 = 15;

pub(super) fn bucket(it: &Bucket) -> Args {
    let args = Args::default().optional_input("bucket", it.name.as_ref());
    if it.force_destroy { args.flag("force_destroy", true) } else { args }
}

pub(super) fn read_bucket(fields: &Fields<'_>) -> Result<Bucket, ReadError> {
    Ok(Bucket {
        name: fields.input("bucket")?,
        force_destroy: fields.flag("force_destroy")?.unwrap_or_default(),
    })
}

const VERSIONING: [(&str, VersioningStatus); 3] = [
    ("Enabled", VersioningStatus::Enabled),
    ("Suspended", VersioningStatus::Suspended),
    ("Disabled", VersioningStatus::Disabled),
];

pub(super) fn versioning(it: &BucketVersioning) -> Args {
    Args::default()
        .input("bucket", &it.bucket)
        .block("versioning_configuration", Args::default().text("status", spelled(&VERSIONING, it.status)))
}

pub(super) fn read_versioning(fields: &Fields<'_>) -> Result<BucketVersioning, ReadError> {
    Ok(BucketVersioning {
        bucket: fields.required_input("bucket")?,
        status: fields.required_block("versioning_configuration")?.required_word("status", &VERSIONING)?,
    })
}

/// The four settings, for a bucket and for an MRAP.
pub(super) fn with_block(args: Args, block: PublicAccessBlock) -> Args {
    args.flag("block_public_acls", block.block_public_acls)
        .flag("block_public_policy", block.block_public_policy)
        .flag("ignore_public_acls", block.ignore_public_acls)
        .flag("restrict_public_buckets", block.restrict_public_buckets)
}

/// The four settings, `default` where one is not given.
pub(super) fn read_block(fields: &Fields<'_>, default: bool) -> Result<PublicAccessBlock, ReadError> {
    let flag = |name| Ok::<_, ReadError>(fields.flag(name)?.unwrap_or(default));
    Ok(PublicAccessBlock {
        block_public_acls: flag("block_public_acls")?,
        block_public_policy: flag("block_public_policy")?,
        ignore_public_acls: flag("ignore_public_acls")?,
        restrict_public_buckets: flag("restrict_public_buckets")?,
    })
}

pub(super) fn public_access_block(it: &BucketPublicAccessBlock) -> Args {
    with_block(Args::default().input("bucket", &it.bucket), it.block)
}

pub(super) fn read_public_access_block(fields: &Fields<'_>) -> Result<BucketPublicAccessBlock, ReadError> {
    Ok(BucketPublicAccessBlock {
        bucket: fields.required_input("bucket")?,
        block: read_block(fields, false)?,
    })
}

pub(super) fn ownership_controls(it: &BucketOwnershipControls) -> Args {
    Args::default().input("bucket", &it.bucket).block(
        "rule",
        Args::default().text("object_ownership", spelled(&ObjectOwnership::WORDS, it.ownership)),
    )
}

pub(super) fn read_ownership_controls(fields: &Fields<'_>) -> Result<BucketOwnershipControls, ReadError> {
    Ok(BucketOwnershipControls {
        bucket: fields.required_input("bucket")?,
        ownership: fields
            .required_block("rule")?
            .required_word("object_ownership", &ObjectOwnership::WORDS)?,
    })
}

pub(super) fn policy(it: &BucketPolicy) -> Args {
    Args::default().input("bucket", &it.bucket).document("policy", &it.policy)
}

pub(super) fn read_policy(fields: &Fields<'_>) -> Result<BucketPolicy, ReadError> {
    Ok(BucketPolicy { bucket: fields.required_input("bucket")?, policy: fields.required_document("policy")? })
}

pub(super) fn metric(it: &BucketMetric) -> Args {
    Args::default().input("bucket", &it.bucket).text("name", it.filter_id.as_str())
}

/// `None` where a filter leaves out objects.
pub(super) fn read_metric(fields: &Fields<'_>) -> Result<Option<BucketMetric>, ReadError> {
    if fields.block("filter")?.is_some() {
        return Ok(None);
    }
    Ok(Some(BucketMetric {
        bucket: fields.required_input("bucket")?,
        filter_id: fields.required_string("name")?,
    }))
}

pub(super) fn encryption(it: &BucketEncryption) -> Args {
    let default = Args::default()
        .text("sse_algorithm", spelled(&EncryptionAlgorithm::WORDS, it.algorithm))
        .optional_input("kms_master_key_id", it.key.as_ref());
    let rule = Args::default().block("apply_server_side_encryption_by_default", default);
    let rule = if it.bucket_key { rule.flag("bucket_key_enabled", true) } else { rule };
    Args::default().input("bucket", &it.bucket).block("rule", rule)
}

/// `None` where the configuration says nothing of the default encryption.
pub(super) fn read_encryption(fields: &Fields<'_>) -> Result<Option<BucketEncryption>, ReadError> {
    let rule = fields.required_block("rule")?;
    let Some(default) = rule.block("apply_server_side_encryption_by_default")? else { return Ok(None) };
    Ok(Some(BucketEncryption {
        bucket: fields.required_input("bucket")?,
        algorithm: default.required_word("sse_algorithm", &EncryptionAlgorithm::WORDS)?,
        // The provider reports the key of SSE-S3, which has none, as an empty text.
        key: match default.string("kms_master_key_id")?.as_deref() {
            Some("") => None,
            _ => default.input("kms_master_key_id")?,
        },
        bucket_key: rule.flag("bucket_key_enabled")?.unwrap_or_default(),
    }))
}

pub(super) fn replication(it: &BucketReplication) -> Args {
    Args::default()
        .input("bucket", &it.bucket)
        .input("role", &it.role)
        .blocks("rule", it.rules.iter().map(rule))
}

fn rule(it: &ReplicationRule) -> Args {
    let on = |enabled| Args::default().text("status", status(enabled));
    let minutes = || Args::default().number("minutes", MINUTES);
    let mut destination = Args::default()
        .input("bucket", &it.destination)
        .optional_text("account", it.destination_account.as_ref().map(|account| account.as_str()));
    // S3 refuses Replication Time Control without metrics.
    if it.metrics || it.time_control {
        let metrics = on(true);
        let threshold = |args: Args| args.block("event_threshold", minutes());
        destination =
            destination.block("metrics", if it.time_control { threshold(metrics) } else { metrics });
    }
    if it.time_control {
        destination = destination.block("replication_time", on(true).block("time", minutes()));
    }
    if let Some(key) = &it.replica_key {
        let encryption = Args::default().input("replica_kms_key_id", key);
        destination = destination.block("encryption_configuration", encryption);
    }
    let args = Args::default()
        .text("id", it.id.as_str())
        .text("status", status(it.enabled))
        .number("priority", it.priority)
        .block("filter", Args::default().text("prefix", it.prefix.as_str()))
        .block("delete_marker_replication", on(it.delete_markers))
        .block("destination", destination);
    let mut criteria = Args::default();
    if it.replica_modifications {
        criteria = criteria.block("replica_modifications", on(true));
    }
    if it.encrypted_objects {
        criteria = criteria.block("sse_kms_encrypted_objects", on(true));
    }
    if it.replica_modifications || it.encrypted_objects {
        args.block("source_selection_criteria", criteria)
    } else {
        args
    }
}

pub(super) fn read_replication(fields: &Fields<'_>) -> Result<BucketReplication, ReadError> {
    let mut rules = Vec::new();
    for block in fields.blocks("rule")? {
        rules.extend(read_rule(&block)?);
    }
    Ok(BucketReplication {
        bucket: fields.required_input("bucket")?,
        role: fields.required_input("role")?,
        rules,
    })
}

/// `None` for a rule that takes only objects with certain tags.
fn read_rule(fields: &Fields<'_>) -> Result<Option<ReplicationRule>, ReadError> {
    // Rules of the first version have the prefix beside the destination.
    let mut prefix = fields.string("prefix")?;
    if let Some(filter) = fields.block("filter")? {
        if filter.block("tag")?.is_some() {
            return Ok(None);
        }
        prefix = filter.string("prefix")?.or(prefix);
        if let Some(both) = filter.block("and")? {
            if both.get("tags").is_some() {
                return Ok(None);
            }
            prefix = both.string("prefix")?.or(prefix);
        }
    }
    let destination = fields.required_block("destination")?;
    let criteria = fields.block("source_selection_criteria")?;
    let encrypted_objects = match &criteria {
        Some(criteria) => criteria.enabled("sse_kms_encrypted_objects")?,
        None => false,
    };
    Ok(Some(ReplicationRule {
        id: fields.string("id")?.unwrap_or_default(),
        enabled: fields.required_word("status", &[("Enabled", true), ("Disabled", false)])?,
        priority: fields.number("priority")?.unwrap_or_default(),
        prefix: prefix.unwrap_or_default(),
        destination: destination.required_input("bucket")?,
        destination_account: destination.known("account", "twelve digits")?,
        delete_markers: fields.enabled("delete_marker_replication")?,
        replica_modifications: match criteria {
            Some(criteria) => criteria.enabled("replica_modifications")?,
            None => false,
        },
        time_control: destination.enabled("replication_time")?,
        metrics: destination.enabled("metrics")?,
        encrypted_objects,
        replica_key: match destination.block("encryption_configuration")? {
            Some(block) => block.input("replica_kms_key_id")?,
            None => None,
        },
    }))
}
