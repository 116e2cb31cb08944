//! From a path to a deployment and what its owner declared.

mod config;
mod json;
mod memberships;
mod policy;
pub(crate) mod stack;

use crate::args::Declared;
use crate::failure::Failure;
use crate::files::{Entry, Files};
use crate::intent;
use narrows_model::{Deployment, Intent, Source};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The name of a stack description in its folder.
pub(crate) const DESCRIPTION: &str = "narrows.toml";
/// The name of the declarations that `synth` writes beside its files.
pub(crate) const INTENT: &str = narrows_stacks::intent_file::NAME;

/// Something to check.
pub(crate) struct Input {
    /// What it is, in words.
    pub what: String,
    /// The resources.
    pub deployment: Deployment,
    /// What the owner declared.
    pub intent: Intent,
    /// Where the declarations come from, in words.
    pub declared_in: String,
    /// What the owner should know of the input.
    pub notes: Vec<String>,
    /// The files and folders that its description names for guardrails.
    pub guardrails: Vec<PathBuf>,
}

/// What a path holds, before flags and declarations are added.
struct Found {
    what: String,
    deployment: Deployment,
    /// Declarations that come with the input, and where they are from.
    intent: Option<(Intent, String)>,
    /// Whether it is a stack description.
    described: bool,
    guardrails: Vec<PathBuf>,
    notes: Vec<String>,
}

/// Reads what is at a path, and everything that is declared about it.
pub(crate) fn read(path: &Path, flags: &Declared, files: &dyn Files) -> Result<Input, Failure> {
    let found = match entry(path, files)? {
        Entry::Folder if files.entry(&path.join(DESCRIPTION)).ok().flatten() == Some(Entry::File) => {
            stack::read(&path.join(DESCRIPTION), files)?
        }
        Entry::Folder => config::read(path, files)?,
        Entry::File if has_extension(path, "toml") => stack::read(path, files)?,
        Entry::File => json::read(path, flags, files)?,
    };
    let Found { what, mut deployment, intent: own, described, mut notes, mut guardrails } = found;
    let declared = match &flags.stack {
        // A description speaks for itself; --stack is for the inputs that do not.
        Some(stack) if !described => {
            let file = stack::locate(stack, files)?;
            let spec = stack::parse(&file, files)?;
            guardrails.extend(stack::guardrails(&spec, &file));
            Some((spec.compose().intent.clone(), file.display().to_string()))
        }
        _ => own,
    };
    // A bucket that is asked directly is no declaration.
    let direct = Declared {
        direct: flags.direct,
        bucket: flags.bucket.clone().filter(|_| flags.direct),
        ..Declared::default()
    };
    let flagged = *flags != Declared { stack: flags.stack.clone(), as_of: flags.as_of, ..direct };
    let (mut intent, declared_in) = match (declared, flagged) {
        (Some((intent, place)), true) => (intent, format!("{place} and flags")),
        (Some((intent, place)), false) => (intent, place),
        (None, true) => (Intent::default(), "flags".to_owned()),
        (None, false) => (Intent::default(), "nothing declared".to_owned()),
    };
    intent::add(&mut intent, flags)?;
    memberships::declare(&mut deployment, &mut intent, flags, &mut notes)?;
    Ok(Input { what, deployment, intent, declared_in, notes, guardrails })
}

/// What is at a path that must exist.
fn entry(path: &Path, files: &dyn Files) -> Result<Entry, Failure> {
    match files.entry(path) {
        Ok(Some(entry)) => Ok(entry),
        Ok(None) => Err(Failure::new(format!("`{}` is not there", path.display()))
            .help("give a stack description, a folder of Terraform JSON, a plan or a policy; see `narrows check --help`")),
        Err(error) => Err(Failure::io("read", path, &error)),
    }
}

/// The text of a file.
pub(crate) fn text(path: &Path, files: &dyn Files) -> Result<Arc<Source>, Failure> {
    let bytes = files.read(path).map_err(|error| Failure::io("read", path, &error))?;
    match String::from_utf8(bytes) {
        // Some editors begin UTF-8 with a byte order mark.
        Ok(text) => Ok(Source::file(path.display().to_string(), text.strip_prefix('\u{feff}').unwrap_or(&text))),
        Err(error) => Err(Failure::new(format!(
            "`{}` is not text: byte {} is not UTF-8",
            path.display(),
            error.utf8_error().valid_up_to()
        ))
        .help("save the file as UTF-8; a binary Terraform plan is read after `terraform show -json PLAN > plan.json`")),
    }
}

/// The declarations in a folder, where `synth` wrote them.
fn intent_beside(folder: &Path, files: &dyn Files) -> Result<Option<(Intent, String)>, Failure> {
    let path = folder.join(INTENT);
    if files.entry(&path).ok().flatten() != Some(Entry::File) {
        return Ok(None);
    }
    let intent = narrows_stacks::intent_file::parse(&text(&path, files)?)
        .map_err(|error| Failure::worded(error.message()).at(error.location()))?;
    Ok(Some((intent, path.display().to_string())))
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}
