//! Folders of Terraform JSON.

use super::{Found, intent_beside, text};
use crate::failure::Failure;
use crate::files::Files;
use narrows_model::{Source, json};
use narrows_terraform::{ReadError, read_config};
use std::path::Path;
use std::sync::Arc;

const PLAN: &str = "terraform plan -out=plan, terraform show -json plan > plan.json, then check plan.json";

/// Reads the `*.tf.json` files directly in a folder.
pub(super) fn read(folder: &Path, files: &dyn Files) -> Result<Found, Failure> {
    let names = files.list(folder).map_err(|error| Failure::io("read", folder, &error))?;
    // Terraform skips hidden files and editors' copies too.
    let kept = |name: &&String| !name.starts_with('.') && !name.starts_with('#') && !name.ends_with('~');
    let configured: Vec<_> = names.iter().filter(kept).filter(|name| name.ends_with(".tf.json")).collect();
    let native: Vec<_> = names
        .iter()
        .filter(kept)
        .filter(|name| name.ends_with(".tf") || name.ends_with(".tofu") || name.ends_with(".tofu.json"))
        .collect();
    if configured.is_empty() {
        let failure = Failure::new(format!(
            "`{}` is no stack and no configuration: expected a {} or *.tf.json files in it",
            folder.display(),
            super::DESCRIPTION
        ));
        return Err(match native.is_empty() {
            true => failure.help(format!(
                "describe a stack with `narrows new {}`, or name another folder",
                folder.display()
            )),
            false => failure.help(format!("configurations in HCL are checked through their plan: {PLAN}")),
        });
    }
    let values = |name: &&String| {
        matches!(name.as_str(), "terraform.tfvars" | "terraform.tfvars.json")
            || name.ends_with(".auto.tfvars")
            || name.ends_with(".auto.tfvars.json")
    };
    if let Some(name) = names.iter().find(values) {
        return Err(Failure::new(format!(
            "`{}` sets variables, and only *.tf.json files are read",
            folder.join(name).display()
        ))
        .help(format!("check the plan instead, which has their values: {PLAN}")));
    }
    for name in native {
        // A backend or a variable beside generated files does no harm; a resource could undo what is proved.
        let path = folder.join(name);
        let source = text(&path, files)?;
        if name.ends_with(".json") || source.text().lines().any(declares_resources) {
            return Err(Failure::new(format!(
                "`{}` may declare resources, and only *.tf.json files are read",
                path.display()
            ))
            .help(format!("check the plan instead, which has all of them: {PLAN}")));
        }
    }
    let sources =
        configured.iter().map(|name| text(&folder.join(name), files)).collect::<Result<Vec<_>, _>>()?;
    let declares_variables =
        |source: &Arc<Source>| json::parse(source).is_ok_and(|value| value.get("variable").is_some());
    let notes = match sources.iter().any(declares_variables) {
        true => {
            vec!["variables are taken at their defaults; a plan has the values that are deployed".to_owned()]
        }
        false => Vec::new(),
    };
    let deployment = read_config(&sources).map_err(|error| failure(&error))?;
    Ok(Found {
        what: format!("{}, Terraform JSON", folder.display()),
        deployment,
        intent: intent_beside(folder, files)?,
        described: false,
        guardrails: Vec::new(),
        notes,
    })
}

/// Whether a line of HCL begins a resource or a module.
fn declares_resources(line: &str) -> bool {
    let line = line.trim_start();
    ["resource", "module"]
        .iter()
        .any(|word| line.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '\t', '"', '/'])))
}

/// A configuration or plan that cannot be read, as a failure of the run.
pub(super) fn failure(error: &ReadError) -> Failure {
    Failure::worded(&error.to_string()).at(error.location())
}
