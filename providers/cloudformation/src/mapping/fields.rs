use crate::error::ReadError;
use crate::resolve::as_text;
use narrows_model::{Input, Location, NameError, Text, Value, ValueKind};
use std::str::FromStr;

/// The properties of a resource or of an object in them, read by name; null counts as absent.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    value: &'a Value,
    /// The resource's name and the object's path, for messages.
    path: String,
}

impl<'a> Fields<'a> {
    /// The properties of a resource.
    pub(crate) fn new(value: &'a Value, path: impl Into<String>) -> Self {
        Self { value, path: path.into() }
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
        let location = value.location.clone();
        let unknown = value.as_text().is_some_and(|text| text.as_literal().is_none());
        match as_text(value) {
            Some(text) if unknown => ReadError::Unresolved {
                what: self.what(name),
                expression: text.to_string(),
                expected: expected.into(),
                location,
            },
            text => {
                let got = text.map_or_else(|| value.kind_in_words().to_owned(), |text| format!("`{text}`"));
                ReadError::Type { what: self.what(name), got, expected: expected.into(), location }
            }
        }
    }

    /// The error for a property that is not given.
    pub(crate) fn missing(&self, name: &str, expected: impl Into<String>) -> ReadError {
        ReadError::Missing { what: self.what(name), expected: expected.into(), location: self.location() }
    }

    /// A property that is text, with references inside.
    pub(crate) fn text(&self, name: &str) -> Result<Option<(Text, Location)>, ReadError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = as_text(value).ok_or_else(|| self.wrong(name, value, "a string"))?;
        Ok(Some((text, value.location.clone())))
    }

    /// A property that is only described by its text: what is not known stays in it as `${…}`.
    pub(crate) fn string(&self, name: &str) -> Result<Option<String>, ReadError> {
        Ok(self.text(name)?.map(|(text, _)| text.to_string()))
    }

    /// The same, required.
    pub(crate) fn required_string(&self, name: &str) -> Result<String, ReadError> {
        self.string(name)?.ok_or_else(|| self.missing(name, "a string"))
    }

    /// A property that may refer to other resources.
    pub(crate) fn input<T>(&self, name: &str) -> Result<Option<Input<T>>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        self.get(name).map(|value| self.one_input(name, value)).transpose()
    }

    /// One item of a property as an input.
    pub(crate) fn one_input<T>(&self, name: &str, value: &Value) -> Result<Input<T>, ReadError>
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
        self.word(name, &[("true", true), ("false", false), ("True", true), ("False", false)])
    }

    /// One of several words.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, ReadError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = as_text(value);
        let found = text
            .as_ref()
            .and_then(Text::as_literal)
            .and_then(|text| words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning));
        match found {
            Some(meaning) => Ok(Some(meaning)),
            None => {
                let words: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
                Err(self.wrong(name, value, words.join(" or ")))
            }
        }
    }

    /// A whole number.
    pub(crate) fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, ReadError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = as_text(value);
        let number = text.as_ref().and_then(Text::as_literal).and_then(|text| text.parse().ok());
        number.map(Some).ok_or_else(|| self.wrong(name, value, "a whole number in range"))
    }

    /// An object in the properties.
    pub(crate) fn object(&self, name: &str) -> Result<Option<Fields<'a>>, ReadError> {
        self.get(name).map(|value| self.nested(name, value)).transpose()
    }

    /// The same, required.
    pub(crate) fn required_object(&self, name: &str) -> Result<Fields<'a>, ReadError> {
        self.object(name)?.ok_or_else(|| self.missing(name, "an object"))
    }

    fn nested(&self, name: &str, value: &'a Value) -> Result<Fields<'a>, ReadError> {
        match value.kind {
            ValueKind::Object(_) => Ok(Fields { value, path: format!("{}.{name}", self.path) }),
            _ => Err(self.wrong(name, value, "an object")),
        }
    }

    /// A list of objects.
    pub(crate) fn objects(&self, name: &str) -> Result<Vec<Fields<'a>>, ReadError> {
        let items = self.items(name)?.iter().enumerate();
        items.map(|(index, item)| self.nested(&format!("{name}[{index}]"), item)).collect()
    }

    /// Whether an object says `Enabled`; `false` where there is none.
    pub(crate) fn enabled(&self, name: &str) -> Result<bool, ReadError> {
        match self.object(name)? {
            Some(object) => {
                Ok(object.word("Status", &[("Enabled", true), ("Disabled", false)])?.unwrap_or_default())
            }
            None => Ok(false),
        }
    }

    /// A document: an object, or a string that holds JSON; else the text as it is.
    pub(crate) fn document(&self, name: &str) -> Result<Option<Value>, ReadError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match &value.kind {
            ValueKind::Object(_) | ValueKind::Json(_) => Ok(Some(value.clone())),
            ValueKind::Text(_) => Ok(Some(match narrows_model::json::parse_embedded(value) {
                Ok(inner) => {
                    Value { kind: ValueKind::Json(Box::new(inner)), location: value.location.clone() }
                }
                Err(_) => value.clone(),
            })),
            _ => Err(self.wrong(name, value, "a policy document")),
        }
    }

    /// The same, required.
    pub(crate) fn required_document(&self, name: &str) -> Result<Value, ReadError> {
        self.document(name)?.ok_or_else(|| self.missing(name, "a policy document"))
    }
}
