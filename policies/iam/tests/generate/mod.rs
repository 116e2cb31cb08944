//! Random policies, as values, that are valid.

use narrows_iam::{DocumentKind, Operator};
use narrows_model::{Value, ValueKind};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// A policy document.
pub fn document(kind: DocumentKind) -> BoxedStrategy<Value> {
    let version = select(vec![None, Some("2012-10-17"), Some("2008-10-17")]);
    let id = prop::option::of("[a-zA-Z0-9\"\\\\ ]{0,6}");
    // IAM wants each `Sid` once.
    let statements =
        (1..4_usize).prop_flat_map(move |count| (0..count).map(|at| statement(kind, at)).collect::<Vec<_>>());
    (version, id, statements)
        .prop_map(|(version, id, statements)| {
            let mut members = Vec::new();
            members.extend(version.map(|version| ("Version", Value::text(version))));
            members.extend(id.map(|id| ("Id", Value::text(id))));
            members.push(("Statement", Value::list(statements)));
            Value::object(members)
        })
        .boxed()
}

/// A statement of such a document.
fn statement(kind: DocumentKind, at: usize) -> BoxedStrategy<Value> {
    let sid = prop::option::of("[a-zA-Z0-9]{0,6}");
    let sid = sid.prop_map(move |sid| sid.map(|sid| if sid.is_empty() { sid } else { format!("{sid}{at}") }));
    let element = (
        any::<bool>(),
        list(select(ACTIONS.to_vec()), 3),
        any::<bool>(),
        list(select(RESOURCES.to_vec()), 3),
    );
    (sid, any::<bool>(), any::<bool>(), principal(), element, conditions())
        .prop_map(
            move |(
                sid,
                allow,
                not_principal,
                principal,
                (not_action, action, not_resource, resource),
                conditions,
            )| {
                let mut members = Vec::new();
                members.extend(sid.map(|sid| ("Sid", Value::text(sid))));
                members.push(("Effect", Value::text(if allow { "Allow" } else { "Deny" })));
                if kind != DocumentKind::Identity {
                    members.push((
                        if not_principal && !allow { "NotPrincipal" } else { "Principal" },
                        principal,
                    ));
                }
                members.push((if not_action { "NotAction" } else { "Action" }, action));
                members.push((if not_resource { "NotResource" } else { "Resource" }, resource));
                members.extend(conditions.map(|conditions| ("Condition", conditions)));
                Value::object(members)
            },
        )
        .boxed()
}

const ACTIONS: [&str; 7] =
    ["*", "s3:*", "s3:GetObject", "S3:getobject", "s3:Get*", "s3:?etObject", "s3:ListBucket"];

const RESOURCES: [&str; 10] = [
    "*",
    "arn:aws:s3:::b",
    "arn:aws:s3:::b/*",
    "arn:aws:s3:::b/k",
    "arn:aws:s3:::b/${aws:username}",
    "arn:aws:s3:::b/${*}",
    "arn:*:s3:::?/k",
    "arn:aws:s3:*:b/k",
    "arn:aws:s3",
    "arn:aws:s3::123456789012:accesspoint/m.mrap/object/*",
];

fn principal() -> BoxedStrategy<Value> {
    let aws = select(vec![
        "*",
        "123456789012",
        "arn:aws:iam::123456789012:root",
        "arn:aws:iam::123456789012:role/app",
        "arn:aws:iam::123456789012:user/path/bob",
        "arn:aws:sts::123456789012:assumed-role/app/one",
        "arn:aws:sts::123456789012:federated-user/bob",
        "AROAEXAMPLEEXAMPLEID1",
    ]);
    let service = select(vec!["s3.amazonaws.com", "logging.s3.amazonaws.com"]);
    let federated = select(vec!["accounts.google.com", "arn:aws:iam::123456789012:saml-provider/x"]);
    let groups =
        (list(aws, 3), list(service, 2), list(federated, 2)).prop_flat_map(|(aws, service, federated)| {
            let canonical = Value::text("0123456789abcdef".repeat(4));
            let groups = vec![
                ("AWS", aws),
                ("Service", service),
                ("Federated", federated),
                ("CanonicalUser", canonical),
            ];
            subsequence(groups, 1..=4).prop_map(Value::object)
        });
    prop_oneof![1 => Just(Value::text("*")), 3 => groups].boxed()
}

