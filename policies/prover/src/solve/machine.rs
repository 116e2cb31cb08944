//! The joint automaton of a text variable: all its patterns and its language, and what each state accepts.

use super::alphabet::Alphabet;
use super::nfa::{Mode, Nfa, Position, Tok};
use super::symbol::Symbols;
use super::{Glob, Pattern};

/// Which texts a variable may have: one glob of every union.
pub(super) type Language = [Vec<Glob>];

/// Most unions over all the languages that share one automaton.
const UNIONS: usize = 64;

/// Where a predicate's answers stand in a row of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bits {
    pub(super) lo: u32,
    pub(super) hi: u32,
}

/// What one glob's match sets.
#[derive(Debug, Default)]
struct Effect {
    bits: Vec<u32>,
    unions: u64,
}

/// An automaton with its outputs.
///
/// A *row* is what it says about one text: a bit or two per pattern ([`Machine::bits`]), then one bit per language.
pub(super) struct Machine<'s> {
    pub(super) nfa: Nfa<'s>,
    pub(super) symbols: &'s Symbols,
    effects: Vec<Effect>,
    bits: Vec<Bits>,
    /// For each language the unions that it needs.
    languages: Vec<u64>,
    language_bit: u32,
    width: usize,
}

impl<'s> Machine<'s> {
    /// Compiles `patterns` and `languages`; `texts` are those that will be run and may hold symbols.
    /// `fixed` says that no others will.
    ///
    /// # Errors
    /// What there is too much of, in words.
    pub(super) fn new<'a>(
        patterns: &[Pattern],
        languages: &[&Language],
        texts: impl Iterator<Item = &'a str>,
        symbols: &'s Symbols,
        fixed: bool,
    ) -> Result<Self, String> {
        let unions: usize = languages.iter().map(|language| language.len()).sum();
        if unions > UNIONS {
            return Err(format!(
                "its language is an intersection of {unions} unions, at most {UNIONS} are tried"
            ));
        }
        let globs = patterns
            .iter()
            .flat_map(|pattern| {
                let more = if pattern.is_exact() { &[] } else { pattern.hi() };
                pattern.lo.iter().chain(more)
            })
            .chain(languages.iter().flat_map(|language| language.iter().flatten()));
        let alphabet = Alphabet::new(globs, texts, symbols);
        if alphabet.overflowed {
            return Err("its patterns use more than 65,000 different characters".to_owned());
        }
        let mut new = Self {
            nfa: Nfa::new(alphabet, symbols, fixed),
            symbols,
            effects: Vec::new(),
            bits: Vec::with_capacity(patterns.len()),
            languages: Vec::with_capacity(languages.len()),
            language_bit: 0,
            width: 0,
        };
        let mut next = 0;
        for pattern in patterns {
            let one_reading = pattern.is_exact() && !new.nfa.alphabet.has_symbols;
            let bits = Bits { lo: next, hi: if one_reading { next } else { next + 1 } };
            next = bits.hi + 1;
            for glob in pattern.lo.iter() {
                new.effect(glob, Mode::Lo, Some(bits.lo), 0);
                if !one_reading {
                    // Keeps the bounds in order whatever the caller passed.
                    new.effect(glob, Mode::Lo, Some(bits.hi), 0);
                }
            }
            if !one_reading {
                for glob in pattern.hi.iter() {
                    new.effect(glob, Mode::Hi, Some(bits.hi), 0);
                }
            }
            new.bits.push(bits);
        }
        new.language_bit = next;
        let mut union = 0u32;
        for language in languages {
            let mut needed = 0;
            for globs in language.iter() {
                for glob in globs {
                    new.effect(glob, Mode::Hi, None, 1 << union);
                }
                needed |= 1 << union;
                union += 1;
            }
            new.languages.push(needed);
        }
        new.width = (next as usize + languages.len()).div_ceil(32);
        Ok(new)
    }

    fn effect(&mut self, glob: &Glob, mode: Mode, bit: Option<u32>, unions: u64) {
        let number = self.nfa.add(glob, mode) as usize;
        self.effects.resize_with(self.nfa.globs(), Effect::default);
        if let Some(effect) = self.effects.get_mut(number) {
            effect.bits.extend(bit);
            effect.unions |= unions;
        }
    }

    /// Where the answers for a pattern stand in a row.
    pub(super) fn bits(&self, pattern: usize) -> Option<Bits> {
        self.bits.get(pattern).copied()
    }

    /// Where the answer for a language stands in a row.
    pub(super) fn language_bit(&self, language: usize) -> u32 {
        self.language_bit + language as u32
    }

    /// Writes the row of a text that ends in `state`; false if no language has the text.
    pub(super) fn row(&self, state: &[Position], row: &mut Vec<u32>) -> bool {
        row.clear();
        row.resize(self.width, 0);
        let mut unions = 0u64;
        for &at in state {
            if matches!(self.nfa.tok(at), Tok::End | Tok::Always)
                && let Some(effect) = self.effects.get(self.nfa.glob(at) as usize)
            {
                effect.bits.iter().for_each(|&bit| set(row, bit));
                unions |= effect.unions;
            }
        }
        let mut any = false;
        for (number, &needed) in self.languages.iter().enumerate() {
            if unions & needed == needed {
                set(row, self.language_bit(number));
                any = true;
            }
        }
        any
    }

    /// Whether a match of a glob sets a bit of the row.
    pub(super) fn sets(&self, glob: u32, bit: u32) -> bool {
        self.effects.get(glob as usize).is_some_and(|effect| effect.bits.contains(&bit))
    }

    /// Whether some language can still be met from `state`.
    pub(super) fn alive(&self, state: &[Position]) -> bool {
        if self.languages.contains(&0) {
            return true;
        }
        let reachable = state.iter().fold(0, |reachable, &at| {
            reachable | self.effects.get(self.nfa.glob(at) as usize).map_or(0, |effect| effect.unions)
        });
        self.languages.iter().any(|&needed| needed & !reachable == 0)
    }
}

