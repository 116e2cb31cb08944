//! What a pattern asks of the rest of a text whose start is known.

use super::alphabet::Alphabet;
use super::nfa::{Mode, Nfa};
use super::symbol::Symbols;
use super::{Glob, Pattern};

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
        let globs = self.lo.iter().chain(self.hi.iter());
        let alphabet = || Alphabet::new(globs.clone(), [prefix].into_iter(), symbols);
        let first = alphabet();
        if first.overflowed {
            // More letters than fit: nothing is certain of such a pattern.
            return Self::bounds([], [Glob::any()]);
        }
        if self.is_exact() && !first.has_symbols {
            return Self::exact(ends(&self.lo, Mode::Hi, prefix, Nfa::new(first, symbols), symbols));
        }
        let lo = ends(&self.lo, Mode::Lo, prefix, Nfa::new(first, symbols), symbols);
        let hi = ends(&self.hi, Mode::Hi, prefix, Nfa::new(alphabet(), symbols), symbols);
        Self::bounds(lo, hi)
    }
}

/// What is left of each glob after `prefix`, sorted.
fn ends(globs: &[Glob], mode: Mode, prefix: &str, mut nfa: Nfa<'_>, symbols: &Symbols) -> Vec<Glob> {
    let mut tokens = Vec::with_capacity(globs.len());
    for glob in globs {
        if nfa.add(glob, mode) as usize == tokens.len() {
            tokens.push(nfa.tokens(glob, mode));
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
        .filter_map(|&at| {
            let tokens = tokens.get(nfa.glob(at) as usize)?;
            Some(Glob(tokens.iter().skip(nfa.place(at)).copied().collect()))
        })
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
