use super::{AccessModel, Bucket, Cache, Endpoint, Finding, Mrap, Policy, Replication, Subject};
use narrows_iam::{DocumentKind, ParseError, Parsed};
use narrows_model::date::Date;
use narrows_model::resources::Body;
use narrows_model::{
    Attribute, BucketName, Deployment, Input, Intent, Kind, Resource, SmolStr, Symbols, Text, Value,
};
use std::borrow::Cow;
use std::collections::HashMap;

/// Why there is no model of an input.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BuildError {
    /// A policy in the input is not one that AWS would take.
    #[error("{policy}: {cause}")]
    Policy {
        /// What messages call the policy.
        policy: String,
        /// What is wrong with it, and where.
        #[source]
        cause: Box<ParseError>,
    },
    /// There are more unknown values than can be told apart.
    #[error(
        "the input has more than {} values that are known only after deployment: expected fewer in one deployment",
        Symbols::MOST
    )]
    TooManyUnknowns,
}

impl AccessModel {
    /// Reads the policies of a deployment and attaches them to what they govern.
    ///
    /// # Errors
    /// The first policy that AWS would not take, with its place; more than [`Symbols::MOST`] unknown values.
    pub fn build(deployment: &Deployment, intent: &Intent, as_of: Date) -> Result<Self, BuildError> {
        Self::build_with(Symbols::default(), deployment, intent, as_of)
    }

    /// As [`AccessModel::build`], for a later state of the same deployment: a reference that both have is one symbol.
    ///
    /// References are the same if resource and attribute are, expressions if they are spelled alike.
    ///
    /// # Errors
    /// As for [`AccessModel::build`].
    pub fn build_after(
        before: &Self,
        deployment: &Deployment,
        intent: &Intent,
        as_of: Date,
    ) -> Result<Self, BuildError> {
        Self::build_with(before.symbols.for_next_state(), deployment, intent, as_of)
    }

    fn build_with(
        symbols: Symbols,
        deployment: &Deployment,
        intent: &Intent,
        as_of: Date,
    ) -> Result<Self, BuildError> {
        let mut deployment = Cow::Borrowed(deployment);
        if deployment.account.is_none() && intent.account.is_some() {
            deployment.to_mut().account.clone_from(&intent.account);
        }
        let model = Self {
            symbols,
            partition: deployment.partition,
            buckets: Vec::new(),
            mraps: Vec::new(),
            endpoints: Vec::new(),
            identities: Vec::new(),
            controls: Vec::new(),
            keys: Vec::new(),
            remarks: deployment.assumptions().map(str::to_owned).collect(),
            unused: Vec::new(),
            findings: Vec::new(),
            as_of: as_of.epoch_seconds(),
            cache: Cache::default(),
        };
        let mut builder =
            Builder { deployment: &deployment, model, buckets: HashMap::new(), mraps: HashMap::new() };
        builder.buckets();
        builder.mraps(intent);
        builder.settings()?;
        builder.acls();
        builder.unplaced();
        builder.keys()?;
        builder.encryption();
        builder.endpoints()?;
        builder.unplaced_endpoint_policies();
        builder.identities(intent)?;
        builder.controls()?;
        builder.unused();
        if builder.model.symbols.are_too_many() {
            return Err(BuildError::TooManyUnknowns);
        }
        Ok(builder.model)
    }
}

pub(super) struct Builder<'a> {
    pub(super) deployment: &'a Deployment,
    pub(super) model: AccessModel,
    /// The place of each bucket, by its name.
    buckets: HashMap<SmolStr, usize>,
    /// The place of each MRAP, by its ARN.
    mraps: HashMap<String, usize>,
}

