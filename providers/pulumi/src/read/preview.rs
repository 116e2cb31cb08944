//! A preview: what there was, and what there will be.
//!
//! Source: pulumi/pulumi, `pkg/display/json.go` and `pkg/backend/display/json.go`.

use super::Read;
use super::collect::{Collected, Earlier, listed};
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
    /// It is there afterwards, as before.
    Keep,
    /// It is there afterwards, and was not before.
    Make,
    /// It is there afterwards, as another one than before.
    Replace,
    /// It goes.
    Delete,
    /// What was there before a replacement goes.
    DeleteReplaced,
    /// Nothing that another step does not tell.
    Nothing,
}

const OPS: [(&str, Op); 17] = [
    ("same", Op::Keep),
    ("create", Op::Make),
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
    ("delete-replaced", Op::DeleteReplaced),
    ("discard-replaced", Op::DeleteReplaced),
    ("remove-pending-replace", Op::Nothing),
    ("diff", Op::Nothing),
    ("extend-parameterize", Op::Nothing),
];

/// What the engine itself prints to the error stream while all is well.
const DOWNLOAD: &str = "Downloading provider: ";

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

/// What is there after the update, as the steps tell it.
#[derive(Default)]
struct After<'a> {
    /// The addresses in the order in which they are met.
    order: Vec<&'a str>,
    /// The last word on each.
    found: BTreeMap<&'a str, (State<'a>, Outputs<'a>)>,
    replaced: BTreeSet<ResourceId>,
    /// What stays when the engine is done with it, by address and id.
    retained: BTreeMap<(&'a str, Option<&'a str>), State<'a>>,
    /// What an interrupted update took away and this one does not make anew.
    gone: Vec<&'a str>,
}

impl<'a> After<'a> {
    fn step(&mut self, step: &Step<'a>) {
        match (step.op, step.new) {
            (Op::Keep, Some(new)) if new.is_gone() => self.gone.push(new.address),
            (Op::Keep, Some(new)) => {
                let before = step.old.filter(|_| !self.replaced.contains(&new.urn.id()));
                self.keep(new, outputs(&new, before, false));
            }
            (Op::Make, Some(new)) => self.keep(new, outputs(&new, None, true)),
            (Op::Replace, Some(new)) => {
                self.replaced.insert(new.urn.id());
                let is_unsettled = step.old.is_some_and(|old| takes_away(&old, &new));
                self.keep(new.unsettled(is_unsettled), outputs(&new, None, true));
                self.retain(step.old);
            }
            (Op::Delete, _) | (Op::Keep | Op::Make, None) => {
                let Some(old) = step.old else { return };
                if old.stays() {
                    self.retain(Some(old));
                } else if !old.flag("delete") {
                    // Of a resource that is already replaced, only what is left over goes.
                    self.found.remove(old.address);
                }
            }
            (Op::Replace, None) | (Op::DeleteReplaced, _) => self.retain(step.old),
            (Op::Nothing, _) => {}
        }
    }

    fn keep(&mut self, state: State<'a>, outputs: Outputs<'a>) {
        if self.found.insert(state.address, (state, outputs)).is_none() {
            self.order.push(state.address);
        }
    }

    fn retain(&mut self, old: Option<State<'a>>) {
        let Some(old) = old.filter(State::stays) else { return };
        self.retained.insert((old.address, old.id().and_then(Value::as_str)), old);
    }
}

/// Whether the deletion of what is replaced may take away what its replacement gives: both are the policy of one thing.
///
/// By default the engine makes the replacement first, and a preview does not tell in which order it works.
fn takes_away(old: &State<'_>, new: &State<'_>) -> bool {
    let Some(input) = kinds::target_input(new.urn.type_name) else { return false };
    let target = old.known_input(input);
    target.is_some() && target == new.known_input(input) && !old.stays()
}

/// What exists after the update.
pub(super) fn after(preview: &Value) -> Result<Read, ReadError> {
    let steps = steps(preview)?;
    let mut after = After::default();
    steps.iter().for_each(|step| after.step(step));
    let symbols = Symbols::of(preview);
    let earlier = holders(preview, &steps, &symbols)?;
    let providers = providers(preview, steps.iter().filter_map(|step| step.new), &symbols);
    let mut collected = Collected::new(&providers, &symbols);
    collected.earlier = earlier;
    let After { order, mut found, replaced, retained, gone } = after;
    let mut there = BTreeSet::new();
    for address in order {
        let Some((state, outputs)) = found.remove(address) else { continue };
        collected.add(state, outputs)?;
        there.insert(address);
    }
    for state in retained.values() {
        let state = if there.insert(state.address) { *state } else { state.left_over() };
        collected.add(state, Outputs::Own { before: None, is_made: false })?;
    }
    let mut read = collected.finish(replaced)?;
    let addresses: BTreeSet<&str> = retained.values().map(|state| state.address).collect();
    let addresses: Vec<&str> = addresses.into_iter().collect();
    read.notes.extend(
        listed(&addresses)
            .map(|listed| format!("counted, since the update leaves them where they are: {listed}")),
    );
    read.notes.extend(listed(&gone).map(|listed| super::gone(&listed)));
    Ok(read)
}

