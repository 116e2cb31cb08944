//! The same of a program that Pulumi previews.

use super::{file_of, pretty};
use crate::args::PlanArgs;
use crate::engine::pulumi::{self, Job, Settings};
use crate::engine::{Program, Stop};
use crate::failure::Failure;
use crate::streams::Streams;
use narrows_pulumi::standin::Surroundings;
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

/// What can be said before anything is run.
pub(super) fn verify(args: &PlanArgs, names: &[String]) -> Result<(), Failure> {
    let shown = args.folder.display();
    if !names.iter().any(|name| pulumi::is_project(name)) {
        return Err(Failure::new(format!(
            "`{shown}` holds no Pulumi project: expected a Pulumi.yaml directly in it"
        ))
        .help("name the folder of the project"));
    }
    if !args.declared.template.parameters.is_empty() {
        return Err(Failure::new("--parameters is for templates: expected the stack's configuration")
            .help("give it after two dashes: narrows plan DIR -- --config KEY=VALUE"));
    }
    if let Some(flag) = [(args.installed_providers, "--installed-providers"), (args.proxy, "--proxy")]
        .into_iter()
        .find_map(|(is_given, flag)| is_given.then_some(flag))
    {
        return Err(Failure::new(format!(
            "{flag} is for Terraform and OpenTofu: expected a program of the aws provider alone"
        ))
        .help("leave the flag out; providers of other packages are not asked for anything"));
    }
    let name = args.out.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy());
    if name.is_some_and(|name| pulumi::is_of_project(&name)) {
        return Err(Failure::new(format!(
            "`{}` would be a part of a project: expected another name for the preview",
            args.out.as_deref().unwrap_or_else(|| Path::new("")).display()
        ))
        .help("name it preview.json, or in another way"));
    }
    settings(args).map(drop)
}

/// The preview that the engine makes, as JSON.
pub(super) fn previewed(
    args: &PlanArgs,
    program: &Program,
    streams: &mut Streams<'_>,
) -> Result<String, Failure> {
    let around = Surroundings {
        account: args.declared.account.clone(),
        region: args.declared.template.region,
        set: args.set.iter().map(|it| (it.attribute.clone(), it.value.clone())).collect(),
    };
    let stop = Stop::listen();
    let stop = stop.map_err(|error| Failure::new(format!("signals cannot be listened to: {error}")))?;
    let mut job = Job::new(program, &args.folder, settings(args)?, std::env::vars_os(), &stop)?;
    let previewed = pulumi::preview(&mut job, &around, &mut streams.stderr)?;
    streams.stderr.write(&previewed.said)?;
    if let Some(note) = &previewed.note {
        streams.stderr.write(&format!("note: {note}\n"))?;
    }
    for name in &previewed.unused {
        streams.stderr.write(&format!(
            "warning: --set {name} changes nothing: expected a function that the program calls, and what it answers, such as \
             aws:ec2/getVpc:getVpc.id\n"
        ))?;
    }
    pretty(&previewed.preview)
}

/// How the engine is to be run: with a stack and its configuration.
///
/// Anything else may leave resources out of the preview, such as `--target`, and so hide what they allow.
fn settings(args: &PlanArgs) -> Result<Settings, Failure> {
    let mut settings = Settings { limit: Duration::from_secs(args.timeout), ..Settings::default() };
    let mut rest = args.arguments.iter();
    while let Some(argument) = rest.next() {
        let (name, inline) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
            _ => (argument.as_str(), None),
        };
        let mut value = || inline.clone().or_else(|| rest.next().cloned());
        match name {
            "--stack" | "-s" => settings.stack = Some(value().ok_or_else(|| refused(argument))?),
            "--config" | "-c" => {
                let value = value().filter(|value| value.contains('=')).ok_or_else(|| refused(argument))?;
                settings.arguments.push(OsString::from(format!("--config={value}")));
            }
            "--config-path" if inline.is_none() => settings.arguments.push(argument.into()),
            "--config-file" => {
                let file = value().ok_or_else(|| refused(argument))?;
                settings.config_file = Some(file_of(&file, &args.folder, "configuration")?);
            }
            _ => return Err(refused(argument)),
        }
    }
    Ok(settings)
}

fn refused(argument: &str) -> Failure {
    Failure::new(format!(
        "`{argument}` cannot be passed on: expected --stack NAME, --config KEY=VALUE, --config-path or --config-file FILE"
    ))
    .help("other arguments may leave resources out of the preview, or change where it is written")
}
