//! Parameters: what a template is given.

use super::section;
use crate::error::ReadError;
use crate::resolve::as_text;
use narrows_model::{Location, Text, Value, ValueKind};
use std::collections::BTreeMap;

/// A parameter that a template declares.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    /// Whether it is a list.
    pub list: bool,
    /// Whether what it is given is the name of a parameter of Systems Manager, which has the value.
    pub stored: bool,
    /// The default.
    pub default: Option<Text>,
    /// The values that it can have; empty where all are fine.
    pub allowed: Vec<String>,
    /// Where it stands.
    pub location: Location,
}

/// The parameters of a template.
pub(crate) fn declared(template: &Value) -> Result<BTreeMap<String, Declared>, ReadError> {
    let mut found = BTreeMap::new();
    for member in section(template, "Parameters")? {
        let kind = member.value.get("Type").and_then(Value::as_str).unwrap_or("String");
        let default = match member.value.get("Default").filter(|it| it.kind != ValueKind::Null) {
            None => None,
            Some(value) => Some(default(value).ok_or_else(|| ReadError::Type {
                what: format!("`Default` of parameter {}", member.name),
                got: value.kind_in_words().to_owned(),
                expected: "a string".to_owned(),
                location: value.location.clone(),
            })?),
        };
        let allowed = member.value.get("AllowedValues").and_then(Value::items).unwrap_or_default();
        let stored = kind.starts_with("AWS::SSM::Parameter::Value<");
        let declared = Declared {
            list: kind == "CommaDelimitedList" || kind.contains("List<"),
            stored,
            default,
            allowed: allowed.iter().filter_map(|it| Some(as_text(it)?.as_literal()?.to_owned())).collect(),
            location: member.location.clone(),
        };
        found.insert(member.name.to_string(), declared);
    }
    Ok(found)
}

/// A default as text; some write lists as lists.
fn default(value: &Value) -> Option<Text> {
    let Some(items) = value.items() else { return as_text(value) };
    let mut text = Text::default();
    for (index, item) in items.iter().enumerate() {
        text = text.then_literal(if index > 0 { "," } else { "" }).then(as_text(item)?);
    }
    Some(text)
}

impl Declared {
    /// What a reference to the parameter gives, from the text that it is given.
    pub(crate) fn value(&self, text: Text) -> ValueKind {
        match text.as_literal() {
            Some(literal) if self.list => {
                let item = |item: &str| Value::text(item.trim());
                ValueKind::List(literal.split(',').map(item).collect())
            }
            _ => ValueKind::Text(text),
        }
    }

    /// Refuses a value that the template does not allow.
    pub(crate) fn allow(&self, name: &str, text: &str) -> Result<(), ReadError> {
        let refused = |item: &&str| !self.allowed.iter().any(|allowed| allowed == item.trim());
        let items: Vec<&str> = if self.list { text.split(',').collect() } else { vec![text] };
        match items.iter().find(|item| !self.allowed.is_empty() && refused(item)) {
            None => Ok(()),
            Some(item) => {
                let allowed: Vec<_> = self.allowed.iter().map(|it| format!("`{it}`")).collect();
                Err(ReadError::Type {
                    what: format!("parameter {name}"),
                    got: format!("`{item}`"),
                    expected: format!("one of {}", allowed.join(", ")),
                    location: self.location.clone(),
                })
            }
        }
    }
}

/// Reads a file of parameters, in any of the forms that the AWS CLI and CodePipeline take: a list of `ParameterKey` and
/// `ParameterValue`, a list of `KEY=VALUE`, or an object with `Parameters`.
///
/// A parameter with `UsePreviousValue` is left out: its value is known to the deployed stack alone.
///
/// # Errors
/// What has none of these forms.
pub fn parse_parameters(name: &str, text: &str) -> Result<BTreeMap<String, String>, ReadError> {
    let value = narrows_model::json::parse(&narrows_model::Source::file(name, text))?;
    let wrong = |value: &Value| {
        ReadError::Type {
        what: "a file of parameters".to_owned(),
        got: value.kind_in_words().to_owned(),
        expected: "a list of objects with `ParameterKey` and `ParameterValue`, a list of \"KEY=VALUE\", or an object with \
                   `Parameters`"
            .to_owned(),
        location: value.location.clone(),
    }
    };
    let literal = |value: &Value| as_text(value).and_then(|text| Some(text.as_literal()?.to_owned()));
    let mut found = BTreeMap::new();
    if let Some(parameters) = value.get("Parameters") {
        for member in parameters.members().ok_or_else(|| wrong(parameters))? {
            found
                .insert(member.name.to_string(), literal(&member.value).ok_or_else(|| wrong(&member.value))?);
        }
        return Ok(found);
    }
    for item in value.items().ok_or_else(|| wrong(&value))? {
        if let Some((key, value)) = item.as_str().and_then(|text| text.split_once('=')) {
            found.insert(key.into(), value.to_owned());
            continue;
        }
        let key = item.get("ParameterKey").and_then(Value::as_str).ok_or_else(|| wrong(item))?;
        match item.get("ParameterValue") {
            Some(value) => {
                found.insert(key.into(), literal(value).ok_or_else(|| wrong(value))?);
            }
            None if item.get("UsePreviousValue").is_some() => {}
            None => return Err(wrong(item)),
        }
    }
    Ok(found)
}
