//! `Principal` and `NotPrincipal`.

use super::text::equal;
use super::{EvaluationContext, Grant};
use crate::{Principal, PrincipalClause, PrincipalEntry, PrincipalForm, Truth};
use narrows_model::{Symbols, is_symbol};

/// How much of a principal clause matched, by what an Allow through it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Matched {
    pub by_name: Truth,
    pub role_arn: Truth,
    pub account: Truth,
}

impl Matched {
    pub(super) fn all(truth: Truth) -> Self {
        Self { by_name: truth, role_arn: Truth::No, account: Truth::No }
    }

    pub(super) fn any(self) -> Truth {
        self.by_name.or(self.role_arn).or(self.account)
    }
}

/// Whether a `Principal` clause matches the caller, and the entry that decided it.
pub(super) fn principal<'c>(
    clause: &'c PrincipalClause,
    caller: &Principal,
    context: &EvaluationContext<'_>,
) -> (Matched, Option<&'c PrincipalEntry>) {
    let mut matched = Matched::all(Truth::No);
    let mut best: Option<(&PrincipalEntry, Truth)> = None;
    for entry in &clause.entries {
        let (truth, grant) = entry_matches(entry, caller, context);
        let place = match grant {
            Grant::ByName => &mut matched.by_name,
            Grant::RoleArn => &mut matched.role_arn,
            Grant::Account => &mut matched.account,
        };
        *place = place.or(truth);
        if truth > best.map_or(Truth::No, |(_, truth)| truth) {
            best = Some((entry, truth));
        }
    }
    (matched, best.map(|(entry, _)| entry))
}

fn entry_matches(
    entry: &PrincipalEntry,
    caller: &Principal,
    context: &EvaluationContext<'_>,
) -> (Truth, Grant) {
    let symbols = context.symbols;
    let is = |one: &str, other: &str| equal(one, other, symbols);
    let by_name = |truth: Truth| (truth, Grant::ByName);
    let iam = !matches!(caller, Principal::Anonymous | Principal::Service(_));
    match (&entry.form, caller) {
        (PrincipalForm::Everyone, _) => by_name(Truth::Yes),
        (PrincipalForm::AwsEveryone, Principal::Service(_)) => by_name(Truth::Maybe),
        (PrincipalForm::AwsEveryone, _) => by_name(Truth::Yes),
        (PrincipalForm::Account(account), _) => {
            let truth = of_account(caller, account.as_str(), symbols);
            match caller {
                // The root user is the account: nothing is left to delegate.
                Principal::Root { .. } => by_name(truth),
                _ if context.gateway_endpoint => (truth.and(Truth::Maybe), Grant::Account),
                _ => (truth, Grant::Account),
            }
        }
        (PrincipalForm::Role { arn }, Principal::Role { arn: caller, .. }) => {
            (is(arn, caller), Grant::RoleArn)
        }
        (PrincipalForm::User { arn }, Principal::User { arn: caller }) => by_name(is(arn, caller)),
        // Whose session a federated user's is does not show in its ARN; it does not get past session policies.
        (PrincipalForm::User { arn }, Principal::FederatedUser { .. }) => {
            let account = arn.split(':').nth(4).unwrap_or_default();
            (of_account(caller, account, symbols).and(Truth::Maybe), Grant::RoleArn)
        }
        (PrincipalForm::FederatedUser { arn }, Principal::FederatedUser { arn: caller }) => {
            by_name(is(arn, caller))
        }
        (
            PrincipalForm::Session { partition, account, role, session },
            Principal::Role { arn, session: caller },
        ) => by_name(role_is(arn, partition, account.as_str(), role, symbols).and(is(session, caller))),
        (PrincipalForm::Service(name), Principal::Service(caller)) => by_name(is(name, caller)),
        (PrincipalForm::Federated(_), Principal::Role { .. }) => by_name(Truth::Maybe),
        (PrincipalForm::CanonicalUser(_), _) if iam => (Truth::Maybe, Grant::Account),
        (PrincipalForm::Unknown(_), _) => by_name(Truth::Maybe),
        _ => by_name(Truth::No),
    }
}

/// Whether the caller belongs to an account.
pub(crate) fn of_account(caller: &Principal, account: &str, symbols: &Symbols) -> Truth {
    match caller.account() {
        Some(own) => equal(&own, account, symbols),
        // An ARN that is wholly unknown shows no account.
        None if caller.arn().is_some_and(|arn| arn.contains(is_symbol)) => Truth::Maybe,
        None => Truth::No,
    }
}

/// Whether a role's ARN has this partition, account and name, whatever its path.
fn role_is(arn: &str, partition: &str, account: &str, name: &str, symbols: &Symbols) -> Truth {
    let fields: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, own_partition, "iam", "", own_account, role] = fields.as_slice() else {
        return Truth::from_bounds(false, arn.contains(is_symbol));
    };
    let Some((_, own_name)) = role.strip_prefix("role").and_then(|rest| rest.rsplit_once('/')) else {
        return Truth::from_bounds(false, role.contains(is_symbol));
    };
    let is = |one: &str, other: &str| equal(one, other, symbols);
    is(own_partition, partition).and(is(own_account, account)).and(is(own_name, name))
}

/// Whether a Deny with this `NotPrincipal` clause matches the caller.
///
/// For sure if none of the caller's account, role or user, and session is listed; perhaps unless all of them are, or if the
/// caller has a permission boundary. The account's entry is its root user.
pub(super) fn not_principal(
    clause: &PrincipalClause,
    caller: &Principal,
    context: &EvaluationContext<'_>,
) -> Truth {
    let (mut account, mut identity, mut session, mut whole) = (Truth::No, Truth::No, Truth::No, Truth::No);
    for entry in &clause.entries {
        let (truth, _) = entry_matches(entry, caller, context);
        let place = match &entry.form {
            PrincipalForm::Account(_) | PrincipalForm::CanonicalUser(_) => &mut account,
            PrincipalForm::Role { .. } | PrincipalForm::User { .. } => &mut identity,
            PrincipalForm::Session { .. } | PrincipalForm::FederatedUser { .. } => &mut session,
            _ => &mut whole,
        };
        *place = place.or(truth);
    }
    let all = match caller {
        Principal::Anonymous | Principal::Service(_) => Truth::No,
        Principal::Root { .. } => account,
        Principal::User { .. } => account.and(identity),
        Principal::Role { .. } => account.and(identity).and(session),
        Principal::FederatedUser { .. } => account.and(session),
    };
    let all_listed = all.or(whole);
    let any_listed = account.or(identity).or(session).or(whole);
    Truth::from_bounds(!any_listed.hi(), !all_listed.lo() || context.boundary)
}
