//! Walks a joint automaton: which rows occur, and a short text for each.

use super::alphabet::{Letter, OTHER};
use super::interner::Lists;
use super::machine::Machine;
use super::nfa::{Position, Tok};

/// The part of a joint automaton that some text reaches, and the rows found there.
pub(super) struct Explored {
    states: Lists,
    /// The state before each state, and where its label ends in `labels`.
    came: Vec<(u32, u32)>,
    labels: Vec<Letter>,
    rows: Lists,
    /// For each row its states, in the order found: (row, state) of states that count.
    ends: Vec<(u32, u32)>,
    /// The first state of each row.
    first: Vec<u32>,
}

/// Where an exploration stopped because there were more states than allowed.
pub(super) struct TooMany;

impl Explored {
    /// Explores at most `cap` states.
    pub(super) fn new(machine: &Machine<'_>, cap: usize) -> Result<Self, TooMany> {
        let mut new = Self {
            states: Lists::default(),
            came: Vec::new(),
            labels: Vec::new(),
            rows: Lists::default(),
            ends: Vec::new(),
            first: Vec::new(),
        };
        let mut row = Vec::new();
        if machine.alive(machine.nfa.start()) {
            new.arrive(machine, machine.nfa.start(), 0, &mut row);
        }
        let mut walk = Walk { seen: vec![u32::MAX; machine.nfa.alphabet.len()], ..Walk::default() };
        let mut state = 0;
        while (state as usize) < new.states.len() {
            new.leave(machine, state, &mut walk, &mut row);
            if new.states.len() > cap {
                return Err(TooMany);
            }
            state += 1;
        }
        Ok(new)
    }

    /// Follows every letter that makes a difference in `state`.
    fn leave(&mut self, machine: &Machine<'_>, state: u32, walk: &mut Walk, row: &mut Vec<u32>) {
        walk.from.clear();
        walk.from.extend_from_slice(self.states.get(state));
        let fixed = walk.read_letters(machine, state);
        let letters = std::mem::take(&mut walk.letters);
        for &letter in &letters {
            machine.nfa.step(&walk.from, letter, &mut walk.to);
            let label = self.labels.len();
            self.labels.push(letter);
            // Over literals alone, what follows but one letter is what follows `OTHER`: skip to where it matters.
            while fixed && let Some(only) = walk.only_letter(machine) {
                machine.nfa.step(&walk.to, only, &mut walk.spare);
                std::mem::swap(&mut walk.to, &mut walk.spare);
                self.labels.push(only);
            }
            if machine.alive(&walk.to) {
                let to = self.arrive(machine, &walk.to, state, row);
                if to as usize + 1 == self.came.len()
                    && self.came.last().is_some_and(|came| came.1 == u32::MAX)
                {
                    self.close_label();
                    continue;
                }
            }
            self.labels.truncate(label);
        }
        walk.letters = letters;
    }

    fn close_label(&mut self) {
        let end = self.labels.len() as u32;
        if let Some(last) = self.came.last_mut() {
            last.1 = end;
        }
    }

    /// The number of a state; a new one gets its row, and its label later.
    fn arrive(&mut self, machine: &Machine<'_>, state: &[Position], from: u32, row: &mut Vec<u32>) -> u32 {
        let (number, new) = self.states.intern(state);
        if new {
            self.came.push((from, if number == 0 { 0 } else { u32::MAX }));
            if machine.row(state, row) {
                let (row, new) = self.rows.intern(row);
                self.ends.push((row, number));
                if new {
                    self.first.push(number);
                }
            }
        }
        number
    }

    /// The rows, in the order found.
    pub(super) fn rows(&self) -> &Lists {
        &self.rows
    }

    /// A short text that has the row.
    pub(super) fn text(&self, machine: &Machine<'_>, row: u32) -> String {
        let mut letters = Vec::new();
        let mut state = self.first.get(row as usize).copied().unwrap_or(0);
        while let Some((from, label)) = self.label(state) {
            letters.extend(label.iter().rev());
            state = from;
        }
        letters.iter().rev().map(|&letter| machine.nfa.alphabet.shown(letter)).collect()
    }

    /// The state before, and the letters from there; nothing for the first state.
    fn label(&self, state: u32) -> Option<(u32, &[Letter])> {
        let before = (state as usize).checked_sub(1)?;
        let &(from, end) = self.came.get(state as usize)?;
        let &(_, start) = self.came.get(before)?;
        Some((from, self.labels.get(start as usize..end as usize).unwrap_or(&[])))
    }
}

