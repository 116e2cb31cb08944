//! JSON, version 1: the [`View`] as it is.

use super::text::Preface;
use crate::source::Parts;
use crate::{FindingView, NotAskedView, Source, VerdictView, View};
use serde::ser::{Error, SerializeSeq};
use serde::{Serialize, Serializer};
use std::io::{self, Write};

/// The view as indented JSON with a line break at its end; every key is always there.
///
/// # Errors
/// None that a view can cause: what is at hand can be read.
pub fn render(view: &View) -> io::Result<String> {
    let mut bytes = Vec::new();
    write(&(view, &Preface::default()), &mut bytes)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// Writes a report as [`render`] has it, part by part.
///
/// # Errors
/// Those of reading the report and of the writer.
pub fn write(source: &dyn Source, writer: &mut dyn Write) -> io::Result<()> {
    let whole = Whole {
        version: 1,
        verdicts: Each(&|| source.verdicts()),
        not_asked: &source.not_asked(),
        findings: Each(&|| source.findings()),
    };
    serde_json::to_writer_pretty(&mut *writer, &whole)?;
    writer.write_all(b"\n")
}

/// As [`View`].
#[derive(Serialize)]
struct Whole<'s> {
    version: u32,
    verdicts: Each<'s, VerdictView>,
    not_asked: &'s [NotAskedView],
    findings: Each<'s, FindingView>,
}

/// Parts that are read when they are written.
struct Each<'s, T: Clone>(&'s dyn Fn() -> Parts<'s, T>);

impl<T: Clone + Serialize> Serialize for Each<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_seq(None)?;
        for part in (self.0)() {
            all.serialize_element(part.map_err(S::Error::custom)?.as_ref())?;
        }
        all.end()
    }
}
