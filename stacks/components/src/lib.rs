//! Typed stack components and the stack description.
//!
//! A [`Stack`] is a Multi-Region Access Point over one bucket a Region ([`MrapStack`]) and what is put on top of it:
//! [`ReplicationMesh`], [`FailoverRoutes`], [`PrivateAccess`] and [`Observability`]. [`Stack::build`] expands it into a
//! deployment and the owner's intent. [`StackSpec`] reads the same from `narrows.toml`.
//!
//! ```
//! use narrows_stacks::{FailoverRoutes, MrapStack, RegionalBucket, ReplicationMesh, Stack};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let london = RegionalBucket::new("eu-west-2".parse()?, "orders-eu-west-2".parse()?);
//! let virginia = RegionalBucket::new("us-east-1".parse()?, "orders-us-east-1".parse()?);
//! let mesh = ReplicationMesh::between(london.region(), virginia.region());
//! let routes = FailoverRoutes::active(london.region()).backup(virginia.region());
//! let mrap = MrapStack::new("orders".parse()?, "123456789012".parse()?, "orders".parse()?, london).bucket(virginia);
//! let composed = Stack::new(mrap).replicate(mesh).failover(routes).build()?;
//! assert_eq!(composed.deployment.mraps().count(), 1);
//! # Ok(())
//! # }
//! ```

mod error;
mod failover_routes;
pub mod intent_file;
pub mod logical;
mod mrap_stack;
mod note;
mod observability;
mod policies;
mod private_access;
mod region;
mod replication_mesh;
mod spec;
mod stack;

pub use error::{Fault, StackError, Subject};
pub use failover_routes::{ActiveRegion, FailoverRoutes};
pub use mrap_stack::{BreakGlass, ExemptService, Grant, MrapStack, RegionalBucket};
pub use note::Note;
pub use observability::{Observability, Thresholds};
pub use private_access::PrivateAccess;
pub use region::{MrapRegion, MrapRegionError};
pub use replication_mesh::ReplicationMesh;
pub use spec::{SpecError, StackSpec};
pub use stack::{Composed, Stack};
