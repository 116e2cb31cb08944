//! A preview: what there was, and what there will be.
//!
//! Source: pulumi/pulumi, `pkg/display/json.go` and `pkg/backend/display/json.go`.

use super::Read;
use super::collect::Collected;
use crate::error::ReadError;
use crate::kinds;
use crate::provider::Providers;
use crate::state::{Outputs, State};
use crate::symbolic::Symbols;
use narrows_model::{Location, ResourceId, Value, ValueKind};
use std::collections::{BTreeMap, BTreeSet};

/// What a step does with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    /// It is there afterwards.
    Keep,
    /// It is there afterwards, as another one than before.
    Replace,
    /// It goes.
    Delete,
    /// Nothing that another step does not tell.
    Nothing,
}

const OPS: [(&str, Op); 17] = [
    ("same", Op::Keep),
    ("create", Op::Keep),
    ("update", Op::Keep),
    ("read", Op::Keep),
    ("import", Op::Keep),
    ("refresh", Op::Keep),
    ("replace", Op::Replace),
    ("create-replacement", Op::Replace),
    ("read-replacement", Op::Replace),
    ("import-replacement", Op::Replace),
    ("delete", Op::Delete),
    ("discard", Op::Delete),
    ("delete-replaced", Op::Nothing),
    ("discard-replaced", Op::Nothing),
    ("remove-pending-replace", Op::Nothing),
    ("diff", Op::Nothing),
    ("extend-parameterize", Op::Nothing),
];

/// A step, read.
#[derive(Clone, Copy)]
struct Step<'a> {
    op: Op,
    is_same: bool,
    old: Option<State<'a>>,
    new: Option<State<'a>>,
}

impl Step<'_> {
    fn is_default_provider(&self) -> bool {
        let urn = self.new.or(self.old).map(|state| state.urn);
        urn.is_some_and(|urn| urn.type_name.starts_with(kinds::PROVIDERS) && urn.name.starts_with("default"))
    }
}

/// Whether a value is what `pulumi preview --json` prints.
pub(super) fn is_preview(value: &Value) -> bool {
    let first = || value.get("steps")?.items()?.first();
    let is_step = |step: &Value| step.get("op").is_some() && step.get("urn").is_some();
    value.get("changeSummary").is_some() || first().is_some_and(is_step)
}

/// What exists after the update.
pub(super) fn after(preview: &Value) -> Result<Read, ReadError> {
    let steps = steps(preview)?;
    // The last word on each resource counts, in the order in which they are met.
    let mut order: Vec<&str> = Vec::new();
    let mut found: BTreeMap<&str, (State<'_>, Option<State<'_>>)> = BTreeMap::new();
    let mut replaced: BTreeSet<ResourceId> = BTreeSet::new();
    let mut retained: Vec<State<'_>> = Vec::new();
    for step in &steps {
        match (step.op, step.new) {
            (Op::Keep, Some(new)) => {
                let is_replaced = replaced.contains(&new.urn.id());
                let before = step.old.filter(|_| !is_replaced);
                if found.insert(new.address, (new, before)).is_none() {
                    order.push(new.address);
                }
            }
            (Op::Replace, Some(new)) => {
                replaced.insert(new.urn.id());
                if found.insert(new.address, (new, None)).is_none() {
                    order.push(new.address);
                }
            }
            (Op::Delete, _) | (Op::Keep, None) => {
                let Some(old) = step.old else { continue };
                // Of a resource that is already replaced, only what is left over goes.
                if old.flag("delete") {
                    continue;
                }
                if old.flag("retainOnDelete") {
                    retained.push(old);
                } else {
                    found.remove(old.address);
                }
            }
            (Op::Replace, None) | (Op::Nothing, _) => {}
        }
    }
    let providers = providers(preview, steps.iter().filter_map(|step| step.new));
    let symbols = Symbols::of(preview);
    let mut collected = Collected::new(&providers, &symbols);
    for address in order {
        let Some((state, before)) = found.remove(address) else { continue };
        collected.add(state, outputs(&state, before))?;
    }
    for state in &retained {
        collected.add(*state, Outputs::Own { before: None })?;
    }
    let mut read = collected.finish(replaced)?;
    let addresses: Vec<&str> = retained.iter().map(|state| state.address).collect();
    if let Some(listed) = super::collect::listed(&addresses) {
        read.notes.push(format!("counted, since the update leaves them where they are: {listed}"));
    }
    Ok(read)
}

