//! The policies of a stack, each as small as its purpose allows.
//!
//! Statements come in this order: what is denied (the way past the access point, the way past the endpoints, old TLS,
//! new paths), then what is allowed. Nothing denies the deployer an action on a bucket's policy or configuration, except
//! without TLS; where none is declared, nobody.

pub(crate) mod bucket;
pub(crate) mod endpoint;
mod exemptions;
mod grants;
pub(crate) mod mrap;
pub(crate) mod replication_role;
pub(crate) mod size;
mod statement;

use narrows_model::Text;
use narrows_model::intent::TlsVersion;
use statement::Statement;

/// The actions that list what is in a bucket.
const LISTING: [&str; 3] = ["s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"];

/// The actions on a bucket that open another way to its data: its policy, ownership and public access, and everything
/// that copies data or the names of objects elsewhere.
const NEW_PATHS: [&str; 17] = [
    "s3:AllowVendedLogDeliveryForResource",
    "s3:CreateBucketMetadataTableConfiguration",
    "s3:DeleteBucketPolicy",
    "s3:PutAnalyticsConfiguration",
    "s3:PutBucketAbac",
    "s3:PutBucketLogging",
    "s3:PutBucketNotification",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketWebsite",
    "s3:PutInventoryConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutReplicationConfiguration",
    "s3:UpdateBucketMetadataAnnotationTableConfiguration",
    "s3:UpdateBucketMetadataInventoryTableConfiguration",
    "s3:UpdateBucketMetadataJournalTableConfiguration",
];

/// A text with a literal at its end.
fn below(text: &Text, rest: &str) -> Text {
    text.clone().then_literal(rest)
}

/// The Denies of requests without TLS, and with a version of it that is too old.
///
/// Two statements, for conditions of one statement are ANDed.
fn deny_old_tls(resources: &[Text], minimum: TlsVersion) -> Vec<Statement> {
    let deny = |sid: &str| Statement::deny(sid).action("s3:*").resources(resources);
    vec![
        deny("DenyWithoutTls").condition("Bool", "aws:SecureTransport", ["false".into()]),
        deny("DenyOldTls").condition("NumericLessThan", "s3:TlsVersion", [minimum.as_str().into()]),
    ]
}
