//! A counterexample as one sentence.

use narrows_iam::Effect;
use narrows_iam::actions;
use narrows_prover::{Counterexample, DecidedBy, Leg, Near, Route};

/// Who can do what that nobody should, or cannot do what they must, and why.
pub(crate) fn sentence(found: &Counterexample) -> String {
    let stopped = found.legs.iter().find(|leg| !leg.allowed);
    if let (Some(other), Some(leg)) = (&found.elsewhere, stopped) {
        let (who, what, way) = (who(&found.principal), what(found), way(found));
        return format!("{who} can {what}{way}, but not of bucket {other}, because {}.", stops(found, leg));
    }
    let verb = if stopped.is_none() { "can" } else { "cannot" };
    let why = match stopped {
        None => not_denied(found),
        Some(leg) => stops(found, leg),
    };
    let (who, what) = (who(&found.principal), what(found));
    format!("{who} {verb} {what}{}, because {why}.", way(found))
}

/// The principal in words, at the beginning of a sentence.
fn who(principal: &str) -> String {
    if principal == "anonymous" {
        return "Anyone, without credentials,".to_owned();
    }
    let fields: Vec<&str> = principal.splitn(6, ':').collect();
    let [_, _, _, _, account, name] = fields.as_slice() else {
        let is_service = !principal.contains(['$', ':']);
        return if is_service {
            format!("The service {principal}")
        } else {
            format!("Principal {principal}")
        };
    };
    match name.split_once('/') {
        Some(("user", name)) if *account == "cloudfront" => name.to_owned(),
        Some(("role", name)) => format!("Role {name} of account {account}"),
        Some(("user", name)) => format!("User {name} of account {account}"),
        Some(("federated-user", name)) => format!("Federated user {name} of account {account}"),
        None if *name == "root" => format!("The root user of account {account}"),
        _ => format!("Principal {principal}"),
    }
}

fn what(found: &Counterexample) -> String {
    let action = found.action.strip_prefix("s3:").unwrap_or(&found.action);
    let bucket = &found.bucket;
    match &found.key {
        Some(key) => format!("{action} key `{}` of bucket {bucket}", key.escape_debug()),
        None => format!("{action} on bucket {bucket}"),
    }
}

/// The route and what else matters of the request, with a space or a comma before it.
fn way(found: &Counterexample) -> String {
    // What is done to a bucket's configuration has no other route.
    let data =
        found.key.is_some() || actions::find(&found.action).is_some_and(actions::Action::is_data_action);
    let mut parts = Vec::new();
    match found.route {
        Route::Direct if data => parts.push(" directly, without the MRAP".to_owned()),
        Route::Direct => {}
        Route::Mrap(_) => parts.push(" through the MRAP".to_owned()),
        Route::OtherAccessPoint => {
            let arn = found.context.get("s3:DataAccessPointArn").and_then(|values| values.first());
            parts.push(format!(" through access point {}", arn.map_or("that is not listed", String::as_str)));
        }
    }
    parts.extend(found.moment.iter().map(|moment| format!(", at {moment}")));
    for (key, values) in &found.context {
        let value = values.join(", ");
        let part = match (key.as_str(), value.as_str()) {
            ("aws:SecureTransport", "false") => ", without TLS".to_owned(),
            ("s3:TlsVersion", version) => format!(", over TLS {version}"),
            ("aws:SourceVpce", endpoint) => format!(", from VPC endpoint {endpoint}"),
            ("aws:SourceVpc", vpc) => format!(", from VPC {vpc}"),
            ("aws:SourceIp", address) => format!(", from address {address}"),
            ("aws:ViaAWSService", "true") => ", forwarded by an AWS service".to_owned(),
            (
                "aws:SecureTransport"
                | "aws:ViaAWSService"
                | "aws:CurrentTime"
                | "aws:EpochTime"
                | "aws:PrincipalArn"
                | "aws:PrincipalAccount"
                | "s3:DataAccessPointArn"
                | "s3:DataAccessPointAccount"
                | "s3:AccessPointNetworkOrigin",
                _,
            ) => continue,
            (key, value) => format!(", with {key} = {value}"),
        };
        parts.push(part);
    }
    parts.concat()
}

/// Why a request that nobody should be able to make gets through.
fn not_denied(found: &Counterexample) -> String {
    let allows = match found.legs.last().map(|leg| &leg.decided_by) {
        Some(DecidedBy::Statement { document, statement, .. }) => {
            format!("{statement} of {document} allows it")
        }
        Some(DecidedBy::Assumption(text) | DecidedBy::Implicit(text)) => text.clone(),
        None => "nothing decides it".to_owned(),
    };
    match &found.near {
        Some(near) if near.effect == Effect::Deny => {
            format!("{allows}, and {} does not deny it: {}", name(near), missed(near))
        }
        _ => format!("{allows}, and nothing denies it"),
    }
}

/// What stops a request that must get through, and where.
fn stops(found: &Counterexample, leg: &Leg) -> String {
    let last = found.legs.iter().rfind(|it| !it.is_of_key()).is_some_and(|it| it == leg);
    let bucket = found.elsewhere.as_ref().unwrap_or(&found.bucket);
    let place = match last {
        _ if leg.is_of_key() => format!("on the key of bucket {bucket}"),
        true => format!("on bucket {bucket}"),
        false => "on the access point".to_owned(),
    };
    match &leg.decided_by {
        DecidedBy::Statement { document, statement, .. } => {
            format!("{statement} of {document} denies it {place}")
        }
        DecidedBy::Assumption(text) => format!("{text} {place}"),
        DecidedBy::Implicit(text) => match &found.near {
            Some(near) if near.effect == Effect::Allow => {
                format!("{place} {text}; {} comes nearest: {}", name(near), missed(near))
            }
            _ => format!("{place} {text}"),
        },
    }
}

fn name(near: &Near) -> String {
    format!("{} of {}", near.statement, near.document)
}

fn missed(near: &Near) -> String {
    near.missed.join("; ")
}
