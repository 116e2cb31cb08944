//! What AWS documents about one policy document, sentence by sentence.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use narrows_iam::Truth::{self, Maybe, No, Yes};
use narrows_iam::{
    Context, DocumentKind, Entry, Evaluation, EvaluationContext, Principal, Request, evaluate, parse_text,
};
use narrows_model::{Source, Symbols};

const ACCOUNT: &str = "111111111111";

fn role() -> Principal {
    Principal::Role { arn: format!("arn:aws:iam::{ACCOUNT}:role/path/App"), session: "one".to_owned() }
}

fn user() -> Principal {
    Principal::User { arn: format!("arn:aws:iam::{ACCOUNT}:user/path/bob") }
}

fn root() -> Principal {
    Principal::Root { partition: "aws".to_owned(), account: ACCOUNT.parse().unwrap() }
}

fn federated() -> Principal {
    Principal::FederatedUser { arn: format!("arn:aws:sts::{ACCOUNT}:federated-user/fred") }
}

fn service() -> Principal {
    Principal::Service("logging.s3.amazonaws.com".to_owned())
}

fn request(principal: Principal) -> Request {
    let (action, resource) = ("s3:GetObject".to_owned(), "arn:aws:s3:::bucket/dir/key".to_owned());
    Request { principal, action, resource, context: Context::default() }
}

