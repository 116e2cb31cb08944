//! Matching of text that may hold symbols, on every value that the symbols can have.
//!
//! A run follows the set of pattern positions that a text can have led to. A symbol in the text makes the run follow one
//! such set for each thing that the symbol's value can do to the pattern: what all of them accept matches for sure, what
//! one accepts may match. A symbol in the pattern counts as itself for sure, and as any text of its shape perhaps.

use crate::Truth;
use narrows_model::{Shape, Symbol, Symbols, is_symbol};
use std::collections::BTreeSet;

/// One element of a pattern that a run follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glyph {
    /// A character, or a symbol.
    Char(char),
    /// Any one character; a colon only where the flag says so.
    One { colon: bool },
    /// Any text; with colons only where the flag says so.
    Many { colon: bool },
    /// A text that is not known: matches nothing for sure, and anything perhaps.
    Anything,
}

/// The bounds of a pattern: what matches for sure, and what may match (any of them).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bounds {
    pub lo: Option<Vec<Glyph>>,
    pub hi: Vec<Vec<Glyph>>,
}

/// How characters compare.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Matters,
    /// ASCII letters compare without regard to case; others may.
    Folded,
}

/// What symbols stand for.
pub(super) trait Shapes {
    /// The language that a symbol's value is from.
    fn shape_of(&self, symbol: Symbol) -> Shape;
    /// Whether two symbols never have the same value.
    fn differ(&self, one: Symbol, other: Symbol) -> bool;
}

impl Shapes for Symbols {
    fn shape_of(&self, symbol: Symbol) -> Shape {
        self.shape(symbol).unwrap_or(Shape::Any)
    }

    /// Two symbols differ only if distinct resources of the input own them.
    fn differ(&self, one: Symbol, other: Symbol) -> bool {
        match (self.owner(one), self.owner(other)) {
            (Some(one), Some(other)) => one.resource != other.resource,
            _ => false,
        }
    }
}

/// Whether a text matches.
pub(super) fn matches(bounds: &Bounds, text: &str, case: Case, symbols: &impl Shapes) -> Truth {
    let run = |glyphs: &[Glyph], lenient| {
        let (glyphs, text) = without_common_start(glyphs, text);
        if let Some(ends) = at_once(glyphs, text, case) {
            return Some(BTreeSet::from([ends]));
        }
        Run { glyphs, symbols, case, lenient }.ends(text)
    };
    let hi = bounds.hi.iter().any(|glyphs| run(glyphs, true).is_none_or(|ends| ends.contains(&true)));
    if !hi {
        return Truth::No;
    }
    let lo =
        bounds.lo.as_ref().and_then(|glyphs| run(glyphs, false)).is_some_and(|ends| !ends.contains(&false));
    Truth::from_bounds(lo, true)
}

/// A pattern and a text without what both begin with: a symbol has one value in both, whatever it is.
fn without_common_start<'a>(glyphs: &'a [Glyph], text: &'a str) -> (&'a [Glyph], &'a str) {
    let mut rest = text.chars();
    let mut from = 0;
    while let Some(Glyph::Char(wanted)) = glyphs.get(from) {
        let mut next = rest.clone();
        if next.next() != Some(*wanted) {
            break;
        }
        (rest, from) = (next, from + 1);
    }
    (glyphs.get(from..).unwrap_or_default(), rest.as_str())
}

/// Whether the pattern accepts, where its next place tells.
fn at_once(glyphs: &[Glyph], text: &str, case: Case) -> Option<bool> {
    match (glyphs, text.chars().next()) {
        ([], None) | ([Glyph::Many { colon: true }], _) => Some(true),
        ([Glyph::Char(wanted), ..], Some(c)) => {
            let plain = !is_symbol(*wanted) && !is_symbol(c) && case == Case::Matters;
            (plain && *wanted != c).then_some(false)
        }
        _ => None,
    }
}

/// Whether two texts are equal.
pub(super) fn equal(one: &str, other: &str, symbols: &Symbols) -> Truth {
    let glyphs: Vec<Glyph> = one.chars().map(Glyph::Char).collect();
    matches(&Bounds { lo: Some(glyphs.clone()), hi: vec![glyphs] }, other, Case::Matters, symbols)
}

/// More sets of positions than this are not followed: the answer is open then.
const MOST_SETS: usize = 1_000;

/// A character outside what texts and patterns use.
const OTHER: char = '\u{1}';

/// Where a run stands in its pattern.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct At {
    glyph: usize,
    /// How many characters a symbol of the pattern has taken.
    taken: usize,
    end: End,
}

/// Whether a symbol of the pattern may end here. It may not take exactly the text of a symbol that it differs from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Free,
    /// It began where a symbol of the text that it differs from began.
    Began,
    /// That symbol has just ended.
    Barred,
}