fn conditions() -> BoxedStrategy<Option<Value>> {
    let names: Vec<String> = Operator::names()
        .flat_map(|name| {
            let variants = if name == "Null" { 1 } else { 6 };
            ["", "ForAllValues:", "ForAnyValue:"]
                .into_iter()
                .flat_map(move |start| ["", "IfExists"].map(|end| format!("{start}{name}{end}")))
                .take(variants)
        })
        .collect();
    let block = vec(
        subsequence(names, 1..=3).prop_flat_map(|names| names.into_iter().map(operator).collect::<Vec<_>>()),
        1,
    );
    prop::option::of(block.prop_map(|mut blocks| Value::object(blocks.remove(0)))).boxed()
}

fn operator(name: String) -> BoxedStrategy<(String, Value)> {
    let known = |part: &str| name.contains(part);
    let (keys, values): (Vec<&str>, Vec<Value>) = if known("Null") || known("Bool") {
        let values = ["true", "false", "TRUE"]
            .map(Value::text)
            .into_iter()
            .chain([Value::new(ValueKind::Bool(false))]);
        (vec!["aws:SecureTransport", "s3:prefix", "aws:username"], values.collect())
    } else if known("Numeric") {
        let numbers = ["1.2", "7", "-3"]
            .map(Value::text)
            .into_iter()
            .chain([Value::new(ValueKind::Number("1e1".to_owned().into()))]);
        (vec!["s3:TlsVersion", "s3:max-keys"], numbers.collect())
    } else if known("Date") {
        (
            vec!["aws:CurrentTime", "s3:object-lock-retain-until-date"],
            ["2027-01-01", "2026-12-31T23:59:59Z", "1795392000"].map(Value::text).into(),
        )
    } else if known("Binary") {
        (vec!["aws:x", "aws:y"], ["TWFu", "TQ=="].map(Value::text).into())
    } else if known("Ip") {
        (
            vec!["aws:SourceIp", "aws:VpcSourceIp"],
            ["10.0.0.0/8", "10.1.2.3", "2001:db8::/32"].map(Value::text).into(),
        )
    } else if known("Arn") {
        let arns = [
            "*",
            "arn:aws:iam",
            "arn:aws:iam::123456789012:role/app",
            "arn:aws:iam::*:role/*",
            "arn:aws:s3::123456789012:accesspoint/m.mrap",
            "arn:aws:iam::123456789012:user/${aws:username}",
        ];
        (vec!["s3:DataAccessPointArn", "aws:PrincipalArn"], arns.map(Value::text).into())
    } else {
        let texts = ["a", "A", "", "*", "a?", "k/${aws:username}", "${aws:username, 'nobody'}", "${$}{x"];
        (
            vec!["s3:prefix", "aws:username", "AWS:PrincipalTag/t", "aws:TagKeys"],
            texts.map(Value::text).into(),
        )
    };
    subsequence(keys, 1..=2)
        .prop_flat_map(move |keys| {
            keys.into_iter().map(|key| (Just(key), list_of_values(values.clone()))).collect::<Vec<_>>()
        })
        .prop_map(move |members| (name.clone(), Value::object(members)))
        .boxed()
}

fn list_of_values(values: Vec<Value>) -> BoxedStrategy<Value> {
    prop_oneof![select(values.clone()), vec(select(values), 1..4).prop_map(Value::list)].boxed()
}

/// One of them, or a list of up to `most`.
fn list(one: impl Strategy<Value = &'static str> + Clone + 'static, most: usize) -> BoxedStrategy<Value> {
    prop_oneof![
        one.clone().prop_map(Value::text),
        vec(one.prop_map(Value::text), 1..=most).prop_map(Value::list)
    ]
    .boxed()
}
