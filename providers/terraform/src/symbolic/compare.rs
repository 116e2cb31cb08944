//! Two plans' values, leaf by leaf.

use super::configuration::{self, Source};
use super::normal::Both;
use super::resources::{holds_true, join};
use super::unset;
use narrows_model::{Member, ValueKind};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// A value that only the deployment tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    /// What stands for it in the settled plan.
    pub(super) text: String,
    pub(super) address: String,
    pub(super) path: String,
    pub(super) why: String,
}

/// What two values have in common.
enum Found {
    /// All but for their symbols.
    Same(Value),
    /// Some of it; the rest is marked.
    Partly(Value),
    Nothing,
}

/// A comparison of the values of two plans.
pub(super) struct Comparison<'b> {
    both: &'b Both,
    pub(super) unknown: Vec<Unknown>,
}

/// The resource that is compared.
#[derive(Clone, Copy)]
pub(super) struct Subject<'p> {
    pub(super) address: &'p str,
    pub(super) configuration: Option<&'p Value>,
    /// The paths of arguments that are unset.
    pub(super) unset: Option<&'p BTreeSet<String>>,
}

impl Subject<'_> {
    /// Whether nothing but the provider can have given the value at a path.
    fn leaves(self, source: Source<'_>, path: &str) -> bool {
        source.is_provider() || unset::has(self.unset, path)
    }
}

/// What is known of a resource in one plan, and what is not.
pub(super) type Sides<'p> = (Option<&'p Value>, Option<&'p Value>);

/// How deep JSON may stand inside JSON.
const DEPTH: usize = 4;

impl<'b> Comparison<'b> {
    pub(super) fn new(both: &'b Both) -> Self {
        Self { both, unknown: Vec::new() }
    }

    /// The values of a resource, and what of it is unknown; an argument that differs is a text that is told in `unknown`,
    /// an attribute that differs is left to the provider, as one that is known after apply.
    pub(super) fn resource(
        &mut self,
        subject: Subject<'_>,
        first: Sides<'_>,
        second: Sides<'_>,
    ) -> (Value, Value) {
        let nothing = Map::new();
        let members =
            |value: Option<&'_ Value>| value.and_then(Value::as_object).cloned().unwrap_or_default();
        let (values, others) = (members(first.0), members(second.0));
        let (open, opens) = (first.1.and_then(Value::as_object).unwrap_or(&nothing), members(second.1));
        let source = Source::of(subject.configuration);
        let mut settled = Map::new();
        let mut unknown = Map::new();
        let names: BTreeSet<&String> =
            values.keys().chain(others.keys()).chain(open.keys()).chain(opens.keys()).collect();
        for name in names {
            let (one, other) = (values.get(name), others.get(name));
            let is_open = open.get(name).filter(|open| holds_true(open));
            let same_open = known_part(open.get(name)) == known_part(opens.get(name));
            let source = source.member_of_both(name, one, other);
            let found = match (one, other) {
                (Some(one), Some(other)) if same_open => self.value(one, other, source, name, subject),
                (None, None) if same_open => {
                    unknown.extend(is_open.map(|open| (name.clone(), open.clone())));
                    continue;
                }
                _ => Found::Nothing,
            };
            match found {
                Found::Same(value) | Found::Partly(value) => {
                    settled.insert(name.clone(), value);
                    unknown.extend(is_open.map(|open| (name.clone(), open.clone())));
                }
                // What is told in one plan alone was made up for the other.
                Found::Nothing
                    if subject.leaves(source, name)
                        || (source.is_hidden() && (one.is_none() || other.is_none())) =>
                {
                    unknown.insert(name.clone(), Value::Bool(true));
                }
                Found::Nothing => {
                    let marked = self.mark(name, subject);
                    settled.insert(name.clone(), marked);
                }
            }
        }
        (Value::Object(settled), Value::Object(unknown))
    }

    /// The value of an output.
    pub(super) fn output(&mut self, name: &str, first: Option<&Value>, second: Option<&Value>) -> Value {
        let address = format!("output.{name}");
        let subject = Subject { address: &address, configuration: None, unset: None };
        let found = match (first, second) {
            (Some(first), Some(second)) => self.value(first, second, Source::Hidden, "value", subject),
            _ => Found::Nothing,
        };
        self.or_marked(found, "value", subject)
    }

