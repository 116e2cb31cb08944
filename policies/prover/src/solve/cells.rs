//! The values of one variable, gathered into cells that no question tells apart.

use super::given::Given;
use super::machine::{Language, Machine, Runner, test};
use super::plan::{About, Asked, Question};
use super::problem::Variable;
use super::{Bound, Glob, Pattern, Point, Symbols};

/// Values that answer every question alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    Absent,
    /// The texts with this row of the joint automaton.
    Row(u32),
    /// The value of this number.
    Value(u32),
    Point(Point),
}

/// The cells of a variable, preferred ones first, each with its answers: one bit per question.
#[derive(Debug, Default)]
pub(super) struct Cells {
    cells: Vec<Cell>,
    answers: Vec<u32>,
    width: usize,
    questions: usize,
}

impl Cells {
    pub(super) fn new(questions: usize) -> Self {
        Self { width: questions.div_ceil(32).max(1), questions, ..Self::default() }
    }

    /// Adds a cell with what it answers to each question.
    pub(super) fn push(
        &mut self,
        cell: Cell,
        questions: &[Question],
        mut answer: impl FnMut(&Question) -> bool,
    ) {
        self.cells.push(cell);
        for chunk in 0..self.width {
            let part = questions.iter().skip(chunk * 32).take(32).enumerate();
            self.answers.push(part.fold(0, |word, (n, q)| word | u32::from(answer(q) != q.denied) << n));
        }
    }

