//! The IAM policy language: parse with spans, print canonically, evaluate one request.
//!
//! Where AWS's documents leave a point open, matching is three-valued: see [`Truth`].

mod ast;
pub mod request;
mod truth;

pub use ast::{
    ActionClause, Condition, ConditionKey, Document, Effect, Family, IpNetwork, Operator, Pattern,
    PrincipalClause, PrincipalEntry, PrincipalForm, Quantifier, ResourceClause, Scalar, Statement, Token,
    Values, Variable, Version,
};
pub use request::{Context, Entry, Principal, Request};
pub use truth::Truth;
