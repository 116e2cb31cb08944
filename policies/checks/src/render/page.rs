//! Lines of toned text, wrapped and safe to print.

use super::Style;

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
#[derive(Clone, Debug)]
pub struct Page {
    out: String,
    style: Style,
}

impl Page {
    /// An empty page.
    pub fn new(style: Style) -> Self {
        Self { out: String::new(), style }
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
    }

    /// Adds an empty line, unless the page is empty or ends with one.
    pub fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// Adds prose after a lead on its first line, wrapped at words and aligned after the lead.
    pub fn prose(&mut self, lead: Vec<Span>, text: &str, tone: Tone) {
        let indent: usize = lead.iter().map(|span| span.text.chars().count()).sum();
        let room = self.style.width.saturating_sub(indent).max(30);
        let mut lead = Some(lead);
        for line in wrap(text, room) {
            let mut spans = lead.take().unwrap_or_else(|| vec![Span::plain(" ".repeat(indent))]);
            spans.push(Span::new(line, tone));
            self.line(spans);
        }
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

    /// The text.
    pub fn finish(self) -> String {
        self.out
    }
}

/// The text in lines of at most `room` columns, broken at white space alone: a longer word has a line of its own.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if used > 0 && used + 1 + width > room {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += width;
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
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
}
