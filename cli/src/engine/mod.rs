//! Real Terraform and OpenTofu, which plan a copy of a configuration with stand-ins in the place of its providers.

mod copy;
mod names;
mod offline;
mod process;
mod program;
mod remedy;
mod rounds;
mod run;
mod schemas;
mod stop;
mod warnings;
mod workspace;

pub(crate) use names::is_configuration;
pub(crate) use program::Program;
pub(crate) use rounds::plan;
pub(crate) use run::{Job, Settings};
pub(crate) use stop::Stop;
