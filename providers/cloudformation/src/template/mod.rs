//! The sections of a template.

pub(crate) mod conditions;
pub(crate) mod foreach;
pub(crate) mod parameters;
pub(crate) mod transforms;

use crate::error::ReadError;
use narrows_model::{Member, Value, ValueKind};

/// Whether a value is a template: it has `Resources` of types such as `AWS::S3::Bucket`, or a version of the format.
pub(crate) fn is_template(value: &Value) -> bool {
    if value.get("AWSTemplateFormatVersion").is_some() {
        return true;
    }
    let Some(resources) = value.get("Resources").and_then(Value::members) else { return false };
    let typed = |member: &Member| {
        member.name.starts_with("Fn::ForEach::")
            || member.value.get("Type").and_then(Value::as_str).is_some_and(|name| name.contains("::"))
    };
    resources.iter().any(typed)
}

/// The members of a section; none where the template does not have it.
pub(crate) fn section<'v>(template: &'v Value, name: &str) -> Result<&'v [Member], ReadError> {
    let Some(section) = template.get(name).filter(|section| section.kind != ValueKind::Null) else {
        return Ok(&[]);
    };
    section.members().ok_or_else(|| ReadError::Type {
        what: format!("`{name}`"),
        got: section.kind_in_words().to_owned(),
        expected: "an object".to_owned(),
        location: section.location.clone(),
    })
}
