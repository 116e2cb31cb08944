//! Users, groups and their policies: `aws_iam_user`, `aws_iam_user_policy`, `aws_iam_user_policy_attachment`,
//! `aws_iam_user_group_membership`, `aws_iam_group`, `aws_iam_group_policy`, `aws_iam_group_policy_attachment`,
//! `aws_iam_group_membership`.

use super::{Args, Fields};
use crate::error::ReadError;
use narrows_model::RolePath;
use narrows_model::resources::iam::{
    Group, GroupMembers, GroupPolicy, GroupPolicyAttachment, User, UserGroups, UserPolicy,
    UserPolicyAttachment,
};

/// A path, left out where it is the one that everything has.
fn with_path(args: Args, path: &RolePath) -> Args {
    args.optional_text("path", Some(path.as_str()).filter(|path| *path != RolePath::default().as_str()))
}

fn read_path(fields: &Fields<'_>) -> Result<RolePath, ReadError> {
    Ok(fields.known("path", "a path such as `/apps/`")?.unwrap_or_default())
}

pub(super) fn user(it: &User) -> Args {
    with_path(Args::default().input("name", &it.name), &it.path)
        .optional_input("permissions_boundary", it.permissions_boundary.as_ref())
}

pub(super) fn read_user(fields: &Fields<'_>) -> Result<User, ReadError> {
    Ok(User {
        name: fields.required_input("name")?,
        path: read_path(fields)?,
        permissions_boundary: fields.input("permissions_boundary")?,
    })
}

/// The name of an inline policy, left out where the provider makes one up.
fn named(args: Args, name: &str) -> Args {
    args.optional_text("name", Some(name).filter(|name| !name.is_empty()))
}

pub(super) fn user_policy(it: &UserPolicy) -> Args {
    named(Args::default(), &it.name).input("user", &it.user).document("policy", &it.policy)
}

pub(super) fn read_user_policy(fields: &Fields<'_>) -> Result<UserPolicy, ReadError> {
    Ok(UserPolicy {
        user: fields.required_input("user")?,
        name: fields.string("name")?.unwrap_or_default(),
        policy: fields.required_document("policy")?,
    })
}

pub(super) fn user_attachment(it: &UserPolicyAttachment) -> Args {
    Args::default().input("user", &it.user).input("policy_arn", &it.policy)
}

pub(super) fn read_user_attachment(fields: &Fields<'_>) -> Result<UserPolicyAttachment, ReadError> {
    Ok(UserPolicyAttachment {
        user: fields.required_input("user")?,
        policy: fields.required_input("policy_arn")?,
    })
}

pub(super) fn user_groups(it: &UserGroups) -> Args {
    Args::default().input("user", &it.user).inputs("groups", &it.groups)
}

pub(super) fn read_user_groups(fields: &Fields<'_>) -> Result<UserGroups, ReadError> {
    Ok(UserGroups { user: fields.required_input("user")?, groups: fields.inputs("groups")? })
}

pub(super) fn group(it: &Group) -> Args {
    with_path(Args::default().input("name", &it.name), &it.path)
}

pub(super) fn read_group(fields: &Fields<'_>) -> Result<Group, ReadError> {
    Ok(Group { name: fields.required_input("name")?, path: read_path(fields)? })
}

pub(super) fn group_policy(it: &GroupPolicy) -> Args {
    named(Args::default(), &it.name).input("group", &it.group).document("policy", &it.policy)
}

pub(super) fn read_group_policy(fields: &Fields<'_>) -> Result<GroupPolicy, ReadError> {
    Ok(GroupPolicy {
        group: fields.required_input("group")?,
        name: fields.string("name")?.unwrap_or_default(),
        policy: fields.required_document("policy")?,
    })
}

pub(super) fn group_attachment(it: &GroupPolicyAttachment) -> Args {
    Args::default().input("group", &it.group).input("policy_arn", &it.policy)
}

pub(super) fn read_group_attachment(fields: &Fields<'_>) -> Result<GroupPolicyAttachment, ReadError> {
    Ok(GroupPolicyAttachment {
        group: fields.required_input("group")?,
        policy: fields.required_input("policy_arn")?,
    })
}

pub(super) fn members(it: &GroupMembers) -> Args {
    Args::default().text("name", it.name.as_str()).input("group", &it.group).inputs("users", &it.users)
}

pub(super) fn read_members(fields: &Fields<'_>) -> Result<GroupMembers, ReadError> {
    Ok(GroupMembers {
        name: fields.required_string("name")?,
        group: fields.required_input("group")?,
        users: fields.inputs("users")?,
    })
}
