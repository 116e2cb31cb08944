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
        let number = version.map(ToString::to_string).unwrap_or_default();
        let remedy = match number.parse::<u64>() {
            Ok(0..=2) => "expected version 3 or 4; import and export it with a Pulumi of version 3",
            Ok(_) => "expected version 3 or 4, the last that this version of Narrows knows",
            Err(_) => "expected version 3 or 4; export it with pulumi stack export",
        };
        return Err(ReadError::Unsupported {
            what: format!("a stack of version {number}"),
            remedy: remedy.to_owned(),
            location: whole.location.clone(),
        });
    };
    refuse_pending(deployment)?;
    let (mut states, mut left_over, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for value in resources(deployment)? {
        let state = State::of(value)?;
        match (state.flag("delete"), state.is_gone()) {
            (_, true) => gone.push(state.address),
            // What a replacement left over is there until the next update.
            (true, false) => left_over.push(state.left_over()),
            (false, false) => states.push(state),
        }
    }
    let symbols = Symbols::default();
    let mut providers = Providers::default();
    states.iter().for_each(|state| providers.note(state, &symbols));
    let mut collected = Collected::new(&providers, &symbols);
    let addresses: Vec<&str> = left_over.iter().map(|state| state.address).collect();
    for state in states.into_iter().chain(left_over) {
        collected.add(state, Outputs::All)?;
    }
    let mut read = collected.finish(BTreeSet::new())?;
    read.notes.extend(listed(&addresses).map(|listed| {
        format!("counted, since a replacement left them over and they are still there: {listed}")
    }));
    read.notes.extend(listed(&gone).map(|listed| super::gone(&listed)));
    Ok(read)
}

/// Refuses a stack of which nobody knows what an interrupted update has done.
fn refuse_pending(deployment: &Value) -> Result<(), ReadError> {
    let pending = deployment.get("pending_operations").and_then(Value::items).unwrap_or_default();
    // A resource that is only read is not changed.
    let changes = |operation: &&Value| operation.get("type").and_then(Value::as_str) != Some("reading");
    let Some(operation) = pending.iter().find(changes) else { return Ok(()) };
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let urn = text(operation.get("resource").and_then(|resource| resource.get("urn")));
    Err(ReadError::Unsupported {
        what: format!(
            "a stack of which an update was interrupted while {} {urn}",
            text(operation.get("type"))
        ),
        remedy: "nobody knows what exists of it; run pulumi refresh, and export the stack again".to_owned(),
        location: operation.location.clone(),
    })
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
