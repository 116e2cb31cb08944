//! Resources that are the whole policy of another one: bucket policies, key policies, policies of endpoints.

use narrows_model::{Attribute, Body, Deployment, Input, Kind, Part, Region, Resource, ResourceId, Text};

/// One such resource.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    /// The kinds of what it is of.
    pub kinds: &'static [Kind],
    /// What it names.
    pub target: Text,
    /// The Region that it is in, where that is known: keys of several Regions may have one id.
    pub region: Option<Region>,
    /// Its URN.
    pub address: String,
}

/// Whether a resource's policy is held by one of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Held {
    Yes,
    /// By this one perhaps, whose target is not known.
    Perhaps(String),
    No,
}

/// Whether one of these holds the policy of a bucket, key or endpoint.
pub(super) fn held(holders: &[Holder], deployment: &Deployment, id: &ResourceId) -> Held {
    let (mut perhaps, own) = (None, names(deployment, id));
    for holder in holders.iter().filter(|holder| holder.kinds.contains(&id.kind)) {
        match is_of(holder, deployment, id, &own) {
            Some(true) => return Held::Yes,
            Some(false) => {}
            None => perhaps = perhaps.or(Some(&holder.address)),
        }
    }
    perhaps.map_or(Held::No, |address| Held::Perhaps(address.clone()))
}

/// What names a resource: its id and its ARN.
fn names(deployment: &Deployment, id: &ResourceId) -> [Text; 2] {
    [Attribute::Id, Attribute::Arn].map(|attribute| deployment.value_of(&id.attribute(attribute)))
}

/// Whether a holder's target is a resource; `None` where that is not known.
fn is_of(holder: &Holder, deployment: &Deployment, id: &ResourceId, own: &[Text; 2]) -> Option<bool> {
    let named = match holder.target.as_reference().and_then(|to| deployment.get(&to.resource)) {
        // What an alias stands for is meant.
        Some(Resource { body: Body::KeyAlias(alias), .. }) => alias.target.to_text(),
        _ => holder.target.clone(),
    };
    if let Some(reference) = named.as_reference() {
        return Some(reference.resource == *id);
    }
    let target = deployment.expand(&named);
    if own.contains(&target) {
        return in_region(holder.region, deployment, id, own);
    }
    if let Some((region, key)) = key_arn(&target)
        && own.contains(&Text::literal(key))
    {
        return in_region(Some(region), deployment, id, own);
    }
    if target.first_unknown().is_some() {
        return if own.iter().any(|own| may_be(&target, own)) { None } else { Some(false) };
    }
    // A name that is not known may be this one, unless another resource has it.
    let is_anothers = || {
        let others = deployment.resources().filter(|it| it.id != *id && holder.kinds.contains(&it.id.kind));
        others.map(|other| names(deployment, &other.id)).any(|names| names.contains(&target))
    };
    let [name, _] = own;
    let is_open = name.first_unknown().is_some();
    if is_open && target.as_literal().is_some() && !is_anothers() { None } else { Some(false) }
}

/// Whether what has these names is the one in a Region: where no other has them, it is.
fn in_region(
    region: Option<Region>,
    deployment: &Deployment,
    id: &ResourceId,
    own: &[Text; 2],
) -> Option<bool> {
    let [name, _] = own;
    let keys = [Kind::Key, Kind::ReplicaKey];
    let others = deployment.resources().filter(|it| it.id != *id && keys.contains(&it.id.kind));
    let is_shared = keys.contains(&id.kind)
        && others.map(|it| deployment.value_of(&it.id.attribute(Attribute::Id))).any(|it| it == *name);
    let here = deployment.get(id).and_then(|it| it.region.as_ref()).and_then(Input::as_known).copied();
    match (region, here) {
        (Some(region), Some(here)) if keys.contains(&id.kind) => Some(region == here),
        _ if is_shared => None,
        _ => Some(true),
    }
}

/// Region and id in the ARN of a key.
fn key_arn(target: &Text) -> Option<(Region, &str)> {
    let fields: Vec<&str> = target.as_literal()?.splitn(6, ':').collect();
    let [_, _, "kms", region, _, resource] = fields.as_slice() else { return None };
    Some((region.parse().ok()?, resource.strip_prefix("key/")?))
}

/// Whether a text of which a part is not known can be another.
fn may_be(target: &Text, own: &Text) -> bool {
    let Some(own) = own.as_literal() else { return true };
    let (first, last) = (target.parts().first(), target.parts().last());
    let begins = match first {
        Some(Part::Literal(literal)) => own.starts_with(literal.as_str()),
        _ => true,
    };
    let ends = match last {
        Some(Part::Literal(literal)) => own.ends_with(literal.as_str()),
        _ => true,
    };
    begins && ends
}
