//! Guardrails of one's own that name buckets, and names that only the deployment gives.
#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod common;

use common::MRAP;
use narrows_guardrails::{Guardrails, judge};
use narrows_model::intent::{Membership, Override};
use narrows_model::resources::s3;
use narrows_model::{
    Body, Deployment, Input, Intent, Location, Partition, Resource, ResourceId, Source, Text,
};
use narrows_prover::{AccessModel, Verdict};

/// A policy that lets nobody past the MRAP, and everybody of the account through it.
fn policy(bucket: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Deny", "Principal": "*", "Action": "s3:*",
            "Resource": ["arn:aws:s3:::{bucket}", "arn:aws:s3:::{bucket}/*"],
            "Condition": {{"ArnNotEquals": {{"s3:DataAccessPointArn": "{MRAP}"}}}}}}}}"#
    )
}

/// Buckets that differ in their names only, all behind the MRAP.
fn alike(buckets: &[&str]) -> (Deployment, Intent) {
    let mut deployment = Deployment::new(None, Partition::Aws);
    let mut memberships = Vec::new();
    for bucket in buckets {
        let value = narrows_model::json::parse(&Source::file("policy.json", policy(bucket))).unwrap();
        let policy = s3::BucketPolicy { bucket: Input::known(bucket.parse().unwrap()), policy: value };
        deployment.add(resource(bucket, Body::BucketPolicy(policy))).unwrap();
        memberships.push(Membership { bucket: bucket.parse().unwrap(), mraps: vec![MRAP.parse().unwrap()] });
    }
    (deployment, Intent { memberships, ..Intent::default() })
}

fn resource(label: &str, body: Body) -> Resource {
    Resource {
        id: ResourceId::new(body.kind(), label),
        region: None,
        body,
        depends_on: Vec::new(),
        address: label.to_owned().into(),
        location: Location::none(),
    }
}

/// The verdicts of a guardrail of these policies, in short.
fn verdicts((deployment, intent): &(Deployment, Intent), cedar: &str) -> String {
    let as_of = "2026-11-23".parse().unwrap();
    let model = AccessModel::build(deployment, intent, as_of).unwrap();
    let mut guardrails = Guardrails::default();
    guardrails.add("own.cedar", cedar).unwrap();
    let word = |verdict: &Verdict| match verdict {
        Verdict::Proved => "proved".to_owned(),
        Verdict::Refuted(_) | Verdict::Vacuous(_) => "refuted".to_owned(),
        Verdict::Unknown(reason) => format!("unknown: {reason}"),
    };
    let report = judge(&model, intent, &guardrails, as_of);
    let lines = report.verdicts.iter().map(|it| format!("{} {}", it.subject.name, word(&it.verdict)));
    lines.collect::<Vec<_>>().join("\n")
}

/// A guardrail that speaks of one bucket is no guardrail about buckets whose names do not matter: what is proved of the others is
/// not proved of it.
#[test]
fn a_bucket_that_a_guardrail_names_is_not_like_others() {
    let read = r#"action in Action::"data-read""#;
    let anonymous = "principal is Anonymous";
    for named in [
        r#"resource.name == "data-a""#,
        r#"!(resource.name != "data-a")"#,
        r#"resource in Bucket::"data-a""#,
        r#"resource in [Bucket::"logs", Bucket::"data-a"]"#,
        r#"["logs", "data-a"].contains(resource.name)"#,
        r#"resource.name like "*-a""#,
        r#"if resource.name == "data-a" then true else false"#,
    ] {
        let cedar =
            format!("@id(\"x\")\nforbid (principal, {read}, resource)\nwhen {{ {named} || {anonymous} }};\n");
        assert_eq!(
            verdicts(&alike(&["data-a", "data-b", "data-c"]), &cedar),
            "data-a refuted\ndata-b proved\ndata-c proved",
            "{named}"
        );
    }
    let heads = format!(
        "@id(\"x\")\nforbid (principal, {read}, resource in Bucket::\"data-a\");\n@id(\"x\")\nforbid ({anonymous}, {read}, resource);\n"
    );
    assert_eq!(
        verdicts(&alike(&["data-a", "data-b", "data-c"]), &heads),
        "data-a refuted\ndata-b proved\ndata-c proved"
    );
    let mrap = format!(
        "@id(\"x\")\nforbid (principal, {read}, resource)\nwhen {{ resource.mraps.contains(\"{MRAP}\") || {anonymous} }};\n"
    );
    assert_eq!(verdicts(&alike(&["data-a", "data-b"]), &mrap), "data-a refuted\ndata-b refuted");
}

