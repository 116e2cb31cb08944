//! The access point, its buckets and who may use them.

use crate::stack::Builder;
use crate::{Fault, MrapRegion, Note, Stack, StackError, Subject, logical, policies};
use narrows_model::date::Date;
use narrows_model::intent::{Access, Override, TlsVersion};
use narrows_model::resources::s3::{
    Bucket, BucketOwnershipControls, BucketPolicy, BucketPublicAccessBlock, BucketVersioning,
    ObjectOwnership, PublicAccessBlock, VersioningStatus,
};
use narrows_model::resources::s3control::{MrapBucket, MultiRegionAccessPoint, MultiRegionAccessPointPolicy};
use narrows_model::{
    AccountId, Arn, Attribute, Body, BucketName, Input, KeyPrefix, Kind, MrapName, OrganisationId, RoleArn,
    ServicePrincipal, StackName,
};
use std::collections::BTreeSet;

/// A Multi-Region Access Point over one bucket a Region, reached through its ARN alone.
///
/// Each bucket is versioned, blocks public access and has ACLs off; its policy denies what does not come through the
/// access point. Defaults: no grants, no exemptions, TLS 1.2.
///
/// There is no access point without a bucket:
///
/// ```compile_fail,E0061
/// # use narrows_stacks::MrapStack;
/// MrapStack::new("orders".parse().unwrap(), "123456789012".parse().unwrap(), "orders".parse().unwrap());
/// ```
#[derive(Clone, Debug)]
pub struct MrapStack {
    pub(crate) name: StackName,
    pub(crate) account: AccountId,
    pub(crate) mrap: MrapName,
    pub(crate) buckets: Vec<RegionalBucket>,
    pub(crate) deployer: Option<Arn>,
    pub(crate) organisation: Option<OrganisationId>,
    pub(crate) grants: Vec<Grant>,
    pub(crate) break_glass: Vec<BreakGlass>,
    pub(crate) services: Vec<ExemptService>,
    pub(crate) minimum_tls: TlsVersion,
    pub(crate) overrides: Vec<Override>,
}

/// A bucket and the Region that it is made in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionalBucket {
    region: MrapRegion,
    name: BucketName,
}

impl RegionalBucket {
    /// The bucket with this name in this Region.
    pub fn new(region: MrapRegion, name: BucketName) -> Self {
        Self { region, name }
    }

    /// The Region.
    pub fn region(&self) -> MrapRegion {
        self.region
    }

    /// The name.
    pub fn name(&self) -> &BucketName {
        &self.name
    }
}

/// What a role may do with objects, through the access point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: RoleArn,
    /// What it may do.
    pub access: Access,
    /// On which keys; a role that may list sees the names below this prefix alone.
    pub prefix: KeyPrefix,
}

/// A role that may go past the access point (and the endpoints) when nothing else helps.
///
/// There is none without a reason:
///
/// ```compile_fail,E0061
/// # use narrows_stacks::BreakGlass;
/// BreakGlass::new("arn:aws:iam::123456789012:role/on-call".parse().unwrap());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakGlass {
    pub(crate) role: RoleArn,
    pub(crate) reason: String,
    pub(crate) expires: Option<Date>,
}

/// An AWS service that writes or reads the buckets past the access point and the endpoints, such as log delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExemptService {
    /// Its principal.
    pub service: ServicePrincipal,
    /// What it may do, on behalf of the stack's account alone (`aws:SourceAccount`).
    pub access: Access,
    /// On which keys.
    pub prefix: KeyPrefix,
    /// What it is for; never empty.
    pub reason: String,
}

impl BreakGlass {
    /// An exemption without an end.
    pub fn new(role: RoleArn, reason: impl Into<String>) -> Self {
        Self { role, reason: reason.into(), expires: None }
    }

    /// Ends the exemption with this day (UTC); the policies themselves deny from the next day on.
    #[must_use]
    pub fn until(mut self, last: Date) -> Self {
        self.expires = Some(last);
        self
    }
}

