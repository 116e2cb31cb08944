use narrows_model::names::nearest;
use narrows_model::{Location, Source, Span};
use std::fmt;
use std::sync::Arc;

/// A description that does not hold: what is wrong, where, and what to do about it.
#[derive(Clone, Debug)]
pub struct SpecError {
    message: String,
    help: Option<String>,
    span: Span,
    source: Arc<Source>,
}

impl SpecError {
    pub(super) fn new(source: &Arc<Source>, span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, span, source: Arc::clone(source) }
    }

    pub(super) fn with_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    /// What is wrong: the value that came, and what was expected.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it, or the name that was probably meant.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Where it is wrong, in bytes of [`SpecError::text`].
    pub fn span(&self) -> Span {
        self.span
    }

    /// The description.
    pub fn text(&self) -> &Arc<Source> {
        &self.source
    }

    /// Where it is wrong.
    pub fn location(&self) -> Location {
        Location::new(&self.source, self.span)
    }

    /// An error of the TOML reader, in our words.
    pub(super) fn of_toml(source: &Arc<Source>, error: &toml::de::Error) -> Self {
        let span = error.span().map_or(Span { start: 0, end: 0 }, |it| Span { start: it.start, end: it.end });
        let text = error.message();
        let words: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
        // serde's wording, which is all that is left of the error by now; another wording is shown as it is.
        let (message, help) = match words.as_slice() {
            [unknown, known @ ..] if text.starts_with("unknown field") => {
                let message = format!("`{unknown}` is not known here: expected {}", or(known));
                let near = nearest(unknown, known.iter().copied());
                (message, near.map(|near| format!("did you mean `{near}`?")))
            }
            [field] if text.starts_with("missing field") => {
                (format!("`{field}` is missing here"), Some(format!("add `{field}`")))
            }
            _ => (text.trim_end().replace('\n', ", "), None),
        };
        Self::new(source, span, message).with_help(help)
    }
}

/// Words as a choice: `a`, `b` or `c`.
fn or(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [only] => format!("`{only}`"),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(|word| format!("`{word}`")).collect();
            format!("{} or `{last}`", first.join(", "))
        }
    }
}

impl fmt::Display for SpecError {
    /// `file:line: message; help`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.location(), self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for SpecError {}
