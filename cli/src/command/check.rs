//! `narrows check`: what must hold of each input, proved or refuted.

use crate::args::CheckArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::Files;
use crate::format;
use crate::guardrails;
use crate::input::{self, Input};
use crate::scratch::Scratch;
use crate::streams::Streams;
use narrows_checks::render::text::Preface;
use narrows_checks::{Gathered, Source, Store};
use narrows_guardrails::{Guardrails, Report, judge_on};
use narrows_model::date::Date;
use narrows_prover::{AccessModel, BuildError};
use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// How many inputs are listed one by one.
const MOST: usize = 20;

pub(crate) fn run(
    args: &CheckArgs,
    streams: &mut Streams<'_>,
    files: &mut dyn Files,
) -> Result<Exit, Failure> {
    format::verify(
        &args.formats,
        args.paths.iter().chain(&args.declared.stack).chain(&args.guardrails_from),
    )?;
    let as_of = day(args.declared.as_of)?;
    if let (true, Some(bucket), [_, _, ..]) = (args.each, &args.declared.bucket, args.paths.as_slice()) {
        return Err(Failure::new(format!(
            "--bucket `{bucket}` is about one input, and there are {}",
            args.paths.len()
        ))
        .help("check them one by one, or leave --bucket out where each policy names its bucket"));
    }
    // Each path by itself, one after the other, so that no more than one is held in memory.
    let groups: Vec<&[PathBuf]> = match args.each {
        true => args.paths.chunks(1).collect(),
        false => vec![&args.paths],
    };
    // What is said of many is more than memory should hold.
    let scratch = Scratch::default();
    let mut gathered = Gathered::new((groups.len() > 1).then_some(&scratch as &dyn Store));
    for paths in groups {
        for mut input in input::read_all(paths, &args.declared, files)? {
            let selected = guardrails::of_input(&args.guardrails_from, &input, files)?;
            let selected = guardrails::select(selected, &args.guardrails)?;
            let model = model(&input, as_of)?;
            // A large deployment takes as much memory as what is made of it.
            drop(std::mem::take(&mut input.deployment));
            let report = judge_on(cores(), &model, &input.intent, &selected, as_of);
            gathered.add(report).and_then(|()| gathered.tell(told(&input, as_of))).map_err(no_room)?;
            if !args.each {
                // The program ends soon, and gives all back at once.
                std::mem::forget(model);
            }
        }
    }
    gathered.tell(Preface::default().fact("as of", as_of.to_string())).map_err(no_room)?;
    let report = gathered.finish().map_err(no_room)?;
    format::write(&report, &args.formats, streams, files)?;
    Ok(Exit::of(report.counts()))
}

fn no_room(error: io::Error) -> Failure {
    Failure::new(format!("what is said of so many inputs cannot be kept: {error}"))
        .help("set TMPDIR to a folder on a disk with room, or check fewer inputs at once")
}

/// The day that dates are judged on: the one given, else today in UTC. The only place that reads the clock.
pub(super) fn day(given: Option<Date>) -> Result<Date, Failure> {
    let today = || {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        Date::from_epoch_seconds(i64::try_from(now.as_secs()).ok()?)
    };
    given.or_else(today).ok_or_else(|| {
        Failure::new("the machine's clock is outside the years 1970 to 9999")
            .help("give the day: --as-of YYYY-MM-DD")
    })
}

/// Asks the guardrails of an input.
pub(super) fn judged(input: &Input, selected: &Guardrails, as_of: Date) -> Result<Report, Failure> {
    Ok(judge_on(cores(), &model(input, as_of)?, &input.intent, selected, as_of))
}

fn cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// The access that an input's policies give.
pub(super) fn model(input: &Input, as_of: Date) -> Result<AccessModel, Failure> {
    AccessModel::build(&input.deployment, &input.intent, as_of).map_err(|error| bad_policy(&error))
}

pub(super) fn bad_policy(error: &BuildError) -> Failure {
    match error {
        BuildError::Policy { policy, cause } => {
            Failure::worded(&format!("{policy}: {cause}")).at(&cause.location)
        }
        BuildError::TooManyUnknowns => Failure::new(error.to_string())
            .help("check its parts one by one (--each), or give a plan or a state that has the values"),
    }
}

/// What stands above the verdicts.
pub(super) fn preface(input: &Input, as_of: Date) -> Preface {
    told(input, as_of).fact("as of", as_of.to_string())
}

fn told(input: &Input, as_of: Date) -> Preface {
    let mut preface = read_as(Preface::default(), "checked", input);
    for exemption in &input.intent.exemptions {
        if let Some(last) = exemption.expires.filter(|last| *last < as_of) {
            let who = exemption.who.as_str();
            preface =
                preface.fact("note", format!("the exemption of {who} ended on {last}: it no longer counts"));
        }
    }
    preface
}

/// What an input is, where its declarations are from, and what to know of it.
pub(super) fn read_as(mut preface: Preface, label: &str, input: &Input) -> Preface {
    let shown = if input.what.len() > MOST { MOST - 1 } else { input.what.len() };
    for what in input.what.iter().take(shown) {
        preface = preface.fact(label, what);
    }
    if shown < input.what.len() {
        preface = preface.fact(label, format!("and {} others", input.what.len() - shown));
    }
    preface = preface.fact("declared", &input.declared_in);
    input.notes.iter().fold(preface, |preface, note| preface.fact("note", note))
}
