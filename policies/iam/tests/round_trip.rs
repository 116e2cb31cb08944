//! What is printed parses to an equal document.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod generate;

use narrows_iam::{DocumentKind, parse, parse_text, print};
use narrows_model::{Attribute, Deployment, Kind, Part, ResourceId, Source, Symbols, Text, Value, json};
use proptest::prelude::*;

fn literal(text: &Text) -> narrows_model::SmolStr {
    text.to_string().into()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printed_documents_parse_to_the_same(value in generate::document(DocumentKind::Resource)) {
        let document = parse(&value, DocumentKind::Resource, &mut literal).unwrap();
        let printed = print(&document);
        let again = parse_text(&Source::file("p.json", printed.as_str()), DocumentKind::Resource).unwrap().document;
        prop_assert_eq!(&again, &document);
        prop_assert_eq!(print(&again), printed);
    }

    #[test]
    fn identity_documents_too(value in generate::document(DocumentKind::Identity)) {
        let document = parse(&value, DocumentKind::Identity, &mut literal).unwrap();
        let again = parse_text(&Source::file("p.json", print(&document)), DocumentKind::Identity).unwrap().document;
        prop_assert_eq!(again, document);
    }

    /// Neither JSON of any shape nor text that is nearly a policy makes the parser panic.
    #[test]
    fn near_policies_never_panic(value in generate::document(DocumentKind::Resource), cut in 0usize..600, insert in "[\"\\[\\]{},:*$ ]{0,3}") {
        let mut text: Vec<char> = value.to_string().chars().collect();
        let at = cut % text.len();
        text.splice(at..(at + 2).min(text.len()), insert.chars());
        let source = Source::file("p.json", String::from_iter(text));
        for kind in [DocumentKind::Resource, DocumentKind::Identity, DocumentKind::Trust, DocumentKind::Endpoint] {
            if let Err(error) = parse_text(&source, kind) {
                prop_assert!(!error.to_string().is_empty());
                prop_assert!(error.location.source().is_some());
            }
        }
    }
}

#[test]
fn canonical_form() {
    let text = r#"{"Statement": {"Condition": {"arnnotequals": {"S3:dataaccesspointarn": ["arn:aws:s3::123456789012:accesspoint/m.mrap"]},
        "NumericLessThan": {"s3:TlsVersion": 1.20}, "Bool": {"aws:SecureTransport": false}},
        "Principal": {"Service": "s3.amazonaws.com", "AWS": ["123456789012", "arn:aws:iam::123456789012:role/a/b"]},
        "NotAction": ["s3:*"], "NotResource": ["arn:aws:s3:::b\"", "*"], "Effect": "Deny", "Sid": ""}, "Id": "x"}"#;
    let document = parse_text(&Source::file("p.json", text), DocumentKind::Resource).unwrap().document;
    insta::assert_snapshot!(print(&document), @r#"
    {
      "Id": "x",
      "Statement": [
        {
          "Sid": "",
          "Effect": "Deny",
          "Principal": {
            "Service": "s3.amazonaws.com",
            "AWS": [
              "123456789012",
              "arn:aws:iam::123456789012:role/a/b"
            ]
          },
          "NotAction": "s3:*",
          "NotResource": [
            "arn:aws:s3:::b\"",
            "*"
          ],
          "Condition": {
            "ArnNotEquals": {
              "S3:dataaccesspointarn": "arn:aws:s3::123456789012:accesspoint/m.mrap"
            },
            "NumericLessThan": {
              "s3:TlsVersion": "1.20"
            },
            "Bool": {
              "aws:SecureTransport": "false"
            }
          }
        }
      ]
    }
    "#);
}

#[test]
fn references_become_symbols_and_places_lead_back_to_the_file() {
    let alias = ResourceId::new(Kind::MultiRegionAccessPoint, "data").attribute(Attribute::Alias);
    let source = Source::file("main.tf.json", r#"{"policy": "…"}"#);
    let place = json::parse(&source).unwrap().get("policy").unwrap().location.clone();
    let text = Text::literal(r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3::123456789012:accesspoint/"#)
        .then(alias)
        .then_literal("/object/*\"}}");
    let mut value = Value::text(text);
    value.location = place;
    let (mut symbols, deployment) = (Symbols::default(), Deployment::default());
    let document =
        parse(&value, DocumentKind::Resource, &mut |text| symbols.resolve(&deployment, text)).unwrap();
    let pattern = &document.statements[0].resource.as_ref().unwrap().patterns[0];
    let shown = symbols.show(&pattern.spelled);
    assert!(shown.starts_with("arn:aws:s3::123456789012:accesspoint/${"), "{shown}");
    assert_eq!(pattern.location.in_file().to_string(), "main.tf.json:1 (policy)");
}

#[test]
fn structure_that_is_only_known_after_deployment_is_told_apart() {
    let unknown = || Value::text(Text::unknown("local.policy"));
    let mixed = Text::literal("{\"Statement\": [").then(Text::unknown("local.more")).then_literal("]}");
    let statement = |name: &str, by: Value| {
        let element = |element: &str, value: &str| {
            (element.to_owned(), if name == element { by.clone() } else { Value::text(value) })
        };
        let mut members = vec![
            element("Effect", "Deny"),
            element("Principal", "*"),
            element("Action", "*"),
            element("Resource", "*"),
        ];
        if name == "Condition" {
            members.push(("Condition".to_owned(), by.clone()));
        }
        Value::object([("Statement", Value::object(members))])
    };
    let cases = [
        unknown(),
        Value::text(mixed),
        Value::object([("Statement", unknown())]),
        Value::object([("Statement", Value::list([unknown()]))]),
        Value::object([("Version", unknown()), ("Statement", unknown())]),
        statement("Effect", unknown()),
        statement("Condition", unknown()),
        statement("Condition", Value::object([("StringEquals", unknown())])),
    ];
    let mut symbols = Symbols::default();
    let deployment = Deployment::default();
    let mut resolve = |text: &Text| symbols.resolve(&deployment, text);
    for value in cases {
        let error = parse(&value, DocumentKind::Resource, &mut resolve).unwrap_err();
        assert!(error.is_unknown(), "{error}");
        assert!(matches!(error.unknown(), Some("local.policy" | "local.more")), "{error}");
    }
    // Where one value is unknown, the structure is not.
    for name in ["Principal", "Action", "Resource"] {
        let document = parse(&statement(name, unknown()), DocumentKind::Resource, &mut resolve).unwrap();
        assert_eq!(document.statements.len(), 1);
    }
    let wrong = Value::object([("Statement", Value::text(Text::from_iter([Part::literal("x")])))]);
    assert!(!parse(&wrong, DocumentKind::Resource, &mut resolve).unwrap_err().is_unknown());
}
