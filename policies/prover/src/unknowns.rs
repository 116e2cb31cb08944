//! The values that an undecided answer hangs on, by name.

use crate::access::AccessModel;
use crate::solve::{Formula, Leaf, Predicate, Token};
use narrows_model::is_symbol;
use std::collections::BTreeSet;

/// How many values are named.
const MOST: usize = 3;

/// The values that formulas look at and that the input does not tell, with what to do.
///
/// Names of what the deployment creates stand in most formulas; they are named only where there is nothing else.
pub(crate) fn unknowns<'f>(model: &AccessModel, formulas: impl IntoIterator<Item = &'f Formula>) -> String {
    let mut found = BTreeSet::new();
    formulas.into_iter().for_each(|formula| collect(formula, &mut found));
    let (created, told_elsewhere): (Vec<char>, Vec<char>) =
        found.into_iter().partition(|symbol| model.symbols.owner(*symbol).is_some());
    let named = if told_elsewhere.is_empty() { created } else { told_elsewhere };
    let named: Vec<String> =
        named.into_iter().take(MOST).map(|symbol| format!("`{}`", model.show(&symbol.to_string()))).collect();
    match named.is_empty() {
        true => "a value that exists only after deployment; check again with it".to_owned(),
        false => format!(
            "{}, which the input does not tell; give the value, or check again once it is known",
            named.join(" and ")
        ),
    }
}

fn collect(formula: &Formula, found: &mut BTreeSet<char>) {
    match formula {
        Formula::And(parts) | Formula::Or(parts) => parts.iter().for_each(|part| collect(part, found)),
        Formula::Not(part) => collect(part, found),
        Formula::Leaf(Leaf { predicate, .. }) => {
            let (Predicate::Matches(pattern)
            | Predicate::AnyElement(pattern)
            | Predicate::AllElements(pattern)) = predicate
            else {
                return;
            };
            let tokens = pattern.lo().iter().chain(pattern.hi()).flat_map(|glob| &glob.0);
            found.extend(tokens.filter_map(|token| match token {
                Token::Char(c) if is_symbol(*c) => Some(*c),
                _ => None,
            }));
        }
        Formula::Const(_) | Formula::Open(_) => {}
    }
}
