use crate::error::ReadError;
use crate::hcl::as_text;
use narrows_model::{Input, Location, NameError, Text, Value, ValueKind};
use std::fmt::Display;
use std::str::FromStr;

/// The arguments of a resource or of one of its blocks, read by name; null counts as absent.
///
/// The same code reads configurations (templates, single blocks as objects) and plans (plain values, all blocks in
/// lists).
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    value: &'a Value,
    /// The resource's address and the block's path, for messages.
    path: String,
}

impl<'a> Fields<'a> {
    /// The arguments of the resource at an address.
    pub(crate) fn new(value: &'a Value, address: &str) -> Self {
        Self { value, path: address.to_owned() }
    }

    /// The arguments as they were given.
    pub(crate) fn value(&self) -> &'a Value {
        self.value
    }

    /// Where the arguments stand.
    pub(crate) fn location(&self) -> Location {
        self.value.location.clone()
    }

    /// An argument as messages call it.
    fn what(&self, name: &str) -> String {
        format!("`{name}` of {}", self.path)
    }

    /// An argument that is given.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.value.get(name).filter(|value| value.kind != ValueKind::Null)
    }

    /// The error for an argument of the wrong type.
    pub(crate) fn wrong(&self, name: &str, value: &Value, expected: impl Into<String>) -> ReadError {
        let got = match &value.kind {
            ValueKind::Text(_) | ValueKind::Number(_) | ValueKind::Bool(_) => format!("`{}`", plain(value)),
            _ => value.kind_in_words().to_owned(),
        };
        let location = value.location.clone();
        ReadError::Type { what: self.what(name), got, expected: expected.into(), location }
    }

    /// The error for an argument that is not given.
    pub(crate) fn missing(&self, name: &str, expected: impl Into<String>) -> ReadError {
        let location = self.location();
        ReadError::Missing { what: self.what(name), expected: expected.into(), location }
    }

    fn invalid(&self, name: &str, cause: NameError, location: Location) -> ReadError {
        ReadError::Name { what: self.what(name), cause: Box::new(cause), location }
    }

    /// An argument that is text, with references inside.
    pub(crate) fn text(&self, name: &str) -> Result<Option<(Text, Location)>, ReadError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = as_text(value).ok_or_else(|| self.wrong(name, value, "a string"))?;
        Ok(Some((text, value.location.clone())))
    }

    /// An argument that is only described by its text: what cannot be resolved stays in it as `${…}`.
    pub(crate) fn string(&self, name: &str) -> Result<Option<String>, ReadError> {
        Ok(self.text(name)?.map(|(text, _)| text.to_string()))
    }

    /// The same, required.
    pub(crate) fn required_string(&self, name: &str) -> Result<String, ReadError> {
        self.string(name)?.ok_or_else(|| self.missing(name, "a string"))
    }

    /// A field that may refer to other resources.
    pub(crate) fn input<T>(&self, name: &str) -> Result<Option<Input<T>>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        let Some(value) = self.get(name) else { return Ok(None) };
        Ok(Some(self.one_input(name, value)?))
    }

    fn one_input<T>(&self, name: &str, value: &Value) -> Result<Input<T>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        let location = value.location.clone();
        let text = as_text(value).ok_or_else(|| self.wrong(name, value, "a string"))?;
        match Input::parse(text) {
            Ok(input) => Ok(input.at(location)),
            Err(cause) => Err(self.invalid(name, cause, location)),
        }
    }

    /// The same, required.
    pub(crate) fn required_input<T>(&self, name: &str) -> Result<Input<T>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        self.input(name)?.ok_or_else(|| self.missing(name, "a string"))
    }

    /// A list of such fields, empty where none is given.
    pub(crate) fn inputs<T>(&self, name: &str) -> Result<Vec<Input<T>>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        match self.get(name) {
            None => Ok(Vec::new()),
            Some(value) => match &value.kind {
                ValueKind::List(items) => items.iter().map(|item| self.one_input(name, item)).collect(),
                // A list that cannot be resolved is one unknown.
                ValueKind::Text(text) if text.as_literal().is_none() => {
                    Ok(vec![self.one_input(name, value)?])
                }
                _ => Err(self.wrong(name, value, "a list")),
            },
        }
    }

    /// A valid name that must be known now.
    pub(crate) fn known<T>(&self, name: &str, expected: &str) -> Result<Option<T>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        let Some((text, location)) = self.text(name)? else { return Ok(None) };
        let literal = self.literal(name, &text, &location, expected)?;
        Ok(Some(literal.parse().map_err(|cause| self.invalid(name, cause, location.clone()))?))
    }

    /// A valid name that no configuration gives, where it is known: it may be another resource's, and symbolic.
    pub(crate) fn computed<T>(&self, name: &str) -> Result<Option<T>, ReadError>
    where
        T: FromStr<Err = NameError>,
    {
        let Some((text, location)) = self.text(name)? else { return Ok(None) };
        let Some(literal) = text.as_literal() else { return Ok(None) };
        Ok(Some(literal.parse().map_err(|cause| self.invalid(name, cause, location))?))
    }

    fn literal<'t>(
        &self,
        name: &str,
        text: &'t Text,
        location: &Location,
        expected: &str,
    ) -> Result<&'t str, ReadError> {
        text.as_literal().ok_or_else(|| ReadError::Unresolved {
            what: self.what(name),
            expression: text.first_unknown().map_or_else(|| text.to_string(), str::to_owned),
            expected: expected.to_owned(),
            location: location.clone(),
        })
    }

    /// One of several words.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, ReadError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let expected = one_of(words.iter().map(|(word, _)| *word));
        let text = as_text(value).ok_or_else(|| self.wrong(name, value, expected.as_str()))?;
        let literal = self.literal(name, &text, &value.location, &expected)?;
        match words.iter().find(|(word, _)| *word == literal) {
            Some((_, meaning)) => Ok(Some(*meaning)),
            None => Err(self.wrong(name, value, expected)),
        }
    }

    /// The same, required.
    pub(crate) fn required_word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T, ReadError> {
        let expected = || one_of(words.iter().map(|(word, _)| *word));
        self.word(name, words)?.ok_or_else(|| self.missing(name, expected()))
    }

    /// Several of several words, none where the argument is not given.
    pub(crate) fn words<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Vec<T>, ReadError> {
        let Some(value) = self.get(name) else { return Ok(Vec::new()) };
        let expected = || format!("a list of {}", one_of(words.iter().map(|(word, _)| *word)));
        let items = value.items().ok_or_else(|| self.wrong(name, value, expected()))?;
        let meaning = |item: &Value| {
            let found = words.iter().find(|(word, _)| item.as_str() == Some(word));
            found.map(|(_, meaning)| *meaning).ok_or_else(|| self.wrong(name, item, expected()))
        };
        items.iter().map(meaning).collect()
    }

    /// A Boolean; Terraform takes the words as well.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, ReadError> {
        self.word(name, &[("true", true), ("false", false)])
    }

    /// A Boolean on which no verdict hangs; none where it is known later.
    pub(crate) fn incidental_flag(&self, name: &str) -> Result<Option<bool>, ReadError> {
        match self.flag(name) {
            Err(ReadError::Unresolved { .. }) => Ok(None),
            found => found,
        }
    }

    /// A whole number; Terraform takes text of digits as well.
    pub(crate) fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, ReadError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let wrong = || self.wrong(name, value, "a whole number in range");
        let text = as_text(value).ok_or_else(wrong)?;
        let literal = self.literal(name, &text, &value.location, "a whole number")?;
        literal.parse().map(Some).map_err(|_| wrong())
    }

    /// The blocks of one type.
    pub(crate) fn blocks(&self, name: &str) -> Result<Vec<Fields<'a>>, ReadError> {
        if let Some(dynamic) = self.get("dynamic").and_then(|dynamic| dynamic_block(dynamic, name)) {
            return Err(ReadError::Unsupported {
                what: format!("a dynamic block for {}", self.what(name)),
                remedy: "only Terraform can expand it; write the blocks out, or check a plan instead \
                         (narrows plan DIR makes one)"
                    .to_owned(),
                location: dynamic.location.clone(),
            });
        }
        let Some(value) = self.get(name) else { return Ok(Vec::new()) };
        let block = |value: &'a Value, path: String| match value.kind {
            ValueKind::Object(_) => Ok(Fields { value, path }),
            _ => Err(self.wrong(name, value, "an object, or a list of objects")),
        };
        match &value.kind {
            ValueKind::List(items) => {
                let path = |index| format!("{}.{name}[{index}]", self.path);
                let given = items.iter().enumerate();
                given.map(|(index, item)| block(item, path(index))).collect()
            }
            _ => Ok(vec![block(value, format!("{}.{name}", self.path))?]),
        }
    }

    /// The one block of a type, if it is given.
    pub(crate) fn block(&self, name: &str) -> Result<Option<Fields<'a>>, ReadError> {
        let mut blocks = self.blocks(name)?.into_iter();
        match (blocks.next(), blocks.next()) {
            (first, None) => Ok(first),
            (_, Some(second)) => Err(ReadError::Repeated {
                what: format!("block {}", self.what(name)),
                location: second.location(),
            }),
        }
    }

    /// The same, required.
    pub(crate) fn required_block(&self, name: &str) -> Result<Fields<'a>, ReadError> {
        self.block(name)?.ok_or_else(|| self.missing(name, "a block"))
    }

    /// Whether the block of this type says `Enabled`; `false` where there is none.
    pub(crate) fn enabled(&self, name: &str) -> Result<bool, ReadError> {
        match self.block(name)? {
            Some(block) => block.required_word("status", &[("Enabled", true), ("Disabled", false)]),
            None => Ok(false),
        }
    }

    /// A document: JSON inside a string where it parses as such, else the text as it is.
    pub(crate) fn document(&self, name: &str) -> Result<Option<Value>, ReadError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match &value.kind {
            ValueKind::Json(_) => Ok(Some(value.clone())),
            ValueKind::Text(_) => Ok(Some(match narrows_model::json::parse_embedded(value) {
                Ok(inner) => {
                    Value { kind: ValueKind::Json(Box::new(inner)), location: value.location.clone() }
                }
                Err(_) => value.clone(),
            })),
            _ => Err(self.wrong(name, value, "a string that holds JSON")),
        }
    }

    /// The same, required.
    pub(crate) fn required_document(&self, name: &str) -> Result<Value, ReadError> {
        self.document(name)?.ok_or_else(|| self.missing(name, "a string that holds JSON"))
    }
}

/// The dynamic block of this type; Terraform takes a list of them as well.
fn dynamic_block<'a>(given: &'a Value, name: &str) -> Option<&'a Value> {
    match given.items() {
        Some(items) => items.iter().find_map(|item| item.get(name)),
        None => given.get(name),
    }
}

/// A value for a message.
fn plain(value: &Value) -> String {
    as_text(value).map_or_else(|| value.to_string(), |text| text.to_string())
}

fn one_of<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// A word that means itself: the spelling of a value, from the table that reads it.
pub(super) fn spelled<T: Copy + PartialEq>(
    words: &[(&'static str, T)],
    meaning: T,
) -> impl Display + Into<Text> {
    words.iter().find(|(_, known)| *known == meaning).map(|(word, _)| *word).unwrap_or_default()
}
