//! Real `pulumi` with a program in YAML, without AWS.
//!
//! The engine attaches to a provider that the test serves. Each run works in a temporary folder, with a backend of files there
//! and an environment of its own.

use super::{Skip, on_path, process, tool_cache};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{fs, io};

/// How long one command of the engine may take. A preview takes a second or two on an idle machine.
const LIMIT: Duration = Duration::from_secs(120);

/// The engine with its host for programs in YAML.
#[derive(Debug, Clone)]
pub struct Pulumi {
    folder: PathBuf,
}

/// Why the engine has no answer.
#[derive(Debug, thiserror::Error)]
pub enum PulumiError {
    /// The program could not be written.
    #[error("could not prepare the run: {0}")]
    Prepare(#[from] io::Error),
    /// The engine did not start, or not end.
    #[error(transparent)]
    Run(#[from] process::RunError),
    /// The engine refused what it was given.
    #[error("{command} ended with {code}: {text}")]
    Refused {
        /// The subcommand, such as `preview`.
        command: String,
        /// The exit code.
        code: i32,
        /// What it printed on both streams.
        text: String,
    },
    /// The engine printed something other than the JSON that was asked for.
    #[error("preview printed no JSON: {0}")]
    NotJson(#[from] serde_json::Error),
}

impl Pulumi {
    /// Finds `pulumi` with `pulumi-language-yaml` beside it on `PATH` or in the tool cache.
    ///
    /// # Errors
    /// A [`Skip`] that says how to get them.
    pub fn find() -> Result<Self, Skip> {
        let has_both =
            |folder: &Path| ["pulumi", "pulumi-language-yaml"].iter().all(|name| folder.join(name).is_file());
        let installed = on_path("pulumi").and_then(|file| file.parent().map(Path::to_owned));
        let cached = || {
            let folders = fs::read_dir(tool_cache().ok()?).ok()?.filter_map(Result::ok);
            let is_pulumi =
                |folder: &fs::DirEntry| folder.file_name().to_string_lossy().starts_with("pulumi-");
            folders.filter(is_pulumi).map(|folder| folder.path()).filter(|folder| has_both(folder)).max()
        };
        let folder = installed.filter(|folder| has_both(folder)).or_else(cached);
        let how = || Skip("no pulumi with pulumi-language-yaml: run tests/tools/build-pulumi.sh".to_owned());
        Ok(Self { folder: folder.ok_or_else(how)? })
    }

    /// What `pulumi preview --json --show-sames` prints of a program on a new stack; `attach` is the provider to attach to.
    ///
    /// # Errors
    /// See [`PulumiError`].
    pub fn preview(&self, program: &str, attach: &str) -> Result<Value, PulumiError> {
        let scratch = tempfile::tempdir()?;
        let project = scratch.path().join("project");
        fs::create_dir_all(scratch.path().join("state"))?;
        fs::create_dir_all(&project)?;
        fs::write(project.join("Pulumi.yaml"), program)?;
        self.run(&["stack", "init", "dev"], scratch.path(), attach)?;
        let printed =
            self.run(&["preview", "--json", "--show-sames", "--stack", "dev"], scratch.path(), attach)?;
        Ok(serde_json::from_str(&printed)?)
    }

    fn run(&self, args: &[&str], scratch: &Path, attach: &str) -> Result<String, PulumiError> {
        let mut command = Command::new(self.folder.join("pulumi"));
        command
            .args(args)
            .arg("--non-interactive")
            .current_dir(scratch.join("project"))
            .env_clear()
            .env("PATH", &self.folder)
            .env("HOME", scratch)
            .env("PULUMI_HOME", scratch.join("home"))
            .env("PULUMI_BACKEND_URL", format!("file://{}", scratch.join("state").display()))
            .env("PULUMI_CONFIG_PASSPHRASE", "none")
            .env("PULUMI_SKIP_UPDATE_CHECK", "true")
            .env("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true")
            .env("PULUMI_DEBUG_PROVIDERS", attach);
        let output = process::run(&mut command, scratch, LIMIT)?;
        if output.code != 0 {
            return Err(PulumiError::Refused {
                command: args.first().copied().unwrap_or_default().to_owned(),
                code: output.code,
                text: format!("{}{}", output.stdout, output.stderr),
            });
        }
        Ok(output.stdout)
    }
}
