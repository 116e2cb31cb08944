//! `narrows plan` with real engines: what a configuration in HCL comes to before its first deployment.

use narrows::Exit;
use narrows_tests::harness::terraform;
use narrows_tests::harness::{contents, copy_folder, crate_folder, found_or_skip};
use narrows_tests::run::{Ran, narrows_on_disk};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// A copy of the fixtures, so that a test may change them, and the engine that plans them.
struct Place {
    folder: tempfile::TempDir,
    engine: PathBuf,
}

impl Place {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn narrows(&self, args: &[&str]) -> Ran {
        narrows_on_disk(args)
    }

    fn plan(&self, configuration: &str, args: &[&str]) -> Ran {
        let (folder, engine) = (self.path(configuration), self.engine.display().to_string());
        let folder = folder.display().to_string();
        self.narrows(&[&["plan", &folder, "--engine", &engine, "--as-of", "2026-11-23"], args].concat())
    }

    /// The verdicts of `only-through-mrap`, by bucket.
    fn verdicts(&self, configuration: &str, variables: &[&str]) -> Vec<(String, String)> {
        let fixed =
            ["--guardrail", "only-through-mrap", "--account", "123456789012", "--format", "json", "--"];
        let ran = self.plan(configuration, &[&fixed, variables].concat());
        assert_ne!(ran.exit, Exit::Failed, "{}", ran.stderr);
        verdicts(&ran.stdout)
    }
}

fn verdicts(report: &str) -> Vec<(String, String)> {
    let report: Value = serde_json::from_str(report).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = report["verdicts"].as_array().unwrap();
    all.iter().map(|it| (text(&it["subject"]["name"]), text(&it["verdict"]))).collect()
}

/// Runs a test with each engine that there is.
fn each_engine(test: impl Fn(&Place)) {
    for engine in found_or_skip(terraform::programs()).unwrap_or_default() {
        let place = Place { folder: tempfile::tempdir().unwrap(), engine };
        copy_folder(&crate_folder().join("fixtures/plan"), place.folder.path()).unwrap();
        test(&place);
    }
}

fn all(verdict: &str, names: [&str; 2]) -> Vec<(String, String)> {
    names.map(|name| (name.to_owned(), verdict.to_owned())).into()
}

const REGIONS: [&str; 2] = ["acme-data-eu-west-2", "acme-data-us-east-1"];
const NUMBERS: [&str; 2] = ["acme-data-0", "acme-data-1"];

