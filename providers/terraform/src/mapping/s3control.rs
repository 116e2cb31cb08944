//! `aws_s3control_multi_region_access_point`, its policy and its routes.

use super::s3::{read_block, with_block};
use super::{Args, Fields};
use crate::error::ReadError;
use narrows_model::resources::s3::PublicAccessBlock;
use narrows_model::resources::s3control::{
    Dial, MrapBucket, MultiRegionAccessPoint, MultiRegionAccessPointPolicy, MultiRegionAccessPointRoutes,
    Route,
};

pub(super) fn access_point(it: &MultiRegionAccessPoint) -> Args {
    let bucket = |bucket: &MrapBucket| {
        Args::default()
            .input("bucket", &bucket.bucket)
            .optional_text("bucket_account_id", bucket.account.as_ref().map(|account| account.as_str()))
    };
    let details = Args::default()
        .input("name", &it.name)
        .block("public_access_block", with_block(Args::default(), it.public_access_block))
        .blocks("region", it.buckets.iter().map(bucket));
    Args::default().optional_input("account_id", it.account.as_ref()).block("details", details)
}

pub(super) fn read_access_point(fields: &Fields<'_>) -> Result<MultiRegionAccessPoint, ReadError> {
    let details = fields.required_block("details")?;
    let bucket = |block: Fields<'_>| {
        Ok(MrapBucket {
            bucket: block.required_input("bucket")?,
            account: block.known("bucket_account_id", "twelve digits")?,
        })
    };
    let name = details.required_input("name")?;
    let buckets = details.blocks("region")?;
    if buckets.is_empty() {
        return Err(details.missing("region", "a block for each bucket"));
    }
    Ok(MultiRegionAccessPoint {
        name,
        account: fields.input("account_id")?,
        buckets: buckets.into_iter().map(bucket).collect::<Result<_, ReadError>>()?,
        public_access_block: match details.block("public_access_block")? {
            Some(block) => read_block(&block, true)?,
            None => PublicAccessBlock::ALL,
        },
        alias: fields.known("alias", "an alias that ends in `.mrap`")?,
    })
}

pub(super) fn policy(it: &MultiRegionAccessPointPolicy) -> Args {
    let details = Args::default().input("name", &it.mrap).document("policy", &it.policy);
    Args::default().block("details", details)
}

pub(super) fn read_policy(fields: &Fields<'_>) -> Result<MultiRegionAccessPointPolicy, ReadError> {
    let details = fields.required_block("details")?;
    Ok(MultiRegionAccessPointPolicy {
        mrap: details.required_input("name")?,
        policy: details.required_document("policy")?,
    })
}

pub(super) fn routes(it: &MultiRegionAccessPointRoutes) -> Args {
    let route = |route: &Route| {
        Args::default()
            .input("bucket", &route.bucket)
            .input("region", &route.region)
            .number("traffic_dial_percentage", route.dial.percentage())
    };
    Args::default().input("mrap", &it.mrap).blocks("route", it.routes.iter().map(route))
}

pub(super) fn read_routes(fields: &Fields<'_>) -> Result<MultiRegionAccessPointRoutes, ReadError> {
    let route = |block: Fields<'_>| {
        let dials = [("100", Dial::Active), ("0", Dial::Passive)];
        Ok(Route {
            bucket: block.required_input("bucket")?,
            region: block.required_input("region")?,
            dial: block.required_word("traffic_dial_percentage", &dials)?,
        })
    };
    Ok(MultiRegionAccessPointRoutes {
        mrap: fields.required_input("mrap")?,
        routes: fields.blocks("route")?.into_iter().map(route).collect::<Result<_, ReadError>>()?,
    })
}
