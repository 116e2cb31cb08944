//! The tables beside the shipped guardrails: requests that each is about, and requests that it is not.
//!
//! Both Cedar's authorizer and the lowering have to say what the table says.

use crate::facts::{Asking, Fact, Facts};
use crate::load::Loader;
use crate::lower::{Lowering, Way};
use crate::replay::{in_scope, translate};
use crate::schema::SCHEMA;
use crate::shipped::{SHIPPED, Shipped, all};
use cedar_policy::Schema;
use narrows_iam::{Context, Entry, Principal, Request, Truth, scalar};
use narrows_prover::Scope;
use serde_json::Value;
use std::collections::BTreeSet;

const MRAP: &str = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

/// The callers with these names: ARNs, and services.
fn callers(value: &Value) -> Fact {
    let (services, arns): (Vec<_>, Vec<_>) =
        strings(value).into_iter().partition(|name| name.contains(".amazonaws."));
    Fact::Principals(Scope::Any(vec![Scope::Service(services), Scope::PrincipalArn(arns)]))
}

fn facts(declared: &Value) -> Facts {
    let mut facts = Facts::from([
        ("account", Fact::Account("123456789012".to_owned())),
        ("acls", Fact::Bool(false)),
        ("declared", Fact::Principals(Scope::PrincipalAccount(vec!["123456789012".to_owned()]))),
        ("exempt", callers(&Value::Array(Vec::new()))),
        ("mraps", Fact::Texts(vec![MRAP.to_owned()])),
        ("name", Fact::Text("data".to_owned())),
    ]);
    for (name, value) in declared.as_object().into_iter().flatten() {
        let text = || value.as_str().unwrap().to_owned();
        let (name, fact) = match name.as_str() {
            "acls" => ("acls", Fact::Bool(value.as_bool().unwrap())),
            "declared" => ("declared", Fact::Principals(Scope::PrincipalAccount(strings(value)))),
            "deployer" => ("deployer", callers(&Value::Array(vec![value.clone()]))),
            "endpoints" => ("endpoints", Fact::Texts(strings(value))),
            "exempt" => ("exempt", callers(value)),
            "minimumTls" => ("minimumTls", Fact::Decimal(scalar::number(&text()).unwrap())),
            "organization" => ("organization", Fact::Organization(text())),
            other => panic!("`{other}` is not declared of a bucket"),
        };
        facts.insert(name, fact);
    }
    facts
}

fn subject(given: &Value) -> Facts {
    let mut subject = Facts::new();
    if let Some(grant) = given.get("grant") {
        let flag = |name: &str| Fact::Bool(grant["access"].as_str().unwrap().contains(name));
        let covers = match grant.get("prefix") {
            Some(prefix) => Scope::Below(prefix.as_str().unwrap().to_owned()),
            None => Scope::everything(),
        };
        let record = Facts::from([
            ("covers", Fact::When(covers)),
            ("deletes", flag("delete")),
            ("reads", flag("read")),
            ("role", Fact::Role(grant["role"].as_str().unwrap().to_owned())),
            ("writes", flag("write")),
        ]);
        subject.insert("grant", Fact::Record(record));
    }
    if let Some(replication) = given.get("replication") {
        let record = Facts::from([
            ("role", Fact::Role(replication["role"].as_str().unwrap().to_owned())),
            ("source", Fact::Bool(replication["source"].as_bool().unwrap())),
        ]);
        subject.insert("replication", Fact::Record(record));
    }
    if let Some(role) = given.get("role") {
        let actions = strings(&role["declared"]);
        let record = Facts::from([
            ("declared", Fact::When(Scope::Action(actions))),
            ("role", Fact::Role(role["role"].as_str().unwrap().to_owned())),
        ]);
        subject.insert("role", Fact::Record(record));
    }
    subject
}

fn principal(name: &str) -> Principal {
    let arn = name.to_owned();
    match name {
        "anonymous" => Principal::Anonymous,
        _ if name.contains(".amazonaws.") => Principal::Service(arn),
        _ if name.contains(":role/") => Principal::Role { arn, session: "session".to_owned() },
        _ if name.contains(":user/") => Principal::User { arn },
        _ if name.ends_with(":root") => {
            let account = name.split(':').nth(4).unwrap().parse().unwrap();
            Principal::Root { partition: "aws".to_owned(), account }
        }
        _ => Principal::FederatedUser { arn },
    }
}

