//! The second look at a refutation: Cedar's own authorizer on the guardrail.

use crate::facts::{Asking, Fact, Facts};
use crate::guardrail::Guardrail;
use crate::lower::Way;
use crate::schema::{GROUPS, KEYS, KeyType, find_key, known};
use cedar_policy::{
    Authorizer, Context, Entities, EntityId, EntityTypeName, EntityUid, PolicySet, Request as CedarRequest,
};
use narrows_iam::{Entry, Principal, Request, Truth, scalar};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::str::FromStr;

/// Whether Cedar finds a request in the scope of one of a guardrail's policies.
///
/// `key` is the object's key; none for a request on the bucket.
///
/// # Errors
/// What Cedar says where it cannot tell.
pub(crate) fn in_scope(
    guardrail: &Guardrail,
    asking: &Asking,
    way: &Way,
    request: &Request,
    key: Option<&str>,
) -> Result<bool, String> {
    let (cedar, entities) = translate(asking, way, request, key, &tags(guardrail.cedar())?, None)?;
    let response = Authorizer::new().is_authorized(&cedar, guardrail.cedar(), &entities);
    if let Some(error) = response.diagnostics().errors().next() {
        return Err(error.to_string());
    }
    Ok(response.diagnostics().reason().next().is_some())
}

/// The names of tags in policies, as they spell them.
///
/// IAM compares the names of condition keys without regard to case, `aws:PrincipalTag/Team` among them; Cedar does not.
pub(crate) fn tags(policies: &PolicySet) -> Result<BTreeSet<String>, String> {
    fn collect(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            Value::Object(members) => {
                for (name, member) in members {
                    let tag = member.pointer("/right/Value").and_then(Value::as_str);
                    if let ("hasTag" | "getTag", Some(tag)) = (name.as_str(), tag) {
                        found.insert(tag.to_owned());
                    }
                    collect(member, found);
                }
            }
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    for policy in policies.policies() {
        collect(&policy.to_json().map_err(|error| error.to_string())?, &mut found);
    }
    Ok(found)
}

/// A request and its entities, as Cedar takes them; validated where a schema is given.
///
/// `spelled` are the names of tags that policies ask for, as they spell them.
pub(crate) fn translate(
    asking: &Asking,
    way: &Way,
    request: &Request,
    key: Option<&str>,
    spelled: &BTreeSet<String>,
    schema: Option<&cedar_policy::Schema>,
) -> Result<(CedarRequest, Entities), String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let (kind, id) = principal(&request.principal);
    let bucket = match asking.resource.get("name") {
        Some(Fact::Text(name)) => name.as_str(),
        _ => "",
    };
    let resource = match key {
        Some(key) => ("Object", format!("{bucket}/{key}")),
        None => ("Bucket", bucket.to_owned()),
    };
    let scope = |scope: &narrows_prover::Scope| scope.holds(request, key) == Truth::Yes;
    let mut groups = Vec::new();
    let attributes = record(&asking.resource, &mut groups, "", &scope);
    let mut entities = Vec::new();
    let mut parents: Vec<Value> = groups.into_iter().map(|name| uid("Principals", &name)).collect();
    if let Some(account) = request.principal.account() {
        parents.push(uid("Account", &account));
    }
    if let Some(Entry::Value(organisation)) =
        request.context.get(&narrows_iam::ConditionKey::new("aws:PrincipalOrgID"))
    {
        parents.push(uid("Organization", organisation));
    }
    let own = match request.principal.arn() {
        Some(arn) => json!({ "arn": arn }),
        None => json!({}),
    };
    let mut tags = Map::new();
    for (name, entry) in request.context.iter() {
        let (Some(tag), Entry::Value(value)) = (name.as_str().strip_prefix("aws:principaltag/"), entry)
        else {
            continue;
        };
        let same = spelled.iter().filter(|name| name.eq_ignore_ascii_case(tag)).map(String::as_str);
        for name in same.chain([tag]) {
            tags.insert(name.to_owned(), json!(value));
        }
    }
    let mut caller = json!({ "uid": plain(kind, &id), "attrs": own, "parents": parents });
    if let (false, Some(members)) = (tags.is_empty(), caller.as_object_mut()) {
        members.insert("tags".to_owned(), Value::Object(tags));
    }
    entities.push(caller);
    if let Some(key) = key {
        let mut with_key = attributes.clone();
        with_key.insert("key".to_owned(), json!(key));
        entities.push(json!({ "uid": plain("Object", &resource.1), "attrs": with_key, "parents": [uid("Bucket", bucket)] }));
    }
    entities.push(json!({ "uid": plain("Bucket", bucket), "attrs": attributes, "parents": [] }));
    if schema.is_none() {
        for action in known() {
            let of: Vec<Value> = GROUPS
                .iter()
                .filter(|group| group.has(action))
                .map(|group| uid("Action", group.name))
                .collect();
            entities.push(json!({ "uid": plain("Action", &action.qualified()), "attrs": {}, "parents": of }));
        }
    }
    let entities = Entities::from_json_value(Value::Array(entities), schema).map_err(|error| text(&error))?;
    let entity = |kind: &str, id: &str| -> Result<EntityUid, String> {
        let kind = EntityTypeName::from_str(kind).map_err(|error| text(&error))?;
        Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
    };
    let action = entity("Action", &request.action)?;
    let context = context(asking, way, request, &scope);
    let context = Context::from_json_value(context, schema.map(|schema| (schema, &action)))
        .map_err(|error| text(&error))?;
    let request =
        CedarRequest::new(entity(kind, &id)?, action, entity(resource.0, &resource.1)?, context, schema)
            .map_err(|error| text(&error))?;
    Ok((request, entities))
}