fn set(row: &mut [u32], bit: u32) {
    if let Some(word) = row.get_mut(bit as usize / 32) {
        *word |= 1 << (bit % 32);
    }
}

/// Whether a bit of a row is set.
pub(super) fn test(row: &[u32], bit: u32) -> bool {
    row.get(bit as usize / 32).is_some_and(|word| word >> (bit % 32) & 1 == 1)
}

/// Runs texts one after the other and keeps what they have in common with the last one.
pub(super) struct Runner<'m, 's> {
    machine: &'m Machine<'s>,
    text: Vec<char>,
    states: Vec<Vec<Position>>,
}

impl<'m, 's> Runner<'m, 's> {
    pub(super) fn new(machine: &'m Machine<'s>) -> Self {
        Self { machine, text: Vec::new(), states: vec![machine.nfa.start().to_vec()] }
    }

    /// The state after `text`, or nothing if it holds a symbol that the automaton does not know.
    pub(super) fn run(&mut self, text: &str) -> Option<&[Position]> {
        let same = self.text.iter().zip(text.chars()).take_while(|&(&a, b)| a == b).count();
        self.text.truncate(same);
        let nfa = &self.machine.nfa;
        for c in text.chars().skip(same) {
            let letter = nfa.alphabet.known_letter(c, self.machine.symbols)?;
            let depth = self.text.len();
            if self.states.len() < depth + 2 {
                self.states.resize_with(depth + 2, Vec::new);
            }
            if let Some((from, to)) = self.states.split_at_mut_checked(depth + 1)
                && let (Some(from), Some(to)) = (from.last(), to.first_mut())
            {
                nfa.step(from, letter, to);
            }
            self.text.push(c);
        }
        self.states.get(self.text.len()).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solve::{Shape, Token};

    /// (on every reading, on some reading) of one pattern and one text.
    fn answer(pattern: Pattern, text: &str, symbols: &Symbols) -> (bool, bool) {
        let machine = Machine::new(&[pattern], &[&[]], [text].into_iter(), symbols, false).unwrap();
        let bits = machine.bits(0).unwrap();
        let mut runner = Runner::new(&machine);
        let mut row = Vec::new();
        machine.row(runner.run(text).unwrap(), &mut row);
        (test(&row, bits.lo), test(&row, bits.hi))
    }

    fn wild(text: &str) -> Pattern {
        Glob::wildcards(text).into()
    }

    #[test]
    fn globs_match_whole_texts() {
        let none = Symbols::new();
        for (pattern, text, expected) in [
            ("a*b", "ab", true),
            ("a*b", "axxb", true),
            ("a*b", "abx", false),
            ("a?b", "a:b", true),
            ("a?b", "ab", false),
            ("*a*b*c", "xaybzc", true),
            ("*a*b*c", "xaybz", false),
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("?*", "", false),
            ("?*", "a", true),
            ("*ab", "aab", true),
            ("*ab", "abab", true),
        ] {
            assert_eq!(answer(wild(pattern), text, &none), (expected, expected), "{pattern} on {text}");
        }
    }

    #[test]
    fn fields_and_case() {
        let none = Symbols::new();
        let field = Pattern::from(Glob(vec![Token::ManyInField, Token::Char(':'), Token::OneInField]));
        assert!(answer(field.clone(), "ab:c", &none).0);
        assert!(!answer(field.clone(), "a:b:c", &none).0);
        assert!(!answer(field, "a::", &none).0);
        let fold = Pattern::from(Glob::wildcards_in_any_case("S3:Get*"));
        assert!(answer(fold.clone(), "s3:getObject", &none).0);
        assert!(!answer(fold, "s3:putObject", &none).0);
        let bounds = Pattern::bounds([Glob::literal("a")], [Glob::wildcards("?")]);
        assert_eq!(answer(bounds.clone(), "a", &none), (true, true));
        assert_eq!(answer(bounds.clone(), "b", &none), (false, true));
        assert_eq!(answer(bounds, "bb", &none), (false, false));
    }

    #[test]
    fn a_symbol_matches_what_covers_it() {
        let alias = '\u{F0000}';
        let mut symbols = Symbols::new();
        symbols.created(
            alias,
            Shape::Word {
                first: vec![('a', 'z')],
                rest: vec![('a', 'z'), ('0', '9')],
                min: 1,
                max: usize::MAX,
            },
        );
        let text = format!("{alias}.mrap");
        let is = |pattern: &str| answer(wild(pattern), &text, &symbols);
        assert_eq!(is(&text), (true, true));
        assert_eq!(is("m*.mrap"), (false, true));
        assert_eq!(is("*.mrap"), (true, true));
        assert_eq!(is("?*.mrap"), (true, true));
        assert_eq!(is("?.mrap"), (false, true));
        assert_eq!(is("arn:*"), (false, false));
        assert_eq!(is("m0c4.mrap"), (false, true));
        assert_eq!(is("0*.mrap"), (false, false));
        assert_eq!(is("\u{F0001}*"), (false, true));
    }

    #[test]
    fn created_symbols_differ_but_may_contain_each_other() {
        let [a, b, c] = ['\u{F0000}', '\u{F0001}', '\u{F0002}'];
        let mut symbols = Symbols::new();
        let word = Shape::Word { first: vec![('a', 'z')], rest: vec![('a', 'z')], min: 2, max: 9 };
        symbols.created(a, word.clone());
        symbols.created(b, word.clone());
        symbols.foreign(c, word);
        let is = |pattern: &str, text: char| answer(wild(pattern), &text.to_string(), &symbols);
        assert_eq!(is(&b.to_string(), a), (false, false));
        assert_eq!(is(&c.to_string(), a), (false, true));
        assert_eq!(is(&format!("{b}*"), a), (false, true));
        assert_eq!(is(&format!("{b}.*"), a), (false, false));
        assert_eq!(is(&format!("x{b}"), a), (false, true));
    }

    #[test]
    fn a_symbol_for_any_text_matches_everything_on_some_reading() {
        let any = '\u{F0000}';
        let symbols = Symbols::new();
        assert_eq!(answer(wild("*"), &any.to_string(), &symbols), (true, true));
        assert_eq!(answer(wild("?*"), &any.to_string(), &symbols), (false, true));
        assert_eq!(answer(wild("a:b/c"), &format!("a{any}c"), &symbols), (false, true));
        assert_eq!(answer(wild("a:b/c"), &format!("x{any}c"), &symbols), (false, false));
        assert_eq!(answer(wild(&any.to_string()), "whatever", &symbols), (false, true));
        assert_eq!(answer(wild(&format!("a{any}c")), "ac", &symbols), (false, true));
        assert_eq!(answer(wild(&format!("a{any}c")), "bc", &symbols), (false, false));
        assert_eq!(answer(wild(&format!("a{any}c")), &format!("a{any}c"), &symbols), (true, true));
    }
}
