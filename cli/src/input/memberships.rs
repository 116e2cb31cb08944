//! `--mrap`: which access points the input's buckets may be reached through.

use crate::args::{Declared, NamedMrap};
use crate::failure::Failure;
use narrows_model::intent::Membership;
use narrows_model::{Attribute, Body, BucketName, Deployment, Input, Intent, Kind, Resource};
use std::collections::BTreeSet;

/// Takes `--mrap` and `--bucket` into account: a name gives an MRAP of the input its ARN, an ARN alone makes the buckets
/// members that belong to no MRAP of the input.
pub(super) fn declare(
    deployment: &mut Deployment,
    intent: &mut Intent,
    flags: &Declared,
    notes: &mut Vec<String>,
) -> Result<(), Failure> {
    if flags.mraps.is_empty() {
        return match &flags.bucket {
            None => Ok(()),
            Some(_) if flags.direct => Ok(()),
            Some(bucket) => Err(Failure::new(format!("--bucket `{bucket}` says nothing without --mrap"))
                .help("give the MRAP that the bucket is reached through, or leave --bucket out")),
        };
    }
    let mut elsewhere = Vec::new();
    for mrap in &flags.mraps {
        if !give_arn(deployment, mrap)? {
            elsewhere.push(mrap.arn.clone());
        }
    }
    if elsewhere.is_empty() {
        return Ok(());
    }
    let buckets = match &flags.bucket {
        Some(bucket) => {
            is_there(deployment, bucket)?;
            BTreeSet::from([bucket.clone()])
        }
        None => free_buckets(deployment, notes),
    };
    if buckets.is_empty() {
        return Err(Failure::new(
            "--mrap is about no bucket: those of the input belong to its own MRAPs, or have no known name",
        )
        .help("give the ARN of the input's MRAP as --mrap NAME=ARN, or name the bucket with --bucket"));
    }
    for bucket in buckets {
        intent.memberships.push(Membership { bucket, mraps: elsewhere.clone() });
    }
    Ok(())
}

/// Refuses a bucket that the input does not have, unless one of those that it has is not known by name.
fn is_there(deployment: &Deployment, bucket: &BucketName) -> Result<(), Failure> {
    let resources = deployment.of_kind(Kind::Bucket).chain(deployment.of_kind(Kind::BucketPolicy));
    let names: Option<BTreeSet<BucketName>> =
        resources.map(|resource| name_of(deployment, resource)).collect();
    let Some(names) = names.filter(|names| !names.contains(bucket)) else { return Ok(()) };
    let listed: Vec<&str> = names.iter().map(BucketName::as_str).collect();
    let expected = match listed.as_slice() {
        [] => "it has none".to_owned(),
        names => format!("expected {}", names.join(", ")),
    };
    let failure = Failure::new(format!("no bucket of the input is called `{bucket}`: {expected}"));
    Err(match narrows_model::names::nearest(bucket.as_str(), listed.iter().copied()) {
        Some(nearest) => failure.help(format!("did you mean `{nearest}`?")),
        None => failure,
    })
}

/// The name of the bucket that a bucket or its policy is about, where it is known.
fn name_of(deployment: &Deployment, resource: &Resource) -> Option<BucketName> {
    let text = match &resource.body {
        Body::BucketPolicy(policy) => deployment.expand(&policy.bucket.to_text()),
        _ => deployment.value_of(&resource.id.attribute(Attribute::Id)),
    };
    text.as_literal()?.parse().ok()
}

/// Gives the input's MRAP of that name its alias; false where the input has no MRAPs that it could be.
fn give_arn(deployment: &mut Deployment, given: &NamedMrap) -> Result<bool, Failure> {
    let Some(name) = &given.name else { return Ok(false) };
    let mut known = Vec::new();
    for resource in deployment.resources_mut() {
        let Body::MultiRegionAccessPoint(mrap) = &mut resource.body else { continue };
        match mrap.name.as_known() {
            Some(its) if its == name => {
                mrap.alias = Some(given.arn.alias().clone());
                mrap.account = Some(Input::known(given.arn.account().clone()));
                return Ok(true);
            }
            its => known.push(its.map_or_else(|| resource.id.name.clone(), ToString::to_string)),
        }
    }
    if known.is_empty() {
        return Ok(false);
    }
    let failure =
        Failure::new(format!("no MRAP of the input is called `{name}`: expected {}", known.join(", ")));
    let nearest = narrows_model::names::nearest(name.as_str(), known.iter().map(String::as_str));
    Err(match nearest {
        Some(nearest) => failure.help(format!("did you mean `{nearest}`?")),
        None => failure,
    })
}

/// The buckets with a known name that belong to no MRAP of the input.
fn free_buckets(deployment: &Deployment, notes: &mut Vec<String>) -> BTreeSet<BucketName> {
    let name = |input: &Input<BucketName>| -> Option<BucketName> {
        deployment.expand(&input.to_text()).as_literal()?.parse().ok()
    };
    let owned: BTreeSet<BucketName> = deployment
        .mraps()
        .flat_map(|(_, mrap)| mrap.buckets.iter().filter_map(|it| name(&it.bucket)))
        .collect();
    let mut free = BTreeSet::new();
    for resource in deployment.of_kind(Kind::Bucket).chain(deployment.of_kind(Kind::BucketPolicy)) {
        match name_of(deployment, resource) {
            Some(bucket) if owned.contains(&bucket) => {}
            Some(bucket) => {
                free.insert(bucket);
            }
            None if resource.id.kind == Kind::Bucket => notes.push(format!(
                "--mrap does not speak of {}, whose name is known only after deployment",
                shown(resource)
            )),
            None => {}
        }
    }
    free
}

fn shown(resource: &Resource) -> String {
    match resource.address.as_str() {
        "" => resource.id.to_string(),
        address => address.to_owned(),
    }
}
