use crate::Pattern;
use narrows_model::{AccountId, Location, SmolStr};
use std::fmt;

/// A policy document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The language version; 2008-10-17 where the document names none.
    pub version: Version,
    /// Whether the document names its version.
    pub version_given: bool,
    /// The document's `Id`.
    pub id: Option<String>,
    /// The statements, at least one.
    pub statements: Vec<Statement>,
    /// The whole document's place.
    pub location: Location,
}

/// A version of the policy language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 2008-10-17, without policy variables.
    V2008,
    /// 2012-10-17.
    V2012,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The statement's `Sid`.
    pub sid: Option<String>,
    /// Allow or Deny.
    pub effect: Effect,
    /// `Principal` or `NotPrincipal`; `None` in identity policies.
    pub principal: Option<PrincipalClause>,
    /// `Action` or `NotAction`.
    pub action: ActionClause,
    /// `Resource` or `NotResource`; `None` only in trust policies.
    pub resource: Option<ResourceClause>,
    /// The conditions: one for each operator and key, all of which must hold.
    pub conditions: Vec<Condition>,
    /// The statement's place.
    pub location: Location,
}

/// What a matching statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Allows, unless something denies.
    Allow,
    /// Denies, whatever allows.
    Deny,
}

/// `Principal` or `NotPrincipal`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalClause {
    /// Whether it is `NotPrincipal`.
    pub negated: bool,
    /// The entries, at least one; any may match.
    pub entries: Vec<PrincipalEntry>,
    /// The clause's place.
    pub location: Location,
}

/// One principal in a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalEntry {
    /// Whom it names.
    pub form: PrincipalForm,
    /// The entry as it is spelled, symbols included.
    pub spelled: SmolStr,
    /// Its place.
    pub location: Location,
}

/// Whom a principal entry names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrincipalForm {
    /// `"Principal": "*"`: everyone, services and anonymous callers included.
    Everyone,
    /// `{"AWS": "*"}`: everyone; whether services are included is open.
    AwsEveryone,
    /// `arn:…:root` or twelve digits: the account.
    Account(AccountId),
    /// The exact ARN of a role (path included); covers its sessions.
    Role {
        /// The role's ARN.
        arn: String,
    },
    /// The exact ARN of a user.
    User {
        /// The user's ARN.
        arn: String,
    },
    /// `arn:…:sts::<account>:assumed-role/<name>/<session>`.
    Session {
        /// The partition field.
        partition: String,
        /// The account.
        account: AccountId,
        /// The role's name, without its path.
        role: String,
        /// The session's name.
        session: String,
    },
    /// `arn:…:sts::<account>:federated-user/<name>`.
    FederatedUser {
        /// The session's ARN.
        arn: String,
    },
    /// `AROA…` or `AIDA…`: the id of a deleted principal; matches nobody.
    Deleted,
    /// `{"Service": …}`.
    Service(String),
    /// `{"Federated": …}`.
    Federated(String),
    /// `{"CanonicalUser": …}`: an account by its canonical id, which the input does not map to an account.
    CanonicalUser(String),
    /// Text that cannot be resolved before deployment: nobody on every reading, anyone on some.
    Unknown(String),
}

/// `Action` or `NotAction`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionClause {
    /// Whether it is `NotAction`.
    pub negated: bool,
    /// The patterns, at least one; matched without regard to case.
    pub patterns: Vec<Pattern>,
    /// The clause's place.
    pub location: Location,
}

/// `Resource` or `NotResource`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceClause {
    /// Whether it is `NotResource`.
    pub negated: bool,
    /// The patterns, at least one; matched as resources are (see [`Pattern::fields`]).
    pub patterns: Vec<Pattern>,
    /// The clause's place.
    pub location: Location,
}

/// A condition key, lower case, as keys are compared without regard to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionKey(String);

impl ConditionKey {
    /// The key with this name in any case.
    pub fn new(name: &str) -> Self {
        Self(name.to_ascii_lowercase())
    }

    /// The name, lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ConditionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// One operator on one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The operator.
    pub operator: Operator,
    /// The key.
    pub key: ConditionKey,
    /// The key as it is spelled.
    pub spelled_key: SmolStr,
    /// The values, at least one.
    pub values: Values,
    /// The place of the key and its values.
    pub location: Location,
}

/// A condition operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operator {
    /// What it compares.
    pub family: Family,
    /// Whether it is the negated form (`StringNotEquals`, `NotIpAddress`, …).
    pub negated: bool,
    /// Whether it ends in `IfExists`.
    pub if_exists: bool,
    /// `ForAllValues:` or `ForAnyValue:`.
    pub quantifier: Option<Quantifier>,
}

/// What an operator compares, without its negation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "IAM's own words; the two ARN operators are one")]
pub enum Family {
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    NumericEquals,
    NumericLessThan,
    NumericLessThanEquals,
    NumericGreaterThan,
    NumericGreaterThanEquals,
    DateEquals,
    DateLessThan,
    DateLessThanEquals,
    DateGreaterThan,
    DateGreaterThanEquals,
    Bool,
    BinaryEquals,
    IpAddress,
    /// `ArnEquals` or `ArnLike` (`spelled_like` tells which, for printing).
    Arn {
        spelled_like: bool,
    },
    Null,
}

/// A set operator's quantifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// `ForAllValues:`
    ForAllValues,
    /// `ForAnyValue:`
    ForAnyValue,
}

/// The values of a condition, typed by its operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// String and ARN operators.
    Text(Vec<Pattern>),
    /// Numeric operators: the number times 10⁹.
    Number(Vec<Scalar<i128>>),
    /// Date operators: milliseconds since 1970-01-01T00:00:00Z.
    Date(Vec<Scalar<i64>>),
    /// `Bool` (and `Null`, where it tells whether the key must be absent).
    Bool(Vec<Scalar<bool>>),
    /// `BinaryEquals`: the decoded bytes.
    Binary(Vec<Scalar<Vec<u8>>>),
    /// IP address operators.
    Ip(Vec<Scalar<IpNetwork>>),
}

/// A value that is known, or text that cannot be resolved before deployment (or a policy variable where it is open
/// whether one is allowed).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar<T> {
    /// The value, and how it is spelled.
    Known(T, SmolStr),
    /// The text, symbols and variables included.
    Unknown(SmolStr),
}

/// An IP network: addresses whose first bits are those of `address`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IpNetwork {
    /// The network's address, host bits zero.
    pub address: std::net::IpAddr,
    /// How many bits count: 0 to 32, or to 128 for IPv6.
    pub prefix: u8,
}

impl Statement {
    /// How messages name the statement: by its `Sid`, else by its number in the document, from 1.
    pub fn label(&self, index: usize) -> String {
        match &self.sid {
            Some(sid) if !sid.is_empty() => sid.clone(),
            _ => format!("statement {}", index + 1),
        }
    }
}
