//! Patterns over text: globs, and pairs of them that bound a pattern from below and above.

use std::fmt;
use std::sync::Arc;

use super::interner::Index;

/// One element of a [`Glob`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Token {
    /// Exactly this character; a character that [`Symbols`](super::Symbols) knows stands for an unknown text.
    Char(char),
    /// An ASCII letter in either case, given in lower case.
    Fold(char),
    /// Any one character.
    One,
    /// Any one character but `:`.
    OneInField,
    /// Any text, the empty one too.
    Many,
    /// Any text without `:`, the empty one too.
    ManyInField,
    /// Any one character but `:` and `/`.
    OneInSegment,
    /// Any text without `:` and `/`, the empty one too.
    ManyInSegment,
    /// One character of a class.
    Within(Class),
    /// Any text of characters of a class, the empty one too.
    ManyWithin(Class),
}

/// A set of characters that languages need and policies have no wildcard for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// `0` to `9`.
    Digit,
    /// `a` to `z`, `0` to `9` and `-`.
    Name,
    /// ASCII letters, digits and `_+=,.@-`: what names in IAM are made of.
    Entity,
    /// `!` to `~`: what paths in IAM are made of.
    Path,
}

impl Class {
    /// The classes, each with all characters of those before it.
    pub(super) const ALL: [Self; 4] = [Self::Digit, Self::Name, Self::Entity, Self::Path];

    /// Whether the character belongs to the class.
    #[must_use]
    pub fn contains(self, c: char) -> bool {
        match self {
            Self::Digit => c.is_ascii_digit(),
            Self::Name => c.is_ascii_digit() || c.is_ascii_lowercase() || c == '-',
            Self::Entity => c.is_ascii_alphanumeric() || "_+=,.@-".contains(c),
            Self::Path => c.is_ascii_graphic(),
        }
    }

    /// The class as a regular expression.
    fn shown(self) -> &'static str {
        match self {
            Self::Digit => "[0-9]",
            Self::Name => "[a-z0-9-]",
            Self::Entity => "[A-Za-z0-9_+=,.@-]",
            Self::Path => "[!-~]",
        }
    }

    /// The characters of the class, the plainest first.
    pub(super) fn members(self) -> impl Iterator<Item = char> {
        let all = ('a'..='z').chain('A'..='Z').chain("-_.+=,@".chars()).chain('0'..='9');
        let all = all.chain("/:!\"#$%&'()*;<>?[\\]^`{|}~".chars());
        all.filter(move |c| self.contains(*c))
    }

    /// The smallest of the classes that has the character.
    pub(super) fn of(c: char) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.contains(c))
    }
}

/// A sequence of tokens that is matched against the whole of a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Glob(pub Vec<Token>);

impl Glob {
    /// The glob that matches exactly `text`, in which nothing is special.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        Self(text.chars().map(Token::Char).collect())
    }

    /// The glob that matches `text` in any case of its ASCII letters.
    #[must_use]
    pub fn literal_in_any_case(text: &str) -> Self {
        Self(text.chars().map(fold).collect())
    }

    /// Reads `*` as [`Token::Many`], `?` as [`Token::One`] and everything else as itself.
    #[must_use]
    pub fn wildcards(text: &str) -> Self {
        Self(text.chars().map(|c| wildcard(c, Token::Char)).collect())
    }

    /// Like [`Glob::wildcards`], for an ARN: what stands before the fifth `:` matches within its field.
    #[must_use]
    pub fn arn(text: &str) -> Self {
        let mut fields = 0;
        let one = |c| {
            fields += usize::from(c == ':');
            match wildcard(c, Token::Char) {
                Token::One if fields < 5 => Token::OneInField,
                Token::Many if fields < 5 => Token::ManyInField,
                token => token,
            }
        };
        Self(text.chars().map(one).collect())
    }

    /// Like [`Glob::wildcards`], in any case of the ASCII letters.
    #[must_use]
    pub fn wildcards_in_any_case(text: &str) -> Self {
        Self(text.chars().map(|c| wildcard(c, fold)).collect())
    }

    /// The glob that matches every text.
    #[must_use]
    pub fn any() -> Self {
        Self(vec![Token::Many])
    }

    /// Whether only so many texts match as there are characters for each place.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        let endless = |token: &Token| {
            matches!(token, Token::Many | Token::ManyInField | Token::ManyInSegment | Token::ManyWithin(_))
        };
        !self.0.iter().any(endless)
    }

    /// The same language in one spelling: runs of `*` are one, and `?` comes before the `*` beside it.
    pub(super) fn normal(&self) -> Vec<Token> {
        let mut out: Vec<Token> = Vec::with_capacity(self.0.len());
        for &token in &self.0 {
            let token = match token {
                Token::Fold(c) => fold(c),
                other => other,
            };
            match (out.last().copied(), token) {
                (Some(Token::Many), Token::Many | Token::ManyInField)
                | (Some(Token::ManyInField), Token::ManyInField) => {}
                (Some(Token::ManyInField), Token::Many) => {
                    out.pop();
                    // What stood before may be a `*` already.
                    if out.last() != Some(&Token::Many) {
                        out.push(Token::Many);
                    }
                }
                (Some(many @ Token::Many), Token::One)
                | (Some(many @ Token::ManyInField), Token::OneInField) => {
                    out.pop();
                    out.push(token);
                    out.push(many);
                }
                _ => out.push(token),
            }
        }
        out
    }
}

