//! The resources that a plan holds.

use super::configuration;
use serde_json::Value;
use std::collections::BTreeMap;

/// A resource or data source as a plan shows it.
#[derive(Clone, Debug)]
pub(super) struct Shown<'p> {
    pub(super) value: &'p Value,
    pub(super) address: &'p str,
    pub(super) is_data: bool,
    pub(super) type_name: &'p str,
    /// The address of its module; none for the root module.
    pub(super) module: Option<&'p str>,
    pub(super) configuration: Option<&'p Value>,
}

impl<'p> Shown<'p> {
    pub(super) fn text(&self, member: &str) -> &'p str {
        self.value.get(member).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn values(&self) -> Option<&'p Value> {
        self.value.get("values").filter(|values| values.is_object())
    }
}

/// What will be: managed resources, and data sources that are not read yet.
pub(super) fn planned(plan: &Value) -> Vec<Shown<'_>> {
    let mut found = Vec::new();
    if let Some(root) = plan.get("planned_values").and_then(|values| values.get("root_module")) {
        collect(plan, root, None, &mut Vec::new(), &mut found);
    }
    found
}

/// The data sources that were read.
pub(super) fn read(plan: &Value) -> Vec<Shown<'_>> {
    let mut found = Vec::new();
    if let Some(root) = plan.get("prior_state").and_then(|prior| prior.get("values")?.get("root_module")) {
        collect(plan, root, None, &mut Vec::new(), &mut found);
    }
    found.retain(|shown| shown.is_data);
    found
}

fn collect<'p>(
    plan: &'p Value,
    module: &'p Value,
    address: Option<&'p str>,
    names: &mut Vec<String>,
    found: &mut Vec<Shown<'p>>,
) {
    for value in module.get("resources").and_then(Value::as_array).into_iter().flatten() {
        let member = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        let (mode, type_name, name) = (member("mode"), member("type"), member("name"));
        found.push(Shown {
            value,
            address: member("address"),
            is_data: mode == "data",
            type_name,
            module: address,
            configuration: configuration::of_resource(plan, names, (mode, type_name, name)),
        });
    }
    for child in module.get("child_modules").and_then(Value::as_array).into_iter().flatten() {
        let whole = child.get("address").and_then(Value::as_str).unwrap_or_default();
        let own = address.and_then(|parent| whole.strip_prefix(parent)?.strip_prefix('.')).unwrap_or(whole);
        let name = own.strip_prefix("module.").unwrap_or(own);
        names.push(name.split('[').next().unwrap_or_default().to_owned());
        collect(plan, child, Some(whole), names, found);
        names.pop();
    }
}

/// What is unknown of each resource, by address.
pub(super) fn unknown(plan: &Value) -> BTreeMap<&str, &Value> {
    let changes = plan.get("resource_changes").and_then(Value::as_array);
    let of_one = |change: &'_ Value| change.get("deposed").is_none();
    let mut found = BTreeMap::new();
    for change in changes.into_iter().flatten().filter(|change| of_one(change)) {
        let address = change.get("address").and_then(Value::as_str);
        let unknown = change.get("change").and_then(|change| change.get("after_unknown"));
        if let (Some(address), Some(unknown)) = (address, unknown) {
            found.insert(address, unknown);
        }
    }
    found
}

/// Whether anything in a value of `after_unknown` is unknown.
pub(super) fn holds_true(unknown: &Value) -> bool {
    match unknown {
        Value::Bool(unknown) => *unknown,
        Value::Array(items) => items.iter().any(holds_true),
        Value::Object(members) => members.values().any(holds_true),
        _ => false,
    }
}

/// The path of a member.
pub(super) fn join(path: &str, name: &str) -> String {
    let mut path = path.to_owned();
    narrows_model::json::push_name(&mut path, name);
    path
}
