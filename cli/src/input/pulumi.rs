//! Previews and exported stacks of Pulumi's.

use super::{Found, Sort, intent_beside};
use crate::failure::Failure;
use crate::files::Files;
use narrows_model::Value;
use narrows_pulumi::{Form, Read, ReadError};
use std::path::Path;

/// A preview or a stack.
pub(super) fn read(path: &Path, value: &Value, form: Form, files: &dyn Files) -> Result<Found, Failure> {
    let Read { deployment, replaced, notes } =
        narrows_pulumi::read(value, form).map_err(|error| failure(&error))?;
    Ok(match form {
        Form::Preview => {
            let intent = intent_beside(path.parent().unwrap_or_else(|| Path::new("")), files)?;
            let found = Found::new(path, "a Pulumi preview", deployment);
            Found { sort: Sort::Plan, intent, replaced, notes, ..found }
        }
        Form::Stack => Found { sort: Sort::State, notes, ..Found::new(path, "a Pulumi stack", deployment) },
    })
}

/// What existed when a preview was made.
pub(super) fn before(path: &Path, preview: &Value, files: &dyn Files) -> Result<Found, Failure> {
    let mut deployment = narrows_pulumi::read_before(preview).map_err(|error| failure(&error))?;
    // What is to be tells the account where what there is does not.
    if deployment.account.is_none() {
        let after = narrows_pulumi::read(preview, Form::Preview).map_err(|error| failure(&error))?;
        deployment.account = after.deployment.account;
    }
    let intent = intent_beside(path.parent().unwrap_or_else(|| Path::new("")), files)?;
    Ok(Found { sort: Sort::State, intent, ..Found::new(path, "what it was made from", deployment) })
}

/// What is wrong with a preview that was streamed.
pub(super) fn event_stream(path: &Path) -> Failure {
    Failure::new(format!(
        "`{}` holds the engine's events, one in a line: expected a whole preview",
        path.display()
    ))
    .help("unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW, and make it with pulumi preview --json --show-sames")
}

fn failure(error: &ReadError) -> Failure {
    Failure::worded(&error.to_string()).at(error.location())
}
