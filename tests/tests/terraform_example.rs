//! The shipped example as a Terraform user meets it: the files, what a real engine makes of them, and their plan.

use std::collections::{BTreeMap, BTreeSet};

use narrows::{Exit, Memory};
use narrows_tests::harness::{found_or_skip, terraform::Engine};
use narrows_tests::run::{Example, narrows};
use serde_json::Value;

/// All that is asked of the example: eight guardrails of three buckets, three of roles and grants, one of the MRAP, and one of
/// whatever has policies: three buckets, the MRAP, three endpoints and a role.
const VERDICTS: usize = 3 * 8 + 3 + 1 + 8;

/// The example's files in a folder on disk.
fn written(example: &Example) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in example.files() {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Checks a plan of the example with the written intent file beside it.
fn check_plan(engine: &Engine, example: &Example, args: &[&str]) -> (Exit, Value) {
    let plan = engine.plan_json(written(example).path()).unwrap();
    let intent = example.files().find(|(name, _)| *name == "narrows.intent.json").unwrap().1;
    let files = Memory::new().with("plan.json", plan.to_string()).with("narrows.intent.json", intent);
    let fixed = ["check", "plan.json", "--format", "json", "--as-of", "2026-11-23"];
    let ran = narrows(files, &[&fixed, args].concat());
    assert_eq!(ran.stderr, "");
    (ran.exit, serde_json::from_str(&ran.stdout).unwrap())
}

#[test]
fn the_files() {
    let example = Example::synthesised();
    let names: Vec<_> = example.files().map(|(name, _)| name).collect();
    let expected = [
        "cloudwatch.tf.json",
        "ec2.tf.json",
        "iam.tf.json",
        "narrows.intent.json",
        "s3.tf.json",
        "s3control.tf.json",
        "versions.tf.json",
    ];
    assert_eq!(names, expected);
    for (name, text) in example.files() {
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn the_engine_takes_the_files_and_the_plan_is_proved() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let example = Example::synthesised();
    let validation = engine.validate(written(&example).path()).unwrap();
    assert_eq!(validation.diagnostics, Vec::<String>::new());
    assert!(validation.valid);

    let (exit, of_plan) = check_plan(&engine, &example, &[]);
    let verdicts = of_plan["verdicts"].as_array().unwrap();
    assert_eq!((exit, verdicts.len()), (Exit::Clean, VERDICTS));
    for verdict in verdicts {
        assert_eq!(verdict["verdict"], "proved", "{verdict:#}");
    }
    let (_, of_folder) = example.check(&[]);
    assert_eq!(of_plan["verdicts"], of_folder["verdicts"]);
}

/// The Deny of direct object access is left out for London; plan and folder find the same request.
#[test]
fn a_plan_without_one_deny_is_refuted_by_the_request_that_the_folder_shows() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let broken = Example::synthesised().with_statements("eu_west_2", |statements| {
        statements.retain(|statement| statement["Sid"] != "DenyObjectsOutsideMrap");
    });
    let args = ["--guardrail", "only-through-mrap"];
    let (exit, of_plan) = check_plan(&engine, &broken, &args);
    assert_eq!(exit, Exit::Refuted);
    let verdict = Example::verdict(&of_plan, "only-through-mrap", "orders-eu-west-2");
    let request = &verdict["counterexample"];
    assert_eq!(
        (&verdict["verdict"], &request["route"]),
        (&"refuted".into(), &"direct".into()),
        "{verdict:#}"
    );
    let resource = request["resource"].as_str().unwrap();
    assert!(resource.starts_with("arn:aws:s3:::orders-eu-west-2/"), "{resource}");

    let (_, of_folder) = broken.check(&args);
    let of_folder = Example::verdict(&of_folder, "only-through-mrap", "orders-eu-west-2");
    // Only the place of the statement differs: one in the plan, one in the file.
    assert_eq!(without_places(request), without_places(&of_folder["counterexample"]));
    for other in ["orders-us-east-1", "orders-ap-northeast-3"] {
        assert_eq!(Example::verdict(&of_plan, "only-through-mrap", other)["verdict"], "proved");
    }
}

fn without_places(request: &Value) -> Value {
    let mut request = request.clone();
    for leg in request["legs"].as_array_mut().unwrap() {
        // A decision that rests on an assumption alone has no place.
        leg["decided_by"].as_object_mut().unwrap().remove("location");
    }
    request
}

/// What an engine creates before what: each resource with all that it waits for, through others too.
struct Order(BTreeMap<String, BTreeSet<String>>);

impl Order {
    fn of(example: &Example) -> Self {
        let mut direct = BTreeMap::<String, BTreeSet<String>>::new();
        for (address, body) in resources(example) {
            direct.insert(address, references(&body));
        }
        let reach = |address: &String| {
            let (mut seen, mut next) = (BTreeSet::new(), vec![address]);
            while let Some(at) = next.pop() {
                let known = direct.get(at).unwrap_or_else(|| panic!("{at} is referred to but not there"));
                next.extend(known.iter().filter(|it| seen.insert((*it).clone())));
            }
            seen
        };
        Self(direct.keys().map(|address| (address.clone(), reach(address))).collect())
    }

    fn assert_waits(&self, address: &str, expected: &[&str]) {
        for before in expected {
            assert!(self.0[address].contains(*before), "{address} does not wait for {before}");
        }
    }
}

/// The resources of the written files, by address.
fn resources(example: &Example) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (_, text) in example.files() {
        let file: Value = serde_json::from_str(text).unwrap();
        for (kind, named) in file["resource"].as_object().into_iter().flatten() {
            for (name, body) in named.as_object().unwrap() {
                all.push((format!("{kind}.{name}"), body.clone()));
            }
        }
    }
    all
}

