//! Resources as they are written, put together as a deployment.

use super::Read;
use crate::error::ReadError;
use crate::kinds;
use crate::mapping::{EndpointPolicy, Fields, Links, body, endpoint_policy, parts};
use crate::provider::Providers;
use crate::state::{Outputs, Properties, State};
use crate::symbolic::Symbols;
use narrows_model::resources::s3::BucketPolicy;
use narrows_model::{
    AccountId, Attribute, Body, Deployment, Input, Kind, Member, Region, Resource, ResourceId, Text, Value,
    ValueKind, json,
};
use std::collections::{BTreeMap, BTreeSet};

/// How many names a note lists.
const LISTED: usize = 3;

/// The resources so far.
pub(super) struct Collected<'p> {
    providers: &'p Providers,
    symbols: &'p Symbols,
    deployment: Deployment,
    /// The policies that buckets and keys report as theirs, whoever gave them.
    reported: Vec<(ResourceId, Value)>,
    endpoint_policies: Vec<EndpointPolicy>,
    /// The accounts of resources whose provider says one, and those in the ARNs of roles and policies.
    bound: BTreeMap<ResourceId, AccountId>,
    owners: BTreeSet<String>,
    /// Resources of the provider `aws-native` that are not read.
    native: Vec<&'p str>,
    secrets: usize,
    /// Whether a name was taken to be that of what it comes from.
    linked: bool,
}

impl<'p> Collected<'p> {
    pub(super) fn new(providers: &'p Providers, symbols: &'p Symbols) -> Self {
        Self {
            providers,
            symbols,
            deployment: Deployment::default(),
            reported: Vec::new(),
            endpoint_policies: Vec::new(),
            bound: BTreeMap::new(),
            owners: BTreeSet::new(),
            native: Vec::new(),
            secrets: 0,
            linked: false,
        }
    }

    /// Adds a resource; what is no custom resource of a provider is passed over.
    pub(super) fn add(&mut self, state: State<'p>, outputs: Outputs<'p>) -> Result<(), ReadError> {
        if !state.is_custom() {
            return Ok(());
        }
        let type_name = state.urn.type_name;
        if kinds::is_native_policy(type_name) {
            return Err(ReadError::Unsupported {
                what: format!("{}, which may hold a policy,", state.address),
                remedy: "the provider aws-native is not read; make it with the provider aws (Pulumi's AWS Classic)"
                    .to_owned(),
                location: state.location(),
            });
        }
        if kinds::is_native_s3(type_name) {
            self.native.push(state.address);
        }
        let mut properties = state.properties(outputs, self.symbols);
        self.secrets += properties.secrets;
        let links = Links::new(state);
        if type_name == kinds::ENDPOINT_POLICY
            && let Some(it) = endpoint_policy(&Fields::new(&properties.all, state.address, &links))?
        {
            set(&mut properties.all, "vpcEndpointId", &Value::text(it.endpoint.to_text()));
            self.endpoint_policies.push(it);
        }
        let id = self.resource(&state, &properties, &links)?;
        for part in parts(&Fields::new(&properties.inputs, state.address, &links), &id)? {
            let id = ResourceId::new(part.body.kind(), format!("{} (its {})", id.name, part.property));
            self.push(Resource {
                id,
                region: None,
                body: part.body,
                depends_on: Vec::new(),
                address: state.address.to_owned().into(),
                location: part.location,
            })?;
        }
        self.linked |= links.used();
        if let Some(policy) = properties.reported_policy {
            self.reported.push((id, policy));
        }
        Ok(())
    }

    fn resource(
        &mut self,
        state: &State<'_>,
        properties: &Properties,
        links: &Links<'_>,
    ) -> Result<ResourceId, ReadError> {
        let provider = state.provider(self.providers);
        let fields = Fields::new(&properties.all, state.address, links);
        let id = state.urn.id();
        let body = match body(&fields, state.urn.type_name)? {
            // The id's kind is the body's.
            body if body.kind() == id.kind => body,
            other => return self.unmodelled(state, other),
        };
        let region = match kinds::is_regional(state.urn.type_name) {
            true => {
                match fields.input("region")?.filter(|region: &Input<Region>| region.as_known().is_some()) {
                    Some(region) => Some(region),
                    None => provider.and_then(|provider| provider.region).map(Input::known),
                }
            }
            false => None,
        };
        if let Some(account) = provider.and_then(|provider| provider.account.clone()) {
            self.bound.insert(id.clone(), account);
        }
        if matches!(id.kind, Kind::Role | Kind::ManagedPolicy) {
            let arn = properties.all.get("arn").and_then(Value::as_str);
            self.owners.extend(arn.and_then(|arn| arn.split(':').nth(4)).map(str::to_owned));
        }
        self.push(Resource {
            id: id.clone(),
            region,
            body,
            depends_on: state.dependencies(),
            address: state.address.to_owned().into(),
            location: state.location(),
        })?;
        Ok(id)
    }

    /// A resource of a modelled type that uses what the model cannot hold.
    fn unmodelled(&mut self, state: &State<'_>, body: Body) -> Result<ResourceId, ReadError> {
        let id = ResourceId::new(body.kind(), state.urn.id().name);
        self.push(Resource {
            id: id.clone(),
            region: None,
            body,
            depends_on: Vec::new(),
            address: state.address.to_owned().into(),
            location: state.location(),
        })?;
        Ok(id)
    }

    fn push(&mut self, resource: Resource) -> Result<(), ReadError> {
        let location = resource.location.clone();
        let what = format!("resource {}", resource.address.as_str());
        self.deployment.add(resource).map_err(|_| ReadError::Repeated { what, location })
    }

