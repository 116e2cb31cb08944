//! From Cedar to the prover's scopes.
//!
//! A policy is evaluated with the subject's facts as constants; what is left is a [`Scope`]: a set of requests. A
//! construct that has no counterpart there is refused by name, never approximated.

mod compare;
mod expression;
mod literal;
mod term;

use crate::facts::Asking;
use crate::schema::{actions_in, known};
use cedar_policy::pst::{
    ActionConstraint, Clause, EntityOrSlot, EntityType, EntityUID, Expr, PrincipalConstraint,
};
use cedar_policy::pst::{ResourceConstraint, Template, Var};
use narrows_iam::actions::Action;
use narrows_prover::Scope;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use thiserror::Error;

/// Why a policy cannot be read as a scope.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Refusal {
    /// A construct without a counterpart among scopes.
    #[error(
        "`{0}` cannot be decided for all requests: compare condition keys, the caller, the action and the resource with constants and with what the bucket declares"
    )]
    Construct(String),
    /// A group of actions where one action is meant; Cedar finds none that equals it.
    #[error("`{0}` is a group of actions, which no action equals: write `action in {0}`")]
    Group(String),
    /// An entity that nothing in a deployment can be.
    #[error("in `{0}`: {1}")]
    Entity(String, String),
    /// A text with a character that stands for a value which only the deployment tells.
    #[error(
        "`{0}` has a character of the private use plane 15, which no name, key or value of AWS is compared with here"
    )]
    PrivateUse(String),
    /// An attribute that is not there was asked for; Cedar skips such a policy.
    #[error("the attribute `{0}` is not there")]
    Absent(String),
    /// A declared fact is not known, for this reason.
    #[error("{0}")]
    Unknown(String),
}

/// How the requests that are asked about reach the bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// At the bucket's own endpoint.
    Direct,
    /// Through one of the bucket's own MRAPs, by its ARN.
    Mrap(String),
    /// Through any other access point.
    AccessPoint,
}

impl Way {
    /// As `context.route` has it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Mrap(_) => "mrap",
            Self::AccessPoint => "access-point",
        }
    }
}

/// One policy, asked about one subject on one way.
pub(crate) struct Lowering<'a> {
    pub asking: &'a Asking,
    pub way: &'a Way,
    /// The attributes of the resource that were looked at.
    pub used: RefCell<BTreeSet<&'static str>>,
    /// Whether constants are ignored, so that every part of a policy is looked at.
    pub thorough: bool,
}

/// The actions that a policy's head speaks of, by name: those of objects, and those of the bucket.
pub(crate) fn head_actions(constraint: &ActionConstraint) -> Result<BTreeSet<String>, Refusal> {
    let of =
        |uid: &EntityUID| actions_in(&uid.eid).ok_or_else(|| Refusal::Construct(format!("action {uid}")));
    match constraint {
        ActionConstraint::Any => Ok(known().map(Action::qualified).collect()),
        ActionConstraint::Eq(uid) => literal::action(&uid.eid).and_then(|()| of(uid)),
        ActionConstraint::In(uids) => uids.iter().map(of).try_fold(BTreeSet::new(), |mut all, more| {
            all.extend(more?);
            Ok(all)
        }),
    }
}

impl<'a> Lowering<'a> {
    pub fn new(asking: &'a Asking, way: &'a Way) -> Self {
        Self { asking, way, used: RefCell::default(), thorough: false }
    }

    /// The requests that the policy is about, the actions of its head aside.
    ///
    /// # Errors
    /// The first construct that cannot be decided. A policy that asks for an absent attribute is about nothing, as in
    /// Cedar.
    pub fn policy(&self, policy: &Template) -> Result<Scope, Refusal> {
        match self.whole(policy) {
            Err(Refusal::Absent(_)) => Ok(Scope::nothing()),
            other => other,
        }
    }

