//! What `terraform show -json` prints: a plan or a state.

use crate::error::ReadError;
use crate::{plan, state};
use narrows_model::{Deployment, ResourceId, Value};
use std::collections::BTreeSet;

/// The two things that `terraform show -json` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// What will be once a plan is applied.
    Plan,
    /// What was made so far.
    State,
}

/// What was read of a plan or a state.
#[derive(Clone, Debug)]
pub struct Read {
    /// The resources.
    pub deployment: Deployment,
    /// Of a plan: those that are destroyed and made anew.
    pub replaced: BTreeSet<ResourceId>,
}

/// What a JSON value is, if it is one of the two.
pub fn detect(value: &Value) -> Option<Form> {
    if value.get("planned_values").is_some() {
        return Some(Form::Plan);
    }
    let version = value.get("format_version").and_then(Value::as_str)?;
    // An empty state has nothing but its version.
    let is_state = value.get("values").is_some()
        || value.get("terraform_version").is_some()
        || value.members().is_some_and(|members| members.len() == 1 && !version.is_empty());
    is_state.then_some(Form::State)
}

/// Reads a plan or a state that is parsed already; see [`crate::read_plan`] for what is read of a plan.
///
/// In a state everything is known: names and ARNs are texts, and resources are attached by these.
///
/// # Errors
/// What is not of that form or not valid, with its place; a plan that ended with an error.
pub fn read(value: &Value, form: Form) -> Result<Read, ReadError> {
    match form {
        Form::Plan => plan::read(value),
        Form::State => Ok(Read { deployment: state::read(value)?, replaced: BTreeSet::new() }),
    }
}

/// What was there before a plan is applied: the state that it was made from, empty for a first plan.
///
/// # Errors
/// What is not valid in it, with its place.
pub fn read_before(plan: &Value) -> Result<Deployment, ReadError> {
    match plan.get("prior_state") {
        Some(prior) => state::read(prior),
        None => Ok(Deployment::default()),
    }
}
