//! Settings of buckets whose names are known only after deployment: they may be those of any bucket that can have the name.

use super::build::Builder;
use super::unused::{endpoint_of, name};
use super::{Bucket, BucketAcl, IN_DOUBT, Policy};
use narrows_model::resources::s3::ObjectOwnership;
use narrows_model::{Body, Kind, Resource, is_symbol};
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
            if !may_be(unknown, &bucket.name) {
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

/// Whether two names can be one, whatever their symbols stand for.
fn may_be(one: &str, other: &str) -> bool {
    let ends = |text: &str| -> (String, String) {
        let (start, rest) = text.split_once(is_symbol).unwrap_or((text, text));
        let end = rest.rsplit(is_symbol).next().unwrap_or_default();
        (start.to_owned(), end.to_owned())
    };
    let (start, end) = ends(one);
    let (other_start, other_end) = ends(other);
    (start.starts_with(&other_start) || other_start.starts_with(&start))
        && (end.ends_with(&other_end) || other_end.ends_with(&end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_be_one() {
        let (x, y) = ('\u{F0000}', '\u{F0001}');
        for (one, other, expected) in [
            (format!("{x}"), "orders".to_owned(), true),
            (format!("data-{x}"), "orders".to_owned(), false),
            (format!("data-{x}"), "data-eu".to_owned(), true),
            (format!("data-{x}-eu"), format!("data-{x}-us"), false),
            (format!("{x}-eu"), format!("data-{y}"), true),
            (format!("{x}-eu"), "data-us".to_owned(), false),
        ] {
            assert_eq!(may_be(&one, &other), expected, "{one:?} {other:?}");
            assert_eq!(may_be(&other, &one), expected, "{other:?} {one:?}");
        }
    }
}
