//! Principals as people and AWS's error messages write them.

use super::AskError;
use crate::access::{AccessModel, Policy};
use crate::lower::SESSION;
use narrows_iam::{Principal, PrincipalForm};
use narrows_model::{AccountId, Partition, ServicePrincipal, is_symbol};
use std::collections::BTreeSet;

const FORMS: &str = "the ARN of a role, a user, a session (arn:aws:sts::<account>:assumed-role/<name>/<session>) or a \
                     root user (arn:aws:iam::<account>:root), a service's name, or `anonymous`";

/// A principal, and what had to be assumed of it.
pub(super) struct Who {
    pub principal: Principal,
    /// The session's name, where it was given.
    pub session: Option<String>,
    pub assumption: Option<String>,
}

/// Reads a principal; `session` names the session of a role whose ARN alone is given.
pub(super) fn parse(model: &AccessModel, text: &str, session: Option<&str>) -> Result<Who, AskError> {
    let wrong = || AskError::new(format!("`{}` is not a principal: expected {FORMS}", model.show(text)));
    let no_session = |who: Principal| match session {
        None => Ok(Who { principal: who, session: None, assumption: None }),
        Some(name) => {
            Err(AskError::new(format!("a session `{name}` is given, and the principal is not a role"))
                .help("leave the session out, or give the role's ARN"))
        }
    };
    if text == "anonymous" {
        return no_session(Principal::Anonymous);
    }
    if let Some(name) = text.parse::<ServicePrincipal>().ok().filter(|_| !text.starts_with("arn:")) {
        return no_session(Principal::Service(name.to_string()));
    }
    if text.contains(['*', '?']) {
        return Err(wrong().help("a request has one caller: give its ARN without wildcards"));
    }
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", partition, service, "", account, name] = fields.as_slice() else { return Err(wrong()) };
    if (*service, *account) == ("iam", "cloudfront") && name.starts_with("user/") {
        return no_session(Principal::User { arn: text.to_owned() });
    }
    let known: Option<AccountId> = account.parse().ok();
    if partition.parse::<Partition>().is_err() || (known.is_none() && !account.contains(is_symbol)) {
        return Err(wrong());
    }
    let parts: Vec<&str> = name.split('/').collect();
    // IAM takes paths in which nothing stands between two slashes.
    if parts.last().is_some_and(|part| part.is_empty()) {
        return Err(wrong());
    }
    let arn = text.to_owned();
    match (*service, parts.as_slice()) {
        ("iam", ["root"]) => {
            let account = known.ok_or_else(wrong)?;
            no_session(Principal::Root { partition: (*partition).to_owned(), account })
        }
        ("iam", ["role", _, ..]) => {
            let assumption = match session {
                Some(_) => None,
                None => Some(format!("the role's session is called `{SESSION}`")),
            };
            let given = session.map(str::to_owned);
            let session = session.unwrap_or(SESSION).to_owned();
            Ok(Who { principal: Principal::Role { arn, session }, session: given, assumption })
        }
        ("iam", ["user", _, ..]) => no_session(Principal::User { arn }),
        ("sts", ["federated-user", _]) => no_session(Principal::FederatedUser { arn }),
        ("sts", ["assumed-role", role, own]) => {
            if let Some(other) = session.filter(|given| given != own) {
                return Err(AskError::new(format!(
                    "the principal is session `{own}`, and the session given `{other}`"
                ))
                .help("leave the session out"));
            }
            let (arn, assumption) = role_of_session(model, partition, account, role)?;
            {
                let session = (*own).to_owned();
                Ok(Who {
                    principal: Principal::Role { arn, session: session.clone() },
                    session: Some(session),
                    assumption,
                })
            }
        }
        _ => Err(wrong()),
    }
}

/// The ARN of the role that a session's ARN means, which does not have the role's path.
fn role_of_session(
    model: &AccessModel,
    partition: &str,
    account: &str,
    name: &str,
) -> Result<(String, Option<String>), AskError> {
    let start = format!("arn:{partition}:iam::{account}:role/");
    let found: BTreeSet<&str> = roles(model)
        .filter(|arn| arn.strip_prefix(&start).is_some_and(|rest| rest.rsplit('/').next() == Some(name)))
        .collect();
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(only), None) => Ok((only.to_owned(), None)),
        (None, _) => {
            let arn = format!("{start}{name}");
            let assumption = format!("role {name} has no path: its ARN is {arn}");
            Ok((arn, Some(assumption)))
        }
        (Some(one), Some(other)) => Err(AskError::new(format!(
            "the session's role is not clear: `{}` and `{}` have its name",
            model.show(one),
            model.show(other)
        ))
        .help("give the role's ARN, and the session's name beside it")),
    }
}

/// The roles that the input knows: those with policies, those of replication, and those that policies name.
fn roles(model: &AccessModel) -> impl Iterator<Item = &str> {
    let owned = model.identities.iter().map(|identity| identity.arn.as_str());
    let replicating = model.buckets.iter().filter_map(|it| Some(it.replication.as_ref()?.role.as_str()));
    let policies = model.buckets.iter().map(|bucket| &bucket.policy);
    let policies = policies.chain(model.mraps.iter().map(|mrap| &mrap.policy));
    let policies = policies.chain(model.endpoints.iter().map(|endpoint| &endpoint.policy));
    let documents = policies.filter_map(|policy| match policy {
        Policy::Document { document, .. } => Some(document),
        Policy::None | Policy::Unknown { .. } | Policy::Several { .. } => None,
    });
    let entries = documents.flat_map(|document| {
        document.statements.iter().filter_map(|it| it.principal.as_ref()).flat_map(|clause| &clause.entries)
    });
    let named = entries.filter_map(|entry| match &entry.form {
        PrincipalForm::Role { arn } => Some(arn.as_str()),
        _ => None,
    });
    owned.chain(replicating).chain(named)
}
