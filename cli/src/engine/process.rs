//! One run of a program in a process group of its own: its output in full, within a time limit.

use super::Stop;
use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
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
    let child = command
        .stdin(Stdio::null())
        .stdout(File::create(&out)?)
        .stderr(File::create(&err)?)
        .process_group(0)
        .spawn()?;
    let mut group = Group(child);
    loop {
        if let Some(status) = group.0.try_wait()? {
            return Ok(Ended { status, stdout: read(&out)?, stderr: read(&err)? });
        }
        if stop.is_wanted() {
            return Err(RunError::Interrupted);
        }
        if Instant::now() >= deadline {
            return Err(RunError::Timeout);
        }
        std::thread::sleep(PAUSE);
    }
}

/// A process group, which ends with this value.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        // Who has ended leaves nobody to kill, and its children may have ended too.
        let group = rustix::process::Pid::from_child(&self.0);
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _ = self.0.wait();
    }
}
