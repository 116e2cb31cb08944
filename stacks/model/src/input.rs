use crate::{Location, Reference, Text};
use std::fmt;
use std::str::FromStr;

/// What a resource is given for a field: a valid value, or text that has references or unknown expressions inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input<T> {
    given: Given<T>,
    /// Where it stands.
    pub location: Location,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Given<T> {
    Known(T),
    Computed(Text),
}

impl<T> Input<T> {
    /// A value known now.
    pub fn known(value: T) -> Self {
        Self { given: Given::Known(value), location: Location::none() }
    }

    /// A reference to a value of another resource.
    pub fn reference(reference: Reference) -> Self {
        Self { given: Given::Computed(reference.into()), location: Location::none() }
    }

    /// A value of which nothing is known but the expression, as the source spells it.
    pub fn unknown(expression: impl Into<crate::SmolStr>) -> Self {
        Self { given: Given::Computed(Text::unknown(expression)), location: Location::none() }
    }

    /// The same at another place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = location;
        self
    }

    /// The value, if it is known now.
    pub fn as_known(&self) -> Option<&T> {
        match &self.given {
            Given::Known(value) => Some(value),
            Given::Computed(_) => None,
        }
    }

    /// The text with references inside, if it is not known now.
    pub fn as_computed(&self) -> Option<&Text> {
        match &self.given {
            Given::Known(_) => None,
            Given::Computed(text) => Some(text),
        }
    }

    /// The one reference that it is.
    pub fn as_reference(&self) -> Option<&Reference> {
        self.as_computed()?.as_reference()
    }

    /// The references inside.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.as_computed().into_iter().flat_map(Text::references)
    }
}

impl<T: fmt::Display> Input<T> {
    /// It as text.
    pub fn to_text(&self) -> Text {
        match &self.given {
            Given::Known(value) => Text::literal(value.to_string()),
            Given::Computed(text) => text.clone(),
        }
    }
}

impl<T: FromStr> Input<T> {
    /// Reads a field: plain text must be a valid `T`, text with references stays as it is.
    ///
    /// # Errors
    /// Those of `T`.
    pub fn parse(text: Text) -> Result<Self, T::Err> {
        let given = match text.as_literal() {
            Some(literal) => Given::Known(literal.parse()?),
            None => Given::Computed(text),
        };
        Ok(Self { given, location: Location::none() })
    }
}

impl<T> From<Reference> for Input<T> {
    fn from(reference: Reference) -> Self {
        Self::reference(reference)
    }
}
