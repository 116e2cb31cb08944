//! What a guardrail is asked about, one subject after the other, with the facts of each.

mod bucket;
mod grant;
mod mrap;
mod policy;
mod replication;
mod role;

use crate::facts::Asking;
use crate::guardrail::{Each, Guardrail};
use bucket::Known;
use narrows_model::date::Date;
use narrows_model::intent::Endpoint;
use narrows_model::{Intent, Kind};
use narrows_prover::vacuous::Holder;
use narrows_prover::{AccessModel, Route, Subject};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The deployment that guardrails are asked of.
pub(crate) struct Case<'a> {
    pub model: &'a AccessModel,
    pub intent: &'a Intent,
    pub as_of: Date,
    /// What is known of each bucket, made on first use.
    known: Vec<OnceCell<Known>>,
    /// The buckets of each MRAP, made on first use.
    members: OnceCell<Vec<Vec<usize>>>,
    /// The roles that replicate from or to each bucket, by its place, made on first use.
    replicating: OnceCell<BTreeMap<usize, BTreeSet<String>>>,
}

impl<'a> Case<'a> {
    pub fn new(model: &'a AccessModel, intent: &'a Intent, as_of: Date) -> Self {
        let known = model.buckets.iter().map(|_| OnceCell::new()).collect();
        Self { model, intent, as_of, known, members: OnceCell::new(), replicating: OnceCell::new() }
    }

    /// What is known and declared of a bucket; `None` where there is no such bucket.
    fn known(&self, index: usize) -> Option<&Known> {
        let bucket = self.model.buckets.get(index)?;
        Some(self.known.get(index)?.get_or_init(|| bucket::known(self, index, bucket)))
    }

    /// The buckets of an MRAP, by their places.
    fn members(&self, mrap: usize) -> &[usize] {
        let all = self.members.get_or_init(|| self.model.members());
        all.get(mrap).map(Vec::as_slice).unwrap_or_default()
    }

    /// The roles that replicate from or to a bucket.
    pub fn replication_roles(&self, bucket: usize) -> BTreeSet<String> {
        let roles = self.replicating.get_or_init(|| {
            let mut found: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
            for (index, bucket) in self.model.buckets.iter().enumerate() {
                let Some(replication) = &bucket.replication else { continue };
                for place in replication.destinations.iter().chain([&index]) {
                    found.entry(*place).or_default().insert(replication.role.clone());
                }
            }
            found
        });
        roles.get(&bucket).cloned().unwrap_or_default()
    }
}

/// One bucket that a guardrail is asked about, for a subject.
pub(crate) struct At {
    /// The bucket, by its place in the model.
    pub bucket: usize,
    /// The constants.
    pub asking: Asking,
    /// The ways that can be asked about.
    pub routes: Vec<Route>,
}

/// One verdict's subject.
pub(crate) struct Inquiry {
    pub subject: Subject,
    /// The buckets that it is about.
    pub at: Vec<At>,
    /// Whose policies it is about, where it is about policies.
    pub holder: Option<Holder>,
    /// Something that stands against an answer before any question is asked.
    pub unknown: Option<String>,
    /// Who is exempt, as people read it.
    pub exemptions: Vec<String>,
    /// What the remedy adds where an exemption ends.
    pub ending: bool,
    /// What stands in the remedy's braces.
    pub words: Vec<(&'static str, String)>,
}

/// What a guardrail asks about; the reason where there is nothing.
pub(crate) fn inquiries(case: &Case<'_>, guardrail: &Guardrail) -> Result<Vec<Inquiry>, String> {
    let found = match guardrail.each {
        Each::MrapBucket => bucket::of_mraps(case),
        Each::Bucket => bucket::all(case),
        Each::Grant => grant::all(case),
        Each::Replication => replication::all(case),
        Each::Role => role::all(case),
        Each::Mrap => mrap::all(case)?,
        Each::Policy => policy::all(case),
    };
    if found.is_empty() {
        return Err(match guardrail.each {
            Each::MrapBucket => "no bucket of the input belongs to an MRAP: name one with --mrap ARN",
            Each::Bucket => "the input has no bucket",
            Each::Grant => {
                "no grants are declared: add `[[grant]]` to narrows.toml; other input is told of it with --stack FILE"
            }
            Each::Replication => "the input has no replication",
            Each::Policy => "the input has no policy of a bucket, an MRAP, a VPC endpoint, a role or a user",
            Each::Mrap => "the input has no MRAP: name one with --mrap ARN",
            Each::Role => {
                "the input has no policies of a role that replicates, or that a grant or an exemption names"
            }
        }
        .to_owned());
    }
    Ok(found)
}

/// What is known and declared of a bucket.
pub(crate) fn facts(case: &Case<'_>, index: usize) -> Option<Arc<crate::facts::Facts>> {
    case.known(index).map(|known| Arc::clone(&known.facts))
}

/// All ways to a bucket.
fn every_route(case: &Case<'_>, bucket: usize) -> Vec<Route> {
    let own = case.model.buckets.get(bucket).map(|bucket| bucket.mraps.clone()).unwrap_or_default();
    [Route::Direct, Route::OtherAccessPoint].into_iter().chain(own.into_iter().map(Route::Mrap)).collect()
}

/// The ids of the declared endpoints; those that are not in the input are a reason not to know.
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
