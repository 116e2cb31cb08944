//! Bodies of resources to Terraform's arguments and back, one file per AWS service.

mod args;
mod cloudwatch;
mod ec2;
mod fields;
mod iam;
mod kms;
mod organisations;
mod resource;
mod s3;
mod s3control;
mod users;

pub(crate) use args::Args;
pub(crate) use fields::Fields;
pub(crate) use resource::Given;

use crate::error::ReadError;
use narrows_model::resources::Other;
use narrows_model::resources::s3::Acl;
use narrows_model::{Body, Kind, Location, Value, ValueKind};

/// The access control list that stands in the arguments of an `aws_s3_bucket`, if it grants anything to others than the owner.
pub(crate) fn acl_of_bucket(arguments: &Value, address: &str) -> Result<Option<(Acl, Location)>, ReadError> {
    s3::read_acl_of_bucket(&Fields::new(arguments, address))
}

/// The arguments of a resource; an error says which setting Terraform does not take, and what was expected.
pub(crate) fn arguments(body: &Body) -> Result<Args, (String, String)> {
    Ok(match body {
        Body::Bucket(it) => s3::bucket(it),
        Body::BucketVersioning(it) => s3::versioning(it),
        Body::BucketPublicAccessBlock(it) => s3::public_access_block(it),
        Body::BucketOwnershipControls(it) => s3::ownership_controls(it),
        Body::BucketPolicy(it) => s3::policy(it),
        Body::BucketReplication(it) => s3::replication(it),
        Body::BucketMetric(it) => s3::metric(it),
        Body::MultiRegionAccessPoint(it) => s3control::access_point(it),
        Body::MultiRegionAccessPointPolicy(it) => s3control::policy(it),
        Body::MultiRegionAccessPointRoutes(it) => s3control::routes(it),
        Body::Role(it) => iam::role(it),
        Body::RolePolicy(it) => iam::role_policy(it),
        Body::ManagedPolicy(it) => iam::managed_policy(it),
        Body::RolePolicyAttachment(it) => iam::attachment(it),
        Body::BucketEncryption(it) => s3::encryption(it),
        Body::BucketAcl(it) => s3::acl(it),
        Body::PolicyAttachment(it) => iam::policy_attachment(it),
        Body::User(it) => users::user(it),
        Body::UserPolicy(it) => users::user_policy(it),
        Body::UserPolicyAttachment(it) => users::user_attachment(it),
        Body::UserGroups(it) => users::user_groups(it),
        Body::Group(it) => users::group(it),
        Body::GroupPolicy(it) => users::group_policy(it),
        Body::GroupPolicyAttachment(it) => users::group_attachment(it),
        Body::GroupMembers(it) => users::members(it),
        Body::Key(it) => kms::key(it),
        Body::ReplicaKey(it) => kms::replica(it),
        Body::KeyPolicy(it) => kms::policy(it),
        Body::KeyAlias(it) => kms::alias(it),
        Body::ControlPolicy(it) => organisations::policy(it),
        Body::ControlPolicyAttachment(it) => organisations::attachment(it),
        Body::MemberAccount(it) => organisations::account(it),
        Body::OrganisationalUnit(it) => organisations::unit(it),
        Body::VpcEndpoint(it) => ec2::endpoint(it)?,
        Body::SecurityGroup(it) => ec2::security_group(it),
        Body::SecurityGroupIngressRule(it) => ec2::ingress_rule(it),
        Body::MetricAlarm(it) => cloudwatch::alarm(it),
        Body::Dashboard(it) => cloudwatch::dashboard(it),
        Body::Other(other) => Args::of(&other.arguments).ok_or_else(|| {
            let got = format!("{} as its arguments", other.arguments.kind_in_words());
            (got, "an object".to_owned())
        })?,
    })
}

