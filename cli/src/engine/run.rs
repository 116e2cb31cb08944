//! Commands of an engine in a copy of a configuration.

use super::copy::Copy;
use super::process::{self, Ended, RunError};
use super::{Program, Stop};
use crate::failure::Failure;
use crate::streams::Stream;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// A configuration that an engine works on.
pub(crate) struct Job<'a> {
    pub(super) program: &'a Program,
    pub(super) copy: Copy,
    /// What was given for the engine, after `--`.
    pub(super) arguments: Vec<OsString>,
    /// What the engine may know of this process's environment.
    environment: Vec<(OsString, OsString)>,
    workspace: Option<String>,
    limit: Duration,
    deadline: Instant,
    stop: &'a Stop,
}

impl<'a> Job<'a> {
    /// Copies the configuration in a folder.
    ///
    /// `environment` is that of this process: its search path, variables and workspace reach the engine, and nothing else.
    pub(crate) fn new(
        program: &'a Program,
        folder: &Path,
        arguments: Vec<OsString>,
        environment: impl Iterator<Item = (OsString, OsString)>,
        limit: Duration,
        stop: &'a Stop,
    ) -> Result<Self, Failure> {
        let copy = Copy::of(folder).map_err(|error| Failure::io("copied", folder, &error))?;
        let (mut kept, mut workspace) = (Vec::new(), copy.workspace.clone());
        for (name, value) in environment {
            let is_variable = name.to_str().is_some_and(|name| name.starts_with("TF_VAR_"));
            if name == "TF_WORKSPACE" && !value.is_empty() {
                workspace = value.to_str().filter(|name| *name != "default").map(str::to_owned);
            } else if name == "PATH" || is_variable {
                kept.push((name, value));
            }
        }
        let deadline = Instant::now().checked_add(limit);
        let deadline = deadline.ok_or_else(|| Failure::new("--timeout is too long: expected seconds"))?;
        Ok(Self { program, copy, arguments, environment: kept, workspace, limit, deadline, stop })
    }

    /// Writes the state that the next plan starts from, or takes it away.
    pub(super) fn set_state(&self, state: Option<&serde_json::Value>) -> Result<(), Failure> {
        let text = state.map(ToString::to_string);
        self.copy
            .set_state(self.workspace.as_deref(), text.as_deref())
            .map_err(|error| Failure::io("written", &self.copy.root, &error))
    }

    /// Prepares the copy: modules and the local backend, with providers of a folder alone, so that none is downloaded.
    pub(super) fn init(
        &self,
        providers: &Path,
        reattach: Option<&str>,
        stderr: &mut Stream<'_>,
    ) -> Result<(), Failure> {
        self.set_state(None)?;
        let mut plugins = OsString::from("-plugin-dir=");
        plugins.push(providers);
        let arguments = ["init", "-input=false", "-no-color", "-reconfigure"].map(OsStr::new);
        self.checked(
            &[arguments.as_slice(), &[plugins.as_os_str()]].concat(),
            reattach,
            stderr,
            str::to_owned,
        )?;
        Ok(())
    }

    /// Runs a command that must succeed, and gives its standard output.
    ///
    /// Where it does not, its own words go to `stderr` as `reword` has them.
    pub(super) fn checked(
        &self,
        arguments: &[&OsStr],
        reattach: Option<&str>,
        stderr: &mut Stream<'_>,
        reword: impl Fn(&str) -> String,
    ) -> Result<String, Failure> {
        let name = arguments.first().copied().unwrap_or_default().to_string_lossy();
        let what = format!("`{} {name}`", self.program.name);
        let mut command = Command::new(&self.program.path);
        command
            .args(arguments)
            .current_dir(&self.copy.root)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .env("HOME", self.copy.beside("home"))
            .env("TMPDIR", self.copy.beside("tmp"))
            .env("TF_CLI_CONFIG_FILE", self.copy.beside("settings.tfrc"))
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .env("NO_COLOR", "1")
            .envs(self.workspace.iter().map(|name| ("TF_WORKSPACE", name)))
            .envs(reattach.map(|how| ("TF_REATTACH_PROVIDERS", how)));
        let ended = process::run(&mut command, &self.copy.beside("scratch"), self.deadline, self.stop);
        let Ended { status, stdout, stderr: said } = ended.map_err(|error| match error {
            RunError::System(error) => Failure::new(format!("{what} cannot be run: {error}")),
            RunError::Timeout => Failure::new(format!(
                "{what} was stopped: expected an end within {} seconds",
                self.limit.as_secs()
            ))
            .help("give it more time with --timeout SECONDS"),
            RunError::Interrupted => Failure::new(format!("{what} was interrupted")),
        })?;
        if status.success() {
            return Ok(stdout);
        }
        let said = reword(said.trim_end());
        stderr.write(&format!("{said}\n"))?;
        let failure =
            Failure::new(format!("{what} failed with {status}: expected a plan; its own words are above"));
        Err(match remedy(&said, &self.program.name) {
            Some(remedy) => failure.help(remedy),
            None => failure,
        })
    }
}

/// What to do about an engine's error that comes from how Narrows runs it.
fn remedy(said: &str, engine: &str) -> Option<String> {
    let has = |text: &str| said.contains(text);
    if has("search locations") || has("does not support") || has("but no version is selected") {
        return Some(format!(
            "run `{engine} init` in the folder itself, so that the schemas of its providers are there: by itself Narrows \
             knows of hashicorp/aws what matters to access"
        ));
    }
    if has("module is not yet installed") || has("download") {
        return Some(format!("run `{engine} init` in the folder itself, so that its modules are installed"));
    }
    said.contains("${").then(|| {
        "`${TYPE.ATTRIBUTE}` stands for a value that is known only after apply; give a real one with --set \
         TYPE.ATTRIBUTE=VALUE"
            .to_owned()
    })
}
