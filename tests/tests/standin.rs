//! The real engine plans against the stand-in provider of `narrows-terraform`, and leaves no policy unknown.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may panic")]

use narrows_terraform::standin::{Given, ProviderSchemas, Salt, Served, Session, Surroundings, serve};
use narrows_terraform::symbolic::{Renaming, write_state};
use narrows_tests::harness::{found_or_skip, process, terraform};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

const LIMIT: Duration = Duration::from_secs(120);

/// An MRAP, its buckets with one policy each, endpoints that differ in nothing, a document as a data source.
const CONFIGURATION: &str = r#"
provider "aws" {
  region = "eu-central-1"
  default_tags { tags = { team = "data" } }
}

locals {
  buckets = toset(["narrows-eu", "narrows-us"])
}

resource "aws_s3_bucket" "data" {
  for_each = local.buckets
  bucket   = each.key
  tags     = { name = each.key }
}

resource "aws_s3_bucket" "log" {
  bucket_prefix = "log-"
}

resource "aws_s3control_multi_region_access_point" "data" {
  details {
    name = "data"
    dynamic "region" {
      for_each = aws_s3_bucket.data
      content { bucket = region.value.id }
    }
  }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc_endpoint" "s3" {
  count        = 2
  vpc_id       = aws_vpc.main.id
  service_name = "com.amazonaws.eu-central-1.s3"
}

