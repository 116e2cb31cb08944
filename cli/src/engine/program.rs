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

const GET_ONE: &str = "install OpenTofu (https://opentofu.org/docs/intro/install) or Terraform \
                       (https://developer.hashicorp.com/terraform/install), or name the program with --engine PATH";

impl Program {
    /// The engine with this name or path; without one `terraform`, else `tofu`, in the folders of `PATH`.
    pub(crate) fn find(given: Option<&str>, path: Option<&OsStr>) -> Result<Self, Failure> {
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
            Some(given) if given.contains(std::path::is_separator) => {
                match Path::new(given).is_file() {
                    true => Ok(found(PathBuf::from(given))),
                    false => Err(Failure::new(format!("`{given}` is no file: expected terraform or tofu"))
                        .help(GET_ONE)),
                }
            }
            Some(given) => on_path(given).map(found).ok_or_else(|| {
                Failure::new(format!("no `{given}` on PATH: expected an engine")).help(GET_ONE)
            }),
            None => ["terraform", "tofu"].into_iter().find_map(on_path).map(found).ok_or_else(|| {
                Failure::new("no terraform and no tofu on PATH: expected one of them").help(GET_ONE)
            }),
        }
    }
}
