//! All globs of a variable as one automaton whose states are sets of positions.

use super::alphabet::{Alphabet, Letter, Next};
use super::interner::Index;
use super::symbol::{Shape, Symbols};
use super::{Class, Glob, Token};

/// A place in the tokens of all globs, one after the other.
pub(super) type Position = u32;

/// How many characters of a symbol's shortest text are counted where it may stand for part of a given text.
const MOST_ONES: usize = 64;

/// How a glob reads a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Mode {
    /// What holds whatever the symbol stands for.
    Lo,
    /// What holds for something that the symbol may stand for.
    Hi,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tok {
    /// One of two letters, which may be the same.
    Lit(Letter, Letter),
    One,
    OneInField,
    Many,
    ManyInField,
    OneInSegment,
    ManyInSegment,
    Within(Class),
    ManyWithin(Class),
    /// The rest of what the symbol before stands for, after a part of it was read inside another symbol's text.
    Tail,
    /// A `*` at the end: matched, whatever follows.
    Always,
    /// The end of the glob: matched if the text ends here.
    End,
}

/// The automaton of some globs, each compiled for one [`Mode`].
pub(super) struct Nfa<'s> {
    pub(super) alphabet: Alphabet,
    symbols: &'s Symbols,
    /// Whether the texts are given, so that a symbol in a glob may stand for a part of one.
    ///
    /// Otherwise a text that has what the symbol stands for is written with the symbol.
    fixed: bool,
    toks: Vec<Tok>,
    /// For each position its glob, and the first position of that glob.
    owner: Vec<(u32, Position)>,
    modes: Vec<Mode>,
    start: Vec<Position>,
    index: Index,
}

impl<'s> Nfa<'s> {
    pub(super) fn new(alphabet: Alphabet, symbols: &'s Symbols, fixed: bool) -> Self {
        Self {
            alphabet,
            symbols,
            fixed,
            toks: Vec::new(),
            owner: Vec::new(),
            modes: Vec::new(),
            start: Vec::new(),
            index: Index::default(),
        }
    }

    /// Adds a glob, unless it is there, and gives its number.
    pub(super) fn add(&mut self, glob: &Glob, mode: Mode) -> u32 {
        let mode = if self.alphabet.has_symbols { mode } else { Mode::Hi };
        let first = self.toks.len();
        let normal = glob.normal();
        let mut tokens = Vec::with_capacity(normal.len());
        for token in normal {
            self.expand(token, mode, &mut tokens);
        }
        let last = tokens.len().saturating_sub(1);
        for (at, token) in tokens.iter().enumerate() {
            let tok = match *token {
                Token::Char(c) => {
                    let letter = self.alphabet.letter(c);
                    self.toks.push(Tok::Lit(letter, letter));
                    if mode == Mode::Lo || self.fixed || self.alphabet.symbol(letter).is_none() {
                        continue;
                    }
                    Tok::Tail
                }
                Token::Fold(c) => {
                    Tok::Lit(self.alphabet.letter(c), self.alphabet.letter(c.to_ascii_uppercase()))
                }
                Token::One => Tok::One,
                Token::OneInField => Tok::OneInField,
                Token::Many if at == last => Tok::Always,
                Token::Many => Tok::Many,
                Token::ManyInField => Tok::ManyInField,
                Token::OneInSegment => Tok::OneInSegment,
                Token::ManyInSegment => Tok::ManyInSegment,
                Token::Within(class) => Tok::Within(class),
                Token::ManyWithin(class) => Tok::ManyWithin(class),
            };
            self.toks.push(tok);
        }
        if self.toks.last() != Some(&Tok::Always) || tokens.is_empty() {
            self.toks.push(Tok::End);
        }
        // The same tokens in the same mode are the same glob.
        let number = self.modes.len() as u32;
        let hash = Index::hash(self.toks.iter().skip(first).map(Tok::code).chain([mode as u32]));
        let (toks, modes, owner) = (&self.toks, &self.modes, &self.owner);
        let same = |other: u32| {
            let from = owner.partition_point(|&(glob, _)| glob < other);
            modes.get(other as usize) == Some(&mode)
                && toks.get(from..from + (toks.len() - first)) == toks.get(first..)
        };
        if let Some(found) = self.index.find_or_insert(hash, number, same) {
            self.toks.truncate(first);
            return found;
        }
        self.modes.push(mode);
        self.owner.resize(self.toks.len(), (number, first as Position));
        let mut start = std::mem::take(&mut self.start);
        self.enter(first as Position, &mut start);
        self.start = start;
        number
    }

