//! A state as a deployment.

use crate::config::{attach_endpoint_policies, partition};
use crate::error::ReadError;
use crate::hcl::instance_name;
use crate::mapping::Given;
use crate::plan::instance_key;
use crate::reported::Reported;
use narrows_model::{AccountId, Deployment, Kind, Value, ValueKind};
use std::collections::BTreeSet;

/// Reads a state, as `terraform show -json` prints one.
pub(crate) fn read(whole: &Value) -> Result<Deployment, ReadError> {
    let version = whole.get("format_version").and_then(Value::as_str).unwrap_or("1.0");
    if !version.starts_with("1.") && version != "0.2" {
        return Err(ReadError::Unsupported {
            what: format!("a state of format version {version}"),
            remedy: "expected version 1; use a Terraform or OpenTofu that prints it".to_owned(),
            location: whole.location.clone(),
        });
    }
    let mut found = Found::default();
    if let Some(values) = whole.get("values").filter(|values| values.kind != ValueKind::Null) {
        if values.members().is_none() {
            return Err(ReadError::Type {
                what: "`values`".to_owned(),
                got: values.kind_in_words().to_owned(),
                expected: "an object, as terraform show -json prints it".to_owned(),
                location: values.location.clone(),
            });
        }
        if let Some(root) = values.get("root_module") {
            found.module(root, "")?;
        }
    }
    found.deployment.account = found.account();
    attach_endpoint_policies(&mut found.deployment)?;
    std::mem::take(&mut found.reported).add_to(&mut found.deployment, &BTreeSet::new())?;
    found.deployment.partition = partition(std::iter::empty(), &found.deployment)?;
    Ok(found.deployment)
}

#[derive(Default)]
struct Found {
    deployment: Deployment,
    reported: Reported,
    /// The accounts that `aws_caller_identity` gave, and those in the ARNs of roles and policies.
    identities: BTreeSet<String>,
    owners: BTreeSet<String>,
}

impl Found {
    fn module(&mut self, module: &Value, prefix: &str) -> Result<(), ReadError> {
        for resource in module.get("resources").and_then(Value::items).unwrap_or_default() {
            let member = |name: &str| resource.get(name).and_then(Value::as_str);
            match member("mode") {
                Some("managed") => self.managed(resource, prefix)?,
                Some("data") if member("type") == Some("aws_caller_identity") => {
                    let account =
                        resource.get("values").and_then(|values| values.get("account_id")?.as_str());
                    self.identities.extend(account.map(str::to_owned));
                }
                _ => {}
            }
        }
        for child in module.get("child_modules").and_then(Value::items).unwrap_or_default() {
            let address = child.get("address").and_then(Value::as_str).unwrap_or_default();
            self.module(child, &format!("{address}."))?;
        }
        Ok(())
    }

    fn managed(&mut self, given: &Value, prefix: &str) -> Result<(), ReadError> {
        let member = |name: &str| {
            given.get(name).and_then(Value::as_str).ok_or_else(|| ReadError::Missing {
                what: format!("`{name}` of a resource in the state"),
                expected: "a string".to_owned(),
                location: given.location.clone(),
            })
        };
        let (type_name, name, address) = (member("type")?, member("name")?, member("address")?);
        // An object that a failed replacement left over is about to go.
        if given.get("deposed_key").is_some_and(|key| key.kind != ValueKind::Null) {
            return Ok(());
        }
        let key = given.get("index").and_then(instance_key);
        let empty = Value { kind: ValueKind::Object(Vec::new().into()), location: given.location.clone() };
        let values = given.get("values").filter(|values| values.members().is_some()).unwrap_or(&empty);
        let mut arguments = values.clone();
        arguments.location = given.location.clone();
        let resource = Given {
            type_name,
            name: format!("{prefix}{}", instance_name(name, key.as_ref())),
            address: address.to_owned(),
            arguments,
            depends_on: Vec::new(),
            provider_region: None,
        }
        .resource()?;
        self.reported.note(&resource.id, values, address)?;
        if matches!(resource.id.kind, Kind::Role | Kind::ManagedPolicy) {
            let arn = values.get("arn").and_then(Value::as_str);
            self.owners.extend(arn.and_then(|arn| arn.split(':').nth(4)).map(str::to_owned));
        }
        let location = resource.location.clone();
        let what = format!("resource {address}");
        self.deployment.add(resource).map_err(|_| ReadError::Repeated { what, location })
    }

    /// The one account that everything shows.
    fn account(&self) -> Option<AccountId> {
        let only = |accounts: &BTreeSet<String>| {
            let mut accounts = accounts.iter();
            let (Some(only), None) = (accounts.next(), accounts.next()) else { return None };
            only.parse().ok()
        };
        if self.identities.is_empty() { only(&self.owners) } else { only(&self.identities) }
    }
}
