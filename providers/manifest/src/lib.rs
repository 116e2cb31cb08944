//! Raw policy files, and a manifest that says what each is attached to.
//!
//! [`read`] makes a deployment of a manifest, in TOML or JSON, and the policy files that it names. `docs/manifest.md`
//! describes what a manifest holds. [`printed`] finds the policy in what the AWS CLI prints, and [`account_details`] reads the identities of a
//! whole account. Nothing here touches a file: the caller gives the texts.

mod account;
mod error;
mod printed;
mod read;
mod source;
mod table;

pub use account::{account_details, is_account_details};
pub use error::ManifestError;
pub use printed::{Printed, Sort, printed};
pub use read::read;

/// The names that a manifest has in a folder.
pub const NAMES: [&str; 2] = ["narrows.policies.toml", "narrows.policies.json"];
