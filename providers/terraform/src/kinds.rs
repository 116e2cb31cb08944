//! What Terraform calls the kinds of resources and their attributes.

use narrows_model::{Attribute, Kind};

/// The AWS service that a resource type belongs to; each gets a file of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Service {
    S3,
    S3Control,
    Iam,
    Kms,
    Organisations,
    Ec2,
    CloudWatch,
    Other,
}

impl Service {
    pub(crate) const ALL: [Self; 8] = [
        Self::S3,
        Self::S3Control,
        Self::Iam,
        Self::Kms,
        Self::Organisations,
        Self::Ec2,
        Self::CloudWatch,
        Self::Other,
    ];

    /// The name of the service's file.
    pub(crate) fn file_name(self) -> &'static str {
        match self {
            Self::S3 => "s3.tf.json",
            Self::S3Control => "s3control.tf.json",
            Self::Iam => "iam.tf.json",
            Self::Kms => "kms.tf.json",
            Self::Organisations => "organizations.tf.json",
            Self::Ec2 => "ec2.tf.json",
            Self::CloudWatch => "cloudwatch.tf.json",
            Self::Other => "other.tf.json",
        }
    }
}

const TYPES: [(Kind, &str, Service); 38] = [
    (Kind::Bucket, "aws_s3_bucket", Service::S3),
    (Kind::BucketVersioning, "aws_s3_bucket_versioning", Service::S3),
    (Kind::BucketPublicAccessBlock, "aws_s3_bucket_public_access_block", Service::S3),
    (Kind::BucketOwnershipControls, "aws_s3_bucket_ownership_controls", Service::S3),
    (Kind::BucketPolicy, "aws_s3_bucket_policy", Service::S3),
    (Kind::BucketReplication, "aws_s3_bucket_replication_configuration", Service::S3),
    (Kind::BucketMetric, "aws_s3_bucket_metric", Service::S3),
    (Kind::BucketEncryption, "aws_s3_bucket_server_side_encryption_configuration", Service::S3),
    (Kind::BucketAcl, "aws_s3_bucket_acl", Service::S3),
    (Kind::MultiRegionAccessPoint, "aws_s3control_multi_region_access_point", Service::S3Control),
    (
        Kind::MultiRegionAccessPointPolicy,
        "aws_s3control_multi_region_access_point_policy",
        Service::S3Control,
    ),
    (
        Kind::MultiRegionAccessPointRoutes,
        "aws_s3control_multi_region_access_point_routes",
        Service::S3Control,
    ),
    (Kind::Role, "aws_iam_role", Service::Iam),
    (Kind::RolePolicy, "aws_iam_role_policy", Service::Iam),
    (Kind::ManagedPolicy, "aws_iam_policy", Service::Iam),
    (Kind::RolePolicyAttachment, "aws_iam_role_policy_attachment", Service::Iam),
    (Kind::PolicyAttachment, "aws_iam_policy_attachment", Service::Iam),
    (Kind::User, "aws_iam_user", Service::Iam),
    (Kind::UserPolicy, "aws_iam_user_policy", Service::Iam),
    (Kind::UserPolicyAttachment, "aws_iam_user_policy_attachment", Service::Iam),
    (Kind::UserGroups, "aws_iam_user_group_membership", Service::Iam),
    (Kind::Group, "aws_iam_group", Service::Iam),
    (Kind::GroupPolicy, "aws_iam_group_policy", Service::Iam),
    (Kind::GroupPolicyAttachment, "aws_iam_group_policy_attachment", Service::Iam),
    (Kind::GroupMembers, "aws_iam_group_membership", Service::Iam),
    (Kind::Key, "aws_kms_key", Service::Kms),
    (Kind::ReplicaKey, "aws_kms_replica_key", Service::Kms),
    (Kind::KeyPolicy, "aws_kms_key_policy", Service::Kms),
    (Kind::KeyAlias, "aws_kms_alias", Service::Kms),
    (Kind::ControlPolicy, "aws_organizations_policy", Service::Organisations),
    (Kind::ControlPolicyAttachment, "aws_organizations_policy_attachment", Service::Organisations),
    (Kind::MemberAccount, "aws_organizations_account", Service::Organisations),
    (Kind::OrganisationalUnit, "aws_organizations_organizational_unit", Service::Organisations),
    (Kind::VpcEndpoint, "aws_vpc_endpoint", Service::Ec2),
    (Kind::SecurityGroup, "aws_security_group", Service::Ec2),
    (Kind::SecurityGroupIngressRule, "aws_vpc_security_group_ingress_rule", Service::Ec2),
    (Kind::MetricAlarm, "aws_cloudwatch_metric_alarm", Service::CloudWatch),
    (Kind::Dashboard, "aws_cloudwatch_dashboard", Service::CloudWatch),
];

