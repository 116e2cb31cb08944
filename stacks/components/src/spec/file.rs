//! The shape of `narrows.toml`; doc comments become the descriptions of its JSON Schema.

use super::given::{Given, Placed, Reason};
use crate::MrapRegion;
use narrows_model::date::Date;
use narrows_model::intent::{Access, Severity, TlsVersion};
use narrows_model::{
    AccountId, Arn, BucketName, Cidr, KeyPrefix, MrapName, OrganisationId, RoleArn, ServicePrincipal,
    StackName, SubnetId, VpcId,
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::Deserialize;
use std::num::NonZeroU64;

/// A stack of an Amazon S3 Multi-Region Access Point, as Narrows composes and proves it.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", schemars(title = "narrows.toml"))]
pub(super) struct File {
    /// The stack itself.
    pub(super) stack: StackTable,
    /// The Multi-Region Access Point; none of its settings, nor its set of buckets, can change later.
    pub(super) mrap: MrapTable,
    /// The buckets, one in each Region, 17 at most.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 17)))]
    pub(super) bucket: Placed<Vec<BucketTable>>,
    /// Which roles reach data through the access point. Default: none.
    #[serde(default)]
    pub(super) grant: Vec<GrantTable>,
    /// Roles that may go past the access point when nothing else helps. Default: none.
    #[serde(default)]
    pub(super) break_glass: Vec<BreakGlassTable>,
    /// AWS services that may go past the access point. Default: none.
    #[serde(default)]
    pub(super) exempt_service: Vec<ExemptServiceTable>,
    /// What is accepted, or weighs less, than the guardrails say. Default: nothing.
    #[serde(default, rename = "override")]
    pub(super) overrides: Vec<OverrideTable>,
    /// Files and folders with guardrails of your own, in Cedar, beside this description. Default: none.
    #[serde(default)]
    pub(super) guardrails: Vec<String>,
    /// Two-way replication between all buckets. Left out: none.
    pub(super) replication: Option<Placed<ReplicationTable>>,
    /// Which Regions take traffic. Left out: all of them.
    pub(super) failover: Option<Placed<FailoverTable>>,
    /// VPC endpoints, one in each Region; with any, data is reached through them alone. Default: none.
    #[serde(default)]
    pub(super) private_access: Vec<Placed<PrivateAccessTable>>,
    /// Alarms, request metrics and a dashboard. Left out: none.
    pub(super) observability: Option<ObservabilityTable>,
}

/// The stack itself.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct StackTable {
    /// Begins the names of the role, alarms, security groups and dashboard that the stack makes.
    pub(super) name: Given<StackName>,
    /// The AWS account that is deployed to.
    pub(super) account: Given<AccountId>,
    /// The ARN of the role or user that deploys, which is proved never to be locked out. Left out: not asked.
    pub(super) deployer: Option<Given<Arn>>,
    /// The organisation that the account belongs to. Left out: not asked.
    pub(super) organisation: Option<Given<OrganisationId>>,
    /// The least TLS version, 1.2 or 1.3. Default: 1.2.
    pub(super) minimum_tls: Option<Given<TlsVersion>>,
}

/// The Multi-Region Access Point.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct MrapTable {
    /// Its name, used in management calls alone; clients use the ARN, which S3 makes up.
    pub(super) name: Given<MrapName>,
}

/// A bucket.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct BucketTable {
    /// Its Region.
    pub(super) region: Given<MrapRegion>,
    /// Its name, unique across all accounts.
    pub(super) name: Given<BucketName>,
}

/// What a role may do through the access point.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct GrantTable {
    /// The ARN of the role, which exists already.
    pub(super) role: Given<RoleArn>,
    /// read: get and list; write: put; read-write: both, and delete.
    pub(super) access: Given<Access>,
    /// Only keys that begin with this. Default: all keys.
    pub(super) prefix: Option<Given<KeyPrefix>>,
}

/// A role that may go past the access point and the endpoints.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct BreakGlassTable {
    /// The ARN of the role, of the stack's account.
    pub(super) role: Given<RoleArn>,
    /// What it is for.
    pub(super) reason: Given<Reason>,
    /// The last day on which it holds (UTC); the policies deny from the next day on. Left out: no end.
    pub(super) expires: Option<Given<Date>>,
}

