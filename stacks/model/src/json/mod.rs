//! JSON text to [`Value`]s that know where they stand.

mod tokens;

use crate::{Location, Outline, Part, SmolStr, Source, Span, Text, TextBuilder, Value, ValueKind};
use jsonc_parser::ast;
use std::sync::Arc;

/// Text that is not JSON: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct JsonError {
    message: String,
    /// Where it goes wrong.
    pub location: Location,
}

/// Stand for the references of a text while its JSON is parsed; inputs that hold one of them are refused.
const FIRST_PLACEHOLDER: u32 = 0x10_0000;
const LAST_PLACEHOLDER: u32 = 0x10_FFFD;

fn is_placeholder(c: char) -> bool {
    (FIRST_PLACEHOLDER..=LAST_PLACEHOLDER).contains(&u32::from(c))
}

fn options() -> jsonc_parser::ParseOptions {
    jsonc_parser::ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// Parses strict JSON. Repeated member names are kept, so that a caller can refuse them.
///
/// # Errors
/// The first thing that is not JSON; more than 512 levels; nothing but white space; a character of the private use
/// plane 16, which stands for references inside Narrows.
pub fn parse(source: &Arc<Source>) -> Result<Value, JsonError> {
    parse_source(source, source.text(), &[])
}

/// Parses the JSON inside a text value, keeping the references in it; locations lead back through the text.
///
/// # Errors
/// As [`parse`], and where the value is not text.
pub fn parse_embedded(value: &Value) -> Result<Value, JsonError> {
    if let ValueKind::Json(inner) = &value.kind {
        return Ok((**inner).clone());
    }
    let Some(text) = value.as_text() else {
        let message = format!("expected a string that holds JSON, got {}", value.kind_in_words());
        return Err(JsonError { message, location: value.location.clone() });
    };
    let source = match &value.location.source() {
        Some(_) => Source::within(&value.location, text.to_string()),
        None => Source::file("(composed)", text.to_string()),
    };
    if text.as_literal().is_some() {
        return parse_source(&source, source.text(), &[]);
    }
    let mut spelled = String::new();
    let mut shift = Vec::new();
    let mut parts = Vec::new();
    let mut shown = 0;
    for part in text.parts() {
        match part {
            Part::Literal(literal) => {
                spelled.push_str(literal);
                shown += literal.len();
            }
            part => {
                let number = u32::try_from(parts.len()).unwrap_or(u32::MAX);
                let Some(placeholder) = FIRST_PLACEHOLDER.checked_add(number).and_then(char::from_u32) else {
                    let message = "too many references in one text: expected at most 65,534".to_owned();
                    return Err(JsonError { message, location: value.location.clone() });
                };
                spelled.push(placeholder);
                shown += Text::from_iter([part.clone()]).to_string().len();
                shift.push((spelled.len(), shown));
                parts.push(part.clone());
            }
        }
    }
    Reader { source: &source, parts: &parts, shift: &shift }.parse(&spelled)
}

fn parse_source(source: &Arc<Source>, text: &str, parts: &[Part]) -> Result<Value, JsonError> {
    // In UTF-8 each of them begins with this byte, which is rare.
    let may_be = text.as_bytes().contains(&0xF4);
    if may_be && let Some((start, odd)) = text.char_indices().find(|(_, c)| is_placeholder(*c)) {
        let message = format!(
            "unsupported character U+{:X}: expected text without private use characters",
            u32::from(odd)
        );
        let location = Location::new(source, Span { start, end: start + odd.len_utf8() });
        return Err(JsonError { message, location });
    }
    Reader { source, parts, shift: &[] }.parse(text)
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    parts: &'a [Part],
    /// Where each placeholder ends in the parsed text and in the source, which spells the reference out.
    shift: &'a [(usize, usize)],
}

impl Reader<'_> {
    fn parse(&self, text: &str) -> Result<Value, JsonError> {
        if let Some(value) = tokens::read(self, text) {
            return Ok(value);
        }
        let parsed = jsonc_parser::parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &options());
        let (message, location) = match parsed {
            Ok(parsed) if parsed.value.is_none() => {
                ("not JSON: nothing there; expected a value".to_owned(), self.location(0, text.len()))
            }
            // Both read the same tokens.
            Ok(_) => ("not JSON: expected strict JSON".to_owned(), self.location(0, text.len())),
            Err(error) => {
                let range = error.range();
                let kind = error.kind().to_string();
                let mut message = String::from("not JSON: ");
                let mut chars = kind.chars();
                message.extend(chars.next().map(|c| c.to_ascii_lowercase()));
                message.extend(chars);
                (message, self.location(range.start, range.end))
            }
        };
        Err(JsonError { message, location })
    }

    fn offset(&self, offset: usize) -> usize {
        let before = self.shift.iter().rev().find(|(parsed, _)| *parsed <= offset);
        before.map_or(offset, |(parsed, shown)| shown + (offset - parsed))
    }

    fn location(&self, start: usize, end: usize) -> Location {
        Location::new(self.source, Span { start: self.offset(start), end: self.offset(end) })
    }

    fn name(&self, name: &str) -> SmolStr {
        if self.parts.is_empty() { name.into() } else { self.text(name).to_string().into() }
    }

    fn text(&self, text: &str) -> Text {
        if self.parts.is_empty() {
            return Text::literal(text);
        }
        let mut out = TextBuilder::default();
        for c in text.chars() {
            let index =
                u32::from(c).checked_sub(FIRST_PLACEHOLDER).and_then(|index| usize::try_from(index).ok());
            match index.and_then(|index| self.parts.get(index)) {
                Some(part) => out.push(part.clone()),
                None => out.push_char(c),
            }
        }
        out.finish()
    }
}

