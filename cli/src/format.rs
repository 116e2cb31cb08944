//! `--format FORMAT[=FILE]`: what is written where.

use crate::failure::Failure;
use crate::files::Files;
use crate::input::{DESCRIPTION, INTENT, plain};
use crate::streams::Streams;
use narrows_checks::Source;
use narrows_checks::render::{Page, Style, json, text};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A format and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Output {
    pub format: Format,
    /// The file; stdout where there is none.
    pub file: Option<PathBuf>,
}

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Json,
}

const FORMATS: [(&str, Format); 2] = [("json", Format::Json), ("text", Format::Text)];

impl FromStr for Output {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, String> {
        let (name, file) = match given.split_once('=') {
            Some((name, file)) => (name, Some(file)),
            None => (given, None),
        };
        let known = FORMATS.iter().find(|(known, _)| *known == name);
        let (_, format) = known.ok_or_else(|| {
            let nearest = narrows_model::names::nearest(name, FORMATS.map(|(known, _)| known));
            let hint = nearest.map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default();
            format!("`{name}` is not a format: expected `text` or `json`{hint}")
        })?;
        match file {
            Some("") => {
                Err(format!("no file after `{name}=`: expected a path; leave the `=` out for stdout"))
            }
            file => Ok(Self { format: *format, file: file.map(PathBuf::from) }),
        }
    }
}

/// Refuses outputs that would be mixed up: two on stdout, two in one file, or one over an input, be it named itself or read
/// out of a folder.
pub(crate) fn verify<'a>(
    outputs: &[Output],
    inputs: impl IntoIterator<Item = &'a PathBuf>,
) -> Result<(), Failure> {
    let inputs: Vec<PathBuf> = inputs.into_iter().map(|input| plain(input)).collect();
    let over_input = |file: &&PathBuf| inputs.contains(&plain(file)) || is_read(file);
    if let Some(file) = outputs.iter().filter_map(|it| it.file.as_ref()).find(over_input) {
        return Err(Failure::new(format!(
            "`{}` is an input: expected another file for the report",
            file.display()
        ))
        .help("name a file of its own, as in --format json=report.json"));
    }
    for (index, output) in outputs.iter().enumerate() {
        if outputs.iter().take(index).any(|other| other.file == output.file) {
            let place =
                output.file.as_ref().map_or("stdout".to_owned(), |file| format!("`{}`", file.display()));
            return Err(Failure::new(format!("two formats go to {place}: expected at most one"))
                .help("give a file to one of them, as in --format json=report.json"));
        }
    }
    Ok(())
}

/// Whether a file of this name is read wherever it lies: a stack description, its declarations, a configuration.
fn is_read(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let name = name.to_ascii_lowercase();
    name == DESCRIPTION || name == INTENT || name.ends_with(".tf.json") || name.ends_with(".tf")
}

/// Writes a report in each format, piece by piece; text to stdout where none is given.
pub(crate) fn write(
    report: &dyn Source,
    outputs: &[Output],
    streams: &mut Streams<'_>,
    files: &mut dyn Files,
) -> Result<(), Failure> {
    let written = |format, style, writer: &mut dyn Write| {
        match format {
            Format::Text => {
                let mut page = Page::written_to(writer, style);
                text::write(report, &mut page)?;
                page.end()?;
            }
            Format::Json => json::write(report, writer)?,
        }
        writer.flush()
    };
    for Output { format, file } in in_order(outputs) {
        match file {
            Some(path) => files
                .create(path)
                .and_then(|mut file| written(*format, Style::PLAIN, &mut file))
                .map_err(|error| Failure::io("written", path, &error))?,
            None => {
                let style = streams.stdout.style();
                written(*format, style, &mut streams.stdout.pieces()?)
                    .map_err(|error| Failure::new(format!("the output cannot be written: {error}")))?;
            }
        }
    }
    Ok(())
}

/// Files first: if one cannot be written, stdout stays empty.
fn in_order(outputs: &[Output]) -> impl Iterator<Item = &Output> {
    const DEFAULT: &[Output] = &[Output { format: Format::Text, file: None }];
    let outputs = if outputs.is_empty() { DEFAULT } else { outputs };
    outputs.iter().filter(|it| it.file.is_some()).chain(outputs.iter().filter(|it| it.file.is_none()))
}

/// Writes what is rendered in each format; text to stdout where none is given.
pub(crate) fn write_with(
    outputs: &[Output],
    streams: &mut Streams<'_>,
    files: &mut dyn Files,
    render: impl Fn(Format, Style) -> Result<String, serde_json::Error>,
) -> Result<(), Failure> {
    for Output { format, file } in in_order(outputs) {
        let style = if file.is_some() { Style::PLAIN } else { streams.stdout.style() };
        let rendered = render(*format, style)
            .map_err(|error| Failure::new(format!("the report cannot be written as JSON: {error}")))?;
        match file {
            Some(path) => {
                files.write(path, &rendered).map_err(|error| Failure::io("written", path, &error))?;
            }
            None => streams.stdout.write(&rendered)?,
        }
    }
    Ok(())
}
