//! Files that are told apart by what they hold.

use super::template::{self, ReadFailure};
use super::{Found, Sort, config, file_name, has_extension, intent_beside, manifest, policy, pulumi, text};
use crate::args::Declared;
use crate::failure::Failure;
use crate::files::Files;
use narrows_manifest::Printed;
use narrows_model::{Source, Value, json};
use narrows_terraform::{Form, Read};
use std::path::Path;
use std::sync::Arc;

const EXPECTED: &str = "expected a plan or a state (from terraform show -json), a preview or a stack (from pulumi preview --json \
     --show-sames, pulumi stack export), a CloudFormation template (with `Resources`) or a policy (with `Statement`)";

/// Whether a file of this name in a folder is looked into.
pub(super) fn may_be_input(name: &str) -> bool {
    let json = name.ends_with(".json") && !name.ends_with(".tfvars.json");
    let yaml = is_yaml(Path::new(name));
    (json || yaml || manifest::is_manifest(name)) && !config::is_configuration(name) && !config::is_hcl(name)
}

/// Whether templates in YAML have such a name.
fn is_yaml(path: &Path) -> bool {
    ["yaml", "yml", "template"].iter().any(|extension| has_extension(path, extension))
}

/// What a file's content is that of.
pub(super) enum Content {
    /// A template or a cloud assembly, in each way in which it can turn out.
    Template(Vec<Found>),
    /// An input.
    Input(Box<Found>),
    /// A bare policy, whatever it is attached to.
    Policy(Printed),
    /// Nothing that is known.
    Other,
}

/// Reads a file that must be an input.
pub(super) fn read(path: &Path, flags: &Declared, files: &dyn Files) -> Result<Vec<Found>, Failure> {
    let source = text(path, files)?;
    match recognise(path, &source, flags, files)? {
        Content::Input(found) => Ok(vec![*found]),
        Content::Template(found) => Ok(found),
        Content::Policy(policy) => policy::found(path, policy, flags).map(|found| vec![found]),
        Content::Other if narrows_pulumi::is_event_stream(source.text()) => Err(pulumi::event_stream(path)),
        Content::Other if is_yaml(path) => Err(match template::read(path, source.text(), flags, files) {
            Err(ReadFailure::Syntax(error)) => template::failure(&error),
            Err(ReadFailure::Other(failure)) => failure,
            Ok(_) => Failure::new(format!("`{}` is no template: expected `Resources` in it", path.display())),
        }),
        Content::Other => {
            let value = json::parse(&source).map_err(|error| not_json(path, &error))?;
            Err(neither(path, &value))
        }
    }
}

/// Tells what a file's content is that of, and reads it.
pub(super) fn recognise(
    path: &Path,
    source: &Arc<Source>,
    flags: &Declared,
    files: &dyn Files,
) -> Result<Content, Failure> {
    if manifest::is_manifest(&file_name(path)) {
        return manifest::read(path, source, files).map(|found| Content::Input(Box::new(found)));
    }
    let value = match json::parse(source) {
        Ok(value) => value,
        Err(_) if is_yaml(path) => return template(path, source, flags, files),
        Err(_) => return Ok(Content::Other),
    };
    if let Some(form) = narrows_terraform::detect(&value) {
        return terraform(path, &value, form, files).map(|found| Content::Input(Box::new(found)));
    }
    if let Some(form) = narrows_pulumi::detect(&value) {
        return pulumi::read(path, &value, form, files).map(|found| Content::Input(Box::new(found)));
    }
    if value.get("Statement").is_some() {
        return Ok(Content::Policy(Printed { policy: value, sort: narrows_manifest::Sort::Resource }));
    }
    if let Some(printed) = narrows_manifest::printed(&value)
        .map_err(|error| Failure::worded(&error.to_string()).at(&error.location))?
    {
        return Ok(Content::Policy(printed));
    }
    if narrows_manifest::is_account_details(&value) {
        return account(path, &value).map(|found| Content::Input(Box::new(found)));
    }
    if narrows_cloudformation::is_assembly(&value)
        && let Some(found) = template::assembly(path, flags, files)?
    {
        return Ok(Content::Template(found));
    }
    content(template::read_json(path, value, flags, files))
}

