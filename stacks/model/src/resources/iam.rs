//! AWS IAM: roles and their policies.

use super::referring;
use crate::{Input, RoleName, RolePath, Value};

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its name; `None` where the engine makes one up.
    pub name: Option<Input<RoleName>>,
    /// Its path.
    pub path: RolePath,
    /// What it is for; at most 1,000 characters.
    pub description: Option<String>,
    /// Who may assume it.
    pub assume_role_policy: Value,
}
referring!(Role: name, assume_role_policy);

/// An inline policy of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolePolicy {
    /// The role's name.
    pub role: Input<RoleName>,
    /// The policy's name.
    pub name: String,
    /// The document.
    pub policy: Value,
}
referring!(RolePolicy: role, policy);
