//! What Pulumi's AWS provider calls the kinds of resources.

mod elsewhere;

pub(crate) use elsewhere::{Elsewhere, of as elsewhere};

use narrows_model::Kind;

/// The types that become resources of the model.
///
/// Names that end in `V2` are those of version 6 of the provider, which version 7 still takes.
const TYPES: [(&str, Kind); 36] = [
    ("aws:s3/bucket:Bucket", Kind::Bucket),
    ("aws:s3/bucketV2:BucketV2", Kind::Bucket),
    ("aws:s3/bucketVersioning:BucketVersioning", Kind::BucketVersioning),
    ("aws:s3/bucketVersioningV2:BucketVersioningV2", Kind::BucketVersioning),
    ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", Kind::BucketPublicAccessBlock),
    ("aws:s3/bucketOwnershipControls:BucketOwnershipControls", Kind::BucketOwnershipControls),
    ("aws:s3/bucketPolicy:BucketPolicy", Kind::BucketPolicy),
    ("aws:s3/bucketReplicationConfig:BucketReplicationConfig", Kind::BucketReplication),
    (
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        Kind::BucketEncryption,
    ),
    (
        "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
        Kind::BucketEncryption,
    ),
    ("aws:s3/bucketAcl:BucketAcl", Kind::BucketAcl),
    ("aws:s3/bucketAclV2:BucketAclV2", Kind::BucketAcl),
    ("aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint", Kind::MultiRegionAccessPoint),
    (
        "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy",
        Kind::MultiRegionAccessPointPolicy,
    ),
    ("aws:iam/role:Role", Kind::Role),
    ("aws:iam/rolePolicy:RolePolicy", Kind::RolePolicy),
    ("aws:iam/policy:Policy", Kind::ManagedPolicy),
    ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", Kind::RolePolicyAttachment),
    ("aws:iam/policyAttachment:PolicyAttachment", Kind::PolicyAttachment),
    ("aws:iam/user:User", Kind::User),
    ("aws:iam/userPolicy:UserPolicy", Kind::UserPolicy),
    ("aws:iam/userPolicyAttachment:UserPolicyAttachment", Kind::UserPolicyAttachment),
    ("aws:iam/userGroupMembership:UserGroupMembership", Kind::UserGroups),
    ("aws:iam/group:Group", Kind::Group),
    ("aws:iam/groupPolicy:GroupPolicy", Kind::GroupPolicy),
    ("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", Kind::GroupPolicyAttachment),
    ("aws:iam/groupMembership:GroupMembership", Kind::GroupMembers),
    ("aws:kms/key:Key", Kind::Key),
    ("aws:kms/replicaKey:ReplicaKey", Kind::ReplicaKey),
    ("aws:kms/keyPolicy:KeyPolicy", Kind::KeyPolicy),
    ("aws:kms/alias:Alias", Kind::KeyAlias),
    ("aws:organizations/policy:Policy", Kind::ControlPolicy),
    ("aws:organizations/policyAttachment:PolicyAttachment", Kind::ControlPolicyAttachment),
    ("aws:organizations/account:Account", Kind::MemberAccount),
    ("aws:organizations/organizationalUnit:OrganizationalUnit", Kind::OrganisationalUnit),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", Kind::VpcEndpoint),
];

/// The type of a policy of an endpoint that is a resource of its own.
pub(crate) const ENDPOINT_POLICY: &str = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy";
/// How the types of providers begin.
pub(crate) const PROVIDERS: &str = "pulumi:providers:";

/// The kind of a type.
pub(crate) fn kind_of(type_name: &str) -> Kind {
    let known = TYPES.iter().find(|(name, _)| *name == type_name);
    known.map_or_else(|| Kind::Other(type_name.to_owned()), |(_, kind)| kind.clone())
}

/// Whether resources of a type are made in a Region.
pub(crate) fn is_regional(type_name: &str) -> bool {
    type_name.starts_with("aws:")
        && !["aws:iam/", "aws:organizations/", "aws:cloudfront/", "aws:route53/"]
            .iter()
            .any(|global| type_name.starts_with(global))
}

/// What properties report of policies and settings that other resources may have given, as they were before a change.
pub(crate) fn is_reported(kind: &Kind, property: &str) -> bool {
    let reported: &[&str] = match kind {
        Kind::Bucket => &[
            "acl",
            "grants",
            "policy",
            "replicationConfiguration",
            "replicationConfigurations",
            "serverSideEncryptionConfiguration",
            "serverSideEncryptionConfigurations",
            "versioning",
            "versionings",
        ],
        Kind::Role => &["inlinePolicies", "managedPolicyArns"],
        _ => &[],
    };
    reported.contains(&property)
}

/// Whether a kind reports, as its property `policy`, what may be given by a resource of its own.
pub(crate) fn reports_policy(kind: &Kind) -> bool {
    matches!(kind, Kind::Bucket | Kind::Key | Kind::ReplicaKey | Kind::VpcEndpoint)
}

/// Whether resources of a type are the whole policy of another one.
pub(crate) fn is_whole_policy(type_name: &str) -> bool {
    type_name == ENDPOINT_POLICY || matches!(kind_of(type_name), Kind::BucketPolicy | Kind::KeyPolicy)
}

/// Whether resources of a type are made by a provider, so that the engine calls them `custom`.
pub(crate) fn is_made_by_provider(type_name: &str) -> bool {
    // The components of the package have no file in their names.
    (type_name.starts_with("aws:") && type_name.contains('/')) || elsewhere::is_elsewhere(type_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_by_their_whole_token() {
        assert_eq!(kind_of("aws:s3/bucketV2:BucketV2"), Kind::Bucket);
        assert_eq!(kind_of("aws:iam/policy:Policy"), Kind::ManagedPolicy);
        assert_eq!(kind_of("aws:organizations/policy:Policy"), Kind::ControlPolicy);
        assert_eq!(kind_of("aws:s3/bucket"), Kind::Other("aws:s3/bucket".to_owned()));
        assert!(is_regional("aws:s3/bucket:Bucket") && !is_regional("aws:iam/role:Role"));
    }
}
