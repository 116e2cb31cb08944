//! One guardrail on one bucket policy, from the parsed policy to the verdict.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a benchmark may stop at what cannot happen"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use narrows_guardrails::{Guardrails, judge};
use narrows_model::date::Date;
use narrows_model::intent::{Exempt, Exemption, Membership};
use narrows_model::resources::{Body, s3};
use narrows_model::{Deployment, Input, Intent, Kind, Location, Partition, Resource, ResourceId, Source};
use narrows_prover::AccessModel;
use std::hint::black_box;

const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [
 {"Sid": "OnlyThroughMrap", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::data-eu/*",
  "Condition": {"ArnNotEquals": {"s3:DataAccessPointArn": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
                                 "aws:PrincipalArn": "arn:aws:iam::123456789012:role/replication"}}},
 {"Sid": "OnlyThroughMrapList", "Effect": "Deny", "Principal": "*",
  "Action": ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"], "Resource": "arn:aws:s3:::data-eu",
  "Condition": {"ArnNotEquals": {"s3:DataAccessPointArn": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
                                 "aws:PrincipalArn": "arn:aws:iam::123456789012:role/replication"}}},
 {"Sid": "OnlyOverTls", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
  "Resource": ["arn:aws:s3:::data-eu", "arn:aws:s3:::data-eu/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
 {"Sid": "App", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:role/app"},
  "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::data-eu/*"}]}"#;

const MRAP: &str = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";
const EXEMPT: &str = "arn:aws:iam::123456789012:role/replication";

/// A bucket with one policy, and what its owner declares.
struct Case {
    deployment: Deployment,
    intent: Intent,
    today: Date,
}

impl Case {
    fn new(policy: &str) -> Self {
        let value = narrows_model::json::parse(&Source::file("policy.json", policy)).unwrap();
        let mut deployment = Deployment::new(None, Partition::Aws);
        let bucket = Input::known("data-eu".parse().unwrap());
        deployment
            .add(Resource {
                id: ResourceId::new(Kind::BucketPolicy, "policy"),
                region: None,
                body: Body::BucketPolicy(s3::BucketPolicy { bucket, policy: value }),
                depends_on: Vec::new(),
                address: String::new().into(),
                location: Location::none(),
            })
            .unwrap();
        let exemption = Exemption {
            who: Exempt::Role(EXEMPT.parse().unwrap()),
            reason: "replication".to_owned(),
            expires: None,
        };
        let membership =
            Membership { bucket: "data-eu".parse().unwrap(), mraps: vec![MRAP.parse().unwrap()] };
        let intent = Intent {
            account: Some("123456789012".parse().unwrap()),
            exemptions: vec![exemption],
            memberships: vec![membership],
            ..Intent::default()
        };
        Self { deployment, intent, today: "2026-11-23".parse().unwrap() }
    }

    fn model(&self) -> AccessModel {
        AccessModel::build(&self.deployment, &self.intent, self.today).unwrap()
    }
}

/// The policy above with so many statements more; no two alike, half of them with a condition.
fn with_statements(count: usize) -> String {
    let mut policy: serde_json::Value = serde_json::from_str(POLICY).unwrap();
    let statements = policy.get_mut("Statement").and_then(|it| it.as_array_mut()).unwrap();
    for number in statements.len()..count {
        let mut statement = serde_json::json!({
            "Sid": format!("Team{number}"), "Effect": "Allow",
            "Principal": {"AWS": format!("arn:aws:iam::123456789012:role/team-{number}")},
            "Action": if number % 3 == 0 { "s3:PutObject" } else { "s3:GetObject" },
            "Resource": format!("arn:aws:s3:::data-eu/team-{number}/*"),
        });
        if number % 2 == 0 {
            statement["Condition"] =
                serde_json::json!({"StringEquals": {"aws:PrincipalTag/team": format!("team-{number}")}});
        }
        statements.push(statement);
    }
    policy.to_string()
}

/// What ruins solvers of strings: runs of `?`, any case, and globs that overlap.
fn with_hard_patterns() -> String {
    let mut policy: serde_json::Value = serde_json::from_str(POLICY).unwrap();
    let statements = policy.get_mut("Statement").and_then(|it| it.as_array_mut()).unwrap();
    let keys = [
        "????????-????-????-????-????????????/*",
        "*/????????/*.parquet",
        "*a*b*c*",
        "*-eu-*-?????",
        "logs/*/*/*/??/*",
    ];
    for (number, key) in keys.iter().enumerate() {
        statements.push(serde_json::json!({
            "Sid": format!("Keys{number}"), "Effect": if number % 2 == 0 { "Deny" } else { "Allow" }, "Principal": "*",
            "Action": ["s3:GetObject", "s3:PutObject"], "Resource": format!("arn:aws:s3:::data-eu/{key}"),
            "Condition": {"StringEqualsIgnoreCase": {"aws:PrincipalTag/Environment": ["Production", "STAGING", "test"]},
                          "ArnLike": {"aws:PrincipalArn": [format!("arn:aws:iam::*:role/*-{number}-??"), "arn:aws:iam::*:role/*svc*"]}},
        }));
    }
    policy.to_string()
}

fn guardrails(criterion: &mut Criterion) {
    let case = Case::new(POLICY);
    let model = case.model();
    for guardrail in ["only-through-mrap", "tls-only"] {
        let one = Guardrails::shipped().only(&[guardrail]);
        criterion.bench_function(&format!("one policy, {guardrail}"), |bencher| {
            bencher.iter(|| judge(black_box(&case.model()), &case.intent, &one, case.today));
        });
    }
    criterion.bench_function("one policy, access model", |bencher| bencher.iter(|| black_box(&case).model()));
    let all = Guardrails::shipped();
    criterion.bench_function("one policy, all guardrails, what is alike decided before", |bencher| {
        bencher.iter(|| judge(black_box(&model), &case.intent, &all, case.today));
    });
    let policies = [
        ("one policy", POLICY.to_owned()),
        ("100 statements", with_statements(100)),
        ("1,000 statements", with_statements(1000)),
        ("hard patterns", with_hard_patterns()),
    ];
    let mut group = criterion.benchmark_group("all guardrails");
    group.sample_size(10);
    for (name, policy) in policies {
        let case = Case::new(&policy);
        group.bench_function(name, |bencher| {
            bencher.iter(|| judge(&black_box(&case).model(), &case.intent, &all, case.today));
        });
    }
    group.finish();
}

criterion_group!(benches, guardrails);
criterion_main!(benches);
