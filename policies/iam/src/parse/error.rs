use narrows_model::Location;
use std::fmt;

/// A policy document that is not one: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct ParseError {
    /// What is wrong.
    pub problem: Problem,
    /// Where.
    pub location: Location,
}

impl ParseError {
    pub(super) fn new(problem: Problem, location: &Location) -> Self {
        Self { problem, location: location.clone() }
    }

    /// Whether nothing is wrong: the document's structure is only known after deployment.
    pub fn is_unknown(&self) -> bool {
        self.unknown().is_some()
    }

    /// The expression that the document's structure depends on, where it is only known after deployment.
    pub fn unknown(&self) -> Option<&str> {
        match &self.problem {
            Problem::Unknown { expression, .. } => Some(expression),
            _ => None,
        }
    }
}

/// A near name, as a question at a message's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest(Option<String>);

impl Nearest {
    pub(super) fn to<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        Self(narrows_model::names::nearest(word, candidates).map(str::to_owned))
    }

    /// The same name behind a prefix that all candidates share.
    pub(super) fn within(self, prefix: &str) -> Self {
        Self(self.0.map(|name| format!("{prefix}{name}")))
    }
}

impl fmt::Display for Nearest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(name) => write!(f, "; did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

/// What is wrong with a policy document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each variant's message says what it is")]
pub enum Problem {
    #[error("the policy is {0}")]
    NotJson(String),
    #[error("{what} is only known after deployment: it is `{expression}`")]
    Unknown { what: &'static str, expression: String },
    #[error("{what} is {got}: expected {expected}")]
    WrongType { what: String, got: &'static str, expected: &'static str },
    #[error("{what} `{name}` is given twice: expected each name once; join the two")]
    Repeated { what: &'static str, name: String },
    #[error("`{name}` is not an element of {parent}: expected one of {expected}{nearest}")]
    UnknownElement { parent: &'static str, name: String, expected: String, nearest: Nearest },
    #[error("{parent} has no `{element}`: {remedy}")]
    Missing { parent: &'static str, element: &'static str, remedy: &'static str },
    #[error("`{element}` does not belong into {kind}: {remedy}")]
    Misplaced { element: &'static str, kind: &'static str, remedy: &'static str },
    #[error(
        "`{element}` is empty: expected at least one value; remove the element, or say what it is meant for"
    )]
    Empty { element: String },
    #[error(
        "the statement has both `{plain}` and `Not{plain}`: expected one of them; split the statement in two"
    )]
    Both { plain: &'static str },
    #[error("version `{got}` is unknown: expected `2012-10-17` or `2008-10-17`{nearest}")]
    Version { got: String, nearest: Nearest },
    #[error("effect `{got}` is unknown: expected `Allow` or `Deny`{nearest}")]
    Effect { got: String, nearest: Nearest },
    #[error(
        "`NotPrincipal` with `Allow` would allow everyone else, anonymous callers too: use `Principal` with conditions"
    )]
    NotPrincipalAllow,
    #[error("`{got}` is not a principal: expected {expected}")]
    Principal { got: String, expected: String },
    #[error(
        "principal `{got}` has a wildcard, which IAM does not expand there: expected a whole ARN; to match many, use `*` with a condition on `aws:PrincipalArn`"
    )]
    PrincipalWildcard { got: String },
    #[error(
        "service `{got}` has a wildcard: expected the name of one service, such as `logging.s3.amazonaws.com`"
    )]
    ServiceWildcard { got: String },
    #[error("`{got}` is not an action: expected `*` or `service:Name`, such as `s3:GetObject`")]
    Action { got: String },
    #[error(
        "`{got}` has a wildcard before its colon, which AWS refuses: expected `*` alone or one service, such as `s3:Get*`; write an entry for each service"
    )]
    ActionService { got: String },
    #[error(
        "`Sid` `{got}` has `{character}`: expected letters and digits only (A-Z, a-z, 0-9) in {kind}; leave it out"
    )]
    Sid { got: String, character: char, kind: &'static str },
    #[error("two statements have the `Sid` `{got}`: expected each once in {kind}; rename one")]
    SidRepeated { got: String, kind: &'static str },
    #[error("`{got}` is not a resource: expected `*` or an ARN, such as `arn:aws:s3:::bucket/*`")]
    Resource { got: String },
    #[error(
        "condition operator `{got}` is unknown: expected one that IAM documents, such as `ArnNotEquals`{nearest}"
    )]
    Operator { got: String, nearest: Nearest },
    #[error("`{got}` takes neither a quantifier nor `IfExists`: write `Null`")]
    NullOperator { got: String },
    #[error("`{got}` is not a condition key: expected `prefix:name`, such as `aws:PrincipalArn`{nearest}")]
    Key { got: String, nearest: Nearest },
    #[error("`{got}` is not a value for {operator}: expected {expected}")]
    Value { operator: String, got: String, expected: &'static str },
    #[error("policy variable in `{got}`: {reason}")]
    Variable { got: String, reason: String },
    #[error("unsupported character U+{0:X}: expected text without private use characters")]
    PrivateUse(u32),
}
