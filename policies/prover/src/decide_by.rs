//! The concrete decision of a request, with what decides it.
use crate::access::AccessModel;
use crate::question::{Question, Route};
use crate::scene::CallerPolicies;
use crate::counterexample::Leg;
use narrows_iam::{Request, Truth};
use narrows_model::Location;
/// What decides a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    /// A statement.
    Statement {
        /// The document.
        document: String,
        /// Its `Sid`, or its number.
        statement: String,
        /// Where it stands.
        location: Location,
    },
    /// An assumption about a document that is not in the input.
    Assumption(String),
    /// Nothing: no statement allows or denies.
    Implicit,
}
pub(crate) fn replay_legs(_: &AccessModel, _: &Question, _: Route, _: &[Request], _: CallerPolicies) -> (Truth, Vec<Leg>) { (Truth::Yes, vec![]) }
