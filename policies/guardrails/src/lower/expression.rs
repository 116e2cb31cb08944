//! The expressions of a policy, one by one.

use super::term::Term;
use super::{Lowering, Refusal, Way, and, constant, is_everything, is_nothing, literal, not, or, type_name};
use crate::facts::Facts;
use crate::schema::{KeyType, SERVICES, find_key};
use cedar_policy::pst::{EntityType, EntityUID, Expr, Literal, PatternElem, UnaryOp, Var};
use narrows_iam::{ConditionKey, scalar};
use narrows_prover::solve::{Glob, Token};
use narrows_prover::{KeyTest, PrincipalForm, Scope};

impl<'a> Lowering<'a> {
    /// The requests for which an expression is true.
    pub(super) fn truth(&self, expr: &'a Expr) -> Result<Scope, Refusal> {
        match self.term(expr)? {
            Term::Truth(scope) => Ok(scope),
            Term::Key(key) if key.kind == KeyType::Bool => {
                Ok(Scope::Key(key.condition_key(), KeyTest::OneOf(vec!["true".to_owned()])))
            }
            _ => Err(Refusal::Construct(expr.to_string())),
        }
    }

    /// The value of an expression.
    pub(super) fn term(&self, expr: &'a Expr) -> Result<Term<'a>, Refusal> {
        let refused = || Refusal::Construct(expr.to_string());
        match expr {
            Expr::Literal(value) => Ok(match value {
                Literal::Bool(value) => Term::Truth(constant(*value)),
                Literal::Long(value) => Term::Long(*value),
                Literal::String(text) => {
                    literal::text(text)?;
                    Term::Text(text.to_string())
                }
                Literal::EntityUID(uid) => {
                    literal::entity(uid)?;
                    Term::Entity(type_name(&uid.ty).to_owned(), uid.eid.to_string())
                }
                _ => return Err(refused()),
            }),
            Expr::Var(var) => Ok(match var {
                Var::Principal => Term::Principal,
                Var::Action => Term::Action,
                Var::Resource => Term::Resource,
                Var::Context => Term::Context,
            }),
            Expr::UnaryOp { op, expr: inner } => {
                self.unary(*op, inner).map_err(|error| named(error, &refused))
            }
            Expr::BinaryOp { op, left, right } => {
                self.binary(*op, left, right).map_err(|error| named(error, &refused))
            }
            Expr::GetAttr { expr: of, attr } => {
                let of = self.term(of)?;
                self.attribute(&of, attr)?.ok_or_else(|| Refusal::Absent(attr.to_string()))
            }
            Expr::HasAttr { expr: of, attrs } => {
                let mut of = self.term(of)?;
                let mut there = Scope::everything();
                for attr in attrs {
                    there = and(there, self.has(&of, attr)?);
                    if is_nothing(&there) {
                        break;
                    }
                    match self.attribute(&of, attr)? {
                        Some(next) => of = next,
                        None => break,
                    }
                }
                Ok(Term::Truth(there))
            }
            Expr::Like { expr: of, pattern } => {
                let glob = Glob(pattern.iter().map(token).collect());
                if glob.0.iter().any(|it| matches!(it, Token::Char(c) if narrows_model::is_symbol(*c))) {
                    return Err(Refusal::PrivateUse(expr.to_string()));
                }
                let scope = match self.term(of)? {
                    Term::Key(key) if key.kind == KeyType::Text => {
                        Scope::Key(key.condition_key(), KeyTest::Like(glob))
                    }
                    Term::Tag(name) => Scope::Key(ConditionKey::new(&name), KeyTest::Like(glob)),
                    Term::ObjectKey => Scope::ObjectKey(glob),
                    Term::PrincipalArn => Scope::PrincipalLike(glob),
                    // A name that exists only after deployment may match or not.
                    Term::Text(text) if text.chars().any(narrows_model::is_symbol) => {
                        return Err(Refusal::Unknown(format!(
                            "`{expr}` depends on a name that exists only after deployment"
                        )));
                    }
                    Term::Text(text) => constant(glob.matches(&text)),
                    _ => return Err(refused()),
                };
                Ok(Term::Truth(scope))
            }
            Expr::Is { expr: of, entity_type, in_expr } => {
                let is = self.is(of, entity_type)?;
                let within = match in_expr {
                    Some(group) => self.is_in(of, group)?,
                    None => Scope::everything(),
                };
                Ok(Term::Truth(and(is, within)))
            }
            Expr::IfThenElse { cond, then_expr, else_expr } => {
                let cond = self.truth(cond)?;
                if !self.thorough {
                    if is_everything(&cond) {
                        return self.term(then_expr);
                    }
                    if is_nothing(&cond) {
                        return self.term(else_expr);
                    }
                }
                let (yes, no) = (self.truth(then_expr)?, self.truth(else_expr)?);
                Ok(Term::Truth(or(and(cond.clone(), yes), and(not(cond), no))))
            }
            Expr::Set(members) => {
                members.iter().map(|member| self.term(member)).collect::<Result<_, _>>().map(Term::Set)
            }
            _ => Err(refused()),
        }
    }

    fn unary(&self, op: UnaryOp, inner: &'a Expr) -> Result<Term<'a>, Refusal> {
        if op == UnaryOp::Not {
            return Ok(Term::Truth(not(self.truth(inner)?)));
        }
        let term = self.term(inner)?;
        let refused = || Refusal::Construct(inner.to_string());
        match (op, term) {
            (UnaryOp::Decimal, Term::Text(text)) => {
                scalar::number(&text).map(Term::Decimal).ok_or_else(refused)
            }
            (UnaryOp::Datetime, Term::Text(text)) => {
                scalar::date(&text).map(Term::Moment).ok_or_else(refused)
            }
            (UnaryOp::Ip, Term::Text(text)) => {
                scalar::network(&text).map(|(network, _)| Term::Network(network)).ok_or_else(refused)
            }
            (UnaryOp::Neg, Term::Long(value)) => value.checked_neg().map(Term::Long).ok_or_else(refused),
            (UnaryOp::IsEmpty, Term::Set(members)) => Ok(Term::Truth(constant(members.is_empty()))),
            _ => Err(Refusal::Construct(op.to_string())),
        }
    }

    /// The attribute of a term; `None` where it is absent for certain.
    fn attribute(&self, of: &Term<'a>, name: &str) -> Result<Option<Term<'a>>, Refusal> {
        let fact = |facts: &'a Facts| match facts.get(name) {
            Some(fact) => Term::of(fact).map(Some).map_err(Refusal::Unknown),
            None => Ok(None),
        };
        match of {
            Term::Principal if name == "arn" => Ok(Some(Term::PrincipalArn)),
            Term::Resource if name == "key" => Ok(Some(Term::ObjectKey)),
            Term::Resource => {
                if let Some((name, _)) = self.asking.resource.get_key_value(name) {
                    self.used.borrow_mut().insert(name);
                }
                fact(&self.asking.resource)
            }
            Term::Context if name == "route" => Ok(Some(Term::Text(self.way.as_str().to_owned()))),
            Term::Context => match SERVICES.iter().find(|service| **service == name) {
                Some(service) => Ok(Some(Term::Service(service))),
                None => fact(&self.asking.subject),
            },
            Term::Facts(facts) => fact(facts),
            Term::Service(service) => {
                let Some(key) = find_key(service, name) else { return Ok(None) };
                Ok(match (*service, name, self.way) {
                    (
                        "s3",
                        "DataAccessPointArn" | "DataAccessPointAccount" | "AccessPointNetworkOrigin",
                        Way::Direct,
                    ) => None,
                    ("s3", "DataAccessPointArn", Way::Mrap(arn)) => Some(Term::Text(arn.clone())),
                    _ => Some(Term::Key(key)),
                })
            }
            _ => Err(Refusal::Construct(format!(".{name}"))),
        }
    }

    /// The requests for which a term has an attribute.
    fn has(&self, of: &Term<'a>, name: &str) -> Result<Scope, Refusal> {
        // A fact that is declared is there, even where it cannot be told.
        let attribute = match self.attribute(of, name) {
            Err(Refusal::Unknown(_)) => return Ok(Scope::everything()),
            other => other?,
        };
        Ok(match attribute {
            Some(Term::Key(key)) if !key.always => Scope::Key(key.condition_key(), KeyTest::Present),
            Some(Term::ObjectKey) => Scope::Object,
            Some(Term::PrincipalArn) => not(or(Scope::Anonymous, Scope::AnyService)),
            Some(_) => Scope::everything(),
            None => Scope::nothing(),
        })
    }

    /// The requests for which a term is an entity of a type.
    pub(super) fn is(&self, of: &'a Expr, ty: &EntityType) -> Result<Scope, Refusal> {
        let name = type_name(ty);
        match self.term(of)? {
            Term::Principal => Ok(match name {
                "Role" => Scope::PrincipalForm(PrincipalForm::Role),
                "User" => Scope::PrincipalForm(PrincipalForm::User),
                "Root" => Scope::PrincipalForm(PrincipalForm::Root),
                "FederatedUser" => Scope::PrincipalForm(PrincipalForm::FederatedUser),
                "Service" => Scope::AnyService,
                "Anonymous" => Scope::Anonymous,
                _ => Scope::nothing(),
            }),
            Term::Resource => Ok(match name {
                "Object" => Scope::Object,
                "Bucket" => not(Scope::Object),
                _ => Scope::nothing(),
            }),
            Term::Entity(own, _) => Ok(constant(own == name)),
            _ => Err(Refusal::Construct(format!("is {name}"))),
        }
    }

    /// The requests of one caller.
    pub(super) fn principal_is(&self, uid: &EntityUID) -> Result<Scope, Refusal> {
        caller(type_name(&uid.ty), &uid.eid)
    }

    /// The requests of the callers of a group.
    pub(super) fn principal_in(&self, uid: &EntityUID) -> Result<Scope, Refusal> {
        let name = type_name(&uid.ty);
        group(name, &uid.eid).map_or_else(|| self.principal_is(uid), Ok)
    }

    /// The requests on one bucket.
    pub(super) fn resource_is(&self, uid: &EntityUID) -> Result<Scope, Refusal> {
        match type_name(&uid.ty) {
            "Bucket" => Ok(and(self.resource_in(uid)?, not(Scope::Object))),
            _ => Err(Refusal::Construct(uid.to_string())),
        }
    }

    /// The requests on a bucket and its objects.
    pub(super) fn resource_in(&self, uid: &EntityUID) -> Result<Scope, Refusal> {
        let own = match self.asking.resource.get("name") {
            Some(crate::facts::Fact::Text(name)) => name.as_str(),
            _ => "",
        };
        match type_name(&uid.ty) {
            "Bucket" => {
                let whole = || format!("resource in {uid}");
                Ok(constant(literal::same(own, uid.eid.as_str(), &whole)?))
            }
            "Object" => Err(Refusal::Construct(uid.to_string())),
            _ => Ok(Scope::nothing()),
        }
    }
}

/// The requests of a caller that is named by its type and id.
///
/// A declared group has no name of its own: it is an attribute of the bucket.
pub(super) fn caller(ty: &str, id: &str) -> Result<Scope, Refusal> {
    let form = |form| and(Scope::PrincipalForm(form), Scope::PrincipalArn(vec![id.to_owned()]));
    Ok(match ty {
        "Role" => form(PrincipalForm::Role),
        "User" => form(PrincipalForm::User),
        "Root" => form(PrincipalForm::Root),
        "FederatedUser" => form(PrincipalForm::FederatedUser),
        "Service" => Scope::Service(vec![id.to_owned()]),
        "Anonymous" => Scope::Anonymous,
        "Principals" => return Err(Refusal::Construct(format!("{ty}::\"{id}\""))),
        _ => Scope::nothing(),
    })
}

/// The requests of a group of callers that is named by its type and id.
pub(super) fn group(ty: &str, id: &str) -> Option<Scope> {
    match ty {
        "Account" => Some(Scope::PrincipalAccount(vec![id.to_owned()])),
        "Organization" => {
            Some(Scope::Key(ConditionKey::new("aws:PrincipalOrgID"), KeyTest::OneOf(vec![id.to_owned()])))
        }
        _ => None,
    }
}

fn token(element: &PatternElem) -> Token {
    match element {
        PatternElem::Char(c) => Token::Char(*c),
        PatternElem::Wildcard => Token::Many,
    }
}

/// A refusal that names the whole expression rather than the part that was reached.
fn named(error: Refusal, whole: &impl Fn() -> Refusal) -> Refusal {
    match error {
        Refusal::Construct(part) if part.len() < 3 => whole(),
        other => other,
    }
}
