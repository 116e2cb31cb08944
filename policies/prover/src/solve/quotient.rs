//! What a pattern asks of the rest of a text whose start is known.

use super::alphabet::Alphabet;
use super::nfa::{Mode, Nfa};
use super::symbol::Symbols;
use super::{Glob, Pattern, Token};

impl Pattern {
    /// The pattern of those texts that this one matches with `prefix` before them.
    ///
    /// Exact where neither prefix nor pattern holds a symbol: a union of ends of the globs. Symbols are read as
    /// [`Bound`](super::Bound) says, each bound on its own.
    #[must_use]
    pub fn quotient(&self, prefix: &str, symbols: &Symbols) -> Self {
        if prefix.is_empty() {
            return self.clone();
        }
        if self.is_exact()
            && let Some(rest) =
                self.lo.iter().map(|glob| after_literal(glob, prefix, symbols)).collect::<Option<Vec<_>>>()
        {
            let mut rest: Vec<Glob> = rest.into_iter().flatten().collect();
            rest.sort_unstable();
            rest.dedup();
            return Self::exact(rest);
        }
        let globs = self.lo.iter().chain(self.hi.iter());
        let alphabet = || Alphabet::new(globs.clone(), [prefix].into_iter(), symbols);
        let first = alphabet();
        if first.overflowed {
            // More letters than fit: nothing is certain of such a pattern.
            return Self::bounds([], [Glob::any()]);
        }
        if self.is_exact() && !first.has_symbols {
            return Self::exact(ends(&self.lo, Mode::Hi, prefix, Nfa::new(first, symbols, true), symbols));
        }
        let lo = ends(&self.lo, Mode::Lo, prefix, Nfa::new(first, symbols, true), symbols);
        let hi = ends(&self.hi, Mode::Hi, prefix, Nfa::new(alphabet(), symbols, true), symbols);
        Self::bounds(lo, hi)
    }
}

/// A glob whose start may have been read.
#[derive(Default)]
struct Rest {
    tokens: Vec<Token>,
    expanded: Vec<Token>,
    /// For each expanded token the token that it comes from, and the end of what that one became.
    origin: Vec<(usize, usize)>,
}

impl Rest {
    fn new(nfa: &Nfa<'_>, glob: &Glob, mode: Mode) -> Self {
        let mut new = Self { tokens: glob.normal(), ..Self::default() };
        for (at, &token) in new.tokens.iter().enumerate() {
            nfa.expand(token, mode, &mut new.expanded);
            new.origin.resize(new.expanded.len(), (at, new.expanded.len()));
        }
        new
    }

    /// What follows so many expanded tokens; a token that none of was read is left as it was.
    fn from(&self, place: usize) -> Glob {
        let Some(&(token, end)) = self.origin.get(place) else { return Glob::default() };
        let begun =
            place.checked_sub(1).and_then(|before| self.origin.get(before)).is_some_and(|o| o.0 == token);
        let part = if begun { self.expanded.get(place..end).unwrap_or(&[]) } else { &[] };
        Glob(part.iter().chain(self.tokens.iter().skip(token + usize::from(begun))).copied().collect())
    }
}

/// What is left of a glob that begins with plain characters, where these alone decide: the end of it, or nothing.
///
/// `None` where a wildcard or something unknown meets the prefix.
fn after_literal(glob: &Glob, prefix: &str, symbols: &Symbols) -> Option<Option<Glob>> {
    let mut tokens = glob.0.iter();
    for c in prefix.chars() {
        match tokens.next() {
            Some(Token::Char(own)) if *own == c => {}
            Some(Token::Char(own)) if !symbols.is_symbol(*own) && !symbols.is_symbol(c) => return Some(None),
            None if !symbols.is_symbol(c) => return Some(None),
            _ => return None,
        }
    }
    Some(Some(Glob(tokens.copied().collect())))
}

/// What is left of each glob after `prefix`, sorted.
fn ends(globs: &[Glob], mode: Mode, prefix: &str, mut nfa: Nfa<'_>, symbols: &Symbols) -> Vec<Glob> {
    let mut rests = Vec::with_capacity(globs.len());
    for glob in globs {
        if nfa.add(glob, mode) as usize == rests.len() {
            rests.push(Rest::new(&nfa, glob, mode));
        }
    }
    let (mut state, mut next) = (nfa.start().to_vec(), Vec::new());
    for c in prefix.chars() {
        let Some(letter) = nfa.alphabet.known_letter(c, symbols) else { return Vec::new() };
        nfa.step(&state, letter, &mut next);
        std::mem::swap(&mut state, &mut next);
    }
    let mut ends: Vec<Glob> = state
        .iter()
        // What follows a `*` is part of what the `*` leaves.
        .filter(|&&at| at.checked_sub(1).is_none_or(|before| !nfa.skips(before) || !state.contains(&before)))
        .filter_map(|&at| rests.get(nfa.glob(at) as usize).map(|rest| rest.from(nfa.place(at))))
        .collect();
    ends.sort_unstable();
    ends.dedup();
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solve::Shape;

    fn quotient(pattern: &str, prefix: &str) -> String {
        let quotient = Pattern::from(Glob::wildcards(pattern)).quotient(prefix, &Symbols::new());
        assert!(quotient.is_exact());
        quotient.lo().iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn a_constant_start_goes_away() {
        let arn = "arn:aws:s3:::bucket/";
        assert_eq!(quotient("arn:aws:s3:::bucket/home/*", arn), "home/*");
        assert_eq!(quotient("arn:aws:s3:::bucket/*", arn), "*");
        assert_eq!(quotient("arn:aws:s3:::*", arn), "*");
        assert_eq!(quotient("arn:aws:s3:::bucket", arn), "");
        assert_eq!(Pattern::from(Glob::literal("x")).quotient(arn, &Symbols::new()).lo(), &[] as &[Glob]);
        assert_eq!(quotient("arn:aws:s3:::*/home/*", arn), "home/* | */home/*");
        assert_eq!(quotient("arn:aws:s3:::buck??/k", arn), "k");
        assert_eq!(quotient("*t/*.txt", arn), "*.txt");
        assert_eq!(quotient("a*a", "aba"), " | *a");
        assert_eq!(quotient("a*", ""), "a*");
    }

    #[test]
    fn a_symbol_in_the_start_has_two_readings() {
        let alias = '\u{F0000}';
        let mut symbols = Symbols::new();
        symbols
            .created(alias, Shape::Word { first: vec![('a', 'z')], rest: vec![('a', 'z')], min: 1, max: 20 });
        let quotient = |pattern: &str| {
            let quotient =
                Pattern::from(Glob::wildcards(pattern)).quotient(&format!("{alias}.mrap/"), &symbols);
            let show = |globs: &[Glob]| globs.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ");
            format!("{} .. {}", show(quotient.lo()), show(quotient.hi()))
        };
        assert_eq!(quotient("*.mrap/x*"), "x* | *.mrap/x* .. x* | *.mrap/x*");
        assert_eq!(quotient("m*.mrap/x*"), " .. x* | *.mrap/x*");
        assert_eq!(quotient(&format!("{alias}.mrap/home/*")), "home/* .. home/*");
        assert_eq!(quotient("arn:*"), " .. ");
    }
}
