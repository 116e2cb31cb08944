//! `--mrap`: which access points the input's buckets may be reached through.

use crate::args::{Declared, NamedMrap};
use crate::failure::Failure;
use narrows_model::intent::Membership;
use narrows_model::{
    AccountId, Attribute, Body, BucketName, Deployment, Input, Intent, Kind, MrapArn, Resource, ResourceId,
    Value, ValueKind,
};
use std::collections::{BTreeMap, BTreeSet};

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
            its if its.is_some_and(|its| its.as_str() == name) || resource.address.as_str() == name => {
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
    let nearest = narrows_model::names::nearest(name, known.iter().map(String::as_str));
    Err(match nearest {
        Some(nearest) => failure.help(format!("did you mean `{nearest}`?")),
        None => failure,
    })
}

/// Takes the one literal ARN of an MRAP that the policies name to be that of the one MRAP of the same account that has none.
///
/// Which access point a policy means by a literal is not in the input; the assumption is printed with each verdict.
pub(super) fn assume(deployment: &mut Deployment) {
    let known: BTreeSet<String> = deployment
        .mraps()
        .filter(|(_, mrap)| mrap.alias.is_some())
        .filter_map(|(id, _)| Some(deployment.value_of(&id.arn()).as_literal()?.to_owned()))
        .collect();
    let mut open: BTreeMap<AccountId, Vec<(ResourceId, String)>> = BTreeMap::new();
    for (id, mrap) in deployment.mraps().filter(|(_, mrap)| mrap.alias.is_none()) {
        let own = mrap.account.as_ref().and_then(Input::as_known);
        if let Some(account) = own.or(deployment.account_of(id)) {
            open.entry(account.clone()).or_default().push((id.clone(), mrap.name.to_text().to_string()));
        }
    }
    if open.is_empty() {
        return;
    }
    let mut named = BTreeSet::new();
    for resource in deployment.resources() {
        let policy = match &resource.body {
            Body::BucketPolicy(it) => Some(&it.policy),
            Body::MultiRegionAccessPointPolicy(it) => Some(&it.policy),
            Body::VpcEndpoint(it) => it.policy.as_ref(),
            _ => None,
        };
        policy.into_iter().for_each(|policy| literals(policy, &mut named));
    }
    named.retain(|arn| !known.contains(arn.as_str()));
    for (account, mraps) in open {
        let mut of_account = named.iter().filter(|arn| *arn.account() == account);
        let ([(id, name)], Some(arn), None) = (mraps.as_slice(), of_account.next(), of_account.next()) else {
            continue;
        };
        let its = deployment.resources_mut().find(|resource| resource.id == *id);
        let Some(Body::MultiRegionAccessPoint(mrap)) = its.map(|resource| &mut resource.body) else {
            continue;
        };
        mrap.alias = Some(arn.alias().clone());
        deployment.assume(format!(
            "{arn} is taken to be the ARN of the MRAP {name}, the only one without an ARN in account {account}; give another \
             with --mrap {name}=ARN"
        ));
    }
}

/// The ARNs of MRAPs, and of objects behind them, that a policy spells out.
fn literals(value: &Value, found: &mut BTreeSet<MrapArn>) {
    match &value.kind {
        ValueKind::Text(text) => {
            let whole =
                text.as_literal().filter(|text| text.starts_with("arn:") && text.contains(":accesspoint/"));
            let arn = whole.map(|text| text.split_once("/object").map_or(text, |(arn, _)| arn));
            found.extend(arn.and_then(|arn| arn.parse().ok()));
        }
        ValueKind::List(items) => items.iter().for_each(|item| literals(item, found)),
        ValueKind::Object(members) => members.iter().for_each(|member| literals(&member.value, found)),
        ValueKind::Json(inner) => literals(inner, found),
        ValueKind::Null | ValueKind::Bool(_) | ValueKind::Number(_) => {}
    }
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
