//! The `*.tf.json` files of one folder as a deployment.

mod blocks;
mod scope;

use crate::error::ReadError;
use crate::hcl::{self, Scope};
use crate::kinds;
use crate::mapping::{Fields, Given};
use crate::reported::Reported;
use blocks::{Block, Blocks};
use narrows_model::{
    AccountId, Body, Deployment, Input, Kind, Location, Partition, Region, Resource, ResourceId, Source,
    Value, ValueKind,
};
use scope::Names;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Reads the `*.tf.json` files of one folder.
///
/// Strings are templates: references become references, `jsonencode` of a literal structure becomes JSON, names of
/// locals and of variables with a default are replaced by what they stand for (a default can be overridden when
/// Terraform runs: check a plan where that matters), and any other expression is kept as unknown text. A policy is read
/// as JSON where its text parses as such. The account is that of the providers' `allowed_account_ids` where they name
/// exactly one, the partition that of the Regions. Data sources and outputs are left out.
///
/// # Errors
/// The first thing that is not JSON, not valid, or that only Terraform can expand (modules, `for_each`, `count`, dynamic
/// blocks, override files), with its place.
pub fn read_config(sources: &[Arc<Source>]) -> Result<Deployment, ReadError> {
    let mut files = Vec::with_capacity(sources.len());
    for source in sources {
        let name = source.name().rsplit(['/', '\\']).next().unwrap_or_default();
        let whole = narrows_model::json::parse(source)?;
        if name == "override.tf.json" || name.ends_with("_override.tf.json") {
            return Err(only_terraform(
                format!("override file `{name}`"),
                "merge it into what it overrides",
                whole.location,
            ));
        }
        files.push(whole);
    }
    let blocks = Blocks::of(&files)?;
    if let Some(module) = blocks.modules.first() {
        let what = format!("module `{}`", module.name());
        return Err(only_terraform(what, "write its resources out in this folder", module.location()));
    }
    let mut names = Names::of(&blocks)?;
    let providers = providers(&blocks, &names)?;
    names.account = account(&providers);
    names.partition = raw_partition(&blocks);
    let mut deployment = Deployment::new(names.account.clone(), Partition::default());
    let mut of_buckets = Reported::default();
    for block in &blocks.resources {
        let resource = resource(block, &names, &providers, &mut of_buckets)?;
        let location = resource.location.clone();
        let address = resource.address.as_str().to_owned();
        deployment
            .add(resource)
            .map_err(|_| ReadError::Repeated { what: format!("resource {address}"), location })?;
    }
    of_buckets.add_to(&mut deployment, &BTreeSet::new())?;
    attach_endpoint_policies(&mut deployment)?;
    let regions = providers.iter().filter_map(|provider| provider.region.as_ref());
    deployment.partition = partition(regions, &deployment)?;
    Ok(deployment)
}

/// The error for what Terraform alone expands.
fn only_terraform(what: String, why: &str, location: Location) -> ReadError {
    let remedy = format!("{why}, or check a plan (narrows plan DIR makes one)");
    ReadError::Unsupported { what, remedy, location }
}

/// An `aws` provider block.
struct Provider {
    alias: Option<String>,
    region: Option<Input<Region>>,
    accounts: Vec<Input<AccountId>>,
}

fn providers(blocks: &Blocks<'_>, names: &Names<'_>) -> Result<Vec<Provider>, ReadError> {
    let aws = blocks.providers.iter().filter(|block| block.name() == "aws");
    aws.map(|block| {
        let resolved = hcl::resolve(block.body, names)?;
        let fields = Fields::new(&resolved, "provider aws");
        Ok(Provider {
            alias: fields.string("alias")?,
            region: fields.input("region")?,
            accounts: fields.inputs("allowed_account_ids")?,
        })
    })
    .collect()
}

/// The account that all providers are bound to, if there is one.
fn account(providers: &[Provider]) -> Option<AccountId> {
    let mut accounts = providers.iter().map(|provider| match provider.accounts.as_slice() {
        [only] => only.as_known(),
        _ => None,
    });
    let first = accounts.next().flatten();
    first.filter(|first| accounts.all(|other| other == Some(*first))).cloned()
}

/// The partition of the first Region that is spelled out anywhere, for expressions that need it.
fn raw_partition(blocks: &Blocks<'_>) -> Option<Partition> {
    let bodies = blocks.providers.iter().chain(&blocks.resources).map(|block| block.body);
    let regions = bodies.filter_map(|body| body.get("region")?.as_str()?.parse::<Region>().ok());
    regions.map(Region::partition).next()
}

/// The partition of all Regions; the commercial one where there is none.
pub(crate) fn partition<'a>(
    providers: impl Iterator<Item = &'a Input<Region>>,
    deployment: &'a Deployment,
) -> Result<Partition, ReadError> {
    let resources = deployment.resources().filter_map(|resource| resource.region.as_ref());
    let mut found: Option<Region> = None;
    for input in providers.chain(resources) {
        let Some(region) = input.as_known() else { continue };
        match found {
            Some(first) if first.partition() != region.partition() => {
                return Err(ReadError::Unsupported {
                    what: format!("a deployment to two partitions ({first} and {region})"),
                    remedy: "check what goes to each partition on its own".to_owned(),
                    location: input.location.clone(),
                });
            }
            _ => found = found.or(Some(*region)),
        }
    }
    Ok(found.map(Region::partition).unwrap_or_default())
}

