//! Which fields name a resource, and by what.

use narrows_model::{Attribute, Kind, Reference};

/// What a field holds that names a resource.
pub(super) struct Naming {
    /// The kind of resource; `None` for any.
    kind: Option<Kind>,
    attribute: Attribute,
    /// Whether it is a KMS key, by its id or ARN or that of an alias.
    keys: bool,
}

/// Whether a field names a KMS key.
fn names_key(type_name: &str, path: &str) -> bool {
    matches!(
        (type_name, path),
        (
            "aws_s3_bucket_server_side_encryption_configuration",
            "rule.apply_server_side_encryption_by_default.kms_master_key_id",
        ) | (
            "aws_s3_bucket_replication_configuration",
            "rule.destination.encryption_configuration.replica_kms_key_id",
        ) | ("aws_kms_key_policy", "key_id")
            | ("aws_kms_alias", "target_key_id")
            | ("aws_kms_replica_key", "primary_key_arn")
    )
}

fn is_key(kind: &Kind) -> bool {
    matches!(kind, Kind::Key | Kind::ReplicaKey | Kind::KeyAlias)
}

impl Naming {
    /// What a field of a resource type names; `None` where it holds anything else, such as a document.
    pub(super) fn of(type_name: &str, path: &str) -> Option<Self> {
        let keys = names_key(type_name, path);
        let (kind, attribute) = match (type_name, path) {
            _ if keys => (None, Attribute::Arn),
            ("aws_s3_bucket_replication_configuration", "rule.destination.bucket") => {
                (Some(Kind::Bucket), Attribute::Arn)
            }
            ("aws_s3_bucket_replication_configuration", "role") => (Some(Kind::Role), Attribute::Arn),
            ("aws_s3control_multi_region_access_point", "details.region.bucket")
            | ("aws_s3control_multi_region_access_point_routes", "route.bucket") => {
                (Some(Kind::Bucket), Attribute::Id)
            }
            ("aws_s3control_multi_region_access_point_routes", "mrap") => {
                (Some(Kind::MultiRegionAccessPoint), Attribute::Arn)
            }
            ("aws_s3control_multi_region_access_point_policy", "details.name") => {
                (Some(Kind::MultiRegionAccessPoint), Attribute::Other("name".to_owned()))
            }
            (bucket, "bucket") if bucket.starts_with("aws_s3_bucket_") => (Some(Kind::Bucket), Attribute::Id),
            ("aws_iam_role_policy" | "aws_iam_role_policy_attachment", "role") => {
                (Some(Kind::Role), Attribute::Id)
            }
            ("aws_iam_policy_attachment", "roles") => (Some(Kind::Role), Attribute::Id),
            ("aws_iam_policy_attachment" | "aws_iam_group_membership", "users")
            | (
                "aws_iam_user_policy" | "aws_iam_user_policy_attachment" | "aws_iam_user_group_membership",
                "user",
            ) => (Some(Kind::User), Attribute::Id),
            ("aws_iam_policy_attachment" | "aws_iam_user_group_membership", "groups")
            | (
                "aws_iam_group_policy" | "aws_iam_group_policy_attachment" | "aws_iam_group_membership",
                "group",
            ) => (Some(Kind::Group), Attribute::Id),
            ("aws_iam_role" | "aws_iam_user", "permissions_boundary")
            | ("aws_iam_role", "managed_policy_arns")
            | (
                "aws_iam_role_policy_attachment"
                | "aws_iam_user_policy_attachment"
                | "aws_iam_group_policy_attachment"
                | "aws_iam_policy_attachment",
                "policy_arn",
            ) => (Some(Kind::ManagedPolicy), Attribute::Arn),
            ("aws_organizations_policy_attachment", "policy_id") => {
                (Some(Kind::ControlPolicy), Attribute::Id)
            }
            ("aws_organizations_policy_attachment", "target_id")
            | ("aws_organizations_account" | "aws_organizations_organizational_unit", "parent_id") => {
                (None, Attribute::Id)
            }
            ("aws_vpc_endpoint_policy", "vpc_endpoint_id") => (Some(Kind::VpcEndpoint), Attribute::Id),
            ("aws_vpc_security_group_ingress_rule", "security_group_id")
            | ("aws_vpc_endpoint", "security_group_ids") => (Some(Kind::SecurityGroup), Attribute::Id),
            ("aws_vpc_endpoint", "vpc_id" | "subnet_ids") | ("aws_security_group", "vpc_id") => {
                (None, Attribute::Id)
            }
            ("aws_cloudwatch_metric_alarm", "alarm_actions") => (None, Attribute::Arn),
            _ => return None,
        };
        Some(Self { kind, attribute, keys })
    }

