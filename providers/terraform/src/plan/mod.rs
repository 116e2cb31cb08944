//! A plan as a deployment.

use narrows_model::Value;

/// Whether a JSON value is a plan, as `terraform show -json` prints one.
pub fn detect(value: &Value) -> bool {
    value.get("planned_values").is_some()
}
