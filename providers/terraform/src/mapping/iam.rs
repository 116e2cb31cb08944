//! `aws_iam_role` and `aws_iam_role_policy`.

use super::{Args, Fields};
use crate::error::ReadError;
use narrows_model::RolePath;
use narrows_model::resources::iam::{Role, RolePolicy};

pub(super) fn role(it: &Role) -> Args {
    let path = Some(it.path.as_str()).filter(|path| *path != RolePath::default().as_str());
    Args::default()
        .optional_input("name", it.name.as_ref())
        .optional_text("path", path)
        .optional_text("description", it.description.as_deref())
        .document("assume_role_policy", &it.assume_role_policy)
}

pub(super) fn read_role(fields: &Fields<'_>) -> Result<Role, ReadError> {
    Ok(Role {
        name: fields.input("name")?,
        path: fields.known("path", "a path such as `/apps/`")?.unwrap_or_default(),
        description: fields.string("description")?,
        assume_role_policy: fields.required_document("assume_role_policy")?,
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
