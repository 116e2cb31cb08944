//! `tls-only`: nothing is allowed without TLS, nor with a TLS version below the stated one.

use super::{Asked, Case, Guardrail, Inquiry};
use narrows_iam::{ConditionKey, actions};
use narrows_model::intent::TlsVersion;
use narrows_prover::{Demand, KeyTest, Question, Route, Scope};

pub(super) const GUARDRAIL: Guardrail = Guardrail {
    id: "tls-only",
    summary: "no S3 action on a bucket or its objects is allowed without TLS, nor with a version below the stated one",
    ask,
};

fn ask(case: &Case<'_>) -> Asked {
    let actions: Vec<String> = actions::bucket_actions()
        .chain(actions::object_actions())
        .map(|action| format!("s3:{}", action.name))
        .collect();
    let mut scope = vec![Scope::key_is("aws:SecureTransport", ["false"])];
    if let Some(version) = case.intent.minimum_tls {
        let least = match version {
            TlsVersion::V1_2 => 1_200_000_000,
            TlsVersion::V1_3 => 1_300_000_000,
        };
        scope.push(Scope::Key(ConditionKey::new("s3:TlsVersion"), KeyTest::Below(least)));
    }
    let version = case.intent.minimum_tls;
    let inquiries = case.model.buckets.iter().enumerate().map(|(index, bucket)| {
        let mut routes = vec![Route::Direct, Route::OtherAccessPoint];
        routes.extend(bucket.mraps.iter().map(|mrap| Route::Mrap(*mrap)));
        let arn = case.model.show(&bucket.arn);
        let and_version = version.map_or(String::new(), |version| {
            format!(", and the same with NumericLessThan s3:TlsVersion = {}", version.as_str())
        });
        Inquiry {
            subject: bucket.subject.clone(),
            questions: vec![Question {
                demand: Demand::Forbid,
                bucket: index,
                routes,
                actions: actions.clone(),
                scope: Scope::Any(scope.clone()),
            }],
            unknown: None,
            exemptions: Vec::new(),
            remarks: Vec::new(),
            remedy: format!(
                "deny `s3:*` on `{arn}` and `{arn}/*` for Principal `*` with the condition Bool aws:SecureTransport = false{and_version}"
            ),
        }
    });
    let inquiries: Vec<Inquiry> = inquiries.collect();
    if inquiries.is_empty() {
        return Asked::Nothing("the input has no bucket".to_owned());
    }
    Asked::Of(inquiries)
}
