use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use narrows_checks::render::visible;
use narrows_model::{Location, Span};

/// The most characters of a line that are shown: generated files hold whole policies on one line.
const LONGEST_LINE: usize = 110;
/// The characters that are shown before a place on a longer line.
const BEFORE: usize = 40;

/// The lines around a place of a source, cut where they are too long to read.
#[derive(Debug)]
pub(crate) struct Excerpt {
    name: String,
    text: String,
    /// The number of the first line, counted from 0.
    first_line: usize,
}

impl Excerpt {
    /// The line of a place, with the lines before and after it, and the place in them.
    ///
    /// None where the place is in no source.
    pub fn of(location: &Location) -> Option<(Self, SourceSpan)> {
        let (source, Span { start, end }) = (location.source()?, location.span()?);
        let whole = source.text();
        let line_start = whole.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let line_end = whole.get(start..)?.find('\n').map_or(whole.len(), |at| start + at);
        let (before, line) = (whole.get(..line_start)?, whole.get(line_start..line_end)?);
        let (line, from, to) = cut(line, start - line_start, end.clamp(start, line_end) - line_start);
        let mut text = String::new();
        let mut first_line = before.matches('\n').count();
        if let Some(previous) = before.strip_suffix('\n') {
            text.push_str(&shorten(previous.rsplit('\n').next().unwrap_or_default()));
            text.push('\n');
            first_line -= 1;
        }
        let shift = text.len();
        text.push_str(&line);
        if let Some(rest) = whole.get(line_end + 1..).filter(|rest| !rest.is_empty()) {
            text.push('\n');
            text.push_str(&shorten(rest.split('\n').next().unwrap_or_default()));
        }
        text.push('\n');
        let span = SourceSpan::from((shift + from, (to - from).max(1)));
        Some((Self { name: source.name().to_owned(), text, first_line }, span))
    }
}

/// A line of at most [`LONGEST_LINE`] characters around a range of it, and the range in what is left.
fn cut(line: &str, from: usize, to: usize) -> (String, usize, usize) {
    // The end of a line of Windows is no part of it.
    let line = line.strip_suffix('\r').unwrap_or(line);
    let (from, to) = (from.min(line.len()), to.min(line.len()));
    let piece = |range: std::ops::Range<usize>| visible(line.get(range).unwrap_or_default());
    let (before, inside, after) = (piece(0..from), piece(from..to), piece(to..line.len()));
    let (count_before, count) = (before.chars().count(), line.chars().count());
    let dropped = if count > LONGEST_LINE { count_before.saturating_sub(BEFORE) } else { 0 };
    let mut room = LONGEST_LINE.saturating_sub(count_before - dropped);
    let mut out: String = if dropped > 0 { "…" } else { "" }.to_owned();
    out.extend(before.chars().skip(dropped));
    let new_from = out.len();
    out.extend(inside.chars().take(room));
    let new_to = out.len();
    room = room.saturating_sub(inside.chars().count());
    out.extend(after.chars().take(room));
    if room < after.chars().count() {
        out.push('…');
    }
    (out, new_from, new_to)
}

fn shorten(line: &str) -> String {
    cut(line, 0, 0).0
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.as_str().read_span(span, lines_before, lines_after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            contents.line() + self.first_line,
            contents.column(),
            contents.line_count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use narrows_model::Source;

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let line = format!("{}<here>{}", "a".repeat(500), "é".repeat(500));
        let source = Source::file("f", format!("first\n{line}\nlast"));
        let (excerpt, span) = Excerpt::of(&Location::new(&source, Span { start: 506, end: 512 })).unwrap();
        assert_eq!(excerpt.first_line, 0);
        let shown = excerpt.text.get(span.offset()..span.offset() + span.len());
        assert_eq!(shown, Some("<here>"));
        assert!(
            excerpt.text.lines().all(|line| line.chars().count() <= LONGEST_LINE + 2),
            "{}",
            excerpt.text
        );
        assert_eq!(excerpt.text.lines().count(), 3);
    }
}
