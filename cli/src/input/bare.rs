//! Bare policies that are not a bucket's: what they look like, and how they are attached to something.

use super::{Found, file_name};
use crate::failure::Failure;
use narrows_iam::{DocumentKind, parse_with_remarks};
use narrows_manifest::{Printed, Sort};
use narrows_model::resources::organisations::Control;
use narrows_model::{Deployment, MrapArn, Partition, Value};
use std::collections::BTreeSet;
use std::path::Path;

/// What a policy in a file of its own is, if it is none of a bucket.
enum Looks {
    /// It names no principal, and nothing tells what it is attached to.
    Unattached,
    Identity,
    Control(Control),
    Trust,
    Key,
    Mrap(Option<MrapArn>),
    Endpoint,
    /// It is about another service.
    Other(String),
}

/// A policy that is not a bucket's, as an input that has nothing to ask about; `None` where it is one, or may be.
pub(super) fn found(path: &Path, printed: &Printed) -> Result<Option<Found>, Failure> {
    let Some(looks) = looks(printed) else { return Ok(None) };
    let kind = match looks {
        Looks::Unattached | Looks::Identity | Looks::Control(Control::Service) => DocumentKind::Identity,
        Looks::Trust => DocumentKind::Trust,
        _ => DocumentKind::Resource,
    };
    let parsed = parse_with_remarks(&printed.policy, kind, &mut |text| text.shown())
        .map_err(|error| Failure::worded(&format!("{}: {error}", path.display())).at(&error.location))?;
    let name = file_name(path);
    let mut note = vec![said(&name, &looks)];
    let lines = lines(&name, &looks);
    if !lines.is_empty() {
        note.push("have a manifest, narrows.policies.toml beside it, say what it is attached to:".to_owned());
        note.extend(lines.into_iter().map(|line| format!("    {line}")));
    }
    let found = Found::new(path, words(&looks), Deployment::new(None, Partition::default()));
    let mut found = Found { sort: super::Sort::Bare, ..found };
    found.notes.push(note.join("\n"));
    let remarks =
        parsed.remarks.into_iter().map(|remark| format!("{}: {} ({})", name, remark.text, remark.location));
    found.notes.extend(remarks);
    Ok(Some(found))
}

fn looks(printed: &Printed) -> Option<Looks> {
    match printed.sort {
        Sort::Identity => return Some(Looks::Identity),
        Sort::Trust => return Some(Looks::Trust),
        Sort::Key => return Some(Looks::Key),
        Sort::Control(control) => return Some(Looks::Control(control)),
        Sort::Mrap => return Some(Looks::Mrap(named_mrap(&all(&printed.policy, &["Resource"])))),
        Sort::Resource => {}
    }
    let policy = &printed.policy;
    let statements = policy.get("Statement").map(each).unwrap_or_default();
    let principals: Vec<&Value> = statements
        .iter()
        .flat_map(|statement| ["Principal", "NotPrincipal"].map(|name| statement.get(name)))
        .flatten()
        .collect();
    if statements.iter().any(|statement| statement.members().is_none()) || statements.is_empty() {
        return None;
    }
    if principals.is_empty() {
        return Some(Looks::Unattached);
    }
    let resources = all(policy, &["Resource", "NotResource"]);
    let actions = all(policy, &["Action", "NotAction"]);
    let services: Vec<&str> = actions.iter().filter_map(|action| Some(action.split_once(':')?.0)).collect();
    if resources.is_empty() && services.iter().all(|service| service.eq_ignore_ascii_case("sts")) {
        return Some(Looks::Trust);
    }
    if resources.iter().any(|arn| named_mrap(&[*arn]).is_some()) {
        return Some(Looks::Mrap(named_mrap(&resources)));
    }
    if resources.iter().any(|arn| arn.starts_with("arn:") && arn.split(':').nth(2) == Some("s3")) {
        // A bucket's policy names no other's objects.
        let buckets: BTreeSet<&str> = resources.iter().filter_map(|arn| bucket_of(arn)).collect();
        return (buckets.len() > MOST_BUCKETS).then_some(Looks::Endpoint);
    }
    let text = |value: Option<&Value>| value.and_then(|value| value.as_str().map(str::to_owned));
    let only_denies = statements.iter().all(|it| text(it.get("Effect")).as_deref() == Some("Deny"));
    let everyone = principals.iter().all(|principal| principal.as_str() == Some("*"));
    let first = services.first().copied().unwrap_or_default().to_lowercase();
    let one_service = services.len() == actions.len()
        && services.iter().all(|service| service.eq_ignore_ascii_case(&first));
    // No bucket takes a policy about every resource.
    let anything = !resources.is_empty() && resources.iter().all(|arn| *arn == "*");
    if only_denies && everyone && anything {
        return Some(Looks::Control(Control::Resource));
    }
    match first.as_str() {
        "kms" if one_service => Some(Looks::Key),
        _ if anything => Some(Looks::Endpoint),
        _ if !one_service => None,
        "s3" | "" => None,
        _ => Some(Looks::Other(first)),
    }
}

/// Of how many buckets a policy may speak that is meant to be one bucket's.
const MOST_BUCKETS: usize = 2;

/// The bucket in an ARN.
fn bucket_of(arn: &str) -> Option<&str> {
    arn.strip_prefix("arn:")?.split_once(":s3:::")?.1.split('/').next()
}

