//! Random documents. Every one of them is valid.

use super::{one_or_list, pick};
use arbitrary::{Result, Unstructured};
use narrows_iam::Operator;
use serde_json::{Map, Value, json};

/// What a document is attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A resource's policy: any principals.
    Resource,
    /// A policy of an identity, a boundary, a session or a service control policy: no principals.
    Identity,
    /// A resource control policy: Denies for everyone.
    Control,
}

/// How much of the language a document uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taste {
    /// All of it.
    Everything,
    /// Without what simple evaluators know little of: policy variables, ARN operators, set operators other than on texts,
    /// principals other than roles, users and services, incomplete ARNs.
    Plain,
}

/// A document of one to three statements.
///
/// # Errors
/// None: see [`super::case`].
pub fn document(bytes: &mut Unstructured<'_>, kind: Kind, taste: Taste) -> Result<Value> {
    let version = match bytes.int_in_range(0..=15_u8)? {
        0 => Some("2008-10-17"),
        1 if taste == Taste::Everything => None,
        _ => Some("2012-10-17"),
    };
    let mut document = Map::new();
    if let Some(version) = version {
        document.insert("Version".to_owned(), version.into());
    }
    let count = bytes.int_in_range(1..=3)?;
    let statements: Vec<Value> = (0..count).map(|_| statement(bytes, kind, taste)).collect::<Result<_>>()?;
    let alone = statements.len() == 1 && bytes.ratio(1, 3)?;
    let statements =
        if alone { statements.into_iter().next().unwrap_or_default() } else { Value::Array(statements) };
    document.insert("Statement".to_owned(), statements);
    Ok(Value::Object(document))
}

fn statement(bytes: &mut Unstructured<'_>, kind: Kind, taste: Taste) -> Result<Value> {
    let allow = kind != Kind::Control && bytes.ratio(3, 5)?;
    let mut statement = Map::new();
    let mut put = |name: &str, value: Value| statement.insert(name.to_owned(), value);
    put("Effect", if allow { "Allow" } else { "Deny" }.into());
    match kind {
        Kind::Resource => {
            let negated = !allow && bytes.ratio(1, 6)?;
            let principal = principal(bytes, taste)?;
            put(if negated { "NotPrincipal" } else { "Principal" }, principal);
        }
        Kind::Control => {
            put("Principal", "*".into());
        }
        Kind::Identity => {}
    }
    let not = |bytes: &mut Unstructured<'_>, name: &str| -> Result<String> {
        Ok(format!("{}{name}", if bytes.ratio(1, 6)? { "Not" } else { "" }))
    };
    // Half of the statements are about everything, so that the rest of them decides.
    let (broad_action, broad_resource) = (bytes.ratio(2, 5)?, bytes.ratio(2, 5)?);
    let name = not(bytes, "Action")?;
    let value = one_or_list(bytes, if broad_action { &BROAD_ACTIONS } else { &ACTIONS }, 3, taste)?;
    put(&name, value);
    let name = not(bytes, "Resource")?;
    let value = one_or_list(bytes, if broad_resource { &BROAD_RESOURCES } else { &RESOURCES }, 3, taste)?;
    put(&name, value);
    let conditions = conditions(bytes, taste)?;
    if !conditions.is_empty() {
        put("Condition", Value::Object(conditions));
    }
    Ok(Value::Object(statement))
}

const BROAD_ACTIONS: [&str; 2] = ["s3:*", "*"];

const ACTIONS: [&str; 12] = [
    "s3:GetObject",
    "S3:getobject",
    "s3:Get*",
    "s3:?etObject",
    "s3:GetObject*",
    "s3:PutObject",
    "s3:*Object",
    "s3:ListBucket",
    "s3:List*",
    "s3:Get?bject",
    "s3:GetObjectT*",
    "kms:Decrypt",
];

const BROAD_RESOURCES: [&str; 2] = ["*", "arn:aws:s3:::*"];

const RESOURCES: [&str; 24] = [
    "arn:aws:s3:::data",
    "arn:aws:s3:::data/*",
    "arn:aws:s3:::data/k",
    "arn:aws:s3:::data*",
    "arn:aws:s3:::data/?",
    "arn:aws:s3:::*/home/?ob/x",
    "arn:aws:s3:::data/home/*/x",
    "arn:aws:s3:::*/x",
    "arn:aws:s3:::DATA/*",
    "arn:aws:s3:::data/K",
    "arn:aws:s3:::data/home/${aws:username}/*",
    "arn:aws:s3:::data/home/${aws:username, 'bob'}/x",
    "arn:aws:s3:::data/${aws:PrincipalTag/team, 'k'}",
    "arn:aws:s3:::data/${aws:PrincipalAccount}/*",
    "arn:aws:s3:::data/${*}",
    "arn:aws:s3:::data/a${?}b${$}c",
    "arn:*:s3:::?ata/k",
    "arn:aws:s3:::other/*",
    "arn:aws:s3",
    "arn:aws:s3:*:data/k",
    "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
    "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/object/*",
    "arn:aws:s3::*:accesspoint/*/object/k",
    "arn:aws:s3::1234567890??:accesspoint/mfzwi23gnjvgw.mrap*",
];

