//! AWS Organizations: control policies, where they are attached, and what lies below what.

use super::referring;
use crate::{AccountId, ControlPolicyId, Input, OrganisationNode, Value};

/// A service or resource control policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlPolicy {
    /// Its name.
    pub name: String,
    /// What it is for; at most 512 characters.
    pub description: Option<String>,
    /// Whom it binds.
    pub control: Control,
    /// The document.
    pub content: Value,
    /// Its id, where the policy exists already.
    pub id: Option<ControlPolicyId>,
}
referring!(ControlPolicy: content);

/// The two kinds of control policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Control {
    /// It binds the IAM principals of the accounts below.
    Service,
    /// It binds whoever reaches resources of the accounts below.
    Resource,
}

/// A control policy attached to a root, a unit or an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlPolicyAttachment {
    /// The policy's id.
    pub policy: Input<ControlPolicyId>,
    /// What it is attached to.
    pub target: Input<OrganisationNode>,
}
referring!(ControlPolicyAttachment: policy, target);

/// A member account of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberAccount {
    /// Its name.
    pub name: String,
    /// The address of its root user.
    pub email: String,
    /// The unit or root that it is in; the root where none is given.
    pub parent: Option<Input<OrganisationNode>>,
    /// Its number, where the account exists already.
    pub id: Option<AccountId>,
}
referring!(MemberAccount: parent);

/// An organisational unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationalUnit {
    /// Its name.
    pub name: String,
    /// The unit or root that it is in.
    pub parent: Input<OrganisationNode>,
    /// Its id, where the unit exists already.
    pub id: Option<OrganisationNode>,
}
referring!(OrganisationalUnit: parent);
