//! `narrows new`: a stack description to start from.

use crate::args::NewArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{Entry, Files};
use crate::input::DESCRIPTION;
use crate::streams::Streams;
use narrows_checks::render::{Page, Span, Tone};
use narrows_stacks::StackSpec;
use std::path::Path;

pub(crate) fn run(args: &NewArgs, streams: &mut Streams<'_>, files: &mut dyn Files) -> Result<Exit, Failure> {
    let path = args.folder.join(DESCRIPTION);
    if files.entry(&args.folder).map_err(|error| Failure::io("read", &args.folder, &error))?
        == Some(Entry::File)
    {
        return Err(Failure::new(format!("`{}` is a file: expected a folder", args.folder.display()))
            .help("name the folder that the description goes into"));
    }
    files.make_folder(&args.folder).map_err(|error| Failure::io("made", &args.folder, &error))?;
    match files.write_new(&path, &description(&args.folder)) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(Failure::new(format!("`{}` exists already, and stays as it is", path.display()))
                .help("change it, or name another folder"));
        }
        Err(error) => return Err(Failure::io("written", &path, &error)),
    }
    let folder = args.folder.display();
    let mut page = Page::new(streams.stdout.style());
    page.line([Span::new("wrote ", Tone::Faint), Span::new(path.display().to_string(), Tone::Strong)]);
    page.gap();
    page.line([Span::plain("Next, put your account, buckets and roles into it; then")]);
    for (command, what) in [
        (format!("narrows check {folder}"), "prove what it says, writing nothing"),
        (format!("narrows synth {folder}"), "write the files that terraform or tofu deploys"),
    ] {
        let width = folder.to_string().chars().count() + 18;
        page.line([
            Span::plain("  "),
            Span::new(command, Tone::Accent).padded(width),
            Span::new(what, Tone::Faint),
        ]);
    }
    streams.stdout.write(&page.finish())?;
    Ok(Exit::Clean)
}

/// The description to start from, with the folder's own name in the place of the example's where it makes a valid stack.
fn description(folder: &Path) -> String {
    let template = StackSpec::template();
    let named = folder.file_name().and_then(|name| name.to_str()).map(|name| template.replace(EXAMPLE, name));
    let valid = |text: &String| StackSpec::parse(DESCRIPTION, text).is_ok();
    named.filter(valid).unwrap_or_else(|| template.to_owned())
}

/// What the stack of the template is called, and its MRAP, and what the names of its buckets and roles begin with.
const EXAMPLE: &str = "orders";
