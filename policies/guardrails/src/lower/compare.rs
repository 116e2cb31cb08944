//! Comparisons between condition keys, the caller, the action, the resource and constants.

use super::expression::{caller, group};
use super::term::Term;
use super::{Lowering, Refusal, and, constant, is_everything, is_nothing, literal, not, or};
use crate::schema::{KeyType, actions_in};
use cedar_policy::pst::{BinaryOp, Expr};
use narrows_iam::ConditionKey;
use narrows_prover::solve::Glob;
use narrows_prover::{KeyTest, Scope};

/// A unit of [`KeyTest::Numbers`].
const UNIT: i128 = 1_000_000_000;

impl<'a> Lowering<'a> {
    pub(super) fn binary(&self, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Result<Term<'a>, Refusal> {
        let refused = || Refusal::Construct(String::new());
        let scope = match op {
            BinaryOp::And => {
                let first = self.truth(left)?;
                if is_nothing(&first) && !self.thorough { first } else { and(first, self.truth(right)?) }
            }
            BinaryOp::Or => {
                let first = self.truth(left)?;
                if is_everything(&first) && !self.thorough { first } else { or(first, self.truth(right)?) }
            }
            BinaryOp::Eq => self.equal(left, right)?,
            BinaryOp::NotEq => not(self.equal(left, right)?),
            BinaryOp::In => self.is_in(left, right)?,
            BinaryOp::Contains => match (self.term(left)?, self.term(right)?) {
                (Term::Set(members), Term::Principal) => {
                    let mut callers = members.iter().map(|member| match member {
                        Term::Entity(ty, id) => caller(ty, id),
                        _ => Err(refused()),
                    });
                    callers.try_fold(Scope::nothing(), |all, next| Ok::<_, Refusal>(or(all, next?)))?
                }
                (Term::Set(members), Term::Text(text)) => {
                    let texts = texts(&members).ok_or_else(refused)?;
                    constant(literal::has(&texts, &text, &|| format!("{left}.contains({right})"))?)
                }
                (Term::Set(members), one) => {
                    let values = texts(&members).ok_or_else(refused)?;
                    one_of(&one, values).ok_or_else(refused)?
                }
                (Term::Key(key), Term::Text(text)) if key.kind == KeyType::Texts => {
                    Scope::Key(key.condition_key(), KeyTest::OneOf(vec![text]))
                }
                _ => return Err(refused()),
            },
            BinaryOp::ContainsAny => match (self.term(left)?, self.term(right)?) {
                (Term::Key(key), Term::Set(members)) if key.kind == KeyType::Texts => {
                    let values = texts(&members).ok_or_else(refused)?;
                    Scope::Key(key.condition_key(), KeyTest::OneOf(values))
                }
                _ => return Err(refused()),
            },
            BinaryOp::HasTag | BinaryOp::GetTag => {
                let (Term::Principal, Term::Text(tag)) = (self.term(left)?, self.term(right)?) else {
                    return Err(refused());
                };
                let name = format!("aws:PrincipalTag/{tag}");
                if op == BinaryOp::GetTag {
                    return Ok(Term::Tag(name));
                }
                // Of the schema's principals, services and anonymous callers have no tags.
                let there = Scope::Key(ConditionKey::new(&name), KeyTest::Present);
                and(there, not(or(Scope::Anonymous, Scope::AnyService)))
            }
            BinaryOp::IsInRange => match (self.term(left)?, self.term(right)?) {
                (Term::Key(key), Term::Network(network)) if key.kind == KeyType::Address => {
                    Scope::Key(key.condition_key(), KeyTest::Addresses(vec![network]))
                }
                _ => return Err(refused()),
            },
            BinaryOp::Less | BinaryOp::DecimalLessThan => self.ordered(left, right, false)?,
            BinaryOp::LessEq | BinaryOp::DecimalLessEq => self.ordered(left, right, true)?,
            BinaryOp::Greater | BinaryOp::DecimalGreater => self.ordered(right, left, false)?,
            BinaryOp::GreaterEq | BinaryOp::DecimalGreaterEq => self.ordered(right, left, true)?,
            _ => return Err(Refusal::Construct(op.to_string())),
        };
        Ok(Term::Truth(scope))
    }

    fn equal(&self, left: &'a Expr, right: &'a Expr) -> Result<Scope, Refusal> {
        let refused = || Refusal::Construct(String::new());
        let whole = || format!("{left} == {right}");
        let (left, right) = (self.term(left)?, self.term(right)?);
        Ok(match (left, right) {
            (Term::Principal, Term::Entity(ty, id)) | (Term::Entity(ty, id), Term::Principal) => {
                caller(&ty, &id)?
            }
            (Term::Action, Term::Entity(_, id)) | (Term::Entity(_, id), Term::Action) => {
                literal::action(&id)?;
                Scope::Action(vec![id])
            }
            (Term::Entity(a, x), Term::Entity(b, y)) => constant(a == b && literal::same(&x, &y, &whole)?),
            (Term::Text(a), Term::Text(b)) => constant(literal::same(&a, &b, &whole)?),
            (Term::Long(a), Term::Long(b)) => constant(a == b),
            (Term::Decimal(a), Term::Decimal(b)) => constant(a == b),
            (Term::Truth(a), Term::Truth(b)) => or(and(a.clone(), b.clone()), and(not(a), not(b))),
            (Term::Key(key), Term::Truth(value)) | (Term::Truth(value), Term::Key(key))
                if key.kind == KeyType::Bool =>
            {
                let is = |word: &str| Scope::Key(key.condition_key(), KeyTest::OneOf(vec![word.to_owned()]));
                or(and(is("true"), value.clone()), and(is("false"), not(value)))
            }
            (Term::Key(key), Term::Long(n)) | (Term::Long(n), Term::Key(key))
                if key.kind == KeyType::Long =>
            {
                let n = i128::from(n).saturating_mul(UNIT);
                Scope::Key(key.condition_key(), KeyTest::Numbers(Some(n), Some(n)))
            }
            (Term::Key(key), Term::Decimal(n)) | (Term::Decimal(n), Term::Key(key))
                if key.kind == KeyType::Decimal =>
            {
                Scope::Key(key.condition_key(), KeyTest::Numbers(Some(n), Some(n)))
            }
            (Term::Key(key), Term::Moment(at)) | (Term::Moment(at), Term::Key(key))
                if key.kind == KeyType::Moment =>
            {
                Scope::Key(key.condition_key(), KeyTest::Moments(Some(at), Some(at)))
            }
            (Term::Key(key), Term::Network(network)) | (Term::Network(network), Term::Key(key))
                if key.kind == KeyType::Address && is_one_address(network) =>
            {
                Scope::Key(key.condition_key(), KeyTest::Addresses(vec![network]))
            }
            (one, Term::Text(text)) | (Term::Text(text), one) => {
                one_of(&one, vec![text]).ok_or_else(refused)?
            }
            _ => return Err(refused()),
        })
    }

