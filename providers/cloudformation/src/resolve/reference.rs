//! `Ref`, `Fn::GetAtt` and `Fn::ImportValue`.

use super::{Found, Stop, as_text, spell, wrong};
use crate::error::ReadError;
use crate::kinds;
use crate::stack::Stack;
use narrows_model::names::nearest;
use narrows_model::{Attribute, Location, Part, ResourceId, Text, Value, ValueKind};

impl Stack<'_> {
    /// What `Ref` gives; `None` for `AWS::NoValue`.
    pub(super) fn refer(&self, argument: &Value, location: &Location) -> Found<Option<Value>> {
        let resolved;
        let name = match argument.as_str() {
            Some(name) => name,
            // With the language extensions the name can be a function's result.
            None => {
                resolved = self.required(argument)?;
                match resolved.as_str() {
                    Some(name) => name,
                    None if resolved.as_text().is_some() => return Ok(Some(self.unknown(argument))),
                    None => {
                        return Err(wrong("Ref", resolved.kind_in_words().to_owned(), "a name", location));
                    }
                }
            }
        };
        if name == "AWS::NoValue" {
            return Ok(None);
        }
        self.named(name, location).map(Some)
    }

    /// The value of a parameter, a pseudo parameter or a resource.
    pub(super) fn named(&self, name: &str, location: &Location) -> Found<Value> {
        if let Some(text) = self.pseudo(name) {
            return Ok(Value { kind: ValueKind::Text(text), location: location.clone() });
        }
        if let Some(value) = self.parameter(name)? {
            return Ok(Value { kind: value.kind, location: location.clone() });
        }
        if let Some(kind) = self.kind(name) {
            let text = match kinds::referred(kind) {
                Some(attribute) => self.value_of(name, attribute),
                None => Text::unknown(format!("{}{name}", self.path)),
            };
            return Ok(Value { kind: ValueKind::Text(text), location: location.clone() });
        }
        if self.may_define(name) {
            let text = self.unknown_text(&format!("!Ref {name}"));
            return Ok(Value { kind: ValueKind::Text(text), location: location.clone() });
        }
        Err(self.undefined("the parameter or resource", name, location))
    }

    fn value_of(&self, name: &str, attribute: Attribute) -> Text {
        let kind = self.kind(name).cloned().unwrap_or(narrows_model::Kind::Other(String::new()));
        ResourceId::new(kind, format!("{}{name}", self.path)).attribute(attribute).into()
    }

    /// The error for a name that the template does not have.
    pub(super) fn undefined(&self, what: &str, name: &str, location: &Location) -> Stop {
        let nearest = nearest(name, self.names()).map(str::to_owned);
        ReadError::Undefined {
            what: what.to_owned(),
            name: name.to_owned(),
            expected: "a name in Parameters or Resources, or a pseudo parameter such as AWS::AccountId"
                .to_owned(),
            nearest,
            location: location.clone(),
        }
        .into()
    }

    /// What `Fn::GetAtt` gives: `[name, attribute]`, or `name.attribute`.
    pub(super) fn get_att(&self, argument: &Value, location: &Location) -> Found<Value> {
        const EXPECTED: &str = "the name of a resource and one of its attributes";
        let pair = match &argument.kind {
            ValueKind::Text(text) => {
                let both = text.as_literal().and_then(|text| text.split_once('.'));
                both.map(|(name, attribute)| (name.to_owned(), attribute.to_owned()))
            }
            ValueKind::List(items) if items.len() >= 2 => {
                let mut texts = Vec::new();
                for item in items {
                    let item = self.required(item)?;
                    match item.as_str() {
                        Some(text) => texts.push(text.to_owned()),
                        None if item.as_text().is_some() => return Ok(self.unknown_att(argument, location)),
                        None => return Err(wrong("Fn::GetAtt", spell(argument), EXPECTED, location)),
                    }
                }
                let name = texts.remove(0);
                Some((name, texts.join(".")))
            }
            _ => None,
        };
        let Some((name, attribute)) = pair else {
            return Err(wrong("Fn::GetAtt", format!("`{}`", spell(argument)), EXPECTED, location));
        };
        self.attribute(&name, &attribute, location)
    }

    fn unknown_att(&self, argument: &Value, location: &Location) -> Value {
        let text = self.unknown_text(&format!("!GetAtt {}", spell(argument)));
        Value { kind: ValueKind::Text(text), location: location.clone() }
    }

    /// The value of a resource's attribute.
    pub(super) fn attribute(&self, name: &str, attribute: &str, location: &Location) -> Found<Value> {
        let text = |text: Text| Value { kind: ValueKind::Text(text), location: location.clone() };
        let Some(kind) = self.kind(name) else {
            if self.may_define(name) {
                return Ok(text(self.unknown_text(&format!("!GetAtt {name}.{attribute}"))));
            }
            return Err(self.undefined("the resource", name, location));
        };
        if let Some(output) = attribute.strip_prefix("Outputs.")
            && let Some(found) = self.output_of(name, output, location)?
        {
            return Ok(Value { kind: found.kind, location: location.clone() });
        }
        Ok(text(match kinds::attribute(kind, attribute) {
            Some(attribute) => self.value_of(name, attribute),
            None => Text::unknown(format!("{}{name}.{attribute}", self.path)),
        }))
    }

    /// What another stack of the same input exports; else unknown, by the export's name.
    pub(super) fn import(&self, argument: &Value, whole: &Value) -> Found<Value> {
        let name = self.required(argument)?;
        let Some(name) = as_text(&name) else {
            let got = name.kind_in_words().to_owned();
            return Err(wrong("Fn::ImportValue", got, "the name of an export", &whole.location));
        };
        if let Some(found) = self.world.export(&name, &self.environment)? {
            return Ok(Value { kind: found.kind, location: whole.location.clone() });
        }
        // The same export is the same value in each stack of a Region.
        let text = Text::from_iter([Part::unknown(format!("{}!ImportValue {name}", self.scope))]);
        Ok(Value { kind: ValueKind::Text(text), location: whole.location.clone() })
    }
}
