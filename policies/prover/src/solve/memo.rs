//! Problems that were decided before, told apart by all that decides them and by no name.
//!
//! Most buckets of a large deployment differ in names only, and most of their problems do not even differ in these: what
//! a pattern says of the bucket's own name is settled when a policy is lowered.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::problem::{Kind, Problem, Variable};
use super::{Bound, Formula, Glob, Leaf, Pattern, Point, Predicate, Shape, Token, Var, Wish};

/// What [`Problem::decide`] answered, by what was asked.
#[derive(Debug, Default)]
pub(crate) struct Memo(Mutex<BTreeMap<Box<[u32]>, Answer>>);

/// What became of the wishes; nothing where there is no solution.
type Answer = Option<Vec<Wish>>;

/// How many answers are kept, so that memory stays small where no two problems are alike.
const MOST: usize = 4096;

impl Memo {
    /// How many answers are kept.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// As [`Problem::decide`], from memory where the same was asked before.
    ///
    /// # Errors
    /// As there; errors are not kept.
    pub(crate) fn decide(&self, problem: &Problem, wishes: &[(Formula, Bound)]) -> Result<Answer, String> {
        let key = key(problem, wishes);
        // A thread that panicked left whole entries behind.
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.clone());
        }
        let answer = problem.decide(wishes)?;
        if !answer.iter().flatten().any(|wish| *wish == Wish::Undecided) {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() < MOST {
                known.insert(key, answer.clone());
            }
        }
        Ok(answer)
    }
}

/// All that the answer depends on, with variables and symbols numbered as they come.
///
/// Equal keys have equal answers: a variable counts by its kind and its values, a symbol by its shape and by which others
/// it differs from. Names of variables and preferred texts, which only witnesses show, are left out.
fn key(problem: &Problem, wishes: &[(Formula, Bound)]) -> Box<[u32]> {
    let mut writer = Writer {
        problem,
        variables: vec![None; problem.variables.len()],
        met: 0,
        symbols: BTreeMap::new(),
        out: Vec::with_capacity(4096),
    };
    writer.number(problem.limits.states);
    writer.number(usize::try_from(problem.limits.conflicts).unwrap_or(usize::MAX));
    for list in [problem.asserted.as_slice(), wishes] {
        writer.number(list.len());
        for (formula, bound) in list {
            writer.out.push(u32::from(*bound == Bound::Hi));
            writer.formula(formula);
        }
    }
    // A variable that nothing is asked of can still be one without any value.
    for number in 0..problem.variables.len() {
        writer.variable(Var(u32::try_from(number).unwrap_or(u32::MAX)));
    }
    writer.out.into_boxed_slice()
}

struct Writer<'p> {
    problem: &'p Problem,
    /// The number of each variable that was met.
    variables: Vec<Option<u32>>,
    met: u32,
    symbols: BTreeMap<char, u32>,
    out: Vec<u32>,
}

/// What comes before each thing in a key, so that no two different things are written alike.
mod tag {
    pub(super) const VARIABLE: u32 = 0xF000_0000;
    pub(super) const NEW_VARIABLE: u32 = 0xF100_0000;
    pub(super) const SYMBOL: u32 = 0xF200_0000;
    pub(super) const NEW_SYMBOL: u32 = 0xF300_0000;
}

