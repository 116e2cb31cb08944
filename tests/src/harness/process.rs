//! One run of a program: its output in full, or an error, within a time limit.

use std::fs::File;
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// What a program did.
#[derive(Debug)]
pub struct Output {
    /// The exit code, or 128 plus the signal that ended it.
    pub code: i32,
    /// All of standard output.
    pub stdout: String,
    /// All of standard error.
    pub stderr: String,
}

/// Why a program has no output.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It could not be started, or its output not be read.
    #[error("could not run {program}: {source}")]
    Start {
        /// The command as it was given.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// It ran past the limit and was killed, with the programs that it had started.
    #[error("{program} was killed after {} s: expected it to end by then; its standard error was: {stderr}", limit.as_secs())]
    Timeout {
        /// The command as it was given.
        program: String,
        /// How long it was given.
        limit: Duration,
        /// What it had written to standard error.
        stderr: String,
    },
}

/// Runs a command to its end, or kills it and everything in its process group at the limit.
///
/// Output goes through files in `scratch`, so that a program that writes much, or leaves a child with the pipe open,
/// cannot block.
///
/// # Errors
/// See [`RunError`]. A program that ends with an exit code other than zero is no error here.
pub fn run(command: &mut Command, scratch: &Path, limit: Duration) -> Result<Output, RunError> {
    let program = format!("{command:?}");
    let failed = |source: io::Error| RunError::Start { program: program.clone(), source };
    let (out, err) = (scratch.join("stdout"), scratch.join("stderr"));
    let read = |file: &Path| fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());

    let mut child = command
        .stdin(Stdio::null())
        .stdout(File::create(&out).map_err(failed)?)
        .stderr(File::create(&err).map_err(failed)?)
        .process_group(0)
        .spawn()
        .map_err(failed)?;
    match wait(&mut child, limit).map_err(failed)? {
        Some(status) => Ok(Output {
            code: status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(-1),
            stdout: read(&out).map_err(failed)?,
            stderr: read(&err).map_err(failed)?,
        }),
        None => {
            kill_group(&mut child).map_err(failed)?;
            Err(RunError::Timeout { program: program.clone(), limit, stderr: read(&err).map_err(failed)? })
        }
    }
}

fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    while start.elapsed() < limit {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(Duration::from_millis(20));
    }
    child.try_wait()
}

/// An engine's plugins are children of their own, so the whole group that `run` made goes with it.
fn kill_group(child: &mut Child) -> io::Result<()> {
    let group = format!("-{}", child.id());
    Command::new("kill").args(["-KILL", "--", &group]).stdin(Stdio::null()).status()?;
    // Should there be no `kill` that takes groups, the program itself still ends.
    child.kill()?;
    child.wait().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> Result<Output, RunError> {
        let scratch = tempfile::tempdir().unwrap();
        run(Command::new("sh").args(["-c", script]), scratch.path(), limit)
    }

    #[test]
    fn output_and_exit_code_are_kept_apart() {
        let output = shell("echo out; echo err >&2; exit 3", Duration::from_secs(10)).unwrap();
        assert_eq!((output.code, output.stdout.as_str(), output.stderr.as_str()), (3, "out\n", "err\n"));
    }

    #[test]
    fn a_program_past_its_limit_is_killed_with_its_children() {
        let pids = tempfile::NamedTempFile::new().unwrap();
        let script = format!("sleep 60 & echo $! >{}; echo waiting >&2; wait", pids.path().display());
        let start = Instant::now();
        let error = shell(&script, Duration::from_millis(500)).unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(20), "the run waited for the child");
        assert!(matches!(&error, RunError::Timeout { stderr, .. } if stderr == "waiting\n"), "{error}");

        let child = fs::read_to_string(pids.path()).unwrap();
        let gone = || {
            // A killed child that nobody waits for is a zombie until init takes it.
            let stat = fs::read_to_string(format!("/proc/{}/stat", child.trim()));
            stat.is_err() || stat.is_ok_and(|stat| stat.contains(") Z "))
        };
        let deadline = Instant::now() + Duration::from_secs(10);
        while !gone() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(20));
        }
        assert!(gone(), "child {} outlived its parent's limit", child.trim());
    }
}
