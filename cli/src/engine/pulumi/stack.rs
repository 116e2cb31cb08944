//! Which of a project's stacks is previewed.

use super::project::{Project, is_name};
use crate::failure::Failure;
use std::ffi::OsStr;
use std::path::PathBuf;

/// The variable by which the engine is told its stack.
pub(super) const VARIABLE: &str = "PULUMI_STACK";
/// The name of a stack that nobody named.
const UNNAMED: &str = "dev";

/// A stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stack {
    /// Its name, which the program is told.
    pub(super) name: String,
    /// What configures it.
    pub(super) config: Option<PathBuf>,
    /// What the owner should know of how it was chosen.
    pub(super) note: Option<String>,
}

impl Stack {
    /// The stack that an argument names, else the variable, else the only one that is configured.
    pub(super) fn chosen(
        project: &Project,
        argument: Option<&str>,
        variable: Option<&OsStr>,
        config: Option<PathBuf>,
    ) -> Result<Self, Failure> {
        let variable = variable.filter(|value| !value.is_empty()).map(OsStr::to_string_lossy);
        let given =
            argument.map(|name| (name, "--stack")).or(variable.as_deref().map(|name| (name, VARIABLE)));
        if let Some((given, place)) = given {
            // An organisation and a project may stand before it.
            let name = given.rsplit('/').next().unwrap_or(given);
            if !is_name(name) {
                return Err(Failure::new(format!(
                    "`{given}` in {place} is no name of a stack: expected letters, digits and `-_.`"
                ))
                .help("name a stack that `pulumi stack ls` shows"));
            }
            let file = project.configured_in(name);
            let config = config.or_else(|| Some(file.clone()).filter(|file| file.is_file()));
            let note = config.is_none().then(|| {
                format!("`{}` is not there: the stack is previewed without configuration", file.display())
            });
            return Ok(Self { name: name.to_owned(), config, note });
        }
        let stacks = project.stacks()?;
        match stacks.as_slice() {
            [] => Ok(Self {
                name: UNNAMED.to_owned(),
                config,
                note: Some(format!(
                    "no stack is configured: it is called `{UNNAMED}`; name another with -- --stack NAME"
                )),
            }),
            [only] => Ok(Self {
                name: only.clone(),
                config: config.or_else(|| Some(project.configured_in(only))),
                note: None,
            }),
            several => Err(Failure::new(format!(
                "the project has {} stacks: expected one of {}",
                several.len(),
                several.join(", ")
            ))
            .help(format!("say which after two dashes: narrows plan DIR -- --stack {}", several.join("|")))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn project(stacks: &[&str]) -> (tempfile::TempDir, Project) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Pulumi.yaml"), "name: orders\nruntime: yaml\n").unwrap();
        for stack in stacks {
            fs::write(folder.path().join(format!("Pulumi.{stack}.yaml")), "").unwrap();
        }
        let project = Project::read(folder.path()).unwrap();
        (folder, project)
    }

    fn chosen(stacks: &[&str], argument: Option<&str>, variable: &str) -> Result<Stack, String> {
        let (_folder, project) = project(stacks);
        Stack::chosen(&project, argument, Some(OsStr::new(variable)), None).map_err(|error| error.message())
    }

    #[test]
    fn an_argument_comes_before_the_variable_and_both_before_the_folder() {
        let name = |stacks: &[&str], argument, variable| chosen(stacks, argument, variable).unwrap().name;
        assert_eq!(name(&["dev", "prod"], Some("prod"), "dev"), "prod");
        assert_eq!(name(&["dev", "prod"], None, "acme/orders/dev"), "dev");
        assert_eq!(name(&["prod"], None, ""), "prod");
        assert_eq!(name(&[], None, ""), "dev");
    }

    #[test]
    fn one_that_is_not_configured_is_told_and_several_are_refused() {
        assert_eq!(chosen(&["dev"], Some("dev"), "").unwrap().note, None);
        assert!(chosen(&["dev"], Some("prdo"), "").unwrap().note.unwrap().contains("Pulumi.prdo.yaml"));
        assert!(chosen(&[], None, "").unwrap().note.is_some());
        let refused = chosen(&["dev", "prod"], None, "").unwrap_err();
        assert_eq!(refused, "the project has 2 stacks: expected one of dev, prod");
        for name in ["..", "a/..", "a b", "acme/"] {
            assert!(chosen(&[], Some(name), "").is_err(), "{name}");
        }
    }
}
