//! Which guardrails are asked: those that are shipped, and those of the owner.

use crate::failure::Failure;
use crate::files::{Entry, Files};
use crate::input::{self, Input};
use narrows_guardrails::{Fault, Guardrails};
use narrows_model::names::nearest;
use narrows_model::{Intent, Location, Source, Span};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// The shipped guardrails, and those in these files and folders.
pub(crate) fn load<'a>(
    paths: impl IntoIterator<Item = &'a PathBuf>,
    files: &dyn Files,
) -> Result<Guardrails, Failure> {
    let mut guardrails = Guardrails::shipped();
    let mut seen = BTreeSet::new();
    for path in paths {
        for file in cedar_files(path, files)? {
            // `./own` and `own` are one folder.
            let parts = file.components().filter(|part| *part != Component::CurDir);
            if !seen.insert(parts.collect::<PathBuf>()) {
                continue;
            }
            let source = input::text(&file, files)?;
            guardrails.add(source.name(), source.text()).map_err(|fault| failure(&fault))?;
        }
    }
    Ok(guardrails)
}

/// The guardrails of a check: those of the flags, and those that the input's descriptions name.
pub(crate) fn of_input(flags: &[PathBuf], input: &Input, files: &dyn Files) -> Result<Guardrails, Failure> {
    let guardrails = load(flags.iter().chain(&input.guardrails), files)?;
    overrides_are_known(&guardrails, &input.intent)?;
    Ok(guardrails)
}

/// Only the guardrails with these ids; all of them where none is named.
pub(crate) fn select(guardrails: Guardrails, ids: &[String]) -> Result<Guardrails, Failure> {
    for id in ids {
        if guardrails.get(id).is_none() {
            let all: Vec<_> = guardrails.iter().map(|known| format!("`{}`", known.id)).collect();
            let what = format!("`{id}` is not a guardrail: expected {}", all.join(", "));
            return Err(meant(Failure::new(what), &guardrails, id));
        }
    }
    Ok(guardrails.only(ids))
}

fn overrides_are_known(guardrails: &Guardrails, intent: &Intent) -> Result<(), Failure> {
    let unknown = intent.overrides.iter().find(|it| guardrails.get(&it.guardrail).is_none());
    match unknown {
        None => Ok(()),
        Some(it) => {
            let what = format!("an override is about `{}`, which is not a guardrail", it.guardrail);
            let failure = Failure::new(what).help("one of your own is read with --guardrails-from PATH");
            Err(meant(failure, guardrails, &it.guardrail))
        }
    }
}

fn meant(failure: Failure, guardrails: &Guardrails, id: &str) -> Failure {
    match nearest(id, guardrails.iter().map(|guardrail| guardrail.id.as_str())) {
        Some(nearest) => failure.help(format!("did you mean `{nearest}`?")),
        None => failure,
    }
}

/// A file, or the `.cedar` files directly in a folder, by name.
fn cedar_files(path: &Path, files: &dyn Files) -> Result<Vec<PathBuf>, Failure> {
    match files.entry(path) {
        Ok(Some(Entry::File)) => Ok(vec![path.to_owned()]),
        Ok(Some(Entry::Folder)) => {
            let mut names = files.list(path).map_err(|error| Failure::io("read", path, &error))?;
            names.retain(|name| name.ends_with(".cedar"));
            names.sort();
            if names.is_empty() {
                return Err(Failure::new(format!(
                    "`{}` has no guardrails: expected *.cedar files in it",
                    path.display()
                ))
                .help("name a file, or another folder"));
            }
            Ok(names.into_iter().map(|name| path.join(name)).collect())
        }
        Ok(None) => Err(Failure::new(format!("`{}` is not there", path.display()))
            .help("give a .cedar file, or a folder of them")),
        Err(error) => Err(Failure::io("read", path, &error)),
    }
}

fn failure(fault: &Fault) -> Failure {
    let source = Source::file(fault.name.as_str(), fault.text.as_str());
    let place =
        fault.span.clone().map(|span| Location::new(&source, Span { start: span.start, end: span.end }));
    let mut failure = Failure::new(&fault.message);
    match place {
        Some(place) => failure = failure.at(&place),
        None => failure = Failure::new(format!("{}: {}", fault.name, fault.message)),
    }
    match &fault.help {
        Some(help) => failure.help(help),
        None => failure,
    }
}
