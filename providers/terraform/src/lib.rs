//! Terraform and OpenTofu: a deployment out and in.
//!
//! [`emit`] writes a deployment as Terraform JSON for the AWS provider; [`read_config`] reads such files back, and
//! `read_config(emit(d)) == d` for what the stack components compose. [`read_plan`] reads a plan as `terraform show
//! -json` prints it, [`read`] either that or a state; [`symbolic`] makes one plan of two in which values that are known
//! after apply are symbols. Nothing here runs an engine or touches a file.
//!
//! # What reading keeps
//! A resource of a type that Narrows does not model, or that uses a feature which the model cannot hold (an alarm on a
//! metric expression, a security group rule for another protocol), becomes [`narrows_model::Body::Other`]: kept, and
//! ignored by the proof. Replication rules that are filtered by tags are left out, since they do not replicate the
//! bucket. What would hide a policy (modules, `for_each` and dynamic blocks outside a plan, a policy inside the bucket
//! resource) is an error that says what to do.

mod config;
mod emit;
mod encryption;
mod error;
mod hcl;
mod kinds;
mod mapping;
mod plan;
mod policy_document;
mod reported;
mod show;
#[cfg(feature = "engine")]
pub mod standin;
mod state;
pub mod symbolic;

pub use config::read_config;
pub use emit::{EmitOptions, File, emit, is_generated};
pub use encryption::encrypts_states;
pub use error::{EmitError, ReadError};
pub use plan::read_plan;
pub use show::{Form, Read, detect, read, read_before};
