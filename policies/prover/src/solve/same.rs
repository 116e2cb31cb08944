//! Variables that are compared with each other: equal texts lie in one row, and a row has only so many texts.

use batsat::Lit;

use super::cells::{Cell, Cells};
use super::explore::Explored;
use super::machine::{Machine, Runner};
use super::members;
use super::sat::{Sat, Truth};

/// Most variables that may be compared with each other.
pub(crate) const MOST_COMPARED: usize = 6;

/// One of the compared variables: its cells and the literal of each.
pub(super) struct Member<'c> {
    pub(super) var: u32,
    pub(super) cells: &'c Cells,
    /// None for a single cell, which is then chosen.
    pub(super) lits: &'c [Lit],
}

impl Member<'_> {
    /// What stands for the choice of a cell.
    fn takes(&self, cell: Cell) -> Truth {
        match (0..self.cells.len()).find(|&n| self.cells.cell(n) == Some(cell)) {
            Some(n) => self.lits.get(n).map_or(Truth::Const(true), |&lit| Truth::If(lit)),
            None => Truth::Const(false),
        }
    }

    /// The row that the solution takes.
    pub(super) fn row(&self, sat: &Sat) -> Option<u32> {
        let chosen = |n: &usize| self.lits.get(*n).is_none_or(|&lit| sat.holds(lit));
        match (0..self.cells.len()).find(chosen).and_then(|n| self.cells.cell(n)) {
            Some(Cell::Row(row)) => Some(row),
            _ => None,
        }
    }
}

/// Which pairs of variables are equal: (one, other, literal), by place in the group.
pub(super) type Pairs = Vec<(usize, usize, Lit)>;

/// Adds a literal per pair of variables, which holds exactly if their texts are equal.
pub(super) fn compare(
    sat: &mut Sat,
    machine: &Machine<'_>,
    explored: &Explored,
    members: &[Member<'_>],
) -> Pairs {
    let mut pairs = Vec::new();
    for one in 0..members.len() {
        for two in one + 1..members.len() {
            pairs.push((one, two, sat.fresh()));
        }
    }
    let rows = explored.rows().len() as u32;
    let counts = members::count(explored, machine, members.len());
    for &(one, two, equal) in &pairs {
        let (Some(one), Some(two)) = (members.get(one), members.get(two)) else { continue };
        for member in [one, two] {
            demand(sat, [member.takes(Cell::Absent).not(), Truth::If(!equal)]);
        }
        for row in (0..rows).map(Cell::Row) {
            let (one, two) = (one.takes(row), two.takes(row));
            demand(sat, [one.not(), two, Truth::If(!equal)]);
            demand(sat, [two.not(), one, Truth::If(!equal)]);
        }
    }
    let equal = |one: usize, two: usize| {
        pairs.iter().find(|pair| (pair.0, pair.1) == (one.min(two), one.max(two))).map(|pair| pair.2)
    };
    for one in 0..members.len() {
        for &(two, three, last) in pairs.iter().filter(|pair| pair.0 != one && pair.1 != one) {
            if let (Some(first), Some(second)) = (equal(one, two), equal(one, three)) {
                sat.clause([!first, !second, last]);
            }
        }
    }
    // More variables in a row than it has texts: two of them are equal.
    for (row, &count) in (0..rows).zip(&counts).filter(|&(_, &count)| count < members.len()) {
        for some in 0u32..1 << members.len() {
            if some.count_ones() as usize != count + 1 {
                continue;
            }
            let inside = |place: usize| some >> place & 1 == 1;
            let here = members.iter().enumerate().filter(|&(place, _)| inside(place));
            let clause: Vec<Truth> = here
                .map(|(_, member)| member.takes(Cell::Row(row)).not())
                .chain(
                    pairs
                        .iter()
                        .filter(|pair| inside(pair.0) && inside(pair.1))
                        .map(|pair| Truth::If(pair.2)),
                )
                .collect();
            demand(sat, clause);
        }
    }
    pairs
}

fn demand(sat: &mut Sat, clause: impl IntoIterator<Item = Truth>) {
    let mut lits = Vec::new();
    for truth in clause {
        match truth {
            Truth::Const(true) => return,
            Truth::Const(false) => {}
            Truth::If(lit) => lits.push(lit),
        }
    }
    sat.clause(lits);
}

/// A text for each variable that has one, equal where the solution says so; `preferred` ones if they fit.
pub(super) fn texts<'t>(
    sat: &Sat,
    machine: &Machine<'_>,
    explored: &Explored,
    members: &[Member<'_>],
    pairs: &Pairs,
    preferred: impl Iterator<Item = &'t str> + Clone,
) -> Vec<Option<String>> {
    let mut found: Vec<Option<String>> = Vec::with_capacity(members.len());
    for (place, member) in members.iter().enumerate() {
        let Some(row) = member.row(sat) else {
            found.push(None);
            continue;
        };
        let same = pairs.iter().find(|pair| pair.1 == place && sat.holds(pair.2)).map(|pair| pair.0);
        if let Some(text) = same.and_then(|same| found.get(same)).cloned().flatten() {
            found.push(Some(text));
            continue;
        }
        let mut runner = Runner::new(machine);
        let mut bits = Vec::new();
        let mut fits = |text: &str| {
            let Some(state) = runner.run(text) else { return false };
            machine.row(state, &mut bits);
            explored.rows().find(&bits) == Some(row)
        };
        let free = |text: &str| !found.iter().flatten().any(|taken| taken == text);
        let text = match preferred.clone().filter(|text| free(text)).find(|text| fits(text)) {
            Some(text) => Some(text.to_owned()),
            None => {
                members::texts(explored, machine, row, members.len() + 1).into_iter().find(|text| free(text))
            }
        };
        found.push(text);
    }
    found
}
