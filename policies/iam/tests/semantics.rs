//! Laws that hold for every document and request.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod generate;

use narrows_iam::{
    Context, Document, DocumentKind, Entry, EvaluationContext, Principal, Request, Truth, Values, evaluate,
    parse,
};
use narrows_model::resources::ec2::{EndpointType, VpcEndpoint};
use narrows_model::resources::s3::PublicAccessBlock;
use narrows_model::resources::s3control::MultiRegionAccessPoint;
use narrows_model::{
    Attribute, Body, Deployment, Input, Kind, Location, Resource, ResourceId, Symbols, Text, VpcId,
};
use proptest::prelude::*;
use proptest::sample::select;

/// Access points `data` and `other`, and endpoints `a` and `b`, none of them created yet.
fn deployment() -> Deployment {
    let mut deployment = Deployment::default();
    let mut add = |name: &str, body: Body| {
        let id = ResourceId::new(body.kind(), name);
        let (address, location) = (Default::default(), Location::none());
        deployment
            .add(Resource { id, region: None, body, depends_on: Vec::new(), address, location })
            .unwrap();
    };
    for name in ["data", "other"] {
        add(
            name,
            Body::MultiRegionAccessPoint(MultiRegionAccessPoint {
                name: Input::known(name.parse().unwrap()),
                account: None,
                buckets: Vec::new(),
                public_access_block: PublicAccessBlock::ALL,
                alias: None,
            }),
        );
    }
    for name in ["a", "b"] {
        let vpc: VpcId = "vpc-0a1b2c3d".parse().unwrap();
        add(
            name,
            Body::VpcEndpoint(VpcEndpoint {
                vpc: Input::known(vpc),
                service_name: VpcEndpoint::MRAP_SERVICE.to_owned(),
                endpoint_type: EndpointType::Interface,
                private_dns: true,
                subnets: Vec::new(),
                security_groups: Vec::new(),
                policy: None,
                id: None,
            }),
        );
    }
    deployment
}

fn principal() -> impl Strategy<Value = Principal> {
    let arn = |rest: &str| format!("arn:aws:{rest}");
    select(vec![
        Principal::Anonymous,
        Principal::Service("s3.amazonaws.com".to_owned()),
        Principal::Root { partition: "aws".to_owned(), account: "123456789012".parse().unwrap() },
        Principal::User { arn: arn("iam::123456789012:user/path/bob") },
        Principal::Role { arn: arn("iam::123456789012:role/app"), session: "one".to_owned() },
        Principal::FederatedUser { arn: arn("sts::123456789012:federated-user/bob") },
    ])
}

const KEYS: [(&str, &[&str]); 8] = [
    ("s3:prefix", &["a", "A", "", "ab", "k/bob", "${}x"]),
    (
        "s3:DataAccessPointArn",
        &["arn:aws:s3::123456789012:accesspoint/m.mrap", "arn:aws:s3:us-east-1:123456789012:accesspoint/m"],
    ),
    ("aws:PrincipalTag/t", &["a", "nobody"]),
    ("aws:SourceIp", &["10.1.2.3", "192.0.2.1", "2001:db8::1"]),
    ("aws:SecureTransport", &["true", "false"]),
    ("s3:TlsVersion", &["1.2", "1.3", "10"]),
    ("aws:CurrentTime", &["2026-11-23T00:00:00Z", "2028-01-01T00:00:00Z"]),
    ("aws:x", &["TWFu", "TWE="]),
];

fn entry(values: &'static [&'static str]) -> impl Strategy<Value = Option<Entry>> {
    prop::option::of(select(values.to_vec()).prop_map(|text| Entry::Value(text.to_owned())))
}

fn request() -> BoxedStrategy<Request> {
    let resource = select(vec![
        "arn:aws:s3:::b",
        "arn:aws:s3:::b/k",
        "arn:aws:s3:::b/bob",
        "arn:aws:s3::123456789012:accesspoint/m.mrap/object/k",
    ]);
    let keys: Vec<_> = KEYS.into_iter().map(|(key, values)| (Just(key), entry(values))).collect();
    (principal(), select(vec!["s3:GetObject", "s3:ListBucket"]), resource, keys)
        .prop_map(|(principal, action, resource, keys)| {
            let mut context = Context::default();
            for (key, entry) in keys {
                if let Some(entry) = entry {
                    context.set(key, entry);
                }
            }
            Request { principal, action: action.to_owned(), resource: resource.to_owned(), context }
        })
        .boxed()
}

fn document() -> impl Strategy<Value = Document> {
    generate::document(DocumentKind::Resource).prop_map(|value| {
        parse(&value, DocumentKind::Resource, &mut |text: &Text| text.to_string().into()).unwrap()
    })
}

