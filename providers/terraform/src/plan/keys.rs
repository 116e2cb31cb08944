//! Policies of KMS keys that a plan reports.

use super::module::Module;
use narrows_model::{Attribute, Body, Deployment, Kind, ResourceId, Value};
use std::collections::BTreeSet;

/// Whether a planned resource is a key whose policy, where it has one, the configuration does not give.
pub(super) fn policy_is_reported(planned: &Value, module: &Module<'_>) -> bool {
    let member = |name: &str| planned.get(name).and_then(Value::as_str).unwrap_or_default();
    let (type_name, name) = (member("type"), member("name"));
    let given = || module.resource(type_name, name)?.get("expressions")?.get("policy");
    ["aws_kms_key", "aws_kms_replica_key"].contains(&type_name) && given().is_none()
}

/// Drops what a key reports where a resource of its own holds the key's policy: it may be what the plan replaces.
pub(super) fn drop_reported_policies(deployment: &mut Deployment, reported: &[ResourceId]) {
    let mut found: BTreeSet<ResourceId> = BTreeSet::new();
    for resource in deployment.of_kind(Kind::KeyPolicy) {
        let Body::KeyPolicy(policy) = &resource.body else { continue };
        if let Some(reference) = policy.key.as_reference() {
            found.insert(reference.resource.clone());
            continue;
        }
        let named = policy.key.as_known().map(|key| key.as_str().to_owned());
        let is = |id: &&ResourceId| {
            let text = |attribute| deployment.value_of(&id.attribute(attribute));
            let own = [text(Attribute::Id), text(Attribute::Arn)];
            named.is_some() && own.iter().any(|own| own.as_literal() == named.as_deref())
        };
        found.extend(reported.iter().filter(is).cloned());
    }
    let dropped = |id: &ResourceId| reported.contains(id) && found.contains(id);
    for resource in deployment.resources_mut().filter(|resource| dropped(&resource.id)) {
        match &mut resource.body {
            Body::Key(key) => key.policy = None,
            Body::ReplicaKey(key) => key.policy = None,
            _ => {}
        }
    }
}
