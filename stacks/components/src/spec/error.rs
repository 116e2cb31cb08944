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
                let add = match *field {
                    "stack" | "mrap" => format!("add a table `[{field}]`"),
                    "bucket" => "add a table `[[bucket]]` for each Region".to_owned(),
                    _ => format!("add `{field} = …`"),
                };
                (format!("`{field}` is missing here"), Some(add))
            }
            _ if text == "duplicate key" => {
                let key = source.text().get(span.start..span.end).unwrap_or_default();
                (format!("`{key}` is written twice: expected it once"), Some("remove one of them".to_owned()))
            }
            _ => {
                let mut message = text.trim_end().replace('\n', ", ");
                for (theirs, ours) in WORDS {
                    message = message.replace(theirs, ours);
                }
                (message, advice(text).map(str::to_owned))
            }
        };
        Self::new(source, span, message).with_help(help)
    }
}

/// The reader's words, and those of TOML.
const WORDS: [(&str, &str); 4] = [
    ("invalid type: map", "invalid type: a table or a date"),
    ("expected a sequence", "expected a list"),
    ("expected a nonzero u64", "expected a whole number above 0"),
    ("expected a boolean", "expected true or false"),
];

/// What to do about a value of the wrong type.
fn advice(text: &str) -> Option<&'static str> {
    let wrong = text.strip_prefix("invalid type: ");
    if wrong.is_some_and(|it| it.ends_with("expected a string")) {
        Some("write it between quotes")
    } else if wrong.is_some_and(|it| it.starts_with("map") && it.ends_with("expected a sequence")) {
        Some("write the table's name between double brackets, for there can be several")
    } else if wrong.is_some_and(|it| it.ends_with("expected a sequence")) {
        Some("write it between brackets, for there can be several")
    } else {
        None
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
