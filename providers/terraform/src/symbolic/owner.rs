//! Which attribute of which resource each symbol is.

use super::configuration::Source;
use super::resources::{self, Shown, join};
use super::{Finder, Given};
use crate::kinds;
use narrows_model::Attribute;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What a symbol is the value of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    /// An attribute of a resource or data source, by their paths.
    Attribute { address: String, attribute: String },
    /// The account that is deployed to.
    Account,
    /// The Region of a provider.
    Region,
    /// Nothing that the plan shows, or one of several.
    Nobody,
}

/// A symbol of one plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Symbol {
    pub(super) token: String,
    /// The owner's whole value.
    pub(super) text: String,
    pub(super) type_name: String,
    pub(super) owner: Owner,
}

/// A place where a value that was made up stands.
struct Place<'p> {
    address: &'p str,
    path: String,
    is_data: bool,
    /// Whether the plan does not show that the provider gives it.
    is_hidden: bool,
    provider: Option<&'p str>,
}

impl Place<'_> {
    /// Whether what was made up for an attribute can be this value; in a dynamic block, of which the plan does not show what
    /// is configured, it must be the same attribute.
    fn is_of(&self, given: &Given) -> bool {
        let mut inside = false;
        let outside = |c: &char| {
            inside = (inside || *c == '[') && *c != ']';
            !inside && *c != ']'
        };
        !self.is_hidden || self.path.chars().filter(outside).eq(given.attribute.chars())
    }
}

/// The symbols of a plan, by their tokens.
///
/// A value is an attribute's own where the configuration does not give it: elsewhere it is a copy. Data sources with the
/// same arguments and provider have the same values, and the first of them owns these. Several accounts or Regions are
/// nobody's: nothing tells which of them a text means.
pub(super) fn symbols(plan: &Value, given: &[Given]) -> Vec<Symbol> {
    let mut by_token: BTreeMap<&str, Vec<&Given>> = BTreeMap::new();
    for one in given {
        by_token.entry(one.token.as_str()).or_default().push(one);
    }
    let texts: HashSet<&str> = given.iter().map(|one| one.text.as_str()).collect();
    let tokens = Finder::new(by_token.keys().copied());
    let mut places: HashMap<(&str, &str), Vec<Place<'_>>> = HashMap::new();
    for shown in resources::planned(plan).iter().chain(&resources::read(plan)) {
        if let Some(values) = shown.values().filter(|_| !tokens.finds_in(shown.address)) {
            collect(shown, values, Source::of(shown.configuration), "", &texts, &mut places);
        }
    }
    let found = by_token.into_iter().map(|(token, given)| symbol(token, &given, &places));
    each_of_one_owner(found.collect())
}

/// The symbols, of which those that would share an owner have none: they stand for different values.
fn each_of_one_owner(mut symbols: Vec<Symbol>) -> Vec<Symbol> {
    let mut counts: BTreeMap<Owner, usize> = BTreeMap::new();
    for symbol in &symbols {
        *counts.entry(symbol.owner.clone()).or_default() += 1;
    }
    for symbol in &mut symbols {
        if counts.get(&symbol.owner).is_some_and(|count| *count > 1) {
            symbol.owner = Owner::Nobody;
        }
    }
    symbols
}

fn collect<'p>(
    shown: &Shown<'p>,
    value: &'p Value,
    source: Source<'p>,
    path: &str,
    texts: &HashSet<&str>,
    places: &mut HashMap<(&'p str, &'p str), Vec<Place<'p>>>,
) {
    match value {
        Value::String(text)
            if (source.is_provider() || source.is_hidden()) && texts.contains(text.as_str()) =>
        {
            let provider = shown
                .configuration
                .and_then(|configuration| configuration.get("provider_config_key")?.as_str());
            places.entry((shown.type_name, text)).or_default().push(Place {
                address: shown.address,
                path: path.to_owned(),
                is_data: shown.is_data,
                is_hidden: source.is_hidden(),
                provider,
            });
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(shown, item, source, &format!("{path}[{index}]"), texts, places);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                collect(shown, value, source.member(name, Some(value)), &join(path, name), texts, places);
            }
        }
        _ => {}
    }
}

fn symbol(token: &str, given: &[&Given], places: &HashMap<(&str, &str), Vec<Place<'_>>>) -> Symbol {
    let session = given.iter().find_map(|one| match (one.type_name.as_str(), one.attribute.as_str()) {
        ("aws_caller_identity", "account_id") => Some((Owner::Account, one)),
        ("aws_region", "region" | "name" | "id") => Some((Owner::Region, one)),
        _ => None,
    });
    let made = |text: &str, type_name: &str, owner: Owner| Symbol {
        token: token.to_owned(),
        text: text.to_owned(),
        type_name: type_name.to_owned(),
        owner,
    };
    if let Some((owner, one)) = session {
        return made(&one.text, &one.type_name, owner);
    }
    let found: Vec<(&Given, &Place<'_>)> = given
        .iter()
        .filter_map(|one| Some((*one, places.get(&(one.type_name.as_str(), one.text.as_str()))?)))
        .flat_map(|(one, places)| places.iter().map(move |place| (one, place)))
        .filter(|(one, place)| place.is_of(one))
        .collect();
    let addresses: BTreeSet<&str> = found.iter().map(|(_, place)| place.address).collect();
    let providers: BTreeSet<Option<&str>> = found.iter().map(|(_, place)| place.provider).collect();
    let is_data = found.iter().all(|(_, place)| place.is_data);
    let address = match (addresses.first(), addresses.len()) {
        (Some(only), 1) => Some(*only),
        (Some(first), _) if is_data && providers.len() == 1 => Some(*first),
        _ => None,
    };
    let own = found.into_iter().filter(|(_, place)| Some(place.address) == address);
    let best = own.min_by_key(|(one, place)| {
        let attribute = kinds::attribute_of(&kinds::kind_of(&one.type_name), &place.path);
        let other = matches!(attribute, Attribute::Other(_));
        (one.text.len(), other, place.path.len(), place.path.clone())
    });
    match best {
        Some((one, place)) => {
            let owner = Owner::Attribute { address: place.address.to_owned(), attribute: place.path.clone() };
            made(&one.text, &one.type_name, owner)
        }
        None => made(token, "", Owner::Nobody),
    }
}
