//! A Python environment with the packages of one `requirements.txt`, made once per machine.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{Skip, process, tool_cache};

/// Long enough for a slow registry; the packages are small.
const LIMIT: Duration = Duration::from_secs(600);

/// The Python interpreter of the environment for these requirements, which is made in the tool cache if need be.
///
/// The environment's folder is named after the requirements' text, so a change makes a new one.
/// Test processes that run at the same time wait for one another through a lock file.
///
/// # Errors
/// A [`Skip`] if there is no `python3` with `venv`, if a package cannot be had, or if the cache cannot be written.
pub fn python(requirements: &Path) -> Result<PathBuf, Skip> {
    let unusable = |what: &Path, error: std::io::Error| Skip(format!("{}: {error}", what.display()));
    let text = fs::read_to_string(requirements).map_err(|error| unusable(requirements, error))?;
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let cache = tool_cache()?;
    let folder = cache.join(format!("python-{:016x}", hasher.finish()));
    let python = folder.join("bin/python");
    let finished = folder.join("narrows-finished");

    fs::create_dir_all(&cache).map_err(|error| unusable(&cache, error))?;
    let lock_file = folder.with_extension("lock");
    let lock = File::create(&lock_file).map_err(|error| unusable(&lock_file, error))?;
    lock.lock().map_err(|error| unusable(&lock_file, error))?;
    if finished.is_file() {
        return Ok(python);
    }
    step(
        Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder),
        "install Python 3 with its venv module",
    )?;
    step(
        Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(requirements),
        "check that pip reaches a package registry",
    )?;
    fs::write(&finished, text).map_err(|error| unusable(&finished, error))?;
    Ok(python)
}

fn step(command: &mut Command, remedy: &str) -> Result<(), Skip> {
    let scratch = tempfile::tempdir().map_err(|error| Skip(format!("no temporary folder: {error}")))?;
    let output =
        process::run(command, scratch.path(), LIMIT).map_err(|error| Skip(format!("{error}: {remedy}")))?;
    if output.code == 0 {
        return Ok(());
    }
    Err(Skip(format!("{command:?} ended with {}: {remedy}\n{}{}", output.code, output.stdout, output.stderr)))
}
