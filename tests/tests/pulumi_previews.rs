//! Previews that the real engine made of stacks that exist: `pulumi-previews` makes them again.

#![expect(clippy::unwrap_used, reason = "tests may panic")]

use narrows::{Exit, Memory};
use narrows_model::{Body, Deployment, Kind, Source, json};
use narrows_pulumi::{Form, Read, ReadError, detect, is_event_stream, read, read_before};
use narrows_tests::harness::pulumi::{Pulumi, recorded};
use narrows_tests::harness::{crate_folder, found_or_skip};
use narrows_tests::run::narrows;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

const CASES: [&str; 7] = ["access-point", "create", "delete", "failing", "interrupted", "replace", "update"];

fn folder(case: &str) -> PathBuf {
    crate_folder().join("fixtures/pulumi").join(case)
}

fn text(case: &str, file: &str) -> String {
    fs::read_to_string(folder(case).join(file)).unwrap()
}

fn parsed(case: &str, file: &str) -> narrows_model::Value {
    json::parse(&Source::file(file, text(case, file))).unwrap()
}

fn previewed(case: &str) -> Result<Read, ReadError> {
    let preview = parsed(case, "preview.json");
    assert_eq!(detect(&preview), Some(Form::Preview));
    assert!(!is_event_stream(&text(case, "preview.json")));
    read(&preview, Form::Preview)
}

fn names(deployment: &Deployment) -> Vec<String> {
    deployment.resources().map(|resource| resource.id.to_string()).collect()
}

/// Whether a key or endpoint has a policy that is not its default.
fn policies(deployment: &Deployment) -> Vec<bool> {
    let has = |resource: &narrows_model::Resource| match &resource.body {
        Body::Key(it) => Some(it.policy.is_some()),
        Body::VpcEndpoint(it) => Some(it.policy.is_some()),
        _ => None,
    };
    deployment.resources().filter_map(has).collect()
}

#[test]
fn what_is_made_and_what_is_changed_is_read() {
    let read = previewed("create").unwrap();
    assert_eq!(names(&read.deployment), ["bucket data", "bucket policy data"]);
    assert_eq!(names(&read_before(&parsed("create", "preview.json")).unwrap()), Vec::<String>::new());
    let read = previewed("update").unwrap();
    assert_eq!(names(&read.deployment), ["bucket data", "bucket policy data"]);
    assert_eq!(read.notes, Vec::<String>::new());
}

#[test]
fn a_preview_that_failed_is_refused() {
    let error = previewed("failing").unwrap_err().to_string();
    let expected = "a preview whose program printed to its error stream (`Error: resource, variable, or config value \"nothing\" \
                    not found`) is not supported here";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn what_is_deleted_reports_nothing_any_more() {
    let read = previewed("delete").unwrap();
    assert_eq!(
        names(&read.deployment),
        ["bucket data", "bucket kept", "bucket policy kept", "kms key data", "vpc endpoint s3"]
    );
    assert_eq!(policies(&read.deployment), [false, false]);
    let before = read_before(&parsed("delete", "preview.json")).unwrap();
    assert_eq!(before.of_kind(Kind::BucketPolicy).count(), 2);
}

#[test]
fn a_deletion_adds_access() {
    let diff = |case: &str| {
        let files = Memory::new().with("preview.json", text(case, "preview.json"));
        let args = ["diff", "preview.json", "--account", "123456789012", "--as-of", "2026-11-23"];
        narrows(files, &args)
    };
    let ran = diff("delete");
    assert_eq!(ran.exit, Exit::Refuted, "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("narrows-orders-eu") && !ran.stdout.contains("no change in access"),
        "{}",
        ran.stdout
    );
    assert_eq!(diff("update").exit, Exit::Refuted);
}

#[test]
fn what_is_replaced_is_read_with_what_stays() {
    let read = previewed("replace").unwrap();
    assert_eq!(
        names(&read.deployment),
        ["bucket data", "bucket data (left over)", "bucket first", "bucket policy data"]
    );
    let replaced: Vec<String> = read.replaced.iter().map(ToString::to_string).collect();
    assert_eq!(replaced, ["bucket data", "bucket first", "bucket policy data"]);
    assert!(
        read.notes.iter().any(|note| note.starts_with("counted, since the update leaves them")),
        "{:?}",
        read.notes
    );
    // What is deleted first was there before.
    let before = read_before(&parsed("replace", "preview.json")).unwrap();
    assert_eq!(names(&before), ["bucket data", "bucket first", "bucket policy data"]);
}

#[test]
fn what_an_interrupted_update_left_is_told() {
    let stack = read(&parsed("interrupted", "stack.json"), Form::Stack).unwrap();
    assert_eq!(names(&stack.deployment), ["bucket data", "bucket data (left over)"]);
    assert_eq!(stack.notes.len(), 2, "{:?}", stack.notes);
    let read = previewed("interrupted").unwrap();
    assert_eq!(names(&read.deployment), ["bucket data", "bucket gone"]);
}

#[test]
fn an_access_point_that_is_made_anew_gets_another_alias() {
    let alias = |deployment: &Deployment| {
        let mut mraps = deployment.mraps();
        let (_, mrap) = mraps.next().unwrap();
        (mrap.alias.as_ref().map(ToString::to_string), mrap.buckets.len())
    };
    let before = read_before(&parsed("access-point", "preview.json")).unwrap();
    assert_eq!(alias(&before), (Some("mfzwi23gnjvgw.mrap".to_owned()), 1));
    let read = previewed("access-point").unwrap();
    assert_ne!(alias(&read.deployment).0, alias(&before).0);
    assert_eq!(alias(&read.deployment).1, 2);
    assert_eq!(read.replaced.len(), 1);
}

/// What does not hang on how the engine's threads are scheduled: each step with its inputs.
fn steps(preview: &Value) -> BTreeSet<String> {
    let steps = preview.get("steps").and_then(Value::as_array).cloned().unwrap_or_default();
    let of = |step: &Value, path: &str| step.pointer(path).map(ToString::to_string).unwrap_or_default();
    let step = |step: &Value| {
        ["/op", "/urn", "/oldState/id", "/oldState/inputs", "/oldState/outputs", "/newState/inputs"]
            .map(|path| of(step, path))
            .join(" ")
    };
    steps.iter().map(step).collect()
}

#[test]
fn the_engine_still_previews_so() {
    let Some(pulumi) = found_or_skip(Pulumi::find()) else { return };
    for case in CASES {
        let (code, preview) = recorded(&pulumi, &folder(case)).unwrap();
        let kept: Value = serde_json::from_str(&text(case, "preview.json")).unwrap();
        assert_eq!(steps(&preview), steps(&kept), "{case}");
        assert_eq!(preview.get("changeSummary"), kept.get("changeSummary"), "{case}");
        assert_eq!(preview.get("diagnostics"), kept.get("diagnostics"), "{case}");
        assert_eq!(code, i32::from(case == "failing"), "{case}");
    }
}
