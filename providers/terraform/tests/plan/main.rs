//! Plans: what a real engine printed, and the places where values are known after apply.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;
mod engines;
mod refused;
mod reported;
mod unknown;

use narrows_model::{Deployment, Source};
use narrows_terraform::read_plan;

fn read(text: &str) -> Deployment {
    read_plan(&Source::file("plan.json", text)).unwrap()
}

/// A plan of the resources given as `type.name = (values, after_unknown, expressions)`.
fn plan(resources: &[(&str, &str, &str, &str)], rest: &str) -> String {
    let mut planned = Vec::new();
    let mut changes = Vec::new();
    let mut configured = Vec::new();
    for (address, values, unknown, expressions) in resources {
        let (type_name, name) = address.split_once('.').unwrap();
        let head =
            format!(r#""address": "{address}", "mode": "managed", "type": "{type_name}", "name": "{name}""#);
        planned.push(format!(r#"{{{head}, "values": {values}}}"#));
        changes
            .push(format!(r#"{{{head}, "change": {{"actions": ["create"], "after_unknown": {unknown}}}}}"#));
        configured.push(format!(r#"{{{head}, "expressions": {expressions}}}"#));
    }
    format!(
        r#"{{"format_version": "1.2", "planned_values": {{"root_module": {{"resources": [{}]}}}},
            "resource_changes": [{}], "configuration": {{"root_module": {{"resources": [{}]}}}} {rest}}}"#,
        planned.join(", "),
        changes.join(", "),
        configured.join(", ")
    )
}

/// The error for a plan.
fn refused(text: &str) -> String {
    let error = read_plan(&Source::file("plan.json", text)).unwrap_err();
    format!("{error}\n  at {}", error.location())
}
