//! Pulumi's previews and exported stacks as inputs.

#![expect(clippy::panic, reason = "a test that fails should fail")]

use crate::{MRAP, POLICY, Ran, narrows, policy};
use narrows::{Exit, Memory};
use serde_json::{Value, json};

const DAY: [&str; 2] = ["--as-of", "2026-11-23"];
const ACCOUNT: [&str; 2] = ["--account", "123456789012"];
const UNKNOWN: &str = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

fn check(files: Memory, args: &[&str]) -> Ran {
    narrows(files, &[&["check"], args, &["--mrap", MRAP], &DAY[..]].concat())
}

fn state(type_name: &str, name: &str, inputs: &Value) -> Value {
    json!({
        "urn": format!("urn:pulumi:prod::orders::{type_name}::{name}"),
        "custom": true,
        "id": name,
        "type": type_name,
        "inputs": inputs,
        "outputs": inputs,
    })
}

fn bucket() -> Value {
    state("aws:s3/bucket:Bucket", "data", &json!({"bucket": "orders-eu-west-2"}))
}

fn bucket_policy(policy: &str) -> Value {
    let inputs = json!({"bucket": "orders-eu-west-2", "policy": policy});
    state("aws:s3/bucketPolicy:BucketPolicy", "data", &inputs)
}

fn stack(resources: &[Value]) -> Memory {
    let stack = json!({"version": 3, "deployment": {"manifest": {}, "resources": resources}});
    Memory::new().with("stack.json", pretty(&stack))
}

fn step(op: &str, old: Option<Value>, new: Option<Value>) -> Value {
    json!({"op": op, "urn": "u", "oldState": old, "newState": new})
}

fn preview(steps: &[Value], same: usize) -> Memory {
    let preview =
        json!({"config": {"aws:region": "eu-west-2"}, "steps": steps, "changeSummary": {"same": same}});
    Memory::new().with("preview.json", pretty(&preview))
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// Guardrail, verdict and request of each verdict.
fn requests(ran: &Ran) -> Vec<(String, String, Value)> {
    let view: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran}"));
    let verdicts = view.get("verdicts").and_then(Value::as_array).cloned().unwrap_or_default();
    let one = |verdict: &Value| {
        let text = |key: &str| verdict.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut request = verdict.get("counterexample").cloned().unwrap_or_default();
        if let Some(fields) = request.as_object_mut() {
            // What names the input's files differs.
            fields.retain(|key, _| !["sentence", "decisions", "tree"].contains(&key.as_str()));
        }
        (text("guardrail"), text("verdict"), request)
    };
    verdicts.iter().map(one).collect()
}

#[test]
fn a_stack_a_preview_and_a_bare_policy_give_the_same_counterexample() {
    for text in [POLICY.to_owned(), POLICY.replace("ArnNotEquals", "ArnEquals")] {
        let args = |path| [&[path, "--format", "json"], &ACCOUNT[..]].concat();
        let bare = check(policy(&text), &args("policy.json"));
        let exported = check(stack(&[bucket(), bucket_policy(&text)]), &args("stack.json"));
        let steps =
            [step("same", Some(bucket()), Some(bucket())), step("create", None, Some(bucket_policy(&text)))];
        let previewed = check(preview(&steps, 1), &args("preview.json"));
        assert_eq!(exported.exit, bare.exit, "{exported}");
        assert_eq!(requests(&exported), requests(&bare));
        assert_eq!(requests(&previewed), requests(&bare));
    }
}

#[test]
fn a_refutation_leads_to_the_statement_inside_the_preview() {
    let text = POLICY.replacen("ArnNotEquals", "ArnEquals", 1);
    let steps = [step("create", None, Some(bucket())), step("create", None, Some(bucket_policy(&text)))];
    let args = [&["preview.json", "--guardrail", "only-through-mrap"], &ACCOUNT[..]].concat();
    insta::assert_snapshot!(check(preview(&steps, 0), &args));
}

#[test]
fn a_policy_that_is_known_only_later_is_unknown() {
    let steps = [step("create", None, Some(bucket())), step("create", None, Some(bucket_policy(UNKNOWN)))];
    let args = [&["preview.json", "--guardrail", "only-through-mrap"], &ACCOUNT[..]].concat();
    let ran = check(preview(&steps, 0), &args);
    assert_eq!(ran.exit, Exit::Undecided, "{ran}");
    insta::assert_snapshot!(ran);
}

