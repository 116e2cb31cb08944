//! Kinds of callers, each a scope of its own.

use super::Side;
use crate::access::Policy;
use crate::question::{PrincipalForm, Scope};
use crate::scene;
use narrows_iam::{Document, Family, PrincipalForm as Entry, Token, Values};
use std::collections::BTreeSet;

/// A kind of callers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Callers {
    /// A role or user that a policy names, by its ARN.
    Principal(String),
    /// Every other role, user and root user of the bucket's account.
    Account(String),
    /// Roles, users and root users of all other accounts; of all accounts where the bucket's is not known.
    OtherAccounts,
    /// Callers without credentials.
    Anonymous,
    /// AWS services that ask for themselves.
    Services,
}

/// The principals that the policies of either side name, and the accounts of the bucket.
pub(super) struct Named {
    arns: BTreeSet<String>,
    accounts: BTreeSet<String>,
    /// The ARNs as people see them.
    shown: Vec<(String, String)>,
}

impl Named {
    pub fn of(sides: &[Side<'_>; 2], accounts: &BTreeSet<String>) -> Self {
        let mut arns = BTreeSet::new();
        for side in sides {
            let policies = side.model.buckets.iter().map(|it| &it.policy);
            for policy in policies.chain(side.model.mraps.iter().map(|it| &it.policy)) {
                named(policy, &mut arns);
            }
            arns.extend(side.model.identities.iter().map(|it| it.arn.clone()));
        }
        let [_, after] = sides;
        let shown = arns.iter().map(|arn| (after.model.show(arn), arn.clone())).collect();
        Self { arns, accounts: accounts.clone(), shown }
    }

    /// The kind that a caller of an example is of.
    pub fn kind_of(&self, principal: &str) -> Callers {
        if principal == "anonymous" {
            return Callers::Anonymous;
        }
        if let Some((_, arn)) = self.shown.iter().find(|(shown, _)| shown == principal) {
            return Callers::Principal(arn.clone());
        }
        let mut fields = principal.split(':');
        let (is_arn, account) = (fields.next() == Some("arn"), fields.nth(3).unwrap_or_default());
        match self.accounts.get(account) {
            _ if !is_arn => Callers::Services,
            Some(account) => Callers::Account(account.clone()),
            None => Callers::OtherAccounts,
        }
    }

    /// The requests of a kind.
    pub fn scope(&self, callers: &Callers) -> Scope {
        let forms =
            [PrincipalForm::Role, PrincipalForm::User, PrincipalForm::Root, PrincipalForm::FederatedUser];
        let iam = Scope::Any(forms.map(Scope::PrincipalForm).to_vec());
        let named = Scope::PrincipalArn(self.arns.iter().cloned().collect());
        match callers {
            Callers::Principal(arn) => Scope::PrincipalArn(vec![arn.clone()]),
            Callers::Account(account) => {
                Scope::All(vec![Scope::PrincipalAccount(vec![account.clone()]), Scope::not(named)])
            }
            Callers::OtherAccounts => {
                let own = Scope::PrincipalAccount(self.accounts.iter().cloned().collect());
                Scope::All(vec![iam, Scope::not(own), Scope::not(named)])
            }
            Callers::Anonymous => Scope::Anonymous,
            Callers::Services => Scope::All(vec![Scope::not(iam), Scope::not(Scope::Anonymous)]),
        }
    }
}

/// The roles and users that a policy names, as principals or by `aws:PrincipalArn`.
fn named(policy: &Policy, found: &mut BTreeSet<String>) {
    let Some(Document { statements, .. }) = scene::document(policy) else { return };
    for statement in statements {
        for entry in statement.principal.iter().flat_map(|clause| &clause.entries) {
            if let Entry::Role { arn } | Entry::User { arn } = &entry.form {
                found.insert(arn.clone());
            }
        }
        for condition in statement.conditions.iter().filter(|it| it.key.as_str() == "aws:principalarn") {
            let Values::Text(patterns) = &condition.values else { continue };
            let wild = condition.operator.family != Family::StringEquals;
            for pattern in patterns {
                let literal = |token: &Token| match token {
                    Token::Char(_) => true,
                    Token::One | Token::Many => !wild,
                    Token::Variable(_) => false,
                };
                let one = pattern.spelled.contains(":role/") || pattern.spelled.contains(":user/");
                if one && pattern.tokens().iter().all(literal) {
                    found.insert(pattern.spelled.to_string());
                }
            }
        }
    }
}
