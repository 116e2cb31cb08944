//! What several paths hold as one deployment.

use super::{Found, Sort};
use crate::failure::Failure;
use narrows_model::join::{JoinError, Read, join};
use narrows_model::{Deployment, Intent};
use std::path::PathBuf;

/// All inputs of a run as one.
pub(super) struct One {
    pub what: Vec<String>,
    pub deployment: Deployment,
    pub declared: Option<(Intent, String)>,
    /// Whether it is a stack description and nothing else.
    pub is_described: bool,
    pub notes: Vec<String>,
    pub guardrails: Vec<PathBuf>,
}

/// Makes one deployment of all that was found.
pub(super) fn join_all(found: Vec<Found>) -> Result<One, Failure> {
    let is_described = found.iter().any(|it| it.sort == Sort::Description);
    let (mut what, mut notes, mut guardrails, mut inputs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for it in found {
        what.push(it.what);
        notes.extend(it.notes);
        guardrails.extend(it.guardrails);
        inputs.push(Read {
            name: it.name,
            deployment: it.deployment,
            declared: it.intent,
            implied: it.implied,
            is_state: it.sort == Sort::State,
            replaced: it.replaced,
        });
    }
    // One input is a deployment of its own, with nothing to be told apart from.
    if let [_] = inputs.as_slice()
        && let Some(only) = inputs.pop()
    {
        let (deployment, declared) = (only.deployment, only.declared);
        return Ok(One { what, deployment, declared, is_described, notes, guardrails });
    }
    let joined = join(inputs).map_err(|error| failure(&error))?;
    notes.extend(joined.notes);
    let (deployment, declared) = (joined.deployment, joined.declared);
    Ok(One { what, deployment, declared, is_described, notes, guardrails })
}

fn failure(error: &JoinError) -> Failure {
    let failure = Failure::new(error.to_string());
    match error {
        JoinError::Twice { location, .. } => failure.at(location).help(
            "leave one of the two out, or check each input by itself with --each",
        ),
        JoinError::Partitions { .. } => failure.help("check each input by itself: --each"),
        JoinError::OtherState { .. } => {
            failure.help("leave the state out, or check what it belongs to apart from the other inputs")
        }
        JoinError::Declared { .. } => failure.help(
            "check each input by itself with --each, or name the one description that holds with --stack and give the \
             others without theirs",
        ),
    }
}
