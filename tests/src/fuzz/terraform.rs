//! The reader of Terraform's plans, states and configurations: any text gives a deployment or an error at a place in it.

use narrows_model::{Deployment, Location, Source, json};
use narrows_terraform::{detect, read, read_before, read_config};

pub(super) const WORDS: &[&str] = &[
    "\"planned_values\"",
    "\"values\"",
    "\"root_module\"",
    "\"resources\"",
    "\"after_unknown\"",
    "{\"policy\": true}",
    "{\"statement\": [{\"condition\": true}]}",
    "\"references\"",
    "\"constant_value\"",
    "\"data.aws_iam_policy_document.d.json\"",
    "${data.aws_iam_policy_document.d.json}",
    "null",
    "[]",
    "é",
];

pub(super) fn terraform(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let source = Source::file("main.tf.json", text.as_ref());
    match read_config(std::slice::from_ref(&source)) {
        Ok(deployment) => consistent(&deployment),
        Err(error) => worded(&error.to_string(), error.location()),
    }
    let Ok(value) = json::parse(&source) else { return };
    let Some(form) = detect(&value) else { return };
    match read(&value, form) {
        Ok(read) => consistent(&read.deployment),
        Err(error) => worded(&error.to_string(), error.location()),
    }
    if let Err(error) = read_before(&value) {
        worded(&error.to_string(), error.location());
    }
}

/// Every value can be asked for, and every place shown.
fn consistent(deployment: &Deployment) {
    for resource in deployment.resources() {
        let _ = deployment.value_of(&resource.id.arn());
        let _ = resource.location.to_string();
        assert_eq!(resource.id.kind, resource.body.kind());
    }
}

fn worded(message: &str, location: &Location) {
    assert!(!message.is_empty());
    let _ = location.to_string();
}
