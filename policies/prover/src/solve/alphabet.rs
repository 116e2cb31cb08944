//! The letters that the patterns of one variable can tell apart.

use std::sync::LazyLock;

use super::symbol::{Shape, Symbols, contains, size};
use super::{Class, Glob, Token};

/// A letter of an [`Alphabet`]: a class of characters that every pattern treats alike.
pub(super) type Letter = u16;

/// The letter of every character that no pattern mentions.
pub(super) const OTHER: Letter = 0;

/// A letter that no text has.
pub(super) const NONE: Letter = Letter::MAX;

/// Where letters end: what lies above is for other kinds of tokens.
const MOST: Letter = 0xFFFE;

#[derive(Debug)]
struct Members {
    /// The character shown in witnesses.
    shown: char,
    /// The second member, for a letter whose case no pattern looks at.
    twin: Option<char>,
    /// Further members, of a letter for the rest of a class of characters.
    rest: Vec<char>,
    symbol: bool,
}

/// The characters that occur in a set of globs, and one more letter for all others.
#[derive(Debug)]
pub(super) struct Alphabet {
    classes: Vec<Members>,
    ascii: [Letter; 128],
    /// Sorted by character.
    beyond: Vec<(char, Letter)>,
    pub(super) colon: Letter,
    pub(super) slash: Letter,
    pub(super) has_symbols: bool,
    /// Whether there were too many characters to give each a letter.
    pub(super) overflowed: bool,
    /// Characters outside every class, most readable first.
    others: Vec<char>,
    /// The letters of each of [`Class::ALL`], where a glob has it.
    within: [Vec<Letter>; Class::ALL.len()],
}

/// The characters of each class that no smaller class has, the plainest first.
static OWN: LazyLock<[Vec<char>; Class::ALL.len()]> = LazyLock::new(|| {
    Class::ALL.map(|class| class.members().filter(|c| Class::of(*c) == Some(class)).collect())
});

/// How many different characters of the class "other" are kept for witnesses.
const SPARE: usize = 8;

impl Alphabet {
    /// The letters of `globs`, and the symbols in `texts`.
    pub(super) fn new<'g, 't>(
        globs: impl Iterator<Item = &'g Glob>,
        texts: impl Iterator<Item = &'t str>,
        symbols: &Symbols,
    ) -> Self {
        let (mut exact, mut folded, mut fields, mut segments) = (0u128, 0u128, false, false);
        let mut beyond: Vec<char> = Vec::new();
        // Classes hold each other, so that the largest one tells all.
        let mut largest: Option<Class> = None;
        for token in globs.flat_map(|glob| glob.0.iter()) {
            match *token {
                Token::Char(c) | Token::Fold(c) if !c.is_ascii() => beyond.push(c),
                Token::Fold(c) if c.is_ascii_alphabetic() => folded |= 1 << (c.to_ascii_lowercase() as u32),
                Token::Char(c) | Token::Fold(c) => exact |= 1 << (c as u32),
                Token::OneInField | Token::ManyInField => fields = true,
                Token::OneInSegment | Token::ManyInSegment => segments = true,
                Token::Within(class) | Token::ManyWithin(class) => largest = largest.max(Some(class)),
                Token::One | Token::Many => {}
            }
        }
        if largest.is_some() {
            // The two cases of a letter are not both in a class.
            exact |= folded;
        }
        for text in texts.filter(|text| !text.is_ascii()) {
            beyond.extend(text.chars().filter(|&c| symbols.is_symbol(c)));
        }
        beyond.sort_unstable();
        beyond.dedup();
        if fields || segments {
            exact |= 1 << (':' as u32);
        }
        if segments {
            exact |= 1 << ('/' as u32);
        }
        let mut new = Self {
            classes: vec![Members { shown: 'x', twin: None, rest: Vec::new(), symbol: false }],
            ascii: [OTHER; 128],
            beyond: Vec::with_capacity(beyond.len()),
            colon: NONE,
            slash: NONE,
            has_symbols: false,
            overflowed: false,
            others: Vec::new(),
            within: Class::ALL.map(|_| Vec::new()),
        };
        for c in (0u8..128).map(char::from) {
            let bit = |set: u128, c: char| set >> (c as u32) & 1 == 1;
            if c.is_ascii_uppercase() {
                let lower = c.to_ascii_lowercase();
                if bit(folded, lower) && !bit(exact, lower) && !bit(exact, c) {
                    let letter = new.push(lower, Some(c), false);
                    new.set_ascii(c, letter);
                    new.set_ascii(lower, letter);
                } else if bit(exact, c) || bit(folded, lower) {
                    let letter = new.push(c, None, symbols.is_symbol(c));
                    new.set_ascii(c, letter);
                }
            } else if bit(exact, c) || (bit(folded, c) && bit(exact, c.to_ascii_uppercase())) {
                let letter = new.push(c, None, symbols.is_symbol(c));
                new.set_ascii(c, letter);
                match c {
                    ':' => new.colon = letter,
                    '/' => new.slash = letter,
                    _ => {}
                }
            }
        }
        for c in beyond {
            let letter = new.push(c, None, symbols.is_symbol(c));
            new.beyond.push((c, letter));
        }
        if let Some(largest) = largest {
            new.add_classes(largest.max(Class::Name));
        }
        new.others = new.spare_characters(symbols);
        new
    }

