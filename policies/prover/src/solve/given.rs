//! What a formula is where the values of some variables are given, without any search.

use super::{Bound, Formula, Glob, Leaf, Pattern, Point, Predicate, Symbols, Token, Var};

/// What is known of a variable's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Given<'t> {
    /// There is none.
    Absent,
    /// A text.
    Text(&'t str),
    /// How a text begins.
    Start(&'t str),
    /// A point.
    Point(Point),
    /// Whether a flag is set.
    Flag(bool),
    /// The one text of a set.
    Element(&'t str),
}

impl Formula {
    /// Whether the formula holds on a reading of all requests in which variables have these values.
    ///
    /// `None` where that hangs on other variables, on how a text goes on, or on a symbol.
    pub(crate) fn given<'t>(
        &self,
        bound: Bound,
        values: &impl Fn(Var) -> Option<Given<'t>>,
        symbols: &Symbols,
    ) -> Option<bool> {
        match self {
            Self::Const(value) => Some(*value),
            Self::Open(_) => Some(bound == Bound::Hi),
            Self::Not(inner) => inner.given(!bound, values, symbols).map(|holds| !holds),
            Self::And(parts) => decided(parts.iter().map(|part| part.given(bound, values, symbols)), false),
            Self::Or(parts) => decided(parts.iter().map(|part| part.given(bound, values, symbols)), true),
            Self::Leaf(Leaf { var, predicate }) => predicate.given(bound, values(*var)?, symbols),
        }
    }
}

impl Predicate {
    fn given(&self, bound: Bound, value: Given<'_>, symbols: &Symbols) -> Option<bool> {
        match (self, value) {
            (Self::Present, Given::Flag(_)) => None,
            (Self::Present, value) => Some(value != Given::Absent),
            (Self::Matches(_) | Self::Within(_) | Self::AnyElement(_) | Self::SameAs(_), Given::Absent) => {
                Some(false)
            }
            (Self::AllElements(_) | Self::Empty, Given::Absent) => Some(true),
            (Self::Matches(pattern), Given::Text(_) | Given::Start(_)) => {
                pattern.given(bound, value, symbols)
            }
            (Self::Within(ranges), Given::Point(point)) => {
                Some(ranges.iter().any(|&(from, to)| from <= point && point <= to))
            }
            (Self::True, Given::Flag(set)) => Some(set),
            (Self::AnyElement(pattern) | Self::AllElements(pattern), Given::Element(text)) => {
                pattern.given(bound, Given::Text(text), symbols)
            }
            (Self::Empty, Given::Element(_)) => Some(false),
            _ => None,
        }
    }
}

/// The first part that is `value` decides; else all must be known.
fn decided(parts: impl Iterator<Item = Option<bool>>, value: bool) -> Option<bool> {
    let mut all = Some(!value);
    for part in parts {
        match part {
            Some(part) if part == value => return Some(value),
            Some(_) => {}
            None => all = None,
        }
    }
    all
}

impl Pattern {
    /// Whether the pattern matches a text on a reading; `None` where that cannot be told.
    pub(super) fn given(&self, bound: Bound, text: Given<'_>, symbols: &Symbols) -> Option<bool> {
        let of = |globs: &[Glob]| decided(globs.iter().map(|glob| glob.given(text, symbols)), true);
        match bound {
            Bound::Hi if !self.is_exact() => decided([of(&self.lo), of(&self.hi)].into_iter(), true),
            _ => of(&self.lo),
        }
    }
}

impl Glob {
    /// Whether the glob matches a text; `None` where that hangs on how the text goes on, or on a symbol.
    pub(super) fn given(&self, text: Given<'_>, symbols: &Symbols) -> Option<bool> {
        let (Given::Text(known) | Given::Start(known)) = text else { return None };
        let mut tokens = self.0.as_slice();
        let mut rest = known.chars();
        // Up to the first `*` there is one way to match, and most texts differ early.
        while let Some((token, later)) = tokens.split_first().filter(|(token, _)| !repeats(token)) {
            let unknown = matches!(token, Token::Char(own) if symbols.is_symbol(*own));
            let Some(c) = rest.next() else {
                let unsure = unknown || matches!(text, Given::Start(_));
                return if unsure { None } else { Some(false) };
            };
            if unknown || symbols.is_symbol(c) {
                return None;
            }
            if !fits(token, c) {
                return Some(false);
            }
            tokens = later;
        }
        if tokens == [Token::Many] {
            return Some(true);
        }
        let places = Places::of(tokens, symbols)?;
        let mut at = places.closed(1);
        for c in rest {
            if at == 0 {
                return Some(false);
            }
            if symbols.is_symbol(c) {
                return None;
            }
            at = places.step(at, c);
        }
        match text {
            Given::Start(_) if at == 0 => Some(false),
            Given::Start(_) => places.takes_all(at).then_some(true),
            _ => Some(at & places.end() != 0),
        }
    }
}

/// Whether a token may take any number of characters.
fn repeats(token: &Token) -> bool {
    matches!(token, Token::Many | Token::ManyInField | Token::ManyInSegment | Token::ManyWithin(_))
}

/// Whether a token takes a character.
fn fits(token: &Token, c: char) -> bool {
    match *token {
        Token::Char(own) => c == own,
        Token::Fold(own) => c.eq_ignore_ascii_case(&own),
        Token::One | Token::Many => true,
        Token::OneInField | Token::ManyInField => c != ':',
        Token::OneInSegment | Token::ManyInSegment => c != ':' && c != '/',
        Token::Within(class) | Token::ManyWithin(class) => class.contains(c),
    }
}

/// The places between a few tokens, as bits.
struct Places<'g>(&'g [Token]);

impl<'g> Places<'g> {
    /// `None` where there are too many tokens, or symbols among them.
    fn of(tokens: &'g [Token], symbols: &Symbols) -> Option<Self> {
        const MOST: usize = 127;
        let plain = |token: &Token| !matches!(token, Token::Char(c) if symbols.is_symbol(*c));
        (tokens.len() <= MOST && tokens.iter().all(plain)).then_some(Self(tokens))
    }

    /// The place after all tokens.
    fn end(&self) -> u128 {
        1 << self.0.len()
    }

    /// Whether some of the places is before a last `*`, which takes whatever comes.
    fn takes_all(&self, at: u128) -> bool {
        self.0.last() == Some(&Token::Many) && at & (self.end() >> 1) != 0
    }

    /// The places, and those that a `*` before them lets one skip to.
    fn closed(&self, at: u128) -> u128 {
        let mut at = at;
        for (place, token) in self.0.iter().enumerate() {
            if at >> place & 1 == 1 && repeats(token) {
                at |= 1 << (place + 1);
            }
        }
        at
    }

    fn step(&self, at: u128, c: char) -> u128 {
        let mut next = 0;
        for (place, token) in self.0.iter().enumerate() {
            if at >> place & 1 == 1 && fits(token, c) {
                next |= 1 << (place + usize::from(!repeats(token)));
            }
        }
        self.closed(next)
    }
}
