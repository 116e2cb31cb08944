//! Pulumi: previews and exported stacks as a deployment.
//!
//! [`read`] takes what `pulumi preview --json --show-sames` and `pulumi stack export` print; [`read_before`] what a preview
//! was made from. Nothing here runs an engine or touches a file.
//!
//! # What reading keeps
//! The resources of the AWS provider (`aws:…`) that Narrows models, by their inputs; ids, ARNs and aliases by their outputs.
//! A resource of any other type becomes [`narrows_model::Body::Other`]: kept, and ignored by the proof. What would hide a
//! policy (a preview without its unchanged resources, a policy that `aws-native`, Cloud Control or a CloudFormation stack
//! makes, a stack of which an update was interrupted) is an error that says what to do. A value that the engine knows only
//! after the deployment, and a secret, is unknown.
//!
//! What a bucket, key or endpoint reports of its policy counts only where no resource of the stack holds or held it.

mod error;
mod kinds;
mod mapping;
mod provider;
mod read;
#[cfg(feature = "engine")]
pub mod standin;
mod state;
mod symbolic;
mod urn;
mod values;

pub use error::ReadError;
pub use read::{Form, Read, detect, is_event_stream, read, read_before};
pub use symbolic::{Given, SettleError, assume, settle};
