//! What a project's file says of where its stacks are configured.

use crate::failure::Failure;
use narrows_model::Value;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The endings of a project's file, in the order in which the engine looks for them.
const ENDINGS: [&str; 3] = ["json", "yaml", "yml"];
/// What the names of a project's files begin with.
const STEM: &str = "Pulumi";

/// Whether a file of this name makes a folder a project.
pub(crate) fn is_project(name: &str) -> bool {
    ending(name).is_some_and(|ending| ENDINGS.contains(&ending))
}

/// Whether a file of this name is a project's, or configures one of its stacks.
pub(crate) fn is_of_project(name: &str) -> bool {
    ending(name).is_some_and(|rest| ENDINGS.contains(&rest.rsplit('.').next().unwrap_or(rest)))
}

fn ending(name: &str) -> Option<&str> {
    name.strip_prefix(STEM)?.strip_prefix('.')
}

/// A project in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Project {
    /// Its name.
    pub(super) name: String,
    /// The folder in which its stacks are configured.
    folder: PathBuf,
    /// The ending that files of this project have.
    ending: &'static str,
}

impl Project {
    /// Reads the file of a project.
    pub(super) fn read(folder: &Path) -> Result<Self, Failure> {
        let file = |ending: &str| folder.join(format!("{STEM}.{ending}"));
        let ending = ENDINGS.into_iter().find(|ending| file(ending).is_file()).ok_or_else(|| {
            Failure::new(format!("`{}` holds no Pulumi.yaml: expected a project", folder.display()))
        })?;
        let file = file(ending);
        let value = parsed(&file)?;
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let name = text("name").filter(|name| is_name(name)).ok_or_else(|| {
            let got = value.get("name").map_or_else(|| "nothing".to_owned(), shown);
            Failure::new(format!(
                "`name` in `{}` is {got}: expected the name of the project, of letters, digits and `-_.`",
                file.display()
            ))
            .help("name it as `pulumi new` would")
        })?;
        // `config` was its name before it named what a stack may configure.
        let stacks = text("stackConfigDir").or_else(|| text("config")).unwrap_or_default();
        let is_below = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        if !Path::new(stacks).components().all(is_below) {
            return Err(Failure::new(format!(
                "`stackConfigDir` in `{}` is `{stacks}`: expected a folder in that of the project",
                file.display()
            ))
            .help("name the file of the stack itself: -- --config-file FILE"));
        }
        Ok(Self { name: name.to_owned(), folder: folder.join(stacks), ending })
    }

    /// The file that configures a stack.
    pub(super) fn configured_in(&self, stack: &str) -> PathBuf {
        self.folder.join(format!("{STEM}.{stack}.{}", self.ending))
    }

    /// The stacks that are configured, sorted.
    pub(super) fn stacks(&self) -> Result<Vec<String>, Failure> {
        let mut stacks = Vec::new();
        // A folder that is not there configures nothing.
        let Ok(entries) = fs::read_dir(&self.folder) else { return Ok(stacks) };
        for entry in entries {
            let name = entry.map_err(|error| Failure::io("read", &self.folder, &error))?.file_name();
            let name = name.to_string_lossy();
            let middle = ending(&name).and_then(|rest| rest.strip_suffix(self.ending)?.strip_suffix('.'));
            stacks.extend(middle.filter(|stack| is_name(stack)).map(str::to_owned));
        }
        stacks.sort();
        Ok(stacks)
    }
}

/// What the engine takes for the name of a project or a stack, but for the two that are another folder.
pub(super) fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    name.len() <= 100 && name.bytes().all(is_plain) && !["", ".", ".."].contains(&name)
}

/// A file of YAML or JSON.
pub(super) fn parsed(file: &Path) -> Result<Value, Failure> {
    let text = fs::read_to_string(file).map_err(|error| Failure::io("read", file, &error))?;
    parsed_text(file, &text)
}

/// The same, of its text.
pub(super) fn parsed_text(file: &Path, text: &str) -> Result<Value, Failure> {
    narrows_cloudformation::parse_yaml(&file.display().to_string(), text)
        .map_err(|error| Failure::worded(&error.to_string()).at(error.location()))
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.kind_in_words().to_owned(), |text| format!("`{text}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_projects_are_those_of_the_engine() {
        for name in ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"] {
            assert!(is_project(name) && is_of_project(name), "{name}");
        }
        for name in ["Pulumi.prod.yaml", "Pulumi.toml", "pulumi.yaml", "Pulumi", "XPulumi.yaml"] {
            assert!(!is_project(name), "{name}");
        }
        assert!(is_of_project("Pulumi.prod.yaml") && !is_of_project("Pulumi.md"));
    }

    fn with(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        folder
    }

    #[test]
    fn stacks_are_what_files_beside_the_project_configure() {
        let folder = with(&[
            ("Pulumi.yaml", "name: orders\nruntime: yaml\n"),
            ("Pulumi.prod.yaml", ""),
            ("Pulumi.dev.yaml", ""),
            ("Pulumi.other.json", ""),
        ]);
        let project = Project::read(folder.path()).unwrap();
        assert_eq!(
            (project.name.as_str(), project.stacks().unwrap().join(" ").as_str()),
            ("orders", "dev prod")
        );
        for key in ["stackConfigDir", "config"] {
            let folder = with(&[
                ("Pulumi.yaml", &format!("name: orders\nruntime: yaml\n{key}: stacks\n")),
                ("stacks/Pulumi.dev.yaml", ""),
            ]);
            let project = Project::read(folder.path()).unwrap();
            assert_eq!(project.stacks().unwrap(), ["dev"]);
            assert!(project.configured_in("dev").is_file());
        }
    }

    /// A program in YAML may use all of YAML.
    #[test]
    fn a_program_may_have_anchors_and_merge_keys() {
        let text =
            "name: orders\nruntime: yaml\nvariables:\n  a: &a {b: c}\n  d:\n    <<: *a\n    e: !!str 1\n";
        assert_eq!(Project::read(with(&[("Pulumi.yaml", text)]).path()).unwrap().name, "orders");
        let text = "{\"name\": \"orders\", \"runtime\": \"yaml\"}";
        assert_eq!(Project::read(with(&[("Pulumi.json", text)]).path()).unwrap().name, "orders");
    }

    #[test]
    fn a_project_without_a_name_or_with_stacks_elsewhere_is_refused() {
        for text in ["runtime: yaml\n", "name: 'a b'\n", "name: orders\nstackConfigDir: ../x\n", "name: [\n"]
        {
            assert!(Project::read(with(&[("Pulumi.yaml", text)]).path()).is_err(), "{text}");
        }
    }
}
