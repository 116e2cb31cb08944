//! What caps a caller's access on a leg, whatever its own policies allow: permission boundaries and control policies.

use super::legs::lowered;
use crate::access::{AccessModel, Level, Policy};
use crate::lower::{AccessPoint, Keys, Resource};
use crate::solve::{Formula, Glob, Pattern};

/// What the policies that cap the caller say on one leg.
pub(super) struct Caps {
    /// The permission boundary allows it; true of callers without one.
    pub allows: Formula,
    /// The service control policies of the caller's account allow it; true of callers whom none bind.
    pub control: Formula,
    /// One of them, or a resource control policy of the owner's account, denies it.
    pub denied: Formula,
}

/// What caps the callers of a leg, whose resource belongs to this account.
pub(super) fn caps(
    model: &AccessModel,
    keys: &mut Keys,
    resource: &Resource,
    via: &AccessPoint,
    account: Option<&str>,
) -> Caps {
    let (mut allows, mut denied) = (Vec::new(), Vec::new());
    for identity in &model.identities {
        if matches!(identity.boundary, Policy::None) {
            continue;
        }
        let is = keys.setting.arn_matches(Pattern::literal(&identity.arn));
        match identity.boundary.unknown_reason("permission boundary") {
            // What it denies, it does not allow either.
            Some(reason) => allows.push(Formula::or([!is, keys.open(reason)])),
            None => {
                let boundary = lowered(&identity.boundary, keys, resource, via);
                allows.push(Formula::or([!is.clone(), boundary.by_name]));
                denied.push(Formula::and([is, boundary.denied]));
            }
        }
    }
    let mut control = Vec::new();
    for controls in &model.controls {
        let doubt = controls.doubt();
        let open = |keys: &mut Keys| doubt.clone().map_or(Formula::Const(false), |doubt| keys.open(doubt));
        let own = keys.setting.account_matches(&Pattern::literal(&controls.account));
        let bound = Formula::and([own, !service_linked(keys)]);
        for level in &controls.service {
            let (allowed, denies) = level_says(level, keys, resource, via);
            let free = open(keys);
            control.push(Formula::or([!bound.clone(), allowed, free.clone()]));
            denied.push(Formula::and([bound.clone(), denies, !free]));
        }
        let owns = controls.owns(account);
        if owns != Some(false) && !controls.resource.is_empty() {
            // Whose the resource is may not be known: a forbid must not rely on the policy then, nor a permit on its absence.
            let owned = match owns {
                Some(owned) => Formula::Const(owned),
                None => keys.open(controls.owner_doubt()),
            };
            for policy in &controls.resource {
                let denies = policy_says(policy, "resource control policy", keys, resource, via).1;
                let denies = Formula::and([denies, owned.clone()]);
                // A forbid must not rely on its stopping a service, nor a permit on its letting one through.
                let service = keys.open(SERVICES_UNDER_CONTROL);
                let bound = Formula::or([!keys.setting.service(), service]);
                let free = open(keys);
                denied.push(Formula::and([denies, bound, !service_linked(keys), !free]));
            }
        }
    }
    Caps { allows: Formula::and(allows), control: Formula::and(control), denied: Formula::or(denied) }
}

/// The reading on which a resource control policy stops services too.
pub(crate) const SERVICES_UNDER_CONTROL: &str =
    "whether a resource control policy stops AWS services is open";

/// What a control policy allows and denies.
fn policy_says(
    policy: &Policy,
    what: &str,
    keys: &mut Keys,
    resource: &Resource,
    via: &AccessPoint,
) -> (Formula, Formula) {
    match policy.unknown_reason(what) {
        Some(reason) => {
            let open = keys.open(reason);
            (open.clone(), open)
        }
        None => {
            let grants = lowered(policy, keys, resource, via);
            (grants.allowed(), grants.denied)
        }
    }
}

/// What a level allows and denies.
fn level_says(level: &Level, keys: &mut Keys, resource: &Resource, via: &AccessPoint) -> (Formula, Formula) {
    let (mut allowed, mut denied) = (Vec::new(), Vec::new());
    for policy in &level.policies {
        let (allows, denies) = policy_says(policy, "service control policy", keys, resource, via);
        allowed.push(allows);
        denied.push(denies);
    }
    allowed.extend(level.doubt().map(|doubt| keys.open(doubt)));
    (Formula::or(allowed), Formula::or(denied))
}

/// The caller is a role that a service made for itself, which no control policy binds.
fn service_linked(keys: &Keys) -> Formula {
    keys.setting.arn_matches(Pattern::exact(vec![Glob::arn("arn:*:iam::*:role/aws-service-role/*")]))
}

/// The caller is a role whose permission boundary is in the input.
pub(crate) fn bounded(model: &AccessModel, keys: &Keys) -> Formula {
    let known =
        model.identities.iter().filter(|identity| matches!(identity.boundary, Policy::Document { .. }));
    Formula::or(known.map(|it| keys.setting.arn_matches(Pattern::literal(&it.arn))).collect::<Vec<_>>())
}

impl Caps {
    /// No boundary caps anybody.
    fn no_boundary(&self) -> bool {
        self.allows == Formula::Const(true)
    }

    /// Nothing caps what the caller's own policies allow.
    pub fn none(&self) -> bool {
        self.no_boundary() && self.control == Formula::Const(true)
    }

    /// What an Allow by name is worth within an account: AWS says both that a boundary caps it and that it does not.
    pub fn by_name(&self, by_name: Formula, keys: &mut Keys) -> Formula {
        if self.no_boundary() {
            return by_name;
        }
        let open =
            keys.open("whether a permission boundary caps what a resource policy allows by name is open");
        Formula::and([by_name, Formula::or([self.allows.clone(), open])])
    }
}