fn fold(c: char) -> Token {
    if c.is_ascii_alphabetic() { Token::Fold(c.to_ascii_lowercase()) } else { Token::Char(c) }
}

fn wildcard(c: char, plain: impl Fn(char) -> Token) -> Token {
    match c {
        '*' => Token::Many,
        '?' => Token::One,
        c => plain(c),
    }
}

impl fmt::Display for Glob {
    /// Writes `*` and `?`, with a `:` or `/` after them where they stay inside a field or a segment of it, and letters of any case in upper case.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for token in &self.0 {
            match token {
                Token::Char(c) => write!(f, "{c}")?,
                Token::Fold(c) => write!(f, "{}", c.to_ascii_uppercase())?,
                Token::One => f.write_str("?")?,
                Token::OneInField => f.write_str("?:")?,
                Token::Many => f.write_str("*")?,
                Token::ManyInField => f.write_str("*:")?,
                Token::OneInSegment => f.write_str("?/")?,
                Token::ManyInSegment => f.write_str("*/")?,
                Token::Within(class) => f.write_str(class.shown())?,
                Token::ManyWithin(class) => write!(f, "{}*", class.shown())?,
            }
        }
        Ok(())
    }
}

/// A pattern between two bounds, each a union of globs.
///
/// `lo` matches what the pattern matches on every reading, `hi` what it matches on some reading. Every text of `lo`
/// must also be one of `hi`; where it is not, the solver acts as if `hi` were the union of both.
/// Cloning is cheap: the globs are shared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    pub(super) lo: Arc<[Glob]>,
    pub(super) hi: Arc<[Glob]>,
}

impl Pattern {
    /// A pattern with one reading: the union of `globs`. No glob at all matches nothing.
    #[must_use]
    pub fn exact(globs: impl Into<Arc<[Glob]>>) -> Self {
        let lo = globs.into();
        Self { hi: Arc::clone(&lo), lo }
    }

    /// A pattern that matches at least the union `lo` and at most the union `hi`.
    #[must_use]
    pub fn bounds(lo: impl Into<Arc<[Glob]>>, hi: impl Into<Arc<[Glob]>>) -> Self {
        let (lo, hi) = (lo.into(), hi.into());
        if lo == hi { Self::exact(lo) } else { Self { lo, hi } }
    }

    /// The pattern that matches exactly `text`.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        Self::exact([Glob::literal(text)])
    }

    /// The globs that match on every reading.
    #[must_use]
    pub fn lo(&self) -> &[Glob] {
        &self.lo
    }

    /// The globs that match on some reading.
    #[must_use]
    pub fn hi(&self) -> &[Glob] {
        &self.hi
    }

    /// A hash that is the same on every run.
    pub(super) fn digest(&self) -> u32 {
        let words = |globs: &[Glob]| -> u32 {
            Index::hash(globs.iter().flat_map(|glob| {
                glob.0.iter().map(|token| match *token {
                    Token::Char(c) => c as u32,
                    Token::Fold(c) => 0x0100_0000 | c as u32,
                    Token::One => 0x0200_0000,
                    Token::OneInField => 0x0300_0000,
                    Token::Many => 0x0400_0000,
                    Token::ManyInField => 0x0500_0000,
                    Token::OneInSegment => 0x0800_0000,
                    Token::ManyInSegment => 0x0900_0000,
                    Token::Within(class) => 0x0600_0000 | class as u32,
                    Token::ManyWithin(class) => 0x0700_0000 | class as u32,
                })
            }))
        };
        let lo = words(&self.lo);
        if Arc::ptr_eq(&self.lo, &self.hi) { lo } else { lo.wrapping_mul(31).wrapping_add(words(&self.hi)) }
    }

    /// Whether both bounds are the same globs, so that only symbols can leave a match open.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        Arc::ptr_eq(&self.lo, &self.hi) || self.lo == self.hi
    }
}

impl From<Glob> for Pattern {
    fn from(glob: Glob) -> Self {
        Self::exact([glob])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_language_has_one_spelling() {
        for (from, to) in [("**", "*"), ("*?", "?*"), ("a*?*?b", "a??*b"), ("", ""), ("a*b", "a*b")] {
            assert_eq!(Glob(Glob::wildcards(from).normal()), Glob::wildcards(to), "{from}");
        }
        use Token::{Many, ManyInField, OneInField};
        assert_eq!(Glob(vec![ManyInField, OneInField, ManyInField]).normal(), [OneInField, ManyInField]);
        assert_eq!(Glob(vec![ManyInField, Many, ManyInField]).normal(), [Many]);
        assert_eq!(
            Glob(vec![Token::Fold('A'), Token::Fold('-')]).normal(),
            [Token::Fold('a'), Token::Char('-')]
        );
    }

    #[test]
    fn a_glob_prints_what_it_matches() {
        let glob = Glob(vec![Token::Char('a'), Token::Fold('b'), Token::ManyInField, Token::One]);
        assert_eq!(glob.to_string(), "aB*:?");
    }

    #[test]
    fn equal_bounds_are_exact() {
        assert!(Pattern::bounds([Glob::any()], [Glob::any()]).is_exact());
        assert!(!Pattern::bounds([], [Glob::any()]).is_exact());
    }
}
