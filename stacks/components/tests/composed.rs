//! What the example composes to, beside its policies.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may panic, in its helpers too"
)]
use narrows_model::resources::cloudwatch::{MetricAlarm, Statistic};
use narrows_model::resources::s3control::Dial;
use narrows_model::{Body, Kind, ResourceId};
use narrows_stacks::{Composed, Note, StackSpec};
use std::collections::BTreeMap;

fn example() -> Composed {
    StackSpec::parse("narrows.toml", StackSpec::template()).unwrap().compose().clone()
}

/// Logical names are a contract: a change here replaces resources of every user.
#[test]
fn logical_names() {
    let mut names = BTreeMap::<String, Vec<String>>::new();
    for resource in example().deployment.resources() {
        let ResourceId { kind, name } = &resource.id;
        let region = resource.region.as_ref().and_then(|it| it.as_known()).map(|it| format!(" in {it}"));
        names.entry(kind.to_string()).or_default().push(format!("{name}{}", region.unwrap_or_default()));
    }
    insta::assert_debug_snapshot!(names);
}

#[test]
fn names_are_identifiers_of_terraform() {
    for resource in example().deployment.resources() {
        let name = &resource.id.name;
        assert!(name.starts_with(|c: char| c.is_ascii_lowercase()), "{name}");
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{name}");
    }
}

/// Another order of buckets, or another name of the stack, must not replace anything.
#[test]
fn the_order_of_buckets_changes_nothing() {
    let text = StackSpec::template();
    let (start, rest) = text.split_once("[[bucket]]").unwrap();
    let (buckets, end) = rest.split_once("# Which roles").unwrap();
    let mut buckets: Vec<_> = buckets.split("[[bucket]]").collect();
    buckets.reverse();
    let reversed = format!("{start}[[bucket]]{}\n# Which roles{end}", buckets.join("\n[[bucket]]"));
    let reversed = StackSpec::parse("narrows.toml", &reversed).unwrap();
    assert_eq!(reversed.compose().deployment, example().deployment);
}

