//! What is constant while one guardrail is asked about one bucket: the attributes of the resource, and the subject.

use narrows_prover::Scope;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A constant, or a set of requests that stands for a Boolean or a group of callers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

impl Asking {
    /// A subject of which everything is declared, to find out what a policy asks for.
    pub fn of_everything() -> Self {
        let role = || Fact::Role("arn:aws:iam::123456789012:role/app".to_owned());
        let some = || Fact::When(Scope::Below("x".to_owned()));
        let callers = || Fact::Principals(Scope::PrincipalAccount(vec!["123456789012".to_owned()]));
        let resource: Facts = BTreeMap::from([
            ("account", Fact::Account("123456789012".to_owned())),
            ("acls", some()),
            ("declared", callers()),
            ("deployer", callers()),
            ("endpoints", Fact::Texts(vec!["vpce-0a1b2c3d".to_owned()])),
            ("exempt", callers()),
            ("minimumTls", Fact::Decimal(1_200_000_000)),
            ("mraps", Fact::Texts(vec!["arn:aws:s3::123456789012:accesspoint/m.mrap".to_owned()])),
            ("name", Fact::Text("bucket".to_owned())),
            ("organization", Fact::Organization("o-a1b2c3d4e5".to_owned())),
        ]);
        let grant = BTreeMap::from([
            ("covers", some()),
            ("deletes", some()),
            ("reads", some()),
            ("role", role()),
            ("writes", some()),
        ]);
        let replication = BTreeMap::from([("role", role()), ("source", some())]);
        let of_role = BTreeMap::from([("declared", some()), ("role", role())]);
        let subject = BTreeMap::from([
            ("grant", Fact::Record(grant)),
            ("replication", Fact::Record(replication)),
            ("role", Fact::Record(of_role)),
        ]);
        Self { resource: resource.into(), subject }
    }
}
