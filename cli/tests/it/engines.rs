//! What the tests of commands that run an engine share.

use crate::narrows;
use narrows::{Exit, Memory};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// What is said of a run that fails before anything is done.
pub(crate) fn refused(files: Memory, args: &[&str]) -> String {
    let ran = narrows(files, args);
    assert_eq!(ran.exit, Exit::Failed, "{ran}");
    ran.stderr
}

/// The names of what lies in a folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.collect();
    names.sort();
    names
}

/// Whether a process is gone, by its number in a text; one that nobody waits for is a zombie.
pub(crate) fn is_gone(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    stat.map_or(true, |stat| stat.contains(") Z "))
}

/// Whether something comes to hold within a minute.
pub(crate) fn eventually(what: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !what() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    what()
}