fn principal(bytes: &mut Unstructured<'_>, taste: Taste) -> Result<Value> {
    const AWS: [&str; 14] = [
        "*",
        "123456789012",
        "arn:aws:iam::123456789012:root",
        "arn:aws:iam::999999999999:root",
        "arn:aws:iam::123456789012:role/app",
        "arn:aws:iam::123456789012:role/app",
        "arn:aws:iam::123456789012:role/path/deep",
        "arn:aws:iam::123456789012:role/deep",
        "arn:aws:iam::999999999999:role/app",
        "arn:aws:iam::123456789012:user/path/bob",
        "arn:aws:iam::123456789012:user/ann",
        "arn:aws:sts::123456789012:assumed-role/app/one",
        "arn:aws:sts::123456789012:federated-user/ann",
        "AROAEXAMPLEEXAMPLEID1",
    ];
    const IDENTITIES: [&str; 5] = [
        "*",
        "arn:aws:iam::123456789012:role/app",
        "arn:aws:iam::123456789012:role/path/deep",
        "arn:aws:iam::999999999999:role/app",
        "arn:aws:iam::123456789012:user/ann",
    ];
    const SERVICES: [&str; 2] = ["logging.s3.amazonaws.com", "cloudfront.amazonaws.com"];
    const FEDERATED: [&str; 2] = ["accounts.google.com", "arn:aws:iam::123456789012:saml-provider/x"];
    if bytes.ratio(2, 5)? {
        return Ok("*".into());
    }
    let mut groups = Map::new();
    let which = match bytes.int_in_range(0..=15_u8)? {
        10 | 11 | 13 | 15 if taste == Taste::Plain => 0,
        which => which,
    };
    let aws: &[&str] = if taste == Taste::Plain { &IDENTITIES } else { &AWS };
    if which < 12 {
        groups.insert("AWS".to_owned(), one_or_list(bytes, aws, 3, taste)?);
    }
    if which >= 10 && which != 15 {
        groups.insert("Service".to_owned(), one_or_list(bytes, &SERVICES, 2, taste)?);
    }
    if which == 15 {
        groups.insert("Federated".to_owned(), one_or_list(bytes, &FEDERATED, 2, taste)?);
    }
    if which == 13 {
        groups.insert("CanonicalUser".to_owned(), "0123456789abcdef".repeat(4).into());
    }
    Ok(Value::Object(groups))
}

fn conditions(bytes: &mut Unstructured<'_>, taste: Taste) -> Result<Map<String, Value>> {
    let mut conditions = Map::new();
    let count = *bytes.choose(&[0, 0, 1, 1, 1, 2, 3])?;
    for _ in 0..count {
        let name = match *bytes.choose(&NAMES)? {
            name if taste == Taste::Plain && name.contains("Arn") => "StringLike",
            name => name,
        };
        let text = name.contains("String");
        let (start, end) = match (name, bytes.int_in_range(0..=9_u8)?) {
            (_, 7..) if taste == Taste::Plain && !text => ("", ""),
            (_, 9) if taste == Taste::Plain => ("ForAnyValue:", ""),
            ("Null", _) | (_, 0..=4) => ("", ""),
            (_, 5 | 6) => ("", "IfExists"),
            (_, 7) => ("ForAllValues:", ""),
            (_, 8) => ("ForAnyValue:", ""),
            _ => (if bytes.ratio(1, 2)? { "ForAllValues:" } else { "ForAnyValue:" }, "IfExists"),
        };
        let mut keys = Map::new();
        for _ in 0..*bytes.choose(&[1, 1, 1, 2])? {
            let key = pick(bytes, keys_of(name))?;
            // Names are compared in any case, and one given twice is an error.
            if !keys.keys().any(|known: &String| known.eq_ignore_ascii_case(key)) {
                keys.insert(key.to_owned(), values(bytes, name, key, taste)?);
            }
        }
        conditions.insert(format!("{start}{name}{end}"), Value::Object(keys));
    }
    debug_assert!(conditions.keys().all(|name| Operator::from_name(name).is_some()), "{conditions:?}");
    Ok(conditions)
}

/// Every operator without quantifier and `IfExists`; those that policies have most, several times.
const NAMES: [&str; 37] = [
    "StringEquals",
    "StringEquals",
    "StringEquals",
    "StringNotEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringLike",
    "StringNotLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnEquals",
    "ArnNotEquals",
    "ArnNotEquals",
    "ArnLike",
    "ArnNotLike",
    "Null",
    "Null",
];