    fn or_marked(&mut self, found: Found, path: &str, subject: Subject<'_>) -> Value {
        match found {
            Found::Same(value) | Found::Partly(value) => value,
            Found::Nothing => self.mark(path, subject),
        }
    }

    fn value(
        &mut self,
        first: &Value,
        second: &Value,
        source: Source<'_>,
        path: &str,
        subject: Subject<'_>,
    ) -> Found {
        match (first, second) {
            (Value::String(first), Value::String(second)) => {
                let (first, second) = (self.both.first.text(first), self.both.second.text(second));
                if first == second {
                    return Found::Same(Value::String(self.both.spell(&first)));
                }
                match self.json(&first, &second, path, subject, DEPTH) {
                    Some(text) => Found::Partly(Value::String(self.both.spell(&text))),
                    None => Found::Nothing,
                }
            }
            (Value::Array(first), Value::Array(second)) if first.len() == second.len() => {
                self.list(first, second, source, path, subject)
            }
            (Value::Object(first), Value::Object(second)) => {
                self.object(first, second, source, path, subject)
            }
            _ if first == second => Found::Same(first.clone()),
            _ => Found::Nothing,
        }
    }

    /// The order of a list that depends on symbols tells nothing: what it holds is compared.
    fn list(
        &mut self,
        first: &[Value],
        second: &[Value],
        source: Source<'_>,
        path: &str,
        subject: Subject<'_>,
    ) -> Found {
        let one: Vec<Value> =
            first.iter().map(|item| normal(item, &|text| self.both.first.text(text))).collect();
        let other: Vec<Value> =
            second.iter().map(|item| normal(item, &|text| self.both.second.text(text))).collect();
        let spelled = |items: &[Value]| {
            let mut spelled: Vec<String> = items.iter().map(Value::to_string).collect();
            spelled.sort_unstable();
            spelled
        };
        if spelled(&one) == spelled(&other) {
            return Found::Same(one.iter().map(|item| normal(item, &|text| self.both.spell(text))).collect());
        }
        let mut items = Vec::new();
        let mut any = false;
        for (index, (first, second)) in first.iter().zip(second).enumerate() {
            let path = format!("{path}[{index}]");
            let found = self.value(first, second, source, &path, subject);
            any |= !matches!(found, Found::Nothing);
            items.push((found, path));
        }
        // A list of which no item is the same is one that is worked out as a whole.
        if !any && subject.leaves(source, path) {
            return Found::Nothing;
        }
        Found::Partly(items.into_iter().map(|(found, path)| self.or_marked(found, &path, subject)).collect())
    }

    fn object(
        &mut self,
        first: &Map<String, Value>,
        second: &Map<String, Value>,
        source: Source<'_>,
        path: &str,
        subject: Subject<'_>,
    ) -> Found {
        let named = |members: &Map<String, Value>, normal: &dyn Fn(&str) -> String| {
            members.iter().map(|(name, value)| (normal(name), value.clone())).collect::<Map<_, _>>()
        };
        let one = named(first, &|name| self.both.first.text(name));
        let other = named(second, &|name| self.both.second.text(name));
        // What the provider gives in a block may have been left out before, as something that is not known.
        let is_told_or_left_out = |name: &String| {
            let name_of_both = self.both.spell(name);
            let source = source.member_of_both(&name_of_both, one.get(name), other.get(name));
            let is_left = || subject.leaves(source, &join(path, &name_of_both));
            one.contains_key(name) == other.contains_key(name) || is_left()
        };
        let is_same = if source.is_blocks() || subject.unset.is_some() {
            one.keys().chain(other.keys()).all(is_told_or_left_out)
        } else {
            one.keys().eq(other.keys())
        };
        if !is_same || one.len() != first.len() || other.len() != second.len() {
            return Found::Nothing;
        }
        let mut whole = one.len() == other.len();
        let mut settled = Map::new();
        for (name, first) in &one {
            let Some(second) = other.get(name) else {
                whole = false;
                continue;
            };
            let name = self.both.spell(name);
            let source = source.member_of_both(&name, Some(first), Some(second));
            let path = join(path, &name);
            match self.value(first, second, source, &path, subject) {
                Found::Same(value) => drop(settled.insert(name, value)),
                Found::Partly(value) => {
                    whole = false;
                    settled.insert(name, value);
                }
                Found::Nothing => {
                    whole = false;
                    if !subject.leaves(source, &path) {
                        let marked = self.mark(&path, subject);
                        settled.insert(name, marked);
                    }
                }
            }
        }
        if whole { Found::Same(Value::Object(settled)) } else { Found::Partly(Value::Object(settled)) }
    }

