//! Many inputs, each by itself: one report, of which memory holds a part.

use crate::{narrows, process};
use narrows::{Exit, Memory};
use serde_json::{Value, json};
use std::path::Path;

const BUCKETS: usize = 60;

/// A template with policies of so many buckets, of which some let everything in.
fn template(number: usize) -> String {
    let mut resources = serde_json::Map::new();
    for bucket in 0..BUCKETS {
        let name = format!("data-{number:02}-{bucket:02}");
        let arns = json!([format!("arn:aws:s3:::{name}"), format!("arn:aws:s3:::{name}/*")]);
        let mut statement = json!({
            "Sid": "OnlyOverTls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": arns,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        });
        if bucket % 20 == 0 {
            statement = json!({"Sid": "All", "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": arns});
        }
        let policy = json!({"Version": "2012-10-17", "Statement": [statement]});
        resources.insert(
            format!("Bucket{bucket}"),
            json!({"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}),
        );
        resources.insert(
            format!("Policy{bucket}"),
            json!({"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": format!("Bucket{bucket}")}, "PolicyDocument": policy}}),
        );
    }
    json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}).to_string()
}

fn name(number: usize) -> String {
    format!("t{number:02}.json")
}

const FIXED: [&str; 10] = [
    "--account",
    "123456789012",
    "--as-of",
    "2026-11-23",
    "--format",
    "json",
    "--guardrail",
    "tls-only",
    "--guardrail",
    "not-public",
];

/// Checks the first templates in a folder; temporary files go to another.
fn check(folder: &Path, temporary: &Path, count: usize) -> (Option<i32>, String, String) {
    let mut command = process::narrows();
    command
        .current_dir(folder)
        .env("TMPDIR", temporary)
        .args(["check", "--each"])
        .args(FIXED)
        .args((0..count).map(name));
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn verdicts(report: &str) -> Vec<Value> {
    let mut report: Value = serde_json::from_str(report).unwrap();
    serde_json::from_value(report.get_mut("verdicts").map(Value::take).unwrap()).unwrap()
}

#[test]
fn what_is_said_of_many_inputs_is_not_held_in_memory() {
    const COUNT: usize = 30;
    let (folder, temporary) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for number in 0..COUNT {
        std::fs::write(folder.path().join(name(number)), template(number)).unwrap();
    }
    // Some need no file.
    let nowhere = folder.path().join("nowhere");
    let (code, _, stderr) = check(folder.path(), &nowhere, 2);
    assert_eq!((code, stderr.as_str()), (Some(1), ""));
    // More cannot do without: they would else be held.
    let (code, stdout, stderr) = check(folder.path(), &nowhere, COUNT);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("no temporary file can be made in"), "{stderr}");
    assert!(stderr.contains("help: set TMPDIR"), "{stderr}");

    let (code, stdout, stderr) = check(folder.path(), temporary.path(), COUNT);
    assert_eq!((code, stderr.as_str()), (Some(1), ""));
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0, "a file is left behind");
    // The same is said of each as alone.
    let mut expected = Vec::new();
    for number in 0..COUNT {
        let files = Memory::new().with(name(number), template(number));
        let ran = narrows(files, &[&["check", &name(number)], FIXED.as_slice()].concat());
        assert_eq!(ran.exit, Exit::Refuted, "{ran}");
        expected.extend(verdicts(&ran.stdout));
    }
    let text =
        |value: &Value, key: &str| value.pointer(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    expected.sort_by_cached_key(|it| {
        ["/guardrail", "/subject/kind", "/subject/name", "/subject/address"].map(|key| text(it, key))
    });
    assert!(verdicts(&stdout) == expected);
}
