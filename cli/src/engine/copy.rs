//! A copy of a configuration, so that nothing is written to the user's folder.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Component, Path, PathBuf};
use tempfile::TempDir;

/// A temporary folder that looks like the user's configuration to an engine; it goes with this value.
///
/// It holds links to what the configuration holds, and around it links to what lies beside it and its parents, so that
/// paths such as `../modules/x` lead where they did. States, providers and backends are left out.
#[derive(Debug)]
pub(super) struct Copy {
    folder: TempDir,
    /// The configuration.
    pub(super) root: PathBuf,
    /// The providers that are installed in the user's folder.
    pub(super) providers: Option<PathBuf>,
    /// The workspace that is selected there, if it is not the default one.
    pub(super) workspace: Option<String>,
}

/// How many folders up a configuration may refer to.
const LEVELS: usize = 8;
/// What an engine keeps in a configuration's folder.
const KEPT: &str = ".terraform";
/// Read after all other files, of which it replaces the backend.
const OVERRIDE: &str = "zz_narrows_override.tf";

impl Copy {
    pub(super) fn of(configuration: &Path) -> io::Result<Self> {
        let real = fs::canonicalize(configuration)?;
        let folder = tempfile::Builder::new().prefix("narrows-").tempdir()?;
        for name in ["home", "tmp", "scratch", "no-providers"] {
            fs::create_dir(folder.path().join(name))?;
        }
        fs::write(folder.path().join("settings.tfrc"), "")?;
        let mut root = folder.path().join("tree");
        fs::create_dir(&root)?;
        let names: Vec<_> = real.components().filter(|part| matches!(part, Component::Normal(_))).collect();
        let mut above = PathBuf::from("/");
        for (index, name) in names.iter().enumerate() {
            if index + LEVELS >= names.len() {
                link_all(&above, &root, |other| other != name.as_os_str() && other != KEPT)?;
            }
            root.push(name);
            above.push(name);
            fs::create_dir(&root)?;
        }
        link_all(&real, &root, |name| {
            let name = name.to_string_lossy();
            let is_state = name.ends_with(".tfstate") || name.contains(".tfstate.");
            let is_lock = name == ".terraform.tfstate.lock.info" || name == ".terraform.lock.hcl";
            !(is_state || is_lock || name == KEPT || name == OVERRIDE || name == ".git")
        })?;
        fs::write(root.join(OVERRIDE), "terraform {\n  backend \"local\" {}\n}\n")?;
        copy_modules(&real.join(KEPT).join("modules"), &root.join(KEPT).join("modules"))?;
        let providers = Some(real.join(KEPT).join("providers")).filter(|folder| folder.is_dir());
        let workspace = fs::read_to_string(real.join(KEPT).join("environment")).ok();
        let workspace = workspace.map(|name| name.trim().to_owned());
        let workspace = workspace.filter(|name| !name.is_empty() && name != "default");
        Ok(Self { folder, root, providers, workspace })
    }

    /// One of the folders and files beside the copy.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder without providers.
    pub(super) fn no_providers(&self) -> PathBuf {
        self.beside("no-providers")
    }

    /// Writes the state that the engine finds; without one, takes it away.
    pub(super) fn set_state(&self, workspace: Option<&str>, state: Option<&str>) -> io::Result<()> {
        let folder = match workspace {
            Some(name) => self.root.join("terraform.tfstate.d").join(name),
            None => self.root.clone(),
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

/// Links to everything directly in a folder whose name is wanted; what cannot be listed has nothing to link to.
fn link_all(from: &Path, to: &Path, is_wanted: impl Fn(&std::ffi::OsStr) -> bool) -> io::Result<()> {
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
