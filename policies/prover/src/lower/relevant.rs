//! Which statements have a say in the requests of a scope, as their principals alone tell.
//!
//! A bucket policy of a hundred statements is mostly Allows for one role each, and most questions are about other callers.
//! A statement that no caller of the scope meets says nothing about any of its requests, on any reading, so that the
//! decision without it is the same for all of them.

use super::keys::Keys;
use crate::solve::{Bound, Formula, Given};
use narrows_iam::{Effect, PrincipalForm, Statement};

/// Which statements are lowered, where not all are.
#[derive(Clone)]
pub(crate) struct Relevance {
    /// The requests that are asked about.
    scope: Formula,
    /// What Allow statements are taken for, where they are not looked at.
    allows: Option<Allows>,
    /// Whether something was left out.
    pub left_out: bool,
}

/// What Allow statements are taken for without being looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Allows {
    /// They match no request.
    Nothing,
    /// They match every request of a caller of a kind that they name.
    Everything,
}

impl Relevance {
    /// Of requests in this scope.
    pub fn new(scope: Formula, allows: Option<Allows>) -> Self {
        Self { scope, allows, left_out: false }
    }
}

/// Kinds of callers.
#[derive(Clone, Copy, Default)]
pub(super) struct Kinds {
    iam: bool,
    service: bool,
    all: bool,
}

impl Kinds {
    /// The kinds that a statement names.
    fn of(statement: &Statement) -> Self {
        let mut kinds = Self::default();
        match &statement.principal {
            Some(clause) if !clause.negated => clause.entries.iter().for_each(|entry| match entry.form {
                PrincipalForm::Deleted => {}
                PrincipalForm::Service(_) => kinds.service = true,
                PrincipalForm::Everyone | PrincipalForm::AwsEveryone | PrincipalForm::Unknown(_) => {
                    kinds.all = true;
                }
                PrincipalForm::Account(_)
                | PrincipalForm::Role { .. }
                | PrincipalForm::User { .. }
                | PrincipalForm::Session { .. }
                | PrincipalForm::FederatedUser { .. }
                | PrincipalForm::Federated(_)
                | PrincipalForm::CanonicalUser(_) => kinds.iam = true,
            }),
            _ => kinds.all = true,
        }
        kinds
    }

    /// The kinds of both.
    pub fn and(self, other: Self) -> Self {
        Self {
            iam: self.iam || other.iam,
            service: self.service || other.service,
            all: self.all || other.all,
        }
    }

    fn has(self, other: Self) -> bool {
        self.all || !(other.all || (other.iam && !self.iam) || (other.service && !self.service))
    }

    /// The formula that the caller is of one of the kinds.
    pub fn holds(self, keys: &Keys) -> Formula {
        let parts = [
            (self.all, Formula::Const(true)),
            (self.iam, keys.setting.iam()),
            (self.service, keys.setting.service()),
        ];
        Formula::or(parts.into_iter().filter(|(is, _)| *is).map(|(_, formula)| formula))
    }
}

/// What becomes of a statement.
pub(super) enum Fate {
    Lowered,
    /// It is an Allow that is taken to match every request of these callers.
    Taken(Kinds),
    LeftOut,
}

impl Keys {
    /// What becomes of a statement, where Allows were taken for what these kinds of callers are allowed.
    pub(super) fn fate(&mut self, statement: &Statement, taken: Kinds) -> Fate {
        let Some(relevance) = &self.relevance else { return Fate::Lowered };
        let allows = relevance.allows.filter(|_| statement.effect == Effect::Allow);
        let kinds = Kinds::of(statement);
        let fate = match allows {
            Some(Allows::Nothing) => Fate::LeftOut,
            Some(Allows::Everything) if taken.has(kinds) => Fate::LeftOut,
            _ if !self.matters(statement, &relevance.scope) => Fate::LeftOut,
            Some(Allows::Everything) => Fate::Taken(kinds),
            None => return Fate::Lowered,
        };
        if let Some(relevance) = &mut self.relevance {
            relevance.left_out = true;
        }
        fate
    }

    /// Whether some caller of the scope may meet the statement's principal.
    fn matters(&self, statement: &Statement, scope: &Formula) -> bool {
        match &statement.principal {
            Some(clause) if !clause.negated => {
                clause.entries.iter().any(|entry| self.is_asked_about(&entry.form, scope))
            }
            _ => true,
        }
    }

    /// Whether the scope has a request of a caller that a principal names, as far as this can be told; what an entry covers
    /// is as in `principal.rs`.
    fn is_asked_about(&self, form: &PrincipalForm, scope: &Formula) -> bool {
        let setting = &self.setting;
        let possible = |kind: &str, arn: Option<Given<'_>>| {
            let value = |var| match var {
                var if var == setting.kind => Some(Given::Text(kind)),
                var if var == setting.arn => arn,
                _ => None,
            };
            scope.given(Bound::Hi, &value, self.problem.symbols()) != Some(false)
        };
        let iam = |arn: Given<'_>| possible("iam", Some(arn));
        let below = |service: &str, account: &str, rest: &str| {
            iam(Given::Start(&format!("arn:{}:{service}::{account}:{rest}", setting.partition)))
        };
        match form {
            PrincipalForm::Role { arn } | PrincipalForm::FederatedUser { arn } => iam(Given::Text(arn)),
            PrincipalForm::User { arn } => {
                let account = arn.split(':').nth(4).unwrap_or_default();
                iam(Given::Text(arn)) || below("sts", account, "federated-user/")
            }
            PrincipalForm::Session { partition, account, .. } => {
                iam(Given::Start(&format!("arn:{partition}:iam::{account}:role/")))
            }
            PrincipalForm::Account(account) => {
                ["iam", "sts"].into_iter().any(|service| below(service, account.as_str(), ""))
            }
            PrincipalForm::Service(_) => possible("service", None),
            PrincipalForm::Federated(_) | PrincipalForm::CanonicalUser(_) => possible("iam", None),
            PrincipalForm::Deleted => false,
            PrincipalForm::Everyone | PrincipalForm::AwsEveryone | PrincipalForm::Unknown(_) => true,
        }
    }
}