/// What exists before the update.
pub(super) fn before(preview: &Value) -> Result<Read, ReadError> {
    let steps = steps(preview)?;
    let mut seen = BTreeSet::new();
    let mut states = Vec::new();
    for step in steps.iter().filter(|step| step.op != Op::Nothing) {
        let Some(old) = step.old else { continue };
        // What an earlier replacement left over is about to go.
        let left_over = step.op == Op::Delete && old.flag("delete");
        if !left_over && seen.insert(old.address) {
            states.push(old);
        }
    }
    let providers = providers(preview, states.iter().copied());
    let symbols = Symbols::of(preview);
    let mut collected = Collected::new(&providers, &symbols);
    for state in states {
        collected.add(state, Outputs::All)?;
    }
    collected.finish(BTreeSet::new())
}

/// Which outputs of a resource count: what the program only reads is all outputs.
fn outputs<'a>(state: &State<'a>, before: Option<State<'a>>) -> Outputs<'a> {
    if state.flag("external") { Outputs::All } else { Outputs::Own { before } }
}

fn providers<'a>(preview: &Value, states: impl Iterator<Item = State<'a>>) -> Providers {
    let mut providers = Providers::configured(preview.get("config"));
    states.for_each(|state| providers.note(&state));
    providers
}

/// The steps of a whole preview.
fn steps(preview: &Value) -> Result<Vec<Step<'_>>, ReadError> {
    let mut steps = Vec::new();
    for value in items(preview, "steps")? {
        steps.push(step(value)?);
    }
    succeeded(preview)?;
    // The summary leaves out the providers that the program does not make itself.
    let shown = steps.iter().filter(|step| step.is_same && !step.is_default_provider()).count();
    let summary = preview.get("changeSummary").filter(|summary| summary.members().is_some());
    let Some(summary) = summary else {
        return Err(ReadError::Missing {
            what: "`changeSummary`".to_owned(),
            expected: "a whole preview, as printed by pulumi preview --json --show-sames".to_owned(),
            location: preview.location.clone(),
        });
    };
    let same = match summary.get("same").map(|same| &same.kind) {
        None => 0,
        Some(ValueKind::Number(number)) => number.parse().unwrap_or(usize::MAX),
        Some(_) => usize::MAX,
    };
    if same > shown {
        return Err(ReadError::Unsupported {
            what: format!(
                "a preview that shows {shown} of its {} unchanged resources",
                summary.get("same").map(ToString::to_string).unwrap_or_default()
            ),
            remedy: "their policies count too; make it with pulumi preview --json --show-sames".to_owned(),
            location: preview.location.clone(),
        });
    }
    Ok(steps)
}

/// Refuses a preview that ended with an error.
fn succeeded(preview: &Value) -> Result<(), ReadError> {
    let is_error = |it: &&Value| it.get("severity").and_then(Value::as_str) == Some("error");
    match items(preview, "diagnostics")?.iter().find(is_error) {
        Some(error) => Err(ReadError::Unsupported {
            what: "a preview that ended with an error".to_owned(),
            remedy: "it does not hold all resources; make it again once pulumi preview succeeds".to_owned(),
            location: error.location.clone(),
        }),
        None => Ok(()),
    }
}

fn items<'a>(preview: &'a Value, name: &str) -> Result<&'a [Value], ReadError> {
    match preview.get(name).filter(|value| value.kind != ValueKind::Null) {
        None => Ok(&[]),
        Some(value) => value.items().ok_or_else(|| wrong(name, value, "a list")),
    }
}

fn wrong(name: &str, value: &Value, expected: &str) -> ReadError {
    let got = value.as_str().map_or_else(|| value.kind_in_words().to_owned(), |text| format!("`{text}`"));
    let location: Location = value.location.clone();
    ReadError::Type { what: format!("`{name}` of the preview"), got, expected: expected.to_owned(), location }
}

fn step(value: &Value) -> Result<Step<'_>, ReadError> {
    let Some(name) = value.get("op").and_then(Value::as_str) else {
        return Err(ReadError::Missing {
            what: "`op` of a step".to_owned(),
            expected: "an operation such as `create`".to_owned(),
            location: value.location.clone(),
        });
    };
    let Some((_, op)) = OPS.iter().find(|(known, _)| *known == name) else {
        return Err(wrong("op", value.get("op").unwrap_or(value), "an operation such as `create`"));
    };
    let state = |name| value.get(name).filter(|state: &&Value| state.kind != ValueKind::Null);
    let (mut old, mut new) =
        (state("oldState").map(State::of).transpose()?, state("newState").map(State::of).transpose()?);
    let is_same = name == "same";
    if is_same {
        // What an update with targets leaves out is the same as nothing, which has no id.
        old = old.filter(|old| !old.is_custom() || old.id().is_some());
        // What is the same is as it was: its new state has no outputs yet.
        new = old;
    }
    Ok(Step { op: *op, is_same, old, new })
}
