//! AWS CloudFormation: templates and cloud assemblies as a deployment.
//!
//! [`read`] takes a template, JSON or YAML, and gives a deployment for each way in which conditions that the input does
//! not decide can turn out. [`read_assembly`] takes what `cdk synth` writes. Nothing here touches a file: templates that
//! others name are asked for through [`Load`].
//!
//! # What reading keeps
//! Functions are worked out as far as the input tells: parameters have the values that they are given, else their
//! defaults; what only AWS knows stays an expression. A resource of a type that Narrows does not model becomes
//! [`narrows_model::Body::Other`]: kept, and ignored by the proof. What could hide a policy (a macro that rewrites the
//! template, an include) is an error that says what to do.

mod assembly;
mod error;
mod kinds;
mod mapping;
mod policy_templates;
mod read;
mod resolve;
mod serverless;
mod stack;
mod syntax;
mod template;
mod world;

pub use assembly::{is_assembly, read_assembly};
pub use error::ReadError;
pub use read::{Options, Reading, Template, read};
pub use template::parameters::parse_parameters;
pub use world::Load;

use narrows_model::Value;

/// Parses JSON or YAML of any kind, with the places where its values stand.
///
/// # Errors
/// What is neither, tags that only others give a meaning, and names that an object gives twice.
pub fn parse_yaml(file: &str, text: &str) -> Result<Value, ReadError> {
    syntax::parse_any(file, text)
}
