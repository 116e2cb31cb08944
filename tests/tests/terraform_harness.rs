//! The Terraform harness itself: the real engine, the stand-in provider, and what a plan looks like.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use narrows_tests::harness::terraform::{Engine, EngineError};
use narrows_tests::harness::{crate_folder, found_or_skip};
use serde_json::{Value, json};

fn minimal() -> PathBuf {
    crate_folder().join("fixtures/terraform/minimal")
}

/// The minimal configuration with one piece of text replaced, in a folder of its own.
fn minimal_with(from: &str, to: &str) -> tempfile::TempDir {
    let text = fs::read_to_string(minimal().join("main.tf")).unwrap();
    assert_eq!(text.matches(from).count(), 1, "the fixture no longer holds {from:?} once");
    configuration(&text.replace(from, to))
}

fn configuration(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("main.tf"), text).unwrap();
    folder
}

fn change<'a>(plan: &'a Value, address: &str) -> &'a Value {
    let changes = plan["resource_changes"].as_array().unwrap();
    &changes.iter().find(|change| change["address"] == address).unwrap()["change"]
}

#[test]
fn the_minimal_configuration_is_valid() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let validation = engine.validate(&minimal()).unwrap();
    assert_eq!(validation.diagnostics, Vec::<String>::new());
    assert!(validation.valid);
}

#[test]
fn a_first_plan_holds_no_policy_but_its_references() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let plan = engine.plan_json(&minimal()).unwrap();

    let policy = change(&plan, "aws_s3_bucket_policy.member");
    assert_eq!(policy["actions"], json!(["create"]));
    assert_eq!(policy["after_unknown"]["policy"], json!(true));
    assert_eq!(policy["after"].get("policy"), None);

    let resources = plan["configuration"]["root_module"]["resources"].as_array().unwrap();
    let configured =
        resources.iter().find(|resource| resource["address"] == "aws_s3_bucket_policy.member").unwrap();
    let references = configured["expressions"]["policy"]["references"].as_array().unwrap();
    for expected in ["aws_s3control_multi_region_access_point.front.arn", "aws_s3_bucket.member.arn"] {
        assert!(references.contains(&json!(expected)), "{expected} is not among {references:?}");
    }
}

#[test]
fn a_plan_shows_what_the_real_provider_knows_before_creation() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let plan = engine.plan_json(&minimal()).unwrap();

    let bucket = change(&plan, "aws_s3_bucket.member");
    assert_eq!(bucket["after"]["bucket"], "narrows-minimal-eu-west-1");
    assert_eq!(bucket["after"]["region"], "eu-west-1");
    assert_eq!(bucket["after"]["force_destroy"], json!(false));
    assert_eq!(bucket["after"]["tags_all"], json!({ "team": "storage" }));
    assert_eq!(bucket["after_unknown"]["arn"], json!(true));

    let front = change(&plan, "aws_s3control_multi_region_access_point.front");
    assert_eq!(front["after"]["details"][0]["region"][0]["bucket"], "narrows-minimal-eu-west-1");
    assert_eq!(front["after_unknown"]["details"][0]["region"][0]["bucket_account_id"], json!(true));
    assert_eq!(front["after"]["details"][0]["public_access_block"][0]["block_public_policy"], json!(true));
    assert_eq!(front["after_unknown"]["alias"], json!(true));
}

/// What the engine finds wrong with the minimal configuration once a piece of it is replaced.
fn found_wrong(engine: &Engine, from: &str, to: &str) -> String {
    let validation = engine.validate(minimal_with(from, to).path()).unwrap();
    assert!(!validation.valid, "{to:?} was accepted");
    validation.diagnostics.join("\n")
}

#[test]
fn a_misspelt_argument_is_refused() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    insta::assert_snapshot!(found_wrong(&engine, "    name = \"narrows-minimal\"", "    nme = \"narrows-minimal\""), @r#"
    error: Missing required argument: The argument "name" is required, but no definition was found.
    error: Unsupported argument: An argument named "nme" is not expected here. Did you mean "name"?
    "#);
}

#[test]
fn a_missing_block_is_refused() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let region = "    region {\n      bucket = aws_s3_bucket.member.bucket\n    }\n";
    insta::assert_snapshot!(found_wrong(&engine, region, ""), @r#"error: Insufficient region blocks: At least 1 "region" blocks are required."#);
}

#[test]
fn a_block_too_many_is_refused() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let second = "  details {\n    name = \"second\"\n    region {\n      bucket = \"a-bucket\"\n    }\n  }\n\n  details {\n";
    insta::assert_snapshot!(found_wrong(&engine, "  details {\n", second), @r#"error: Too many details blocks: No more than 1 "details" blocks are allowed"#);
}

