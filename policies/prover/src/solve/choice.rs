//! How the values of one variable become literals of the SAT solver.

use batsat::Lit;
use std::sync::Arc;

use super::cells::{Cell, Cells, Looks, answer_of_row};
use super::explore::Explored;
use super::machine::{Machine, test};
use super::plan::{About, Asked};
use super::problem::Variable;
use super::sat::{Sat, Truth};

/// How a variable's value is chosen.
pub(super) enum Choice {
    /// Any cell that answers as the solution says.
    OneOf(Cells),
    /// Exactly the cell whose literal holds; there is none for a single cell.
    Exactly(Cells, Vec<Lit>),
    Flag(Lit),
    /// Any of these rows, each by its literal, and whether the set is present at all.
    Some {
        rows: Vec<(u32, Lit)>,
        present: Truth,
    },
    /// A text that is searched when the solution is known.
    Later,
}

/// The joint automaton of a group of variables, walked where somebody needs it and it is not too large.
pub(super) struct Automaton<'p> {
    pub(super) machine: Machine<'p>,
    pub(super) explored: Option<Arc<Explored>>,
}

/// The cells of a text variable: absent, and the rows of its automaton that its language has.
pub(super) fn cells_of_texts(automaton: Option<&Automaton<'_>>, variable: &Variable, asked: &Asked) -> Cells {
    let mut cells = Cells::new(asked.questions.len());
    if variable.optional {
        cells.push(Cell::Absent, &asked.questions, |_| false);
    }
    if let Some(Automaton { machine, explored: Some(explored) }) = automaton {
        let looks = Looks::new(machine, &asked.questions);
        for row in 0..explored.rows().len() as u32 {
            let bits = explored.rows().get(row);
            if test(bits, machine.language_bit(asked.group.1 as usize)) {
                cells.push_row(row, bits, &looks);
            }
        }
    }
    cells
}

/// One literal for each of `count` cells, of which exactly one holds; none for a single cell.
pub(super) fn selectors(sat: &mut Sat, count: usize) -> Vec<Lit> {
    match count {
        0 | 1 => Vec::new(),
        2 => {
            let lit = sat.fresh();
            vec![!lit, lit]
        }
        _ => {
            let lits: Vec<Lit> = (0..count).map(|_| sat.fresh()).collect();
            sat.exactly_one(&lits);
            lits
        }
    }
}

/// What stands for a yes to a question, given which of the cells worth trying say so (a bit each) and their literals.
fn membership(sat: &mut Sat, yes: &[u32], count: usize, lits: &[Lit]) -> Truth {
    let agree: usize = yes.iter().map(|word| word.count_ones() as usize).sum();
    if agree == 0 || agree == count {
        return Truth::Const(agree > 0);
    }
    let of = |answer: bool| {
        lits.iter()
            .enumerate()
            .filter(move |&(cell, _)| test(yes, cell as u32) == answer)
            .map(|(_, &lit)| lit)
    };
    if agree == 1 {
        return of(true).next().map_or(Truth::Const(false), Truth::If);
    }
    let others = count - agree;
    if others == 1 {
        return of(false).next().map_or(Truth::Const(true), |lit| Truth::If(!lit));
    }
    let result = sat.fresh();
    if agree <= 2 * others {
        sat.clause(of(true).chain([!result]));
    } else {
        for lit in of(false) {
            sat.clause([!result, !lit]);
        }
    }
    Truth::If(result)
}

/// What stands for a yes to each question, given the cells worth trying and their literals.
pub(super) fn memberships(sat: &mut Sat, cells: &Cells, kept: &[usize], lits: &[Lit]) -> Vec<Truth> {
    let columns = cells.columns(kept);
    let all = 0..cells.questions();
    all.map(|question| membership(sat, columns.of(question), kept.len(), lits)).collect()
}

/// A literal per row that some element has it, and what stands for each question.
pub(super) fn choose_set(
    sat: &mut Sat,
    automaton: &Automaton<'_>,
    variable: &Variable,
    asked: &Asked,
) -> (Choice, Vec<Truth>) {
    let machine = &automaton.machine;
    let present = if variable.optional { Truth::If(sat.fresh()) } else { Truth::Const(true) };
    let mut rows = Vec::new();
    if let Some(explored) = &automaton.explored {
        for row in 0..explored.rows().len() as u32 {
            if test(explored.rows().get(row), machine.language_bit(asked.group.1 as usize)) {
                let lit = sat.fresh();
                if let Truth::If(present) = present {
                    sat.clause([!lit, present]);
                }
                rows.push((row, lit));
            }
        }
    }
    let explored = automaton.explored.as_ref();
    let mut truths = Vec::with_capacity(asked.questions.len());
    for question in &asked.questions {
        let answer =
            |row: u32| explored.is_some_and(|all| answer_of_row(machine, all.rows().get(row), question));
        let matching = |expected: bool| -> Vec<Lit> {
            rows.iter().filter(|&&(row, _)| answer(row) == expected).map(|&(_, lit)| lit).collect()
        };
        truths.push(match (question.about, question.denied) {
            (About::Present, false) => present,
            (About::Present, true) => present.not(),
            (About::Any(_), denied) => some_or_none(sat, &matching(true), !denied),
            (About::All(_), denied) => some_or_none(sat, &matching(false), denied),
            (_, denied) => {
                let all: Vec<Lit> = rows.iter().map(|&(_, lit)| lit).collect();
                some_or_none(sat, &all, denied)
            }
        });
    }
    (Choice::Some { rows, present }, truths)
}

/// What stands for: some of `lits` holds, or none does.
fn some_or_none(sat: &mut Sat, lits: &[Lit], some: bool) -> Truth {
    match (lits, some) {
        ([], _) => Truth::Const(!some),
        ([only], true) => Truth::If(*only),
        ([only], false) => Truth::If(!*only),
        (_, true) => {
            let result = sat.fresh();
            sat.clause(lits.iter().copied().chain([!result]));
            Truth::If(result)
        }
        (_, false) => {
            let result = sat.fresh();
            lits.iter().for_each(|&lit| sat.clause([!result, !lit]));
            Truth::If(result)
        }
    }
}
