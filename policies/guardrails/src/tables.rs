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
use narrows_iam::{
    Context, Document, DocumentKind, Entry, EvaluationContext, Principal, Request, Truth, evaluate,
    parse_text, scalar,
};
use narrows_model::{Kind, Partition, ResourceId, Source, Symbols};
use narrows_prover::vacuous::{Holder, vacuous};
use narrows_prover::{AccessModel, Bucket, BucketAcl, Endpoint, Identity, Mrap, Policy, Scope, Verdict};
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
    for Shipped { id, tests, .. } in SHIPPED.iter().filter(|shipped| shipped.id != STATEMENTS) {
        let guardrail = all().iter().find(|guardrail| guardrail.id == *id).unwrap();
        let rows: Vec<Value> = serde_json::from_str(tests).unwrap_or_else(|error| panic!("{id}: {error}"));
        let mut seen = [0, 0];
        for row in &rows {
            let name = format!("{id}: {}", row["name"].as_str().unwrap());
            let asking = Asking { resource: facts(&row["declared"]).into(), subject: subject(&row["about"]) };
            let (way, request, key) = request(row);
            let wanted = row["in_scope"].as_bool().unwrap();
            translate(&asking, &way, &request, key.as_deref(), &BTreeSet::new(), Some(&schema))
                .unwrap_or_else(|error| panic!("{name}: the schema does not have such a request: {error}"));
            let cedar = in_scope(guardrail, &asking, &way, &request, key.as_deref()).unwrap();
            assert_eq!(cedar, wanted, "{name}: Cedar's authorizer");
            let lowered = guardrail.policies().iter().any(|policy| {
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

/// The guardrail whose table is one of statements: its scope has every request.
const STATEMENTS: &str = "not-vacuous";

/// A model in which a policy of this statement is held by such a holder.
fn holding(of: &str, statement: &Value) -> (AccessModel, Holder, Document) {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statement}]}}"#);
    let (kind, holder) = match of {
        "bucket" => (DocumentKind::Resource, Holder::Bucket(0)),
        "mrap" => (DocumentKind::Resource, Holder::Mrap(0)),
        "endpoint" => (DocumentKind::Endpoint, Holder::Endpoint(0)),
        "role" => (DocumentKind::Identity, Holder::Role(0)),
        other => panic!("`{other}` has no policies"),
    };
    let document = parse_text(&Source::file("policy.json", text), kind).unwrap().document;
    let policy = |own: &str| match own == of {
        true => Policy::Document { name: "policy".to_owned(), document: document.clone() },
        false => Policy::None,
    };
    let subject = |kind: &str, name: &str| narrows_prover::Subject {
        kind: kind.to_owned(),
        name: name.to_owned(),
        address: String::new(),
    };
    let account = || Some("123456789012".to_owned());
    let model = AccessModel {
        symbols: Symbols::default(),
        partition: Partition::Aws,
        buckets: vec![Bucket {
            subject: subject("bucket", "data"),
            name: "data".to_owned(),
            arn: "arn:aws:s3:::data".to_owned(),
            account: account(),
            region: None,
            account_assumed: false,
            name_is_known: false,
            policy: policy("bucket"),
            ownership: None,
            acl: BucketAcl::Absent,
            public_access_block: None,
            mraps: vec![0],
            replication: None,
            encryption: None,
        }],
        mraps: vec![Mrap {
            subject: subject("multi-region access point", "m"),
            arn: MRAP.to_owned(),
            account: account(),
            policy: policy("mrap"),
            in_input: true,
        }],
        endpoints: vec![Endpoint {
            subject: subject("vpc endpoint", "vpce-0a1b2c3d"),
            id: "vpce-0a1b2c3d".to_owned(),
            policy: policy("endpoint"),
            gateway: false,
            resource: ResourceId::new(Kind::VpcEndpoint, "endpoint"),
        }],
        identities: vec![Identity {
            policies: if of == "role" { vec![policy("role")] } else { Vec::new() },
            ..Identity::new("arn:aws:iam::123456789012:role/app")
        }],
        keys: Vec::new(),
        controls: Vec::new(),
        remarks: Vec::new(),
        unused: Vec::new(),
        findings: Vec::new(),
        as_of: "2026-11-23".parse::<narrows_model::date::Date>().unwrap().epoch_seconds(),
        cache: narrows_prover::Cache::default(),
    };
    (model, holder, document)
}

#[test]
fn the_table_of_statements_is_what_the_prover_and_the_evaluator_say() {
    let Shipped { tests, .. } = SHIPPED.iter().find(|shipped| shipped.id == STATEMENTS).unwrap();
    let guardrail = all().iter().find(|guardrail| guardrail.id == STATEMENTS).unwrap();
    let rows: Vec<Value> = serde_json::from_str(tests).unwrap();
    let mut seen = [0, 0];
    for row in &rows {
        let name = row["name"].as_str().unwrap();
        let of = row["of"].as_str().unwrap();
        let (model, holder, document) = holding(of, &row["statement"]);
        let (way, mut request, key) = request(row);
        let asking = Asking { resource: facts(&Value::Null).into(), subject: Facts::new() };
        let in_scope = in_scope(guardrail, &asking, &way, &request, key.as_deref());
        assert_eq!(in_scope, Ok(true), "{name}: every request is in its scope");
        if of == "mrap" {
            request.resource = match &key {
                Some(key) => format!("{MRAP}/object/{key}"),
                None => MRAP.to_owned(),
            };
        }
        let matches = row["matches"].as_bool().unwrap();
        let evaluated = evaluate(&document, &request, &EvaluationContext::new(&model.symbols));
        let wanted = if matches { Truth::Yes } else { Truth::No };
        assert_eq!(evaluated.trace[0].truth, wanted, "{name}: the evaluator");
        match vacuous(&model, holder).verdict {
            Verdict::Proved => assert!(matches, "{name}: the prover finds a request"),
            Verdict::Vacuous(idle) => {
                assert!(!matches, "{name}: the prover says that {}", idle[0].reason);
                assert_eq!(idle[0].reason, row["reason"].as_str().unwrap(), "{name}");
            }
            other => panic!("{name}: {other:?}"),
        }
        seen[usize::from(matches)] += 1;
    }
    assert!(seen.iter().all(|count| *count >= 3), "{seen:?} statements without and with a request");
}

