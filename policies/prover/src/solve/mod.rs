//! The decision procedure: is there a value for each variable that makes a formula true?
//!
//! It knows nothing about policies. A [`Problem`] has variables (texts, points, flags, sets of texts) and formulas over
//! predicates of single variables. Solving takes three steps:
//!
//! 1. All patterns of a text variable run together as one automaton. Texts that no pattern tells apart form a cell, and
//!    there are finitely many cells, each with a short member. Points fall into cells between the ends of ranges.
//! 2. A SAT solver chooses one cell for each variable so that the formulas hold.
//! 3. Each chosen cell gives a value, a preferred one where it can.
//!
//! No solution is a proof that there is none: cells cover every value. Patterns and symbols that leave a match open have
//! two readings, [`Bound::Lo`] and [`Bound::Hi`].

mod alphabet;
#[cfg(test)]
mod brute;
mod cells;
mod choice;
mod explore;
mod formula;
mod given;
mod glob;
mod guess;
mod interner;
mod later;
mod lazy;
mod machine;
mod members;
mod memo;
mod model;
mod nfa;
mod plan;
mod problem;
mod quotient;
mod same;
mod sat;
mod search;
mod symbol;
#[cfg(test)]
mod tests;
mod walks;
mod witness;

pub use formula::{Bound, Formula, Leaf, Point, Predicate, Var};

pub(crate) use given::Given;
pub use glob::{Class, Glob, Pattern, Token};
pub(crate) use memo::Memo;
pub use model::{Model, Outcome, Wish};
pub use problem::{Limits, Problem};
pub(crate) use same::MOST_COMPARED;
pub use symbol::{SYMBOL_CHARS, Shape, Symbols};
pub(crate) use walks::Walks;
