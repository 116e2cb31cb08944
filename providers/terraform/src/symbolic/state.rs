//! What a plan makes, as if it existed, so that the engine reads the data sources that wait for it.

use super::configuration::Source;
use super::order::Renaming;
use super::resources::{self, Shown, holds_true, join};
use super::unset::{self, Unset};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A resource block: its module, type and name.
type Block<'p> = (Option<&'p str>, &'p str, &'p str);

/// Writes the state (version 4) after a plan was applied: all managed resources whose arguments are known.
///
/// What is unknown of a resource is left out, for the stand-in to make up. A resource with an argument whose value is unknown
/// is left out whole, since `ignore_changes` would keep what stands in a state.
pub fn write_state(plan: &Value, unset: &Unset, renaming: &Renaming) -> Value {
    let unknown = resources::unknown(plan);
    let mut found: BTreeMap<Block<'_>, (String, Vec<Value>)> = BTreeMap::new();
    for shown in resources::planned(plan) {
        let open = unknown.get(shown.address).copied();
        if shown.is_data || !open_arguments(&shown, open, unset).is_empty() {
            continue;
        }
        let Some(values) = shown.values() else { continue };
        let mut instance = Map::new();
        let schema_version = shown.value.get("schema_version").cloned().unwrap_or_else(|| 0.into());
        instance.insert("schema_version".to_owned(), schema_version);
        instance.insert("attributes".to_owned(), renaming.value(&without(values, open)));
        instance.insert("sensitive_attributes".to_owned(), json!([]));
        if let Some(index) = shown.value.get("index") {
            instance.insert("index_key".to_owned(), renaming.value(index));
        }
        let provider = format!("provider[\"{}\"]", shown.text("provider_name"));
        let key = (shown.module, shown.type_name, shown.text("name"));
        found.entry(key).or_insert((provider, Vec::new())).1.push(instance.into());
    }
    let resources = found.into_iter().map(|((module, type_name, name), (provider, instances))| {
        let mut resource = json!({
            "mode": "managed", "type": type_name, "name": name, "provider": provider, "instances": instances,
        });
        if let (Some(module), Some(members)) = (module, resource.as_object_mut()) {
            members.insert("module".to_owned(), renaming.text(module).into());
        }
        resource
    });
    json!({
        "version": 4,
        "terraform_version": plan.get("terraform_version").cloned().unwrap_or_else(|| "1.5.0".into()),
        "serial": 1,
        "lineage": "6e617272-6f77-4000-8000-000000000000",
        "outputs": {},
        "resources": resources.collect::<Vec<_>>(),
        "check_results": null,
    })
}

/// What a further plan may find out: arguments that are unknown and data sources that are not read, by their addresses.
pub fn still_open(plan: &Value, unset: &Unset) -> BTreeSet<String> {
    let unknown = resources::unknown(plan);
    let mut found = BTreeSet::new();
    for shown in resources::planned(plan) {
        if shown.is_data {
            found.insert(shown.address.to_owned());
        }
        let open = open_arguments(&shown, unknown.get(shown.address).copied(), unset);
        found.extend(open.into_iter().map(|path| format!("{}.{path}", shown.address)));
    }
    found
}

/// The arguments of a resource whose values are unknown, and what may be one.
fn open_arguments(shown: &Shown<'_>, unknown: Option<&Value>, unset: &Unset) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Some(unknown) = unknown {
        collect(unknown, shown.values(), Source::of(shown.configuration), "", &mut found);
    }
    let unset = unset.of(shown);
    found.retain(|path| !unset::has(unset, path));
    found
}

fn collect(
    unknown: &Value,
    value: Option<&Value>,
    source: Source<'_>,
    path: &str,
    found: &mut BTreeSet<String>,
) {
    match unknown {
        // In a dynamic block it may be an argument.
        Value::Bool(true) if source.is_configuration() || source.is_hidden() => {
            found.insert(path.to_owned());
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let value = value.and_then(|value| value.get(index));
                collect(item, value, source, &format!("{path}[{index}]"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let value = value.and_then(|value| value.get(name));
                collect(member, value, source.member(name, value), &join(path, name), found);
            }
        }
        _ => {}
    }
}

/// A value without the members that are unknown.
fn without(value: &Value, unknown: Option<&Value>) -> Value {
    let Some(unknown) = unknown.filter(|unknown| holds_true(unknown)) else { return value.clone() };
    match (value, unknown) {
        (Value::Object(members), Value::Object(unknown)) => members
            .iter()
            .filter(|(name, _)| unknown.get(name.as_str()) != Some(&Value::Bool(true)))
            .map(|(name, value)| (name.clone(), without(value, unknown.get(name))))
            .collect::<Map<_, _>>()
            .into(),
        (Value::Array(items), Value::Array(unknown)) => {
            items.iter().enumerate().map(|(index, item)| without(item, unknown.get(index))).collect()
        }
        _ => value.clone(),
    }
}
