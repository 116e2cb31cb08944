//! Writing generated files: all or none, and never over a file that somebody else wrote.

use crate::failure::Failure;
use crate::files::{Entry, Files};
use crate::input::{INTENT, text};
use narrows_stacks::intent_file;
use narrows_terraform::{File, is_generated};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Writes the files of a run and removes those of an earlier one that are no longer part of it; gives the names of the
/// removed.
pub(super) fn write(folder: &Path, new: &[File], files: &mut dyn Files) -> Result<Vec<String>, Failure> {
    let before = earlier(folder, new, files)?;
    files.make_folder(folder).map_err(|error| Failure::io("made", folder, &error))?;
    let mut temporary = Vec::new();
    for file in new {
        let path = folder.join(format!(".{}.narrows-new", file.name));
        let written = files.write(&path, &file.text);
        temporary.push(path.clone());
        if let Err(error) = written {
            discard(&temporary, files);
            return Err(Failure::io("written", &path, &error).help("nothing was changed"));
        }
    }
    let mut done = Vec::new();
    for (from, file) in temporary.iter().zip(new) {
        let to = folder.join(&file.name);
        if let Err(error) = files.rename(from, &to) {
            undo(folder, &done, &before, files);
            discard(&temporary, files);
            return Err(Failure::io("written", &to, &error).help("nothing was changed"));
        }
        done.push(file.name.clone());
    }
    let mut removed = Vec::new();
    for name in before.keys().filter(|name| new.iter().all(|file| file.name != **name)) {
        let path = folder.join(name);
        if let Err(error) = files.remove(&path) {
            done.extend(removed);
            undo(folder, &done, &before, files);
            return Err(Failure::io("removed", &path, &error).help("nothing was changed"));
        }
        removed.push(name.clone());
    }
    Ok(removed)
}

/// The texts of the files of an earlier run, by name.
fn earlier(folder: &Path, new: &[File], files: &dyn Files) -> Result<BTreeMap<String, String>, Failure> {
    match files.entry(folder).map_err(|error| Failure::io("read", folder, &error))? {
        None => return Ok(BTreeMap::new()),
        Some(Entry::File) => {
            return Err(Failure::new(format!("`{}` is a file: expected a folder", folder.display()))
                .help("name another folder with --out"));
        }
        Some(Entry::Folder) => {}
    }
    let mut found = BTreeMap::new();
    for name in files.list(folder).map_err(|error| Failure::io("read", folder, &error))? {
        let ours = new.iter().any(|file| file.name == name);
        if !ours && !name.ends_with(".tf.json") {
            continue;
        }
        let path = folder.join(&name);
        match text(&path, files) {
            Ok(source) if is_generated(source.text()) || is_intent(&name, &source) => {
                found.insert(name, source.text().to_owned());
            }
            _ if ours => {
                return Err(Failure::new(format!(
                    "`{}` was not written by narrows synth, and stays as it is",
                    path.display()
                ))
                .help("move it away, or write to another folder with --out; nothing was changed"));
            }
            _ => {}
        }
    }
    for file in new {
        let path = folder.join(&file.name);
        if files.entry(&path).ok().flatten() == Some(Entry::Folder) {
            return Err(Failure::new(format!(
                "`{}` is a folder: expected a file or nothing",
                path.display()
            ))
            .help("move it away, or write to another folder with --out; nothing was changed"));
        }
    }
    Ok(found)
}

fn is_intent(name: &str, source: &std::sync::Arc<narrows_model::Source>) -> bool {
    name == INTENT && intent_file::parse(source).is_ok()
}

/// Takes back what was written: each file gets its earlier text, or goes. Best effort, for a second failure cannot be
/// helped.
fn undo(folder: &Path, done: &[String], before: &BTreeMap<String, String>, files: &mut dyn Files) {
    for name in done {
        let path = folder.join(name);
        let _ = match before.get(name) {
            Some(text) => files.write(&path, text),
            None => files.remove(&path),
        };
    }
}

fn discard(paths: &[PathBuf], files: &mut dyn Files) {
    for path in paths {
        let _ = files.remove(path);
    }
}
