//! The values of one variable, gathered into cells that no question tells apart.

use super::machine::{Machine, Runner, test};
use super::plan::{About, Asked, Question};
use super::problem::Variable;
use super::{Bound, Point};

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
    pub(super) fn push(&mut self, cell: Cell, questions: &[Question], answer: impl Fn(&Question) -> bool) {
        self.cells.push(cell);
        for chunk in 0..self.width {
            let part = questions.iter().skip(chunk * 32).take(32).enumerate();
            self.answers.push(part.fold(0, |word, (n, q)| word | u32::from(answer(q) != q.denied) << n));
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
        let mut kept: Vec<usize> = Vec::new();
        // Beyond this comparing costs more than it saves.
        let all = self.len() > 1024;
        for n in 0..self.len() {
            let new = self.answers(n);
            if all {
                kept.push(n);
            } else if !kept.iter().any(|&old| covers(self.answers(old), new)) {
                kept.retain(|&old| !covers(new, self.answers(old)));
                kept.push(n);
            }
        }
        kept
    }
}

/// Whether `all` has every bit of `some`.
pub(super) fn covers(all: &[u32], some: &[u32]) -> bool {
    all.iter().zip(some).all(|(all, some)| some & !all == 0)
}

/// What a text with this row answers.
pub(super) fn answer_of_row(machine: &Machine<'_>, row: &[u32], question: &Question) -> bool {
    match question.about {
        About::Present => true,
        About::Matches(pattern) | About::Any(pattern) | About::All(pattern) => machine
            .bits(pattern as usize)
            .is_some_and(|bits| test(row, if question.bound == Bound::Lo { bits.lo } else { bits.hi })),
        About::Within(_) | About::True | About::Empty | About::SameAs(_) => false,
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
