//! Manifests of raw policy files.

use super::{Found, intent_beside, text};
use crate::failure::Failure;
use crate::files::Files;
use narrows_model::Source;
use std::path::Path;
use std::sync::Arc;

/// Whether a file of this name is a manifest.
pub(super) fn is_manifest(name: &str) -> bool {
    narrows_manifest::NAMES.contains(&name)
        || name.ends_with(".policies.toml")
        || name.ends_with(".policies.json")
}

/// Reads a manifest and the policy files that it names, relative to it.
pub(super) fn read(path: &Path, source: &Arc<Source>, files: &dyn Files) -> Result<Found, Failure> {
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let mut load = |name: &str| text(&folder.join(name), files).map_err(|failure| failure.message());
    let deployment = narrows_manifest::read(source, &mut load)
        .map_err(|error| Failure::worded(&error.to_string()).at(error.location()))?;
    let intent = intent_beside(folder, files)?;
    Ok(Found { intent, ..Found::new(path, "a manifest of policy files", deployment) })
}
