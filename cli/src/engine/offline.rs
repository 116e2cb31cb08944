//! What keeps an engine from the network.

use super::{Job, is_configuration};
use crate::failure::Failure;
use crate::streams::Stream;
use std::ffi::OsStr;
use std::fs;

/// An address that nobody can listen on.
pub(super) const NOWHERE: &str = "http://127.0.0.1:0";

/// Variables by which HTTP of the engine, and of what it downloads modules with, goes to [`NOWHERE`], and Git nowhere at all.
///
/// What is on this machine itself is not kept from it: engines do not use a proxy for it.
pub(super) const ENVIRONMENT: [(&str, &str); 9] = [
    ("HTTP_PROXY", NOWHERE),
    ("HTTPS_PROXY", NOWHERE),
    ("ALL_PROXY", NOWHERE),
    ("http_proxy", NOWHERE),
    ("https_proxy", NOWHERE),
    ("all_proxy", NOWHERE),
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
];

/// Refuses a configuration whose states OpenTofu would encrypt, with keys that it gets from a program or over the network.
pub(super) fn refuse_encryption(job: &Job<'_>) -> Result<(), Failure> {
    let root = job.copy.root();
    let broken = |error: &std::io::Error| Failure::io("read", &root, error);
    for entry in fs::read_dir(&root).map_err(|error| broken(&error))? {
        let name = entry.map_err(|error| broken(&error))?.file_name();
        let name = name.to_string_lossy();
        let file = root.join(name.as_ref());
        if !is_configuration(&name) || !file.is_file() {
            continue;
        }
        let bytes = fs::read(&file).map_err(|error| Failure::io("read", &file, &error))?;
        if narrows_terraform::encrypts_states(&String::from_utf8_lossy(&bytes), name.ends_with(".json")) {
            return Err(Failure::new(format!(
                "`encryption` in `{name}` would have the engine ask a program or a service for keys: expected a configuration \
                 without it"
            ))
            .help("give it in TF_ENCRYPTION, which narrows plan does not pass on"));
        }
    }
    Ok(())
}

/// The one data source that is a part of the engine, so that no stand-in answers for it.
const REMOTE_STATE: &str = "data.terraform_remote_state.";

/// Refuses a configuration that reads the states of others, which most backends would do over the network.
pub(super) fn refuse_remote_states(
    job: &Job<'_>,
    reattach: &str,
    stderr: &mut Stream<'_>,
) -> Result<(), Failure> {
    let graph =
        job.checked(&["graph", "-type=plan"].map(OsStr::new), Some(reattach), stderr, &str::to_owned)?;
    let Some((_, rest)) = graph.split_once(REMOTE_STATE) else { return Ok(()) };
    let is_of_name = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let name: String = rest.chars().take_while(is_of_name).collect();
    Err(Failure::new(format!(
        "`{REMOTE_STATE}{name}` reads the state of another configuration, which the engine does itself: expected values that \
         are given"
    ))
    .help("make a variable of what it tells, and give its value with -- -var NAME=VALUE"))
}
