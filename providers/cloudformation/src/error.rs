use narrows_model::json::JsonError;
use narrows_model::{Location, NameError};

/// Why a template or a cloud assembly cannot be read as a deployment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The text is not JSON.
    #[error("{0}")]
    Json(JsonError),
    /// The text is not YAML, or uses something of YAML that CloudFormation does not take.
    #[error("{message}")]
    Yaml {
        /// What is wrong, what was expected, and what to do.
        message: String,
        /// Where.
        location: Location,
    },
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
    /// A value that must be known here, and is known at deployment alone.
    #[error(
        "{what} is `{expression}`, which cannot be worked out here: expected {expected}; give the parameters that it \
         depends on (--parameters KEY=VALUE), or write the value out"
    )]
    Unresolved {
        /// What has the value.
        what: String,
        /// The expression.
        expression: String,
        /// What was expected.
        expected: String,
        /// The value.
        location: Location,
    },
    /// A name that the template does not have.
    #[error("{what} `{name}` is not in the template: expected {expected}{}", nearest.as_ref().map(|it| format!("; did you mean `{it}`?")).unwrap_or_default())]
    Undefined {
        /// What kind of thing it should be.
        what: String,
        /// The name.
        name: String,
        /// What was expected.
        expected: String,
        /// The name that is spelled most like it.
        nearest: Option<String>,
        /// Where it is used.
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
            Self::Json(error) => &error.location,
            Self::Yaml { location, .. }
            | Self::Type { location, .. }
            | Self::Name { location, .. }
            | Self::Missing { location, .. }
            | Self::Unresolved { location, .. }
            | Self::Undefined { location, .. }
            | Self::Unsupported { location, .. }
            | Self::Repeated { location, .. } => location,
        }
    }
}

impl From<JsonError> for ReadError {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}
