//! A case as Cedar: a request is a flat context, and the policy set always denies if the guardrail holds.

use super::Case;
use serde_json::Value;
use std::net::Ipv4Addr;

/// The schema of all cases.
pub(super) const SCHEMA: &str = r#"
entity P;
entity R;
action "request" appliesTo {
  principal: P,
  resource: R,
  context: {
    action: String, resource: String, kind: String, account: String, arn?: String, org?: String, team?: String,
    vpce?: String, ip?: Long, secure: Bool, forwarded: Bool, mfa?: Bool, tls?: Long, prefix?: String, time: Long,
  }
};
"#;

/// What holds of every direct request on the bucket by an anonymous or IAM caller, and the attribute that it is about: it is
/// left out where nothing else looks at that, which spares the solver work and changes no answer.
///
/// An address is a Long: of IPv4 its number, of IPv6, whose networks no case has, -1. A version of TLS is ten times itself.
const REQUESTS: [(&str, &str); 18] = [
    ("kind", r#"context.kind == "anonymous" || context.kind == "iam""#),
    ("kind", r#"(context.kind == "anonymous") == (context.account == "anonymous")"#),
    ("arn", r#"if context.kind == "anonymous" then !(context has arn) else context has arn"#),
    (
        "arn",
        r#"if context has arn then
         (context.arn like "arn:aws:iam::*:role/*" || context.arn like "arn:aws:iam::*:root" ||
          context.arn like "arn:aws:sts::*:federated-user/*" || context.arn like "arn:aws:iam::123456789012:user/*" ||
          context.arn like "arn:aws:iam::999999999999:user/*") else true"#,
    ),
    // No name in IAM has an asterisk, though a policy may spell one out.
    ("arn", r#"if context has arn then !(context.arn like "*\*") else true"#),
    (
        "arn",
        r#"if context has arn then
         (context.account == "123456789012") ==
         (context.arn like "arn:aws:iam::123456789012:*" || context.arn like "arn:aws:sts::123456789012:*") else true"#,
    ),
    (
        "arn",
        r#"if context has arn then
         (context.account == "999999999999") ==
         (context.arn like "arn:aws:iam::999999999999:*" || context.arn like "arn:aws:sts::999999999999:*") else true"#,
    ),
    ("org", r#"if context.kind == "anonymous" then !(context has org) else true"#),
    ("org", r#"if context has org then context.org like "o-*" && context.org != "o-" else true"#),
    ("team", r#"if context.kind == "anonymous" then !(context has team) else true"#),
    // Who has no credentials has no temporary ones.
    ("mfa", r#"if context.kind == "anonymous" then !(context has mfa) else true"#),
    ("vpce", r#"if context has vpce then context.vpce like "vpce-*" && context.vpce != "vpce-" else true"#),
    ("ip", r#"if context has ip then context.ip >= -1 && context.ip <= 4294967295 else true"#),
    ("ip", r#"!(context has ip && context has vpce)"#),
    ("vpce", r#"!(context.forwarded && context has vpce)"#),
    ("tls", r#"if context has tls then context.secure && context.tls >= 10 && context.tls <= 13 else true"#),
    ("time", r#"context.time <= 253402300799999"#),
    ("time", r#"context.time >= 1795392000000"#),
];

/// The case's policy set.
///
/// # Panics
/// On a construct that the generator does not make.
pub fn cedar(case: &Case) -> String {
    let mut holds = Vec::new();
    let targets = case.actions.iter().map(|action| {
        let resource = match *action {
            "s3:ListBucket" => r#"context.resource == "arn:aws:s3:::data""#,
            _ => r#"context.resource like "arn:aws:s3:::data/*" && context.resource != "arn:aws:s3:::data/""#,
        };
        format!("(context.action == {:?} && {resource})", action.to_lowercase())
    });
    holds.push(targets.collect::<Vec<_>>().join(" || "));
    holds.extend(case.scope.iter().map(|part| part.cedar.to_owned()));
    let empty = Vec::new();
    let statements = case.policy["Statement"].as_array().unwrap_or(&empty);
    let of = |effect: &str| {
        statements.iter().filter(|it| it["Effect"] == *effect).map(statement).collect::<Vec<_>>()
    };
    // Within the account the caller's own policies, which are taken to allow everything, are enough.
    let mut allowed = vec![r#"context.account == "123456789012""#.to_owned()];
    allowed.extend(of("Allow"));
    holds.push(any(&allowed));
    let denied = of("Deny");
    let rest = [holds.join(" "), denied.join(" ")].concat();
    let used = |name: &str| {
        name == "kind" || [" has ", "."].iter().any(|before| rest.contains(&format!("context{before}{name}")))
    };
    holds.extend(REQUESTS.iter().filter(|(name, _)| used(name)).map(|(_, rule)| (*rule).to_owned()));
    let head = |effect: &str| format!("{effect}(principal, action, resource) when {{\n");
    let mut text = format!("{}  {}\n}};\n", head("permit"), all(&holds));
    for deny in denied {
        text += &format!("{}  {deny}\n}};\n", head("forbid"));
    }
    text
}

fn all(parts: &[String]) -> String {
    if parts.is_empty() { "true".to_owned() } else { format!("({})", parts.join(") &&\n  (")) }
}

fn any(parts: &[String]) -> String {
    if parts.is_empty() { "false".to_owned() } else { format!("({})", parts.join(") || (")) }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        other => panic!("no case has {other}"),
    }
}

fn statement(statement: &Value) -> String {
    let patterns = |name: &str, attribute: &str, lower: bool| {
        let is = |value: &Value| {
            let spelled = |text: &String| if lower { text.to_lowercase() } else { text.clone() };
            let each = texts(value)
                .iter()
                .map(|text| format!("{attribute} like {:?}", spelled(text)))
                .collect::<Vec<_>>();
            any(&each)
        };
        match (statement.get(name), statement.get(format!("Not{name}"))) {
            (Some(value), _) => is(value),
            (None, Some(value)) => format!("!({})", is(value)),
            (None, None) => panic!("a statement without {name}: {statement}"),
        }
    };
    let mut parts =
        vec![patterns("Action", "context.action", true), patterns("Resource", "context.resource", false)];
    for (operator, keys) in statement.get("Condition").and_then(Value::as_object).into_iter().flatten() {
        for (key, values) in keys.as_object().into_iter().flatten() {
            parts.push(condition(operator, key, &texts(values)));
        }
    }
    all(&parts)
}

/// Where a condition key is in the context: whether it is there, and its value.
fn attribute(key: &str) -> (String, String) {
    let optional = |name: &str| (format!("context has {name}"), format!("context.{name}"));
    let always = |name: &str| ("true".to_owned(), format!("context.{name}"));
    match key {
        "aws:SecureTransport" => always("secure"),
        "aws:ViaAWSService" => always("forwarded"),
        "aws:MultiFactorAuthPresent" => optional("mfa"),
        "aws:PrincipalAccount" => always("account"),
        "aws:PrincipalArn" => optional("arn"),
        "aws:PrincipalOrgID" => optional("org"),
        "aws:PrincipalTag/team" => optional("team"),
        "aws:PrincipalIsAWSService" => (r#"context.kind == "iam""#.to_owned(), "false".to_owned()),
        "aws:ResourceAccount" => ("true".to_owned(), r#""123456789012""#.to_owned()),
        "aws:SourceVpce" => optional("vpce"),
        "aws:SourceIp" => optional("ip"),
        "aws:CurrentTime" => always("time"),
        "s3:TlsVersion" => optional("tls"),
        "s3:prefix" => optional("prefix"),
        // Of a direct request it is absent; the value is of no interest.
        "s3:DataAccessPointArn" => ("false".to_owned(), r#""""#.to_owned()),
        other => panic!("no case has {other}"),
    }
}

fn condition(operator: &str, key: &str, values: &[String]) -> String {
    let (present, own) = attribute(key);
    if operator == "Null" {
        let each =
            values.iter().map(|value| format!("({present}) == {}", value == "false")).collect::<Vec<_>>();
        return any(&each);
    }
    let (rest, for_all, for_any) = match operator.split_once(':') {
        Some(("ForAllValues", rest)) => (rest, true, false),
        Some((_, rest)) => (rest, false, true),
        None => (operator, false, false),
    };
    let (name, if_exists) = match rest.strip_suffix("IfExists") {
        Some(name) => (name, true),
        None => (rest, false),
    };
    let negated = name.contains("Not");
    let each =
        values.iter().map(|value| compare(&name.replacen("Not", "", 1), &own, value)).collect::<Vec<_>>();
    let matched = if negated { format!("!({})", any(&each)) } else { any(&each) };
    // To a set operator the empty text is an empty list.
    let (there, absent) = match (for_all, for_any) {
        (true, _) => (format!(r#"{own} == "" || ({matched})"#), true),
        (_, true) => (format!(r#"{own} != "" && ({matched})"#), false),
        _ => (matched, negated || if_exists),
    };
    format!("if {present} then ({there}) else {absent}")
}

/// Whether the request's value matches one value of an operator without its negation.
fn compare(name: &str, own: &str, value: &str) -> String {
    let ordered = |value: String| match name.trim_start_matches("Numeric").trim_start_matches("Date") {
        "LessThan" => format!("{own} < {value}"),
        "LessThanEquals" => format!("{own} <= {value}"),
        "GreaterThan" => format!("{own} > {value}"),
        "GreaterThanEquals" => format!("{own} >= {value}"),
        _ => format!("{own} == {value}"),
    };
    match name {
        "StringEquals" => format!("{own} == {value:?}"),
        "StringLike" | "ArnLike" | "ArnEquals" => format!("{own} like {value:?}"),
        "Bool" => format!("{own} == {value}"),
        "IpAddress" => {
            let (first, last) = network(value);
            format!("{own} >= {first} && {own} <= {last}")
        }
        _ if name.starts_with("Numeric") => ordered(value.replace('.', "")),
        _ if name.starts_with("Date") => ordered(moment(value).to_string()),
        _ => panic!("no case has {name}"),
    }
}

/// The first and the last address of an IPv4 network.
fn network(text: &str) -> (u64, u64) {
    let (address, prefix) = text.split_once('/').unwrap_or((text, "32"));
    let address: Ipv4Addr = address.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    let prefix: u32 = prefix.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    let size = 1_u64 << (32 - prefix);
    let first = u64::from(u32::from(address)) / size * size;
    (first, first + size - 1)
}

/// The moments that cases have, in milliseconds from 1970.
fn moment(text: &str) -> i64 {
    match text {
        "2026-01-01T00:00:00Z" => 1_767_225_600_000,
        "2027-01-01T00:00:00Z" => 1_798_761_600_000,
        "2030-06-30T12:00:00Z" => 1_909_051_200_000,
        other => panic!("no case has {other}"),
    }
}
