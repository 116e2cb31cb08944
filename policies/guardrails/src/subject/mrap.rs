//! MRAPs, each with what is known of all its buckets alike.

use super::{At, Case, Inquiry};
use crate::facts::{Asking, Fact, Facts};
use narrows_prover::Route;
use std::sync::Arc;

/// The MRAPs; the reason where none has two buckets to compare.
pub(super) fn all(case: &Case<'_>) -> Result<Vec<Inquiry>, String> {
    let found: Vec<(Inquiry, usize)> =
        (0..case.model.mraps.len()).filter_map(|mrap| inquiry(case, mrap)).collect();
    if !found.is_empty() && found.iter().all(|(_, members)| *members < 2) {
        return Err("no MRAP of the input has two buckets in it: there is nothing to compare".to_owned());
    }
    Ok(found.into_iter().map(|(inquiry, _)| inquiry).collect())
}

/// What an MRAP is asked about, and how many buckets of it are in the input.
fn inquiry(case: &Case<'_>, index: usize) -> Option<(Inquiry, usize)> {
    let mrap = case.model.mraps.get(index)?;
    let buckets = case.members(index).iter().copied();
    let mut members = buckets.filter_map(|place| Some((place, Arc::clone(&case.known(place)?.facts))));
    let (first, of_first) = members.next()?;
    let mut facts = Facts::clone(&of_first);
    let mut count = 1;
    for (_, others) in members {
        count += 1;
        join(&mut facts, &others);
    }
    let asking = Asking { resource: Arc::new(facts), subject: Facts::new() };
    let mraps = case.model.show(&mrap.arn);
    let inquiry = Inquiry {
        subject: mrap.subject.clone(),
        at: vec![At { bucket: first, asking, routes: vec![Route::Mrap(index), Route::Direct] }],
        holder: None,
        unknown: None,
        exemptions: Vec::new(),
        ending: false,
        words: vec![("{mraps}", mraps)],
    };
    Some((inquiry, count))
}

/// Keeps what is the same of another bucket; the rest cannot be told, for one request is asked about at both.
fn join(facts: &mut Facts, others: &Facts) {
    let differs = |name: &str| {
        Fact::Unknown(format!(
            "`resource.{name}` is not the same for each of the MRAP's buckets, which are compared"
        ))
    };
    for (name, fact) in facts.iter_mut() {
        if others.get(name) != Some(&*fact) {
            *fact = differs(name);
        }
    }
    for name in others.keys() {
        if !facts.contains_key(name) {
            facts.insert(name, differs(name));
        }
    }
}
