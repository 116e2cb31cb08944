//! Multi-Region Access Points and their policies.

use super::{Fields, s3};
use crate::error::ReadError;
use narrows_model::resources::s3::PublicAccessBlock;
use narrows_model::resources::s3control::{MrapBucket, MultiRegionAccessPoint, MultiRegionAccessPointPolicy};
use narrows_model::{AccountId, Attribute, Kind, Value};

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
    let mut accounts: Vec<Option<AccountId>> = Vec::new();
    for region in &regions {
        accounts.push(region.known("bucketAccountId", "twelve digits")?);
    }
    // Which of several buckets comes first is not known, so each could have another's account.
    let is_alike = accounts.windows(2).all(|pair| matches!(pair, [one, next] if one == next));
    let open = names.iter().filter(|name| name.first_unknown().is_some()).count();
    let kinds: &[Kind] = if is_alike || open < 2 { &[Kind::Bucket] } else { &[] };
    let names = details.all_named("bucket", &names, kinds, &Attribute::Id)?;
    let buckets = names.into_iter().zip(accounts).map(|(bucket, account)| MrapBucket { bucket, account });
    Ok(MultiRegionAccessPoint {
        name: details.required_input("name")?,
        account: fields.input("accountId")?,
        buckets: buckets.collect(),
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
