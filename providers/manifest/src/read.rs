//! A manifest and its policy files as a deployment.

mod controls;
mod resources;

use crate::error::ManifestError;
use crate::source;
use crate::table::Table;
use narrows_model::{
    AccountId, Body, BucketName, Deployment, Input, Location, Partition, Region, Resource, ResourceId,
    Source, Value, json,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The only version of the form.
const VERSION: &str = "1";

/// Gives the text of a file that a manifest names, by its path relative to the manifest, or says why it cannot.
pub type Load<'a> = dyn FnMut(&str) -> Result<Arc<Source>, String> + 'a;

/// Reads a manifest and the policy files that it names.
///
/// Resources are called as in AWS, and the address of one that comes from a policy file is that file's name. The account of
/// a resource is its own where it gives one, else the manifest's; the partition is that of Regions and ARNs.
///
/// # Errors
/// What is not valid in the manifest or not JSON in a policy file, a file that cannot be read, or a bucket of an MRAP that the
/// manifest does not describe, each with its place.
pub fn read(source: &Arc<Source>, load: &mut Load<'_>) -> Result<Deployment, ManifestError> {
    let root = source::parse(source)?;
    let known = [
        "version",
        "account",
        "bucket",
        "mrap",
        "endpoint",
        "role",
        "service_control_policies",
        "resource_control_policies",
    ];
    let root = Table::of(&root, "the manifest", &known)?;
    match root.get("version") {
        Some(version) if version.to_string() != VERSION => {
            let message = format!("version {version} of the manifest: expected {VERSION}");
            return Err(ManifestError::new(message, &version.location));
        }
        Some(_) => {}
        None => {
            let message = format!("`version` of the manifest is missing: expected `version = {VERSION}`");
            return Err(ManifestError::new(message, &Location::none()));
        }
    }
    let mut reader = Reader {
        deployment: Deployment::new(root.name("account")?, Partition::default()),
        partition: None,
        buckets: BTreeMap::new(),
        load,
    };
    for value in root.items("bucket", "a list of tables, [[bucket]]")? {
        reader.bucket(value)?;
    }
    for value in root.items("mrap", "a list of tables, [[mrap]]")? {
        reader.mrap(value)?;
    }
    for value in root.items("endpoint", "a list of tables, [[endpoint]]")? {
        reader.endpoint(value)?;
    }
    for value in root.items("role", "a list of tables, [[role]]")? {
        reader.role(value)?;
    }
    reader.control_policies(&root)?;
    reader.deployment.partition = reader.partition.map(|(partition, _)| partition).unwrap_or_default();
    Ok(reader.deployment)
}

struct Reader<'l, 'f> {
    deployment: Deployment,
    /// The partition so far, and what showed it.
    partition: Option<(Partition, String)>,
    /// The accounts of the buckets so far.
    buckets: BTreeMap<BucketName, Option<AccountId>>,
    load: &'l mut Load<'f>,
}

/// What all resources of one table have in common.
struct Common {
    name: String,
    account: Option<AccountId>,
    region: Option<Input<Region>>,
    location: Location,
}

impl Reader<'_, '_> {
    /// Adds a resource; `address` is the file that it comes from, if one does.
    fn add(
        &mut self,
        common: &Common,
        body: Body,
        address: &str,
        location: &Location,
    ) -> Result<ResourceId, ManifestError> {
        let id = ResourceId::new(body.kind(), common.name.as_str());
        let resource = Resource {
            id: id.clone(),
            region: common.region.clone(),
            body,
            depends_on: Vec::new(),
            address: address.to_owned().into(),
            location: location.clone(),
        };
        if self.deployment.add(resource).is_err() {
            let message = format!("{id} is given twice: expected it once; remove one");
            return Err(ManifestError::new(message, &common.location));
        }
        if let Some(account) = &common.account {
            self.deployment.set_account(id.clone(), account.clone());
        }
        Ok(id)
    }

    /// The policy in the file that a member names, and the name of that file.
    fn policy(&mut self, table: &Table<'_>, name: &str) -> Result<Option<(Value, String)>, ManifestError> {
        match table.text(name)? {
            Some((path, place)) => self.file(path, place, &format!("`{name}` of {}", table.what())).map(Some),
            None => Ok(None),
        }
    }

    fn file(&mut self, path: &str, place: &Location, what: &str) -> Result<(Value, String), ManifestError> {
        let source =
            (self.load)(path).map_err(|cause| ManifestError::new(format!("{what}: {cause}"), place))?;
        let value = json::parse(&source)?;
        if value.members().is_none() {
            let got = value.kind_in_words();
            let message = format!("{path} holds {got}: expected a policy, an object with `Statement`");
            return Err(ManifestError::new(message, &value.location));
        }
        let policy = crate::printed(&value)?.map_or(value, |printed| printed.policy);
        Ok((policy, source.name().to_owned()))
    }

    /// Takes note of a partition; all must be one.
    fn in_partition(
        &mut self,
        partition: Partition,
        shown_by: &str,
        place: &Location,
    ) -> Result<(), ManifestError> {
        match &self.partition {
            Some((known, first)) if *known != partition => Err(ManifestError::new(
                format!(
                    "{shown_by} is in partition {partition}, and {first} in {known}: expected one partition"
                ),
                place,
            )),
            Some(_) => Ok(()),
            None => {
                self.partition = Some((partition, shown_by.to_owned()));
                Ok(())
            }
        }
    }
}