    /// What a token of a glob becomes in this mode, and how many tokens that makes.
    pub(super) fn expand(&self, token: Token, mode: Mode, out: &mut Vec<Token>) -> usize {
        let before = out.len();
        match token {
            Token::Char(c) if mode == Mode::Hi && self.alphabet.has_symbols => match self.symbols.shape(c) {
                // What a symbol for any text matches may be any text.
                Some(Shape::Any) => out.push(Token::Many),
                Some(shape) if self.fixed && !self.symbols.is_created(c) => {
                    let (min, max) = shape.length();
                    out.extend(std::iter::repeat_n(Token::One, min.min(MOST_ONES)));
                    out.extend((max > min.min(MOST_ONES)).then_some(Token::Many));
                }
                _ => out.push(token),
            },
            _ => out.push(token),
        }
        out.len() - before
    }

    /// How many globs there are.
    pub(super) fn globs(&self) -> usize {
        self.modes.len()
    }

    /// The positions before the first letter.
    pub(super) fn start(&self) -> &[Position] {
        &self.start
    }

    pub(super) fn tok(&self, at: Position) -> Tok {
        self.toks.get(at as usize).copied().unwrap_or(Tok::End)
    }

    /// The glob that a position belongs to.
    pub(super) fn glob(&self, at: Position) -> u32 {
        self.owner.get(at as usize).map_or(0, |&(glob, _)| glob)
    }

    /// The position after a symbol that was read whole.
    fn after(&self, at: Position) -> Position {
        if self.tok(at + 1) == Tok::Tail { at + 2 } else { at + 1 }
    }

    /// For each position how many letters its glob still needs, at least.
    pub(super) fn letters_left(&self) -> Vec<u32> {
        let mut left: Vec<u32> = Vec::with_capacity(self.toks.len());
        for tok in self.toks.iter().rev() {
            let rest = left.last().copied().unwrap_or(0);
            left.push(match tok {
                Tok::End | Tok::Always => 0,
                Tok::Lit(..) | Tok::One | Tok::OneInField | Tok::OneInSegment | Tok::Within(_) => rest + 1,
                Tok::Many | Tok::ManyInField | Tok::ManyInSegment | Tok::ManyWithin(_) | Tok::Tail => rest,
            });
        }
        left.reverse();
        left
    }

    /// The place of a position in its glob.
    pub(super) fn place(&self, at: Position) -> usize {
        at.saturating_sub(self.first(at)) as usize
    }

    /// Whether being at `at` is being at the next position too.
    pub(super) fn skips(&self, at: Position) -> bool {
        matches!(
            self.tok(at),
            Tok::Many | Tok::ManyInField | Tok::ManyInSegment | Tok::ManyWithin(_) | Tok::Tail
        )
    }

    fn first(&self, at: Position) -> Position {
        self.owner.get(at as usize).map_or(0, |&(_, first)| first)
    }

    /// Adds a position, and those that a `*` there lets one skip to; drops those that a `*` makes superfluous.
    fn enter(&self, at: Position, out: &mut Vec<Position>) {
        let mut at = at;
        loop {
            let tok = self.tok(at);
            if matches!(tok, Tok::Many | Tok::Always) {
                // Whatever an earlier position of this glob can still match, the `*` matches too.
                let first = self.first(at);
                while out.last().is_some_and(|&last| last >= first && last < at) {
                    out.pop();
                }
            }
            insert(out, at);
            if !self.skips(at) {
                return;
            }
            at += 1;
        }
    }