/// The texts of members of all statements.
fn all<'p>(policy: &'p Value, members: &[&str]) -> Vec<&'p str> {
    let statements = policy.get("Statement").map(each).unwrap_or_default();
    let found =
        statements.into_iter().flat_map(|statement| members.iter().filter_map(|name| statement.get(name)));
    found.flat_map(each).filter_map(Value::as_str).collect()
}

/// The first MRAP that these ARNs name.
fn named_mrap(arns: &[&str]) -> Option<MrapArn> {
    arns.iter().find_map(|arn| {
        let of_objects = arn.find(".mrap/").and_then(|at| arn.get(..at + ".mrap".len()));
        of_objects.unwrap_or(arn).parse().ok()
    })
}

/// The items of a list, or the one value that stands for such a list.
fn each(value: &Value) -> Vec<&Value> {
    value.items().map_or_else(|| vec![value], |items| items.iter().collect())
}

/// What it is, in words.
fn words(looks: &Looks) -> &'static str {
    match looks {
        Looks::Unattached => "a policy of identities or a service control policy",
        Looks::Identity => "a policy of identities",
        Looks::Control(Control::Service) => "a service control policy",
        Looks::Control(Control::Resource) => "a resource control policy",
        Looks::Trust => "the trust policy of a role",
        Looks::Key => "the policy of a key",
        Looks::Mrap(_) => "the policy of an MRAP",
        Looks::Endpoint => "the policy of a VPC endpoint",
        Looks::Other(_) => "a policy about another service",
    }
}

fn said(name: &str, looks: &Looks) -> String {
    match looks {
        Looks::Unattached => format!(
            "`{name}` names no principal: it is a policy of a role or user, a permission boundary or a service control policy, and \
             alone it confines no bucket"
        ),
        Looks::Identity => format!("`{name}` is a policy of a role or user: alone it confines no bucket"),
        Looks::Control(Control::Service) => {
            format!("`{name}` is a service control policy: alone it confines no bucket")
        }
        Looks::Control(Control::Resource) => format!(
            "`{name}` denies everyone something on every resource, as a resource control policy does: alone it confines no bucket"
        ),
        Looks::Trust => format!("`{name}` says who may assume a role: alone it confines no bucket"),
        Looks::Key => format!(
            "`{name}` is the policy of a KMS key, and a manifest describes no keys: give a plan, a state, a template or a Pulumi \
             preview that has the key and the buckets that it encrypts"
        ),
        Looks::Mrap(_) => format!("`{name}` is the policy of an MRAP: what is asked is asked of its buckets"),
        Looks::Endpoint => format!(
            "`{name}` speaks of every resource, or of many buckets, as the policy of a VPC endpoint does: alone it confines no bucket"
        ),
        Looks::Other(service) => {
            format!(
                "`{name}` is about `{service}`, and attached to none of S3's resources: nothing here hangs on it"
            )
        }
    }
}

/// The manifest that attaches it, ready to be pasted.
fn lines(name: &str, looks: &Looks) -> Vec<String> {
    let quoted = toml_text(name);
    let role = |what: &str| vec!["[[role]]".to_owned(), "name = \"ROLE\"".to_owned(), what.to_owned()];
    let list = |kind: &str| format!("{kind}_control_policies = [{quoted}]");
    let own = match looks {
        Looks::Unattached => {
            let mut lines = vec![format!("{}    # of the account, or:", list("service"))];
            lines.extend(role(&format!("policies = [{quoted}]    # or: boundary = {quoted}")));
            lines
        }
        Looks::Identity => role(&format!("policies = [{quoted}]    # or: boundary = {quoted}")),
        Looks::Control(Control::Service) => vec![list("service")],
        Looks::Control(Control::Resource) => vec![list("resource")],
        Looks::Trust => role(&format!("trust = {quoted}")),
        Looks::Endpoint => [
            "[[endpoint]]",
            "id = \"vpce-0a1b2c3d4e5f60718\"",
            "type = \"gateway\"    # or: interface",
            "service = \"com.amazonaws.REGION.s3\"",
            &format!("policy = {quoted}"),
        ]
        .map(str::to_owned)
        .to_vec(),
        Looks::Mrap(arn) => {
            let arn = arn.as_ref().map_or_else(
                || "arn:aws:s3::123456789012:accesspoint/ALIAS.mrap".to_owned(),
                ToString::to_string,
            );
            return [
                "version = 1",
                "[[mrap]]",
                "name = \"MRAP\"",
                &format!("arn = \"{arn}\""),
                "buckets = [\"BUCKET\"]",
                &format!("policy = {quoted}"),
            ]
            .into_iter()
            .map(str::to_owned)
            .chain(bucket())
            .collect();
        }
        Looks::Key | Looks::Other(_) => return Vec::new(),
    };
    let head = ["version = 1".to_owned(), "account = \"123456789012\"".to_owned()];
    head.into_iter().chain(own).chain(bucket()).collect()
}

fn bucket() -> impl Iterator<Item = String> {
    ["[[bucket]]", "name = \"BUCKET\"", "policy = \"BUCKET.json\""].map(str::to_owned).into_iter()
}

/// A text as TOML and JSON both write it.
fn toml_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
