//! Who holds which identity policies, while the resources that say so are read.

use super::build::Builder;
use super::{IN_DOUBT, Identity, NOT_IN_INPUT, Policy};
use narrows_iam::PrincipalForm;
use narrows_model::intent::Exempt;
use narrows_model::{Intent, Kind, Location, Resource};
use std::collections::{BTreeMap, BTreeSet};

/// Where a policy comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Inside its holder, by its name; `None` where the engine makes one up.
    Inline(Option<String>),
    /// Attached, by its ARN.
    Managed(String),
}

impl Origin {
    pub fn inline(name: &str) -> Self {
        Self::Inline(Some(name).filter(|name| !name.is_empty()).map(str::to_owned))
    }
}

/// Whom a resource gives a policy to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The role or user with this ARN.
    Holder(String),
    /// The group with this ARN, or this name, where the input has nothing else.
    Group(String),
    /// One of this kind that is known only after deployment.
    Any(Kind),
}

/// A role or user.
pub(super) struct Holder {
    pub kind: Kind,
    pub boundary: Policy,
    pub policies: Vec<(Origin, Policy)>,
}

/// Everyone who holds policies.
pub(super) struct Holders {
    /// Roles and users by their ARNs.
    holders: BTreeMap<String, Holder>,
    /// The groups by their ARNs; those of which the input has only the name by that.
    groups: BTreeMap<String, Group>,
    /// Which user is in which group.
    members: Vec<Member>,
    /// Managed policies that only some may have.
    only: Vec<Only>,
    /// ARNs of roles and users that the input mentions.
    known: BTreeSet<String>,
    /// What was assumed of those of whom the input has only the name, by their ARNs.
    assumed: BTreeMap<String, String>,
    /// What is to be said of policies that nobody in the input has for sure.
    notes: Vec<String>,
}

#[derive(Default)]
struct Group {
    /// Whether the input has the group or one of its policies, or only names it.
    in_input: bool,
    policies: Vec<(Origin, Policy)>,
}

struct Member {
    user: Target,
    group: Target,
    address: String,
    location: Location,
}

struct Only {
    arn: String,
    targets: Vec<Target>,
    address: String,
}