    fn whole(&self, policy: &Template) -> Result<Scope, Refusal> {
        let mut scope = and(self.head(policy)?, self.resource(&policy.resource)?);
        for clause in policy.clauses() {
            if is_nothing(&scope) && !self.thorough {
                return Ok(scope);
            }
            scope = and(
                scope,
                match clause {
                    Clause::When(expr) => self.truth(expr)?,
                    Clause::Unless(expr) => not(self.truth(expr)?),
                },
            );
        }
        Ok(scope)
    }

    fn head(&self, policy: &Template) -> Result<Scope, Refusal> {
        let caller = Arc::new(Expr::Var(Var::Principal));
        match &policy.principal {
            PrincipalConstraint::Any => Ok(Scope::everything()),
            PrincipalConstraint::Eq(entity) => self.principal_is(entity_of(entity)?),
            PrincipalConstraint::In(entity) => self.principal_in(entity_of(entity)?),
            PrincipalConstraint::Is(ty) => self.is(&caller, ty),
            PrincipalConstraint::IsIn(ty, entity) => {
                Ok(and(self.is(&caller, ty)?, self.principal_in(entity_of(entity)?)?))
            }
        }
    }

    fn resource(&self, constraint: &ResourceConstraint) -> Result<Scope, Refusal> {
        let resource = Arc::new(Expr::Var(Var::Resource));
        match constraint {
            ResourceConstraint::Any => Ok(Scope::everything()),
            ResourceConstraint::Eq(entity) => self.resource_is(entity_of(entity)?),
            ResourceConstraint::In(entity) => self.resource_in(entity_of(entity)?),
            ResourceConstraint::Is(ty) => self.is(&resource, ty),
            ResourceConstraint::IsIn(ty, entity) => {
                Ok(and(self.is(&resource, ty)?, self.resource_in(entity_of(entity)?)?))
            }
        }
    }
}

fn entity_of(entity: &EntityOrSlot) -> Result<&EntityUID, Refusal> {
    match entity {
        EntityOrSlot::Entity(uid) => literal::entity(uid).map(|()| uid),
        EntityOrSlot::Slot(slot) => Err(Refusal::Construct(slot.to_string())),
    }
}

/// The name of an entity type; the schema has no namespaces.
fn type_name(ty: &EntityType) -> &str {
    ty.0.id.as_str()
}

/// Whether a scope has no request at all, as its form alone shows.
pub(crate) fn is_nothing(scope: &Scope) -> bool {
    matches!(scope, Scope::Any(parts) if parts.is_empty())
}

/// Whether a scope has every request, as its form alone shows.
pub(crate) fn is_everything(scope: &Scope) -> bool {
    matches!(scope, Scope::All(parts) if parts.is_empty())
}

fn constant(value: bool) -> Scope {
    if value { Scope::everything() } else { Scope::nothing() }
}

fn and(left: Scope, right: Scope) -> Scope {
    match (left, right) {
        (left, right) if is_nothing(&left) || is_everything(&right) => left,
        (left, right) if is_nothing(&right) || is_everything(&left) => right,
        (Scope::All(mut parts), Scope::All(more)) => {
            parts.extend(more);
            Scope::All(parts)
        }
        (Scope::All(mut parts), other) => {
            parts.push(other);
            Scope::All(parts)
        }
        (left, right) => Scope::All(vec![left, right]),
    }
}

fn or(left: Scope, right: Scope) -> Scope {
    match (left, right) {
        (left, right) if is_everything(&left) || is_nothing(&right) => left,
        (left, right) if is_everything(&right) || is_nothing(&left) => right,
        (Scope::Any(mut parts), other) => {
            parts.push(other);
            Scope::Any(parts)
        }
        (left, right) => Scope::Any(vec![left, right]),
    }
}

fn not(scope: Scope) -> Scope {
    match scope {
        scope if is_nothing(&scope) => Scope::everything(),
        scope if is_everything(&scope) => Scope::nothing(),
        Scope::Not(inner) => *inner,
        other => Scope::not(other),
    }
}
