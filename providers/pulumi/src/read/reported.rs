//! Policies that buckets, keys and endpoints report as theirs.
//!
//! The provider reports what the policy was when it last looked, whoever gave it: a resource of its own may have, and this
//! update may take it away. What is reported counts where no such resource is or was in the stack.

use super::collect::{Collected, REPORTING};
use super::holders::{Held, Holder, held};
use crate::error::ReadError;
use narrows_model::resources::s3::BucketPolicy;
use narrows_model::{
    Attribute, Body, Input, Kind, Location, Resource, ResourceId, Text, Value, ValueKind, json,
};
use std::collections::{BTreeMap, BTreeSet};

/// A policy that is reported.
pub(super) struct Reported {
    /// The policy.
    pub policy: Value,
    /// What the resource was called before the update.
    pub before: ResourceId,
}

impl Collected<'_> {
    /// Gives endpoints the policies that are resources of their own.
    pub(super) fn attach_endpoint_policies(&mut self) {
        for it in std::mem::take(&mut self.endpoint_policies) {
            for resource in self.deployment.resources_mut() {
                let Body::VpcEndpoint(endpoint) = &mut resource.body else { continue };
                let is_referred = it.endpoint.as_reference().is_some_and(|to| to.resource == resource.id);
                if is_referred || (endpoint.id.is_some() && endpoint.id.as_ref() == it.endpoint.as_known()) {
                    endpoint.policy = it.policy.clone();
                }
            }
        }
    }

    /// Gives buckets, keys and endpoints the policies that no resource of its own holds for certain.
    pub(super) fn settle_policies(&mut self) -> Result<(), ReadError> {
        let all: Vec<(ResourceId, Location)> = self
            .deployment
            .resources()
            .filter(|resource| REPORTING.contains(&resource.id.kind))
            .map(|resource| (resource.id.clone(), resource.location.clone()))
            .collect();
        let mut is_relied_on = false;
        for (id, location) in all {
            let reported = self.reported.remove(&id);
            let unknown = |what: String| Value { kind: ValueKind::Text(Text::unknown(what)), location };
            let policy = match held(&self.holders, &self.deployment, &id) {
                Held::Yes => None,
                Held::Perhaps(holder) => Some(unknown(format!("the policy of {id}, which may be {holder}"))),
                Held::No => match reported {
                    None => None,
                    Some(reported) => match self.held_before(&reported.before) {
                        Held::Yes => None,
                        Held::Perhaps(holder) => {
                            Some(unknown(format!("the policy of {id}, which may have been {holder}")))
                        }
                        Held::No => {
                            is_relied_on = true;
                            Some(as_document(reported.policy))
                        }
                    },
                },
            };
            if let Some(policy) = policy {
                self.give(&id, policy)?;
            }
            self.take_away(&id);
        }
        self.take_away_elsewhere();
        if is_relied_on {
            self.deployment.assume(
                "a policy that is given outside the stack is the one that the provider reported when it last looked",
            );
        }
        Ok(())
    }

    /// Whether a resource of its own held a policy before the update.
    fn held_before(&self, id: &ResourceId) -> Held {
        held(&self.earlier.holders, &self.earlier.deployment, id)
    }

    /// Makes a policy unknown that the deletion of another one may take away: that of the same thing.
    ///
    /// The engine deletes once all is made, and the provider then takes away whatever policy is there.
    fn take_away(&mut self, id: &ResourceId) {
        let is_of = |holder: &&Holder| held(std::slice::from_ref(*holder), &self.deployment, id) != Held::No;
        let Some(by) = self.taken.iter().find(is_of).map(|holder| holder.address.clone()) else { return };
        let own: BTreeSet<String> =
            self.holders.iter().filter(is_of).map(|holder| holder.address.clone()).collect();
        for resource in self.deployment.resources_mut() {
            let is_own = own.contains(resource.address.as_str());
            let is_it = resource.id == *id;
            let policy = match &mut resource.body {
                Body::BucketPolicy(it)
                    if is_own || it.bucket.as_reference().is_some_and(|to| to.resource == *id) =>
                {
                    Some(&mut it.policy)
                }
                Body::KeyPolicy(it) if is_own => Some(&mut it.policy),
                Body::Key(it) if is_it => it.policy.as_mut(),
                Body::ReplicaKey(it) if is_it => it.policy.as_mut(),
                Body::VpcEndpoint(it) if is_it => it.policy.as_mut(),
                _ => None,
            };
            if let Some(policy) = policy {
                make_unknown(policy, &id.to_string(), &by);
            }
        }
    }

    /// The same of what is not in the stack itself, where both name it alike.
    fn take_away_elsewhere(&mut self) {
        let target = |holder: &Holder| self.deployment.expand(&holder.target);
        let mut doubtful: BTreeMap<String, (String, String)> = BTreeMap::new();
        for holder in &self.holders {
            let own = target(holder);
            let is_alike = |other: &&Holder| other.kinds == holder.kinds && target(other) == own;
            if let Some(other) = self.taken.iter().find(is_alike) {
                doubtful.insert(holder.address.clone(), (own.to_string(), other.address.clone()));
            }
        }
        for resource in self.deployment.resources_mut() {
            let Some((of, by)) = doubtful.get(resource.address.as_str()) else { continue };
            match &mut resource.body {
                Body::BucketPolicy(it) => make_unknown(&mut it.policy, of, by),
                Body::KeyPolicy(it) => make_unknown(&mut it.policy, of, by),
                _ => {}
            }
        }
    }

    fn give(&mut self, id: &ResourceId, policy: Value) -> Result<(), ReadError> {
        if id.kind == Kind::Bucket {
            return self.add_bucket_policy(id, policy);
        }
        for resource in self.deployment.resources_mut().filter(|resource| resource.id == *id) {
            match &mut resource.body {
                Body::Key(key) => key.policy = Some(policy.clone()),
                Body::ReplicaKey(key) => key.policy = Some(policy.clone()),
                Body::VpcEndpoint(endpoint) => endpoint.policy = Some(policy.clone()),
                _ => {}
            }
        }
        Ok(())
    }

    fn add_bucket_policy(&mut self, id: &ResourceId, policy: Value) -> Result<(), ReadError> {
        let address = self.deployment.get(id).map(|it| it.address.clone()).unwrap_or_default();
        let location = policy.location.clone();
        let bucket = Input::reference(id.attribute(Attribute::Id));
        self.push(Resource {
            id: ResourceId::new(Kind::BucketPolicy, format!("{} (reported by the bucket)", id.name)),
            region: None,
            body: Body::BucketPolicy(BucketPolicy { bucket, policy }),
            depends_on: Vec::new(),
            address,
            location,
        })
    }
}

/// Makes a policy of something unknown, since a deletion may take it away; of what is not known as a whole, the reason stays.
fn make_unknown(policy: &mut Value, of: &str, by: &str) {
    if policy.as_text().is_none_or(|text| text.as_literal().is_some()) {
        let what = format!("the policy of {of}, which the deletion of {by} may take away");
        policy.kind = ValueKind::Text(Text::unknown(what));
    }
}

/// A text that holds JSON as that.
fn as_document(policy: Value) -> Value {
    match json::parse_embedded(&policy) {
        Ok(inner) => Value { kind: ValueKind::Json(Box::new(inner)), location: policy.location },
        Err(_) => policy,
    }
}
