//! Roles and their policies: `aws_iam_role`, `aws_iam_role_policy`, `aws_iam_policy`, `aws_iam_role_policy_attachment`,
//! `aws_iam_policy_attachment`.

use super::{Args, Fields};
use crate::error::ReadError;
use narrows_model::RolePath;
use narrows_model::resources::iam::{
    InlinePolicy, ManagedPolicy, PolicyAttachment, Role, RolePolicy, RolePolicyAttachment,
};

pub(super) fn role(it: &Role) -> Args {
    let path = Some(it.path.as_str()).filter(|path| *path != RolePath::default().as_str());
    let args = Args::default()
        .optional_input("name", it.name.as_ref())
        .optional_text("path", path)
        .optional_text("description", it.description.as_deref())
        .document("assume_role_policy", &it.assume_role_policy)
        .optional_input("permissions_boundary", it.permissions_boundary.as_ref())
        .inputs("managed_policy_arns", &it.managed_policies);
    if it.inline_policies.is_empty() {
        return args;
    }
    let inline = |it: &InlinePolicy| {
        let name = Some(it.name.as_str()).filter(|name| !name.is_empty());
        Args::default().optional_text("name", name).document("policy", &it.policy)
    };
    args.blocks("inline_policy", it.inline_policies.iter().map(inline))
}

pub(super) fn read_role(fields: &Fields<'_>) -> Result<Role, ReadError> {
    let mut inline_policies = Vec::new();
    for block in fields.blocks("inline_policy")? {
        // A block without a document says that the role has no policies of its own.
        let Some(policy) = block.document("policy")? else { continue };
        inline_policies.push(InlinePolicy { name: block.string("name")?.unwrap_or_default(), policy });
    }
    Ok(Role {
        name: fields.input("name")?,
        path: fields.known("path", "a path such as `/apps/`")?.unwrap_or_default(),
        description: fields.string("description")?,
        assume_role_policy: fields.required_document("assume_role_policy")?,
        permissions_boundary: fields.input("permissions_boundary")?,
        managed_policies: fields.inputs("managed_policy_arns")?,
        inline_policies,
    })
}

pub(super) fn role_policy(it: &RolePolicy) -> Args {
    Args::default().text("name", it.name.as_str()).input("role", &it.role).document("policy", &it.policy)
}

pub(super) fn read_role_policy(fields: &Fields<'_>) -> Result<RolePolicy, ReadError> {
    Ok(RolePolicy {
        role: fields.required_input("role")?,
        // Without a name the provider makes one up.
        name: fields.string("name")?.unwrap_or_default(),
        policy: fields.required_document("policy")?,
    })
}

pub(super) fn managed_policy(it: &ManagedPolicy) -> Args {
    let path = Some(it.path.as_str()).filter(|path| *path != RolePath::default().as_str());
    Args::default()
        .optional_input("name", it.name.as_ref())
        .optional_text("path", path)
        .optional_text("description", it.description.as_deref())
        .document("policy", &it.policy)
}

pub(super) fn read_managed_policy(fields: &Fields<'_>) -> Result<ManagedPolicy, ReadError> {
    Ok(ManagedPolicy {
        name: fields.input("name")?,
        path: fields.known("path", "a path such as `/apps/`")?.unwrap_or_default(),
        description: fields.string("description")?,
        policy: fields.required_document("policy")?,
    })
}

pub(super) fn attachment(it: &RolePolicyAttachment) -> Args {
    Args::default().input("role", &it.role).input("policy_arn", &it.policy)
}

pub(super) fn read_attachment(fields: &Fields<'_>) -> Result<RolePolicyAttachment, ReadError> {
    Ok(RolePolicyAttachment {
        role: fields.required_input("role")?,
        policy: fields.required_input("policy_arn")?,
    })
}

pub(super) fn policy_attachment(it: &PolicyAttachment) -> Args {
    Args::default()
        .text("name", it.name.as_str())
        .input("policy_arn", &it.policy)
        .inputs("roles", &it.roles)
        .inputs("users", &it.users)
        .inputs("groups", &it.groups)
}

pub(super) fn read_policy_attachment(fields: &Fields<'_>) -> Result<PolicyAttachment, ReadError> {
    Ok(PolicyAttachment {
        name: fields.required_string("name")?,
        policy: fields.required_input("policy_arn")?,
        roles: fields.inputs("roles")?,
        users: fields.inputs("users")?,
        groups: fields.inputs("groups")?,
    })
}
