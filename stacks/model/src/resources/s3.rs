//! Amazon S3: buckets and what is configured on them.

use super::referring;
use crate::{AccountId, Arn, BucketName, Input, Value};

/// A general purpose bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its name; `None` where the engine makes one up.
    pub name: Option<Input<BucketName>>,
    /// Whether destroying the resource deletes the objects too.
    pub force_destroy: bool,
}

/// Versioning of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketVersioning {
    /// The bucket's name.
    pub bucket: Input<BucketName>,
    /// What it is set to.
    pub status: VersioningStatus,
}
referring!(BucketVersioning: bucket);

/// The states of versioning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersioningStatus {
    /// On.
    Enabled,
    /// Was on, and is no longer.
    Suspended,
    /// Never on (Terraform's word).
    Disabled,
}

/// The four public access settings of a bucket or an MRAP; all true is S3's default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicAccessBlock {
    /// New public ACLs are refused.
    pub block_public_acls: bool,
    /// Public policies are refused.
    pub block_public_policy: bool,
    /// Public ACLs have no effect.
    pub ignore_public_acls: bool,
    /// Under a public policy only the owner's account and services get through.
    pub restrict_public_buckets: bool,
}

impl PublicAccessBlock {
    /// All four on.
    pub const ALL: Self = Self {
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
    };
}

/// The public access settings of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketPublicAccessBlock {
    /// The bucket's name.
    pub bucket: Input<BucketName>,
    /// The settings.
    pub block: PublicAccessBlock,
}
referring!(BucketPublicAccessBlock: bucket);

/// Who owns what is written to a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketOwnershipControls {
    /// The bucket's name.
    pub bucket: Input<BucketName>,
    /// The setting.
    pub ownership: ObjectOwnership,
}
referring!(BucketOwnershipControls: bucket);

/// The settings of object ownership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectOwnership {
    /// ACLs are off; S3's default since April 2023.
    BucketOwnerEnforced,
    /// ACLs are on; objects written with `bucket-owner-full-control` become the bucket owner's.
    BucketOwnerPreferred,
    /// ACLs are on; the writer owns the object.
    ObjectWriter,
}

/// The policy of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketPolicy {
    /// The bucket's name.
    pub bucket: Input<BucketName>,
    /// The document.
    pub policy: Value,
}
referring!(BucketPolicy: bucket, policy);

/// The replication configuration of a bucket; there is at most one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketReplication {
    /// The source bucket's name.
    pub bucket: Input<BucketName>,
    /// The ARN of the role that S3 assumes.
    pub role: Input<Arn>,
    /// The rules, at most 1,000.
    pub rules: Vec<ReplicationRule>,
}
referring!(BucketReplication: bucket, role, rules);

/// One rule of a replication configuration, for all objects of the bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicationRule {
    /// Its id, at most 255 characters, unique in the configuration.
    pub id: String,
    /// Whether it is in force.
    pub enabled: bool,
    /// Its priority, unique in the configuration; the higher wins among rules with one destination.
    pub priority: u32,
    /// Only keys with this prefix; empty for all.
    pub prefix: String,
    /// The ARN of the destination bucket.
    pub destination: Input<Arn>,
    /// The account that owns the destination, where it is another.
    pub destination_account: Option<AccountId>,
    /// Whether delete markers are replicated.
    pub delete_markers: bool,
    /// Whether changes to replicas' metadata are replicated.
    pub replica_modifications: bool,
    /// Whether Replication Time Control (15 minutes) is on; it brings replication metrics with it.
    pub time_control: bool,
    /// Whether replication metrics are on.
    pub metrics: bool,
}
referring!(ReplicationRule: destination);

/// A request metrics configuration of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketMetric {
    /// The bucket's name.
    pub bucket: Input<BucketName>,
    /// The configuration's id, at most 64 characters; CloudWatch's `FilterId`.
    pub filter_id: String,
}
referring!(BucketMetric: bucket);
