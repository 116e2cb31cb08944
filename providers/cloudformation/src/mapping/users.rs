//! Users, groups and their policies: `AWS::IAM::User`, `UserPolicy`, `Group`, `GroupPolicy`, `UserToGroupAddition`.

use super::iam::{inline, name, path};
use super::{Fields, Made};
use crate::error::ReadError;
use narrows_model::resources::iam::{
    Group, GroupMembers, GroupPolicy, GroupPolicyAttachment, User, UserGroups, UserPolicy,
    UserPolicyAttachment,
};
use narrows_model::{Attribute, Body, Input, ResourceId};

/// A user, and each of its policies and its groups as a resource of its own.
pub(super) fn user(fields: &Fields<'_>, id: &ResourceId) -> Result<Vec<Made>, ReadError> {
    let itself = || Input::reference(id.attribute(Attribute::Id));
    let mut made = vec![Made::itself(Body::User(User {
        name: name(fields, "UserName", id)?,
        path: path(fields)?,
        permissions_boundary: fields.input("PermissionsBoundary")?,
    }))];
    for (index, (inline, location)) in inline(fields)?.into_iter().enumerate() {
        let body = UserPolicy { user: itself(), name: inline.name, policy: inline.policy };
        made.push(Made::part(format!(".Policies[{index}]"), Body::UserPolicy(body), location));
    }
    for (index, item) in fields.items("ManagedPolicyArns")?.iter().enumerate() {
        let policy = fields.one_input("ManagedPolicyArns", item)?;
        let body = Body::UserPolicyAttachment(UserPolicyAttachment { user: itself(), policy });
        made.push(Made::part(format!(".ManagedPolicyArns[{index}]"), body, item.location.clone()));
    }
    if let Some(given) = fields.get("Groups") {
        let body = Body::UserGroups(UserGroups { user: itself(), groups: fields.inputs("Groups")? });
        made.push(Made::part(".Groups", body, given.location.clone()));
    }
    Ok(made)
}

pub(super) fn user_policy(fields: &Fields<'_>) -> Result<Vec<Made>, ReadError> {
    // Without a document the user keeps what it has.
    let Some(policy) = fields.document("PolicyDocument")? else { return Ok(Vec::new()) };
    let body = UserPolicy {
        user: fields.required_input("UserName")?,
        name: fields.required_string("PolicyName")?,
        policy,
    };
    Ok(vec![Made::itself(Body::UserPolicy(body))])
}

/// A group, and each of its policies as a resource of its own.
pub(super) fn group(fields: &Fields<'_>, id: &ResourceId) -> Result<Vec<Made>, ReadError> {
    let itself = || Input::reference(id.attribute(Attribute::Id));
    let body = Group { name: name(fields, "GroupName", id)?, path: path(fields)? };
    let mut made = vec![Made::itself(Body::Group(body))];
    for (index, (inline, location)) in inline(fields)?.into_iter().enumerate() {
        let body = GroupPolicy { group: itself(), name: inline.name, policy: inline.policy };
        made.push(Made::part(format!(".Policies[{index}]"), Body::GroupPolicy(body), location));
    }
    for (index, item) in fields.items("ManagedPolicyArns")?.iter().enumerate() {
        let policy = fields.one_input("ManagedPolicyArns", item)?;
        let body = Body::GroupPolicyAttachment(GroupPolicyAttachment { group: itself(), policy });
        made.push(Made::part(format!(".ManagedPolicyArns[{index}]"), body, item.location.clone()));
    }
    Ok(made)
}

pub(super) fn group_policy(fields: &Fields<'_>) -> Result<Vec<Made>, ReadError> {
    // Without a document the group keeps what it has.
    let Some(policy) = fields.document("PolicyDocument")? else { return Ok(Vec::new()) };
    let body = GroupPolicy {
        group: fields.required_input("GroupName")?,
        name: fields.required_string("PolicyName")?,
        policy,
    };
    Ok(vec![Made::itself(Body::GroupPolicy(body))])
}

pub(super) fn members(fields: &Fields<'_>, id: &ResourceId) -> Result<Vec<Made>, ReadError> {
    let body = GroupMembers {
        name: id.name.clone(),
        group: fields.required_input("GroupName")?,
        users: fields.inputs("Users")?,
    };
    Ok(vec![Made::itself(Body::GroupMembers(body))])
}
