//! Small deployments for tests.
#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]
#![allow(dead_code, reason = "not every test file uses every helper")]

mod minimal;
pub mod stack;

use narrows_guardrails::{Guardrails, Report, judge};
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
        body: Body::BucketPolicy(s3::BucketPolicy {
            bucket: Input::known(BUCKET.parse().unwrap()),
            policy: value,
        }),
        depends_on: Vec::new(),
        address: "policy.json".to_owned().into(),
        location: Location::none(),
    };
    deployment.add(resource).unwrap();
    let as_of = "2026-11-23".parse().unwrap();
    let model = AccessModel::build(&deployment, intent, as_of).unwrap();
    let report = judge(&model, intent, &Guardrails::shipped().only(&[guardrail]), as_of);
    minimal::every_key_matters(&model, &report);
    report
}

/// The verdicts in short: for a refutation who does what, on what, with which keys, and what decides each leg.
pub fn short(report: &Report) -> String {
    use narrows_prover::{DecidedBy, Verdict};
    let mut out = String::new();
    for judged in &report.verdicts {
        out += &format!("{} {}: ", judged.guardrail, judged.subject.name);
        match &judged.verdict {
            Verdict::Proved => out += "proved",
            Verdict::Unknown(reason) => out += &format!("unknown: {reason}"),
            Verdict::Vacuous(statements) => {
                out += "refuted";
                for it in statements {
                    out += &format!("\n  {} of {}: {}", it.statement, it.document, it.reason);
                }
            }
            Verdict::Refuted(example) => {
                out += &format!("refuted: {} {} on {}", example.principal, example.action, example.resource);
                for (key, values) in &example.context {
                    out += &format!("\n  {key} = {}", values.join(", "));
                }
                for leg in &example.legs {
                    let by = match &leg.decided_by {
                        DecidedBy::Statement { document, statement, .. } => {
                            format!("{statement} of {document}")
                        }
                        DecidedBy::Assumption(text) | DecidedBy::Implicit(text) => text.clone(),
                    };
                    out += &format!(
                        "\n  {} {}: {by}",
                        if leg.allowed { "allowed" } else { "denied" },
                        leg.resource
                    );
                }
            }
        }
        out.push('\n');
    }
    for not_asked in &report.not_asked {
        out += &format!("{} not asked: {}\n", not_asked.guardrail, not_asked.reason);
    }
    out
}
