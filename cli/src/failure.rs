use crate::excerpt::Excerpt;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan};
use narrows_checks::render::{Style, visible};
use narrows_model::Location;
use std::path::Path;

/// What stops a run: what is wrong, where, and what to do.
#[derive(Debug)]
pub(crate) struct Failure(Box<Report>);

#[derive(Debug, Diagnostic, thiserror::Error)]
#[error("{message}")]
struct Report {
    message: String,
    #[help]
    help: Option<String>,
    #[source_code]
    excerpt: Option<Excerpt>,
    #[label(collection)]
    places: Vec<LabeledSpan>,
}

impl Failure {
    /// A failure without a place.
    pub fn new(message: impl AsRef<str>) -> Self {
        let message = visible(message.as_ref());
        Self(Box::new(Report { message, help: None, excerpt: None, places: Vec::new() }))
    }

    /// A message of a library: what follows its first semicolon outside quotes is the remedy.
    pub fn worded(message: &str) -> Self {
        let mut quoted = false;
        let semicolon = message.char_indices().find(|(at, c)| {
            quoted ^= *c == '`';
            !quoted && message.get(*at..).is_some_and(|rest| rest.starts_with("; "))
        });
        match semicolon.and_then(|(at, _)| Some((message.get(..at)?, message.get(at + 2..)?))) {
            Some((what, remedy)) => Self::new(what).help(remedy),
            None => Self::new(message),
        }
    }

    /// A file operation that the system refused.
    pub fn io(what: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::new(format!("`{}` cannot be {what}: {error}", path.display()))
    }

    /// The same with a remedy.
    #[must_use]
    pub fn help(mut self, help: impl AsRef<str>) -> Self {
        self.0.help = Some(visible(help.as_ref()));
        self
    }

    /// The same with the place where it goes wrong; a place in no source changes nothing.
    #[must_use]
    pub fn at(mut self, location: &Location) -> Self {
        if let Some((excerpt, span)) = Excerpt::of(&location.in_file()) {
            let path = location.json_path();
            self.0.excerpt = Some(excerpt);
            self.0.places = vec![LabeledSpan::new_with_span((!path.is_empty()).then_some(path), span)];
        }
        self
    }

    /// What is wrong, alone.
    pub fn message(&self) -> String {
        self.0.message.clone()
    }

    /// The failure as text for people.
    pub fn render(&self, style: Style) -> String {
        let theme = if style.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(style.width)
            .with_links(false)
            // Names and flags are never broken at their hyphens.
            .with_word_separator(textwrap::WordSeparator::AsciiSpace)
            .with_word_splitter(textwrap::WordSplitter::NoHyphenation)
            .with_break_words(false);
        let mut out = String::new();
        match handler.render_report(&mut out, self.0.as_ref()) {
            Ok(()) => out,
            // A string takes everything; should the handler refuse, the message alone still says what is wrong.
            Err(_) => format!("error: {}\n", self.0.message),
        }
    }
}