fn keys_of(operator: &str) -> &'static [&'static str] {
    let is = |part: &str| operator.contains(part);
    if is("Null") {
        &[
            "s3:DataAccessPointArn",
            "aws:SourceIp",
            "aws:PrincipalServiceName",
            "s3:prefix",
            "s3:TlsVersion",
            "aws:username",
            "aws:TagKeys",
            "aws:SourceVpce",
            "aws:PrincipalTag/team",
        ]
    } else if is("Bool") {
        &[
            "aws:SecureTransport",
            "aws:PrincipalIsAWSService",
            "aws:ViaAWSService",
            "aws:MultiFactorAuthPresent",
        ]
    } else if is("Numeric") {
        &["s3:TlsVersion", "s3:max-keys", "s3:signatureAge"]
    } else if is("Date") {
        &["aws:CurrentTime", "s3:object-lock-retain-until-date", "aws:EpochTime"]
    } else if is("Binary") {
        &["aws:x"]
    } else if is("Ip") {
        &["aws:SourceIp", "AWS:SourceIP", "aws:VpcSourceIp"]
    } else if is("Arn") {
        &["s3:DataAccessPointArn", "s3:dataaccesspointarn", "aws:PrincipalArn", "aws:SourceArn"]
    } else {
        &[
            "s3:DataAccessPointArn",
            "s3:DataAccessPointAccount",
            "s3:AccessPointNetworkOrigin",
            "aws:PrincipalArn",
            "aws:PrincipalAccount",
            "aws:PrincipalType",
            "aws:PrincipalServiceName",
            "aws:username",
            "aws:PrincipalOrgID",
            "aws:SourceVpce",
            "s3:prefix",
            "s3:prefix",
            "aws:PrincipalTag/team",
            "AWS:PrincipalTag/Team",
            "aws:TagKeys",
            "aws:TagKeys",
            "s3:x-amz-acl",
            "aws:userid",
        ]
    }
}

fn values(bytes: &mut Unstructured<'_>, operator: &str, key: &str, taste: Taste) -> Result<Value> {
    let is = |part: &str| operator.contains(part);
    if is("Null") || is("Bool") {
        // Mostly text, as AWS prints it; now and then JSON's own.
        return Ok(match bytes.int_in_range(0..=7_u8)? {
            0 => json!(true),
            1 => json!(false),
            2 => json!(["true", "false"]),
            3 | 4 => json!("true"),
            _ => json!("false"),
        });
    }
    if is("Numeric") {
        return if bytes.ratio(1, 5)? {
            Ok(bytes.choose(&[json!(1.2), json!(7), json!(0), json!(1000)])?.clone())
        } else {
            one_or_list(bytes, &["1.2", "1.3", "7", "-3", "1000", "0", "1.20"], 3, taste)
        };
    }
    let pool: &[&str] = if is("Date") {
        match key {
            "aws:EpochTime" => &["1795392000", "1798761600", "1700000000"],
            _ => &[
                "2027-01-01T00:00:00Z",
                "2026-12-31T23:59:59Z",
                "2026-11-23T01:00:00+01:00",
                "1798761600",
                "2027-01-01",
            ],
        }
    } else if is("Binary") {
        &["TWFu", "TQ==", "QUJD"]
    } else if is("Ip") {
        &[
            "10.0.0.0/8",
            "10.0.0.0/8",
            "10.1.2.3",
            "10.1.2.3/32",
            "2001:db8::/32",
            "203.0.113.0/24",
            "0.0.0.0/0",
            "192.0.2.0/31",
            "2001:db8:1::/48",
            "2001:db8::1",
            "128.0.0.0/1",
        ]
    } else if is("Arn") {
        &[
            "*",
            "arn:aws:iam::*:role/*",
            "arn:aws:iam::123456789012:role/app",
            "arn:aws:iam::123456789012:*",
            "arn:aws:iam::12345678901?:user/*",
            "arn:*:iam::*:*/app",
            "arn:aws:s3:::data",
            "arn:aws:s3:::*",
            "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
            "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
            "arn:aws:s3:*:123456789012:accesspoint/*",
            "arn:aws:s3:*",
            "arn:aws:iam::123456789012:user/path/${aws:username}",
            "arn:aws:s3::${aws:PrincipalAccount}:accesspoint/mfzwi23gnjvgw.mrap",
        ]
    } else {
        &[
            "home/",
            "home/*",
            "home/bob/x",
            "HOME/",
            "*",
            "a?",
            "a*b",
            "",
            "blue",
            "Blue",
            "owner",
            "cost-centre",
            "home/${aws:username}/*",
            "${aws:username, 'nobody'}",
            "${aws:PrincipalTag/team}",
            "${$}{x",
            "a${*}b",
            "123456789012",
            "anonymous",
            "Internet",
            "VPC",
            "AssumedRole",
            "User",
            "vpce-0a1b2c3d",
            "vpce-*",
            "o-a1b2c3d4e5",
            "public-read",
            "bob",
            "ann",
            "arn:aws:iam::123456789012:role/app",
            "arn:aws:iam::123456789012:role/*",
            "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
            "arn:aws:s3:*:123456789012:accesspoint/*",
            "logging.s3.amazonaws.com",
        ]
    };
    one_or_list(bytes, pool, 3, taste)
}
