//! Texts that satisfy some questions, for variables whose joint automaton is too large to walk.
//!
//! The SAT solver proposes which questions are answered yes; here a text is searched for just these, the most promising
//! way first. If there is none, a small part of them that already contradicts itself becomes a clause.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::alphabet::Letter;
use super::explore::Walk;
use super::interner::Lists;
use super::machine::{Language, Machine, test};
use super::nfa::{Position, Tok};
use super::plan::{About, Question};
use super::{Bound, Pattern, Symbols};

/// How many states may still be looked at.
pub(super) struct Budget(pub(super) usize);

/// Why a search ended without an answer.
pub(super) struct OutOfBudget;

/// A text variable with all that can be asked of it.
pub(super) struct Lazy<'p> {
    pub(super) patterns: &'p [Pattern],
    pub(super) language: &'p Language,
    pub(super) symbols: &'p Symbols,
}

impl Lazy<'_> {
    /// A text of the language for which the answer to all questions is yes.
    ///
    /// # Errors
    /// The budget is used up.
    pub(super) fn find(
        &self,
        questions: &[Question],
        budget: &mut Budget,
    ) -> Result<Option<String>, OutOfBudget> {
        let mut patterns: Vec<Pattern> = Vec::with_capacity(questions.len());
        let mut wanted = Vec::with_capacity(questions.len());
        for question in questions {
            match question.about {
                About::Matches(number) => {
                    let Some(pattern) = self.patterns.get(number as usize) else { continue };
                    wanted.push((patterns.len(), question.bound, !question.denied));
                    patterns.push(pattern.clone());
                }
                // A text is there, and nothing else can be asked of it.
                _ if question.denied => return Ok(None),
                _ => {}
            }
        }
        let machine = Machine::new(&patterns, &[self.language], std::iter::empty(), self.symbols, false)
            .map_err(|_| OutOfBudget)?;
        let goals: Vec<(u32, bool)> = wanted
            .iter()
            .filter_map(|&(pattern, bound, yes)| {
                let bits = machine.bits(pattern)?;
                Some((if bound == Bound::Lo { bits.lo } else { bits.hi }, yes))
            })
            .collect();
        Quest::new(&machine, &goals).run(budget)
    }

    /// A part of `questions`, which have no text together, that has none and of which none can be left out.
    ///
    /// Not minimal where the budget does not allow it.
    pub(super) fn shrink(&self, questions: &[Question], budget: &mut Budget) -> Vec<Question> {
        let mut kept = questions.to_vec();
        for question in questions {
            let fewer: Vec<Question> = kept.iter().filter(|&other| other != question).copied().collect();
            // One try must not use up what all share.
            let mut share = Budget(budget.0 / 8);
            let before = share.0;
            if matches!(self.find(&fewer, &mut share), Ok(None)) {
                kept = fewer;
            }
            budget.0 -= before - share.0;
        }
        kept
    }
}

/// A search for a text with these bits in its row.
struct Quest<'m> {
    machine: &'m Machine<'m>,
    goals: &'m [(u32, bool)],
    /// For each glob the goals that it takes part in.
    goals_of: Vec<Vec<u32>>,
    /// For each position the letters that its glob still needs, at least.
    left: Vec<u32>,
    /// For each goal the letters that it still needs in the state looked at.
    missing: Vec<u32>,
}

impl<'m> Quest<'m> {
    fn new(machine: &'m Machine<'m>, goals: &'m [(u32, bool)]) -> Self {
        let globs = 0..machine.nfa.globs() as u32;
        let takes_part = |glob: u32| {
            let goals = (0u32..).zip(goals).filter(|(_, goal)| machine.sets(glob, goal.0));
            goals.map(|(number, _)| number).collect()
        };
        Self {
            machine,
            goals,
            goals_of: globs.map(takes_part).collect(),
            left: machine.nfa.letters_left(),
            missing: Vec::new(),
        }
    }

