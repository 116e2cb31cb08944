//! AWS IAM: roles, users and groups, and their policies.

use super::referring;
use crate::{Arn, GroupName, Input, PolicyName, RoleName, RolePath, UserName, Value};

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

/// A managed policy attached to several principals by one resource, which takes it from all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyAttachment {
    /// What the engine calls the attachment.
    pub name: String,
    /// The policy's ARN.
    pub policy: Input<Arn>,
    /// The roles' names.
    pub roles: Vec<Input<RoleName>>,
    /// The users' names.
    pub users: Vec<Input<UserName>>,
    /// The groups' names.
    pub groups: Vec<Input<GroupName>>,
}
referring!(PolicyAttachment: policy, roles, users, groups);

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its name.
    pub name: Input<UserName>,
    /// Its path; of the same form as a role's.
    pub path: RolePath,
    /// The ARN of the managed policy that caps what its policies allow; `None` for no cap.
    pub permissions_boundary: Option<Input<Arn>>,
}
referring!(User: name, permissions_boundary);

/// An inline policy of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserPolicy {
    /// The user's name.
    pub user: Input<UserName>,
    /// The policy's name; empty where the engine makes one up.
    pub name: String,
    /// The document.
    pub policy: Value,
}
referring!(UserPolicy: user, policy);

/// A managed policy attached to a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserPolicyAttachment {
    /// The user's name.
    pub user: Input<UserName>,
    /// The policy's ARN.
    pub policy: Input<Arn>,
}
referring!(UserPolicyAttachment: user, policy);

/// Groups that a user is put into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserGroups {
    /// The user's name.
    pub user: Input<UserName>,
    /// The groups' names.
    pub groups: Vec<Input<GroupName>>,
}
referring!(UserGroups: user, groups);

/// A group of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: Input<GroupName>,
    /// Its path; of the same form as a role's.
    pub path: RolePath,
}
referring!(Group: name);

/// An inline policy of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupPolicy {
    /// The group's name.
    pub group: Input<GroupName>,
    /// The policy's name; empty where the engine makes one up.
    pub name: String,
    /// The document.
    pub policy: Value,
}
referring!(GroupPolicy: group, policy);

/// A managed policy attached to a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupPolicyAttachment {
    /// The group's name.
    pub group: Input<GroupName>,
    /// The policy's ARN.
    pub policy: Input<Arn>,
}
referring!(GroupPolicyAttachment: group, policy);

/// All members of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMembers {
    /// What the engine calls the membership.
    pub name: String,
    /// The group's name.
    pub group: Input<GroupName>,
    /// The users' names.
    pub users: Vec<Input<UserName>>,
}
referring!(GroupMembers: group, users);
