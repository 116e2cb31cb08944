//! AWS IAM: roles and their policies.

use super::referring;
use crate::{Arn, Input, PolicyName, RoleName, RolePath, Value};

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
    /// The ARN of the managed policy that caps what its policies allow; `None` for no cap.
    pub permissions_boundary: Option<Input<Arn>>,
    /// ARNs of managed policies that the role itself lists; others are attached by a [`RolePolicyAttachment`].
    pub managed_policies: Vec<Input<Arn>>,
    /// Policies that the role itself holds; others are a [`RolePolicy`].
    pub inline_policies: Vec<InlinePolicy>,
}
referring!(Role: name, assume_role_policy, permissions_boundary, managed_policies, inline_policies);

/// A policy inside a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlinePolicy {
    /// The policy's name; empty where the engine makes one up.
    pub name: String,
    /// The document.
    pub policy: Value,
}
referring!(InlinePolicy: policy);

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

/// A managed policy of the account; it counts where it is attached, or set as a boundary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// Its name; `None` where the engine makes one up. IAM gives it the characters of a role's name, up to 128 of them.
    pub name: Option<Input<PolicyName>>,
    /// Its path.
    pub path: RolePath,
    /// What it is for; at most 1,000 characters.
    pub description: Option<String>,
    /// The document.
    pub policy: Value,
}
referring!(ManagedPolicy: name, policy);

/// A managed policy attached to a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolePolicyAttachment {
    /// The role's name.
    pub role: Input<RoleName>,
    /// The policy's ARN.
    pub policy: Input<Arn>,
}
referring!(RolePolicyAttachment: role, policy);
