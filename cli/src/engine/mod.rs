//! Real Terraform and OpenTofu, which plan a copy of a configuration with stand-ins in the place of its providers.

mod copy;
mod process;
mod program;
mod rounds;
mod run;
mod schemas;
mod stop;

pub(crate) use program::Program;
pub(crate) use rounds::plan;
pub(crate) use run::Job;
pub(crate) use stop::Stop;

/// Whether a file of this name is a part of a configuration of the engines.
pub(crate) fn is_configuration(name: &str) -> bool {
    [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|end| name.ends_with(end))
}
