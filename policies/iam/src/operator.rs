//! The names of condition operators.

use crate::{Family, Operator, Quantifier};
use std::fmt;

const LIKE: Family = Family::Arn { spelled_like: true };
const EQUALS: Family = Family::Arn { spelled_like: false };

/// Every operator without quantifier and `IfExists`, as documented, with what it compares and whether it negates.
const BASES: [(&str, Family, bool); 27] = [
    ("StringEquals", Family::StringEquals, false),
    ("StringNotEquals", Family::StringEquals, true),
    ("StringEqualsIgnoreCase", Family::StringEqualsIgnoreCase, false),
    ("StringNotEqualsIgnoreCase", Family::StringEqualsIgnoreCase, true),
    ("StringLike", Family::StringLike, false),
    ("StringNotLike", Family::StringLike, true),
    ("NumericEquals", Family::NumericEquals, false),
    ("NumericNotEquals", Family::NumericEquals, true),
    ("NumericLessThan", Family::NumericLessThan, false),
    ("NumericLessThanEquals", Family::NumericLessThanEquals, false),
    ("NumericGreaterThan", Family::NumericGreaterThan, false),
    ("NumericGreaterThanEquals", Family::NumericGreaterThanEquals, false),
    ("DateEquals", Family::DateEquals, false),
    ("DateNotEquals", Family::DateEquals, true),
    ("DateLessThan", Family::DateLessThan, false),
    ("DateLessThanEquals", Family::DateLessThanEquals, false),
    ("DateGreaterThan", Family::DateGreaterThan, false),
    ("DateGreaterThanEquals", Family::DateGreaterThanEquals, false),
    ("Bool", Family::Bool, false),
    ("BinaryEquals", Family::BinaryEquals, false),
    ("IpAddress", Family::IpAddress, false),
    ("NotIpAddress", Family::IpAddress, true),
    ("ArnEquals", EQUALS, false),
    ("ArnNotEquals", EQUALS, true),
    ("ArnLike", LIKE, false),
    ("ArnNotLike", LIKE, true),
    ("Null", Family::Null, false),
];

const ALL: &str = "ForAllValues:";
const ANY: &str = "ForAnyValue:";
const IF_EXISTS: &str = "IfExists";

impl Operator {
    /// The operator with this name in any case; `None` where there is none.
    ///
    /// `Null` takes neither a quantifier nor `IfExists`.
    pub fn from_name(name: &str) -> Option<Self> {
        let (quantifier, rest) = match (strip_start(name, ALL), strip_start(name, ANY)) {
            (Some(rest), _) => (Some(Quantifier::ForAllValues), rest),
            (_, Some(rest)) => (Some(Quantifier::ForAnyValue), rest),
            _ => (None, name),
        };
        let (if_exists, base) = match strip_end(rest, IF_EXISTS) {
            Some(base) => (true, base),
            None => (false, rest),
        };
        let (_, family, negated) = *BASES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(base))?;
        if family == Family::Null && (if_exists || quantifier.is_some()) {
            return None;
        }
        Some(Self { family, negated, if_exists, quantifier })
    }

    /// The documented names of all operators without quantifier and `IfExists`.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BASES.iter().map(|(name, ..)| *name)
    }

    /// Every name that an operator can have, those without quantifier first.
    pub(crate) fn all_names() -> Vec<String> {
        let start = ["", ALL, ANY].into_iter();
        let long = start.flat_map(|start| ["", IF_EXISTS].map(|end| (start, end)));
        long.flat_map(|(start, end)| Self::names().map(move |name| format!("{start}{name}{end}")))
            .filter(|name| Self::from_name(name).is_some())
            .collect()
    }
}

fn strip_start<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(start.len())?;
    head.eq_ignore_ascii_case(start).then_some(rest)
}

fn strip_end<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    let (rest, tail) = text.split_at_checked(text.len().checked_sub(end.len())?)?;
    tail.eq_ignore_ascii_case(end).then_some(rest)
}

impl fmt::Display for Operator {
    /// The name as documented.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.quantifier {
            Some(Quantifier::ForAllValues) => ALL,
            Some(Quantifier::ForAnyValue) => ANY,
            None => "",
        })?;
        let base =
            BASES.iter().find(|(_, family, negated)| (*family, *negated) == (self.family, self.negated));
        f.write_str(base.map_or("(no such operator)", |(name, ..)| name))?;
        f.write_str(if self.if_exists { IF_EXISTS } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_comes_back() {
        for name in Operator::names() {
            let plain = Operator::from_name(name).unwrap();
            assert_eq!(plain.to_string(), name);
            assert_eq!(Operator::from_name(&name.to_uppercase()), Some(plain));
            for start in ["", ALL, ANY] {
                for end in ["", IF_EXISTS] {
                    let long = format!("{start}{name}{end}");
                    let read = Operator::from_name(&long).map(|operator| operator.to_string());
                    let expected = (name != "Null" || long == "Null").then_some(long);
                    assert_eq!(read, expected);
                }
            }
        }
    }
}
