//! Whether every condition key of a counterexample matters.

#![allow(clippy::panic, reason = "a test stops at what it does not expect")]

use narrows_guardrails::Report;
use narrows_prover::explain::{Asked, Ruling, Target, explain};
use narrows_prover::{AccessModel, Counterexample, Route, Verdict};

/// Keys that are on every request, or follow from its resource, its caller or its bucket.
const ALWAYS: [&str; 10] = [
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:SecureTransport",
    "aws:ViaAWSService",
    "s3:AccessPointNetworkOrigin",
    "s3:DataAccessPointAccount",
    "s3:DataAccessPointArn",
];

/// Keys without which a request is not one that the guardrail speaks about.
fn in_scope(guardrail: &str) -> &'static [&'static str] {
    match guardrail {
        "application-reaches-data" => &["aws:SourceVpce", "s3:TlsVersion"],
        "deployer-not-locked-out" | "replication-works" | "tls-only" => &["s3:TlsVersion"],
        _ => &[],
    }
}

/// Drops each key of each counterexample in turn: the decision must change.
pub fn every_key_matters(model: &AccessModel, report: &Report) {
    for judged in &report.verdicts {
        let Verdict::Refuted(found) = &judged.verdict else { continue };
        if let Some(other) = &found.elsewhere {
            every_key_tells_the_buckets_apart(model, found, other);
            continue;
        }
        let forbid = found.legs.iter().all(|leg| leg.allowed);
        // Of a forbid, the caller's own policies are taken to allow everything.
        let mut model = model.clone();
        if forbid {
            model.identities.clear();
        }
        let shows = |ruling: Ruling| (ruling != Ruling::Denied) == forbid;
        let ruling = |without| ruling(&model, found, &found.bucket, without);
        let whole = ruling(None);
        assert!(shows(whole), "{}: {whole:?} without any change: {found:?}", judged.guardrail);
        for key in found.context.keys() {
            if ALWAYS.contains(&key.as_str()) || in_scope(&judged.guardrail).contains(&key.as_str()) {
                continue;
            }
            let without = ruling(Some(key));
            assert!(!shows(without), "{}: {key} does not matter: {found:?}", judged.guardrail);
        }
    }
}

/// Without any one of its keys, both buckets decide the request alike.
fn every_key_tells_the_buckets_apart(model: &AccessModel, found: &Counterexample, other: &str) {
    let differ =
        |without| ruling(model, found, &found.bucket, without) != ruling(model, found, other, without);
    assert!(differ(None), "both buckets decide alike: {found:?}");
    for key in found.context.keys().filter(|key| !ALWAYS.contains(&key.as_str())) {
        assert!(!differ(Some(key)), "{key} does not matter: {found:?}");
    }
}

fn ruling(model: &AccessModel, found: &Counterexample, bucket: &str, without: Option<&str>) -> Ruling {
    let access_point = match found.route {
        Route::Direct => None,
        Route::Mrap(_) | Route::OtherAccessPoint => {
            let arn = found.resource.split("/object/").next().unwrap();
            Some(arn.to_owned())
        }
    };
    let context = found
        .context
        .iter()
        .filter(|(key, _)| Some(key.as_str()) != without && key.as_str() != "aws:PrincipalIsAWSService");
    let asked = Asked {
        principal: found.principal.clone(),
        session: None,
        action: found.action.clone(),
        target: Target { access_point, bucket: Some(bucket.to_owned()), key: found.key.clone() },
        context: context.map(|(key, values)| (key.clone(), values.clone())).collect(),
        session_policy: None,
    };
    explain(model, &asked).unwrap_or_else(|error| panic!("{error}: {asked:?}")).ruling()
}
