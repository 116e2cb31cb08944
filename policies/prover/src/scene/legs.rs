//! What the policies say of a request, on each of its legs.

use super::acls::{ByAcl, by_acl};
use super::caps::caps;
use super::{CallerPolicies, ENOUGH};
use crate::access::{AccessModel, Bucket, Policy};
use crate::lower::{AccessPoint, Grants, Keys, Resource, lower_document};
use crate::question::Question;
use crate::solve::{Formula, Glob, Pattern};
use narrows_iam::ConditionKey;

pub(crate) fn document(policy: &Policy) -> Option<&narrows_iam::Document> {
    match policy {
        Policy::Document { document, .. } => Some(document),
        Policy::None | Policy::Unknown { .. } | Policy::Several { .. } => None,
    }
}

pub(super) fn lowered(policy: &Policy, keys: &mut Keys, resource: &Resource, via: &AccessPoint) -> Grants {
    document(policy).map_or_else(Grants::none, |document| lower_document(document, keys, resource, via))
}

pub(crate) fn leg_resource(keys: &mut Keys, arn: &str, separator: &str, object: bool) -> Resource {
    if object {
        Resource::Object { prefix: format!("{arn}{separator}") }
    } else {
        let var = keys.problem.enumerated("resource", vec![arn.to_owned()]);
        Resource::Fixed { var, arn: arn.to_owned() }
    }
}

/// The caller is an IAM principal of the account; any IAM principal where the account is not known.
pub(crate) fn of_account(account: Option<&str>, keys: &Keys) -> Formula {
    match account {
        Some(account) => keys.setting.account_matches(&Pattern::literal(account)),
        None => Formula::and([keys.setting.iam(), !keys.setting.origin_access_identity()]),
    }
}

/// A leg of a forbid: the caller's own policies allow everything, so in the owner's account only a Deny stops it, or what
/// caps the caller; all others need the resource's policy.
pub(super) fn caller_or_policy(
    model: &AccessModel,
    policy: &Policy,
    account: Option<&str>,
    keys: &mut Keys,
    resource: &Resource,
    via: &AccessPoint,
) -> Formula {
    let grants = lowered(policy, keys, resource, via);
    let caps = caps(model, keys, resource, via, account);
    let own = of_account(account, keys);
    let by_name = caps.by_name(grants.by_name.clone(), keys);
    let within = Formula::and([own, Formula::or([caps.allows.clone(), by_name])]);
    let across = Formula::and([grants.allowed(), caps.allows]);
    Formula::and([!grants.denied, !caps.denied, caps.control, Formula::or([within, across])])
}

/// The bucket's leg of a forbid: as [`caller_or_policy`], with ACLs and public access settings.
///
/// Where the leg of the MRAP is decided too, on some reading this one needs no Allow within the account, and across
/// accounts no more than the resource's.
pub(super) fn forbid_leg(
    model: &AccessModel,
    bucket: &Bucket,
    keys: &mut Keys,
    resource: &Resource,
    via: &AccessPoint,
    decided_by_both: bool,
) -> Formula {
    let grants = lowered(&bucket.policy, keys, resource, via);
    let caps = caps(model, keys, resource, via, bucket.account.as_deref());
    let own = of_account(bucket.account.as_deref(), keys);
    let mut by_policy = grants.allowed();
    let mut by_name = grants.by_name;
    if bucket.public_access_block.is_some_and(|block| block.restrict_public_buckets) {
        let open = keys
            .open("RestrictPublicBuckets stops anonymous callers where AWS calls the bucket policy public");
        by_policy = Formula::and([by_policy, Formula::or([!keys.setting.anonymous(), open])]);
    }
    if let Some(by_acl) = by_acl(bucket, keys) {
        by_policy = Formula::or([by_policy, by_acl.any]);
        by_name = Formula::or([by_name, by_acl.by_name]);
    }
    let by_name = caps.by_name(by_name, keys);
    let within = Formula::and([own.clone(), Formula::or([caps.allows.clone(), by_name])]);
    let across = Formula::and([by_policy.clone(), caps.allows.clone()]);
    let mut ways = vec![Formula::and([Formula::or([within, across]), caps.control.clone()])];
    if decided_by_both && !caps.none() {
        let enough = keys.open(ENOUGH);
        ways.push(Formula::and([Formula::or([own, by_policy]), enough]));
    }
    Formula::and([!grants.denied, !caps.denied, Formula::or(ways)])
}

/// What the policies say on a leg of a permit.
pub(super) struct Permitted {
    pub denied: Formula,
    pub allowed: Formula,
}

