//! Folders that are no stack: Terraform JSON, and every other file whose content is that of an input.

use super::file::{self, Content};
use super::{DESCRIPTION, Found, INTENT, Sort, config, manifest, policy, text};
use crate::args::Declared;
use crate::engine::pulumi::is_project;
use crate::failure::Failure;
use crate::files::Files;
use std::path::Path;

/// Reads everything directly in a folder that is an input.
///
/// Bare policies count where there is nothing else but the identities of an account: beside a configuration they are pieces of it.
pub(super) fn read(folder: &Path, flags: &Declared, files: &dyn Files) -> Result<Vec<Found>, Failure> {
    let names = files.list(folder).map_err(|error| Failure::io("read", folder, &error))?;
    // Terraform skips hidden files and editors' copies too.
    let kept = |name: &&String| !name.starts_with('.') && !name.starts_with('#') && !name.ends_with('~');
    let names: Vec<&str> = names.iter().filter(kept).map(String::as_str).collect();
    let mut found = Vec::new();
    let (mut policies, mut others) = (Vec::new(), Vec::new());
    for name in names.iter().copied().filter(|name| *name != INTENT && file::may_be_input(name)) {
        let path = folder.join(name);
        match file::recognise(&path, &text(&path, files)?, flags, files)? {
            Content::Input(input) => found.push(*input),
            Content::Template(mut readings) => match (readings.pop(), readings.len()) {
                (Some(only), 0) => found.push(only),
                (_, more) => {
                    return Err(Failure::new(format!(
                        "`{}` can be {} deployments: expected one in a folder",
                        path.display(),
                        more + 1
                    ))
                    .help("say which with --parameters KEY=VALUE or --region, or name the template itself"));
                }
            },
            Content::Policy(policy) => policies.push((path, policy)),
            Content::Other => others.push(path),
        }
    }
    let has_configuration = names.iter().any(|name| config::is_configuration(name));
    if has_configuration {
        if let Some(plan) = found.iter().find(|input| input.sort == Sort::Plan) {
            return Err(Failure::new(format!(
                "`{}` holds a configuration and a plan, `{}`: expected one of them",
                folder.display(),
                plan.name
            ))
            .help("name the plan to check what it will do, or move it out of the folder"));
        }
        found.insert(0, config::read(folder, &names, files)?);
    }
    let has_only_identities = found.iter().all(|input| input.sort == Sort::Account);
    match found.first_mut() {
        None if policies.is_empty() => Err(nothing(folder, &names)),
        _ if has_only_identities => {
            for (path, policy) in policies {
                found.push(policy::found(&path, policy, flags)?);
            }
            Ok(found)
        }
        None => Ok(found),
        Some(_) if names.iter().any(|name| manifest::is_manifest(name)) && !has_configuration => Ok(found),
        Some(first) => {
            let left = policies.iter().map(|(path, _)| path).chain(&others);
            let left: Vec<String> = left.map(|path| path.display().to_string()).collect();
            if !left.is_empty() {
                first
                    .notes
                    .push(format!("not read, since nothing says what they are for: {}", left.join(", ")));
            }
            Ok(found)
        }
    }
}

fn nothing(folder: &Path, names: &[&str]) -> Failure {
    let failure = Failure::new(format!(
        "`{}` holds nothing to check: expected a {DESCRIPTION}, *.tf.json files, plans, templates or policies in it",
        folder.display(),
    ));
    if names.iter().any(|name| is_project(name)) {
        let shown = folder.display();
        return failure.help(format!("a Pulumi program is previewed and checked by: narrows plan {shown}"));
    }
    match names.iter().any(|name| config::is_hcl(name)) {
        false => failure.help(format!(
            "describe a stack with `narrows new {}`, or name another folder",
            folder.display()
        )),
        true => failure
            .help(format!("a configuration in HCL is planned and checked by {}", config::by_engine(folder))),
    }
}
