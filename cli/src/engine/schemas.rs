use super::{Installed, Job, is_configuration, providers};
use crate::failure::Failure;
use crate::streams::Stream;
use narrows_terraform::standin::{self, ProviderSchemas, Real, ServeError, Served, Session, Unread, Used};
use serde_json::Value;
use std::ffi::OsStr;
use std::path::Path;
use std::{fs, io};

/// A provider that is a part of the engine.
const BUILT_IN: &str = "terraform.io/builtin/";

/// What stand-ins know of the configuration's providers.
pub(super) enum Behind {
    /// Their schemas, as they are built in or of those that are installed: all, and those that engines are told of.
    Schemas(Unread, ProviderSchemas),
    /// Themselves.
    Real(Vec<Real>),
}

impl Behind {
    /// What is installed are programs that lie in the user's folder, so that they are run where the user says so alone, in an
    /// environment without credentials.
    pub(super) fn find(job: &Job<'_>, stderr: &mut Stream<'_>) -> Result<Self, Failure> {
        let unread = match job.settings.installed {
            Installed::Left => Unread::embedded().map_err(|error| broken("that are built in", &error))?,
            Installed::Schemas => {
                job.init(&job.installed()?, None, stderr)?;
                let arguments = ["providers", "schema", "-json"].map(OsStr::new);
                let text = job.checked(&arguments, None, stderr, &str::to_owned)?;
                Unread::parse(&text).map_err(|error| broken("of the installed providers", &error))?
            }
            Installed::Proxied => return Ok(Self::Real(providers::start(job)?)),
        };
        let bare = unread.read(&|_| false).map_err(|error| broken("of the providers", &error))?;
        Ok(Self::Schemas(unread, bare))
    }

    /// Serves a stand-in for each provider.
    pub(super) fn serve(&self, session: &Session) -> Result<Vec<Served>, ServeError> {
        match self {
            Self::Schemas(_, schemas) => {
                let sources = schemas.sources().filter(|source| !source.starts_with(BUILT_IN));
                sources.map(|source| standin::serve(session, schemas, source)).collect()
            }
            Self::Real(all) => all.iter().map(|real| standin::serve_before(session, real)).collect(),
        }
    }

    /// From now on engines are told of the types alone that the configuration may use, which must be there with its modules.
    ///
    /// An engine reads all schemas each time that it runs, and takes a second for those of AWS.
    pub(super) fn tell_of_used(&mut self, job: &Job<'_>) -> Result<(), Failure> {
        let texts = texts(&job.copy.root());
        let used = texts.as_ref().ok().map(|texts| Used::of(texts.iter().map(String::as_str)));
        match (self, used) {
            (Self::Schemas(unread, schemas), used) => {
                // What cannot be read is no reason to leave something out.
                let read = used.map_or_else(|| unread.read(&|_| true), |used| unread.used(&used));
                *schemas = read.map_err(|error| broken("of the providers", &error))?;
            }
            (Self::Real(all), Some(used)) => all.iter().for_each(|real| real.tell_of(&used)),
            (Self::Real(_), None) => {}
        }
        Ok(())
    }
}

fn broken(what: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("the schemas {what} cannot be read: {error}"))
}

/// The files of a configuration and of all its modules, as `init` has listed them.
fn texts(root: &Path) -> io::Result<Vec<String>> {
    let list = root.join(".terraform/modules/modules.json");
    let folders = match fs::read(&list) {
        Ok(bytes) => {
            let list: Value = serde_json::from_slice(&bytes)?;
            let modules = list.get("Modules").and_then(Value::as_array).into_iter().flatten();
            modules.filter_map(|module| Some(root.join(module.get("Dir")?.as_str()?))).collect()
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    let mut texts = Vec::new();
    for folder in std::iter::once(root.to_owned()).chain(folders) {
        for entry in fs::read_dir(folder)? {
            let file = entry?.path();
            let is_read = file.file_name().is_some_and(|name| is_configuration(&name.to_string_lossy()));
            if is_read && file.is_file() {
                texts.push(String::from_utf8_lossy(&fs::read(file)?).into_owned());
            }
        }
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_a_configuration_are_those_of_all_its_modules() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("root");
        for (name, text) in [
            ("root/main.tf", "one"),
            ("root/more.tofu.json", "two"),
            ("root/notes.md", "none"),
            ("root/inner/main.tf", "three"),
            ("beside/main.tf", "four"),
            ("root/unused/main.tf", "none"),
        ] {
            let file = place.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let found = || {
            let mut found = texts(&root).unwrap();
            found.sort();
            found
        };
        assert_eq!(found(), ["one", "two"]);
        fs::create_dir_all(root.join(".terraform/modules")).unwrap();
        let list = r#"{"Modules": [{"Key": "a", "Dir": "inner"}, {"Key": "b", "Dir": "../beside"}]}"#;
        fs::write(root.join(".terraform/modules/modules.json"), list).unwrap();
        assert_eq!(found(), ["four", "one", "three", "two"]);
        fs::write(root.join(".terraform/modules/modules.json"), "{").unwrap();
        assert!(texts(&root).is_err());
    }
}
