//! Folders of Terraform JSON.

use super::{Found, intent_beside, text};
use crate::failure::Failure;
use crate::files::Files;
use narrows_model::{Source, json};
use narrows_terraform::{ReadError, read_config};
use std::path::Path;
use std::sync::Arc;

/// How a folder is planned and checked that only an engine can read.
pub(super) fn by_engine(folder: &Path) -> String {
    format!("narrows plan {}", folder.display())
}

/// Whether a file of this name is a part of a configuration that is read.
pub(super) fn is_configuration(name: &str) -> bool {
    name.ends_with(".tf.json")
}

/// Whether a file of this name is a part of a configuration that only an engine reads.
pub(super) fn is_hcl(name: &str) -> bool {
    name.ends_with(".tf") || name.ends_with(".tofu") || name.ends_with(".tofu.json")
}

/// Reads the `*.tf.json` files among these of a folder.
pub(super) fn read(folder: &Path, names: &[&str], files: &dyn Files) -> Result<Found, Failure> {
    let configured = names.iter().filter(|name| is_configuration(name));
    let native = names.iter().filter(|name| is_hcl(name));
    let values = |name: &&&str| {
        matches!(**name, "terraform.tfvars" | "terraform.tfvars.json")
            || name.ends_with(".auto.tfvars")
            || name.ends_with(".auto.tfvars.json")
    };
    if let Some(name) = names.iter().find(values) {
        return Err(Failure::new(format!(
            "`{}` sets variables, and only *.tf.json files are read",
            folder.join(name).display()
        ))
        .help(format!("have it planned, with their values: {}", by_engine(folder))));
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
            .help(format!("have it planned, with all of them: {}", by_engine(folder))));
        }
    }
    let sources = configured.map(|name| text(&folder.join(name), files)).collect::<Result<Vec<_>, _>>()?;
    let declares_variables =
        |source: &Arc<Source>| json::parse(source).is_ok_and(|value| value.get("variable").is_some());
    let notes = match sources.iter().any(declares_variables) {
        true => {
            vec!["variables are taken at their defaults; a plan has the values that are deployed".to_owned()]
        }
        false => Vec::new(),
    };
    let deployment = read_config(&sources).map_err(|error| failure(&error))?;
    let intent = intent_beside(folder, files)?;
    Ok(Found { intent, notes, ..Found::new(folder, "Terraform JSON", deployment) })
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
