//! Puts a problem into the SAT solver, and reads values out of its answer.

use batsat::Lit;

use super::cells::{self, Cell, Cells, answer_of_row};
use super::explore::Explored;
use super::machine::{Machine, Runner, test};
use super::model::{Model, Value};
use super::plan::{About, Asked, Plan, Question};
use super::problem::{Kind, Problem, Variable};
use super::sat::{Sat, Truth};
use super::{Bound, Formula};

/// How a variable's value is chosen.
enum Choice {
    /// One of these cells.
    OneOf(Cells),
    Flag(Lit),
    /// Any of these rows, each by its literal, and whether the set is present at all.
    Some {
        rows: Vec<(u32, Lit)>,
        present: Truth,
    },
}

/// The joint automaton of a group of variables, walked where somebody needs it.
struct Automaton<'p> {
    machine: Machine<'p>,
    explored: Option<Explored>,
}

/// One run of [`Problem::solve`].
pub(super) struct Search<'p> {
    problem: &'p Problem,
    plan: Plan<'p>,
    automata: Vec<Option<Automaton<'p>>>,
    choices: Vec<Choice>,
    /// What stands for each question of each variable.
    truths: Vec<Vec<Truth>>,
    sat: Sat,
}

impl<'p> Search<'p> {
    /// A model, or nothing if there is none.
    ///
    /// # Errors
    /// What is too large, in words.
    pub(super) fn run(
        problem: &'p Problem,
        preferences: &[(Formula, Bound)],
    ) -> Result<Option<Model>, String> {
        let plan = Plan::new(&problem.variables, &problem.asserted, preferences);
        let mut search = Self {
            problem,
            automata: Vec::with_capacity(plan.groups.len()),
            choices: Vec::with_capacity(problem.variables.len()),
            truths: Vec::with_capacity(problem.variables.len()),
            sat: Sat::new(problem.limits.conflicts),
            plan,
        };
        search.compile()?;
        for var in 0..problem.variables.len() {
            if !search.choose(var) {
                return Ok(None);
            }
        }
        let too_long = || {
            format!(
                "the search took more than {} conflicts; ask about fewer statements at a time",
                problem.limits.conflicts
            )
        };
        for clause in &search.plan.clauses {
            search.sat.demand(clause, |var, question| truth(&search.truths, var, question));
        }
        if !search.sat.solve(None).ok_or_else(too_long)? {
            return Ok(None);
        }
        for wish in &search.plan.wishes {
            let Truth::If(lit) =
                search.sat.formula(wish, |var, question| truth(&search.truths, var, question))
            else {
                continue;
            };
            match search.sat.solve(Some(lit)) {
                Some(true) => search.sat.clause([lit]),
                Some(false) => {}
                // The last solution stands; it grants fewer wishes.
                None => break,
            }
        }
        Ok(Some(search.model()))
    }

    /// Builds the automata of all groups.
    fn compile(&mut self) -> Result<(), String> {
        for group in &self.plan.groups {
            let members: Vec<&Variable> =
                group.members.iter().filter_map(|&var| self.problem.variables.get(var as usize)).collect();
            let languages: Vec<&[Vec<super::Glob>]> = members
                .iter()
                .map(|variable| match &variable.kind {
                    Kind::Text { language } | Kind::Set { language } => language.as_slice(),
                    _ => &[],
                })
                .collect();
            let textual = |variable: &&Variable| !matches!(variable.kind, Kind::Interval { .. } | Kind::Flag);
            if !members.iter().any(textual) {
                self.automata.push(None);
                continue;
            }
            let names =
                || members.iter().map(|variable| variable.name.as_str()).collect::<Vec<_>>().join(" and ");
            let texts = members.iter().flat_map(|variable| variable.texts.iter().map(String::as_str));
            let machine = Machine::new(&group.patterns, &languages, texts, &self.problem.symbols)
                .map_err(|what| format!("{}: {what}", names()))?;
            let walked = members.iter().zip(&group.members).any(|(variable, &number)| {
                let asked =
                    self.plan.asked.get(number as usize).is_some_and(|asked| !asked.questions.is_empty());
                !matches!(variable.kind, Kind::Enumerated) && (asked || !variable.optional)
            });
            let explored = walked
                .then(|| Explored::new(&machine, self.problem.limits.states))
                .transpose()
                .map_err(|_| {
                    format!(
                        "{}: its {} patterns overlap in more than {} ways (states of their joint automaton)",
                        names(),
                        group.patterns.len(),
                        self.problem.limits.states
                    )
                })?;
            self.automata.push(Some(Automaton { machine, explored }));
        }
        Ok(())
    }

