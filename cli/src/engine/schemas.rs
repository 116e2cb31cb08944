use super::Job;
use crate::failure::Failure;
use crate::streams::Stream;
use narrows_terraform::standin::ProviderSchemas;
use std::ffi::OsStr;

/// The schemas of the configuration's providers: of those that are installed, else of AWS as Narrows knows it.
///
/// What is installed is asked for its schema alone, in an environment without credentials.
pub(super) fn find(job: &Job<'_>, stderr: &mut Stream<'_>) -> Result<ProviderSchemas, Failure> {
    let broken = |what: &str, error: &dyn std::fmt::Display| {
        Failure::new(format!("the schemas {what} cannot be read: {error}"))
    };
    let Some(installed) = &job.copy.providers else {
        return ProviderSchemas::embedded().map_err(|error| broken("that are built in", &error));
    };
    job.init(installed, None, stderr)?;
    let arguments = ["providers", "schema", "-json"].map(OsStr::new);
    let text = job.checked(&arguments, None, stderr, str::to_owned)?;
    ProviderSchemas::parse(&text).map_err(|error| broken("of the installed providers", &error))
}