/// A template, if it is one.
fn template(
    path: &Path,
    source: &Arc<Source>,
    flags: &Declared,
    files: &dyn Files,
) -> Result<Content, Failure> {
    content(template::read(path, source.text(), flags, files))
}

fn content(read: Result<Option<Vec<Found>>, ReadFailure>) -> Result<Content, Failure> {
    match read {
        Ok(Some(found)) => Ok(Content::Template(found)),
        Ok(None) | Err(ReadFailure::Syntax(_)) => Ok(Content::Other),
        Err(ReadFailure::Other(failure)) => Err(failure),
    }
}

/// The identities of an account.
fn account(path: &Path, value: &Value) -> Result<Found, Failure> {
    let deployment = narrows_manifest::account_details(value)
        .map_err(|error| Failure::worded(&error.to_string()).at(error.location()))?;
    Ok(Found { sort: Sort::Account, ..Found::new(path, "the identities of an account", deployment) })
}

/// A plan or a state.
fn terraform(path: &Path, value: &Value, form: Form, files: &dyn Files) -> Result<Found, Failure> {
    let Read { deployment, replaced } =
        narrows_terraform::read(value, form).map_err(|error| config::failure(&error))?;
    Ok(match form {
        Form::Plan => {
            let intent = intent_beside(path.parent().unwrap_or_else(|| Path::new("")), files)?;
            Found { sort: Sort::Plan, intent, replaced, ..Found::new(path, "a Terraform plan", deployment) }
        }
        Form::State => Found { sort: Sort::State, ..Found::new(path, "a Terraform state", deployment) },
    })
}

/// What existed when a plan was made.
pub(super) fn before(path: &Path, files: &dyn Files) -> Result<Found, Failure> {
    let not_a_plan = || {
        Failure::new(format!("`{}` is no plan: one input alone cannot be compared", path.display())).help(
            "name the state before the change and the one after it, or what holds both: a plan, as terraform show -json \
             prints it, or a preview, as pulumi preview --json --show-sames does",
        )
    };
    if !super::is_file(path, files) {
        return Err(not_a_plan());
    }
    let Ok(value) = json::parse(&text(path, files)?) else { return Err(not_a_plan()) };
    if narrows_pulumi::detect(&value) == Some(narrows_pulumi::Form::Preview) {
        return pulumi::before(path, &value, files);
    }
    if narrows_terraform::detect(&value) != Some(Form::Plan) {
        return Err(not_a_plan());
    }
    let mut deployment = narrows_terraform::read_before(&value).map_err(|error| config::failure(&error))?;
    // The plan tells the account where the state does not.
    let after =
        narrows_terraform::read(&value, Form::Plan).map_err(|error| config::failure(&error))?.deployment;
    deployment.account = deployment.account.take().or(after.account);
    let intent = intent_beside(path.parent().unwrap_or_else(|| Path::new("")), files)?;
    Ok(Found { sort: Sort::State, intent, ..Found::new(path, "what it was made from", deployment) })
}

fn not_json(path: &Path, error: &json::JsonError) -> Failure {
    let failure = Failure::new(error.to_string()).at(&error.location);
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("tf" | "tofu") => {
            failure.help("a configuration in HCL is planned and checked as a whole: narrows plan FOLDER")
        }
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
    if let Some(arn) = value.get("Policy").and_then(|policy| policy.get("Arn")).and_then(Value::as_str) {
        return Failure::new(format!("`{shown}` tells of a managed policy without its document"))
            .help(format!("save that: aws iam get-policy-version --policy-arn {arn} --version-id VERSION"));
    }
    let names: Vec<_> = members.iter().take(4).map(|member| format!("`{}`", member.name)).collect();
    let got = match (names.is_empty(), members.len() > names.len()) {
        (true, _) => "is an empty object".to_owned(),
        (false, more) => format!("has {}{}", names.join(", "), if more { ", …" } else { "" }),
    };
    Failure::new(format!("`{shown}` {got}: {EXPECTED}"))
}
