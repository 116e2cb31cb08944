use std::fmt;

/// The type of a resource, in words that no engine owns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(
    missing_docs,
    reason = "each variant is named after the resource in `resources` that it is the kind of"
)]
pub enum Kind {
    Bucket,
    BucketVersioning,
    BucketPublicAccessBlock,
    BucketOwnershipControls,
    BucketPolicy,
    BucketReplication,
    BucketMetric,
    MultiRegionAccessPoint,
    MultiRegionAccessPointPolicy,
    MultiRegionAccessPointRoutes,
    Role,
    RolePolicy,
    ManagedPolicy,
    RolePolicyAttachment,
    BucketEncryption,
    BucketAcl,
    Key,
    ReplicaKey,
    KeyPolicy,
    KeyAlias,
    PolicyAttachment,
    User,
    UserPolicy,
    UserPolicyAttachment,
    UserGroups,
    Group,
    GroupPolicy,
    GroupPolicyAttachment,
    GroupMembers,
    ControlPolicy,
    ControlPolicyAttachment,
    MemberAccount,
    OrganisationalUnit,
    VpcEndpoint,
    SecurityGroup,
    SecurityGroupIngressRule,
    MetricAlarm,
    Dashboard,
    /// A type that Narrows does not model, as the engine spells it.
    Other(String),
}

impl Kind {
    /// The kind in words, such as `bucket policy`.
    pub fn words(&self) -> &str {
        match self {
            Self::Bucket => "bucket",
            Self::BucketVersioning => "bucket versioning",
            Self::BucketPublicAccessBlock => "bucket public access block",
            Self::BucketOwnershipControls => "bucket ownership controls",
            Self::BucketPolicy => "bucket policy",
            Self::BucketReplication => "bucket replication",
            Self::BucketMetric => "bucket metric",
            Self::MultiRegionAccessPoint => "multi-region access point",
            Self::MultiRegionAccessPointPolicy => "multi-region access point policy",
            Self::MultiRegionAccessPointRoutes => "multi-region access point routes",
            Self::Role => "role",
            Self::RolePolicy => "role policy",
            Self::ManagedPolicy => "managed policy",
            Self::RolePolicyAttachment => "role policy attachment",
            Self::BucketEncryption => "bucket encryption",
            Self::BucketAcl => "bucket acl",
            Self::Key => "kms key",
            Self::ReplicaKey => "kms replica key",
            Self::KeyPolicy => "kms key policy",
            Self::KeyAlias => "kms alias",
            Self::PolicyAttachment => "policy attachment",
            Self::User => "user",
            Self::UserPolicy => "user policy",
            Self::UserPolicyAttachment => "user policy attachment",
            Self::UserGroups => "groups of a user",
            Self::Group => "group",
            Self::GroupPolicy => "group policy",
            Self::GroupPolicyAttachment => "group policy attachment",
            Self::GroupMembers => "members of a group",
            Self::ControlPolicy => "control policy",
            Self::ControlPolicyAttachment => "control policy attachment",
            Self::MemberAccount => "member account",
            Self::OrganisationalUnit => "organisational unit",
            Self::VpcEndpoint => "vpc endpoint",
            Self::SecurityGroup => "security group",
            Self::SecurityGroupIngressRule => "security group ingress rule",
            Self::MetricAlarm => "metric alarm",
            Self::Dashboard => "dashboard",
            Self::Other(name) => name,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.words())
    }
}

/// What identifies a resource inside its deployment: its kind and its logical name.
///
/// Logical names are a contract: another name makes the engine replace the resource. In what was read from an engine
/// the name carries the module path and the instance key as well.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId {
    /// The kind.
    pub kind: Kind,
    /// The logical name.
    pub name: String,
}

impl ResourceId {
    /// The id of the resource with this kind and logical name.
    pub fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }

    /// A reference to one of the resource's values.
    pub fn attribute(&self, attribute: Attribute) -> Reference {
        Reference { resource: self.clone(), attribute }
    }

    /// A reference to the resource's ARN.
    pub fn arn(&self) -> Reference {
        self.attribute(Attribute::Arn)
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}

/// A value that a resource has once it is deployed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// Its ARN.
    Arn,
    /// Its id: a bucket's, role's, user's or group's name, an endpoint's `vpce-…`, a security group's `sg-…`, a key's id.
    Id,
    /// An MRAP's alias.
    Alias,
    /// An MRAP's hostname.
    DomainName,
    /// Another attribute, as the engine spells it.
    Other(String),
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Arn => "arn",
            Self::Id => "id",
            Self::Alias => "alias",
            Self::DomainName => "domain_name",
            Self::Other(name) => name,
        })
    }
}

/// A reference to a value of another resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The resource.
    pub resource: ResourceId,
    /// Which of its values.
    pub attribute: Attribute,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.resource, self.attribute)
    }
}
