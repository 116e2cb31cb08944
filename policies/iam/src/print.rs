//! Documents as canonical JSON.

use crate::{
    Condition, Document, Effect, Operator, Pattern, PrincipalClause, PrincipalForm, Scalar, Statement,
    Values, Version,
};
use narrows_model::{Value, ValueKind};

/// A document as JSON: elements in the documented order, two spaces a level, a list of one as its only item.
///
/// Symbols are printed as they are; `narrows_model::Symbols::show` makes them readable. What is printed parses to an equal
/// document if it has no symbols.
pub fn print(document: &Document) -> String {
    let mut out = String::new();
    write(&to_value(document), 0, &mut out);
    out.push('\n');
    out
}

/// A document as a value, as [`print()`] spells it.
pub fn to_value(document: &Document) -> Value {
    let mut members = Vec::new();
    if document.version_given {
        let version = match document.version {
            Version::V2008 => "2008-10-17",
            Version::V2012 => "2012-10-17",
        };
        members.push(("Version", Value::text(version)));
    }
    if let Some(id) = &document.id {
        members.push(("Id", Value::text(id.as_str())));
    }
    members.push(("Statement", Value::list(document.statements.iter().map(statement))));
    Value::object(members)
}

fn statement(statement: &Statement) -> Value {
    let mut members = Vec::new();
    if let Some(sid) = &statement.sid {
        members.push(("Sid", Value::text(sid.as_str())));
    }
    let effect = match statement.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    members.push(("Effect", Value::text(effect)));
    if let Some(clause) = &statement.principal {
        members.push((if clause.negated { "NotPrincipal" } else { "Principal" }, principal(clause)));
    }
    let action = &statement.action;
    members.push((if action.negated { "NotAction" } else { "Action" }, patterns(&action.patterns)));
    if let Some(clause) = &statement.resource {
        members.push((if clause.negated { "NotResource" } else { "Resource" }, patterns(&clause.patterns)));
    }
    if !statement.conditions.is_empty() {
        members.push(("Condition", conditions(&statement.conditions)));
    }
    Value::object(members)
}

fn principal(clause: &PrincipalClause) -> Value {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for entry in &clause.entries {
        let kind = match &entry.form {
            PrincipalForm::Everyone => return Value::text("*"),
            PrincipalForm::Service(_) => "Service",
            PrincipalForm::Federated(_) => "Federated",
            PrincipalForm::CanonicalUser(_) => "CanonicalUser",
            _ => "AWS",
        };
        match groups.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, entries)) => entries.push(&entry.spelled),
            None => groups.push((kind, vec![&entry.spelled])),
        }
    }
    Value::object(groups.into_iter().map(|(kind, entries)| (kind, texts(entries))))
}

fn conditions(conditions: &[Condition]) -> Value {
    let mut blocks: Vec<(Operator, Vec<(&str, Value)>)> = Vec::new();
    for condition in conditions {
        let values = texts(spelled(&condition.values));
        let member = (condition.spelled_key.as_str(), values);
        match blocks.iter_mut().find(|(operator, _)| *operator == condition.operator) {
            Some((_, members)) => members.push(member),
            None => blocks.push((condition.operator, vec![member])),
        }
    }
    Value::object(
        blocks.into_iter().map(|(operator, members)| (operator.to_string(), Value::object(members))),
    )
}

/// The values of a condition as they are spelled.
pub(crate) fn spelled(values: &Values) -> Vec<&str> {
    fn all<T>(scalars: &[Scalar<T>]) -> Vec<&str> {
        let one = |scalar| match scalar {
            &Scalar::Known(_, ref spelled) | &Scalar::Unknown(ref spelled) => spelled.as_str(),
        };
        scalars.iter().map(one).collect()
    }
    match values {
        Values::Text(patterns) => patterns.iter().map(|pattern| pattern.spelled.as_str()).collect(),
        Values::Number(scalars) => all(scalars),
        Values::Date(scalars) => all(scalars),
        Values::Bool(scalars) => all(scalars),
        Values::Binary(scalars) => all(scalars),
        Values::Ip(scalars) => all(scalars),
    }
}

fn patterns(patterns: &[Pattern]) -> Value {
    texts(patterns.iter().map(|pattern| pattern.spelled.as_str()).collect())
}

fn texts(texts: Vec<&str>) -> Value {
    match texts.as_slice() {
        [one] => Value::text(*one),
        many => Value::list(many.iter().map(|text| Value::text(*text))),
    }
}

fn write(value: &Value, level: usize, out: &mut String) {
    let (open, close, count) = match &value.kind {
        ValueKind::List(items) => ('[', ']', items.len()),
        ValueKind::Object(members) => ('{', '}', members.len()),
        _ => return out.push_str(&value.to_string()),
    };
    out.push(open);
    let separate = |index: usize, out: &mut String| {
        out.push_str(if index > 0 { ",\n" } else { "\n" });
        out.extend(std::iter::repeat_n("  ", level + 1));
    };
    for (index, item) in value.items().unwrap_or_default().iter().enumerate() {
        separate(index, out);
        write(item, level + 1, out);
    }
    for (index, member) in value.members().unwrap_or_default().iter().enumerate() {
        separate(index, out);
        out.push_str(&Value::text(member.name.as_str()).to_string());
        out.push_str(": ");
        write(&member.value, level + 1, out);
    }
    if count > 0 {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", level));
    }
    out.push(close);
}
