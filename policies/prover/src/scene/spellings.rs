//! Texts for keys that policies compare in another way than their type has it, and what these texts stand for.

use super::likely::{documents, example};
use super::together::{implies, patterns};
use crate::access::AccessModel;
use crate::lower::{INSTANT, NUMBER, is_boolean, is_epoch_time, network_range};
use crate::lower::{Keys, Sort, Spellings, likely_texts, read, read_as, show, signed_point, spelled};
use crate::solve::{Formula, Glob, Pattern, Point, Predicate, Token as Glyph};
use narrows_iam::{Condition, ConditionKey, IpNetwork, Pattern as Source, Scalar, Token, Values, scalar};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// How many texts one key is tried with.
const MOST: usize = 24;

/// The texts of each key that is compared in two ways.
pub(super) fn spellings(model: &AccessModel) -> BTreeMap<ConditionKey, Spellings> {
    let mut found: BTreeMap<ConditionKey, Spellings> = BTreeMap::new();
    let conditions = || documents(model).flat_map(|it| &it.statements).flat_map(|it| &it.conditions);
    for condition in conditions().filter(|condition| is_other(condition)) {
        found.entry(condition.key.clone()).or_insert_with(|| Spellings {
            texts: Vec::new(),
            place: format!("{} ({})", condition.operator, condition.location),
        });
    }
    for (key, known) in &mut found {
        let of_key = conditions().filter(|condition| condition.key == *key);
        let usual: &[&str] = if is_boolean(key) { &["true", "false"] } else { &[] };
        let texts = usual.iter().map(|text| (*text).to_owned());
        let texts = texts.chain(likely_texts(key, model.as_of)).chain(of_key.flat_map(around));
        for text in texts {
            if known.texts.len() < MOST && !known.texts.contains(&text) {
                known.texts.push(text);
            }
        }
    }
    found
}

/// Whether a condition compares its key in another way than the key's type has it.
fn is_other(condition: &Condition) -> bool {
    let own = Keys::sort_of(&condition.key);
    let sort = match (&condition.values, condition.operator.family) {
        (_, narrows_iam::Family::Null) => return false,
        (Values::Number(_), _) => Sort::Number,
        (Values::Date(_), _) if is_epoch_time(&condition.key) => Sort::Number,
        (Values::Date(_), _) => Sort::Instant,
        (Values::Ip(_), _) => Sort::Address,
        (Values::Binary(_), _) => return false,
        (Values::Text(_) | Values::Bool(_), _) => Sort::Text,
    };
    own != Sort::List && own != sort
}

/// Texts on both sides of what a condition tells apart.
fn around(condition: &Condition) -> Vec<String> {
    let own = Keys::sort_of(&condition.key);
    let number = |value: i128| show(signed_point(NUMBER, value));
    match &condition.values {
        Values::Number(values) => near(values, |value| {
            [0, -1, 1].map(|by| number(value.saturating_add(by * 1_000_000_000))).to_vec()
        }),
        Values::Date(values) => near(values, |value| {
            let at = [0, -1000, 1000].map(|by| signed_point(INSTANT, i128::from(*value) + by));
            at.map(|point| spelled(&condition.key, point)).to_vec()
        }),
        Values::Ip(values) => near(values, beside),
        Values::Binary(_) => Vec::new(),
        Values::Text(patterns) => patterns.iter().filter_map(|pattern| completed(own, pattern)).collect(),
        Values::Bool(_) if own == Sort::Text => vec!["true".to_owned(), "false".to_owned()],
        Values::Bool(_) => Vec::new(),
    }
}

fn near<T>(values: &[Scalar<T>], texts: impl Fn(&T) -> Vec<String>) -> Vec<String> {
    values
        .iter()
        .flat_map(|value| match value {
            Scalar::Known(value, _) => texts(value),
            Scalar::Unknown(_) => Vec::new(),
        })
        .collect()
}

/// An address in a network, and the next ones before and after it.
fn beside(network: &IpNetwork) -> Vec<String> {
    let (first, last) = network_range(*network);
    let before = first.value.checked_sub(1).map(|value| Point { value, ..first });
    let after = last.value.checked_add(1).map(|value| Point { value, ..last });
    let widest = if network.address.is_ipv4() { u128::from(u32::MAX) } else { u128::MAX };
    let inside = |point: &Point| point.value <= widest;
    [Some(first), before, after].into_iter().flatten().filter(inside).map(show).collect()
}