#[test]
fn a_wrong_type_is_refused() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let bucket = "  bucket = \"narrows-minimal-eu-west-1\"";
    insta::assert_snapshot!(found_wrong(&engine, bucket, "  force_destroy = \"perhaps\""), @r#"error: Incorrect attribute value type: Inappropriate value for attribute "force_destroy": a bool is required."#);
}

#[test]
fn an_unknown_resource_type_is_refused() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let other = "resource \"aws_s3_bukket\" \"other\" {}\n\nresource \"aws_s3_bucket\" \"member\" {";
    insta::assert_snapshot!(found_wrong(&engine, "resource \"aws_s3_bucket\" \"member\" {", other), @r#"error: Invalid resource type: The provider hashicorp/aws does not support resource type "aws_s3_bukket". Did you mean "aws_s3_bucket"?"#);
}

#[test]
fn a_policy_that_is_no_json_is_refused_by_the_stand_in() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let folder = configuration(
        r#"
        resource "aws_s3_bucket_policy" "broken" {
          bucket = "a-bucket"
          policy = "{\"Statement\": ["
        }
        resource "aws_s3control_multi_region_access_point_policy" "broken" {
          details {
            name   = "front"
            policy = "Deny everything"
          }
        }
        "#,
    );
    let validation = engine.validate(folder.path()).unwrap();
    assert_eq!(
        validation.diagnostics,
        [
            "error: Invalid JSON: \"policy\" holds no JSON document: Expecting value: line 1 column 1 (char 0)",
            "error: Invalid JSON: \"policy\" holds no JSON document: Expecting value: line 1 column 16 (char 15)",
        ]
    );
}

#[test]
fn a_policy_document_data_source_is_rendered_as_the_provider_does() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let folder = configuration(
        r#"
        provider "aws" {
          region = "us-east-1"
        }
        data "aws_iam_policy_document" "base" {
          statement {
            sid       = "Own"
            actions   = ["s3:GetObject"]
            resources = ["arn:aws:s3:::a-bucket/&{aws:username}/*"]
            principals {
              type        = "AWS"
              identifiers = ["arn:aws:iam::111122223333:root"]
            }
          }
        }
        data "aws_iam_policy_document" "whole" {
          source_policy_documents = [data.aws_iam_policy_document.base.json]
          statement {
            effect      = "Deny"
            not_actions = ["s3:ListBucket", "s3:GetObject"]
            resources   = ["*"]
            principals {
              type        = "*"
              identifiers = ["*"]
            }
            condition {
              test     = "Bool"
              variable = "aws:SecureTransport"
              values   = ["false"]
            }
          }
        }
        resource "aws_s3_bucket_policy" "whole" {
          bucket = "a-bucket"
          policy = data.aws_iam_policy_document.whole.json
        }
        "#,
    );
    let plan = engine.plan_json(folder.path()).unwrap();
    let text = change(&plan, "aws_s3_bucket_policy.whole")["after"]["policy"].as_str().unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(text).unwrap(),
        json!({
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "Own",
                    "Effect": "Allow",
                    "Principal": { "AWS": "arn:aws:iam::111122223333:root" },
                    "Action": "s3:GetObject",
                    "Resource": "arn:aws:s3:::a-bucket/${aws:username}/*",
                },
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "NotAction": ["s3:GetObject", "s3:ListBucket"],
                    "Resource": "*",
                    "Condition": { "Bool": { "aws:SecureTransport": "false" } },
                },
            ],
        })
    );
}

#[test]
fn a_provider_without_a_region_cannot_plan() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let folder = minimal_with("  region = \"eu-west-1\"\n", "");
    let error = engine.plan_json(folder.path()).unwrap_err();
    assert!(matches!(error, EngineError::Refused { .. }), "{error}");
    assert!(error.to_string().contains("the provider block has no region"), "{error}");
}

#[test]
fn statements_with_the_same_sid_in_two_sources_cannot_be_merged() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let folder = configuration(
        r#"
        provider "aws" {
          region = "us-east-1"
        }
        data "aws_iam_policy_document" "twice" {
          source_policy_documents = [
            jsonencode({ Statement = { Sid = "One", Effect = "Allow" } }),
            jsonencode({ Statement = { Sid = "One", Effect = "Deny" } }),
          ]
        }
        "#,
    );
    let error = engine.plan_json(folder.path()).unwrap_err().to_string();
    assert!(error.contains("duplicate Sid (One) in source_policy_documents"), "{error}");
}

