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
#[derive(Debug, Default)]
pub(super) struct Explored {
    states: Lists,
    /// For each state the last edge of a short way to it, and how long that is; of the first one, a loop.
    came: Vec<(Edge, u32)>,
    labels: Vec<Letter>,
    rows: Lists,
    /// (row, state) of the states that end a text of some language.
    ends: Vec<(u32, u32)>,
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
        let mut walk = Walk::new(machine, edges);
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
        walk.start(machine, self.states.get(state), state);
        if edges && walk.letters.is_empty() {
            walk.letters.push(OTHER);
        }
        walk.step(machine, OTHER);
        std::mem::swap(&mut walk.to, &mut walk.others);
        let letters = walk.take_letters();
        for &letter in &letters {
            walk.step(machine, letter);
            let label = self.labels.len();
            self.labels.push(letter);
            if letter != OTHER {
                walk.base.clone_from(&walk.others);
                while let Some(only) = walk.only_letter(machine) {
                    walk.skip(machine, only);
                    self.labels.push(only);
                }
            }
            let edge = Edge { from: state, to: 0, label: (label as u32, self.labels.len() as u32) };
            if machine.alive(&walk.to) {
                let (to, better) = self.arrive(machine, &walk.to, edge, row);
                if edges {
                    self.edges.push(Edge { to, ..edge });
                }
                if better || edges {
                    continue;
                }
            }
            self.labels.truncate(label);
        }
        walk.letters = letters;
    }

    /// The number of a state, and whether this is the shortest way to it so far; a new one gets its row.
    fn arrive(
        &mut self,
        machine: &Machine<'_>,
        state: &[Position],
        over: Edge,
        row: &mut Vec<u32>,
    ) -> (u32, bool) {
        let (to, new) = self.states.intern(state);
        let edge = Edge { to, ..over };
        let before = self.came.get(over.from as usize).map_or(0, |&(_, length)| length);
        let length = before + (edge.label.1 - edge.label.0);
        if new {
            self.came.push((edge, length));
            if machine.row(state, row) {
                let (row, _) = self.rows.intern(row);
                self.ends.push((row, to));
            }
        } else if let Some(came) = self.came.get_mut(to as usize).filter(|came| length < came.1) {
            *came = (edge, length);
            return (to, true);
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
        let length = |&state: &u32| self.came.get(state as usize).map_or(0, |&(_, length)| length);
        let mut state =
            self.ends.iter().filter(|end| end.0 == row).map(|end| end.1).min_by_key(length).unwrap_or(0);
        while state != 0
            && let Some((edge, _)) = self.came.get(state as usize)
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
    /// What `to` has in common with a state that is reached anyway.
    base: Vec<Position>,
    /// What follows a letter that no pattern mentions.
    others: Vec<Position>,
    spare: Vec<Position>,
    letters: Vec<Letter>,
    /// For each letter the state that last listed it.
    seen: Vec<u32>,
    /// Whether letters that lead to the same state are all followed, because texts are counted.
    every: bool,
}

impl Walk {
    pub(super) fn new(machine: &Machine<'_>, every: bool) -> Self {
        Self { seen: vec![u32::MAX; machine.nfa.alphabet.len()], every, ..Self::default() }
    }

    /// Goes to a state and lists the letters that make a difference there.
    pub(super) fn start(&mut self, machine: &Machine<'_>, positions: &[Position], state: u32) {
        self.from.clear();
        self.from.extend_from_slice(positions);
        self.letters.clear();
        let (mut open, mut classes) = (false, false);
        for &at in positions {
            let tok = machine.nfa.tok(at);
            open |= tok != Tok::Always;
            match tok {
                Tok::Lit(one, two) => {
                    self.note(one, state);
                    self.note(two, state);
                }
                Tok::OneInField | Tok::ManyInField => self.note(machine.nfa.alphabet.colon, state),
                Tok::OneInSegment | Tok::ManyInSegment => {
                    self.note(machine.nfa.alphabet.colon, state);
                    self.note(machine.nfa.alphabet.slash, state);
                }
                Tok::Within(_) | Tok::ManyWithin(_) => classes = true,
                Tok::One | Tok::Many | Tok::Tail | Tok::End | Tok::Always => {}
            }
        }
        if classes {
            self.note_classes(machine, state);
        }
        // Where nothing is open, every text stays.
        if open {
            self.letters.push(OTHER);
        }
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

    /// Letters that only classes look at are alike: one of each class that no smaller class has stands for the rest.
    fn note_classes(&mut self, machine: &Machine<'_>, state: u32) {
        let alphabet = &machine.nfa.alphabet;
        // The plainest first, as the first of several ways is the one that is shown.
        for class in [Class::Name, Class::Entity, Class::Digit, Class::Path] {
            let own = |letter: &&Letter| Class::of(alphabet.shown(**letter)) == Some(class);
            for &letter in alphabet.within(class).iter().filter(own) {
                let new = self.seen.get(usize::from(letter)) != Some(&state);
                self.note(letter, state);
                if new && !self.every {
                    break;
                }
            }
        }
    }

    fn note(&mut self, letter: Letter, state: u32) {
        if let Some(seen) = self.seen.get_mut(usize::from(letter))
            && *seen != state
        {
            *seen = state;
            self.letters.push(letter);
        }
    }

    /// The one letter to go on with, if `to` is `base` and literals that expect this letter.
    ///
    /// Such a state need not be kept: it has the row of `base`, and after any other letter it is where `base` is.
    /// A symbol could stand for the literals, so none may be open.
    fn only_letter(&self, machine: &Machine<'_>) -> Option<Letter> {
        let mut only = None;
        let mut base = self.base.iter().peekable();
        for at in &self.to {
            let tok = machine.nfa.tok(*at);
            if machine.nfa.alphabet.has_symbols
                && matches!(tok, Tok::Lit(one, _) if machine.nfa.alphabet.symbol(one).is_some())
            {
                return None;
            }
            if base.next_if_eq(&at).is_some() {
                continue;
            }
            match tok {
                Tok::Lit(one, two) if one == two && only.is_none_or(|only| only == one) => only = Some(one),
                _ => return None,
            }
        }
        if base.next().is_none() { only } else { None }
    }

    /// Moves `to` and `base` on by a letter.
    fn skip(&mut self, machine: &Machine<'_>, letter: Letter) {
        machine.nfa.step(&self.to, letter, &mut self.spare);
        std::mem::swap(&mut self.to, &mut self.spare);
        machine.nfa.step(&self.base, letter, &mut self.spare);
        std::mem::swap(&mut self.base, &mut self.spare);
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
