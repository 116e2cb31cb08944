//! Providers that are installed in a configuration's folder: which they are, and how their programs are run.

use super::process::Group;
use super::{Job, offline};
use crate::failure::Failure;
use narrows_terraform::standin::{Handshake, Launch, Launched, Real, Running};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The file in which an engine keeps which version of a provider it chose.
const LOCK: &str = ".terraform.lock.hcl";
/// How long a provider may take until it says where it listens.
const START: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(10);

/// Starts each provider that is installed, in an environment of its own.
pub(super) fn start(job: &Job<'_>) -> Result<Vec<Real>, Failure> {
    let folder = job.installed()?;
    let found = installed(&folder, &locked(&job.copy.real().join(LOCK)))?;
    let real = |(source, file): (String, PathBuf)| {
        let program = Program::new(job, &source, file);
        Real::start(&source, Arc::new(program)).map_err(|error| {
            Failure::new(format!("provider {source} cannot be used: {error}"))
                .help("leave --proxy out, or give --installed-providers, which asks for schemas alone")
        })
    };
    found.into_iter().map(real).collect()
}

/// The versions that are chosen, by source; none where nothing says it.
fn locked(file: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let mut found = BTreeMap::new();
    let mut source = None;
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("provider ") {
            source = rest.split('"').nth(1);
        } else if let (Some(source), Some((name, value))) = (source, line.split_once('='))
            && name.trim() == "version"
        {
            found.insert(source.to_owned(), value.trim().trim_matches('"').to_owned());
        }
    }
    found
}

/// The programs of the providers that are used, by source: those of the lock file, else all that there are.
fn installed(folder: &Path, locked: &BTreeMap<String, String>) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let mut found = BTreeMap::new();
    let below = |folders: Vec<PathBuf>| folders.iter().flat_map(|folder| names(folder)).collect::<Vec<_>>();
    // A source is a host, a namespace and a type.
    for kind in below(below(names(folder).collect())) {
        let source = kind.strip_prefix(folder).unwrap_or(&kind).display().to_string();
        let mut versions: Vec<PathBuf> = names(&kind).filter(|version| version.is_dir()).collect();
        if !locked.is_empty() {
            let Some(chosen) = locked.get(&source) else { continue };
            versions.retain(|version| version.ends_with(chosen));
        }
        let [version] = versions.as_slice() else {
            return Err(again(format!(
                "{} versions of provider {source} are installed: expected the one that {LOCK} names",
                versions.len()
            )));
        };
        let package = version.join(platform());
        found.insert(source, program(&package)?);
    }
    match found.is_empty() {
        false => Ok(found),
        true => Err(again(format!("`{}` holds no provider of {LOCK}", folder.display()))),
    }
}

fn again(what: String) -> Failure {
    Failure::new(what).help("run init in the folder itself again")
}

/// What lies in a folder, in the order of names; nothing where it is none.
fn names(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    found.sort();
    found.into_iter()
}

/// The one program in a package.
fn program(package: &Path) -> Result<PathBuf, Failure> {
    let is_program = |file: &PathBuf| {
        let is_named =
            file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("terraform-provider-"));
        is_named && fs::metadata(file).is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
    };
    let found: Vec<PathBuf> = names(package).filter(is_program).collect();
    match <[PathBuf; 1]>::try_from(found) {
        Ok([program]) => Ok(program),
        Err(found) => Err(again(format!(
            "`{}` holds {} programs: expected one that is called terraform-provider-…",
            package.display(),
            found.len()
        ))),
    }
}

/// This machine, as packages are named.
fn platform() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    format!("{system}_{machine}")
}

/// A provider's program.
#[derive(Debug)]
struct Program {
    source: String,
    file: PathBuf,
    /// Where it runs, as it would below an engine.
    folder: PathBuf,
    home: PathBuf,
    temporary: PathBuf,
    scratch: PathBuf,
    started: AtomicUsize,
    deadline: Instant,
    stop: Arc<AtomicBool>,
}

impl Program {
    fn new(job: &Job<'_>, source: &str, file: PathBuf) -> Self {
        Self {
            source: source.to_owned(),
            file,
            folder: job.copy.root(),
            home: job.copy.beside("home"),
            temporary: job.copy.beside("tmp"),
            scratch: job.copy.beside("scratch"),
            started: AtomicUsize::new(0),
            deadline: job.deadline(),
            stop: job.stop_flag(),
        }
    }

