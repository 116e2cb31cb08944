use crate::Outline;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A range of bytes in a source's text, start included, end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// What finds the members and items of a text; empty where it cannot be read.
pub type OutlineOf = fn(text: &str) -> Outline;

/// A named text that values were read from: a file, or text decoded from a string inside another source.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    within: Option<Location>,
    outline_of: OutlineOf,
    /// Where lines end, and what stands where: found when a place is shown, of which there can be many.
    lines: OnceLock<Vec<usize>>,
    outline: OnceLock<Outline>,
}

impl Source {
    /// A file (or another named text) as it lies on disk.
    pub fn file(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Self::file_of(name, text, crate::json::outline)
    }

    /// A file in another language than JSON, with what finds the members and items in it.
    pub fn file_of(name: impl Into<String>, text: impl Into<String>, outline_of: OutlineOf) -> Arc<Self> {
        Arc::new(Self::new(name.into(), text.into(), None, outline_of))
    }

    fn new(name: String, text: String, within: Option<Location>, outline_of: OutlineOf) -> Self {
        Self { name, text, within, outline_of, lines: OnceLock::new(), outline: OnceLock::new() }
    }

    /// The text decoded from the string literal at `literal`.
    pub fn within(literal: &Location, text: impl Into<String>) -> Arc<Self> {
        let name = literal.source().map(|source| source.name.clone()).unwrap_or_default();
        Arc::new(Self::new(name, text.into(), Some(literal.clone()), crate::json::outline))
    }

    /// The name that messages show, usually a path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line of a byte, counted from 1.
    fn line(&self, at: usize) -> usize {
        let ends =
            || self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(end, _)| end).collect();
        1 + self.lines.get_or_init(ends).partition_point(|end| *end < at)
    }

    fn outline(&self) -> &Outline {
        self.outline.get_or_init(|| (self.outline_of)(&self.text))
    }
}

/// Where a resource or value was read from; empty for what was composed in code.
///
/// Locations never take part in comparisons: any two are equal.
#[derive(Clone, Debug, Default)]
pub struct Location(Option<(Arc<Source>, Range)>);

/// A [`Span`] in half the bytes, since there are many; what lies behind 4 GiB is shown there.
#[derive(Clone, Copy, Debug)]
struct Range {
    start: u32,
    end: u32,
}

impl From<Span> for Range {
    fn from(span: Span) -> Self {
        let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: short(span.start), end: short(span.end) }
    }
}

impl From<Range> for Span {
    fn from(range: Range) -> Self {
        let long = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        Self { start: long(range.start), end: long(range.end) }
    }
}

impl PartialEq for Location {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Location {}

impl Location {
    /// No place: the value was composed, not read.
    pub fn none() -> Self {
        Self(None)
    }

    /// A range of a source.
    pub fn new(source: &Arc<Source>, span: Span) -> Self {
        Self(Some((Arc::clone(source), span.into())))
    }

    /// The source, if there is one.
    pub fn source(&self) -> Option<&Arc<Source>> {
        self.0.as_ref().map(|(source, _)| source)
    }

    /// The range within [`Location::source`].
    pub fn span(&self) -> Option<Span> {
        self.0.as_ref().map(|(_, range)| (*range).into())
    }

    /// The place in the outermost source (the file), following decoded strings outward.
    ///
    /// A range inside a decoded string is mapped back over JSON escapes; where the string was more than escaped
    /// (a template), the range of the whole literal is given.
    pub fn in_file(&self) -> Self {
        let (Some(source), Some(span)) = (self.source(), self.span()) else { return Self::none() };
        let Some(literal) = &source.within else { return self.clone() };
        let mapped = literal.source().zip(literal.span()).and_then(|(outer, whole)| {
            let raw = outer.text.get(whole.start..whole.end)?;
            let start = undecode(raw, &source.text, span.start)?;
            let end = undecode(raw, &source.text, span.end)?;
            Some(Self::new(outer, Span { start: whole.start + start, end: whole.start + end }))
        });
        mapped.unwrap_or_else(|| literal.clone()).in_file()
    }

    /// The line in the file, counted from 1.
    pub fn line(&self) -> Option<usize> {
        let place = self.in_file();
        Some(place.source()?.line(place.span()?.start))
    }

    /// The JSON path from the file's root, through decoded strings, such as `resource.x.policy.Statement[1]`.
    ///
    /// Empty at the root, where there is no source, or where the source is not JSON.
    pub fn json_path(&self) -> String {
        let (Some(source), Some(span)) = (self.source(), self.span()) else { return String::new() };
        let mut path = source.within.as_ref().map(Self::json_path).unwrap_or_default();
        source.outline().path(span, &mut path);
        path
    }
}

/// The offset in a raw JSON string literal (with its quotes) at which the decoded offset stands.
fn undecode(raw: &str, decoded: &str, offset: usize) -> Option<usize> {
    let mut raw_at = 1;
    let mut decoded_at = 0;
    let mut chars = decoded.chars();
    while decoded_at < offset {
        let rest = raw.get(raw_at..)?;
        let next = chars.next()?;
        let long = next.len_utf16() * 6;
        raw_at += match rest.as_bytes() {
            [b'\\', b'u', ..] => long,
            [b'\\', ..] => 2,
            _ if rest.starts_with(next) => next.len_utf8(),
            _ => return None,
        };
        decoded_at += next.len_utf8();
    }
    Some(raw_at)
}

impl fmt::Display for Location {
    /// `file:line (json.path)`, as much of it as is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(source) = self.source() else { return f.write_str("(composed)") };
        f.write_str(&source.name)?;
        if let Some(line) = self.line() {
            write!(f, ":{line}")?;
        }
        match self.json_path() {
            path if path.is_empty() => Ok(()),
            path => write!(f, " ({path})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_in_a_decoded_string_maps_back_to_the_file() {
        let text = "{\n \"policy\": \"{\\\"a\\\": [1, true]}\"\n}";
        let source = Source::file("f.json", text);
        let root = crate::json::parse(&source).unwrap();
        let literal = root.get("policy").unwrap();
        let inner = crate::json::parse_embedded(literal).unwrap();
        let item = inner.get("a").and_then(|list| list.items()?.get(1)).unwrap();
        let place = item.location.in_file().span().unwrap();
        assert_eq!(text.get(place.start..place.end), Some("true"));
        assert_eq!(item.location.to_string(), "f.json:2 (policy.a[1])");
    }
}
