//! Amazon S3: buckets and what is configured on them.

use super::referring;
use crate::{AccountId, Arn, BucketName, Input, KeyName, Value};

/// A general purpose bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its name; `None` where the engine makes one up.
    pub name: Option<Input<BucketName>>,
    /// Whether destroying the resource deletes the objects too.
    pub force_destroy: bool,
}
referring!(Bucket: name);

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

impl ObjectOwnership {
    /// As S3's API spells them.
    pub const WORDS: [(&'static str, Self); 3] = [
        ("BucketOwnerEnforced", Self::BucketOwnerEnforced),
        ("BucketOwnerPreferred", Self::BucketOwnerPreferred),
        ("ObjectWriter", Self::ObjectWriter),
    ];
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
    /// Whether objects that are encrypted with SSE-KMS are replicated.
    pub encrypted_objects: bool,
    /// The key in the destination's Region that replicas of such objects are encrypted with.
    pub replica_key: Option<Input<KeyName>>,
}
referring!(ReplicationRule: destination, replica_key);

/// The default encryption of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketEncryption {
    /// The bucket's name.
    pub bucket: Input<BucketName>,
    /// With what objects are encrypted that come without a choice of their own.
    pub algorithm: EncryptionAlgorithm,
    /// The key of SSE-KMS; `None` for the AWS managed key `aws/s3`.
    pub key: Option<Input<KeyName>>,
    /// Whether an S3 Bucket Key is used, so that the encryption context is the bucket's ARN.
    pub bucket_key: bool,
}
referring!(BucketEncryption: bucket, key);

/// The algorithms of default encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncryptionAlgorithm {
    /// SSE-S3: no key that anyone manages.
    Aes256,
    /// SSE-KMS.
    Kms,
    /// DSSE-KMS, which asks for the same permissions.
    KmsDsse,
}

impl EncryptionAlgorithm {
    /// As S3's API spells them.
    pub const WORDS: [(&'static str, Self); 3] =
        [("AES256", Self::Aes256), ("aws:kms", Self::Kms), ("aws:kms:dsse", Self::KmsDsse)];
}

/// The access control list of a bucket; it counts where object ownership lets ACLs be on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketAcl {
    /// The bucket's name.
    pub bucket: Input<BucketName>,
    /// What it grants.
    pub acl: Acl,
}
referring!(BucketAcl: bucket);

/// What an access control list grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acl {
    /// What S3 makes of a name.
    Canned(CannedAcl),
    /// These grants.
    Grants {
        /// The canonical user id of the owner.
        owner: String,
        /// What is granted to whom.
        grants: Vec<AclGrant>,
    },
}

/// The canned ACLs of buckets. Source: S3 User Guide, "Canned ACL".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannedAcl {
    /// The owner alone.
    Private,
    /// Everyone may list.
    PublicRead,
    /// Everyone may list and write.
    PublicReadWrite,
    /// Everyone with an AWS account may list.
    AuthenticatedRead,
    /// Amazon EC2 may read bundles of machine images.
    AwsExecRead,
    /// S3's log delivery may write, and read the ACL.
    LogDeliveryWrite,
}

impl CannedAcl {
    /// As S3's API spells them.
    pub const WORDS: [(&'static str, Self); 6] = [
        ("private", Self::Private),
        ("public-read", Self::PublicRead),
        ("public-read-write", Self::PublicReadWrite),
        ("authenticated-read", Self::AuthenticatedRead),
        ("aws-exec-read", Self::AwsExecRead),
        ("log-delivery-write", Self::LogDeliveryWrite),
    ];
}

/// One grant of an access control list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclGrant {
    /// To whom.
    pub grantee: Grantee,
    /// What.
    pub permission: AclPermission,
}

/// Whom an access control list grants something to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grantee {
    /// An account, by its canonical user id.
    CanonicalUser(String),
    /// An account, by the address of its root user.
    Email(String),
    /// One of S3's groups, by its URI.
    Group(String),
}

impl Grantee {
    /// The group of everyone. Source: S3 User Guide, "Amazon S3 predefined groups".
    pub const ALL_USERS: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
    /// The group of everyone with an AWS account.
    pub const AUTHENTICATED_USERS: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
    /// The group of S3's log delivery.
    pub const LOG_DELIVERY: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";
}

/// The permissions of access control lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AclPermission {
    /// All of the others.
    FullControl,
    /// To list the bucket.
    Read,
    /// To write objects.
    Write,
    /// To read the ACL.
    ReadAcp,
    /// To write the ACL.
    WriteAcp,
}

impl AclPermission {
    /// As S3's API spells them.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("FULL_CONTROL", Self::FullControl),
        ("READ", Self::Read),
        ("WRITE", Self::Write),
        ("READ_ACP", Self::ReadAcp),
        ("WRITE_ACP", Self::WriteAcp),
    ];
}

/// A request metrics configuration of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketMetric {
    /// The bucket's name.
    pub bucket: Input<BucketName>,
    /// The configuration's id, at most 64 characters; CloudWatch's `FilterId`.
    pub filter_id: String,
}
referring!(BucketMetric: bucket);