    pub(super) fn is_in(&self, left: &'a Expr, right: &'a Expr) -> Result<Scope, Refusal> {
        let whole = || format!("{left} in {right}");
        let refused = || Refusal::Construct(whole());
        let (left, right) = (self.term(left)?, self.term(right)?);
        let one = |right: &Term<'a>| -> Result<Scope, Refusal> {
            Ok(match (&left, right) {
                (Term::Principal, Term::Principals(scope)) => scope.clone(),
                (Term::Principal, Term::Entity(ty, id)) => match group(ty, id) {
                    Some(group) => group,
                    None => caller(ty, id)?,
                },
                (Term::Action, Term::Entity(_, id)) => {
                    Scope::Action(actions_in(id).ok_or_else(refused)?.into_iter().collect())
                }
                (Term::Resource, Term::Entity(ty, id)) if ty == "Bucket" => {
                    match self.asking.resource.get("name") {
                        Some(crate::facts::Fact::Text(name)) => constant(literal::same(name, id, &whole)?),
                        _ => Scope::nothing(),
                    }
                }
                _ => return Err(refused()),
            })
        };
        match &right {
            Term::Set(members) => members
                .iter()
                .map(one)
                .try_fold(Scope::nothing(), |all, next| Ok::<_, Refusal>(or(all, next?))),
            other => one(other),
        }
    }

    /// `low` lies before `high`; or at it, where `equal`.
    fn ordered(&self, low: &'a Expr, high: &'a Expr, equal: bool) -> Result<Scope, Refusal> {
        let refused = || Refusal::Construct(String::new());
        let (low, high) = (self.term(low)?, self.term(high)?);
        let step = i128::from(!equal);
        let numbers = |from, to| KeyTest::Numbers(from, to);
        let moments = |from, to| KeyTest::Moments(from, to);
        let number = |term: &Term<'_>| match term {
            Term::Long(n) => Some(i128::from(*n).saturating_mul(UNIT)),
            Term::Decimal(n) => Some(*n),
            _ => None,
        };
        let numeric = |key: &crate::schema::Key| matches!(key.kind, KeyType::Long | KeyType::Decimal);
        Ok(match (&low, &high) {
            (Term::Key(key), limit) if numeric(key) => {
                let limit = number(limit).ok_or_else(refused)?;
                Scope::Key(key.condition_key(), numbers(None, Some(limit.saturating_sub(step))))
            }
            (limit, Term::Key(key)) if numeric(key) => {
                let limit = number(limit).ok_or_else(refused)?;
                Scope::Key(key.condition_key(), numbers(Some(limit.saturating_add(step)), None))
            }
            (Term::Key(key), Term::Moment(limit)) if key.kind == KeyType::Moment => {
                Scope::Key(key.condition_key(), moments(None, Some(limit.saturating_sub(i64::from(!equal)))))
            }
            (Term::Moment(limit), Term::Key(key)) if key.kind == KeyType::Moment => {
                Scope::Key(key.condition_key(), moments(Some(limit.saturating_add(i64::from(!equal))), None))
            }
            (Term::Long(a), Term::Long(b)) => constant(a < b || (equal && a == b)),
            (Term::Decimal(a), Term::Decimal(b)) => constant(a < b || (equal && a == b)),
            (Term::Moment(a), Term::Moment(b)) => constant(a < b || (equal && a == b)),
            _ => return Err(refused()),
        })
    }
}

/// The texts of a set; `None` where it holds anything else.
fn texts(members: &[Term<'_>]) -> Option<Vec<String>> {
    let text = |member: &Term<'_>| match member {
        Term::Text(text) => Some(text.clone()),
        _ => None,
    };
    members.iter().map(text).collect()
}

/// The requests for which a text is one of these.
fn one_of(one: &Term<'_>, values: Vec<String>) -> Option<Scope> {
    Some(match one {
        Term::Key(key) if key.kind == KeyType::Text => {
            Scope::Key(key.condition_key(), KeyTest::OneOf(values))
        }
        Term::Tag(name) => Scope::Key(ConditionKey::new(name), KeyTest::OneOf(values)),
        Term::PrincipalArn => Scope::PrincipalArn(values),
        Term::ObjectKey => {
            values.iter().fold(Scope::nothing(), |all, key| or(all, Scope::ObjectKey(Glob::literal(key))))
        }
        _ => return None,
    })
}

/// Whether a network is one address, which is what Cedar compares it with.
fn is_one_address(network: narrows_iam::IpNetwork) -> bool {
    network.prefix == if network.address.is_ipv4() { 32 } else { 128 }
}
