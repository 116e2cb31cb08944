//! Reads formulas into a flat form: what is asked of each variable, and how the answers combine.

use super::interner::Index;
use super::problem::{Kind, Variable};
use super::{Bound, Formula, Leaf, Pattern, Point, Predicate, Var};

/// What a question looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    Present,
    /// A text against a pattern of the variable's group.
    Matches(u32),
    /// A point against a list of ranges of the variable.
    Within(u32),
    True,
    Any(u32),
    All(u32),
    Empty,
    /// Equal to the text of this variable.
    SameAs(u32),
}

/// A literal over one variable: what it looks at, read with which bound, and whether it is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) about: About,
    pub(super) bound: Bound,
    pub(super) denied: bool,
}

impl Question {
    fn digest(&self) -> u32 {
        let (kind, number) = match self.about {
            About::Present => (0, 0),
            About::Matches(n) => (1, n),
            About::Within(n) => (2, n),
            About::True => (3, 0),
            About::Any(n) => (4, n),
            About::All(n) => (5, n),
            About::Empty => (6, 0),
            About::SameAs(n) => (7, n),
        };
        Index::hash(
            [kind * 4 + u32::from(self.bound == Bound::Hi) * 2 + u32::from(self.denied), number].into_iter(),
        )
    }
}

/// One step of a formula in negation normal form, operands first.
#[derive(Debug, Clone, Copy)]
pub(super) enum Op {
    Const(bool),
    /// A question of a variable, by numbers.
    Ask(u32, u32),
    /// All of the last so many results.
    All(usize),
    /// Any of the last so many results.
    Any(usize),
}

/// Variables that are compared with each other share one set of patterns.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) members: Vec<u32>,
    pub(super) patterns: Vec<Pattern>,
    index: Index,
}

/// What is asked of one variable.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) questions: Vec<Question>,
    pub(super) ranges: Vec<Vec<(Point, Point)>>,
    index: Index,
    /// The group, and the place in it.
    pub(super) group: (u32, u32),
}

/// All questions of a problem and the formulas over their answers.
pub(super) struct Plan<'p> {
    variables: &'p [Variable],
    pub(super) asked: Vec<Asked>,
    pub(super) groups: Vec<Group>,
    /// Each must hold.
    pub(super) clauses: Vec<Vec<Op>>,
    /// Each should hold, the first one above all.
    pub(super) wishes: Vec<Vec<Op>>,
}

impl<'p> Plan<'p> {
    pub(super) fn new(
        variables: &'p [Variable],
        asserted: &[(Formula, Bound)],
        preferences: &[(Formula, Bound)],
    ) -> Self {
        let mut new = Self {
            variables,
            asked: Vec::with_capacity(variables.len()),
            groups: Vec::new(),
            clauses: Vec::new(),
            wishes: Vec::with_capacity(preferences.len()),
        };
        new.group(asserted.iter().chain(preferences));
        for (formula, bound) in asserted {
            new.assert(formula, *bound, false);
        }
        for (formula, bound) in preferences {
            let mut ops = Vec::new();
            new.read(formula, *bound, false, &mut ops);
            new.wishes.push(ops);
        }
        new
    }

