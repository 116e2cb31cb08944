use super::{Installed, Job, providers};
use crate::failure::Failure;
use crate::streams::Stream;
use narrows_terraform::standin::{self, ProviderSchemas, Real, ServeError, Served, Session};
use std::collections::BTreeSet;
use std::ffi::OsStr;

/// A provider that is a part of the engine.
const BUILT_IN: &str = "terraform.io/builtin/";

/// What stand-ins know of the configuration's providers.
pub(super) enum Behind {
    /// Their schemas: of AWS as Narrows knows it, or of those that are installed.
    Schemas(ProviderSchemas),
    /// Themselves.
    Real(Vec<Real>),
}

impl Behind {
    /// What is installed are programs that lie in the user's folder, so that they are run where the user says so alone, in an
    /// environment without credentials.
    pub(super) fn find(job: &Job<'_>, stderr: &mut Stream<'_>) -> Result<Self, Failure> {
        let broken = |what: &str, error: &dyn std::fmt::Display| {
            Failure::new(format!("the schemas {what} cannot be read: {error}"))
        };
        match job.settings.installed {
            Installed::Left => {
                let schemas = ProviderSchemas::embedded();
                schemas.map(Self::Schemas).map_err(|error| broken("that are built in", &error))
            }
            Installed::Schemas => {
                job.init(&job.installed()?, None, stderr)?;
                let arguments = ["providers", "schema", "-json"].map(OsStr::new);
                let text = job.checked(&arguments, None, stderr, &str::to_owned)?;
                let schemas = ProviderSchemas::parse(&text);
                schemas.map(Self::Schemas).map_err(|error| broken("of the installed providers", &error))
            }
            Installed::Proxied => Ok(Self::Real(providers::start(job)?)),
        }
    }

    /// Serves a stand-in for each provider.
    pub(super) fn serve(&self, session: &Session) -> Result<Vec<Served>, ServeError> {
        match self {
            Self::Schemas(schemas) => {
                let sources = schemas.sources().filter(|source| !source.starts_with(BUILT_IN));
                sources.map(|source| standin::serve(session, schemas, source)).collect()
            }
            Self::Real(all) => all.iter().map(|real| standin::serve_before(session, real)).collect(),
        }
    }

    /// From now on engines are told of the types alone whose names are in a text.
    pub(super) fn tell_of(&self, text: &str) {
        let Self::Real(all) = self else { return };
        let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let names: BTreeSet<&str> = text.split(|c: char| !is_of_name(c)).collect();
        all.iter().for_each(|real| real.tell_of(&names));
    }
}
