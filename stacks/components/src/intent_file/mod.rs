//! `narrows.intent.json`: the owner's intent beside what was synthesised from it.
//!
//! The file is a view of its own (version 1), so that the intent can change inside without the file changing. It is read
//! strictly: what is not known is refused, for a misspelt declaration must not be a missing one.

mod read;
mod view;

pub use read::IntentFileError;

use narrows_model::{Intent, Source};
use std::sync::Arc;

/// The name that `synth` gives the file.
pub const NAME: &str = "narrows.intent.json";

/// The intent as the text of a file, pretty-printed, with a line break at the end.
pub fn print(intent: &Intent) -> String {
    // Strings, lists and one number: there is nothing in the view that JSON could not hold.
    let mut text = serde_json::to_string_pretty(&view::File::of(intent)).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads a file.
///
/// # Errors
/// The first thing that is not JSON, not of the view, or not the name that it should be, with its place.
pub fn parse(source: &Arc<Source>) -> Result<Intent, IntentFileError> {
    read::intent(source)
}
