use super::Kind;
use crate::failure::Failure;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The program that plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    /// Its file.
    pub path: PathBuf,
    /// What messages call it.
    pub name: String,
}

const GET_TERRAFORM: &str = "install OpenTofu (https://opentofu.org/docs/intro/install) or Terraform \
                       (https://developer.hashicorp.com/terraform/install), or name the program with --engine PATH";
const GET_PULUMI: &str =
    "install Pulumi (https://www.pulumi.com/docs/install/), or name the program with --engine PATH";

impl Program {
    /// The engine with this name or path; without one the first of its kind in the folders of `PATH`.
    pub(crate) fn find(kind: Kind, given: Option<&str>, path: Option<&OsStr>) -> Result<Self, Failure> {
        let engines = kind.engines();
        let get_one = match kind {
            Kind::Terraform => GET_TERRAFORM,
            Kind::Pulumi => GET_PULUMI,
        };
        let on_path = |name: &str| {
            let folders = path.map(std::env::split_paths).into_iter().flatten();
            folders.map(|folder| folder.join(name)).find(|file| file.is_file())
        };
        let found = |path: PathBuf| {
            let path = std::path::absolute(&path).unwrap_or(path);
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Self { path, name }
        };
        match given {
            Some(given) if given.contains(std::path::is_separator) => match Path::new(given).is_file() {
                true => Ok(found(PathBuf::from(given))),
                false => {
                    Err(Failure::new(format!("`{given}` is no file: expected {}", engines.join(" or ")))
                        .help(get_one))
                }
            },
            Some(given) => on_path(given).map(found).ok_or_else(|| {
                Failure::new(format!("no `{given}` on PATH: expected an engine")).help(get_one)
            }),
            None => engines.iter().copied().find_map(on_path).map(found).ok_or_else(|| {
                let expected = if engines.len() > 1 { "one of them" } else { "it there" };
                Failure::new(format!("no {} on PATH: expected {expected}", engines.join(" and no ")))
                    .help(get_one)
            }),
        }
    }
}
