//! Roles whose policies are in the input and whose purpose is known: what replicates, and what the owner declared.

use super::{At, Case, Inquiry, every_route};
use crate::facts::{Asking, Fact, Facts};
use crate::schema::actions_in;
use narrows_model::intent::{Access, Exempt};
use narrows_prover::{Scope, Subject};
use std::sync::Arc;

pub(super) fn all(case: &Case<'_>) -> Vec<Inquiry> {
    let deployer = case.intent.deployer.as_ref().map(|arn| arn.as_str());
    let roles = case.model.identities.iter().filter(|role| !role.policies.is_empty());
    let roles = roles.filter(|role| Some(role.arn.as_str()) != deployer);
    roles.filter_map(|role| inquiry(case, &role.arn)).collect()
}

/// What a role is asked about; none where nobody tells what it is for.
fn inquiry(case: &Case<'_>, role: &str) -> Option<Inquiry> {
    let mut known_purpose = false;
    let mut at = Vec::new();
    for index in 0..case.model.buckets.len() {
        let purposes = purposes(case, role, index);
        known_purpose |= !purposes.is_empty();
        let record = Facts::from([
            ("declared", Fact::When(Scope::Any(purposes))),
            ("role", Fact::Role(role.to_owned())),
        ]);
        let Some(known) = case.known(index) else { continue };
        let subject = Facts::from([("role", Fact::Record(record))]);
        let asking = Asking { resource: Arc::clone(&known.facts), subject };
        at.push(At { bucket: index, asking, routes: every_route(case, index) });
    }
    let shown = case.model.show(role);
    known_purpose.then(|| Inquiry {
        subject: Subject { kind: "role".to_owned(), name: shown.clone(), address: String::new() },
        at,
        holder: None,
        unknown: None,
        exemptions: Vec::new(),
        ending: false,
        words: vec![("{role}", shown)],
    })
}

/// The requests at a bucket that a role is for.
fn purposes(case: &Case<'_>, role: &str, index: usize) -> Vec<Scope> {
    let group = |name: &str| Scope::Action(actions_in(name).unwrap_or_default().into_iter().collect());
    let mut purposes = Vec::new();
    for (source, bucket) in case.model.buckets.iter().enumerate() {
        let Some(replication) = bucket.replication.as_ref().filter(|it| it.role == role) else { continue };
        if source == index {
            purposes.push(group("replication-source"));
        }
        if replication.destinations.contains(&index) {
            purposes.push(group("replication-destination"));
        }
    }
    let bucket = case.model.buckets.get(index);
    for grant in case.intent.grants.iter().filter(|grant| grant.role.as_str() == role) {
        let mrap = case.model.mraps.iter().position(|mrap| mrap.subject.name == grant.mrap.as_str());
        if !mrap.is_some_and(|mrap| bucket.is_some_and(|bucket| bucket.mraps.contains(&mrap))) {
            continue;
        }
        let groups: &[&str] = match grant.access {
            Access::Read => &["grant-read"],
            Access::Write => &["grant-write"],
            Access::ReadWrite => &["grant-read", "grant-write", "grant-delete"],
        };
        let actions = Scope::Any(groups.iter().map(|name| group(name)).collect());
        purposes.push(Scope::All(vec![actions, Scope::Below(grant.prefix.clone())]));
    }
    let exempt =
        case.intent.exemptions.iter().any(|it| matches!(&it.who, Exempt::Role(arn) if arn.as_str() == role));
    if exempt {
        purposes.push(group("data"));
    }
    purposes
}
