//! From what the engine prints to a deployment.

mod collect;
mod holders;
mod preview;
mod reported;
mod stack;
mod steps;

use crate::error::ReadError;
use narrows_model::{Deployment, ResourceId, Value};
use std::collections::BTreeSet;

/// The two things that the engine prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// What will be once an update is made: `pulumi preview --json`.
    Preview,
    /// What was made so far: `pulumi stack export`.
    Stack,
}

/// What was read of a preview or a stack.
#[derive(Clone, Debug)]
pub struct Read {
    /// The resources.
    pub deployment: Deployment,
    /// Of a preview: those that are destroyed and made anew.
    pub replaced: BTreeSet<ResourceId>,
    /// What the owner should know of the reading.
    pub notes: Vec<String>,
}

/// What a JSON value is, if it is one of the two.
pub fn detect(value: &Value) -> Option<Form> {
    if preview::is_preview(value) {
        return Some(Form::Preview);
    }
    stack::deployment(value).map(|_| Form::Stack)
}

/// Whether a text holds the events of an engine, one in a line, as `PULUMI_ENABLE_STREAMING_JSON_PREVIEW` has them printed.
///
/// Source: pulumi/pulumi, `sdk/go/common/apitype/events.go`.
pub fn is_event_stream(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let Ok(serde_json::Value::Object(event)) = serde_json::from_str(first) else { return false };
    let has = |name: &str| event.get(name).is_some_and(serde_json::Value::is_number);
    has("sequence") && has("timestamp")
}

/// Reads a preview or a stack.
///
/// The result of a preview is what exists after the update: what is unchanged, made and changed, nothing that is deleted.
/// The names of resources are their logical ones, with the types of the components that they are in; the address is the URN.
/// A property that names another resource and is known only later is taken to be the one fitting resource that it comes from.
///
/// # Errors
/// What is not of that form or not valid, with its place; a preview that ended with an error, or that leaves out what is
/// unchanged.
pub fn read(value: &Value, form: Form) -> Result<Read, ReadError> {
    match form {
        Form::Preview => preview::after(value),
        Form::Stack => stack::read(value),
    }
}

/// What was there before a preview's update: empty for a first one.
///
/// # Errors
/// As [`read`].
pub fn read_before(preview: &Value) -> Result<Deployment, ReadError> {
    Ok(preview::before(preview)?.deployment)
}

/// The note on what is no more.
fn gone(listed: &str) -> String {
    format!("not counted, since an interrupted replacement has deleted them: {listed}")
}
