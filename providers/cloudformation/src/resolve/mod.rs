//! What the functions of a template give, as far as it is known before deployment.

mod collection;
mod reference;
mod spell;
mod substitute;
mod text;

pub(crate) use spell::spell;
use text::is_finished;
pub(crate) use text::{as_text, finished};

use crate::error::ReadError;
use crate::stack::Stack;
use crate::template::conditions::Atom;
use narrows_model::{Location, Member, Shared, Text, Value, ValueKind};

/// Why a value is not given.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    /// The template is wrong.
    Error(Box<ReadError>),
    /// It hangs on something that is not decided.
    Undecided(Atom),
}

impl<E: Into<ReadError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Error(Box::new(error.into()))
    }
}

pub(crate) type Found<T> = Result<T, Stop>;

/// The name of the one function that an object is, and what it is given.
pub(crate) fn function(value: &Value) -> Option<(&str, &Value)> {
    let [member] = value.members()? else { return None };
    let name = member.name.as_str();
    (name == "Ref" || name.starts_with("Fn::")).then_some((name, &member.value))
}

/// What becomes of a value when its functions are worked out.
enum Change<T> {
    /// It has none.
    Same,
    /// It is another.
    New(T),
    /// It is `AWS::NoValue`.
    Gone,
}

/// What becomes of a list; what does not change is shared with the template.
fn changed<T: Clone>(items: &[T], change: impl Fn(&T) -> Found<Change<T>>) -> Found<Change<Shared<T>>> {
    let mut new: Option<Vec<T>> = None;
    for (index, item) in items.iter().enumerate() {
        let change = change(item)?;
        let new = match (&mut new, &change) {
            (None, Change::Same) => continue,
            (None, _) => new.insert(items.iter().take(index).cloned().collect()),
            (Some(new), _) => new,
        };
        match change {
            Change::Same => new.push(item.clone()),
            Change::New(item) => new.push(item),
            Change::Gone => {}
        }
    }
    Ok(new.map_or(Change::Same, |new| Change::New(new.into())))
}

impl Stack<'_> {
    /// A value with its functions worked out; `None` for `AWS::NoValue`.
    pub(crate) fn resolve(&self, value: &Value) -> Found<Option<Value>> {
        Ok(match self.change(value)? {
            Change::Same => Some(value.clone()),
            Change::New(new) => Some(new),
            Change::Gone => None,
        })
    }

    fn change(&self, value: &Value) -> Found<Change<Value>> {
        let at = |kind| Change::New(Value { kind, location: value.location.clone() });
        Ok(match &value.kind {
            ValueKind::Text(text) if !is_finished(text) => at(ValueKind::Text(finished(text.clone()))),
            ValueKind::List(items) => match changed(items, |item| self.change(item))? {
                Change::New(items) => at(ValueKind::List(items)),
                _ => Change::Same,
            },
            ValueKind::Object(members) => {
                if let Some((name, argument)) = function(value) {
                    return Ok(self.call(name, argument, value)?.map_or(Change::Gone, Change::New));
                }
                if value.get("Fn::Transform").is_some() {
                    return Ok(Change::New(self.unknown(value)));
                }
                let member = |member: &Member| {
                    let (name, location) = (&member.name, &member.location);
                    let new = |value| Member { name: name.clone(), location: location.clone(), value };
                    Ok(match self.change(&member.value)? {
                        Change::Same => Change::Same,
                        Change::New(value) => Change::New(new(value)),
                        Change::Gone => Change::Gone,
                    })
                };
                match changed(members, member)? {
                    Change::New(members) => at(ValueKind::Object(members)),
                    _ => Change::Same,
                }
            }
            _ => Change::Same,
        })
    }

    /// The same where a value is needed.
    pub(crate) fn required(&self, value: &Value) -> Found<Value> {
        match self.resolve(value)? {
            Some(found) => Ok(found),
            None => Ok(Value { kind: ValueKind::Null, location: value.location.clone() }),
        }
    }

    fn call(&self, name: &str, argument: &Value, whole: &Value) -> Found<Option<Value>> {
        let location = &whole.location;
        let text = |text: Text| Value { kind: ValueKind::Text(text), location: location.clone() };
        Ok(Some(match name {
            "Ref" => return self.refer(argument, location),
            "Fn::If" => return self.choose(argument),
            "Fn::GetAtt" => self.get_att(argument, location)?,
            "Fn::Sub" => text(self.substitute(argument)?),
            "Fn::Join" => self.join(argument)?.map_or_else(|| self.unknown(whole), text),
            "Fn::Select" => match self.select(argument)? {
                Some(found) => found,
                None => self.unknown(whole),
            },
            "Fn::Split" => match self.split(argument)? {
                Some(kind) => Value { kind, location: location.clone() },
                None => self.unknown(whole),
            },
            "Fn::FindInMap" => match self.find_in_map(argument)? {
                Some(found) => found,
                None => self.unknown(whole),
            },
            "Fn::ImportValue" => self.import(argument, whole)?,
            "Fn::ToJsonString" => {
                let inner = self.required(argument)?;
                Value { kind: ValueKind::Json(Box::new(inner)), location: location.clone() }
            }
            "Fn::Length" => match self.required(argument)?.items() {
                // An item that is unknown may stand for several.
                Some(items)
                    if items
                        .iter()
                        .all(|item| item.as_text().is_none_or(|it| it.first_unknown().is_none())) =>
                {
                    Value {
                        kind: ValueKind::Number(items.len().to_string().into()),
                        location: location.clone(),
                    }
                }
                _ => self.unknown(whole),
            },
            // What only AWS knows, or a macro makes: Base64, Cidr, GetAZs, Transform and what is still to come.
            _ => self.unknown(whole),
        }))
    }

    /// A value that is known at deployment alone, named by its expression.
    pub(crate) fn unknown(&self, expression: &Value) -> Value {
        let text = self.unknown_text(&spell(expression));
        Value { kind: ValueKind::Text(text), location: expression.location.clone() }
    }

    /// An expression of this stack that is not known; other stacks may have one that is spelled alike.
    pub(crate) fn unknown_text(&self, expression: &str) -> Text {
        match self.path.strip_suffix('.') {
            None => Text::unknown(expression),
            Some(path) => Text::unknown(format!("{expression} in {path}")),
        }
    }

    /// A function's argument as a list of so many items.
    pub(crate) fn arguments<'v>(
        &self,
        name: &str,
        argument: &'v Value,
        expected: &str,
        fits: impl Fn(usize) -> bool,
    ) -> Found<&'v [Value]> {
        match argument.items() {
            Some(items) if fits(items.len()) => Ok(items),
            Some(items) => {
                Err(wrong(name, format!("a list of {}", items.len()), expected, &argument.location))
            }
            None => Err(wrong(name, argument.kind_in_words().to_owned(), expected, &argument.location)),
        }
    }
}

/// The error for what a function is given.
pub(crate) fn wrong(name: &str, got: String, expected: &str, location: &Location) -> Stop {
    let (what, expected) = (format!("what `{name}` is given"), expected.to_owned());
    ReadError::Type { what, got, expected, location: location.clone() }.into()
}
