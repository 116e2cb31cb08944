//! The real engine plans against the stand-in provider of `narrows-terraform`, and leaves no policy unknown.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may panic")]

use narrows_terraform::standin::{Given, ProviderSchemas, Salt, Session, Surroundings, serve};
use narrows_tests::harness::{found_or_skip, process, terraform};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

const AWS: &str = "registry.terraform.io/hashicorp/aws";
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

/// Plans with the stand-in, in an environment that has nothing of AWS, and gives the plan's JSON.
fn plan(program: &Path, configuration: &str, session: &Session) -> Value {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("main.tf"), configuration).unwrap();
    let schemas = ProviderSchemas::embedded().unwrap();
    let served = serve(session, &schemas, AWS).unwrap();
    let reattach = Value::Object([served.reattach()].into_iter().collect()).to_string();
    let engine = |arguments: &[&str]| {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(folder.path())
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("HOME", folder.path())
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_REATTACH_PROVIDERS", &reattach);
        let output = process::run(&mut command, folder.path(), LIMIT).unwrap();
        assert_eq!(output.code, 0, "{arguments:?}: {}{}", output.stdout, output.stderr);
        output.stdout
    };
    engine(&["plan", "-input=false", "-no-color", "-out=plan"]);
    serde_json::from_str(&engine(&["show", "-json", "plan"])).unwrap()
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
