//! `AWS::S3::Bucket` with what is configured in it, Multi-Region Access Points, and their policies.

mod acl;

use super::{Fields, Made};
use crate::error::ReadError;
use narrows_model::resources::s3::{
    Bucket, BucketEncryption, BucketOwnershipControls, BucketPolicy, BucketPublicAccessBlock,
    BucketReplication, BucketVersioning, EncryptionAlgorithm, ObjectOwnership, PublicAccessBlock,
    ReplicationRule, VersioningStatus,
};
use narrows_model::resources::s3control::{MrapBucket, MultiRegionAccessPoint, MultiRegionAccessPointPolicy};
use narrows_model::{Attribute, Body, BucketName, Input, ResourceId, Text};

const STATUS: [(&str, bool); 2] = [("Enabled", true), ("Disabled", false)];

/// A bucket, and each of its configurations as a resource of its own.
pub(super) fn bucket(fields: &Fields<'_>, id: &ResourceId) -> Result<Vec<Made>, ReadError> {
    let name = || Input::<BucketName>::reference(id.attribute(Attribute::Id));
    let mut made =
        vec![Made::itself(Body::Bucket(Bucket { name: fields.input("BucketName")?, force_destroy: false }))];
    let mut part = |property: &str, body: Body, fields: &Fields<'_>| {
        made.push(Made::part(format!(".{property}"), body, fields.location()));
    };
    if let Some(versioning) = fields.object("VersioningConfiguration")? {
        let words = [("Enabled", VersioningStatus::Enabled), ("Suspended", VersioningStatus::Suspended)];
        let missing = || versioning.missing("Status", "`Enabled` or `Suspended`");
        let status = versioning.word("Status", &words)?.ok_or_else(missing)?;
        let body = Body::BucketVersioning(BucketVersioning { bucket: name(), status });
        part("VersioningConfiguration", body, &versioning);
    }
    if let Some(block) = fields.object("PublicAccessBlockConfiguration")? {
        let body = BucketPublicAccessBlock { bucket: name(), block: public_access_block(&block, false)? };
        part("PublicAccessBlockConfiguration", Body::BucketPublicAccessBlock(body), &block);
    }
    let controls = fields.object("OwnershipControls")?;
    if let Some(controls) = &controls {
        let rules = controls.objects("Rules")?;
        let [rule] = rules.as_slice() else { return Err(controls.missing("Rules", "a list of one rule")) };
        let missing =
            || rule.missing("ObjectOwnership", "BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter");
        let ownership = rule.word("ObjectOwnership", &ObjectOwnership::WORDS)?.ok_or_else(missing)?;
        let body = BucketOwnershipControls { bucket: name(), ownership };
        part("OwnershipControls", Body::BucketOwnershipControls(body), controls);
    }
    let controlled = controls.is_some();
    made.extend(acl::access_control(fields, controlled, name)?);
    if let Some(encryption) = fields.object("BucketEncryption")?
        && let Some(body) = self::encryption(&encryption, name())?
    {
        let body = Body::BucketEncryption(body);
        made.push(Made::part(".BucketEncryption", body, encryption.location()));
    }
    if let Some(replication) = fields.object("ReplicationConfiguration")? {
        let body = Body::BucketReplication(self::replication(&replication, name())?);
        made.push(Made::part(".ReplicationConfiguration", body, replication.location()));
    }
    Ok(made)
}

/// None where the configuration says nothing of the default encryption.
fn encryption(fields: &Fields<'_>, bucket: Input<BucketName>) -> Result<Option<BucketEncryption>, ReadError> {
    let rules = fields.objects("ServerSideEncryptionConfiguration")?;
    let Some(rule) = rules.first() else { return Ok(None) };
    let Some(default) = rule.object("ServerSideEncryptionByDefault")? else { return Ok(None) };
    let missing = || default.missing("SSEAlgorithm", "AES256, aws:kms or aws:kms:dsse");
    Ok(Some(BucketEncryption {
        bucket,
        algorithm: default.word("SSEAlgorithm", &EncryptionAlgorithm::WORDS)?.ok_or_else(missing)?,
        key: default.input("KMSMasterKeyID")?,
        bucket_key: rule.flag("BucketKeyEnabled")?.unwrap_or_default(),
    }))
}

/// The four settings, `default` where one is not given.
fn public_access_block(fields: &Fields<'_>, default: bool) -> Result<PublicAccessBlock, ReadError> {
    let flag = |name| Ok::<_, ReadError>(fields.flag(name)?.unwrap_or(default));
    Ok(PublicAccessBlock {
        block_public_acls: flag("BlockPublicAcls")?,
        block_public_policy: flag("BlockPublicPolicy")?,
        ignore_public_acls: flag("IgnorePublicAcls")?,
        restrict_public_buckets: flag("RestrictPublicBuckets")?,
    })
}

