//! From IAM conditions to formulas.

use super::domains::{Sort, is_boolean};
use super::keys::{AccessPoint, Binding, Keys};
use super::list::lower_list;
use super::pattern::{self, Rule};
use super::variable::{Comparison, Subject, any_text};
use crate::solve::{Formula, Glob, Pattern, Point};
use narrows_iam::{
    Condition, ConditionKey, Family, IpNetwork, Pattern as Source, Quantifier, Scalar, Token, Values,
};
use std::net::IpAddr;

/// The family of numbers (times 10⁹), instants (milliseconds) and addresses.
pub(crate) const NUMBER: u8 = 0;
pub(crate) const INSTANT: u8 = 1;
pub(crate) const IPV4: u8 = 4;
pub(crate) const IPV6: u8 = 6;

/// The point of a signed number: shifted so that order is kept.
pub(crate) fn signed_point(family: u8, value: i128) -> Point {
    Point { family, value: value.cast_unsigned() ^ (1 << 127) }
}

/// The signed number of a point.
pub(crate) fn signed_value(point: Point) -> i128 {
    (point.value ^ (1 << 127)).cast_signed()
}

/// The formula that a condition holds.
pub(crate) fn lower_condition(condition: &Condition, keys: &mut Keys, via: &AccessPoint) -> Formula {
    let operator = condition.operator;
    let sort = match condition.values {
        Values::Number(_) => Sort::Number,
        Values::Date(_) => Sort::Instant,
        Values::Ip(_) => Sort::Address,
        _ if operator.family == Family::Null => Keys::sort_of(&condition.key),
        _ => Sort::Text,
    };
    let sort = if sort == Sort::Instant && is_epoch_time(&condition.key) { Sort::Number } else { sort };
    let own = Keys::sort_of(&condition.key);
    let binding =
        keys.binding(&condition.key, via, if own.is_typed() && sort.is_typed() { own } else { sort });
    if narrows_iam::keys::is_multi_valued(&condition.key) && operator.family != Family::Null {
        return lower_list(condition, &binding, keys, via);
    }
    let present = keys.present(&binding);
    if let (Family::Null, Values::Bool(values)) = (operator.family, &condition.values) {
        let parts: Vec<Formula> = values
            .iter()
            .map(|value| match value {
                Scalar::Known(true, _) => !present.clone(),
                Scalar::Known(false, _) => present.clone(),
                Scalar::Unknown(text) => keys.open(format!("`{text}` is known only after deployment")),
            })
            .collect();
        return Formula::or(parts);
    }
    let matched = any_value(condition, keys, &binding, (via, sort));
    let holds = match &condition.values {
        Values::Text(patterns) if operator.negated => Formula::and([!matched, filled(patterns, keys, via)]),
        _ if operator.negated => !matched,
        _ => matched,
    };
    let Some(quantifier) = operator.quantifier else {
        let absent = operator.if_exists && !operator.negated;
        return if absent { Formula::or([!present, holds]) } else { holds };
    };
    // A single-valued key counts as a list of one under a set operator, and a list that holds only "" as empty.
    let blank = match binding {
        Binding::Point(_) | Binding::Spelled { .. } => Formula::Const(false),
        _ => keys.matches(&condition.key, &binding, &Pattern::literal("")),
    };
    let some = Formula::and([present, !blank]);
    match quantifier {
        Quantifier::ForAllValues => Formula::or([!some, holds]),
        Quantifier::ForAnyValue => {
            let any = Formula::and([some.clone(), holds]);
            if !operator.if_exists {
                return any;
            }
            let open =
                keys.open("AWS's documents leave open what ForAnyValue:…IfExists does on an absent key");
            Formula::or([any, Formula::and([!some, open])])
        }
    }
}

/// What a condition is where its key is absent.
pub(super) fn absent(condition: &Condition, keys: &mut Keys, via: &AccessPoint) -> Formula {
    let operator = condition.operator;
    match (operator.quantifier, &condition.values) {
        (Some(Quantifier::ForAllValues), _) => Formula::Const(true),
        (Some(Quantifier::ForAnyValue), _) if operator.if_exists => {
            keys.open("AWS's documents leave open what ForAnyValue:…IfExists does on an absent key")
        }
        (Some(Quantifier::ForAnyValue), _) => Formula::Const(false),
        (None, Values::Text(patterns)) if operator.negated => filled(patterns, keys, via),
        (None, _) => Formula::Const(operator.negated || operator.if_exists),
    }
}

