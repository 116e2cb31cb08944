//! From principal clauses to formulas.

use super::keys::Keys;
use crate::solve::{Formula, Glob, Pattern, Token as Glyph};
use narrows_iam::{PrincipalClause, PrincipalEntry, PrincipalForm};

/// How a principal clause matches, apart by what an Allow through it is worth.
pub(crate) struct Matched {
    /// By `*`, the exact session or user, a federated user, a service: enough by itself within the account.
    pub by_name: Formula,
    /// By the role: still capped by boundary and session policies.
    pub by_role: Formula,
    /// By the account: only delegates to the caller's identity policies.
    pub by_account: Formula,
}

impl Matched {
    /// It matches in any way.
    pub fn any(self) -> Formula {
        Formula::or([self.by_name, self.by_role, self.by_account])
    }
}

fn exact(text: &str) -> Pattern {
    Pattern::literal(text)
}

fn form(glob: &str) -> Pattern {
    Pattern::exact(vec![Glob::arn(glob)])
}

/// A glob of literal pieces and `*` between them.
fn joined(pieces: &[&str]) -> Glob {
    let mut out = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        if index > 0 {
            out.push(Glyph::Many);
        }
        out.extend(piece.chars().map(Glyph::Char));
    }
    Glob(out)
}

/// The formula that a `Principal` clause matches the caller.
pub(crate) fn lower_principal(clause: &PrincipalClause, keys: &mut Keys) -> Matched {
    let mut matched = Matched {
        by_name: Formula::Const(false),
        by_role: Formula::Const(false),
        by_account: Formula::Const(false),
    };
    let also = |place: &mut Formula, formula| {
        *place = Formula::or([std::mem::replace(place, Formula::Const(false)), formula]);
    };
    for entry in &clause.entries {
        let formula = lower_entry(entry, keys);
        match &entry.form {
            PrincipalForm::Role { .. } => also(&mut matched.by_role, formula),
            PrincipalForm::CanonicalUser(_) => also(&mut matched.by_account, formula),
            PrincipalForm::Account(_) => {
                // The root user is the account: nothing is left to delegate.
                let root = is_root(keys);
                also(&mut matched.by_name, Formula::and([formula.clone(), root.clone()]));
                also(&mut matched.by_account, Formula::and([formula, !root]));
            }
            PrincipalForm::User { .. } => {
                // A federated user's session does not get past session policies.
                let federated = is_federated(keys);
                also(&mut matched.by_name, Formula::and([formula.clone(), !federated.clone()]));
                also(&mut matched.by_role, Formula::and([formula, federated]));
            }
            _ => also(&mut matched.by_name, formula),
        }
    }
    matched
}

fn is_root(keys: &Keys) -> Formula {
    keys.setting.arn_matches(form("arn:*:iam::*:root"))
}

fn is_federated(keys: &Keys) -> Formula {
    keys.setting.arn_matches(form("arn:*:sts::*:federated-user/*"))
}

/// The formula that an entry names the caller.
fn lower_entry(entry: &PrincipalEntry, keys: &mut Keys) -> Formula {
    let formula = named_by(entry, keys);
    let pin = keys.pins.is_some().then(|| format!("principal {:?} {}", entry.form, keys.gateway_endpoint));
    keys.pinned(pin, formula)
}

