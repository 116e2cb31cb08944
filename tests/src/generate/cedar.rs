//! Random guardrails in Cedar, in the shipped schema, and random requests on one bucket for them.

use super::{ACCOUNT, BUCKET, FOREIGN, MRAP, pick, request::request};
use arbitrary::{Result, Unstructured};
use narrows_iam::{ConditionKey, Entry, Request};
use narrows_prover::Route;

/// A file of one to three policies under one id. Nearly all of them fit the schema.
///
/// # Errors
/// None: see [`super::case`].
pub fn guardrail(bytes: &mut Unstructured<'_>) -> Result<String> {
    let count = bytes.int_in_range(1..=3)?;
    (0..count).map(|_| policy(bytes)).collect::<Result<Vec<_>>>().map(|all| all.join("\n"))
}

fn policy(bytes: &mut Unstructured<'_>) -> Result<String> {
    let effect = pick(bytes, &["forbid", "permit"])?;
    let principal = pick(
        bytes,
        &[
            "principal",
            "principal",
            "principal is Role",
            "principal is User",
            "principal == Role::\"arn:aws:iam::123456789012:role/app\"",
            "principal in Account::\"123456789012\"",
            "principal in Organization::\"o-a1b2c3d4e5\"",
            "principal is Root in Account::\"999999999999\"",
        ],
    )?;
    let action = pick(
        bytes,
        &[
            "action",
            "action",
            "action in Action::\"data\"",
            "action in [Action::\"data-read\", Action::\"data-list\"]",
            "action == Action::\"s3:GetObject\"",
            "action in [Action::\"s3:PutObject\", Action::\"objects\"]",
        ],
    )?;
    let resource = pick(
        bytes,
        &["resource", "resource", "resource is Object", "resource is Bucket", "resource in Bucket::\"data\""],
    )?;
    let mut text = format!("@id(\"random\")\n{effect} ({principal}, {action}, {resource})");
    for _ in 0..bytes.int_in_range(0..=3)? {
        let word = pick(bytes, &["when", "unless"])?;
        text += &format!("\n{word} {{ {} }}", truth(bytes, 3)?);
    }
    Ok(text + ";\n")
}

/// An expression that is true or false.
fn truth(bytes: &mut Unstructured<'_>, depth: u8) -> Result<String> {
    if depth == 0 || bytes.ratio(1, 3)? {
        return leaf(bytes);
    }
    let next = |bytes: &mut Unstructured<'_>| truth(bytes, depth - 1);
    Ok(match bytes.int_in_range(0..=6_u8)? {
        0 | 1 => format!("({} && {})", next(bytes)?, next(bytes)?),
        2 | 3 => format!("({} || {})", next(bytes)?, next(bytes)?),
        4 => format!("!({})", next(bytes)?),
        5 => format!("(({}) == ({}))", next(bytes)?, next(bytes)?),
        _ => format!("(if {} then {} else {})", next(bytes)?, next(bytes)?, next(bytes)?),
    })
}

fn leaf(bytes: &mut Unstructured<'_>) -> Result<String> {
    match bytes.int_in_range(0..=4_u8)? {
        0 => caller(bytes),
        1 => action_or_resource(bytes),
        2 => declared(bytes),
        _ => key(bytes),
    }
}

fn caller(bytes: &mut Unstructured<'_>) -> Result<String> {
    let one = pick(
        bytes,
        &[
            "principal is Role",
            "principal is User",
            "principal is Root",
            "principal is FederatedUser",
            "principal is Service",
            "principal is Anonymous",
            "principal == Role::\"arn:aws:iam::123456789012:role/app\"",
            "principal != User::\"arn:aws:iam::123456789012:user/ann\"",
            "principal == Service::\"cloudfront.amazonaws.com\"",
            "principal in Account::\"123456789012\"",
            "principal in Account::\"999999999999\"",
            "principal in Organization::\"o-a1b2c3d4e5\"",
            "[Role::\"arn:aws:iam::123456789012:role/app\", Role::\"arn:aws:iam::999999999999:role/app\"].contains(principal)",
            "principal is Role && principal.arn like \"arn:aws:iam::*:role/app\"",
            "principal is User && principal.arn == \"arn:aws:iam::123456789012:user/path/bob\"",
            "principal is Role && principal.hasTag(\"team\")",
            "principal is Role && principal.hasTag(\"Team\") && principal.getTag(\"Team\") == \"blue\"",
            "principal is User && principal.hasTag(\"team\") && principal.getTag(\"team\") like \"[Bb]*\"",
            "principal is Role && principal.hasTag(\"team\") && [\"blue\", \"k\"].contains(principal.getTag(\"team\"))",
            "principal is Role && principal.hasTag(\"team\") && principal.getTag(\"team\") == \"\"",
        ],
    )?;
    Ok(one.to_owned())
}

