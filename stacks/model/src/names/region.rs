use super::{NameError, Partition, display_and_serde, nearest};
use std::str::FromStr;

/// How a Region takes part in Multi-Region Access Points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MrapSupport {
    /// Enabled in every account.
    Default,
    /// Must be enabled in the accounts of the MRAP, of each bucket and of the endpoints first; not in the console.
    OptIn,
    /// No Multi-Region Access Point can include it.
    None,
}

/// An AWS Region.
///
/// Sources: S3 User Guide, "Multi-Region Access Point restrictions" (17 Regions) and "opt-in Regions" (12); the rest
/// are Regions that CloudFormation's provider list leaves out of `AWS::S3::MultiRegionAccessPoint`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(&'static str);

const DEFAULT: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];
const OPT_IN: [&str; 12] = [
    "af-south-1",
    "ap-east-1",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
];
const UNSUPPORTED: [&str; 9] = [
    "ap-east-2",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "cn-north-1",
    "cn-northwest-1",
    "mx-central-1",
    "us-gov-east-1",
    "us-gov-west-1",
];

impl Region {
    /// The five Regions whose S3 control endpoints take failover calls, in the order in which they are tried.
    pub const ROUTE_CONTROL: [Self; 5] = [
        Self("us-east-1"),
        Self("us-west-2"),
        Self("ap-southeast-2"),
        Self("ap-northeast-1"),
        Self("eu-west-1"),
    ];

    /// The one Region that takes all other Multi-Region Access Point control calls.
    pub const MRAP_CONTROL: Self = Self("us-west-2");

    /// Every Region that this version knows, in no particular order.
    pub fn all() -> impl Iterator<Item = Self> {
        DEFAULT.iter().chain(&OPT_IN).chain(&UNSUPPORTED).map(|code| Self(code))
    }

    /// The Regions that a Multi-Region Access Point can include, default ones first.
    pub fn mrap_capable() -> impl Iterator<Item = Self> {
        DEFAULT.iter().chain(&OPT_IN).map(|code| Self(code))
    }

    /// The Region's code.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// Whether and how the Region can be part of a Multi-Region Access Point.
    pub fn mrap_support(self) -> MrapSupport {
        if DEFAULT.contains(&self.0) {
            MrapSupport::Default
        } else if OPT_IN.contains(&self.0) {
            MrapSupport::OptIn
        } else {
            MrapSupport::None
        }
    }

    /// The partition that the Region belongs to.
    pub fn partition(self) -> Partition {
        if self.0.starts_with("cn-") {
            Partition::China
        } else if self.0.starts_with("us-gov-") {
            Partition::GovCloud
        } else {
            Partition::Aws
        }
    }
}

impl FromStr for Region {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::all().find(|region| region.0 == text).ok_or_else(|| {
            // A typo is more likely to mean a Region that can be used here, so those are tried first.
            let near = nearest(text, Self::mrap_capable().chain(Self::all()).map(Self::as_str));
            NameError::new("an AWS Region", text, "a Region code such as us-east-1")
                .with_nearest(near.map(str::to_owned))
        })
    }
}
display_and_serde!(Region);
