//! An exported stack.

use super::Read;
use super::collect::{Collected, listed};
use crate::error::ReadError;
use crate::provider::Providers;
use crate::state::{Outputs, State};
use crate::symbolic::Symbols;
use narrows_model::{Value, ValueKind};
use std::collections::BTreeSet;

/// The versions of the form that are known.
const VERSIONS: [&str; 2] = ["3", "4"];

/// The part with the resources, of what `pulumi stack export` prints or a backend of files keeps.
pub(super) fn deployment(whole: &Value) -> Option<&Value> {
    whole.get("version")?;
    let inner = match whole.get("deployment") {
        Some(deployment) => deployment,
        None => whole.get("checkpoint")?.get("latest")?,
    };
    let is_it = inner.get("manifest").is_some() || inner.get("resources").is_some();
    is_it.then_some(inner)
}

/// Reads an exported stack.
pub(super) fn read(whole: &Value) -> Result<Read, ReadError> {
    let version = whole.get("version");
    let known = version.is_some_and(
        |version| matches!(&version.kind, ValueKind::Number(number) if VERSIONS.contains(&number.as_str())),
    );
    let Some(deployment) = deployment(whole).filter(|_| known) else {
        return Err(ReadError::Unsupported {
            what: format!("a stack of version {}", version.map(ToString::to_string).unwrap_or_default()),
            remedy: "expected version 3 or 4; export it with pulumi stack export".to_owned(),
            location: whole.location.clone(),
        });
    };
    let mut states = Vec::new();
    for value in resources(deployment)? {
        let state = State::of(value)?;
        // What a replacement left over is about to go.
        if !state.flag("delete") {
            states.push(state);
        }
    }
    let mut providers = Providers::default();
    states.iter().for_each(|state| providers.note(state));
    let symbols = Symbols::default();
    let mut collected = Collected::new(&providers, &symbols);
    for state in states {
        collected.add(state, Outputs::All)?;
    }
    let mut read = collected.finish(BTreeSet::new())?;
    let pending = deployment.get("pending_operations").and_then(Value::items).unwrap_or_default();
    let urns: Vec<&str> =
        pending.iter().filter_map(|operation| operation.get("resource")?.get("urn")?.as_str()).collect();
    if let Some(listed) = listed(&urns) {
        read.notes.push(format!("an update was interrupted, so what exists of these is not known: {listed}"));
    }
    Ok(read)
}

fn resources(deployment: &Value) -> Result<&[Value], ReadError> {
    match deployment.get("resources").filter(|resources| resources.kind != ValueKind::Null) {
        None => Ok(&[]),
        Some(resources) => resources.items().ok_or_else(|| ReadError::Type {
            what: "`resources` of the stack".to_owned(),
            got: resources.kind_in_words().to_owned(),
            expected: "a list".to_owned(),
            location: resources.location.clone(),
        }),
    }
}
