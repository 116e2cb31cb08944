//! Macros that a template is put through.

use crate::error::ReadError;
use narrows_model::{Value, ValueKind};

/// Macros of AWS that add resources and leave those of the template as they are.
const ADDING: [&str; 5] = [
    "AWS::Serverless-2016-10-31",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::CodeDeployBlueGreen",
    "AWS::CodeStar",
];

/// What the macros of a template do to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Transforms {
    /// Whether they add resources that the template does not name.
    pub adding: bool,
}

/// The macros that `Transform` names.
///
/// # Errors
/// One that can change anything: what it makes is known to CloudFormation alone.
pub(crate) fn transforms(template: &Value) -> Result<Transforms, ReadError> {
    let mut found = Transforms::default();
    let Some(given) = template.get("Transform") else { return Ok(found) };
    let items = match &given.kind {
        ValueKind::List(items) => items,
        ValueKind::Null => return Ok(found),
        _ => std::slice::from_ref(given),
    };
    for item in items {
        let name = item.get("Name").unwrap_or(item);
        match name.as_str() {
            Some("AWS::LanguageExtensions") => {}
            Some(name) if ADDING.contains(&name) => found.adding = true,
            name => return Err(unknown_macro(name.unwrap_or("Transform"), item)),
        }
    }
    Ok(found)
}

/// The error for a macro that can change everything around it.
pub(crate) fn unknown_macro(name: &str, place: &Value) -> ReadError {
    ReadError::Unsupported {
        what: format!("the macro `{name}`"),
        remedy: "only CloudFormation can run it; check what it makes (aws cloudformation get-template \
                 --template-stage Processed, of a change set or a stack)"
            .to_owned(),
        location: place.location.clone(),
    }
}
