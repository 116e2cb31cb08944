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
    let mut keys = variables(model, &model.buckets[0], ["s3:GetObject".to_owned()].into());
    let leg = Resource::Object { prefix: "arn:aws:s3:::data/".to_owned() };
    let denied = lower_document(&document, &mut keys, &leg, &AccessPoint::Direct).denied;
    let rules = related(&mut keys, model, [&denied, &Formula::Const(true)]);
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
