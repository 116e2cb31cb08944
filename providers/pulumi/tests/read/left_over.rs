//! What replacements leave behind, and what interrupted updates do.

use crate::helpers::*;
use narrows_pulumi::read_before;

fn bucket(name: &str, more: &str) -> String {
    state(BUCKET, "data", &format!(r#"{{"bucket": "{name}"}}"#), "{}", &format!(r#", "id": "{name}"{more}"#))
}

#[test]
fn what_a_replacement_left_over_is_there_until_the_next_update() {
    let read = read_ok(&stack(&[
        bucket("orders-new", ""),
        bucket("orders-old", r#", "delete": true"#),
        bucket("orders-older", r#", "delete": true"#),
    ]));
    assert_eq!(names(&read), ["bucket data", "bucket data (left over)", "bucket data (left over)'"]);
    let urn = urn(BUCKET, "data");
    assert_eq!(
        read.notes,
        [format!("counted, since a replacement left them over and they are still there: {urn}, {urn}")]
    );
}

#[test]
fn what_an_interrupted_replacement_deleted_is_gone() {
    let gone = bucket("orders-old", r#", "pendingReplacement": true"#);
    let note =
        format!("not counted, since an interrupted replacement has deleted them: {}", urn(BUCKET, "data"));
    let read = read_ok(&stack(std::slice::from_ref(&gone)));
    assert_eq!((names(&read), read.notes), (Vec::new(), vec![note.clone()]));
    // An update of other targets leaves it so.
    let value = preview(&[step("same", Some(&gone), Some(&gone))], 1);
    let read = read_ok(&value);
    assert_eq!((names(&read), read.notes), (Vec::new(), vec![note]));
    assert_eq!(read_before(&value).unwrap().resources().count(), 0);
    // Nothing was deleted of what stays.
    let kept = bucket("orders-old", r#", "pendingReplacement": true, "retainOnDelete": true"#);
    assert_eq!(names(&read_ok(&stack(&[kept]))), ["bucket data"]);
}

#[test]
fn a_stack_whose_update_was_interrupted_is_refused() {
    let with = |kind: &str| {
        let urn = urn(BUCKET, "data");
        parse(&format!(
            r#"{{"version": 3, "deployment": {{"resources": [], "pending_operations":
                [{{"resource": {{"urn": "{urn}"}}, "type": "{kind}"}}]}}}}"#
        ))
    };
    assert_eq!(
        refused(&with("creating")),
        "a stack of which an update was interrupted while creating urn:pulumi:dev::orders::aws:s3/bucket:Bucket::data is not \
         supported here: nobody knows what exists of it; run pulumi refresh, and export the stack again"
    );
    assert_eq!(refused(&with("reading")), "");
}

#[test]
fn what_is_retained_stays_beside_what_replaces_it() {
    let (old, new) = (bucket("orders-old", r#", "retainOnDelete": true"#), bucket("orders-new", ""));
    let replace = step("replace", Some(&old), Some(&new));
    // The engine shows the deletion only if it is asked to.
    let deleted = step("delete-replaced", Some(&old), None);
    for steps in [vec![replace.clone()], vec![replace.clone(), deleted.clone()], vec![deleted, replace]] {
        let read = previewed(&steps);
        assert_eq!(names(&read), ["bucket data", "bucket data (left over)"]);
        let kept = get(&read, narrows_model::Kind::Bucket, "data (left over)");
        let name = match &kept.body {
            narrows_model::Body::Bucket(it) => it.name.as_ref().map(|name| name.to_text().to_string()),
            _ => None,
        };
        assert_eq!(name.as_deref(), Some("orders-old"));
        assert_eq!(
            read.notes,
            [format!("counted, since the update leaves them where they are: {}", urn(BUCKET, "data"))]
        );
    }
    assert_eq!(
        names(&previewed(&[step("replace", Some(&bucket("orders-old", "")), Some(&new))])),
        ["bucket data"]
    );
}

#[test]
fn what_the_program_no_longer_reads_is_still_there() {
    let read = previewed(&[step("discard", Some(&bucket("orders", r#", "external": true"#)), None)]);
    assert_eq!(names(&read), ["bucket data"]);
}

#[test]
fn what_an_earlier_replacement_left_over_goes_now() {
    let (one, old) = (bucket("orders-new", ""), bucket("orders-old", r#", "delete": true"#));
    let value = preview(&[step("same", Some(&one), Some(&one)), step("delete", Some(&old), None)], 1);
    assert_eq!(names(&read_ok(&value)), ["bucket data"]);
    let before = read_before(&value).unwrap();
    let names: Vec<String> = before.resources().map(|resource| resource.id.to_string()).collect();
    assert_eq!(names, ["bucket data", "bucket data (left over)"]);
}
