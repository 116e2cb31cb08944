mod kms;

use crate::resources::{Body, Resource, ec2, iam, s3, s3control};
use crate::{AccountId, Arn, Attribute, Kind, Part, Partition, Reference, ResourceId, Text, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A deterministic graph of resources: each has one id, and dependencies follow from references.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deployment {
    /// The account that is deployed to, where it is known.
    pub account: Option<AccountId>,
    /// The partition that is deployed to.
    pub partition: Partition,
    resources: BTreeMap<ResourceId, Resource>,
    /// The accounts of resources that are not deployed to `account`.
    owners: BTreeMap<ResourceId, AccountId>,
    /// What was taken for granted when the deployment was read.
    assumptions: BTreeSet<String>,
    /// Documents of AWS's own managed policies, by their ARNs.
    policies_of_aws: BTreeMap<Arn, Value>,
}

/// A set of resources that is no graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// Two resources have one id.
    #[error("two resources are called `{0}`: expected one of each name; rename one of them")]
    Duplicate(ResourceId),
    /// A reference leads nowhere.
    #[error("`{from}` refers to `{to}`, which is not part of the deployment: expected one of its resources")]
    Dangling {
        /// Where the reference is.
        from: ResourceId,
        /// What it refers to.
        to: ResourceId,
    },
    /// Resources need each other.
    #[error("`{0}` depends on itself through its references: expected no cycle")]
    Cycle(ResourceId),
}

impl Deployment {
    /// What stands for the account that is deployed to in text, where it is not known.
    pub const ACCOUNT: &str = "the account that is deployed to";

    /// An empty deployment to an account.
    pub fn new(account: Option<AccountId>, partition: Partition) -> Self {
        Self { account, partition, resources: BTreeMap::new(), ..Self::default() }
    }

    /// Says what was taken for granted when the deployment was read; it is printed with each verdict.
    pub fn assume(&mut self, assumption: impl Into<String>) {
        self.assumptions.insert(assumption.into());
    }

    /// What was taken for granted when the deployment was read.
    pub fn assumptions(&self) -> impl Iterator<Item = &str> {
        self.assumptions.iter().map(String::as_str)
    }

    /// Adds the document of a managed policy of AWS's own, as the input has it.
    pub fn add_policy_of_aws(&mut self, arn: Arn, document: Value) {
        self.policies_of_aws.insert(arn, document);
    }

    /// The documents of AWS's own managed policies that the input has, by their ARNs.
    pub fn policies_of_aws(&self) -> &BTreeMap<Arn, Value> {
        &self.policies_of_aws
    }

    /// The account that a resource is deployed to, where it is known: its own where one is set, else the deployment's.
    pub fn account_of(&self, id: &ResourceId) -> Option<&AccountId> {
        self.owners.get(id).or(self.account.as_ref())
    }

    /// Says that a resource is deployed to another account than the deployment's.
    pub fn set_account(&mut self, id: ResourceId, account: AccountId) {
        self.owners.insert(id, account);
    }