fn denied(document: &Document, request: &Request, symbols: &Symbols) -> Truth {
    evaluate(document, request, &EvaluationContext::new(symbols)).denied.truth
}

/// What each element of each statement says, the whole document's answer last.
fn answers(document: &Document, request: &Request, symbols: &Symbols) -> Vec<(Truth, String)> {
    let found = evaluate(document, request, &EvaluationContext::new(symbols));
    let elements = found.trace.into_iter().flat_map(|statement| statement.elements);
    let mut answers: Vec<_> = elements.map(|element| (element.truth, element.reason)).collect();
    answers.extend([(found.denied.truth, "denied".to_owned()), (found.allowed.truth, "allowed".to_owned())]);
    answers
}

/// Fails if an answer about less says something that the answer about more contradicts.
fn covers(less: &[(Truth, String)], more: &[(Truth, String)]) -> Result<(), TestCaseError> {
    prop_assert_eq!(less.len(), more.len());
    for ((open, why), (exact, because)) in less.iter().zip(more) {
        prop_assert!(*open == Truth::Maybe || open == exact, "{open:?} ({why}) but {exact:?} ({because})");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// The complement of an action or resource clause is its negation, but for absent variables.
    #[test]
    fn not_action_and_not_resource_are_complements(mut document in document(), request in request()) {
        let symbols = Symbols::default();
        let context = EvaluationContext::new(&symbols);
        let before = evaluate(&document, &request, &context);
        for statement in &mut document.statements {
            statement.action.negated = !statement.action.negated;
            let clause = statement.resource.as_mut().unwrap();
            clause.negated = !clause.negated;
        }
        let after = evaluate(&document, &request, &context);
        for ((before, after), statement) in before.trace.iter().zip(&after.trace).zip(&document.statements) {
            for (before, after) in before.elements.iter().zip(&after.elements) {
                use narrows_iam::Element::{Action, Resource};
                let void = statement.resource.as_ref().unwrap().patterns.iter().any(|p| p.spelled.contains("username"));
                if before.element == Action || (before.element == Resource && !void) {
                    prop_assert_eq!(before.truth, !after.truth, "{} / {}", before.reason, after.reason);
                }
            }
        }
    }

    /// A negated operator is the negation of the positive one wherever the key has one value, and true where it is absent.
    #[test]
    fn negated_operators_are_complements_where_the_key_is_there(mut document in document(), request in request()) {
        let symbols = Symbols::default();
        let context = EvaluationContext::new(&symbols);
        let before = evaluate(&document, &request, &context);
        for condition in document.statements.iter_mut().flat_map(|statement| &mut statement.conditions) {
            condition.operator.negated = !condition.operator.negated;
        }
        let after = evaluate(&document, &request, &context);
        for ((before, after), statement) in before.trace.iter().zip(&after.trace).zip(&document.statements) {
            let skipped = before.elements.len() - statement.conditions.len();
            let pairs = before.elements.iter().zip(&after.elements).skip(skipped);
            for ((before, after), condition) in pairs.zip(&statement.conditions) {
                let variable = matches!(&condition.values, Values::Text(patterns) if patterns.iter().any(|p| p.spelled.contains("${aws")));
                let typed = condition.operator.quantifier.is_none()
                    && condition.operator.family != narrows_iam::Family::Null;
                if typed && !variable {
                    let there = request.context.get(&condition.key).is_some() || (condition.key.as_str() == "aws:principalarn" && request.principal.arn().is_some());
                    if there {
                        prop_assert_eq!(before.truth, !after.truth, "{} / {}", before.reason, after.reason);
                    }
                }
            }
        }
    }

    /// Saying less about a key never changes a definite answer.
    #[test]
    fn open_keys_only_take_certainty(document in document(), request in request(), which in prop::collection::vec(0u8..3, KEYS.len())) {
        let symbols = Symbols::default();
        let mut vague = request.clone();
        for ((key, _), how) in KEYS.iter().zip(which) {
            let known = request.context.get(&narrows_iam::ConditionKey::new(key));
            match (how, known) {
                (0, _) => vague.context.set(key, Entry::Open),
                (1, Some(Entry::Value(text))) => vague.context.set(key, Entry::Perhaps(text.clone())),
                (1, _) => vague.context.set(key, Entry::Perhaps("a".to_owned())),
                _ => {}
            }
        }
        covers(&answers(&document, &vague, &symbols), &answers(&document, &request, &symbols))?;
    }

    /// A definite answer about a symbol holds for a value of its shape.
    #[test]
    fn symbols_stand_for_every_value(value in generate::document(DocumentKind::Resource), request in request(), alias in "[a-z][a-z0-9]{0,4}|m") {
        let mut symbols = Symbols::default();
        let deployment = deployment();
        let id = ResourceId::new(Kind::MultiRegionAccessPoint, "data").attribute(Attribute::Alias);
        let symbolic = symbols.resolve(&deployment, &id.into());
        let literal = |text: &Text| text.to_string();
        let document = parse(&value, DocumentKind::Resource, &mut |text: &Text| literal(text).replace("m.mrap", &symbolic).into()).unwrap();
        let concrete = parse(&value, DocumentKind::Resource, &mut |text: &Text| literal(text).replace("m.mrap", &format!("{alias}.mrap")).into()).unwrap();
        let put = |by: &str| {
            let mut request = request.clone();
            request.resource = request.resource.replace("m.mrap", by);
            let key = "s3:DataAccessPointArn";
            if let Some(Entry::Value(text)) = request.context.get(&narrows_iam::ConditionKey::new(key)).cloned() {
                request.context.set(key, Entry::Value(text.replace("m.mrap", by)));
            }
            request
        };
        // The document's alias known and the request's not, the reverse, and both the same symbol.
        let known = format!("{alias}.mrap");
        let truth = answers(&concrete, &put(&known), &symbols);
        for (document, request) in [(&document, put(&known)), (&concrete, put(&symbolic)), (&document, put(&symbolic))] {
            covers(&answers(document, &request, &symbols), &truth)?;
        }
    }
}

#[test]
fn a_symbol_equals_itself_and_differs_from_other_resources() {
    let (mut symbols, deployment) = (Symbols::default(), deployment());
    let mut arn = |name: &str| {
        let id = ResourceId::new(Kind::MultiRegionAccessPoint, name).attribute(Attribute::Alias);
        format!("arn:aws:s3::123456789012:accesspoint/{}", symbols.resolve(&deployment, &id.into()))
    };
    let (own, other) = (arn("data"), arn("other"));
    let unknown = symbols.opaque("var.arn").to_string();
    let mut endpoint = |name: &str| {
        let id = ResourceId::new(Kind::VpcEndpoint, name).attribute(Attribute::Id);
        symbols.resolve(&deployment, &id.into())
    };
    let (vpce, second) = (endpoint("a"), endpoint("b"));
    let known = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";
    let is = |operator: &str, wanted: &str, got: &str| {
        let text = format!(
            r#"{{"Statement": {{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {{"{operator}": {{"s3:DataAccessPointArn": "WANTED"}}}}}}}}"#
        );
        let source = narrows_model::Source::file("p.json", text);
        let value = narrows_model::json::parse(&source).unwrap();
        let document = parse(&value, DocumentKind::Resource, &mut |text: &Text| {
            text.to_string().replace("WANTED", wanted).into()
        })
        .unwrap();
        let mut context = Context::default();
        context.set("s3:DataAccessPointArn", Entry::Value(got.to_owned()));
        let (action, resource) = ("s3:GetObject".to_owned(), "arn:aws:s3:::b/k".to_owned());
        denied(&document, &Request { principal: Principal::Anonymous, action, resource, context }, &symbols)
    };
    use Truth::{Maybe, No, Yes};
    for operator in ["ArnEquals", "StringEquals"] {
        assert_eq!(is(operator, &own, &own), Yes);
        assert_eq!(is(operator, &own, &other), No);
        assert_eq!(is(operator, &own, known), Maybe);
        assert_eq!(is(operator, known, &own), Maybe);
        assert_eq!(is(operator, &own, "arn:aws:s3:us-east-1:123456789012:accesspoint/regional"), No);
        assert_eq!(is(operator, &unknown, known), Maybe);
        assert_eq!(is(operator, &unknown, &unknown), Yes);
        assert_eq!(is(operator, &own, &unknown), Maybe);
        assert_eq!(is(operator, &vpce, &second), No);
        assert_eq!(is(operator, &vpce, "vpce-0a1b2c3d"), Maybe);
        assert_eq!(is(operator, &vpce, "vpce-0a1b2c3x"), No);
        assert_eq!(is(operator, &vpce, "vpce-0a1b"), No, "too short for an endpoint's id");
    }
    assert_eq!(is("ArnLike", "arn:aws:s3::123456789012:accesspoint/*", &own), Yes);
    assert_eq!(is("ArnLike", "arn:aws:s3::123456789012:accesspoint/*.mrap", &own), Yes);
    assert_eq!(is("ArnLike", "arn:aws:s3:us-*:123456789012:accesspoint/*", &own), No);
    assert_eq!(is("ArnLike", "arn:aws:s3::123456789012:accesspoint/m*", &own), Maybe);
    assert_eq!(is("ArnLike", "arn:aws:s3::123456789012:accesspoint/*-*", &own), No);
}
