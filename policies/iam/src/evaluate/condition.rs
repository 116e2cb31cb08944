//! Conditions.

use super::facts::Facts;
use super::pattern::{self, Reading, Rule, join};
use crate::print::spelled;
use crate::{Condition, Entry, Family, Quantifier, Scalar, Truth, Values, scalar};
use narrows_model::is_symbol;

/// Whether a condition holds, and why.
pub(super) fn condition(condition: &Condition, facts: &Facts<'_>) -> (Truth, String) {
    let entry = facts.entry(&condition.key);
    let entry = entry.as_deref();
    if let (Family::Null, Values::Bool(values)) = (condition.operator.family, &condition.values) {
        return null(values, entry);
    }
    match entry {
        None => absent(condition, facts),
        Some(Entry::Value(text)) => present(condition, text, facts),
        Some(Entry::Values(texts)) => several(condition, texts, facts),
        Some(Entry::Perhaps(text)) => {
            let truth = join([absent(condition, facts).0, present(condition, text, facts).0]);
            (
                truth,
                format!("it is open whether the key is there; if so it is `{}`", facts.symbols.show(text)),
            )
        }
        Some(Entry::Open) => (Truth::Maybe, "it is open what the key holds".to_owned()),
    }
}

fn null(values: &[Scalar<bool>], entry: Option<&Entry>) -> (Truth, String) {
    let (absent, why) = match entry {
        None => (Truth::Yes, "the key is absent"),
        Some(Entry::Value(_)) => (Truth::No, "the key is there"),
        Some(Entry::Values(texts)) if texts.iter().any(|text| !text.is_empty()) => {
            (Truth::No, "the key is there")
        }
        Some(Entry::Values(_)) => (Truth::Maybe, "it is open whether a list without values counts as absent"),
        Some(Entry::Perhaps(_) | Entry::Open) => (Truth::Maybe, "it is open whether the key is there"),
    };
    let holds = values.iter().fold(Truth::No, |holds, value| {
        holds.or(match value {
            Scalar::Known(true, _) => absent,
            Scalar::Known(false, _) => !absent,
            Scalar::Unknown(_) => Truth::Maybe,
        })
    });
    (holds, why.to_owned())
}

fn absent(condition: &Condition, facts: &Facts<'_>) -> (Truth, String) {
    let operator = condition.operator;
    let (truth, why) = match operator.quantifier {
        Some(Quantifier::ForAllValues) => (Truth::Yes, "ForAllValues is true then"),
        Some(Quantifier::ForAnyValue) if operator.if_exists => {
            (Truth::Maybe, "it is open what ForAnyValue with IfExists is then")
        }
        Some(Quantifier::ForAnyValue) => (Truth::No, "ForAnyValue is false then"),
        None if operator.negated && is_void(condition, facts) => {
            (Truth::Maybe, "so is the key of a policy variable: it is open whether the statement counts then")
        }
        None if operator.negated => (Truth::Yes, "a negated operator is true then"),
        None if operator.if_exists => (Truth::Yes, "an operator with IfExists is true then"),
        None => (Truth::No, "a positive operator is false then"),
    };
    (truth, format!("the key is absent, and {why}"))
}

/// Whether a value has a variable whose key is, or may be, absent.
fn is_void(condition: &Condition, facts: &Facts<'_>) -> bool {
    let Values::Text(patterns) = &condition.values else { return false };
    patterns
        .iter()
        .any(|pattern| pattern::readings(pattern, "", rule(condition), facts).contains(&Reading::Void))
}

fn present(condition: &Condition, text: &str, facts: &Facts<'_>) -> (Truth, String) {
    if condition.operator.quantifier.is_some() {
        return several(condition, std::slice::from_ref(&text.to_owned()), facts);
    }
    let truth = compare(condition, text, facts);
    (truth, format!("the key is `{}`, compared with {}", facts.symbols.show(text), wanted(condition, facts)))
}

