//! CloudFormation templates and the cloud assemblies of the CDK.

use super::{Found, intent_beside, text};
use crate::args::{Declared, TemplateArgs};
use crate::failure::Failure;
use crate::files::{Entry, Files};
use narrows_cloudformation::{Options, ReadError, Reading, Template, is_assembly, read_assembly};
use narrows_model::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The manifest of a cloud assembly in its folder.
const MANIFEST: &str = "manifest.json";

/// Reads a template, JSON or YAML; `None` where the text is of something else.
pub(super) fn read(
    path: &Path,
    text: &str,
    flags: &Declared,
    files: &dyn Files,
) -> Result<Option<Vec<Found>>, ReadFailure> {
    let shown = path.display().to_string();
    read_template(path, Template::parse(&shown, text), flags, files)
}

/// Reads a template in JSON; `None` where the value is something else.
pub(super) fn read_json(
    path: &Path,
    value: Value,
    flags: &Declared,
    files: &dyn Files,
) -> Result<Option<Vec<Found>>, ReadFailure> {
    read_template(path, Template::of_json(&path.display().to_string(), value), flags, files)
}

fn read_template(
    path: &Path,
    template: Result<Option<Template>, ReadError>,
    flags: &Declared,
    files: &dyn Files,
) -> Result<Option<Vec<Found>>, ReadFailure> {
    let Some(template) = template.map_err(ReadFailure::Syntax)? else { return Ok(None) };
    let readings = || -> Result<Vec<Found>, Failure> {
        let (options, intent) = options(path, flags, files)?;
        let readings = narrows_cloudformation::read(&template, &options, &|file| load(file, files))
            .map_err(|error| failure(&error))?;
        Ok(found(path, "a CloudFormation template", readings, &intent))
    };
    readings().map(Some).map_err(ReadFailure::Other)
}

/// Why a text is not read as a template.
pub(super) enum ReadFailure {
    /// It is neither JSON nor YAML, or not as templates are.
    Syntax(ReadError),
    /// It is a template that does not hold.
    Other(Failure),
}

/// Reads a cloud assembly from its manifest; `None` where the file is no such manifest.
pub(super) fn assembly(
    path: &Path,
    flags: &Declared,
    files: &dyn Files,
) -> Result<Option<Vec<Found>>, Failure> {
    let source = text(path, files)?;
    let Ok(manifest) = json::parse(&source) else { return Ok(None) };
    if !is_assembly(&manifest) {
        return Ok(None);
    }
    let (options, intent) = options(path, flags, files)?;
    let readings = read_assembly(source.name(), source.text(), &options, &|file| load(file, files))
        .map_err(|error| failure(&error))?;
    Ok(Some(found(path.parent().unwrap_or(path), "a cloud assembly", readings, &intent)))
}

/// The manifest of the cloud assembly that a folder is, or that `cdk synth` wrote into it.
pub(super) fn manifest(folder: &Path, files: &dyn Files) -> Option<PathBuf> {
    let candidates = [folder.join(MANIFEST), folder.join("cdk.out").join(MANIFEST)];
    candidates.into_iter().find(|path| files.entry(path).ok().flatten() == Some(Entry::File))
}

type Intent = Option<(narrows_model::Intent, String)>;

fn options(path: &Path, flags: &Declared, files: &dyn Files) -> Result<(Options, Intent), Failure> {
    let intent = intent_beside(path.parent().unwrap_or_else(|| Path::new("")), files)?;
    let account = flags.account.clone().or_else(|| intent.as_ref()?.0.account.clone());
    let parameters = parameters(&flags.template, files)?;
    Ok((Options { account, region: flags.template.region, stack_name: None, parameters }, intent))
}

/// The parameters that flags give: `KEY=VALUE`, or files.
fn parameters(flags: &TemplateArgs, files: &dyn Files) -> Result<BTreeMap<String, String>, Failure> {
    let mut found = BTreeMap::new();
    for given in &flags.parameters {
        let given = given.strip_prefix("file://").unwrap_or(given);
        let key = given
            .split_once('=')
            .filter(|(key, _)| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        match key {
            Some((key, value)) => {
                found.insert(key.to_owned(), value.to_owned());
            }
            None => {
                let path = Path::new(given);
                if files.entry(path).ok().flatten() != Some(Entry::File) {
                    return Err(Failure::new(format!("--parameters `{given}` is no KEY=VALUE and no file"))
                        .help("give KEY=VALUE, or a file in one of the forms that the AWS CLI takes"));
                }
                let source = text(path, files)?;
                found.extend(
                    narrows_cloudformation::parse_parameters(source.name(), source.text())
                        .map_err(|error| failure(&error))?,
                );
            }
        }
    }
    Ok(found)
}

fn load(file: &str, files: &dyn Files) -> Result<Option<String>, String> {
    let path = Path::new(file);
    match files.entry(path) {
        Ok(Some(Entry::File)) => {}
        Ok(_) => return Ok(None),
        Err(error) => return Err(error.to_string()),
    }
    let bytes = files.read(path).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map(Some).map_err(|error| error.to_string())
}

fn found(path: &Path, kind: &str, readings: Vec<Reading>, intent: &Intent) -> Vec<Found> {
    let found = |reading: Reading| {
        let mut kind = kind.to_owned();
        if let Some(part) = &reading.part {
            kind.push_str(&format!(", {part}"));
        }
        if !reading.choices.is_empty() {
            kind.push_str(&format!(", where {}", reading.choices.join(" and ")));
        }
        let found = Found::new(path, &kind, reading.deployment);
        Found { intent: intent.clone(), notes: reading.notes, ..found }
    };
    readings.into_iter().map(found).collect()
}

/// A template that cannot be read, as a failure of the run.
pub(super) fn failure(error: &ReadError) -> Failure {
    Failure::worded(&error.to_string()).at(error.location())
}
