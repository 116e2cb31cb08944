use narrows_model::{Location, NameError};

/// Why a preview or an exported stack cannot be read as a deployment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// A value is of the wrong type.
    #[error("{what} is {got}: expected {expected}")]
    Type {
        /// What has the value.
        what: String,
        /// What it is.
        got: String,
        /// What was expected.
        expected: String,
        /// The value.
        location: Location,
    },
    /// A name is not valid.
    #[error("{what}: {cause}")]
    Name {
        /// What has the name.
        what: String,
        /// What is wrong with it.
        cause: Box<NameError>,
        /// The name.
        location: Location,
    },
    /// A required property is not there.
    #[error("{what} is missing: expected {expected}")]
    Missing {
        /// What is missing.
        what: String,
        /// What was expected.
        expected: String,
        /// What should have it.
        location: Location,
    },
    /// A value that must be known here, and is not.
    #[error("{what} is {why}: expected {expected}; give the value in the program")]
    Unresolved {
        /// What has the value.
        what: String,
        /// Why it is not known.
        why: String,
        /// What was expected.
        expected: String,
        /// The value.
        location: Location,
    },
    /// Something that cannot be read without missing policies.
    #[error("{what} is not supported here: {remedy}")]
    Unsupported {
        /// What it is.
        what: String,
        /// What to do.
        remedy: String,
        /// Where it stands.
        location: Location,
    },
    /// One name is given to two things.
    #[error("{what} is given twice: expected it once; remove one")]
    Repeated {
        /// What is repeated.
        what: String,
        /// The second.
        location: Location,
    },
}

impl ReadError {
    /// Where it goes wrong.
    pub fn location(&self) -> &Location {
        match self {
            Self::Type { location, .. }
            | Self::Name { location, .. }
            | Self::Missing { location, .. }
            | Self::Unresolved { location, .. }
            | Self::Unsupported { location, .. }
            | Self::Repeated { location, .. } => location,
        }
    }
}