impl Builder<'_> {
    pub(super) fn resolve(&mut self, text: &Text) -> String {
        self.model.symbols.resolve(self.deployment, text).to_string()
    }

    pub(super) fn resolve_input<T: std::fmt::Display>(&mut self, input: &Input<T>) -> String {
        self.resolve(&input.to_text())
    }

    pub(super) fn subject(&self, kind: &str, name: &str, resource: Option<&Resource>) -> Subject {
        let address = resource.map(|resource| resource.address.as_str().to_owned()).unwrap_or_default();
        Subject { kind: kind.to_owned(), name: self.model.show(name), address }
    }

    fn buckets(&mut self) {
        let deployment = self.deployment;
        for resource in deployment.of_kind(Kind::Bucket) {
            let Body::Bucket(bucket) = &resource.body else { continue };
            let name = self.model.symbols.resolve(deployment, &resource.id.attribute(Attribute::Id).into());
            let account = deployment.account_of(&resource.id).map(ToString::to_string);
            // A bucket whose name the engine makes up is still one bucket of its own.
            let shown = bucket.name.as_ref().map_or(resource.id.name.as_str(), |_| &name);
            let index = self.add_bucket(&name, account, |it| it.subject("bucket", shown, Some(resource)));
            let region = resource.region.as_ref().map(|region| self.resolve_input(region));
            if let Some(bucket) = self.model.buckets.get_mut(index) {
                bucket.region = region.filter(|region| !region.chars().any(narrows_model::is_symbol));
            }
        }
    }

    fn add_bucket(
        &mut self,
        name: &SmolStr,
        account: Option<String>,
        subject: impl FnOnce(&Self) -> Subject,
    ) -> usize {
        if let Some(known) = self.buckets.get(name) {
            return *known;
        }
        let subject = subject(self);
        let index = self.model.buckets.len();
        self.buckets.insert(name.clone(), index);
        let arn = format!("arn:{}:s3:::{name}", self.deployment.partition);
        self.model.buckets.push(Bucket {
            subject,
            name: name.to_string(),
            arn,
            account,
            region: None,
            account_assumed: false,
            name_is_known: false,
            policy: Policy::None,
            ownership: None,
            acl: super::BucketAcl::Absent,
            public_access_block: None,
            mraps: Vec::new(),
            replication: None,
            encryption: None,
        });
        index
    }

    /// The bucket with this ARN.
    pub(super) fn bucket_of(&self, arn: &str) -> Option<usize> {
        let name = arn.strip_prefix("arn:")?.strip_prefix(self.deployment.partition.as_str())?;
        self.buckets.get(name.strip_prefix(":s3:::")?).copied()
    }

    /// The bucket that a field of a resource names, added where the input has no resource for it.
    pub(super) fn bucket(&mut self, input: &Input<BucketName>, of: &Resource) -> usize {
        let account = self.deployment.account_of(&of.id).map(ToString::to_string);
        self.bucket_in(input, account)
    }

    fn bucket_in(&mut self, input: &Input<BucketName>, account: Option<String>) -> usize {
        let name = self.model.symbols.resolve(self.deployment, &input.to_text());
        self.add_bucket(&name, account, |it| it.subject("bucket", &name, None))
    }

    fn mraps(&mut self, intent: &Intent) {
        let deployment = self.deployment;
        for resource in deployment.of_kind(Kind::MultiRegionAccessPoint) {
            let Body::MultiRegionAccessPoint(mrap) = &resource.body else { continue };
            let arn = self.resolve(&resource.id.arn().into());
            let name = self.resolve_input(&mrap.name);
            let account = match &mrap.account {
                Some(account) => Some(self.resolve_input(account)),
                None => deployment.account_of(&resource.id).map(ToString::to_string),
            };
            let subject = self.subject("multi-region access point", &name, Some(resource));
            let index = self.model.mraps.len();
            for member in &mrap.buckets {
                let bucket = self.bucket(&member.bucket, resource);
                let common = deployment.account.as_ref().map(|account| account.as_str());
                if let Some(bucket) = self.model.buckets.get_mut(bucket) {
                    // A bucket that was read from another account's input is in that one.
                    let own = bucket.account.take().filter(|own| Some(own.as_str()) != common);
                    let said = member.account.as_ref().map(ToString::to_string);
                    bucket.account = said.or(own).or_else(|| account.clone());
                    bucket.mraps.push(index);
                }
            }
            self.mraps.entry(arn.clone()).or_insert(index);
            self.model.mraps.push(Mrap { subject, arn, account, policy: Policy::None, in_input: true });
        }
        for membership in &intent.memberships {
            let account = deployment.account.as_ref().map(ToString::to_string);
            let bucket = self.bucket_in(&Input::known(membership.bucket.clone()), account);
            for arn in &membership.mraps {
                let known = self.mraps.get(arn.as_str()).copied();
                let index = known.unwrap_or_else(|| {
                    let subject = self.subject("multi-region access point", arn.as_str(), None);
                    let account = Some(arn.account().to_string());
                    let arn = arn.as_str().to_owned();
                    self.mraps.insert(arn.clone(), self.model.mraps.len());
                    self.model.mraps.push(Mrap {
                        subject,
                        arn,
                        account,
                        policy: Policy::None,
                        in_input: false,
                    });
                    self.model.mraps.len() - 1
                });
                let owner = Some(arn.account().to_string());
                if let Some(bucket) = self.model.buckets.get_mut(bucket) {
                    if !bucket.mraps.contains(&index) {
                        bucket.mraps.push(index);
                    }
                    // A bucket's account that is not given is the MRAP's.
                    bucket.account_assumed |= bucket.account.is_none();
                    bucket.account = bucket.account.take().or(owner);
                }
            }
        }
    }

    pub(super) fn policy(
        &mut self,
        resource: &Resource,
        value: &Value,
        kind: DocumentKind,
    ) -> Result<Policy, BuildError> {
        let name = match resource.address.as_str() {
            "" => resource.id.to_string(),
            address => address.to_owned(),
        };
        let deployment = self.deployment;
        let symbols = &mut self.model.symbols;
        let resolve = &mut |text: &Text| symbols.resolve(deployment, text);
        let parsed = narrows_iam::parse_with_remarks(value, kind, resolve);
        match parsed {
            Ok(Parsed { document, remarks }) => {
                for remark in remarks {
                    let text = self.model.show(&remark.text);
                    let found = Finding { document: name.clone(), text, location: remark.location };
                    // A policy that several hold is read for each.
                    if !self.model.findings.contains(&found) {
                        self.model.findings.push(found);
                    }
                }
                Ok(Policy::Document { name, document })
            }
            Err(cause) => match cause.unknown() {
                Some(expression) => {
                    let expression = self.model.show(expression);
                    Ok(Policy::Unknown { name, expression, location: cause.location.clone() })
                }
                None => Err(BuildError::Policy { policy: name, cause: Box::new(cause) }),
            },
        }
    }

    fn settings(&mut self) -> Result<(), BuildError> {
        let deployment = self.deployment;
        for resource in deployment.resources() {
            match &resource.body {
                Body::BucketPolicy(it) => {
                    let policy = self.policy(resource, &it.policy, DocumentKind::Resource)?;
                    let bucket = self.bucket(&it.bucket, resource);
                    if let Some(bucket) = self.model.buckets.get_mut(bucket) {
                        bucket.policy.attach(policy);
                    }
                }
                Body::BucketOwnershipControls(it) => {
                    let bucket = self.bucket(&it.bucket, resource);
                    if let Some(bucket) = self.model.buckets.get_mut(bucket) {
                        bucket.ownership = Some(it.ownership);
                    }
                }
                Body::BucketPublicAccessBlock(it) => {
                    let bucket = self.bucket(&it.bucket, resource);
                    if let Some(bucket) = self.model.buckets.get_mut(bucket) {
                        bucket.public_access_block = Some(it.block);
                    }
                }
                Body::BucketReplication(it) => {
                    let bucket = self.bucket(&it.bucket, resource);
                    let role = self.resolve_input(&it.role);
                    let mut replication = Replication {
                        role,
                        destinations: vec![],
                        foreign: vec![],
                        encrypted: false,
                        keys: vec![],
                        location: resource.location.clone(),
                    };
                    for rule in it.rules.iter().filter(|rule| rule.enabled) {
                        let arn = self.resolve_input(&rule.destination);
                        match self.bucket_of(&arn) {
                            Some(index) => replication.destinations.push(index),
                            None => replication.foreign.push(arn),
                        }
                    }
                    if let Some(bucket) = self.model.buckets.get_mut(bucket) {
                        bucket.replication = Some(replication);
                    }
                }
                Body::MultiRegionAccessPointPolicy(it) => {
                    let policy = self.policy(resource, &it.policy, DocumentKind::Resource)?;
                    let name = self.resolve_input(&it.mrap);
                    let shown = self.model.show(&name);
                    // Engines also refer to the MRAP by its id, `account:name`.
                    let is = |mrap: &&mut Mrap| {
                        mrap.in_input
                            && shown
                                .strip_suffix(mrap.subject.name.as_str())
                                .is_some_and(|before| before.is_empty() || before.ends_with(':'))
                    };
                    // A name that is not known may be that of any.
                    let unknown = name.chars().any(narrows_model::is_symbol);
                    match self.model.mraps.iter_mut().find(is) {
                        Some(mrap) => mrap.policy.attach(policy),
                        None if unknown => {
                            let (policy_name, location) =
                                (resource.id.to_string(), resource.location.clone());
                            for mrap in self.model.mraps.iter_mut().filter(|mrap| mrap.in_input) {
                                mrap.policy.attach(Policy::Unknown {
                                    name: policy_name.clone(),
                                    expression: shown.clone(),
                                    location: location.clone(),
                                });
                            }
                        }
                        None => {}
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn endpoints(&mut self) -> Result<(), BuildError> {
        let deployment = self.deployment;
        for resource in deployment.of_kind(Kind::VpcEndpoint) {
            let Body::VpcEndpoint(endpoint) = &resource.body else { continue };
            let id = self.resolve(&resource.id.attribute(Attribute::Id).into());
            let policy = match &endpoint.policy {
                Some(value) => self.policy(resource, value, DocumentKind::Endpoint)?,
                None => Policy::None,
            };
            let subject = self.subject("vpc endpoint", &id, Some(resource));
            let gateway = endpoint.endpoint_type == narrows_model::resources::ec2::EndpointType::Gateway;
            self.model.endpoints.push(Endpoint {
                subject,
                id,
                policy,
                gateway,
                resource: resource.id.clone(),
            });
        }
        Ok(())
    }
}