    /// The positions after `letter`; `out` is emptied first.
    pub(super) fn step(&self, from: &[Position], letter: Letter, out: &mut Vec<Position>) {
        out.clear();
        if self.alphabet.has_symbols
            && let Some(symbol) = self.alphabet.symbol(letter)
        {
            self.step_symbol(from, letter, symbol, out);
            return;
        }
        let colon = letter == self.alphabet.colon;
        let ends = colon || letter == self.alphabet.slash;
        for &at in from {
            match self.tok(at) {
                Tok::Lit(one, two) if one == letter || two == letter => self.enter(at + 1, out),
                Tok::One => self.enter(at + 1, out),
                Tok::OneInField if !colon => self.enter(at + 1, out),
                Tok::Many | Tok::Always | Tok::Tail => self.enter(at, out),
                Tok::ManyInField if !colon => self.enter(at, out),
                Tok::OneInSegment if !ends => self.enter(at + 1, out),
                Tok::ManyInSegment if !ends => self.enter(at, out),
                Tok::Within(class) if self.alphabet.within(class).binary_search(&letter).is_ok() => {
                    self.enter(at + 1, out);
                }
                Tok::ManyWithin(class) if self.alphabet.within(class).binary_search(&letter).is_ok() => {
                    self.enter(at, out);
                }
                _ => {}
            }
        }
    }

    fn step_symbol(&self, from: &[Position], letter: Letter, symbol: char, out: &mut Vec<Position>) {
        let Some(shape) = self.symbols.shape(symbol) else { return };
        for &at in from {
            match self.tok(at) {
                Tok::Lit(one, _) if one == letter => self.enter(self.after(at), out),
                Tok::Always => self.enter(at, out),
                _ => {
                    let reached = match self.modes.get(self.glob(at) as usize) {
                        Some(Mode::Lo) => self.read_every(at, shape),
                        _ => self.read_some(at, symbol, shape),
                    };
                    for to in reached {
                        self.enter(to, out);
                    }
                }
            }
        }
    }

    /// The positions reached from `at` by some text of `shape`.
    fn read_some(&self, at: Position, symbol: char, shape: &Shape) -> Vec<Position> {
        let (mut min, max) = shape.length();
        let (mut now, mut reached) = (Vec::new(), Vec::new());
        // What another symbol alone leads to, which this one does not equal.
        let mut alone: Vec<Position> = Vec::new();
        self.close(at, &mut now);
        for n in 0usize.. {
            if n >= min {
                let taken = |to: &&Position| n != 1 || !alone.contains(to);
                now.iter().filter(taken).for_each(|&to| insert(&mut reached, to));
            }
            let next = Next::at(shape, n);
            if n >= max || next.is_none() {
                break;
            }
            let mut after = Vec::new();
            let mut inside = Vec::new();
            for &at in &now {
                match self.tok(at) {
                    Tok::Lit(one, two) => match self.alphabet.symbol(one) {
                        // This text may hold what the other symbol stands for, of whatever length.
                        Some(other) => {
                            min = 0;
                            let past = self.after(at);
                            if n > 0 {
                                // It may also hold only the start of it.
                                self.close(at + 1, &mut after);
                            } else if self.symbols.may_be_equal(symbol, other) {
                                self.close(past, &mut after);
                            } else {
                                self.close(past, &mut alone);
                                self.close(past, &mut inside);
                            }
                        }
                        None if next.meets(&self.alphabet, one, two).0 => self.close(at + 1, &mut after),
                        None => {}
                    },
                    Tok::One => self.close(at + 1, &mut after),
                    Tok::OneInField if next.stays_in_field().0 => self.close(at + 1, &mut after),
                    Tok::Many | Tok::Always | Tok::Tail => self.close(at, &mut after),
                    Tok::ManyInField if next.stays_in_field().0 => self.close(at, &mut after),
                    Tok::OneInSegment if next.stays_in_segment().0 => self.close(at + 1, &mut after),
                    Tok::ManyInSegment if next.stays_in_segment().0 => self.close(at, &mut after),
                    Tok::Within(class) if next.stays_within(class).0 => self.close(at + 1, &mut after),
                    Tok::ManyWithin(class) if next.stays_within(class).0 => self.close(at, &mut after),
                    _ => {}
                }
            }
            alone.retain(|to| !after.contains(to));
            inside.iter().for_each(|&to| insert(&mut after, to));
            if after.is_empty() {
                break;
            }
            if n > usize::from(!alone.is_empty()) && after == now {
                // Longer texts change nothing.
                now.iter().for_each(|&to| insert(&mut reached, to));
                break;
            }
            now = after;
        }
        reached
    }

