//! The IAM policy language: parse with spans, print canonically, evaluate one request.
//!
//! Where AWS's documents leave a point open, matching is three-valued: see [`Truth`].

pub mod actions;
mod ast;
mod authorize;
mod evaluate;
pub mod keys;
mod operator;
mod parse;
mod print;
pub mod request;
pub mod scalar;
mod truth;

pub use ast::{
    ActionClause, Condition, ConditionKey, Document, Effect, Family, IpNetwork, Operator, Pattern,
    PrincipalClause, PrincipalEntry, PrincipalForm, Quantifier, ResourceClause, Scalar, Statement, Token,
    Values, Variable, Version,
};
pub use authorize::{
    Acls, Authorization, DecidedBy, Decision, DocumentTrace, Endpoint, Identity, Named, authorize,
    authorize_through_mrap,
};
pub use evaluate::{
    Decided, Element, ElementTrace, Evaluation, EvaluationContext, Grant, StatementTrace, evaluate,
};
pub use parse::{
    DocumentKind, Nearest, ParseError, Parsed, Problem, Remark, parse, parse_text, parse_with_remarks,
};
pub use print::{print, to_value};
pub use request::{Context, Entry, Principal, Request};
pub use truth::Truth;
