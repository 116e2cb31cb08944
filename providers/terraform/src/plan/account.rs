//! The account that a plan is for.

use super::module::Plan;
use narrows_model::{AccountId, Member, Value};
use std::collections::BTreeSet;

/// The arguments of a provider for AWS that choose an account.
const CHOOSE: [&str; 9] = [
    "access_key",
    "secret_key",
    "token",
    "profile",
    "assume_role",
    "assume_role_with_web_identity",
    "shared_config_files",
    "shared_credentials_files",
    "allowed_account_ids",
];

/// The one account that the providers are bound to; else the one that they were found to work in, where nothing says that
/// they work in several.
pub(super) fn of(plan: &Plan<'_>) -> Option<AccountId> {
    let providers = plan.provider_configs().map(|provider| {
        match provider.get("expressions")?.get("allowed_account_ids")?.get("constant_value")?.items()? {
            [only] => only.as_str(),
            _ => None,
        }
    });
    let bound: Option<Vec<&str>> = providers.collect();
    let found = plan.data_sources().filter(|(address, _)| address.contains("data.aws_caller_identity."));
    let found: Option<Vec<&str>> = found.map(|(_, values)| values.get("account_id")?.as_str()).collect();
    let only = |accounts: Option<Vec<&str>>| {
        let accounts = accounts?;
        let (first, rest) = accounts.split_first()?;
        rest.iter().all(|other| other == first).then(|| first.parse().ok())?
    };
    only(bound).or_else(|| only(found).filter(|_| is_one(plan)))
}

/// Whether the providers differ in nothing that chooses an account; one expression may have two values in two modules.
fn is_one(plan: &Plan<'_>) -> bool {
    let chosen = |provider: &Value| {
        let expressions = provider.get("expressions").and_then(Value::members).unwrap_or_default();
        let chooses = |member: &&Member| CHOOSE.contains(&member.name.as_str());
        let all: Vec<String> = expressions
            .iter()
            .filter(chooses)
            .map(|member| format!("{} {}", member.name, member.value))
            .collect();
        let module = provider.get("module_address").and_then(Value::as_str).filter(|_| !all.is_empty());
        (module.map(str::to_owned), all)
    };
    plan.provider_configs().map(chosen).collect::<BTreeSet<_>>().len() <= 1
}
