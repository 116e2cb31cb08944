//! Resources as they are written, put together as a deployment.

use super::Read;
use super::holders::Holder;
use super::reported::Reported;
use crate::error::ReadError;
use crate::kinds;
use crate::kinds::Elsewhere;
use crate::mapping::{EndpointPolicy, Fields, Links, body, endpoint_policy, parts};
use crate::provider::Providers;
use crate::state::{Outputs, Properties, State};
use crate::symbolic::Symbols;
use narrows_model::{
    AccountId, Body, Deployment, Input, Kind, Member, Region, Resource, ResourceId, Text, Value, ValueKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// How many names a note lists.
const LISTED: usize = 3;

/// The kinds that report policies which resources of their own may have given.
pub(super) const REPORTING: [Kind; 4] = [Kind::Bucket, Kind::Key, Kind::ReplicaKey, Kind::VpcEndpoint];

/// What could be the policy of something, with what it could be of.
#[derive(Default)]
pub(super) struct Earlier {
    pub(super) holders: Vec<Holder>,
    pub(super) deployment: Deployment,
}

/// The resources so far.
pub(super) struct Collected<'p> {
    providers: &'p Providers,
    symbols: &'p Symbols,
    pub(super) deployment: Deployment,
    /// The policies that buckets, keys and endpoints report as theirs, whoever gave them.
    pub(super) reported: BTreeMap<ResourceId, Reported>,
    /// What may have given them.
    pub(super) holders: Vec<Holder>,
    pub(super) endpoint_policies: Vec<EndpointPolicy>,
    /// What there was before the update; nothing where there is none.
    pub(super) earlier: Earlier,
    /// Those policies whose deletion comes after all that is made.
    pub(super) taken: Vec<Holder>,
    /// The accounts of resources whose provider says one, and those in the ARNs of roles and policies.
    bound: BTreeMap<ResourceId, AccountId>,
    owners: BTreeSet<String>,
    /// Resources of S3 that others than the AWS provider make, and who.
    unread: BTreeMap<&'static str, Vec<&'p str>>,
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
            reported: BTreeMap::new(),
            holders: Vec::new(),
            endpoint_policies: Vec::new(),
            earlier: Earlier::default(),
            taken: Vec::new(),
            bound: BTreeMap::new(),
            owners: BTreeSet::new(),
            unread: BTreeMap::new(),
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
        let mut properties = state.properties(outputs, self.symbols);
        match kinds::elsewhere(type_name, Some(&properties.inputs)) {
            Some(Elsewhere::Policy { what, remedy }) => {
                return Err(ReadError::Unsupported {
                    what: format!("{}, which may hold a policy,", state.address),
                    remedy: format!("{what}; {remedy}"),
                    location: state.location(),
                });
            }
            Some(Elsewhere::Settings { by }) => self.unread.entry(by).or_default().push(state.address),
            None => {}
        }
        self.secrets += properties.secrets;
        let links = Links::new(state);
        if type_name == kinds::ENDPOINT_POLICY {
            let it = endpoint_policy(&Fields::new(&properties.all, state.address, &links))?;
            set(&mut properties.all, "vpcEndpointId", &Value::text(it.endpoint.to_text()));
            self.note_holder(&state, &[Kind::VpcEndpoint], it.endpoint.to_text(), None);
            self.endpoint_policies.push(it);
        }
        let id = self.resource(&state, &properties, &links)?;
        let region = || self.deployment.get(&id)?.region.as_ref()?.as_known().copied();
        match self.deployment.get(&id).map(|resource| &resource.body) {
            Some(Body::BucketPolicy(it)) => {
                let target = it.bucket.to_text();
                self.note_holder(&state, &[Kind::Bucket], target, None);
            }
            Some(Body::KeyPolicy(it)) => {
                let (target, region) = (it.key.to_text(), region());
                self.note_holder(&state, &[Kind::Key, Kind::ReplicaKey], target, region);
            }
            _ => {}
        }
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
            let before = match outputs {
                Outputs::Own { before: Some(before), .. } => before.urn.id(),
                _ => state.urn.id(),
            };
            self.reported.insert(id, Reported { policy, before });
        }
        Ok(())
    }

    /// Notes a resource that is the whole policy of another.
    fn note_holder(
        &mut self,
        state: &State<'_>,
        kinds: &'static [Kind],
        target: Text,
        region: Option<Region>,
    ) {
        self.holders.push(Holder { kinds, target, region, address: state.address.to_owned() });
    }

    /// Notes a resource that may be any policy, as it is made past the AWS provider.
    pub(super) fn note_elsewhere(&mut self, state: &State<'_>) {
        let inputs = state.properties(Outputs::All, self.symbols).inputs;
        if let Some(Elsewhere::Policy { what, .. }) = kinds::elsewhere(state.urn.type_name, Some(&inputs)) {
            self.note_holder(state, &REPORTING, Text::unknown(what), None);
        }
    }

    fn resource(
        &mut self,
        state: &State<'_>,
        properties: &Properties,
        links: &Links<'_>,
    ) -> Result<ResourceId, ReadError> {
        let provider = state.provider(self.providers);
        let fields = Fields::new(&properties.all, state.address, links);
        let mut id = state.urn.id();
        let body = match body(&fields, state.urn.type_name)? {
            // The id's kind is the body's.
            body if body.kind() == id.kind => body,
            other => return self.unmodelled(state, other),
        };
        if state.is_left_over {
            id.name.push_str(" (left over)");
            while self.deployment.get(&id).is_some() {
                id.name.push('\'');
            }
        }
        let region = match kinds::is_regional(state.urn.type_name) {
            // One that is not known is not the provider's.
            true => match fields.input::<Region>("region")? {
                Some(region) => Some(region),
                None => provider.and_then(|provider| provider.region).map(Input::known),
            },
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

    pub(super) fn push(&mut self, resource: Resource) -> Result<(), ReadError> {
        let location = resource.location.clone();
        let what = format!("resource {}", resource.address.as_str());
        self.deployment.add(resource).map_err(|_| ReadError::Repeated { what, location })
    }

    /// Only what could be a policy of something.
    pub(super) fn into_earlier(self) -> Earlier {
        Earlier { holders: self.holders, deployment: self.deployment }
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
        self.settle_policies()?;
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
        for (by, addresses) in &self.unread {
            let listed = listed(addresses).unwrap_or_default();
            notes.push(format!("not read, since they are of {by}: {listed}"));
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
}

/// Gives an object a member, in the place of one of that name.
fn set(object: &mut Value, name: &str, value: &Value) {
    if let ValueKind::Object(members) = &mut object.kind {
        let location = value.location.clone();
        members.edit(|members| {
            members.retain(|member| member.name != name);
            members.push(Member { name: name.into(), location, value: value.clone() });
        });
    }
}

/// The first of some names, for a note; `None` for none.
pub(super) fn listed(names: &[&str]) -> Option<String> {
    let more = if names.len() > LISTED { ", …" } else { "" };
    let first: Vec<&str> = names.iter().take(LISTED).copied().collect();
    (!first.is_empty()).then(|| format!("{}{more}", first.join(", ")))
}
