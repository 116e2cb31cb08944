//! Which call of the AWS CLI asks for an action: data alone.
//!
//! Source: the AWS CLI command reference, `aws s3api`, and the service authorization reference, "Actions defined by Amazon S3".

/// Where a call can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// To a bucket.
    Bucket,
    /// To a bucket or a regional access point.
    AccessPoint,
    /// To a bucket, a regional or a Multi-Region Access Point.
    Mrap,
}

/// The call for an action.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    /// The action, such as `s3:GetObject`.
    pub action: &'static str,
    /// The subcommand of `aws s3api`.
    pub subcommand: &'static str,
    /// What follows `--bucket`; `{key}` and `{version}` are filled in. Documents to be written are files of that name.
    pub arguments: &'static [&'static str],
    /// Where it can be sent.
    pub reach: Reach,
}

const fn call(
    action: &'static str,
    subcommand: &'static str,
    arguments: &'static [&'static str],
    reach: Reach,
) -> Call {
    Call { action, subcommand, arguments, reach }
}

const KEY: &[&str] = &["--key", "{key}"];
const VERSION: &[&str] = &["--key", "{key}", "--version-id", "{version}"];

use Reach::{AccessPoint, Bucket, Mrap};

/// The calls. An action that only S3 itself, a console or several requests together ask for has none.
pub(super) const CALLS: &[Call] = &[
    call(
        "s3:AbortMultipartUpload",
        "abort-multipart-upload",
        &["--key", "{key}", "--upload-id", "UPLOAD_ID"],
        Mrap,
    ),
    call("s3:DeleteBucket", "delete-bucket", &[], Bucket),
    call("s3:DeleteBucketPolicy", "delete-bucket-policy", &[], Bucket),
    call("s3:DeleteBucketWebsite", "delete-bucket-website", &[], Bucket),
    call("s3:DeleteObject", "delete-object", KEY, Mrap),
    call("s3:DeleteObjectTagging", "delete-object-tagging", KEY, Mrap),
    call("s3:DeleteObjectVersion", "delete-object", VERSION, Mrap),
    call("s3:DeleteObjectVersionTagging", "delete-object-tagging", VERSION, Mrap),
    call("s3:GetAccelerateConfiguration", "get-bucket-accelerate-configuration", &[], Bucket),
    call("s3:GetAnalyticsConfiguration", "list-bucket-analytics-configurations", &[], Bucket),
    call("s3:GetBucketAcl", "get-bucket-acl", &[], AccessPoint),
    call("s3:GetBucketCORS", "get-bucket-cors", &[], AccessPoint),
    call("s3:GetBucketLocation", "get-bucket-location", &[], AccessPoint),
    call("s3:GetBucketLogging", "get-bucket-logging", &[], Bucket),
    call("s3:GetBucketNotification", "get-bucket-notification-configuration", &[], AccessPoint),
    call("s3:GetBucketObjectLockConfiguration", "get-object-lock-configuration", &[], Bucket),
    call("s3:GetBucketOwnershipControls", "get-bucket-ownership-controls", &[], Bucket),
    call("s3:GetBucketPolicy", "get-bucket-policy", &[], AccessPoint),
    call("s3:GetBucketPolicyStatus", "get-bucket-policy-status", &[], Bucket),
    call("s3:GetBucketPublicAccessBlock", "get-public-access-block", &[], Bucket),
    call("s3:GetBucketRequestPayment", "get-bucket-request-payment", &[], Bucket),
    call("s3:GetBucketTagging", "get-bucket-tagging", &[], Bucket),
    call("s3:GetBucketVersioning", "get-bucket-versioning", &[], Bucket),
    call("s3:GetBucketWebsite", "get-bucket-website", &[], Bucket),
    call("s3:GetEncryptionConfiguration", "get-bucket-encryption", &[], Bucket),
    call(
        "s3:GetIntelligentTieringConfiguration",
        "list-bucket-intelligent-tiering-configurations",
        &[],
        Bucket,
    ),
    call("s3:GetInventoryConfiguration", "list-bucket-inventory-configurations", &[], Bucket),
    call("s3:GetLifecycleConfiguration", "get-bucket-lifecycle-configuration", &[], Bucket),
    call("s3:GetMetricsConfiguration", "list-bucket-metrics-configurations", &[], Bucket),
    call("s3:GetObject", "get-object", &["--key", "{key}", "/dev/stdout"], Mrap),
    call("s3:GetObjectAcl", "get-object-acl", KEY, Mrap),
    call("s3:GetObjectLegalHold", "get-object-legal-hold", KEY, Mrap),
    call("s3:GetObjectRetention", "get-object-retention", KEY, Mrap),
    call("s3:GetObjectTagging", "get-object-tagging", KEY, Mrap),
    call("s3:GetObjectTorrent", "get-object-torrent", &["--key", "{key}", "/dev/stdout"], Bucket),
    call(
        "s3:GetObjectVersion",
        "get-object",
        &["--key", "{key}", "--version-id", "{version}", "/dev/stdout"],
        Mrap,
    ),
    call("s3:GetObjectVersionAcl", "get-object-acl", VERSION, Mrap),
    call("s3:GetObjectVersionTagging", "get-object-tagging", VERSION, Mrap),
    call("s3:GetReplicationConfiguration", "get-bucket-replication", &[], Bucket),
    call("s3:ListBucket", "list-objects-v2", &[], Mrap),
    call("s3:ListBucketMultipartUploads", "list-multipart-uploads", &[], Mrap),
    call("s3:ListBucketVersions", "list-object-versions", &[], AccessPoint),
    call("s3:ListMultipartUploadParts", "list-parts", &["--key", "{key}", "--upload-id", "UPLOAD_ID"], Mrap),
    call(
        "s3:PutAccelerateConfiguration",
        "put-bucket-accelerate-configuration",
        &["--accelerate-configuration", "Status=Suspended"],
        Bucket,
    ),
    call("s3:PutBucketAcl", "put-bucket-acl", &["--access-control-policy", "file://acl.json"], Bucket),
    call("s3:PutBucketCORS", "put-bucket-cors", &["--cors-configuration", "file://cors.json"], Bucket),
    call(
        "s3:PutBucketLogging",
        "put-bucket-logging",
        &["--bucket-logging-status", "file://logging.json"],
        Bucket,
    ),
    call(
        "s3:PutBucketNotification",
        "put-bucket-notification-configuration",
        &["--notification-configuration", "file://notification.json"],
        Bucket,
    ),
    call(
        "s3:PutBucketObjectLockConfiguration",
        "put-object-lock-configuration",
        &["--object-lock-configuration", "ObjectLockEnabled=Enabled"],
        Bucket,
    ),
    call(
        "s3:PutBucketOwnershipControls",
        "put-bucket-ownership-controls",
        &["--ownership-controls", "Rules=[{ObjectOwnership=BucketOwnerEnforced}]"],
        Bucket,
    ),
    call("s3:PutBucketPolicy", "put-bucket-policy", &["--policy", "file://policy.json"], Bucket),
    call(
        "s3:PutBucketPublicAccessBlock",
        "put-public-access-block",
        &["--public-access-block-configuration", "file://public-access-block.json"],
        Bucket,
    ),
    call(
        "s3:PutBucketRequestPayment",
        "put-bucket-request-payment",
        &["--request-payment-configuration", "Payer=BucketOwner"],
        Bucket,
    ),
    call("s3:PutBucketTagging", "put-bucket-tagging", &["--tagging", "file://tagging.json"], Bucket),
    call(
        "s3:PutBucketVersioning",
        "put-bucket-versioning",
        &["--versioning-configuration", "Status=Enabled"],
        Bucket,
    ),
    call(
        "s3:PutBucketWebsite",
        "put-bucket-website",
        &["--website-configuration", "file://website.json"],
        Bucket,
    ),
    call(
        "s3:PutEncryptionConfiguration",
        "put-bucket-encryption",
        &["--server-side-encryption-configuration", "file://encryption.json"],
        Bucket,
    ),
    call(
        "s3:PutLifecycleConfiguration",
        "put-bucket-lifecycle-configuration",
        &["--lifecycle-configuration", "file://lifecycle.json"],
        Bucket,
    ),
    call("s3:PutObject", "put-object", KEY, Mrap),
    call(
        "s3:PutObjectAcl",
        "put-object-acl",
        &["--key", "{key}", "--access-control-policy", "file://acl.json"],
        Mrap,
    ),
    call(
        "s3:PutObjectLegalHold",
        "put-object-legal-hold",
        &["--key", "{key}", "--legal-hold", "Status=OFF"],
        Mrap,
    ),
    call(
        "s3:PutObjectRetention",
        "put-object-retention",
        &["--key", "{key}", "--retention", "file://retention.json"],
        Mrap,
    ),
    call("s3:PutObjectTagging", "put-object-tagging", &["--key", "{key}", "--tagging", "TagSet=[]"], Mrap),
    call(
        "s3:PutObjectVersionAcl",
        "put-object-acl",
        &["--key", "{key}", "--version-id", "{version}", "--access-control-policy", "file://acl.json"],
        Mrap,
    ),
    call(
        "s3:PutObjectVersionTagging",
        "put-object-tagging",
        &["--key", "{key}", "--version-id", "{version}", "--tagging", "TagSet=[]"],
        Mrap,
    ),
    call(
        "s3:PutReplicationConfiguration",
        "put-bucket-replication",
        &["--replication-configuration", "file://replication.json"],
        Bucket,
    ),
    call("s3:RestoreObject", "restore-object", &["--key", "{key}", "--restore-request", "Days=1"], Mrap),
];