/// The name may be the one that the guardrail speaks of.
#[test]
fn a_name_that_is_not_known_is_not_another() {
    let cedar = "@id(\"x\")\n@each(\"bucket\")\nforbid (principal, action in Action::\"data-read\", resource)\nwhen { resource.name == \"data-a\" \
                 || principal is Anonymous };\n";
    let of = |name: Text| {
        let (mut deployment, intent) = alike(&["data-b"]);
        let bucket = s3::Bucket { name: Some(Input::parse(name).unwrap()), force_destroy: false };
        deployment.add(resource("later", Body::Bucket(bucket))).unwrap();
        verdicts(&(deployment, Intent { account: Some("123456789012".parse().unwrap()), ..intent }), cedar)
    };
    insta::assert_snapshot!(of(Text::unknown("var.name")), @r#"
    ${var.name} unknown: `resource.name == "data-a"` depends on a name that exists only after deployment
    data-b proved
    "#);
    insta::assert_snapshot!(of(Text::literal("logs-").then(Text::unknown("var.name"))), @"
    data-b proved
    logs-${var.name} proved
    ");
}

/// An override about what the guardrail is not asked about does nothing, and says so; so does one about two subjects.
#[test]
fn an_override_that_is_not_about_one_subject_says_so() {
    let (deployment, mut intent) = alike(&["data-a", "data-b"]);
    let about = |subject: &str| Override {
        guardrail: "x".to_owned(),
        subject: Some(subject.to_owned()),
        severity: None,
        reason: format!("for {subject}"),
        expires: None,
    };
    intent.overrides = vec![about("data-z"), about("data-a")];
    let as_of = "2026-11-23".parse().unwrap();
    let model = AccessModel::build(&deployment, &intent, as_of).unwrap();
    let mut guardrails = Guardrails::default();
    guardrails.add("own.cedar", "@id(\"x\")\nforbid (principal, action, resource);\n").unwrap();
    let report = judge(&model, &intent, &guardrails, as_of);
    let said = |it: &narrows_guardrails::Judged| (it.accepted.is_some(), it.remarks.clone());
    let unused =
        "the override (for data-z) is about `data-z`, of which this guardrail is not asked here".to_owned();
    assert_eq!(
        report.verdicts.iter().map(said).collect::<Vec<_>>(),
        [(true, vec![unused.clone()]), (false, vec![unused])]
    );
}

/// Where AWS may call a policy public, its `RestrictPublicBuckets` keeps other accounts out, whatever the policy allows them.
#[test]
fn what_other_accounts_are_promised_does_not_rest_on_a_public_policy() {
    let cedar = "@id(\"x\")\n@each(\"bucket\")\n@caller(\"anything\")\npermit (principal == Role::\"arn:aws:iam::999999999999:role/reader\", \
                 action == Action::\"s3:GetObject\", resource)\nwhen { context.route == \"direct\" };\n";
    let of = |principal: &str, restricted: bool| {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Principal": {principal}, "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::data/*"}}}}"#
        );
        let value = narrows_model::json::parse(&Source::file("policy.json", text)).unwrap();
        let bucket = || Input::known("data".parse().unwrap());
        let mut deployment = Deployment::new(Some("123456789012".parse().unwrap()), Partition::Aws);
        let policy = s3::BucketPolicy { bucket: bucket(), policy: value };
        deployment.add(resource("data", Body::BucketPolicy(policy))).unwrap();
        if restricted {
            let block = s3::BucketPublicAccessBlock { bucket: bucket(), block: s3::PublicAccessBlock::ALL };
            deployment.add(resource("data", Body::BucketPublicAccessBlock(block))).unwrap();
        }
        verdicts(&(deployment, Intent::default()), cedar)
    };
    assert_eq!(of(r#""*""#, false), "data proved");
    assert_eq!(of(r#"{"AWS": "arn:aws:iam::999999999999:role/reader"}"#, true), "data proved");
    assert!(
        of(r#""*""#, true).contains("RestrictPublicBuckets stops callers of other accounts"),
        "{}",
        of(r#""*""#, true)
    );
}