/// A leg of a permit: nothing denies, and the policies that are known allow.
pub(super) fn permit_leg(
    model: &AccessModel,
    (policy, by_acl): (Option<&narrows_iam::Document>, Option<ByAcl>),
    account: Option<&str>,
    keys: &mut Keys,
    resource: &Resource,
    via: &AccessPoint,
    caller: CallerPolicies,
) -> Permitted {
    let grants = policy.map_or_else(Grants::none, |document| lower_document(document, keys, resource, via));
    let (mut by_resource, mut by_resource_name) = (grants.allowed(), grants.by_name.clone());
    if let Some(by_acl) = by_acl {
        by_resource = Formula::or([by_resource, by_acl.any]);
        by_resource_name = Formula::or([by_resource_name, by_acl.by_name]);
    }
    let own = own_policies(model, keys, resource, via, caller);
    let mut denied = vec![grants.denied.clone(), own.denied];
    let identity = own.allowed;
    let caps = caps(model, keys, resource, via, account);
    denied.push(caps.denied.clone());
    let by_name = caps.by_name(by_resource_name.clone(), keys);
    let capped = Formula::or([grants.by_role.clone(), identity.clone()]);
    let capped = Formula::and([capped, caps.allows.clone()]);
    let within = Formula::and([of_account(account, keys), Formula::or([by_name, capped])]);
    let across = Formula::and([by_resource.clone(), identity, caps.allows]);
    // Lists know services by their accounts.
    let unauthenticated = Formula::and([!keys.setting.iam(), Formula::or([by_resource_name, by_resource])]);
    let denied = Formula::or(denied);
    let ways = Formula::or([within, across, unauthenticated]);
    let allowed = Formula::and([!denied.clone(), caps.control, ways]);
    Permitted { denied, allowed }
}

/// What the caller's own policies say on a leg.
pub(super) fn own_policies(
    model: &AccessModel,
    keys: &mut Keys,
    resource: &Resource,
    via: &AccessPoint,
    caller: CallerPolicies,
) -> Permitted {
    let mut denied = Vec::new();
    // A Deny in the caller's own policies holds, whatever else they are taken to allow.
    let mut by_identity = Vec::new();
    for identity in &model.identities {
        let is = keys.setting.arn_matches(Pattern::literal(&identity.arn));
        for policy in &identity.policies {
            let (allows, denies) = match policy {
                Policy::Unknown { .. } => {
                    let open = keys.open(policy.unknown_reason("policy").unwrap_or_default());
                    (open.clone(), open)
                }
                _ => {
                    let own = lowered(policy, keys, resource, via);
                    (own.by_name, own.denied)
                }
            };
            by_identity.push(Formula::and([is.clone(), allows]));
            denied.push(Formula::and([is.clone(), denies]));
        }
    }
    let allowed = match caller {
        CallerPolicies::AllowEverything => Formula::Const(true),
        CallerPolicies::InInput => {
            // The root user needs no identity policy (IAM User Guide, "AWS account root user").
            let root = Pattern::exact(vec![Glob::arn("arn:*:iam::*:root")]);
            by_identity.push(keys.setting.arn_matches(root));
            Formula::or(by_identity.into_iter().chain(keys.unseen(via)))
        }
    };
    Permitted { denied: Formula::or(denied), allowed }
}

/// What comes through an endpoint of the input needs its policy too, on each leg.
pub(super) fn endpoints(
    model: &AccessModel,
    question: &Question,
    keys: &mut Keys,
    legs: &[(Resource, AccessPoint)],
) -> Formula {
    let key = ConditionKey::new("aws:SourceVpce");
    // A forbid that never looks at endpoints is proved without them.
    if question.demand.forbids() && !keys.free.contains_key(&key) {
        return Formula::Const(true);
    }
    let mut parts = Vec::new();
    for endpoint in &model.endpoints {
        let Policy::Document { document, .. } = &endpoint.policy else { continue };
        let binding = keys.binding(&key, &AccessPoint::Direct, crate::lower::Sort::Text);
        let through = keys.matches(&key, &binding, &Pattern::literal(&endpoint.id));
        for (resource, via) in legs {
            keys.gateway_endpoint = endpoint.gateway;
            let grants = lower_document(document, keys, resource, via);
            keys.gateway_endpoint = false;
            let passes = Formula::and([grants.allowed(), !grants.denied]);
            parts.push(Formula::or([!through.clone(), passes]));
        }
    }
    Formula::and(parts)
}
