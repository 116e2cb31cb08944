//! Roles, their policies and managed policies: `AWS::IAM::Role`, `Policy`, `RolePolicy`, `ManagedPolicy`, `UserPolicy`.

use super::{Fields, Made};
use crate::error::ReadError;
use narrows_model::resources::iam::{
    InlinePolicy, ManagedPolicy, Role, RolePolicy, RolePolicyAttachment, UserPolicy, UserPolicyAttachment,
};
use narrows_model::{Body, Input, ResourceId};

pub(super) fn role(fields: &Fields<'_>) -> Result<Vec<Made>, ReadError> {
    let mut inline_policies = Vec::new();
    for policy in fields.objects("Policies")? {
        inline_policies.push(InlinePolicy {
            name: policy.string("PolicyName")?.unwrap_or_default(),
            policy: policy.required_document("PolicyDocument")?,
        });
    }
    Ok(vec![Made::itself(Body::Role(Role {
        name: fields.input("RoleName")?,
        path: fields.known("Path", "a path such as `/apps/`")?.unwrap_or_default(),
        description: fields.string("Description")?,
        assume_role_policy: fields.required_document("AssumeRolePolicyDocument")?,
        permissions_boundary: fields.input("PermissionsBoundary")?,
        managed_policies: fields.inputs("ManagedPolicyArns")?,
        inline_policies,
    }))])
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

pub(super) fn user_policy(fields: &Fields<'_>) -> Result<Vec<Made>, ReadError> {
    let Some(policy) = fields.document("PolicyDocument")? else { return Ok(Vec::new()) };
    let body = UserPolicy {
        user: fields.required_input("UserName")?,
        name: fields.required_string("PolicyName")?,
        policy,
    };
    Ok(vec![Made::itself(Body::UserPolicy(body))])
}

pub(super) fn managed_policy(fields: &Fields<'_>, id: &ResourceId) -> Result<Vec<Made>, ReadError> {
    let mut made = vec![Made::itself(Body::ManagedPolicy(ManagedPolicy {
        name: fields.input("ManagedPolicyName")?,
        path: fields.known("Path", "a path such as `/apps/`")?.unwrap_or_default(),
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
    Ok(made)
}
