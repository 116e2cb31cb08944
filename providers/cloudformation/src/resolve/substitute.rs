//! `Fn::Sub`.

use super::{Found, Stop, as_text, finished, wrong};
use crate::error::ReadError;
use crate::stack::Stack;
use narrows_model::{Location, Part, Text, Value, ValueKind};

const EXPECTED: &str = "a string, or a list of a string and the values of its names";

impl Stack<'_> {
    /// The text of `Fn::Sub`, with `${name}`, `${resource.attribute}` and `${!literal}` in it.
    pub(super) fn substitute(&self, argument: &Value) -> Found<Text> {
        let (template, values) = match &argument.kind {
            ValueKind::List(items) => match &**items {
                [template] => (template, None),
                [template, values] if values.members().is_some() => (template, Some(values)),
                _ => return Err(wrong("Fn::Sub", "another list".to_owned(), EXPECTED, &argument.location)),
            },
            _ => (argument, None),
        };
        let resolved;
        let text = match &template.kind {
            ValueKind::Text(text) => text,
            ValueKind::Number(_) | ValueKind::Bool(_) | ValueKind::Object(_) => {
                resolved = self.required(template)?;
                match as_text(&resolved) {
                    Some(text) => return Ok(text),
                    None => {
                        let got = resolved.kind_in_words().to_owned();
                        return Err(wrong("Fn::Sub", got, EXPECTED, &template.location));
                    }
                }
            }
            _ => {
                let got = template.kind_in_words().to_owned();
                return Err(wrong("Fn::Sub", got, EXPECTED, &template.location));
            }
        };
        let mut out = Text::default();
        for part in text.parts() {
            match part {
                Part::Literal(literal) => out = self.filled(literal, values, &template.location, out)?,
                other => out.push(other.clone()),
            }
        }
        Ok(finished(out))
    }

    fn filled(
        &self,
        literal: &str,
        values: Option<&Value>,
        location: &Location,
        mut out: Text,
    ) -> Found<Text> {
        let mut rest = literal;
        while let Some((before, after)) = rest.split_once("${") {
            out.push(Part::literal(before));
            let Some((name, after)) = after.split_once('}') else {
                return Err(wrong("Fn::Sub", format!("`${{{after}` without `}}`"), "`${name}`", location));
            };
            rest = after;
            if let Some(literal) = name.strip_prefix('!') {
                out.push(Part::literal(format!("${{{literal}}}")));
                continue;
            }
            let name = name.trim();
            let value = match values.and_then(|values| values.get(name)) {
                Some(value) => self.required(value)?,
                None => match name.split_once('.') {
                    Some((resource, attribute)) => self.attribute(resource, attribute, location),
                    None => self.named(name, location),
                }
                .map_err(|stop| policy_variable(stop, name, location))?,
            };
            match as_text(&value) {
                Some(text) => out = out.then(text),
                None if value.kind == ValueKind::Null => {}
                None => {
                    let got = format!("`${{{name}}}`, which is {}", value.kind_in_words());
                    return Err(wrong("Fn::Sub", got, "names of texts", location));
                }
            }
        }
        out.push(Part::literal(rest));
        Ok(out)
    }
}

/// A policy variable has to be kept from `Fn::Sub`, which CloudFormation's own error does not say.
fn policy_variable(stop: Stop, name: &str, location: &Location) -> Stop {
    let is_variable = name.contains(':') && !name.starts_with("AWS::");
    match stop {
        Stop::Error(error) if is_variable && matches!(*error, ReadError::Undefined { .. }) => {
            ReadError::Unsupported {
                what: format!("`${{{name}}}` in Fn::Sub, which names nothing in the template,"),
                remedy: format!("write a policy variable as `${{!{name}}}`"),
                location: location.clone(),
            }
            .into()
        }
        stop => stop,
    }
}
