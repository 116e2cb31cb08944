//! Policies that buckets, keys and endpoints report as theirs.

use crate::helpers::*;
use narrows_model::{Body, Kind};
use narrows_pulumi::{Read, read_before};

#[test]
fn a_policy_that_a_bucket_reports_counts_where_no_resource_holds_it() {
    let bucket = |outputs| state(BUCKET, "data", r#"{"bucket": "orders-eu"}"#, outputs, "");
    let reported = bucket(r#"{"policy": "{\"Version\":\"2012-10-17\",\"Statement\":[]}"}"#);
    let read = read_ok(&stack(std::slice::from_ref(&reported)));
    assert_eq!(names(&read), ["bucket data", "bucket policy data (reported by the bucket)"]);
    let held = state(POLICY, "held", r#"{"bucket": "orders-eu", "policy": "{}"}"#, "{}", "");
    let read = read_ok(&stack(&[reported, held]));
    assert_eq!(names(&read), ["bucket data", "bucket policy held"]);
    let read = read_ok(&stack(&[bucket(r#"{"policy": ""}"#)]));
    assert_eq!(names(&read), ["bucket data"]);
}

#[test]
fn a_key_reports_its_policy_too() {
    let key = state(
        "aws:kms/key:Key",
        "data",
        "{}",
        r#"{"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab", "policy": "{\"a\": 1}"}"#,
        "",
    );
    let policy = |read: &Read| match &get(read, Kind::Key, "data").body {
        Body::Key(key) => key.policy.as_ref().map(ToString::to_string),
        _ => None,
    };
    assert_eq!(policy(&read_ok(&stack(std::slice::from_ref(&key)))).as_deref(), Some(r#""{\"a\":1}""#));
    let held = r#"{"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab", "policy": "{}"}"#;
    let held = state("aws:kms/keyPolicy:KeyPolicy", "data", held, "{}", "");
    assert_eq!(policy(&read_ok(&stack(&[key, held]))), None);
}

const REPORTED: &str = r#"{"policy": "{\"a\":1}"}"#;
const TEXT: &str = r#""{\"a\":1}""#;

/// A bucket that was refreshed while it had a policy.
fn bucket(outputs: &str) -> String {
    state(BUCKET, "data", r#"{"bucket": "orders-eu"}"#, outputs, r#", "id": "orders-eu""#)
}

fn holder(bucket: &str, more: &str) -> String {
    let inputs = format!(r#"{{"bucket": "{bucket}", "policy": "{{\"b\": 2}}"}}"#);
    state(POLICY, "data", &inputs, "{}", &format!(r#", "id": "data"{more}"#))
}

fn of_bucket(read: &Read) -> Option<String> {
    policy_of(&read.deployment, Kind::Bucket, "data")
}

/// A preview in which the bucket stays, with a step more.
fn beside(more: String) -> narrows_model::Value {
    preview(&[step("same", Some(&bucket(REPORTED)), Some(&bucket(REPORTED))), more], 1)
}

#[test]
fn what_a_bucket_reports_goes_with_the_policy_that_gave_it() {
    let value = beside(step("delete", Some(&holder("orders-eu", "")), None));
    assert_eq!(of_bucket(&read_ok(&value)), None);
    let before = read_before(&value).unwrap();
    assert_eq!(policy_of(&before, Kind::Bucket, "data").as_deref(), Some(r#""{\"b\":2}""#));
    // It goes to another bucket.
    let (old, new) = (holder("orders-eu", ""), holder("orders-us", ""));
    assert_eq!(of_bucket(&read_ok(&beside(step("replace", Some(&old), Some(&new))))), None);
    // It stays where it is.
    let kept = holder("orders-eu", r#", "retainOnDelete": true"#);
    let read = read_ok(&beside(step("delete", Some(&kept), None)));
    assert_eq!(of_bucket(&read).as_deref(), Some(r#""{\"b\":2}""#));
    // Another bucket's policy goes.
    let read = read_ok(&beside(step("delete", Some(&holder("orders-us", "")), None)));
    assert_eq!(of_bucket(&read).as_deref(), Some(TEXT));
    assert_eq!(
        read.deployment.assumptions().collect::<Vec<_>>(),
        [
            "a policy that is given outside the stack is the one that the provider reported when it last looked"
        ]
    );
}

#[test]
fn what_a_bucket_reports_is_open_where_a_policy_may_be_its() {
    let unknown = |read: &Read| of_bucket(read).unwrap();
    let (old, new) = (holder("orders-eu", ""), holder(UNKNOWN, ""));
    let read = read_ok(&beside(step("replace", Some(&old), Some(&new))));
    let urn = urn(POLICY, "data");
    assert_eq!(unknown(&read), format!(r#""${{the policy of bucket data, which may be {urn}}}""#));
    // What had the bucket is secret.
    let secret = state(POLICY, "data", &format!(r#"{{"bucket": {SECRET}, "policy": "{{}}"}}"#), "{}", "");
    let read = read_ok(&beside(step("delete", Some(&secret), None)));
    assert_eq!(unknown(&read), format!(r#""${{the policy of bucket data, which may have been {urn}}}""#));
    // Of what is known in part, what is known tells buckets apart.
    let other = holder(&format!("logs-{UNKNOWN}"), "");
    let read = read_ok(&beside(step("create", None, Some(&other))));
    assert_eq!(of_bucket(&read).as_deref(), Some(TEXT));
    let perhaps = holder(&format!("orders-{UNKNOWN}"), "");
    assert_ne!(of_bucket(&read_ok(&beside(step("create", None, Some(&perhaps))))).as_deref(), Some(TEXT));
}

#[test]
fn a_policy_that_another_provider_made_and_that_goes_may_have_been_what_is_reported() {
    for (type_name, inputs) in [
        ("aws-native:s3:BucketPolicy", "{}"),
        ("aws:cloudcontrol/resource:Resource", r#"{"typeName": "AWS::S3::BucketPolicy"}"#),
    ] {
        let gone = state(type_name, "data", inputs, "{}", "");
        let read = read_ok(&beside(step("delete", Some(&gone), None)));
        let policy = of_bucket(&read).unwrap();
        assert!(policy.contains("which may have been urn:pulumi"), "{policy}");
    }
    let other =
        state("aws:cloudcontrol/resource:Resource", "x", r#"{"typeName": "AWS::ECS::Cluster"}"#, "{}", "");
    assert_eq!(of_bucket(&read_ok(&beside(step("delete", Some(&other), None)))).as_deref(), Some(TEXT));
}

#[test]
fn only_an_empty_text_is_no_policy() {
    let of = |outputs: &str| of_bucket(&read_ok(&stack(&[bucket(outputs)])));
    for none in [r#"{"policy": ""}"#, r#"{"policy": null}"#, "{}"] {
        assert_eq!(of(none), None, "{none}");
    }
    let spelled = format!("policy of {}", urn(BUCKET, "data"));
    assert_eq!(of(&format!(r#"{{"policy": {SECRET}}}"#)), Some(format!(r#""${{the secret {spelled}}}""#)));
    let unknown = format!(r#"{{"policy": "{UNKNOWN}"}}"#);
    assert_eq!(of(&unknown), Some(format!(r#""${{{spelled}}}""#)));
    // What is only made has none yet; what was there before has.
    let of = |op: &str, old: Option<&str>| of_bucket(&previewed(&[step(op, old, Some(&bucket(&unknown)))]));
    assert_eq!(of("create", None), None);
    assert_eq!(of("import", None), Some(format!(r#""${{{spelled}}}""#)));
    assert_eq!(of("update", Some(&bucket(REPORTED))), Some(format!(r#""${{{spelled}}}""#)));
    assert_eq!(of("replace", Some(&bucket(REPORTED))), None);
}

const KEY_ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

fn key(outputs: &str) -> String {
    state(KEY, "data", "{}", outputs, &format!(r#", "id": "{KEY_ID}""#))
}

#[test]
fn what_a_key_reports_goes_with_the_policy_that_gave_it() {
    let reported = format!(r#"{{"keyId": "{KEY_ID}", "policy": "{{\"a\":1}}"}}"#);
    let held = |key: &str| {
        state(KEY_POLICY, "data", &format!(r#"{{"keyId": "{key}", "policy": "{{}}"}}"#), "{}", "")
    };
    let of = |more: String| {
        let same = step("same", Some(&key(&reported)), Some(&key(&reported)));
        policy_of(&read_ok(&preview(&[same, more], 1)).deployment, Kind::Key, "data")
    };
    let arn = format!("arn:aws:kms:eu-west-2:123456789012:key/{KEY_ID}");
    for name in [KEY_ID, &arn] {
        assert_eq!(of(step("delete", Some(&held(name)), None)), None, "{name}");
    }
    let another = "abcd1234-12ab-34cd-56ef-1234567890ab";
    assert_eq!(of(step("delete", Some(&held(another)), None)).as_deref(), Some(TEXT));
    let open = of(step("replace", Some(&held(KEY_ID)), Some(&held(UNKNOWN)))).unwrap();
    assert!(open.contains("which may be urn:pulumi"), "{open}");
}

#[test]
fn a_key_that_is_named_by_an_alias_is_that_of_the_alias() {
    let reported = format!(r#"{{"keyId": "{KEY_ID}", "policy": "{{\"a\":1}}"}}"#);
    let alias_type = "aws:kms/alias:Alias";
    let alias = state(
        alias_type,
        "orders",
        &format!(r#"{{"name": "alias/orders", "targetKeyId": "{KEY_ID}"}}"#),
        "{}",
        "",
    );
    let inputs = format!(r#"{{"keyId": "{UNKNOWN}", "policy": "{{}}"}}"#);
    let from = format!(r#", "propertyDependencies": {{"keyId": ["{}"]}}"#, urn(alias_type, "orders"));
    let held = state(KEY_POLICY, "data", &inputs, "{}", &from);
    let same = step("same", Some(&key(&reported)), Some(&key(&reported)));
    let read =
        read_ok(&preview(&[same, step("create", None, Some(&alias)), step("create", None, Some(&held))], 1));
    assert_eq!(policy_of(&read.deployment, Kind::Key, "data"), None);
}

#[test]
fn keys_of_one_id_are_told_apart_by_their_regions() {
    let id = "mrk-1234abcd12ab34cd56ef1234567890ab";
    let outputs = format!(r#"{{"keyId": "{id}", "policy": "{{\"a\":1}}"}}"#);
    let one = |type_name, region: &str| {
        let inputs = match type_name {
            KEY => format!(r#"{{"region": "{region}", "multiRegion": true}}"#),
            _ => format!(
                r#"{{"region": "{region}", "primaryKeyArn": "arn:aws:kms:eu-west-2:123456789012:key/{id}"}}"#
            ),
        };
        state(type_name, "data", &inputs, &outputs, "")
    };
    let replica = "aws:kms/replicaKey:ReplicaKey";
    let of = |region: &str| {
        let inputs = format!(r#"{{"keyId": "{id}", "policy": "{{}}"{region}}}"#);
        let held = state(KEY_POLICY, "data", &inputs, "{}", "");
        let read = read_ok(&stack(&[one(KEY, "eu-west-2"), one(replica, "us-east-1"), held]));
        [Kind::Key, Kind::ReplicaKey].map(|kind| policy_of(&read.deployment, kind, "data"))
    };
    assert_eq!(of(r#", "region": "us-east-1""#), [Some(TEXT.to_owned()), None]);
    let [primary, replica] = of("").map(Option::unwrap);
    assert!(primary.contains("which may be") && replica.contains("which may be"), "{primary} {replica}");
}

#[test]
fn what_an_endpoint_reports_goes_with_the_policy_that_gave_it() {
    let endpoint = state(
        ENDPOINT,
        "s3",
        r#"{"vpcId": "vpc-0a1b2c3d", "serviceName": "com.amazonaws.eu-west-2.s3"}"#,
        REPORTED,
        r#", "id": "vpce-0a1b2c3d4e5f60718""#,
    );
    let held = |policy: &str| {
        let inputs = format!(r#"{{"vpcEndpointId": "vpce-0a1b2c3d4e5f60718"{policy}}}"#);
        state(ENDPOINT_POLICY, "s3", &inputs, "{}", "")
    };
    let of = |more: &[String]| {
        let same = [step("same", Some(&endpoint), Some(&endpoint))];
        let steps = [&same, more].concat();
        policy_of(&read_ok(&preview(&steps, 1)).deployment, Kind::VpcEndpoint, "s3")
    };
    assert_eq!(of(&[]).as_deref(), Some(TEXT), "given outside the stack");
    let given = held(r#", "policy": "{}""#);
    assert_eq!(of(&[step("delete", Some(&given), None)]), None);
    assert_eq!(of(&[step("create", None, Some(&given))]).as_deref(), Some(r#""{}""#));
    // A policy that says nothing is AWS's default.
    assert_eq!(of(&[step("create", None, Some(&held("")))]), None);
    let open = given.replace("vpce-0a1b2c3d4e5f60718", UNKNOWN);
    let open = of(&[step("update", Some(&given), Some(&open))]).unwrap();
    assert!(open.contains("which may be urn:pulumi"), "{open}");
}

#[test]
fn a_policy_that_is_made_anew_on_its_bucket_may_be_taken_away() {
    let of = |op: &str, more: &str| {
        let (old, new) = (holder("orders-eu", more), holder("orders-eu", ""));
        let read = read_ok(&beside(step(op, Some(&old), Some(&new))));
        match &get(&read, Kind::BucketPolicy, "data").body {
            Body::BucketPolicy(it) => it.policy.to_string(),
            other => format!("{other:?}"),
        }
    };
    let taken =
        "which the deletion of urn:pulumi:dev::orders::aws:s3/bucketPolicy:BucketPolicy::data may take away";
    assert!(of("replace", "").contains(taken));
    assert!(of("replace", r#", "pendingReplacement": true, "delete": true"#).contains(taken));
    // It is deleted first.
    assert_eq!(of("replace", r#", "pendingReplacement": true"#), r#""{\"b\":2}""#);
    assert_eq!(of("update", ""), r#""{\"b\":2}""#);
}

#[test]
fn a_policy_under_another_name_is_taken_away_with_the_one_before() {
    let held = |name: &str, bucket: &str, more: &str| {
        let inputs = format!(r#"{{"bucket": "{bucket}", "policy": "{{\"b\": 2}}"}}"#);
        state(POLICY, name, &inputs, "{}", more)
    };
    let of = |steps: &[String]| {
        of_bucket(&read_ok(&preview(
            &[&[step("same", Some(&bucket("{}")), Some(&bucket("{}")))], steps].concat(),
            1,
        )))
        .unwrap()
    };
    let taken = format!("which the deletion of {} may take away", urn(POLICY, "old"));
    let made = step("create", None, Some(&held("new", "orders-eu", "")));
    // The engine deletes once all is made.
    let deleted = step("delete", Some(&held("old", "orders-eu", "")), None);
    assert!(of(&[made.clone(), deleted]).contains(&taken));
    let moved = step("replace", Some(&held("old", "orders-eu", "")), Some(&held("old", "orders-us", "")));
    assert!(of(&[made.clone(), moved]).contains(&taken));
    // What is of another bucket, what stays, and what was there under an alias takes nothing away.
    let another = step("delete", Some(&held("old", "orders-us", "")), None);
    assert_eq!(of(&[made.clone(), another]), r#""{\"b\":2}""#);
    let kept = step("update", Some(&held("old", "orders-eu", "")), Some(&held("new", "orders-eu", "")));
    assert_eq!(of(&[kept]), r#""{\"b\":2}""#);
    // A refresh finds it gone, and the program makes it anew.
    let gone = step("delete", Some(&held("new", "orders-eu", "")), None);
    assert_eq!(of(&[gone, made]), r#""{\"b\":2}""#);
}

#[test]
fn so_is_the_policy_of_a_bucket_outside_the_stack() {
    let held = |name: &str, bucket: &str| {
        let inputs = format!(r#"{{"bucket": "{bucket}", "policy": "{{\"b\": 2}}"}}"#);
        state(POLICY, name, &inputs, "{}", "")
    };
    let of = |bucket: &str| {
        let read = previewed(&[
            step("create", None, Some(&held("new", "orders-elsewhere"))),
            step("delete", Some(&held("old", bucket)), None),
        ]);
        match &get(&read, Kind::BucketPolicy, "new").body {
            Body::BucketPolicy(it) => it.policy.to_string(),
            other => format!("{other:?}"),
        }
    };
    assert!(of("orders-elsewhere").contains("which the deletion of"));
    assert_eq!(of("orders-other"), r#""{\"b\":2}""#);
}

#[test]
fn a_policy_inside_what_it_is_of_is_taken_away_with_the_one_before() {
    let inline = state(KEY, "data", r#"{"policy": "{\"b\":2}"}"#, "{}", &format!(r#", "id": "{KEY_ID}""#));
    let inline = inline.replace(r#""outputs": {}"#, &format!(r#""outputs": {{"keyId": "{KEY_ID}"}}"#));
    let held = state(KEY_POLICY, "data", &format!(r#"{{"keyId": "{KEY_ID}", "policy": "{{}}"}}"#), "{}", "");
    let old = key(&format!(r#"{{"keyId": "{KEY_ID}"}}"#));
    let steps = [step("update", Some(&old), Some(&inline)), step("delete", Some(&held), None)];
    let policy = policy_of(&previewed(&steps).deployment, Kind::Key, "data").unwrap();
    assert!(policy.contains("may take away"), "{policy}");
}
