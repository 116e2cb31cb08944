//! Reads a value for each variable out of a solution.

use super::cells::{Cell, answer_of_row};
use super::choice::{Automaton, Choice};
use super::machine::{Machine, Runner, test};
use super::model::{Model, Value};
use super::plan::{Asked, Question};
use super::problem::Variable;
use super::same;
use super::search::{Search, members};

impl Search<'_> {
    /// The values of the last solution.
    pub(super) fn model(&self) -> Model {
        let mut values: Vec<Value> =
            self.choices.iter().enumerate().map(|(var, choice)| self.value(var, choice)).collect();
        for (&number, pairs) in &self.pairs {
            let group = self.plan.groups.get(number as usize);
            let (Some(group), Some(Some(Automaton { machine, explored: Some(explored) }))) =
                (group, self.automata.get(number as usize))
            else {
                continue;
            };
            let members = members(group, &self.choices);
            let variables = group.members.iter().filter_map(|&var| self.problem.variables.get(var as usize));
            let preferred = variables.flat_map(|variable| variable.texts.iter().map(String::as_str));
            let texts = same::texts(&self.sat, machine, explored, &members, pairs, preferred);
            for (member, text) in members.iter().zip(texts) {
                if let Some(value) = values.get_mut(member.var as usize) {
                    *value = text.map_or(Value::Absent, Value::Text);
                }
            }
        }
        Model { values, wishes: self.wishes.clone() }
    }

    fn value(&self, var: usize, choice: &Choice) -> Value {
        let (Some(variable), Some(asked)) = (self.problem.variables.get(var), self.plan.asked.get(var))
        else {
            return Value::Absent;
        };
        match choice {
            Choice::Flag(lit) => Value::Flag(self.sat.holds(*lit)),
            Choice::Later => self.later.get(&var).cloned().flatten().map_or(Value::Absent, Value::Text),
            // The whole group is read at once.
            Choice::Exactly(..) => Value::Absent,
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
                let mut questions = Vec::new();
                for (n, (question, &truth)) in
                    asked.questions.iter().zip(self.truths.get(var).into_iter().flatten()).enumerate()
                {
                    if self.sat.is_true(truth)
                        && let Some(word) = needed.get_mut(n / 32)
                    {
                        *word |= 1 << (n % 32);
                        questions.push(*question);
                    }
                }
                match cells.first_with(&needed) {
                    None | Some(Cell::Absent) => Value::Absent,
                    Some(Cell::Point(point)) => Value::Point(point),
                    Some(Cell::Value(n)) => {
                        Value::Text(variable.texts.get(n as usize).cloned().unwrap_or_default())
                    }
                    Some(Cell::Row(row)) => {
                        let text = self.preferred(variable, asked, &questions);
                        Value::Text(text.unwrap_or_else(|| self.shortest(asked, row)))
                    }
                }
            }
        }
    }

    fn shortest(&self, asked: &Asked, row: u32) -> String {
        match self.automaton(asked) {
            Some(Automaton { machine, explored: Some(explored) }) => explored.text(machine, row),
            _ => String::new(),
        }
    }

    /// The first preferred text that answers yes to all `questions`.
    pub(super) fn preferred(
        &self,
        variable: &Variable,
        asked: &Asked,
        questions: &[Question],
    ) -> Option<String> {
        let machine = &self.automaton(asked)?.machine;
        let mut rows = Rows::new(machine);
        let mut fits = |text: &str| {
            let Some(row) = rows.of(text) else { return false };
            test(row, machine.language_bit(asked.group.1 as usize))
                && questions.iter().all(|question| answer_of_row(machine, row, question) != question.denied)
        };
        variable.texts.iter().find(|text| fits(text)).cloned()
    }

    /// A text for each row, preferred ones where they have it.
    fn texts_of_rows(&self, variable: &Variable, asked: &Asked, wanted: &[u32]) -> Vec<String> {
        let Some(Automaton { machine, explored: Some(explored) }) = self.automaton(asked) else {
            return Vec::new();
        };
        let mut found: Vec<Option<&str>> = vec![None; wanted.len()];
        let mut rows = Rows::new(machine);
        for text in variable.texts.iter() {
            if let Some(row) = rows.of(text)
                && let Some(row) = explored.rows().find(row)
                && let Some(place) = wanted.iter().position(|&wanted| wanted == row)
                && let Some(slot @ None) = found.get_mut(place)
            {
                *slot = Some(text);
            }
        }
        let shortest = |row: u32| explored.text(machine, row);
        wanted
            .iter()
            .zip(found)
            .map(|(&row, text)| text.map_or_else(|| shortest(row), str::to_owned))
            .collect()
    }
}

/// The rows of texts, one after the other.
struct Rows<'m, 's> {
    machine: &'m Machine<'s>,
    runner: Runner<'m, 's>,
    row: Vec<u32>,
}

impl<'m, 's> Rows<'m, 's> {
    fn new(machine: &'m Machine<'s>) -> Self {
        Self { machine, runner: Runner::new(machine), row: Vec::new() }
    }

    /// The row of a text, or nothing if it holds a symbol that the automaton does not know.
    fn of(&mut self, text: &str) -> Option<&[u32]> {
        self.machine.row(self.runner.run(text)?, &mut self.row);
        Some(&self.row)
    }
}
