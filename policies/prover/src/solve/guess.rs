//! Values that are read off a formula, without a search: most formulas name the values that make them true.

use super::given::Given;
use super::model::{Model, Value};
use super::problem::{Kind, Problem, Variable};
use super::{Bound, Formula, Glob, Leaf, Pattern, Predicate, Token, Var};

impl Problem {
    /// A model in which `wanted` and all that was asserted holds, if it is easy to see; nothing says that there is none.
    ///
    /// Its values are the first that come to mind and no wish is looked at: it is for those who ask whether there is one.
    pub(crate) fn guess(&self, wanted: &Formula) -> Option<Model> {
        let mut values: Vec<Option<Value>> = vec![None; self.variables.len()];
        self.read_off(wanted, true, &mut values);
        let values = values.into_iter().zip(&self.variables).map(|(value, variable)| match value {
            Some(value) => Some(value),
            None => self.usual(variable),
        });
        let values = values.collect::<Option<Vec<Value>>>()?;
        let given = |var: Var| values.get(var.0 as usize).and_then(given);
        let asserted = self.asserted.iter().map(|(formula, bound)| (formula, *bound));
        let holds = asserted
            .chain([(wanted, Bound::Lo)])
            .all(|(formula, bound)| formula.given(bound, &given, &self.symbols) == Some(true));
        let fits =
            || values.iter().zip(&self.variables).all(|(value, variable)| self.may_be(variable, value));
        (holds && fits()).then_some(Model { values, wishes: Vec::new() })
    }

    /// Collects the values that make a formula true, the first branch of each choice; a variable keeps its first value.
    fn read_off(&self, formula: &Formula, holds: bool, values: &mut Vec<Option<Value>>) {
        match (formula, holds) {
            (Formula::Not(inner), _) => self.read_off(inner, !holds, values),
            (Formula::And(parts), true) | (Formula::Or(parts), false) => {
                parts.iter().for_each(|part| self.read_off(part, holds, values));
            }
            (Formula::And(parts) | Formula::Or(parts), _) => {
                parts.iter().take(1).for_each(|part| self.read_off(part, holds, values));
            }
            (Formula::Leaf(Leaf { var, predicate }), true) => {
                if let Some(slot @ None) = values.get_mut(var.0 as usize)
                    && let Some(variable) = self.variables.get(var.0 as usize)
                {
                    *slot = self.value_for(variable, predicate);
                }
            }
            (Formula::Leaf(_) | Formula::Const(_) | Formula::Open(_), _) => {}
        }
    }

    /// A value of a variable for which a predicate holds.
    fn value_for(&self, variable: &Variable, predicate: &Predicate) -> Option<Value> {
        match (&variable.kind, predicate) {
            (Kind::Text { .. }, Predicate::Matches(pattern)) => {
                self.text_for(variable, pattern).map(Value::Text)
            }
            (Kind::Enumerated, Predicate::Matches(pattern)) => {
                self.listed_for(variable, pattern).map(Value::Text)
            }
            (Kind::Set { .. }, Predicate::AnyElement(pattern)) => {
                Some(Value::Elements(vec![self.text_for(variable, pattern)?]))
            }
            (Kind::Interval { domain, points }, Predicate::Within(ranges)) => {
                let inside = |point: &_| ranges.iter().any(|(from, to)| from <= point && point <= to);
                let starts = ranges.iter().chain(domain).map(|(from, _)| from);
                points.iter().chain(starts).find(|point| inside(point)).copied().map(Value::Point)
            }
            (Kind::Flag, Predicate::True) => Some(Value::Flag(true)),
            (Kind::Text { .. }, Predicate::Present) => variable.texts.first().cloned().map(Value::Text),
            _ => None,
        }
    }

    /// One of the listed texts that a pattern matches.
    fn listed_for(&self, variable: &Variable, pattern: &Pattern) -> Option<String> {
        let fits = |text: &&String| pattern.given(Bound::Lo, Given::Text(text), &self.symbols) == Some(true);
        variable.texts.iter().find(fits).cloned()
    }

    /// A preferred text that a pattern matches, else an example of it.
    fn text_for(&self, variable: &Variable, pattern: &Pattern) -> Option<String> {
        let is_literal = |glob: &Glob| glob.0.iter().all(|token| matches!(token, Token::Char(_)));
        let listed = || self.listed_for(variable, pattern);
        match pattern.lo().first().filter(|glob| is_literal(glob)) {
            Some(literal) => Some(example(literal)),
            None => listed().or_else(|| pattern.lo().first().map(example)),
        }
    }

    /// The value of a variable of which nothing is asked.
    fn usual(&self, variable: &Variable) -> Option<Value> {
        match &variable.kind {
            Kind::Flag => Some(Value::Flag(false)),
            Kind::Enumerated => variable.texts.first().cloned().map(Value::Text),
            _ if variable.optional => Some(Value::Absent),
            Kind::Text { .. } => variable.texts.first().cloned().map(Value::Text),
            Kind::Interval { domain, points } => {
                points.first().or_else(|| domain.first().map(|(from, _)| from)).copied().map(Value::Point)
            }
            Kind::Set { .. } => None,
        }
    }

    /// Whether a variable certainly may have a value.
    fn may_be(&self, variable: &Variable, value: &Value) -> bool {
        let is_of = |language: &[Vec<Glob>], text: &str| {
            let fits = |glob: &Glob| glob.given(Given::Text(text), &self.symbols) == Some(true);
            language.iter().all(|union| union.iter().any(fits))
        };
        match (&variable.kind, value) {
            (_, Value::Absent) => variable.optional,
            (Kind::Text { language }, Value::Text(text)) => is_of(language, text),
            (Kind::Set { language }, Value::Elements(all)) => all.iter().all(|text| is_of(language, text)),
            (Kind::Enumerated, Value::Text(text)) => variable.texts.contains(text),
            (Kind::Interval { domain, .. }, Value::Point(point)) => {
                domain.is_empty() || domain.iter().any(|(from, to)| from <= point && point <= to)
            }
            (Kind::Flag, Value::Flag(_)) => true,
            _ => false,
        }
    }
}

/// A text that a glob without symbols matches.
fn example(glob: &Glob) -> String {
    let one = |token: &Token| match *token {
        Token::Char(c) | Token::Fold(c) => c,
        Token::Within(class) | Token::ManyWithin(class) => class.members().next().unwrap_or('x'),
        Token::One
        | Token::OneInField
        | Token::OneInSegment
        | Token::Many
        | Token::ManyInField
        | Token::ManyInSegment => 'x',
    };
    glob.0.iter().map(one).collect()
}

/// The value, for evaluation.
fn given(value: &Value) -> Option<Given<'_>> {
    Some(match value {
        Value::Absent => Given::Absent,
        Value::Text(text) => Given::Text(text),
        Value::Point(point) => Given::Point(*point),
        Value::Flag(set) => Given::Flag(*set),
        Value::Elements(all) => match all.as_slice() {
            [only] => Given::Element(only),
            _ => return None,
        },
    })
}
