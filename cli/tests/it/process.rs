//! The binary as a process: exit codes, streams, the disk.

use crate::{MRAP, POLICY};
use std::process::{Command, Output, Stdio};

pub(crate) fn narrows() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_narrows"));
    command.env_remove("NO_COLOR");
    command
}

pub(crate) fn run(folder: &std::path::Path, args: &[&str]) -> Output {
    narrows().current_dir(folder).args(args).output().unwrap()
}

#[test]
fn exit_codes_reach_the_shell() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.json"), POLICY).unwrap();
    std::fs::write(folder.path().join("bad.json"), POLICY.replace("Deny\"", "Allow\"")).unwrap();
    let code = |args: &[&str]| run(folder.path(), args).status.code();
    let ask = |file, id| code(&["check", file, "--mrap", MRAP, "--guardrail", id]);
    assert_eq!(ask("good.json", "only-through-mrap"), Some(0));
    assert_eq!(ask("bad.json", "only-through-mrap"), Some(1));
    assert_eq!(ask("none.json", "only-through-mrap"), Some(2));
    assert_eq!(ask("good.json", "private-only"), Some(3));
    assert_eq!(code(&["--version"]), Some(0));
    assert_eq!(code(&["check", "--no-such-flag"]), Some(2));
}

#[test]
fn a_closed_reader_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bad.json"), POLICY.replace("Deny\"", "Allow\"")).unwrap();
    let args = ["check", "bad.json", "--mrap", MRAP];
    let mut child = narrows()
        .current_dir(folder.path())
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(1));
}