#[test]
fn policies_in_jsonencode_are_there_in_full() {
    each_engine(|place| {
        assert_eq!(place.verdicts("jsonencode", &[]), all("proved", REGIONS));
        assert_eq!(place.verdicts("jsonencode", &["-var", r#"sids=["lists"]"#]), all("refuted", REGIONS));
    });
}

/// The documents are read only when what they refer to exists: the engine is told that it does.
#[test]
fn policy_documents_in_a_module_are_there_in_full() {
    each_engine(|place| {
        assert_eq!(place.verdicts("documents", &[]), all("proved", NUMBERS));
        assert_eq!(place.verdicts("documents", &["-var", r#"sids=["lists"]"#]), all("refuted", NUMBERS));
    });
}

#[test]
fn a_part_of_an_alias_is_unknown_and_never_proved() {
    each_engine(|place| {
        let verdicts = place.verdicts("documents", &["-var", "cut=8"]);
        assert_eq!(verdicts, all("unknown", NUMBERS));
    });
}

#[test]
fn a_saved_plan_gives_the_same_verdicts_and_is_the_same_each_time() {
    each_engine(|place| {
        let [one, other] = ["one.json", "two.json"].map(|name| {
            let out = place.path(name).display().to_string();
            let ran = place.plan("documents", &["--no-check", "--out", &out]);
            assert_eq!((ran.exit, ran.stdout.as_str(), ran.stderr.as_str()), (Exit::Clean, "", ""));
            fs::read_to_string(out).unwrap()
        });
        assert_eq!(one, other);
        let saved = place.path("one.json").display().to_string();
        let fixed = ["--guardrail", "only-through-mrap", "--as-of", "2026-11-23", "--format", "json"];
        let checked = place.narrows(&[&["check", &saved], fixed.as_slice()].concat());
        let planned =
            place.plan("documents", &fixed[..2].iter().chain(&fixed[4..]).copied().collect::<Vec<_>>());
        assert_eq!(verdicts(&checked.stdout), verdicts(&planned.stdout));
        assert_eq!(checked.exit, planned.exit);
        let plan: Value = serde_json::from_str(&one).unwrap();
        let changes = plan["resource_changes"].as_array().unwrap();
        let policies: Vec<&Value> = changes
            .iter()
            .filter(|it| it["type"] == "aws_s3_bucket_policy")
            .map(|it| &it["change"])
            .collect();
        assert_eq!(policies.len(), 2);
        for change in policies {
            assert!(change["after"]["policy"].is_string(), "{change}");
            assert_eq!(change["after_unknown"].get("policy"), None, "{change}");
        }
    });
}

/// What is no text has no symbol: the plans differ in it, and in what depends on it.
#[test]
fn what_depends_on_a_value_that_was_made_up_is_unknown() {
    each_engine(|place| {
        let verdict = |closed_if: &str| {
            let variable = format!("closed_if={closed_if}");
            place.verdicts("made_up", &["-var", &variable])
        };
        let only = |verdict: &str| vec![("acme-data".to_owned(), verdict.to_owned())];
        assert_eq!(verdict("always"), only("proved"));
        for closed_if in ["managed", "interfaces", "alike"] {
            assert_eq!(verdict(closed_if), only("unknown"), "{closed_if}");
        }
    });
}

/// A configuration that takes something out of a list cannot be planned with empty ones: that is then said.
#[test]
fn what_the_third_plan_would_show_is_taken_for_granted_where_there_is_none() {
    each_engine(|place| {
        let output =
            "output \"first\" {\n  value = tolist(aws_vpc_endpoint.clients[0].network_interface_ids)[0]\n}\n";
        let assumed = || {
            let fixed = ["--guardrail", "only-through-mrap", "--format", "json"];
            let ran = place.plan("made_up", &fixed);
            assert_ne!(ran.exit, Exit::Failed, "{}", ran.stderr);
            assert_eq!(ran.stderr, "");
            let report: Value = serde_json::from_str(&ran.stdout).unwrap();
            report["verdicts"][0]["assumptions"].to_string()
        };
        assert!(!assumed().contains("have something in them"), "{}", assumed());
        fs::write(place.path("made_up/first.tf"), output).unwrap();
        assert!(assumed().contains("have something in them"), "{}", assumed());
    });
}

/// What a plan takes for granted stands with each of its verdicts.
#[test]
fn verdicts_say_what_they_take_for_granted() {
    each_engine(|place| {
        let ran = place.plan("documents", &["--guardrail", "only-through-mrap", "--format", "json"]);
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        for verdict in report["verdicts"].as_array().unwrap() {
            let assumed = verdict["assumptions"].to_string();
            assert!(assumed.contains("none of those that the configuration compares it with"), "{verdict}");
        }
    });
}

/// Wherever the copy lies, what is worked out from its path is not known, and the path itself is the user's.
#[test]
fn the_path_of_the_copy_is_in_no_plan() {
    each_engine(|place| {
        let outputs = r#"
output "here" { value = path.cwd }
output "file" { value = abspath("${path.module}/main.tf") }
output "name" { value = basename(path.cwd) }
output "hash" { value = sha256(path.cwd) }
output "part" { value = split("/", abspath(path.root))[2] }
"#;
        fs::write(place.path("jsonencode/outputs.tf"), outputs).unwrap();
        let plan = || {
            let ran = place.plan("jsonencode", &["--no-check"]);
            assert_eq!(ran.exit, Exit::Clean, "{}", ran.stderr);
            ran.stdout
        };
        let text = plan();
        assert_eq!(text, plan());
        assert!(!text.contains("narrows-"), "{text}");
        let plan: Value = serde_json::from_str(&text).unwrap();
        let output =
            |name: &str| plan["planned_values"]["outputs"][name]["value"].as_str().unwrap().to_owned();
        let real = fs::canonicalize(place.path("jsonencode")).unwrap();
        assert_eq!(output("here"), real.display().to_string());
        assert_eq!(output("file"), real.join("main.tf").display().to_string());
        assert_eq!(output("name"), "jsonencode");
        assert!(output("hash").starts_with("<known after apply"), "{}", output("hash"));
    });
}

/// Backends of override files that sort after what Narrows adds, and of a `cloud` block.
#[test]
fn a_backend_is_local_wherever_the_configuration_names_another() {
    each_engine(|place| {
        let s3 = "terraform {\n  backend \"s3\" {\n    bucket = \"acme\"\n    key = \"k\"\n    region = \"eu-west-2\"\n  }\n}\n";
        let cloud = "terraform {\n  cloud {\n    organization = \"acme\"\n    workspaces {\n      name = \"data\"\n    }\n  }\n}\n";
        for (name, text) in [("zzz_override.tf", s3), ("zzz_override.tf", cloud), ("cloud.tf", cloud)] {
            let file = place.path("documents").join(name);
            fs::write(&file, text).unwrap();
            let ran = place.plan("documents", &["--no-check"]);
            assert_eq!(ran.exit, Exit::Clean, "{name}: {}", ran.stderr);
            fs::remove_file(file).unwrap();
        }
    });
}

#[test]
fn what_would_need_the_network_is_refused() {
    each_engine(|place| {
        // Labels may be written without quotes, and the data source may stand in a module.
        fs::create_dir(place.path("documents/inner")).unwrap();
        fs::write(
            place.path("documents/inner/main.tf"),
            "data terraform_remote_state network {\n  backend = \"http\"\n  config = { address = \"http://127.0.0.1:9/\" }\n}\n",
        )
        .unwrap();
        fs::write(place.path("documents/more.tf"), "module \"inner\" {\n  source = \"./inner\"\n}\n")
            .unwrap();
        let ran = place.plan("documents", &[]);
        assert_eq!(ran.exit, Exit::Failed);
        let place_of_it = "`data.terraform_remote_state.network` reads the state of another configuration";
        assert!(ran.stderr.contains(place_of_it), "{}", ran.stderr);
        for source in ["hashicorp/dir/template", "git::https://example.com/acme/module.git"] {
            let module = format!("module \"inner\" {{\n  source = \"{source}\"\n}}\n");
            fs::write(place.path("documents/more.tf"), module).unwrap();
            let ran = place.plan("documents", &[]);
            assert_eq!(ran.exit, Exit::Failed);
            assert!(ran.stderr.contains("Narrows has no network"), "{source}: {}", ran.stderr);
        }
    });
}

/// What waits for resources is read in a further plan; instances of one resource are told apart, and which of them sorts first
/// is not known.
#[test]
fn documents_that_wait_for_resources_and_instances_that_are_alike() {
    each_engine(|place| {
        let [one, other] = [0, 1].map(|_| {
            let ran = place.plan("waiting", &["--no-check"]);
            assert_eq!((ran.exit, ran.stderr.as_str()), (Exit::Clean, ""));
            ran.stdout
        });
        assert_eq!(one, other);
        let deployment = narrows_terraform::read_plan(&narrows_model::Source::file("plan", one)).unwrap();
        let id = narrows_model::ResourceId::new(narrows_model::Kind::RolePolicy, "reader");
        let narrows_model::Body::RolePolicy(policy) = &deployment.get(&id).unwrap().body else {
            panic!("a policy")
        };
        let policy = narrows_model::json::parse_embedded(&policy.policy).unwrap();
        let mut referred: Vec<String> = policy.references().iter().map(ToString::to_string).collect();
        referred.sort();
        let endpoints = [0, 1, 2].map(|number| format!("vpc endpoint clients[{number}].id"));
        let others = ["bucket data.id", "multi-region access point data.alias"].map(str::to_owned);
        assert_eq!(referred, [&others[..], &endpoints[..]].concat());
        let statement = &policy.get("Statement").unwrap().items().unwrap()[0];
        let condition = |name: &str| statement.get("Condition").unwrap().get(name).unwrap().first_unknown();
        assert_eq!(condition("StringEquals"), None);
        let first = condition("StringNotEquals").unwrap();
        assert!(first.starts_with("known after apply: it is worked out from"), "{first}");
    });
}

#[test]
fn the_users_folder_stays_as_it_is() {
    each_engine(|place| {
        let before = contents(place.folder.path());
        let ran = place.plan("documents", &["--no-check"]);
        assert_eq!(ran.exit, Exit::Clean, "{}", ran.stderr);
        assert_eq!(contents(place.folder.path()), before);
    });
}

#[test]
fn what_the_engine_refuses_is_in_its_own_words() {
    each_engine(|place| {
        fs::write(place.path("jsonencode/more.tf"), "resource \"aws_s3_bucket\" \"x\" {\n  bukket = 1\n}\n")
            .unwrap();
        let ran = place.plan("jsonencode", &[]);
        assert_eq!(ran.exit, Exit::Failed);
        assert!(ran.stderr.contains("bukket"), "{}", ran.stderr);
        fs::write(place.path("jsonencode/more.tf"), "resource \"datadog_user\" \"x\" {}\n").unwrap();
        let ran = place.plan("jsonencode", &[]);
        assert_eq!(ran.exit, Exit::Failed);
        assert!(ran.stderr.contains("--installed-providers"), "{}", ran.stderr);
    });
}

/// As modules of the registry are written: what they are not given they pass on as null, and which provider chooses.
const MODULE: &str = r#"
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
  provider_meta "aws" {
    user_agent = ["example.com/a-module"]
  }
}

variable "bucket" { type = string }
variable "bucket_prefix" {
  type    = string
  default = null
}

resource "aws_s3_bucket" "this" {
  count         = 1
  bucket        = var.bucket
  bucket_prefix = var.bucket_prefix
}

resource "aws_s3_bucket_cors_configuration" "this" {
  bucket = aws_s3_bucket.this[0].id
  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = ["*"]
  }
}

data "aws_canonical_user_id" "this" {}

data "aws_iam_policy_document" "this" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.this[0].arn, "${aws_s3_bucket.this[0].arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = [false]
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this[0].id
  policy = data.aws_iam_policy_document.this.json
}

output "owner" { value = data.aws_canonical_user_id.this.id }
"#;
const USES_IT: &str = r#"
provider "aws" { region = "eu-west-2" }
resource "random_pet" "this" { length = 2 }
resource "null_resource" "once" { triggers = { name = random_pet.this.id } }
module "bucket" {
  source = "./module"
  bucket = "logs-${random_pet.this.id}"
}
"#;

#[test]
fn a_module_that_passes_on_what_it_is_not_given_is_planned_in_full() {
    each_engine(|place| {
        let folder = place.path("registry/module");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("main.tf"), MODULE).unwrap();
        fs::write(place.path("registry/main.tf"), USES_IT).unwrap();
        let ran = place
            .plan("registry", &["--guardrail", "tls-only", "--account", "123456789012", "--format", "json"]);
        assert_eq!(ran.exit, Exit::Clean, "{}{}", ran.stdout, ran.stderr);
        let bucket = "logs-${random_pet.this.id}".to_owned();
        assert_eq!(verdicts(&ran.stdout), [(bucket, "proved".to_owned())]);
        // Nothing stays open that is worth a word.
        assert_eq!(ran.stderr, "");
    });
}
