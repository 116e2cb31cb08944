//! The subcommands, one file each.

pub(crate) mod check;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod new;
pub(crate) mod plan;
pub(crate) mod synth;
