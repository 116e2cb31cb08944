//! The logical names of a stack's resources, which are a contract: another name makes the engine replace the resource.
//!
//! Each is a valid identifier of Terraform. Names depend on Regions (and client networks) alone, so adding or leaving
//! out a Region, or putting the description in another order, renames nothing.
//!
//! | resource | logical name | example |
//! |---|---|---|
//! | bucket and all that is configured on it | Region | `eu_west_2` |
//! | access point, its policy and routes, dashboard | `mrap` | `mrap` |
//! | replication role and its policy | `replication` | `replication` |
//! | VPC endpoint, its security group | Region | `eu_west_2` |
//! | ingress rule | Region and network | `eu_west_2_10_20_0_0_16` |
//! | alarm on replication | what, source, destination | `replication_latency_us_east_1_to_eu_west_2` |
//! | alarm on requests | what, Region | `server_errors_eu_west_2` |

use crate::MrapRegion;
use narrows_model::{Cidr, Kind, ResourceId};

/// The name of what a Region has one of: its code with underscores.
pub fn region(region: MrapRegion) -> String {
    region.as_str().replace('-', "_")
}

/// The id of a resource that each Region has one of.
pub fn in_region(kind: Kind, at: MrapRegion) -> ResourceId {
    ResourceId::new(kind, region(at))
}

/// The id of a resource that belongs to the access point.
pub fn of_mrap(kind: Kind) -> ResourceId {
    ResourceId::new(kind, "mrap")
}

/// The id of the replication role or of its policy.
pub fn of_replication(kind: Kind) -> ResourceId {
    ResourceId::new(kind, "replication")
}

/// The id of the rule that lets a network reach a Region's endpoint.
pub fn ingress(at: MrapRegion, client: &Cidr) -> ResourceId {
    let network = client.as_str().replace(['.', '/'], "_");
    ResourceId::new(Kind::SecurityGroupIngressRule, format!("{}_{network}", region(at)))
}

/// The id of an alarm on what goes from one Region to another.
pub fn alarm_between(what: &str, source: MrapRegion, destination: MrapRegion) -> ResourceId {
    ResourceId::new(Kind::MetricAlarm, format!("{what}_{}_to_{}", region(source), region(destination)))
}

/// The id of an alarm on one Region.
pub fn alarm_in(what: &str, at: MrapRegion) -> ResourceId {
    ResourceId::new(Kind::MetricAlarm, format!("{what}_{}", region(at)))
}
