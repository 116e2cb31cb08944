//! Lines of toned text, wrapped and safe to print.

use super::Style;
use std::io::{self, Write};

/// What a piece of text means, which decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// A heading or name.
    Strong,
    /// What can be skipped.
    Faint,
    /// Proved, allowed as wished.
    Good,
    /// Refuted.
    Bad,
    /// Undecided.
    Open,
    /// Something to type or look up.
    Accent,
}

impl Tone {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "1",
            Self::Faint => "2",
            Self::Good => "32",
            Self::Bad => "1;31",
            Self::Open => "33",
            Self::Accent => "36",
        }
    }
}

/// A text whose control characters are replaced, so that names from inputs cannot steer a terminal.
pub fn visible(text: &str) -> String {
    let replaced = |c: char| match c {
        '\n' | '\t' => ' ',
        c if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => '\u{fffd}',
        c => c,
    };
    text.chars().map(replaced).collect()
}

/// A piece of text with its tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    text: String,
    tone: Tone,
}

impl Span {
    /// A piece of text, made [`visible`].
    pub fn new(text: impl AsRef<str>, tone: Tone) -> Self {
        Self { text: visible(text.as_ref()), tone }
    }

    /// A piece of text without a tone.
    pub fn plain(text: impl AsRef<str>) -> Self {
        Self::new(text, Tone::Plain)
    }

    /// The same, filled with spaces to a width in columns.
    #[must_use]
    pub fn padded(mut self, width: usize) -> Self {
        let missing = width.saturating_sub(self.text.chars().count());
        self.text.extend(std::iter::repeat_n(' ', missing));
        self
    }
}

/// A text that grows line by line.
pub struct Page<'w> {
    out: String,
    style: Style,
    writer: Option<&'w mut dyn Write>,
    failed: Option<io::Error>,
}

/// How many bytes are kept before they are written.
const MOST: usize = 64 << 10;

impl<'w> Page<'w> {
    /// An empty page.
    pub fn new(style: Style) -> Self {
        Self { out: String::new(), style, writer: None, failed: None }
    }

    /// An empty page that is written as it grows.
    pub fn written_to(writer: &'w mut dyn Write, style: Style) -> Self {
        Self { writer: Some(writer), ..Self::new(style) }
    }

    /// The columns there are.
    pub fn width(&self) -> usize {
        self.style.width
    }

    /// Adds a line of pieces; spaces at its end are dropped.
    pub fn line(&mut self, spans: impl IntoIterator<Item = Span>) {
        let mut spans: Vec<Span> = spans.into_iter().collect();
        while let Some(last) = spans.last_mut() {
            last.text.truncate(last.text.trim_end_matches(' ').len());
            if !last.text.is_empty() {
                break;
            }
            spans.pop();
        }
        for Span { text, tone } in spans {
            match tone.code() {
                code if self.style.colour && !code.is_empty() => {
                    self.out.push_str(&format!("\u{1b}[{code}m{text}\u{1b}[0m"));
                }
                _ => self.out.push_str(&text),
            }
        }
        self.out.push('\n');
        if self.out.len() > MOST {
            self.write();
        }
    }

    /// Writes what there is but for the line breaks at its end, which tell where a gap is.
    fn write(&mut self) {
        let Some(writer) = self.writer.as_mut().filter(|_| self.failed.is_none()) else { return };
        let end = self.out.split_off(self.out.trim_end_matches('\n').len());
        self.failed = writer.write_all(self.out.as_bytes()).err();
        self.out = end;
    }

    /// Adds an empty line, unless the page is empty or ends with one.
    pub fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// Adds prose after a lead on its first line, wrapped at words and aligned after the lead.
    pub fn prose(&mut self, lead: Vec<Span>, text: &str, tone: Tone) {
        let mut prose = self.words(lead, tone);
        prose.add(text);
        prose.end();
    }

    /// Begins prose, as [`Page::prose`], that is added in pieces.
    pub(super) fn words(&mut self, lead: Vec<Span>, tone: Tone) -> Words<'_, 'w> {
        let indent: usize = lead.iter().map(|span| span.text.chars().count()).sum();
        let room = self.style.width.saturating_sub(indent).max(30);
        Words { page: self, lead: Some(lead), indent, tone, lines: Lines::new(room) }
    }

    /// Adds prose with the same rail before each of its lines.
    pub fn along(&mut self, rail: &Span, text: &str, tone: Tone) {
        let room = self.style.width.saturating_sub(rail.text.chars().count()).max(30);
        for line in wrap(text, room) {
            self.line([rail.clone(), Span::new(line, tone)]);
        }
    }

    /// Adds prose after a lead on its first line, and after a rail on the others, aligned after the lead.
    pub fn beside(&mut self, lead: Vec<Span>, rail: &Span, text: &str, tone: Tone) {
        let indent: usize = lead.iter().map(|span| span.text.chars().count()).sum();
        let room = self.style.width.saturating_sub(indent).max(30);
        let mut lead = Some(lead);
        for line in wrap(text, room) {
            let mut spans = lead.take().unwrap_or_else(|| vec![rail.clone().padded(indent)]);
            spans.push(Span::new(line, tone));
            self.line(spans);
        }
    }

