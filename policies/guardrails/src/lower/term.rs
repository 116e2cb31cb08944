//! What an expression of a policy is, before it is compared with anything.

use crate::facts::{Fact, Facts};
use crate::schema::Key;
use narrows_iam::IpNetwork;
use narrows_prover::Scope;

/// The value of an expression.
#[derive(Clone, Debug)]
pub(super) enum Term<'a> {
    /// A Boolean: the requests for which it is true.
    Truth(Scope),
    /// A text.
    Text(String),
    /// A whole number.
    Long(i64),
    /// A decimal, times 10⁹.
    Decimal(i128),
    /// A moment, in milliseconds from 1970.
    Moment(i64),
    /// An address or a network.
    Network(IpNetwork),
    /// An entity that the policy names, or a fact is.
    Entity(String, String),
    /// The callers of a declared group.
    Principals(Scope),
    /// A set.
    Set(Vec<Term<'a>>),
    /// A record of facts.
    Facts(&'a Facts),
    /// `principal`
    Principal,
    /// `action`
    Action,
    /// `resource`
    Resource,
    /// `context`
    Context,
    /// `context.aws` or `context.s3`
    Service(&'static str),
    /// A condition key.
    Key(&'static Key),
    /// The value of a tag of the caller, as a condition key's name.
    Tag(String),
    /// `resource.key`
    ObjectKey,
    /// `principal.arn`
    PrincipalArn,
}

impl<'a> Term<'a> {
    /// The value of a fact; the reason where it is declared and cannot be told.
    pub fn of(fact: &'a Fact) -> Result<Self, String> {
        let text = |text: &String| Self::Text(text.clone());
        Ok(match fact {
            Fact::Text(value) => text(value),
            Fact::Texts(values) => Self::Set(values.iter().map(text).collect()),
            Fact::Bool(value) => Self::Truth(super::constant(*value)),
            Fact::When(scope) => Self::Truth(scope.clone()),
            Fact::Decimal(value) => Self::Decimal(*value),
            Fact::Account(id) => Self::Entity("Account".to_owned(), id.clone()),
            Fact::Organization(id) => Self::Entity("Organization".to_owned(), id.clone()),
            Fact::Role(arn) => Self::Entity("Role".to_owned(), arn.clone()),
            Fact::Principals(scope) => Self::Principals(scope.clone()),
            Fact::Record(facts) => Self::Facts(facts),
            Fact::Unknown(reason) => return Err(reason.clone()),
        })
    }
}
