//! One guardrail on one bucket policy, from the parsed policy to the verdict.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark may stop at what cannot happen")]

use criterion::{Criterion, criterion_group, criterion_main};
use narrows_guardrails::{Guardrails, judge};
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

fn guardrails(criterion: &mut Criterion) {
    let value = narrows_model::json::parse(&Source::file("policy.json", POLICY)).unwrap();
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
    let mrap = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap".parse().unwrap();
    let role = "arn:aws:iam::123456789012:role/replication".parse().unwrap();
    let intent = Intent {
        exemptions: vec![Exemption {
            who: Exempt::Role(role),
            reason: "replication".to_owned(),
            expires: None,
        }],
        memberships: vec![Membership { bucket: "data-eu".parse().unwrap(), mraps: vec![mrap] }],
        ..Intent::default()
    };
    let today = "2026-11-23".parse().unwrap();
    let model = AccessModel::build(&deployment, &intent, today).unwrap();
    for guardrail in ["only-through-mrap", "tls-only"] {
        let one = Guardrails::shipped().only(&[guardrail]);
        criterion.bench_function(&format!("one policy, {guardrail}"), |bencher| {
            bencher.iter(|| judge(black_box(&model), &intent, &one, today));
        });
    }
    criterion.bench_function("one policy, access model", |bencher| {
        bencher.iter(|| AccessModel::build(black_box(&deployment), &intent, today).unwrap());
    });
}

criterion_group!(benches, guardrails);
criterion_main!(benches);
