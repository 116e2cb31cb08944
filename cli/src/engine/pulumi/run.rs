//! Commands of the engine in a copy of a program.

use super::copy::Copy;
use super::go;
use super::project::Project;
use super::stack::{self, Stack};
use crate::engine::offline;
use crate::engine::process::{self, Ended};
use crate::engine::{Program, Stop};
use crate::failure::Failure;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// How the engine is run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// The stack that was asked for.
    pub stack: Option<String>,
    /// The file that configures the stack, where it is none of the project's.
    pub config_file: Option<PathBuf>,
    /// What was given for the engine besides.
    pub arguments: Vec<OsString>,
    /// How long the engine may take in all.
    pub limit: Duration,
}

/// A program that the engine works on.
pub(crate) struct Job<'a> {
    pub(super) program: &'a Program,
    pub(super) copy: Copy,
    pub(super) project: Project,
    pub(super) stack: Stack,
    pub(super) settings: Settings,
    /// What the engine may know of this process's environment.
    environment: Vec<(OsString, OsString)>,
    deadline: Instant,
    stop: &'a Stop,
}

/// What says where a language's tools are and how they compile, and nothing else.
const TOOLS: [&str; 13] = [
    "DOTNET_ROOT",
    "GOCACHE",
    "GOFLAGS",
    "GOMODCACHE",
    "GOPATH",
    "GOROOT",
    "GOTOOLCHAIN",
    "JAVA_HOME",
    "LANG",
    "LC_ALL",
    "NODE_PATH",
    "PYENV_ROOT",
    "VIRTUAL_ENV",
];

/// Who is asked directly, since the engine and its programs talk to each other on this machine.
const OWN: &str = "127.0.0.1,localhost,::1";

impl<'a> Job<'a> {
    /// Copies the project in a folder.
    ///
    /// `environment` is that of this process: its search path, the stack and the places of tools reach the engine, and nothing
    /// else.
    pub(crate) fn new(
        program: &'a Program,
        folder: &Path,
        settings: Settings,
        environment: impl Iterator<Item = (OsString, OsString)>,
        stop: &'a Stop,
    ) -> Result<Self, Failure> {
        let (mut kept, mut chosen, mut path) = (Vec::new(), None, None);
        let (mut home, mut caches) = (None, None);
        for (name, value) in environment {
            if name == stack::VARIABLE {
                chosen = Some(value);
            } else if name == "PATH" {
                path = Some(value);
            } else if name == "HOME" {
                home = Some(PathBuf::from(value));
            } else if name == "XDG_CACHE_HOME" {
                caches = Some(PathBuf::from(value));
            } else if TOOLS.iter().any(|tool| name == *tool) {
                kept.push((name, value));
            }
        }
        kept.push(("PATH".into(), with_own_folder(program, path.as_deref())?));
        let deadline = Instant::now().checked_add(settings.limit);
        let deadline = deadline.ok_or_else(|| Failure::new("--timeout is too long: expected seconds"))?;
        let project = Project::read(folder)?;
        let config = settings.config_file.clone();
        let stack = Stack::chosen(&project, settings.stack.as_deref(), chosen.as_deref(), config)?;
        let copy = Copy::of(folder)?;
        kept.extend(go::environment(&kept, home.as_deref(), caches.as_deref(), copy.beside("go-build")));
        Ok(Self { program, copy, project, stack, settings, environment: kept, deadline, stop })
    }

    /// Runs a command of the engine in a folder, which may fail; a preview with a name of its own and the provider to attach to.
    pub(super) fn run(
        &self,
        folder: &Path,
        arguments: &[&OsStr],
        preview: Option<(&str, &str)>,
    ) -> Result<Ended, Failure> {
        let beside = |name: &str| self.copy.beside(name);
        // What a program works out from where its home is, is another in each preview.
        let own = beside(preview.map_or("own", |(own, _)| own));
        let [home, temporary] = ["home", "tmp"].map(|name| own.join(name));
        for folder in [&home, &temporary] {
            fs::create_dir_all(folder).map_err(|error| Failure::io("made", folder, &error))?;
        }
        let mut backend = OsString::from("file://");
        backend.push(beside("state"));
        let mut command = Command::new(&self.program.path);
        command
            .args(arguments)
            .arg("--non-interactive")
            .current_dir(folder)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .env("HOME", &home)
            .env("TMPDIR", temporary)
            .env("PULUMI_HOME", home)
            .env("PULUMI_BACKEND_URL", backend)
            // What it protects is made up, and goes with the copy.
            .env("PULUMI_CONFIG_PASSPHRASE", "narrows")
            .env("PULUMI_SKIP_UPDATE_CHECK", "true")
            .env("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true")
            .env("PULUMI_DISABLE_CI_DETECTION", "true")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("GOPROXY", "off")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("NO_COLOR", "1")
            .envs(offline::ENVIRONMENT)
            .envs(["NO_PROXY", "no_proxy"].map(|name| (name, OWN)))
            .envs(preview.map(|(_, provider)| ("PULUMI_DEBUG_PROVIDERS", provider)));
        let ended = process::run(&mut command, &beside("scratch"), self.deadline, self.stop);
        ended.map_err(|error| error.into_failure(&self.called(arguments), self.settings.limit))
    }

    /// Runs a command that must succeed.
    pub(super) fn checked(&self, folder: &Path, arguments: &[&OsStr]) -> Result<(), Failure> {
        let ended = self.run(folder, arguments, None)?;
        match ended.status.success() {
            true => Ok(()),
            false => Err(Failure::new(format!(
                "{} failed with {}: {}",
                self.called(arguments),
                ended.status,
                ended.stderr.trim()
            ))),
        }
    }

    /// What messages call a command.
    pub(super) fn called(&self, arguments: &[&OsStr]) -> String {
        let is_word = |word: &&&OsStr| !word.to_string_lossy().starts_with('-');
        let words: Vec<_> =
            arguments.iter().take_while(is_word).take(2).map(|word| word.to_string_lossy()).collect();
        format!("`{} {}`", self.program.name, words.join(" "))
    }
}

/// The search path with the engine's own folder, in which the hosts of its languages are.
fn with_own_folder(program: &Program, path: Option<&OsStr>) -> Result<OsString, Failure> {
    let others = path.map(std::env::split_paths).into_iter().flatten();
    let own = program.path.parent().map(Path::to_owned);
    std::env::join_paths(own.into_iter().chain(others)).map_err(|error| {
        Failure::new(format!("`{}` cannot be on PATH: {error}", program.path.display()))
            .help("install the engine in a folder without a colon in its name")
    })
}
