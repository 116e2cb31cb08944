//! The command line of Narrows: `narrows new`, `narrows synth`, `narrows check`, `narrows plan`, `narrows diff` and
//! `narrows explain`.
//!
//! [`run`] is the whole program as a function of its arguments, [`Streams`] and [`Files`], so that tests run it in
//! memory. Only this crate prints, reads the environment and the clock, touches files or exits.

mod args;
mod command;
mod engine;
mod excerpt;
mod exit;
mod failure;
mod files;
mod format;
mod guardrails;
mod input;
mod intent;
mod scratch;
mod streams;

pub use exit::Exit;
pub use files::{Disk, Entry, Files, Memory};
pub use narrows_checks::render::Style;
pub use streams::{Stream, Streams};

use args::{Args, Command};
use clap::{CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program: `args` begin with the program's name, as those of a process do.
pub fn run(
    args: impl IntoIterator<Item = OsString>,
    streams: &mut Streams<'_>,
    files: &mut dyn Files,
) -> Exit {
    let parsed = parse(args.into_iter().collect(), streams.stdout.style().width);
    let outcome = match parsed {
        Ok(Args { command: Command::New(args) }) => command::new::run(&args, streams, files),
        Ok(Args { command: Command::Synth(args) }) => command::synth::run(&args, streams, files),
        Ok(Args { command: Command::Check(args) }) => command::check::run(&args, streams, files),
        Ok(Args { command: Command::Plan(args) }) => command::plan::run(&args, streams, files),
        Ok(Args { command: Command::Diff(args) }) => command::diff::run(&args, streams, files),
        Ok(Args { command: Command::Explain(args) }) => command::explain::run(&args, streams, files),
        Err(error) if error.use_stderr() => {
            // A closed stderr leaves nobody to tell.
            let _ = streams.stderr.write(&error.to_string());
            return Exit::Failed;
        }
        Err(help) => streams.stdout.write(&help.to_string()).map(|()| Exit::Clean),
    };
    outcome.unwrap_or_else(|failure| {
        let text = failure.render(streams.stderr.style());
        let _ = streams.stderr.write(&text);
        Exit::Failed
    })
}

/// The arguments, or what to say in their place.
fn parse(args: Vec<OsString>, width: usize) -> Result<Args, clap::Error> {
    // The help names every guardrail: it is made for those who ask for it.
    let parsed = match Args::command().try_get_matches_from(&args) {
        Err(error) if !error.use_stderr() => args::command(width).try_get_matches_from(args),
        parsed => parsed,
    };
    Args::from_arg_matches(&parsed?)
}

/// Runs the program as a process: with its arguments, terminal, environment and disk.
pub fn main() -> ExitCode {
    let (mut stdout, mut stderr) = (std::io::stdout().lock(), std::io::stderr().lock());
    let mut streams = Streams::of_process(&mut stdout, &mut stderr);
    run(std::env::args_os(), &mut streams, &mut Disk).into()
}
