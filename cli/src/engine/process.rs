//! One run of a program in a process group of its own: its output in full, within a time limit.

use super::{Stop, descendants};
use crate::failure::Failure;
use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// What a program did.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

/// Why a program has no output.
#[derive(Debug, thiserror::Error)]
pub(super) enum RunError {
    #[error(transparent)]
    System(#[from] io::Error),
    #[error("it took longer than it may")]
    Timeout,
    #[error("interrupted")]
    Interrupted,
}

impl RunError {
    /// What is said of a command that has no output.
    pub(super) fn into_failure(self, what: &str, limit: Duration) -> Failure {
        match self {
            Self::System(error) => Failure::new(format!("{what} cannot be run: {error}")),
            Self::Timeout => Failure::new(format!(
                "{what} was stopped: expected an end within {} seconds",
                limit.as_secs()
            ))
            .help("give it more time with --timeout SECONDS"),
            Self::Interrupted => Failure::new(format!("{what} was interrupted")),
        }
    }
}

/// How long a look at the program's end is apart from the next.
const PAUSE: Duration = Duration::from_millis(10);

/// Runs a command to its end; at the deadline, or when the run is to stop, it is killed with all that it started.
///
/// Output goes through files in `scratch`, so that a program that writes much, or leaves a child with the pipe open, cannot
/// block.
pub(super) fn run(
    command: &mut Command,
    scratch: &Path,
    deadline: Instant,
    stop: &Stop,
) -> Result<Ended, RunError> {
    let (out, err) = (scratch.join("stdout"), scratch.join("stderr"));
    let read = |file: &Path| fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    command.stdin(Stdio::null()).stdout(File::create(&out)?).stderr(File::create(&err)?);
    let mut group = Group::spawn(command)?;
    loop {
        if let Some(status) = group.0.try_wait()? {
            return Ok(Ended { status, stdout: read(&out)?, stderr: read(&err)? });
        }
        if stop.is_wanted() {
            group.end_all();
            return Err(RunError::Interrupted);
        }
        if Instant::now() >= deadline {
            group.end_all();
            return Err(RunError::Timeout);
        }
        std::thread::sleep(PAUSE);
    }
}

/// A process group, which ends with this value.
#[derive(Debug)]
pub(super) struct Group(Child);

impl Group {
    /// Starts a program in a group of its own.
    pub(super) fn spawn(command: &mut Command) -> io::Result<Self> {
        command.process_group(0).spawn().map(Self)
    }

    /// Its standard output, if that is a pipe that nobody has taken yet.
    pub(super) fn stdout(&mut self) -> Option<ChildStdout> {
        self.0.stdout.take()
    }

    /// Whether the program has ended; what cannot be told counts as that it runs.
    pub(super) fn has_ended(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(Some(_)))
    }

    /// Ends what the program started in groups of their own, too, as engines do with their plugins.
    pub(super) fn end_all(&self) {
        for process in descendants::of(self.0.id()) {
            // It may have ended by itself.
            let process = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw);
            let _ = process.map(|it| rustix::process::kill_process(it, rustix::process::Signal::KILL));
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Who has ended leaves nobody to kill, and its children may have ended too.
        let group = rustix::process::Pid::from_child(&self.0);
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _ = self.0.wait();
    }
}
