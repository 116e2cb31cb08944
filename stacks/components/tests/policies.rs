//! The policies of the example, as a person would read them, and as the policy language reads them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may panic, in its helpers too"
)]
use narrows_iam::{DocumentKind, parse_with_remarks};
use narrows_model::{Body, Deployment, Kind, ResourceId, Symbols, Value, ValueKind};
use narrows_stacks::StackSpec;

fn example() -> Deployment {
    StackSpec::parse("narrows.toml", StackSpec::template()).unwrap().compose().deployment.clone()
}

fn policies(deployment: &Deployment) -> Vec<(ResourceId, DocumentKind, Value)> {
    let policy = |body: &Body| match body {
        Body::BucketPolicy(it) => Some((DocumentKind::Resource, it.policy.clone())),
        Body::MultiRegionAccessPointPolicy(it) => Some((DocumentKind::Resource, it.policy.clone())),
        Body::RolePolicy(it) => Some((DocumentKind::Identity, it.policy.clone())),
        Body::Role(it) => Some((DocumentKind::Trust, it.assume_role_policy.clone())),
        Body::VpcEndpoint(it) => it.policy.clone().map(|policy| (DocumentKind::Endpoint, policy)),
        _ => None,
    };
    let found = deployment.resources().filter_map(|it| Some((it.id.clone(), policy(&it.body)?)));
    found.map(|(id, (kind, policy))| (id, kind, policy)).collect()
}

/// A policy as it is deployed, members in their order, spread over lines.
fn pretty(policy: &Value) -> String {
    let ValueKind::Json(document) = &policy.kind else { panic!("a policy that is not JSON text: {policy}") };
    let mut out = String::new();
    write_pretty(document, 0, &mut out);
    out
}

fn write_pretty(value: &Value, depth: usize, out: &mut String) {
    let indent = |depth: usize| format!("\n{}", "  ".repeat(depth));
    let (open, close, items): (_, _, Vec<(String, &Value)>) = match &value.kind {
        ValueKind::Object(members) => {
            ('{', '}', members.iter().map(|it| (format!("{:?}: ", it.name), &it.value)).collect())
        }
        ValueKind::List(items) => ('[', ']', items.iter().map(|it| (String::new(), it)).collect()),
        _ => return out.push_str(&value.to_string()),
    };
    out.push(open);
    for (index, (name, item)) in items.into_iter().enumerate() {
        out.push_str(if index > 0 { "," } else { "" });
        out.push_str(&indent(depth + 1));
        out.push_str(&name);
        write_pretty(item, depth + 1, out);
    }
    out.push_str(&indent(depth));
    out.push(close);
}

#[test]
fn policies_of_the_example() {
    let all = policies(&example());
    let shown = [
        (Kind::BucketPolicy, "eu_west_2"),
        (Kind::MultiRegionAccessPointPolicy, "mrap"),
        (Kind::VpcEndpoint, "eu_west_2"),
        (Kind::Role, "replication"),
        (Kind::RolePolicy, "replication"),
    ];
    for (kind, name) in shown {
        let id = ResourceId::new(kind, name);
        let (_, _, policy) = all.iter().find(|(other, ..)| *other == id).unwrap();
        insta::assert_snapshot!(id.to_string().replace([' ', '-'], "_"), pretty(policy));
    }
}

#[test]
fn every_policy_is_read_without_a_remark() {
    let deployment = example();
    let mut symbols = Symbols::default();
    for (id, kind, policy) in policies(&deployment) {
        let parsed = parse_with_remarks(&policy, kind, &mut |text| symbols.resolve(&deployment, text));
        let parsed = parsed.unwrap_or_else(|error| panic!("{id}: {error}"));
        assert!(parsed.remarks.is_empty(), "{id}: {:?}", parsed.remarks);
    }
}

#[test]
fn policies_of_buckets_differ_in_the_bucket_alone() {
    let all = policies(&example());
    let of = |name: &str| {
        let (_, _, policy) =
            all.iter().find(|(id, ..)| id.kind == Kind::BucketPolicy && id.name == name).unwrap();
        pretty(policy).replace(&format!("bucket {name}."), "bucket HERE.")
    };
    assert_eq!(of("eu_west_2"), of("us_east_1"));
    assert_eq!(of("eu_west_2"), of("ap_northeast_3"));
}

/// Only what S3 cannot know before deployment is unknown, and nothing that is known later is spelled out.
#[test]
fn arns_and_ids_made_by_the_deployment_are_references() {
    let deployment = example();
    for (id, _, policy) in policies(&deployment) {
        let ValueKind::Json(document) = &policy.kind else { panic!("{id}") };
        let literal = document.to_string();
        assert!(!literal.contains("accesspoint/") && !literal.contains("vpce-"), "{id}: {literal}");
        assert!(!literal.contains("orders-replication") && !literal.contains(":::orders"), "{id}: {literal}");
        let known = deployment.expand(&document.to_json_text());
        assert_eq!(known.first_unknown(), None, "{id}");
    }
}
