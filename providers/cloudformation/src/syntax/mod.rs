//! Text to values: JSON and YAML, with the short forms of YAML written out.

mod scalar;
mod yaml;

use crate::error::ReadError;
use narrows_model::{Member, Source, Value, ValueKind};
use std::collections::HashSet;
use std::sync::Arc;

/// Parses a template: JSON where the text begins with a brace, else YAML.
///
/// # Errors
/// What is neither, what CloudFormation's YAML leaves out, and names that an object gives twice.
pub(crate) fn parse(name: &str, text: &str) -> Result<Value, ReadError> {
    let value = match is_json(text) {
        true => match narrows_model::json::parse(&Source::file(name, text)) {
            Ok(value) => value,
            // A flow mapping of YAML begins with a brace too.
            Err(error) => yaml::parse(&yaml::source(name, text)).map_err(|_| error)?,
        },
        false => yaml::parse(&yaml::source(name, text))?,
    };
    once(&value)?;
    Ok(value)
}

/// Parses JSON or YAML of any kind.
///
/// # Errors
/// What is neither, and names that an object gives twice.
pub(crate) fn parse_any(name: &str, text: &str) -> Result<Value, ReadError> {
    let value = yaml::parse_any(&yaml::source(name, text))?;
    once(&value)?;
    Ok(value)
}

/// Parses a template inside a string value; places lead to the string.
pub(crate) fn parse_within(value: &Value, text: &str) -> Result<Value, ReadError> {
    let parsed = match is_json(text) {
        true => narrows_model::json::parse(&Source::within(&value.location, text))?,
        false => yaml::parse(&Source::within(&value.location, text))?,
    };
    once(&parsed)?;
    Ok(parsed)
}

pub(crate) fn is_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}

/// Refuses an object that gives one name twice: which of the two counts depends on who reads it.
pub(crate) fn once(value: &Value) -> Result<(), ReadError> {
    match &value.kind {
        ValueKind::List(items) => items.iter().try_for_each(once),
        ValueKind::Object(members) => {
            if let Some(member) = twice(members) {
                let what = format!("`{}`", member.name);
                return Err(ReadError::Repeated { what, location: member.location.clone() });
            }
            members.iter().try_for_each(|member| once(&member.value))
        }
        _ => Ok(()),
    }
}

/// The second of two members of one name.
fn twice(members: &[Member]) -> Option<&Member> {
    // Most objects are small.
    if members.len() < 8 {
        let before = |at: usize, member: &Member| members.iter().take(at).any(|it| it.name == member.name);
        return members.iter().enumerate().find(|(at, member)| before(*at, member)).map(|(_, member)| member);
    }
    let mut names = HashSet::with_capacity(members.len());
    members.iter().find(|member| !names.insert(&member.name))
}

/// Whether a source is YAML, for places in it.
pub(crate) fn source(name: &str, text: &str) -> Arc<Source> {
    if is_json(text) { Source::file(name, text) } else { yaml::source(name, text) }
}

#[cfg(test)]
mod tests;
