//! Edits of conditions.

use super::{Edit, each_item, each_without, renamed, with};
use narrows_model::{Part, Text, Value};

/// An operator's opposite, and its neighbours.
const OPERATORS: [(&str, &str, &[&str]); 10] = [
    ("ArnEquals", "ArnNotEquals", &["ArnLike", "StringEquals"]),
    ("ArnNotEquals", "ArnEquals", &["ArnNotLike", "StringNotEquals"]),
    ("StringEquals", "StringNotEquals", &["StringLike", "StringEqualsIgnoreCase"]),
    ("StringNotEquals", "StringEquals", &["StringNotLike", "StringNotEqualsIgnoreCase"]),
    ("StringLike", "StringNotLike", &["StringEquals"]),
    ("StringNotLike", "StringLike", &["StringNotEquals"]),
    ("NumericLessThan", "NumericGreaterThanEquals", &["NumericLessThanEquals", "NumericGreaterThan"]),
    ("DateGreaterThanEquals", "DateLessThan", &["DateGreaterThan", "DateLessThanEquals"]),
    ("StringEqualsIfExists", "StringNotEqualsIfExists", &["StringLikeIfExists"]),
    ("StringNotEqualsIfExists", "StringEqualsIfExists", &["StringNotLikeIfExists"]),
];

pub(super) fn edits(statement: &Value, found: &mut Vec<Edit>) {
    let Some(conditions) = statement.get("Condition") else { return };
    let operators = conditions.members().unwrap_or_default();
    if operators.len() > 1 {
        found.push(Edit::new("all conditions dropped", "", Some(with(statement, "Condition", None))));
    }
    for operator in operators {
        let name = operator.name.as_str();
        let mut add = |kind, detail: String, conditions: Value| {
            let conditions = (!conditions.members().unwrap_or_default().is_empty()).then_some(conditions);
            found.push(Edit::new(kind, detail, Some(with(statement, "Condition", conditions))));
        };
        add("condition dropped", name.to_owned(), with(conditions, name, None));
        let ops = OPERATORS.iter().find(|(known, ..)| *known == name);
        if let Some((_, negated, swaps)) = ops {
            add("operator negated", format!("{name} to {negated}"), renamed(conditions, name, negated));
            for swap in *swaps {
                add("operator swapped", format!("{name} to {swap}"), renamed(conditions, name, swap));
            }
        }
        match name.strip_suffix("IfExists") {
            Some(bare) => add("IfExists removed", name.to_owned(), renamed(conditions, name, bare)),
            None => {
                add("IfExists added", name.to_owned(), renamed(conditions, name, &format!("{name}IfExists")))
            }
        }
        let keys = operator.value.members().unwrap_or_default();
        for key in keys {
            let put =
                |value: Option<Value>| with(conditions, name, Some(with(&operator.value, &key.name, value)));
            let at = |detail: String| format!("{name} {}: {detail}", key.name);
            if keys.len() > 1 {
                add("condition dropped", format!("{name} {}", key.name), put(None));
            }
            for (detail, value) in each_item(&key.value, flipped) {
                add("value flipped", at(detail), put(Some(value)));
            }
            for (detail, value) in each_item(&key.value, widened) {
                add("value widened", at(detail), put(Some(value)));
            }
            for (detail, value) in each_item(&key.value, other) {
                add("value changed", at(detail), put(Some(value)));
            }
            for (detail, value) in each_without(&key.value) {
                add("value dropped", at(detail), put(Some(value)));
            }
        }
    }
}

fn flipped(value: &Value) -> Option<Value> {
    match value.as_str()? {
        "true" => Some(Value::text("false")),
        "false" => Some(Value::text("true")),
        _ => None,
    }
}

/// The text with its last segment, or its last reference, as `*`; nothing where there is no segment to widen.
pub(super) fn widened(value: &Value) -> Option<Value> {
    let text = value.as_text()?;
    let mut parts = text.parts().to_vec();
    match parts.pop()? {
        Part::Literal(last) => {
            let end = last.trim_end_matches('*').trim_end_matches('/');
            let cut = end.rfind(['/', ':'])?;
            let start = end.get(..=cut)?;
            parts.push(Part::literal(format!("{start}*")));
        }
        _ => parts.push(Part::literal("*")),
    }
    Some(Value::text(parts.into_iter().collect::<Text>()))
}

/// Another text of the same form.
fn other(value: &Value) -> Option<Value> {
    let text = value.as_text()?;
    let new = match text.as_literal() {
        Some("true" | "false") => return None,
        Some("1.2") => Text::literal("1.1"),
        Some("1.3") => Text::literal("1.2"),
        Some(date) if date.ends_with("T00:00:00Z") => Text::literal("2099-01-01T00:00:00Z"),
        _ => text.clone().then_literal("-other"),
    };
    Some(Value::text(new))
}
