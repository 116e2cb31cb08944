//! Real engines, which plan a copy of a configuration, or preview a copy of a program, with stand-ins in the place of its
//! providers.

mod copy;
mod descendants;
mod kind;
mod names;
mod offline;
mod process;
mod program;
mod providers;
pub(crate) mod pulumi;
mod remedy;
mod rounds;
mod run;
mod schemas;
mod stop;
mod tree;
mod warnings;
mod workspace;

pub(crate) use kind::Kind;
pub(crate) use names::is_configuration;
pub(crate) use program::Program;
pub(crate) use rounds::plan;
pub(crate) use run::{Installed, Job, Settings};
pub(crate) use stop::Stop;
