//! Users, groups and their policies.

use super::Fields;
use super::iam::{managed, path, required_managed};
use crate::error::ReadError;
use narrows_model::resources::iam::{
    Group, GroupMembers, GroupPolicy, GroupPolicyAttachment, User, UserGroups, UserPolicy,
    UserPolicyAttachment,
};
use narrows_model::{Attribute, GroupName, Input, Kind, UserName};

pub(super) fn user(fields: &Fields<'_>) -> Result<User, ReadError> {
    Ok(User {
        name: fields.required_input("name")?,
        path: path(fields)?,
        permissions_boundary: managed(fields, "permissionsBoundary")?,
    })
}

fn of_user(fields: &Fields<'_>) -> Result<Input<UserName>, ReadError> {
    fields.required_named("user", &[Kind::User], Attribute::Id)
}

fn of_group(fields: &Fields<'_>) -> Result<Input<GroupName>, ReadError> {
    fields.required_named("group", &[Kind::Group], Attribute::Id)
}

pub(super) fn user_policy(fields: &Fields<'_>) -> Result<UserPolicy, ReadError> {
    Ok(UserPolicy {
        user: of_user(fields)?,
        name: fields.string("name")?.unwrap_or_default(),
        policy: fields.required_document("policy")?,
    })
}

pub(super) fn user_attachment(fields: &Fields<'_>) -> Result<UserPolicyAttachment, ReadError> {
    Ok(UserPolicyAttachment { user: of_user(fields)?, policy: required_managed(fields, "policyArn")? })
}

pub(super) fn user_groups(fields: &Fields<'_>) -> Result<UserGroups, ReadError> {
    Ok(UserGroups {
        user: of_user(fields)?,
        groups: fields.list_named("groups", Kind::Group, Attribute::Id)?,
    })
}

pub(super) fn group(fields: &Fields<'_>) -> Result<Group, ReadError> {
    Ok(Group { name: fields.required_input("name")?, path: path(fields)? })
}

pub(super) fn group_policy(fields: &Fields<'_>) -> Result<GroupPolicy, ReadError> {
    Ok(GroupPolicy {
        group: of_group(fields)?,
        name: fields.string("name")?.unwrap_or_default(),
        policy: fields.required_document("policy")?,
    })
}

pub(super) fn group_attachment(fields: &Fields<'_>) -> Result<GroupPolicyAttachment, ReadError> {
    Ok(GroupPolicyAttachment { group: of_group(fields)?, policy: required_managed(fields, "policyArn")? })
}

pub(super) fn members(fields: &Fields<'_>) -> Result<GroupMembers, ReadError> {
    Ok(GroupMembers {
        name: fields.string("name")?.unwrap_or_default(),
        group: of_group(fields)?,
        users: fields.list_named("users", Kind::User, Attribute::Id)?,
    })
}
