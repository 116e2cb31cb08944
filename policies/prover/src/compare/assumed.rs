//! What a comparison takes for granted, and what it leaves out.

use crate::access::{AccessModel, Bucket, KeyUse, Policy, Replication, Unused};
use crate::decide::not_attached;
use std::collections::{BTreeMap, BTreeSet};

/// What is taken for granted about documents and settings that are in neither state.
pub(super) fn assumptions(
    before: &AccessModel,
    after: &AccessModel,
    in_common: Option<String>,
) -> BTreeSet<String> {
    let mut found = BTreeSet::from(
        [
            "identity policies that are not in the input are the same in both states, whatever they allow; a role that has some in the input has no others",
            "S3 authorization only: permissions of KMS keys are not compared",
            "what neither state tells (tags, ACLs of objects, values known only after deployment) is the same in both",
            "policies of access points that are not in the input allow everything",
        ]
        .map(str::to_owned),
    );
    found.insert(not_attached(&[before, after], false).to_owned());
    if let Some(text) = in_common {
        found.insert(text);
    }
    let buckets = || before.buckets.iter().chain(&after.buckets);
    found.extend(settings(before, after));
    found.extend(before.remarks.iter().chain(&after.remarks).cloned());
    found.extend(buckets().filter_map(|bucket| bucket.ownership_assumed()).map(str::to_owned));
    if buckets().any(|bucket| bucket.account_assumed) {
        found.insert("a bucket is in its MRAP's account where none is given".to_owned());
    }
    if buckets().any(|bucket| bucket.account.is_none()) {
        found.insert("a bucket's account is not known: any IAM principal may belong to it".to_owned());
    }
    found
}

/// More expressions than this are counted.
const MOST_SHOWN: usize = 5;

/// What is taken to be the same in both states because both spell it alike.
pub(super) fn in_common(before: &AccessModel, after: &AccessModel) -> Option<String> {
    let all: Vec<String> = after.symbols.in_common(&before.symbols).map(|it| format!("`{it}`")).collect();
    let more = match all.len().saturating_sub(MOST_SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let shown = all.get(..MOST_SHOWN).unwrap_or(&all).join(", ");
    (!all.is_empty()).then(|| format!("what neither state tells has the same value in both: {shown}{more}"))
}

/// What has a say in access, is not used, and is not the same in both states; and what to say of it.
pub(super) fn not_compared<'m>(before: &'m AccessModel, after: &'m AccessModel) -> Vec<(&'m Unused, String)> {
    let differs = |own: &'m AccessModel, other: &'m AccessModel| {
        let same: BTreeSet<&str> = other.unused.iter().map(|it| it.content.as_str()).collect();
        own.unused.iter().filter(move |it| !same.contains(it.content.as_str()))
    };
    let why =
        |it: &Unused| format!("{} is not the same in both states, and is not compared: {}", it.name, it.why);
    differs(before, after).chain(differs(after, before)).map(|it| (it, why(it))).collect()
}

/// What differs between the states and decides no request by itself.
fn settings(before: &AccessModel, after: &AccessModel) -> Vec<String> {
    let mut found = Vec::new();
    let others: BTreeMap<&str, &Bucket> = after.buckets.iter().map(|it| (it.name.as_str(), it)).collect();
    for bucket in &before.buckets {
        let Some(other) = others.get(bucket.name.as_str()) else { continue };
        let name = &bucket.subject.name;
        if copies(before, bucket.replication.as_ref()) != copies(after, other.replication.as_ref()) {
            found.push(format!(
                "the replication of {name} differs: what S3 copies for it, and where to, is no request and is not compared"
            ));
        }
        let key = |model: &AccessModel, bucket: &Bucket| {
            bucket.encryption.as_ref().map(|it| match &it.key {
                KeyUse::InInput(key) => model.keys.get(*key).map(|key| key.arn.clone()).unwrap_or_default(),
                KeyUse::Elsewhere(name) => name.clone(),
            })
        };
        if key(before, bucket) != key(after, other) {
            found.push(format!("the encryption of {name} differs: who may use its KMS keys is not compared"));
        }
    }
    for key in &before.keys {
        let other = after.keys.iter().find(|it| it.arn == key.arn);
        if other.is_some_and(|other| says(&other.policy) != says(&key.policy)) {
            let name = &key.subject.address;
            found.push(format!("the policy of the key {name} differs: who may use KMS keys is not compared"));
        }
    }
    found
}

/// What a policy says, spelled out.
fn says(policy: &Policy) -> Option<String> {
    match policy {
        Policy::Document { document, .. } => Some(narrows_iam::to_value(document).to_string()),
        other => other.unknown_reason("policy"),
    }
}

/// With which role a bucket is copied, and where to.
fn copies(model: &AccessModel, replication: Option<&Replication>) -> Option<(String, BTreeSet<String>)> {
    let it = replication?;
    let own = it.destinations.iter().filter_map(|index| Some(model.buckets.get(*index)?.arn.clone()));
    Some((it.role.clone(), own.chain(it.foreign.iter().cloned()).collect()))
}
