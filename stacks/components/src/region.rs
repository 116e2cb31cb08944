use narrows_model::names::MrapSupport;
use narrows_model::{NameError, Region};
use std::fmt;
use std::str::FromStr;

/// A Region that a Multi-Region Access Point can include.
///
/// A plain [`Region`] is not enough to put a bucket into a stack:
///
/// ```compile_fail,E0308
/// # use narrows_model::Region;
/// # use narrows_stacks::RegionalBucket;
/// let region: Region = "us-gov-west-1".parse().unwrap();
/// RegionalBucket::new(region, "orders-gov".parse().unwrap());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MrapRegion(Region);

/// Why a text is no [`MrapRegion`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MrapRegionError {
    /// No Region at all.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A Region, and one that no access point can include.
    #[error(
        "`{0}` cannot be part of a Multi-Region Access Point: expected one of the 17 Regions that every account has, \
         such as us-east-1, or of the 12 that can be enabled, such as af-south-1"
    )]
    Unsupported(Region),
}

impl MrapRegion {
    /// The Region.
    pub fn region(self) -> Region {
        self.0
    }

    /// The Region's code.
    pub fn as_str(self) -> &'static str {
        self.0.as_str()
    }

    /// Whether the Region must be enabled in every account that takes part before it can be used.
    pub fn is_opt_in(self) -> bool {
        self.0.mrap_support() == MrapSupport::OptIn
    }
}

impl TryFrom<Region> for MrapRegion {
    type Error = MrapRegionError;

    fn try_from(region: Region) -> Result<Self, MrapRegionError> {
        match region.mrap_support() {
            MrapSupport::Default | MrapSupport::OptIn => Ok(Self(region)),
            MrapSupport::None => Err(MrapRegionError::Unsupported(region)),
        }
    }
}

impl FromStr for MrapRegion {
    type Err = MrapRegionError;

    fn from_str(text: &str) -> Result<Self, MrapRegionError> {
        Self::try_from(text.parse::<Region>()?)
    }
}

impl fmt::Display for MrapRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