impl Writer<'_> {
    fn number(&mut self, number: usize) {
        let number = number as u64;
        self.out.extend([(number >> 32) as u32, number as u32]);
    }

    fn formula(&mut self, formula: &Formula) {
        match formula {
            Formula::Const(value) => self.out.push(u32::from(*value)),
            // The number only names the reason.
            Formula::Open(_) => self.out.push(2),
            Formula::Not(inner) => {
                self.out.push(3);
                self.formula(inner);
            }
            Formula::And(parts) | Formula::Or(parts) => {
                self.out.push(if matches!(formula, Formula::And(_)) { 4 } else { 5 });
                self.number(parts.len());
                parts.iter().for_each(|part| self.formula(part));
            }
            Formula::Leaf(Leaf { var, predicate }) => {
                self.out.push(6);
                self.variable(*var);
                self.predicate(predicate);
            }
        }
    }

    fn predicate(&mut self, predicate: &Predicate) {
        match predicate {
            Predicate::Present => self.out.push(0),
            Predicate::True => self.out.push(1),
            Predicate::Empty => self.out.push(2),
            Predicate::Matches(pattern) => self.pattern(3, pattern),
            Predicate::AnyElement(pattern) => self.pattern(4, pattern),
            Predicate::AllElements(pattern) => self.pattern(5, pattern),
            Predicate::Within(ranges) => {
                self.out.push(6);
                self.ranges(ranges);
            }
            Predicate::SameAs(other) => {
                self.out.push(7);
                self.variable(*other);
            }
        }
    }

    fn pattern(&mut self, kind: u32, pattern: &Pattern) {
        self.out.push(kind);
        self.globs(pattern.hi());
        if pattern.is_exact() {
            self.out.push(0);
        } else {
            self.out.push(1);
            self.globs(pattern.lo());
        }
    }

    fn ranges(&mut self, ranges: &[(Point, Point)]) {
        self.number(ranges.len());
        for point in ranges.iter().flat_map(|(from, to)| [from, to]) {
            self.out.push(u32::from(point.family));
            self.out.extend([96, 64, 32, 0].map(|shift| (point.value >> shift) as u32));
        }
    }

    fn globs(&mut self, globs: &[Glob]) {
        self.number(globs.len());
        for glob in globs {
            self.number(glob.0.len());
            self.out.reserve(glob.0.len());
            glob.0.iter().for_each(|token| self.token(*token));
        }
    }

    fn token(&mut self, token: Token) {
        match token {
            Token::Char(c) => self.character(0, c),
            Token::Fold(c) => self.character(0x0100_0000, c),
            Token::One => self.out.push(0x0200_0000),
            Token::OneInField => self.out.push(0x0300_0000),
            Token::Many => self.out.push(0x0400_0000),
            Token::ManyInField => self.out.push(0x0500_0000),
            Token::OneInSegment => self.out.push(0x0600_0000),
            Token::ManyInSegment => self.out.push(0x0700_0000),
            Token::Within(class) => self.out.push(0x0800_0000 | class as u32),
            Token::ManyWithin(class) => self.out.push(0x0900_0000 | class as u32),
        }
    }

    fn character(&mut self, kind: u32, c: char) {
        let symbols = &self.problem.symbols;
        if !symbols.is_symbol(c) {
            self.out.push(kind | u32::from(c));
            return;
        }
        self.out.push(kind);
        let next = u32::try_from(self.symbols.len()).unwrap_or(u32::MAX);
        if let Some(known) = self.symbols.get(&c) {
            self.out.push(tag::SYMBOL | known);
            return;
        }
        self.symbols.insert(c, next);
        self.out.extend([tag::NEW_SYMBOL, u32::from(symbols.is_created(c))]);
        self.shape(symbols.shape(c));
    }

    fn shape(&mut self, shape: Option<&Shape>) {
        match shape {
            None => self.out.push(0),
            Some(Shape::Any) => self.out.push(1),
            Some(Shape::Word { first, rest, min, max }) => {
                self.out.push(2);
                self.number(*min);
                self.number(*max);
                for ranges in [first, rest] {
                    self.number(ranges.len());
                    self.out.extend(ranges.iter().flat_map(|(from, to)| [u32::from(*from), u32::from(*to)]));
                }
            }
        }
    }

    fn variable(&mut self, var: Var) {
        // What is no variable of the problem is open, whichever it is.
        match self.variables.get_mut(var.0 as usize) {
            Some(Some(known)) => return self.out.push(tag::VARIABLE | *known),
            Some(slot) => {
                *slot = Some(self.met);
                self.met += 1;
            }
            None => {}
        }
        self.out.push(tag::NEW_VARIABLE);
        let problem = self.problem;
        let Some(Variable { kind, optional, texts, name: _ }) = problem.variables.get(var.0 as usize) else {
            return;
        };
        self.out.push(u32::from(*optional));
        match kind {
            Kind::Flag => self.out.push(0),
            Kind::Text { language } | Kind::Set { language } => {
                self.out.push(if matches!(kind, Kind::Text { .. }) { 1 } else { 2 });
                self.number(language.len());
                language.iter().for_each(|union| self.globs(union));
            }
            Kind::Enumerated => {
                self.out.push(3);
                self.number(texts.len());
                for text in texts.iter() {
                    self.number(text.len());
                    text.chars().for_each(|c| self.character(0, c));
                }
            }
            Kind::Interval { domain, points: _ } => {
                self.out.push(4);
                self.ranges(domain);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solve::{Limits, Symbols};

    const A: char = '\u{F0000}';
    const B: char = '\u{F0001}';

    /// Asks whether a variable of this name can be `text` and not `without`.
    fn decide(memo: &Memo, symbols: &Symbols, name: &str, text: &str, without: &str) {
        let mut problem = Problem::new(Limits::default(), symbols.clone());
        let var = problem.text(name, vec![], false, vec![format!("preferred by {name}")]);
        let matches = |text: &str| Formula::matches(var, Pattern::literal(text));
        problem.assert(Formula::and([matches(text), !matches(without)]), Bound::Hi);
        assert_eq!(memo.decide(&problem, &[]), problem.decide(&[]), "{text:?} without {without:?}");
    }

    fn symbols(a: &[(char, bool)]) -> Symbols {
        let word = Shape::Word { first: vec![('a', 'z')], rest: vec![('a', 'z')], min: 2, max: 9 };
        let mut symbols = Symbols::new();
        for (symbol, created) in a {
            if *created {
                symbols.created(*symbol, word.clone())
            } else {
                symbols.foreign(*symbol, word.clone())
            }
        }
        symbols
    }

    #[test]
    fn names_and_symbols_are_no_difference() {
        let memo = Memo::default();
        let both = symbols(&[(A, true), (B, true)]);
        decide(&memo, &both, "x", &format!("m{A}"), &format!("m{B}"));
        assert_eq!(memo.len(), 1);
        decide(&memo, &both, "y", &format!("m{B}"), &format!("m{A}"));
        assert_eq!(memo.len(), 1);
    }

    #[test]
    fn what_decides_is_one() {
        let memo = Memo::default();
        let (both, one) = (symbols(&[(A, true), (B, true)]), symbols(&[(A, true), (B, false)]));
        let (a, b) = (format!("m{A}"), format!("m{B}"));
        let cases: [(&Symbols, &str, &str); 7] = [
            (&both, &a, &b),
            (&both, &a, &a),
            (&one, &a, &b),
            (&one, &b, &a),
            (&both, &a, "mx"),
            (&both, "mx", "mx"),
            (&both, "mx", "my"),
        ];
        for (count, (symbols, text, without)) in (1..).zip(cases) {
            decide(&memo, symbols, "x", text, without);
            assert_eq!(memo.len(), count, "{text:?} without {without:?} was taken for another");
        }
    }
}
