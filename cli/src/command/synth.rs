//! `narrows synth`: a stack's files, all or none, then the check of what was written.

mod generated;

use crate::args::SynthArgs;
use crate::command::check;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::Files;
use crate::format;
use crate::guardrails;
use crate::input::{INTENT, Input, stack};
use crate::streams::Streams;
use narrows_checks::View;
use narrows_checks::render::{Page, Span, Tone};
use narrows_stacks::intent_file;
use narrows_terraform::File;
use std::path::Path;

pub(crate) fn run(
    args: &SynthArgs,
    streams: &mut Streams<'_>,
    files: &mut dyn Files,
) -> Result<Exit, Failure> {
    let as_of = check::day(args.as_of)?;
    let description = stack::locate(&args.stack, files)?;
    let spec = stack::parse(&description, files)?;
    let composed = spec.compose();
    let emitted = stack::write(&spec)?;
    let folder = args.out.clone().unwrap_or_else(|| stack::out_folder(&description));
    // Read back before anything is written, so that a fault of Narrows leaves no files either.
    let deployment = stack::read_back(&folder, &emitted)?;
    let input = Input {
        what: vec![format!("{}, as written", folder.display())],
        deployment,
        intent: composed.intent.clone(),
        declared_in: folder.join(INTENT).display().to_string(),
        notes: composed.notes.iter().map(ToString::to_string).collect(),
        guardrails: stack::guardrails(&spec, &description),
    };
    let guardrails = guardrails::of_input(&[], &input, files)?;
    let report = check::judged(&input, &guardrails, as_of)?;
    let mut all = emitted;
    all.push(File { name: INTENT.to_owned(), text: intent_file::print(&composed.intent) });
    let removed = generated::write(&folder, &all, files)?;
    let mut page = Page::new(streams.stdout.style());
    let names = |word: &str, names: &[&str], page: &mut Page| {
        page.prose(
            vec![
                Span::new(word, Tone::Faint).padded(9),
                Span::new(format!("{}  ", folder.display()), Tone::Strong),
            ],
            &names.join(" "),
            Tone::Plain,
        );
    };
    names("wrote", &all.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), &mut page);
    if !removed.is_empty() {
        names("removed", &removed.iter().map(String::as_str).collect::<Vec<_>>(), &mut page);
    }
    page.gap();
    streams.stdout.write(&page.finish())?;
    let view = View::new(report);
    format::write(&(&view, &check::preface(&input, as_of)), &[], streams, files)?;
    let exit = Exit::of(view.counts());
    if exit != Exit::Refuted {
        next(&folder, streams)?;
    }
    Ok(exit)
}

/// Says what comes next.
fn next(folder: &Path, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let mut page = Page::new(streams.stdout.style());
    page.line([]);
    page.line([
        Span::new("next     ", Tone::Faint),
        Span::new("terraform init && terraform plan", Tone::Accent),
        Span::new(format!("  in {}", folder.display()), Tone::Faint),
    ]);
    streams.stdout.write(&page.finish())
}