    /// Positions reached from `at` by every text of `shape`: those reached over letters that every text has there.
    fn read_every(&self, at: Position, shape: &Shape) -> Vec<Position> {
        let (min, max) = shape.length();
        let mut now = Vec::new();
        let mut reached: Option<Vec<Position>> = None;
        self.close(at, &mut now);
        for n in 0usize.. {
            if n >= min {
                match &mut reached {
                    Some(reached) => reached.retain(|to| now.contains(to)),
                    None => reached = Some(now.clone()),
                }
            }
            let next = Next::at(shape, n);
            if n >= max || next.is_none() {
                break;
            }
            let mut after = Vec::new();
            for &at in &now {
                match self.tok(at) {
                    Tok::Lit(one, two) if next.meets(&self.alphabet, one, two).1 => {
                        self.close(at + 1, &mut after)
                    }
                    Tok::One => self.close(at + 1, &mut after),
                    Tok::OneInField if next.stays_in_field().1 => self.close(at + 1, &mut after),
                    Tok::Many | Tok::Always => self.close(at, &mut after),
                    Tok::ManyInField if next.stays_in_field().1 => self.close(at, &mut after),
                    Tok::OneInSegment if next.stays_in_segment().1 => self.close(at + 1, &mut after),
                    Tok::ManyInSegment if next.stays_in_segment().1 => self.close(at, &mut after),
                    Tok::Within(class) if next.stays_within(class).1 => self.close(at + 1, &mut after),
                    Tok::ManyWithin(class) if next.stays_within(class).1 => self.close(at, &mut after),
                    _ => {}
                }
            }
            if after.is_empty() {
                return after;
            }
            if n > 0 && after == now {
                return reached.unwrap_or(now);
            }
            now = after;
        }
        // A shape without any text: nothing is promised.
        reached.unwrap_or_default()
    }

    /// Like [`Nfa::enter`], without dropping anything.
    fn close(&self, at: Position, out: &mut Vec<Position>) {
        let mut at = at;
        loop {
            insert(out, at);
            if !self.skips(at) {
                return;
            }
            at += 1;
        }
    }
}

impl Tok {
    fn code(&self) -> u32 {
        match *self {
            Self::Lit(one, two) => u32::from(one) << 16 | u32::from(two),
            Self::One => 0xFFFF_0001,
            Self::OneInField => 0xFFFF_0002,
            Self::Many => 0xFFFF_0003,
            Self::ManyInField => 0xFFFF_0004,
            Self::Always => 0xFFFF_0005,
            Self::End => 0xFFFF_0006,
            Self::Within(class) => 0xFFFF_0010 | class as u32,
            Self::ManyWithin(class) => 0xFFFF_0020 | class as u32,
            Self::Tail => 0xFFFF_0007,
            Self::OneInSegment => 0xFFFF_0008,
            Self::ManyInSegment => 0xFFFF_0009,
        }
    }
}

/// Keeps `out` sorted and without repetition; what is added mostly belongs at the end.
fn insert(out: &mut Vec<Position>, at: Position) {
    match out.last() {
        Some(&last) if last >= at => {
            if let Err(place) = out.binary_search(&at) {
                out.insert(place, at);
            }
        }
        _ => out.push(at),
    }
}
