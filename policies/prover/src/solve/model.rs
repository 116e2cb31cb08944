//! What the solver answers.

use super::{Point, Var};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Absent,
    Text(String),
    Point(Point),
    Flag(bool),
    Elements(Vec<String>),
}

/// What became of a preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// The model grants it.
    Granted,
    /// No values grant it together with what was asserted and what was granted before it.
    Impossible,
    /// The limits were reached before it was decided.
    Undecided,
}

/// A value for each variable, which together make all that was asserted true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    pub(super) values: Vec<Value>,
    pub(super) wishes: Vec<Wish>,
}

impl Model {
    fn value(&self, var: Var) -> &Value {
        self.values.get(var.0 as usize).unwrap_or(&Value::Absent)
    }

    /// Whether the variable has a value; always true of flags.
    #[must_use]
    pub fn is_present(&self, var: Var) -> bool {
        *self.value(var) != Value::Absent
    }

    /// What became of the preference with this number.
    #[must_use]
    pub fn wish(&self, preference: usize) -> Wish {
        self.wishes.get(preference).copied().unwrap_or(Wish::Undecided)
    }

    /// The text of a text or enumerated variable; nothing if it is absent. It may hold symbols.
    #[must_use]
    pub fn text(&self, var: Var) -> Option<String> {
        if let Value::Text(text) = self.value(var) { Some(text.clone()) } else { None }
    }

    /// The point of an interval variable; nothing if it is absent.
    #[must_use]
    pub fn point(&self, var: Var) -> Option<Point> {
        if let Value::Point(point) = self.value(var) { Some(*point) } else { None }
    }

    /// Whether a flag is set.
    #[must_use]
    pub fn flag(&self, var: Var) -> bool {
        *self.value(var) == Value::Flag(true)
    }

    /// The elements of a set, none equal to another; nothing if it is absent.
    #[must_use]
    pub fn elements(&self, var: Var) -> Option<Vec<String>> {
        if let Value::Elements(elements) = self.value(var) { Some(elements.clone()) } else { None }
    }
}

/// The answer to [`Problem::solve`](super::Problem::solve).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// No values make all that was asserted true.
    Unsat,
    /// These values do.
    Sat(Model),
    /// The limits were not enough to tell.
    TooLarge {
        /// Which variable or limit, how large, and what to do.
        what: String,
    },
}

impl Outcome {
    /// The model, if there is one.
    #[must_use]
    pub fn model(&self) -> Option<&Model> {
        if let Self::Sat(model) = self { Some(model) } else { None }
    }
}
