//! A state beside the configuration or plan that it is of.

use super::{JoinError, Read};
use crate::resources::{Body, Other, Resource, s3control};
use crate::{Attribute, Deployment, Kind, Reference, ResourceId, Text, Value, ValueKind};
use std::collections::BTreeSet;

/// How many names of resources a note lists.
const LISTED: usize = 3;

/// Fills what states know into the inputs that they are of, and takes those states out.
pub(super) fn settle(inputs: &mut Vec<Read>, notes: &mut Vec<String>) -> Result<(), JoinError> {
    let (states, mut others): (Vec<Read>, Vec<Read>) =
        std::mem::take(inputs).into_iter().partition(|input| input.is_state);
    let mut kept = Vec::new();
    for state in states {
        let mut of = Vec::new();
        for (index, other) in others.iter().enumerate() {
            if is_of(&state, other)? {
                of.push(index);
            }
        }
        if of.is_empty() {
            kept.push(state);
            continue;
        }
        let mut planned: BTreeSet<ResourceId> = BTreeSet::new();
        for other in of.iter().filter_map(|index| others.get(*index)) {
            planned.extend(other.deployment.resources().map(|resource| resource.id.clone()));
            notes.push(format!("{} tells what exists of {} already", state.name, other.name));
        }
        for index in of {
            if let Some(other) = others.get_mut(index) {
                fill(other, &state.deployment);
            }
        }
        notes.extend(gone(&state, &planned));
    }
    inputs.extend(others);
    inputs.extend(kept);
    Ok(())
}

/// The note on what a state has and nothing keeps.
fn gone(state: &Read, planned: &BTreeSet<ResourceId>) -> Option<String> {
    let matters =
        |resource: &&Resource| !planned.contains(&resource.id) && !matches!(resource.id.kind, Kind::Other(_));
    let left: Vec<&str> =
        state.deployment.resources().filter(matters).map(|resource| resource.address.as_str()).collect();
    let more = if left.len() > LISTED { ", …" } else { "" };
    let listed = left.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    (!left.is_empty()).then(|| format!("{} of {} will be gone: {listed}{more}", left.len(), state.name))
}

/// Whether a state is that of an input: they share addresses, and what stands there is called alike.
fn is_of(state: &Read, other: &Read) -> Result<bool, JoinError> {
    let mut shared = false;
    let mut differs = None;
    for resource in other.deployment.resources() {
        let Some(known) = remembered(&state.deployment, resource) else { continue };
        shared = true;
        match (name(&state.deployment, known), name(&other.deployment, resource)) {
            (Some(one), Some(two)) if one == two => return Ok(true),
            (Some(one), Some(two)) => {
                differs = differs.or(Some((resource.address.as_str().to_owned(), one, two)));
            }
            _ => {}
        }
    }
    match differs {
        Some((address, remembered, given)) => Err(JoinError::OtherState {
            state: state.name.clone(),
            of: other.name.clone(),
            address,
            remembered,
            given,
        }),
        None => Ok(shared),
    }
}

/// What a state has at a resource's address.
fn remembered<'s>(state: &'s Deployment, resource: &Resource) -> Option<&'s Resource> {
    let address = resource.address.as_str();
    state.get(&resource.id).filter(|known| !address.is_empty() && known.address.as_str() == address)
}

fn name(deployment: &Deployment, resource: &Resource) -> Option<String> {
    let attribute = match &resource.body {
        Body::Bucket(_) | Body::Role(_) => Attribute::Id,
        Body::MultiRegionAccessPoint(_) | Body::ManagedPolicy(_) => Attribute::Other("name".to_owned()),
        _ => return None,
    };
    Some(deployment.value_of(&resource.id.attribute(attribute)).as_literal()?.to_owned())
}

