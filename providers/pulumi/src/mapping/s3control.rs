//! Multi-Region Access Points and their policies.

use super::{Fields, s3};
use crate::error::ReadError;
use narrows_model::resources::s3::PublicAccessBlock;
use narrows_model::resources::s3control::{MrapBucket, MultiRegionAccessPoint, MultiRegionAccessPointPolicy};
use narrows_model::{Attribute, Kind, Value};

pub(super) fn access_point(fields: &Fields<'_>) -> Result<MultiRegionAccessPoint, ReadError> {
    let details = fields.required_object("details")?;
    let regions = details.objects("regions")?;
    if regions.is_empty() {
        return Err(details.missing("regions", "an object for each bucket"));
    }
    let mut names: Vec<Value> = Vec::new();
    for region in &regions {
        let bucket = region.get("bucket").ok_or_else(|| region.missing("bucket", "a bucket's name"))?;
        names.push(bucket.clone());
    }
    let names = details.all_named("bucket", &names, &[Kind::Bucket], &Attribute::Id)?;
    let bucket = |(bucket, region): (_, &Fields<'_>)| {
        Ok(MrapBucket { bucket, account: region.known("bucketAccountId", "twelve digits")? })
    };
    Ok(MultiRegionAccessPoint {
        name: details.required_input("name")?,
        account: fields.input("accountId")?,
        buckets: names.into_iter().zip(&regions).map(bucket).collect::<Result<_, ReadError>>()?,
        public_access_block: match details.object("publicAccessBlock")? {
            Some(block) => s3::block(&block, true)?,
            None => PublicAccessBlock::ALL,
        },
        alias: fields.known("alias", "an alias that ends in `.mrap`")?,
    })
}

pub(super) fn policy(fields: &Fields<'_>) -> Result<MultiRegionAccessPointPolicy, ReadError> {
    let details = fields.required_object("details")?;
    let name = Attribute::Other("name".to_owned());
    Ok(MultiRegionAccessPointPolicy {
        mrap: details.required_named("name", &[Kind::MultiRegionAccessPoint], name)?,
        policy: details.required_document("policy")?,
    })
}