    /// Gives a letter to those characters of each class that nothing mentions and no smaller class has, and lists the
    /// letters of each class.
    fn add_classes(&mut self, largest: Class) {
        for own in OWN.iter().take(largest as usize + 1) {
            let unmentioned: Vec<char> = own.iter().copied().filter(|c| self.letter(*c) == OTHER).collect();
            let Some((&shown, rest)) = unmentioned.split_first() else { continue };
            let letter = self.push(shown, None, false);
            for &c in &unmentioned {
                self.set_ascii(c, letter);
            }
            if let Some(class) = self.classes.get_mut(usize::from(letter)) {
                class.rest = rest.to_vec();
            }
        }
        // Each class has all of those before it.
        let mut letters: Vec<Letter> = Vec::new();
        for (slot, own) in OWN.iter().enumerate().take(largest as usize + 1) {
            letters.extend(own.iter().map(|c| self.letter(*c)));
            letters.sort_unstable();
            letters.dedup();
            if let Some(within) = self.within.get_mut(slot) {
                within.clone_from(&letters);
            }
        }
    }

    /// The letters of a class that some glob has.
    pub(super) fn within(&self, class: Class) -> &[Letter] {
        self.within.get(class as usize).map_or(&[], Vec::as_slice)
    }

    fn push(&mut self, shown: char, twin: Option<char>, symbol: bool) -> Letter {
        let letter = Letter::try_from(self.classes.len()).unwrap_or(NONE);
        if letter >= MOST {
            self.overflowed = true;
            return NONE;
        }
        self.has_symbols |= symbol;
        self.classes.push(Members { shown, twin, rest: Vec::new(), symbol });
        letter
    }

    fn set_ascii(&mut self, c: char, letter: Letter) {
        if let Some(slot) = self.ascii.get_mut(c as usize) {
            *slot = letter;
        }
    }

    fn spare_characters(&self, symbols: &Symbols) -> Vec<char> {
        let plain = |c: &char| {
            self.letter(*c) == OTHER
                && self.letter(c.to_ascii_uppercase()) == OTHER
                && self.letter(c.to_ascii_lowercase()) == OTHER
        };
        ('x'..='z')
            .chain('a'..='w')
            .chain('0'..='9')
            .filter(plain)
            .chain(('a'..='z').chain('A'..='Z').chain("-_.~".chars()).chain('\u{C0}'..='\u{D7FF}'))
            .filter(|&c| self.letter(c) == OTHER && !symbols.is_symbol(c))
            .take(SPARE)
            .collect()
    }

    /// How many letters there are.
    pub(super) fn len(&self) -> usize {
        self.classes.len()
    }

    /// The letter of `c`.
    pub(super) fn letter(&self, c: char) -> Letter {
        if let Some(&letter) = self.ascii.get(c as usize) {
            return letter;
        }
        match self.beyond.binary_search_by_key(&c, |&(c, _)| c) {
            Ok(at) => self.beyond.get(at).map_or(OTHER, |&(_, letter)| letter),
            Err(_) => OTHER,
        }
    }

    /// The letter of `c` on the way through a text, or nothing if `c` is a symbol that the alphabet lacks.
    pub(super) fn known_letter(&self, c: char, symbols: &Symbols) -> Option<Letter> {
        let letter = self.letter(c);
        (letter != OTHER || c.is_ascii() || !symbols.is_symbol(c)).then_some(letter)
    }

    /// The characters of a letter, the one for witnesses first; of [`OTHER`] only some.
    pub(super) fn characters(&self, letter: Letter) -> impl Iterator<Item = char> + '_ {
        let class = self.classes.get(usize::from(letter)).filter(|_| letter != OTHER);
        let others = if letter == OTHER { self.others.as_slice() } else { &[] };
        class
            .into_iter()
            .flat_map(|class| {
                [Some(class.shown), class.twin].into_iter().chain(class.rest.iter().copied().map(Some))
            })
            .flatten()
            .chain(others.iter().copied())
    }

    /// How many characters a letter stands for, [`OTHER`] for as many as one likes.
    pub(super) fn members(&self, letter: Letter) -> usize {
        match self.classes.get(usize::from(letter)) {
            _ if letter == OTHER => usize::MAX,
            Some(class) => 1 + usize::from(class.twin.is_some()) + class.rest.len(),
            None => 0,
        }
    }

    /// The character that shows a letter in a witness.
    pub(super) fn shown(&self, letter: Letter) -> char {
        self.characters(letter).next().unwrap_or('x')
    }

    /// The symbol behind a letter, if it is one.
    pub(super) fn symbol(&self, letter: Letter) -> Option<char> {
        self.classes.get(usize::from(letter)).filter(|class| class.symbol).map(|class| class.shown)
    }
}

