//! Keys that say something of each other: which requests there can be, and what that proves.

use super::document::{model, parse};
use crate::access::{AccessModel, Identity, Policy};
use crate::lower::{AccessPoint, Resource, lower_document};
use crate::question::{Demand, Question, Route, Scope, split_actions};
use crate::scene::{related, variables};
use crate::solve::{Bound, Formula};
use crate::{Verdict, ask};
use narrows_iam::DocumentKind;

/// Whether a request can meet the conditions.
fn possible(model: &AccessModel, conditions: &str) -> bool {
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*",
            "Condition": {{{conditions}}}}}}}"#
    );
    let document = parse(&text, DocumentKind::Resource);
    let mut keys = variables(model, (None, &model.buckets[0]), ["s3:GetObject".to_owned()].into());
    let leg = Resource::Object { prefix: "arn:aws:s3:::data/".to_owned() };
    let denied = lower_document(&document, &mut keys, &leg, &AccessPoint::Direct).denied;
    let rules = related(&mut keys, model, [&denied, &Formula::Const(true)], None);
    keys.problem.assert(denied, Bound::Hi);
    keys.problem.assert(rules, Bound::Hi);
    keys.problem.decide(&[]).unwrap().is_some()
}

#[test]
fn keys_that_contradict_each_other_are_in_no_request() {
    let mut model = model();
    model.identities.push(Identity::new("arn:aws:iam::123456789012:role/app"));
    for (wanted, conditions) in [
        (
            false,
            r#""StringEquals": {"aws:RequestTag/Team": "a"}, "ForAllValues:StringEquals": {"aws:TagKeys": "cost"}"#,
        ),
        (
            true,
            r#""StringEquals": {"aws:RequestTag/Team": "a"}, "ForAllValues:StringEquals": {"aws:TagKeys": "TEAM"}"#,
        ),
        (
            false,
            r#""Null": {"s3:RequestObjectTag/x": "false"}, "ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": "y"}"#,
        ),
        // Tags may be taken away by their keys.
        (
            true,
            r#""Null": {"aws:RequestTag/Team": "true"}, "ForAnyValue:StringEquals": {"aws:TagKeys": "Team"}"#,
        ),
        (false, r#""Null": {"aws:CalledVia": "false"}, "Bool": {"aws:ViaAWSService": "false"}"#),
        (true, r#""Null": {"aws:CalledVia": "true"}, "Bool": {"aws:ViaAWSService": "true"}"#),
        (
            false,
            r#""StringEquals": {"aws:CalledViaFirst": "a.amazonaws.com"},
               "ForAllValues:StringEquals": {"aws:CalledVia": "b.amazonaws.com"}"#,
        ),
        (
            true,
            r#""StringEquals": {"aws:CalledViaFirst": "a.amazonaws.com"},
               "ForAnyValue:StringEquals": {"aws:CalledVia": "b.amazonaws.com"}"#,
        ),
        (
            false,
            r#""StringEquals": {"aws:PrincipalOrgID": "o-one"},
               "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-two/*"}"#,
        ),
        (
            true,
            r#""StringEquals": {"aws:PrincipalOrgID": "o-one"},
               "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-one/r-*"}"#,
        ),
    ] {
        assert_eq!(possible(&model, conditions), wanted, "{conditions}");
    }
}

fn answer(statements: &str, scope: Scope) -> Verdict {
    let mut model = model();
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    let document = parse(&text, DocumentKind::Resource);
    model.buckets[0].policy = Policy::Document { name: "policy.json".to_owned(), document };
    let (object_actions, bucket_actions) = split_actions(["s3:GetObject"]);
    let routes = vec![Route::Direct];
    let later_action = None;
    let question = Question {
        demand: Demand::Forbid,
        bucket: 0,
        routes,
        object_actions,
        bucket_actions,
        later_action,
        scope,
    };
    ask(&model, &question).verdict
}

const HOME: &str = r#"{"Effect": "Allow", "Principal": "*", "Action": "*",
    "Resource": "arn:aws:s3:::data/home/${aws:username}/*", "Condition": {"StringEquals": {"aws:PrincipalAccount": "999999999999"}}}"#;

