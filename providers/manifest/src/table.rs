use crate::error::ManifestError;
use narrows_model::names::nearest;
use narrows_model::{Input, Location, NameError, Value, ValueKind};
use std::fmt::Display;
use std::str::FromStr;

/// A table of a manifest, read by name.
pub(crate) struct Table<'a> {
    value: &'a Value,
    /// What messages call it.
    what: String,
}

impl<'a> Table<'a> {
    /// A table that has none but these members.
    pub(crate) fn of(value: &'a Value, what: &str, known: &[&str]) -> Result<Self, ManifestError> {
        let Some(members) = value.members() else {
            let got = value.kind_in_words();
            return Err(ManifestError::new(format!("{what} is {got}: expected a table"), &value.location));
        };
        for (index, member) in members.iter().enumerate() {
            let name = member.name.as_str();
            if !known.contains(&name) {
                let hint = nearest(name, known.iter().copied());
                let hint = hint.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                let message =
                    format!("`{name}` is not known in {what}: expected one of {}{hint}", known.join(", "));
                return Err(ManifestError::new(message, &member.location));
            }
            if members.iter().take(index).any(|earlier| earlier.name == name) {
                let message = format!("`{name}` of {what} is given twice: expected it once; remove one");
                return Err(ManifestError::new(message, &member.location));
            }
        }
        Ok(Self { value, what: what.to_owned() })
    }

    /// One that may have others, too, that nobody asks for.
    pub(crate) fn open(value: &'a Value, what: &str) -> Self {
        Self { value, what: what.to_owned() }
    }

    /// What messages call it.
    pub(crate) fn what(&self) -> &str {
        &self.what
    }

    /// Where it stands.
    pub(crate) fn location(&self) -> &Location {
        &self.value.location
    }

    /// A member that is given.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.value.get(name).filter(|value| value.kind != ValueKind::Null)
    }

    fn wrong(&self, name: &str, value: &Value, expected: impl Display) -> ManifestError {
        let message = format!("`{name}` of {} is {}: expected {expected}", self.what, value.kind_in_words());
        ManifestError::new(message, &value.location)
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<(&'a str, &'a Location)>, ManifestError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match value.as_str() {
            Some(text) => Ok(Some((text, &value.location))),
            None => Err(self.wrong(name, value, "a string")),
        }
    }

    /// A valid name.
    pub(crate) fn name<T: FromStr<Err = NameError>>(&self, name: &str) -> Result<Option<T>, ManifestError> {
        let Some((text, place)) = self.text(name)? else { return Ok(None) };
        let parsed = text.parse();
        parsed
            .map(Some)
            .map_err(|cause| ManifestError::name(&format!("`{name}` of {}", self.what), &cause, place))
    }

    /// The same, with its place.
    pub(crate) fn input<T: FromStr<Err = NameError>>(
        &self,
        name: &str,
    ) -> Result<Option<Input<T>>, ManifestError> {
        let place = self.get(name).map(|value| value.location.clone()).unwrap_or_default();
        Ok(self.name(name)?.map(|known| Input::known(known).at(place)))
    }

    /// The same, required.
    pub(crate) fn required<T: FromStr<Err = NameError>>(
        &self,
        name: &str,
        expected: &str,
    ) -> Result<T, ManifestError> {
        self.name(name)?.ok_or_else(|| {
            ManifestError::new(
                format!("`{name}` of {} is missing: expected {expected}", self.what),
                self.location(),
            )
        })
    }

    /// A Boolean.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, ManifestError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| self.wrong(name, value, "true or false"))
    }

    /// One of several words.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, ManifestError> {
        let Some((text, place)) = self.text(name)? else { return Ok(None) };
        match words.iter().find(|(word, _)| *word == text) {
            Some((_, meaning)) => Ok(Some(*meaning)),
            None => {
                let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                let hint = nearest(text, all.iter().copied());
                let hint = hint.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                let message = format!(
                    "`{name}` of {} is `{text}`: expected one of {}{hint}",
                    self.what,
                    all.join(", ")
                );
                Err(ManifestError::new(message, place))
            }
        }
    }

    /// The items of a list, empty where none is given.
    pub(crate) fn items(&self, name: &str, expected: &str) -> Result<&'a [Value], ManifestError> {
        let Some(value) = self.get(name) else { return Ok(&[]) };
        value.items().ok_or_else(|| self.wrong(name, value, expected))
    }

    /// A list of texts.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<(&'a str, &'a Location)>, ManifestError> {
        let text = |item: &'a Value| match item.as_str() {
            Some(text) => Ok((text, &item.location)),
            None => Err(self.wrong(name, item, "a list of strings")),
        };
        self.items(name, "a list of strings")?.iter().map(text).collect()
    }

    /// A list of valid names, each with its place.
    pub(crate) fn inputs<T: FromStr<Err = NameError>>(
        &self,
        name: &str,
    ) -> Result<Vec<Input<T>>, ManifestError> {
        let one = |(text, place): (&str, &Location)| match text.parse() {
            Ok(known) => Ok(Input::known(known).at(place.clone())),
            Err(cause) => Err(ManifestError::name(&format!("`{name}` of {}", self.what), &cause, place)),
        };
        self.texts(name)?.into_iter().map(one).collect()
    }
}
