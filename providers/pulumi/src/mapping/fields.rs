use super::links::Links;
use crate::error::ReadError;
use crate::symbolic::DERIVED;
use crate::values::SECRET_BEFORE as SECRET;
use narrows_model::{Attribute, Input, Kind, Location, NameError, Text, Value, ValueKind};
use std::str::FromStr;

/// The properties of a resource or of an object in them, read by name; null counts as absent.
#[derive(Clone)]
pub(crate) struct Fields<'a> {
    value: &'a Value,
    /// The resource's URN and the object's path, for messages.
    path: String,
    links: &'a Links<'a>,
    /// The property of the resource that the object is in.
    within: Option<String>,
}

impl<'a> Fields<'a> {
    /// The properties of the resource at an address.
    pub(crate) fn new(value: &'a Value, address: &str, links: &'a Links<'a>) -> Self {
        Self { value, path: address.to_owned(), links, within: None }
    }

    /// The properties as they were given.
    pub(crate) fn value(&self) -> &'a Value {
        self.value
    }

    /// Where the properties stand.
    pub(crate) fn location(&self) -> Location {
        self.value.location.clone()
    }

    fn what(&self, name: &str) -> String {
        format!("`{name}` of {}", self.path)
    }

    /// A property that is given.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.value.get(name).filter(|value| value.kind != ValueKind::Null)
    }

    /// The error for a property of the wrong type.
    pub(crate) fn wrong(&self, name: &str, value: &Value, expected: impl Into<String>) -> ReadError {
        let (what, expected, location) = (self.what(name), expected.into(), value.location.clone());
        let text = as_text(value);
        match text.as_ref().and_then(Text::first_unknown) {
            Some(unknown) => ReadError::Unresolved { what, why: why_unknown(unknown), expected, location },
            None => {
                let got = text.map_or_else(|| value.kind_in_words().to_owned(), |text| format!("`{text}`"));
                ReadError::Type { what, got, expected, location }
            }
        }
    }

    /// The error for a property that is not given.
    pub(crate) fn missing(&self, name: &str, expected: impl Into<String>) -> ReadError {
        ReadError::Missing { what: self.what(name), expected: expected.into(), location: self.location() }
    }

    /// A property that is only described by its text: what is not known stays in it as `${…}`.
    pub(crate) fn string(&self, name: &str) -> Result<Option<String>, ReadError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = as_text(value).ok_or_else(|| self.wrong(name, value, "a string"))?;
        Ok(Some(text.to_string()))
    }

    /// The same, required.
    pub(crate) fn required_string(&self, name: &str) -> Result<String, ReadError> {
        self.string(name)?.ok_or_else(|| self.missing(name, "a string"))
    }

    /// A property that may be known only later.
    pub(crate) fn input<T>(&self, name: &str) -> Result<Option<Input<T>>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        self.get(name).map(|value| self.one_input(name, value)).transpose()
    }

    fn one_input<T>(&self, name: &str, value: &Value) -> Result<Input<T>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        let location = value.location.clone();
        let text = as_text(value).ok_or_else(|| self.wrong(name, value, "a string"))?;
        match Input::parse(text) {
            Ok(input) => Ok(input.at(location)),
            Err(cause) => Err(ReadError::Name { what: self.what(name), cause: Box::new(cause), location }),
        }
    }

    /// The same, required.
    pub(crate) fn required_input<T>(&self, name: &str) -> Result<Input<T>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        self.input(name)?.ok_or_else(|| self.missing(name, "a string"))
    }

    /// A property that holds an attribute of a resource of one of these kinds.
    ///
    /// Where it is not known, and one such resource alone is what it comes from, it is taken to be that of this one.
    pub(crate) fn named<T>(
        &self,
        name: &str,
        kinds: &[Kind],
        attribute: Attribute,
    ) -> Result<Option<Input<T>>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        let Some(value) = self.get(name) else { return Ok(None) };
        Ok(self.all_named(name, std::slice::from_ref(value), kinds, &attribute)?.pop())
    }

    /// The same, required.
    pub(crate) fn required_named<T>(
        &self,
        name: &str,
        kinds: &[Kind],
        attribute: Attribute,
    ) -> Result<Input<T>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        self.named(name, kinds, attribute)?.ok_or_else(|| self.missing(name, "a string"))
    }

    /// A list of such properties.
    pub(crate) fn list_named<T>(
        &self,
        name: &str,
        kind: Kind,
        attribute: Attribute,
    ) -> Result<Vec<Input<T>>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        self.all_named(name, self.items(name)?, &[kind], &attribute)
    }

    /// Several values of one property: as many fitting resources as are not known are taken to be these.
    pub(crate) fn all_named<T>(
        &self,
        name: &str,
        values: &[Value],
        kinds: &[Kind],
        attribute: &Attribute,
    ) -> Result<Vec<Input<T>>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        let is_open = |value: &Value| {
            matches!(value.as_text().map(Text::parts), Some([narrows_model::Part::Unknown(_)]))
        };
        let open = values.iter().filter(|value| is_open(value)).count();
        let property = self.within.as_deref().unwrap_or(name);
        let mut found = self.links.fitting(property, kinds, open).into_iter();
        let input = |value: &Value| match is_open(value).then(|| found.next()).flatten() {
            Some(id) => Ok(Input::reference(id.attribute(attribute.clone())).at(value.location.clone())),
            None => self.one_input(name, value),
        };
        values.iter().map(input).collect()
    }

    /// The items of a list, none where it is not given; a list that is not known is one unknown item.
    pub(crate) fn items(&self, name: &str) -> Result<&'a [Value], ReadError> {
        match self.get(name) {
            None => Ok(&[]),
            Some(value) => match &value.kind {
                ValueKind::List(items) => Ok(items),
                ValueKind::Text(text) if text.as_literal().is_none() => Ok(std::slice::from_ref(value)),
                _ => Err(self.wrong(name, value, "a list")),
            },
        }
    }

    /// A list of inputs.
    pub(crate) fn inputs<T>(&self, name: &str) -> Result<Vec<Input<T>>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        self.items(name)?.iter().map(|item| self.one_input(name, item)).collect()
    }

    /// A valid name that must be known now.
    pub(crate) fn known<T>(&self, name: &str, expected: &str) -> Result<Option<T>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = as_text(value).ok_or_else(|| self.wrong(name, value, expected))?;
        let literal = text.as_literal().ok_or_else(|| self.wrong(name, value, expected))?;
        match literal.parse() {
            Ok(found) => Ok(Some(found)),
            Err(cause) => {
                let (what, location) = (self.what(name), value.location.clone());
                Err(ReadError::Name { what, cause: Box::new(cause), location })
            }
        }
    }

    /// A Boolean, which may be written as text.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, ReadError> {
        self.word(name, &[("true", true), ("false", false)])
    }

    /// One of several words.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, ReadError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = as_text(value);
        let found = text
            .as_ref()
            .and_then(Text::as_literal)
            .and_then(|text| words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning));
        found.map(Some).ok_or_else(|| self.wrong(name, value, one_of(words)))
    }

    /// The same, required.
    pub(crate) fn required_word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T, ReadError> {
        self.word(name, words)?.ok_or_else(|| self.missing(name, one_of(words)))
    }

    /// A whole number.
    pub(crate) fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, ReadError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = as_text(value);
        let number = text.as_ref().and_then(Text::as_literal).and_then(|text| text.parse().ok());
        number.map(Some).ok_or_else(|| self.wrong(name, value, "a whole number in range"))
    }

    /// An object in the properties; a list of one is taken too, as version 6 of the provider has it.
    pub(crate) fn object(&self, name: &str) -> Result<Option<Fields<'a>>, ReadError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match &value.kind {
            ValueKind::List(items) => match &**items {
                [] => Ok(None),
                [only] => self.nested(name, name, only).map(Some),
                _ => Err(self.wrong(name, value, "one object")),
            },
            _ => self.nested(name, name, value).map(Some),
        }
    }

    /// The same, required.
    pub(crate) fn required_object(&self, name: &str) -> Result<Fields<'a>, ReadError> {
        self.object(name)?.ok_or_else(|| self.missing(name, "an object"))
    }

    /// A list of objects.
    pub(crate) fn objects(&self, name: &str) -> Result<Vec<Fields<'a>>, ReadError> {
        let items = self.items(name)?.iter().enumerate();
        items.map(|(index, item)| self.nested(name, &format!("{name}[{index}]"), item)).collect()
    }

    fn nested(&self, name: &str, spelled: &str, value: &'a Value) -> Result<Fields<'a>, ReadError> {
        match value.kind {
            ValueKind::Object(_) => Ok(Fields {
                value,
                path: format!("{}.{spelled}", self.path),
                links: self.links,
                within: Some(self.within.clone().unwrap_or_else(|| name.to_owned())),
            }),
            _ => Err(self.wrong(spelled, value, "an object")),
        }
    }

    /// Whether an object says `Enabled`; `false` where there is none.
    pub(crate) fn enabled(&self, name: &str) -> Result<bool, ReadError> {
        match self.object(name)? {
            Some(object) => object.required_word("status", &[("Enabled", true), ("Disabled", false)]),
            None => Ok(false),
        }
    }

    /// A document: an object, or a string that holds JSON; else the text as it is.
    pub(crate) fn document(&self, name: &str) -> Result<Option<Value>, ReadError> {
        self.get(name).map(|value| self.one_document(name, value)).transpose()
    }

    /// The same, required.
    pub(crate) fn required_document(&self, name: &str) -> Result<Value, ReadError> {
        self.document(name)?.ok_or_else(|| self.missing(name, "a policy document"))
    }

    /// A value as a document.
    pub(crate) fn one_document(&self, name: &str, value: &Value) -> Result<Value, ReadError> {
        match &value.kind {
            ValueKind::Object(_) | ValueKind::Json(_) => Ok(value.clone()),
            ValueKind::Text(_) => Ok(match narrows_model::json::parse_embedded(value) {
                Ok(inner) => {
                    Value { kind: ValueKind::Json(Box::new(inner)), location: value.location.clone() }
                }
                Err(_) => value.clone(),
            }),
            _ => Err(self.wrong(name, value, "a policy document")),
        }
    }
}

/// Why a value is not known, by what stands for it.
fn why_unknown(expression: &str) -> String {
    if expression.starts_with(SECRET) {
        return "secret".to_owned();
    }
    match expression.starts_with(DERIVED) {
        true => expression.to_owned(),
        false => "known only after the update".to_owned(),
    }
}

/// A value as text; `None` for what is no plain value.
fn as_text(value: &Value) -> Option<Text> {
    match &value.kind {
        ValueKind::Text(text) => Some(text.clone()),
        ValueKind::Number(number) => Some(Text::literal(number.as_str())),
        ValueKind::Bool(flag) => Some(Text::literal(flag.to_string())),
        _ => None,
    }
}

fn one_of<T>(words: &[(&str, T)]) -> String {
    let words: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
    words.join(" or ")
}
