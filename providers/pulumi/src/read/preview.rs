//! A preview: what there was, and what there will be.
//!
//! Source: pulumi/pulumi, `pkg/display/json.go` and `pkg/backend/display/json.go`.

use super::Read;
use super::collect::{Collected, Earlier, listed};
use super::holders::Holder;
use super::steps::{Op, Step, steps};
use crate::error::ReadError;
use crate::kinds;
use crate::provider::Providers;
use crate::state::{Outputs, State};
use crate::symbolic::{self, Symbols};
use crate::values::holds_unknown;
use narrows_model::{ResourceId, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a value is what `pulumi preview --json` prints.
pub(super) fn is_preview(value: &Value) -> bool {
    let first = || value.get("steps")?.items()?.first();
    let is_step = |step: &Value| step.get("op").is_some() && step.get("urn").is_some();
    // One that failed at once has nothing else.
    let diagnostic = || value.get("diagnostics")?.items()?.first();
    let is_diagnostic = |it: &Value| it.get("severity").is_some() && it.get("message").is_some();
    value.get("changeSummary").is_some()
        || first().is_some_and(is_step)
        || diagnostic().is_some_and(is_diagnostic)
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
    /// What is deleted once all is made and changed.
    deleted: Vec<State<'a>>,
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
                self.keep(new, outputs(&new, None, true));
                self.delete(step.old);
            }
            (Op::Delete, _) | (Op::Keep | Op::Make, None) => {
                let Some(old) = step.old else { return };
                // Of a resource that is already replaced, only what is left over goes.
                if !old.stays() && !old.flag("delete") {
                    self.found.remove(old.address);
                }
                self.delete(Some(old));
            }
            (Op::Replace, None) | (Op::DeleteReplaced, _) => self.delete(step.old),
            (Op::Nothing, _) => {}
        }
    }

    fn keep(&mut self, state: State<'a>, outputs: Outputs<'a>) {
        if self.found.insert(state.address, (state, outputs)).is_none() {
            self.order.push(state.address);
        }
    }

    /// Notes what the engine is done with.
    fn delete(&mut self, old: Option<State<'a>>) {
        let Some(old) = old else { return };
        if old.stays() {
            self.retained.insert((old.address, old.id().and_then(Value::as_str)), old);
        } else if !old.flag("pendingReplacement") || old.flag("delete") {
            // What it deletes first it marks, if it comes to that in time.
            self.deleted.push(old);
        }
    }

    /// The policies among what is deleted that may take away what others give.
    ///
    /// What a refresh finds gone and the program makes anew is not deleted.
    fn taken(&self) -> Vec<State<'a>> {
        let is_taken = |state: &&State<'a>| {
            let is_replaced = self.replaced.contains(&state.urn.id()) || state.flag("delete");
            let is_policy = kinds::is_whole_policy(state.urn.type_name);
            is_policy && (is_replaced || !self.found.contains_key(state.address))
        };
        self.deleted.iter().filter(is_taken).copied().collect()
    }
}

/// What exists after the update.
pub(super) fn after(preview: &Value) -> Result<Read, ReadError> {
    let steps = steps(preview)?;
    let mut after = After::default();
    steps.iter().for_each(|step| after.step(step));
    let symbols = Symbols::of(preview);
    let was = providers(preview, states_before(&steps).into_iter(), &symbols);
    let (earlier, taken) = (holders(&steps, &was, &symbols)?, taken(&after, &was, &symbols)?);
    let providers = providers(preview, steps.iter().filter_map(|step| step.new), &symbols);
    let mut collected = Collected::new(&providers, &symbols);
    (collected.earlier, collected.taken) = (earlier, taken);
    let After { order, mut found, replaced, retained, gone, .. } = after;
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
    symbolic::assumptions(preview)?.into_iter().for_each(|it| read.deployment.assume(it));
    let addresses: BTreeSet<&str> = retained.values().map(|state| state.address).collect();
    let addresses: Vec<&str> = addresses.into_iter().collect();
    read.notes.extend(
        listed(&addresses)
            .map(|listed| format!("counted, since the update leaves them where they are: {listed}")),
    );
    read.notes.extend(listed(&gone).map(|listed| super::gone(&listed)));
    if !symbolic::is_settled(preview) {
        let unknown: Vec<&str> = steps
            .iter()
            .filter_map(|step| step.new)
            .filter(has_unknown_policy)
            .map(|it| it.address)
            .collect();
        read.notes.extend(listed(&unknown).map(|listed| {
            format!("known only after the update, but worked out by narrows plan in the program's folder: the policies of {listed}")
        }));
    }
    Ok(read)
}

/// Whether what a policy says is not known yet.
fn has_unknown_policy(state: &State<'_>) -> bool {
    let policy = |inputs: &Value| inputs.get("policy").and_then(Value::as_str).is_some_and(holds_unknown);
    let details = |inputs: &Value| inputs.get("details").is_some_and(policy);
    state.inputs().is_some_and(|inputs| policy(inputs) || details(inputs))
}

/// What could be the policy of something before the update, with what it could be of.
fn holders(steps: &[Step<'_>], providers: &Providers, symbols: &Symbols) -> Result<Earlier, ReadError> {
    let mut collected = Collected::new(providers, symbols);
    for state in states_before(steps) {
        let type_name = state.urn.type_name;
        if kinds::is_whole_policy(type_name) || kinds::reports_policy(&kinds::kind_of(type_name)) {
            collected.add(state, Outputs::All)?;
        } else {
            collected.note_elsewhere(&state);
        }
    }
    Ok(collected.into_earlier())
}

/// The policies that are deleted once all is made.
fn taken(after: &After<'_>, providers: &Providers, symbols: &Symbols) -> Result<Vec<Holder>, ReadError> {
    let mut collected = Collected::new(providers, symbols);
    for state in after.taken() {
        // One may be there in several states.
        collected.add(state.left_over(), Outputs::All)?;
    }
    Ok(collected.into_earlier().holders)
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
        // What a replacement deletes first the engine marks as gone while it previews it; else what is deleted later.
        let is_gone = old.is_gone() && (step.op != Op::Replace || old.flag("delete"));
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
