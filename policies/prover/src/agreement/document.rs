//! One document on one leg.

use super::generate::{ACCOUNT, BUCKET, MRAP, Parts, Way, decided, document, parts};
use crate::access::{AccessModel, Bucket, BucketAcl, Mrap, Policy, Subject};
use crate::lower::{AccessPoint, Grants, INSTANT, Keys, Resource, Sort, lower_document, read, signed_point};
use crate::scene;
use crate::solve::{Bound, Formula, Glob, Outcome, Pattern, Predicate};
use narrows_iam::{
    Context, DocumentKind, Entry, Evaluation, EvaluationContext, Principal, Request, Truth, evaluate,
    parse_text,
};
use narrows_model::{Partition, Source, Symbols};
use proptest::prelude::*;

/// A model of one bucket behind one MRAP, of one account.
pub(super) fn model() -> AccessModel {
    let subject = |kind: &str, name: &str| Subject {
        kind: kind.to_owned(),
        name: name.to_owned(),
        address: String::new(),
    };
    let bucket = Bucket {
        subject: subject("bucket", "data"),
        name: "data".to_owned(),
        arn: BUCKET.to_owned(),
        account: Some(ACCOUNT.to_owned()),
        region: None,
        account_assumed: false,
        name_is_known: false,
        policy: Policy::None,
        ownership: None,
        acl: BucketAcl::Absent,
        public_access_block: None,
        mraps: vec![0],
        replication: None,
        encryption: None,
    };
    let mrap = Mrap {
        subject: subject("multi-region access point", "mrap"),
        arn: MRAP.to_owned(),
        account: Some(ACCOUNT.to_owned()),
        policy: Policy::None,
        in_input: true,
    };
    AccessModel {
        symbols: Symbols::default(),
        partition: Partition::Aws,
        buckets: vec![bucket],
        mraps: vec![mrap],
        endpoints: Vec::new(),
        identities: Vec::new(),
        controls: Vec::new(),
        keys: Vec::new(),
        remarks: Vec::new(),
        unused: Vec::new(),
        findings: Vec::new(),
        as_of: 1_795_392_000,
        cache: Default::default(),
    }
}

pub(super) fn parse(text: &str, kind: DocumentKind) -> narrows_iam::Document {
    match parse_text(&Source::file("policy.json", text), kind) {
        Ok(parsed) => parsed.document,
        Err(error) => panic!("{error} in {text}"),
    }
}

/// The condition keys of a leg, as the evaluator takes them.
pub(super) fn context(parts: &Parts, own_leg: bool) -> Context {
    let mut context = Context::default();
    for (key, value) in &parts.keys {
        context.set(key, Entry::Value(value.clone()));
    }
    for (key, values) in &parts.lists {
        context.set(key, Entry::Values(values.clone()));
    }
    let point = match &parts.way {
        Way::Direct => None,
        Way::Mrap => Some((MRAP.to_owned(), "Internet")),
        Way::Other { arn, origin } => Some((arn.clone(), *origin)),
    };
    if let Some((arn, origin)) = point {
        let entry = if own_leg { Entry::Perhaps } else { Entry::Value };
        let account = arn.split(':').nth(4).unwrap_or_default().to_owned();
        context.set("s3:DataAccessPointAccount", entry(account));
        context.set("s3:DataAccessPointArn", entry(arn));
        context.set("s3:AccessPointNetworkOrigin", entry(origin.to_owned()));
    }
    for key in ["aws:ResourceAccount", "s3:ResourceAccount"] {
        context.set(key, Entry::Value(ACCOUNT.to_owned()));
    }
    context
}

/// The resource of a leg.
pub(super) fn resource(parts: &Parts, own_leg: bool) -> String {
    match (narrows_iam::actions::is_object_action(parts.action), own_leg) {
        (true, true) => format!("{MRAP}/object/{}", parts.key),
        (true, false) => format!("{BUCKET}/{}", parts.key),
        (false, true) => MRAP.to_owned(),
        (false, false) => BUCKET.to_owned(),
    }
}