/// The one number that date operators read. Source: IAM User Guide, "aws:EpochTime".
pub(crate) fn is_epoch_time(key: &ConditionKey) -> bool {
    key.as_str() == "aws:epochtime"
}

/// The formula that no policy variable of the patterns is without a value.
///
/// Where one is, AWS's documents leave open whether a negated operator or `NotResource` matches.
pub(super) fn filled(patterns: &[Source], keys: &mut Keys, via: &AccessPoint) -> Formula {
    let mut parts = Vec::new();
    for source in patterns {
        for token in source.tokens() {
            let Token::Variable(variable) = token else { continue };
            if variable.default.is_some() {
                continue;
            }
            let binding = keys.binding(&variable.key, via, Keys::sort_of(&variable.key));
            let present = keys.surely_present(&binding);
            let open = keys.open(pattern::variable_reason(source));
            parts.push(Formula::or([present, open]));
        }
    }
    Formula::and(parts)
}

/// The formula that the key is there and its value is one of the condition's, before negation.
fn any_value(
    condition: &Condition,
    keys: &mut Keys,
    binding: &Binding,
    (via, sort): (&AccessPoint, Sort),
) -> Formula {
    let key = &condition.key;
    let place = &condition.location;
    match &condition.values {
        Values::Text(texts) => {
            let rule = Rule::of(condition.operator.family);
            let subject = match binding {
                Binding::Constant(text) | Binding::Perhaps(text) => Subject::Constant(text),
                Binding::Text(var) | Binding::Read { text: var, .. } => Subject::Text(*var),
                _ => Subject::Other,
            };
            let name = format!("{key} {}", via.is_own_leg());
            let comparison = Comparison { rule, subject, name: &name, via };
            any_text(texts, keys, &comparison, &|keys, pattern| keys.matches(key, binding, pattern))
        }
        Values::Bool(values) => {
            let mut parts: Vec<Formula> = values
                .iter()
                .map(|value| match value {
                    Scalar::Known(value, _) => {
                        let word = if *value { "true" } else { "false" };
                        keys.matches(key, binding, &Pattern::exact(vec![Glob::literal_in_any_case(word)]))
                    }
                    Scalar::Unknown(text) => keys.open(format!("`{text}` is no constant ({place})")),
                })
                .collect();
            if is_boolean(key) {
                return Formula::or(parts);
            }
            // What Bool does to another word is not documented.
            let present = keys.present(binding);
            let words = ["true", "false"].map(Glob::literal_in_any_case).to_vec();
            let boolean = keys.matches(key, binding, &Pattern::exact(words));
            let open = keys.open(format!("the value of {key} may be no Boolean ({place})"));
            parts.push(Formula::and([present, !boolean, open]));
            Formula::or(parts)
        }
        Values::Number(values) => points(values, condition, keys, (binding, sort), |family, number| {
            compare(family, signed_point(NUMBER, *number), NUMBER)
        }),
        // Milliseconds, as seconds times 10⁹.
        Values::Date(values) if is_epoch_time(key) => {
            points(values, condition, keys, (binding, sort), |family, instant| {
                compare(family, signed_point(NUMBER, i128::from(*instant) * 1_000_000), NUMBER)
            })
        }
        Values::Date(values) => points(values, condition, keys, (binding, sort), |family, instant| {
            compare(family, signed_point(INSTANT, i128::from(*instant)), INSTANT)
        }),
        Values::Ip(values) => {
            points(values, condition, keys, (binding, sort), |_, network| vec![range(*network)])
        }
        Values::Binary(_) => binary(condition, keys, binding),
    }
}