/// The tag is spelled as the guardrail spells it, and IAM reads the name of the key in any case.
#[test]
fn tags_of_callers_are_read_in_any_case() {
    let text = "@id(\"x\")\nforbid (principal is Role, action, resource)\n\
                when { principal.hasTag(\"Team\") && principal.getTag(\"Team\") == \"storage\" };\n";
    let [guardrail] = Loader::new("x.cedar", text).validated().unwrap().try_into().unwrap();
    let asking = Asking { resource: facts(&Value::Null).into(), subject: Facts::new() };
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
        let scope = Lowering::new(&asking, &Way::Direct).policy(&guardrail.policies()[0].tree).unwrap();
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

/// What nothing in a deployment can be makes no part of a guardrail say nothing.
#[test]
fn what_cannot_be_is_refused() {
    let fault = |head: &str, when: &str| {
        let text = format!("@id(\"x\")\nforbid ({head})\nwhen {{ {when} }};\n");
        Loader::new("x.cedar", &text).validated().map(|_| ()).map_err(|fault| fault.message)
    };
    let any = "principal, action, resource";
    for (head, when) in [
        (any, r#"action == Action::"data" || principal is Anonymous"#),
        (any, r#"action != Action::"new-paths""#),
        (
            r#"principal == Role::"arn:aws:sts::123456789012:assumed-role/app/session", action, resource"#,
            "true",
        ),
        (any, r#"principal == Role::"arn:aws:iam::123456789012:role/*" || principal is Anonymous"#),
        (any, r#"principal in Account::"12345""#),
        (any, r#"principal in Organization::"acme""#),
        (any, r#"principal == Service::"logging""#),
        (any, r#"principal == Anonymous::"nobody""#),
        (any, r#"resource in Bucket::"arn:aws:s3:::data""#),
        (r#"principal, action, resource in Bucket::"Data""#, "true"),
        (any, "resource is Object && resource.key like \"\u{F0000}*\""),
        (any, "resource.name == \"\u{F0001}\" || principal is Anonymous"),
    ] {
        assert!(fault(head, when).is_err(), "{head} {when}");
    }
    assert_eq!(fault(any, r#"action in Action::"data" || principal == Anonymous::"anonymous""#), Ok(()));
    assert_eq!(
        fault(any, r#"resource in Bucket::"arn:aws:s3:::data""#).unwrap_err(),
        "`x`: in `Bucket::\"arn:aws:s3:::data\"`: `arn:aws:s3:::data` is not a bucket name: expected only lower-case letters, digits, dots and hyphens (it has `:`)"
    );
}

/// Policies with one id are one guardrail, about one kind of subject.
#[test]
fn policies_of_one_guardrail_do_not_contradict_each_other() {
    let of = |second: &str| {
        let text = format!(
            "@id(\"x\")\n@each(\"bucket\")\nforbid (principal is Anonymous, action, resource);\n@id(\"x\")\n{second}\nforbid (principal is Service, action, resource);\n"
        );
        Loader::new("x.cedar", &text)
            .validated()
            .map(|_| ())
            .map_err(|fault| (fault.message, text.get(fault.span.unwrap()).unwrap().to_owned()))
    };
    assert_eq!(of(""), Ok(()));
    assert_eq!(of("@each(\"bucket\")"), Ok(()));
    assert_eq!(
        of("@each(\"grant\")"),
        Err(("`x` has two @each: \"bucket\" and \"grant\"".to_owned(), "@each(\"grant\")".to_owned()))
    );
    assert_eq!(of("@caller(\"anything\")").unwrap_err().1, "@caller(\"anything\")");
    assert_eq!(of("@severty(\"low\")").unwrap_err().1, "@severty(\"low\")");
}

/// In the schema services and anonymous callers have no tags, whatever a request says.
#[test]
fn services_have_no_tags() {
    let text = "@id(\"x\")\nforbid (principal, action, resource) unless { principal.hasTag(\"team\") };\n";
    let [guardrail] = Loader::new("x.cedar", text).validated().unwrap().try_into().unwrap();
    let asking = Asking { resource: facts(&Value::Null).into(), subject: Facts::new() };
    for (who, wanted) in [("arn:aws:iam::123456789012:role/app", false), ("logging.s3.amazonaws.com", true)] {
        let mut context = Context::default();
        context.set("aws:PrincipalTag/team", Entry::Value("storage".to_owned()));
        let request = Request {
            principal: principal(who),
            action: "s3:GetObject".to_owned(),
            resource: "arn:aws:s3:::data/k".to_owned(),
            context,
        };
        let scope = Lowering::new(&asking, &Way::Direct).policy(&guardrail.policies()[0].tree).unwrap();
        assert_eq!(scope.holds(&request, Some("k")) == Truth::Yes, wanted, "{who}");
    }
}
