//! What one document says about one request.

mod condition;
mod facts;
mod pattern;
mod principal;
mod text;
mod trace;

pub(crate) use principal::of_account;
pub use trace::{Element, ElementTrace, StatementTrace};

use crate::{Document, Effect, Pattern, PrincipalEntry, Request, Statement, Truth};
use facts::Facts;
use narrows_model::Symbols;
use pattern::Rule;
use principal::Matched;

/// What else a document's meaning depends on.
#[derive(Clone, Copy, Debug)]
pub struct EvaluationContext<'a> {
    /// What the symbols in the document and the request stand for.
    pub symbols: &'a Symbols,
    /// Whether the document is a *gateway* endpoint's policy, where an account's entry means its root user on some reading.
    pub gateway_endpoint: bool,
    /// Whether the caller has a permission boundary in the input, which `NotPrincipal` then denies on some reading.
    pub boundary: bool,
}

impl<'a> EvaluationContext<'a> {
    /// A document that is no gateway endpoint's, and a caller without a boundary.
    pub fn new(symbols: &'a Symbols) -> Self {
        Self { symbols, gateway_endpoint: false, boundary: false }
    }
}

/// What an Allow statement is worth, by the principal entry that matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Everyone, the exact session or user, the root user, a federated user or a service: enough by itself within the
    /// account. Documents without principals grant so too.
    ByName,
    /// The role's ARN (or, for a federated user's session, its user's): boundary and session policies still cap it.
    RoleArn,
    /// The caller's account, which only delegates to the caller's identity policies.
    Account,
}

/// Whether something holds, and the statement that decides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Whether it holds.
    pub truth: Truth,
    /// The index of the first statement that makes it hold as far as it does; `None` if nothing does.
    pub statement: Option<usize>,
}

impl Decided {
    const NO: Self = Self { truth: Truth::No, statement: None };

    fn or(self, truth: Truth, statement: usize) -> Self {
        if truth > self.truth { Self { truth, statement: Some(statement) } } else { self }
    }
}

/// What a document says about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// Whether a Deny statement matches.
    pub denied: Decided,
    /// Whether an Allow statement matches, in any way.
    pub allowed: Decided,
    /// Whether an Allow statement matches by name.
    pub by_name: Decided,
    /// Whether an Allow statement matches the caller's role.
    pub by_role: Decided,
    /// Whether an Allow statement matches the caller's account.
    pub by_account: Decided,
    /// What each statement says, in the document's order.
    pub trace: Vec<StatementTrace>,
}

impl Evaluation {
    /// Whether an Allow statement matches with this worth.
    pub fn granted(&self, grant: Grant) -> Decided {
        match grant {
            Grant::ByName => self.by_name,
            Grant::RoleArn => self.by_role,
            Grant::Account => self.by_account,
        }
    }
}

/// Evaluates one document for one request.
pub fn evaluate(document: &Document, request: &Request, context: &EvaluationContext<'_>) -> Evaluation {
    let mut evaluation = Evaluation {
        denied: Decided::NO,
        allowed: Decided::NO,
        by_name: Decided::NO,
        by_role: Decided::NO,
        by_account: Decided::NO,
        trace: Vec::with_capacity(document.statements.len()),
    };
    let facts = Facts { request, symbols: context.symbols };
    for (index, statement) in document.statements.iter().enumerate() {
        let (elements, matched) = elements(statement, &facts, context);
        let rest = elements.iter().filter(|element| element.element != Element::Principal);
        let rest = rest.fold(Truth::Yes, |all, element| all.and(element.truth));
        let truth = rest.and(matched.any());
        match statement.effect {
            Effect::Deny => evaluation.denied = evaluation.denied.or(truth, index),
            Effect::Allow => {
                evaluation.allowed = evaluation.allowed.or(truth, index);
                evaluation.by_name = evaluation.by_name.or(rest.and(matched.by_name), index);
                evaluation.by_role = evaluation.by_role.or(rest.and(matched.role_arn), index);
                evaluation.by_account = evaluation.by_account.or(rest.and(matched.account), index);
            }
        }
        evaluation.trace.push(StatementTrace {
            statement: index,
            label: statement.label(index),
            effect: statement.effect,
            truth,
            elements,
            location: statement.location.clone(),
        });
    }
    evaluation
}

/// Whether a statement matches a request: as its trace in [`evaluate`], for those who need no words.
pub fn matches(statement: &Statement, request: &Request, context: &EvaluationContext<'_>) -> Truth {
    let facts = Facts { request, symbols: context.symbols };
    let clause = |negated: bool, patterns: &[Pattern], text: &str, rule: Rule| {
        pattern::clause(negated, patterns.iter().map(|it| pattern::readings(it, text, rule, &facts)))
    };
    let (principal, _) = caller(statement, request, context);
    let action = &statement.action;
    let mut truth =
        principal.any().and(clause(action.negated, &action.patterns, &request.action, Rule::Action));
    if let Some(resource) = &statement.resource {
        truth = truth.and(clause(resource.negated, &resource.patterns, &request.resource, Rule::Resource));
    }
    statement.conditions.iter().fold(truth, |all, it| match all {
        Truth::No => Truth::No,
        _ => all.and(condition::condition(it, &facts).0),
    })
}

/// How the statement's principal matches the caller, and the entry that does.
fn caller<'s>(
    statement: &'s Statement,
    request: &Request,
    context: &EvaluationContext<'_>,
) -> (Matched, Option<&'s PrincipalEntry>) {
    match &statement.principal {
        None => (Matched::all(Truth::Yes), None),
        Some(clause) if clause.negated => {
            (Matched::all(principal::not_principal(clause, &request.principal, context)), None)
        }
        Some(clause) => principal::principal(clause, &request.principal, context),
    }
}

fn elements(
    statement: &Statement,
    facts: &Facts<'_>,
    context: &EvaluationContext<'_>,
) -> (Vec<ElementTrace>, Matched) {
    let mut elements = Vec::with_capacity(3 + statement.conditions.len());
    let request = facts.request;
    let (matched, entry) = caller(statement, request, context);
    if let Some(clause) = &statement.principal {
        elements.push(trace::of_principal(clause, matched.any(), entry, context.symbols));
    }
    let clause = &statement.action;
    let readings = clause.patterns.iter().map(|p| pattern::readings(p, &request.action, Rule::Action, facts));
    elements.push(trace::of_patterns(Element::Action, clause.negated, &clause.patterns, readings, facts));
    if let Some(clause) = &statement.resource {
        let readings =
            clause.patterns.iter().map(|p| pattern::readings(p, &request.resource, Rule::Resource, facts));
        elements.push(trace::of_patterns(
            Element::Resource,
            clause.negated,
            &clause.patterns,
            readings,
            facts,
        ));
    }
    for condition in &statement.conditions {
        let (truth, reason) = condition::condition(condition, facts);
        let (operator, key) = (condition.operator, &condition.spelled_key);
        elements.push(ElementTrace {
            element: Element::Condition,
            truth,
            reason: format!("condition {operator} {key}: {reason}"),
            location: condition.location.clone(),
        });
    }
    (elements, matched)
}
