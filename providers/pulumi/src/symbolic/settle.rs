use super::{ASSUMPTIONS, Given, MEMBER};
use crate::values::UNKNOWN_TEXT;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What two texts that were made up cannot show.
const NO_LITERAL: &str = "a text that is known only after the update is not empty, and none of those that the program compares it with";

/// What differs from run to run in a step's states: when it was made, and where the program lies.
const OF_A_RUN: [&str; 4] = ["created", "modified", "sourcePosition", "stackTrace"];

/// Why two previews are not of one program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettleError {
    /// One of them is no preview.
    #[error("no preview: expected an object with `steps`, as printed by pulumi preview --json --show-sames")]
    NoPreview,
    /// A step is in one of them only.
    #[error(
        "whether there is {0} depends on a value that is known only after the update: expected the same resources whatever that is; \
         give the value in the program"
    )]
    Step(String),
}

/// Compares two previews of one program with different symbols, and gives one in which all that is known is certain.
///
/// Outputs are taken out of what is to be made: they hold nothing but what is made up, or follows from the inputs. So is what
/// differs from run to run.
///
/// # Errors
/// See [`SettleError`].
pub fn settle(
    first: &Value,
    given_first: &[Given],
    second: &Value,
    given_second: &[Given],
) -> Result<Value, SettleError> {
    let mut steps = Vec::new();
    let (ours, theirs) = (Tokens::of(given_first), Tokens::of(given_second));
    let mut others: BTreeMap<String, &Value> =
        named(second)?.into_iter().map(|(_, name, step)| (name, step)).collect();
    let mut ordered = named(first)?;
    // An engine works on several resources at once, in any order; the steps of one are in an order that counts.
    ordered.sort_by_key(|(urn, ..)| *urn);
    for (_, name, step) in ordered {
        let other = others.remove(&name).ok_or_else(|| SettleError::Step(name.clone()))?;
        steps.push(settled(step, other, &ours, &theirs));
    }
    if let Some((name, _)) = others.pop_first() {
        return Err(SettleError::Step(name));
    }
    let mut whole = first.as_object().cloned().unwrap_or_default();
    let symbols: Vec<Value> = given_first
        .iter()
        .map(|it| json!({"text": it.text, "urn": it.urn, "attribute": it.attribute, "token": it.token}))
        .collect();
    // How long it took differs from run to run.
    whole.remove("duration");
    whole.insert("steps".to_owned(), steps.into());
    let assumed: Vec<&str> = (!symbols.is_empty()).then_some(NO_LITERAL).into_iter().collect();
    whole.insert(MEMBER.to_owned(), json!({"version": 1, "symbols": symbols, ASSUMPTIONS: assumed}));
    Ok(Value::Object(whole))
}

/// Adds what a settled preview takes for granted besides.
pub fn assume(settled: &mut Value, assumptions: impl IntoIterator<Item = String>) {
    let member = settled.get_mut(MEMBER).and_then(|member| member.get_mut(ASSUMPTIONS));
    if let Some(assumed) = member.and_then(Value::as_array_mut) {
        assumed.extend(assumptions.into_iter().map(Value::from));
    }
}

/// The steps in their order, with URN and name: URN and operation, numbered where several have one.
fn named(preview: &Value) -> Result<Vec<(&str, String, &Value)>, SettleError> {
    let steps = match preview.as_object().map(|preview| preview.get("steps")) {
        None => return Err(SettleError::NoPreview),
        Some(None | Some(Value::Null)) => return Ok(Vec::new()),
        Some(Some(Value::Array(steps))) => steps,
        Some(Some(_)) => return Err(SettleError::NoPreview),
    };
    let mut names = BTreeSet::new();
    let mut found = Vec::new();
    for step in steps {
        let text = |member: &str| step.get(member).and_then(Value::as_str).ok_or(SettleError::NoPreview);
        let (urn, op) = (text("urn")?, text("op")?);
        let mut name = format!("{urn} ({op})");
        while !names.insert(name.clone()) {
            name.push('\'');
        }
        found.push((urn, name, step));
    }
    Ok(found)
}

