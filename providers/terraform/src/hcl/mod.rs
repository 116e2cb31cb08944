//! Strings of Terraform JSON: each is a template, with expressions inside `${…}`.

mod expression;
mod scope;

pub(crate) use scope::{Budget, Scope, Step, instance_name, walk};

use crate::error::ReadError;
use expression::Evaluator;
use hcl_edit::Span;
use hcl_edit::template::{Element, Strip};
use narrows_model::{Location, Member, Part, Text, Value, ValueKind};

/// Plain text, as it stands inside a template.
pub(crate) fn escape(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// A text as a template, references spelled by `spell`.
///
/// # Errors
/// Those of `spell`, which is given each part that is not a literal.
pub(crate) fn print<E>(text: &Text, mut spell: impl FnMut(&Part) -> Result<String, E>) -> Result<String, E> {
    let mut out = String::new();
    let mut parts = text.parts().iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            // A `$` right before `${` would read as an escaped `${`, so it goes into an expression of its own.
            Part::Literal(literal) if parts.peek().is_some() => {
                let body = literal.trim_end_matches('$');
                out.push_str(&escape(body));
                if body.len() < literal.len() {
                    out.push_str(&format!("${{\"{}\"}}", "$".repeat(literal.len() - body.len())));
                }
            }
            Part::Literal(literal) => out.push_str(&escape(literal)),
            part => out.push_str(&format!("${{{}}}", spell(part)?)),
        }
    }
    Ok(out)
}

/// The value of a JSON string that is a template: text, or, where it is one interpolation and nothing else, whatever
/// that is.
///
/// # Errors
/// Where the template or an expression inside does not parse.
pub(crate) fn parse(text: &str, location: &Location, scope: &dyn Scope) -> Result<Value, ReadError> {
    let found = |kind| Ok(Value { kind, location: location.clone() });
    if !text.contains("${") && !text.contains("%{") {
        return found(ValueKind::Text(Text::literal(text)));
    }
    let template = hcl_edit::parser::parse_template(text).map_err(|error| {
        let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
        ReadError::Template {
            message: format!("{message} at column {}", error.location().column()),
            location: location.clone(),
        }
    })?;
    let evaluator = Evaluator { source: text, scope, location };
    let elements: Vec<&Element> = template.iter().collect();
    if let [Element::Interpolation(only)] = elements.as_slice() {
        return Ok(evaluator.value(&only.expr));
    }
    match evaluator.text(&elements) {
        Some(text) => found(ValueKind::Text(text)),
        None => found(ValueKind::Text(Text::unknown(text))),
    }
}

impl Evaluator<'_> {
    /// The text of a template; `None` where it has directives.
    fn text(&self, elements: &[&Element]) -> Option<Text> {
        let mut out = Text::default();
        let mut strip_next = false;
        for (index, element) in elements.iter().enumerate() {
            match element {
                Element::Literal(literal) => {
                    let mut text = literal.value().as_str();
                    if std::mem::take(&mut strip_next) {
                        text = text.trim_start();
                    }
                    if let Some(Element::Interpolation(next)) = elements.get(index + 1)
                        && matches!(next.strip, Strip::Start | Strip::Both)
                    {
                        text = text.trim_end();
                    }
                    out.push(Part::literal(text));
                }
                Element::Interpolation(interpolation) => {
                    strip_next = matches!(interpolation.strip, Strip::End | Strip::Both);
                    let value = self.value(&interpolation.expr);
                    out = out.then(
                        as_text(&value)
                            .unwrap_or_else(|| Text::unknown(self.spelled(interpolation.expr.span()))),
                    );
                }
                Element::Directive(_) => return None,
            }
        }
        Some(out)
    }
}

/// A value as the text that Terraform makes of it inside a template; `None` for null, lists and objects.
pub(crate) fn as_text(value: &Value) -> Option<Text> {
    match &value.kind {
        ValueKind::Text(text) => Some(text.clone()),
        ValueKind::Bool(flag) => Some(Text::literal(flag.to_string())),
        ValueKind::Number(number) => Some(Text::literal(number.as_str())),
        ValueKind::Json(inner) => Some(inner.to_json_text()),
        ValueKind::Null | ValueKind::List(_) | ValueKind::Object(_) => None,
    }
}

/// A value of the JSON source with every template inside it read.
///
/// # Errors
/// Where a template does not parse, or an object has a member twice.
pub(crate) fn resolve(value: &Value, scope: &dyn Scope) -> Result<Value, ReadError> {
    let kind = match &value.kind {
        ValueKind::Text(text) => match text.as_literal() {
            Some(literal) => return parse(literal, &value.location, scope),
            None => ValueKind::Text(text.clone()),
        },
        ValueKind::List(items) => {
            ValueKind::List(items.iter().map(|item| resolve(item, scope)).collect::<Result<_, _>>()?)
        }
        ValueKind::Object(members) => {
            let mut resolved: Vec<Member> = Vec::with_capacity(members.len());
            for member in members {
                let name = match as_text(&parse(&member.name, &member.location, scope)?) {
                    Some(name) => name.to_string(),
                    None => member.name.to_string(),
                };
                if resolved.iter().any(|known| known.name == name) {
                    return Err(ReadError::Repeated {
                        what: format!("`{name}`"),
                        location: member.location.clone(),
                    });
                }
                let value = resolve(&member.value, scope)?;
                resolved.push(Member { name: name.into(), location: member.location.clone(), value });
            }
            ValueKind::Object(resolved.into())
        }
        other => other.clone(),
    };
    Ok(Value { kind, location: value.location.clone() })
}
