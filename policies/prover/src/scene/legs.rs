//! What the policies say of a request, on each of its legs.

use super::CallerPolicies;
use crate::access::{AccessModel, Bucket, Policy};
use crate::lower::{AccessPoint, Grants, Keys, Resource, lower_document};
use crate::question::{Demand, Question};
use crate::solve::{Formula, Pattern};
use narrows_iam::ConditionKey;

pub(super) fn document(policy: &Policy) -> Option<&narrows_iam::Document> {
    match policy {
        Policy::Document { document, .. } => Some(document),
        Policy::None | Policy::Unknown { .. } | Policy::Several { .. } => None,
    }
}

fn lowered(policy: &Policy, keys: &mut Keys, resource: &Resource, via: &AccessPoint) -> Grants {
    document(policy).map_or_else(Grants::none, |document| lower_document(document, keys, resource, via))
}

pub(super) fn leg_resource(keys: &mut Keys, arn: &str, separator: &str, object: bool) -> Resource {
    if object {
        Resource::Object { prefix: format!("{arn}{separator}") }
    } else {
        let var = keys.problem.enumerated("resource", vec![arn.to_owned()]);
        Resource::Fixed { var, arn: arn.to_owned() }
    }
}

/// The caller is an IAM principal of the account; any IAM principal where the account is not known.
pub(super) fn of_account(account: Option<&str>, keys: &Keys) -> Formula {
    match account {
        Some(account) => keys.setting.account_matches(&Pattern::literal(account)),
        None => Formula::and([keys.setting.iam(), !keys.setting.origin_access_identity()]),
    }
}

/// A leg of a forbid: the caller's own policies allow everything, so in the owner's account only a Deny stops it; all
/// others need the resource's policy.
pub(super) fn caller_or_policy(
    policy: &Policy,
    account: Option<&str>,
    keys: &mut Keys,
    resource: &Resource,
    via: &AccessPoint,
) -> Formula {
    let grants = lowered(policy, keys, resource, via);
    let own = of_account(account, keys);
    Formula::and([!grants.denied.clone(), Formula::or([own, grants.allowed()])])
}

/// The bucket's leg of a forbid: as [`caller_or_policy`], with ACLs and public access settings.
pub(super) fn forbid_leg(
    bucket: &Bucket,
    keys: &mut Keys,
    resource: &Resource,
    via: &AccessPoint,
) -> Formula {
    let grants = lowered(&bucket.policy, keys, resource, via);
    let own = of_account(bucket.account.as_deref(), keys);
    let mut by_policy = grants.allowed();
    if bucket.public_access_block.is_some_and(|block| block.restrict_public_buckets) {
        let open = keys
            .open("RestrictPublicBuckets stops anonymous callers where AWS calls the bucket policy public");
        by_policy = Formula::and([by_policy, Formula::or([!keys.setting.anonymous(), open])]);
    }
    let mut sources = vec![own, by_policy];
    if bucket.acls_on() {
        sources.push(keys.open(format!(
            "the ACLs of {} and its objects are on and may allow anyone; set object ownership to BucketOwnerEnforced",
            bucket.subject.name
        )));
    }
    Formula::and([!grants.denied, Formula::or(sources)])
}

/// What the policies say on a leg of a permit.
pub(super) struct Permitted {
    pub denied: Formula,
    pub allowed: Formula,
}

/// A leg of a permit: nothing denies, and the policies that are known allow.
pub(super) fn permit_leg(
    model: &AccessModel,
    policy: Option<&narrows_iam::Document>,
    account: Option<&str>,
    keys: &mut Keys,
    resource: &Resource,
    via: &AccessPoint,
    caller: CallerPolicies,
) -> Permitted {
    let grants = policy.map_or_else(Grants::none, |document| lower_document(document, keys, resource, via));
    let mut denied = vec![grants.denied.clone()];
    // A Deny in the caller's own policies holds, whatever else they are taken to allow.
    let mut by_identity = Vec::new();
    for identity in &model.identities {
        let is = keys.setting.arn_matches(Pattern::literal(&identity.arn));
        for policy in &identity.policies {
            let (allows, denies) = match policy {
                Policy::Unknown { name, .. } => {
                    let open = keys.open(format!("the policy {name} is known only after deployment"));
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
    let identity = match caller {
        CallerPolicies::AllowEverything => Formula::Const(true),
        CallerPolicies::InInput => Formula::or(by_identity),
    };
    let named = Formula::or([grants.by_name.clone(), grants.by_role.clone()]);
    let within = Formula::and([of_account(account, keys), Formula::or([named, identity.clone()])]);
    let across = Formula::and([grants.allowed(), identity]);
    let unauthenticated = Formula::and([!keys.setting.iam(), grants.by_name]);
    let denied = Formula::or(denied);
    let allowed = Formula::and([!denied.clone(), Formula::or([within, across, unauthenticated])]);
    Permitted { denied, allowed }
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
    if question.demand == Demand::Forbid && !keys.free.contains_key(&key) {
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
