//! The schemas of a configuration's providers, of the types that the configuration names.

use super::{Job, is_configuration};
use crate::failure::Failure;
use crate::streams::Stream;
use narrows_terraform::standin::{ProviderSchemas, Unread};
use serde_json::Value;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The schemas of the configuration's providers: as they are built in, or of those that are installed.
///
/// What is installed are programs that lie in the user's folder, so that they are run where the user says so alone. They are
/// asked for their schemas, in an environment without credentials.
pub(super) fn find(job: &Job<'_>, stderr: &mut Stream<'_>) -> Result<Unread, Failure> {
    if !job.settings.installed_providers {
        return Unread::embedded().map_err(|error| broken("that are built in", &error));
    }
    let installed = job.copy.installed().ok_or_else(|| {
        let kept = job.copy.kept();
        Failure::new(format!(
            "`{}` holds no providers: expected those of --installed-providers",
            kept.display()
        ))
        .help(format!("run `{} init` in the folder itself, or leave the flag out", job.program.name))
    })?;
    job.init(&installed, None, stderr)?;
    let arguments = ["providers", "schema", "-json"].map(OsStr::new);
    let text = job.checked(&arguments, None, stderr, &str::to_owned)?;
    Unread::parse(&text).map_err(|error| broken("of the installed providers", &error))
}

/// The schemas of the types whose names stand in the configuration, modules and all, which must be initialised.
pub(super) fn used(schemas: &Unread, job: &Job<'_>) -> Result<ProviderSchemas, Failure> {
    let root = job.copy.root();
    // Where a file cannot be read, the engine says so; until then no type is left out for it.
    let read = match names(&root) {
        Ok(names) => schemas.read(&|name| names.contains(name)),
        Err(_) => schemas.read(&|_| true),
    };
    read.map_err(|error| broken("of the providers", &error))
}

/// The schemas of the providers' own blocks alone.
pub(super) fn bare(schemas: &Unread) -> Result<ProviderSchemas, Failure> {
    schemas.read(&|_| false).map_err(|error| broken("of the providers", &error))
}

fn broken(what: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("the schemas {what} cannot be read: {error}"))
}

/// Every word in the files of a configuration and its modules that may be the name of a type.
fn names(root: &Path) -> io::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for folder in folders(root)? {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if is_configuration(&entry.file_name().to_string_lossy()) && entry.path().is_file() {
                let bytes = fs::read(entry.path())?;
                let text = String::from_utf8_lossy(&bytes);
                let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
                found.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
            }
        }
    }
    Ok(found)
}

/// The folder of a configuration and those of its modules, which the engine has listed when it was initialised.
fn folders(root: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut folders = BTreeSet::from([root.to_owned()]);
    let list = root.join(".terraform/modules/modules.json");
    if !list.is_file() {
        return Ok(folders);
    }
    let list: Value = serde_json::from_slice(&fs::read(list)?)?;
    let modules = list.get("Modules").and_then(Value::as_array).into_iter().flatten();
    folders.extend(modules.filter_map(|module| Some(root.join(module.get("Dir")?.as_str()?))));
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_of_the_configuration_and_its_modules() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("live");
        for (file, text) in [
            ("live/main.tf", "resource \"aws_s3_bucket\" \"x\" {}\nmodule \"m\" {\n  source = \"../m\"\n}\n"),
            ("live/more.tf.json", r#"{"data": {"aws_region": {"here": {}}}}"#),
            ("live/README.md", "aws_vpc"),
            ("m/main.tf", "data\"aws_partition\" \"x\" {}"),
            ("other/main.tf", "aws_subnet"),
            (
                "live/.terraform/modules/modules.json",
                r#"{"Modules": [{"Key": "", "Source": "", "Dir": "."}, {"Key": "m", "Source": "../m", "Dir": "../m"}]}"#,
            ),
        ] {
            let file = place.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let names = names(&root).unwrap();
        let types: Vec<_> = names.iter().filter(|name| name.starts_with("aws_")).collect();
        assert_eq!(types, ["aws_partition", "aws_region", "aws_s3_bucket"]);
    }

    #[test]
    fn a_list_of_modules_that_cannot_be_read_leaves_no_type_out() {
        let place = tempfile::tempdir().unwrap();
        let list = place.path().join(".terraform/modules/modules.json");
        fs::create_dir_all(list.parent().unwrap()).unwrap();
        fs::write(list, "{").unwrap();
        assert!(names(place.path()).is_err());
    }
}
