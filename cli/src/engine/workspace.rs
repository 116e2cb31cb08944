//! Which of a configuration's workspaces is selected.

use crate::failure::Failure;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// A workspace other than the default one.
///
/// Its name is part of a path, so that it is one component of a path and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Workspace(String);

/// The variable by which an engine is told its workspace; it comes before what is selected in the folder.
pub(super) const VARIABLE: &str = "TF_WORKSPACE";
const DEFAULT: &str = "default";

impl Workspace {
    /// The workspace that is selected; `None` for the default one.
    ///
    /// `kept` is the folder in which the engine keeps what it knows of the configuration, `variable` the value of
    /// [`VARIABLE`].
    pub(super) fn selected(kept: &Path, variable: Option<&OsStr>) -> Result<Option<Self>, Failure> {
        if let Some(value) = variable.filter(|value| !value.is_empty()) {
            return Self::named(value.to_str(), &value.to_string_lossy(), VARIABLE);
        }
        let file = kept.join("environment");
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(Failure::io("read", &file, &error)),
        };
        let text = std::str::from_utf8(&bytes).ok().map(str::trim);
        Self::named(text, &String::from_utf8_lossy(&bytes), ".terraform/environment")
    }

    pub(super) fn name(&self) -> &str {
        &self.0
    }

    fn named(name: Option<&str>, shown: &str, place: &str) -> Result<Option<Self>, Failure> {
        match name {
            Some("" | DEFAULT) => Ok(None),
            Some(name) if is_name(name) => Ok(Some(Self(name.to_owned()))),
            _ => Err(Failure::new(format!(
                "`{shown}` in {place} is no name of a workspace: expected letters, digits, and `-_.~$&+=:@`, without \
                 slashes"
            ))
            .help(format!("name a workspace that `workspace list` shows, or remove {place}"))),
        }
    }
}

/// What the engines take for the name of a workspace, but for the two names that are another folder.
fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~$&+=:@".contains(&byte);
    name.bytes().all(is_plain) && !["", ".", ".."].contains(&name)
}
