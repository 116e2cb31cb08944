//! Characters that stand for texts nobody knows yet.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The characters that may be symbols: a private-use plane that no real text uses.
pub const SYMBOL_CHARS: RangeInclusive<char> = '\u{F0000}'..='\u{FFFFD}';

/// Which texts a symbol may stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// One character of `first`, then characters of `rest`, `min` to `max` characters in all.
    ///
    /// Ranges are closed and should not overlap. With `min` 0 the empty text is a member too.
    Word {
        /// The first character.
        first: Vec<(char, char)>,
        /// Every later character.
        rest: Vec<(char, char)>,
        /// Fewest characters.
        min: usize,
        /// Most characters.
        max: usize,
    },
    /// Any text at all.
    Any,
}

impl Shape {
    /// Fewest and most characters.
    pub(super) fn length(&self) -> (usize, usize) {
        match self {
            Self::Any => (0, usize::MAX),
            Self::Word { min, max, .. } => (*min, *max),
        }
    }

    /// Whether a text may be of both shapes; `true` too where their first characters and lengths do not rule it out.
    fn may_share(&self, other: &Self) -> bool {
        let (Self::Word { first, min, max, .. }, Self::Word { first: others, min: least, max: most, .. }) =
            (self, other)
        else {
            return true;
        };
        let meet = |&(from, to): &(char, char)| others.iter().any(|&(start, end)| from <= end && start <= to);
        // The empty text has no first character.
        let starts = (*min == 0 && *least == 0) || first.iter().any(meet);
        starts && min <= most && least <= max
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    shape: Shape,
    created: bool,
}

/// What each symbol of a problem stands for: a fixed but unknown text of its shape.
///
/// A symbol in [`SYMBOL_CHARS`] that is not registered stands for any text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbols {
    known: BTreeMap<char, Known>,
    /// No character before this one is a symbol.
    least: char,
}

impl Default for Symbols {
    fn default() -> Self {
        Self { known: BTreeMap::new(), least: *SYMBOL_CHARS.start() }
    }
}

static ANY: Known = Known { shape: Shape::Any, created: false };

impl Symbols {
    /// No symbol registered.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers the name of a resource that the deployment creates.
    ///
    /// It differs from every other such name, and where it is looked for in a given text, it is found only as itself.
    pub fn created(&mut self, symbol: char, shape: Shape) {
        self.register(symbol, Known { shape, created: true });
    }

    /// Registers a value that comes from elsewhere: it may equal another symbol.
    pub fn foreign(&mut self, symbol: char, shape: Shape) {
        self.register(symbol, Known { shape, created: false });
    }

    fn register(&mut self, symbol: char, known: Known) {
        self.least = self.least.min(symbol);
        self.known.insert(symbol, known);
    }

    /// The shape of `symbol`, or nothing for a character that only stands for itself.
    #[must_use]
    pub fn shape(&self, symbol: char) -> Option<&Shape> {
        self.get(symbol).map(|known| &known.shape)
    }

    /// Whether `symbol` may stand for something.
    #[must_use]
    pub fn is_symbol(&self, symbol: char) -> bool {
        symbol >= self.least && (SYMBOL_CHARS.contains(&symbol) || self.known.contains_key(&symbol))
    }

    fn get(&self, symbol: char) -> Option<&Known> {
        match self.known.get(&symbol) {
            None if SYMBOL_CHARS.contains(&symbol) => Some(&ANY),
            known => known,
        }
    }

    /// Whether `symbol` is the name of a resource that the deployment creates.
    pub(super) fn is_created(&self, symbol: char) -> bool {
        self.get(symbol).is_some_and(|known| known.created)
    }

    /// Whether two symbols may stand for the same text.
    pub(super) fn may_be_equal(&self, left: char, right: char) -> bool {
        left == right
            || match (self.get(left), self.get(right)) {
                (Some(left), Some(right)) => {
                    !(left.created && right.created) && left.shape.may_share(&right.shape)
                }
                _ => false,
            }
    }
}

/// A set of characters as closed ranges.
pub(super) fn contains(ranges: &[(char, char)], c: char) -> bool {
    ranges.iter().any(|&(from, to)| from <= c && c <= to)
}

/// How many characters the ranges hold, at least.
pub(super) fn size(ranges: &[(char, char)]) -> usize {
    ranges.iter().map(|&(from, to)| if from <= to { (to as usize) - (from as usize) + 1 } else { 0 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn created_names_differ_and_foreign_ones_may_not() {
        let mut symbols = Symbols::new();
        let [a, b, c] = ['\u{F0000}', '\u{F0001}', '\u{F0002}'];
        symbols.created(a, Shape::Any);
        symbols.created(b, Shape::Any);
        symbols.foreign(c, Shape::Any);
        assert!(!symbols.may_be_equal(a, b));
        assert!(symbols.may_be_equal(a, a));
        assert!(symbols.may_be_equal(a, c));
        assert!(symbols.may_be_equal(c, '\u{F0009}'));
        assert!(!symbols.may_be_equal(a, 'x'));
    }

    #[test]
    fn values_of_shapes_without_a_common_text_differ() {
        let word = |first, length| Shape::Word {
            first: vec![first],
            rest: vec![('a', 'z'), ('0', '9')],
            min: length,
            max: length,
        };
        let (digits, letters) = (('0', '9'), ('a', 'z'));
        for (left, right, equal) in [
            (word(digits, 12), word(letters, 12), false),
            (word(digits, 12), word(digits, 12), true),
            (word(digits, 12), word(digits, 11), false),
            (word(digits, 0), word(letters, 0), true),
            (word(digits, 12), Shape::Any, true),
        ] {
            let mut symbols = Symbols::new();
            symbols.created('\u{F0000}', left.clone());
            symbols.foreign('\u{F0001}', right.clone());
            assert_eq!(symbols.may_be_equal('\u{F0000}', '\u{F0001}'), equal, "{left:?} {right:?}");
            assert_eq!(symbols.may_be_equal('\u{F0001}', '\u{F0000}'), equal, "{left:?} {right:?}");
        }
    }

    #[test]
    fn an_unregistered_symbol_stands_for_any_text() {
        assert_eq!(Symbols::new().shape('\u{F0005}'), Some(&Shape::Any));
        assert!(!Symbols::new().is_symbol('a'));
    }
}