fn action_or_resource(bytes: &mut Unstructured<'_>) -> Result<String> {
    let one = pick(
        bytes,
        &[
            "action == Action::\"s3:GetObject\"",
            "action != Action::\"s3:ListBucket\"",
            "action in Action::\"data-read\"",
            "action in [Action::\"data-write\", Action::\"s3:ListBucket\"]",
            "resource is Object",
            "resource is Bucket",
            "resource in Bucket::\"data\"",
            "resource in Bucket::\"other\"",
            "resource.name == \"data\"",
            "resource.name like \"d*a\"",
            "resource is Object && resource.key like \"home/*\"",
            "resource is Object && resource.key like \"*\\*\"",
            "resource is Object && resource.key == \"a/b\"",
            "resource is Object && [\"k\", \"K\"].contains(resource.key)",
            "resource is Object && resource has key",
            "context.route == \"direct\"",
            "context.route != \"mrap\"",
            "[\"mrap\", \"access-point\"].contains(context.route)",
            "true",
            "false",
        ],
    )?;
    Ok(one.to_owned())
}

/// What the owner declared of the bucket.
fn declared(bytes: &mut Unstructured<'_>) -> Result<String> {
    let one = pick(
        bytes,
        &[
            "principal in resource.exempt",
            "principal in resource.declared",
            "resource has deployer && principal in resource.deployer",
            "resource has account && principal in resource.account",
            "resource has organization && principal in resource.organization",
            "resource.acls",
            "resource has endpoints",
            "resource has endpoints && context.aws has SourceVpce && resource.endpoints.contains(context.aws.SourceVpce)",
            "context.s3 has DataAccessPointArn && resource.mraps.contains(context.s3.DataAccessPointArn)",
            "resource has minimumTls && context.s3 has TlsVersion && context.s3.TlsVersion.lessThan(resource.minimumTls)",
        ],
    )?;
    Ok(one.to_owned())
}

