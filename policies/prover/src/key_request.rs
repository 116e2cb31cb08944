//! What S3 asks of KMS keys for a request, as requests of its own.

use crate::access::{AccessModel, Key, Policy};
use crate::lower::{CONTEXT, NEVER, of_caller};
use crate::replay::{boundary_of, identity_of};
use crate::scene::via_service;
use narrows_iam::{ConditionKey, Context, Document, Entry, Request, Token, Values};

/// One request to a key.
pub(crate) struct OfKey<'a> {
    pub key: &'a Key,
    pub request: Request,
    /// Whether it is open whether S3 asks for it.
    pub perhaps: bool,
}

/// What S3 asks of keys of the input for a request, whose bucket's leg is given.
pub(crate) fn of_keys<'a>(model: &'a AccessModel, bucket: usize, last: &Request) -> Vec<OfKey<'a>> {
    let Some(own) = model.buckets.get(bucket) else { return Vec::new() };
    let needs = model.key_needs(bucket).into_iter().filter(|need| {
        let is = need.role.as_ref().is_none_or(|role| last.principal.arn().as_ref() == Some(role));
        is && need.of.iter().any(|name| name.eq_ignore_ascii_case(&last.action))
    });
    let mut asked = Vec::new();
    for need in needs {
        let Some(key) = model.keys.get(need.key) else { continue };
        let mut context = Context::default();
        let value = |text: Option<String>| text.map_or(Entry::Open, Entry::Value);
        for condition in mentioned(model, key, last) {
            context.set(condition.as_str(), Entry::Open);
        }
        for (name, entry) in last.context.iter().filter(|(name, _)| of_caller(name)) {
            context.set(name.as_str(), entry.clone());
        }
        context.set("kms:ViaService", value(via_service(model, own)));
        context.set("kms:CallerAccount", value(last.principal.account()));
        context.set("aws:ViaAWSService", Entry::Value("true".to_owned()));
        context.set("aws:ResourceAccount", value(key.account.clone()));
        let of = need
            .bucket_key
            .map(|bucket_key| if bucket_key { own.arn.clone() } else { last.resource.clone() });
        context.set(CONTEXT, value(of));
        asked.push(OfKey {
            key,
            request: Request {
                principal: last.principal.clone(),
                action: need.action.to_owned(),
                resource: key.arn.clone(),
                context,
            },
            perhaps: need.perhaps.is_some(),
        });
    }
    asked
}

/// The condition keys that documents look at and of which nothing is known.
fn mentioned(model: &AccessModel, key: &Key, request: &Request) -> Vec<ConditionKey> {
    let own = identity_of(model, request).into_iter().flat_map(|own| &own.policies);
    let controls = model
        .controls
        .iter()
        .flat_map(|it| it.service.iter().flat_map(|level| &level.policies).chain(&it.resource));
    let policies = own.chain(boundary_of(model, request)).chain(controls).chain([&key.policy]);
    let documents = policies.filter_map(|policy| match policy {
        Policy::Document { document, .. } => Some(document),
        Policy::None | Policy::Unknown { .. } | Policy::Several { .. } => None,
    });
    let known = |key: &ConditionKey| {
        of_caller(key) || NEVER.contains(&key.as_str()) || key.as_str().starts_with("s3:")
    };
    documents.flat_map(keys_of).filter(|key| !known(key)).collect()
}

fn keys_of(document: &Document) -> Vec<ConditionKey> {
    let mut found = Vec::new();
    for statement in &document.statements {
        let texts = statement.conditions.iter().flat_map(|condition| match &condition.values {
            Values::Text(texts) => texts.as_slice(),
            _ => &[],
        });
        let resources = statement.resource.iter().flat_map(|clause| &clause.patterns);
        for token in texts.chain(resources).flat_map(|text| text.tokens()) {
            if let Token::Variable(variable) = token {
                found.push(variable.key.clone());
            }
        }
        found.extend(statement.conditions.iter().map(|condition| condition.key.clone()));
    }
    found
}
