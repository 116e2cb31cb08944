//! Whether two sides decide the same request differently: two states of a deployment, or two buckets.
//!
//! Both sides are lowered onto one set of variables, so that it is one request that both decide: the same caller, action,
//! object key and condition keys, each on the side's own resource. Keys that tell of the resource are each side's own.
//! What AWS's documents leave open counts the same on both sides where the same clause is asked the same; see
//! [`Beyond::Unknown`] for the rest.

mod alike;
mod assumed;
mod callers;
mod changes;
mod classes;
mod pair;
mod settle;
#[cfg(test)]
mod tests;

pub use alike::alike;
pub use callers::Callers;
pub use changes::{Change, Changes, Group, Undecided, Way, changes};
pub use pair::{Kinship, Pair};

use crate::access::{AccessModel, Identity};
use crate::counterexample::{Counterexample, Leg};
use crate::near::Near;
use crate::question::Route;

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The bucket, by its place in [`AccessModel::buckets`].
    pub bucket: usize,
    /// How the request reaches it.
    pub route: Route,
}

/// One of two sides that decide a request.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The policies.
    pub model: &'a AccessModel,
    /// Where the request goes; `None` where this side has no such bucket or route, so that nothing is allowed.
    pub place: Option<Place>,
}

/// A side of a [`Pair`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The first.
    First,
    /// The second.
    Second,
}

/// What one side allows that the other does not.
#[derive(Clone, Debug, PartialEq)]
pub enum Beyond {
    /// No request at all is asked about.
    NoRequest,
    /// Nothing, on any reading of AWS's documents.
    Nothing,
    /// This request and perhaps others, on every reading.
    Something(Box<Difference>),
    /// It is not decided, for this reason.
    Unknown(String),
}

/// A request that one side allows and the other does not, replayed on both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The request on the side that allows it, with what decides it there.
    pub allowed: Counterexample,
    /// The decision on the other side, leg by leg; none where the other side has no such bucket or route.
    pub refused: Vec<Leg>,
    /// What the caller's own policies are taken to say.
    pub own_policies: OwnPolicies,
    /// The statement of the other side that comes nearest to allowing it, where there is one.
    pub near: Option<Near>,
}

/// What the own policies of an example's caller say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnPolicies {
    /// They are in the input; or the caller is one that has none.
    InInput,
    /// They are not in the input, and allow everything.
    AllowEverything,
    /// They are not in the input, and allow nothing.
    AllowNothing,
    /// They are not in the input, and allow the request on the bucket but not on the MRAP.
    AllowOnBucket,
    /// They are not in the input, and allow the request on the MRAP but not on the bucket.
    AllowOnMrap,
}

/// Two states of one deployment with what a comparison needs in common.
///
/// `after` must have been built by [`AccessModel::build_after`]. A role whose policies only one state has is one without
/// policies in the other, and an endpoint that only one state has keeps its policy in the other: the requests through it
/// then differ only where the buckets' policies do.
pub fn align(before: &AccessModel, after: &AccessModel) -> (AccessModel, AccessModel) {
    let (mut first, mut second) = (before.clone(), after.clone());
    first.symbols = after.symbols.clone();
    for (model, other) in [(&mut first, after), (&mut second, before)] {
        for endpoint in &other.endpoints {
            if !model.endpoints.iter().any(|known| known.id == endpoint.id) {
                model.endpoints.push(endpoint.clone());
            }
        }
        for identity in &other.identities {
            if !model.identities.iter().any(|known| known.arn == identity.arn) {
                model.identities.push(Identity::new(identity.arn.clone()));
            }
        }
    }
    (first, second)
}