/// A text that a pattern matches and that can be read as the key's type.
fn completed(own: Sort, pattern: &Source) -> Option<String> {
    if !own.is_typed() {
        return example(pattern);
    }
    let literal: String = pattern
        .tokens()
        .iter()
        .map_while(|token| match token {
            Token::Char(c) => Some(*c),
            _ => None,
        })
        .collect();
    const INSTANTS: &str = "2027-06-15T12:00:00Z";
    let ends: Vec<&str> = match own {
        Sort::Address => vec!["", "7", "0.7", "0.0.7", ".7", ".0.7", ".0.0.7", ":7", "::7"],
        Sort::Instant => vec!["", INSTANTS.get(literal.len()..).unwrap_or_default()],
        _ => vec!["", "0", "1"],
    };
    ends.into_iter().map(|end| format!("{literal}{end}")).find(|text| read(own, text).is_some())
}

/// What the texts of keys that are compared in two ways stand for: the point that they are read as, or none.
pub(super) fn axioms(keys: &Keys, formulas: [&Formula; 2]) -> Vec<Formula> {
    let mut rules = Vec::new();
    for ((key, sort), twin) in &keys.twins {
        let Some((_, main)) = keys.free.get(key) else { continue };
        let within = |var, ranges| Formula::leaf(var, Predicate::Within(ranges));
        if let Some(reads) = twin.reads {
            for text in keys.certain_texts(key) {
                let is = Formula::matches(*main, Pattern::literal(&text));
                let read_so = Formula::leaf(reads, Predicate::True);
                rules.push(implies(
                    is,
                    match read(*sort, &text) {
                        Some(point) => Formula::and([read_so, within(twin.var, vec![(point, point)])]),
                        None => !read_so,
                    },
                ));
            }
            continue;
        }
        let present = Formula::present(*main);
        let asked: Vec<Glob> = patterns(&formulas, &[twin.var])
            .iter()
            .flat_map(|pattern| pattern.lo().iter().chain(pattern.hi()))
            .cloned()
            .collect();
        let literals = asked.iter().filter_map(literal).chain(keys.certain_texts(key));
        for text in literals {
            let stands_for = match read_as(key, &text) {
                Some(ranges) => within(*main, ranges),
                // However AWS writes numbers and moments, there is a digit in them; callers may write what they like.
                None if is_of_aws(key) && !text.contains(|c: char| c.is_ascii_digit()) => {
                    Formula::Const(false)
                }
                None => continue,
            };
            let is = Formula::and([present.clone(), Formula::matches(twin.var, Pattern::literal(&text))]);
            rules.push(implies(is, stands_for));
        }
        for (glob, network) in asked.iter().filter_map(|glob| Some((glob, prefix(glob)?))) {
            if Sort::of(key) == Some(Sort::Address) {
                let is = Formula::matches(twin.var, Pattern::exact([glob.clone()]));
                let inside = within(*main, vec![network_range(network)]);
                rules.push(implies(Formula::and([present.clone(), is]), inside));
            }
        }
    }
    rules
}

/// Whether AWS makes the number or moment of a key, rather than take it from the request.
fn is_of_aws(key: &ConditionKey) -> bool {
    [
        "aws:currenttime",
        "aws:epochtime",
        "aws:multifactorauthage",
        "aws:tokenissuetime",
        "s3:signatureage",
        "s3:tlsversion",
    ]
    .contains(&key.as_str())
}

/// The text of a glob without wildcards.
fn literal(glob: &Glob) -> Option<String> {
    glob.0
        .iter()
        .map(|glyph| match glyph {
            Glyph::Char(c) if !narrows_model::is_symbol(*c) => Some(*c),
            _ => None,
        })
        .collect()
}

/// The network of the addresses that can be spelled with a start such as `10.1.`: however the rest is written, these are the
/// first bytes of an IPv4 address in dotted decimal notation, and no IPv6 address has a point before a colon.
fn prefix(glob: &Glob) -> Option<IpNetwork> {
    let (Glyph::Many, start) = glob.0.split_last()? else { return None };
    let start = literal(&Glob(start.to_vec()))?;
    let bytes = start.strip_suffix('.')?;
    let given = bytes.split('.').count();
    if given > 3 || bytes.split('.').any(|byte| byte.len() > 1 && byte.starts_with('0')) {
        return None;
    }
    let rest = [".0"].repeat(4 - given).concat();
    let (network, _) = scalar::network(&format!("{bytes}{rest}/{}", given * 8))?;
    matches!(network.address, IpAddr::V4(_)).then_some(network)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_a_network() {
        for (glob, network) in [
            ("10.*", Some("10.0.0.0/8")),
            ("10.1.*", Some("10.1.0.0/16")),
            ("10.1.2.*", Some("10.1.2.0/24")),
            ("10.1*", None),
            ("10.1.2.3.*", None),
            ("300.*", None),
            ("010.*", None),
            ("*", None),
            ("2001:*", None),
            ("10.*.1", None),
        ] {
            let expected = network.map(|text| scalar::network(text).unwrap().0);
            assert_eq!(prefix(&Glob::wildcards(glob)), expected, "{glob}");
        }
    }
}