/// Buffers of one walk.
#[derive(Default)]
struct Walk {
    from: Vec<Position>,
    to: Vec<Position>,
    spare: Vec<Position>,
    letters: Vec<Letter>,
    /// How many globs have matched for good before the step.
    always: usize,
    /// For each letter the state that last listed it.
    seen: Vec<u32>,
}

impl Walk {
    /// Lists the letters that make a difference; true if only literals are open.
    fn read_letters(&mut self, machine: &Machine<'_>, state: u32) -> bool {
        self.letters.clear();
        let (mut fixed, mut open) = (true, false);
        self.always = 0;
        let from = std::mem::take(&mut self.from);
        for &at in &from {
            match machine.nfa.tok(at) {
                Tok::Lit(one, two) => {
                    open = true;
                    self.note(one, state);
                    self.note(two, state);
                    fixed &= machine.nfa.alphabet.symbol(one).is_none();
                }
                Tok::OneInField | Tok::ManyInField => {
                    open = true;
                    fixed = false;
                    self.note(machine.nfa.alphabet.colon, state);
                }
                Tok::Within(class) | Tok::ManyWithin(class) => {
                    open = true;
                    fixed = false;
                    for &letter in machine.nfa.alphabet.within(class) {
                        self.note(letter, state);
                    }
                }
                Tok::One | Tok::Many => {
                    open = true;
                    fixed = false;
                }
                Tok::End => open = true,
                Tok::Always => self.always += 1,
            }
        }
        self.from = from;
        // Where nothing is open, every text stays.
        if open {
            self.letters.push(OTHER);
        }
        fixed
    }

    fn note(&mut self, letter: Letter, state: u32) {
        if let Some(seen) = self.seen.get_mut(usize::from(letter))
            && *seen != state
        {
            *seen = state;
            self.letters.push(letter);
        }
    }

    /// The one letter that `to` can go on with, if it consists of literals that expect it and has no news.
    fn only_letter(&self, machine: &Machine<'_>) -> Option<Letter> {
        let (mut only, mut always) = (None, 0);
        for &at in &self.to {
            match machine.nfa.tok(at) {
                Tok::Lit(one, two) if one == two && only.is_none_or(|only| only == one) => only = Some(one),
                Tok::Always => always += 1,
                _ => return None,
            }
        }
        only.filter(|_| always == self.always).filter(|&only| machine.nfa.alphabet.symbol(only).is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solve::machine::test;
    use crate::solve::{Glob, Pattern, Symbols};

    fn texts(patterns: &[&str], cap: usize) -> Option<Vec<(String, String)>> {
        let patterns: Vec<Pattern> = patterns.iter().map(|text| Glob::wildcards(text).into()).collect();
        let symbols = Symbols::new();
        let machine = Machine::new(&patterns, &[&[]], std::iter::empty(), &symbols).ok()?;
        let explored = Explored::new(&machine, cap).ok()?;
        let row = |number| {
            let row = explored.rows().get(number);
            (0..patterns.len())
                .map(|n| if test(row, machine.bits(n).unwrap().lo) { '1' } else { '0' })
                .collect()
        };
        let rows = explored.rows().len() as u32;
        Some((0..rows).map(|n| (row(n), explored.text(&machine, n))).collect())
    }

    fn show(found: Option<Vec<(String, String)>>) -> String {
        let found = found.unwrap();
        found.iter().map(|(row, text)| format!("{row} {text:?}")).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn literals_split_into_one_row_each() {
        assert_eq!(
            show(texts(&["bucket", "bucket/*", "other"], 100)),
            r#"000 "", 100 "bucket", 001 "other", 010 "bucket/""#
        );
    }

    #[test]
    fn literals_are_walked_in_one_step() {
        let long = "a".repeat(500);
        assert!(texts(&[&long, &format!("{long}*")], 6).is_some());
    }

    #[test]
    fn what_matched_on_the_way_is_not_skipped() {
        assert_eq!(show(texts(&["a*", "abcd", "abc*"], 100)), r#"000 "", 100 "a", 101 "abc", 111 "abcd""#);
    }

    #[test]
    fn overlaps_make_rows_of_their_own() {
        assert_eq!(show(texts(&["a*", "*b"], 100)), r#"00 "", 10 "a", 01 "b", 11 "ab""#);
    }

    #[test]
    fn too_many_states_are_an_error() {
        let infix: Vec<String> = ('a'..='p').map(|c| format!("*{c}*")).collect();
        let infix: Vec<&str> = infix.iter().map(String::as_str).collect();
        assert!(texts(&infix, 5_000).is_none());
    }
}