/// A step in which the inputs that are not certain are unknown.
fn settled(step: &Value, other: &Value, ours: &Tokens<'_>, theirs: &Tokens<'_>) -> Value {
    let mut step = step.clone();
    for state in ["oldState", "newState"] {
        if let Some(state) = step.get_mut(state).and_then(Value::as_object_mut) {
            OF_A_RUN.iter().for_each(|name| drop(state.remove(*name)));
            put_in_order(state);
        }
    }
    let is_same = step.get("op").and_then(Value::as_str) == Some("same");
    let Some(state) = step.get_mut("newState").and_then(Value::as_object_mut) else { return step };
    if is_same {
        return step;
    }
    for computed in ["outputs", "id"] {
        state.remove(computed);
    }
    let inputs = |step: &Value| step.get("newState")?.get("inputs")?.as_object().cloned();
    if let Some(Value::Object(given)) = state.get_mut("inputs") {
        let others = inputs(other).unwrap_or_default();
        let names: Vec<String> = given.keys().chain(others.keys()).cloned().collect();
        for name in names {
            let value = match (given.get(&name), others.get(&name)) {
                (Some(one), Some(other)) => certain(one, other, ours, theirs),
                _ => UNKNOWN_TEXT.into(),
            };
            given.insert(name, value);
        }
    }
    step
}

/// Puts in order what a resource depends on: programs tell it in any.
fn put_in_order(state: &mut Map<String, Value>) {
    let sort = |listed: &mut Value| {
        if let Some(items) = listed.as_array_mut() {
            items.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
        }
    };
    state.get_mut("dependencies").into_iter().for_each(sort);
    let of_properties = state.get_mut("propertyDependencies").and_then(Value::as_object_mut);
    of_properties.into_iter().flat_map(Map::values_mut).for_each(sort);
}

/// A value with what differs in the other preview made unknown.
fn certain(one: &Value, other: &Value, ours: &Tokens<'_>, theirs: &Tokens<'_>) -> Value {
    match (one, other) {
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            items.iter().zip(others).map(|(item, other)| certain(item, other, ours, theirs)).collect()
        }
        (Value::Object(members), Value::Object(others)) if members.keys().eq(others.keys()) => {
            let member = |((name, one), other): ((&String, &Value), &Value)| {
                (name.clone(), certain(one, other, ours, theirs))
            };
            members.iter().zip(others.values()).map(member).collect::<Map<_, _>>().into()
        }
        (Value::String(text), Value::String(other)) => {
            if ours.plain(text) == theirs.plain(other) {
                return text.as_str().into();
            }
            // Of a document, what is certain stays.
            let parse = |text: &str| {
                serde_json::from_str::<Value>(text).ok().filter(|value| value.is_object() || value.is_array())
            };
            match (parse(text), parse(other)) {
                (Some(one), Some(other)) => match certain(&one, &other, ours, theirs) {
                    Value::String(unknown) => unknown.into(),
                    document => document.to_string().into(),
                },
                _ => UNKNOWN_TEXT.into(),
            }
        }
        (one, other) if one == other => one.clone(),
        _ => UNKNOWN_TEXT.into(),
    }
}

/// The tokens of one preview, the longest first.
struct Tokens<'a>(Vec<(&'a str, String)>);

impl<'a> Tokens<'a> {
    fn of(given: &'a [Given]) -> Self {
        let name = |it: &'a Given| (it.token.as_str(), format!("\u{1}{}\u{2}{}\u{1}", it.urn, it.attribute));
        let mut tokens: Vec<_> = given.iter().map(name).collect();
        tokens.sort_by(|one, other| other.0.len().cmp(&one.0.len()).then_with(|| one.cmp(other)));
        Self(tokens)
    }

    /// A text with what each token stands for in its place.
    fn plain(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (token, name) in &self.0 {
            if text.contains(*token) {
                text = text.replace(*token, name);
            }
        }
        text
    }
}
