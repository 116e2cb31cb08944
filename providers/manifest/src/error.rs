use narrows_model::json::JsonError;
use narrows_model::{Location, NameError};

/// Why a manifest, or a file that it names, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ManifestError {
    message: String,
    location: Location,
}

impl ManifestError {
    pub(crate) fn new(message: impl Into<String>, location: &Location) -> Self {
        Self { message: message.into(), location: location.clone() }
    }

    pub(crate) fn name(what: &str, cause: &NameError, location: &Location) -> Self {
        Self::new(format!("{what}: {cause}"), location)
    }

    /// Where it goes wrong, in the manifest or in the policy file.
    pub fn location(&self) -> &Location {
        &self.location
    }
}

impl From<JsonError> for ManifestError {
    fn from(error: JsonError) -> Self {
        Self { message: error.to_string(), location: error.location }
    }
}