    fn run(&mut self, budget: &mut Budget) -> Result<Option<String>, OutOfBudget> {
        let machine = self.machine;
        let mut states = Lists::default();
        let mut came: Vec<(u32, Letter)> = Vec::new();
        let mut queue = BinaryHeap::new();
        let mut row = Vec::new();
        let mut walk = Walk::new(machine, false);
        if let Some(distance) = self.distance(machine.nfa.start()) {
            states.intern(machine.nfa.start());
            came.push((0, 0));
            queue.push(Reverse((distance, 0u32, 0u32)));
        }
        while let Some(Reverse((_, length, state))) = queue.pop() {
            budget.0 = budget.0.checked_sub(1).ok_or(OutOfBudget)?;
            if machine.row(states.get(state), &mut row)
                && self.goals.iter().all(|&(bit, yes)| test(&row, bit) == yes)
            {
                return Ok(Some(self.text(state, &came)));
            }
            walk.start(machine, states.get(state), state);
            for letter in walk.take_letters() {
                let next = walk.step(machine, letter);
                if let Some(distance) = self.distance(next)
                    && let (to, true) = states.intern(next)
                {
                    came.push((state, letter));
                    queue.push(Reverse((distance, length + 1, to)));
                }
            }
        }
        Ok(None)
    }

    /// How many letters are missing until every goal is met, roughly; nothing if some goal cannot be met any more.
    fn distance(&mut self, state: &[Position]) -> Option<u32> {
        if !self.machine.alive(state) {
            return None;
        }
        self.missing.clear();
        self.missing.resize(self.goals.len(), u32::MAX);
        for &at in state {
            let left = self.left.get(at as usize).copied().unwrap_or(0);
            let always = self.machine.nfa.tok(at) == Tok::Always;
            for &goal in self.goals_of.get(self.machine.nfa.glob(at) as usize).into_iter().flatten() {
                if always && self.goals.get(goal as usize).is_some_and(|&(_, yes)| !yes) {
                    return None;
                }
                if let Some(missing) = self.missing.get_mut(goal as usize) {
                    *missing = left.min(*missing);
                }
            }
        }
        self.goals.iter().zip(&self.missing).filter(|(goal, _)| goal.1).try_fold(
            0u32,
            |total, (_, &missing)| {
                if missing == u32::MAX { None } else { total.checked_add(missing) }
            },
        )
    }

    fn text(&self, state: u32, came: &[(u32, Letter)]) -> String {
        let mut letters = Vec::new();
        let mut state = state;
        while state != 0
            && let Some(&(from, letter)) = came.get(state as usize)
        {
            letters.push(letter);
            state = from;
        }
        letters.iter().rev().map(|&letter| self.machine.nfa.alphabet.shown(letter)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solve::Glob;

    fn find(patterns: &[(String, bool)], budget: usize) -> Result<Option<String>, &'static str> {
        let globs: Vec<Pattern> = patterns.iter().map(|(glob, _)| Glob::wildcards(glob).into()).collect();
        let symbols = Symbols::new();
        let lazy = Lazy { patterns: &globs, language: &[], symbols: &symbols };
        let questions: Vec<Question> = patterns
            .iter()
            .zip(0..)
            .map(|((_, yes), n)| Question { about: About::Matches(n), bound: Bound::Hi, denied: !yes })
            .collect();
        lazy.find(&questions, &mut Budget(budget)).map_err(|_| "out of budget")
    }

    #[test]
    fn many_overlapping_patterns_are_met_in_few_steps() {
        let all: Vec<_> = ('a'..='z').chain('A'..='Z').map(|c| (format!("*{c}-{c}*"), true)).collect();
        let found = find(&all, 1_000).unwrap().unwrap();
        assert!(all.iter().all(|(glob, _)| found.contains(&glob.replace('*', ""))), "{found}");
    }

    #[test]
    fn contradictions_are_found() {
        let mut all: Vec<_> = ('a'..='z').map(|c| (format!("*{c}*"), true)).collect();
        all.push(("*".to_owned(), false));
        assert_eq!(find(&all, 10), Ok(None));
        assert_eq!(find(&[("a*".to_owned(), true), ("b*".to_owned(), true)], 10), Ok(None));
        assert_eq!(find(&[("a*".to_owned(), true), ("?".to_owned(), false)], 10), Ok(Some("ax".to_owned())));
    }

    #[test]
    fn a_search_ends() {
        let mut all: Vec<_> = ('a'..='z').map(|c| (format!("*{c}*"), true)).collect();
        all.push(("?????*".to_owned(), false));
        assert_eq!(find(&all, 5_000), Err("out of budget"));
    }
}
