//! Every single edit of a policy's statements, to see which ones a guardrail notices.

mod condition;
mod edit;

pub use edit::{Edit, edits};

use narrows_model::resources::Body;
use narrows_model::{Deployment, Member, ResourceId, Shared, Value, ValueKind};

/// A deployment with one statement of one policy edited.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The resource that holds the policy.
    pub resource: ResourceId,
    /// The `Sid` of the statement, or its number.
    pub statement: String,
    /// What was done to it.
    pub edit: Edit,
    /// The deployment after it.
    pub deployment: Deployment,
}

/// The policy that a resource holds.
fn policy(body: &mut Body) -> Option<&mut Value> {
    match body {
        Body::BucketPolicy(it) => Some(&mut it.policy),
        Body::MultiRegionAccessPointPolicy(it) => Some(&mut it.policy),
        Body::RolePolicy(it) => Some(&mut it.policy),
        Body::VpcEndpoint(it) => it.policy.as_mut(),
        _ => None,
    }
}

/// The policy itself, where it is JSON inside a text.
fn inside(value: &mut Value) -> &mut Value {
    match value {
        Value { kind: ValueKind::Json(inner), .. } => inside(inner),
        other => other,
    }
}

/// The statements of a policy.
fn statements(policy: &mut Value) -> Option<&mut Shared<Value>> {
    let ValueKind::Object(members) = &mut inside(policy).kind else { return None };
    let statements = members.make_mut().iter_mut().find(|member| member.name == "Statement")?;
    match &mut statements.value.kind {
        ValueKind::List(items) => Some(items),
        _ => None,
    }
}

/// Every mutant of the policies of the resources that are `wanted`, in order.
pub fn mutants(deployment: &Deployment, wanted: impl Fn(&ResourceId) -> bool) -> Vec<Mutant> {
    let mut all = Vec::new();
    for resource in deployment.resources().filter(|resource| wanted(&resource.id)) {
        let mut body = resource.body.clone();
        let Some(before) = policy(&mut body).and_then(statements).map(|found| found.clone()) else {
            continue;
        };
        for (number, statement) in before.iter().enumerate() {
            let label = match statement.get("Sid").and_then(Value::as_str) {
                Some(sid) => sid.to_owned(),
                None => format!("statement {}", number + 1),
            };
            for edit in edits(statement) {
                let mut deployment = deployment.clone();
                let place = deployment.resources_mut().find(|other| other.id == resource.id);
                let Some(after) = place.and_then(|place| policy(&mut place.body)).and_then(statements) else {
                    continue;
                };
                match &edit.statement {
                    Some(edited) => after.make_mut()[number] = edited.clone(),
                    None => drop(after.edit(|it| it.remove(number))),
                }
                all.push(Mutant {
                    resource: resource.id.clone(),
                    statement: label.clone(),
                    edit,
                    deployment,
                });
            }
        }
    }
    all
}

/// The deployment without the statements whose `Sid` is `gone`, in the policies of the resources that are `wanted`.
pub fn without(
    deployment: &Deployment,
    wanted: impl Fn(&ResourceId) -> bool,
    gone: impl Fn(&str) -> bool,
) -> Deployment {
    let mut deployment = deployment.clone();
    for resource in deployment.resources_mut().filter(|resource| wanted(&resource.id)) {
        if let Some(statements) = policy(&mut resource.body).and_then(statements) {
            statements.edit(|all| all.retain(|it| !it.get("Sid").and_then(Value::as_str).is_some_and(&gone)));
        }
    }
    deployment
}

/// An object with one member replaced, or removed where there is no new value.
fn with(object: &Value, name: &str, value: Option<Value>) -> Value {
    let mut object = object.clone();
    if let ValueKind::Object(members) = &mut object.kind {
        members.edit(|members| match (members.iter().position(|member| member.name == name), value) {
            (Some(place), Some(value)) => members[place].value = value,
            (Some(place), None) => drop(members.remove(place)),
            (None, Some(value)) => {
                let location = value.location.clone();
                members.push(Member { name: name.into(), location, value });
            }
            (None, None) => {}
        });
    }
    object
}

/// An object with one member renamed.
fn renamed(object: &Value, name: &str, new: &str) -> Value {
    let mut object = object.clone();
    if let ValueKind::Object(members) = &mut object.kind {
        for member in members.make_mut().iter_mut().filter(|member| member.name == name) {
            member.name = new.into();
        }
    }
    object
}

/// A value as a list: its items, or itself alone.
fn items(value: &Value) -> Vec<Value> {
    value.items().map_or_else(|| vec![value.clone()], <[Value]>::to_vec)
}

/// Each way of changing one item of a value that is an item or a list of them.
fn each_item(value: &Value, change: impl Fn(&Value) -> Option<Value>) -> Vec<(String, Value)> {
    let all = items(value);
    let one = |index: usize| {
        let new = change(&all[index])?;
        let shown = format!("{} to {}", all[index], new);
        let mut changed = all.clone();
        changed[index] = new;
        Some((shown, Value::list(changed)))
    };
    (0..all.len()).filter_map(one).collect()
}

/// Each way of leaving out one item of a list of several.
fn each_without(value: &Value) -> Vec<(String, Value)> {
    let all = items(value);
    if all.len() < 2 {
        return Vec::new();
    }
    let one = |index: usize| {
        let mut rest = all.clone();
        let gone = rest.remove(index);
        (gone.to_string(), Value::list(rest))
    };
    (0..all.len()).map(one).collect()
}
