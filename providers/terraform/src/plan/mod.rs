//! A plan as a deployment.

mod account;
mod blocks;
mod expression;
mod fields;
mod merge;
mod module;
mod reported;
mod symbols;

use crate::Read;
use crate::config::{attach_endpoint_policies, inline_policy, partition};
use crate::error::ReadError;
use crate::hcl::Step;
use crate::kinds;
use crate::mapping::Given;
use crate::reported::Reported;
use expression::Instance;
use module::{Module, Plan};
use narrows_model::{Deployment, Input, Region, Resource, ResourceId, Source, Text, Value, ValueKind};
use std::sync::Arc;
use symbols::Symbols;

/// Reads a plan, as `terraform show -json` prints one.
///
/// The result is what exists after the plan is applied: resources of all modules, each instance of `count` and
/// `for_each` on its own, none that is deleted. Names carry the module path and the instance key, as in
/// `module.app.data["eu"]`; the address is as Terraform spells it.
///
/// A value that is known only after apply is taken from the configuration inside the plan. Of a `.tf.json`
/// configuration that holds the source text, so policies are complete. Of HCL it holds only what an expression refers
/// to: a field that names a resource (such as a policy's `bucket`) is taken to be the one fitting value that it refers
/// to, and a policy is unknown text that says what it depends on.
///
/// The account is that of the providers' `allowed_account_ids`, or that of `aws_caller_identity`, where there is exactly
/// one, and nothing else that chooses an account differs between the providers.
///
/// In a plan that [`crate::symbolic::settle`] made, symbols are references to the values that they stand for; a part of one,
/// or what is worked out from one, is unknown.
///
/// # Errors
/// What is not a plan or not valid, with its place; a plan that ended with an error.
pub fn read_plan(source: &Arc<Source>) -> Result<Deployment, ReadError> {
    Ok(read(&narrows_model::json::parse(source)?)?.deployment)
}

/// Reads a plan that is parsed already.
pub(crate) fn read(whole: &Value) -> Result<Read, ReadError> {
    let symbols = Symbols::of(whole)?;
    let is_settled = symbols.is_some();
    read_with(whole, symbols).map_err(|error| if is_settled { error.in_settled_plan() } else { error })
}

fn read_with(whole: &Value, symbols: Option<Symbols>) -> Result<Read, ReadError> {
    let explained = symbols.as_ref().map(|symbols| symbols.explain(whole));
    let whole = explained.as_ref().unwrap_or(whole);
    let planned = planned_values(whole)?;
    let plan = Plan::of(whole, planned);
    let (account, assumptions) = match symbols {
        Some(symbols) => (symbols.account, symbols.assumptions),
        None => (account::of(&plan), Vec::new()),
    };
    let mut deployment = Deployment::new(account, narrows_model::Partition::default());
    assumptions.into_iter().for_each(|assumption| deployment.assume(assumption));
    let mut found = Found::default();
    let root = Module::root(&plan);
    if let Some(values) = planned.get("root_module") {
        add_module(values, &root, &mut deployment, &mut found)?;
    }
    reported::settle(&mut deployment, &found.policies, &plan);
    let deleted = plan.deleted("aws_s3_bucket_policy").filter_map(|before| before.get("bucket")?.as_str());
    found.of_buckets.add_to(&mut deployment, &deleted.collect())?;
    attach_endpoint_policies(&mut deployment)?;
    deployment.partition = partition(std::iter::empty(), &deployment)?;
    plan.assumed().into_iter().for_each(|assumption| deployment.assume(assumption));
    let replaced = deployment
        .resources()
        .filter(|resource| plan.is_replaced(resource.address.as_str()))
        .map(|resource| resource.id.clone())
        .collect();
    Ok(Read { deployment, replaced })
}

/// The part with the planned values of what is a plan of a version that is known.
fn planned_values(whole: &Value) -> Result<&Value, ReadError> {
    let location = whole.location.clone();
    let Some(planned) = whole.get("planned_values") else {
        return Err(ReadError::Missing {
            what: "`planned_values`".to_owned(),
            expected: "a plan, as printed by terraform show -json".to_owned(),
            location,
        });
    };
    if planned.members().is_none() {
        return Err(ReadError::Type {
            what: "`planned_values`".to_owned(),
            got: planned.kind_in_words().to_owned(),
            expected: "an object, as terraform show -json prints it".to_owned(),
            location: planned.location.clone(),
        });
    }
    let unsupported = |what: &str, remedy: &str| ReadError::Unsupported {
        what: what.to_owned(),
        remedy: remedy.to_owned(),
        location: location.clone(),
    };
    let version = whole.get("format_version").and_then(Value::as_str).unwrap_or("1.0");
    if !version.starts_with("1.") {
        let what = format!("a plan of format version {version}");
        return Err(unsupported(&what, "expected version 1; use a Terraform or OpenTofu that prints it"));
    }
    if whole.get("errored").and_then(Value::as_bool) == Some(true) {
        return Err(unsupported(
            "a plan that ended with an error",
            "it does not hold all resources; make it again once terraform plan succeeds",
        ));
    }
    if whole.get("deferred_changes").and_then(Value::items).is_some_and(|deferred| !deferred.is_empty()) {
        return Err(unsupported(
            "a plan with deferred changes",
            "it does not hold all resources; apply it, and check the next plan",
        ));
    }
    Ok(planned)
}