#[test]
fn a_preview_without_its_unchanged_resources_is_refused() {
    let steps = [step("create", None, Some(bucket_policy(POLICY)))];
    let ran = check(preview(&steps, 2), &["preview.json"]);
    assert_eq!(ran.exit, Exit::Failed, "{ran}");
    insta::assert_snapshot!(ran);
}

#[test]
fn a_stack_tells_a_preview_the_alias_of_its_mrap() {
    let details = json!({"details": {"name": "orders", "regions": [{"bucket": "orders-eu-west-2"}]}});
    let type_name = "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint";
    let mut made = state(type_name, "orders", &details);
    let planned = made.clone();
    if let Some(outputs) = made.get_mut("outputs").and_then(Value::as_object_mut) {
        outputs.insert("alias".to_owned(), "mfzwi23gnjvgw.mrap".into());
    }
    let steps = [
        step("create", None, Some(bucket())),
        step("create", None, Some(planned)),
        step("create", None, Some(bucket_policy(POLICY))),
    ];
    let previewed = preview(&steps, 0);
    let both = stack(&[made]).with("preview.json", previewed.text("preview.json").unwrap_or_default());
    let args = [
        "check",
        "preview.json",
        "stack.json",
        "--account",
        "123456789012",
        "--guardrail",
        "only-through-mrap",
    ];
    let ran = narrows(both, &[&args[..], &DAY].concat());
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
}

#[test]
fn a_preview_is_compared_with_what_it_was_made_from() {
    let weaker = POLICY.replacen("\"s3:*\"", "\"s3:GetObject\"", 1);
    let steps = |new: &str| {
        [
            step("same", Some(bucket()), Some(bucket())),
            step("update", Some(bucket_policy(POLICY)), Some(bucket_policy(new))),
        ]
    };
    let diff = |new: &str| {
        let args = ["diff", "preview.json", "--mrap", MRAP, "--account", "123456789012"];
        narrows(preview(&steps(new), 1), &[&args[..], &DAY].concat())
    };
    let same = diff(POLICY);
    assert_eq!(same.exit, Exit::Clean, "{same}");
    let ran = diff(&weaker);
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    assert!(ran.stdout.contains("preview.json, what it was made from"), "{ran}");
}

#[test]
fn what_a_bucket_reports_of_a_policy_that_goes_proves_nothing() {
    let mut reporting = bucket();
    if let Some(outputs) = reporting.get_mut("outputs").and_then(Value::as_object_mut) {
        outputs.insert("policy".to_owned(), POLICY.into());
    }
    let files = || {
        preview(
            &[
                step("same", Some(reporting.clone()), Some(reporting.clone())),
                step("delete", Some(bucket_policy(POLICY)), None),
            ],
            1,
        )
    };
    let args = [&["preview.json", "--guardrail", "only-through-mrap"], &ACCOUNT[..]].concat();
    let ran = check(files(), &args);
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    let args = ["diff", "preview.json", "--mrap", MRAP, "--account", "123456789012"];
    let ran = narrows(files(), &[&args[..], &DAY].concat());
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    // A secret policy is one all the same.
    if let Some(outputs) = reporting.get_mut("outputs").and_then(Value::as_object_mut) {
        outputs.insert("policy".to_owned(), "[secret]".into());
    }
    let steps = [step("same", Some(reporting.clone()), Some(reporting))];
    let args = [&["preview.json", "--guardrail", "not-public"], &ACCOUNT[..]].concat();
    let ran = check(preview(&steps, 1), &args);
    assert_eq!(ran.exit, Exit::Undecided, "{ran}");
}

#[test]
fn a_streamed_preview_is_told_from_a_whole_one() {
    let events = "{\"sequence\":0,\"timestamp\":1,\"preludeEvent\":{}}\n{\"sequence\":1,\"timestamp\":1,\"cancelEvent\":{}}\n";
    for text in [events, events.lines().next().unwrap_or_default()] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(check(Memory::new().with("preview.json", text), &["preview.json"]), @"
            exit 2
              × `preview.json` holds the engine's events, one in a line: expected a whole preview
              help: unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW, and make it with pulumi preview --json
                    --show-sames
            ");
        }
    }
}