fn named_by(entry: &PrincipalEntry, keys: &mut Keys) -> Formula {
    let place = &entry.location;
    match &entry.form {
        PrincipalForm::Everyone => Formula::Const(true),
        PrincipalForm::AwsEveryone => {
            let open = keys.open(format!(
                "AWS's documents leave open whether {{\"AWS\": \"*\"}} covers services ({place}): write \"*\", which does"
            ));
            Formula::or([!keys.setting.service(), open])
        }
        PrincipalForm::Account(account) => {
            let of_account = keys.setting.account_matches(&exact(account.as_str()));
            if !keys.gateway_endpoint {
                return of_account;
            }
            let open = keys.open(format!(
                "AWS's documents leave open whether an account in a gateway endpoint's policy is more than its root user ({place})"
            ));
            Formula::and([of_account, Formula::or([is_root(keys), open])])
        }
        PrincipalForm::Role { arn } => keys.setting.arn_matches(exact(arn)),
        PrincipalForm::User { arn } => {
            let account = arn.split(':').nth(4).unwrap_or_default();
            let federated = keys.setting.arn_matches(form(&format!("arn:*:sts::{account}:federated-user/*")));
            let open = keys.open(format!(
                "which user a federated user's session belongs to is not in its ARN ({place})"
            ));
            Formula::or([keys.setting.arn_matches(exact(arn)), Formula::and([federated, open])])
        }
        PrincipalForm::Session { partition, account, role, session } => {
            let start = format!("arn:{partition}:iam::{account}:role/");
            let globs = vec![joined(&[&format!("{start}{role}")]), joined(&[&start, &format!("/{role}")])];
            let role = keys.setting.arn_matches(Pattern::exact(globs));
            let name = keys.session();
            Formula::and([role, Formula::matches(name, exact(session))])
        }
        PrincipalForm::FederatedUser { arn } => keys.setting.arn_matches(exact(arn)),
        PrincipalForm::Deleted => Formula::Const(false),
        PrincipalForm::Service(name) => {
            let service = keys.service();
            Formula::and([keys.setting.service(), Formula::matches(service, exact(name))])
        }
        PrincipalForm::Federated(_) => {
            let role = keys.setting.arn_matches(form("arn:*:iam::*:role/*"));
            let open = keys
                .open(format!("which sessions a federated provider's principal covers is open ({place})"));
            Formula::and([role, open])
        }
        PrincipalForm::CanonicalUser(id) => {
            let open =
                keys.open(format!("the account of the canonical user `{id}` is not in the input ({place})"));
            Formula::and([keys.setting.iam(), open])
        }
        PrincipalForm::Unknown(text) => {
            keys.open(format!("the principal `{text}` is known only after deployment ({place})"))
        }
    }
}

/// The formula that a `NotPrincipal` clause of a Deny matches the caller.
///
/// On every reading it does if none of the caller's account, role or user, and session is listed; on some reading unless
/// all of them are, and always for a caller with a permission boundary. The account's entry is its root user.
pub(crate) fn lower_not_principal(clause: &PrincipalClause, keys: &mut Keys) -> Formula {
    let mut any = Vec::new();
    let mut accounts = Vec::new();
    let mut identities = Vec::new();
    let mut sessions = Vec::new();
    let mut others = Vec::new();
    for entry in &clause.entries {
        let formula = lower_entry(entry, keys);
        any.push(formula.clone());
        match &entry.form {
            PrincipalForm::Account(_) => accounts.push(formula),
            PrincipalForm::Role { .. } | PrincipalForm::User { .. } => identities.push(formula),
            PrincipalForm::Session { .. } | PrincipalForm::FederatedUser { .. } => sessions.push(formula),
            _ => others.push(formula),
        }
    }
    let is = |keys: &Keys, glob: &str| keys.setting.arn_matches(form(glob));
    let (role, user) = (is(keys, "arn:*:iam::*:role/*"), is(keys, "arn:*:iam::*:user/*"));
    let (root, federated) = (is_root(keys), is_federated(keys));
    let (accounts, identities, sessions) =
        (Formula::or(accounts), Formula::or(identities), Formula::or(sessions));
    let all_listed = Formula::or([
        Formula::and([root, accounts.clone()]),
        Formula::and([user, accounts.clone(), identities.clone()]),
        Formula::and([role, accounts.clone(), identities, sessions.clone()]),
        Formula::and([federated, accounts, sessions]),
        Formula::or(others),
    ]);
    let open = keys.open(format!(
        "AWS reads NotPrincipal with the caller's account, role and session each by itself ({})",
        clause.location
    ));
    let none_listed = !Formula::or(any);
    let perhaps = Formula::and([Formula::or([!all_listed, keys.bounded.clone()]), open]);
    let pin = keys.pins.is_some().then(|| keys.pin_of_principals(clause));
    keys.pinned(pin, Formula::or([none_listed, perhaps]))
}