    /// Adds the texts of a row, as [`Cells::push`] with [`answer_of_row`].
    pub(super) fn push_row(&mut self, row: u32, bits: &[u32], looks: &Looks) {
        self.cells.push(Cell::Row(row));
        let from = self.answers.len();
        self.answers.extend_from_slice(&looks.without);
        for bit in ones(bits) {
            for &question in looks.at.get(bit).into_iter().flatten() {
                if let Some(word) = self.answers.get_mut(from + question as usize / 32) {
                    *word ^= 1 << (question % 32);
                }
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// The cell of a number.
    pub(super) fn cell(&self, number: usize) -> Option<Cell> {
        self.cells.get(number).copied()
    }

    /// The answers of a cell, one bit per question.
    pub(super) fn answers(&self, number: usize) -> &[u32] {
        self.answers.get(number * self.width..(number + 1) * self.width).unwrap_or(&[])
    }

    /// How many questions there are.
    pub(super) fn questions(&self) -> usize {
        self.questions
    }

    /// The first cell that answers yes to all questions in `needed`.
    pub(super) fn first_with(&self, needed: &[u32]) -> Option<Cell> {
        (0..self.len()).find(|&n| covers(self.answers(n), needed)).and_then(|n| self.cell(n))
    }

    /// The cells worth trying: each other one answers yes only where one of these does too.
    ///
    /// Formulas never gain from a no, since denied questions are questions of their own.
    pub(super) fn best(&self) -> Vec<usize> {
        // Beyond this comparing costs more than it saves.
        if self.len() > 1024 {
            return (0..self.len()).collect();
        }
        let mut counts = vec![0u32; self.width * 32];
        for bit in (0..self.len()).flat_map(|cell| ones(self.answers(cell))) {
            if let Some(count) = counts.get_mut(bit) {
                *count += 1;
            }
        }
        let rarest = |cell: usize| ones(self.answers(cell)).min_by_key(|bit| counts.get(*bit).copied());
        let kept = (0..self.len()).filter(|&cell| {
            let own = self.answers(cell);
            // Only a cell with the same rare answer can be as good.
            let rarest = rarest(cell);
            let better = |other: usize| {
                let all = self.answers(other);
                other != cell
                    && rarest.is_none_or(|bit| test(all, bit as u32))
                    && covers(all, own)
                    && (other < cell || all != own)
            };
            !(0..self.len()).any(better)
        });
        kept.collect()
    }

    /// Which of these cells say yes to each question, a bit for each cell.
    pub(super) fn columns(&self, kept: &[usize]) -> Columns {
        let width = kept.len().div_ceil(32).max(1);
        let mut words = vec![0u32; width * self.questions];
        for (place, &cell) in kept.iter().enumerate() {
            for question in ones(self.answers(cell)) {
                if let Some(word) = words.get_mut(question * width + place / 32) {
                    *word |= 1 << (place % 32);
                }
            }
        }
        Columns { words, width }
    }
}

/// What some cells answer, question by question.
pub(super) struct Columns {
    words: Vec<u32>,
    width: usize,
}

impl Columns {
    /// Which cells say yes, by their places.
    pub(super) fn of(&self, question: usize) -> &[u32] {
        self.words.get(question * self.width..(question + 1) * self.width).unwrap_or(&[])
    }
}

/// Which questions look at which bit of a row.
pub(super) struct Looks {
    /// The answers of a row without any bit.
    without: Vec<u32>,
    /// For each bit the questions that it answers otherwise.
    at: Vec<Vec<u32>>,
}

impl Looks {
    pub(super) fn new(machine: &Machine<'_>, questions: &[Question]) -> Self {
        let mut new = Self { without: vec![0; questions.len().div_ceil(32).max(1)], at: Vec::new() };
        for (number, question) in (0u32..).zip(questions) {
            if answer_of_row(machine, &[], question) != question.denied
                && let Some(word) = new.without.get_mut(number as usize / 32)
            {
                *word |= 1 << (number % 32);
            }
            if let Some(bit) = bit_of(machine, question) {
                let bit = bit as usize;
                if new.at.len() <= bit {
                    new.at.resize_with(bit + 1, Vec::new);
                }
                new.at.get_mut(bit).into_iter().for_each(|at| at.push(number));
            }
        }
        new
    }
}

/// The places of the bits that are set.
fn ones(words: &[u32]) -> impl Iterator<Item = usize> + '_ {
    words.iter().enumerate().flat_map(|(at, &word)| {
        let mut left = word;
        std::iter::from_fn(move || {
            let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(at * 32 + bit)
        })
    })
}

/// Whether `all` has every bit of `some`.
pub(super) fn covers(all: &[u32], some: &[u32]) -> bool {
    all.iter().zip(some).all(|(all, some)| some & !all == 0)
}

/// What a text with this row answers.
pub(super) fn answer_of_row(machine: &Machine<'_>, row: &[u32], question: &Question) -> bool {
    match question.about {
        About::Present => true,
        _ => bit_of(machine, question).is_some_and(|bit| test(row, bit)),
    }
}

/// The bit of a row that a question looks at.
fn bit_of(machine: &Machine<'_>, question: &Question) -> Option<u32> {
    match question.about {
        About::Matches(pattern) | About::Any(pattern) | About::All(pattern) => machine
            .bits(pattern as usize)
            .map(|bits| if question.bound == Bound::Lo { bits.lo } else { bits.hi }),
        About::Present | About::Within(_) | About::True | About::Empty | About::SameAs(_) => None,
    }
}

/// The cells of an enumerated variable: its values.
pub(super) fn of_values(machine: &Machine<'_>, variable: &Variable, asked: &Asked) -> Cells {
    let mut cells = Cells::new(asked.questions.len());
    let mut runner = Runner::new(machine);
    let mut row = Vec::new();
    for (number, text) in variable.texts.iter().enumerate() {
        if let Some(state) = runner.run(text) {
            machine.row(state, &mut row);
            cells.push(Cell::Value(number as u32), &asked.questions, |q| answer_of_row(machine, &row, q));
        }
    }
    cells
}

/// As [`of_values`], without an automaton; `None` where a symbol has a say.
pub(super) fn of_plain_values(
    patterns: &[Pattern],
    symbols: &Symbols,
    variable: &Variable,
    asked: &Asked,
) -> Option<Cells> {
    let mut cells = Cells::new(asked.questions.len());
    for (number, text) in variable.texts.iter().enumerate() {
        let answer = |question: &Question| match question.about {
            About::Present => Some(true),
            About::Matches(pattern) => {
                patterns.get(pattern as usize)?.given(question.bound, Given::Text(text), symbols)
            }
            _ => Some(false),
        };
        let answers: Vec<bool> = asked.questions.iter().map(answer).collect::<Option<_>>()?;
        let mut answers = answers.into_iter();
        cells.push(Cell::Value(number as u32), &asked.questions, |_| answers.next().unwrap_or(false));
    }
    Some(cells)
}

/// The one cell of a text of which nothing is asked: absent, or else the first preferred text that it may be.
pub(super) fn of_any_text(language: &Language, symbols: &Symbols, variable: &Variable) -> Option<Cells> {
    let mut cells = Cells::new(0);
    if variable.optional {
        cells.push(Cell::Absent, &[], |_| false);
        return Some(cells);
    }
    for (number, text) in (0u32..).zip(variable.texts.iter()) {
        let is = |glob: &Glob| glob.given(Given::Text(text), symbols);
        let mut of_all = true;
        for union in language {
            if union.iter().any(|glob| is(glob) == Some(true)) {
                continue;
            }
            union.iter().all(|glob| is(glob) == Some(false)).then_some(())?;
            of_all = false;
        }
        if of_all {
            cells.push(Cell::Value(number), &[], |_| false);
            return Some(cells);
        }
    }
    None
}

/// The cells of an interval variable: what lies between the ends of its ranges.
pub(super) fn of_points(
    domain: &[(Point, Point)],
    preferred: &[Point],
    optional: bool,
    asked: &Asked,
) -> Cells {
    let mut cells = Cells::new(asked.questions.len());
    if optional {
        cells.push(Cell::Absent, &asked.questions, |_| false);
    }
    let ranges = || asked.ranges.iter().flatten().chain(domain).filter(|(from, to)| from <= to);
    // Every cell starts where a range starts or just after one ends, or at the start of a family.
    let mut starts: Vec<Point> = Vec::new();
    for &(from, to) in ranges() {
        starts.extend([from, Point { family: from.family, value: 0 }, Point { family: to.family, value: 0 }]);
        starts.extend(to.value.checked_add(1).map(|value| Point { value, ..to }));
    }
    if starts.is_empty() {
        starts.push(Point { family: 0, value: 0 });
    }
    starts.sort_unstable();
    starts.dedup();
    let inside = |ranges: &[(Point, Point)], point: Point| {
        ranges.iter().any(|&(from, to)| from <= point && point <= to)
    };
    for &point in preferred.iter().chain(&starts) {
        if domain.is_empty() || inside(domain, point) {
            cells.push(Cell::Point(point), &asked.questions, |question| match question.about {
                About::Present => true,
                About::Within(n) => asked.ranges.get(n as usize).is_some_and(|ranges| inside(ranges, point)),
                _ => false,
            });
        }
    }
    cells
}
