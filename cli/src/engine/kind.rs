//! The two families of engines.

use super::{is_configuration, pulumi};
use crate::failure::Failure;
use std::path::Path;

/// Which family an engine is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Terraform and OpenTofu.
    Terraform,
    /// Pulumi.
    Pulumi,
}

impl Kind {
    /// The family of the engine that is asked for, else of the one that reads what a folder holds.
    pub(crate) fn of(engine: Option<&str>, folder: &Path, names: &[String]) -> Result<Self, Failure> {
        if let Some(engine) = engine {
            let name = Path::new(engine).file_name().map(|name| name.to_string_lossy().into_owned());
            let is_pulumi = name.is_some_and(|name| name.starts_with("pulumi"));
            return Ok(if is_pulumi { Self::Pulumi } else { Self::Terraform });
        }
        let is_program = names.iter().any(|name| pulumi::is_project(name));
        match (is_program, names.iter().any(|name| is_configuration(name))) {
            (true, true) => Err(Failure::new(format!(
                "`{}` holds both a Pulumi project and a Terraform configuration: expected one of them",
                folder.display()
            ))
            .help("say which is meant with --engine pulumi, --engine terraform or --engine tofu")),
            (true, false) => Ok(Self::Pulumi),
            (false, _) => Ok(Self::Terraform),
        }
    }

    /// The engines of this family, in the order in which they are looked for.
    pub(super) fn engines(self) -> &'static [&'static str] {
        match self {
            Self::Terraform => &["terraform", "tofu"],
            Self::Pulumi => &["pulumi"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(engine: Option<&str>, names: &[&str]) -> Option<Kind> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        Kind::of(engine, Path::new("infra"), &names).ok()
    }

    #[test]
    fn an_engine_is_of_the_family_that_its_name_says_whatever_the_folder_holds() {
        assert_eq!(of(Some("/opt/pulumi/bin/pulumi"), &["main.tf"]), Some(Kind::Pulumi));
        assert_eq!(of(Some("tofu"), &["Pulumi.yaml"]), Some(Kind::Terraform));
        assert_eq!(of(Some("/pulumi/terraform"), &["Pulumi.yaml"]), Some(Kind::Terraform));
    }

    #[test]
    fn without_one_the_folder_says_it_and_one_with_both_says_nothing() {
        assert_eq!(of(None, &["Pulumi.yaml", "Pulumi.prod.yaml"]), Some(Kind::Pulumi));
        assert_eq!(of(None, &["Pulumi.prod.yaml", "main.tf"]), Some(Kind::Terraform));
        assert_eq!(of(None, &[]), Some(Kind::Terraform));
        assert_eq!(of(None, &["Pulumi.yml", "main.tf"]), None);
    }
}
