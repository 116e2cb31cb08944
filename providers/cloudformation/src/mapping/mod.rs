//! Properties of resources to bodies of the model, one file per AWS service.

mod ec2;
mod fields;
mod iam;
mod kms;
mod organizations;
mod s3;
mod users;

pub(crate) use fields::Fields;

use crate::error::ReadError;
use narrows_model::{Body, Location, ResourceId};

/// What a resource of a template becomes: one resource of the model, or several.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    /// What follows the resource's name; empty for the resource itself.
    pub suffix: String,
    pub body: Body,
    /// Where it stands; `None` for where the resource does.
    pub location: Option<Location>,
}

impl Made {
    fn itself(body: Body) -> Self {
        Self { suffix: String::new(), body, location: None }
    }

    /// A part of the resource, in one of its properties.
    fn part(suffix: impl Into<String>, body: Body, location: Location) -> Self {
        Self { suffix: suffix.into(), body, location: Some(location) }
    }
}

/// The bodies that a resource of a modelled type becomes; `id` is that of the resource itself.
pub(crate) fn bodies(type_name: &str, fields: &Fields<'_>, id: &ResourceId) -> Result<Vec<Made>, ReadError> {
    match type_name {
        "AWS::S3::Bucket" => s3::bucket(fields, id),
        "AWS::S3::BucketPolicy" => s3::policy(fields),
        "AWS::S3::MultiRegionAccessPoint" => s3::access_point(fields, id),
        "AWS::S3::MultiRegionAccessPointPolicy" => s3::access_point_policy(fields),
        "AWS::IAM::Role" => iam::role(fields, id),
        "AWS::IAM::Policy" => iam::policy(fields),
        "AWS::IAM::RolePolicy" => iam::role_policy(fields),
        "AWS::IAM::ManagedPolicy" => iam::managed_policy(fields, id),
        "AWS::IAM::User" => users::user(fields, id),
        "AWS::IAM::UserPolicy" => users::user_policy(fields),
        "AWS::IAM::Group" => users::group(fields, id),
        "AWS::IAM::GroupPolicy" => users::group_policy(fields),
        "AWS::IAM::UserToGroupAddition" => users::members(fields, id),
        "AWS::KMS::Key" => kms::key(fields),
        "AWS::KMS::ReplicaKey" => kms::replica(fields),
        "AWS::KMS::Alias" => kms::alias(fields),
        "AWS::EC2::VPCEndpoint" => ec2::endpoint(fields),
        "AWS::Organizations::Policy" => organizations::policy(fields, id),
        "AWS::Organizations::Account" => organizations::account(fields),
        "AWS::Organizations::OrganizationalUnit" => organizations::unit(fields),
        _ => Ok(Vec::new()),
    }
}