impl Holders {
    pub fn new(builder: &Builder<'_>, intent: &Intent) -> Self {
        let model = &builder.model;
        let mut known: BTreeSet<String> =
            model.buckets.iter().filter_map(|it| Some(it.replication.as_ref()?.role.clone())).collect();
        known.extend(intent.grants.iter().map(|grant| grant.role.to_string()));
        known.extend(intent.deployer.iter().map(ToString::to_string));
        known.extend(intent.failover_operators.iter().map(ToString::to_string));
        known.extend(intent.exemptions.iter().filter_map(|exemption| match &exemption.who {
            Exempt::Role(arn) | Exempt::ReplicationRole(arn) => Some(arn.to_string()),
            Exempt::Service(_) => None,
        }));
        let policies =
            model.buckets.iter().map(|it| &it.policy).chain(model.mraps.iter().map(|it| &it.policy));
        for policy in policies.chain(model.endpoints.iter().map(|it| &it.policy)) {
            let Policy::Document { document, .. } = policy else { continue };
            let clauses = document.statements.iter().filter_map(|it| it.principal.as_ref());
            known.extend(clauses.flat_map(|clause| &clause.entries).filter_map(|entry| match &entry.form {
                PrincipalForm::Role { arn } | PrincipalForm::User { arn } => Some(arn.clone()),
                _ => None,
            }));
        }
        Self {
            holders: BTreeMap::new(),
            groups: BTreeMap::new(),
            members: Vec::new(),
            only: Vec::new(),
            known,
            assumed: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    /// Adds a role or user of the input.
    pub fn add(&mut self, arn: String, holder: Holder) {
        self.holders.insert(arn, holder);
    }

    /// Notes a group of the input.
    pub fn group(&mut self, arn: String) {
        self.groups.entry(arn).or_default().in_input = true;
    }

    /// A group that something names.
    pub fn named_group(&mut self, name: String) -> Target {
        self.groups.entry(name.clone()).or_default();
        Target::Group(name)
    }

    /// The ARN of a role or user with this name that the input mentions; names do not differ by case alone.
    pub fn known_arn(&self, start: &str, name: &str) -> Option<String> {
        let named = |arn: &&String| {
            let rest = arn.strip_prefix(start).and_then(|rest| rest.rsplit('/').next());
            rest.is_some_and(|own| own.eq_ignore_ascii_case(name))
        };
        self.known.iter().find(named).cloned()
    }

    /// Notes what is assumed of a role or user.
    pub fn assume(&mut self, arn: &str, words: String) {
        self.assumed.insert(arn.to_owned(), words);
    }

    /// Gives a policy to whom a resource names.
    pub fn give(&mut self, target: &Target, origin: Origin, policy: Policy) {
        match target {
            Target::Holder(arn) => self.of(arn).push((origin, policy)),
            Target::Group(name) => {
                let group = self.groups.entry(name.clone()).or_default();
                group.in_input = true;
                group.policies.push((origin, policy));
            }
            Target::Any(kind) => {
                // It may be anyone's.
                if let Some(name) = policy.name() {
                    let words = format!(
                        "whose the policy {name} is exists only after deployment: it may count for each {kind} of the input"
                    );
                    self.notes.push(words);
                }
                let policy = in_doubt(&policy, "whose it is exists only after deployment");
                for policies in self.of_kind(kind) {
                    policies.push((origin.clone(), policy.clone()));
                }
            }
        }
    }

    /// Notes that a user is in a group.
    pub fn join(&mut self, user: &Target, group: &Target, resource: &Resource) {
        if let Target::Holder(arn) = user {
            self.of(arn);
        }
        self.members.push(Member {
            user: user.clone(),
            group: group.clone(),
            address: resource.address.as_str().to_owned(),
            location: resource.location.clone(),
        });
    }

    /// Notes that nobody but these has the managed policy.
    pub fn only(&mut self, arn: String, targets: Vec<Target>, resource: &Resource) {
        self.only.push(Only { arn, targets, address: resource.address.as_str().to_owned() });
    }

    /// Takes away what a resource does not list: attached policies by their ARNs, else inline ones by their names.
    pub fn keep(&mut self, target: &Target, attached: bool, listed: &[String], resource: &Resource) {
        let words = format!("{} may take it away", resource.address.as_str());
        let goes = |origin: &Origin| match origin {
            Origin::Inline(name) => !attached && !name.as_ref().is_some_and(|name| listed.contains(name)),
            Origin::Managed(arn) => attached && !listed.contains(arn),
        };
        let lists = match target {
            Target::Holder(arn) => vec![self.of(arn)],
            Target::Group(name) => vec![&mut self.groups.entry(name.clone()).or_default().policies],
            Target::Any(kind) => self.of_kind(kind),
        };
        for (_, policy) in lists.into_iter().flatten().filter(|(origin, _)| goes(origin)) {
            *policy = in_doubt(policy, &words);
        }
    }

    /// All that have a policy or a boundary, by their ARNs; what was assumed of them goes to the remarks.
    pub fn into_identities(mut self, remarks: &mut Vec<String>) -> Vec<Identity> {
        self.restrict();
        remarks.append(&mut self.notes);
        for member in std::mem::take(&mut self.members) {
            let mut policies = self.of_group(&member);
            match &member.user {
                Target::Any(kind) => {
                    let words =
                        format!("whom {} puts into the group exists only after deployment", member.address);
                    policies.iter_mut().for_each(|(_, policy)| *policy = in_doubt(policy, &words));
                    self.of_kind(kind).into_iter().for_each(|own| own.extend(policies.iter().cloned()));
                }
                Target::Holder(arn) => self.of(arn).extend(policies),
                Target::Group(_) => {}
            }
        }
        let mut identities = Vec::new();
        for (arn, Holder { boundary, policies, .. }) in self.holders {
            if policies.is_empty() && matches!(boundary, Policy::None) {
                continue;
            }
            remarks.extend(self.assumed.remove(&arn));
            let mut held: Vec<Policy> = Vec::new();
            // Twice in one group, or attached twice, is once.
            let mut managed = BTreeSet::new();
            for (origin, policy) in policies {
                let again = match (&origin, &policy) {
                    (Origin::Managed(arn), Policy::Document { .. }) => !managed.insert(arn.clone()),
                    _ => false,
                };
                if !again {
                    held.push(policy);
                }
            }
            identities.push(Identity { arn, policies: held, boundary });
        }
        identities
    }

    /// Puts what an exclusive attachment takes from others in doubt.
    fn restrict(&mut self) {
        for Only { arn, targets, address } in std::mem::take(&mut self.only) {
            let words = format!("{address} may take it away");
            let others = |target: Target, policies: &mut Vec<(Origin, Policy)>| {
                if targets.contains(&target) {
                    return;
                }
                let own = policies.iter_mut().filter(|(origin, _)| *origin == Origin::Managed(arn.clone()));
                own.for_each(|(_, policy)| *policy = in_doubt(policy, &words));
            };
            for (arn, holder) in &mut self.holders {
                others(Target::Holder(arn.clone()), &mut holder.policies);
            }
            for (name, group) in &mut self.groups {
                others(Target::Group(name.clone()), &mut group.policies);
            }
        }
    }

    /// What a member of a group gets from it.
    fn of_group(&self, member: &Member) -> Vec<(Origin, Policy)> {
        let unknown = |name: String, expression: &str| {
            let (expression, location) = (expression.to_owned(), member.location.clone());
            vec![(Origin::Inline(None), Policy::Unknown { name, expression, location })]
        };
        match &member.group {
            Target::Group(name) => match self.groups.get(name) {
                Some(group) if group.in_input => group.policies.clone(),
                _ => unknown(format!("of the group {name}"), NOT_IN_INPUT),
            },
            Target::Any(_) | Target::Holder(_) => {
                unknown(format!("of the group that {} names", member.address), "the group's name")
            }
        }
    }

    /// The policies of everyone of a kind.
    fn of_kind(&mut self, kind: &Kind) -> Vec<&mut Vec<(Origin, Policy)>> {
        if *kind == Kind::Group {
            return self.groups.values_mut().map(|group| &mut group.policies).collect();
        }
        let holders = self.holders.values_mut().filter(|holder| holder.kind == *kind);
        holders.map(|holder| &mut holder.policies).collect()
    }

    /// The policies of the role or user with this ARN, added where it is new.
    fn of(&mut self, arn: &str) -> &mut Vec<(Origin, Policy)> {
        let kind = if arn.contains(":user/") { Kind::User } else { Kind::Role };
        let new = || Holder { kind, boundary: Policy::None, policies: Vec::new() };
        &mut self.holders.entry(arn.to_owned()).or_insert_with(new).policies
    }
}

/// A policy of which it is open whether it counts.
fn in_doubt(policy: &Policy, words: &str) -> Policy {
    let location = match policy {
        Policy::Document { document, .. } => {
            document.statements.first().map_or_else(Location::none, |it| it.location.clone())
        }
        Policy::Unknown { location, .. } => location.clone(),
        Policy::None | Policy::Several { .. } => Location::none(),
    };
    let name = policy.name().unwrap_or_default().to_owned();
    Policy::Unknown { name, expression: format!("{IN_DOUBT}{words}"), location }
}
