//! The order of symbols, which two plans must have the other way round.
//!
//! What is sorted and then taken by its number depends on the order of values that nobody knows. The stand-in's symbols
//! have the reversed order in the second plan, but it tells instances of one resource apart only by counting them, and an
//! engine may ask for them in any order.

use super::owner::{Owner, Symbol, symbols};
use super::{Finder, Given, Piece};
use narrows_model::token::{Hash, Numbers};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Symbols to be spelled as others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renaming(BTreeMap<String, String>);

impl Renaming {
    /// A text with every symbol in it renamed.
    pub(super) fn text(&self, text: &str) -> String {
        let finder = Finder::new(self.0.keys().map(String::as_str));
        self.with(&finder, text)
    }

    /// A value with every symbol in it renamed, in names of members too.
    pub(super) fn value(&self, value: &Value) -> Value {
        if self.0.is_empty() {
            return value.clone();
        }
        self.inner(&Finder::new(self.0.keys().map(String::as_str)), value)
    }

    fn inner(&self, finder: &Finder, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.with(finder, text)),
            Value::Array(items) => items.iter().map(|item| self.inner(finder, item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| (self.with(finder, name), self.inner(finder, value)))
                .collect(),
            other => other.clone(),
        }
    }

    fn with(&self, finder: &Finder, text: &str) -> String {
        let renamed = |piece: Piece<'_>| match piece {
            Piece::Between(text) => text.to_owned(),
            Piece::Found(_, token) => self.0.get(token).cloned().unwrap_or_default(),
        };
        finder.split(text).into_iter().map(renamed).collect()
    }
}

/// The attributes whose symbols are alike but for their tokens, with the token of each address.
type Groups<'s> = BTreeMap<(&'s str, &'s str, &'s str, &'s str), BTreeMap<&'s str, &'s str>>;

fn groups(symbols: &[Symbol]) -> Groups<'_> {
    let mut groups = Groups::new();
    for symbol in symbols {
        let Owner::Attribute { address, attribute } = &symbol.owner else { continue };
        let (before, after) = symbol.text.split_once(symbol.token.as_str()).unwrap_or_default();
        let group = groups.entry((&symbol.type_name, attribute, before, after)).or_default();
        group.insert(address, &symbol.token);
    }
    groups
}

/// The addresses of a group in the order of their tokens.
fn by_token<'s>(group: &BTreeMap<&'s str, &'s str>) -> Vec<&'s str> {
    let mut order: Vec<(&str, &str)> = group.iter().map(|(address, token)| (*token, *address)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, address)| address).collect()
}

/// How the second plan's symbols are to be renamed so that their order is the reverse of the first's; `None` where it is.
pub fn reversal(
    first: &Value,
    given_first: &[Given],
    second: &Value,
    given_second: &[Given],
) -> Option<Renaming> {
    let (first, second) = (symbols(first, given_first), symbols(second, given_second));
    let (first, second) = (groups(&first), groups(&second));
    let mut renaming = BTreeMap::new();
    for (key, group) in &first {
        let Some(other) = second.get(key) else { continue };
        let order = by_token(group);
        if !group.keys().eq(other.keys()) || is_reversed(&order, other) {
            continue;
        }
        let mut tokens: Vec<&str> = other.values().copied().collect();
        tokens.sort_unstable_by(|one, another| another.cmp(one));
        for (address, token) in order.into_iter().zip(tokens) {
            renaming.extend(other.get(address).map(|old| ((*old).to_owned(), token.to_owned())));
        }
    }
    (!renaming.is_empty()).then_some(Renaming(renaming))
}

/// Whether the tokens of addresses, in their order, run backwards.
fn is_reversed(order: &[&str], group: &BTreeMap<&str, &str>) -> bool {
    let tokens: Vec<_> = order.iter().map(|address| group.get(address)).collect();
    tokens.windows(2).all(|pair| matches!(pair, [Some(one), Some(next)] if one > next))
}

/// The owners of symbols whose order is not reversed, so that it would hide what depends on it.
pub(super) fn not_reversed(first: &[Symbol], second: &[Symbol]) -> BTreeSet<Owner> {
    let (first, second) = (groups(first), groups(second));
    let mut found = BTreeSet::new();
    for (key, group) in &first {
        let nothing = BTreeMap::new();
        let other = second.get(key).unwrap_or(&nothing);
        if !group.keys().eq(other.keys()) || !is_reversed(&by_token(group), other) {
            found.extend(group.keys().map(|address| Owner::Attribute {
                address: (*address).to_owned(),
                attribute: key.1.to_owned(),
            }));
        }
    }
    found
}

/// How a plan's symbols are to be renamed so that they are in the order of their addresses, whichever order the engine
/// asked in; `None` where they are.
pub fn in_order(plan: &Value, given: &[Given]) -> Option<Renaming> {
    let mut renaming = BTreeMap::new();
    for group in groups(&symbols(plan, given)).into_values() {
        let mut tokens: Vec<&str> = group.values().copied().collect();
        tokens.sort_unstable();
        let renamed = group.into_values().zip(tokens).filter(|(old, new)| old != new);
        renaming.extend(renamed.map(|(old, new)| (old.to_owned(), new.to_owned())));
    }
    (!renaming.is_empty()).then_some(Renaming(renaming))
}

/// The token that each owner has in the plan itself.
pub(super) fn own(symbols: &[Symbol]) -> BTreeMap<Owner, String> {
    let owned = symbols.iter().filter(|symbol| symbol.owner != Owner::Nobody);
    owned.map(|symbol| (symbol.owner.clone(), symbol.token.clone())).collect()
}

/// The token that each owner has in the settled plan: made from its address alone, whichever number the engine gave it.
pub(super) fn settled(first: &[Symbol]) -> BTreeMap<Owner, String> {
    let told = first.iter().filter_map(|symbol| match &symbol.owner {
        Owner::Attribute { address, attribute } => {
            Some((symbol.owner.clone(), respelled(&symbol.token, &format!("{address} {attribute}"))))
        }
        Owner::Account | Owner::Region => Some((symbol.owner.clone(), symbol.token.clone())),
        Owner::Nobody => None,
    });
    told.collect()
}

/// A token of the same shape that a text stands for.
fn respelled(token: &str, seed: &str) -> String {
    let mut numbers = Numbers::from_seed(Hash::of(&[seed.as_bytes()]));
    let mut next = |count: usize| u8::try_from(numbers.below(count)).unwrap_or_default();
    let character = |c: char| match c {
        '0'..='9' => char::from(b'0' + next(8)),
        'a'..='z' => char::from(b'a' + next(26)),
        other => other,
    };
    token.chars().map(character).collect()
}
