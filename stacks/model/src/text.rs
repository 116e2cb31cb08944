use crate::{Reference, location::Location};
use std::fmt;

/// One piece of a [`Text`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Plain text.
    Literal(String),
    /// A value of another resource of the same deployment.
    Reference(Reference),
    /// An expression that cannot be resolved from the input, as the source spells it.
    Unknown(String),
}

/// Text with references inside; neighbouring literals are joined and empty ones dropped, so equal texts compare equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(Vec<Part>);

impl Text {
    /// Plain text.
    pub fn literal(text: impl Into<String>) -> Self {
        Self::default().then_literal(text)
    }

    /// An expression that cannot be resolved.
    pub fn unknown(expression: impl Into<String>) -> Self {
        Self(vec![Part::Unknown(expression.into())])
    }

    /// The pieces in order.
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Adds a piece at the end.
    pub fn push(&mut self, part: Part) {
        match (part, self.0.last_mut()) {
            (Part::Literal(text), _) if text.is_empty() => {}
            (Part::Literal(text), Some(Part::Literal(last))) => last.push_str(&text),
            (part, _) => {
                // Most texts have one piece, and there are many texts.
                if self.0.is_empty() {
                    self.0.reserve_exact(1);
                }
                self.0.push(part);
            }
        }
    }

    /// This text with a literal at the end.
    #[must_use]
    pub fn then_literal(mut self, text: impl Into<String>) -> Self {
        self.push(Part::Literal(text.into()));
        self
    }

    /// This text with another at the end.
    #[must_use]
    pub fn then(mut self, other: impl Into<Text>) -> Self {
        for part in other.into().0 {
            self.push(part);
        }
        self
    }

    /// This text with others in the place of references, where `replace` gives one.
    #[must_use]
    pub fn replaced(&self, replace: &mut dyn FnMut(&Reference) -> Option<Text>) -> Self {
        let mut out = Self::default();
        for part in &self.0 {
            match part {
                Part::Reference(reference) => match replace(reference) {
                    Some(text) => out = out.then(text),
                    None => out.push(part.clone()),
                },
                part => out.push(part.clone()),
            }
        }
        out
    }

    /// The text, if it has no reference and nothing unknown.
    pub fn as_literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The one reference that this text is, if it is nothing else.
    pub fn as_reference(&self) -> Option<&Reference> {
        match self.0.as_slice() {
            [Part::Reference(reference)] => Some(reference),
            _ => None,
        }
    }

    /// The references inside, in order.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.0.iter().filter_map(|part| match part {
            Part::Reference(reference) => Some(reference),
            _ => None,
        })
    }

    /// The first unresolvable expression inside.
    pub fn first_unknown(&self) -> Option<&str> {
        self.0.iter().find_map(|part| match part {
            Part::Unknown(expression) => Some(expression.as_str()),
            _ => None,
        })
    }
}

impl From<Reference> for Text {
    fn from(reference: Reference) -> Self {
        Self(vec![Part::Reference(reference)])
    }
}
impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::literal(text)
    }
}
impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::literal(text)
    }
}
impl FromIterator<Part> for Text {
    fn from_iter<I: IntoIterator<Item = Part>>(parts: I) -> Self {
        let mut text = Self::default();
        for part in parts {
            text.push(part);
        }
        text
    }
}

impl fmt::Display for Text {
    /// References and unknown expressions in `${…}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Literal(text) => f.write_str(text),
            Part::Reference(reference) => write!(f, "${{{reference}}}"),
            Part::Unknown(expression) => write!(f, "${{{expression}}}"),
        })
    }
}

/// A text and where it stands.
pub(crate) fn at(text: Text, location: Location) -> crate::Value {
    crate::Value { kind: crate::ValueKind::Text(text), location }
}
