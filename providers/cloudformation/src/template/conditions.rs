//! Conditions: true, false, or not decided before deployment.

use crate::error::ReadError;
use crate::resolve::{Found, Stop, as_text, function, wrong};
use crate::stack::Stack;
use narrows_model::{Part, Text, Value, ValueKind};
use std::collections::BTreeMap;
use std::fmt;

/// A comparison that the input does not decide.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Atom {
    /// What is not known, as it is spelled.
    pub(crate) left: String,
    /// What it is compared with.
    pub(crate) right: String,
    /// Whether `right` is a value, and not another thing that is not known.
    literal: bool,
}

/// An atom with one of its outcomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice(pub Atom, pub bool);

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(atom, holds) = self;
        let right = if atom.right.is_empty() { "\"\"" } else { &atom.right };
        write!(f, "{} {} {right}", atom.left, if *holds { "=" } else { "≠" })
    }
}

/// What is known of a condition.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// It holds, or does not.
    Known(bool),
    /// It hangs on this.
    Open(Atom),
}

/// The values that parameters can have, by the parameter as it is spelled.
pub(crate) type Allowed = BTreeMap<String, Vec<String>>;

/// The outcome of an atom, where choices and allowed values decide it.
pub(crate) fn lookup(atom: &Atom, choices: &[Choice], allowed: &Allowed) -> Option<bool> {
    if let Some(Choice(_, holds)) = choices.iter().find(|Choice(known, _)| known == atom) {
        return Some(*holds);
    }
    if !atom.literal {
        return None;
    }
    let same = || choices.iter().filter(|Choice(known, _)| known.literal && known.left == atom.left);
    if same().any(|Choice(_, holds)| *holds) {
        return Some(false);
    }
    let allowed = allowed.get(&atom.left)?;
    if !allowed.contains(&atom.right) {
        return Some(false);
    }
    let ruled_out =
        |value: &String| *value == atom.right || same().any(|Choice(known, _)| known.right == *value);
    allowed.iter().all(ruled_out).then_some(true)
}

impl Stack<'_> {
    /// Whether the condition with this name holds.
    pub(crate) fn decided(&self, name: &Value) -> Found<bool> {
        let outcome = match name.as_str() {
            Some(text) => self.condition(text, name)?,
            None => self.evaluate(name)?,
        };
        match outcome {
            Outcome::Known(holds) => Ok(holds),
            Outcome::Open(atom) => Err(Stop::Undecided(atom)),
        }
    }

    pub(crate) fn evaluate(&self, condition: &Value) -> Found<Outcome> {
        if let Some(name) = condition.get("Condition") {
            let text = name.as_str().ok_or_else(|| {
                wrong("Condition", name.kind_in_words().to_owned(), "the name of a condition", &name.location)
            })?;
            return self.condition(text, name);
        }
        let expected = "Fn::And, Fn::Or, Fn::Not, Fn::Equals or Condition";
        let Some((name, argument)) = function(condition) else {
            return Err(wrong(
                "a condition",
                condition.kind_in_words().to_owned(),
                expected,
                &condition.location,
            ));
        };
        match name {
            "Fn::And" | "Fn::Or" => {
                // What one decides alone is decided, whatever is open beside it.
                let decisive = name == "Fn::Or";
                let mut open = None;
                for item in self.arguments(name, argument, "a list of conditions", |count| count > 0)? {
                    match self.evaluate(item)? {
                        Outcome::Known(holds) if holds == decisive => return Ok(Outcome::Known(holds)),
                        Outcome::Known(_) => {}
                        Outcome::Open(atom) => open = open.or(Some(atom)),
                    }
                }
                Ok(open.map_or(Outcome::Known(!decisive), Outcome::Open))
            }
            "Fn::Not" => {
                match self.arguments(name, argument, "a list of one condition", |count| count == 1)? {
                    [item] => Ok(match self.evaluate(item)? {
                        Outcome::Known(holds) => Outcome::Known(!holds),
                        open => open,
                    }),
                    _ => Ok(Outcome::Known(false)),
                }
            }
            "Fn::Equals" => {
                match self.arguments(name, argument, "a list of two values", |count| count == 2)? {
                    [one, other] => self.equal(one, other),
                    _ => Ok(Outcome::Known(false)),
                }
            }
            _ => Err(wrong("a condition", format!("`{name}`"), expected, &condition.location)),
        }
    }

    fn equal(&self, one: &Value, other: &Value) -> Found<Outcome> {
        let (one, other) = (comparable(&self.required(one)?), comparable(&self.required(other)?));
        if one == other {
            return Ok(Outcome::Known(true));
        }
        let atom = match (one.as_literal(), other.as_literal()) {
            (Some(_), Some(_)) => return Ok(Outcome::Known(false)),
            (None, Some(value)) => Atom { left: bare(&one), right: value.to_owned(), literal: true },
            (Some(value), None) => Atom { left: bare(&other), right: value.to_owned(), literal: true },
            (None, None) => {
                let (one, other) = (bare(&one), bare(&other));
                let (left, right) = if one <= other { (one, other) } else { (other, one) };
                Atom { left, right, literal: false }
            }
        };
        Ok(match self.world.outcome(&atom) {
            Some(holds) => Outcome::Known(holds),
            None => Outcome::Open(atom),
        })
    }

    fn condition(&self, name: &str, place: &Value) -> Found<Outcome> {
        if let Some(known) = self.conditions.borrow().get(name) {
            return known.clone().ok_or_else(|| {
                ReadError::Unsupported {
                    what: format!("condition `{name}`, which depends on itself,"),
                    remedy: "take it out of its own definition".to_owned(),
                    location: place.location.clone(),
                }
                .into()
            });
        }
        let Some(definition) = self.template.get("Conditions").and_then(|all| all.get(name)) else {
            return Err(ReadError::Undefined {
                what: "the condition".to_owned(),
                name: name.to_owned(),
                expected: "a name in Conditions".to_owned(),
                nearest: None,
                location: place.location.clone(),
            }
            .into());
        };
        self.conditions.borrow_mut().insert(name.to_owned(), None);
        let outcome = self.evaluate(definition)?;
        self.conditions.borrow_mut().insert(name.to_owned(), Some(outcome.clone()));
        Ok(outcome)
    }
}

/// A value as text that is compared; lists and objects by their JSON.
fn comparable(value: &Value) -> Text {
    match &value.kind {
        ValueKind::Null => Text::default(),
        _ => as_text(value).unwrap_or_else(|| value.to_json_text()),
    }
}

/// A text without the braces around an expression that is all of it.
fn bare(text: &Text) -> String {
    match text.parts() {
        [Part::Unknown(expression)] => expression.to_string(),
        _ => text.to_string(),
    }
}
