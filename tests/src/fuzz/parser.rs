//! The IAM parser: it never panics, and what it reads it prints so that it reads the same again.

use crate::generate;
use arbitrary::Unstructured;
use narrows_iam::{DocumentKind, EvaluationContext, evaluate, parse_text, print};
use narrows_model::{Source, Symbols};

pub(super) const WORDS: &[&str] = &[
    "\"Statement\"",
    "\"Version\"",
    "\"2012-10-17\"",
    "\"Effect\"",
    "\"Allow\"",
    "\"Deny\"",
    "\"Principal\"",
    "\"NotPrincipal\"",
    "\"Action\"",
    "\"NotAction\"",
    "\"Resource\"",
    "\"NotResource\"",
    "\"Condition\"",
    "\"AWS\"",
    "\"Null\"",
    "\"StringLike\"",
    "\"ForAllValues:",
    "IfExists\"",
    "\"IpAddress\"",
    "\"DateLessThan\"",
    "\"Bool\"",
    "${",
    "${aws:username, 'x'}",
    "${*}",
    "}",
    "{",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "*",
    "?",
    "arn:aws:s3:::",
    "\\u0000",
    "\\ud800",
    "1e400",
    "-0",
    "null",
    "true",
    "0.0.0.0/33",
    "::/129",
    "9999-99-99",
    "é",
];

pub(super) fn iam_parser(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for kind in [DocumentKind::Resource, DocumentKind::Identity, DocumentKind::Trust, DocumentKind::Endpoint]
    {
        let Ok(parsed) = parse_text(&Source::file("policy.json", text.as_ref()), kind) else { continue };
        let printed = print(&parsed.document);
        let again = match parse_text(&Source::file("policy.json", printed.as_str()), kind) {
            Ok(again) => again.document,
            Err(error) => panic!("{error} in {printed}, printed of {text}"),
        };
        assert_eq!(print(&again), printed, "printed of {text}");
        let symbols = Symbols::default();
        let request =
            generate::request(&mut Unstructured::new(bytes)).unwrap_or_else(|error| panic!("{error}"));
        let context = EvaluationContext::new(&symbols);
        let (before, after) =
            (evaluate(&parsed.document, &request, &context), evaluate(&again, &request, &context));
        assert_eq!(
            (before.denied, before.by_name, before.by_role, before.by_account),
            (after.denied, after.by_name, after.by_role, after.by_account),
            "{printed} and {text}"
        );
    }
}