/// A decision about a guardrail: to accept that it does not hold, or to weigh it differently.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct OverrideTable {
    /// The guardrail's id, such as no-new-paths.
    pub(super) guardrail: String,
    /// The name of what it is about, such as a bucket. Left out: all that the guardrail is asked about.
    pub(super) subject: Option<String>,
    /// The severity that it is given: low, medium or high. Left out: it is accepted that the guardrail does not hold.
    pub(super) severity: Option<Given<Severity>>,
    /// Why.
    pub(super) reason: Given<Reason>,
    /// The last day on which it holds (UTC). Left out: no end.
    pub(super) expires: Option<Given<Date>>,
}

/// An AWS service that may go past the access point and the endpoints.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ExemptServiceTable {
    /// The service's principal, such as logging.s3.amazonaws.com.
    pub(super) service: Given<ServicePrincipal>,
    /// What it may do on behalf of the stack's account. read: get and list; write: put; read-write: both, and delete.
    pub(super) access: Given<Access>,
    /// Only keys that begin with this. Default: all keys.
    pub(super) prefix: Option<Given<KeyPrefix>>,
    /// What it is for.
    pub(super) reason: Given<Reason>,
}

/// Two-way replication between all buckets.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ReplicationTable {
    /// Whether S3 promises to replicate within 15 minutes. Default: true.
    #[serde(default = "on")]
    pub(super) time_control: bool,
    /// Whether what is deleted in one Region disappears in all. Default: true.
    #[serde(default = "on")]
    pub(super) delete_markers: bool,
    /// Whether changes to tags, ACLs and locks of replicas are carried back. Default: true.
    #[serde(default = "on")]
    pub(super) replica_modifications: bool,
}

fn on() -> bool {
    true
}

/// Which Regions take traffic, and in which order the others take over; each Region of the access point is named once.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct FailoverTable {
    /// The Regions that take traffic.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub(super) active: Placed<Vec<Given<MrapRegion>>>,
    /// The Region that takes over first. Left out: no order is declared, which only suits several active Regions.
    pub(super) backup: Option<Given<MrapRegion>>,
    /// The Regions that take over after that, in this order. Default: none.
    #[serde(default)]
    pub(super) passive: Vec<Given<MrapRegion>>,
    /// The ARNs of the roles or users that may change the routes. Default: none.
    #[serde(default)]
    pub(super) operators: Vec<Given<Arn>>,
}

/// A VPC endpoint for the access point.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct PrivateAccessTable {
    /// The Region of the VPC.
    pub(super) region: Given<MrapRegion>,
    /// The VPC.
    pub(super) vpc: Given<VpcId>,
    /// The subnets that get a network interface, one in each Availability Zone.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub(super) subnets: Placed<Vec<Given<SubnetId>>>,
    /// The IPv4 networks whose clients may connect.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub(super) clients: Placed<Vec<Given<Cidr>>>,
}

/// When alarms go off, and whom they notify.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ObservabilityTable {
    /// Replication latency above this many seconds. Default: 900, what Replication Time Control promises.
    pub(super) replication_latency_seconds: Option<NonZeroU64>,
    /// More operations than this waiting to be replicated for 15 minutes. Default: 1000.
    pub(super) pending_operations: Option<NonZeroU64>,
    /// More bytes than this waiting to be replicated for 15 minutes. Default: 10737418240 (10 GiB).
    pub(super) pending_bytes: Option<NonZeroU64>,
    /// This many operations that failed to replicate within 5 minutes. Default: 1.
    pub(super) failed_operations: Option<NonZeroU64>,
    /// This many answers with a 5xx status within 5 minutes. Default: 10.
    pub(super) server_errors: Option<NonZeroU64>,
    /// More milliseconds than this until the first byte of an answer, on average over 15 minutes. Default: 1000.
    pub(super) first_byte_latency_milliseconds: Option<NonZeroU64>,
    /// The ARNs of SNS topics; alarms of a Region notify the topics of that Region. Default: nobody.
    #[serde(default)]
    pub(super) notify: Vec<Given<Arn>>,
}
