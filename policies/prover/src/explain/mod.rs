//! The decision on one given request, with everything that had a say in it.

mod asked;
mod decision;
mod documents;
mod principal;
mod sensible;
mod why;

pub use asked::{AskError, Asked, SessionPolicy, Target};
pub use documents::{DocumentSays, Role, Says};

use crate::access::{AccessModel, Subject};
use crate::question::Route;
use std::collections::{BTreeMap, BTreeSet};

/// What is decided of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ruling {
    /// It is allowed, whatever the input leaves open.
    Allowed,
    /// It rests on something that the input or AWS's documents leave open.
    Depends,
    /// It is denied, whatever the input leaves open.
    Denied,
}

/// A request as it was understood, and the decision at each bucket that it may be routed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Who asks, as [`crate::Counterexample::principal`].
    pub principal: String,
    /// The session's name, where the caller is a session of a role.
    pub session: Option<String>,
    /// The action, such as `s3:GetObject`.
    pub action: String,
    /// The resource that the request names.
    pub resource: String,
    /// How the request reaches the buckets.
    pub route: Route,
    /// The condition keys that were given, with their values.
    pub context: BTreeMap<String, Vec<String>>,
    /// The condition keys that were not given and are on every request, with the values assumed.
    pub assumed: BTreeMap<String, String>,
    /// What else was assumed.
    pub assumptions: BTreeSet<String>,
    /// The decision on the access point's own resource, which is the same for each bucket; `None` for a direct request.
    pub access_point: Option<LegExplained>,
    /// The decision at each bucket, in the order of their names.
    pub outcomes: Vec<Outcome>,
}

impl Explanation {
    /// The decision in all: denied if it is at some bucket, else open if it is at some.
    pub fn ruling(&self) -> Ruling {
        self.outcomes.iter().map(|outcome| outcome.ruling).max().unwrap_or(Ruling::Depends)
    }
}

/// The decision at one bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The bucket.
    pub bucket: Subject,
    /// The decision, the access point's leg included.
    pub ruling: Ruling,
    /// Why, one reason a sentence; empty where it is allowed.
    pub why: Vec<String>,
    /// The bucket's own leg.
    pub leg: LegExplained,
    /// What S3 asks of KMS keys of the input on the caller's behalf.
    pub keys: Vec<LegExplained>,
}

/// The decision on one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegExplained {
    /// The resource's ARN.
    pub resource: String,
    /// What is asked on it.
    pub action: String,
    /// The decision on it alone.
    pub ruling: Ruling,
    /// What each document says, the resource's own policy first.
    pub documents: Vec<DocumentSays>,
}

/// Explains the decision on a request by all policies of a model.
///
/// The caller's identity policies are those in the input; where the input has none of them, they may allow anything and
/// deny nothing. Documents are attached as a counterexample's are when it is replayed.
///
/// # Errors
/// A request that names what the input does not have, or that AWS would not take.
pub fn explain(model: &AccessModel, asked: &Asked) -> Result<Explanation, AskError> {
    let mut understood = asked::understand(model, asked)?;
    let decided = decision::decide_all(model, &understood)?;
    let show = |text: &str| model.show(text);
    let values = |values: &Vec<String>| values.iter().map(|value| show(value)).collect::<Vec<_>>();
    let (session, principal) = (understood.session.take(), show(&understood.shown_principal()));
    let mut assumptions = std::mem::take(&mut understood.assumptions);
    assumptions.extend(decided.assumptions);
    Ok(Explanation {
        principal,
        session,
        action: understood.action.clone(),
        resource: show(&understood.resource(model)),
        route: understood.route,
        context: understood.given.iter().map(|(key, given)| (key.clone(), values(given))).collect(),
        assumed: understood.assumed,
        assumptions,
        access_point: decided.access_point,
        outcomes: decided.outcomes,
    })
}
