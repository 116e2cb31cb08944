//! Small deployments for tests.
#![allow(dead_code, reason = "not every test file uses every helper")]

use narrows_guardrails::{Report, judge};
use narrows_model::intent::{Exempt, Exemption, Membership};
use narrows_model::resources::{Body, s3};
use narrows_model::{Deployment, Input, Intent, Kind, Location, Partition, Resource, ResourceId, Source};
use narrows_prover::AccessModel;

pub const MRAP: &str = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";
pub const BUCKET: &str = "data-eu";

/// What is declared of a bare bucket policy: the MRAP of the bucket, and who is exempt.
pub fn intent(exempt: &[&str]) -> Intent {
    let exemption = |arn: &&str| Exemption {
        who: Exempt::Role(arn.parse().unwrap()),
        reason: "declared".to_owned(),
        expires: None,
    };
    Intent {
        exemptions: exempt.iter().map(exemption).collect(),
        memberships: vec![Membership { bucket: BUCKET.parse().unwrap(), mraps: vec![MRAP.parse().unwrap()] }],
        ..Intent::default()
    }
}

/// The verdicts on a bucket with this policy.
pub fn check(policy: &str, intent: &Intent, guardrail: &'static str) -> Report {
    let source = Source::file("policy.json", policy);
    let value = narrows_model::json::parse(&source).unwrap();
    let mut deployment = Deployment::new(None, Partition::Aws);
    let resource = Resource {
        id: ResourceId::new(Kind::BucketPolicy, "policy"),
        region: None,
        body: Body::BucketPolicy(s3::BucketPolicy { bucket: Input::known(BUCKET.parse().unwrap()), policy: value }),
        depends_on: Vec::new(),
        address: "policy.json".to_owned().into(),
        location: Location::none(),
    };
    deployment.add(resource).unwrap();
    let as_of = "2026-11-23".parse().unwrap();
    let model = AccessModel::build(&deployment, intent, as_of).unwrap();
    judge(&model, intent, &[guardrail], as_of)
}
