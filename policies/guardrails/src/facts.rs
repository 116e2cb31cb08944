//! What is constant while one guardrail is asked about one bucket: the attributes of the resource, and the subject.

use narrows_prover::Scope;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A constant, or a set of requests that stands for a Boolean or a group of callers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fact {
    /// A text.
    Text(String),
    /// A set of texts.
    Texts(Vec<String>),
    /// A Boolean.
    Bool(bool),
    /// A Boolean that depends on the request.
    When(Scope),
    /// A decimal, times 10⁹.
    Decimal(i128),
    /// An account.
    Account(String),
    /// An organisation.
    Organization(String),
    /// A role, by its ARN.
    Role(String),
    /// The callers of a declared group: the requests that they make.
    Principals(Scope),
    /// A record.
    Record(Facts),
    /// It is declared, but what it is cannot be told, for this reason.
    Unknown(String),
}

/// Facts by the names of their attributes; what is not there is absent.
pub(crate) type Facts = BTreeMap<&'static str, Fact>;

/// What a guardrail is asked about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asking {
    /// The attributes of the bucket and its objects.
    pub resource: Arc<Facts>,
    /// The members of the context that tell the subject: `grant`, `replication` or `role`.
    pub subject: Facts,
}