fn strangers() -> Scope {
    Scope::not(Scope::PrincipalAccount(vec!["123456789012".to_owned()]))
}

#[test]
fn a_variable_in_a_resource_is_filled_in() {
    let Verdict::Refuted(example) = answer(HOME, strangers()) else { panic!("not refuted") };
    let name = example.principal.rsplit('/').next().unwrap().to_owned();
    assert!(example.principal.contains(":user/"), "{}", example.principal);
    assert!(example.resource.starts_with(&format!("arn:aws:s3:::data/home/{name}/")), "{}", example.resource);
}

#[test]
fn a_variable_in_a_resource_limits_all_values() {
    let elsewhere = Scope::All(vec![strangers(), Scope::not(Scope::Below("home/".to_owned()))]);
    assert_eq!(answer(HOME, elsewhere), Verdict::Proved);
}

#[test]
fn what_one_statement_allows_and_another_denies_alike_is_denied() {
    let deny = HOME.replace("Allow", "Deny");
    assert_eq!(answer(&format!("{HOME}, {deny}"), strangers()), Verdict::Proved);
}

#[test]
fn tags_that_must_be_equal_are() {
    let own = r#"{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*",
        "Condition": {"StringNotEquals": {"s3:ExistingObjectTag/team": "${aws:PrincipalTag/team}"}}}"#;
    let blue = Scope::All(vec![
        Scope::key_is("aws:PrincipalTag/team", ["blue"]),
        Scope::not(Scope::key_is("s3:ExistingObjectTag/team", ["blue"])),
    ]);
    assert_eq!(answer(own, blue), Verdict::Proved);
    let Verdict::Refuted(example) = answer(own, Scope::All(Vec::new())) else { panic!("not refuted") };
    assert_eq!(
        example.context.get("s3:ExistingObjectTag/team"),
        example.context.get("aws:PrincipalTag/team")
    );
}

#[test]
fn a_list_is_shown_and_replayed() {
    let tagged = r#"{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*",
        "Condition": {"ForAnyValue:StringNotEquals": {"aws:TagKeys": ["team", "cost"]}}}"#;
    let with_team =
        Scope::All(vec![Scope::key_is("aws:TagKeys", ["team"]), Scope::key_is("aws:TagKeys", ["cost"])]);
    let Verdict::Refuted(example) = answer(tagged, with_team) else { panic!("not refuted") };
    let mut tags = example.context["aws:TagKeys"].clone();
    tags.sort();
    assert_eq!(tags, ["cost", "team"]);
    assert_eq!(answer(tagged, Scope::key_is("aws:TagKeys", ["other"])), Verdict::Proved);
}

/// What strangers may do where they are allowed under one condition and denied under another.
fn allowed_but_denied(allow: &str, deny: &str) -> Verdict {
    let statement = |effect: &str, condition: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {{{condition}}}}}"#
        )
    };
    answer(&format!("{}, {}", statement("Allow", allow), statement("Deny", deny)), strangers())
}

