//! Statements of policies that no request can match.
//!
//! Of each statement some request must match it: a solution of its formula on the lower reading, which the IAM evaluator
//! confirms. That none can is proved on the upper reading, in each way in which a request can meet the document. An S3
//! action that is not in the catalogue may exist: a statement that only such an action can match is neither.

mod actions;
mod scene;
mod why;

use crate::access::{AccessModel, Policy, Subject};
use crate::decide::{Answer, Verdict};
use narrows_iam::{Document, Effect};
use narrows_model::Location;
use scene::{Found, Setup};
use std::collections::BTreeSet;

/// What a policy belongs to, by its place in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// A bucket, by its place in [`AccessModel::buckets`].
    Bucket(usize),
    /// An MRAP, by its place in [`AccessModel::mraps`].
    Mrap(usize),
    /// A VPC endpoint, by its place in [`AccessModel::endpoints`].
    Endpoint(usize),
    /// A role or user, by its place in [`AccessModel::identities`]: its policies and its permission boundary.
    Role(usize),
}

/// A statement that no request can match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idle {
    /// The document that has it: the address of its resource, or its file.
    pub document: String,
    /// Its `Sid`, else its number in the document.
    pub statement: String,
    /// What it would do.
    pub effect: Effect,
    /// Where it stands.
    pub location: Location,
    /// Why no request matches it: the least that rules all of them out.
    pub reason: String,
}

impl Holder {
    /// All of a model that have a policy.
    pub fn all(model: &AccessModel) -> Vec<Self> {
        let buckets = (0..model.buckets.len()).map(Self::Bucket);
        let mraps = (0..model.mraps.len()).map(Self::Mrap);
        let endpoints = (0..model.endpoints.len()).map(Self::Endpoint);
        let roles = (0..model.identities.len()).map(Self::Role);
        let all = buckets.chain(mraps).chain(endpoints).chain(roles);
        all.filter(|holder| !holder.policies(model).is_empty()).collect()
    }

    /// How people know it.
    pub fn subject(self, model: &AccessModel) -> Option<Subject> {
        match self {
            Self::Bucket(index) => model.buckets.get(index).map(|it| it.subject.clone()),
            Self::Mrap(index) => model.mraps.get(index).map(|it| it.subject.clone()),
            Self::Endpoint(index) => model.endpoints.get(index).map(|it| it.subject.clone()),
            Self::Role(index) => model.identities.get(index).map(|it| Subject {
                kind: if it.arn.contains(":user/") { "user" } else { "role" }.to_owned(),
                name: model.show(&it.arn),
                address: String::new(),
            }),
        }
    }

    /// Its policies in the input; those of AWS are nobody's to mend.
    fn policies(self, model: &AccessModel) -> Vec<&Policy> {
        let all: Vec<&Policy> = match self {
            Self::Bucket(index) => model.buckets.get(index).map(|it| &it.policy).into_iter().collect(),
            Self::Mrap(index) => model.mraps.get(index).map(|it| &it.policy).into_iter().collect(),
            Self::Endpoint(index) => model.endpoints.get(index).map(|it| &it.policy).into_iter().collect(),
            Self::Role(index) => {
                let role = model.identities.get(index);
                role.into_iter().flat_map(|it| it.policies.iter().chain([&it.boundary])).collect()
            }
        };
        all.into_iter().filter(|policy| !matches!(policy, Policy::None) && !policy.is_of_aws()).collect()
    }
}

/// Whether each statement of a holder's policies can match some request.
///
/// The verdict is [`Verdict::Vacuous`] where one cannot.
pub fn vacuous(model: &AccessModel, holder: Holder) -> Answer {
    let mut idle = Vec::new();
    let mut unknown = None;
    for policy in holder.policies(model) {
        match policy {
            Policy::Document { name, document } => {
                read(model, holder, name, document, &mut idle, &mut unknown);
            }
            other => unknown = unknown.or_else(|| reason(other)),
        }
    }
    let verdict = match unknown {
        _ if !idle.is_empty() => Verdict::Vacuous(idle),
        Some(reason) => Verdict::Unknown(reason),
        None => Verdict::Proved,
    };
    Answer { verdict, assumptions: BTreeSet::new(), later_open: false, empty: false }
}

/// Why nothing is said of a policy.
fn reason(policy: &Policy) -> Option<String> {
    policy.unknown_reason("policy").or_else(|| crate::decide::unknown(policy))
}

fn read(
    model: &AccessModel,
    holder: Holder,
    name: &str,
    document: &Document,
    idle: &mut Vec<Idle>,
    unknown: &mut Option<String>,
) {
    let setup = Setup::new(model, holder);
    for (index, statement) in document.statements.iter().enumerate() {
        let label = statement.label(index);
        match setup.matches(document, index) {
            Found::Some => {}
            Found::None => idle.push(Idle {
                document: name.to_owned(),
                statement: label,
                effect: statement.effect,
                location: statement.location.clone(),
                reason: why::why(&setup, statement),
            }),
            Found::Open(reason) => {
                let place = &statement.location;
                unknown.get_or_insert_with(|| {
                    format!("whether a request can match {label} of {name} ({place}) is open: {reason}")
                });
            }
        }
    }
}