/// Gives every variable the request's value; `None` where the request has a value of another type than the policy takes
/// the key for.
fn pin(keys: &mut Keys, via: &AccessPoint, parts: &Parts) -> Option<()> {
    let setting = &keys.setting;
    let is = |var, text: &str| Formula::matches(var, Pattern::literal(text));
    // A variable that the policy never looks at is not made.
    let maybe = |var: Option<_>, text: &str| var.map_or(Formula::Const(true), |var| is(var, text));
    let (kind, rest) = match &parts.principal {
        Principal::Anonymous => ("anonymous", Formula::Const(true)),
        Principal::Service(name) => ("service", maybe(setting.service, name)),
        Principal::Role { arn, session } => {
            ("iam", Formula::and([is(setting.arn, arn), maybe(setting.session, session)]))
        }
        other => ("iam", is(setting.arn, &other.arn().unwrap_or_default())),
    };
    let mut all = vec![is(setting.kind, kind), rest, is(setting.key, parts.key)];
    if let (AccessPoint::Other { arn, origin }, Way::Other { arn: own, origin: from }) = (via, &parts.way) {
        all.extend([is(*arn, own), is(*origin, from)]);
    }
    for (key, (sort, var)) in &keys.free {
        if *sort == Sort::List {
            let list = parts.lists.iter().find(|(name, _)| name.eq_ignore_ascii_case(key.as_str()));
            let leaf = |predicate| Formula::leaf(*var, predicate);
            all.push(list.map_or_else(
                || !Formula::present(*var),
                |(_, texts)| {
                    let globs: Vec<Glob> = texts.iter().map(|text| Glob::literal(text)).collect();
                    let each = texts.iter().map(|text| leaf(Predicate::AnyElement(Pattern::literal(text))));
                    let only = leaf(Predicate::AllElements(Pattern::exact(globs)));
                    Formula::and(each.chain([Formula::present(*var), only]))
                },
            ));
            continue;
        }
        let value = parts.keys.iter().find(|(name, _)| name.eq_ignore_ascii_case(key.as_str()));
        all.push(match (value, *sort) {
            (None, _) => !Formula::present(*var),
            (Some((_, value)), Sort::Text) => is(*var, value),
            (Some((name, value)), sort) => {
                let instant = |value: i128| signed_point(INSTANT, value);
                let range = match *name {
                    "aws:EpochTime" => {
                        let seconds: i128 = value.parse().ok()?;
                        (instant(seconds * 1000), instant(seconds * 1000 + 999))
                    }
                    _ => (read(sort, value)?, read(sort, value)?),
                };
                Formula::leaf(*var, Predicate::Within(vec![range]))
            }
        });
    }
    for ((key, sort), twin) in &keys.twins {
        let value = parts.keys.iter().find(|(name, _)| name.eq_ignore_ascii_case(key.as_str()));
        let Some((_, value)) = value else { continue };
        match (twin.reads, read(*sort, value)) {
            (None, _) => all.push(is(twin.var, value)),
            (Some(reads), None) => all.push(!Formula::leaf(reads, Predicate::True)),
            (Some(reads), Some(point)) => all.extend([
                Formula::leaf(reads, Predicate::True),
                Formula::leaf(twin.var, Predicate::Within(vec![(point, point)])),
            ]),
        }
    }
    keys.problem.assert(Formula::and(all), Bound::Lo);
    Some(())
}

/// Whether a formula holds of the pinned request on a bound.
fn holds(keys: &Keys, formula: &Formula, bound: Bound) -> bool {
    let mut problem = keys.problem.clone();
    problem.assert(formula.clone(), bound);
    match problem.solve(&[]) {
        Outcome::Sat(_) => true,
        Outcome::Unsat => false,
        Outcome::TooLarge { what } => panic!("{what}"),
    }
}

