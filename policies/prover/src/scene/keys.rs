//! What the policies of KMS keys say of a request on an encrypted object.

use super::CallerPolicies;
use super::caps::caps;
use super::legs::{leg_resource, lowered, of_account, own_policies};
use crate::access::{AccessModel, Bucket, Key, Need};
use crate::lower::{AccessPoint, Context, KeyLeg, Keys};
use crate::solve::{Formula, Glob, Pattern};

/// The formula that each key that the request needs is allowed to the caller, for a permit.
pub(super) fn keys_allow(
    model: &AccessModel,
    (index, bucket): (usize, &Bucket),
    keys: &mut Keys,
    caller: CallerPolicies,
) -> Formula {
    let mut parts = Vec::new();
    for need in model.key_needs(index) {
        let Some(key) = model.keys.get(need.key) else { continue };
        let globs: Vec<Glob> = need.of.iter().map(|name| Glob::literal(name)).collect();
        let asked = Formula::matches(keys.setting.action, Pattern::exact(globs));
        let role = need.role.as_ref().map(|role| keys.setting.arn_matches(Pattern::literal(role)));
        let asked = Formula::and([asked].into_iter().chain(role));
        let allowed = key_allows(model, bucket, keys, (key, &need), caller);
        let perhaps = need.perhaps.map(|why| !keys.open(why));
        parts.push(Formula::or([!asked, allowed].into_iter().chain(perhaps)));
    }
    Formula::and(parts)
}

/// The value of `kms:ViaService` for requests on a bucket, where it is known.
pub(crate) fn via_service(model: &AccessModel, bucket: &Bucket) -> Option<String> {
    let region = bucket.region.as_ref()?;
    // What it is in other partitions is not documented.
    (model.partition.as_str() == "aws").then(|| format!("s3.{region}.amazonaws.com"))
}

/// The formula that the caller may use a key through S3.
///
/// Within the key's account, too, its policy must allow: the account's entry leaves it to identity policies. Source: KMS
/// Developer Guide, "Key policies in AWS KMS".
fn key_allows(
    model: &AccessModel,
    bucket: &Bucket,
    keys: &mut Keys,
    (key, need): (&Key, &Need),
    caller: CallerPolicies,
) -> Formula {
    let context = need.bucket_key.map(|bucket_key| match bucket_key {
        true => Context::Bucket(bucket.arn.clone()),
        false => Context::Object(format!("{}/", bucket.arn)),
    });
    let via = via_service(model, bucket);
    let leg = KeyLeg { arn: key.arn.clone(), account: key.account.clone(), via, context };
    let actions = [need.action.to_owned()].into_iter().collect();
    let action = keys.problem.enumerated("kms action", vec![need.action.to_owned()]);
    keys.key_leg = Some(leg);
    let actions = std::mem::replace(&mut keys.setting.actions, actions);
    let action = std::mem::replace(&mut keys.setting.action, action);
    let via = AccessPoint::Direct;
    let resource = leg_resource(keys, &key.arn, "", false);
    let grants = lowered(&key.policy, keys, &resource, &via);
    let own = own_policies(model, keys, &resource, &via, caller);
    let caps = caps(model, keys, &resource, &via, key.account.as_deref());
    (keys.key_leg, keys.setting.actions, keys.setting.action) = (None, actions, action);
    let by_name = caps.by_name(grants.by_name.clone(), keys);
    let delegated = Formula::and([grants.by_account.clone(), own.allowed.clone()]);
    let capped = Formula::and([Formula::or([grants.by_role.clone(), delegated]), caps.allows.clone()]);
    let within = Formula::and([of_account(key.account.as_deref(), keys), Formula::or([by_name, capped])]);
    let across = Formula::and([grants.allowed(), own.allowed, caps.allows]);
    let denied = Formula::or([grants.denied, own.denied, caps.denied]);
    Formula::and([!denied, caps.control, Formula::or([within, across])])
}