fn run(version: &str, statements: &str, request: &Request) -> Evaluation {
    let text = format!(r#"{{{version}"Statement": [{statements}]}}"#);
    let parsed = parse_text(&Source::file("p.json", text.as_str()), DocumentKind::Resource);
    let document = parsed.unwrap_or_else(|error| panic!("{text}: {error}")).document;
    evaluate(&document, request, &EvaluationContext::new(&Symbols::default()))
}

const V2012: &str = r#""Version": "2012-10-17", "#;

/// Whether a Deny for everyone with these elements in the place of action, resource and condition matches.
fn denies(elements: &str, request: &Request) -> Truth {
    let mut statement = format!(r#"{{"Effect": "Deny", {elements}"#);
    for (name, rest) in [("Principal", r#""*""#), ("Action", r#""*""#), ("Resource", r#""*""#)] {
        if !elements.contains(&format!("{name}\": ")) {
            statement += &format!(r#", "{name}": {rest}"#);
        }
    }
    run(V2012, &format!("{statement}}}"), request).denied.truth
}

/// Whether a condition holds, given what the request has for `s3:prefix`.
fn holds(condition: &str, entry: Option<Entry>) -> Truth {
    let mut request = request(user());
    if let Some(entry) = entry {
        request.context.set("S3:Prefix", entry);
    }
    denies(&format!(r#""Condition": {condition}"#), &request)
}

fn value(text: &str) -> Option<Entry> {
    Some(Entry::Value(text.to_owned()))
}

fn values(texts: &[&str]) -> Option<Entry> {
    Some(Entry::Values(texts.iter().map(|text| (*text).to_owned()).collect()))
}

/// A condition of one operator and one key.
fn one(operator: &str, json: &str) -> String {
    format!(r#"{{"{operator}": {{"s3:prefix": {json}}}}}"#)
}

#[test]
fn a_service_linked_role_is_a_role_whose_path_names_a_service() {
    let arn = format!(
        "arn:aws:iam::{ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    );
    let linked = Principal::Role { arn: arn.clone(), session: "one".to_owned() };
    let clause = format!(r#""Principal": {{"AWS": "{arn}"}}"#);
    assert_eq!([linked, role()].map(|caller| denies(&clause, &request(caller))), [Yes, No]);
}

#[test]
fn any_matching_deny_is_reported_beside_any_matching_allow() {
    let statements = r#"
        {"Sid": "other", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"},
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},
        {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}"#;
    let found = run("", statements, &request(user()));
    assert_eq!((found.denied.truth, found.denied.statement), (Yes, Some(2)));
    assert_eq!((found.allowed.truth, found.allowed.statement), (Yes, Some(1)));
    let nothing = run(
        "",
        r#"{"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}"#,
        &request(user()),
    );
    assert_eq!((nothing.denied.truth, nothing.allowed.truth, nothing.allowed.statement), (No, No, None));
}

#[test]
fn actions_are_globs_in_any_case_and_not_action_is_the_complement() {
    for (pattern, expected) in [
        ("*", Yes),
        ("s3:*", Yes),
        ("S3:getobject", Yes),
        ("s3:Get*", Yes),
        ("s3:?etObject", Yes),
        ("*:*", Yes),
        ("s3:GetObject?", No),
        ("s3:Get", No),
        ("sqs:*", No),
    ] {
        assert_eq!(denies(&format!(r#""Action": "{pattern}""#), &request(user())), expected, "{pattern}");
        assert_eq!(denies(&format!(r#""NotAction": "{pattern}""#), &request(user())), !expected, "{pattern}");
    }
}

#[test]
fn resources_are_case_sensitive_and_wildcards_stay_in_their_field() {
    for (pattern, expected) in [
        ("*", Yes),
        ("arn:aws:s3:::bucket/*", Yes),
        ("arn:aws:s3:::bucket/d?r/key", Yes),
        ("arn:aws:s3:::*", Yes),
        ("arn:*:s3:::bucket/dir/key", Yes),
        ("arn:aws:s3:*:*:bucket/dir/key", Yes),
        ("arn:aws:s3:::Bucket/*", No),
        ("arn:aws:s3:::bucket", No),
        ("arn:aws:s3:?::bucket/dir/key", No),
        // A `*` at a field's end may run past its colon.
        ("arn:aws:*:bucket/dir/key:x:y", No),
        ("arn:*:::bucket/dir/key::*", No),
        ("arn:aws:*:*:*:bucket/dir/key", Yes),
        // Fewer than six fields.
        ("arn:aws:s3", Maybe),
        ("arn:aws:s3:*", Maybe),
        ("arn:aws:sqs:*", No),
        ("arn:**", Maybe),
    ] {
        assert_eq!(denies(&format!(r#""Resource": "{pattern}""#), &request(user())), expected, "{pattern}");
        assert_eq!(
            denies(&format!(r#""NotResource": "{pattern}""#), &request(user())),
            !expected,
            "{pattern}"
        );
    }
    let mut access_point = request(user());
    access_point.resource = format!("arn:aws:s3:us-east-1:{ACCOUNT}:accesspoint/a/object/x:y");
    for (pattern, expected) in [
        ("arn:aws:s3:*:accesspoint/a/object/x:y", Maybe),
        ("arn:aws:s3:us-*:accesspoint/*:y:z", No),
        ("arn:aws:s3::*:accesspoint/a/object/*", No),
        ("arn:aws:s3:*:*:accesspoint/a/object/?:?", Yes),
    ] {
        assert_eq!(denies(&format!(r#""Resource": "{pattern}""#), &access_point), expected, "{pattern}");
    }
}

/// Whom a `Principal` names, in the order role, user, root, federated user, service, anonymous.
fn named(principal: &str) -> [Truth; 6] {
    let callers = [role(), user(), root(), federated(), service(), Principal::Anonymous];
    callers.map(|caller| denies(&format!(r#""Principal": {principal}"#), &request(caller)))
}

#[test]
fn principals_name_whom_aws_says() {
    let aws = |text: &str| format!(r#"{{"AWS": "{text}"}}"#);
    let arn = |text: &str| aws(&format!("arn:aws:{text}"));
    for (principal, expected) in [
        (r#""*""#.to_owned(), [Yes, Yes, Yes, Yes, Yes, Yes]),
        (aws("*"), [Yes, Yes, Yes, Yes, Maybe, Yes]),
        (aws(ACCOUNT), [Yes, Yes, Yes, Yes, No, No]),
        (arn("iam::111111111111:root"), [Yes, Yes, Yes, Yes, No, No]),
        (arn("iam::222222222222:root"), [No; 6]),
        (arn("iam::111111111111:role/path/App"), [Yes, No, No, No, No, No]),
        (arn("iam::111111111111:role/App"), [No; 6]),
        (arn("sts::111111111111:assumed-role/App/one"), [Yes, No, No, No, No, No]),
        (arn("sts::111111111111:assumed-role/App/two"), [No; 6]),
        (arn("sts::222222222222:assumed-role/App/one"), [No; 6]),
        (arn("iam::111111111111:user/path/bob"), [No, Yes, No, Maybe, No, No]),
        (arn("iam::222222222222:user/path/bob"), [No; 6]),
        (arn("sts::111111111111:federated-user/fred"), [No, No, No, Yes, No, No]),
        (aws("AROAEXAMPLEEXAMPLEID1"), [No; 6]),
        (r#"{"Service": "logging.s3.amazonaws.com"}"#.to_owned(), [No, No, No, No, Yes, No]),
        (r#"{"Service": "s3.ap-east-1.amazonaws.com"}"#.to_owned(), [No; 6]),
        (r#"{"Federated": "accounts.google.com"}"#.to_owned(), [Maybe, No, No, No, No, No]),
        (format!(r#"{{"CanonicalUser": "{}"}}"#, "0a".repeat(32)), [Maybe, Maybe, Maybe, Maybe, No, No]),
        (
            r#"{"AWS": "222222222222", "Service": "logging.s3.amazonaws.com"}"#.to_owned(),
            [No, No, No, No, Yes, No],
        ),
    ] {
        assert_eq!(named(&principal), expected, "{principal}");
    }
}

#[test]
fn an_allow_tells_what_it_is_worth() {
    let allow = |principal: &str, caller: Principal| {
        let statement =
            format!(r#"{{"Effect": "Allow", "Principal": {principal}, "Action": "*", "Resource": "*"}}"#);
        let found = run(V2012, &statement, &request(caller));
        (found.by_name.truth, found.by_role.truth, found.by_account.truth)
    };
    let account = r#"{"AWS": "111111111111"}"#;
    assert_eq!(allow(account, role()), (No, No, Yes));
    assert_eq!(allow(account, root()), (Yes, No, No));
    assert_eq!(
        allow(r#"{"AWS": ["111111111111", "arn:aws:iam::111111111111:role/path/App"]}"#, role()),
        (No, Yes, Yes)
    );
    assert_eq!(allow(r#"{"AWS": "arn:aws:sts::111111111111:assumed-role/App/one"}"#, role()), (Yes, No, No));
    let bob = r#"{"AWS": "arn:aws:iam::111111111111:user/path/bob"}"#;
    assert_eq!(allow(bob, user()), (Yes, No, No));
    assert_eq!(allow(bob, federated()), (No, Maybe, No));
    assert_eq!(allow(r#""*""#, Principal::Anonymous), (Yes, No, No));
}

#[test]
fn not_principal_is_open_unless_all_or_none_are_listed() {
    let app = "arn:aws:iam::111111111111:role/path/App";
    let session = "arn:aws:sts::111111111111:assumed-role/App/one";
    let bob = "arn:aws:iam::111111111111:user/path/bob";
    let denied = |entries: &[&str], caller| {
        let list: Vec<String> = entries.iter().map(|entry| format!("{entry:?}")).collect();
        denies(&format!(r#""NotPrincipal": {{"AWS": [{}]}}"#, list.join(", ")), &request(caller))
    };
    assert_eq!(denied(&[app], role()), Maybe);
    assert_eq!(denied(&[app, session], role()), Maybe);
    assert_eq!(denied(&[app, session, ACCOUNT], role()), No);
    assert_eq!(denied(&[bob], role()), Yes);
    assert_eq!(denied(&[bob, ACCOUNT], user()), No);
    assert_eq!(denied(&[bob, ACCOUNT], root()), No);
    assert_eq!(denied(&[bob], root()), Yes);
    assert_eq!(denied(&[bob], Principal::Anonymous), Yes);
    assert_eq!(denied(&["*"], role()), No);
    let not_service = r#""NotPrincipal": {"Service": "logging.s3.amazonaws.com"}"#;
    assert_eq!((denies(not_service, &request(service())), denies(not_service, &request(user()))), (No, Yes));

    let text = format!(
        r#"{{"Statement": {{"Effect": "Deny", "NotPrincipal": {{"AWS": ["{bob}", "{ACCOUNT}"]}}, "Action": "*", "Resource": "*"}}}}"#
    );
    let document = parse_text(&Source::file("p", text), DocumentKind::Resource).unwrap().document;
    let symbols = Symbols::default();
    let context = EvaluationContext { boundary: true, ..EvaluationContext::new(&symbols) };
    assert_eq!(
        evaluate(&document, &request(user()), &context).denied.truth,
        Maybe,
        "a boundary is in the input"
    );
}

#[test]
fn in_a_gateway_endpoints_policy_an_account_may_be_its_root_user() {
    let text = r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "*", "Resource": "*"}}"#;
    let document = parse_text(&Source::file("p", text), DocumentKind::Endpoint).unwrap().document;
    let symbols = Symbols::default();
    let context = EvaluationContext { gateway_endpoint: true, ..EvaluationContext::new(&symbols) };
    let allowed = |caller| evaluate(&document, &request(caller), &context).allowed.truth;
    assert_eq!((allowed(root()), allowed(role()), allowed(service())), (Yes, Maybe, No));
}

#[test]
fn operators_and_keys_are_anded_and_values_ored_or_nored() {
    let both = |a: &str, b: &str| format!(r#"{{"StringEquals": {{"s3:prefix": {a}, "aws:username": {b}}}}}"#);
    assert_eq!(holds(&both(r#""x""#, r#""bob""#), value("x")), Yes);
    assert_eq!(holds(&both(r#""x""#, r#""eve""#), value("x")), No);
    let operators = r#"{"StringEquals": {"s3:prefix": "x"}, "StringLike": {"aws:username": "e*"}}"#;
    assert_eq!(holds(operators, value("x")), No);
    assert_eq!(holds(&one("StringEquals", r#"["x", "y"]"#), value("y")), Yes);
    assert_eq!(holds(&one("StringNotEquals", r#"["x", "y"]"#), value("y")), No);
    assert_eq!(holds(&one("StringNotEquals", r#"["x", "y"]"#), value("z")), Yes);
}

#[test]
fn absent_keys_make_positive_operators_false_and_negated_ones_true() {
    for (operator, json, expected) in [
        ("StringEquals", r#""x""#, No),
        ("StringLike", r#""*""#, No),
        ("ArnLike", r#""*""#, No),
        ("NumericEquals", "1", No),
        ("Bool", "true", No),
        ("Bool", "false", No),
        ("IpAddress", r#""0.0.0.0/0""#, No),
        ("DateLessThan", r#""2027-01-01""#, No),
        ("BinaryEquals", r#""TQ==""#, No),
        ("StringNotEquals", r#""x""#, Yes),
        ("StringNotLike", r#""*""#, Yes),
        ("StringNotEqualsIgnoreCase", r#""x""#, Yes),
        ("ArnNotEquals", r#""*""#, Yes),
        ("ArnNotLike", r#""*""#, Yes),
        ("NumericNotEquals", "1", Yes),
        ("DateNotEquals", r#""2027-01-01""#, Yes),
        ("NotIpAddress", r#""0.0.0.0/0""#, Yes),
        ("StringEqualsIfExists", r#""x""#, Yes),
        ("StringNotEqualsIfExists", r#""x""#, Yes),
        ("BoolIfExists", "false", Yes),
        ("Null", "true", Yes),
        ("Null", "false", No),
        ("Null", "[true, false]", Yes),
        ("ForAllValues:StringEquals", r#""x""#, Yes),
        ("ForAllValues:StringNotEquals", r#""x""#, Yes),
        ("ForAnyValue:StringEquals", r#""x""#, No),
        ("ForAnyValue:StringNotEquals", r#""x""#, No),
        ("ForAnyValue:StringEqualsIfExists", r#""x""#, Maybe),
    ] {
        assert_eq!(holds(&one(operator, json), None), expected, "{operator} {json}");
    }
}

#[test]
fn keys_whose_presence_or_value_is_open() {
    let perhaps = |text: &str| Some(Entry::Perhaps(text.to_owned()));
    for (operator, entry, expected) in [
        ("StringEquals", perhaps("x"), Maybe),
        ("StringEquals", perhaps("y"), No),
        ("StringNotEquals", perhaps("y"), Yes),
        ("StringNotEquals", perhaps("x"), Maybe),
        ("StringEqualsIfExists", perhaps("x"), Yes),
        ("StringEquals", Some(Entry::Open), Maybe),
        ("StringNotEquals", Some(Entry::Open), Maybe),
    ] {
        assert_eq!(holds(&one(operator, r#""x""#), entry.clone()), expected, "{operator} {entry:?}");
    }
    assert_eq!(holds(&one("Null", "true"), perhaps("x")), Maybe);
}

#[test]
fn set_operators_on_lists() {
    let cases = [
        ("ForAllValues:StringEquals", values(&["x", "y"]), Yes),
        ("ForAllValues:StringEquals", values(&["x", "z"]), No),
        ("ForAllValues:StringEquals", values(&[]), Yes),
        ("ForAllValues:StringEquals", values(&[""]), Yes),
        ("ForAllValues:StringEquals", value("z"), No),
        ("ForAllValues:StringNotEquals", values(&["z"]), Yes),
        ("ForAllValues:StringNotEquals", values(&["z", "x"]), No),
        ("ForAnyValue:StringEquals", values(&["z", "x"]), Yes),
        ("ForAnyValue:StringEquals", values(&["z"]), No),
        ("ForAnyValue:StringEquals", values(&[]), No),
        ("ForAnyValue:StringEquals", values(&[""]), No),
        ("ForAnyValue:StringEquals", value("x"), Yes),
        ("ForAnyValue:StringNotEquals", values(&["x", "z"]), Yes),
        ("ForAnyValue:StringNotEquals", values(&["x", "y"]), No),
        // An ordinary operator on a key with several values.
        ("StringEquals", values(&["x"]), Maybe),
        ("StringNotEquals", values(&["x"]), Maybe),
    ];
    for (operator, entry, expected) in cases {
        assert_eq!(holds(&one(operator, r#"["x", "y"]"#), entry.clone()), expected, "{operator} {entry:?}");
    }
    for (entry, expected) in [(values(&[""]), Maybe), (values(&["x"]), No), (value(""), No), (None, Yes)] {
        assert_eq!(holds(&one("Null", "true"), entry), expected);
    }
    assert_eq!(holds(&one("StringEquals", r#""""#), value("")), Yes, "the empty text is a value");
}

#[test]
fn string_operators() {
    for (operator, json, text, expected) in [
        ("StringEquals", r#""Abc""#, "Abc", Yes),
        ("StringEquals", r#""Abc""#, "abc", No),
        ("StringEquals", r#""a*""#, "abc", No),
        ("StringEquals", r#""a*""#, "a*", Yes),
        ("StringEqualsIgnoreCase", r#""Abc""#, "aBC", Yes),
        ("StringEqualsIgnoreCase", r#""É""#, "é", Maybe),
        ("StringEqualsIgnoreCase", r#""É""#, "É", Yes),
        ("StringLike", r#""a*c?""#, "a:/cd", Yes),
        ("StringLike", r#""A*""#, "abc", No),
        ("stringlike", r#""a?""#, "a", No),
    ] {
        assert_eq!(holds(&one(operator, json), value(text)), expected, "{operator} {json} {text}");
    }
}

#[test]
fn arn_operators_match_field_by_field() {
    for (pattern, text, expected) in [
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/a:b/c", Yes),
        ("arn:aws:s3:*:111111111111:accesspoint/a", "arn:aws:s3::111111111111:accesspoint/a", Yes),
        ("arn:aws:s3:*:accesspoint/a:b", "arn:aws:s3:us-east-1:111111111111:x:accesspoint/a:b", No),
        ("arn:aws:s3:*:accesspoint/a", "arn:aws:s3:us-east-1:111111111111:accesspoint/a", Maybe),
        ("arn:aws:s3:::B/*", "arn:aws:s3:::b/x", No),
        ("arn:aws:s3:::b/*", "b/x", No),
        ("*", "arn:aws:s3:::b/x", Yes),
        ("*", "x", Yes),
        ("arn:aws:s3", "arn:aws:s3:::b", Maybe),
        ("arn:aws:sns", "arn:aws:s3:::b", No),
        ("arn:aws:s3:::${aws:username}", "arn:aws:s3:::bob", Yes),
        ("arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:role/a", No),
    ] {
        for operator in ["ArnEquals", "ArnLike"] {
            assert_eq!(
                holds(&one(operator, &format!("{pattern:?}")), value(text)),
                expected,
                "{pattern} {text}"
            );
        }
        for operator in ["ArnNotEquals", "ArnNotLike"] {
            assert_eq!(
                holds(&one(operator, &format!("{pattern:?}")), value(text)),
                !expected,
                "{pattern} {text}"
            );
        }
    }
}

#[test]
fn numbers_dates_booleans_bytes_and_addresses() {
    for (operator, json, text, expected) in [
        ("NumericEquals", "1.20", "1.2", Yes),
        ("NumericNotEquals", "1.2", "1.3", Yes),
        ("NumericLessThan", r#""1.2""#, "1.1", Yes),
        ("NumericLessThan", r#""1.2""#, "1.2", No),
        ("NumericLessThanEquals", r#""1.2""#, "1.2", Yes),
        ("NumericGreaterThan", r#"[5, 1]"#, "2", Yes),
        ("NumericGreaterThanEquals", "10", "9", No),
        ("NumericEquals", "1", "one", Maybe),
        ("DateLessThan", r#""2027-01-01""#, "2026-12-31T23:59:59Z", Yes),
        ("DateGreaterThan", r#""2026-11-23T00:00:00Z""#, "1795392001", Yes),
        ("DateEquals", "1795392000", "2026-11-23T01:00:00+01:00", Yes),
        ("DateGreaterThanEquals", r#""2027-01-01""#, "2026-12-31T23:59:59Z", No),
        ("Bool", r#""TRUE""#, "true", Yes),
        ("Bool", "false", "true", No),
        ("Bool", r#""${aws:username}""#, "true", Maybe),
        ("BinaryEquals", r#""TWFu""#, "TWFu", Maybe),
        ("BinaryEquals", r#""TWFu""#, "TWE=", Maybe),
        ("IpAddress", r#""10.0.0.0/8""#, "10.1.2.3", Yes),
        ("IpAddress", r#"["10.0.0.0/8", "2001:db8::/32"]"#, "2001:db8::1", Yes),
        ("NotIpAddress", r#""10.0.0.0/8""#, "11.0.0.0", Yes),
        ("NotIpAddress", r#""10.0.0.0/8""#, "2001:db8::1", Yes),
        ("NotIpAddress", r#""10.0.0.0/8""#, "10.0.0.1", No),
        ("IpAddress", r#""10.0.0.0/8""#, "::ffff:10.0.0.1", Maybe),
    ] {
        assert_eq!(holds(&one(operator, json), value(text)), expected, "{operator} {json} {text}");
    }
}

#[test]
fn policy_variables_take_the_requests_value() {
    let resource = |pattern: &str, request: &Request| {
        (
            denies(&format!(r#""Resource": "{pattern}""#), request),
            denies(&format!(r#""NotResource": "{pattern}""#), request),
        )
    };
    let mut bob = request(user());
    bob.resource = "arn:aws:s3:::bucket/bob/key".to_owned();
    assert_eq!(resource("arn:aws:s3:::bucket/${aws:username}/*", &bob), (Yes, No));
    assert_eq!(resource("arn:aws:s3:::bucket/${AWS:UserName}/key", &bob), (Yes, No));
    assert_eq!(resource("arn:aws:s3:::bucket/${aws:x, 'bob'}/*", &bob), (Yes, No));
    assert_eq!(resource("arn:aws:s3:::bucket/${aws:x}/*", &bob), (No, Maybe), "absent without default");
    assert_eq!(resource("arn:aws:s3:::bucket/bob/${*}", &bob), (No, Yes), "an escaped wildcard");
    bob.context.set("aws:x", Entry::Value("b*".to_owned()));
    assert_eq!(resource("arn:aws:s3:::bucket/${aws:x}/key", &bob), (Maybe, Maybe), "a wildcard in a value");
    bob.context.set("aws:x", Entry::Value("c*".to_owned()));
    assert_eq!(resource("arn:aws:s3:::bucket/${aws:x}/key", &bob), (No, Yes));
    bob.context.set("aws:x", Entry::Perhaps("bob".to_owned()));
    assert_eq!(resource("arn:aws:s3:::bucket/${aws:x}/key", &bob), (Maybe, Maybe));
    bob.context.set("aws:x", Entry::Open);
    assert_eq!(resource("arn:aws:s3:::bucket/${aws:x}/key", &bob), (Maybe, Maybe));
    assert_eq!(resource("arn:aws:s3:::other/${aws:x}/key", &bob), (No, Maybe));
    bob.resource = "arn:aws:s3:::bucket/${aws:username}/*".to_owned();
    assert_eq!(resource("arn:aws:s3:::bucket/${$}{aws:username}/${*}", &bob), (Yes, No));

    for (operator, json, text, expected) in [
        ("StringEquals", r#""${aws:username}""#, "bob", Yes),
        ("StringNotEquals", r#""${aws:username}""#, "bob", No),
        ("StringEquals", r#""${aws:absent}""#, "bob", No),
        ("StringNotEquals", r#""${aws:absent}""#, "bob", Maybe),
        ("StringNotEquals", r#"["${aws:absent}", "bob"]"#, "bob", No),
        ("StringEquals", r#""${aws:absent, 'bob'}""#, "bob", Yes),
        ("StringLike", r#""${aws:username}/?""#, "bob/x", Yes),
    ] {
        assert_eq!(holds(&one(operator, json), value(text)), expected, "{operator} {json}");
    }
    assert_eq!(holds(&one("StringNotEquals", r#""${aws:absent}""#), None), Maybe);
}

#[test]
fn in_version_2008_variables_are_literal_text() {
    let statement = r#"{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3:::bucket/${aws:username}"}"#;
    let mut bob = request(user());
    for (resource, old, new) in
        [("arn:aws:s3:::bucket/bob", No, Yes), ("arn:aws:s3:::bucket/${aws:username}", Yes, No)]
    {
        bob.resource = resource.to_owned();
        assert_eq!(run("", statement, &bob).denied.truth, old, "a missing version is 2008-10-17");
        assert_eq!(run(r#""Version": "2008-10-17", "#, statement, &bob).denied.truth, old);
        assert_eq!(run(V2012, statement, &bob).denied.truth, new);
    }
}

#[test]
fn keys_that_follow_from_the_principal() {
    let is = |operator: &str, key: &str, json: &str, caller| {
        denies(&format!(r#""Condition": {{"{operator}": {{"{key}": {json}}}}}"#), &request(caller))
    };
    let arn = |text: &str| format!(r#""arn:aws:{text}""#);
    assert_eq!(is("ArnEquals", "aws:PrincipalArn", &arn("iam::111111111111:role/path/App"), role()), Yes);
    assert_eq!(is("ArnEquals", "aws:PrincipalArn", &arn("iam::111111111111:root"), root()), Yes);
    assert_eq!(is("ArnEquals", "aws:PrincipalArn", &arn("iam::111111111111:root"), user()), No);
    assert_eq!(is("ArnLike", "aws:PrincipalArn", &arn("sts::*:federated-user/*"), federated()), Yes);
    assert_eq!(is("Null", "aws:PrincipalArn", "true", Principal::Anonymous), Yes);
    assert_eq!(is("ArnLike", "aws:PrincipalArn", r#""*""#, service()), Maybe);
    assert_eq!(is("StringEquals", "aws:PrincipalAccount", r#""111111111111""#, role()), Yes);
    assert_eq!(is("StringEquals", "aws:PrincipalAccount", r#""anonymous""#, Principal::Anonymous), Yes);
    assert_eq!(is("StringEquals", "aws:PrincipalAccount", r#""111111111111""#, service()), Maybe);
    for (caller, word) in
        [(root(), "Account"), (user(), "User"), (role(), "AssumedRole"), (federated(), "FederatedUser")]
    {
        assert_eq!(is("StringEquals", "aws:PrincipalType", &format!("{word:?}"), caller), Yes, "{word}");
    }
    assert_eq!(is("Bool", "aws:PrincipalIsAWSService", "false", role()), Yes);
    assert_eq!(is("Bool", "aws:PrincipalIsAWSService", "true", service()), Yes);
    assert_eq!(is("BoolIfExists", "aws:PrincipalIsAWSService", "false", Principal::Anonymous), Yes);
    assert_eq!(is("Bool", "aws:PrincipalIsAWSService", "false", Principal::Anonymous), No);
    assert_eq!(
        is("StringEquals", "aws:PrincipalServiceName", r#""logging.s3.amazonaws.com""#, service()),
        Yes
    );
    assert_eq!(is("Null", "aws:PrincipalServiceName", "true", role()), Yes);
    assert_eq!(is("StringEquals", "aws:username", r#""bob""#, user()), Yes);
    assert_eq!(is("Null", "aws:username", "true", role()), Yes);
    assert_eq!(is("StringLike", "aws:userid", r#""AROA*""#, role()), Maybe);
    let mut known = request(role());
    known.context.set("aws:userid", Entry::Value("AROAX:one".to_owned()));
    assert_eq!(denies(r#""Condition": {"StringLike": {"aws:userid": "AROA*"}}"#, &known), Yes);
}

#[test]
fn the_trace_says_why() {
    let statement = r#"{"Sid": "Perimeter", "Effect": "Deny", "Principal": "*", "NotAction": "s3:Put*",
        "Resource": ["arn:aws:s3:::other/*", "arn:aws:s3:::bucket/*"],
        "Condition": {"ArnNotEquals": {"s3:DataAccessPointArn": "arn:aws:s3::111111111111:accesspoint/m.mrap"},
            "StringNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"},
            "StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a"}}}"#;
    let found = run(V2012, statement, &request(user()));
    let lines: Vec<String> = found.trace[0]
        .elements
        .iter()
        .map(|element| format!("{:?}: {}", element.truth, element.reason))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    Yes: principal `*` matches
    Yes: of those excepted, no action matches `s3:GetObject`; listed: `s3:Put*`
    Yes: resource `arn:aws:s3:::bucket/*` matches `arn:aws:s3:::bucket/dir/key`
    Yes: condition ArnNotEquals s3:DataAccessPointArn: the key is absent, and a negated operator is true then
    No: condition StringNotLike aws:PrincipalArn: the key is `arn:aws:iam::111111111111:user/path/bob`, compared with `arn:aws:iam::*:user/*`
    Yes: condition StringEqualsIfExists aws:PrincipalOrgID: the key is absent, and an operator with IfExists is true then
    ");
}
