//! A copy of a configuration, so that nothing is written to the user's folder.

use super::names;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};
use tempfile::TempDir;

/// Temporary folders that look like the user's configuration to an engine; they go with this value.
///
/// They hold links to what the configuration holds, and around it links to what lies beside it and its parents, so that
/// paths such as `../modules/x` lead where they did. States, providers and backends are left out.
#[derive(Debug)]
pub(super) struct Copy {
    /// What an engine needs besides.
    beside: TempDir,
    /// The file system as the engine sees it.
    tree: TempDir,
    /// The configuration, by its real path.
    real: PathBuf,
}

/// How many folders up a configuration may refer to.
const LEVELS: usize = 8;
/// What an engine keeps in a configuration's folder.
const KEPT: &str = ".terraform";
/// What an override file of ours has in it: nothing but the copy is a place for a state.
const LOCAL_BACKEND: &str = "terraform {\n  backend \"local\" {}\n}\n";

impl Copy {
    pub(super) fn of(configuration: &Path) -> io::Result<Self> {
        let real = fs::canonicalize(configuration)?;
        let copy = Self { beside: temporary("narrows-")?, tree: temporary("narrows-first-")?, real };
        for name in ["home", "tmp", "scratch", "no-providers"] {
            fs::create_dir(copy.beside(name))?;
        }
        fs::write(copy.beside("settings.tfrc"), "")?;
        let mut root = copy.tree.path().to_owned();
        let names: Vec<_> =
            copy.real.components().filter(|part| matches!(part, Component::Normal(_))).collect();
        let mut above = PathBuf::from("/");
        for (index, name) in names.iter().enumerate() {
            if index + LEVELS >= names.len() {
                link_all(&above, &root, |other| other != name.as_os_str() && other != KEPT)?;
            }
            root.push(name);
            above.push(name);
            fs::create_dir(&root)?;
        }
        link_all(&copy.real, &root, |name| {
            let name = name.to_string_lossy();
            let is_state = name.ends_with(".tfstate") || name.contains(".tfstate.");
            let is_lock = name == ".terraform.tfstate.lock.info" || name == ".terraform.lock.hcl";
            !(is_state || is_lock || name == KEPT || name == ".git")
        })?;
        fs::write(root.join(last_override(&root)?), LOCAL_BACKEND)?;
        copy_modules(&copy.kept().join("modules"), &root.join(KEPT).join("modules"))?;
        Ok(copy)
    }

    /// The configuration's folder in the copy.
    pub(super) fn root(&self) -> PathBuf {
        self.tree.path().join(self.real.strip_prefix("/").unwrap_or(&self.real))
    }

    /// What the engine keeps in the user's folder.
    pub(super) fn kept(&self) -> PathBuf {
        self.real.join(KEPT)
    }

    /// The providers that are installed in the user's folder.
    pub(super) fn installed(&self) -> Option<PathBuf> {
        Some(self.kept().join("providers")).filter(|folder| folder.is_dir())
    }

    /// One of the folders and files beside the copy.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.beside.path().join(name)
    }

    /// The folder without providers.
    pub(super) fn no_providers(&self) -> PathBuf {
        self.beside("no-providers")
    }

    /// Moves the copy to another path, of another length: what a configuration works out from its path is then another.
    pub(super) fn move_on(&mut self) -> io::Result<()> {
        let next = temporary("second-narrows-")?;
        for entry in fs::read_dir(self.tree.path())? {
            let entry = entry?;
            fs::rename(entry.path(), next.path().join(entry.file_name()))?;
        }
        self.tree = next;
        Ok(())
    }

    /// A text with the user's paths in the place of the copy's.
    pub(super) fn with_real_paths(&self, text: &str) -> String {
        match self.tree.path().to_str() {
            Some(tree) => text.replace(tree, ""),
            None => text.to_owned(),
        }
    }

    /// Writes the state that the engine finds; without one, takes it away.
    pub(super) fn set_state(&self, workspace: Option<&str>, state: Option<&str>) -> io::Result<()> {
        let folder = match workspace {
            Some(name) => self.root().join("terraform.tfstate.d").join(name),
            None => self.root(),
        };
        fs::create_dir_all(&folder)?;
        let file = folder.join("terraform.tfstate");
        match state {
            Some(text) => fs::write(file, text),
            None if file.exists() => fs::remove_file(file),
            None => Ok(()),
        }
    }
}

/// A temporary folder for this user alone, by its real path.
fn temporary(prefix: &str) -> io::Result<TempDir> {
    let place = fs::canonicalize(std::env::temp_dir())?;
    tempfile::Builder::new().prefix(prefix).permissions(fs::Permissions::from_mode(0o700)).tempdir_in(place)
}

/// A name for an override file that an engine reads after all others of a folder, so that its backend counts.
fn last_override(folder: &Path) -> io::Result<OsString> {
    let mut last = OsString::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if names::is_override(&name.to_string_lossy()) && name > last {
            last = name;
        }
    }
    last.push("zz_narrows_override.tf");
    Ok(last)
}

/// Links to everything directly in a folder whose name is wanted; what cannot be listed has nothing to link to.
fn link_all(from: &Path, to: &Path, is_wanted: impl Fn(&OsStr) -> bool) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(from) else { return Ok(()) };
    for entry in entries.flatten() {
        if is_wanted(&entry.file_name()) {
            symlink(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// The modules that are installed: links to them, and a list of them that the engine may write to.
fn copy_modules(from: &Path, to: &Path) -> io::Result<()> {
    const LIST: &str = "modules.json";
    if !from.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(to)?;
    link_all(from, to, |name| name != LIST)?;
    match from.join(LIST) {
        list if list.is_file() => fs::copy(list, to.join(LIST)).map(drop),
        _ => Ok(()),
    }
}
