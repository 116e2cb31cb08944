//! What is wrong with a file of guardrails, and where.

use std::error::Error;
use std::fmt;
use std::ops::Range;

/// What is wrong with a file of guardrails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file's name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// What is wrong.
    pub message: String,
    /// Where, in bytes; none where it is about the whole file.
    pub span: Option<Range<usize>>,
    /// What to do.
    pub help: Option<String>,
}

impl Fault {
    pub(crate) fn new(name: &str, text: &str, message: impl Into<String>) -> Self {
        Self { name: name.to_owned(), text: text.to_owned(), message: message.into(), span: None, help: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn at(mut self, span: Option<Range<usize>>) -> Self {
        self.span = span;
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message)
    }
}

impl Error for Fault {}
