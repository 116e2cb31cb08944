//! The request, from flags or from JSON.

use crate::args::RequestArgs;
use crate::failure::Failure;
use crate::files::Files;
use crate::input::text;
use narrows_iam::DocumentKind;
use narrows_model::names::nearest;
use narrows_model::{Value, json};
use narrows_prover::explain::{Asked, SessionPolicy, Target};
use std::collections::BTreeMap;
use std::path::Path;

/// What a request in JSON may have: those from `legs` on are a counterexample's, `assumed_context` an explanation's.
const MEMBERS: [&str; 11] = [
    "principal",
    "session",
    "action",
    "resource",
    "context",
    "legs",
    "route",
    "sentence",
    "command",
    "elsewhere",
    "assumed_context",
];

/// Reads the request; flags add to what a file has.
pub(super) fn read(args: &RequestArgs, files: &dyn Files) -> Result<Asked, Failure> {
    let mut asked = match &args.request {
        Some(path) => from_file(path, files)?,
        None => Asked {
            principal: args.principal.clone().unwrap_or_default(),
            action: args.action.clone().unwrap_or_default(),
            target: Target { key: args.key.clone(), ..Target::default() },
            ..Asked::default()
        },
    };
    asked.session = args.session.clone().or(asked.session);
    asked.target.bucket = args.bucket.clone().or(asked.target.bucket);
    let mut given: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for pair in &args.context {
        let known = given.keys().find(|key| key.eq_ignore_ascii_case(&pair.key)).cloned();
        given.entry(known.unwrap_or_else(|| pair.key.clone())).or_default().push(pair.value.clone());
    }
    asked.context.retain(|key, _| !given.keys().any(|new| new.eq_ignore_ascii_case(key)));
    asked.context.append(&mut given);
    asked.session_policy =
        args.session_policy.as_ref().map(|path| session_policy(path, files)).transpose()?;
    Ok(asked)
}

/// A session policy; managed ones are named by ARN when a session is made, and cannot be given here.
fn session_policy(path: &Path, files: &dyn Files) -> Result<SessionPolicy, Failure> {
    let name = path.display().to_string();
    let parsed = narrows_iam::parse_text(&text(path, files)?, DocumentKind::Identity)
        .map_err(|error| Failure::worded(&format!("{name}: {error}")).at(&error.location))?;
    Ok(SessionPolicy { name, document: parsed.document })
}

fn from_file(path: &Path, files: &dyn Files) -> Result<Asked, Failure> {
    let value = json::parse(&text(path, files)?)
        .map_err(|error| Failure::new(error.to_string()).at(&error.location))?;
    let shown = path.display();
    let members = value.members().unwrap_or_default();
    if value.get("verdicts").is_some() {
        return Err(Failure::new(format!("`{shown}` is a whole report: expected one request")).help(
            "save one counterexample of it: jq '[.verdicts[].counterexample | values][0]' report.json > request.json",
        ));
    }
    if let Some(other) = members.iter().find(|member| !MEMBERS.contains(&member.name.as_str())) {
        let failure = Failure::new(format!(
            "`{}` is not part of a request: expected {}",
            other.name,
            MEMBERS.join(", ")
        ))
        .at(&other.value.location);
        return Err(match nearest(&other.name, MEMBERS) {
            Some(nearest) => failure.help(format!("did you mean `{nearest}`?")),
            None => failure,
        });
    }
    let required = |name: &str| -> Result<String, Failure> {
        let found = value.get(name).ok_or_else(|| {
            Failure::new(format!(
                "`{shown}` has no `{name}`: expected principal, action, resource and context"
            ))
        })?;
        one(name, found)
    };
    let resource = required("resource")?;
    let mut target = target(&resource).ok_or_else(|| {
        Failure::new(format!(
            "`{resource}` is no resource of S3: expected the ARN of a bucket, an access point or an object"
        ))
    })?;
    // A counterexample's last leg names the bucket that the request was routed to.
    let legs = value.get("legs").and_then(Value::items).unwrap_or_default();
    let mut legs = legs.iter().filter_map(|leg| leg.get("resource")?.as_str());
    // What S3 asks of KMS keys follows the bucket's.
    let last = legs.rfind(|resource| resource.split(':').nth(2) != Some("kms"));
    target.bucket = target.bucket.or_else(|| self::target(last?)?.bucket);
    let mut context = BTreeMap::new();
    for member in value.get("context").and_then(Value::members).unwrap_or_default() {
        let values = match member.value.items() {
            Some(items) => items.iter().map(|item| one(&member.name, item)).collect::<Result<_, _>>()?,
            None => vec![one(&member.name, &member.value)?],
        };
        context.insert(member.name.to_string(), values);
    }
    let session = value.get("session").and_then(Value::as_str).map(str::to_owned);
    let (principal, action) = (required("principal")?, required("action")?);
    Ok(Asked { principal, session, action, target, context, session_policy: None })
}

fn one(name: &str, value: &Value) -> Result<String, Failure> {
    if let Some(flag) = value.as_bool() {
        return Ok(flag.to_string());
    }
    value.as_str().map(str::to_owned).ok_or_else(|| {
        Failure::new(format!("`{name}` is {}: expected text", value.kind_in_words())).at(&value.location)
    })
}

/// The access point or bucket, and the key, of a resource's ARN, in which references may stand.
fn target(resource: &str) -> Option<Target> {
    let text = |text: &str| Some(text.to_owned());
    if resource.contains(":accesspoint/") || resource.contains(":accesspoint:") {
        let (arn, key) = match resource.split_once("/object/") {
            Some((arn, key)) => (arn, text(key)),
            None => (resource, None),
        };
        return Some(Target { access_point: text(arn), bucket: None, key });
    }
    let name = resource.splitn(6, ':').nth(5).filter(|_| resource.starts_with("arn:"))?;
    let (bucket, key) = match name.split_once('/') {
        Some((bucket, key)) => (bucket, text(key)),
        None => (name, None),
    };
    Some(Target { access_point: None, bucket: text(bucket), key })
}
