//! What a request has for a condition key, the keys that follow from its principal included.

use crate::{ConditionKey, Entry, Principal, Request, Variable};
use narrows_model::Symbols;
use std::borrow::Cow;

pub(super) struct Facts<'a> {
    pub request: &'a Request,
    pub symbols: &'a Symbols,
}

/// What a policy variable stands for on one reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filling {
    Text(String),
    /// The key is absent and has no default.
    Nothing,
    /// Some text that is not known.
    Open,
}

impl<'a> Facts<'a> {
    /// What the request has for a key; `None` if it is absent.
    pub(super) fn entry(&self, key: &ConditionKey) -> Option<Cow<'a, Entry>> {
        let given = || self.request.context.get(key).map(Cow::Borrowed);
        let open = || Some(given().unwrap_or(Cow::Owned(Entry::Open)));
        let one = |text: &str| Some(Cow::Owned(Entry::Value(text.to_owned())));
        let principal = &self.request.principal;
        let (anonymous, service) = match principal {
            Principal::Anonymous => (true, None),
            Principal::Service(name) => (false, Some(name)),
            _ => (false, None),
        };
        match key.as_str() {
            "aws:principalarn" | "aws:principalaccount" if service.is_some() => open(),
            "aws:principalarn" => one(&principal.arn()?),
            "aws:principalaccount" if anonymous => one("anonymous"),
            "aws:principalaccount" => one(&principal.account()?),
            "aws:principaltype" => match principal {
                Principal::Anonymous => one("Anonymous"),
                Principal::Service(_) => open(),
                Principal::Root { .. } => one("Account"),
                Principal::User { .. } => one("User"),
                Principal::Role { .. } => one("AssumedRole"),
                Principal::FederatedUser { .. } => one("FederatedUser"),
            },
            "aws:principalisawsservice" if anonymous => None,
            "aws:principalisawsservice" => one(if service.is_some() { "true" } else { "false" }),
            "aws:principalservicename" => one(service?),
            "aws:principalservicenameslist" => {
                service?;
                open()
            }
            "aws:username" => match principal {
                Principal::User { arn } => one(arn.rsplit('/').next()?),
                _ => None,
            },
            // IAM User Guide, "Where you can use policy variables": the user id of root is the account's.
            "aws:userid" => match principal {
                Principal::Root { account, .. } => one(account.as_str()),
                _ => open(),
            },
            _ => given(),
        }
    }

    /// What a policy variable stands for, once for each reading.
    pub(super) fn fillings(&self, variable: &Variable) -> Vec<Filling> {
        let absent = || variable.default.clone().map_or(Filling::Nothing, Filling::Text);
        match self.entry(&variable.key).as_deref() {
            None => vec![absent()],
            Some(Entry::Value(text)) => vec![Filling::Text(text.clone())],
            Some(Entry::Perhaps(text)) => vec![Filling::Text(text.clone()), absent()],
            Some(Entry::Open) => vec![Filling::Open, absent()],
            // A key with several values cannot be a variable: what AWS does then is not documented.
            Some(Entry::Values(_)) => vec![Filling::Open, Filling::Nothing],
        }
    }
}