    /// The value that a field of this sort holds, if all that is known is what its expression refers to.
    pub(super) fn fits(&self, reference: &Reference) -> Option<Reference> {
        let target = &reference.resource;
        if self.keys {
            return is_key(&target.kind).then(|| reference.clone());
        }
        let is_kind = self.kind.as_ref().is_none_or(|kind| *kind == target.kind);
        // An MRAP's name is cut out of its id, which is `<account>:<name>`.
        let is_name = target.kind == Kind::MultiRegionAccessPoint
            && self.attribute == Attribute::Other("name".to_owned())
            && reference.attribute == Attribute::Id;
        let fits = is_kind && (reference.attribute == self.attribute || is_name);
        fits.then(|| target.attribute(self.attribute.clone()))
    }

    /// The value of a resource of the right kind that such a field holds.
    pub(super) fn of_resource(&self, resource: narrows_model::ResourceId) -> Option<Reference> {
        let is_kind = match &self.kind {
            None if self.keys => is_key(&resource.kind),
            kind => kind.as_ref().is_some_and(|kind| *kind == resource.kind),
        };
        is_kind.then(|| resource.attribute(self.attribute.clone()))
    }
}

/// Whether a field is read as text that may be unknown, rather than as one of several words or a number.
pub(super) fn may_be_unknown(type_name: &str, path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or_default();
    Naming::of(type_name, path).is_some()
        || ["policy", "assume_role_policy", "content", "dashboard_body", "name", "region"].contains(&last)
            && path != "details.region.region"
}

/// Blocks that a resource would be misread without, if a dynamic block makes an unknown number of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blocks {
    /// The buckets of an MRAP.
    MrapBuckets,
    /// Policies inside a role.
    InlinePolicies,
    /// Others.
    Other,
}

impl Blocks {
    /// The blocks at a path of a resource type; `None` for an argument.
    pub(super) fn of(type_name: &str, path: &str) -> Option<Self> {
        match (type_name, path) {
            ("aws_s3control_multi_region_access_point", "details.region") => Some(Self::MrapBuckets),
            ("aws_iam_role", "inline_policy") => Some(Self::InlinePolicies),
            (
                "aws_s3control_multi_region_access_point" | "aws_s3control_multi_region_access_point_policy",
                "details",
            )
            | ("aws_s3control_multi_region_access_point", "details.public_access_block")
            | ("aws_s3control_multi_region_access_point_routes", "route")
            | ("aws_s3_bucket_versioning", "versioning_configuration")
            | (
                "aws_s3_bucket_ownership_controls"
                | "aws_s3_bucket_replication_configuration"
                | "aws_s3_bucket_server_side_encryption_configuration",
                "rule",
            )
            | (
                "aws_s3_bucket_server_side_encryption_configuration",
                "rule.apply_server_side_encryption_by_default",
            )
            | (
                "aws_s3_bucket_acl",
                "access_control_policy"
                | "access_control_policy.grant"
                | "access_control_policy.grant.grantee"
                | "access_control_policy.owner",
            )
            | (
                "aws_s3_bucket_replication_configuration",
                "rule.filter"
                | "rule.filter.and"
                | "rule.filter.tag"
                | "rule.destination"
                | "rule.destination.encryption_configuration"
                | "rule.source_selection_criteria"
                | "rule.source_selection_criteria.sse_kms_encrypted_objects",
            ) => Some(Self::Other),
            _ => None,
        }
    }
}