/// The body of a resource, from its arguments with templates read.
///
/// A resource that uses a feature which the model cannot hold becomes [`Body::Other`].
pub(crate) fn body(fields: &Fields<'_>, type_name: &str) -> Result<Body, ReadError> {
    let known = match crate::kinds::kind_of(type_name) {
        Kind::Bucket => Some(Body::Bucket(s3::read_bucket(fields)?)),
        Kind::BucketVersioning => Some(Body::BucketVersioning(s3::read_versioning(fields)?)),
        Kind::BucketPublicAccessBlock => {
            Some(Body::BucketPublicAccessBlock(s3::read_public_access_block(fields)?))
        }
        Kind::BucketOwnershipControls => {
            Some(Body::BucketOwnershipControls(s3::read_ownership_controls(fields)?))
        }
        Kind::BucketPolicy => Some(Body::BucketPolicy(s3::read_policy(fields)?)),
        Kind::BucketReplication => Some(Body::BucketReplication(s3::read_replication(fields)?)),
        Kind::BucketMetric => s3::read_metric(fields)?.map(Body::BucketMetric),
        Kind::MultiRegionAccessPoint => {
            Some(Body::MultiRegionAccessPoint(s3control::read_access_point(fields)?))
        }
        Kind::MultiRegionAccessPointPolicy => {
            Some(Body::MultiRegionAccessPointPolicy(s3control::read_policy(fields)?))
        }
        Kind::MultiRegionAccessPointRoutes => {
            Some(Body::MultiRegionAccessPointRoutes(s3control::read_routes(fields)?))
        }
        Kind::Role => Some(Body::Role(iam::read_role(fields)?)),
        Kind::RolePolicy => Some(Body::RolePolicy(iam::read_role_policy(fields)?)),
        Kind::ManagedPolicy => Some(Body::ManagedPolicy(iam::read_managed_policy(fields)?)),
        Kind::RolePolicyAttachment => Some(Body::RolePolicyAttachment(iam::read_attachment(fields)?)),
        Kind::BucketEncryption => s3::read_encryption(fields)?.map(Body::BucketEncryption),
        Kind::BucketAcl => Some(Body::BucketAcl(s3::read_acl(fields)?)),
        Kind::PolicyAttachment => Some(Body::PolicyAttachment(iam::read_policy_attachment(fields)?)),
        Kind::User => Some(Body::User(users::read_user(fields)?)),
        Kind::UserPolicy => Some(Body::UserPolicy(users::read_user_policy(fields)?)),
        Kind::UserPolicyAttachment => Some(Body::UserPolicyAttachment(users::read_user_attachment(fields)?)),
        Kind::UserGroups => Some(Body::UserGroups(users::read_user_groups(fields)?)),
        Kind::Group => Some(Body::Group(users::read_group(fields)?)),
        Kind::GroupPolicy => Some(Body::GroupPolicy(users::read_group_policy(fields)?)),
        Kind::GroupPolicyAttachment => {
            Some(Body::GroupPolicyAttachment(users::read_group_attachment(fields)?))
        }
        Kind::GroupMembers => Some(Body::GroupMembers(users::read_members(fields)?)),
        Kind::Key => Some(Body::Key(kms::read_key(fields)?)),
        Kind::ReplicaKey => Some(Body::ReplicaKey(kms::read_replica(fields)?)),
        Kind::KeyPolicy => Some(Body::KeyPolicy(kms::read_policy(fields)?)),
        Kind::KeyAlias => Some(Body::KeyAlias(kms::read_alias(fields)?)),
        Kind::ControlPolicy => organisations::read_policy(fields)?.map(Body::ControlPolicy),
        Kind::ControlPolicyAttachment => {
            Some(Body::ControlPolicyAttachment(organisations::read_attachment(fields)?))
        }
        Kind::MemberAccount => Some(Body::MemberAccount(organisations::read_account(fields)?)),
        Kind::OrganisationalUnit => Some(Body::OrganisationalUnit(organisations::read_unit(fields)?)),
        Kind::VpcEndpoint => ec2::read_endpoint(fields)?.map(Body::VpcEndpoint),
        Kind::SecurityGroup => ec2::read_security_group(fields)?.map(Body::SecurityGroup),
        Kind::SecurityGroupIngressRule => ec2::read_ingress_rule(fields)?.map(Body::SecurityGroupIngressRule),
        Kind::MetricAlarm => cloudwatch::read_alarm(fields)?.map(Body::MetricAlarm),
        Kind::Dashboard => Some(Body::Dashboard(cloudwatch::read_dashboard(fields)?)),
        Kind::Other(_) => None,
    };
    Ok(known.unwrap_or_else(|| {
        Body::Other(Other { type_name: type_name.to_owned(), arguments: fields.value().clone() })
    }))
}

/// A document as Terraform takes it: JSON inside a string.
fn as_json_text(document: &Value) -> Value {
    match document.kind {
        ValueKind::Text(_) | ValueKind::Json(_) => document.clone(),
        _ => document.clone().into_json_text(),
    }
}

/// `Enabled` or `Disabled`, as many blocks of S3 have it.
fn status(enabled: bool) -> &'static str {
    if enabled { "Enabled" } else { "Disabled" }
}
