//! `Fn::If`, `Fn::Join`, `Fn::Select`, `Fn::Split` and `Fn::FindInMap`.

use super::{Found, as_text, finished, wrong};
use crate::error::ReadError;
use crate::stack::Stack;
use narrows_model::{Part, Text, Value, ValueKind};

impl Stack<'_> {
    /// The value that a condition chooses.
    pub(super) fn choose(&self, argument: &Value) -> Found<Option<Value>> {
        let expected = "a condition's name, and a value for each of its outcomes";
        let items = self.arguments("Fn::If", argument, expected, |count| count == 3)?;
        let [condition, then, otherwise] = items else { return Ok(None) };
        match self.decided(condition)? {
            true => self.resolve(then),
            false => self.resolve(otherwise),
        }
    }

    /// The joined text; `None` where the list is not known.
    pub(super) fn join(&self, argument: &Value) -> Found<Option<Text>> {
        let expected = "a separator and a list";
        let items = self.arguments("Fn::Join", argument, expected, |count| count == 2)?;
        let [separator, list] = items else { return Ok(None) };
        let separator = self.required(separator)?;
        let Some(separator) = as_text(&separator) else {
            return Err(wrong(
                "Fn::Join",
                separator.kind_in_words().to_owned(),
                expected,
                &separator.location,
            ));
        };
        let list = self.required(list)?;
        let items = match &list.kind {
            ValueKind::List(items) => items,
            ValueKind::Text(text) if text.as_literal().is_none() => return Ok(None),
            _ => return Err(wrong("Fn::Join", list.kind_in_words().to_owned(), expected, &list.location)),
        };
        let mut out = Text::default();
        for (index, item) in items.iter().enumerate() {
            let Some(text) = as_text(item) else {
                let got = format!("{} in its list", item.kind_in_words());
                return Err(wrong("Fn::Join", got, "texts", &item.location));
            };
            if index > 0 {
                out = out.then(separator.clone());
            }
            out = out.then(text);
        }
        Ok(Some(finished(out)))
    }

    /// The item at an index; `None` where index or list is not known.
    pub(super) fn select(&self, argument: &Value) -> Found<Option<Value>> {
        let expected = "an index and a list";
        let items = self.arguments("Fn::Select", argument, expected, |count| count == 2)?;
        let [index, list] = items else { return Ok(None) };
        let index = self.required(index)?;
        let Some(number) = as_text(&index) else {
            return Err(wrong("Fn::Select", index.kind_in_words().to_owned(), expected, &index.location));
        };
        let Some(number) = number.as_literal() else { return Ok(None) };
        let Ok(number) = number.trim().parse::<usize>() else {
            return Err(wrong("Fn::Select", format!("`{number}`"), expected, &index.location));
        };
        let list = self.required(list)?;
        match &list.kind {
            ValueKind::List(items) => {
                // What comes after an item that is unknown may be at another place.
                let listed = |item: &Value| matches!(&item.kind, ValueKind::Text(text) if matches!(text.parts(), [Part::Unknown(_)]));
                match items.get(number) {
                    _ if items.iter().take(number).any(listed) => Ok(None),
                    Some(item) => Ok(Some(item.clone())),
                    None if items.iter().any(listed) => Ok(None),
                    None => {
                        let got = format!("index {number} and a list of {}", items.len());
                        Err(wrong("Fn::Select", got, "an item that is there", &index.location))
                    }
                }
            }
            ValueKind::Text(text) if text.as_literal().is_none() => Ok(None),
            _ => Err(wrong("Fn::Select", list.kind_in_words().to_owned(), expected, &list.location)),
        }
    }

    /// The parts of a text; `None` where it is not known whole.
    pub(super) fn split(&self, argument: &Value) -> Found<Option<ValueKind>> {
        let expected = "a separator and a text";
        let items = self.arguments("Fn::Split", argument, expected, |count| count == 2)?;
        let [separator, text] = items else { return Ok(None) };
        let (separator, text) = (self.required(separator)?, self.required(text)?);
        let (Some(separator), Some(whole)) = (as_text(&separator), as_text(&text)) else {
            return Err(wrong("Fn::Split", text.kind_in_words().to_owned(), expected, &text.location));
        };
        let (Some(separator), Some(whole)) = (separator.as_literal(), whole.as_literal()) else {
            return Ok(None);
        };
        if separator.is_empty() {
            return Err(wrong("Fn::Split", "an empty separator".to_owned(), expected, &argument.location));
        }
        let part = |part: &str| Value {
            kind: ValueKind::Text(Text::literal(part)),
            location: text.location.clone(),
        };
        Ok(Some(ValueKind::List(whole.split(separator).map(part).collect())))
    }

    /// The value in a mapping; `None` where a key is not known.
    pub(super) fn find_in_map(&self, argument: &Value) -> Found<Option<Value>> {
        let expected = "a mapping's name and two keys";
        let items = self.arguments("Fn::FindInMap", argument, expected, |count| count == 3 || count == 4)?;
        let [map, first, second, rest @ ..] = items else { return Ok(None) };
        let default = rest.first().and_then(|rest| rest.get("DefaultValue"));
        let mut keys = Vec::new();
        for key in [map, first, second] {
            let value = self.required(key)?;
            let Some(text) = as_text(&value) else {
                return Err(wrong(
                    "Fn::FindInMap",
                    value.kind_in_words().to_owned(),
                    expected,
                    &key.location,
                ));
            };
            keys.push(text);
        }
        let mut literals = keys.iter().map(Text::as_literal);
        let (Some(Some(map)), Some(first), Some(second)) =
            (literals.next(), literals.next(), literals.next())
        else {
            return Ok(None);
        };
        let mapping = self.mapping(map);
        let (Some(one), Some(other)) = (first, second) else { return Ok(None) };
        let found = mapping.and_then(|mapping| mapping.get(one)?.get(other));
        match (found, default) {
            (Some(found), _) => Ok(Some(self.required(found)?)),
            (None, Some(default)) => Ok(Some(self.required(default)?)),
            (None, None) => Err(ReadError::Undefined {
                what: "the mapping's value".to_owned(),
                name: format!("{map}.{one}.{other}"),
                expected: "one in Mappings".to_owned(),
                nearest: None,
                location: argument.location.clone(),
            }
            .into()),
        }
    }
}