impl MrapStack {
    /// An access point called `mrap` in `account`, with its first bucket; `name` begins the names of what else is made.
    pub fn new(name: StackName, account: AccountId, mrap: MrapName, first: RegionalBucket) -> Self {
        Self {
            name,
            account,
            mrap,
            buckets: vec![first],
            deployer: None,
            organisation: None,
            grants: Vec::new(),
            break_glass: Vec::new(),
            services: Vec::new(),
            minimum_tls: TlsVersion::V1_2,
            overrides: Vec::new(),
        }
    }

    /// Adds a bucket in another Region; 17 at most.
    #[must_use]
    pub fn bucket(mut self, bucket: RegionalBucket) -> Self {
        self.buckets.push(bucket);
        self
    }

    /// Names the role or user that deploys, which must never lock itself out.
    #[must_use]
    pub fn deployer(mut self, deployer: Arn) -> Self {
        self.deployer = Some(deployer);
        self
    }

    /// Names the organisation that the account belongs to.
    #[must_use]
    pub fn organisation(mut self, organisation: OrganisationId) -> Self {
        self.organisation = Some(organisation);
        self
    }

    /// Lets a role reach data through the access point, at every bucket alike.
    #[must_use]
    pub fn grant(mut self, grant: Grant) -> Self {
        self.grants.push(grant);
        self
    }

    /// Lets a role go past the access point.
    #[must_use]
    pub fn break_glass(mut self, exemption: BreakGlass) -> Self {
        self.break_glass.push(exemption);
        self
    }

    /// Lets an AWS service go past the access point, for a feature that needs it.
    #[must_use]
    pub fn exempt_service(mut self, exemption: ExemptService) -> Self {
        self.services.push(exemption);
        self
    }

    /// Accepts that a guardrail does not hold, or weighs it differently.
    #[must_use]
    pub fn decide(mut self, decision: Override) -> Self {
        self.overrides.push(decision);
        self
    }

    /// Asks for a newer TLS version than 1.2.
    #[must_use]
    pub fn minimum_tls(mut self, version: TlsVersion) -> Self {
        self.minimum_tls = version;
        self
    }

    /// The access point's Regions, in alphabetical order.
    pub(crate) fn regions(&self) -> Vec<MrapRegion> {
        let regions: BTreeSet<_> = self.buckets.iter().map(RegionalBucket::region).collect();
        regions.into_iter().collect()
    }

    pub(crate) fn check(&self, notes: &mut Vec<Note>) -> Result<(), StackError> {
        self.check_buckets()?;
        notes.extend(self.regions().into_iter().filter(|region| region.is_opt_in()).map(Note::OptInRegion));
        if let Some(deployer) = &self.deployer {
            check_principal(Subject::Deployer, deployer)?;
        }
        for (index, grant) in self.grants.iter().enumerate() {
            if self.grants.iter().take(index).any(|other| other == grant) {
                let (role, access, prefix) =
                    (grant.role.clone(), grant.access.as_str(), grant.prefix.to_string());
                let fault = Fault::RepeatedGrant { role, access, prefix };
                return Err(StackError::new(Subject::Grant(index), fault));
            }
            let note = Note::ForeignGrant(grant.role.clone());
            if *grant.role.account() != self.account && !notes.contains(&note) {
                notes.push(note);
            }
        }
        self.check_exemptions()
    }

    fn check_buckets(&self) -> Result<(), StackError> {
        for (index, bucket) in self.buckets.iter().enumerate() {
            let error = |fault| Err(StackError::new(Subject::Bucket(index), fault));
            for other in self.buckets.iter().take(index) {
                if other.region == bucket.region {
                    return error(Fault::RepeatedRegion {
                        region: bucket.region,
                        first: other.name.clone(),
                        second: bucket.name.clone(),
                    });
                }
                if other.name == bucket.name {
                    return error(Fault::RepeatedBucket(bucket.name.clone()));
                }
            }
            if index >= 17 {
                return error(Fault::TooManyRegions(self.buckets.len()));
            }
        }
        Ok(())
    }

