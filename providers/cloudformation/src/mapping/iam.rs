//! Roles, their policies and managed policies: `AWS::IAM::Role`, `Policy`, `RolePolicy`, `ManagedPolicy`.

use super::{Fields, Made};
use crate::error::ReadError;
use narrows_model::resources::iam::{
    GroupPolicy, GroupPolicyAttachment, InlinePolicy, ManagedPolicy, Role, RolePolicy, RolePolicyAttachment,
    UserPolicy, UserPolicyAttachment,
};
use narrows_model::{Body, Input, Location, NameError, ResourceId, RolePath, Text};
use std::str::FromStr;

pub(super) fn role(fields: &Fields<'_>, id: &ResourceId) -> Result<Vec<Made>, ReadError> {
    Ok(vec![Made::itself(Body::Role(Role {
        name: Some(name(fields, "RoleName", id)?),
        path: path(fields)?,
        description: fields.string("Description")?,
        assume_role_policy: fields.required_document("AssumeRolePolicyDocument")?,
        permissions_boundary: fields.input("PermissionsBoundary")?,
        managed_policies: fields.inputs("ManagedPolicyArns")?,
        inline_policies: inline(fields)?.into_iter().map(|(policy, _)| policy).collect(),
    }))])
}

/// A name that is given, else the one that CloudFormation makes up.
pub(super) fn name<T>(fields: &Fields<'_>, property: &str, id: &ResourceId) -> Result<Input<T>, ReadError>
where
    T: FromStr<Err = NameError>,
{
    if let Some(given) = fields.input(property)? {
        return Ok(given);
    }
    let made_up = Text::unknown(format!("{}.{property}", id.name));
    Input::parse(made_up).map_err(|cause| ReadError::Name {
        what: format!("`{property}` of {}", id.name),
        cause: Box::new(cause),
        location: fields.location(),
    })
}

/// The path of a role, a user, a group or a policy.
pub(super) fn path(fields: &Fields<'_>) -> Result<RolePath, ReadError> {
    Ok(fields.known("Path", "a path such as `/apps/`")?.unwrap_or_default())
}

/// The policies that a role, a user or a group holds itself, and where each stands.
pub(super) fn inline(fields: &Fields<'_>) -> Result<Vec<(InlinePolicy, Location)>, ReadError> {
    let mut found = Vec::new();
    for policy in fields.objects("Policies")? {
        let inline = InlinePolicy {
            name: policy.string("PolicyName")?.unwrap_or_default(),
            policy: policy.required_document("PolicyDocument")?,
        };
        found.push((inline, policy.location()));
    }
    Ok(found)
}

/// `AWS::IAM::Policy`: one document for several roles (and for users and groups).
pub(super) fn policy(fields: &Fields<'_>) -> Result<Vec<Made>, ReadError> {
    let (name, policy) = (fields.required_string("PolicyName")?, fields.required_document("PolicyDocument")?);
    let roles = fields.items("Roles")?;
    let mut made = Vec::new();
    for (index, item) in roles.iter().enumerate() {
        let body =
            RolePolicy { role: fields.one_input("Roles", item)?, name: name.clone(), policy: policy.clone() };
        let suffix = if roles.len() == 1 { String::new() } else { format!(".Roles[{index}]") };
        made.push(Made { suffix, body: Body::RolePolicy(body), location: None });
    }
    for (index, item) in fields.items("Users")?.iter().enumerate() {
        let user = fields.one_input("Users", item)?;
        let body = Body::UserPolicy(UserPolicy { user, name: name.clone(), policy: policy.clone() });
        made.push(Made { suffix: format!(".Users[{index}]"), body, location: None });
    }
    for (index, item) in fields.items("Groups")?.iter().enumerate() {
        let group = fields.one_input("Groups", item)?;
        let body = Body::GroupPolicy(GroupPolicy { group, name: name.clone(), policy: policy.clone() });
        made.push(Made { suffix: format!(".Groups[{index}]"), body, location: None });
    }
    Ok(made)
}

pub(super) fn role_policy(fields: &Fields<'_>) -> Result<Vec<Made>, ReadError> {
    // Without a document the role keeps what it has.
    let Some(policy) = fields.document("PolicyDocument")? else { return Ok(Vec::new()) };
    let body = RolePolicy {
        role: fields.required_input("RoleName")?,
        name: fields.required_string("PolicyName")?,
        policy,
    };
    Ok(vec![Made::itself(Body::RolePolicy(body))])
}

pub(super) fn managed_policy(fields: &Fields<'_>, id: &ResourceId) -> Result<Vec<Made>, ReadError> {
    let mut made = vec![Made::itself(Body::ManagedPolicy(ManagedPolicy {
        name: fields.input("ManagedPolicyName")?,
        path: path(fields)?,
        description: fields.string("Description")?,
        policy: fields.required_document("PolicyDocument")?,
    }))];
    for (index, item) in fields.items("Roles")?.iter().enumerate() {
        let body = RolePolicyAttachment {
            role: fields.one_input("Roles", item)?,
            policy: Input::reference(id.arn()),
        };
        let suffix = format!(".Roles[{index}]");
        made.push(Made::part(suffix, Body::RolePolicyAttachment(body), item.location.clone()));
    }
    for (index, item) in fields.items("Users")?.iter().enumerate() {
        let user = fields.one_input("Users", item)?;
        let body =
            Body::UserPolicyAttachment(UserPolicyAttachment { user, policy: Input::reference(id.arn()) });
        made.push(Made::part(format!(".Users[{index}]"), body, item.location.clone()));
    }
    for (index, item) in fields.items("Groups")?.iter().enumerate() {
        let group = fields.one_input("Groups", item)?;
        let policy = Input::reference(id.arn());
        let body = Body::GroupPolicyAttachment(GroupPolicyAttachment { group, policy });
        made.push(Made::part(format!(".Groups[{index}]"), body, item.location.clone()));
    }
    Ok(made)
}
