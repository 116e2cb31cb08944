//! Amazon S3 Control: Multi-Region Access Points.

use super::{referring, s3::PublicAccessBlock};
use crate::{AccountId, Arn, BucketName, Input, MrapAlias, MrapName, Region, Value};

/// A Multi-Region Access Point; none of its settings can change after it was created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiRegionAccessPoint {
    /// Its name, used in management calls only.
    pub name: Input<MrapName>,
    /// The account that owns it, where it is not the deployment's.
    pub account: Option<Input<AccountId>>,
    /// Its buckets, one in each Region.
    pub buckets: Vec<MrapBucket>,
    /// Its public access settings.
    pub public_access_block: PublicAccessBlock,
    /// The alias, once it is created.
    pub alias: Option<MrapAlias>,
}
referring!(MultiRegionAccessPoint: name, account, buckets);

/// A bucket of an MRAP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MrapBucket {
    /// The bucket's name.
    pub bucket: Input<BucketName>,
    /// The account that owns it, where it is not the MRAP's.
    pub account: Option<AccountId>,
}
referring!(MrapBucket: bucket);

/// The policy of an MRAP; it can be replaced but never deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiRegionAccessPointPolicy {
    /// The MRAP's name.
    pub mrap: Input<MrapName>,
    /// The document.
    pub policy: Value,
}
referring!(MultiRegionAccessPointPolicy: mrap, policy);

/// Which buckets of an MRAP take traffic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiRegionAccessPointRoutes {
    /// The MRAP's ARN.
    pub mrap: Input<Arn>,
    /// One route for each bucket.
    pub routes: Vec<Route>,
}
referring!(MultiRegionAccessPointRoutes: mrap, routes);

/// The route to one bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The bucket's name.
    pub bucket: Input<BucketName>,
    /// The bucket's Region.
    pub region: Input<Region>,
    /// Whether it takes traffic.
    pub dial: Dial,
}
referring!(Route: bucket, region);

/// The traffic dial of a route; S3 gives a meaning to 0 and 100 alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dial {
    /// 100: takes traffic.
    Active,
    /// 0: takes none until it is made active.
    Passive,
}

impl Dial {
    /// The percentage that the API takes.
    pub fn percentage(self) -> u8 {
        match self {
            Self::Active => 100,
            Self::Passive => 0,
        }
    }
}
