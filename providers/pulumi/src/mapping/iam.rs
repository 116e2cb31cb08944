//! Roles, their policies, managed policies and what these are attached to.

use super::Fields;
use crate::error::ReadError;
use narrows_model::resources::iam::{
    InlinePolicy, ManagedPolicy, PolicyAttachment, Role, RolePolicy, RolePolicyAttachment,
};
use narrows_model::{Arn, Attribute, Input, Kind, RolePath};

/// The ARN of a managed policy.
pub(super) fn managed(fields: &Fields<'_>, name: &str) -> Result<Option<Input<Arn>>, ReadError> {
    fields.named(name, &[Kind::ManagedPolicy], Attribute::Arn)
}

pub(super) fn required_managed(fields: &Fields<'_>, name: &str) -> Result<Input<Arn>, ReadError> {
    fields.required_named(name, &[Kind::ManagedPolicy], Attribute::Arn)
}

pub(super) fn path(fields: &Fields<'_>) -> Result<RolePath, ReadError> {
    Ok(fields.known("path", "a path such as `/apps/`")?.unwrap_or_default())
}

pub(super) fn role(fields: &Fields<'_>) -> Result<Role, ReadError> {
    let mut inline_policies = Vec::new();
    for item in fields.items("inlinePolicies")? {
        // A list that is not known is one policy of which nothing is known.
        if item.members().is_none() {
            let policy = fields.one_document("inlinePolicies", item)?;
            inline_policies.push(InlinePolicy { name: String::new(), policy });
        }
    }
    if inline_policies.is_empty() {
        for given in fields.objects("inlinePolicies")? {
            // One without a document says that the role has no policies of its own.
            let Some(policy) = given.document("policy")? else { continue };
            inline_policies.push(InlinePolicy { name: given.string("name")?.unwrap_or_default(), policy });
        }
    }
    Ok(Role {
        name: fields.input("name")?,
        path: path(fields)?,
        description: fields.string("description")?,
        assume_role_policy: fields.required_document("assumeRolePolicy")?,
        permissions_boundary: managed(fields, "permissionsBoundary")?,
        managed_policies: fields.list_named("managedPolicyArns", Kind::ManagedPolicy, Attribute::Arn)?,
        inline_policies,
    })
}

pub(super) fn role_policy(fields: &Fields<'_>) -> Result<RolePolicy, ReadError> {
    Ok(RolePolicy {
        role: fields.required_named("role", &[Kind::Role], Attribute::Id)?,
        name: fields.string("name")?.unwrap_or_default(),
        policy: fields.required_document("policy")?,
    })
}

pub(super) fn managed_policy(fields: &Fields<'_>) -> Result<ManagedPolicy, ReadError> {
    Ok(ManagedPolicy {
        name: fields.input("name")?,
        path: path(fields)?,
        description: fields.string("description")?,
        policy: fields.required_document("policy")?,
    })
}

pub(super) fn attachment(fields: &Fields<'_>) -> Result<RolePolicyAttachment, ReadError> {
    Ok(RolePolicyAttachment {
        role: fields.required_named("role", &[Kind::Role], Attribute::Id)?,
        policy: required_managed(fields, "policyArn")?,
    })
}

pub(super) fn policy_attachment(fields: &Fields<'_>) -> Result<PolicyAttachment, ReadError> {
    Ok(PolicyAttachment {
        name: fields.string("name")?.unwrap_or_default(),
        policy: required_managed(fields, "policyArn")?,
        roles: fields.list_named("roles", Kind::Role, Attribute::Id)?,
        users: fields.list_named("users", Kind::User, Attribute::Id)?,
        groups: fields.list_named("groups", Kind::Group, Attribute::Id)?,
    })
}
