//! The matchers of ARNs and texts, against ones that are slow and plain.

use narrows_iam::{
    Context, Document, DocumentKind, Entry, EvaluationContext, Principal, Request, Truth, evaluate,
    parse_text,
};
use narrows_model::{Source, Symbols};
use narrows_prover::solve::{Bound, Formula, Glob, Limits, Outcome, Pattern, Problem};
use serde_json::json;

pub(super) const WORDS: &[&str] =
    &["arn:aws:s3:::", "*", "?", ":", "/", "\n", "**", "*:", ":*", "?*", "ab", "é"];

/// A pattern and a text: what stands before and after the first line break. Without `$` and quotes, which a policy's text has
/// other uses for, and of private use characters, which stand for unknown values.
fn parts(bytes: &[u8]) -> Option<(String, String)> {
    let text = String::from_utf8_lossy(bytes);
    let (pattern, value) = text.split_once('\n')?;
    let plain = |c: &char| !c.is_control() && !narrows_model::is_symbol(*c) && *c != '$';
    let take = |text: &str, most| text.chars().filter(plain).take(most).collect::<String>();
    // Six wildcards: the plain matcher tries every way to share out the text.
    let (mut wildcards, limit) = (0, 6);
    let few = |c: &char| {
        wildcards += usize::from(*c == '*');
        *c != '*' || wildcards <= limit
    };
    Some((take(pattern, 48).chars().filter(few).collect(), take(value, 48)))
}

/// Whether a glob matches; a wildcard does not match a colon before the pattern's fifth, save a `*` before a colon if it
/// `runs_on`.
fn matches(pattern: &[char], text: &[char], colons: usize, fields: bool, runs_on: bool) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return text.is_empty() };
    let free = !fields || colons >= 5 || (runs_on && *first == '*' && rest.first() == Some(&':'));
    let next = |text: &[char], colons| matches(rest, text, colons, fields, runs_on);
    match first {
        '*' => {
            let stop = text.iter().position(|c| *c == ':' && !free).unwrap_or(text.len());
            (0..=stop).any(|count| next(&text[count..], colons))
        }
        '?' => text.split_first().is_some_and(|(c, text)| (*c != ':' || free) && next(text, colons)),
        own => text
            .split_first()
            .is_some_and(|(c, text)| c == own && next(text, colons + usize::from(*own == ':'))),
    }
}

fn policy(statement: serde_json::Value) -> Option<Document> {
    let text = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
    // The parser may refuse a pattern, as it does an empty one.
    parse_text(&Source::file("policy.json", text), DocumentKind::Identity).ok().map(|parsed| parsed.document)
}

fn truth(document: &Document, resource: &str, key: Option<&str>) -> Truth {
    let mut context = Context::default();
    if let Some(text) = key {
        context.set("s3:prefix", Entry::Value(text.to_owned()));
    }
    let request = Request {
        principal: Principal::User { arn: "arn:aws:iam::123456789012:user/ann".to_owned() },
        action: "s3:GetObject".to_owned(),
        resource: resource.to_owned(),
        context,
    };
    evaluate(document, &request, &EvaluationContext::new(&Symbols::default())).allowed.truth
}

/// `Resource` and ARN operators.
pub(super) fn arn_matcher(bytes: &[u8]) {
    let Some((pattern, text)) = parts(bytes) else { return };
    let (glob, own): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let complete = glob.iter().filter(|c| **c == ':').count() >= 5;
    let in_fields = |runs_on| matches(&glob, &own, 0, true, runs_on);
    let resource = json!({"Effect": "Allow", "Action": "*", "Resource": pattern});
    if let Some(document) = policy(resource) {
        let said = truth(&document, &text, None);
        let wanted = match complete {
            _ if pattern == "*" => Truth::Yes,
            true => Truth::from_bounds(in_fields(false), in_fields(true)),
            // An incomplete ARN matches nothing for sure.
            false => Truth::from_bounds(false, said.hi()),
        };
        assert_eq!(said, wanted, "Resource {pattern:?} on {text:?}");
    }
    let condition = json!({"ArnLike": {"s3:prefix": pattern}});
    if let Some(document) =
        policy(json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}))
    {
        let said = truth(&document, "arn:aws:s3:::data/k", Some(&text));
        let wanted = match complete {
            _ if pattern == "*" => Truth::Yes,
            true => in_fields(false).into(),
            false => Truth::from_bounds(false, said.hi()),
        };
        assert_eq!(said, wanted, "ArnLike {pattern:?} on {text:?}");
    }
}

/// `StringLike`, by the evaluator and by the prover's automata.
pub(super) fn glob_matcher(bytes: &[u8]) {
    let Some((pattern, text)) = parts(bytes) else { return };
    let (glob, own): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let wanted = matches(&glob, &own, 0, false, false);
    let condition = json!({"StringLike": {"s3:prefix": pattern}});
    let like = json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition});
    if let Some(document) = policy(like) {
        let said = truth(&document, "arn:aws:s3:::data/k", Some(&text));
        assert_eq!(said, wanted.into(), "StringLike {pattern:?} on {text:?}");
    }
    let mut problem = Problem::new(Limits::default(), narrows_prover::solve::Symbols::new());
    let value = problem.text("value", vec![vec![Glob::any()]], false, Vec::new());
    problem.assert(Formula::matches(value, Pattern::literal(&text)), Bound::Lo);
    problem.assert(Formula::matches(value, Pattern::exact(vec![Glob::wildcards(&pattern)])), Bound::Lo);
    match problem.solve(&[]) {
        Outcome::Sat(_) => assert!(wanted, "the prover matches {pattern:?} with {text:?}"),
        Outcome::Unsat => assert!(!wanted, "the prover does not match {pattern:?} with {text:?}"),
        Outcome::TooLarge { what } => panic!("{pattern:?} is too large: {what}"),
    }
}
