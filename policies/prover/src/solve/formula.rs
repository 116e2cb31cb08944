//! Boolean combinations of predicates over the variables of a [`Problem`](super::Problem).

use std::ops::Not;

use super::Pattern;

/// A variable of the [`Problem`](super::Problem) that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Var(pub(super) u32);

/// A point on one of several separate axes: a number, an instant, an address.
///
/// Points compare by family, then by value. An IPv4 and an IPv6 address are points of two families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    /// The axis, numbered by the caller.
    pub family: u8,
    /// The place on the axis, in the caller's unit.
    pub value: u128,
}

/// Which side of what is open a question takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bound {
    /// True on every reading.
    Lo,
    /// True on some reading.
    Hi,
}

impl Not for Bound {
    type Output = Self;

    /// The bound that a negation reads its operand with.
    fn not(self) -> Self {
        match self {
            Self::Lo => Self::Hi,
            Self::Hi => Self::Lo,
        }
    }
}

/// What a leaf says about its variable.
///
/// A predicate that the variable's kind has no meaning for is open: false on [`Bound::Lo`], true on [`Bound::Hi`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Predicate {
    /// The variable has a value. Always true of a variable that is not optional; every kind but flags.
    Present,
    /// The text matches; false when absent. Text and enumerated variables.
    Matches(Pattern),
    /// The point lies in one of these closed ranges; false when absent. Interval variables.
    Within(Vec<(Point, Point)>),
    /// The flag is set. Flags.
    True,
    /// Some element matches; false when absent or empty. Sets.
    AnyElement(Pattern),
    /// No element fails to match; true when absent or empty. Sets.
    AllElements(Pattern),
    /// There is no element: absent or empty. Sets.
    Empty,
    /// Both variables are present with equal texts. Text and enumerated variables.
    SameAs(Var),
}

/// A predicate applied to a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The variable that is looked at.
    pub var: Var,
    /// What is said about it.
    pub predicate: Predicate,
}

/// A Boolean combination of leaves, each with a lower and an upper reading.
///
/// `lo(f)` implies `hi(f)`; a negation swaps them. Build with [`Formula::and`], [`Formula::or`] and `!`, which fold
/// constants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formula {
    /// True or false.
    Const(bool),
    /// A predicate over one variable.
    Leaf(Leaf),
    /// All of them; true when there is none.
    And(Vec<Self>),
    /// Any of them; false when there is none.
    Or(Vec<Self>),
    /// The opposite.
    Not(Box<Self>),
    /// False on the lower reading, true on the upper one; the number names the reason to the caller.
    Open(u32),
}

impl Formula {
    /// The formula that `predicate` holds of `var`.
    #[must_use]
    pub fn leaf(var: Var, predicate: Predicate) -> Self {
        Self::Leaf(Leaf { var, predicate })
    }

    /// The formula that `var` is a text that matches `pattern`.
    #[must_use]
    pub fn matches(var: Var, pattern: Pattern) -> Self {
        Self::leaf(var, Predicate::Matches(pattern))
    }

    /// The formula that `var` has a value.
    #[must_use]
    pub fn present(var: Var) -> Self {
        Self::leaf(var, Predicate::Present)
    }

    /// All of `parts`, without constants and nested conjunctions.
    #[must_use]
    pub fn and(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::Const(true) => {}
                Self::Const(false) => return Self::Const(false),
                Self::And(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match (kept.len(), kept.pop()) {
            (1, Some(only)) => only,
            (_, Some(last)) => {
                kept.push(last);
                Self::And(kept)
            }
            (_, None) => Self::Const(true),
        }
    }

    /// Any of `parts`, without constants and nested disjunctions.
    #[must_use]
    pub fn or(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::Const(false) => {}
                Self::Const(true) => return Self::Const(true),
                Self::Or(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match (kept.len(), kept.pop()) {
            (1, Some(only)) => only,
            (_, Some(last)) => {
                kept.push(last);
                Self::Or(kept)
            }
            (_, None) => Self::Const(false),
        }
    }
}

impl Not for Formula {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Const(value) => Self::Const(!value),
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_fold_away() {
        let leaf = Formula::present(Var(0));
        assert_eq!(Formula::and([Formula::Const(true), leaf.clone()]), leaf);
        assert_eq!(Formula::and([leaf.clone(), Formula::Const(false)]), Formula::Const(false));
        assert_eq!(Formula::or([Formula::Const(false), leaf.clone()]), leaf);
        assert_eq!(Formula::or([leaf.clone(), Formula::Const(true)]), Formula::Const(true));
        assert_eq!(Formula::and([]), Formula::Const(true));
        assert_eq!(Formula::or([]), Formula::Const(false));
        assert_eq!(!!leaf.clone(), leaf);
        assert_eq!(!Formula::Const(true), Formula::Const(false));
    }

    #[test]
    fn nested_combinations_flatten() {
        let [a, b, c] = [0, 1, 2].map(|n| Formula::present(Var(n)));
        let nested = Formula::and([Formula::and([a.clone(), b.clone()]), c.clone()]);
        assert_eq!(nested, Formula::And(vec![a.clone(), b.clone(), c.clone()]));
        let nested = Formula::or([a.clone(), Formula::or([b.clone(), c.clone()])]);
        assert_eq!(nested, Formula::Or(vec![a, b, c]));
    }
}