/// Appends a member's name to a path: after a dot where it is plain, else in brackets and quotes.
pub fn push_name(path: &mut String, name: &str) {
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-:/".contains(&b));
    match (plain, path.is_empty()) {
        (true, true) => path.push_str(name),
        (true, false) => path.extend([".", name]),
        (false, _) => path.push_str(&format!("[{name:?}]")),
    }
}

/// The members and items of a text of JSON.
pub(crate) fn outline(text: &str) -> Outline {
    let mut outline = Outline::default();
    let parsed = jsonc_parser::parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &options());
    if let Some(root) = parsed.ok().and_then(|parsed| parsed.value) {
        add(&root, &mut outline);
    }
    outline
}

fn add(value: &ast::Value<'_>, outline: &mut Outline) {
    use jsonc_parser::common::Ranged;
    let span = |range: jsonc_parser::common::Range| Span { start: range.start, end: range.end };
    match value {
        ast::Value::Object(object) => {
            for property in &object.properties {
                let inside = |outline: &mut Outline| add(&property.value, outline);
                outline.member(property.name.as_str(), span(property.range()), inside);
            }
        }
        ast::Value::Array(array) => {
            for (index, item) in array.elements.iter().enumerate() {
                outline.item(index, span(item.range()), |outline| add(item, outline));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Attribute, Kind, ResourceId};

    #[test]
    fn references_survive_json_inside_text() {
        let alias = ResourceId::new(Kind::MultiRegionAccessPoint, "data").attribute(Attribute::Alias);
        let text = Text::literal("{\"R\": \"a/").then(alias.clone()).then_literal("/*\", \"x\": [tru]}");
        let error = parse_embedded(&Value::text(text)).unwrap_err();
        let place = error.location.span().unwrap();
        assert_eq!(error.location.source().unwrap().text().get(place.start..place.end), Some("tru"));

        let text = Text::literal("{\"R\": \"a/").then(alias.clone()).then_literal("/*\"}");
        let value = parse_embedded(&Value::text(text)).unwrap();
        assert_eq!(
            value,
            Value::object([("R", Value::text(Text::literal("a/").then(alias).then_literal("/*")))])
        );
    }

    #[test]
    fn only_strict_json_is_read() {
        for text in
            ["", "{a: 1}", "[1,]", "// x\n1", "'x'", "0x10", "1 2", "{\"a\" 1}", "\u{100000}", "NaN", "[1 2]"]
        {
            assert!(parse(&Source::file("t", text)).is_err(), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert!(parse(&Source::file("t", deep)).is_err());
    }

    #[test]
    fn json_text_round_trip() {
        let text = r#"{"a":[1,2.50,null,true,"q\"\\ é\n"],"a":{}}"#;
        let value = parse(&Source::file("t", text)).unwrap();
        assert_eq!(value.to_string(), text);
        assert_eq!(parse_embedded(&Value::text(value.to_json_text())).unwrap(), value);
    }
}