    /// The text; of a page that is written as it grows, what is left of it.
    pub fn finish(self) -> String {
        self.out
    }

    /// Writes the rest.
    ///
    /// # Errors
    /// Those of the writer, on whatever line.
    pub fn end(mut self) -> io::Result<()> {
        self.write();
        match (self.failed, self.writer) {
            (Some(error), _) => Err(error),
            (None, Some(writer)) => writer.write_all(self.out.as_bytes()),
            (None, None) => Ok(()),
        }
    }
}

/// Prose that is not at its end.
pub(super) struct Words<'p, 'w> {
    page: &'p mut Page<'w>,
    lead: Option<Vec<Span>>,
    indent: usize,
    tone: Tone,
    lines: Lines,
}

impl Words<'_, '_> {
    /// Adds words, apart from those before them.
    pub(super) fn add(&mut self, text: &str) {
        for word in text.split_whitespace() {
            if let Some(line) = self.lines.add(word) {
                self.line(line);
            }
        }
    }

    pub(super) fn end(mut self) {
        let rest = std::mem::take(&mut self.lines.line);
        if !rest.is_empty() || self.lead.is_some() {
            self.line(rest);
        }
    }

    fn line(&mut self, line: String) {
        let mut spans = self.lead.take().unwrap_or_else(|| vec![Span::plain(" ".repeat(self.indent))]);
        spans.push(Span::new(line, self.tone));
        self.page.line(spans);
    }
}

/// The text in lines of at most `room` columns, broken at white space alone: a longer word has a line of its own.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut rest = Lines::new(room);
    let mut lines: Vec<String> = text.split_whitespace().filter_map(|word| rest.add(word)).collect();
    if !rest.line.is_empty() || lines.is_empty() {
        lines.push(rest.line);
    }
    lines
}

/// The line that words are put on.
struct Lines {
    room: usize,
    line: String,
    used: usize,
}

impl Lines {
    fn new(room: usize) -> Self {
        Self { room, line: String::new(), used: 0 }
    }

    /// Adds a word; gives the line that is full.
    fn add(&mut self, word: &str) -> Option<String> {
        let width = word.chars().count();
        let full = self.used > 0 && self.used + 1 + width > self.room;
        let done = full.then(|| {
            self.used = 0;
            std::mem::take(&mut self.line)
        });
        if self.used > 0 {
            self.line.push(' ');
            self.used += 1;
        }
        self.line.push_str(word);
        self.used += width;
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_aligned_after_its_lead() {
        let mut page = Page::new(Style { colour: false, width: 36 });
        page.prose(
            vec![Span::plain("  · ")],
            "identity policies of users and roles allow everything",
            Tone::Plain,
        );
        assert_eq!(page.finish(), "  · identity policies of users and\n    roles allow everything\n");
    }

    #[test]
    fn names_cannot_steer_a_terminal() {
        let mut page = Page::new(Style::PLAIN);
        page.line([Span::plain("a\u{1b}[2Jb\u{202e}c\r\nd")]);
        assert_eq!(page.finish(), "a\u{fffd}[2Jb\u{fffd}c\u{fffd} d\n");
    }

    #[test]
    fn colour_is_put_around_pieces() {
        let mut page = Page::new(Style { colour: true, width: 80 });
        page.line([Span::new("✓", Tone::Good), Span::plain(" ok"), Span::plain("  ").padded(9)]);
        assert_eq!(page.finish(), "\u{1b}[32m✓\u{1b}[0m ok\n");
    }

    #[test]
    fn what_is_written_as_it_grows_is_the_same_text() {
        fn fill(page: &mut Page<'_>) {
            page.gap();
            for number in 0..4_000 {
                page.gap();
                page.line([Span::plain("é".repeat(number % 50))]);
                let mut words = page.words(vec![Span::plain("    ")], Tone::Plain);
                (0..number % 7).for_each(|it| words.add(&format!("word {it},")));
                words.end();
            }
            page.gap();
        }
        let mut whole = Page::new(Style::PLAIN);
        fill(&mut whole);
        let mut bytes = Vec::new();
        let mut page = Page::written_to(&mut bytes, Style::PLAIN);
        fill(&mut page);
        assert!(page.out.len() <= MOST, "{} bytes are kept", page.out.len());
        page.end().unwrap();
        assert!(whole.finish().into_bytes() == bytes);
    }

    #[test]
    fn what_cannot_be_written_is_an_error() {
        let mut room = [0; 100_000];
        let mut room = room.as_mut_slice();
        let mut page = Page::written_to(&mut room, Style::PLAIN);
        (0..4_000).for_each(|_| page.line([Span::plain("x".repeat(99))]));
        assert_eq!(page.end().unwrap_err().kind(), io::ErrorKind::WriteZero);
    }
}
