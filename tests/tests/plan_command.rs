//! `narrows plan` with real engines: what a configuration in HCL comes to before its first deployment.

use narrows::{Disk, Exit, Stream, Streams, Style};
use narrows_tests::harness::terraform;
use narrows_tests::harness::{copy_folder, crate_folder, found_or_skip};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A copy of the fixtures, so that a test may change them, and the engine that plans them.
struct Place {
    folder: tempfile::TempDir,
    engine: PathBuf,
}

struct Ran {
    exit: Exit,
    stdout: String,
    stderr: String,
}

impl Place {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn narrows(&self, args: &[&str]) -> Ran {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let mut streams = Streams {
            stdout: Stream::new(&mut stdout, Style::PLAIN),
            stderr: Stream::new(&mut stderr, Style::PLAIN),
        };
        let args = std::iter::once(&"narrows").chain(args).map(Into::into);
        let exit = narrows::run(args, &mut streams, &mut Disk);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { exit, stdout: text(stdout), stderr: text(stderr) }
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
        assert!(!one.contains("after_unknown\": {\n        \"policy\""));
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

/// What lies in a folder, by path.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            found.push((path.clone(), fs::read(path).unwrap()));
        }
    }
    found.sort();
    found
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
        fs::write(place.path("jsonencode/more.tf"), "resource \"random_pet\" \"x\" {}\n").unwrap();
        let ran = place.plan("jsonencode", &[]);
        assert_eq!(ran.exit, Exit::Failed);
        assert!(ran.stderr.contains("init` in the folder itself"), "{}", ran.stderr);
    });
}
