//! `narrows plan`: a configuration as a real engine plans it, or a program as it previews it, with nothing left unknown.

mod pulumi;

use crate::args::{CheckArgs, Declared, PlanArgs, TemplateArgs};
use crate::command::check;
use crate::engine::{self, Installed, Job, Kind, Program, Settings, Stop};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{Entry, Files, WithPlan};
use crate::format;
use crate::input::{DESCRIPTION, plain};
use crate::streams::Streams;
use narrows_terraform::standin::Surroundings;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) fn run(
    args: &PlanArgs,
    streams: &mut Streams<'_>,
    files: &mut dyn Files,
) -> Result<Exit, Failure> {
    let kind = verify(args, files)?;
    let path = std::env::var_os("PATH");
    let program = Program::find(kind, args.engine.as_deref(), path.as_deref())?;
    let text = match kind {
        Kind::Terraform => planned(args, &program, streams)?,
        Kind::Pulumi => pulumi::previewed(args, &program, streams)?,
    };
    if let Some(out) = &args.out {
        files.write(out, &text).map_err(|error| Failure::io("written", out, &error))?;
    }
    if args.no_check {
        if args.out.is_none() {
            streams.stdout.write(&text)?;
        }
        return Ok(Exit::Clean);
    }
    let what = match kind {
        Kind::Terraform => "plan",
        Kind::Pulumi => "preview",
    };
    let path = plain(&args.folder.join(format!("({what} by {})", program.name)));
    let check = CheckArgs {
        paths: vec![path.clone()],
        each: false,
        guardrails: args.guardrails.clone(),
        guardrails_from: args.guardrails_from.clone(),
        formats: args.formats.clone(),
        declared: Declared { template: TemplateArgs::default(), ..args.declared.clone() },
    };
    check::run(&check, streams, &mut WithPlan { files, path, text })
}

/// What can be said before anything is run, and which kind of engine is to run.
fn verify(args: &PlanArgs, files: &dyn Files) -> Result<Kind, Failure> {
    format::verify(&args.formats, args.declared.stack.iter().chain(&args.guardrails_from).chain(&args.out))?;
    let folder = &args.folder;
    let shown = folder.display();
    match files.entry(folder).map_err(|error| Failure::io("read", folder, &error))? {
        Some(Entry::Folder) => {}
        Some(Entry::File) => {
            return Err(Failure::new(format!("`{shown}` is a file: expected the folder of a configuration"))
                .help("name the folder that it lies in"));
        }
        None => {
            return Err(Failure::new(format!("`{shown}` is not there"))
                .help("give the folder of a Terraform or OpenTofu configuration, or of a Pulumi project"));
        }
    }
    let names = files.list(folder).map_err(|error| Failure::io("read", folder, &error))?;
    let kind = Kind::of(args.engine.as_deref(), folder, &names)?;
    match kind {
        Kind::Terraform => verify_configuration(args, &names)?,
        Kind::Pulumi => pulumi::verify(args, &names)?,
    }
    if !files.is_disk() {
        return Err(Failure::new("the engine is a program of its own: expected files on a disk"));
    }
    Ok(kind)
}

fn verify_configuration(args: &PlanArgs, names: &[String]) -> Result<(), Failure> {
    if !args.declared.template.parameters.is_empty() {
        return Err(Failure::new("--parameters is for templates: expected variables of the configuration")
            .help("give them after two dashes: narrows plan DIR -- -var NAME=VALUE"));
    }
    let shown = args.folder.display();
    if !names.iter().any(|name| engine::is_configuration(name)) {
        let failure = Failure::new(format!(
            "`{shown}` holds no configuration: expected *.tf or *.tf.json files, or a Pulumi.yaml, in it"
        ));
        return Err(match names.iter().any(|name| name == DESCRIPTION) {
            true => failure.help(format!("a stack description needs no engine: narrows check {shown}")),
            false => failure.help("name the folder of a configuration, or of a Pulumi project"),
        });
    }
    if let Some(out) = args.out.as_deref().filter(|out| is_of_configuration(out)) {
        return Err(Failure::new(format!(
            "`{}` would be a part of a configuration: expected another name for the plan",
            out.display()
        ))
        .help("name it plan.json, or in another way"));
    }
    Ok(())
}

