//! Real providers, for `narrows plan --proxy`: programs that speak the plugin protocol by the libraries that all providers use.

use super::{Skip, tool_cache};
use std::env::consts::{ARCH, OS};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The providers that `tests/tools/build-provider.sh` makes.
#[derive(Clone, Debug)]
pub struct Providers {
    /// One of protocol 5.
    pub classic: PathBuf,
    /// One of protocol 6, with functions.
    pub modern: PathBuf,
}

/// The providers that were built.
///
/// # Errors
/// A [`Skip`] that says how to build them.
pub fn built() -> Result<Providers, Skip> {
    let folder = tool_cache()?.join("provider");
    let [classic, modern] = ["classic", "modern"].map(|name| folder.join(name));
    if classic.is_file() && modern.is_file() {
        return Ok(Providers { classic, modern });
    }
    Err(Skip("no providers to test with: run tests/tools/build-provider.sh".to_owned()))
}

/// The real AWS provider, which nothing installs: its file is named by `NARROWS_AWS_PROVIDER`.
pub fn aws() -> Option<PathBuf> {
    env::var_os("NARROWS_AWS_PROVIDER").map(PathBuf::from).filter(|file| file.is_file())
}

/// Installs a provider in a configuration's folder, as `init` does.
///
/// # Errors
/// What the file system says.
pub fn install(configuration: &Path, source: &str, version: &str, program: &Path) -> io::Result<()> {
    let system = if OS == "macos" { "darwin" } else { OS };
    let machine = match ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let package = configuration.join(format!(".terraform/providers/{source}/{version}/{system}_{machine}"));
    fs::create_dir_all(&package)?;
    let name = source.rsplit('/').next().unwrap_or_default();
    symlink(program, package.join(format!("terraform-provider-{name}_v{version}")))
}
