//! `Fn::ForEach` of the language extensions, written out.
//!
//! Source: CloudFormation Template Reference, "Fn::ForEach": in names and strings of the body `${Identifier}` and
//! `&{Identifier}` stand for the item (the latter without what is not alphanumeric), and so does `Ref` of the identifier.

use crate::error::ReadError;
use crate::resolve::{Found, as_text, function, spell};
use crate::stack::Stack;
use narrows_model::{Member, Part, Text, Value, ValueKind};

const PREFIX: &str = "Fn::ForEach::";

/// The most members that loops may make: they nest.
const MOST: usize = 200_000;

/// Whether there is a loop anywhere in a template.
pub(crate) fn has_loop(template: &Value) -> bool {
    // Most texts do not have the word at all, which is found out faster than its absence from each name.
    let may = |text: &str| text.contains('\\') || text.contains(PREFIX);
    template.location.source().is_none_or(|source| may(source.text())) && has_loop_in(template)
}

fn has_loop_in(value: &Value) -> bool {
    match &value.kind {
        ValueKind::List(items) => items.iter().any(has_loop_in),
        ValueKind::Object(members) => {
            members.iter().any(|member| member.name.starts_with(PREFIX) || has_loop_in(&member.value))
        }
        _ => false,
    }
}

impl Stack<'_> {
    /// A value with its loops written out.
    pub(crate) fn unrolled(&self, value: &Value, made: &mut usize) -> Found<Value> {
        let kind = match &value.kind {
            ValueKind::List(items) => {
                ValueKind::List(items.iter().map(|item| self.unrolled(item, made)).collect::<Found<_>>()?)
            }
            ValueKind::Object(members) => {
                let mut out = Vec::with_capacity(members.len());
                for member in members {
                    if member.name.starts_with(PREFIX) {
                        self.turns(member, &mut out, made)?;
                    } else {
                        let (name, location) = (member.name.clone(), member.location.clone());
                        out.push(Member { name, location, value: self.unrolled(&member.value, made)? });
                    }
                }
                ValueKind::Object(out.into())
            }
            _ => return Ok(value.clone()),
        };
        Ok(Value { kind, location: value.location.clone() })
    }

    fn turns(&self, member: &Member, out: &mut Vec<Member>, made: &mut usize) -> Found<()> {
        let wrong = |got: &str, value: &Value| ReadError::Type {
            what: format!("`{}`", member.name),
            got: got.to_owned(),
            expected: "a list of an identifier, a collection and an object".to_owned(),
            location: value.location.clone(),
        };
        let Some([identifier, collection, body]) = member.value.items() else {
            return Err(wrong(member.value.kind_in_words(), &member.value).into());
        };
        let Some(identifier) = identifier.as_str() else {
            return Err(wrong("another list", identifier).into());
        };
        let Some(templates) = body.members() else { return Err(wrong("another list", body).into()) };
        let given = self.required(collection)?;
        let Some(items) = given.items() else {
            return Err(ReadError::Unresolved {
                what: format!("the collection of `{}`", member.name),
                expression: spell(collection),
                expected: "a list that is known".to_owned(),
                location: collection.location.clone(),
            }
            .into());
        };
        for item in items {
            let Some(text) = as_text(item) else {
                return Err(wrong("a collection of other than texts", item).into());
            };
            let Some(literal) = text.as_literal() else {
                return Err(ReadError::Unresolved {
                    what: format!("an item of `{}`", member.name),
                    expression: text.to_string(),
                    expected: "a text that is known".to_owned(),
                    location: item.location.clone(),
                }
                .into());
            };
            let turn = Turn { identifier, item: literal };
            for template in templates {
                *made += 1;
                if *made > MOST {
                    return Err(ReadError::Unsupported {
                        what: format!("a template whose loops make more than {MOST} members"),
                        remedy: "split it".to_owned(),
                        location: member.location.clone(),
                    }
                    .into());
                }
                let once = Member {
                    name: turn.text(&template.name).into(),
                    location: template.location.clone(),
                    value: turn.value(&template.value),
                };
                if once.name.starts_with(PREFIX) {
                    self.turns(&once, out, made)?;
                } else {
                    let value = self.unrolled(&once.value, made)?;
                    out.push(Member { value, ..once });
                }
            }
        }
        Ok(())
    }
}

/// One turn of a loop.
struct Turn<'a> {
    identifier: &'a str,
    item: &'a str,
}

impl Turn<'_> {
    fn text(&self, text: &str) -> String {
        let plain: String = self.item.chars().filter(char::is_ascii_alphanumeric).collect();
        text.replace(&format!("${{{}}}", self.identifier), self.item)
            .replace(&format!("&{{{}}}", self.identifier), &plain)
    }

    fn value(&self, value: &Value) -> Value {
        let kind = match &value.kind {
            ValueKind::Text(text) => {
                let part = |part: &Part| match part {
                    Part::Literal(literal) => Part::Literal(self.text(literal).into()),
                    part => part.clone(),
                };
                ValueKind::Text(Text::from_iter(text.parts().iter().map(part)))
            }
            ValueKind::List(items) => ValueKind::List(items.iter().map(|item| self.value(item)).collect()),
            ValueKind::Object(_) if self.is_ref(value) => ValueKind::Text(Text::literal(self.item)),
            ValueKind::Object(members) => {
                let member = |member: &Member| Member {
                    name: self.text(&member.name).into(),
                    location: member.location.clone(),
                    value: self.value(&member.value),
                };
                ValueKind::Object(members.iter().map(member).collect())
            }
            kind => kind.clone(),
        };
        Value { kind, location: value.location.clone() }
    }

    fn is_ref(&self, value: &Value) -> bool {
        function(value).is_some_and(|(name, of)| name == "Ref" && of.as_str() == Some(self.identifier))
    }
}