/// One step inside the texts that a symbol stands for: the characters that may come next.
#[derive(Clone, Copy)]
pub(super) enum Next<'a> {
    /// A character of these ranges.
    Within(&'a [(char, char)]),
    /// Anything, symbols included.
    Anything,
}

impl Next<'_> {
    /// The characters at place `n` (from 0) of a text of `shape`.
    pub(super) fn at(shape: &Shape, n: usize) -> Next<'_> {
        match shape {
            Shape::Any => Next::Anything,
            Shape::Word { first, .. } if n == 0 => Next::Within(first),
            Shape::Word { rest, .. } => Next::Within(rest),
        }
    }

    /// Whether no character can come next.
    pub(super) fn is_none(self) -> bool {
        matches!(self, Next::Within(ranges) if size(ranges) == 0)
    }

    /// Whether (some, every) next character is one of these two letters.
    pub(super) fn meets(self, alphabet: &Alphabet, one: Letter, two: Letter) -> (bool, bool) {
        match self {
            Next::Anything => (true, false),
            Next::Within(ranges) => {
                let again = if one == two { NONE } else { two };
                let both = alphabet.characters(one).chain(alphabet.characters(again));
                let hit = both.filter(|&c| contains(ranges, c)).count();
                (hit > 0, hit == size(ranges))
            }
        }
    }

    /// Whether (some, every) next character is of the class.
    pub(super) fn stays_within(self, class: Class) -> (bool, bool) {
        match self {
            Next::Anything => (true, false),
            Next::Within(ranges) => {
                let hit = class.members().filter(|&c| contains(ranges, c)).count();
                (hit > 0, hit == size(ranges))
            }
        }
    }

    /// Whether (some, every) next character is neither a `:` nor a `/`.
    pub(super) fn stays_in_segment(self) -> (bool, bool) {
        match self {
            Next::Anything => (true, false),
            Next::Within(ranges) => {
                let ends = [':', '/'].into_iter().filter(|c| contains(ranges, *c)).count();
                (size(ranges) > ends, ends == 0)
            }
        }
    }

    /// Whether (some, every) next character is not a `:`.
    pub(super) fn stays_in_field(self) -> (bool, bool) {
        match self {
            Next::Anything => (true, false),
            Next::Within(ranges) => {
                let colon = contains(ranges, ':');
                (size(ranges) > usize::from(colon), !colon)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alphabet(globs: &[Glob]) -> Alphabet {
        Alphabet::new(globs.iter(), std::iter::empty(), &Symbols::new())
    }

    #[test]
    fn case_is_one_letter_until_someone_looks() {
        let folded = alphabet(&[Glob::literal_in_any_case("get")]);
        assert_eq!(folded.len(), 4);
        assert_eq!(folded.letter('G'), folded.letter('g'));
        let mixed = alphabet(&[Glob::literal_in_any_case("get"), Glob::literal("G")]);
        assert_ne!(mixed.letter('G'), mixed.letter('g'));
        assert_eq!(mixed.letter('E'), mixed.letter('e'));
    }

    #[test]
    fn fields_need_the_colon() {
        let fields = alphabet(&[Glob(vec![Token::ManyInField])]);
        assert_eq!(fields.letter(':'), fields.colon);
        assert_eq!(fields.len(), 2);
    }

    #[test]
    fn other_is_shown_as_a_character_that_occurs_nowhere() {
        let some = alphabet(&[Glob::literal_in_any_case("xy"), Glob::literal("Z")]);
        assert_eq!(some.shown(OTHER), 'a');
        let all: String = ('a'..='z').chain('0'..='9').collect();
        let all = alphabet(&[Glob::literal_in_any_case(&all), Glob::literal("-_")]);
        assert_eq!(all.shown(OTHER), '.');
    }

    #[test]
    fn a_symbol_is_a_letter_of_its_own() {
        let symbol = '\u{F0000}';
        let some = alphabet(&[Glob(vec![Token::Char(symbol)])]);
        assert_eq!(some.symbol(some.letter(symbol)), Some(symbol));
        assert!(some.has_symbols);
        assert_eq!(some.known_letter('\u{F0001}', &Symbols::new()), None);
    }
}
