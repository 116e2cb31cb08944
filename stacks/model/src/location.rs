use std::fmt;
use std::sync::Arc;

/// A range of bytes in a source's text, start included, end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Appends the path of the innermost value of a text that covers a range.
pub type PathAt = fn(text: &str, span: Span, path: &mut String);

/// A named text that values were read from: a file, or text decoded from a string inside another source.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    within: Option<Location>,
    path_at: PathAt,
}

impl Source {
    /// A file (or another named text) as it lies on disk.
    pub fn file(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Self::file_of(name, text, crate::json::path_at)
    }

    /// A file in another language than JSON, with what finds the path of a place in it.
    pub fn file_of(name: impl Into<String>, text: impl Into<String>, path_at: PathAt) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into(), within: None, path_at })
    }

    /// The text decoded from the string literal at `literal`.
    pub fn within(literal: &Location, text: impl Into<String>) -> Arc<Self> {
        let name = literal.source().map(|source| source.name.clone()).unwrap_or_default();
        Arc::new(Self {
            name,
            text: text.into(),
            within: Some(literal.clone()),
            path_at: crate::json::path_at,
        })
    }

    /// The name that messages show, usually a path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Where a resource or value was read from; empty for what was composed in code.
///
/// Locations never take part in comparisons: any two are equal.
#[derive(Clone, Debug, Default)]
pub struct Location(Option<(Arc<Source>, Span)>);

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
        Self(Some((Arc::clone(source), span)))
    }

    /// The source, if there is one.
    pub fn source(&self) -> Option<&Arc<Source>> {
        self.0.as_ref().map(|(source, _)| source)
    }

    /// The range within [`Location::source`].
    pub fn span(&self) -> Option<Span> {
        self.0.as_ref().map(|(_, span)| *span)
    }

    /// The place in the outermost source (the file), following decoded strings outward.
    ///
    /// A range inside a decoded string is mapped back over JSON escapes; where the string was more than escaped
    /// (a template), the range of the whole literal is given.
    pub fn in_file(&self) -> Self {
        let Some((source, span)) = &self.0 else { return Self::none() };
        let Some(literal) = &source.within else { return self.clone() };
        let mapped = literal.0.as_ref().and_then(|(outer, whole)| {
            let raw = outer.text.get(whole.start..whole.end)?;
            let start = undecode(raw, &source.text, span.start)?;
            let end = undecode(raw, &source.text, span.end)?;
            Some(Self::new(outer, Span { start: whole.start + start, end: whole.start + end }))
        });
        mapped.unwrap_or_else(|| literal.clone()).in_file()
    }

    /// The line in the file, counted from 1.
    pub fn line(&self) -> Option<usize> {
        let (source, span) = self.in_file().0?;
        Some(1 + source.text.bytes().take(span.start).filter(|byte| *byte == b'\n').count())
    }

    /// The JSON path from the file's root, through decoded strings, such as `resource.x.policy.Statement[1]`.
    ///
    /// Empty at the root, where there is no source, or where the source is not JSON.
    pub fn json_path(&self) -> String {
        let Some((source, span)) = &self.0 else { return String::new() };
        let mut path = source.within.as_ref().map(Self::json_path).unwrap_or_default();
        (source.path_at)(&source.text, *span, &mut path);
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
