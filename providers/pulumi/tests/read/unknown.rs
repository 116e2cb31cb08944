//! What is not known, and what must not be taken for something else.

use crate::helpers::*;
use narrows_model::{Body, Kind, ResourceId};

#[test]
fn a_region_that_is_not_known_is_not_the_providers() {
    let provider = state("pulumi:providers:aws", "main", r#"{"region": "eu-west-2"}"#, "{}", "");
    let by = format!(r#", "provider": "{}::1""#, urn("pulumi:providers:aws", "main"));
    let region = |inputs: &str| {
        let read = read_ok(&stack(&[provider.clone(), state(BUCKET, "data", inputs, "{}", &by)]));
        get(&read, Kind::Bucket, "data").region.as_ref().unwrap().to_text().to_string()
    };
    assert_eq!(region("{}"), "eu-west-2");
    assert_eq!(region(r#"{"region": "us-east-1"}"#), "us-east-1");
    let unknown = format!(r#"{{"region": "{UNKNOWN}"}}"#);
    assert_eq!(region(&unknown), format!("${{region of {}}}", urn(BUCKET, "data")));
}

#[test]
fn accounts_are_not_given_to_buckets_whose_order_is_not_known() {
    let bucket = |name| step("create", None, Some(&state(BUCKET, name, "{}", "{}", "")));
    let of = |accounts: [&str; 2]| {
        let [first, second] = accounts.map(|account| format!(r#"{{"bucket": "{UNKNOWN}"{account}}}"#));
        let details = format!(r#"{{"details": {{"name": "orders", "regions": [{first}, {second}]}}}}"#);
        // The first Region has the bucket that sorts last.
        let from = format!(
            r#", "propertyDependencies": {{"details": ["{}", "{}"]}}"#,
            urn(BUCKET, "b"),
            urn(BUCKET, "a")
        );
        let mrap = step("create", None, Some(&state(MRAP, "orders", &details, "{}", &from)));
        let read = previewed(&[bucket("a"), bucket("b"), mrap]);
        match &get(&read, Kind::MultiRegionAccessPoint, "orders").body {
            Body::MultiRegionAccessPoint(it) => it
                .buckets
                .iter()
                .map(|it| (it.bucket.as_reference().map(|to| to.resource.name.clone()), it.account.is_some()))
                .collect::<Vec<_>>(),
            _ => Vec::new(),
        }
    };
    let both = r#", "bucketAccountId": "123456789012""#;
    let name = |name: &str| Some(name.to_owned());
    assert_eq!(of(["", ""]), [(name("a"), false), (name("b"), false)]);
    assert_eq!(of([both, both]), [(name("a"), true), (name("b"), true)]);
    assert_eq!(of([both, ""]), [(None, true), (None, false)]);
}

#[test]
fn a_value_that_must_be_known_is_said_not_to_be() {
    let mrap = |details: &str| {
        refused(&stack(&[state(MRAP, "orders", &format!(r#"{{"details": {details}}}"#), "{}", "")]))
    };
    let unknown = mrap(&format!(r#""{UNKNOWN}""#));
    assert_eq!(
        unknown,
        format!(
            "`details` of {} is known only after the update: expected an object; give the value in the program",
            urn(MRAP, "orders")
        )
    );
    assert!(mrap(SECRET).contains("` of urn") && mrap(SECRET).contains(" is secret: expected an object"));
}

#[test]
fn inputs_that_are_not_known_as_a_whole_are_refused() {
    let with = |inputs: &str| refused(&stack(&[state(BUCKET, "data", inputs, "{}", "")]));
    let unknown = with(&format!(r#""{UNKNOWN}""#));
    assert_eq!(
        unknown,
        format!(
            "`inputs` of {} is known only after the update: expected an object of properties, each known or unknown by itself",
            urn(BUCKET, "data")
        )
    );
    assert!(with(SECRET).contains("is a special value"), "{}", with(SECRET));
    assert!(with("[]").contains("is a list"), "{}", with("[]"));
    assert_eq!(with("null"), "");
}

#[test]
fn what_a_provider_makes_must_say_so() {
    let bare = |custom: &str| {
        let urn = urn(POLICY, "data");
        refused(&stack(&[format!(
            r#"{{"urn": "{urn}"{custom}, "inputs": {{"bucket": "orders", "policy": "{{}}"}}}}"#
        )]))
    };
    let urn = urn(POLICY, "data");
    assert_eq!(bare(""), format!("`custom` of {urn} is missing: expected `true`, as a provider makes it"));
    let text = bare(r#", "custom": false"#);
    assert_eq!(text, format!("`custom` of {urn} is `false`: expected `true`, as a provider makes it"));
    assert_eq!(bare(r#", "custom": true"#), "");
}

#[test]
fn a_resource_that_got_another_name_is_known_by_that() {
    let inputs = r#"{"bucket": "orders-eu"}"#;
    let old = state(BUCKET, "old", inputs, r#"{"policy": "{\"a\":1}"}"#, r#", "id": "orders-eu""#);
    let new = state(BUCKET, "new", inputs, "{}", "");
    let read = read_ok(&preview(&[step("same", Some(&old), Some(&new))], 1));
    assert!(read.deployment.get(&ResourceId::new(Kind::Bucket, "new")).is_some());
    assert_eq!(policy_of(&read.deployment, Kind::Bucket, "new").as_deref(), Some(r#""{\"a\":1}""#));
}

#[test]
fn what_works_a_policy_out_is_named_where_a_preview_does_not_have_it() {
    let notes = |policy: &str| {
        let inputs = format!(r#"{{"bucket": "data", "policy": "{policy}"}}"#);
        let made = state("aws:s3/bucketPolicy:BucketPolicy", "data", &inputs, "{}", "");
        previewed(&[step("create", None, Some(&made))]).notes
    };
    assert_eq!(
        notes(UNKNOWN),
        [format!(
            "known only after the update, but worked out by narrows plan in the program's folder: the policies of {}",
            urn("aws:s3/bucketPolicy:BucketPolicy", "data")
        )]
    );
    assert_eq!(notes("{}"), Vec::<String>::new());
}
