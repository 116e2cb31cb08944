use super::below;
use super::statement::{Statement, document};
use crate::Stack;
use narrows_model::{AccountId, Text, Value};

/// Who may assume the replication role: S3, for a bucket of this account.
pub(crate) fn trust(account: &AccountId) -> Value {
    let statement = Statement::allow_service("AllowReplicationOfThisAccount", "s3.amazonaws.com");
    let statement = statement.action("sts:AssumeRole");
    document([statement.condition("StringEquals", "aws:SourceAccount", [Text::literal(account.as_str())])])
}

/// What the replication role may do: read every bucket as a source, write every bucket as a destination.
///
/// Source: S3 User Guide, "Setting up permissions for live replication".
pub(crate) fn policy(stack: &Stack) -> Value {
    let buckets: Vec<_> = stack.mrap.regions().into_iter().map(|region| stack.bucket_arn(region)).collect();
    let objects: Vec<_> = buckets.iter().map(|bucket| below(bucket, "/*")).collect();
    let configuration = ["s3:GetReplicationConfiguration", "s3:ListBucket"];
    let read = ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"];
    let write = ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"];
    document([
        Statement::allow_self("AllowReadingConfiguration").actions(configuration).resources(&buckets),
        Statement::allow_self("AllowReadingSources").actions(read).resources(&objects),
        Statement::allow_self("AllowWritingReplicas").actions(write).resources(&objects),
    ])
}