#[test]
fn a_prior_state_makes_an_update() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let folder = configuration(
        r#"
        provider "aws" {
          region = "us-east-1"
        }
        resource "aws_s3_bucket_versioning" "member" {
          bucket = "a-bucket"
          versioning_configuration {
            status = "Suspended"
          }
        }
        "#,
    );
    // A state as somebody writes it: without the attributes that are null.
    let instance = json!({
        "schema_version": 0,
        "attributes": {
            "bucket": "a-bucket",
            "id": "a-bucket",
            "region": "us-east-1",
            "versioning_configuration": [{ "status": "Enabled" }],
        },
    });
    let provider = format!("provider[\"{}/hashicorp/aws\"]", engine.registry());
    let state = json!({
        "version": 4,
        "serial": 1,
        "lineage": "3b0d5b2e-3a77-4f43-9a5e-1c1f6d0a7f11",
        "resources": [{
            "mode": "managed",
            "type": "aws_s3_bucket_versioning",
            "name": "member",
            "provider": provider,
            "instances": [instance],
        }],
    });
    fs::write(folder.path().join("terraform.tfstate"), state.to_string()).unwrap();
    let plan = engine.plan_json(folder.path()).unwrap();
    let versioning = change(&plan, "aws_s3_bucket_versioning.member");
    assert_eq!(versioning["actions"], json!(["update"]));
    assert_eq!(versioning["before"]["versioning_configuration"][0]["status"], "Enabled");
    assert_eq!(versioning["after"]["versioning_configuration"][0]["status"], "Suspended");
    assert_eq!(versioning["after"]["id"], "a-bucket");
}

/// The schema file is in the format that the engine prints, so what arrives at the engine can be compared with it.
#[test]
fn the_engine_gets_the_schema_that_the_file_holds() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let file =
        fs::read_to_string(crate_folder().join("../providers/terraform/schema/providers.json")).unwrap();
    let file: Value = serde_json::from_str(&file).unwrap();
    let provider = "/provider_schemas/registry.terraform.io~1hashicorp~1aws";
    let expected = file.pointer(provider).unwrap();
    let served = engine.schema_json(&minimal()).unwrap();
    let served = served["provider_schemas"].as_object().unwrap().values().next().unwrap();
    assert_eq!(without_descriptions(&served["provider"]), expected["provider"]);
    let types = fs::read_to_string(crate_folder().join("terraform-provider/resource-types.txt")).unwrap();
    let types = types.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (data_sources, resources): (Vec<&str>, Vec<&str>) = types.partition(|name| name.starts_with("data."));
    for (kind, types) in [("resource_schemas", resources), ("data_source_schemas", data_sources)] {
        let served = without_descriptions(&served[kind]);
        assert_eq!(served.as_object().unwrap().len(), types.len(), "{kind}");
        for name in types.iter().map(|name| name.trim_start_matches("data.")) {
            assert!(
                expected[kind][name].is_object() && served[name] == expected[kind][name],
                "{kind} {name}"
            );
        }
    }
}

fn without_descriptions(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| *name != "description_kind")
            .map(|(name, value)| (name.clone(), without_descriptions(value)))
            .collect(),
        other => other.clone(),
    }
}

#[test]
fn every_type_that_a_stack_becomes_can_be_planned() {
    let Some(engine) = found_or_skip(Engine::find()) else { return };
    let folder = crate_folder().join("fixtures/terraform/every-type");
    assert_eq!(engine.validate(&folder).unwrap().diagnostics, Vec::<String>::new());

    let plan = engine.plan_json(&folder).unwrap();
    let changes = plan["resource_changes"].as_array().unwrap();
    let planned: BTreeSet<&str> = changes.iter().map(|change| change["type"].as_str().unwrap()).collect();
    let emitted = BTreeSet::from([
        "aws_cloudwatch_dashboard",
        "aws_cloudwatch_metric_alarm",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_s3_bucket",
        "aws_s3_bucket_metric",
        "aws_s3_bucket_ownership_controls",
        "aws_s3_bucket_policy",
        "aws_s3_bucket_public_access_block",
        "aws_s3_bucket_replication_configuration",
        "aws_s3_bucket_versioning",
        "aws_s3control_multi_region_access_point",
        "aws_s3control_multi_region_access_point_policy",
        "aws_s3control_multi_region_access_point_routes",
        "aws_security_group",
        "aws_vpc_endpoint",
        "aws_vpc_security_group_ingress_rule",
    ]);
    assert_eq!(planned, emitted);
    // Each provider block is served by a process of its own.
    assert_eq!(change(&plan, "aws_s3_bucket.virginia")["after"]["region"], "us-east-1");
    assert_eq!(change(&plan, "aws_s3_bucket.ireland")["after"]["region"], "eu-west-1");
}
