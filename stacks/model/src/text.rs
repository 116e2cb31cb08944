use crate::Reference;
use smol_str::{SmolStr, SmolStrBuilder, ToSmolStr};
use std::fmt;

/// One piece of a [`Text`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Plain text.
    Literal(SmolStr),
    /// A value of another resource of the same deployment.
    Reference(Box<Reference>),
    /// An expression that cannot be resolved from the input, as the source spells it.
    Unknown(SmolStr),
}

impl Part {
    /// Plain text.
    pub fn literal(text: impl Into<SmolStr>) -> Self {
        Self::Literal(text.into())
    }

    /// An expression that cannot be resolved.
    pub fn unknown(expression: impl Into<SmolStr>) -> Self {
        Self::Unknown(expression.into())
    }
}

impl From<Reference> for Part {
    fn from(reference: Reference) -> Self {
        Self::Reference(Box::new(reference))
    }
}

/// Text with references inside; neighbouring literals are joined and empty ones dropped, so equal texts compare equal.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(Parts);

/// The pieces; most texts have one, and there are many texts.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Parts {
    #[default]
    None,
    One(Part),
    Several(Vec<Part>),
}

impl Text {
    /// Plain text.
    pub fn literal(text: impl Into<SmolStr>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::default() } else { Self(Parts::One(Part::Literal(text))) }
    }

    /// An expression that cannot be resolved.
    pub fn unknown(expression: impl Into<SmolStr>) -> Self {
        Self(Parts::One(Part::Unknown(expression.into())))
    }

    /// The pieces in order.
    pub fn parts(&self) -> &[Part] {
        match &self.0 {
            Parts::None => &[],
            Parts::One(part) => std::slice::from_ref(part),
            Parts::Several(parts) => parts,
        }
    }

    fn last_mut(&mut self) -> Option<&mut Part> {
        match &mut self.0 {
            Parts::None => None,
            Parts::One(part) => Some(part),
            Parts::Several(parts) => parts.last_mut(),
        }
    }

    /// Adds a piece at the end.
    pub fn push(&mut self, part: Part) {
        match (part, self.last_mut()) {
            (Part::Literal(text), _) if text.is_empty() => {}
            (Part::Literal(text), Some(Part::Literal(last))) => {
                let mut joined = SmolStrBuilder::new();
                joined.push_str(last);
                joined.push_str(&text);
                *last = joined.finish();
            }
            (part, _) => {
                self.0 = match std::mem::take(&mut self.0) {
                    Parts::None => Parts::One(part),
                    Parts::One(first) => Parts::Several(vec![first, part]),
                    Parts::Several(mut parts) => {
                        parts.push(part);
                        Parts::Several(parts)
                    }
                };
            }
        }
    }

    /// This text with a literal at the end.
    #[must_use]
    pub fn then_literal(mut self, text: impl Into<SmolStr>) -> Self {
        self.push(Part::Literal(text.into()));
        self
    }

    /// This text with another at the end.
    #[must_use]
    pub fn then(mut self, other: impl Into<Text>) -> Self {
        match other.into().0 {
            Parts::None => {}
            Parts::One(part) => self.push(part),
            Parts::Several(parts) => parts.into_iter().for_each(|part| self.push(part)),
        }
        self
    }

    /// This text with others in the place of references, where `replace` gives one.
    #[must_use]
    pub fn replaced(&self, replace: &mut dyn FnMut(&Reference) -> Option<Text>) -> Self {
        let mut out = Self::default();
        for part in self.parts() {
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
        match self.parts() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The text as messages show it: references and unknown expressions in `${…}`.
    pub fn shown(&self) -> SmolStr {
        self.as_literal().map_or_else(|| self.to_smolstr(), SmolStr::new)
    }

    /// The one reference that this text is, if it is nothing else.
    pub fn as_reference(&self) -> Option<&Reference> {
        match self.parts() {
            [Part::Reference(reference)] => Some(reference.as_ref()),
            _ => None,
        }
    }

    /// The references inside, in order.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.parts().iter().filter_map(|part| match part {
            Part::Reference(reference) => Some(reference.as_ref()),
            _ => None,
        })
    }

    /// The first unresolvable expression inside.
    pub fn first_unknown(&self) -> Option<&str> {
        self.parts().iter().find_map(|part| match part {
            Part::Unknown(expression) => Some(expression.as_str()),
            _ => None,
        })
    }
}

/// Makes a [`Text`] of many short literals.
#[derive(Debug, Default)]
pub struct TextBuilder {
    text: Text,
    literal: String,
}

impl TextBuilder {
    /// Adds plain text at the end.
    pub fn push_str(&mut self, text: &str) {
        self.literal.push_str(text);
    }

    /// Adds a character at the end.
    pub fn push_char(&mut self, c: char) {
        self.literal.push(c);
    }

    /// Adds a piece at the end.
    pub fn push(&mut self, part: Part) {
        match part {
            Part::Literal(text) => self.literal.push_str(&text),
            part => {
                self.flush();
                self.text.push(part);
            }
        }
    }

    fn flush(&mut self) {
        self.text.push(Part::literal(self.literal.as_str()));
        self.literal.clear();
    }

    /// The text.
    pub fn finish(mut self) -> Text {
        self.flush();
        self.text
    }
}

impl From<Reference> for Text {
    fn from(reference: Reference) -> Self {
        Self(Parts::One(reference.into()))
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

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Text").field(&self.parts()).finish()
    }
}

impl fmt::Display for Text {
    /// References and unknown expressions in `${…}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts().iter().try_for_each(|part| match part {
            Part::Literal(text) => f.write_str(text),
            Part::Reference(reference) => write!(f, "${{{reference}}}"),
            Part::Unknown(expression) => write!(f, "${{{expression}}}"),
        })
    }
}