/// The addresses that templates and `depends_on` name.
fn references(body: &Value) -> BTreeSet<String> {
    let explicit = body["depends_on"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let text = body.to_string();
    let templates = text.split("${").skip(1).filter_map(|rest| {
        let expression = rest.split('}').next()?;
        Some(expression.rsplit_once('.')?.0)
    });
    explicit.chain(templates).map(str::to_owned).collect()
}

#[test]
fn everything_waits_for_what_it_needs() {
    let example = Example::synthesised();
    let order = Order::of(&example);
    let names = ["ap_northeast_3", "eu_west_2", "us_east_1"];
    let each = |kind: &str| names.map(|name| format!("{kind}.{name}"));
    let (buckets, versionings, endpoints) =
        (each("aws_s3_bucket"), each("aws_s3_bucket_versioning"), each("aws_vpc_endpoint"));
    let waits = |address: &str, expected: &[String]| {
        order.assert_waits(address, &expected.iter().map(String::as_str).collect::<Vec<_>>());
    };
    let mrap = "aws_s3control_multi_region_access_point.mrap".to_owned();

    waits(&mrap, &buckets);
    for (name, bucket) in names.iter().zip(&buckets) {
        let policy = format!("aws_s3_bucket_policy.{name}");
        // S3 judges a policy public or not by the block that stands when it arrives.
        let block = format!("aws_s3_bucket_public_access_block.{name}");
        waits(&policy, &[bucket.clone(), block, mrap.clone(), "aws_iam_role.replication".to_owned()]);
        waits(&policy, &endpoints);
        // S3 refuses replication unless both sides are versioned.
        let replication = format!("aws_s3_bucket_replication_configuration.{name}");
        waits(
            &replication,
            &[versionings.to_vec(), vec!["aws_iam_role_policy.replication".to_owned()]].concat(),
        );
        waits(
            &format!("aws_vpc_endpoint.{name}"),
            &[format!("aws_security_group.{name}"), mrap.clone(), bucket.clone()],
        );
    }
    waits(
        "aws_s3control_multi_region_access_point_policy.mrap",
        &[endpoints.to_vec(), vec![mrap.clone()]].concat(),
    );
    waits("aws_s3control_multi_region_access_point_routes.mrap", &[mrap]);
    for (address, before) in &order.0 {
        assert!(!before.contains(address), "{address} waits for itself");
    }
}

#[test]
fn everything_stands_in_its_region() {
    let example = Example::synthesised();
    let regions = BTreeMap::from([
        ("ap_northeast_3", "ap-northeast-3"),
        ("eu_west_2", "eu-west-2"),
        ("us_east_1", "us-east-1"),
    ]);
    for (address, body) in resources(&example) {
        let (kind, name) = address.split_once('.').unwrap();
        let region = body["region"].as_str();
        match kind {
            "aws_cloudwatch_metric_alarm" => {
                // An alarm sees its own Region's metrics, and tells topics of its own Region alone.
                let metric = body["metric_name"].as_str().unwrap();
                let late = matches!(
                    metric,
                    "ReplicationLatency" | "OperationsPendingReplication" | "BytesPendingReplication"
                );
                let dimension = match metric {
                    _ if late => "DestinationBucket",
                    "OperationsFailedReplication" => "SourceBucket",
                    _ => "BucketName",
                };
                let bucket = references(&body["dimensions"][dimension]).pop_first().unwrap();
                assert_eq!(region, Some(regions[bucket.rsplit('.').next().unwrap()]), "{address}");
                for action in body["alarm_actions"].as_array().unwrap() {
                    assert_eq!(action.as_str().unwrap().split(':').nth(3), region, "{address}");
                }
            }
            "aws_cloudwatch_dashboard" => {
                let body: Value = serde_json::from_str(body["dashboard_body"].as_str().unwrap()).unwrap();
                for widget in body["widgets"].as_array().unwrap() {
                    let region = widget["properties"]["region"].as_str();
                    assert!(widget["type"] == "text" || region.is_some(), "{widget:#}");
                }
            }
            "aws_iam_role" | "aws_iam_role_policy" => {
                assert_eq!(region, None, "{address}: IAM has no Region")
            }
            // Requests about access points go to us-west-2, the provider's Region; routes, to one of five.
            "aws_s3control_multi_region_access_point_routes" => assert_eq!(region, Some("us-west-2")),
            _ if kind.starts_with("aws_s3control_") => assert_eq!(region, None, "{address}"),
            _ => {
                let of_name = regions.iter().find(|(prefix, _)| name.starts_with(*prefix));
                assert_eq!(region, of_name.map(|(_, region)| *region), "{address}");
            }
        }
    }
}
