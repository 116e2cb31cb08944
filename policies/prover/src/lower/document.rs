//! From a policy document to what it allows and what it denies.

use super::condition::{filled, lower_condition, union};
use super::keys::{AccessPoint, Keys, Resource};
use super::pattern;
use super::principal::{Matched, lower_not_principal, lower_principal};
use crate::solve::{Formula, Pattern};
use narrows_iam::{Document, Effect, Pattern as Source, Statement};

/// What a document says about a request on one resource.
pub(crate) struct Grants {
    /// An Allow statement matches a caller that it names, or any caller of a document without principals.
    pub by_name: Formula,
    /// An Allow statement matches the caller's role.
    pub by_role: Formula,
    /// An Allow statement matches the caller's account.
    pub by_account: Formula,
    /// A Deny statement matches.
    pub denied: Formula,
}

impl Grants {
    /// What a document that is not there says: nothing.
    pub fn none() -> Self {
        Self {
            by_name: Formula::Const(false),
            by_role: Formula::Const(false),
            by_account: Formula::Const(false),
            denied: Formula::Const(false),
        }
    }

    /// An Allow statement matches in any way.
    pub fn allowed(&self) -> Formula {
        Formula::or([self.by_name.clone(), self.by_role.clone(), self.by_account.clone()])
    }
}

/// Lowers a document for one leg. `effects` says which statements are wanted: the others are left out.
pub(crate) fn lower_document(
    document: &Document,
    keys: &mut Keys,
    resource: &Resource,
    via: &AccessPoint,
) -> Grants {
    let mut by_name = Vec::new();
    let mut by_role = Vec::new();
    let mut by_account = Vec::new();
    let mut denied = Vec::new();
    for statement in &document.statements {
        let rest = lower_rest(statement, keys, resource, via);
        if rest == Formula::Const(false) {
            continue;
        }
        match (statement.effect, &statement.principal) {
            (Effect::Allow, None) => by_name.push(rest),
            (Effect::Allow, Some(clause)) => {
                let matched = lower_principal(clause, keys);
                by_name.push(Formula::and([matched.by_name, rest.clone()]));
                by_role.push(Formula::and([matched.by_role, rest.clone()]));
                by_account.push(Formula::and([matched.by_account, rest]));
            }
            (Effect::Deny, None) => denied.push(rest),
            (Effect::Deny, Some(clause)) => {
                let principal = if clause.negated {
                    lower_not_principal(clause, keys)
                } else {
                    Matched::any(lower_principal(clause, keys))
                };
                denied.push(Formula::and([principal, rest]));
            }
        }
    }
    Grants {
        by_name: Formula::or(by_name),
        by_role: Formula::or(by_role),
        by_account: Formula::or(by_account),
        denied: Formula::or(denied),
    }
}

/// Action, resource and conditions of a statement.
fn lower_rest(statement: &Statement, keys: &mut Keys, resource: &Resource, via: &AccessPoint) -> Formula {
    let mut parts = Vec::with_capacity(2 + statement.conditions.len());
    let action = Formula::matches(keys.setting.action, all(&statement.action.patterns, pattern::action));
    parts.push(if statement.action.negated { !action } else { action });
    if let Some(clause) = &statement.resource {
        let matched = lower_resource(&clause.patterns, keys, resource);
        parts.push(match clause.negated {
            true => Formula::and([!matched, filled(&clause.patterns, keys, via)]),
            false => matched,
        });
    }
    for condition in &statement.conditions {
        parts.push(lower_condition(condition, keys, via));
    }
    Formula::and(parts)
}

fn lower_resource(patterns: &[Source], keys: &mut Keys, resource: &Resource) -> Formula {
    let matches = |keys: &Keys, pattern: Pattern| match resource {
        Resource::Fixed(var) => Formula::matches(*var, pattern),
        Resource::Object { prefix } => {
            Formula::matches(keys.setting.key, pattern.quotient(prefix, keys.problem.symbols()))
        }
    };
    let (open, known): (Vec<_>, Vec<_>) = patterns.iter().partition(|value| pattern::has_variable(value));
    let known: Vec<Pattern> = known.into_iter().map(pattern::resource).collect();
    let mut parts = Vec::new();
    if !known.is_empty() {
        parts.push(matches(keys, union(&known)));
    }
    for value in open {
        let why = keys.open(pattern::variable_reason(value));
        parts.push(Formula::and([matches(keys, pattern::resource(value)), why]));
    }
    Formula::or(parts)
}

fn all(patterns: &[Source], lower: impl Fn(&Source) -> Pattern) -> Pattern {
    let lowered: Vec<Pattern> = patterns.iter().map(lower).collect();
    union(&lowered)
}
