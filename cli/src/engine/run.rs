//! Commands of an engine in a copy of a configuration.

use super::copy::Copy;
use super::process::{self, Ended};
use super::workspace::{self, Workspace};
use super::{Program, Stop, offline, remedy};
use crate::failure::Failure;
use crate::streams::Stream;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// How an engine is run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// What was given for the engine, after `--`.
    pub arguments: Vec<OsString>,
    /// What the providers that are installed in the folder are run for.
    pub installed: Installed,
    /// How long the engine may take in all.
    pub limit: Duration,
}

/// What the providers that are installed in a folder are run for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Installed {
    /// They are not run.
    #[default]
    Left,
    /// They are asked for their schemas.
    Schemas,
    /// They plan behind the stand-in.
    Proxied,
}

/// A configuration that an engine works on.
pub(crate) struct Job<'a> {
    pub(super) program: &'a Program,
    pub(super) copy: Copy,
    pub(super) settings: Settings,
    /// What the engine may know of this process's environment.
    environment: Vec<(OsString, OsString)>,
    workspace: Option<Workspace>,
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
        settings: Settings,
        environment: impl Iterator<Item = (OsString, OsString)>,
        stop: &'a Stop,
    ) -> Result<Self, Failure> {
        let (mut kept, mut workspace) = (Vec::new(), None);
        for (name, value) in environment {
            let is_variable = name.to_str().is_some_and(|name| name.starts_with("TF_VAR_"));
            if name == workspace::VARIABLE {
                workspace = Some(value);
            } else if name == "PATH" || is_variable {
                kept.push((name, value));
            }
        }
        let deadline = Instant::now().checked_add(settings.limit);
        let deadline = deadline.ok_or_else(|| Failure::new("--timeout is too long: expected seconds"))?;
        let copy = Copy::of(folder).map_err(|error| Failure::io("copied", folder, &error))?;
        let workspace = Workspace::selected(&copy.kept(), workspace.as_deref())?;
        Ok(Self { program, copy, settings, environment: kept, workspace, deadline, stop })
    }

    /// The same with a copy of its own, so that both may be worked on at once.
    pub(super) fn aside(&self) -> Result<Self, Failure> {
        let folder = self.copy.real();
        let copy = Copy::aside(folder).map_err(|error| Failure::io("copied", folder, &error))?;
        Ok(Self {
            program: self.program,
            copy,
            settings: self.settings.clone(),
            environment: self.environment.clone(),
            workspace: self.workspace.clone(),
            deadline: self.deadline,
            stop: self.stop,
        })
    }

    /// Writes the state that the next plan starts from, or takes it away.
    pub(super) fn set_state(&self, state: Option<&serde_json::Value>) -> Result<(), Failure> {
        let text = state.map(ToString::to_string);
        self.copy
            .set_state(self.workspace.as_ref().map(Workspace::name), text.as_deref())
            .map_err(|error| Failure::io("written", &self.copy.root(), &error))
    }

    /// Moves the copy to another path.
    pub(super) fn move_on(&mut self) -> Result<(), Failure> {
        self.copy.move_on().map_err(|error| Failure::io("moved", &self.copy.root(), &error))
    }

    /// The folder of the providers that are installed.
    pub(super) fn installed(&self) -> Result<PathBuf, Failure> {
        let flag = match self.settings.installed {
            Installed::Left | Installed::Schemas => "--installed-providers",
            Installed::Proxied => "--proxy",
        };
        self.copy.installed().ok_or_else(|| {
            let kept = self.copy.kept();
            Failure::new(format!("`{}` holds no providers: expected those of {flag}", kept.display()))
                .help(format!("run `{} init` in the folder itself, or leave the flag out", self.program.name))
        })
    }

    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// What says whether the run is to end, for threads.
    pub(super) fn stop_flag(&self) -> Arc<AtomicBool> {
        self.stop.flag()
    }

    /// Whether nothing more may be run.
    pub(super) fn is_over(&self) -> bool {
        self.stop.is_wanted() || Instant::now() >= self.deadline
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
            &str::to_owned,
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
        reword: &dyn Fn(&str) -> String,
    ) -> Result<String, Failure> {
        let name = arguments.first().copied().unwrap_or_default().to_string_lossy();
        let what = format!("`{} {name}`", self.program.name);
        let mut command = Command::new(&self.program.path);
        command
            .args(arguments)
            .current_dir(self.copy.root())
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .env("HOME", self.copy.beside("home"))
            .env("TMPDIR", self.copy.beside("tmp"))
            .env("TF_CLI_CONFIG_FILE", self.copy.beside("settings.tfrc"))
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .env("NO_COLOR", "1")
            .envs(offline::ENVIRONMENT)
            .envs(self.workspace.iter().map(|workspace| (workspace::VARIABLE, workspace.name())))
            .envs(reattach.map(|how| ("TF_REATTACH_PROVIDERS", how)));
        let ended = process::run(&mut command, &self.copy.beside("scratch"), self.deadline, self.stop);
        let Ended { status, stdout, stderr: said } =
            ended.map_err(|error| error.into_failure(&what, self.settings.limit))?;
        if status.success() {
            return Ok(stdout);
        }
        // Not every command knows -no-color.
        let said = without_colours(&said);
        let plain = self.copy.with_real_paths(said.trim_end());
        let said = reword(&plain);
        stderr.write(&format!("{said}\n"))?;
        let failure =
            Failure::new(format!("{what} failed with {status}: expected a plan; its own words are above"));
        Err(match remedy::of(&said, said != plain, self) {
            Some(remedy) => failure.help(remedy),
            None => failure,
        })
    }
}

/// A text without the sequences by which a terminal changes its colours.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !(c.is_ascii_digit() || c == ';'));
        match end.and_then(|end| part.get(end..)?.strip_prefix('m')) {
            Some(rest) => plain.push_str(rest),
            None => {
                plain.push_str("\u{1b}[");
                plain.push_str(part);
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out_and_nothing_else() {
        assert_eq!(without_colours("a \u{1b}[31m\u{1b}[1;31mred\u{1b}[0m b"), "a red b");
        assert_eq!(without_colours("no [31m colour \u{1b}[2K"), "no [31m colour \u{1b}[2K");
    }
}