/// `BinaryEquals` compares bytes, and which bytes the value of a key is AWS does not document; S3 has no such key.
fn binary(condition: &Condition, keys: &mut Keys, binding: &Binding) -> Formula {
    let open = keys.open(format!(
        "which bytes {} is for {} is not documented ({})",
        condition.spelled_key, condition.operator, condition.location
    ));
    let present = keys.present(binding);
    Formula::and([present, open])
}

/// Why it is open what an operator does with a value that may be of another type than its own.
fn unreadable(condition: &Condition) -> String {
    format!(
        "{} may hold a value that {} cannot read ({})",
        condition.spelled_key, condition.operator, condition.location
    )
}

fn points<T>(
    values: &[Scalar<T>],
    condition: &Condition,
    keys: &mut Keys,
    (binding, sort): (&Binding, Sort),
    ranges: impl Fn(Family, &T) -> Vec<(Point, Point)>,
) -> Formula {
    let mut parts = Vec::new();
    let mut all = Vec::new();
    for value in values {
        match value {
            Scalar::Known(value, _) => all.extend(ranges(condition.operator.family, value)),
            Scalar::Unknown(text) => {
                let open = keys.open(format!("`{text}` is no constant ({})", condition.location));
                let present = keys.present(binding);
                parts.push(Formula::and([present, open]));
            }
        }
    }
    if !all.is_empty() {
        parts.push(keys.within(&condition.key, binding, sort, all, unreadable(condition)));
    }
    Formula::or(parts)
}

/// The instants whose whole seconds from 1970 lie within ranges of numbers.
pub(super) fn whole_seconds(ranges: Vec<(Point, Point)>) -> Vec<(Point, Point)> {
    const UNIT: i128 = 1_000_000_000;
    let whole = |(first, last): (Point, Point)| {
        let (first, last) = (signed_value(first), signed_value(last));
        let up = first.div_euclid(UNIT) + i128::from(first.rem_euclid(UNIT) > 0);
        let down = last.div_euclid(UNIT);
        // No second is further away than the numbers of a range, so that its milliseconds fit.
        (up <= down).then(|| (signed_point(INSTANT, up * 1000), signed_point(INSTANT, down * 1000 + 999)))
    };
    ranges.into_iter().filter_map(whole).collect()
}

/// The points that compare so with a value.
fn compare(family: Family, value: Point, axis: u8) -> Vec<(Point, Point)> {
    let least = Point { family: axis, value: 0 };
    let greatest = Point { family: axis, value: u128::MAX };
    let before = value.value.checked_sub(1).map(|before| (least, Point { family: axis, value: before }));
    let after = value.value.checked_add(1).map(|after| (Point { family: axis, value: after }, greatest));
    match family {
        Family::NumericLessThan | Family::DateLessThan => before.into_iter().collect(),
        Family::NumericLessThanEquals | Family::DateLessThanEquals => vec![(least, value)],
        Family::NumericGreaterThan | Family::DateGreaterThan => after.into_iter().collect(),
        Family::NumericGreaterThanEquals | Family::DateGreaterThanEquals => vec![(value, greatest)],
        _ => vec![(value, value)],
    }
}

/// The addresses of a network.
pub(crate) fn range(network: IpNetwork) -> (Point, Point) {
    let (family, bits, width) = match network.address {
        IpAddr::V4(address) => (IPV4, u128::from(u32::from(address)), 32),
        IpAddr::V6(address) => (IPV6, u128::from(address), 128),
    };
    let free = width - u32::from(network.prefix).min(width);
    let host = if free == 128 { u128::MAX } else { (1 << free) - 1 };
    (Point { family, value: bits & !host }, Point { family, value: bits | host })
}

/// The pattern that matches what any of them matches.
pub(super) fn union(patterns: &[Pattern]) -> Pattern {
    match patterns {
        [one] => one.clone(),
        many => {
            let lo: Vec<Glob> = many.iter().flat_map(|pattern| pattern.lo().iter().cloned()).collect();
            if many.iter().all(Pattern::is_exact) {
                return Pattern::exact(lo);
            }
            let hi: Vec<Glob> = many.iter().flat_map(|pattern| pattern.hi().iter().cloned()).collect();
            Pattern::bounds(lo, hi)
        }
    }
}
