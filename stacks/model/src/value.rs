use crate::{Location, Part, Reference, Shared, Text, TextBuilder};
use smol_str::SmolStr;
use std::fmt;

/// A value of an artifact, with the place it was read from; `==` compares the value alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// What it is.
    pub kind: ValueKind,
    /// Where it stands.
    pub location: Location,
}

/// What a [`Value`] can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// JSON's `null`.
    Null,
    /// A Boolean.
    Bool(bool),
    /// A number, as its source spells it.
    Number(SmolStr),
    /// Text, with references inside.
    Text(Text),
    /// A list.
    List(Shared<Value>),
    /// An object, members in the order of the source, repeated names kept.
    Object(Shared<Member>),
    /// Text that holds the JSON form of a value, such as a policy document in a Terraform attribute.
    Json(Box<Value>),
}

/// One member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: SmolStr,
    /// Where the name stands.
    pub location: Location,
    /// Its value.
    pub value: Value,
}

impl Value {
    /// A composed value, with no place.
    pub fn new(kind: ValueKind) -> Self {
        Self { kind, location: Location::none() }
    }

    /// Composed text.
    pub fn text(text: impl Into<Text>) -> Self {
        Self::new(ValueKind::Text(text.into()))
    }

    /// A composed list.
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::new(ValueKind::List(items.into_iter().collect()))
    }

    /// A composed object.
    pub fn object<N: Into<SmolStr>>(members: impl IntoIterator<Item = (N, Self)>) -> Self {
        let member =
            |(name, value): (N, Self)| Member { name: name.into(), location: Location::none(), value };
        Self::new(ValueKind::Object(members.into_iter().map(member).collect()))
    }

    /// This value as JSON inside a text.
    pub fn into_json_text(self) -> Self {
        let location = self.location.clone();
        Self { kind: ValueKind::Json(Box::new(self)), location }
    }

    /// The value of the object's first member with this name.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.members()?.iter().find(|member| member.name == name).map(|member| &member.value)
    }

    /// The members, if it is an object.
    pub fn members(&self) -> Option<&[Member]> {
        match &self.kind {
            ValueKind::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn items(&self) -> Option<&[Self]> {
        match &self.kind {
            ValueKind::List(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&Text> {
        match &self.kind {
            ValueKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text, if it is text without references.
    pub fn as_str(&self) -> Option<&str> {
        self.as_text()?.as_literal()
    }

    /// The Boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            ValueKind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// What kind of value it is, in words for messages.
    pub fn kind_in_words(&self) -> &'static str {
        match self.kind {
            ValueKind::Null => "null",
            ValueKind::Bool(_) => "a boolean",
            ValueKind::Number(_) => "a number",
            ValueKind::Text(_) => "a string",
            ValueKind::List(_) => "a list",
            ValueKind::Object(_) => "an object",
            ValueKind::Json(_) => "a string of JSON",
        }
    }

    /// All references inside, in order, names of members not included.
    pub fn references(&self) -> Vec<&Reference> {
        let mut found = Vec::new();
        self.each_text(&mut |text| found.extend(text.references()));
        found
    }

    /// Whether there is a reference inside, names of members not included.
    pub fn has_references(&self) -> bool {
        match &self.kind {
            ValueKind::Text(text) => text.references().next().is_some(),
            ValueKind::List(items) => items.iter().any(Self::has_references),
            ValueKind::Object(members) => members.iter().any(|member| member.value.has_references()),
            ValueKind::Json(inner) => inner.has_references(),
            ValueKind::Null | ValueKind::Bool(_) | ValueKind::Number(_) => false,
        }
    }

    /// The first expression inside that cannot be resolved.
    pub fn first_unknown(&self) -> Option<&str> {
        let mut first = None;
        self.each_text(&mut |text| first = first.or_else(|| text.first_unknown()));
        first
    }

    fn each_text<'a>(&'a self, visit: &mut impl FnMut(&'a Text)) {
        match &self.kind {
            ValueKind::Text(text) => visit(text),
            ValueKind::List(items) => items.iter().for_each(|item| item.each_text(visit)),
            ValueKind::Object(members) => members.iter().for_each(|member| member.value.each_text(visit)),
            ValueKind::Json(inner) => inner.each_text(visit),
            ValueKind::Null | ValueKind::Bool(_) | ValueKind::Number(_) => {}
        }
    }

    /// The value's compact JSON form as text, with the references still inside.
    ///
    /// A reference is taken to be text that needs no escaping in JSON, which holds for names and ARNs.
    pub fn to_json_text(&self) -> Text {
        let mut out = TextBuilder::default();
        self.write_json(&mut out);
        out.finish()
    }

    fn write_json(&self, out: &mut TextBuilder) {
        match &self.kind {
            ValueKind::Null => out.push_str("null"),
            ValueKind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            ValueKind::Number(number) => out.push_str(number),
            ValueKind::Text(text) => write_string(text.parts(), out),
            ValueKind::Json(inner) => write_string(inner.to_json_text().parts(), out),
            ValueKind::List(items) => {
                out.push_str("[");
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    item.write_json(out);
                }
                out.push_str("]");
            }
            ValueKind::Object(members) => {
                out.push_str("{");
                for (index, member) in members.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    write_string(&[Part::Literal(member.name.clone())], out);
                    out.push_str(":");
                    member.value.write_json(out);
                }
                out.push_str("}");
            }
        }
    }
}

fn write_string(parts: &[Part], out: &mut TextBuilder) {
    out.push_str("\"");
    for part in parts {
        match part {
            Part::Literal(literal) => out.push_str(&escape(literal)),
            other => out.push(other.clone()),
        }
    }
    out.push_str("\"");
}

/// A text as it stands between the quotes of a JSON string.
fn escape(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned()
}

impl fmt::Display for Value {
    /// Compact JSON, references in `${…}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_json_text().fmt(f)
    }
}