    /// What two texts have in common that hold JSON; `None` where they do not, or differ in more than texts.
    fn json(
        &mut self,
        first: &str,
        second: &str,
        path: &str,
        subject: Subject<'_>,
        depth: usize,
    ) -> Option<String> {
        let parse = |text: &str| {
            let source = narrows_model::Source::file("value", text);
            narrows_model::json::parse(&source)
                .ok()
                .filter(|it| it.members().is_some() || it.items().is_some())
        };
        let (first, second) = (parse(first)?, parse(second)?);
        let before = self.unknown.len();
        let settled = self.inside(&first, &second, path, subject, depth.checked_sub(1)?);
        if settled.is_none() {
            self.unknown.truncate(before);
        }
        settled?.to_json_text().as_literal().map(str::to_owned)
    }

    fn inside(
        &mut self,
        first: &narrows_model::Value,
        second: &narrows_model::Value,
        path: &str,
        subject: Subject<'_>,
        depth: usize,
    ) -> Option<narrows_model::Value> {
        if first == second {
            return Some(first.clone());
        }
        let kind = match (&first.kind, &second.kind) {
            (ValueKind::Text(one), ValueKind::Text(other)) => {
                let (one, other) = (one.as_literal()?, other.as_literal()?);
                let text = match self.json(one, other, path, subject, depth) {
                    Some(text) => text,
                    None => self.marker(path, subject),
                };
                ValueKind::Text(text.into())
            }
            (ValueKind::List(one), ValueKind::List(other)) if one.len() == other.len() => {
                let spelled = |items: &[narrows_model::Value]| {
                    let mut spelled: Vec<String> = items.iter().map(ToString::to_string).collect();
                    spelled.sort_unstable();
                    spelled
                };
                if spelled(one) == spelled(other) {
                    return Some(first.clone());
                }
                let item = |(index, (one, other)): (usize, (&_, &_))| {
                    self.inside(one, other, &format!("{path}[{index}]"), subject, depth)
                };
                ValueKind::List(one.iter().zip(other).enumerate().map(item).collect::<Option<_>>()?)
            }
            (ValueKind::Object(one), ValueKind::Object(other)) => {
                let names = |members: &[Member]| members.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
                if names(one) != names(other) {
                    return None;
                }
                let member = |(one, other): (&Member, &Member)| {
                    let value =
                        self.inside(&one.value, &other.value, &join(path, &one.name), subject, depth)?;
                    Some(Member { value, ..one.clone() })
                };
                ValueKind::Object(one.iter().zip(other).map(member).collect::<Option<_>>()?)
            }
            _ => return None,
        };
        Some(narrows_model::Value::new(kind))
    }

    fn mark(&mut self, path: &str, subject: Subject<'_>) -> Value {
        Value::String(self.marker(path, subject))
    }

    fn marker(&mut self, path: &str, subject: Subject<'_>) -> String {
        let text = format!("<known after apply {}>", self.unknown.len() + 1);
        let argument = path.split(['.', '[']).next().unwrap_or_default();
        let references = configuration::references(subject.configuration, argument);
        let why = match references.as_slice() {
            [] => "known after apply: it depends on values that are not known before".to_owned(),
            [..] => format!("known after apply: it is worked out from {}", references.join(", ")),
        };
        let path = self.both.spell(path);
        self.unknown.push(Unknown { text: text.clone(), address: subject.address.to_owned(), path, why });
        text
    }
}

/// What is unknown, without what is not.
fn known_part(unknown: Option<&Value>) -> Value {
    match unknown {
        Some(Value::Bool(true)) => Value::Bool(true),
        Some(Value::Array(items)) if items.iter().any(holds_true) => {
            items.iter().map(|item| known_part(Some(item))).collect()
        }
        Some(Value::Object(members)) => members
            .iter()
            .filter(|(_, value)| holds_true(value))
            .map(|(name, value)| (name.clone(), known_part(Some(value))))
            .collect::<Map<_, _>>()
            .into(),
        _ => Value::Object(Map::new()),
    }
}

/// A value with all texts in it, names of members too, replaced.
fn normal(value: &Value, text: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(inner) => Value::String(text(inner)),
        Value::Array(items) => items.iter().map(|item| normal(item, text)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (text(name), normal(value, text))).collect()
        }
        other => other.clone(),
    }
}