/// What resources report, whoever gave it.
#[derive(Default)]
struct Found {
    /// The keys and endpoints whose policies the configuration does not give.
    policies: Vec<ResourceId>,
    of_buckets: Reported,
}

/// Adds the resources of a module.
fn add_module(
    values: &Value,
    module: &Module<'_>,
    deployment: &mut Deployment,
    found: &mut Found,
) -> Result<(), ReadError> {
    for planned in values.get("resources").and_then(Value::items).unwrap_or_default() {
        if planned.get("mode").and_then(Value::as_str) != Some("managed") {
            continue;
        }
        let resource = resource(planned, module)?;
        if reported::is_reported(planned, module, &resource) {
            found.policies.push(resource.id.clone());
        }
        if let Some(values) = planned.get("values") {
            found.of_buckets.note(&resource.id, values, resource.address.as_str())?;
        }
        let location = resource.location.clone();
        let what = format!("resource {}", resource.address.as_str());
        deployment.add(resource).map_err(|_| ReadError::Repeated { what, location })?;
    }
    for child in values.get("child_modules").and_then(Value::items).unwrap_or_default() {
        let address = child.get("address").and_then(Value::as_str).unwrap_or_default();
        add_module(child, &module.child_at(address), deployment, found)?;
    }
    Ok(())
}

fn resource(planned: &Value, module: &Module<'_>) -> Result<Resource, ReadError> {
    let member = |name: &str| {
        planned.get(name).and_then(Value::as_str).ok_or_else(|| ReadError::Missing {
            what: format!("`{name}` of a planned resource"),
            expected: "a string".to_owned(),
            location: planned.location.clone(),
        })
    };
    let (type_name, name, address) = (member("type")?, member("name")?, member("address")?);
    let key = planned.get("index").and_then(instance_key);
    let configuration = module.resource(type_name, name);
    if let Some(given) = configuration.and_then(|configuration| configuration.get("expressions")) {
        inline_policy(type_name, address, given)?;
        reported::acl_is_known(type_name, address, given, planned)?;
    }
    let instance = Instance {
        module,
        key: key.clone(),
        for_each: configuration.and_then(|configuration| configuration.get("for_each_expression")),
    };
    let mut arguments = merge::arguments(planned, configuration, address, type_name, &instance)?;
    arguments.location = planned.location.clone();
    let id = crate::hcl::Scope::resource(&instance, type_name, name, key.as_ref());
    Given {
        type_name,
        name: id.name,
        address: address.to_owned(),
        arguments,
        depends_on: depends_on(configuration, module),
        provider_region: provider_region(configuration, module),
    }
    .resource()
}

/// The instance key of a resource or module.
pub(crate) fn instance_key(index: &Value) -> Option<Step> {
    match &index.kind {
        ValueKind::Text(text) => Some(Step::Key(text.as_literal()?.to_owned())),
        ValueKind::Number(number) => Some(Step::Index(number.parse().ok()?)),
        _ => None,
    }
}

/// The Region that the configuration of the resource's provider spells out; plans made with version 6 of the AWS
/// provider have it in the resource.
fn provider_region(configuration: Option<&Value>, module: &Module<'_>) -> Option<Input<Region>> {
    let key = configuration?.get("provider_config_key")?.as_str()?;
    let provider = module.plan.provider_config(key)?;
    let region = provider.get("expressions")?.get("region")?.get("constant_value")?;
    let input = Input::parse(Text::literal(region.as_str()?)).ok()?;
    Some(input.at(region.location.clone()))
}

/// All instances of the resources that the configuration says are needed.
fn depends_on(configuration: Option<&Value>, module: &Module<'_>) -> Vec<ResourceId> {
    let given = configuration.and_then(|configuration| configuration.get("depends_on"));
    let mut needed = Vec::new();
    for address in given.and_then(Value::items).unwrap_or_default().iter().filter_map(Value::as_str) {
        let Some((type_name, name)) = address.split_once('.') else { continue };
        for key in module.instances(type_name, name) {
            let name = format!("{}{}", module.prefix, crate::hcl::instance_name(name, key.as_ref()));
            needed.push(ResourceId::new(kinds::kind_of(type_name), name));
        }
    }
    needed
}
