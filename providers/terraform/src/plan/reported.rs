//! Policies that keys and VPC endpoints report as theirs, whoever gave them: a resource of its own may give what is shown, and the
//! plan may take it away.

use super::module::{Module, Plan};
use crate::error::ReadError;
use narrows_model::{Attribute, Body, Deployment, Kind, Resource, ResourceId, Text, Value, ValueKind};
use std::collections::BTreeSet;

/// The type of the resources that give a resource a policy from outside, and the argument that names their target.
fn holder(kind: &Kind) -> Option<(&'static str, &'static str)> {
    match kind {
        Kind::VpcEndpoint => Some(("aws_vpc_endpoint_policy", "vpc_endpoint_id")),
        Kind::Key | Kind::ReplicaKey => Some(("aws_kms_key_policy", "key_id")),
        _ => None,
    }
}

/// Whether a planned resource may report a policy that the configuration does not give.
pub(super) fn is_reported(planned: &Value, module: &Module<'_>, resource: &Resource) -> bool {
    let member = |name: &str| planned.get(name).and_then(Value::as_str).unwrap_or_default();
    let given = || module.resource(member("type"), member("name"))?.get("expressions")?.get("policy");
    holder(&resource.id.kind).is_some() && given().is_none()
}

/// Refuses an access control list inside an `aws_s3_bucket` that is known only after apply.
pub(super) fn acl_is_known(
    type_name: &str,
    address: &str,
    given: &Value,
    planned: &Value,
) -> Result<(), ReadError> {
    let is_null = |value: &Value| value.kind == ValueKind::Null;
    for argument in ["acl", "grant"].into_iter().filter(|_| type_name == "aws_s3_bucket") {
        let Some(configured) = given.get(argument).filter(|value| !is_null(value)) else { continue };
        let known = planned.get("values").and_then(|values| values.get(argument));
        // What is null in the plan is not given, whatever the expression.
        if known.is_none() {
            return Err(ReadError::Unsupported {
                what: format!("`{argument}` of {address}, known only after apply,"),
                remedy: "write it out; the AWS provider deprecates it, so better in an aws_s3_bucket_acl"
                    .to_owned(),
                location: configured.location.clone(),
            });
        }
    }
    Ok(())
}

/// Settles what the resources report: nothing where another resource gives the policy, nothing or unknown where the plan takes it
/// away or may replace it.
pub(super) fn settle(deployment: &mut Deployment, reported: &[ResourceId], plan: &Plan<'_>) {
    let (keys, endpoints) = (Targets::of(deployment, key_of), Targets::of(deployment, endpoint_of));
    let mut settled: Vec<(ResourceId, Option<String>)> = Vec::new();
    for id in reported {
        let Some((holder, argument)) = holder(&id.kind) else { continue };
        let targets = if id.kind == Kind::VpcEndpoint { &endpoints } else { &keys };
        let text = |name| deployment.value_of(&id.attribute(name)).as_literal().map(str::to_owned);
        let names: Vec<String> = [Attribute::Id, Attribute::Arn].into_iter().filter_map(text).collect();
        let address = deployment.get(id).map(|it| it.address.clone()).unwrap_or_default();
        let address = address.as_str();
        let taken_away = || {
            plan.deleted(holder).any(|before| {
                let target = before.get(argument).and_then(Value::as_str);
                target.is_some_and(|target| names.iter().any(|name| name == target))
            })
        };
        if targets.resources.contains(id) || names.iter().any(|name| targets.names.contains(name)) {
            settled.push((id.clone(), None));
        } else if taken_away() {
            // An endpoint without a policy gives full access; what a key's default policy is Terraform does not show.
            let default = format!("known after apply: the plan deletes the {holder} of {address}");
            settled.push((id.clone(), (id.kind != Kind::VpcEndpoint).then_some(default)));
        } else if let Some(expression) = &targets.unknown {
            let why = format!("known after apply: the {holder} of `{expression}` may be that of {address}");
            settled.push((id.clone(), Some(why)));
        }
    }
    let settled: std::collections::BTreeMap<ResourceId, Option<String>> = settled.into_iter().collect();
    for resource in deployment.resources_mut() {
        let Some(unknown) = settled.get(&resource.id) else { continue };
        let location = resource.location.clone();
        let policy = match &mut resource.body {
            Body::Key(key) => &mut key.policy,
            Body::ReplicaKey(key) => &mut key.policy,
            Body::VpcEndpoint(endpoint) => &mut endpoint.policy,
            _ => continue,
        };
        if policy.is_some() {
            let text = unknown.as_ref().map(|why| ValueKind::Text(Text::unknown(why.as_str())));
            *policy = text.map(|kind| Value { kind, location });
        }
    }
}

/// What policies of their own belong to.
#[derive(Default)]
struct Targets {
    resources: BTreeSet<ResourceId>,
    names: BTreeSet<String>,
    /// The expression of one that is not known.
    unknown: Option<String>,
}

impl Targets {
    fn of(deployment: &Deployment, target: impl Fn(&Body) -> Option<Text>) -> Self {
        let mut found = Self::default();
        for text in deployment.resources().filter_map(|resource| target(&resource.body)) {
            match (text.as_reference(), text.as_literal()) {
                (Some(reference), _) => {
                    found.resources.insert(reference.resource.clone());
                }
                (_, Some(name)) => {
                    found.names.insert(name.to_owned());
                }
                _ => found.unknown = Some(text.first_unknown().unwrap_or_default().to_owned()),
            }
        }
        found
    }
}

fn key_of(body: &Body) -> Option<Text> {
    match body {
        Body::KeyPolicy(policy) => Some(policy.key.to_text()),
        _ => None,
    }
}

fn endpoint_of(body: &Body) -> Option<Text> {
    match body {
        Body::Other(other) if other.type_name == "aws_vpc_endpoint_policy" => {
            other.arguments.get("vpc_endpoint_id").and_then(Value::as_text).cloned()
        }
        _ => None,
    }
}
