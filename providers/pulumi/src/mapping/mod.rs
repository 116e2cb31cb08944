//! Properties of resources to bodies of the model, one file per AWS service.

mod acl;
mod ec2;
mod fields;
mod iam;
mod kms;
mod links;
mod organisations;
mod s3;
mod s3control;
mod users;

pub(crate) use ec2::{EndpointPolicy, policy as endpoint_policy};
pub(crate) use fields::Fields;
pub(crate) use links::Links;

use crate::error::ReadError;
use crate::kinds;
use narrows_model::resources::Other;
use narrows_model::{Body, Kind, Location, ResourceId};

/// A part of a resource that the model has as a resource of its own.
pub(crate) struct Part {
    /// The property that it is in.
    pub property: &'static str,
    pub body: Body,
    pub location: Location,
}

/// The body of a resource, from its properties.
///
/// A resource that uses a feature which the model cannot hold becomes [`Body::Other`].
pub(crate) fn body(fields: &Fields<'_>, type_name: &str) -> Result<Body, ReadError> {
    let known = match kinds::kind_of(type_name) {
        Kind::Bucket => Some(Body::Bucket(s3::bucket(fields)?)),
        Kind::BucketVersioning => Some(Body::BucketVersioning(s3::versioning(fields)?)),
        Kind::BucketPublicAccessBlock => {
            Some(Body::BucketPublicAccessBlock(s3::public_access_block(fields)?))
        }
        Kind::BucketOwnershipControls => Some(Body::BucketOwnershipControls(s3::ownership_controls(fields)?)),
        Kind::BucketPolicy => Some(Body::BucketPolicy(s3::policy(fields)?)),
        Kind::BucketReplication => Some(Body::BucketReplication(s3::replication(fields)?)),
        Kind::BucketEncryption => s3::encryption(fields)?.map(Body::BucketEncryption),
        Kind::BucketAcl => Some(Body::BucketAcl(acl::acl(fields)?)),
        Kind::MultiRegionAccessPoint => Some(Body::MultiRegionAccessPoint(s3control::access_point(fields)?)),
        Kind::MultiRegionAccessPointPolicy => {
            Some(Body::MultiRegionAccessPointPolicy(s3control::policy(fields)?))
        }
        Kind::Role => Some(Body::Role(iam::role(fields)?)),
        Kind::RolePolicy => Some(Body::RolePolicy(iam::role_policy(fields)?)),
        Kind::ManagedPolicy => Some(Body::ManagedPolicy(iam::managed_policy(fields)?)),
        Kind::RolePolicyAttachment => Some(Body::RolePolicyAttachment(iam::attachment(fields)?)),
        Kind::PolicyAttachment => Some(Body::PolicyAttachment(iam::policy_attachment(fields)?)),
        Kind::User => Some(Body::User(users::user(fields)?)),
        Kind::UserPolicy => Some(Body::UserPolicy(users::user_policy(fields)?)),
        Kind::UserPolicyAttachment => Some(Body::UserPolicyAttachment(users::user_attachment(fields)?)),
        Kind::UserGroups => Some(Body::UserGroups(users::user_groups(fields)?)),
        Kind::Group => Some(Body::Group(users::group(fields)?)),
        Kind::GroupPolicy => Some(Body::GroupPolicy(users::group_policy(fields)?)),
        Kind::GroupPolicyAttachment => Some(Body::GroupPolicyAttachment(users::group_attachment(fields)?)),
        Kind::GroupMembers => Some(Body::GroupMembers(users::members(fields)?)),
        Kind::Key => Some(Body::Key(kms::key(fields)?)),
        Kind::ReplicaKey => Some(Body::ReplicaKey(kms::replica(fields)?)),
        Kind::KeyPolicy => Some(Body::KeyPolicy(kms::policy(fields)?)),
        Kind::KeyAlias => Some(Body::KeyAlias(kms::alias(fields)?)),
        Kind::ControlPolicy => organisations::policy(fields)?.map(Body::ControlPolicy),
        Kind::ControlPolicyAttachment => {
            Some(Body::ControlPolicyAttachment(organisations::attachment(fields)?))
        }
        Kind::MemberAccount => Some(Body::MemberAccount(organisations::account(fields)?)),
        Kind::OrganisationalUnit => Some(Body::OrganisationalUnit(organisations::unit(fields)?)),
        Kind::VpcEndpoint => ec2::endpoint(fields)?.map(Body::VpcEndpoint),
        _ => None,
    };
    Ok(known.unwrap_or_else(|| {
        Body::Other(Other { type_name: type_name.to_owned(), arguments: fields.value().clone() })
    }))
}

/// What is configured inside a resource that the model has as resources of their own; `id` is that of the resource.
///
/// Inputs alone count: what the provider reports of them is another resource's.
pub(crate) fn parts(inputs: &Fields<'_>, id: &ResourceId) -> Result<Vec<Part>, ReadError> {
    match id.kind {
        Kind::Bucket => s3::parts(inputs, id),
        _ => Ok(Vec::new()),
    }
}
