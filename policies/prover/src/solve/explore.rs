//! Walks a joint automaton: which rows occur, and a short text for each.

use super::Class;
use super::alphabet::{Letter, OTHER};
use super::interner::Lists;
use super::machine::Machine;
use super::nfa::{Position, Tok};

/// A way from one state to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) from: u32,
    pub(super) to: u32,
    label: (u32, u32),
}

impl Edge {
    /// The letters on the way.
    pub(super) fn label<'e>(&self, explored: &'e Explored) -> &'e [Letter] {
        explored.labels.get(self.label.0 as usize..self.label.1 as usize).unwrap_or(&[])
    }
}

/// The part of a joint automaton that some text reaches, and the rows found there.
#[derive(Default)]
pub(super) struct Explored {
    states: Lists,
    /// For each state the edge over which it was found; of the first one, a loop.
    came: Vec<Edge>,
    labels: Vec<Letter>,
    rows: Lists,
    /// (row, state) of the states that end a text of some language.
    ends: Vec<(u32, u32)>,
    /// The first state of each row.
    first: Vec<u32>,
    /// All edges, if they were asked for.
    edges: Vec<Edge>,
}

/// Where an exploration stopped because there were more states than allowed.
pub(super) struct TooMany;

impl Explored {
    /// Explores at most `cap` states; `edges` asks for all edges and not only for those that found a state.
    pub(super) fn new(machine: &Machine<'_>, cap: usize, edges: bool) -> Result<Self, TooMany> {
        let mut new = Self::default();
        let mut row = Vec::new();
        if machine.alive(machine.nfa.start()) {
            new.arrive(machine, machine.nfa.start(), Edge { from: 0, to: 0, label: (0, 0) }, &mut row);
        }
        let mut walk = Walk::new(machine);
        let mut state = 0;
        while (state as usize) < new.states.len() {
            new.leave(machine, state, edges, &mut walk, &mut row);
            if new.states.len() > cap {
                return Err(TooMany);
            }
            state += 1;
        }
        Ok(new)
    }

    /// Follows every letter that makes a difference in `state`.
    fn leave(&mut self, machine: &Machine<'_>, state: u32, edges: bool, walk: &mut Walk, row: &mut Vec<u32>) {
        let fixed = walk.start(machine, self.states.get(state), state);
        if edges && walk.letters.is_empty() {
            walk.letters.push(OTHER);
        }
        let letters = walk.take_letters();
        for &letter in &letters {
            walk.step(machine, letter);
            let label = self.labels.len();
            self.labels.push(letter);
            // Over literals alone, what follows but one letter is what follows `OTHER`: skip to where it matters.
            while fixed && let Some(only) = walk.only_letter(machine) {
                machine.nfa.step(&walk.to, only, &mut walk.spare);
                std::mem::swap(&mut walk.to, &mut walk.spare);
                self.labels.push(only);
            }
            let edge = Edge { from: state, to: 0, label: (label as u32, self.labels.len() as u32) };
            if machine.alive(&walk.to) {
                let (to, new) = self.arrive(machine, &walk.to, edge, row);
                if edges {
                    self.edges.push(Edge { to, ..edge });
                }
                if new || edges {
                    continue;
                }
            }
            self.labels.truncate(label);
        }
        walk.letters = letters;
    }

    /// The number of a state, and whether it is new; then its row is noted.
    fn arrive(
        &mut self,
        machine: &Machine<'_>,
        state: &[Position],
        over: Edge,
        row: &mut Vec<u32>,
    ) -> (u32, bool) {
        let (to, new) = self.states.intern(state);
        if new {
            let edge = Edge { to, ..over };
            self.came.push(edge);
            if machine.row(state, row) {
                let (row, new) = self.rows.intern(row);
                self.ends.push((row, to));
                if new {
                    self.first.push(to);
                }
            }
        }
        (to, new)
    }

    /// How many states there are.
    pub(super) fn states(&self) -> usize {
        self.states.len()
    }

    /// The edges, those that led nowhere new only if asked for.
    pub(super) fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// (row, state) of the states that end a text of some language.
    pub(super) fn ends(&self) -> &[(u32, u32)] {
        &self.ends
    }

    /// The rows, in the order found.
    pub(super) fn rows(&self) -> &Lists {
        &self.rows
    }

    /// A short text that has the row.
    pub(super) fn text(&self, machine: &Machine<'_>, row: u32) -> String {
        let mut letters = Vec::new();
        let mut state = self.first.get(row as usize).copied().unwrap_or(0);
        while state != 0
            && let Some(edge) = self.came.get(state as usize)
        {
            letters.extend(edge.label(self).iter().rev());
            state = edge.from;
        }
        letters.iter().rev().map(|&letter| machine.nfa.alphabet.shown(letter)).collect()
    }
}

/// The buffers of a walk.
#[derive(Default)]
pub(super) struct Walk {
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
    pub(super) fn new(machine: &Machine<'_>) -> Self {
        Self { seen: vec![u32::MAX; machine.nfa.alphabet.len()], ..Self::default() }
    }

    /// Goes to a state and lists the letters that make a difference there; true if only literals are open.
    pub(super) fn start(&mut self, machine: &Machine<'_>, positions: &[Position], state: u32) -> bool {
        self.from.clear();
        self.from.extend_from_slice(positions);
        self.read_letters(machine, state)
    }

    /// The letters listed by [`Walk::start`].
    pub(super) fn take_letters(&mut self) -> Vec<Letter> {
        std::mem::take(&mut self.letters)
    }

    /// Follows one letter from the state.
    pub(super) fn step(&mut self, machine: &Machine<'_>, letter: Letter) -> &[Position] {
        machine.nfa.step(&self.from, letter, &mut self.to);
        &self.to
    }

    fn read_letters(&mut self, machine: &Machine<'_>, state: u32) -> bool {
        self.letters.clear();
        let (mut fixed, mut open) = (true, false);
        let mut within = 0u8;
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
                    within |= 1 << class as u8;
                }
                Tok::One | Tok::Many | Tok::Tail => {
                    open = true;
                    fixed = false;
                }
                Tok::End => open = true,
                Tok::Always => self.always += 1,
            }
        }
        self.from = from;
        // Letters that only classes look at are alike: one digit and one other name character stand for the rest.
        if within != 0 {
            let names = machine.nfa.alphabet.within(Class::Name);
            let fresh = |walk: &Self, digit: bool| {
                let of = |letter: &&Letter| machine.nfa.alphabet.shown(**letter).is_ascii_digit() == digit;
                let unseen = |letter: &&Letter| walk.seen.get(usize::from(**letter)) != Some(&state);
                names.iter().filter(of).find(unseen).copied()
            };
            for letter in [fresh(self, false), fresh(self, true)].into_iter().flatten() {
                self.note(letter, state);
            }
        }
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
        let machine = Machine::new(&patterns, &[&[]], std::iter::empty(), &symbols, false).ok()?;
        let explored = Explored::new(&machine, cap, false).ok()?;
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
