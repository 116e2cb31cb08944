//! What CloudFormation calls the kinds of resources and their values.
//!
//! Source: CloudFormation Template Reference, "Return values" of each type.

use narrows_model::{Attribute, Kind};

/// The types that become resources of the model, and the properties of each that access depends on.
const TYPES: [(&str, Kind, &[&str]); 20] = [
    (
        "AWS::S3::Bucket",
        Kind::Bucket,
        &[
            "AccessControl",
            "BucketEncryption",
            "BucketName",
            "OwnershipControls",
            "PublicAccessBlockConfiguration",
            "ReplicationConfiguration",
            "VersioningConfiguration",
        ],
    ),
    ("AWS::S3::BucketPolicy", Kind::BucketPolicy, &["Bucket", "PolicyDocument"]),
    (
        "AWS::S3::MultiRegionAccessPoint",
        Kind::MultiRegionAccessPoint,
        &["Name", "PublicAccessBlockConfiguration", "Regions"],
    ),
    ("AWS::S3::MultiRegionAccessPointPolicy", Kind::MultiRegionAccessPointPolicy, &["MrapName", "Policy"]),
    (
        "AWS::IAM::Role",
        Kind::Role,
        &[
            "AssumeRolePolicyDocument",
            "Description",
            "ManagedPolicyArns",
            "Path",
            "PermissionsBoundary",
            "Policies",
            "RoleName",
        ],
    ),
    ("AWS::IAM::Policy", Kind::RolePolicy, &["Groups", "PolicyDocument", "PolicyName", "Roles", "Users"]),
    ("AWS::IAM::RolePolicy", Kind::RolePolicy, &["PolicyDocument", "PolicyName", "RoleName"]),
    (
        "AWS::IAM::ManagedPolicy",
        Kind::ManagedPolicy,
        &["Description", "Groups", "ManagedPolicyName", "Path", "PolicyDocument", "Roles", "Users"],
    ),
    ("AWS::KMS::Key", Kind::Key, &["Description", "KeyPolicy", "MultiRegion"]),
    ("AWS::KMS::ReplicaKey", Kind::ReplicaKey, &["KeyPolicy", "PrimaryKeyArn"]),
    ("AWS::KMS::Alias", Kind::KeyAlias, &["AliasName", "TargetKeyId"]),
    (
        "AWS::IAM::User",
        Kind::User,
        &["Groups", "ManagedPolicyArns", "Path", "PermissionsBoundary", "Policies", "UserName"],
    ),
    ("AWS::IAM::UserPolicy", Kind::UserPolicy, &["PolicyDocument", "PolicyName", "UserName"]),
    ("AWS::IAM::Group", Kind::Group, &["GroupName", "ManagedPolicyArns", "Path", "Policies"]),
    ("AWS::IAM::GroupPolicy", Kind::GroupPolicy, &["GroupName", "PolicyDocument", "PolicyName"]),
    ("AWS::IAM::UserToGroupAddition", Kind::GroupMembers, &["GroupName", "Users"]),
    (
        "AWS::EC2::VPCEndpoint",
        Kind::VpcEndpoint,
        &[
            "PolicyDocument",
            "PrivateDnsEnabled",
            "SecurityGroupIds",
            "ServiceName",
            "SubnetIds",
            "VpcEndpointType",
            "VpcId",
        ],
    ),
    (
        "AWS::Organizations::Policy",
        Kind::ControlPolicy,
        &["Content", "Description", "Name", "TargetIds", "Type"],
    ),
    ("AWS::Organizations::Account", Kind::MemberAccount, &["AccountName", "Email", "ParentIds"]),
    ("AWS::Organizations::OrganizationalUnit", Kind::OrganisationalUnit, &["Name", "ParentId"]),
];

/// The type of a nested stack.
pub(crate) const STACK: &str = "AWS::CloudFormation::Stack";
/// The type of a stack set.
pub(crate) const STACK_SET: &str = "AWS::CloudFormation::StackSet";

/// The kind of a type.
pub(crate) fn kind_of(type_name: &str) -> Kind {
    let known = TYPES.iter().find(|(name, _, _)| *name == type_name);
    known.map_or_else(|| Kind::Other(type_name.to_owned()), |(_, kind, _)| kind.clone())
}

/// The properties of a type that are read; `None` for a type that is not modelled.
pub(crate) fn properties(type_name: &str) -> Option<&'static [&'static str]> {
    TYPES.iter().find(|(name, _, _)| *name == type_name).map(|(_, _, properties)| *properties)
}

/// Whether resources of a type are made in the stack's Region.
pub(crate) fn is_regional(type_name: &str) -> bool {
    !["AWS::IAM::", "AWS::Organizations::"].iter().any(|global| type_name.starts_with(global))
}

/// What `Ref` gives; `None` where it is nothing that policies name.
pub(crate) fn referred(kind: &Kind) -> Option<Attribute> {
    match kind {
        Kind::Bucket
        | Kind::Role
        | Kind::User
        | Kind::Group
        | Kind::Key
        | Kind::ReplicaKey
        | Kind::KeyAlias
        | Kind::VpcEndpoint
        | Kind::ControlPolicy
        | Kind::MemberAccount
        | Kind::OrganisationalUnit => Some(Attribute::Id),
        Kind::ManagedPolicy => Some(Attribute::Arn),
        Kind::MultiRegionAccessPoint => Some(Attribute::Other("name".to_owned())),
        _ => None,
    }
}

/// What `Fn::GetAtt` gives; `None` for a kind whose values are not modelled.
pub(crate) fn attribute(kind: &Kind, name: &str) -> Option<Attribute> {
    match (kind, name) {
        (Kind::Other(_), _) => None,
        (Kind::ManagedPolicy, "PolicyArn") | (_, "Arn") => Some(Attribute::Arn),
        (Kind::MultiRegionAccessPoint, "Alias") => Some(Attribute::Alias),
        (Kind::Key | Kind::ReplicaKey, "KeyId") => Some(Attribute::Id),
        (Kind::VpcEndpoint | Kind::ControlPolicy | Kind::OrganisationalUnit, "Id")
        | (Kind::MemberAccount, "AccountId") => Some(Attribute::Id),
        (_, name) => Some(Attribute::Other(name.to_owned())),
    }
}