    /// Adds a resource.
    ///
    /// # Errors
    /// [`GraphError::Duplicate`] where the id is taken.
    pub fn add(&mut self, resource: Resource) -> Result<(), GraphError> {
        match self.resources.entry(resource.id.clone()) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(resource);
                Ok(())
            }
            std::collections::btree_map::Entry::Occupied(place) => {
                Err(GraphError::Duplicate(place.key().clone()))
            }
        }
    }

    /// Takes a resource out.
    pub fn remove(&mut self, id: &ResourceId) -> Option<Resource> {
        self.owners.remove(id);
        self.resources.remove(id)
    }

    /// The resource with this id.
    pub fn get(&self, id: &ResourceId) -> Option<&Resource> {
        self.resources.get(id)
    }

    /// All resources, by kind and name.
    pub fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.resources.values()
    }

    /// All resources on their own, in the same order.
    pub fn into_resources(self) -> impl Iterator<Item = Resource> {
        self.resources.into_values()
    }

    /// All resources, to be changed in place; their ids must stay as they are.
    pub fn resources_mut(&mut self) -> impl Iterator<Item = &mut Resource> {
        self.resources.values_mut()
    }

    /// What a resource needs to exist first: all that it refers to, and what it says it depends on.
    pub fn dependencies(&self, resource: &Resource) -> BTreeSet<ResourceId> {
        let referred = resource.body.references().into_iter().map(|reference| reference.resource);
        referred.chain(resource.depends_on.iter().cloned()).filter(|id| *id != resource.id).collect()
    }

    /// All resources in an order in which each comes after what it depends on; by kind and name where that leaves a choice.
    ///
    /// # Errors
    /// A reference that leads nowhere, or a cycle.
    pub fn in_order(&self) -> Result<Vec<&Resource>, GraphError> {
        let mut order = Vec::with_capacity(self.resources.len());
        let mut state = BTreeMap::new();
        for resource in self.resources.values() {
            self.visit(resource, &mut state, &mut order)?;
        }
        Ok(order)
    }

    fn visit<'a>(
        &'a self,
        resource: &'a Resource,
        done: &mut BTreeMap<&'a ResourceId, bool>,
        order: &mut Vec<&'a Resource>,
    ) -> Result<(), GraphError> {
        match done.get(&resource.id) {
            Some(true) => return Ok(()),
            Some(false) => return Err(GraphError::Cycle(resource.id.clone())),
            None => {}
        }
        done.insert(&resource.id, false);
        for id in self.dependencies(resource) {
            let needed = self
                .resources
                .get(&id)
                .ok_or_else(|| GraphError::Dangling { from: resource.id.clone(), to: id.clone() })?;
            self.visit(needed, done, order)?;
        }
        done.insert(&resource.id, true);
        order.push(resource);
        Ok(())
    }

    /// What is known of a resource's value: text in which only values that exist after deployment are left as references.
    ///
    /// An MRAP's ARN is built from partition, account and alias, a bucket's from its name, a role's, user's or group's from
    /// account, path and name, a key's from Region, account and id. What is left is an MRAP's `alias`, an endpoint's `id` and
    /// a key's `id`; anything else unknown is a [`Part::Unknown`].
    pub fn value_of(&self, reference: &Reference) -> Text {
        let unknown = || Text::unknown(self.spelling(reference));
        let Some(resource) = self.get(&reference.resource) else { return unknown() };
        let partition = self.partition;
        match (&resource.body, &reference.attribute) {
            (Body::Bucket(bucket), attribute) => match attribute {
                Attribute::Id => self.bucket_name(bucket, &reference.resource),
                Attribute::Arn => Text::literal(format!("arn:{partition}:s3:::"))
                    .then(self.bucket_name(bucket, &reference.resource)),
                Attribute::Other(other) if other == "bucket" => self.bucket_name(bucket, &reference.resource),
                _ => unknown(),
            },
            (Body::MultiRegionAccessPoint(mrap), attribute) => self.mrap_value(mrap, attribute, reference),
            (Body::Role(role), _) => self.role_value(role, reference).unwrap_or_else(unknown),
            (Body::ManagedPolicy(policy), _) => {
                self.managed_policy_value(policy, reference).unwrap_or_else(unknown)
            }
            (Body::User(user), _) => {
                self.named_value("user", &user.name.to_text(), &user.path, reference).unwrap_or_else(unknown)
            }
            (Body::Group(group), _) => self
                .named_value("group", &group.name.to_text(), &group.path, reference)
                .unwrap_or_else(unknown),
            (Body::Key(_) | Body::ReplicaKey(_) | Body::KeyAlias(_), attribute) => {
                self.key_value(resource, attribute).unwrap_or_else(unknown)
            }
            (Body::ControlPolicy(it), Attribute::Id) => known_or(it.id.as_ref(), unknown),
            (Body::MemberAccount(it), Attribute::Id) => known_or(it.id.as_ref(), unknown),
            (Body::OrganisationalUnit(it), Attribute::Id) => known_or(it.id.as_ref(), unknown),
            (Body::VpcEndpoint(endpoint), Attribute::Id) => match &endpoint.id {
                Some(id) => Text::literal(id.as_str()),
                None => reference.clone().into(),
            },
            _ => unknown(),
        }
    }

    /// A reference in the engine's spelling, where the resource has one.
    fn spelling(&self, reference: &Reference) -> String {
        match self.get(&reference.resource).map(|resource| resource.address.as_str()) {
            Some(address) if !address.is_empty() => format!("{address}.{}", reference.attribute),
            _ => reference.to_string(),
        }
    }

    /// Replaces each reference in a text by what is known of it.
    pub fn expand(&self, text: &Text) -> Text {
        let mut out = Text::default();
        for part in text.parts() {
            match part {
                Part::Reference(reference) => out = out.then(self.value_of(reference)),
                part => out.push(part.clone()),
            }
        }
        out
    }

    /// A bucket's name; where it has none of its own, what the engine will call it: its own reference.
    fn bucket_name(&self, bucket: &s3::Bucket, id: &ResourceId) -> Text {
        match &bucket.name {
            Some(name) => self.expand(&name.to_text()),
            None => id.attribute(Attribute::Id).into(),
        }
    }

    fn mrap_value(
        &self,
        mrap: &s3control::MultiRegionAccessPoint,
        attribute: &Attribute,
        reference: &Reference,
    ) -> Text {
        let alias = match &mrap.alias {
            Some(alias) => Text::literal(alias.as_str()),
            None => reference.resource.attribute(Attribute::Alias).into(),
        };
        match attribute {
            Attribute::Alias => alias,
            Attribute::DomainName => alias.then_literal(".accesspoint.s3-global.amazonaws.com"),
            Attribute::Arn => Text::literal(format!("arn:{}:s3::", self.partition))
                .then(self.mrap_account(mrap, &reference.resource))
                .then_literal(":accesspoint/")
                .then(alias),
            Attribute::Id => self
                .mrap_account(mrap, &reference.resource)
                .then_literal(":")
                .then(self.expand(&mrap.name.to_text())),
            Attribute::Other(name) if name == "name" => self.expand(&mrap.name.to_text()),
            Attribute::Other(_) => Text::unknown(self.spelling(reference)),
        }
    }

    fn mrap_account(&self, mrap: &s3control::MultiRegionAccessPoint, id: &ResourceId) -> Text {
        match &mrap.account {
            Some(account) => self.expand(&account.to_text()),
            None => self.account_text(id),
        }
    }

    fn role_value(&self, role: &iam::Role, reference: &Reference) -> Option<Text> {
        self.named_value("role", &role.name.as_ref()?.to_text(), &role.path, reference)
    }

    /// A value of a role, user or group.
    fn named_value(
        &self,
        kind: &str,
        name: &Text,
        path: &crate::RolePath,
        reference: &Reference,
    ) -> Option<Text> {
        let name = self.expand(name);
        match &reference.attribute {
            Attribute::Id => Some(name),
            Attribute::Other(other) if other == "name" => Some(name),
            Attribute::Arn => Some(self.in_account(reference, format!(":{kind}{path}")).then(name)),
            _ => None,
        }
    }

    fn managed_policy_value(&self, policy: &iam::ManagedPolicy, reference: &Reference) -> Option<Text> {
        let name = self.expand(&policy.name.as_ref()?.to_text());
        match &reference.attribute {
            Attribute::Arn => Some(self.in_account(reference, format!(":policy{}", policy.path)).then(name)),
            Attribute::Other(other) if other == "name" => Some(name),
            _ => None,
        }
    }

    /// The ARN of something in IAM, of which `rest` follows the account.
    fn in_account(&self, reference: &Reference, rest: String) -> Text {
        Text::literal(format!("arn:{}:iam::", self.partition))
            .then(self.account_text(&reference.resource))
            .then_literal(rest)
    }

    /// The account of a resource, as text.
    fn account_text(&self, id: &ResourceId) -> Text {
        match self.account_of(id) {
            Some(account) => Text::literal(account.as_str()),
            None => Text::unknown(Self::ACCOUNT),
        }
    }

    /// The resources of one kind, in order of their names.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Resource> {
        let first = ResourceId::new(kind.clone(), "");
        self.resources.range(first..).map(|(_, resource)| resource).take_while(move |it| it.id.kind == kind)
    }

    /// The MRAPs, in order of their names.
    pub fn mraps(&self) -> impl Iterator<Item = (&ResourceId, &s3control::MultiRegionAccessPoint)> {
        self.of_kind(Kind::MultiRegionAccessPoint).filter_map(|resource| match &resource.body {
            Body::MultiRegionAccessPoint(mrap) => Some((&resource.id, mrap)),
            _ => None,
        })
    }

    /// The VPC endpoints, in order of their names.
    pub fn endpoints(&self) -> impl Iterator<Item = (&ResourceId, &ec2::VpcEndpoint)> {
        self.of_kind(Kind::VpcEndpoint).filter_map(|resource| match &resource.body {
            Body::VpcEndpoint(endpoint) => Some((&resource.id, endpoint)),
            _ => None,
        })
    }
}

/// An id that is known, else what stands for it.
fn known_or(id: Option<&impl AsRef<str>>, unknown: impl FnOnce() -> Text) -> Text {
    id.map_or_else(unknown, |id| Text::literal(id.as_ref()))
}
