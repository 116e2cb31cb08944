//! A question to the solver: variables, what must hold of them, and how to ask.

use std::sync::Arc;

use super::search::Search;
use super::{Bound, Formula, Glob, Outcome, Point, Symbols, Var, Walks, Wish};

/// How much work a [`Problem`] may take before it gives up with [`Outcome::TooLarge`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// States of the joint automaton of one variable. A text variable with many is searched lazily first.
    pub states: usize,
    /// Conflicts of the SAT search.
    pub conflicts: u64,
}

impl Default for Limits {
    /// 50,000 states and 200,000 conflicts: well below a second in all.
    fn default() -> Self {
        Self { states: 50_000, conflicts: 200_000 }
    }
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Text { language: Vec<Vec<Glob>> },
    Enumerated,
    Interval { domain: Vec<(Point, Point)>, points: Vec<Point> },
    Flag,
    Set { language: Vec<Vec<Glob>> },
}

#[derive(Debug, Clone)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) optional: bool,
    /// Texts to use as witnesses, best first; of an enumerated variable all it may be.
    pub(super) texts: Arc<[String]>,
}

/// Variables, and formulas over them that must hold together.
///
/// Each variable may take any value of its domain, whatever the others take: what ties variables together must be
/// asserted. The same problem always gives the same outcome.
#[derive(Debug, Clone)]
pub struct Problem {
    pub(super) limits: Limits,
    pub(super) symbols: Arc<Symbols>,
    pub(super) walks: Arc<Walks>,
    pub(super) variables: Vec<Variable>,
    pub(super) asserted: Vec<(Formula, Bound)>,
}

impl Problem {
    /// What the symbols of the problem stand for.
    #[must_use]
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    /// A problem without variables, which has a solution.
    #[must_use]
    pub fn new(limits: Limits, symbols: impl Into<Arc<Symbols>>) -> Self {
        Self {
            limits,
            symbols: symbols.into(),
            walks: Arc::default(),
            variables: Vec::new(),
            asserted: Vec::new(),
        }
    }

    /// The problem, which shares the automata of other problems over the same symbols.
    #[must_use]
    pub(crate) fn sharing(mut self, walks: Arc<Walks>) -> Self {
        self.walks = walks;
        self
    }

    fn add(&mut self, name: &str, kind: Kind, optional: bool, texts: impl Into<Arc<[String]>>) -> Var {
        self.variables.push(Variable { name: name.to_owned(), kind, optional, texts: texts.into() });
        Var((self.variables.len() - 1) as u32)
    }

    /// A variable that is exactly one of `values`, of which earlier ones are preferred. Without values there is no solution.
    pub fn enumerated(&mut self, name: &str, values: impl Into<Arc<[String]>>) -> Var {
        self.add(name, Kind::Enumerated, false, values)
    }

    /// A text that matches some glob of every union in `language`; all texts if there is no union.
    ///
    /// Where it may be one of `preferred`, the model uses the first that fits. A language over symbols has the texts
    /// that match on some reading.
    pub fn text(
        &mut self,
        name: &str,
        language: Vec<Vec<Glob>>,
        optional: bool,
        preferred: impl Into<Arc<[String]>>,
    ) -> Var {
        self.add(name, Kind::Text { language }, optional, preferred)
    }

    /// A point of any family that its predicates mention (family 0 if none does), with every value.
    pub fn interval(&mut self, name: &str, optional: bool) -> Var {
        self.interval_within(name, Vec::new(), optional, Vec::new())
    }

    /// A point in one of the closed ranges of `domain` (an empty list: as [`Problem::interval`]), if possible one of `preferred`.
    pub fn interval_within(
        &mut self,
        name: &str,
        domain: Vec<(Point, Point)>,
        optional: bool,
        preferred: Vec<Point>,
    ) -> Var {
        self.add(name, Kind::Interval { domain, points: preferred }, optional, [])
    }

    /// Uses other texts as witnesses of a text variable, best first.
    pub(crate) fn prefer(&mut self, var: Var, texts: impl Into<Arc<[String]>>) {
        if let Some(variable) = self.variables.get_mut(var.0 as usize) {
            variable.texts = texts.into();
        }
    }

    /// A Boolean.
    pub fn flag(&mut self, name: &str) -> Var {
        self.add(name, Kind::Flag, false, [])
    }

    /// A set of texts of `language`, as for [`Problem::text`]; absent (if `optional`) and empty are different values.
    pub fn set(
        &mut self,
        name: &str,
        language: Vec<Vec<Glob>>,
        optional: bool,
        preferred: Vec<String>,
    ) -> Var {
        self.add(name, Kind::Set { language }, optional, preferred)
    }

    /// Demands that `formula` hold on the reading `bound`, besides what was demanded before.
    pub fn assert(&mut self, formula: Formula, bound: Bound) {
        self.asserted.push((formula, bound));
    }

    /// Whether there is a solution, and which of the wishes one can grant, each together with those granted before it.
    ///
    /// As [`Problem::solve`], without making up values.
    ///
    /// # Errors
    /// Which limit was not enough, in words.
    pub fn decide(&self, wishes: &[(Formula, Bound)]) -> Result<Option<Vec<Wish>>, String> {
        Search::decide(self, wishes)
    }

    /// Searches values for all variables.
    ///
    /// `preferences` are wishes in order of importance: each is granted if it can be, together with those granted
    /// before it.
    #[must_use]
    pub fn solve(&self, preferences: &[(Formula, Bound)]) -> Outcome {
        match Search::run(self, preferences) {
            Ok(Some(model)) => Outcome::Sat(model),
            Ok(None) => Outcome::Unsat,
            Err(what) => Outcome::TooLarge { what },
        }
    }
}
