//! Decides for all requests what a deployment's policies allow.
//!
//! [`AccessModel::build`] attaches the policies of a deployment to what they govern; [`ask`] decides a [`Question`] about
//! it: proved for all requests, refuted with one that was replayed by the evaluator, or unknown with the reason.

mod access;
#[cfg(test)]
mod agreement;
mod call;
pub mod compare;
mod counterexample;
mod decide;
pub mod explain;
mod holds;
mod key_request;
mod lower;
mod near;
pub mod question;
mod replay;
mod scene;
pub mod solve;
mod unknowns;
pub mod vacuous;

pub use access::{
    AccessModel, Bucket, BucketAcl, BuildError, Cache, Controls, Encryption, Endpoint, Finding, Identity,
    Key, KeyUse, Level, Mrap, Nameless, Policy, Replication, Subject, Unused,
};
pub use counterexample::{Counterexample, Leg};
pub use decide::{Answer, Verdict, ask};
pub use near::Near;
pub use question::{Actions, Demand, KeyTest, PrincipalForm, Question, Route, Scope, split_actions};
pub use replay::DecidedBy;