/// A row as Narrows and Cedar take it.
fn request(row: &Value) -> (Way, Request, Option<String>) {
    let key = row.get("key").map(|key| key.as_str().unwrap().to_owned());
    let way = match row["route"].as_str().unwrap() {
        "direct" => Way::Direct,
        "mrap" => Way::Mrap(MRAP.to_owned()),
        "access-point" => Way::AccessPoint,
        other => panic!("`{other}` is no route"),
    };
    let mut context = Context::default();
    context.set("aws:SecureTransport", Entry::Value("true".to_owned()));
    context.set("aws:ViaAWSService", Entry::Value("false".to_owned()));
    if let Way::Mrap(arn) = &way {
        context.set("s3:DataAccessPointArn", Entry::Value(arn.clone()));
    }
    for (name, value) in row.get("context").and_then(Value::as_object).into_iter().flatten() {
        let entry = match value {
            Value::Array(_) => Entry::Values(strings(value)),
            one => Entry::Value(one.as_str().unwrap().to_owned()),
        };
        context.set(name, entry);
    }
    let resource = match &key {
        Some(key) => format!("arn:aws:s3:::data/{key}"),
        None => "arn:aws:s3:::data".to_owned(),
    };
    let action = row["action"].as_str().unwrap().to_owned();
    (
        way,
        Request { principal: principal(row["principal"].as_str().unwrap()), action, resource, context },
        key,
    )
}

#[test]
fn cedar_and_the_lowering_say_what_each_table_says() {
    let (schema, _) = Schema::from_cedarschema_str(SCHEMA).unwrap();
    for Shipped { id, tests, .. } in SHIPPED {
        let guardrail = all().iter().find(|guardrail| guardrail.id == *id).unwrap();
        let rows: Vec<Value> = serde_json::from_str(tests).unwrap_or_else(|error| panic!("{id}: {error}"));
        let mut seen = [0, 0];
        for row in &rows {
            let name = format!("{id}: {}", row["name"].as_str().unwrap());
            let asking = Asking { resource: facts(&row["declared"]), subject: subject(&row["about"]) };
            let (way, request, key) = request(row);
            let wanted = row["in_scope"].as_bool().unwrap();
            translate(&asking, &way, &request, key.as_deref(), &BTreeSet::new(), Some(&schema))
                .unwrap_or_else(|error| panic!("{name}: the schema does not have such a request: {error}"));
            let cedar = in_scope(guardrail, &asking, &way, &request, key.as_deref()).unwrap();
            assert_eq!(cedar, wanted, "{name}: Cedar's authorizer");
            let lowered = guardrail.policies.iter().any(|policy| {
                let scope = Lowering::new(&asking, &way).policy(&policy.tree).unwrap();
                let (objects, buckets) = &policy.actions;
                objects.iter().chain(&**buckets).any(|action| *action == request.action)
                    && scope.holds(&request, key.as_deref()) == Truth::Yes
            });
            assert_eq!(lowered, wanted, "{name}: the lowering");
            seen[usize::from(wanted)] += 1;
        }
        assert!(seen.iter().all(|count| *count >= 2), "{id}: {seen:?} rows outside and inside its scope");
    }
}

/// The tag is spelled as the guardrail spells it, and IAM reads the name of the key in any case.
#[test]
fn tags_of_callers_are_read_in_any_case() {
    let text = "@id(\"x\")\nforbid (principal is Role, action, resource)\n\
                when { principal.hasTag(\"Team\") && principal.getTag(\"Team\") == \"storage\" };\n";
    let [guardrail] = Loader::new("x.cedar", text).validated().unwrap().try_into().unwrap();
    let asking = Asking { resource: facts(&Value::Null), subject: Facts::new() };
    for (value, wanted) in [("storage", true), ("web", false)] {
        let mut context = Context::default();
        context.set("aws:PrincipalTag/team", Entry::Value(value.to_owned()));
        let request = Request {
            principal: principal("arn:aws:iam::123456789012:role/app"),
            action: "s3:GetObject".to_owned(),
            resource: "arn:aws:s3:::data/k".to_owned(),
            context,
        };
        assert_eq!(in_scope(&guardrail, &asking, &Way::Direct, &request, Some("k")), Ok(wanted));
        let scope = Lowering::new(&asking, &Way::Direct).policy(&guardrail.policies[0].tree).unwrap();
        assert_eq!(scope.holds(&request, Some("k")) == Truth::Yes, wanted);
    }
}

#[test]
fn a_group_is_entered_and_equals_no_action() {
    let read = |head: &str| {
        let text = format!("@id(\"x\")\nforbid (principal, action {head}, resource);\n");
        Loader::new("x.cedar", &text).validated().map(|_| ()).map_err(|fault| fault.to_string())
    };
    assert_eq!(read("in Action::\"data\""), Ok(()));
    assert_eq!(
        read("== Action::\"data\""),
        Err("x.cedar: `x`: `Action::\"data\"` is a group of actions, which no action equals: write `action in Action::\"data\"`".to_owned())
    );
    assert!(read("== Action::\"s3:Fly\"").is_err());
}
