//! Who may go past the MRAP and the endpoints of a bucket.

use crate::subject::Case;
use narrows_iam::ConditionKey;
use narrows_model::intent::{Exempt, Exemption};
use narrows_prover::{KeyTest, Scope};
use std::collections::BTreeSet;

/// Declared exemptions that have not expired, and the roles of replication that begins or ends at the bucket.
#[derive(Clone)]
pub(crate) struct Exemptions {
    /// The requests of all of them.
    pub scope: Scope,
    /// Them, as people read it.
    pub listed: Vec<String>,
    /// Whether one of them ends, which the policy has to do too.
    pub ending: bool,
}

pub(crate) fn exemptions(case: &Case<'_>, bucket: usize) -> Exemptions {
    let (mut roles, mut services, mut listed) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    // Where the owner declares the replication role, the policies under test cannot make another one exempt.
    let declared = case.intent.exemptions.iter().any(|it| matches!(it.who, Exempt::ReplicationRole(_)));
    let own = if declared { BTreeSet::new() } else { case.replication_roles(bucket) };
    for role in own {
        listed.push(format!("{} (replication role)", case.model.show(&role)));
        roles.insert(role);
    }
    let mut ending = Vec::new();
    for Exemption { who, reason, expires } in &case.intent.exemptions {
        if expires.is_some_and(|last| last < case.as_of) {
            continue;
        }
        let until = expires.map(|date| format!(", until {date}")).unwrap_or_default();
        let new = match who {
            Exempt::Role(arn) | Exempt::ReplicationRole(arn) => !roles.contains(arn.as_str()),
            Exempt::Service(name) => !services.contains(name.as_str()),
        };
        if !new {
            continue;
        }
        listed.push(format!("{} ({reason}{until})", who.as_str()));
        let name = who.as_str().to_owned();
        match (who, expires) {
            (Exempt::Role(_) | Exempt::ReplicationRole(_), None) => drop(roles.insert(name)),
            (Exempt::Service(_), None) => drop(services.insert(name)),
            (_, Some(last)) => {
                let end = KeyTest::Before(last.epoch_seconds() + SECONDS_OF_A_DAY);
                let who = match who {
                    Exempt::Service(_) => Scope::Service(vec![name]),
                    _ => Scope::PrincipalArn(vec![name]),
                };
                ending.push(Scope::All(vec![who, Scope::Key(ConditionKey::new("aws:CurrentTime"), end)]));
            }
        }
    }
    let ends = !ending.is_empty();
    let mut parts = ending;
    if !services.is_empty() {
        parts.insert(0, Scope::Service(services.into_iter().collect()));
    }
    if !roles.is_empty() {
        parts.insert(0, Scope::PrincipalArn(roles.into_iter().collect()));
    }
    Exemptions { scope: Scope::Any(parts), listed, ending: ends }
}

const SECONDS_OF_A_DAY: i64 = 86_400;