/// The kind of a Terraform type.
pub(crate) fn kind_of(type_name: &str) -> Kind {
    let known = TYPES.iter().find(|(_, name, _)| *name == type_name);
    known.map_or_else(|| Kind::Other(type_name.to_owned()), |(kind, _, _)| kind.clone())
}

/// The Terraform type of a kind, and the service it belongs to.
pub(crate) fn type_of(kind: &Kind) -> (&str, Service) {
    if let Kind::Other(name) = kind {
        return (name, Service::Other);
    }
    TYPES.iter().find(|(known, _, _)| known == kind).map_or(("", Service::Other), |(_, name, at)| (name, *at))
}

/// Whether the type takes the `region` argument that version 6 of the AWS provider gave to regional resources.
pub(crate) fn is_regional(type_name: &str) -> bool {
    type_name.starts_with("aws_") && type_of(&kind_of(type_name)).1 != Service::Iam && {
        !["aws_iam_", "aws_cloudfront_", "aws_route53_", "aws_organizations_", "aws_account_"]
            .iter()
            .any(|global| type_name.starts_with(global))
    }
}

/// The attribute that a path after a resource's address means, such as `arn` or `details[0].name`.
pub(crate) fn attribute_of(kind: &Kind, path: &str) -> Attribute {
    match (kind, path) {
        // The id of a managed policy is its ARN.
        (_, "arn") | (Kind::ManagedPolicy, "id") => Attribute::Arn,
        (_, "id")
        | (Kind::Bucket, "bucket")
        | (Kind::Role | Kind::User | Kind::Group | Kind::KeyAlias, "name")
        | (Kind::Key | Kind::ReplicaKey, "key_id") => Attribute::Id,
        (Kind::MultiRegionAccessPoint, "alias") => Attribute::Alias,
        (Kind::MultiRegionAccessPoint, "domain_name") => Attribute::DomainName,
        (Kind::MultiRegionAccessPoint, "name" | "details[0].name") => Attribute::Other("name".to_owned()),
        (_, path) => Attribute::Other(path.to_owned()),
    }
}

/// The path after a resource's address that means an attribute; `None` where the type has no such attribute.
///
/// A bucket's and a role's id are spelled as the argument that they were given, so that they are known in a plan.
pub(crate) fn path_of(kind: &Kind, attribute: &Attribute) -> Option<String> {
    use Kind::{
        Bucket, Dashboard, Group, Key, KeyAlias, ManagedPolicy, MetricAlarm, MultiRegionAccessPoint, Other,
        ReplicaKey, Role, SecurityGroup, SecurityGroupIngressRule, User, VpcEndpoint,
    };
    let path = match (kind, attribute) {
        (Bucket, Attribute::Id) => "bucket",
        (Role | User | Group | KeyAlias, Attribute::Id) => "name",
        (Key | ReplicaKey, Attribute::Id) => "key_id",
        (_, Attribute::Id) => "id",
        (
            Bucket
            | MultiRegionAccessPoint
            | Role
            | ManagedPolicy
            | User
            | Group
            | Key
            | ReplicaKey
            | KeyAlias
            | VpcEndpoint
            | SecurityGroup
            | SecurityGroupIngressRule
            | MetricAlarm
            | Other(_),
            Attribute::Arn,
        ) => "arn",
        (MultiRegionAccessPoint, Attribute::Alias) => "alias",
        (MultiRegionAccessPoint, Attribute::DomainName) => "domain_name",
        (MultiRegionAccessPoint, Attribute::Other(name)) if name == "name" => "details[0].name",
        (Dashboard, Attribute::Arn) => "dashboard_arn",
        (_, Attribute::Other(path)) if is_path(path) => path,
        _ => return None,
    };
    Some(path.to_owned())
}

/// Whether a text can follow a resource's address in an expression without ending it.
fn is_path(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.[]\"".contains(&byte))
}

/// Whether a text can be a resource's label.
pub(crate) fn is_label(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}