/// The condition's values, as many as a line of explanation has room for.
fn wanted(condition: &Condition, facts: &Facts<'_>) -> String {
    const MOST: usize = 3;
    let values = spelled(&condition.values);
    let shown: Vec<String> =
        values.iter().take(MOST).map(|text| format!("`{}`", facts.symbols.show(text))).collect();
    match values.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn several(condition: &Condition, texts: &[String], facts: &Facts<'_>) -> (Truth, String) {
    let operator = condition.operator;
    let shown: Vec<String> = texts.iter().map(|text| format!("`{}`", facts.symbols.show(text))).collect();
    let held = if shown.is_empty() { "no value".to_owned() } else { shown.join(", ") };
    let Some(quantifier) = operator.quantifier else {
        return (
            Truth::Maybe,
            format!("the key holds {held}: it is open what an operator without a quantifier does"),
        );
    };
    // A list that holds only the empty text counts as empty.
    if texts.iter().all(String::is_empty) {
        let (truth, _) = absent(condition, facts);
        return (truth, format!("the key holds {held}, which counts as an empty list"));
    }
    let each = texts.iter().map(|text| compare(condition, text, facts));
    let truth = match quantifier {
        Quantifier::ForAllValues => each.fold(Truth::Yes, Truth::and),
        Quantifier::ForAnyValue => each.fold(Truth::No, Truth::or),
    };
    (truth, format!("the key holds {held}, compared with {}", wanted(condition, facts)))
}

fn rule(condition: &Condition) -> Rule {
    match condition.operator.family {
        Family::StringEqualsIgnoreCase => Rule::LiteralInAnyCase,
        Family::StringLike => Rule::Glob,
        Family::Arn { .. } => Rule::Arn,
        _ => Rule::Literal,
    }
}

/// Whether one value of the request satisfies the operator, negation included.
fn compare(condition: &Condition, text: &str, facts: &Facts<'_>) -> Truth {
    let operator = condition.operator;
    let family = operator.family;
    if let Values::Text(patterns) = &condition.values {
        let readings =
            patterns.iter().map(|pattern| pattern::readings(pattern, text, rule(condition), facts));
        return if operator.negated {
            readings.fold(Truth::Yes, |holds, readings| holds.and(pattern::negative(&readings)))
        } else {
            readings.fold(Truth::No, |holds, readings| holds.or(pattern::positive(&readings)))
        };
    }
    let matched = match &condition.values {
        Values::Text(_) => Truth::Maybe,
        Values::Number(values) => any(values, text, scalar::number, |value, own| numeric(family, own, value)),
        Values::Date(values) => any(values, text, scalar::date, |value, own| numeric(family, own, value)),
        Values::Bool(values) => any(values, text, scalar::boolean, |value, own| own == value),
        // Which bytes a request's value is, AWS does not document, and S3 has no such key.
        Values::Binary(_) => Truth::Maybe,
        Values::Ip(values) => any(values, text, scalar::address, |value, own| value.contains(*own)),
    };
    if operator.negated { !matched } else { matched }
}

/// Whether one of the values matches; open where the request's value is not of the operator's type.
fn any<T, U>(
    values: &[Scalar<T>],
    text: &str,
    read: impl Fn(&str) -> Option<U>,
    matches: impl Fn(&T, &U) -> bool,
) -> Truth {
    let own = if text.contains(is_symbol) { None } else { read(text) };
    values.iter().fold(Truth::No, |matched, value| {
        matched.or(match (value, &own) {
            (Scalar::Known(value, _), Some(own)) => matches(value, own).into(),
            _ => Truth::Maybe,
        })
    })
}

fn numeric<T: PartialOrd>(family: Family, own: &T, value: &T) -> bool {
    match family {
        Family::NumericLessThan | Family::DateLessThan => own < value,
        Family::NumericLessThanEquals | Family::DateLessThanEquals => own <= value,
        Family::NumericGreaterThan | Family::DateGreaterThan => own > value,
        Family::NumericGreaterThanEquals | Family::DateGreaterThanEquals => own >= value,
        _ => own == value,
    }
}
