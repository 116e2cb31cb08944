//! Cloud assemblies: what `cdk synth` writes to `cdk.out`.
//!
//! Source: the schema of cloud assemblies, `@aws-cdk/cloud-assembly-schema`: `manifest.json` has `artifacts`, of which those
//! of type `aws:cloudformation:stack` have an `environment` (`aws://ACCOUNT/REGION`) and `properties.templateFile`, and
//! those of type `cdk:cloud-assembly` name a folder with a manifest of its own in `properties.directoryName`.

use crate::error::ReadError;
use crate::read::{Options, Reading, Root, Template, readings};
use crate::stack::{Environment, beside};
use crate::syntax;
use crate::template::section;
use crate::world::Load;
use narrows_model::{AccountId, Location, Partition, Region, Source, Value, json};
use std::collections::BTreeMap;

const STACK: &str = "aws:cloudformation:stack";
const ASSEMBLY: &str = "cdk:cloud-assembly";
/// How deep assemblies can be nested.
const DEEPEST: usize = 16;

/// Whether a value is the manifest of a cloud assembly.
pub fn is_assembly(manifest: &Value) -> bool {
    let artifacts = manifest.get("artifacts").and_then(Value::members).unwrap_or_default();
    let kind = |value: &Value| value.get("type").and_then(Value::as_str).map(str::to_owned);
    manifest.get("version").is_some()
        && artifacts.iter().any(|it| matches!(kind(&it.value).as_deref(), Some(STACK | ASSEMBLY)))
}

/// Reads the stacks of a cloud assembly from its `manifest.json`: those of one account are one deployment.
///
/// Accounts and Regions that the assembly leaves open are those of `options`.
///
/// # Errors
/// As for [`crate::read()`]; a file that the manifest names and that is not there.
pub fn read_assembly(
    file: &str,
    text: &str,
    options: &Options,
    load: Load<'_>,
) -> Result<Vec<Reading>, ReadError> {
    let manifest = json::parse(&Source::file(file, text))?;
    let mut roots = Vec::new();
    collect(file, &manifest, options, load, &mut roots, 0)?;
    let mut accounts: BTreeMap<Option<AccountId>, Vec<Root>> = BTreeMap::new();
    for root in roots {
        accounts.entry(root.environment.account.clone()).or_default().push(root);
    }
    let several = accounts.len() > 1;
    let mut found = Vec::new();
    for (account, roots) in &accounts {
        let part = several.then(|| match account {
            Some(account) => format!("the stacks of account {account}"),
            None => "the stacks of no named account".to_owned(),
        });
        let partition = partition(roots)?;
        found.extend(readings(roots, part.as_deref(), partition, &options.parameters, load)?);
    }
    Ok(found)
}

fn partition(roots: &[Root]) -> Result<Partition, ReadError> {
    let mut found: Option<Region> = None;
    for root in roots {
        let Some(region) = root.environment.region else { continue };
        match found {
            Some(first) if first.partition() != region.partition() => {
                return Err(ReadError::Unsupported {
                    what: format!("a deployment to two partitions ({first} and {region})"),
                    remedy: "check the stacks of each partition on their own".to_owned(),
                    location: root.template.location(),
                });
            }
            _ => found = found.or(Some(region)),
        }
    }
    Ok(found.map(Region::partition).unwrap_or_default())
}

fn collect(
    file: &str,
    manifest: &Value,
    options: &Options,
    load: Load<'_>,
    roots: &mut Vec<Root>,
    depth: usize,
) -> Result<(), ReadError> {
    for artifact in section(manifest, "artifacts")? {
        let property = |name: &str| artifact.value.get("properties").and_then(|it| it.get(name));
        let required = |name: &str, expected: &str| {
            property(name).and_then(|value| value.as_str().map(str::to_owned)).ok_or_else(|| {
                ReadError::Missing {
                    what: format!("`properties.{name}` of artifact {}", artifact.name),
                    expected: expected.to_owned(),
                    location: artifact.location.clone(),
                }
            })
        };
        match artifact.value.get("type").and_then(Value::as_str) {
            Some(STACK) => {
                let path = beside(file, &required("templateFile", "the file of a template")?);
                let text = fetched(&path, &artifact.location, load)?;
                let Some(template) = Template::parse(&path, &text)? else {
                    return Err(ReadError::Type {
                        what: format!("the template of artifact {}", artifact.name),
                        got: format!("`{path}`, which has no Resources"),
                        expected: "a template".to_owned(),
                        location: artifact.location.clone(),
                    });
                };
                let environment =
                    artifact.value.get("environment").and_then(Value::as_str).unwrap_or_default();
                let (account, region) = parse_environment(environment);
                let name = property("stackName").and_then(Value::as_str).unwrap_or(&artifact.name);
                let environment = Environment {
                    account: account.or_else(|| options.account.clone()),
                    region: region.or(options.region),
                    name: Some(name.to_owned()),
                };
                let mut parameters = BTreeMap::new();
                for member in property("parameters").and_then(Value::members).unwrap_or_default() {
                    if let Some(value) = member.value.as_str() {
                        parameters.insert(member.name.to_string(), value.to_owned());
                    }
                }
                parameters.extend(options.parameters.clone());
                roots.push(Root { scope: format!("{}.", artifact.name), environment, template, parameters });
            }
            Some(ASSEMBLY) if depth < DEEPEST => {
                let folder = required("directoryName", "a folder")?;
                let path = beside(file, &format!("{folder}/manifest.json"));
                let text = fetched(&path, &artifact.location, load)?;
                let nested = json::parse(&syntax::source(&path, &text))?;
                collect(&path, &nested, options, load, roots, depth + 1)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn fetched(path: &str, location: &Location, load: Load<'_>) -> Result<String, ReadError> {
    let got = match load(path) {
        Ok(Some(text)) => return Ok(text),
        Ok(None) => format!("`{path}`, which is not there"),
        Err(error) => format!("`{path}`, which cannot be read ({error})"),
    };
    Err(ReadError::Type {
        what: "a file of the cloud assembly".to_owned(),
        got,
        expected: "one that `cdk synth` wrote".to_owned(),
        location: location.clone(),
    })
}

/// The account and Region of `aws://ACCOUNT/REGION`, where they are known.
fn parse_environment(text: &str) -> (Option<AccountId>, Option<Region>) {
    let Some((account, region)) = text.strip_prefix("aws://").and_then(|rest| rest.split_once('/')) else {
        return (None, None);
    };
    (account.parse().ok(), region.parse().ok())
}
