//! Automata that were walked before.
//!
//! Most questions about a bucket ask the same patterns of a caller, whatever else they ask.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::explore::{Explored, TooMany};
use super::machine::{Language, Machine};
use super::symbol::Symbols;
use super::{Glob, Pattern};

/// What automata over the same symbols have been walked, by what they are made of.
#[derive(Debug, Default)]
pub(crate) struct Walks {
    known: Mutex<HashMap<u32, Vec<Walked>>>,
    states: AtomicUsize,
}

#[derive(Debug)]
struct Walked {
    patterns: Vec<Pattern>,
    language: Vec<Vec<Glob>>,
    symbols: Vec<char>,
    explored: Arc<Explored>,
}

/// How many states are kept, so that memory stays small where no two automata are alike.
const MOST: usize = 20_000;

/// What the automaton of one text is made of.
pub(super) struct Parts<'p> {
    pub(super) patterns: &'p [Pattern],
    pub(super) language: &'p Language,
    /// The symbols of the texts that it will run, in order.
    pub(super) symbols: Vec<char>,
}

impl<'p> Parts<'p> {
    pub(super) fn new<'t>(
        patterns: &'p [Pattern],
        language: &'p Language,
        texts: impl Iterator<Item = &'t str>,
        symbols: &Symbols,
    ) -> Self {
        let texts = texts.filter(|text| !text.is_ascii()).flat_map(str::chars);
        let mut symbols: Vec<char> = texts.filter(|c| symbols.is_symbol(*c)).collect();
        symbols.sort_unstable();
        symbols.dedup();
        Self { patterns, language, symbols }
    }

    fn is(&self, walked: &Walked) -> bool {
        self.symbols == walked.symbols && self.patterns == walked.patterns && self.language == walked.language
    }
}

impl Walks {
    /// As [`Explored::new`] without all edges, from memory where the same automaton was walked before.
    pub(super) fn explore(
        &self,
        machine: &Machine<'_>,
        parts: &Parts<'_>,
        cap: usize,
    ) -> Result<Arc<Explored>, TooMany> {
        let hash = parts
            .patterns
            .iter()
            .fold(parts.language.len() as u32, |hash, it| hash.wrapping_mul(31).wrapping_add(it.digest()));
        // A thread that panicked left whole entries behind.
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known().get(&hash).and_then(|all| {
            all.iter().find(|walked| parts.is(walked)).map(|walked| Arc::clone(&walked.explored))
        });
        if let Some(explored) = found {
            return if explored.states() > cap { Err(TooMany) } else { Ok(explored) };
        }
        let explored = Arc::new(Explored::new(machine, cap, false)?);
        let states = explored.states();
        if self.states.fetch_add(states, Ordering::Relaxed) < MOST {
            known().entry(hash).or_default().push(Walked {
                patterns: parts.patterns.to_vec(),
                language: parts.language.to_vec(),
                symbols: parts.symbols.clone(),
                explored: Arc::clone(&explored),
            });
        }
        Ok(explored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_automaton_is_walked_once_and_no_other_is_taken_for_it() {
        let (walks, symbols) = (Walks::default(), Symbols::new());
        let language = |text: &str| vec![vec![Glob::wildcards(text)]];
        let walk = |patterns: &[&str], all: &str, cap: usize| {
            let patterns: Vec<Pattern> = patterns.iter().map(|it| Glob::wildcards(it).into()).collect();
            let language = language(all);
            let machine = Machine::new(&patterns, &[&language], std::iter::empty(), &symbols, false).unwrap();
            walks.explore(&machine, &Parts::new(&patterns, &language, std::iter::empty(), &symbols), cap)
        };
        let first = walk(&["a*", "b"], "*", 100).ok().unwrap();
        assert!(Arc::ptr_eq(&first, &walk(&["a*", "b"], "*", 100).ok().unwrap()));
        for (patterns, all) in [(["b", "a*"], "*"), (["a*", "c"], "*"), (["a*", "b"], "a?*")] {
            assert!(!Arc::ptr_eq(&first, &walk(&patterns, all, 100).ok().unwrap()), "{patterns:?} {all}");
        }
        assert!(walk(&["a*", "b"], "*", 1).is_err(), "a walk that was longer than allowed");
    }
}