    /// Nothing of this process's environment reaches a provider.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.file);
        // The copy may have moved on; it is then as good as anywhere.
        let folder = if self.folder.is_dir() { &self.folder } else { &self.home };
        command
            .current_dir(folder)
            .env_clear()
            .env("HOME", &self.home)
            .env("TMPDIR", &self.temporary)
            .envs(Handshake::environment())
            .envs(offline::ENVIRONMENT)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_CONFIG_FILE", self.home.join("no-config"))
            .env("AWS_SHARED_CREDENTIALS_FILE", self.home.join("no-credentials"))
            .env("CHECKPOINT_DISABLE", "1");
        command
    }

    /// The first line that is printed.
    fn first_line(&self, group: &Group, lines: &mpsc::Receiver<String>) -> Result<String, String> {
        let limit = self.deadline.min(Instant::now() + START);
        loop {
            match lines.recv_timeout(PAUSE) {
                Ok(line) => return Ok(line),
                Err(RecvTimeoutError::Disconnected) => return Err("it ended without a word".to_owned()),
                Err(RecvTimeoutError::Timeout) if self.stop.load(Ordering::SeqCst) => {
                    return Err("interrupted".to_owned());
                }
                Err(RecvTimeoutError::Timeout) if Instant::now() >= limit => {
                    group.end_all();
                    return Err("it took longer than it may to say where it listens".to_owned());
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

impl Launch for Program {
    fn launch(&self) -> Result<Launched, String> {
        let number = self.started.fetch_add(1, Ordering::SeqCst);
        let name = self.source.rsplit('/').next().unwrap_or_default();
        let said = self.scratch.join(format!("provider-{name}-{number}"));
        let failed = |error: std::io::Error| format!("`{}` cannot be run: {error}", self.file.display());
        let mut command = self.command();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&said).map_err(failed)?);
        let mut group = Group::spawn(&mut command).map_err(failed)?;
        let (sender, lines) = mpsc::channel();
        if let Some(stdout) = group.stdout() {
            // Reads on to the end, so that the program can print what it wants.
            thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    // Only the first is waited for.
                    let _ = sender.send(line);
                }
            });
        }
        let line = self.first_line(&group, &lines);
        let handshake =
            line.and_then(|line| Handshake::parse(&line).map_err(|error| format!("it says {error}")));
        match handshake {
            Ok(handshake) => Ok(Launched { handshake, process: Box::new(Process(Mutex::new(group))) }),
            Err(error) => {
                drop(group);
                let said = fs::read(&said).unwrap_or_default();
                let said = String::from_utf8_lossy(&said);
                let last: Vec<&str> = said.lines().rev().take(3).collect();
                let last: Vec<&str> = last.into_iter().rev().map(str::trim).collect();
                let words = if last.is_empty() {
                    String::new()
                } else {
                    format!("; its last words: {}", last.join(" "))
                };
                Err(format!("`{}`: {error}{words}", self.file.display()))
            }
        }
    }
}

/// A process that runs; it ends with this value, and all that it started.
#[derive(Debug)]
struct Process(Mutex<Group>);

impl Running for Process {
    fn has_ended(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).has_ended()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).end_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(sources: &[&str]) -> tempfile::TempDir {
        let place = tempfile::tempdir().unwrap();
        for source in sources {
            let package = place.path().join(source).join(platform());
            fs::create_dir_all(&package).unwrap();
            fs::write(package.join("LICENSE.txt"), "").unwrap();
            let program = package.join("terraform-provider-x_v1");
            fs::write(&program, "").unwrap();
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        }
        place
    }

    fn of(place: &tempfile::TempDir, lock: &str) -> Result<Vec<(String, String)>, String> {
        let file = place.path().join(LOCK);
        fs::write(&file, lock).unwrap();
        let found = installed(place.path(), &locked(&file)).map_err(|failure| format!("{failure:?}"))?;
        let relative = |path: PathBuf| {
            let version = path.parent().and_then(Path::parent).and_then(Path::file_name).unwrap();
            version.to_string_lossy().into_owned()
        };
        Ok(found.into_iter().map(|(source, path)| (source, relative(path))).collect())
    }

    #[test]
    fn providers_are_those_of_the_lock_file_else_all() {
        let place = place(&["a.example/x/one/1.0.0", "a.example/x/one/1.2.0", "a.example/x/two/3.0.0"]);
        let lock = "# made by init\nprovider \"a.example/x/one\" {\n  version     = \"1.2.0\"\n  constraints = \">= 1.0.0\"\n}\n";
        assert_eq!(of(&place, lock), Ok(vec![("a.example/x/one".to_owned(), "1.2.0".to_owned())]));
        let error = of(&place, "").unwrap_err();
        assert!(error.contains("2 versions of provider a.example/x/one are installed"), "{error}");
        fs::remove_dir_all(place.path().join("a.example/x/one/1.0.0")).unwrap();
        assert_eq!(of(&place, "").map(|found| found.len()), Ok(2));
    }

    #[test]
    fn a_package_without_a_program_is_told() {
        let place = place(&["a.example/x/one/1.0.0"]);
        let program =
            place.path().join("a.example/x/one/1.0.0").join(platform()).join("terraform-provider-x_v1");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o644)).unwrap();
        let error = of(&place, "").unwrap_err();
        assert!(
            error.contains("holds 0 programs: expected one that is called terraform-provider-"),
            "{error}"
        );
    }
}
