//! The file system around a copy of the user's folder.

use std::ffi::OsStr;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};
use std::{fs, io};
use tempfile::TempDir;

/// A temporary folder with the folders above a copy, which goes with this value.
///
/// Around the copy are links to what lies beside it and its parents, so that paths such as `../modules/x` lead where they did.
#[derive(Debug)]
pub(super) struct Tree {
    folder: TempDir,
    /// What is copied, by its real path.
    real: PathBuf,
}

/// How many folders up something may refer to.
const LEVELS: usize = 8;

impl Tree {
    /// The surroundings of a folder, which is empty in the copy; what has one of the names is not linked to.
    pub(super) fn around(folder: &Path, prefix: &str, without: &[&str]) -> io::Result<Self> {
        let tree = Self { folder: temporary(prefix)?, real: fs::canonicalize(folder)? };
        let mut root = tree.folder.path().to_owned();
        let names: Vec<_> =
            tree.real.components().filter(|part| matches!(part, Component::Normal(_))).collect();
        let mut above = PathBuf::from("/");
        for (index, name) in names.iter().enumerate() {
            if index + LEVELS >= names.len() {
                link_all(&above, &root, |other| {
                    other != name.as_os_str() && !without.iter().any(|without| other == *without)
                })?;
            }
            root.push(name);
            above.push(name);
            fs::create_dir(&root)?;
        }
        Ok(tree)
    }

    /// The folder in the copy.
    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().join(self.real.strip_prefix("/").unwrap_or(&self.real))
    }

    /// The user's folder, by its real path.
    pub(super) fn real(&self) -> &Path {
        &self.real
    }

    /// Moves the copy to another path, of another length: what is worked out from its path is then another.
    pub(super) fn move_on(&mut self, prefix: &str) -> io::Result<()> {
        let next = temporary(prefix)?;
        for entry in fs::read_dir(self.folder.path())? {
            let entry = entry?;
            fs::rename(entry.path(), next.path().join(entry.file_name()))?;
        }
        self.folder = next;
        Ok(())
    }

    /// A text with the user's paths in the place of the copy's.
    pub(super) fn with_real_paths(&self, text: &str) -> String {
        match self.folder.path().to_str() {
            Some(folder) => text.replace(folder, ""),
            None => text.to_owned(),
        }
    }
}

/// A temporary folder for this user alone, by its real path.
pub(super) fn temporary(prefix: &str) -> io::Result<TempDir> {
    let place = fs::canonicalize(std::env::temp_dir())?;
    tempfile::Builder::new().prefix(prefix).permissions(fs::Permissions::from_mode(0o700)).tempdir_in(place)
}

/// Links to everything directly in a folder whose name is wanted; what cannot be listed has nothing to link to.
pub(super) fn link_all(from: &Path, to: &Path, is_wanted: impl Fn(&OsStr) -> bool) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(from) else { return Ok(()) };
    for entry in entries.flatten() {
        if is_wanted(&entry.file_name()) {
            symlink(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
