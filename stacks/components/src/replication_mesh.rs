//! Two-way replication between all buckets.

use crate::stack::Builder;
use crate::{Fault, MrapRegion, Stack, StackError, Subject, logical, policies};
use narrows_model::resources::iam::{Role, RolePolicy};
use narrows_model::resources::s3::{BucketReplication, ReplicationRule};
use narrows_model::{Attribute, Body, Input, Kind, Partition, RoleArn, RoleName, RolePath};

/// Two-way replication between all buckets of an access point, with a rule for each ordered pair.
///
/// Replicas are not replicated again, so nothing less keeps every bucket whole. Defaults: Replication Time Control
/// (15 minutes), delete markers and replica modifications all on; metrics are always on.
///
/// A mesh of one does not compile:
///
/// ```compile_fail,E0061
/// # use narrows_stacks::ReplicationMesh;
/// ReplicationMesh::between("eu-west-2".parse().unwrap());
/// ```
#[derive(Clone, Debug)]
pub struct ReplicationMesh {
    members: Vec<MrapRegion>,
    time_control: bool,
    delete_markers: bool,
    replica_modifications: bool,
}

impl ReplicationMesh {
    /// A mesh of two Regions.
    pub fn between(one: MrapRegion, other: MrapRegion) -> Self {
        Self {
            members: vec![one, other],
            time_control: true,
            delete_markers: true,
            replica_modifications: true,
        }
    }

    /// Adds a Region.
    #[must_use]
    pub fn and(mut self, region: MrapRegion) -> Self {
        self.members.push(region);
        self
    }

    /// Sets whether S3 promises to replicate within 15 minutes, at a price.
    #[must_use]
    pub fn time_control(mut self, on: bool) -> Self {
        self.time_control = on;
        self
    }

    /// Sets whether an object that is deleted in one Region disappears in all; deleted versions never do.
    #[must_use]
    pub fn delete_markers(mut self, on: bool) -> Self {
        self.delete_markers = on;
        self
    }

    /// Sets whether changes to tags, ACLs and locks of replicas are carried back.
    #[must_use]
    pub fn replica_modifications(mut self, on: bool) -> Self {
        self.replica_modifications = on;
        self
    }

    pub(crate) fn check(&self, regions: &[MrapRegion]) -> Result<(), StackError> {
        check_covers(regions, &self.members, "the replication mesh", Subject::Replication, |_| {
            Subject::Replication
        })
    }
}

/// Refuses a list of Regions that is not exactly the access point's.
pub(crate) fn check_covers(
    regions: &[MrapRegion],
    named: &[MrapRegion],
    what: &'static str,
    whole: Subject,
    part: impl Fn(usize) -> Subject,
) -> Result<(), StackError> {
    for (index, &region) in named.iter().enumerate() {
        if named.iter().take(index).any(|other| *other == region) {
            return Err(StackError::new(part(index), Fault::NamedTwice { region, what }));
        }
        if !regions.contains(&region) {
            let known = regions.to_vec();
            return Err(StackError::new(part(index), Fault::Outside { region, known }));
        }
    }
    match regions.iter().find(|region| !named.contains(region)) {
        Some(&region) => Err(StackError::new(whole, Fault::LeftOut { region, what })),
        None => Ok(()),
    }
}

/// The id of the rule that replicates to a Region; CloudWatch's `RuleId`.
pub(crate) fn rule_id(destination: MrapRegion) -> String {
    format!("to-{destination}")
}

fn role_name(stack: &Stack) -> Result<RoleName, StackError> {
    let name = format!("{}-replication", stack.mrap.name);
    name.parse().map_err(|error| StackError::new(Subject::Stack, Fault::Name(error)))
}

/// The exact ARN of the role that S3 replicates with.
pub(crate) fn role_arn(stack: &Stack) -> Result<RoleArn, StackError> {
    let account = stack.mrap.account.clone();
    Ok(RoleArn::new(Partition::Aws, account, &RolePath::default(), role_name(stack)?))
}

/// Adds the role and one configuration for each bucket.
pub(crate) fn expand(stack: &Stack, mesh: &ReplicationMesh, out: &mut Builder) -> Result<(), StackError> {
    let role = logical::of_replication(Kind::Role);
    let body = Role {
        name: Some(Input::known(role_name(stack)?)),
        path: RolePath::default(),
        description: Some(
            "S3 replicates between the buckets of the Multi-Region Access Point with it".to_owned(),
        ),
        assume_role_policy: policies::replication_role::trust(&stack.mrap.account),
        permissions_boundary: None,
        managed_policies: Vec::new(),
        inline_policies: Vec::new(),
    };
    out.add(role.clone(), None, Body::Role(body))?;
    let body = RolePolicy {
        role: Input::reference(role.attribute(Attribute::Id)),
        name: "replication".to_owned(),
        policy: policies::replication_role::policy(stack),
    };
    let role_policy = logical::of_replication(Kind::RolePolicy);
    out.add(role_policy.clone(), None, Body::RolePolicy(body))?;

    let regions = stack.mrap.regions();
    for &source in &regions {
        let destinations = regions.iter().filter(|region| **region != source);
        let rule = |(priority, &destination): (u32, &MrapRegion)| ReplicationRule {
            id: rule_id(destination),
            enabled: true,
            priority,
            prefix: String::new(),
            destination: Input::reference(logical::in_region(Kind::Bucket, destination).arn()),
            destination_account: None,
            delete_markers: mesh.delete_markers,
            replica_modifications: mesh.replica_modifications,
            time_control: mesh.time_control,
            metrics: true,
            encrypted_objects: false,
            replica_key: None,
        };
        let body = BucketReplication {
            bucket: Input::reference(logical::in_region(Kind::Bucket, source).attribute(Attribute::Id)),
            role: Input::reference(role.arn()),
            rules: (1..).zip(destinations).map(rule).collect(),
        };
        // S3 refuses the configuration until both sides are versioned, and fails objects until the role may act.
        let versioned = regions.iter().map(|region| logical::in_region(Kind::BucketVersioning, *region));
        let after = versioned.chain([role_policy.clone()]).collect();
        let id = logical::in_region(Kind::BucketReplication, source);
        out.add_after(id, Some(source.region()), Body::BucketReplication(body), after)?;
    }
    Ok(())
}
