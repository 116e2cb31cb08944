use super::{NameError, display_and_serde, nearest};
use std::str::FromStr;

/// An AWS partition, the second field of an ARN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Partition {
    /// `aws`, the commercial Regions.
    #[default]
    Aws,
    /// `aws-cn`, China.
    China,
    /// `aws-us-gov`, GovCloud.
    GovCloud,
}

impl Partition {
    /// All partitions.
    pub const ALL: [Self; 3] = [Self::Aws, Self::China, Self::GovCloud];

    /// The partition as an ARN spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::China => "aws-cn",
            Self::GovCloud => "aws-us-gov",
        }
    }
}

impl FromStr for Partition {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::ALL.into_iter().find(|partition| partition.as_str() == text).ok_or_else(|| {
            NameError::new("an AWS partition", text, "aws, aws-cn or aws-us-gov")
                .with_nearest(nearest(text, Self::ALL.map(Self::as_str)).map(str::to_owned))
        })
    }
}
display_and_serde!(Partition);
