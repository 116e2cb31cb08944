//! Renderers, one file per format: pure functions from a view to text.

pub mod changes;
pub mod explain;
pub mod json;
mod page;
pub mod text;

pub use page::{Page, Span, Tone, visible};

/// How text is laid out for its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether ANSI colours are used.
    pub colour: bool,
    /// The width in columns that prose is wrapped to; names and ARNs are never broken.
    pub width: usize,
}

impl Style {
    /// No colour, 100 columns: what files get.
    pub const PLAIN: Self = Self { colour: false, width: 100 };
}