fn is_of_configuration(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(engine::is_configuration)
}

/// The plan that the engine makes, as JSON.
fn planned(args: &PlanArgs, program: &Program, streams: &mut Streams<'_>) -> Result<String, Failure> {
    let settings = Settings {
        arguments: engine_arguments(&args.arguments, &args.folder)?,
        installed: match (args.proxy, args.installed_providers) {
            (true, _) => Installed::Proxied,
            (false, true) => Installed::Schemas,
            (false, false) => Installed::Left,
        },
        limit: Duration::from_secs(args.timeout),
    };
    let around = Surroundings {
        account: args.declared.account.clone(),
        region: args.declared.template.region,
        set: args.set.iter().map(|it| (it.attribute.clone(), it.value.clone())).collect(),
    };
    let stop = Stop::listen();
    let stop = stop.map_err(|error| Failure::new(format!("signals cannot be listened to: {error}")))?;
    let mut job = Job::new(program, &args.folder, settings, std::env::vars_os(), &stop)?;
    let planned = engine::plan(&mut job, &around, &mut streams.stderr)?;
    if let Some(warnings) = &planned.warnings {
        streams.stderr.write(&format!("{warnings}\n"))?;
    }
    for name in &planned.unused {
        streams.stderr.write(&format!(
            "warning: --set {name} changes nothing: expected an attribute of a type in the configuration that the provider \
             tells and no argument gives\n"
        ))?;
    }
    if !planned.still_open.is_empty() {
        let open: Vec<&str> = planned.still_open.iter().map(String::as_str).collect();
        streams.stderr.write(&format!("note: still known only after apply: {}\n", open.join(", ")))?;
    }
    pretty(&planned.plan)
}

/// A plan or a preview as a text.
fn pretty(plan: &serde_json::Value) -> Result<String, Failure> {
    let mut text = serde_json::to_string_pretty(plan)
        .map_err(|error| Failure::new(format!("the plan cannot be written: {error}")))?;
    text.push('\n');
    Ok(text)
}

/// The arguments for the engine: variables and files of them, whose paths are those of the configuration's folder or of this
/// one.
///
/// Anything else may leave resources out of the plan, such as `-target`, and so hide what they allow.
fn engine_arguments(given: &[String], folder: &Path) -> Result<Vec<OsString>, Failure> {
    let mut arguments = Vec::new();
    let mut rest = given.iter();
    while let Some(argument) = rest.next() {
        let name = argument.trim_start_matches('-');
        let (name, value) = match name.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (name, rest.next().cloned()),
        };
        let value = match (argument.starts_with('-'), name, value) {
            (true, "var", Some(value)) => OsString::from(value),
            (true, "var-file", Some(value)) => file_of(&value, folder, "variables")?.into_os_string(),
            _ => {
                return Err(Failure::new(format!(
                    "`{argument}` cannot be passed on: expected -var NAME=VALUE or -var-file=FILE"
                ))
                .help("other arguments may leave resources out of the plan, or change where it is written"));
            }
        };
        let mut whole = OsString::from(format!("-{name}="));
        whole.push(value);
        arguments.push(whole);
    }
    Ok(arguments)
}

/// A file of `what`, as a path that holds in any folder.
fn file_of(given: &str, folder: &Path, what: &str) -> Result<PathBuf, Failure> {
    let found = [folder.join(given), PathBuf::from(given)].into_iter().find(|path| path.is_file());
    let found = found.and_then(|path| std::path::absolute(path).ok());
    found.ok_or_else(|| {
        Failure::new(format!(
            "`{given}` is not there: expected a file of {what} in `{}` or here",
            folder.display()
        ))
        .help("correct its path")
    })
}
