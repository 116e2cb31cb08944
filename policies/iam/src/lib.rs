//! The IAM policy language: parse with spans, print canonically, evaluate one request.
//!
//! Where AWS's documents leave a point open, matching is three-valued: see [`Truth`].
//!
//! ```
//! use narrows_iam::{Context, DocumentKind, EvaluationContext, Principal, Request, Truth, evaluate, parse_text};
//! use narrows_model::{Source, Symbols};
//!
//! let text = r#"{
//!   "Version": "2012-10-17",
//!   "Statement": {
//!     "Effect": "Deny",
//!     "Principal": "*",
//!     "Action": "s3:*",
//!     "Resource": "arn:aws:s3:::bucket/*",
//!     "Condition": {"ArnNotEquals": {"s3:DataAccessPointArn": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"}}
//!   }
//! }"#;
//! let policy = parse_text(&Source::file("policy.json", text), DocumentKind::Resource)?.document;
//! let request = Request {
//!     principal: Principal::Anonymous,
//!     action: "s3:GetObject".to_owned(),
//!     resource: "arn:aws:s3:::bucket/key".to_owned(),
//!     context: Context::default(),
//! };
//! let evaluation = evaluate(&policy, &request, &EvaluationContext::new(&Symbols::default()));
//! // A direct request carries no access point's ARN, and a negated operator holds on an absent key.
//! assert_eq!(evaluation.denied.truth, Truth::Yes);
//! # Ok::<(), narrows_iam::ParseError>(())
//! ```

pub mod actions;
mod ast;
mod authorize;
mod evaluate;
pub mod keys;
mod names;
mod operator;
mod parse;
mod pattern;
mod print;
mod public;
pub mod request;
pub mod scalar;
mod truth;

pub use ast::{
    ActionClause, Condition, ConditionKey, Document, Effect, Family, IpNetwork, Operator, PrincipalClause,
    PrincipalEntry, PrincipalForm, Quantifier, ResourceClause, Scalar, Statement, Values, Version,
};
pub use authorize::{
    Acl, Acls, Authorization, DecidedBy, Decision, DocumentTrace, Endpoint, Identity, Named, authorize,
    authorize_through_mrap, bucket_permission, gives, is_anonymous_user,
};
pub use evaluate::{
    Decided, Element, ElementTrace, Evaluation, EvaluationContext, Grant, StatementTrace, evaluate, matches,
};
pub use names::Names;
pub use parse::{
    DocumentKind, Nearest, ParseError, Parsed, Problem, Remark, parse, parse_text, parse_with_remarks,
};
pub use pattern::{Pattern, Token, Variable};
pub use print::{print, to_value};
pub use public::{Called, called};
pub use request::{Context, Entry, Principal, Request};
pub use truth::Truth;
