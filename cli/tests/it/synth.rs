//! `narrows synth`: all files or none, and never over somebody else's.

use crate::{narrows, stack};
use narrows::{Exit, Memory};
use std::collections::BTreeMap;
use std::path::PathBuf;

const AS_OF: [&str; 2] = ["--as-of", "2026-11-23"];

fn synth(files: Memory, args: &[&str]) -> crate::Ran {
    narrows(files, &[&["synth", "orders"], args, &AS_OF].concat())
}

fn texts(files: &Memory) -> BTreeMap<PathBuf, String> {
    files.paths().map(|path| (path.to_owned(), files.text(path).unwrap_or_default().to_owned())).collect()
}

#[test]
fn a_second_run_changes_nothing() {
    let first = synth(stack(), &[]);
    let second = synth(first.files.clone(), &[]);
    assert_eq!(texts(&second.files), texts(&first.files));
    assert_eq!(second.stdout, first.stdout);
}

#[test]
fn files_of_an_earlier_run_go_and_others_stay() {
    let mut files = synth(stack(), &[]).files;
    let old = files.text("orders/out/terraform/s3.tf.json").unwrap().to_owned();
    files = files
        .with("orders/out/terraform/old.tf.json", old)
        .with("orders/out/terraform/mine.tf.json", "{\"terraform\": {}}")
        .with("orders/out/terraform/backend.tf", "terraform {}");
    let ran = synth(files, &[]);
    assert_eq!(ran.files.text("orders/out/terraform/old.tf.json"), None);
    assert_eq!(ran.files.text("orders/out/terraform/mine.tf.json"), Some("{\"terraform\": {}}"));
    assert_eq!(ran.files.text("orders/out/terraform/backend.tf"), Some("terraform {}"));
    assert!(ran.stdout.contains("removed  orders/out/terraform  old.tf.json"), "{}", ran.stdout);
}

#[test]
fn a_file_in_the_way_stays_and_nothing_is_written() {
    for name in ["s3.tf.json", "narrows.intent.json"] {
        let files = stack().with(format!("orders/out/terraform/{name}"), "{\"mine\": true}");
        let before = texts(&files);
        let ran = synth(files, &[]);
        assert_eq!(ran.exit, Exit::Failed, "{ran}");
        assert_eq!(ran.stdout, "");
        assert_eq!(texts(&ran.files), before);
        if name == "s3.tf.json" {
            insta::assert_snapshot!(ran.stderr, @r"
            × `orders/out/terraform/s3.tf.json` was not written by narrows synth, and stays as it is
            help: move it away, or write to another folder with --out; nothing was changed
            ");
        }
    }
}

#[test]
fn a_failure_on_the_way_leaves_all_as_it_was() {
    let fresh = stack();
    let again = synth(stack(), &[]).files;
    for files in [fresh, again] {
        for name in [".ec2.tf.json.narrows-new", "narrows.intent.json", "s3.tf.json"] {
            let before = texts(&files);
            let ran = synth(files.clone().refusing(format!("orders/out/terraform/{name}")), &[]);
            assert_eq!(ran.exit, Exit::Failed, "{ran}");
            assert_eq!(texts(&ran.files), before, "{name}");
        }
    }
}