/// A test of a condition key, of any type.
fn key(bytes: &mut Unstructured<'_>) -> Result<String> {
    Ok(match bytes.int_in_range(0..=6_u8)? {
        0 => {
            let name = pick(bytes, &["SecureTransport", "ViaAWSService"])?;
            match bytes.int_in_range(0..=2_u8)? {
                0 => format!("context.aws.{name}"),
                1 => format!("!context.aws.{name}"),
                _ => format!("context.aws.{name} == {}", truth(bytes, 0)?),
            }
        }
        1 => {
            let texts: [(&str, &[&str]); 6] = [
                ("aws has SourceVpce && context.aws.SourceVpce", &["vpce-0a1b2c3d", "vpce-*", "*9"]),
                ("aws has PrincipalOrgID && context.aws.PrincipalOrgID", &["o-a1b2c3d4e5", "o-z*"]),
                ("s3 has prefix && context.s3.prefix", &["home/", "home/*", "", "a*b", "*"]),
                ("s3 has \"x-amz-acl\" && context.s3[\"x-amz-acl\"]", &["private", "public-*"]),
                (
                    "s3 has DataAccessPointAccount && context.s3.DataAccessPointAccount",
                    &["123456789012", "9*"],
                ),
                (
                    "s3 has DataAccessPointArn && context.s3.DataAccessPointArn",
                    &["arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap", "arn:aws:s3:eu-west-1:*"],
                ),
            ];
            let (of, values) = *bytes.choose(&texts)?;
            let value = pick(bytes, values)?;
            match bytes.int_in_range(0..=3_u8)? {
                0 => format!("context.{of} == \"{value}\""),
                1 => format!("context.{of} != \"{value}\""),
                2 => format!("context.{} && [\"{value}\", \"else\"].contains({})", guard(of), of_key(of)),
                _ => format!("context.{of} like \"{value}\""),
            }
        }
        2 => {
            let operator = pick(bytes, &["<", "<=", ">", ">=", "==", "!="])?;
            let of = pick(
                bytes,
                &[
                    "s3 has \"max-keys\" && context.s3[\"max-keys\"]",
                    "s3 has signatureAge && context.s3.signatureAge",
                ],
            )?;
            let number = pick(bytes, &["7", "8", "0", "1000", "-1"])?;
            format!("context.{of} {operator} {number}")
        }
        3 => {
            let call = pick(bytes, &["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"])?;
            let version = pick(bytes, &["1.2", "1.3", "1.25"])?;
            format!("context.s3 has TlsVersion && context.s3.TlsVersion.{call}(decimal(\"{version}\"))")
        }
        4 => {
            let network = pick(bytes, &["10.0.0.0/8", "203.0.113.9", "2001:db8::/47", "0.0.0.0/0"])?;
            let name = pick(bytes, &["SourceIp", "VpcSourceIp"])?;
            format!("context.aws has {name} && context.aws.{name}.isInRange(ip(\"{network}\"))")
        }
        5 => {
            let operator = pick(bytes, &["<", "<=", ">", ">=", "=="])?;
            let day = pick(bytes, &["2026-11-23", "2027-01-01", "2027-06-01T12:00:00Z"])?;
            format!("context.aws.CurrentTime {operator} datetime(\"{day}\")")
        }
        _ => {
            let call =
                pick(bytes, &["contains(\"team\")", "contains(\"\")", "containsAny([\"team\", \"owner\"])"])?;
            format!("context.s3 has RequestObjectTagKeys && context.s3.RequestObjectTagKeys.{call}")
        }
    })
}

/// `aws has K` of `aws has K && context.aws.K`.
fn guard(of: &str) -> &str {
    of.split(" && ").next().unwrap_or_default()
}

/// `context.aws.K` of `aws has K && context.aws.K`.
fn of_key(of: &str) -> &str {
    of.split(" && ").nth(1).unwrap_or_default()
}

/// A request on the bucket or an object of it, with its key, by a route; what the route says of access points is on it.
///
/// # Errors
/// None: see [`super::case`].
pub fn on_bucket(bytes: &mut Unstructured<'_>) -> Result<(Route, Request, Option<String>)> {
    let mut request = request(bytes)?;
    let key = request
        .resource
        .strip_prefix(BUCKET)
        .or_else(|| request.resource.strip_prefix(MRAP)?.strip_prefix("/object").or(Some("")))
        .and_then(|rest| rest.strip_prefix('/'))
        .map(str::to_owned);
    request.resource = match &key {
        Some(key) => format!("{BUCKET}/{key}"),
        None => BUCKET.to_owned(),
    };
    if let Some(Entry::Values(tags)) = request.context.get(&ConditionKey::new("aws:TagKeys")).cloned() {
        request.context.set("s3:RequestObjectTagKeys", Entry::Values(tags));
    }
    let own = [("s3:DataAccessPointArn", MRAP), ("s3:DataAccessPointAccount", ACCOUNT)];
    let side = [
        ("s3:DataAccessPointArn", "arn:aws:s3:eu-west-1:999999999999:accesspoint/side"),
        ("s3:DataAccessPointAccount", FOREIGN),
    ];
    let (route, keys) = match bytes.int_in_range(0..=2_u8)? {
        0 => (Route::Direct, None),
        1 => (Route::Mrap(0), Some(own)),
        _ => (Route::OtherAccessPoint, Some(side)),
    };
    for (name, _) in own {
        request.context.remove(&ConditionKey::new(name));
    }
    request.context.remove(&ConditionKey::new("s3:AccessPointNetworkOrigin"));
    for (name, value) in keys.into_iter().flatten() {
        request.context.set(name, Entry::Value(value.to_owned()));
    }
    if keys.is_some() {
        request.context.set("s3:AccessPointNetworkOrigin", Entry::Value("Internet".to_owned()));
    }
    Ok((route, request, key))
}
