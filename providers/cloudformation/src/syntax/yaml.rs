//! YAML to values that know where they stand.

use super::scalar::plain;
use crate::error::ReadError;
use granit_parser::{Event, Parser, ScalarStyle, Tag};
use narrows_model::{Location, Member, Outline, Source, Span, Text, Value, ValueKind};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most values that aliases may add: a few lines can stand for more than memory holds.
const MOST_COPIED: usize = 1_000_000;

/// A file of YAML.
pub(super) fn source(name: &str, text: &str) -> Arc<Source> {
    Source::file_of(name, text, outline)
}

/// Parses the one document of a text that is a template; short forms such as `!Sub` become `{"Fn::Sub": …}`.
pub(super) fn parse(source: &Arc<Source>) -> Result<Value, ReadError> {
    load(source, true)
}

/// Parses the one document of any text; a merge key is a member like others.
pub(super) fn parse_any(source: &Arc<Source>) -> Result<Value, ReadError> {
    load(source, false)
}

fn load(source: &Arc<Source>, is_template: bool) -> Result<Value, ReadError> {
    let mut loader =
        Loader { source, is_template, open: Vec::new(), anchors: BTreeMap::new(), copied: 0, root: None };
    loader.private_use()?;
    for event in Parser::new_from_str(source.text()) {
        match event {
            Ok((event, span)) => loader.take(event, span)?,
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or_default().min(source.text().len());
                let message = format!("not YAML: {}", lower(&error.info()));
                return Err(loader.error(message, Span { start: at, end: at }));
            }
        }
    }
    let whole = Span { start: 0, end: source.text().len() };
    match loader.root.take() {
        Some(root) => Ok(root),
        None => Err(loader.error(format!("nothing there: expected a {}", loader.expected()), whole)),
    }
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

/// A collection whose end has not been met.
struct Open {
    start: usize,
    end: usize,
    anchor: usize,
    tag: Option<String>,
    kind: Collection,
}

enum Collection {
    List(Vec<Value>),
    Object { members: Vec<Member>, name: Option<(String, Location)> },
}

struct Loader<'s> {
    source: &'s Arc<Source>,
    is_template: bool,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Value>,
    copied: usize,
    root: Option<Value>,
}

