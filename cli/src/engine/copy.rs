//! A copy of a configuration, so that nothing is written to the user's folder.

use super::names;
use super::tree::{self, Tree, link_all};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
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
    tree: Tree,
}

/// What an engine keeps in a configuration's folder.
const KEPT: &str = ".terraform";
/// What an override file of ours has in it: nothing but the copy is a place for a state.
const LOCAL_BACKEND: &str = "terraform {\n  backend \"local\" {}\n}\n";

impl Copy {
    pub(super) fn of(configuration: &Path) -> io::Result<Self> {
        Self::at(configuration, "narrows-first-")
    }

    /// One more copy, at a path of yet another length.
    pub(super) fn aside(configuration: &Path) -> io::Result<Self> {
        Self::at(configuration, "third-of-narrows-")
    }

    fn at(configuration: &Path, prefix: &str) -> io::Result<Self> {
        let tree = Tree::around(configuration, prefix, &[KEPT])?;
        let copy = Self { beside: tree::temporary("narrows-")?, tree };
        for name in ["home", "tmp", "scratch", "no-providers"] {
            fs::create_dir(copy.beside(name))?;
        }
        fs::write(copy.beside("settings.tfrc"), "")?;
        let root = copy.root();
        link_all(copy.tree.real(), &root, |name| {
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
        self.tree.root()
    }

    /// What the engine keeps in the user's folder.
    pub(super) fn kept(&self) -> PathBuf {
        self.tree.real().join(KEPT)
    }

    /// The user's folder, by its real path.
    pub(super) fn real(&self) -> &Path {
        self.tree.real()
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
        self.tree.move_on("second-narrows-")
    }

    /// A text with the user's paths in the place of the copy's.
    pub(super) fn with_real_paths(&self, text: &str) -> String {
        self.tree.with_real_paths(text)
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
