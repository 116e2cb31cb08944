//! From paths to a deployment and what its owner declared.

mod bare;
mod config;
mod file;
mod folder;
mod manifest;
mod memberships;
mod policy;
mod pulumi;
pub(crate) mod stack;
mod template;
mod together;

use crate::args::Declared;
use crate::failure::Failure;
use crate::files::{Entry, Files};
use crate::intent;
use narrows_model::{Deployment, Intent, ResourceId, Source};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// The name of a stack description in its folder.
pub(crate) const DESCRIPTION: &str = "narrows.toml";
/// The name of the declarations that `synth` writes beside its files.
pub(crate) const INTENT: &str = narrows_stacks::intent_file::NAME;

/// Something to check: one deployment, from one path or several.
pub(crate) struct Input {
    /// What each path holds, in words.
    pub what: Vec<String>,
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

/// What was found at a path, before flags and declarations are added.
#[derive(Clone)]
struct Found {
    /// What messages call it.
    name: String,
    what: String,
    sort: Sort,
    deployment: Deployment,
    /// Resources that it only implies, and those that are about to be made anew.
    implied: BTreeSet<ResourceId>,
    replaced: BTreeSet<ResourceId>,
    /// Declarations that come with the input, and where they are from.
    intent: Option<(Intent, String)>,
    guardrails: Vec<PathBuf>,
    notes: Vec<String>,
}

/// The sorts of inputs that are told apart once they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    /// A stack description, which speaks for itself.
    Description,
    /// One bare policy of a bucket.
    Policy,
    /// One bare policy of anything else.
    Bare,
    /// The identities of an account, and nothing that they may reach.
    Account,
    /// What an engine is about to do.
    Plan,
    /// What an engine remembers of what it made.
    State,
    /// Anything else that is to be deployed.
    Deployment,
}

impl Found {
    /// What was read from a path; `kind` says in words what that is.
    fn new(path: &Path, kind: &str, deployment: Deployment) -> Self {
        let name = path.display().to_string();
        Self {
            what: format!("{name}, {kind}"),
            name,
            sort: Sort::Deployment,
            deployment,
            implied: BTreeSet::new(),
            replaced: BTreeSet::new(),
            intent: None,
            guardrails: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// In how many ways the inputs of one run may turn out.
const MOST: usize = 64;

/// Reads what is at the paths as one deployment, and everything that is declared about it.
pub(crate) fn read(paths: &[PathBuf], flags: &Declared, files: &dyn Files) -> Result<Input, Failure> {
    let mut all = read_all(paths, flags, files)?;
    match (all.pop(), all.len()) {
        (Some(only), 0) => Ok(only),
        (_, more) => {
            let shown: Vec<_> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
            Err(Failure::new(format!("{} can be {} deployments: expected one", shown.join(", "), more + 1)).help(
                "say which with --parameters KEY=VALUE, --region or --account; `narrows check` takes all of them",
            ))
        }
    }
}

/// The same for each way in which the inputs can turn out: a template may leave open what is deployed.
pub(crate) fn read_all(
    paths: &[PathBuf],
    flags: &Declared,
    files: &dyn Files,
) -> Result<Vec<Input>, Failure> {
    let mut ways: Vec<Vec<Found>> = vec![Vec::new()];
    for (index, path) in paths.iter().enumerate() {
        if paths.iter().take(index).any(|earlier| plain(earlier) == plain(path)) {
            return Err(Failure::new(format!("`{}` is given twice: expected it once", path.display()))
                .help("leave one out"));
        }
        let found = at(path, flags, files)?;
        if let ([way], [_]) = (ways.as_mut_slice(), found.as_slice()) {
            // Most inputs turn out in one way; a large one is not copied.
            way.extend(found.into_iter().flatten());
            continue;
        }
        let with = |way: &Vec<Found>| -> Vec<Vec<Found>> {
            found.iter().map(|more| way.iter().chain(more).cloned().collect()).collect()
        };
        ways = ways.iter().flat_map(with).collect();
        if ways.len() > MOST {
            return Err(Failure::new(format!("the inputs can turn out in {} ways: expected {MOST} at most", ways.len()))
                .help("give the templates' parameters (--parameters KEY=VALUE), or check each input by itself with --each"));
        }
    }
    let all = ways.into_iter().map(|found| {
        policy::have_access_point(&found, flags)?;
        declared(found, flags, files)
    });
    all.collect()
}

/// Reads what a plan was made from: what exists before it is applied.
pub(crate) fn read_before(plan: &Path, flags: &Declared, files: &dyn Files) -> Result<Input, Failure> {
    entry(plan, files)?;
    declared(vec![file::before(plan, files)?], flags, files)
}

/// What was found as one deployment, with everything that is declared about it.
fn declared(found: Vec<Found>, flags: &Declared, files: &dyn Files) -> Result<Input, Failure> {
    let together::One { what, mut deployment, declared: own, is_described, mut notes, mut guardrails } =
        together::join_all(found)?;
    let declared = match &flags.stack {
        // A description speaks for itself; --stack is for the inputs that do not.
        Some(stack) if !is_described => {
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
        template: flags.template.clone(),
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
    memberships::assume(&mut deployment);
    Ok(Input { what, deployment, intent, declared_in, notes, guardrails })
}

/// What is at one path, in each way in which it can turn out; a folder may hold several inputs.
fn at(path: &Path, flags: &Declared, files: &dyn Files) -> Result<Vec<Vec<Found>>, Failure> {
    match entry(path, files)? {
        Entry::Folder if is_file(&path.join(DESCRIPTION), files) => {
            Ok(vec![vec![stack::read(&path.join(DESCRIPTION), files)?]])
        }
        Entry::Folder => {
            let manifest = template::manifest(path, files);
            match manifest.map(|path| template::assembly(&path, flags, files)).transpose()?.flatten() {
                Some(found) => Ok(found.into_iter().map(|one| vec![one]).collect()),
                None => Ok(vec![folder::read(path, flags, files)?]),
            }
        }
        Entry::File if has_extension(path, "toml") && !manifest::is_manifest(&file_name(path)) => {
            Ok(vec![vec![stack::read(path, files)?]])
        }
        Entry::File => Ok(file::read(path, flags, files)?.into_iter().map(|one| vec![one]).collect()),
    }
}

/// The path without its `.` parts, so that `./plan.json` is `plan.json`.
pub(crate) fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn is_file(path: &Path, files: &dyn Files) -> bool {
    files.entry(path).ok().flatten() == Some(Entry::File)
}

/// What is at a path that must exist.
fn entry(path: &Path, files: &dyn Files) -> Result<Entry, Failure> {
    match files.entry(path) {
        Ok(Some(entry)) => Ok(entry),
        Ok(None) => Err(Failure::new(format!("`{}` is not there", path.display()))
            .help("give a stack description, a folder of Terraform JSON, a plan, a state, a Pulumi preview or stack, a \
                   template or a policy; see `narrows check --help`")),
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
    if !is_file(&path, files) {
        return Ok(None);
    }
    let intent = narrows_stacks::intent_file::parse(&text(&path, files)?)
        .map_err(|error| Failure::worded(error.message()).at(error.location()))?;
    Ok(Some((intent, path.display().to_string())))
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}