    fn automaton(&self, asked: &Asked) -> Option<&Automaton<'p>> {
        self.automata.get(asked.group.0 as usize).and_then(Option::as_ref)
    }

    /// Puts the values of a variable into the solver; false if it has none.
    fn choose(&mut self, var: usize) -> bool {
        let (Some(variable), Some(asked)) = (self.problem.variables.get(var), self.plan.asked.get(var))
        else {
            return true;
        };
        let automaton = self.automata.get(asked.group.0 as usize).and_then(Option::as_ref);
        let cells = match (&variable.kind, automaton) {
            (Kind::Flag, _) => {
                let lit = self.sat.fresh();
                let truths = asked
                    .questions
                    .iter()
                    .map(|question| Truth::If(if question.denied { !lit } else { lit }));
                self.truths.push(truths.collect());
                self.choices.push(Choice::Flag(lit));
                return true;
            }
            (Kind::Set { .. }, Some(automaton)) => {
                let (choice, truths) = choose_set(&mut self.sat, automaton, variable, asked);
                self.choices.push(choice);
                self.truths.push(truths);
                return true;
            }
            (Kind::Interval { domain, points }, _) => {
                cells::of_points(domain, points, variable.optional, asked)
            }
            (Kind::Enumerated, Some(automaton)) => cells::of_values(&automaton.machine, variable, asked),
            (_, automaton) => of_texts(automaton, variable, asked),
        };
        let kept = cells.best();
        let lits = selectors(&mut self.sat, kept.len());
        let truths =
            (0..cells.questions()).map(|n| membership(&mut self.sat, &cells, &kept, &lits, n)).collect();
        let any = !kept.is_empty();
        self.truths.push(truths);
        self.choices.push(Choice::OneOf(cells));
        any
    }

    fn model(&self) -> Model {
        let values = self.choices.iter().enumerate().map(|(var, choice)| self.value(var, choice)).collect();
        Model { values }
    }

    fn value(&self, var: usize, choice: &Choice) -> Value {
        let (Some(variable), Some(asked)) = (self.problem.variables.get(var), self.plan.asked.get(var))
        else {
            return Value::Absent;
        };
        match choice {
            Choice::Flag(lit) => Value::Flag(self.sat.holds(*lit)),
            Choice::Some { rows, present } => {
                if !self.sat.is_true(*present) {
                    return Value::Absent;
                }
                let chosen: Vec<u32> =
                    rows.iter().filter(|(_, lit)| self.sat.holds(*lit)).map(|&(row, _)| row).collect();
                Value::Elements(self.texts_of_rows(variable, asked, &chosen))
            }
            Choice::OneOf(cells) => {
                // Only what the solution relies on counts, so that a preferred value may replace the chosen one.
                let mut needed = vec![0u32; cells.questions().div_ceil(32).max(1)];
                for (n, &truth) in self.truths.get(var).into_iter().flatten().enumerate() {
                    if self.sat.is_true(truth)
                        && let Some(word) = needed.get_mut(n / 32)
                    {
                        *word |= 1 << (n % 32);
                    }
                }
                match cells.first_with(&needed) {
                    None | Some(Cell::Absent) => Value::Absent,
                    Some(Cell::Point(point)) => Value::Point(point),
                    Some(Cell::Value(n)) => {
                        Value::Text(variable.texts.get(n as usize).cloned().unwrap_or_default())
                    }
                    Some(Cell::Row(row)) => Value::Text(self.text(variable, asked, &needed, row)),
                }
            }
        }
    }

    /// The first preferred text that answers yes to `needed`, or a short one with `row`.
    fn text(&self, variable: &Variable, asked: &Asked, needed: &[u32], row: u32) -> String {
        let Some(Automaton { machine, explored: Some(explored) }) = self.automaton(asked) else {
            return String::new();
        };
        let mut runner = Runner::new(machine);
        let mut bits = Vec::new();
        for text in &variable.texts {
            let Some(state) = runner.run(text) else { continue };
            machine.row(state, &mut bits);
            let fits = |(n, question): (usize, &Question)| {
                needed.get(n / 32).is_none_or(|word| word >> (n % 32) & 1 == 0)
                    || answer_of_row(machine, &bits, question) != question.denied
            };
            if test(&bits, machine.language_bit(asked.group.1 as usize))
                && asked.questions.iter().enumerate().all(fits)
            {
                return text.clone();
            }
        }
        explored.text(machine, row)
    }

    /// A text for each row, preferred ones where they have it.
    fn texts_of_rows(&self, variable: &Variable, asked: &Asked, rows: &[u32]) -> Vec<String> {
        let Some(Automaton { machine, explored: Some(explored) }) = self.automaton(asked) else {
            return Vec::new();
        };
        let mut found: Vec<Option<&str>> = vec![None; rows.len()];
        let mut runner = Runner::new(machine);
        let mut bits = Vec::new();
        for text in &variable.texts {
            let Some(state) = runner.run(text) else { continue };
            machine.row(state, &mut bits);
            if let Some(row) = explored.rows().find(&bits)
                && let Some(place) = rows.iter().position(|&wanted| wanted == row)
                && let Some(slot @ None) = found.get_mut(place)
            {
                *slot = Some(text);
            }
        }
        let shortest = |row: u32| explored.text(machine, row);
        rows.iter().zip(found).map(|(&row, text)| text.map_or_else(|| shortest(row), str::to_owned)).collect()
    }
}