    fn check_exemptions(&self) -> Result<(), StackError> {
        let mut seen = BTreeSet::new();
        let roles = self.break_glass.iter().enumerate();
        let roles = roles.map(|(i, it)| (Subject::BreakGlass(i), it.role.as_str(), it.reason.as_str()));
        let services = self.services.iter().enumerate();
        let services = services.map(|(i, it)| (Subject::Service(i), it.service.as_str(), it.reason.as_str()));
        for (subject, who, reason) in roles.chain(services) {
            if !seen.insert(who) {
                return Err(StackError::new(subject, Fault::RepeatedExemption(who.to_owned())));
            }
            if reason.trim().is_empty() {
                return Err(StackError::new(subject, Fault::NoReason(who.to_owned())));
            }
        }
        let foreign = self.break_glass.iter().position(|it| *it.role.account() != self.account);
        match foreign.and_then(|index| Some((index, self.break_glass.get(index)?))) {
            Some((index, it)) => {
                let fault = Fault::ForeignBreakGlass { role: it.role.clone(), account: self.account.clone() };
                Err(StackError::new(Subject::BreakGlass(index), fault))
            }
            None => Ok(()),
        }
    }
}

/// Refuses what is not the exact ARN of a role or user.
pub(crate) fn check_principal(subject: Subject, arn: &Arn) -> Result<(), StackError> {
    let named = arn.resource().strip_prefix("role/").or_else(|| arn.resource().strip_prefix("user/"));
    let exact = named.is_some_and(|name| !name.is_empty() && !name.contains(['*', '?']));
    if arn.service() == "iam" && exact && arn.account().parse::<AccountId>().is_ok() {
        Ok(())
    } else {
        Err(StackError::new(subject, Fault::NotAPrincipal(arn.clone())))
    }
}

/// Adds buckets, access point and their policies.
pub(crate) fn expand(stack: &Stack, out: &mut Builder) -> Result<(), StackError> {
    for bucket in &stack.mrap.buckets {
        expand_bucket(stack, bucket, out)?;
    }
    let id = |region| logical::in_region(Kind::Bucket, region).attribute(Attribute::Id);
    let buckets = stack.mrap.regions().into_iter();
    let access_point = MultiRegionAccessPoint {
        name: Input::known(stack.mrap.mrap.clone()),
        account: None,
        buckets: buckets
            .map(|region| MrapBucket { bucket: Input::reference(id(region)), account: None })
            .collect(),
        public_access_block: PublicAccessBlock::ALL,
        alias: None,
    };
    out.add(
        logical::of_mrap(Kind::MultiRegionAccessPoint),
        None,
        Body::MultiRegionAccessPoint(access_point),
    )?;
    let policy = MultiRegionAccessPointPolicy {
        mrap: Input::known(stack.mrap.mrap.clone()),
        policy: policies::mrap::policy(stack),
    };
    let kind = Kind::MultiRegionAccessPointPolicy;
    out.add(logical::of_mrap(kind), None, Body::MultiRegionAccessPointPolicy(policy))
}

fn expand_bucket(stack: &Stack, bucket: &RegionalBucket, out: &mut Builder) -> Result<(), StackError> {
    let region = bucket.region;
    let id = |kind| logical::in_region(kind, region);
    let named = || Input::reference(id(Kind::Bucket).attribute(Attribute::Id));
    let body = Bucket { name: Some(Input::known(bucket.name.clone())), force_destroy: false };
    out.add(id(Kind::Bucket), Some(region.region()), Body::Bucket(body))?;
    let body = BucketVersioning { bucket: named(), status: VersioningStatus::Enabled };
    out.add(id(Kind::BucketVersioning), Some(region.region()), Body::BucketVersioning(body))?;
    let body = BucketPublicAccessBlock { bucket: named(), block: PublicAccessBlock::ALL };
    out.add(id(Kind::BucketPublicAccessBlock), Some(region.region()), Body::BucketPublicAccessBlock(body))?;
    let body = BucketOwnershipControls { bucket: named(), ownership: ObjectOwnership::BucketOwnerEnforced };
    out.add(id(Kind::BucketOwnershipControls), Some(region.region()), Body::BucketOwnershipControls(body))?;
    let body = BucketPolicy { bucket: named(), policy: policies::bucket::policy(stack, region) };
    // S3 refuses to change both at once, and public access is to be blocked before any policy stands.
    let after = vec![id(Kind::BucketPublicAccessBlock)];
    out.add_after(id(Kind::BucketPolicy), Some(region.region()), Body::BucketPolicy(body), after)
}
