//! Random questions about policies of which everything can be said in Cedar.
//!
//! Left out, since Cedar has nothing for it: `?`, case folding, ARNs matched field by field with a wildcard before the last
//! field, policy variables, lists of values in a request, single IPv6 addresses; and principals other than `*`, which the
//! keys about the caller stand for.

use arbitrary::{Result, Unstructured};
use narrows_prover::{KeyTest, Scope};
use narrows_tests::generate::{ACCOUNT, bytes};
use serde_json::{Map, Value, json};
use std::fmt;

/// A bucket policy, and what is asked of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The policy.
    pub policy: Value,
    /// The actions asked about.
    pub actions: Vec<&'static str>,
    /// Which requests are asked about: those in all parts.
    pub scope: Vec<&'static Part>,
}

/// A part of a scope, as either side has it.
pub struct Part {
    /// For the prover.
    pub scope: fn() -> Scope,
    /// For Cedar.
    pub cedar: &'static str,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.cedar)
    }
}

pub(super) const ROLE: &str = "arn:aws:iam::123456789012:role/app";

const PARTS: [Part; 11] = [
    Part {
        scope: || Scope::not(Scope::key_is("aws:SourceVpce", ["vpce-0a1b2c3d"])),
        cedar: r#"!(context has vpce && context.vpce == "vpce-0a1b2c3d")"#,
    },
    Part { scope: || Scope::key_absent("aws:SourceVpce"), cedar: "!(context has vpce)" },
    Part { scope: || Scope::key_is("aws:SecureTransport", ["false"]), cedar: "!context.secure" },
    Part { scope: || Scope::key_is("aws:ViaAWSService", ["false"]), cedar: "!context.forwarded" },
    Part {
        scope: || Scope::not(Scope::PrincipalArn(vec![ROLE.to_owned()])),
        cedar: r#"!(context has arn && context.arn == "arn:aws:iam::123456789012:role/app")"#,
    },
    Part {
        scope: || Scope::PrincipalArn(vec![ROLE.to_owned()]),
        cedar: r#"context has arn && context.arn == "arn:aws:iam::123456789012:role/app""#,
    },
    Part {
        scope: || Scope::PrincipalAccount(vec![ACCOUNT.to_owned()]),
        cedar: r#"context.kind == "iam" && context.account == "123456789012""#,
    },
    Part { scope: || Scope::Anonymous, cedar: r#"context.kind == "anonymous""# },
    Part { scope: || Scope::not(Scope::Anonymous), cedar: r#"context.kind != "anonymous""# },
    Part {
        scope: || Scope::Key(narrows_iam::ConditionKey::new("s3:TlsVersion"), KeyTest::Below(1_200_000_000)),
        cedar: "context has tls && context.tls < 12",
    },
    Part {
        scope: || Scope::not(Scope::key_is("aws:PrincipalOrgID", ["o-a1b2c3d4e5"])),
        cedar: r#"!(context has org && context.org == "o-a1b2c3d4e5")"#,
    },
];

/// The case of a seed.
///
/// # Panics
/// Never: the generator takes any bytes.
pub fn case(seed: u64) -> Case {
    build(&mut Unstructured::new(&bytes(seed, 1024))).expect("the generator takes any bytes")
}

fn build(bytes: &mut Unstructured<'_>) -> Result<Case> {
    let statements = (0..bytes.int_in_range(1..=5)?).map(|_| statement(bytes)).collect::<Result<Vec<_>>>()?;
    let mut actions = Vec::new();
    let mut scope: Vec<&Part> = Vec::new();
    for action in ["s3:GetObject", "s3:PutObject", "s3:ListBucket"] {
        if bytes.ratio(1, 2)? {
            actions.push(action);
        }
    }
    if actions.is_empty() {
        actions.push("s3:GetObject");
    }
    for _ in 0..bytes.int_in_range(0..=2)? {
        scope.push(bytes.choose(&PARTS)?);
    }
    Ok(Case { policy: json!({"Version": "2012-10-17", "Statement": statements}), actions, scope })
}

fn statement(bytes: &mut Unstructured<'_>) -> Result<Value> {
    const ACTIONS: [&str; 8] =
        ["s3:*", "s3:*", "*", "s3:GetObject", "S3:getobject", "s3:Get*", "s3:*Object", "s3:ListBucket"];
    const RESOURCES: [&str; 10] = [
        "*",
        "*",
        "arn:aws:s3:::data",
        "arn:aws:s3:::data/*",
        "arn:aws:s3:::data/*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::data/home/*",
        "arn:aws:s3:::*/x",
        "arn:aws:s3:::da*/home/*",
        "arn:aws:s3:::data/k",
    ];
    // A perimeter is made of Denies.
    let allow = bytes.ratio(1, 4)?;
    let negated = |bytes: &mut Unstructured<'_>, name: &str| -> Result<String> {
        Ok(format!("{}{name}", if bytes.ratio(1, 8)? { "Not" } else { "" }))
    };
    let mut statement = Map::new();
    statement.insert("Effect".to_owned(), if allow { "Allow" } else { "Deny" }.into());
    statement.insert("Principal".to_owned(), "*".into());
    let (action, resource) = (negated(bytes, "Action")?, negated(bytes, "Resource")?);
    statement.insert(action, list(bytes, &ACTIONS)?);
    statement.insert(resource, list(bytes, &RESOURCES)?);
    let mut conditions = Map::new();
    for _ in 0..*bytes.choose(&[0, 0, 1, 1, 1, 2])? {
        let (name, key, values) = condition(bytes)?;
        let block = conditions.entry(name).or_insert_with(|| json!({}));
        block[key] = values;
    }
    if !conditions.is_empty() {
        statement.insert("Condition".to_owned(), Value::Object(conditions));
    }
    Ok(Value::Object(statement))
}

fn condition(bytes: &mut Unstructured<'_>) -> Result<(String, &'static str, Value)> {
    const NULL: [&str; 5] =
        ["aws:SourceVpce", "aws:SourceIp", "s3:DataAccessPointArn", "aws:PrincipalArn", "s3:TlsVersion"];
    const BOOLEANS: [&str; 4] = [
        "aws:SecureTransport",
        "aws:ViaAWSService",
        "aws:MultiFactorAuthPresent",
        "aws:PrincipalIsAWSService",
    ];
    let if_exists = if bytes.ratio(1, 5)? { "IfExists" } else { "" };
    let one_of = |bytes: &mut Unstructured<'_>, names: &[&str]| -> Result<String> {
        Ok(format!("{}{if_exists}", bytes.choose(names)?))
    };
    Ok(match bytes.int_in_range(0..=15_u8)? {
        0 => ("Null".to_owned(), *bytes.choose(&NULL)?, json!(bytes.choose(&["true", "false"])?)),
        1 | 2 => {
            (format!("Bool{if_exists}"), *bytes.choose(&BOOLEANS)?, list(bytes, &["true", "false", "false"])?)
        }
        3 | 4 => {
            const NAMES: [&str; 6] = [
                "NumericLessThan",
                "NumericLessThan",
                "NumericLessThanEquals",
                "NumericGreaterThan",
                "NumericGreaterThanEquals",
                "NumericNotEquals",
            ];
            (one_of(bytes, &NAMES)?, "s3:TlsVersion", list(bytes, &["1.2", "1.3"])?)
        }
        5 => {
            const NAMES: [&str; 4] =
                ["DateLessThan", "DateGreaterThan", "DateEquals", "DateGreaterThanEquals"];
            let values = ["2027-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2030-06-30T12:00:00Z"];
            (one_of(bytes, &NAMES)?, "aws:CurrentTime", list(bytes, &values)?)
        }
        6 | 7 => {
            let values =
                ["10.0.0.0/8", "10.1.2.3", "203.0.113.0/24", "0.0.0.0/0", "128.0.0.0/1", "10.1.0.0/16"];
            (
                one_of(bytes, &["IpAddress", "NotIpAddress", "NotIpAddress"])?,
                "aws:SourceIp",
                list(bytes, &values)?,
            )
        }
        8 | 9 => {
            let key = *bytes.choose(&["aws:PrincipalArn", "aws:PrincipalArn", "s3:DataAccessPointArn"])?;
            let values = [ROLE, ROLE, "arn:aws:iam::123456789012:role/*", "arn:aws:iam::123456789012:*"];
            (
                one_of(bytes, &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"])?,
                key,
                list(bytes, &values)?,
            )
        }
        10 => {
            let values = ["123456789012", "999999999999", "anonymous"];
            let key =
                *bytes.choose(&["aws:PrincipalAccount", "aws:PrincipalAccount", "aws:ResourceAccount"])?;
            (one_of(bytes, &["StringEquals", "StringNotEquals"])?, key, list(bytes, &values)?)
        }
        _ => {
            let (key, values): (_, &[&str]) = *bytes.choose(&[
                ("aws:SourceVpce", &["vpce-0a1b2c3d", "vpce-0a1b2c3d", "vpce-0a*", "vpce-99999999"][..]),
                ("aws:SourceVpce", &["vpce-0a1b2c3d", "vpce-0a1b2c3d", "vpce-0a*", "vpce-99999999"]),
                ("aws:PrincipalOrgID", &["o-a1b2c3d4e5", "o-a1*", "*"]),
                ("aws:PrincipalTag/team", &["blue", "b*", "*e", "", "*"]),
                ("s3:prefix", &["home/", "home/*", "*x*", ""]),
                ("aws:PrincipalArn", &[ROLE, "arn:aws:iam::123456789012:role/*", "*"]),
            ])?;
            let name = *bytes.choose(&["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"])?;
            let name = match bytes.int_in_range(0..=9_u8)? {
                0 => format!("ForAllValues:{name}{if_exists}"),
                // With IfExists it is open what this is on an absent key.
                1 => format!("ForAnyValue:{name}"),
                _ => format!("{name}{if_exists}"),
            };
            (name, key, list(bytes, values)?)
        }
    })
}

fn list(bytes: &mut Unstructured<'_>, pool: &[&str]) -> Result<Value> {
    if bytes.ratio(2, 3)? {
        return Ok(json!(bytes.choose(pool)?));
    }
    (0..2).map(|_| Ok(json!(bytes.choose(pool)?))).collect::<Result<Vec<_>>>().map(Value::Array)
}