/// Compares the formula of a document with the evaluator; with `exact`, the formula leaves nothing open that the evaluator
/// decides.
fn agree(
    text: &str,
    kind: DocumentKind,
    (parts, own_leg): (&Parts, bool),
    exact: bool,
) -> Result<(), TestCaseError> {
    let mut model = model();
    let document = parse(text, kind);
    // The values that are looked at come from the model's documents.
    model.buckets[0].policy = Policy::Document { name: "policy".to_owned(), document: document.clone() };
    let mut keys = scene::variables(&model, (None, &model.buckets[0]), [parts.action.to_owned()].into());
    let via = match &parts.way {
        Way::Direct => AccessPoint::Direct,
        Way::Mrap => AccessPoint::Mrap { arn: MRAP.to_owned(), account: ACCOUNT.to_owned(), own_leg },
        Way::Other { .. } => {
            scene::access_point(&model, &model.buckets[0], crate::Route::OtherAccessPoint, &mut keys).unwrap()
        }
    };
    let own_leg = own_leg && parts.way == Way::Mrap;
    let object = narrows_iam::actions::is_object_action(parts.action);
    let leg = match (object, own_leg) {
        (true, true) => Resource::Object { prefix: format!("{MRAP}/object/") },
        (true, false) => Resource::Object { prefix: format!("{BUCKET}/") },
        (false, _) => {
            let arn = resource(parts, own_leg);
            Resource::Fixed { var: keys.problem.enumerated("resource", vec![arn.clone()]), arn }
        }
    };
    let Grants { by_name, by_role, by_account, denied } = lower_document(&document, &mut keys, &leg, &via);
    if pin(&mut keys, &via, parts).is_none() {
        return Ok(());
    }
    prop_assert!(
        holds(&keys, &Formula::Const(true), Bound::Hi),
        "the request is outside the variables' languages"
    );
    let request = Request {
        principal: parts.principal.clone(),
        action: parts.action.to_owned(),
        resource: resource(parts, own_leg),
        context: context(parts, own_leg),
    };
    let Evaluation {
        denied: own_denied,
        by_name: own_name,
        by_role: own_role,
        by_account: own_account,
        trace,
        ..
    } = evaluate(&document, &request, &EvaluationContext::new(&model.symbols));
    for (statement, traced) in document.statements.iter().zip(&trace) {
        let truth = narrows_iam::matches(statement, &request, &EvaluationContext::new(&model.symbols));
        prop_assert_eq!(truth, traced.truth, "{}", text);
    }
    for (what, formula, own) in [
        ("denied", denied, own_denied),
        ("by name", by_name, own_name),
        ("by role", by_role, own_role),
        ("by account", by_account, own_account),
    ] {
        let hi = holds(&keys, &formula, Bound::Hi);
        let lo = !holds(&keys, &!formula, Bound::Hi);
        // The formula may leave open what the evaluator decides, never the other way.
        let agrees = match own.truth {
            Truth::Yes => hi && (lo || !exact),
            Truth::No => !lo && (!hi || !exact),
            Truth::Maybe => hi && !lo,
        };
        prop_assert!(
            agrees,
            "{what}: {:?} by the evaluator, lo {lo} hi {hi} by the formula of\n{text}\non {request:#?}",
            own.truth
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, max_shrink_iters: 500, ..ProptestConfig::default() })]

    #[test]
    fn a_resource_policy_says_the_same(text in document(true), parts in parts(), own_leg: bool) {
        agree(&text, DocumentKind::Resource, (&parts, own_leg), false)?;
    }

    #[test]
    fn an_identity_policy_says_the_same(text in document(false), parts in parts(), own_leg: bool) {
        agree(&text, DocumentKind::Identity, (&parts, own_leg), false)?;
    }

    #[test]
    fn what_can_be_decided_is_decided(text in decided(), parts in parts()) {
        // Of names that nothing mentions, only some are looked at.
        let known = !parts.principal.arn().is_some_and(|arn| arn.ends_with("eve"));
        agree(&text, DocumentKind::Identity, (&parts, false), known)?;
    }
}
