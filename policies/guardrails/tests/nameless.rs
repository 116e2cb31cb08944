//! Many buckets that differ in names only are decided together: each verdict is the one that the bucket gets by itself.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use narrows_guardrails::{Guardrails, Report, judge};
use narrows_model::intent::TlsVersion;
use narrows_model::resources::s3control::{MrapBucket, MultiRegionAccessPoint};
use narrows_model::resources::{Body, s3};
use narrows_model::{
    Deployment, Input, Intent, Kind, Location, Partition, Resource, ResourceId, Source, Text, Value,
};
use narrows_prover::AccessModel;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// How many buckets one MRAP has.
const MEMBERS: usize = 2;

/// Ways to write a bucket's policy: as it should be, and with something wrong or something that names tell apart.
const POLICIES: [&str; 8] = [
    "good",
    "no deny of listing",
    "no tls",
    "a pattern of some names",
    "a pattern of all access points",
    "a name in a key",
    "a statement that nothing matches",
    "a foreign account",
];

fn name(mrap: usize, member: usize) -> String {
    // One name begins with another.
    format!("data-{mrap}{}", ["", "0-eu"][member])
}

fn policy(bucket: &str, arn: &str, way: usize) -> String {
    let through = match way {
        4 => r#"{"ArnNotLike": {"s3:DataAccessPointArn": "arn:aws:s3::123456789012:accesspoint/*"}}"#
            .to_owned(),
        _ => format!(r#"{{"ArnNotEquals": {{"s3:DataAccessPointArn": "{arn}"}}}}"#),
    };
    let objects = if way == 3 { "data-1*/*".to_owned() } else { format!("{bucket}/*") };
    let mut statements = vec![format!(
        r#"{{"Sid": "Objects{}", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::{objects}", "Condition": {through}}}"#,
        bucket.len()
    )];
    if way != 1 {
        statements.push(format!(
            r#"{{"Effect": "Deny", "Principal": "*", "Action": "s3:ListBucket*", "Resource": "arn:aws:s3:::{bucket}", "Condition": {through}}}"#
        ));
    }
    if way != 2 {
        statements.push(format!(
            r#"{{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::{bucket}", "arn:aws:s3:::{bucket}/*"],
                "Condition": {{"Bool": {{"aws:SecureTransport": "false"}}}}}}"#
        ));
    }
    let more = match way {
        5 => format!(r#""Principal": {{"AWS": "123456789012"}}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{bucket}/{bucket}/*""#),
        6 => r#""Principal": {"AWS": "123456789012"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data-10-eu/*""#.to_owned(),
        7 => format!(r#""Principal": {{"AWS": "999999999999"}}, "Action": "s3:PutBucketPolicy", "Resource": "arn:aws:s3:::{bucket}""#),
        _ => format!(r#""Principal": {{"AWS": "123456789012"}}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{bucket}/*""#),
    };
    statements.push(format!(r#"{{"Effect": "Allow", {more}}}"#));
    format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "))
}

/// The MRAPs of these numbers, each with its buckets and the ways in which their policies are written; of the even ones nobody
/// knows the alias yet.
fn deployment(mraps: &BTreeMap<usize, [usize; MEMBERS]>) -> Deployment {
    let mut deployment = Deployment::new(Some("123456789012".parse().unwrap()), Partition::Aws);
    let mut add = |label: String, body: Body| {
        let resource = Resource {
            id: ResourceId::new(body.kind(), label),
            region: None,
            body,
            depends_on: Vec::new(),
            address: String::new().into(),
            location: Location::none(),
        };
        deployment.add(resource).unwrap();
    };
    for (mrap, ways) in mraps {
        let id = ResourceId::new(Kind::MultiRegionAccessPoint, format!("mrap-{mrap}"));
        let mut buckets = Vec::new();
        for (member, way) in ways.iter().enumerate() {
            let name = name(*mrap, member);
            let bucket = || Input::known(name.parse().unwrap());
            let known = format!("arn:aws:s3::123456789012:accesspoint/mfzwi23gnjv{mrap}w.mrap");
            let text = policy(&name, if mrap % 2 == 0 { "MRAP" } else { &known }, *way);
            let mut value = narrows_model::json::parse(&Source::file("policy.json", text)).unwrap();
            put(&mut value, &id);
            buckets.push(MrapBucket { bucket: bucket(), account: None });
            add(name.clone(), Body::Bucket(s3::Bucket { name: Some(bucket()), force_destroy: false }));
            add(name.clone(), Body::BucketPolicy(s3::BucketPolicy { bucket: bucket(), policy: value }));
        }
        let alias = (mrap % 2 == 1).then(|| format!("mfzwi23gnjv{mrap}w.mrap").parse().unwrap());
        let mrap = MultiRegionAccessPoint {
            name: Input::known(format!("mrap-{mrap}").parse().unwrap()),
            account: None,
            buckets,
            public_access_block: s3::PublicAccessBlock::ALL,
            alias,
        };
        add(id.name.clone(), Body::MultiRegionAccessPoint(mrap));
    }
    deployment
}

/// Puts a reference to the MRAP's ARN in the place of `MRAP`.
fn put(value: &mut Value, mrap: &ResourceId) {
    use narrows_model::ValueKind::{List, Object, Text as Spelled};
    match &mut value.kind {
        Spelled(text) if text.as_literal() == Some("MRAP") => *text = Text::from(mrap.arn()),
        List(items) => items.make_mut().iter_mut().for_each(|item| put(item, mrap)),
        Object(members) => members.make_mut().iter_mut().for_each(|member| put(&mut member.value, mrap)),
        _ => {}
    }
}

fn report(mraps: &BTreeMap<usize, [usize; MEMBERS]>) -> Report {
    let intent = Intent { minimum_tls: Some(TlsVersion::V1_2), ..Intent::default() };
    let as_of = "2026-11-23".parse().unwrap();
    let model = AccessModel::build(&deployment(mraps), &intent, as_of).unwrap();
    judge(&model, &intent, &Guardrails::shipped(), as_of)
}

fn word(verdict: &narrows_prover::Verdict) -> &'static str {
    use narrows_prover::Verdict::{Proved, Refuted, Unknown, Vacuous};
    match verdict {
        Proved => "proved",
        Refuted(_) => "refuted",
        Vacuous(_) => "vacuous",
        Unknown(_) => "unknown",
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn together_each_gets_the_verdict_that_it_gets_alone(
        ways in prop::collection::vec([prop_oneof![3 => Just(0_usize), 2 => 0..POLICIES.len()], prop_oneof![3 => Just(0_usize), 2 => 0..POLICIES.len()]], 6..10)
    ) {
        let all: BTreeMap<usize, [usize; MEMBERS]> = ways.into_iter().enumerate().collect();
        let together = report(&all);
        let mut seen = 0;
        for (mrap, ways) in &all {
            let alone = report(&BTreeMap::from([(*mrap, *ways)]));
            for own in &alone.verdicts {
                let same = together.verdicts.iter().find(|it| it.guardrail == own.guardrail && it.subject == own.subject);
                let Some(same) = same else { return Err(TestCaseError::fail(format!("{} is not asked of {:?}", own.guardrail, own.subject))) };
                seen += 1;
                prop_assert_eq!(word(&same.verdict), word(&own.verdict), "{} {:?} {:?}\n{:?}\n{:?}", own.guardrail, own.subject, ways.map(|way| POLICIES[way]), same.verdict, own.verdict);
                prop_assert_eq!(&same.assumptions, &own.assumptions, "{} {:?}", own.guardrail, own.subject);
                prop_assert_eq!(&same.remarks, &own.remarks, "{} {:?}", own.guardrail, own.subject);
                prop_assert_eq!(&same.exemptions, &own.exemptions);
            }
        }
        prop_assert_eq!(seen, together.verdicts.len());
    }
}