    /// The deployment of all of them.
    pub(super) fn finish(mut self, replaced: BTreeSet<ResourceId>) -> Result<Read, ReadError> {
        self.deployment.partition = self.partition()?;
        self.deployment.account = self.providers.account().cloned().or_else(|| self.owner());
        for (id, account) in std::mem::take(&mut self.bound) {
            if self.deployment.account.as_ref() != Some(&account) {
                self.deployment.set_account(id, account);
            }
        }
        self.attach_endpoint_policies();
        self.attach_reported_policies()?;
        let known: BTreeSet<ResourceId> = self.deployment.resources().map(|it| it.id.clone()).collect();
        for resource in self.deployment.resources_mut() {
            resource.depends_on.retain(|id| known.contains(id) && *id != resource.id);
        }
        if self.linked {
            self.deployment.assume(
                "a property that names a resource and is known only later is taken to be that of the one fitting \
                 resource that it comes from",
            );
        }
        let mut notes = Vec::new();
        if let Some(listed) = listed(&self.native) {
            notes.push(format!("not read, since they are of the provider aws-native: {listed}"));
        }
        if self.secrets > 0 {
            let (count, are) = (self.secrets, if self.secrets == 1 { "is" } else { "are" });
            notes.push(format!("{count} of the values {are} secret, and taken to be unknown"));
        }
        Ok(Read { deployment: self.deployment, replaced, notes })
    }

    /// The one account in the ARNs of what was made already.
    fn owner(&self) -> Option<AccountId> {
        let mut owners = self.owners.iter();
        let (Some(only), None) = (owners.next(), owners.next()) else { return None };
        only.parse().ok()
    }

    /// The partition of all Regions; the commercial one where there is none.
    fn partition(&self) -> Result<narrows_model::Partition, ReadError> {
        let mut found: Option<Region> = None;
        for resource in self.deployment.resources() {
            let Some(region) = resource.region.as_ref().and_then(Input::as_known) else { continue };
            match found {
                Some(first) if first.partition() != region.partition() => {
                    return Err(ReadError::Unsupported {
                        what: format!("a deployment to two partitions ({first} and {region})"),
                        remedy: "check what goes to each partition on its own".to_owned(),
                        location: resource.location.clone(),
                    });
                }
                _ => found = found.or(Some(*region)),
            }
        }
        Ok(found.map(Region::partition).unwrap_or_default())
    }

    /// Gives endpoints the policies that are resources of their own.
    fn attach_endpoint_policies(&mut self) {
        for EndpointPolicy { endpoint, policy } in std::mem::take(&mut self.endpoint_policies) {
            for resource in self.deployment.resources_mut() {
                let Body::VpcEndpoint(it) = &mut resource.body else { continue };
                let is_referred = endpoint.as_reference().is_some_and(|to| to.resource == resource.id);
                if is_referred || (it.id.is_some() && it.id.as_ref() == endpoint.as_known()) {
                    it.policy = Some(policy.clone());
                }
            }
        }
    }

    /// What a bucket or key reports is its policy where no resource holds it.
    fn attach_reported_policies(&mut self) -> Result<(), ReadError> {
        for (id, policy) in std::mem::take(&mut self.reported) {
            let policy = match json::parse_embedded(&policy) {
                Ok(inner) => {
                    Value { kind: ValueKind::Json(Box::new(inner)), location: policy.location.clone() }
                }
                Err(_) => policy,
            };
            match id.kind {
                Kind::Bucket if !self.has_policy(&id) => self.add_bucket_policy(&id, policy)?,
                Kind::Key | Kind::ReplicaKey if !self.has_policy(&id) => {
                    for resource in self.deployment.resources_mut().filter(|resource| resource.id == id) {
                        match &mut resource.body {
                            Body::Key(key) => key.policy = Some(policy.clone()),
                            Body::ReplicaKey(key) => key.policy = Some(policy.clone()),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether a resource of its own holds the policy of a bucket or key.
    fn has_policy(&self, id: &ResourceId) -> bool {
        let own: Vec<Text> = [Attribute::Id, Attribute::Arn]
            .into_iter()
            .map(|attribute| self.deployment.value_of(&id.attribute(attribute)))
            .collect();
        self.deployment.resources().any(|resource| {
            let of = match &resource.body {
                Body::BucketPolicy(it) => it.bucket.to_text(),
                Body::KeyPolicy(it) => it.key.to_text(),
                _ => return false,
            };
            let is_it = of.as_reference().is_some_and(|reference| reference.resource == *id);
            is_it || own.contains(&self.deployment.expand(&of))
        })
    }

    fn add_bucket_policy(&mut self, id: &ResourceId, policy: Value) -> Result<(), ReadError> {
        let address = self.deployment.get(id).map(|it| it.address.clone()).unwrap_or_default();
        let location = policy.location.clone();
        let bucket = Input::reference(id.attribute(Attribute::Id));
        self.push(Resource {
            id: ResourceId::new(Kind::BucketPolicy, format!("{} (reported by the bucket)", id.name)),
            region: None,
            body: Body::BucketPolicy(BucketPolicy { bucket, policy }),
            depends_on: Vec::new(),
            address,
            location,
        })
    }
}

/// Gives an object a member, in the place of one of that name.
fn set(object: &mut Value, name: &str, value: &Value) {
    if let ValueKind::Object(members) = &mut object.kind {
        members.retain(|member| member.name != name);
        let location = value.location.clone();
        members.push(Member { name: name.to_owned(), location, value: value.clone() });
    }
}

/// The first of some names, for a note; `None` for none.
pub(super) fn listed(names: &[&str]) -> Option<String> {
    let more = if names.len() > LISTED { ", …" } else { "" };
    let first: Vec<&str> = names.iter().take(LISTED).copied().collect();
    (!first.is_empty()).then(|| format!("{}{more}", first.join(", ")))
}
