//! What to do about an engine's error that comes from how Narrows runs it.

use super::offline::NOWHERE;
use super::{Installed, Job};

/// A remedy, where an engine's words are known to come from that; `said_symbol` is whether they held a symbol.
pub(super) fn of(said: &str, said_symbol: bool, job: &Job<'_>) -> Option<String> {
    // The engine breaks its lines, so that words are compared, not lines.
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let has = |texts: &[&str]| texts.iter().any(|text| words.contains(text));
    let engine = &job.program.name;
    let without_network = NOWHERE.trim_start_matches("http://");
    let is_git = has(&["transport '"]) && has(&["' not allowed"]);
    if has(&NO_MODULE) || has(&[without_network]) || is_git {
        return Some(format!(
            "Narrows has no network: run `{engine} init` in the folder itself, so that its modules are there"
        ));
    }
    if has(&NO_PROVIDER) {
        return Some(match (job.settings.installed, job.copy.installed()) {
            (Installed::Left, _) => format!(
                "by itself Narrows knows hashicorp/aws {AWS} and the providers archive, cloudinit, external, http, local, null, random, \
                 time and tls; to have the schemas of others, and of newer types, run `{engine} init` in the folder itself, and give \
                 --installed-providers if you trust the programs that are then in .terraform/providers"
            ),
            (_, None) => {
                format!("run `{engine} init` in the folder itself, so that its providers are there")
            }
            (_, Some(_)) => {
                format!(
                    "run `{engine} init` in the folder itself again: what is installed is not all that is used"
                )
            }
        });
    }
    said_symbol.then(|| {
        "`${TYPE.ATTRIBUTE}` stands for a value that is known only after apply; give a real one with --set \
         TYPE.ATTRIBUTE=VALUE"
            .to_owned()
    })
}

/// The version of the AWS provider whose types are built in.
const AWS: &str = "6.69";

/// What the engines say of a module that is not there.
const NO_MODULE: [&str; 3] =
    ["Module not installed", "module is not yet installed", "Could not download module"];

/// What the engines say of a provider that is not there, and of a type that the schema does not have.
const NO_PROVIDER: [&str; 7] = [
    "does not have a provider named",
    "was not found in any of the search locations",
    "does not support resource type",
    "does not support data source",
    "but no version is selected",
    "Missing required provider",
    "Required plugins are not installed",
];
