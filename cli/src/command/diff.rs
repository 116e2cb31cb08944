//! `narrows diff`: what access a change adds and removes.

use crate::args::{Declared, DiffArgs};
use crate::command::check;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::Files;
use crate::format::{self, Format};
use crate::input::{self, Input};
use crate::streams::Streams;
use narrows_checks::ChangesView;
use narrows_checks::render::changes::{json, render};
use narrows_checks::render::text::Preface;
use narrows_model::date::Date;
use narrows_prover::AccessModel;
use narrows_prover::compare::changes;

pub(crate) fn run(
    args: &DiffArgs,
    streams: &mut Streams<'_>,
    files: &mut dyn Files,
) -> Result<Exit, Failure> {
    format::verify(&args.formats, [&args.before].into_iter().chain(&args.after).chain(&args.stack))?;
    let as_of = check::day(args.as_of)?;
    let flags = Declared {
        stack: args.stack.clone(),
        mraps: args.mraps.clone(),
        bucket: args.bucket.clone(),
        account: args.account.clone(),
        as_of: args.as_of,
        direct: true,
        template: args.template.clone(),
        ..Declared::default()
    };
    let (before, after) = match &args.after {
        Some(after) => (input::read(std::slice::from_ref(&args.before), &flags, files)?, after),
        None => (input::read_before(&args.before, &flags, files)?, &args.before),
    };
    let after = input::read(std::slice::from_ref(after), &flags, files)?;
    let first = check::model(&before, as_of)?;
    let second = AccessModel::build_after(&first, &after.deployment, &after.intent, as_of)
        .map_err(|error| check::bad_policy(&error))?;
    if first.buckets.is_empty() && second.buckets.is_empty() {
        return Err(Failure::new("neither state has a bucket: there is nothing to compare")
            .help("give stack descriptions, folders of Terraform JSON, plans or bucket policies"));
    }
    let found = changes(&first, &second);
    let view = ChangesView::new(&found, |text| second.show(text));
    let preface = preface(&before, &after, as_of);
    format::write_with(&args.formats, streams, files, |format, style| match format {
        Format::Text => Ok(render(&view, &preface, style)),
        Format::Json => json(&view),
    })?;
    Ok(Exit::of_change(view.access))
}

/// What stands above the changes.
fn preface(before: &Input, after: &Input, as_of: Date) -> Preface {
    let mut preface = Preface::default();
    for (label, input) in [("before", before), ("after", after)] {
        preface = check::read_as(preface, label, input);
    }
    preface.fact("as of", as_of.to_string())
}