impl Loader<'_> {
    /// What the text should be.
    fn expected(&self) -> &'static str {
        if self.is_template { "template" } else { "document" }
    }

    fn location(&self, span: Span) -> Location {
        Location::new(self.source, span)
    }

    fn error(&self, message: String, span: Span) -> ReadError {
        ReadError::Yaml { message, location: self.location(span) }
    }

    /// Characters of plane 16 stand for references inside Narrows.
    fn private_use(&self) -> Result<(), ReadError> {
        let odd = self.source.text().char_indices().find(|(_, c)| u32::from(*c) >= 0x10_0000);
        match odd {
            None => Ok(()),
            Some((start, c)) => Err(self.error(
                format!(
                    "unsupported character U+{:X}: expected text without private use characters",
                    u32::from(c)
                ),
                Span { start, end: start + c.len_utf8() },
            )),
        }
    }

    fn take(&mut self, event: Event<'_>, span: granit_parser::Span) -> Result<(), ReadError> {
        let range = span.byte_range().unwrap_or_default();
        let start = span.tag_start().and_then(|mark| mark.byte_offset()).unwrap_or(range.start);
        let place = Span { start: start.min(range.start), end: range.end.max(range.start) };
        match event {
            Event::DocumentStart(..) if self.root.is_some() => {
                let message = format!("a second document: expected one {}; remove it", self.expected());
                Err(self.error(message, place))
            }
            Event::Scalar(text, style, anchor, tag) => {
                let value = self.scalar(&text, style, tag.as_deref(), place)?;
                self.finished(value, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.begin(Collection::List(Vec::new()), anchor, tag, place)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.begin(Collection::Object { members: Vec::new(), name: None }, anchor, tag, place)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(range.end),
            Event::Alias(id) => {
                let Some(value) = self.anchors.get(&id).cloned() else {
                    let message =
                        "an alias inside what it stands for: expected the value written out".to_owned();
                    return Err(self.error(message, place));
                };
                self.copied = self.copied.saturating_add(count(&value));
                if self.copied > MOST_COPIED {
                    let message =
                        format!("the aliases stand for more than {MOST_COPIED} values: write fewer of them");
                    return Err(self.error(message, place));
                }
                self.finished(value, 0)
            }
            _ => Ok(()),
        }
    }

    fn begin(
        &mut self,
        kind: Collection,
        anchor: usize,
        tag: Option<Cow<'_, Tag>>,
        place: Span,
    ) -> Result<(), ReadError> {
        let tag = self.short_form(tag.as_deref(), place)?;
        self.open.push(Open { start: place.start, end: place.end, anchor, tag, kind });
        Ok(())
    }

    fn end(&mut self, end: usize) -> Result<(), ReadError> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        // Block collections end where the last thing in them does.
        let flow = self.source.text().get(..end).is_some_and(|text| text.ends_with([']', '}']));
        let end = if flow { end.max(open.end) } else { open.end };
        let location = self.location(Span { start: open.start, end });
        let kind = match open.kind {
            Collection::List(items) => ValueKind::List(items.into()),
            Collection::Object { members, .. } => ValueKind::Object(members.into()),
        };
        let value = tagged(Value { kind, location }, open.tag);
        self.finished(value, open.anchor)
    }

    /// Puts a value where it belongs.
    fn finished(&mut self, value: Value, anchor: usize) -> Result<(), ReadError> {
        if anchor != 0 {
            self.anchors.insert(anchor, value.clone());
        }
        let location = value.location.clone();
        let Some(open) = self.open.last_mut() else {
            self.root = Some(value);
            return Ok(());
        };
        open.end = open.end.max(location.span().map(|span| span.end).unwrap_or_default());
        match &mut open.kind {
            Collection::List(items) => items.push(value),
            Collection::Object { members, name } => match name.take() {
                Some((name, location)) => members.push(Member { name: name.into(), location, value }),
                None => {
                    let text = match &value.kind {
                        ValueKind::Text(text) => text.as_literal().map(str::to_owned),
                        // A name is text, whatever it would be as a value; the source has its spelling.
                        ValueKind::Null | ValueKind::Bool(_) | ValueKind::Number(_) => spelled(&location),
                        _ => None,
                    };
                    let text = text.or_else(|| value.as_text().and_then(|_| spelled(&location)));
                    *name = match text.as_deref() {
                        Some("<<") if self.is_template => {
                            return Err(ReadError::Yaml {
                                message: "a merge key `<<`, which CloudFormation does not take: expected its members \
                                          written out"
                                    .to_owned(),
                                location,
                            });
                        }
                        Some(text) => Some((text.to_owned(), location)),
                        None => {
                            let got = value.kind_in_words();
                            let message = format!("the name of a member is {got}: expected a string");
                            return Err(ReadError::Yaml { message, location });
                        }
                    };
                }
            },
        }
        Ok(())
    }

    fn scalar(
        &self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        place: Span,
    ) -> Result<Value, ReadError> {
        let core = tag.and_then(Tag::core_suffix).map(str::to_owned);
        let short = self.short_form(tag, place)?;
        let kind = match (&short, core.as_deref(), style) {
            (None, None, ScalarStyle::Plain) | (None, Some("bool" | "int" | "float" | "null"), _) => {
                plain(text)
            }
            _ => ValueKind::Text(Text::literal(text)),
        };
        Ok(tagged(Value { kind, location: self.location(place) }, short))
    }

    /// The name of the function that a tag is short for.
    fn short_form(&self, tag: Option<&Tag>, place: Span) -> Result<Option<String>, ReadError> {
        let Some(tag) = tag.filter(|tag| tag.core_suffix().is_none()) else { return Ok(None) };
        let name = tag.suffix();
        match name {
            // `!` alone only says that a scalar is text.
            "" => Ok(Some(String::new())),
            "Ref" | "Condition" => Ok(Some(name.to_owned())),
            _ if tag.handle() == "!"
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b':') =>
            {
                Ok(Some(format!("Fn::{name}")))
            }
            _ => Err(self.error(
                format!(
                    "the tag `{}` is none of CloudFormation's: expected one such as !Ref or !Sub",
                    tag.original()
                ),
                place,
            )),
        }
    }
}

/// A value inside the function that its tag is short for.
fn tagged(value: Value, short: Option<String>) -> Value {
    let Some(name) = short.filter(|name| !name.is_empty()) else { return value };
    let location = value.location.clone();
    let member = Member { name: name.into(), location: location.clone(), value };
    Value { kind: ValueKind::Object(vec![member].into()), location }
}

fn spelled(location: &Location) -> Option<String> {
    let (source, span) = (location.source()?, location.span()?);
    Some(source.text().get(span.start..span.end)?.trim().to_owned())
}

fn count(value: &Value) -> usize {
    1 + match &value.kind {
        ValueKind::List(items) => items.iter().map(count).sum(),
        ValueKind::Object(members) => members.iter().map(|member| count(&member.value)).sum(),
        _ => 0,
    }
}

/// The members and items of a text.
fn outline(text: &str) -> Outline {
    let mut outline = Outline::default();
    if let Ok(root) = parse(&Source::file("", text)) {
        add(&root, &mut outline);
    }
    outline
}

fn add(value: &Value, outline: &mut Outline) {
    match &value.kind {
        ValueKind::Object(members) => {
            for member in members {
                let (Some(name), Some(value)) = (member.location.span(), member.value.location.span()) else {
                    continue;
                };
                let span = Span { start: name.start.min(value.start), end: name.end.max(value.end) };
                outline.member(&member.name, span, |outline| add(&member.value, outline));
            }
        }
        ValueKind::List(items) => {
            for (index, item) in items.iter().enumerate() {
                let Some(span) = item.location.span() else { continue };
                outline.item(index, span, |outline| add(item, outline));
            }
        }
        _ => {}
    }
}
