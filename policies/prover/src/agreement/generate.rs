//! Random policies as text, and random requests.

use narrows_iam::Principal;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::collections::BTreeMap;

pub(super) const ACCOUNT: &str = "123456789012";
pub(super) const MRAP: &str = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";
pub(super) const BUCKET: &str = "arn:aws:s3:::data";

/// A policy document of one to three statements.
pub(super) fn document(principals: bool) -> impl Strategy<Value = String> {
    let version = prop_oneof![4 => Just("2012-10-17"), 1 => Just("2008-10-17")];
    (version, vec(statement(principals), 1..4)).prop_map(|(version, statements)| {
        format!(r#"{{"Version": "{version}", "Statement": [{}]}}"#, statements.join(",\n"))
    })
}

fn statement(principals: bool) -> impl Strategy<Value = String> {
    let negated = || prop::bool::weighted(0.2);
    let parts = (prop::bool::weighted(0.4), principal(), negated(), negated(), negated());
    let patterns = (list(&ACTIONS, 3), list(&RESOURCES, 3), conditions());
    (parts, patterns).prop_map(
        move |(
            (allow, principal, not_principal, not_action, not_resource),
            (action, resource, conditions),
        )| {
            let effect = if allow { "Allow" } else { "Deny" };
            let not = |negated: bool, name: &str| format!("{}{name}", if negated { "Not" } else { "" });
            let who = if principals {
                format!(r#""{}": {principal}, "#, not(not_principal && !allow, "Principal"))
            } else {
                String::new()
            };
            format!(
                r#"{{"Effect": "{effect}", {who}"{}": {action}, "{}": {resource}{conditions}}}"#,
                not(not_action, "Action"),
                not(not_resource, "Resource"),
            )
        },
    )
}

const ACTIONS: [&str; 8] =
    ["*", "s3:*", "s3:GetObject", "S3:getobject", "s3:Get*", "s3:?etObject", "s3:ListBucket", "s3:*Object"];

const RESOURCES: [&str; 20] = [
    "arn:aws:s3:::data/home/${aws:username}/?",
    "arn:aws:s3:::data/${aws:PrincipalTag/t}/b",
    "arn:aws:s3:::${s3:prefix, 'data'}*",
    "arn:aws:s3:::*/${aws:PrincipalTag/t}*/${aws:username}*",
    "*",
    "arn:aws:s3:::data",
    "arn:aws:s3:::data/*",
    "arn:aws:s3:::data/*",
    "arn:aws:s3:::data/k",
    "arn:aws:s3:::data*",
    "arn:aws:s3:::*/home/?/x",
    "arn:aws:s3:::data/home/${aws:username}/*",
    "arn:aws:s3:::data/${aws:username, 'k'}",
    "arn:aws:s3:::data/${*}",
    "arn:*:s3:::?ata/k",
    "arn:aws:s3:*:data/k",
    "arn:aws:s3",
    "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
    "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/object/*",
    "arn:aws:s3::*:accesspoint/*/object/k",
];

fn principal() -> impl Strategy<Value = String> {
    let aws = [
        "*",
        "123456789012",
        "arn:aws:iam::123456789012:root",
        "arn:aws:iam::999999999999:root",
        "arn:aws:iam::123456789012:role/app",
        "arn:aws:iam::123456789012:role/path/app",
        "arn:aws:iam::123456789012:user/path/bob",
        "arn:aws:sts::123456789012:assumed-role/app/one",
        "arn:aws:sts::123456789012:federated-user/bob",
        "AROAEXAMPLEEXAMPLEID1",
    ];
    let service = ["s3.amazonaws.com", "logging.s3.amazonaws.com"];
    let federated = ["accounts.google.com", "arn:aws:iam::123456789012:saml-provider/x"];
    let groups =
        (list(&aws, 3), list(&service, 2), list(&federated, 2)).prop_flat_map(|(aws, service, federated)| {
            let canonical = format!("\"{}\"", "0123456789abcdef".repeat(4));
            let groups = vec![
                format!("\"AWS\": {aws}"),
                format!("\"Service\": {service}"),
                format!("\"Federated\": {federated}"),
                format!("\"CanonicalUser\": {canonical}"),
            ];
            subsequence(groups, 1..=4).prop_map(|groups| format!("{{{}}}", groups.join(", ")))
        });
    prop_oneof![3 => Just("\"*\"".to_owned()), 4 => groups]
}

/// `, "Condition": {…}` with up to three operators.
fn conditions() -> impl Strategy<Value = String> {
    let one = (select(operators()), any::<prop::sample::Index>());
    vec(one, 0..4).prop_flat_map(|chosen| {
        let conditions: BTreeMap<String, &'static str> = chosen
            .into_iter()
            .map(|(operator, key)| {
                let keys = keys_for(&operator);
                (operator, keys[key.index(keys.len())])
            })
            .collect();
        let each: Vec<_> = conditions
            .into_iter()
            .map(|(operator, key)| {
                values_for(&operator)
                    .prop_map(move |values| format!(r#""{operator}": {{"{key}": {values}}}"#))
                    .boxed()
            })
            .collect();
        each.prop_map(|each| match each.is_empty() {
            true => String::new(),
            false => format!(r#", "Condition": {{{}}}"#, each.join(", ")),
        })
    })
}

fn operators() -> Vec<String> {
    let variants = |name: &'static str| {
        let starts = ["", "", "ForAllValues:", "ForAnyValue:"];
        starts.into_iter().flat_map(move |start| ["", "IfExists"].map(|end| format!("{start}{name}{end}")))
    };
    narrows_iam::Operator::names()
        .flat_map(|name| if name == "Null" { vec![name.to_owned(); 6] } else { variants(name).collect() })
        .collect()
}

/// Conditions with policy variables and derived keys that the lowering decides wherever the evaluator does.
const DECIDED: [(&str, &str); 21] = [
    ("StringEqualsIgnoreCase", r#"{"s3:max-keys": ["7", "9"]}"#),
    ("NumericLessThan", r#"{"s3:max-keys": "8"}"#),
    ("NumericGreaterThanEqualsIfExists", r#"{"aws:PrincipalTag/t": ["7", "2"]}"#),
    ("DateLessThan", r#"{"aws:PrincipalTag/t": "2027-06-01"}"#),
    ("NotIpAddress", r#"{"aws:PrincipalTag/t": "10.0.0.0/8"}"#),
    ("ForAllValues:StringNotLike", r#"{"aws:SourceIp": ["10.*", "2001:*"]}"#),
    ("StringNotLikeIfExists", r#"{"aws:CurrentTime": "2026-*", "aws:EpochTime": "17*"}"#),
    ("StringEquals", r#"{"s3:prefix": "${aws:PrincipalTag/t}"}"#),
    ("StringNotEquals", r#"{"aws:PrincipalTag/t": "${s3:prefix, 'a'}"}"#),
    ("StringLike", r#"{"aws:ResourceAccount": "${aws:PrincipalAccount}"}"#),
    ("StringEquals", r#"{"aws:ResourceAccount": "${aws:PrincipalAccount}"}"#),
    ("StringNotEquals", r#"{"aws:ResourceAccount": "${aws:PrincipalAccount}"}"#),
    ("StringEquals", r#"{"s3:DataAccessPointAccount": "${aws:PrincipalAccount}"}"#),
    ("StringNotEqualsIfExists", r#"{"s3:ResourceAccount": ["1${aws:PrincipalTag/t}", "${s3:prefix}"]}"#),
    ("ForAnyValue:StringEquals", r#"{"aws:TagKeys": ["k/${aws:username}", "a"]}"#),
    ("ForAllValues:StringLike", r#"{"aws:TagKeys": ["k/${aws:username}", "a*"]}"#),
    ("StringEquals", r#"{"aws:username": ["bob", "eve"]}"#),
    ("StringNotLike", r#"{"aws:username": "b?*"}"#),
    ("StringLike", r#"{"aws:username": ["*/*", "*v*"]}"#),
    ("StringLike", r#"{"aws:userid": "1234*"}"#),
    ("ArnLike", r#"{"aws:SourceArn": "arn:aws:iam::${aws:PrincipalAccount}:role/*"}"#),
];

/// Resources with variables that the lowering decides wherever the evaluator does.
const DECIDED_RESOURCES: [&str; 5] = [
    "*",
    "*",
    "arn:aws:s3:::data/home/${aws:username}/*",
    "arn:aws:s3:::data/${aws:ResourceAccount}/b",
    "arn:aws:s3:::data/${aws:PrincipalType, 'a'}*",
];

/// A document of one statement that the lowering decides wherever the evaluator does.
pub(super) fn decided() -> impl Strategy<Value = String> {
    let sets = ["ForAllValues:", "ForAnyValue:"];
    let texts = ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"];
    let operators: Vec<String> = sets
        .iter()
        .flat_map(|set| {
            texts.iter().flat_map(move |text| ["", "IfExists"].map(|end| format!("{set}{text}{end}")))
        })
        .collect();
    let keys = vec!["aws:TagKeys", "aws:CalledVia", "s3:RequestObjectTagKeys", "s3:prefix"];
    let lists = (select(operators), select(keys), list(&["a", "A", "", "*", "a?", "k/*", "ab"], 3))
        .prop_map(|(operator, key, values)| (operator, format!(r#"{{"{key}": {values}}}"#)));
    let null = (select(vec!["aws:TagKeys", "aws:CalledVia"]), list(&["true", "false"], 1))
        .prop_map(|(key, values)| ("Null".to_owned(), format!(r#"{{"{key}": {values}}}"#)));
    let fixed =
        select(DECIDED.to_vec()).prop_map(|(operator, block)| (operator.to_owned(), block.to_owned()));
    let conditions = vec(prop_oneof![4 => lists, 1 => null, 4 => fixed], 1..4);
    (conditions, select(DECIDED_RESOURCES.to_vec()), prop::bool::weighted(0.2)).prop_map(
        |(conditions, resource, not)| {
            let conditions: BTreeMap<String, String> = conditions.into_iter().collect();
            let each: Vec<String> =
                conditions.iter().map(|(operator, block)| format!(r#""{operator}": {block}"#)).collect();
            let not = if not { "Not" } else { "" };
            format!(
                r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Deny", "Action": "*", "{not}Resource": "{resource}",
                    "Condition": {{{}}}}}}}"#,
                each.join(", ")
            )
        },
    )
}

/// Keys that an operator is used with, one of another type among them.
fn keys_for(operator: &str) -> Vec<&'static str> {
    let is = |part: &str| operator.contains(part);
    if is("Null") {
        return vec![
            "s3:DataAccessPointArn",
            "aws:SourceIp",
            "aws:PrincipalArn",
            "aws:PrincipalServiceName",
            "s3:prefix",
            "s3:TlsVersion",
            "aws:username",
            "aws:TagKeys",
            "aws:CalledVia",
            "aws:PrincipalServiceNamesList",
        ];
    }
    if is("Bool") {
        return vec![
            "aws:SecureTransport",
            "aws:PrincipalIsAWSService",
            "aws:ViaAWSService",
            "aws:MultiFactorAuthPresent",
            "s3:prefix",
        ];
    }
    if is("Numeric") {
        return vec![
            "s3:TlsVersion",
            "s3:max-keys",
            "aws:EpochTime",
            "aws:CurrentTime",
            "aws:PrincipalTag/t",
            "aws:ResourceAccount",
            "aws:username",
        ];
    }
    if is("Date") {
        return vec![
            "aws:CurrentTime",
            "s3:object-lock-retain-until-date",
            "aws:EpochTime",
            "s3:max-keys",
            "aws:PrincipalTag/t",
        ];
    }
    if is("Binary") {
        return vec!["aws:x", "aws:PrincipalTag/t", "s3:max-keys", "aws:PrincipalAccount"];
    }
    if is("Ip") {
        return vec!["aws:SourceIp", "aws:SourceIp", "aws:VpcSourceIp", "aws:PrincipalTag/t", "s3:max-keys"];
    }
    if is("Arn") {
        return vec!["s3:DataAccessPointArn", "s3:DataAccessPointArn", "aws:PrincipalArn", "aws:SourceArn"];
    }
    vec![
        "s3:DataAccessPointArn",
        "s3:DataAccessPointAccount",
        "s3:AccessPointNetworkOrigin",
        "aws:PrincipalArn",
        "aws:PrincipalAccount",
        "aws:PrincipalType",
        "aws:PrincipalServiceName",
        "aws:username",
        "aws:userid",
        "aws:ResourceAccount",
        "aws:SourceVpce",
        "s3:prefix",
        "aws:PrincipalTag/t",
        "aws:TagKeys",
        "aws:TagKeys",
        "aws:CalledVia",
        "s3:RequestObjectTagKeys",
        "aws:PrincipalServiceNamesList",
        "aws:SourceIp",
        "aws:CurrentTime",
        "aws:EpochTime",
        "s3:max-keys",
    ]
}

fn values_for(operator: &str) -> BoxedStrategy<String> {
    let is = |part: &str| operator.contains(part);
    let pool: &'static [&'static str] = if is("Null") || is("Bool") {
        &["true", "false", "TRUE"]
    } else if is("Numeric") {
        &["1.2", "7", "-3", "1.3", "1795392000"]
    } else if is("Date") {
        &["2027-01-01", "2026-12-31T23:59:59Z", "1795392000"]
    } else if is("Binary") {
        &["TWFu", "TQ=="]
    } else if is("Ip") {
        &["10.0.0.0/8", "10.1.2.3", "2001:db8::/32", "203.0.113.0/24"]
    } else if is("Arn") {
        &[
            "*",
            "arn:aws:iam",
            "arn:aws:iam::123456789012:role/app",
            "arn:aws:iam::*:role/*",
            "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
            "arn:aws:s3:*:123456789012:accesspoint/*",
            "arn:aws:iam::123456789012:user/path/${aws:username}",
            "arn:aws:s3::${aws:PrincipalAccount}:accesspoint/mfzwi23gnjvgw.mrap",
        ]
    } else {
        &[
            "a",
            "A",
            "",
            "*",
            "a?",
            "k/${aws:username}",
            "${aws:username, 'nobody'}",
            "${aws:PrincipalTag/t}",
            "${aws:PrincipalTag/t, 'a*'}",
            "${s3:prefix}",
            "${aws:PrincipalAccount}",
            "?${aws:PrincipalTag/t}*",
            "${aws:PrincipalType}",
            "${s3:DataAccessPointArn}",
            "${aws:userid}",
            "${aws:SourceIp}",
            "${aws:EpochTime}",
            "10.*",
            "10.1.2.3",
            "7",
            "1795392000",
            "2026-11-*",
            "${$}{x",
            "123456789012",
            "anonymous",
            "Internet",
            "AssumedRole",
            "Anonymous",
            "vpce-0a1b2c3d",
            "arn:aws:iam::123456789012:role/app",
            "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
            "arn:aws:s3:*:123456789012:accesspoint/*",
            "logging.s3.amazonaws.com",
        ]
    };
    list(pool, 3).boxed()
}

/// One of them as JSON, or a list of up to `most`.
fn list(pool: &[&'static str], most: usize) -> impl Strategy<Value = String> + use<> {
    let one = select(pool.to_vec()).prop_map(|text| format!("{text:?}"));
    prop_oneof![one.clone(), vec(one, 1..=most).prop_map(|all| format!("[{}]", all.join(", ")))]
}

/// How a request comes to the bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Direct,
    Mrap,
    Other { arn: String, origin: &'static str },
}

/// What a request is made of; `keys` are those that neither the caller nor the way decides.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    pub principal: Principal,
    pub action: &'static str,
    pub key: &'static str,
    pub way: Way,
    pub keys: BTreeMap<&'static str, String>,
    /// Values of keys that hold several.
    pub lists: BTreeMap<&'static str, Vec<String>>,
}

pub(super) fn parts() -> impl Strategy<Value = Parts> {
    let way = select(vec![
        Way::Direct,
        Way::Direct,
        Way::Mrap,
        Way::Mrap,
        other("arn:aws:s3:eu-west-1:123456789012:accesspoint/side", "VPC"),
        other("arn:aws:s3:eu-west-1:999999999999:accesspoint/side", "Internet"),
        other("arn:aws:s3::123456789012:accesspoint/mother.mrap", "Internet"),
    ]);
    let action = select(vec!["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:GetObjectTagging"]);
    let key = select(vec!["k", "home/b/x", "home/bob/x", "a/b"]);
    (select(principals()), action, key, way, keys(), lists()).prop_map(
        |(principal, action, key, way, keys, lists)| Parts { principal, action, key, way, keys, lists },
    )
}

fn other(arn: &str, origin: &'static str) -> Way {
    Way::Other { arn: arn.to_owned(), origin }
}

fn principals() -> Vec<Principal> {
    let role =
        |arn: &str, session: &str| Principal::Role { arn: arn.to_owned(), session: session.to_owned() };
    vec![
        Principal::Anonymous,
        Principal::Service("logging.s3.amazonaws.com".to_owned()),
        Principal::Service("cloudfront.amazonaws.com".to_owned()),
        Principal::Root { partition: "aws".to_owned(), account: ACCOUNT.parse().unwrap() },
        Principal::Root { partition: "aws".to_owned(), account: "999999999999".parse().unwrap() },
        Principal::User { arn: "arn:aws:iam::123456789012:user/path/bob".to_owned() },
        Principal::User { arn: "arn:aws:iam::999999999999:user/eve".to_owned() },
        role("arn:aws:iam::123456789012:role/app", "one"),
        role("arn:aws:iam::123456789012:role/path/app", "one"),
        role("arn:aws:iam::123456789012:role/app", "two"),
        role("arn:aws:iam::123456789012:role/else", "one"),
        role("arn:aws:iam::999999999999:role/app", "one"),
        Principal::FederatedUser { arn: "arn:aws:sts::123456789012:federated-user/bob".to_owned() },
    ]
}

/// Values of condition keys that hold several, empty lists and empty values among them.
fn lists() -> impl Strategy<Value = BTreeMap<&'static str, Vec<String>>> {
    let list = || {
        let texts = vec!["a", "A", "ab", "", "k/bob", "*"];
        prop::option::of(
            subsequence(texts, 0..4).prop_map(|texts| texts.into_iter().map(str::to_owned).collect()),
        )
    };
    (list(), list(), list()).prop_map(|(tags, via, objects)| {
        let all = [("aws:TagKeys", tags), ("aws:CalledVia", via), ("s3:RequestObjectTagKeys", objects)];
        all.into_iter().filter_map(|(key, list)| Some((key, list?))).collect()
    })
}

/// Values of condition keys, of the type that each key has; two keys are always there.
fn keys() -> impl Strategy<Value = BTreeMap<&'static str, String>> {
    let pools: Vec<(&'static str, &[&'static str])> = vec![
        ("aws:MultiFactorAuthPresent", &["true", "false"]),
        ("aws:PrincipalTag/t", &["a", "A", "", "b*", "7", "1.25", "2027-01-01", "10.1.2.3", "TQ=="]),
        ("aws:SourceArn", &["arn:aws:iam::123456789012:role/app", "arn:aws:s3:::data"]),
        ("aws:SourceIp", &["10.1.2.3", "203.0.113.9", "192.0.2.1", "2001:db8::1"]),
        ("aws:SourceVpce", &["vpce-0a1b2c3d", "vpce-99999999"]),
        ("aws:VpcSourceIp", &["10.1.2.3"]),
        ("aws:x", &["TWFu", "TQ=="]),
        ("s3:TlsVersion", &["1.2", "1.3", "1.0"]),
        ("s3:max-keys", &["7", "8", "0"]),
        ("s3:object-lock-retain-until-date", &["2027-01-01T00:00:00Z", "2030-01-01T00:00:00Z"]),
        ("s3:prefix", &["a", "A", "", "k/bob", "true", "*", "ab"]),
    ];
    let mut free = btree_map(Just(""), Just(String::new()), 0..1).boxed();
    for (key, pool) in pools {
        let value = prop::option::of(select(pool.to_vec()));
        free = (free, value)
            .prop_map(move |(mut all, value): (BTreeMap<&'static str, String>, _)| {
                all.extend(value.map(|value| (key, value.to_owned())));
                all
            })
            .boxed();
    }
    let word = || select(vec!["true", "false"]);
    let time = select(vec!["1795392000", "1798761600", "1830000000"]);
    (free, word(), word(), time).prop_map(|(mut all, secure, forwarded, time)| {
        all.insert("aws:SecureTransport", secure.to_owned());
        all.insert("aws:ViaAWSService", forwarded.to_owned());
        all.insert("aws:EpochTime", time.to_owned());
        let date = match time {
            "1795392000" => "2026-11-23T00:00:00Z",
            "1798761600" => "2027-01-01T00:00:00Z",
            _ => "2027-12-28T13:20:00Z",
        };
        all.insert("aws:CurrentTime", date.to_owned());
        all
    })
}

/// A document with Denies of everything under a condition each, as perimeters are written, and perhaps an Allow.
pub(super) fn perimeter() -> impl Strategy<Value = String> {
    let conditions = select(vec![
        r#"{"ArnNotEquals": {"s3:DataAccessPointArn": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"}}"#,
        r#"{"ArnNotEquals": {"s3:DataAccessPointArn": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
                             "aws:PrincipalArn": "arn:aws:iam::123456789012:role/app"}}"#,
        r#"{"StringNotEquals": {"aws:SourceVpce": "vpce-0a1b2c3d"}}"#,
        r#"{"StringNotEqualsIfExists": {"aws:SourceVpce": "vpce-0a1b2c3d"}, "Bool": {"aws:ViaAWSService": "false"}}"#,
        r#"{"Bool": {"aws:SecureTransport": "false"}}"#,
        r#"{"NumericLessThan": {"s3:TlsVersion": 1.2}}"#,
        r#"{"Null": {"s3:DataAccessPointArn": "true"}}"#,
        r#"{"StringNotEquals": {"aws:PrincipalAccount": "123456789012"}}"#,
        r#"{"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}"#,
        r#"{"ForAnyValue:StringNotLike": {"s3:prefix": "home/*"}}"#,
        r#"{"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "ab"]}}"#,
        r#"{"StringNotEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}"#,
        r#"{"StringNotEquals": {"aws:PrincipalTag/t": "${s3:prefix}"}}"#,
        r#"{"StringNotLike": {"s3:prefix": "k/${aws:username}*"}}"#,
        r#"{"ForAnyValue:StringNotLike": {"aws:TagKeys": "a*"}, "Null": {"aws:TagKeys": "false"}}"#,
        r#"{"ForAnyValue:StringEquals": {"s3:RequestObjectTagKeys": ["a", "k/bob"]}}"#,
        r#"{"DateGreaterThan": {"aws:CurrentTime": "2027-01-01"}}"#,
    ]);
    let resource =
        select(vec![r#""*""#, r#"["arn:aws:s3:::data", "arn:aws:s3:::data/*"]"#, r#""arn:aws:s3:::data/*""#]);
    let deny = (conditions, resource).prop_map(|(condition, resource)| {
        format!(r#"{{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": {resource}, "Condition": {condition}}}"#)
    });
    let other = prop_oneof![
        Just(r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}"#.to_owned()),
        statement(true),
    ];
    (vec(deny, 1..5), prop::option::of(other)).prop_map(|(mut statements, other)| {
        statements.extend(other);
        format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(",\n"))
    })
}

/// A document without principals that caps others: often an Allow of much, and a few statements of any kind.
pub(super) fn cap() -> impl Strategy<Value = String> {
    let wide = select(vec![
        r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#,
        r#"{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}"#,
        r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data*"}"#,
        r#"{"Effect": "Allow", "NotAction": "s3:PutObject", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}"#,
        r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/object/*"}"#,
    ]);
    let wide = wide.prop_map(str::to_owned);
    (prop::option::weighted(0.8, wide), vec(statement(false), 0..3)).prop_map(|(wide, mut statements)| {
        statements.extend(wide);
        if statements.is_empty() {
            statements.push(r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#.to_owned());
        }
        format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(",\n"))
    })
}
