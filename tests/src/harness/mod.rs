//! Runs the tools that a deployment goes through, so that tests ask the tool itself and not our idea of it.
//!
//! A tool that is missing makes a test skip, with the reason on standard error; under `CI=true` it makes it fail,
//! so that a green CI run has run everything.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

pub mod process;
pub mod provider;
pub mod pulumi;
pub mod terraform;
pub mod venv;

/// Why a test cannot run on this machine: the tool that is missing and how to get it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Skip(pub String);

/// Takes what a harness found, or prints why the test is skipped and gives `None`.
///
/// # Panics
/// When the environment has `CI=true`: there, a skipped test is a failed one.
pub fn found_or_skip<T>(found: Result<T, Skip>) -> Option<T> {
    match found {
        Ok(tool) => Some(tool),
        Err(skip) => {
            skip_or_fail(&skip);
            None
        }
    }
}

/// Prints that a test is skipped, or fails it in CI.
///
/// # Panics
/// When the environment has `CI=true`.
pub fn skip_or_fail(skip: &Skip) {
    if env::var("CI").is_ok_and(|value| value == "true") {
        panic!("this test must not be skipped in CI: {skip}");
    }
    eprintln!("skipped: {skip}");
}

/// The folder that tools are built and installed into: `NARROWS_TOOLS`, else `narrows/tools` in the user's cache.
///
/// # Errors
/// A [`Skip`] if the environment has neither `NARROWS_TOOLS`, `XDG_CACHE_HOME` nor `HOME`.
pub fn tool_cache() -> Result<PathBuf, Skip> {
    let given = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    given("NARROWS_TOOLS")
        .or_else(|| given("XDG_CACHE_HOME").map(|cache| cache.join("narrows/tools")))
        .or_else(|| given("HOME").map(|home| home.join(".cache/narrows/tools")))
        .ok_or_else(|| Skip("no place for tools: set NARROWS_TOOLS to a folder".to_owned()))
}

/// The first file of that name in the folders of `PATH`.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The folder of this crate, `tests/` in the repository.
pub fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Copies a folder with all that is in it. Links are followed.
///
/// # Errors
/// What the file system says.
pub fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if fs::metadata(entry.path())?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// What lies in a folder, by path.
///
/// # Panics
/// Where something in it cannot be read.
pub fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            found.push((path.clone(), fs::read(path).unwrap()));
        }
    }
    found.sort();
    found
}
