//! A manifest's text as a value that knows where it stands.

use crate::error::ManifestError;
use narrows_model::{Location, Member, Source, Span, Text, Value, ValueKind, json};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Parses JSON where the text begins with `{`, else TOML.
pub(crate) fn parse(source: &Arc<Source>) -> Result<Value, ManifestError> {
    if source.text().trim_start().starts_with('{') {
        return Ok(json::parse(source)?);
    }
    match DeTable::parse(source.text()) {
        Ok(root) => {
            let whole = location(source, 0..source.text().len());
            Ok(Value { kind: table(source, root.get_ref()), location: whole })
        }
        Err(error) => {
            let place = error.span().map_or_else(Location::none, |span| location(source, span));
            Err(ManifestError::new(error.message().replace('\n', ", "), &place))
        }
    }
}

fn location(source: &Arc<Source>, range: Range<usize>) -> Location {
    Location::new(source, Span { start: range.start, end: range.end })
}

fn table(source: &Arc<Source>, table: &DeTable<'_>) -> ValueKind {
    let member = |(name, inner): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| Member {
        name: name.get_ref().to_string().into(),
        location: location(source, name.span()),
        value: value(source, inner),
    };
    ValueKind::Object(table.iter().map(member).collect())
}

fn value(source: &Arc<Source>, given: &Spanned<DeValue<'_>>) -> Value {
    let kind = match given.get_ref() {
        DeValue::String(text) => ValueKind::Text(Text::literal(text.as_ref())),
        DeValue::Boolean(flag) => ValueKind::Bool(*flag),
        DeValue::Integer(number) => ValueKind::Number(number.as_str().into()),
        DeValue::Float(number) => ValueKind::Number(number.as_str().into()),
        DeValue::Datetime(date) => ValueKind::Text(Text::literal(date.to_string())),
        DeValue::Array(items) => ValueKind::List(items.iter().map(|item| value(source, item)).collect()),
        DeValue::Table(inner) => table(source, inner),
    };
    Value { kind, location: location(source, given.span()) }
}
