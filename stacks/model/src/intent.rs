//! What the owner declared; never read out of the policies under test.

use crate::VpcEndpointId;
use crate::date::Date;
use crate::names::{NameError, nearest};
use crate::{
    AccountId, Arn, BucketName, MrapArn, MrapName, OrganisationId, ResourceId, RoleArn, ServicePrincipal,
};
use std::fmt;
use std::str::FromStr;

/// The owner's declarations about a deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intent {
    /// The account that is deployed to.
    pub account: Option<AccountId>,
    /// The organisation that it belongs to.
    pub organisation: Option<OrganisationId>,
    /// Who is to reach data, and how.
    pub grants: Vec<Grant>,
    /// Who may go past the MRAP and the endpoints.
    pub exemptions: Vec<Exemption>,
    /// Who deploys, and must keep control of the buckets' configuration.
    pub deployer: Option<Arn>,
    /// Who may change routes.
    pub failover_operators: Vec<Arn>,
    /// The endpoints that all data must come through; `None` where nothing was said of them.
    pub endpoints: Option<Vec<Endpoint>>,
    /// The least TLS version.
    pub minimum_tls: Option<TlsVersion>,
    /// Which MRAPs each bucket may be reached through, beyond what the deployment's own MRAPs say.
    pub memberships: Vec<Membership>,
    /// What is accepted, or weighs less, than the guardrails say.
    pub overrides: Vec<Override>,
}

/// A promise that a role reaches data through an MRAP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: RoleArn,
    /// What it may do.
    pub access: Access,
    /// The MRAP that it goes through.
    pub mrap: MrapName,
    /// Only keys with this prefix; empty for all.
    pub prefix: String,
}

/// What a grant lets a role do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Read and list objects.
    Read,
    /// Write objects.
    Write,
    /// Read, list, write and delete objects.
    ReadWrite,
}

impl Access {
    /// All kinds of access.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::ReadWrite];

    /// The S3 actions that this access means, on objects and on the bucket.
    pub fn actions(self) -> &'static [&'static str] {
        match self {
            Self::Read => &["s3:GetObject", "s3:ListBucket"],
            Self::Write => &["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
            Self::ReadWrite => &[
                "s3:AbortMultipartUpload",
                "s3:DeleteObject",
                "s3:GetObject",
                "s3:ListBucket",
                "s3:ListMultipartUploadParts",
                "s3:PutObject",
            ],
        }
    }

    /// The word that descriptions and files use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::ReadWrite => "read-write",
        }
    }
}

impl FromStr for Access {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::ALL.into_iter().find(|access| access.as_str() == text).ok_or_else(|| {
            NameError::new("a kind of access", text, "read, write or read-write")
                .with_nearest(nearest(text, Self::ALL.map(Self::as_str)).map(str::to_owned))
        })
    }
}

/// Someone who may go past the MRAP and the endpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// Who.
    pub who: Exempt,
    /// Why.
    pub reason: String,
    /// The last day on which it holds; `None` for no end.
    pub expires: Option<Date>,
}

/// A decision of the owner about a guardrail: to accept that it does not hold, or to weigh it differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The guardrail's id.
    pub guardrail: String,
    /// The subject's name, such as a bucket's; `None` for all that the guardrail is asked about.
    pub subject: Option<String>,
    /// The severity that it is given; `None` to accept that it does not hold.
    pub severity: Option<Severity>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds; `None` for no end.
    pub expires: Option<Date>,
}

/// How bad it is that a guardrail does not hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// To be mended.
    #[default]
    Medium,
    /// Data is open, or out of reach.
    High,
}

impl Severity {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == text).ok_or_else(|| {
            NameError::new("a severity", text, "low, medium or high")
                .with_nearest(nearest(text, Self::ALL.map(Self::as_str)).map(str::to_owned))
        })
    }
}

/// Who can be exempt: exact names, never patterns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exempt {
    /// A role, by its ARN.
    Role(RoleArn),
    /// The role that S3 replicates with, which is exempt for that alone.
    ReplicationRole(RoleArn),
    /// An AWS service, by its principal.
    Service(ServicePrincipal),
}

impl Exempt {
    /// The ARN or service name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Role(arn) | Self::ReplicationRole(arn) => arn.as_str(),
            Self::Service(name) => name.as_str(),
        }
    }
}

/// A VPC endpoint that data may come through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// One that exists.
    Id(VpcEndpointId),
    /// One of the deployment, whose id does not exist yet.
    Resource(ResourceId),
}

/// The MRAPs that a bucket may be reached through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The bucket.
    pub bucket: BucketName,
    /// The MRAPs.
    pub mraps: Vec<MrapArn>,
}

/// A TLS version, as `s3:TlsVersion` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsVersion {
    /// 1.2
    V1_2,
    /// 1.3
    V1_3,
}

impl TlsVersion {
    /// The version as a condition value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
        }
    }
}

impl FromStr for TlsVersion {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        [Self::V1_2, Self::V1_3]
            .into_iter()
            .find(|version| version.as_str() == text)
            .ok_or_else(|| NameError::new("a TLS version to ask for", text, "1.2 or 1.3"))
    }
}
