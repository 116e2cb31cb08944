//! Why a statement matches or does not.

use super::facts::Facts;
use super::pattern::{self, Reading};
use crate::{Effect, Pattern, PrincipalClause, PrincipalEntry, Truth};
use narrows_model::{Location, Symbols};

/// What one statement says about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementTrace {
    /// The statement's index in the document, from 0.
    pub statement: usize,
    /// How messages name the statement.
    pub label: String,
    /// What the statement does where it matches.
    pub effect: Effect,
    /// Whether it matches.
    pub truth: Truth,
    /// Its elements, in the order principal, action, resource, conditions; all must match.
    pub elements: Vec<ElementTrace>,
    /// The statement's place.
    pub location: Location,
}

/// Whether one element of a statement matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementTrace {
    /// Which element.
    pub element: Element,
    /// Whether it matches.
    pub truth: Truth,
    /// Why, in a few words, with symbols shown as references.
    pub reason: String,
    /// The element's place.
    pub location: Location,
}

/// An element of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "IAM's own words")]
pub enum Element {
    Principal,
    Action,
    Resource,
    Condition,
}

fn verb(truth: Truth) -> &'static str {
    match truth {
        Truth::Yes => "matches",
        Truth::Maybe => "may match",
        Truth::No => "does not match",
    }
}

/// What a list of patterns has, as far as it is short enough for a line.
fn listed(entries: impl Iterator<Item = String>) -> String {
    const SHOWN: usize = 3;
    let all: Vec<String> = entries.map(|entry| format!("`{entry}`")).collect();
    let shown = all.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match all.len().checked_sub(SHOWN) {
        _ if all.is_empty() => String::new(),
        None | Some(0) => format!("; listed: {shown}"),
        Some(more) => format!("; listed: {shown} and {more} more"),
    }
}

pub(super) fn of_principal(
    clause: &PrincipalClause,
    truth: Truth,
    entry: Option<&PrincipalEntry>,
    symbols: &Symbols,
) -> ElementTrace {
    let reason = match (clause.negated, entry, truth) {
        (true, _, Truth::Yes) => "NotPrincipal: the caller is not listed".to_owned(),
        (true, _, Truth::No) => {
            "NotPrincipal: the caller is listed with account, role or user, and session".to_owned()
        }
        (true, _, Truth::Maybe) => {
            "NotPrincipal: it is open whether the caller's account, role or user, and session are all listed"
                .to_owned()
        }
        (false, Some(entry), truth) => {
            format!("principal `{}` {}", symbols.show(&entry.spelled), verb(truth))
        }
        (false, None, _) => {
            format!(
                "no principal matches{}",
                listed(clause.entries.iter().map(|it| symbols.show(&it.spelled)))
            )
        }
    };
    ElementTrace { element: Element::Principal, truth, reason, location: clause.location.clone() }
}

/// What an action or resource clause says, from the readings of each of its patterns.
pub(super) fn of_patterns(
    element: Element,
    negated: bool,
    patterns: &[Pattern],
    readings: impl Iterator<Item = Vec<Reading>>,
    facts: &Facts<'_>,
) -> ElementTrace {
    let (name, got) = match element {
        Element::Action => ("action", &facts.request.action),
        _ => ("resource", &facts.request.resource),
    };
    let mut all = Truth::Yes;
    let mut best: Option<(Truth, &Pattern)> = None;
    let mut any = Truth::No;
    for (pattern, readings) in patterns.iter().zip(readings) {
        let truth = pattern::positive(&readings);
        all = all.and(pattern::negative(&readings));
        any = any.or(truth);
        if truth > best.map_or(Truth::No, |(truth, _)| truth) {
            best = Some((truth, pattern));
        }
    }
    let truth = if negated { all } else { any };
    let show = |text: &str| facts.symbols.show(text);
    let listed = match best {
        Some((truth, pattern)) => {
            format!("{name} `{}` {} `{}`", show(&pattern.spelled), verb(truth), show(got))
        }
        None => {
            let patterns = patterns.iter().map(|pattern| show(&pattern.spelled));
            format!("no {name} matches `{}`{}", show(got), listed(patterns))
        }
    };
    let reason = if negated { format!("of those excepted, {listed}") } else { listed };
    let location = patterns.first().map(|pattern| pattern.location.clone()).unwrap_or_default();
    let location = best.map_or(location, |(_, pattern)| pattern.location.clone());
    ElementTrace { element, truth, reason, location }
}
