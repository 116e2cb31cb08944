//! Settings of buckets whose names are known only after deployment: they may be those of any bucket that can have the name.

use super::build::Builder;
use super::unused::{endpoint_of, name};
use super::{AccessModel, Bucket, BucketAcl, IN_DOUBT, Policy};
use narrows_model::resources::s3::ObjectOwnership;
use narrows_model::{Body, Kind, Location, Resource, is_symbol, may_be_same};
use std::collections::BTreeSet;

impl Builder<'_> {
    /// Lets settings that may be any bucket's count as doubts of each bucket that has no such setting of its own.
    pub(super) fn unplaced(&mut self) {
        let deployment = self.deployment;
        let mut known = None;
        for resource in deployment.resources() {
            let named = match &resource.body {
                Body::BucketPolicy(it) => &it.bucket,
                Body::BucketOwnershipControls(it) => &it.bucket,
                Body::BucketAcl(it) => &it.bucket,
                Body::BucketEncryption(it) => &it.bucket,
                _ => continue,
            };
            if named.as_computed().is_none() {
                continue;
            }
            let name = self.resolve_input(named);
            // The name of a bucket of the input is its own, even where it is made up.
            let known: &BTreeSet<String> = known.get_or_insert_with(|| self.names());
            if !name.contains(is_symbol) || known.contains(&name) {
                continue;
            }
            self.spread(resource, &name);
        }
        self.nobodys();
    }

    /// Lets a bucket of which the input has only the name, such as a member of an MRAP, and that not in full, be in doubt where
    /// it may be another one of the input that has a policy.
    fn nobodys(&mut self) {
        let unknown = |model: &AccessModel, bucket: &Bucket| {
            let owned = |c: char| model.symbols.owner(c).is_some();
            bucket.name.chars().any(|c| is_symbol(c) && !owned(c)) && matches!(bucket.policy, Policy::None)
        };
        let of = |model: &AccessModel| -> Vec<usize> {
            let all = model.buckets.iter().enumerate();
            all.filter(|(_, bucket)| unknown(model, bucket)).map(|(index, _)| index).collect()
        };
        let unknown = of(&self.model);
        if unknown.is_empty() {
            return;
        }
        let known = self.names();
        for index in unknown {
            let Some(bucket) = self.model.buckets.get(index) else { continue };
            if known.contains(&bucket.name) {
                continue;
            }
            let others = self.model.buckets.iter().filter(|it| may_be_same(&it.name, &bucket.name));
            let policy = others.clone().find_map(|other| {
                let (name, location) = match &other.policy {
                    Policy::Document { name, document } => (name.clone(), document.location.clone()),
                    Policy::Unknown { name, location, .. } => (name.clone(), location.clone()),
                    Policy::Several { names } => (names.join(" and "), Location::none()),
                    Policy::None => return None,
                };
                let expression = format!(
                    "{IN_DOUBT}it is the policy of {}, and the bucket {}, which is known only after deployment, may be that one",
                    other.subject.name, bucket.subject.name
                );
                Some(Policy::Unknown { name, expression, location })
            });
            if let (Some(policy), Some(bucket)) = (policy, self.model.buckets.get_mut(index)) {
                bucket.policy = policy;
            }
        }
    }

    /// Lets policies of VPC endpoints that may be any endpoint's count as doubts of each that has no policy.
    pub(super) fn unplaced_endpoint_policies(&mut self) {
        let deployment = self.deployment;
        for resource in deployment.resources() {
            let Body::Other(other) = &resource.body else { continue };
            let Some(endpoint) = endpoint_of(other) else { continue };
            let id = self.resolve(endpoint);
            if !id.contains(is_symbol) || self.model.endpoints.iter().any(|it| it.id == id) {
                continue;
            }
            let expression = format!(
                "{IN_DOUBT}it belongs to the endpoint {}, which is known only after deployment",
                self.model.show(&id)
            );
            for endpoint in &mut self.model.endpoints {
                if matches!(endpoint.policy, Policy::None) {
                    endpoint.policy = Policy::Unknown {
                        name: name(resource),
                        expression: expression.clone(),
                        location: resource.location.clone(),
                    };
                }
            }
        }
    }

    /// The names of the buckets that the input has.
    fn names(&mut self) -> BTreeSet<String> {
        let deployment = self.deployment;
        let of = |resource: &Resource| resource.id.attribute(narrows_model::Attribute::Id);
        deployment.of_kind(Kind::Bucket).map(|resource| self.resolve(&of(resource).into())).collect()
    }

    fn spread(&mut self, resource: &Resource, unknown: &str) {
        let shown = self.model.show(unknown);
        let holder = name(resource);
        let mut assumed = Vec::new();
        for bucket in self.model.buckets.iter_mut().filter(|bucket| bucket.name != unknown) {
            if !may_be_same(unknown, &bucket.name) {
                continue;
            }
            match &resource.body {
                Body::BucketPolicy(_) => match &bucket.policy {
                    Policy::None => {
                        bucket.policy = Policy::Unknown {
                            name: holder.clone(),
                            expression: format!("{IN_DOUBT}it belongs to the bucket {shown}, which is known only after deployment"),
                            location: resource.location.clone(),
                        };
                    }
                    Policy::Document { name, .. } => assumed.push(format!(
                        "assumed: {holder} is not the policy of the bucket {}, which has {name}: the bucket {shown} is known only after deployment",
                        bucket.subject.name
                    )),
                    Policy::Unknown { .. } | Policy::Several { .. } => {}
                },
                Body::BucketOwnershipControls(it) if bucket.ownership.is_none() => own(bucket, it.ownership),
                Body::BucketAcl(_) if bucket.acl == BucketAcl::Absent => bucket.acl = BucketAcl::Unclear,
                _ => assumed.push(format!(
                    "assumed: {holder} does not replace what the bucket {} has: the bucket {shown} is known only after deployment",
                    bucket.subject.name
                )),
            }
        }
        self.model.remarks.append(&mut assumed);
    }
}

/// Where the input does not say, ACLs may be on.
fn own(bucket: &mut Bucket, ownership: ObjectOwnership) {
    if ownership != ObjectOwnership::BucketOwnerEnforced {
        bucket.ownership = Some(ownership);
    }
}