fn replication(fields: &Fields<'_>, bucket: Input<BucketName>) -> Result<BucketReplication, ReadError> {
    let mut rules = Vec::new();
    for rule in fields.objects("Rules")? {
        rules.extend(self::rule(&rule)?);
    }
    Ok(BucketReplication { bucket, role: fields.required_input("Role")?, rules })
}

/// `None` for a rule that takes only objects with certain tags.
fn rule(fields: &Fields<'_>) -> Result<Option<ReplicationRule>, ReadError> {
    // Rules of the first version have the prefix beside the destination.
    let mut prefix = fields.string("Prefix")?;
    if let Some(filter) = fields.object("Filter")? {
        if filter.get("TagFilter").is_some() {
            return Ok(None);
        }
        prefix = filter.string("Prefix")?.or(prefix);
        if let Some(both) = filter.object("And")? {
            if both.get("TagFilters").is_some() {
                return Ok(None);
            }
            prefix = both.string("Prefix")?.or(prefix);
        }
    }
    let destination = fields.required_object("Destination")?;
    let (replica_modifications, encrypted_objects) = match fields.object("SourceSelectionCriteria")? {
        Some(criteria) => {
            (criteria.enabled("ReplicaModifications")?, criteria.enabled("SseKmsEncryptedObjects")?)
        }
        None => (false, false),
    };
    let replica_key = match destination.object("EncryptionConfiguration")? {
        Some(encryption) => encryption.input("ReplicaKmsKeyID")?,
        None => None,
    };
    let missing = || fields.missing("Status", "`Enabled` or `Disabled`");
    Ok(Some(ReplicationRule {
        id: fields.string("Id")?.unwrap_or_default(),
        enabled: fields.word("Status", &STATUS)?.ok_or_else(missing)?,
        priority: fields.number("Priority")?.unwrap_or_default(),
        prefix: prefix.unwrap_or_default(),
        destination: destination.required_input("Bucket")?,
        // The account is no part of the destination's ARN: which one it is may stay open.
        destination_account: match destination.text("Account")? {
            Some((account, _)) if account.as_literal().is_none() => None,
            _ => destination.known("Account", "twelve digits")?,
        },
        delete_markers: fields.enabled("DeleteMarkerReplication")?,
        replica_modifications,
        time_control: destination.enabled("ReplicationTime")?,
        metrics: destination.enabled("Metrics")?,
        encrypted_objects,
        replica_key,
    }))
}

/// An account that is spelled out; one that is known at deployment alone is taken to be the deployment's.
fn known_account(fields: &Fields<'_>, name: &str) -> Result<Option<narrows_model::AccountId>, ReadError> {
    let deployed_to = Text::unknown(narrows_model::Deployment::ACCOUNT);
    match fields.text(name)? {
        Some((text, _)) if text == deployed_to => Ok(None),
        _ => fields.known(name, "twelve digits"),
    }
}

pub(super) fn policy(fields: &Fields<'_>) -> Result<Vec<Made>, ReadError> {
    let body = BucketPolicy {
        bucket: fields.required_input("Bucket")?,
        policy: fields.required_document("PolicyDocument")?,
    };
    Ok(vec![Made::itself(Body::BucketPolicy(body))])
}

pub(super) fn access_point(fields: &Fields<'_>, id: &ResourceId) -> Result<Vec<Made>, ReadError> {
    let bucket = |region: Fields<'_>| {
        Ok(MrapBucket {
            bucket: region.required_input("Bucket")?,
            account: known_account(&region, "BucketAccountId")?,
        })
    };
    let regions = fields.objects("Regions")?;
    if regions.is_empty() {
        return Err(fields.missing("Regions", "an object for each bucket"));
    }
    let name = match fields.input("Name")? {
        Some(name) => name,
        // CloudFormation makes one up.
        None => {
            Input::parse(Text::unknown(format!("{}.name", id.name))).map_err(|cause| ReadError::Name {
                what: format!("the name of {}", id.name),
                cause: Box::new(cause),
                location: fields.location(),
            })?
        }
    };
    Ok(vec![Made::itself(Body::MultiRegionAccessPoint(MultiRegionAccessPoint {
        name,
        account: None,
        buckets: regions.into_iter().map(bucket).collect::<Result<_, ReadError>>()?,
        public_access_block: match fields.object("PublicAccessBlockConfiguration")? {
            Some(block) => public_access_block(&block, true)?,
            None => PublicAccessBlock::ALL,
        },
        alias: None,
    }))])
}

pub(super) fn access_point_policy(fields: &Fields<'_>) -> Result<Vec<Made>, ReadError> {
    let body = MultiRegionAccessPointPolicy {
        mrap: fields.required_input("MrapName")?,
        policy: fields.required_document("Policy")?,
    };
    Ok(vec![Made::itself(Body::MultiRegionAccessPointPolicy(body))])
}
