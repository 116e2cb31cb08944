//! Texts of a policy, policy variables among them.

use super::condition::union;
use super::keys::Keys;
use super::pattern::{self, Rule};
use crate::solve::{Formula, Pattern};
use narrows_iam::Pattern as Source;

/// The formula that one of the texts matches what `leaf` looks at.
pub(super) fn any_text(
    texts: &[Source],
    rule: Rule,
    keys: &mut Keys,
    leaf: &dyn Fn(&mut Keys, &Pattern) -> Formula,
) -> Formula {
    let (open, known): (Vec<_>, Vec<_>) = texts.iter().partition(|value| pattern::has_variable(value));
    let known: Vec<Pattern> = known.into_iter().map(|text| pattern::lowered(text, rule)).collect();
    let mut parts = Vec::new();
    if !known.is_empty() {
        parts.push(leaf(keys, &union(&known)));
    }
    for value in open {
        let why = keys.open(pattern::variable_reason(value));
        let matched = leaf(keys, &pattern::lowered(value, rule));
        parts.push(Formula::and([matched, why]));
    }
    Formula::or(parts)
}