resource "aws_iam_role" "reader" {
  name = "reader"
  path = "/data/"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_s3_bucket_policy" "data" {
  for_each = aws_s3_bucket.data
  bucket   = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyThroughTheMrap"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "${each.value.arn}/*"
      Condition = {
        StringNotEquals = { "s3:DataAccessPointArn" = aws_s3control_multi_region_access_point.data.arn }
        StringNotEqualsIfExists = { "aws:SourceVpce" = aws_vpc_endpoint.s3[*].id }
        ArnNotEquals = { "aws:PrincipalArn" = aws_iam_role.reader.arn }
      }
    }]
  })
}

data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "key" {
  statement {
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}

resource "aws_kms_key" "data" {
  policy = data.aws_iam_policy_document.key.json
}

output "part" {
  value = substr(aws_s3control_multi_region_access_point.data.alias, 1, 4)
}
"#;

/// The providers of a plan, and the folder that it is made in.
struct Run {
    folder: tempfile::TempDir,
    reattach: String,
    _served: Vec<Served>,
}

impl Run {
    fn new(configuration: &str, session: &Session, schemas: &ProviderSchemas) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.tf"), configuration).unwrap();
        let served: Vec<_> =
            schemas.sources().map(|source| serve(session, schemas, source).unwrap()).collect();
        let reattach = Value::Object(served.iter().map(Served::reattach).collect()).to_string();
        Self { folder, reattach, _served: served }
    }

    /// Runs the engine in an environment that has nothing of AWS.
    fn engine(&self, program: &Path, arguments: &[&str]) -> process::Output {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_REATTACH_PROVIDERS", &self.reattach);
        process::run(&mut command, self.folder.path(), LIMIT).unwrap()
    }

    fn plan(&self, program: &Path) -> Value {
        let checked = |arguments: &[&str]| {
            let output = self.engine(program, arguments);
            assert_eq!(output.code, 0, "{arguments:?}: {}{}", output.stdout, output.stderr);
            output.stdout
        };
        checked(&["plan", "-refresh=false", "-input=false", "-no-color", "-out=plan"]);
        serde_json::from_str(&checked(&["show", "-json", "plan"])).unwrap()
    }
}

/// Plans with the stand-in for the AWS provider, and gives the plan's JSON.
fn plan(program: &Path, configuration: &str, session: &Session) -> Value {
    Run::new(configuration, session, &ProviderSchemas::embedded().unwrap()).plan(program)
}

/// The planned values by address.
fn after(plan: &Value) -> BTreeMap<&str, &Value> {
    let changes = plan["resource_changes"].as_array().unwrap().iter();
    changes.map(|change| (change["address"].as_str().unwrap(), &change["change"]["after"])).collect()
}

fn around() -> Surroundings {
    Surroundings { account: Some("111122223333".parse().unwrap()), ..Surroundings::default() }
}

/// A text with a name in the place of each symbol: the address and attribute that it is from.
fn named(text: &str, after: &BTreeMap<&str, &Value>, given: &[Given]) -> String {
    let mut text = text.to_owned();
    for given in given {
        let owns = |value: &Value| value[&given.attribute].as_str() == Some(&given.text);
        if let Some((address, _)) = after.iter().find(|(_, value)| owns(value)) {
            text = text.replace(&given.token, &format!("<{address}>"));
        }
    }
    text
}

#[test]
fn policies_are_complete_and_the_two_salts_differ_in_the_symbols_alone() {
    let Some(programs) = found_or_skip(terraform::programs()) else { return };
    for program in programs {
        let plans = [Salt::First, Salt::Second].map(|salt| {
            let session = Session::new(salt, around());
            let plan = plan(&program, CONFIGURATION, &session);
            (plan, session.given())
        });
        let [first, second] = &plans;

        for (plan, given) in &plans {
            let changes = plan["resource_changes"].as_array().unwrap().iter();
            let with_policy = |change: &&Value| {
                ["aws_s3_bucket_policy", "aws_kms_key"].contains(&change["type"].as_str().unwrap())
            };
            for change in changes.filter(with_policy) {
                assert_eq!(change["change"]["after_unknown"].get("policy"), None, "{change}");
            }
            let after = after(plan);
            let mrap = after["aws_s3control_multi_region_access_point.data"];
            let alias = mrap["alias"].as_str().unwrap();
            assert!(alias.parse::<narrows_model::MrapAlias>().is_ok(), "{alias}");
            assert_eq!(mrap["arn"], format!("arn:aws:s3::111122223333:accesspoint/{alias}"));
            let policy = after[r#"aws_s3_bucket_policy.data["narrows-eu"]"#]["policy"].as_str().unwrap();
            assert!(policy.contains(&format!("arn:aws:s3::111122223333:accesspoint/{alias}")), "{policy}");
            assert!(policy.contains("arn:aws:s3:::narrows-eu/*"), "{policy}");
            assert!(policy.contains("arn:aws:iam::111122223333:role/data/reader"), "{policy}");
            let endpoints = ["aws_vpc_endpoint.s3[0]", "aws_vpc_endpoint.s3[1]"]
                .map(|address| after[address]["id"].as_str().unwrap());
            assert_ne!(endpoints[0], endpoints[1]);
            for endpoint in endpoints {
                assert!(endpoint.parse::<narrows_model::VpcEndpointId>().is_ok(), "{endpoint}");
                assert!(policy.contains(endpoint), "{policy}");
            }
            assert!(after["aws_s3_bucket.log"]["bucket"].as_str().unwrap().starts_with("log-"));
            assert_eq!(after["aws_s3_bucket.log"]["tags_all"]["team"], "data");
            let key = after["aws_kms_key.data"]["policy"].as_str().unwrap();
            assert!(key.contains("arn:aws:iam::111122223333:root"), "{key}");
            assert!(!given.is_empty());
            for given in given {
                assert!(given.text.contains(&given.token), "{given:?}");
                assert!(!given.text.contains("narrows"), "{given:?}");
            }
        }

        let tokens = |given: &[Given]| given.iter().map(|given| given.token.clone()).collect::<Vec<_>>();
        let (one, two) = (tokens(&first.1), tokens(&second.1));
        assert_eq!(one.len(), two.len());
        assert!(one.iter().all(|token| !two.contains(token)));

        let named = |(plan, given): &(Value, Vec<Given>)| {
            let after = after(plan);
            let policies =
                after.iter().filter_map(|(address, value)| Some((*address, value["policy"].as_str()?)));
            let named = policies.map(|(address, policy)| (address.to_owned(), named(policy, &after, given)));
            named.collect::<BTreeMap<_, _>>()
        };
        assert_eq!(named(first), named(second));
        // What is computed from a symbol gives itself away.
        let part = |plan: &Value| plan["planned_values"]["outputs"]["part"]["value"].clone();
        assert_ne!(part(&first.0), part(&second.0));
    }
}

/// A data source that waits for a role, which is planned but not there.
const WAITS: &str = r#"
provider "aws" { region = "eu-central-1" }

resource "aws_iam_role" "reader" {
  name_prefix        = "reader-"
  assume_role_policy = "{}"
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id       = "vpc-0123456789abcdef0"
  service_name = "com.amazonaws.eu-central-1.s3"
}

data "aws_iam_policy_document" "data" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::data/*"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.reader.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceVpce"
      values   = [aws_vpc_endpoint.s3.id]
    }
  }
}

resource "aws_s3_bucket_policy" "data" {
  bucket = "data"
  policy = data.aws_iam_policy_document.data.json
}
"#;

#[test]
fn a_second_round_reads_what_waits_for_resources_and_keeps_their_symbols() {
    let Some(programs) = found_or_skip(terraform::programs()) else { return };
    for program in programs {
        let session = Session::new(Salt::Second, around());
        let run = Run::new(WAITS, &session, &ProviderSchemas::embedded().unwrap());
        let first = run.plan(&program);
        let policy = |plan: &Value| after(plan)["aws_s3_bucket_policy.data"]["policy"].clone();
        assert_eq!(policy(&first), Value::Null, "the first round reads no data source that waits");

        let state = write_state(&first, &session.unset(), &Renaming::default());
        fs::write(run.folder.path().join("terraform.tfstate"), state.to_string()).unwrap();
        let second = run.plan(&program);
        for address in ["aws_iam_role.reader", "aws_vpc_endpoint.s3"] {
            let change =
                second["resource_changes"].as_array().unwrap().iter().find(|it| it["address"] == address);
            assert_eq!(change.unwrap()["change"]["actions"], serde_json::json!(["no-op"]), "{address}");
            assert_eq!(after(&first)[address]["arn"], after(&second)[address]["arn"]);
        }
        let role = after(&first)["aws_iam_role.reader"]["arn"].clone();
        let endpoint = after(&first)["aws_vpc_endpoint.s3"]["id"].clone();
        let policy: Value = serde_json::from_str(policy(&second).as_str().unwrap()).unwrap();
        assert_eq!(policy["Statement"][0]["Principal"]["AWS"], role);
        assert_eq!(policy["Statement"][0]["Condition"]["StringEquals"]["aws:SourceVpce"], endpoint);
    }
}

#[test]
fn each_provider_block_answers_for_its_own_region() {
    let Some(programs) = found_or_skip(terraform::programs()) else { return };
    let configuration = r#"
provider "aws" { region = "eu-central-1" }
provider "aws" {
  alias  = "west"
  region = "us-west-2"
}
data "aws_region" "here" {}
data "aws_region" "west" { provider = aws.west }
resource "aws_sns_topic" "west" {
  provider = aws.west
  name     = "alarms"
}
output "here" { value = data.aws_region.here.region }
output "west" { value = data.aws_region.west.region }
output "topic" { value = aws_sns_topic.west.arn }
"#;
    for program in programs {
        let plan = plan(&program, configuration, &Session::new(Salt::First, around()));
        let output = |name: &str| plan["planned_values"]["outputs"][name]["value"].clone();
        assert_eq!(output("here"), "eu-central-1");
        assert_eq!(output("west"), "us-west-2");
        assert_eq!(output("topic"), "arn:aws:sns:us-west-2:111122223333:alarms");
    }
}

/// Providers as `terraform providers schema -json` prints them: one with attributes in attributes.
const OTHERS: &str = r#"{"format_version": "1.0", "provider_schemas": {
  "registry.terraform.io/hashicorp/random": {
    "provider": {"version": 0, "block": {}},
    "resource_schemas": {"random_id": {"version": 0, "block": {"attributes": {
      "byte_length": {"type": "number", "required": true},
      "dec": {"type": "string", "computed": true},
      "id": {"type": "string", "computed": true}
    }}}}
  },
  "example.com/acme/lake": {
    "provider": {"version": 0, "block": {"attributes": {"token": {"type": "string", "optional": true, "sensitive": true}}}},
    "resource_schemas": {"lake_table": {"version": 0, "block": {
      "attributes": {
        "name": {"type": "string", "required": true},
        "columns": {"optional": true, "nested_type": {"nesting_mode": "list", "attributes": {
          "name": {"type": "string", "required": true},
          "id": {"type": "string", "computed": true}
        }}},
        "any": {"type": "dynamic", "optional": true}
      },
      "block_types": {"rule": {"nesting_mode": "set", "block": {"attributes": {
        "match": {"type": "string", "optional": true}, "rule_id": {"type": "string", "computed": true}
      }}}}
    }}},
    "data_source_schemas": {"lake_zones": {"version": 0, "block": {"attributes": {
      "names": {"type": ["list", "string"], "computed": true},
      "count_of": {"type": "number", "computed": true}
    }}}}
  }
}}"#;

#[test]
fn providers_of_others_are_served_from_what_they_say_of_themselves() {
    let Some(programs) = found_or_skip(terraform::programs()) else { return };
    let configuration = r#"
terraform {
  required_providers {
    lake   = { source = "example.com/acme/lake" }
    random = { source = "hashicorp/random" }
  }
}
resource "random_id" "one" { byte_length = 4 }
resource "random_id" "two" { byte_length = 4 }
data "lake_zones" "all" {}
resource "lake_table" "data" {
  name    = "data-${random_id.one.dec}"
  columns = [{ name = "a" }, { name = "b" }]
  any     = { nested = [true, 1, "text"] }
  rule { match = "x" }
  rule { match = "y" }
}
output "zones" { value = [data.lake_zones.all.names[0], data.lake_zones.all.count_of] }
"#;
    let mut set = BTreeMap::new();
    set.insert("random_id.dec".to_owned(), serde_json::json!("12345"));
    for program in programs {
        let plans = [Salt::First, Salt::Second].map(|salt| {
            let session = Session::new(salt, Surroundings { set: set.clone(), ..around() });
            Run::new(configuration, &session, &ProviderSchemas::parse(OTHERS).unwrap()).plan(&program)
        });
        for plan in &plans {
            let after = after(plan);
            let table = after["lake_table.data"];
            assert_eq!(table["name"], "data-12345");
            assert_eq!(table["any"], serde_json::json!({"nested": [true, 1, "text"]}));
            let ids: BTreeSet<_> = [
                &table["columns"][0]["id"],
                &table["columns"][1]["id"],
                &table["rule"][0]["rule_id"],
                &table["rule"][1]["rule_id"],
                &after["random_id.one"]["id"],
                &after["random_id.two"]["id"],
            ]
            .map(|id| id.as_str().unwrap())
            .into();
            assert_eq!(ids.len(), 6, "{ids:?}");
        }
        let zones = |plan: &Value| plan["planned_values"]["outputs"]["zones"]["value"].clone();
        assert_ne!(zones(&plans[0])[0], zones(&plans[1])[0]);
        assert_ne!(zones(&plans[0])[1], zones(&plans[1])[1]);
    }
}

#[test]
fn what_a_stand_in_cannot_do_is_the_engines_error() {
    let Some(programs) = found_or_skip(terraform::programs()) else { return };
    let provider = r#"provider "aws" { region = "eu-central-1" }"#;
    let document = r#"data "aws_iam_policy_document" "bad" { source_policy_documents = ["no document"] }"#;
    let import = r#"
import {
  to = aws_s3_bucket.old
  id = "old"
}
resource "aws_s3_bucket" "old" { bucket = "old" }"#;
    for program in programs {
        for (configuration, expected) in [(document, "no document"), (import, "without the `import` block")] {
            let session = Session::new(Salt::First, around());
            let configuration = format!("{provider}\n{configuration}");
            let run = Run::new(&configuration, &session, &ProviderSchemas::embedded().unwrap());
            let output = run.engine(&program, &["plan", "-input=false", "-no-color"]);
            let words =
                output.stderr.replace(['\n', '│'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(output.code == 1 && words.contains(expected), "{words}");
        }
        let session = Session::new(Salt::First, around());
        let run = Run::new(provider, &session, &ProviderSchemas::embedded().unwrap());
        fs::write(run.folder.path().join("terraform.tfstate"), BUCKET).unwrap();
        let output =
            run.engine(&program, &["apply", "-auto-approve", "-refresh=false", "-input=false", "-no-color"]);
        assert!(output.code == 1 && output.stderr.contains("Nothing was applied"), "{}", output.stderr);
        let state = fs::read_to_string(run.folder.path().join("terraform.tfstate")).unwrap();
        assert!(state.contains("aws_s3_bucket"), "{state}");
    }
}

/// A state with a bucket that the configuration does not have, so that it is to be deleted.
const BUCKET: &str = r#"{"version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "l", "outputs": {}, "resources": [{
  "mode": "managed", "type": "aws_s3_bucket", "name": "old", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
  "instances": [{"schema_version": 0, "attributes": {"id": "old", "bucket": "old"}}]
}]}"#;
