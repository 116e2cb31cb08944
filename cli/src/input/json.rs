//! JSON files: plans and policies, told apart by what they hold.

use super::{Found, config, intent_beside, policy, text};
use crate::args::Declared;
use crate::failure::Failure;
use crate::files::Files;
use narrows_model::{Value, json};
use std::path::Path;

const EXPECTED: &str =
    "expected a plan (with `planned_values`, from terraform show -json) or a policy (with `Statement`)";

/// Reads a plan or a policy.
pub(super) fn read(path: &Path, flags: &Declared, files: &dyn Files) -> Result<Found, Failure> {
    let source = text(path, files)?;
    let value = json::parse(&source).map_err(|error| not_json(path, &error))?;
    if narrows_terraform::detect(&value) {
        let deployment = narrows_terraform::read_plan(&source).map_err(|error| config::failure(&error))?;
        let folder = path.parent().unwrap_or_else(|| Path::new(""));
        return Ok(Found {
            what: format!("{}, a Terraform plan", path.display()),
            deployment,
            intent: intent_beside(folder, files)?,
            described: false,
            guardrails: Vec::new(),
            notes: Vec::new(),
        });
    }
    if value.get("Statement").is_some() {
        return policy::found(path, value, flags);
    }
    Err(neither(path, &value))
}

fn not_json(path: &Path, error: &json::JsonError) -> Failure {
    let failure = Failure::new(error.to_string()).at(&error.location);
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("tf" | "tofu") => failure.help(
            "HCL is checked through its plan: terraform plan -out=plan, terraform show -json plan > plan.json",
        ),
        _ => failure.help(EXPECTED),
    }
}

fn neither(path: &Path, value: &Value) -> Failure {
    let shown = path.display();
    let Some(members) = value.members() else {
        let got = value.kind_in_words();
        return Failure::new(format!("`{shown}` holds {got}: {EXPECTED}")).at(&value.location);
    };
    if path.to_str().is_some_and(|path| path.ends_with(".tf.json")) {
        return Failure::new(format!("`{shown}` is one file of a configuration: expected the whole"))
            .help("name its folder");
    }
    if value.get("Policy").is_some() {
        return Failure::new(format!("`{shown}` holds a policy inside `Policy`, as the AWS CLI prints it")).help(
            "save the policy alone: aws s3api get-bucket-policy --bucket NAME --query Policy --output text",
        );
    }
    let names: Vec<_> = members.iter().take(4).map(|member| format!("`{}`", member.name)).collect();
    let got = match (names.is_empty(), members.len() > names.len()) {
        (true, _) => "is an empty object".to_owned(),
        (false, more) => format!("has {}{}", names.join(", "), if more { ", …" } else { "" }),
    };
    Failure::new(format!("`{shown}` {got}: {EXPECTED}"))
}