#[test]
fn one_key_as_a_text_and_as_what_its_type_is() {
    for (allow, deny, shown) in [
        (r#""StringEquals": {"s3:max-keys": "10"}"#, r#""NumericLessThan": {"s3:max-keys": "100"}"#, None),
        (
            r#""StringEquals": {"s3:max-keys": "10"}"#,
            r#""NumericLessThan": {"s3:max-keys": "5"}"#,
            Some(("s3:max-keys", "10")),
        ),
        // AWS makes the moment itself, and there are digits in it.
        (
            r#""StringEquals": {"aws:CurrentTime": "noon"}"#,
            r#""DateLessThan": {"aws:CurrentTime": "1970-01-01"}"#,
            None,
        ),
        (r#""StringLike": {"aws:SourceIp": "10.*"}"#, r#""IpAddress": {"aws:SourceIp": "10.0.0.0/8"}"#, None),
        (
            r#""StringLike": {"aws:SourceIp": "10.*"}"#,
            r#""IpAddress": {"aws:SourceIp": "10.0.0.0/16"}"#,
            Some(("aws:SourceIp", "10.1.0.0")),
        ),
        (
            r#""IpAddress": {"aws:SourceIp": "10.0.0.0/8"}"#,
            r#""StringNotEquals": {"aws:SourceIp": ["11.0.0.1", "12.0.0.1"]}"#,
            None,
        ),
        (
            r#""StringEquals": {"aws:EpochTime": "1798761600"}"#,
            r#""DateGreaterThan": {"aws:CurrentTime": "2026-12-31"}"#,
            None,
        ),
        (
            r#""StringLike": {"aws:CurrentTime": "2027-*"}"#,
            r#""DateGreaterThan": {"aws:CurrentTime": "2028-12-31"}"#,
            Some(("aws:CurrentTime", "2027-06-15T12:00:00Z")),
        ),
        // A tag is a text, and a number where it can be read as one.
        (
            r#""StringEquals": {"aws:PrincipalTag/level": "3"}"#,
            r#""NumericLessThan": {"aws:PrincipalTag/level": "10"}"#,
            None,
        ),
        (
            r#""StringLike": {"aws:PrincipalTag/level": "3*"}"#,
            r#""NumericLessThan": {"aws:PrincipalTag/level": "2"}"#,
            Some(("aws:PrincipalTag/level", "3")),
        ),
        (
            r#""DateGreaterThan": {"aws:PrincipalTag/until": "2027-01-01"}"#,
            r#""StringEquals": {"aws:PrincipalTag/until": "2026-01-01"}"#,
            Some(("aws:PrincipalTag/until", "2027-01-01T00:00:01Z")),
        ),
        (
            r#""StringEquals": {"aws:ResourceAccount": "123456789012"}"#,
            r#""NumericEquals": {"aws:ResourceAccount": "123456789012"}"#,
            None,
        ),
    ] {
        match (allowed_but_denied(allow, deny), shown) {
            (Verdict::Proved, None) => {}
            (Verdict::Refuted(example), Some((key, value))) => {
                assert_eq!(example.context.get(key), Some(&vec![value.to_owned()]), "{allow} {deny}");
            }
            (verdict, _) => panic!("{allow} {deny}: {verdict:?}"),
        }
    }
}

#[test]
fn what_hangs_on_how_a_value_is_spelled_is_unknown_by_name() {
    for (allow, deny, why) in [
        // Ten may be spelled otherwise.
        (
            r#""NumericEquals": {"s3:max-keys": "10"}"#,
            r#""StringLike": {"s3:max-keys": ["10", "9", "11", "0", "1000"]}"#,
            "how AWS spells s3:max-keys is not documented, and StringLike",
        ),
        // AWS may write a moment so, and then it is one that is not read here.
        (
            r#""StringEquals": {"aws:CurrentTime": "20270101T000000Z"}"#,
            r#""Null": {"s3:prefix": "false"}"#,
            "how AWS spells aws:CurrentTime is not documented, and StringEquals",
        ),
        // What is no number may be less than five and not less than ten.
        (
            r#""NumericLessThan": {"aws:PrincipalTag/level": "5"}"#,
            r#""NumericLessThan": {"aws:PrincipalTag/level": "10"}"#,
            "aws:PrincipalTag/level may hold a value that NumericLessThan cannot read (policy.json:1 (",
        ),
        (
            r#""NumericEquals": {"aws:CurrentTime": "1"}"#,
            r#""Null": {"aws:CurrentTime": "true"}"#,
            "aws:CurrentTime may hold a value that NumericEquals cannot read (policy.json:1 (",
        ),
        (
            r#""BinaryEquals": {"aws:x": "TWFu"}"#,
            r#""StringEquals": {"aws:x": "TWFu"}"#,
            "which bytes aws:x is for BinaryEquals is not documented (policy.json:1 (",
        ),
        // Whoever asks may leave the number out, or write none.
        (
            r#""StringEquals": {"s3:max-keys": "ten"}"#,
            r#""NumericLessThan": {"s3:max-keys": "1"}"#,
            "how AWS spells s3:max-keys is not documented, and StringEquals",
        ),
        // Whether it is an address of the network is not documented.
        (
            r#""StringEquals": {"aws:PrincipalTag/from": "::ffff:10.0.0.1"}"#,
            r#""IpAddress": {"aws:PrincipalTag/from": "10.0.0.0/8"}"#,
            "aws:PrincipalTag/from may hold a value that IpAddress cannot read (policy.json:1 (",
        ),
    ] {
        match allowed_but_denied(allow, deny) {
            Verdict::Unknown(reason) => assert!(reason.contains(why), "{reason}"),
            verdict => panic!("{allow} {deny}: {verdict:?}"),
        }
    }
}

#[test]
fn a_variable_may_be_an_address_or_a_time() {
    let statement = r#"{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
        "Condition": {"StringEquals": {"s3:prefix": "at/${aws:SourceIp}"}, "NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}"#;
    let Verdict::Refuted(example) = answer(statement, strangers()) else { panic!("not refuted") };
    assert_eq!(example.context["s3:prefix"], [format!("at/{}", example.context["aws:SourceIp"][0])]);
    let elsewhere = Scope::All(vec![strangers(), Scope::key_is("s3:prefix", ["elsewhere"])]);
    assert_eq!(answer(statement, elsewhere), Verdict::Proved);
}

/// A statement for strangers whose `aws:PrincipalArn` is like one of these.
fn like(effect: &str, operator: &str, arns: &str) -> String {
    format!(
        r#"{{"Effect": "{effect}", "Principal": "*", "Action": "*", "Resource": "*",
            "Condition": {{"{operator}": {{"aws:PrincipalArn": {arns}}}}}}}"#
    )
}

#[test]
fn a_caller_is_one_that_iam_can_have() {
    let arn = |rest: &str| format!("arn:aws:iam::999999999999:{rest}");
    let character = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    for wanted in [
        "role/deploy*",
        "role/deploy-?",
        "role/deploy/*",
        "role/*/deploy",
        "user/d?",
        "role/De+,*@example.com",
    ] {
        let allow = like("Allow", "ArnLike", &format!("{:?}", arn(wanted)));
        let Verdict::Refuted(example) = answer(&allow, strangers()) else { panic!("{wanted}") };
        let name = example.principal.rsplit('/').next().unwrap();
        assert!(!name.is_empty() && name.chars().all(character), "{wanted}: {}", example.principal);
        let start = arn(wanted.split(['*', '?']).next().unwrap());
        assert!(example.principal.starts_with(&start), "{wanted}: {}", example.principal);
    }
    for impossible in ["role/deploy/", "role/a b", "role/", "user/a:b", "role/d$", "root/x"] {
        let allow = like("Allow", "ArnLike", &format!("{:?}", arn(impossible)));
        // What a service has there is open.
        let scope = Scope::All(vec![strangers(), Scope::not(Scope::AnyService)]);
        assert_eq!(answer(&allow, scope), Verdict::Proved, "{impossible}");
    }
}

#[test]
fn a_tag_that_does_not_matter_is_not_shown() {
    let of_tag = r#""arn:aws:iam::999999999999:role/${aws:PrincipalTag/x}""#;
    let both = r#"["arn:aws:iam::999999999999:role/${aws:PrincipalTag/x}", "arn:aws:iam::999999999999:role/deploy"]"#;
    let any = r#"{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}"#;
    let mut out = String::new();
    for statements in [
        like("Allow", "ArnLike", of_tag),
        like("Allow", "ArnLike", both),
        format!("{any}, {}", like("Deny", "ArnLike", of_tag)),
        format!("{any}, {}", like("Deny", "ArnNotLike", of_tag)),
        format!("{any}, {}", like("Deny", "ArnNotLike", both)),
        format!("{any}, {}", like("Deny", "StringNotLike", both)),
    ] {
        match answer(&statements, strangers()) {
            Verdict::Refuted(example) => {
                out += &format!("{} {:?}\n", example.principal, example.context);
            }
            other => out += &format!("{other:?}\n"),
        }
    }
    insta::assert_snapshot!(out, @r#"
    arn:aws:iam::999999999999:role/blue {"aws:PrincipalTag/x": ["blue"]}
    arn:aws:iam::999999999999:role/deploy {}
    arn:aws:iam::999999999999:role/any-other-role {}
    arn:aws:iam::999999999999:role/blue {"aws:PrincipalTag/x": ["blue"]}
    arn:aws:iam::999999999999:role/deploy {}
    arn:aws:iam::999999999999:role/deploy {}
    "#);
}
