//! Stack descriptions.

use super::{DESCRIPTION, Found, Sort, entry, text};
use crate::failure::Failure;
use crate::files::{Entry, Files};
use narrows_model::Source;
use narrows_stacks::{SpecError, StackSpec};
use narrows_terraform::{EmitOptions, File, emit, read_config};
use std::path::{Path, PathBuf};

/// Reads a description, writes its stack in memory and reads that back: what is checked is what would be deployed.
pub(super) fn read(path: &Path, files: &dyn Files) -> Result<Found, Failure> {
    let spec = parse(path, files)?;
    let emitted = write(&spec)?;
    let folder = out_folder(path);
    let deployment = read_back(&folder, &emitted)?;
    Ok(Found {
        sort: Sort::Description,
        intent: Some((spec.compose().intent.clone(), path.display().to_string())),
        guardrails: guardrails(&spec, path),
        notes: spec.compose().notes.iter().map(ToString::to_string).collect(),
        ..Found::new(path, "as `narrows synth` would write it", deployment)
    })
}

/// The description at a path, which may be its folder.
pub(crate) fn locate(path: &Path, files: &dyn Files) -> Result<PathBuf, Failure> {
    match entry(path, files)? {
        Entry::File => Ok(path.to_owned()),
        Entry::Folder => {
            let file = path.join(DESCRIPTION);
            match files.entry(&file).ok().flatten() {
                Some(Entry::File) => Ok(file),
                _ => Err(Failure::new(format!("`{}` has no {DESCRIPTION}", path.display())).help(format!(
                    "begin one with `narrows new {}`, or name the description",
                    path.display()
                ))),
            }
        }
    }
}

/// Reads and builds a description.
pub(crate) fn parse(path: &Path, files: &dyn Files) -> Result<StackSpec, Failure> {
    let source = text(path, files)?;
    StackSpec::parse(source.name(), source.text()).map_err(|error| failure(&error))
}

/// The files and folders that a description names for guardrails of its own.
pub(crate) fn guardrails(spec: &StackSpec, description: &Path) -> Vec<PathBuf> {
    let beside = description.parent().unwrap_or_else(|| Path::new(""));
    spec.guardrails().iter().map(|path| beside.join(path)).collect()
}

/// A stack's files for Terraform.
pub(crate) fn write(spec: &StackSpec) -> Result<Vec<File>, Failure> {
    emit(&spec.compose().deployment, &EmitOptions::default())
        .map_err(|error| Failure::worded(&error.to_string()).at(&error.location()))
}

/// The deployment that written files hold.
pub(crate) fn read_back(folder: &Path, emitted: &[File]) -> Result<narrows_model::Deployment, Failure> {
    let source =
        |file: &File| Source::file(folder.join(&file.name).display().to_string(), file.text.as_str());
    let sources: Vec<_> = emitted.iter().map(source).collect();
    read_config(&sources).map_err(|error| super::config::failure(&error))
}

/// Where `synth` writes unless told otherwise: `out/terraform` beside the description.
pub(crate) fn out_folder(description: &Path) -> PathBuf {
    let beside = description.parent().unwrap_or_else(|| Path::new(""));
    beside.join("out").join(crate::args::Target::Terraform.folder())
}

/// A description that does not hold, as a failure of the run.
pub(crate) fn failure(error: &SpecError) -> Failure {
    let failure = Failure::new(error.message()).at(&error.location());
    match error.help() {
        Some(help) => failure.help(help),
        None => failure,
    }
}
