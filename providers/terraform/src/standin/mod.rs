//! A stand-in for providers: a real engine plans against it, and every text that would be known after apply is a symbol.
//!
//! The engine evaluates the user's configuration; the stand-in only answers for the resources, from the provider's
//! schema. What AWS's rules fix (a bucket's ARN, a role's ARN from its path and name) is answered exactly, other text
//! with a symbol that is made from the resource's configuration and told by [`Session::given`]. No credentials are read
//! and no cloud is called.
//!
//! A symbol looks like a value, so that a function of it (a part, a hash, a comparison) is computed and cannot be told
//! from a value that is known. So a configuration is planned twice, with both [`Salt`]s: what differs between the two
//! plans, other than by the symbols themselves, depends on a value that nobody knows yet.
//!
//! With [`serve_before`] it stands in front of a [`Real`] provider, which says what its schema is, whether arguments are right,
//! what it plans of them and what its functions come to; the stand-in fills in what that leaves unknown.
//!
//! ```no_run
//! use narrows_terraform::standin::{ProviderSchemas, Salt, Session, Surroundings, serve};
//!
//! let session = Session::new(Salt::First, Surroundings::default());
//! let served = serve(&session, &ProviderSchemas::embedded()?, "registry.terraform.io/hashicorp/aws")?;
//! let (source, how) = served.reattach();
//! let reattach = serde_json::json!({source: how}).to_string();
//! std::process::Command::new("terraform").arg("plan").env("TF_REATTACH_PROVIDERS", reattach).status()?;
//! println!("{:?}", session.given());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod aws;
mod bucket_id;
mod configured;
mod data_source;
mod document;
mod fill;
mod forward;
mod made;
mod provider;
mod raw;
mod real;
mod schema;
mod server;
mod session;
mod used;
mod value;
mod wire;

pub use crate::symbolic::Given;
pub use real::{Handshake, HandshakeError, Launch, Launched, Protocol, Real, RealError, Running};
pub use schema::{ProviderSchemas, SchemaError, Unread};
pub use server::{ServeError, Served, serve, serve_before};
pub use session::{ALIKE, Salt, Session, Surroundings};
pub use used::Used;