#[test]
fn replication_is_a_full_mesh_behind_versioning() {
    let deployment = example().deployment;
    let mut rules = Vec::new();
    for resource in deployment.of_kind(Kind::BucketReplication) {
        let Body::BucketReplication(it) = &resource.body else { panic!() };
        for kind in [Kind::BucketVersioning] {
            for region in ["ap_northeast_3", "eu_west_2", "us_east_1"] {
                assert!(resource.depends_on.contains(&ResourceId::new(kind.clone(), region)));
            }
        }
        for rule in &it.rules {
            assert!(rule.enabled && rule.delete_markers && rule.replica_modifications);
            assert!(rule.time_control && rule.metrics && rule.prefix.is_empty());
            let to = &rule.destination.as_reference().unwrap().resource.name;
            rules.push(format!("{} -> {to}: {} at {}", resource.id.name, rule.id, rule.priority));
        }
    }
    insta::assert_snapshot!(rules.join("\n"), @r#"
ap_northeast_3 -> eu_west_2: to-eu-west-2 at 1
ap_northeast_3 -> us_east_1: to-us-east-1 at 2
eu_west_2 -> ap_northeast_3: to-ap-northeast-3 at 1
eu_west_2 -> us_east_1: to-us-east-1 at 2
us_east_1 -> ap_northeast_3: to-ap-northeast-3 at 1
us_east_1 -> eu_west_2: to-eu-west-2 at 2
"#);
}

#[test]
fn one_region_is_active_and_the_switch_is_elsewhere() {
    let deployment = example().deployment;
    let resource = deployment.of_kind(Kind::MultiRegionAccessPointRoutes).next().unwrap();
    assert_eq!(resource.region.as_ref().and_then(|it| it.as_known()).unwrap().as_str(), "us-west-2");
    let Body::MultiRegionAccessPointRoutes(it) = &resource.body else { panic!() };
    let dials: Vec<_> =
        it.routes.iter().map(|route| (route.region.as_known().unwrap().as_str(), route.dial)).collect();
    assert_eq!(
        dials,
        [("ap-northeast-3", Dial::Passive), ("eu-west-2", Dial::Active), ("us-east-1", Dial::Passive)]
    );
}

/// Replication is measured where it arrives, its failures where it starts, requests where the bucket is.
#[test]
fn alarms_are_where_their_metric_is() {
    let deployment = example().deployment;
    let mut count = 0;
    for resource in deployment.of_kind(Kind::MetricAlarm) {
        let Body::MetricAlarm(it) = &resource.body else { panic!() };
        let dimension = |name: &str| bucket_of(it, name);
        let expected = match it.metric.as_str() {
            "ReplicationLatency" | "OperationsPendingReplication" | "BytesPendingReplication" => {
                assert_eq!(it.statistic, Statistic::Maximum);
                dimension("DestinationBucket")
            }
            "OperationsFailedReplication" => dimension("SourceBucket"),
            "5xxErrors" | "FirstByteLatency" => dimension("BucketName"),
            other => panic!("{other}"),
        };
        let region = resource.region.as_ref().and_then(|it| it.as_known()).unwrap();
        assert_eq!(region.as_str().replace('-', "_"), expected, "{}", resource.id);
        assert!(it.description.len() <= 1024 && it.name.len() <= 255);
        let topics: Vec<_> = it.actions.iter().map(|it| it.as_known().unwrap().region().to_owned()).collect();
        assert_eq!(topics, [region.as_str()]);
        count += 1;
    }
    assert_eq!(count, 6 * 4 + 3 * 2);
}

fn bucket_of(alarm: &MetricAlarm, dimension: &str) -> String {
    let (_, value) = alarm.dimensions.iter().find(|(name, _)| name == dimension).unwrap();
    value.0.as_reference().unwrap().resource.name.clone()
}

#[test]
fn the_dashboard_shows_the_order_of_failover() {
    let deployment = example().deployment;
    let Body::Dashboard(it) = &deployment.of_kind(Kind::Dashboard).next().unwrap().body else { panic!() };
    let body: serde_json::Value =
        serde_json::from_str(&narrows_model::json::parse_embedded(&it.body).unwrap().to_string()).unwrap();
    let widgets = body["widgets"].as_array().unwrap();
    insta::assert_snapshot!(widgets[0]["properties"]["markdown"].as_str().unwrap(), @r#"
# orders

| Region | role as declared |
|---|---|
| eu-west-2 | active |
| us-east-1 | backup |
| ap-northeast-3 | passive, takes over as number 2 |

The declared order; the routes in force are those that S3 last took.
"#);
    for widget in &widgets[1..] {
        let region = widget["properties"]["region"].as_str().unwrap();
        assert!(widget["properties"]["title"].as_str().unwrap().ends_with(&format!("({region})")));
        assert!(widget["x"].as_u64().unwrap() + widget["width"].as_u64().unwrap() <= 24);
    }
}

#[test]
fn the_example_needs_no_notes() {
    assert_eq!(example().notes, []);
}

#[test]
fn notes() {
    let text = r#"
        [stack]
        name = "orders"
        account = "123456789012"
        [mrap]
        name = "orders"
        [[bucket]]
        region = "af-south-1"
        name = "orders-af-south-1"
        [[grant]]
        role = "arn:aws:iam::210987654321:role/partner"
        access = "write"
        [observability]
    "#;
    let composed = StackSpec::parse("narrows.toml", text).unwrap().compose().clone();
    insta::assert_snapshot!(composed.notes.iter().map(Note::to_string).collect::<Vec<_>>().join("\n"), @r#"
af-south-1 is an opt-in Region: enable it in the accounts of the access point, of its callers and of the VPC endpoints before deploying; it cannot be managed in the S3 console
arn:aws:iam::210987654321:role/partner belongs to another account: it also needs an identity policy of its own that allows the same
alarms in af-south-1 tell nobody: no topic of that Region is listed to be notified
"#);
}