fn principal(principal: &Principal) -> (&'static str, String) {
    let arn = || principal.arn().unwrap_or_default();
    match principal {
        Principal::Anonymous => ("Anonymous", "anonymous".to_owned()),
        Principal::Service(name) => ("Service", name.clone()),
        Principal::Root { .. } => ("Root", arn()),
        Principal::User { .. } => ("User", arn()),
        Principal::Role { .. } => ("Role", arn()),
        Principal::FederatedUser { .. } => ("FederatedUser", arn()),
    }
}

fn plain(kind: &str, id: &str) -> Value {
    json!({ "type": kind, "id": id })
}

fn uid(kind: &str, id: &str) -> Value {
    json!({ "__entity": plain(kind, id) })
}

fn extension(function: &str, argument: &str) -> Value {
    json!({ "__extn": { "fn": function, "arg": argument } })
}

/// The facts as a record; the groups that the caller belongs to are added to `groups`.
fn record(
    facts: &Facts,
    groups: &mut Vec<String>,
    path: &str,
    holds: &impl Fn(&narrows_prover::Scope) -> bool,
) -> Map<String, Value> {
    let mut out = Map::new();
    for (name, fact) in facts {
        let place = format!("{path}{name}");
        let value = match fact {
            Fact::Text(text) => json!(text),
            Fact::Texts(texts) => json!(texts),
            Fact::Bool(value) => json!(value),
            Fact::When(scope) => json!(holds(scope)),
            Fact::Decimal(value) => extension("decimal", &decimal(*value)),
            Fact::Account(id) => uid("Account", id),
            Fact::Organization(id) => uid("Organization", id),
            Fact::Role(arn) => uid("Role", arn),
            Fact::Principals(scope) => {
                if holds(scope) {
                    groups.push(place.clone());
                }
                uid("Principals", &place)
            }
            Fact::Record(facts) => Value::Object(record(facts, groups, &format!("{place}."), holds)),
            Fact::Unknown(_) => continue,
        };
        out.insert((*name).to_owned(), value);
    }
    out
}

fn context(
    asking: &Asking,
    way: &Way,
    request: &Request,
    holds: &impl Fn(&narrows_prover::Scope) -> bool,
) -> Value {
    let (mut aws, mut s3) = (Map::new(), Map::new());
    for key in &KEYS {
        let values = match request.context.get(&key.condition_key()) {
            Some(Entry::Value(value) | Entry::Perhaps(value)) => vec![value.clone()],
            Some(Entry::Values(values)) => values.clone(),
            Some(Entry::Open) | None => continue,
        };
        let own = if key.service == "aws" { &mut aws } else { &mut s3 };
        if let Some(value) = value(key.kind, &values) {
            own.insert(key.name.to_owned(), value);
        }
    }
    // What every request has: the plain case, where nobody asked.
    for (name, usual) in
        [("SecureTransport", "true"), ("ViaAWSService", "false"), ("CurrentTime", "1970-01-01")]
    {
        let Some(key) = find_key("aws", name) else { continue };
        if let Some(value) = value(key.kind, &[usual.to_owned()]) {
            aws.entry(name).or_insert(value);
        }
    }
    let mut unused = Vec::new();
    let mut out = record(&asking.subject, &mut unused, "", holds);
    out.insert("aws".to_owned(), Value::Object(aws));
    out.insert("s3".to_owned(), Value::Object(s3));
    out.insert("route".to_owned(), json!(way.as_str()));
    Value::Object(out)
}

/// A condition key's value in Cedar; none where it is not of the key's type.
fn value(kind: KeyType, values: &[String]) -> Option<Value> {
    let [one] = values else { return (kind == KeyType::Texts).then(|| json!(values)) };
    Some(match kind {
        KeyType::Text => json!(one),
        KeyType::Texts => json!([one]),
        KeyType::Bool => json!(scalar::boolean(one)?),
        KeyType::Long => {
            let number = scalar::number(one)?;
            (number % 1_000_000_000 == 0)
                .then(|| json!(i64::try_from(number / 1_000_000_000).unwrap_or(i64::MAX)))?
        }
        KeyType::Decimal => extension("decimal", &decimal(scalar::number(one)?)),
        KeyType::Moment => extension("datetime", &moment(scalar::date(one)?)?),
        KeyType::Address => extension("ip", one),
    })
}

/// Billionths in Cedar's notation, which has one to four digits after the point.
fn decimal(billionths: i128) -> String {
    let sign = if billionths < 0 { "-" } else { "" };
    let magnitude = billionths.unsigned_abs();
    format!("{sign}{}.{:04}", magnitude / 1_000_000_000, magnitude % 1_000_000_000 / 100_000)
}

/// Milliseconds from 1970 in Cedar's notation; none past the years that it writes.
fn moment(milliseconds: i64) -> Option<String> {
    let seconds = milliseconds.div_euclid(1000);
    let date = narrows_model::date::Date::from_epoch_seconds(seconds)?;
    let of_day = seconds.rem_euclid(86_400);
    Some(format!(
        "{date}T{:02}:{:02}:{:02}.{:03}Z",
        of_day / 3600,
        of_day / 60 % 60,
        of_day % 60,
        milliseconds.rem_euclid(1000)
    ))
}
