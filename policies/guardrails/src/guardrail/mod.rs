//! The guardrails, one file each.

mod application_reaches_data;
mod deployer_not_locked_out;
mod only_through_mrap;
mod private_only;
mod replication_works;
mod tls_only;

use narrows_iam::ConditionKey;
use narrows_iam::actions::{self, Action};
use narrows_model::date::Date;
use narrows_model::intent::{Endpoint, Exempt, Exemption};
use narrows_model::{Intent, Kind};
use narrows_prover::{AccessModel, Actions, Bucket, KeyTest, Question, Scope, Subject, split_actions};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// One thing that must hold of a deployment.
pub struct Guardrail {
    /// Its id, as users name it.
    pub id: &'static str,
    /// What it says, in one sentence.
    pub summary: &'static str,
    /// What it asks of a deployment.
    ask: fn(&Case<'_>) -> Asked,
}

impl Guardrail {
    pub(crate) fn ask(&self, case: &Case<'_>) -> Asked {
        (self.ask)(case)
    }
}

/// What a guardrail is asked of.
pub(crate) struct Case<'a> {
    pub model: &'a AccessModel,
    pub intent: &'a Intent,
    pub as_of: Date,
}

/// What a guardrail asks.
pub(crate) enum Asked {
    /// Nothing: the declaration that it needs is missing.
    Nothing(String),
    /// Subjects, each with the questions that must all be answered well.
    Of(Vec<Inquiry>),
}

/// The questions about one subject.
pub(crate) struct Inquiry {
    pub subject: Subject,
    pub questions: Vec<Question>,
    /// Something that stands against the guardrail before any question is asked.
    pub unknown: Option<String>,
    /// Who is exempt, as people read it.
    pub exemptions: Vec<String>,
    /// What the proof does not speak of.
    pub remarks: Vec<String>,
    /// What to change where it is refuted.
    pub remedy: String,
}

/// All guardrails, by id.
pub fn guardrails() -> &'static [Guardrail] {
    const ALL: [Guardrail; 6] = [
        application_reaches_data::GUARDRAIL,
        deployer_not_locked_out::GUARDRAIL,
        only_through_mrap::GUARDRAIL,
        private_only::GUARDRAIL,
        replication_works::GUARDRAIL,
        tls_only::GUARDRAIL,
    ];
    &ALL
}

/// The buckets of MRAPs, with their place in the model.
pub(crate) fn mrap_buckets(model: &AccessModel) -> impl Iterator<Item = (usize, &Bucket)> {
    model.buckets.iter().enumerate().filter(|(_, bucket)| !bucket.mraps.is_empty())
}

/// Inquiries about the buckets of MRAPs; where there is none, nothing is asked, and that is said.
pub(crate) fn of_mrap_buckets(inquiries: Vec<Inquiry>) -> Asked {
    if inquiries.is_empty() {
        return Asked::Nothing(
            "no bucket of the input belongs to an MRAP: name one with --mrap ARN".to_owned(),
        );
    }
    Asked::Of(inquiries)
}

/// The data actions, by their names in policies: those of objects, and those of the bucket.
pub(crate) fn data_actions() -> (Actions, Actions) {
    static ALL: LazyLock<(Actions, Actions)> = LazyLock::new(|| {
        let names: Vec<String> = actions::data_actions().map(Action::qualified).collect();
        split_actions(names.iter().map(String::as_str))
    });
    ALL.clone()
}

/// Who may go past the MRAP and the endpoints of a bucket: declared exemptions that have not expired, and the roles of
/// replication that begins or ends at the bucket.
pub(crate) struct Exemptions {
    /// The requests of all of them.
    pub scope: Scope,
    /// Them, as people read it.
    pub listed: Vec<String>,
    /// What to change where the policy does not end an exemption that ends; empty where none does.
    pub remedy: &'static str,
}

pub(crate) fn exemptions(case: &Case<'_>, bucket: usize) -> Exemptions {
    let (mut roles, mut services, mut listed) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    // Where the owner declares the replication role, the policies under test cannot make another one exempt.
    let declared = case.intent.exemptions.iter().any(|it| matches!(it.who, Exempt::ReplicationRole(_)));
    let own = if declared { BTreeSet::new() } else { replication_roles(case.model, bucket) };
    for role in own {
        listed.push(format!("{} (replication role)", case.model.show(&role)));
        roles.insert(role);
    }
    let (mut ending, mut remedy) = (Vec::new(), "");
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
                remedy = "; an exemption that ends needs the same Deny for its role alone (ArnEquals aws:PrincipalArn) from \
                          the day after its last one on (DateGreaterThanEquals aws:CurrentTime)";
            }
        }
    }
    let roles = Scope::PrincipalArn(roles.into_iter().collect());
    let services = Scope::Service(services.into_iter().collect());
    let scope = Scope::Any([roles, services].into_iter().chain(ending).collect());
    Exemptions { scope, listed, remedy }
}

const SECONDS_OF_A_DAY: i64 = 86_400;

/// The roles of replication that begins or ends at a bucket, as the same input has it.
pub(crate) fn replication_roles(model: &AccessModel, bucket: usize) -> BTreeSet<String> {
    let here = |(index, other): &(usize, &Bucket)| {
        let replication = other.replication.as_ref();
        replication.is_some_and(|replication| *index == bucket || replication.destinations.contains(&bucket))
    };
    let all = model.buckets.iter().enumerate();
    all.filter(here).filter_map(|(_, bucket)| bucket.replication.as_ref().map(|it| it.role.clone())).collect()
}

/// The ids of the declared endpoints; those that are not in the input are an error for the caller to report.
pub(crate) fn endpoint_ids(case: &Case<'_>, declared: &[Endpoint]) -> Result<Vec<String>, String> {
    let id = |endpoint: &Endpoint| match endpoint {
        Endpoint::Id(id) => Ok(id.as_str().to_owned()),
        Endpoint::Resource(resource) => {
            debug_assert_eq!(resource.kind, Kind::VpcEndpoint);
            let found = case.model.endpoints.iter().find(|endpoint| endpoint.resource == *resource);
            found.map(|endpoint| endpoint.id.clone()).ok_or_else(|| {
                format!("the declared endpoint `{resource}` is not in the input; add it, or declare its id with --vpce")
            })
        }
    };
    declared.iter().map(id).collect()
}

/// What every promise takes for granted: the request comes over TLS 1.2 or later.
pub(crate) fn over_tls() -> Scope {
    let old = KeyTest::Below(1_200_000_000);
    Scope::All(vec![
        Scope::key_is("aws:SecureTransport", ["true"]),
        Scope::Key(ConditionKey::new("s3:TlsVersion"), KeyTest::Present),
        Scope::not(Scope::Key(ConditionKey::new("s3:TlsVersion"), old)),
    ])
}

/// The caller asks itself; no service forwards its request.
pub(crate) fn not_forwarded() -> Scope {
    Scope::key_is("aws:ViaAWSService", ["false"])
}