    /// Joins variables that some leaf compares.
    fn group<'f>(&mut self, formulas: impl Iterator<Item = &'f (Formula, Bound)>) {
        let mut root: Vec<u32> = (0..self.variables.len() as u32).collect();
        let find = |root: &[u32], mut at: u32| {
            while let Some(&up) = root.get(at as usize)
                && up != at
            {
                at = up;
            }
            at
        };
        let mut pairs = Vec::new();
        formulas.for_each(|(formula, _)| compared(formula, &mut pairs));
        for (one, two) in pairs.into_iter().filter(|&(one, two)| self.has_text(one) && self.has_text(two)) {
            let (one, two) = (find(&root, one), find(&root, two));
            if let Some(slot) = root.get_mut(one.max(two) as usize) {
                *slot = one.min(two);
            }
        }
        let mut number = vec![None; root.len()];
        for var in 0..root.len() as u32 {
            let top = find(&root, var) as usize;
            let group = number.get(top).copied().flatten().unwrap_or_else(|| {
                self.groups.push(Group::default());
                (self.groups.len() - 1) as u32
            });
            if let Some(slot) = number.get_mut(top) {
                *slot = Some(group);
            }
            let mut place = 0;
            if let Some(group) = self.groups.get_mut(group as usize) {
                place = group.members.len() as u32;
                group.members.push(var);
            }
            self.asked.push(Asked { group: (group, place), ..Asked::default() });
        }
    }

    fn kind(&self, var: u32) -> Option<&'p Kind> {
        self.variables.get(var as usize).map(|variable| &variable.kind)
    }

    fn has_text(&self, var: u32) -> bool {
        matches!(self.kind(var), Some(Kind::Text { .. } | Kind::Enumerated))
    }

    /// Splits what must hold into parts that must each hold.
    fn assert(&mut self, formula: &Formula, bound: Bound, denied: bool) {
        match (formula, denied) {
            (Formula::Not(inner), _) => self.assert(inner, !bound, !denied),
            (Formula::And(parts), false) | (Formula::Or(parts), true) => {
                parts.iter().for_each(|part| self.assert(part, bound, denied));
            }
            _ => {
                let mut ops = Vec::new();
                self.read(formula, bound, denied, &mut ops);
                self.clauses.push(ops);
            }
        }
    }

    fn read(&mut self, formula: &Formula, bound: Bound, denied: bool, out: &mut Vec<Op>) {
        match formula {
            Formula::Const(value) => out.push(Op::Const(*value != denied)),
            Formula::Open(_) => out.push(open(bound, denied)),
            Formula::Not(inner) => self.read(inner, !bound, !denied, out),
            Formula::Leaf(leaf) => {
                let op = self.ask(leaf, bound, denied);
                out.push(op);
            }
            Formula::And(parts) | Formula::Or(parts) => {
                parts.iter().for_each(|part| self.read(part, bound, denied, out));
                let all = matches!(formula, Formula::And(_)) != denied;
                out.push(if all { Op::All(parts.len()) } else { Op::Any(parts.len()) });
            }
        }
    }

    fn ask(&mut self, leaf: &Leaf, bound: Bound, denied: bool) -> Op {
        let var = leaf.var.0;
        let Some(kind) = self.kind(var) else { return open(bound, denied) };
        let texts = matches!(kind, Kind::Text { .. } | Kind::Enumerated);
        let about = match (&leaf.predicate, kind) {
            (Predicate::Present, Kind::Flag) => None,
            (Predicate::Present, _) => Some(About::Present),
            (Predicate::Matches(pattern), _) if texts => self.pattern(var, pattern).map(About::Matches),
            (Predicate::Within(ranges), Kind::Interval { .. }) => self.ranges(var, ranges).map(About::Within),
            (Predicate::True, Kind::Flag) => Some(About::True),
            (Predicate::AnyElement(pattern), Kind::Set { .. }) => self.pattern(var, pattern).map(About::Any),
            (Predicate::AllElements(pattern), Kind::Set { .. }) => self.pattern(var, pattern).map(About::All),
            (Predicate::Empty, Kind::Set { .. }) => Some(About::Empty),
            (Predicate::SameAs(Var(other)), _) if *other == var && texts => Some(About::Present),
            (Predicate::SameAs(Var(other)), _) if texts && self.has_text(*other) => {
                Some(About::SameAs(*other))
            }
            _ => None,
        };
        let Some(about) = about else { return open(bound, denied) };
        // Only patterns have two readings.
        let bound = match about {
            About::Matches(_) | About::Any(_) | About::All(_) => bound,
            _ => Bound::Hi,
        };
        let question = Question { about, bound, denied };
        let Some(asked) = self.asked.get_mut(var as usize) else { return open(bound, denied) };
        let questions = &asked.questions;
        let number = questions.len() as u32;
        let same = |other: u32| questions.get(other as usize) == Some(&question);
        let number = asked.index.find_or_insert(question.digest(), number, same).unwrap_or_else(|| {
            asked.questions.push(question);
            number
        });
        Op::Ask(var, number)
    }

    fn pattern(&mut self, var: u32, pattern: &Pattern) -> Option<u32> {
        let group = self.asked.get(var as usize)?.group.0;
        let group = self.groups.get_mut(group as usize)?;
        let number = group.patterns.len() as u32;
        let patterns = &group.patterns;
        let same = |other: u32| patterns.get(other as usize) == Some(pattern);
        Some(group.index.find_or_insert(pattern.digest(), number, same).unwrap_or_else(|| {
            group.patterns.push(pattern.clone());
            number
        }))
    }

    fn ranges(&mut self, var: u32, ranges: &[(Point, Point)]) -> Option<u32> {
        let asked = self.asked.get_mut(var as usize)?;
        let number = asked.ranges.iter().position(|known| known == ranges).unwrap_or_else(|| {
            asked.ranges.push(ranges.to_vec());
            asked.ranges.len() - 1
        });
        Some(number as u32)
    }
}

/// What nobody knows is false on the lower reading and true on the upper one.
fn open(bound: Bound, denied: bool) -> Op {
    Op::Const((bound == Bound::Hi) != denied)
}

fn compared(formula: &Formula, out: &mut Vec<(u32, u32)>) {
    match formula {
        Formula::Leaf(Leaf { var, predicate: Predicate::SameAs(other) }) => out.push((var.0, other.0)),
        Formula::And(parts) | Formula::Or(parts) => parts.iter().for_each(|part| compared(part, out)),
        Formula::Not(inner) => compared(inner, out),
        Formula::Leaf(_) | Formula::Const(_) | Formula::Open(_) => {}
    }
}