/// What could be the policy of something before the update, with what it could be of.
fn holders(preview: &Value, steps: &[Step<'_>], symbols: &Symbols) -> Result<Earlier, ReadError> {
    let mut states = states_before(steps);
    states.retain(|state| {
        let type_name = state.urn.type_name;
        kinds::target_input(type_name).is_some() || kinds::reports_policy(&kinds::kind_of(type_name))
    });
    let providers = providers(preview, states_before(steps).into_iter(), symbols);
    let mut collected = Collected::new(&providers, symbols);
    for state in states {
        collected.add(state, Outputs::All)?;
    }
    Ok(collected.into_earlier())
}

/// What exists before the update.
pub(super) fn before(preview: &Value) -> Result<Read, ReadError> {
    let steps = steps(preview)?;
    let symbols = Symbols::of(preview);
    let states = states_before(&steps);
    let providers = providers(preview, states.iter().copied(), &symbols);
    let mut collected = Collected::new(&providers, &symbols);
    for state in states {
        collected.add(state, Outputs::All)?;
    }
    collected.finish(BTreeSet::new())
}

/// What was there before the update; what earlier replacements left over is under names of its own.
fn states_before<'a>(steps: &[Step<'a>]) -> Vec<State<'a>> {
    // Whose id is not known is told apart by its URN alone.
    let key = |state: &State<'a>| (state.address, state.id().and_then(Value::as_str));
    let mut seen = BTreeSet::new();
    let mut states = Vec::new();
    for step in steps.iter().filter(|step| ![Op::DeleteReplaced, Op::Nothing].contains(&step.op)) {
        let Some(old) = step.old else { continue };
        let is_left_over = step.op == Op::Delete && old.flag("delete");
        // The engine marks what a replacement deletes first while it previews it.
        let is_gone = step.op != Op::Replace && old.is_gone();
        if !is_left_over && !is_gone && seen.insert(old.address) {
            states.push(old);
        }
    }
    let mut known: BTreeSet<_> = states.iter().map(key).collect();
    let goes = |step: &&Step<'a>| [Op::Delete, Op::DeleteReplaced].contains(&step.op);
    for old in steps.iter().filter(goes).filter_map(|step| step.old) {
        if old.flag("delete") && known.insert(key(&old)) {
            states.push(old.left_over());
        }
    }
    states
}

/// Which outputs of a resource count: what the program only reads is all outputs.
fn outputs<'a>(state: &State<'a>, before: Option<State<'a>>, is_made: bool) -> Outputs<'a> {
    if state.flag("external") { Outputs::All } else { Outputs::Own { before, is_made } }
}

fn providers<'a>(preview: &Value, states: impl Iterator<Item = State<'a>>, symbols: &Symbols) -> Providers {
    let mut providers = Providers::configured(preview.get("config"));
    states.for_each(|state| providers.note(&state, symbols));
    providers
}

/// The steps of a whole preview.
fn steps(preview: &Value) -> Result<Vec<Step<'_>>, ReadError> {
    succeeded(preview)?;
    let mut steps = Vec::new();
    for value in items(preview, "steps")? {
        steps.push(step(value)?);
    }
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

/// Refuses a preview that ended with an error, or may have.
///
/// What a program prints to its error stream is all that the JSON has of an error in some languages, YAML among them.
fn succeeded(preview: &Value) -> Result<(), ReadError> {
    for diagnostic in items(preview, "diagnostics")? {
        let text = |name: &str| diagnostic.get(name).and_then(Value::as_str).unwrap_or_default();
        let refused = |what: &str, remedy: &str| {
            let first = text("message").lines().map(str::trim).find(|line| !line.is_empty());
            let said = first.map(|line| format!(" (`{line}`)")).unwrap_or_default();
            Err(ReadError::Unsupported {
                what: format!("{what}{said}"),
                remedy: remedy.to_owned(),
                location: diagnostic.location.clone(),
            })
        };
        match text("severity") {
            "error" => {
                return refused(
                    "a preview that ended with an error",
                    "it does not hold all resources; make it again once pulumi preview succeeds",
                );
            }
            "info#err" if !text("message").starts_with(DOWNLOAD) => {
                return refused(
                    "a preview whose program printed to its error stream",
                    "so does a program that fails, and then resources are missing; make it again once pulumi preview \
                     succeeds and prints nothing there",
                );
            }
            _ => {}
        }
    }
    Ok(())
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
        // What is the same is as it was, its new state has no outputs yet; but it may have got another name.
        let is_renamed = matches!((old, new), (Some(old), Some(new)) if old.address != new.address);
        new = if is_renamed { new } else { old };
    }
    Ok(Step { op: *op, is_same, old, new })
}
