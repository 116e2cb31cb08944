//! The statement that comes nearest to turning a decision over: what a person who reads a counterexample looks for.

use crate::access::{AccessModel, Policy};
use crate::question::{Question, Route, Scope};
use crate::replay::{boundary_of, endpoint_of, identity_of};
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

/// The condition keys for which a request is one that the question is about: those of the scope's tests that it passes, or
/// fails where failing counts, and those of the routes that the question leaves out.
fn topics(question: &Question, request: &Request) -> BTreeSet<ConditionKey> {
    fn add(scope: &Scope, request: &Request, wanted: Truth, found: &mut BTreeSet<ConditionKey>) {
        match scope {
            Scope::All(parts) | Scope::Any(parts) => {
                parts.iter().for_each(|part| add(part, request, wanted, found));
            }
            Scope::Not(part) => add(part, request, !wanted, found),
            Scope::Key(key, _) if scope.holds(request, None) == wanted => {
                found.insert(key.clone());
            }
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    add(&question.scope, request, Truth::Yes, &mut found);
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
    let context = EvaluationContext::new(&model.symbols);
    if question.demand.forbids() {
        let topics = topics(question, request);
        return nearest([policy], request, &context, |document, it| {
            // A Deny about something else explains nothing, however near it comes.
            it.effect == Effect::Deny && (topics.is_empty() || about(document, it, &topics))
        });
    }
    let through = endpoint_of(model, request);
    let context =
        EvaluationContext { gateway_endpoint: through.is_some_and(|endpoint| endpoint.gateway), ..context };
    let closed = |policy: &&Policy| match policy {
        Policy::Document { document, .. } => {
            evaluate(document, request, &context).allowed.truth != Truth::Yes
        }
        Policy::None | Policy::Unknown { .. } | Policy::Several { .. } => false,
    };
    let caps = through.map(|endpoint| &endpoint.policy).into_iter().chain(boundary_of(model, request));
    let closed = caps.into_iter().find(closed);
    // An Allow for somebody else is no attempt at this one.
    let attempt = |_: &Document, it: &StatementTrace| {
        let is_for = |element: &narrows_iam::ElementTrace| {
            element.element != Element::Principal || element.truth != Truth::No
        };
        it.effect == Effect::Allow && it.elements.iter().all(is_for)
    };
    if let Some(policy) = closed {
        return nearest([policy], request, &context, attempt);
    }
    let own = identity_of(model, request).map(|own| own.policies.as_slice()).unwrap_or_default();
    let context = EvaluationContext::new(&model.symbols);
    nearest([policy].into_iter().chain(own), request, &context, attempt)
}

/// The nearest of the statements that do not match, among those that count.
fn nearest<'a>(
    policies: impl IntoIterator<Item = &'a Policy>,
    request: &Request,
    context: &EvaluationContext<'_>,
    counts: impl Fn(&Document, &StatementTrace) -> bool,
) -> Option<Near> {
    let mut found: Option<(u32, Near)> = None;
    for policy in policies {
        let Policy::Document { name, document } = policy else { continue };
        for it in evaluate(document, request, context).trace {
            let distance = distance(&it);
            let nearer = found.as_ref().is_none_or(|(known, _)| distance < *known);
            if it.truth == Truth::No && nearer && counts(document, &it) {
                let failed = it.elements.iter().filter(|element| element.truth == Truth::No);
                let missed = failed.map(|element| element.reason.clone()).collect();
                let (statement, location, effect) = (it.label, it.location, it.effect);
                found =
                    Some((distance, Near { effect, document: name.clone(), statement, location, missed }));
            }
        }
    }
    found.map(|(_, near)| near)
}

/// Whether a statement asks for one of the keys.
fn about(document: &Document, traced: &StatementTrace, topics: &BTreeSet<ConditionKey>) -> bool {
    let statement = document.statements.get(traced.statement);
    statement.is_some_and(|statement| statement.conditions.iter().any(|it| topics.contains(&it.key)))
}
