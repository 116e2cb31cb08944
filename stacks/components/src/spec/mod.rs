//! The stack description, `narrows.toml`.

mod convert;
mod error;
mod file;
mod given;
#[cfg(feature = "schema")]
mod schema;

pub use error::SpecError;

use crate::{Composed, Stack};
use narrows_model::Source;

/// A stack description that holds: it was read, and the stack that it describes can be built.
#[derive(Clone, Debug)]
pub struct StackSpec {
    stack: Stack,
    composed: Composed,
    guardrails: Vec<String>,
}

impl StackSpec {
    /// Reads a description in TOML; `name` is what messages call it, usually its path.
    ///
    /// # Errors
    /// The first thing that does not hold, with its place: TOML, names, unknown or missing keys, parts that do not fit.
    pub fn parse(name: &str, text: &str) -> Result<Self, SpecError> {
        let source = Source::file(name, text);
        let file: file::File = toml::from_str(text).map_err(|error| SpecError::of_toml(&source, &error))?;
        let stack = convert::stack(&source, &file)?;
        let composed = stack.build().map_err(|error| convert::located(&source, &file, &error))?;
        Ok(Self { stack, composed, guardrails: file.guardrails })
    }

    /// The stack that is described.
    pub fn stack(&self) -> &Stack {
        &self.stack
    }

    /// The files and folders that it names for guardrails of its own, as paths beside the description.
    pub fn guardrails(&self) -> &[String] {
        &self.guardrails
    }

    /// The resources that the stack expands to, the owner's intent, and notes.
    pub fn compose(&self) -> &Composed {
        &self.composed
    }

    /// The JSON Schema of the description, for editors; a pattern may admit more than [`StackSpec::parse`] does.
    ///
    /// With the feature `schema` alone: what is checked in as `schema/narrows.schema.json` is made with it.
    #[cfg(feature = "schema")]
    pub fn json_schema() -> serde_json::Value {
        schema::generate()
    }

    /// A description to start from, with comments: three Regions, of which one is active.
    pub fn template() -> &'static str {
        include_str!("../../template/narrows.toml")
    }
}
