//! What keeps an engine from the network.

use super::Job;
use crate::failure::Failure;
use crate::streams::Stream;
use std::ffi::OsStr;

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