type Set = BTreeSet<At>;

fn at(glyph: usize) -> At {
    At { glyph, taken: 0, end: End::Free }
}

struct Run<'a, S> {
    glyphs: &'a [Glyph],
    symbols: &'a S,
    case: Case,
    /// Whether what may match counts as matching.
    lenient: bool,
}

impl<S: Shapes> Run<'_, S> {
    /// Whether the pattern accepts, for each thing that the text's symbols can lead to; `None` if there are too many.
    fn ends(&self, text: &str) -> Option<BTreeSet<bool>> {
        let mut sets = BTreeSet::from([Set::from([at(0)])]);
        for c in text.chars() {
            sets = if is_symbol(c) {
                self.after_symbol(&sets, c)?
            } else {
                sets.iter().map(|set| self.after(set, c, None)).collect()
            };
        }
        Some(sets.iter().map(|set| self.spread(set).iter().any(|at| at.glyph == self.glyphs.len())).collect())
    }

    /// The set with all positions that are reached without a character.
    fn spread(&self, set: &Set) -> Set {
        let mut spread = set.clone();
        let mut open: Vec<At> = set.iter().copied().collect();
        while let Some(here) = open.pop() {
            let passes = match self.glyphs.get(here.glyph) {
                Some(Glyph::Many { .. }) => true,
                Some(Glyph::Anything) => self.lenient,
                Some(Glyph::Char(c)) if self.lenient && is_symbol(*c) => match self.symbols.shape_of(*c) {
                    Shape::Any => true,
                    Shape::Word { min, .. } => here.taken >= min && here.end != End::Barred,
                },
                _ => false,
            };
            let next = at(here.glyph + 1);
            if passes && spread.insert(next) {
                open.push(next);
            }
        }
        spread
    }

    /// The set after a character; `first_of` is the symbol of the text whose value the character begins.
    fn after(&self, set: &Set, c: char, first_of: Option<Symbol>) -> Set {
        let mut next = Set::new();
        for here in self.spread(set) {
            let Some(glyph) = self.glyphs.get(here.glyph) else { continue };
            match glyph {
                Glyph::Char(symbol) if is_symbol(*symbol) => {
                    next.extend(self.taken_by(*symbol, here, c, first_of))
                }
                Glyph::Char(wanted) => {
                    if self.same(*wanted, c) {
                        next.insert(at(here.glyph + 1));
                    }
                }
                Glyph::One { colon } => {
                    if *colon || c != ':' {
                        next.insert(at(here.glyph + 1));
                    }
                }
                Glyph::Many { colon } => {
                    if *colon || c != ':' {
                        next.insert(at(here.glyph));
                    }
                }
                Glyph::Anything => {
                    if self.lenient {
                        next.insert(at(here.glyph));
                    }
                }
            }
        }
        next
    }

    /// Where a symbol of the pattern stands after it took a character, if it can.
    fn taken_by(&self, symbol: Symbol, here: At, c: char, first_of: Option<Symbol>) -> Option<At> {
        if !self.lenient {
            return None;
        }
        match self.symbols.shape_of(symbol) {
            Shape::Any => Some(At { taken: 1, end: End::Free, ..here }),
            Shape::Word { first, rest, max, .. } => {
                let ranges = if here.taken == 0 { first } else { rest };
                let began =
                    here.taken == 0 && first_of.is_some_and(|other| self.symbols.differ(symbol, other));
                let end = match here.end {
                    End::Began => End::Began,
                    _ if began => End::Began,
                    _ => End::Free,
                };
                let fits = here.taken < max && ranges.iter().any(|(low, high)| (*low..=*high).contains(&c));
                fits.then_some(At { taken: here.taken + 1, end, ..here })
            }
        }
    }

    fn same(&self, wanted: char, c: char) -> bool {
        wanted == c
            || self.case == Case::Folded
                && (wanted.eq_ignore_ascii_case(&c)
                    || self.lenient && wanted.to_lowercase().eq(c.to_lowercase()))
    }

    /// The sets after a symbol of the text, one for each thing that its value can lead to.
    fn after_symbol(&self, sets: &BTreeSet<Set>, symbol: Symbol) -> Option<BTreeSet<Set>> {
        let mut found = BTreeSet::new();
        for set in sets {
            let itself: Vec<At> = self
                .spread(set)
                .iter()
                .filter(|at| at.taken == 0 && self.glyphs.get(at.glyph) == Some(&Glyph::Char(symbol)))
                .map(|here| at(here.glyph + 1))
                .collect();
            for led_to in self.values(set, symbol)? {
                let ended = led_to.into_iter().map(|at| match at.end {
                    End::Began => At { end: End::Barred, ..at },
                    _ => at,
                });
                found.insert(ended.chain(itself.iter().copied()).collect());
            }
            if found.len() > MOST_SETS {
                return None;
            }
        }
        Some(found)
    }

    /// The sets that the values of a symbol's shape lead to.
    fn values(&self, set: &Set, symbol: Symbol) -> Option<BTreeSet<Set>> {
        let step = |sets: &BTreeSet<Set>, letters: &[char], first: bool| -> BTreeSet<Set> {
            let one = |set| letters.iter().map(move |c| self.after(set, *c, first.then_some(symbol)));
            sets.iter().flat_map(one).collect()
        };
        let start = BTreeSet::from([set.clone()]);
        match self.symbols.shape_of(symbol) {
            Shape::Word { first, rest, min, max } => {
                let (first, rest) = (self.letters(first), self.letters(rest));
                let mut level = start;
                let mut found = BTreeSet::new();
                for length in 1..=max {
                    let next = step(&level, if length == 1 { &first } else { &rest }, length == 1);
                    let settled = next == level && length > 2;
                    level = next;
                    if length >= min {
                        found.extend(level.iter().cloned());
                        if settled {
                            break;
                        }
                    }
                    if level.len() > MOST_SETS || found.len() > MOST_SETS {
                        return None;
                    }
                }
                Some(found)
            }
            Shape::Any => {
                let letters = self.letters(&[('\u{0}', char::MAX)]);
                let mut found = start.clone();
                let mut level = start;
                let mut first = true;
                while !level.is_empty() {
                    level = step(&level, &letters, first).difference(&found).cloned().collect();
                    found.extend(level.iter().cloned());
                    first = false;
                    if found.len() > MOST_SETS {
                        return None;
                    }
                }
                Some(found)
            }
        }
    }

    /// Characters of the ranges that stand for all of them: those that the pattern tells apart, and one that it does not.
    fn letters(&self, ranges: &[(char, char)]) -> Vec<char> {
        let mut told_apart = BTreeSet::from([':']);
        for glyph in self.glyphs {
            let Glyph::Char(c) = glyph else { continue };
            if !is_symbol(*c) {
                told_apart.insert(*c);
                if self.case == Case::Folded {
                    told_apart.extend(c.to_lowercase().chain(c.to_uppercase()));
                }
            } else if let Shape::Word { first, rest, .. } = self.symbols.shape_of(*c) {
                told_apart.extend(first.iter().chain(rest).flat_map(|(low, high)| *low..=*high));
            }
        }
        let inside = |c: &char| ranges.iter().any(|(low, high)| (*low..=*high).contains(c));
        let mut letters: Vec<char> = told_apart.iter().copied().filter(inside).collect();
        let mut others = std::iter::once(OTHER).chain(ranges.iter().flat_map(|(low, high)| *low..=*high));
        letters.extend(others.find(|c| inside(c) && !is_symbol(*c) && !told_apart.contains(c)));
        letters
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Three symbols with tiny shapes: the first two differ, the third may be either.
    struct Tiny;

    const SYMBOLS: [char; 3] = ['\u{F0000}', '\u{F0001}', '\u{F0002}'];

    impl Shapes for Tiny {
        fn shape_of(&self, symbol: Symbol) -> Shape {
            let max = if symbol == SYMBOLS[2] { 1 } else { 2 };
            Shape::Word { first: &[('a', 'b')], rest: &[('a', 'b'), ('1', '1')], min: 1, max }
        }

        fn differ(&self, one: Symbol, other: Symbol) -> bool {
            one != other && one != SYMBOLS[2] && other != SYMBOLS[2]
        }
    }

    fn words(symbol: Symbol) -> Vec<&'static str> {
        let mut words = vec!["a", "b"];
        if symbol != SYMBOLS[2] {
            words.extend(["aa", "ab", "a1", "ba", "bb", "b1"]);
        }
        words
    }

    /// The plain recursive glob matcher.
    fn naive(pattern: &[Glyph], text: &[char]) -> bool {
        match (pattern, text) {
            ([], text) => text.is_empty(),
            ([Glyph::Many { colon }, rest @ ..], text) => {
                let can_go_on = text.first().is_some_and(|c| *colon || *c != ':');
                naive(rest, text) || (can_go_on && naive(pattern, &text[1..]))
            }
            ([Glyph::One { colon }, rest @ ..], [c, text @ ..]) => (*colon || *c != ':') && naive(rest, text),
            ([Glyph::Char(wanted), rest @ ..], [c, text @ ..]) => wanted == c && naive(rest, text),
            _ => false,
        }
    }

    fn put(text: &str, values: &[(char, &str)]) -> String {
        values.iter().fold(text.to_owned(), |text, (symbol, value)| text.replace(*symbol, value))
    }

    fn put_in(pattern: &[Glyph], values: &[(char, &str)]) -> Vec<Glyph> {
        let one = |glyph: &Glyph| match glyph {
            Glyph::Char(c) => put(&c.to_string(), values).chars().map(Glyph::Char).collect(),
            other => vec![*other],
        };
        pattern.iter().flat_map(one).collect()
    }

    /// On how many assignments of the symbols the text matches, and how many there are.
    fn count(pattern: &[Glyph], text: &str) -> (usize, usize) {
        let (mut matched, mut all) = (0, 0);
        for first in words(SYMBOLS[0]) {
            for second in words(SYMBOLS[1]).into_iter().filter(|second| *second != first) {
                for third in words(SYMBOLS[2]) {
                    let values = [(SYMBOLS[0], first), (SYMBOLS[1], second), (SYMBOLS[2], third)];
                    let text: Vec<char> = put(text, &values).chars().collect();
                    all += 1;
                    matched += usize::from(naive(&put_in(pattern, &values), &text));
                }
            }
        }
        (matched, all)
    }

    fn truth(pattern: &[Glyph], text: &str) -> Truth {
        let bounds = Bounds { lo: Some(pattern.to_vec()), hi: vec![pattern.to_vec()] };
        matches(&bounds, text, Case::Matters, &Tiny)
    }

    fn glyph(symbols: bool) -> impl Strategy<Value = Glyph> {
        let symbol = proptest::sample::select(SYMBOLS.to_vec()).prop_map(Glyph::Char);
        prop_oneof![
            4 => proptest::sample::select(vec!['a', 'b', '1', ':']).prop_map(Glyph::Char),
            1 => any::<bool>().prop_map(|colon| Glyph::One { colon }),
            2 => any::<bool>().prop_map(|colon| Glyph::Many { colon }),
            if symbols { 3 } else { 0 } => symbol,
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Without symbols the answer is the plain one.
        #[test]
        fn plain_text(pattern in prop::collection::vec(glyph(false), 0..6), text in "[ab1:]{0,6}") {
            let chars: Vec<char> = text.chars().collect();
            prop_assert_eq!(truth(&pattern, &text), naive(&pattern, &chars).into());
        }

        /// One symbol in the text: the answer is exact.
        #[test]
        fn one_symbol(pattern in prop::collection::vec(glyph(false), 0..6), before in "[ab1:]{0,2}", after in "[ab1:]{0,2}") {
            let text = format!("{before}{}{after}", SYMBOLS[0]);
            let (matched, all) = count(&pattern, &text);
            prop_assert_eq!(truth(&pattern, &text), Truth::from_bounds(matched == all, matched > 0));
        }

        /// Symbols anywhere: a definite answer holds for every assignment.
        #[test]
        fn symbols_anywhere(
            pattern in prop::collection::vec(glyph(true), 0..6),
            text in "[ab1:\u{F0000}\u{F0001}\u{F0002}]{0,5}",
        ) {
            let (matched, all) = count(&pattern, &text);
            match truth(&pattern, &text) {
                Truth::Yes => prop_assert_eq!(matched, all),
                Truth::No => prop_assert_eq!(matched, 0),
                Truth::Maybe => {}
            }
        }
    }

    #[test]
    fn what_is_known_of_symbols_decides() {
        let pattern = |text: &str| -> Vec<Glyph> {
            let one = |c| if c == '*' { Glyph::Many { colon: true } } else { Glyph::Char(c) };
            text.chars().map(one).collect()
        };
        let [s, t, u] = SYMBOLS;
        let cases = [
            (format!("x{s}y"), format!("x{s}y"), Truth::Yes),
            (format!("x{s}y"), format!("x{t}y"), Truth::No),
            (format!("x{s}y"), format!("x{u}y"), Truth::Maybe),
            ("x*y".to_owned(), format!("x{s}y"), Truth::Yes),
            ("x:*".to_owned(), format!("x{s}y"), Truth::No),
            ("xab".to_owned(), format!("x{s}"), Truth::Maybe),
            ("xc".to_owned(), format!("x{s}"), Truth::No),
            (format!("x{s}"), "xab".to_owned(), Truth::Maybe),
            (format!("x{s}"), "x1b".to_owned(), Truth::No),
            (format!("x{s}"), "xaaa".to_owned(), Truth::No),
            // The second symbol may begin like the first and go on.
            (format!("{s}b"), format!("{t}1b"), Truth::Maybe),
            (format!("{s}*"), format!("{s}/k"), Truth::Yes),
            // One value on both sides.
            (format!("x{s}"), format!("x{s}1"), Truth::No),
            (format!("x{u}y"), format!("x{u}yy"), Truth::No),
            (format!("{u}{s}"), format!("{u}{t}"), Truth::No),
        ];
        for (wanted, text, expected) in cases {
            assert_eq!(truth(&pattern(&wanted), &text), expected, "{wanted:?} {text:?}");
        }
    }
}
