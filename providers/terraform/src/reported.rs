//! What buckets say of themselves, and what they report, whoever gave it: kept where no resource of its own holds it.

use crate::error::ReadError;
use crate::mapping::acl_of_bucket;
use narrows_model::resources::s3::{Acl, BucketAcl, BucketPolicy};
use narrows_model::{
    Attribute, Body, BucketName, Deployment, Input, Kind, Location, Resource, ResourceId, Value, ValueKind,
};
use std::collections::BTreeSet;

/// The policies and access control lists of buckets that stand with the buckets.
#[derive(Default)]
pub(crate) struct Reported {
    policies: Vec<(ResourceId, Value)>,
    acls: Vec<(ResourceId, Acl, Location)>,
}

impl Reported {
    /// Keeps what the arguments of a resource, if it is a bucket, say.
    ///
    /// # Errors
    /// An access control list that is unknown or not as the AWS provider has them.
    pub(crate) fn note(
        &mut self,
        resource: &ResourceId,
        arguments: &Value,
        address: &str,
    ) -> Result<(), ReadError> {
        if resource.kind != Kind::Bucket {
            return Ok(());
        }
        let policy = arguments.get("policy");
        if let Some(policy) = policy.filter(|policy| policy.as_str().is_some_and(|it| !it.is_empty())) {
            self.policies.push((resource.clone(), policy.clone()));
        }
        if let Some((acl, location)) = acl_of_bucket(arguments, address)? {
            self.acls.push((resource.clone(), acl, location));
        }
        Ok(())
    }

    /// Adds what no resource of its own holds; policies of the buckets `without` are gone.
    pub(crate) fn add_to(
        self,
        deployment: &mut Deployment,
        without: &BTreeSet<&str>,
    ) -> Result<(), ReadError> {
        let with_policy = held(deployment, Kind::BucketPolicy);
        let with_acl = held(deployment, Kind::BucketAcl);
        for (id, policy) in self.policies {
            let name = name(deployment, &id);
            let known = name.as_known().map(BucketName::as_str);
            if with_policy.holds(&id, &name) || known.is_some_and(|name| without.contains(name)) {
                continue;
            }
            let location = policy.location.clone();
            let policy = match narrows_model::json::parse_embedded(&policy) {
                Ok(inner) => Value { kind: ValueKind::Json(Box::new(inner)), location: location.clone() },
                Err(_) => policy,
            };
            add(deployment, &id, Body::BucketPolicy(BucketPolicy { bucket: name, policy }), location)?;
        }
        for (id, acl, location) in self.acls {
            let name = name(deployment, &id);
            if !with_acl.holds(&id, &name) {
                add(deployment, &id, Body::BucketAcl(BucketAcl { bucket: name, acl }), location)?;
            }
        }
        Ok(())
    }
}

/// A bucket's name: its own where it is known, else a reference to it.
fn name(deployment: &Deployment, bucket: &ResourceId) -> Input<BucketName> {
    let reference = bucket.attribute(Attribute::Id);
    let known = deployment.value_of(&reference).as_literal().and_then(|name| name.parse().ok());
    known.map_or_else(|| Input::reference(reference), Input::known)
}

/// The buckets that resources of a kind belong to.
struct Held {
    names: BTreeSet<String>,
    references: BTreeSet<ResourceId>,
}

impl Held {
    fn holds(&self, bucket: &ResourceId, name: &Input<BucketName>) -> bool {
        let named = name.as_known().is_some_and(|name| self.names.contains(name.as_str()));
        named || self.references.contains(bucket)
    }
}

fn held(deployment: &Deployment, kind: Kind) -> Held {
    let mut held = Held { names: BTreeSet::new(), references: BTreeSet::new() };
    for resource in deployment.of_kind(kind) {
        let bucket = match &resource.body {
            Body::BucketPolicy(it) => &it.bucket,
            Body::BucketAcl(it) => &it.bucket,
            _ => continue,
        };
        held.references.extend(bucket.as_reference().map(|reference| reference.resource.clone()));
        held.names.extend(deployment.expand(&bucket.to_text()).as_literal().map(str::to_owned));
    }
    held
}

fn add(
    deployment: &mut Deployment,
    bucket: &ResourceId,
    body: Body,
    location: Location,
) -> Result<(), ReadError> {
    let what = match body.kind() {
        Kind::BucketPolicy => "policy",
        _ => "access control list",
    };
    let address = deployment.get(bucket).map(|it| it.address.clone()).unwrap_or_default();
    let resource = Resource {
        id: ResourceId::new(body.kind(), format!("{} ({what} that stands with the bucket)", bucket.name)),
        region: None,
        body,
        depends_on: Vec::new(),
        address,
        location: location.clone(),
    };
    let what = format!("the {what} of {bucket}");
    deployment.add(resource).map_err(|_| ReadError::Repeated { what, location })
}
