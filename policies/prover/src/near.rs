//! The statement that comes nearest to turning a decision over: what a person who reads a counterexample looks for.

use crate::access::{AccessModel, Policy};
use crate::question::{Demand, Question, Route, Scope};
use crate::replay::endpoint_of;
use narrows_iam::{
    ConditionKey, Document, Effect, Element, EvaluationContext, Request, StatementTrace, Truth, evaluate,
};
use narrows_model::Location;
use std::collections::BTreeSet;

/// A statement that does not match a request, and what keeps it from matching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// What the statement would do: a Deny misses a request that must be denied, an Allow one that must be allowed.
    pub effect: Effect,
    /// The document that has it.
    pub document: String,
    /// Its `Sid`, else its number in the document.
    pub statement: String,
    /// Where it stands.
    pub location: Location,
    /// What keeps it from matching, at least one reason.
    pub missed: Vec<String>,
}

/// How far a statement that does not match is from matching: who asks weighs more than what is asked, and that more than
/// a condition.
pub(crate) fn distance(statement: &StatementTrace) -> u32 {
    let failed = statement.elements.iter().filter(|element| element.truth == Truth::No);
    failed.fold(0, |sum, element| {
        sum + match element.element {
            Element::Principal => 8,
            Element::Action => 4,
            Element::Resource => 2,
            Element::Condition => 1,
        }
    })
}

/// The condition keys that a question is about: those of its scope, and those of the routes that it leaves out.
fn topics(question: &Question) -> BTreeSet<ConditionKey> {
    fn add(scope: &Scope, found: &mut BTreeSet<ConditionKey>) {
        match scope {
            Scope::All(parts) | Scope::Any(parts) => parts.iter().for_each(|part| add(part, found)),
            Scope::Not(part) => add(part, found),
            Scope::Key(key, _) => {
                found.insert(key.clone());
            }
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    add(&question.scope, &mut found);
    if !question.routes.iter().any(|route| matches!(route, Route::Mrap(_))) {
        found.extend(
            ["s3:DataAccessPointArn", "s3:DataAccessPointAccount", "s3:AccessPointNetworkOrigin"]
                .map(ConditionKey::new),
        );
    }
    found
}

/// The Deny of the bucket's policy that misses a request which a forbid does not want, or the Allow that misses one which
/// a permit wants, on the leg that stops it. `requests` and `route` are those of the replay.
pub(crate) fn near(
    model: &AccessModel,
    question: &Question,
    route: Route,
    requests: &[Request],
    stopped: Option<usize>,
) -> Option<Near> {
    let bucket = model.buckets.get(question.bucket)?;
    let last = requests.len().checked_sub(1)?;
    let leg = stopped.unwrap_or(last).min(last);
    let request = requests.get(leg)?;
    let policy = match route {
        Route::Mrap(index) if leg != last => &model.mraps.get(index)?.policy,
        _ => &bucket.policy,
    };
    match question.demand {
        Demand::Forbid => missed(model, policy, request, Effect::Deny, &topics(question)),
        Demand::Permit { .. } => {
            let closed = endpoint_of(model, request).filter(|endpoint| match &endpoint.policy {
                Policy::Document { document, .. } => {
                    let context = EvaluationContext {
                        gateway_endpoint: endpoint.gateway,
                        ..EvaluationContext::new(&model.symbols)
                    };
                    evaluate(document, request, &context).allowed.truth != Truth::Yes
                }
                Policy::None | Policy::Unknown { .. } | Policy::Several { .. } => false,
            });
            let policy = closed.map_or(policy, |endpoint| &endpoint.policy);
            missed(model, policy, request, Effect::Allow, &BTreeSet::new())
        }
    }
}

fn missed(
    model: &AccessModel,
    policy: &Policy,
    request: &Request,
    effect: Effect,
    topics: &BTreeSet<ConditionKey>,
) -> Option<Near> {
    let Policy::Document { name, document } = policy else { return None };
    let said = evaluate(document, request, &EvaluationContext::new(&model.symbols));
    let misses = said.trace.iter().filter(|it| it.effect == effect && it.truth == Truth::No);
    let found = misses
        .map(|it| (about(document, it, topics), it))
        // A Deny about something else explains nothing, however near it comes.
        .filter(|(about, _)| *about || topics.is_empty())
        .min_by_key(|(_, it)| (distance(it), it.statement))
        .map(|(_, it)| it)?;
    let failed = found.elements.iter().filter(|element| element.truth == Truth::No);
    Some(Near {
        effect,
        document: name.clone(),
        statement: found.label.clone(),
        location: found.location.clone(),
        missed: failed.map(|element| element.reason.clone()).collect(),
    })
}

/// Whether a statement asks for one of the keys.
fn about(document: &Document, traced: &StatementTrace, topics: &BTreeSet<ConditionKey>) -> bool {
    let statement = document.statements.get(traced.statement);
    statement.is_some_and(|statement| statement.conditions.iter().any(|it| topics.contains(&it.key)))
}
