//! `narrows diff`: what access a change adds and removes.

#![expect(clippy::string_slice, reason = "the texts are ASCII")]

mod policies;
mod settings;
mod stacks;

use crate::{MRAP, POLICY, Ran, narrows};
use narrows::{Exit, Memory};

/// What the change from one text of a policy to another means.
fn diff(before: &str, after: &str) -> Ran {
    let files = Memory::new().with("before.json", before).with("after.json", after);
    narrows(files, &["diff", "before.json", "after.json", "--mrap", MRAP, "--as-of", "2026-11-23"])
}

fn unchanged(after: &str) {
    assert_ne!(POLICY, after);
    let ran = diff(POLICY, after);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    assert!(ran.stdout.contains("no change in access · 1 bucket compared"), "{ran}");
}

/// A policy's text without the statement of this `Sid`, which is not the last.
fn without(sid: &str) -> String {
    let start = POLICY.find(&format!("    {{\n      \"Sid\": \"{sid}\"")).unwrap();
    let end = start + POLICY[start..].find("    },\n").unwrap() + "    },\n".len();
    format!("{}{}", &POLICY[..start], &POLICY[end..])
}

/// A statement that lets a role of another account read.
fn allowing(principal: &str) -> String {
    POLICY.replacen(
        "  \"Statement\": [\n",
        &format!(
            r#"  "Statement": [
    {{"Sid": "AllowReading", "Effect": "Allow", "Principal": {principal}, "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::orders-eu-west-2/*"}},
"#
        ),
        1,
    )
}

const READER: &str = r#"{"AWS": "arn:aws:iam::999999999999:role/reader"}"#;