/// A condition key that an argument of a call sets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settable {
    /// The key.
    pub key: &'static str,
    /// The argument.
    pub argument: &'static str,
    /// The subcommands that have it.
    pub of: &'static [&'static str],
}

const fn settable(key: &'static str, argument: &'static str, of: &'static [&'static str]) -> Settable {
    Settable { key, argument, of }
}

const LISTS: &[&str] = &["list-objects-v2", "list-object-versions", "list-multipart-uploads"];
const WRITES: &[&str] = &["put-object"];

/// The keys that an argument sets; `s3:VersionId` is part of the calls that need it.
pub(super) const SETTABLE: &[Settable] = &[
    settable("s3:delimiter", "--delimiter", LISTS),
    settable("s3:if-match", "--if-match", WRITES),
    settable("s3:if-none-match", "--if-none-match", WRITES),
    settable("s3:max-keys", "--max-keys", &["list-objects-v2", "list-object-versions"]),
    settable("s3:object-lock-legal-hold", "--object-lock-legal-hold-status", WRITES),
    settable("s3:object-lock-mode", "--object-lock-mode", WRITES),
    settable("s3:object-lock-retain-until-date", "--object-lock-retain-until-date", WRITES),
    settable("s3:prefix", "--prefix", LISTS),
    settable("s3:x-amz-acl", "--acl", WRITES),
    settable("s3:x-amz-grant-full-control", "--grant-full-control", WRITES),
    settable("s3:x-amz-grant-read", "--grant-read", WRITES),
    settable("s3:x-amz-grant-read-acp", "--grant-read-acp", WRITES),
    settable("s3:x-amz-grant-write-acp", "--grant-write-acp", WRITES),
    settable("s3:x-amz-server-side-encryption", "--server-side-encryption", WRITES),
    settable("s3:x-amz-server-side-encryption-aws-kms-key-id", "--ssekms-key-id", WRITES),
    settable("s3:x-amz-storage-class", "--storage-class", WRITES),
    settable("s3:x-amz-website-redirect-location", "--website-redirect-location", WRITES),
];

/// Keys, or how they begin, that follow from whose credentials are used, from where and when, and on what: no argument sets
/// them, and none needs to.
pub(super) const AMBIENT: &[&str] = &[
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:Ec2InstanceSource",
    "aws:FederatedProvider",
    "aws:MultiFactorAuth",
    "aws:Principal",
    "aws:RequestedRegion",
    "aws:Resource",
    "aws:Source",
    "aws:TokenIssueTime",
    "aws:userid",
    "aws:username",
    "aws:Vpc",
    "s3:AccessPointNetworkOrigin",
    "s3:AccessPointTag/",
    "s3:BucketTag/",
    "s3:DataAccessPoint",
    "s3:ExistingObjectTag/",
    "s3:ResourceAccount",
];

/// What every signed request of the AWS CLI has, where the key is there.
pub(super) const ALWAYS: &[(&str, &str)] = &[
    ("aws:SecureTransport", "true"),
    ("aws:ViaAWSService", "false"),
    ("s3:authType", "REST-HEADER"),
    ("s3:signatureversion", "AWS4-HMAC-SHA256"),
    ("s3:TlsVersion", "1.2"),
    ("s3:TlsVersion", "1.3"),
];
