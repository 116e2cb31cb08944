//! Values that the keys of policy variables are likely to have, so that a request with one of them can be shown.

use super::legs::document;
use super::variables::{other_role, stranger};
use crate::access::{AccessModel, Bucket};
use crate::lower::likely_texts;
use narrows_iam::{ConditionKey, Document, Pattern, Token, Values};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the policies of a bucket make likely.
#[derive(Debug)]
pub(crate) struct Likely {
    /// Object keys, the plainest first.
    pub keys: Arc<[String]>,
    /// Values of the keys of policy variables.
    pub values: BTreeMap<ConditionKey, Vec<String>>,
}

/// How many values of one key are tried.
const MOST: usize = 8;

/// The documents of a model.
pub(super) fn documents(model: &AccessModel) -> impl Iterator<Item = &Document> {
    let of_buckets = model.buckets.iter().map(|bucket| &bucket.policy);
    let of_mraps = model.mraps.iter().map(|mrap| &mrap.policy);
    let of_endpoints = model.endpoints.iter().map(|endpoint| &endpoint.policy);
    let of_callers = model.identities.iter().flat_map(|it| it.policies.iter().chain([&it.boundary]));
    let of_controls = model
        .controls
        .iter()
        .flat_map(|it| it.service.iter().flat_map(|level| &level.policies).chain(&it.resource));
    let of_keys = model.keys.iter().map(|key| &key.policy);
    let all = of_buckets.chain(of_mraps).chain(of_endpoints).chain(of_callers);
    all.chain(of_controls).chain(of_keys).filter_map(document)
}

/// Those that say something of a bucket and can have policy variables.
fn documents_of<'m>(model: &'m AccessModel, bucket: &'m Bucket) -> impl Iterator<Item = &'m Document> {
    let of_mraps = model.mraps_of(bucket).map(|mrap| &mrap.policy);
    let of_endpoints = model.endpoints.iter().map(|endpoint| &endpoint.policy);
    let of_callers = model.identities.iter().flat_map(|identity| &identity.policies);
    [&bucket.policy].into_iter().chain(of_mraps).chain(of_endpoints).chain(of_callers).filter_map(document)
}

/// The texts of a document that can have policy variables, each with the key that it is compared with.
fn texts(document: &Document) -> impl Iterator<Item = (Option<&ConditionKey>, &Pattern)> {
    document.statements.iter().flat_map(|statement| {
        let of_conditions = statement.conditions.iter().flat_map(|condition| match &condition.values {
            Values::Text(texts) => texts.iter().map(|text| (Some(&condition.key), text)).collect(),
            _ => Vec::new(),
        });
        let resources = statement.resource.iter().flat_map(|clause| &clause.patterns);
        of_conditions.chain(resources.map(|text| (None, text)))
    })
}

/// For each key of a policy variable some values: likely ones, and those that the documents compare it with.
pub(super) fn values(model: &AccessModel, bucket: &Bucket) -> BTreeMap<ConditionKey, Vec<String>> {
    let variables: BTreeSet<&ConditionKey> = documents_of(model, bucket)
        .flat_map(texts)
        .flat_map(|(_, text)| text.tokens())
        .filter_map(|token| match token {
            Token::Variable(variable) => Some(&variable.key),
            _ => None,
        })
        .collect();
    let mut found: BTreeMap<ConditionKey, Vec<String>> =
        variables.into_iter().map(|key| (key.clone(), usual(key, model, bucket))).collect();
    if found.is_empty() {
        return found;
    }
    for (key, text) in documents_of(model, bucket).flat_map(texts) {
        let Some(values) = key.and_then(|key| found.get_mut(key)) else { continue };
        if let Some(value) = example(text)
            && values.len() < MOST
            && !values.contains(&value)
        {
            values.push(value);
        }
    }
    found
}

/// A text that a pattern matches; `None` where it has variables.
pub(super) fn example(pattern: &Pattern) -> Option<String> {
    pattern
        .tokens()
        .iter()
        .map(|token| match token {
            Token::Char(c) => Some(*c),
            Token::One | Token::Many => Some('x'),
            Token::Variable(_) => None,
        })
        .collect()
}

fn usual(key: &ConditionKey, model: &AccessModel, bucket: &Bucket) -> Vec<String> {
    let partition = model.partition.as_str();
    let own = bucket.account.as_deref().unwrap_or("111122223333");
    let accounts = [own, stranger(bucket.account.as_deref())];
    let some = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    match key.as_str() {
        "aws:username" => some(&["alice", "bob"]),
        "aws:principalaccount" => accounts.into_iter().chain(["anonymous"]).map(str::to_owned).collect(),
        "aws:sourceaccount" | "aws:resourceaccount" | "s3:resourceaccount" | "s3:dataaccesspointaccount" => {
            some(&accounts)
        }
        "aws:principalarn" => accounts.iter().map(|account| other_role(partition, account)).collect(),
        "aws:principalorgid" | "aws:resourceorgid" => some(&["o-a1b2c3d4e5"]),
        "aws:principaltype" => some(&["AssumedRole", "User", "Account", "FederatedUser", "Anonymous"]),
        "aws:sourcevpce" => some(&["vpce-0a1b2c3d4e5f60718"]),
        "aws:sourcevpc" => some(&["vpc-0a1b2c3d4e5f60718"]),
        "s3:prefix" => some(&["home/", "alice"]),
        "s3:accesspointnetworkorigin" => some(&["Internet", "VPC"]),
        "aws:securetransport"
        | "aws:viaawsservice"
        | "aws:principalisawsservice"
        | "aws:multifactorauthpresent" => some(&["true", "false"]),
        "aws:principalservicename" => crate::lower::SERVICES.map(str::to_owned).to_vec(),
        _ => match likely_texts(key, model.as_of) {
            typed if typed.is_empty() => some(&["blue"]),
            typed => typed,
        },
    }
}