fn resource(
    block: &Block<'_>,
    names: &Names<'_>,
    providers: &[Provider],
    of_buckets: &mut Reported,
) -> Result<Resource, ReadError> {
    let (type_name, name) = (block.type_name(), block.name());
    let address = format!("{type_name}.{name}");
    if kinds::kind_of(type_name) != Kind::Other(type_name.to_owned()) {
        for repeated in ["count", "for_each"] {
            if let Some(member) = block.body.get(repeated) {
                let what = format!("`{repeated}` of {address}");
                return Err(only_terraform(what, "write the resources out", member.location.clone()));
            }
        }
        inline_policy(type_name, &address, block.body)?;
    }
    let mut arguments = hcl::resolve(&without(block.body, &["//", "depends_on"]), names)?;
    arguments.location = block.location();
    let provider = block.body.get("provider").and_then(Value::as_str).map(bare);
    let alias = provider.and_then(|provider| provider.strip_prefix("aws."));
    let provider_region = alias.and_then(|alias| {
        providers.iter().find(|provider| provider.alias.as_deref() == Some(alias))?.region.clone()
    });
    let depends_on = depends_on(block.body, &address, names)?;
    let with_bucket = (type_name == "aws_s3_bucket").then(|| arguments.clone());
    let resource =
        Given { type_name, name: name.to_owned(), address, arguments, depends_on, provider_region }
            .resource()?;
    if let Some(arguments) = with_bucket {
        of_buckets.note(&resource.id, &arguments, resource.address.as_str())?;
    }
    Ok(resource)
}

/// Refuses a policy inside the resource that it is the policy of: the model has it as a resource of its own.
pub(crate) fn inline_policy(type_name: &str, address: &str, given: &Value) -> Result<(), ReadError> {
    match given.get("policy").filter(|value| value.kind != ValueKind::Null) {
        Some(policy) if type_name == "aws_s3_bucket" => Err(ReadError::Unsupported {
            what: format!("`policy` of {address}"),
            remedy: "the AWS provider deprecates it; move it to an aws_s3_bucket_policy".to_owned(),
            location: policy.location.clone(),
        }),
        _ => Ok(()),
    }
}

/// An object without some of its members.
fn without(body: &Value, names: &[&str]) -> Value {
    let mut body = body.clone();
    if let ValueKind::Object(members) = &mut body.kind {
        members.edit(|members| members.retain(|member| !names.contains(&member.name.as_str())));
    }
    body
}

/// The resources in `depends_on`; data sources and modules in it are left out.
fn depends_on(body: &Value, address: &str, names: &Names<'_>) -> Result<Vec<ResourceId>, ReadError> {
    let Some(given) = body.get("depends_on") else { return Ok(Vec::new()) };
    let fields = Fields::new(body, address);
    let wrong = |value| fields.wrong("depends_on", value, "a list of addresses such as `aws_s3_bucket.data`");
    let mut needed = Vec::new();
    for item in given.items().ok_or_else(|| wrong(given))? {
        let text = item.as_str().ok_or_else(|| wrong(item))?;
        needed.extend(resource_id(text, &item.location, names)?);
    }
    Ok(needed)
}

/// An address without the `${…}` that old configurations have around it.
fn bare(address: &str) -> &str {
    address.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or(address)
}

/// The resource that an address means; `None` for a data source or a module.
pub(crate) fn resource_id(
    address: &str,
    location: &Location,
    scope: &dyn Scope,
) -> Result<Option<ResourceId>, ReadError> {
    let value = hcl::parse(&format!("${{{}.id}}", bare(address)), location, scope)?;
    Ok(value.as_text().and_then(|text| text.as_reference()).map(|reference| reference.resource.clone()))
}

/// Gives endpoints the policies that are resources of their own.
pub(crate) fn attach_endpoint_policies(deployment: &mut Deployment) -> Result<(), ReadError> {
    let mut policies: BTreeMap<ResourceId, Value> = BTreeMap::new();
    for resource in deployment.resources() {
        let Body::Other(other) = &resource.body else { continue };
        if other.type_name != "aws_vpc_endpoint_policy" {
            continue;
        }
        let fields = Fields::new(&other.arguments, resource.address.as_str());
        let endpoint = fields.get("vpc_endpoint_id").and_then(Value::as_text);
        let target = match endpoint.map(|text| (text.as_reference(), text.as_literal())) {
            Some((Some(reference), _)) => Some(reference.resource.clone()),
            Some((_, Some(id))) => deployment
                .endpoints()
                .find(|(_, endpoint)| endpoint.id.as_ref().is_some_and(|known| known.as_str() == id))
                .map(|(id, _)| id.clone()),
            _ => None,
        };
        if let (Some(target), Some(policy)) = (target, fields.document("policy")?) {
            policies.insert(target, policy);
        }
    }
    for resource in deployment.resources_mut() {
        if let (Body::VpcEndpoint(endpoint), Some(policy)) =
            (&mut resource.body, policies.remove(&resource.id))
        {
            endpoint.policy = Some(policy);
        }
    }
    Ok(())
}