/// Fills in what a state knows and an input does not.
fn fill(input: &mut Read, state: &Deployment) {
    let deployment = &mut input.deployment;
    if deployment.account.is_none() {
        deployment.account.clone_from(&state.account);
    }
    let ids: BTreeSet<ResourceId> = deployment
        .resources()
        .filter(|resource| !input.replaced.contains(&resource.id) && remembered(state, resource).is_some())
        .map(|resource| resource.id.clone())
        .collect();
    let alike: BTreeSet<ResourceId> = deployment
        .mraps()
        .filter(|(id, mrap)| ids.contains(*id) && is_same_mrap(deployment, mrap, state, id))
        .map(|(id, _)| id.clone())
        .collect();
    for resource in deployment.resources_mut() {
        // Values of what Narrows does not model; a resource's own name may be among them.
        resource.body.replace_references(&mut |reference| {
            ids.contains(&reference.resource).then(|| other_value(state, reference))?
        });
        let Some(known) = state.get(&resource.id).filter(|known| ids.contains(&known.id)) else { continue };
        match (&mut resource.body, &known.body) {
            (Body::Bucket(it), Body::Bucket(known)) => fill_name(&mut it.name, &known.name),
            (Body::Role(it), Body::Role(known)) => fill_name(&mut it.name, &known.name),
            (Body::ManagedPolicy(it), Body::ManagedPolicy(known)) => fill_name(&mut it.name, &known.name),
            (Body::MultiRegionAccessPoint(it), Body::MultiRegionAccessPoint(known))
                if alike.contains(&resource.id) =>
            {
                it.alias = it.alias.take().or_else(|| known.alias.clone());
                it.account = it
                    .account
                    .take()
                    .filter(|own| own.as_known().is_some())
                    .or_else(|| known.account.clone());
            }
            (Body::VpcEndpoint(it), Body::VpcEndpoint(known)) => {
                it.id = it.id.take().or_else(|| known.id.clone())
            }
            (Body::ControlPolicy(it), Body::ControlPolicy(known)) => {
                it.id = it.id.take().or_else(|| known.id.clone());
            }
            (Body::MemberAccount(it), Body::MemberAccount(known)) => {
                it.id = it.id.take().or_else(|| known.id.clone());
            }
            (Body::OrganisationalUnit(it), Body::OrganisationalUnit(known)) => {
                it.id = it.id.take().or_else(|| known.id.clone());
            }
            _ => {}
        }
    }
}

/// A name that an engine made up, or that only it can work out.
fn fill_name<T: Clone>(name: &mut Option<crate::Input<T>>, known: &Option<crate::Input<T>>) {
    if name.as_ref().is_none_or(|name| name.as_known().is_none()) {
        name.clone_from(known);
    }
}

/// Whether an MRAP is the one that a state has: nothing of it can change without its being made anew.
fn is_same_mrap(
    deployment: &Deployment,
    mrap: &s3control::MultiRegionAccessPoint,
    state: &Deployment,
    id: &ResourceId,
) -> bool {
    let Some(Body::MultiRegionAccessPoint(known)) = state.get(id).map(|resource| &resource.body) else {
        return false;
    };
    let named =
        |deployment: &Deployment, mrap: &s3control::MultiRegionAccessPoint| -> Option<BTreeSet<String>> {
            let name = |it: &s3control::MrapBucket| {
                Some(deployment.expand(&it.bucket.to_text()).as_literal()?.to_owned())
            };
            mrap.buckets.iter().map(name).collect()
        };
    let is_named_alike = match (mrap.name.as_known(), known.name.as_known()) {
        (Some(one), Some(two)) => one == two,
        _ => true,
    };
    let has_same_buckets = match (named(deployment, mrap), named(state, known)) {
        (Some(one), Some(two)) => one == two,
        _ => mrap.buckets.len() == known.buckets.len(),
    };
    is_named_alike && has_same_buckets && mrap.public_access_block == known.public_access_block
}

/// A value of a resource that Narrows does not model, as a state has it.
fn other_value(state: &Deployment, reference: &Reference) -> Option<Text> {
    let (Body::Other(Other { arguments, .. }), attribute) =
        (&state.get(&reference.resource)?.body, &reference.attribute)
    else {
        return None;
    };
    let value: &Value = match attribute {
        Attribute::Other(name) => arguments.get(name)?,
        Attribute::Arn => arguments.get("arn")?,
        Attribute::Id => arguments.get("id")?,
        Attribute::Alias | Attribute::DomainName => return None,
    };
    match &value.kind {
        ValueKind::Text(text) => text.as_literal().map(Text::literal),
        ValueKind::Number(number) => Some(Text::literal(number.as_str())),
        _ => None,
    }
}
