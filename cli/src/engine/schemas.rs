use super::Job;
use crate::failure::Failure;
use crate::streams::Stream;
use narrows_terraform::standin::ProviderSchemas;
use std::ffi::OsStr;

/// The schemas of the configuration's providers: of AWS as Narrows knows it, or of those that are installed.
///
/// What is installed are programs that lie in the user's folder, so that they are run where the user says so alone. They are
/// asked for their schemas, in an environment without credentials.
pub(super) fn find(job: &Job<'_>, stderr: &mut Stream<'_>) -> Result<ProviderSchemas, Failure> {
    let broken = |what: &str, error: &dyn std::fmt::Display| {
        Failure::new(format!("the schemas {what} cannot be read: {error}"))
    };
    if !job.settings.installed_providers {
        return ProviderSchemas::embedded().map_err(|error| broken("that are built in", &error));
    }
    let installed = job.copy.installed().ok_or_else(|| {
        let kept = job.copy.kept();
        Failure::new(format!(
            "`{}` holds no providers: expected those of --installed-providers",
            kept.display()
        ))
        .help(format!("run `{} init` in the folder itself, or leave the flag out", job.program.name))
    })?;
    job.init(&installed, None, stderr)?;
    let arguments = ["providers", "schema", "-json"].map(OsStr::new);
    let text = job.checked(&arguments, None, stderr, &str::to_owned)?;
    ProviderSchemas::parse(&text).map_err(|error| broken("of the installed providers", &error))
}
