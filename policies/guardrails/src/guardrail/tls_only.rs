//! `tls-only`: nothing is allowed without TLS, nor with a TLS version below the stated one.

use super::{Asked, Case, Guardrail, Inquiry};
use narrows_iam::ConditionKey;
use narrows_iam::actions::{self, Action};
use narrows_model::intent::TlsVersion;
use narrows_prover::{Actions, Demand, KeyTest, Question, Route, Scope, split_actions};
use std::collections::BTreeSet;
use std::sync::LazyLock;

pub(super) const GUARDRAIL: Guardrail = Guardrail {
    id: "tls-only",
    summary: "no S3 action on a bucket or its objects is allowed without TLS, nor with a version below the stated one",
    ask,
};

/// Every action on a bucket or an object.
fn actions() -> (Actions, Actions) {
    static ALL: LazyLock<(Actions, Actions)> = LazyLock::new(|| {
        let named = actions::bucket_actions().chain(actions::object_actions());
        let names: BTreeSet<String> = named.map(Action::qualified).collect();
        split_actions(names.iter().map(String::as_str))
    });
    ALL.clone()
}

fn ask(case: &Case<'_>) -> Asked {
    let (object_actions, bucket_actions) = actions();
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
                object_actions: object_actions.clone(),
                bucket_actions: bucket_actions.clone(),
                later_action: None,
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
