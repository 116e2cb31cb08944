//! Typed names, resources, intent and the deployment graph.
//!
//! Everything here is pure: no file, clock, environment or network. A value that exists is valid; the only door to a
//! name is its `FromStr`.

pub mod date;
mod deployment;
mod input;
pub mod intent;
pub mod join;
pub mod json;
mod location;
pub mod names;
mod outline;
mod reference;
pub mod resources;
mod shared;
mod symbol;
mod text;
pub mod token;
mod value;

pub use deployment::{Deployment, GraphError};
pub use input::Input;
pub use intent::Intent;
pub use location::{Location, OutlineOf, Source, Span};
pub use names::{
    AccountId, Arn, BucketName, Cidr, ControlPolicyId, GroupName, KeyName, KeyPrefix, MrapAlias, MrapArn,
    MrapName, NameError, OrganisationId, OrganisationNode, Partition, PolicyName, Region, RoleArn, RoleName,
    RolePath, SecurityGroupId, ServicePrincipal, StackName, SubnetId, UserName, VpcEndpointId, VpcId,
};
pub use outline::Outline;
pub use reference::{Attribute, Kind, Reference, ResourceId};
pub use resources::{Body, Resource};
pub use shared::Shared;
pub use smol_str::SmolStr;
pub use symbol::{Shape, Symbol, Symbols, is_symbol, may_be_same};
pub use text::{Part, Text, TextBuilder};
pub use value::{Member, Value, ValueKind};