fn truth(truths: &[Vec<Truth>], var: u32, question: u32) -> Truth {
    let known = truths.get(var as usize).and_then(|truths| truths.get(question as usize));
    known.copied().unwrap_or(Truth::Const(false))
}

/// The cells of a text variable: absent, and the rows of its automaton that its language has.
fn of_texts(automaton: Option<&Automaton<'_>>, variable: &Variable, asked: &Asked) -> Cells {
    let mut cells = Cells::new(asked.questions.len());
    if variable.optional {
        cells.push(Cell::Absent, &asked.questions, |_| false);
    }
    if let Some(Automaton { machine, explored: Some(explored) }) = automaton {
        for row in 0..explored.rows().len() as u32 {
            let bits = explored.rows().get(row);
            if test(bits, machine.language_bit(asked.group.1 as usize)) {
                cells.push(Cell::Row(row), &asked.questions, |question| {
                    answer_of_row(machine, bits, question)
                });
            }
        }
    }
    cells
}

/// One literal for each of `count` cells, of which exactly one holds; none for a single cell.
fn selectors(sat: &mut Sat, count: usize) -> Vec<Lit> {
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

/// What stands for a yes to question `n`.
fn membership(sat: &mut Sat, cells: &Cells, kept: &[usize], lits: &[Lit], n: usize) -> Truth {
    let yes = |cell: usize| cells.answers(cell).get(n / 32).is_some_and(|word| word >> (n % 32) & 1 == 1);
    let count = kept.iter().filter(|&&cell| yes(cell)).count();
    if count == 0 || count == kept.len() {
        return Truth::Const(count > 0);
    }
    let of = |answer: bool| {
        kept.iter().zip(lits).filter(move |&(&cell, _)| yes(cell) == answer).map(|(_, &lit)| lit)
    };
    if count == 1 {
        return of(true).next().map_or(Truth::Const(false), Truth::If);
    }
    let others = kept.len() - count;
    if others == 1 {
        return of(false).next().map_or(Truth::Const(true), |lit| Truth::If(!lit));
    }
    let result = sat.fresh();
    if count <= 2 * others {
        sat.clause(of(true).chain([!result]));
    } else {
        for lit in of(false) {
            sat.clause([!result, !lit]);
        }
    }
    Truth::If(result)
}

fn choose_set(
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
    let truths = asked.questions.iter().map(|question| {
        let matching = |expected: bool| {
            let explored = automaton.explored.as_ref();
            rows.iter().filter(move |&&(row, _)| {
                explored.is_some_and(|all| answer_of_row(machine, all.rows().get(row), question) == expected)
            })
        };
        let lits =
            |chosen: &mut dyn Iterator<Item = &(u32, Lit)>| chosen.map(|&(_, lit)| lit).collect::<Vec<Lit>>();
        match (question.about, question.denied) {
            (About::Present, false) => present,
            (About::Present, true) => match present {
                Truth::Const(value) => Truth::Const(!value),
                Truth::If(lit) => Truth::If(!lit),
            },
            (About::Any(_), denied) => some_or_none(sat, &lits(&mut matching(true)), !denied),
            (About::All(_), denied) => some_or_none(sat, &lits(&mut matching(false)), denied),
            (_, denied) => some_or_none(sat, &lits(&mut rows.iter()), denied),
        }
    });
    let truths = truths.collect();
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
