//! Real Pulumi, which previews a copy of a program with a stand-in in the place of the AWS provider.

mod config;
mod copy;
mod diagnostics;
mod go;
mod preview;
mod project;
mod remedy;
mod run;
mod stack;

pub(crate) use preview::preview;
pub(crate) use project::{is_of_project, is_project};
pub(crate) use run::{Job, Settings};
