//! `narrows plan --proxy`: the stand-in in front of real providers.

use narrows::{Disk, Exit, Stream, Streams, Style};
use narrows_tests::harness::provider::{self, Providers};
use narrows_tests::harness::{copy_folder, crate_folder, found_or_skip, terraform};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A copy of a fixture, and the engine that plans it.
struct Place {
    folder: tempfile::TempDir,
    engine: PathBuf,
}

struct Ran {
    exit: Exit,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn json(&self) -> Value {
        assert_ne!(self.exit, Exit::Failed, "{}", self.stderr);
        serde_json::from_str(&self.stdout).unwrap()
    }
}

impl Place {
    fn of(fixture: &str, engine: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy_folder(&crate_folder().join("fixtures/proxy").join(fixture), folder.path()).unwrap();
        Self { folder, engine: engine.to_owned() }
    }

    /// The same with a program that is taken for the AWS provider.
    fn with_aws(fixture: &str, engine: &Path, program: &Path) -> Self {
        let place = Self::of(fixture, engine);
        let is_tofu = engine.file_name().is_some_and(|name| name == "tofu");
        let host = if is_tofu { "registry.opentofu.org" } else { "registry.terraform.io" };
        provider::install(place.folder.path(), &format!("{host}/hashicorp/aws"), "5.0.0", program).unwrap();
        place
    }

    /// Writes one more file of the configuration.
    fn add(&self, text: &str) {
        fs::write(self.folder.path().join("more.tf"), text).unwrap();
    }

    fn run(&self, args: &[&str]) -> Ran {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let mut streams = Streams {
            stdout: Stream::new(&mut stdout, Style::PLAIN),
            stderr: Stream::new(&mut stderr, Style::PLAIN),
        };
        let (folder, engine) = (self.folder.path().display().to_string(), self.engine.display().to_string());
        let fixed = ["narrows", "plan", &folder, "--engine", &engine, "--as-of", "2026-11-23"];
        let exit = narrows::run(fixed.iter().chain(args).map(Into::into), &mut streams, &mut Disk);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { exit, stdout: text(stdout), stderr: text(stderr) }
    }

    /// The plan of a proxied run that says nothing.
    fn plan(&self, args: &[&str]) -> Value {
        let ran = self.run(&[&["--proxy", "--no-check"], args].concat());
        assert_eq!((ran.exit, ran.stderr.as_str()), (Exit::Clean, ""));
        ran.json()
    }
}

/// Runs a test with each engine and the providers that were built.
fn each_engine(test: impl Fn(&Path, &Providers)) {
    let Some(providers) = found_or_skip(provider::built()) else { return };
    for engine in found_or_skip(terraform::programs()).unwrap_or_default() {
        test(&engine, &providers);
    }
}

/// What a resource will be.
fn after<'p>(plan: &'p Value, address: &str) -> &'p Value {
    let changes = plan["resource_changes"].as_array().unwrap();
    let change = changes.iter().find(|change| change["address"] == address);
    &change.unwrap_or_else(|| panic!("{address} in {plan:#}"))["change"]["after"]
}

fn text<'v>(value: &'v Value, attribute: &str) -> &'v str {
    value[attribute].as_str().unwrap_or_else(|| panic!("{attribute} in {value:#}"))
}

/// A block of the AWS provider and a resource by it.
fn other(region: &str) -> String {
    format!(
        r#"
provider "aws" {{
  alias  = "x"
  region = "{region}"
}}

resource "aws_thing" "x" {{
  provider = aws.x
  name     = "x"
}}
"#
    )
}

#[test]
fn nothing_of_the_environment_and_nobodys_credentials_reach_a_provider() {
    each_engine(|engine, providers| {
        let place = Place::with_aws("classic", engine, &providers.classic);
        let plan = place.plan(&[]);
        let first = after(&plan, "aws_thing.first");
        let names: BTreeSet<&str> =
            text(first, "environment").lines().filter_map(|line| line.split('=').next()).collect();
        let proxies = ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy", "http_proxy", "https_proxy"];
        let git = ["GIT_ALLOW_PROTOCOL", "GIT_CONFIG_NOSYSTEM", "GIT_TERMINAL_PROMPT"];
        let aws = ["AWS_CONFIG_FILE", "AWS_EC2_METADATA_DISABLED", "AWS_SHARED_CREDENTIALS_FILE"];
        let plugin =
            ["PLUGIN_MAX_PORT", "PLUGIN_MIN_PORT", "PLUGIN_PROTOCOL_VERSIONS", "TF_PLUGIN_MAGIC_COOKIE"];
        let others = ["CHECKPOINT_DISABLE", "HOME", "TMPDIR"];
        // `PWD` is set by Go itself.
        let expected: BTreeSet<&str> =
            [&proxies[..], &git, &aws, &plugin, &others, &["PWD"]].concat().into_iter().collect();
        assert!(names.is_subset(&expected), "{names:?}");
        assert!(names.contains("TF_PLUGIN_MAGIC_COOKIE"), "{names:?}");
        let user = std::env::var("HOME").unwrap_or_default();
        assert!(!text(first, "environment").contains(&format!("HOME={user}\n")));
        // Each block has a process of its own, with its Region and nothing else of it.
        let configured = |region: &str| {
            format!(
                "access_key=narrows region={region} secret_key=narrows skip_credentials_validation=true \
                 skip_metadata_api_check=true skip_region_validation=true skip_requesting_account_id=true"
            )
        };
        assert_eq!(text(first, "configured"), configured("eu-west-2"));
        assert_eq!(text(after(&plan, "aws_thing.second"), "configured"), configured("us-east-1"));
    });
}

/// What a provider makes of arguments is there, and what it leaves open is a symbol.
#[test]
fn a_provider_plans_and_what_it_leaves_unknown_is_a_symbol() {
    each_engine(|engine, providers| {
        let place = Place::with_aws("classic", engine, &providers.classic);
        let plan = place.plan(&[]);
        let (first, second) = (after(&plan, "aws_thing.first"), after(&plan, "aws_thing.second"));
        assert_eq!(text(first, "policy"), r#"{"a":[true],"b":1}"#);
        assert_eq!(text(first, "kind"), "plain");
        assert_eq!(first["part"], json!([{"bucket": "known", "class": "standard"}]));
        let arn = text(first, "arn").to_owned();
        let given = plan["narrows_symbols"].to_string();
        assert!(given.contains(&arn), "{arn} in {given}");
        // What holds a symbol is the same in all plans but for it, so that it is certain.
        assert_eq!(text(second, "policy"), format!(r#"{{"a":"k","b":"{arn}/*"}}"#));
        assert_eq!(text(after(&plan, "aws_thing.third"), "policy"), text(second, "policy"));
        let parts: Vec<&Value> = second["part"].as_array().unwrap().iter().collect();
        assert_eq!(parts.len(), 2, "{second:#}");
        for (part, key) in parts.into_iter().zip(["x", "y"]) {
            assert_eq!(*part, json!({"bucket": format!("{key}-{arn}"), "class": "standard"}));
        }
        // The provider was given no account, so that what it says of one is not taken for certain.
        assert_ne!(text(first, "made_arn"), "arn:aws:sns:eu-west-1::first");
        // But for what the provider tells of the temporary folder that it works in.
        let same = |plan: &Value| {
            let home = text(after(plan, "aws_thing.first"), "environment")
                .lines()
                .find_map(|line| line.strip_prefix("HOME="));
            plan.to_string().replace(home.unwrap().trim_end_matches("/home"), "")
        };
        assert_eq!(same(&plan), same(&place.plan(&[])), "the same each time");
    });
}

#[test]
fn what_a_provider_says_of_arguments_is_the_users_to_read() {
    each_engine(|engine, providers| {
        let place = Place::with_aws("classic", engine, &providers.classic);
        let said = |variable: &str| {
            let ran = place.run(&["--proxy", "--no-check", "--", "-var", variable]);
            assert_eq!(ran.exit, Exit::Failed, "{}", ran.stderr);
            ran.stderr
        };
        let said_of_name = said("name=Upper");
        assert!(said_of_name.contains("name must be lower case: Upper"), "{said_of_name}");
        assert!(said_of_name.contains("main.tf line"), "{said_of_name}");
        // The engine is told of types that nobody uses, where one is misspelt.
        place.add("resource \"aws_thin\" \"x\" {\n  name = \"x\"\n}\n");
        let said_of_type = said("name=x").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said_of_type.contains("Did you mean \"aws_thing\"?"), "{said_of_type}");
        place.add("");
        let said_of_mode = said(r#"modes=["refuse"]"#);
        assert!(said_of_mode.contains("mode refuse is refused"), "{said_of_mode}");
        assert!(said_of_mode.contains(r#"aws_thing.mode["refuse"]"#), "{said_of_mode}");
        place.add(&other("X"));
        let said_of_block = said("name=x");
        assert!(said_of_block.contains("region must be lower case: X"), "{said_of_block}");
    });
}

/// A provider that wants the network, or breaks down, is not needed: the stand-in plans alone, and says of what.
#[test]
fn what_a_provider_cannot_plan_is_planned_without_it_and_named() {
    each_engine(|engine, providers| {
        let place = Place::with_aws("classic", engine, &providers.classic);
        for (mode, why) in [("network", "proxyconnect"), ("panic", "")] {
            let variable = format!(r#"modes=["{mode}", "none"]"#);
            let ran = place.run(&["--proxy", "--no-check", "--", "-var", &variable]);
            let plan = ran.json();
            let words = ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                words.contains("Warning: aws_thing planned without the real provider"),
                "{mode}: {words}"
            );
            assert!(words.contains(&format!(r#"aws_thing.mode["{mode}"]"#)), "{mode}: {words}");
            assert!(words.contains(why), "{mode}: {words}");
            // Without the provider there is nobody to tell the defaults.
            assert_eq!(after(&plan, &format!(r#"aws_thing.mode["{mode}"]"#))["kind"], Value::Null);
            assert_eq!(after(&plan, r#"aws_thing.mode["none"]"#)["kind"], "plain", "{words}");
        }
    });
}

/// A block that the provider cannot be configured with is told with what is planned without it.
#[test]
fn a_block_that_a_provider_refuses_leaves_its_resources_to_the_stand_in() {
    each_engine(|engine, providers| {
        let place = Place::with_aws("classic", engine, &providers.classic);
        place.add(&other("nowhere-1"));
        let ran = place.run(&["--proxy", "--no-check"]);
        let plan = ran.json();
        let words = ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            words.contains("with aws_thing.x") && words.contains("it cannot be configured: no such region"),
            "{words}"
        );
        assert_eq!(after(&plan, "aws_thing.x")["kind"], Value::Null);
        assert_eq!(after(&plan, "aws_thing.first")["kind"], "plain");
    });
}

/// Values that the stand-in makes up are none of the user's: that they are wrong is no error.
#[test]
fn a_made_up_value_is_no_error_of_the_users() {
    each_engine(|engine, providers| {
        let place = Place::with_aws("classic", engine, &providers.classic);
        // The second plan has a number that the provider refuses; what is still open makes it ask for it.
        place.add(
            r#"
resource "aws_thing" "fourth" {
  name   = "fourth"
  policy = jsonencode({ size = aws_thing.first.size })
  wanted = aws_thing.first.size
}
"#,
        );
        let ran = place.run(&["--proxy", "--no-check"]);
        let plan = ran.json();
        for attribute in ["policy", "wanted"] {
            let value = text(after(&plan, "aws_thing.fourth"), attribute);
            assert!(value.starts_with("<known after apply"), "{value}");
        }
    });
}

#[test]
fn a_provider_of_version_6_plans_and_has_functions() {
    each_engine(|engine, providers| {
        let place = Place::of("modern", engine);
        provider::install(place.folder.path(), "example.com/narrows/modern", "1.0.0", &providers.modern)
            .unwrap();
        let plan = place.plan(&[]);
        let (first, second) = (after(&plan, "modern_label.first"), after(&plan, "modern_label.second"));
        assert_eq!(text(first, "kind"), "plain");
        assert_eq!(text(second, "kind"), "aws");
        // What the provider knows to be nothing is no symbol.
        assert_eq!(first.get("note"), Some(&Value::Null));
        let parts = first["parts"].as_array().unwrap();
        assert_eq!((text(&parts[0], "class"), text(&parts[1], "class")), ("standard", "cold"));
        assert_ne!(text(&parts[0], "id"), text(&parts[1], "id"));
        assert_eq!(text(second, "name"), format!("of-{}", text(first, "id")));
        // A function of a symbol is a text like any other: what is not the same in both plans is unknown.
        let id = plan["planned_values"]["outputs"]["id"]["value"].as_str().unwrap();
        assert!(id == text(first, "id") || id.starts_with("<known after apply"), "{id}");
    });
}

/// Engines are told of the types alone that are used, wherever that is.
#[test]
fn types_that_only_a_module_uses_are_there() {
    each_engine(|engine, providers| {
        let place = Place::of("modern", engine);
        provider::install(place.folder.path(), "example.com/narrows/modern", "1.0.0", &providers.modern)
            .unwrap();
        let inner = place.folder.path().join("modules/inner");
        fs::create_dir_all(&inner).unwrap();
        fs::rename(place.folder.path().join("main.tf"), inner.join("main.tf")).unwrap();
        place.add("module \"inner\" {\n  source = \"./modules/inner\"\n}\n");
        assert_eq!(text(after(&place.plan(&[]), "module.inner.modern_label.second"), "kind"), "aws");
    });
}

/// Each process is ended with the run, however many there are, and whatever they do.
#[test]
#[cfg(target_os = "linux")]
fn no_process_outlives_the_run() {
    each_engine(|engine, providers| {
        let program = tempfile::tempdir().unwrap();
        let file = fs::canonicalize(program.path()).unwrap().join("own");
        fs::copy(&providers.classic, &file).unwrap();
        let running = || {
            let all = fs::read_dir("/proc").unwrap().flatten();
            all.filter(|entry| fs::read_link(entry.path().join("exe")).is_ok_and(|exe| exe == file)).count()
        };
        let place = Place::with_aws("classic", engine, &file);
        let most = std::thread::scope(|scope| {
            let run = scope.spawn(|| place.plan(&[]));
            let mut most = 0;
            while !run.is_finished() {
                most = most.max(running());
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            run.join().unwrap();
            most
        });
        // One for each of the two blocks.
        assert_eq!((most, running()), (2, 0));
        let start = std::time::Instant::now();
        let variable = r#"modes=["sleep"]"#;
        let ran = place.run(&["--proxy", "--no-check", "--timeout", "8", "--", "-var", variable]);
        assert_eq!(ran.exit, Exit::Failed, "{}", ran.stderr);
        assert!(ran.stderr.contains("was stopped"), "{}", ran.stderr);
        assert!(start.elapsed() < std::time::Duration::from_secs(50), "it does not wait for the provider");
        assert_eq!(running(), 0);
    });
}

/// The verdicts are those of the stand-in alone, in all policies and with the same counterexample.
#[test]
fn the_aws_provider_changes_no_verdict() {
    let Some(aws) = provider::aws() else {
        eprintln!("skipped: NARROWS_AWS_PROVIDER names no file of the AWS provider, version 5 or later");
        return;
    };
    let Some(engines) = found_or_skip(terraform::programs()) else { return };
    for engine in engines {
        let place = Place::with_aws("aws", &engine, &aws);
        let fixed = ["--account", "123456789012", "--format", "json"];
        let report = |proxy: &[&str], variables: &[&str]| {
            let ran = place.run(&[proxy, &fixed, &["--"], variables].concat());
            assert_eq!(ran.stderr, "");
            (ran.exit, ran.json())
        };
        for (variables, exit) in [(&[][..], None), (&["-var", "denied=s3:Get*"][..], Some(Exit::Refuted))] {
            let (alone, proxied) = (report(&[], variables), report(&["--proxy"], variables));
            assert!(exit.is_none_or(|exit| alone.0 == exit), "{:?}", alone.0);
            assert_eq!(alone.0, proxied.0);
            assert_eq!(alone.1["verdicts"], proxied.1["verdicts"]);
            let of_mrap = |verdict: &&Value| verdict["guardrail"] == "only-through-mrap";
            let verdicts = proxied.1["verdicts"].as_array().unwrap();
            let expected = if exit.is_some() { "refuted" } else { "proved" };
            let found: Vec<&str> = verdicts.iter().filter(of_mrap).map(|it| text(it, "verdict")).collect();
            assert_eq!(found, [expected; 3]);
        }
        let name = format!("name={}", "x".repeat(70));
        let ran = place.run(&["--proxy", "--no-check", "--", "-var", &name]);
        assert_eq!(ran.exit, Exit::Failed);
        assert!(ran.stderr.contains("expected length of bucket to be in the range"), "{}", ran.stderr);
        place.add(
            r#"
output "account" {
  value = provider::aws::arn_parse(aws_s3control_multi_region_access_point.data.arn).account_id
}
"#,
        );
        let plan = place.plan(&["--account", "123456789012"]);
        assert_eq!(plan["planned_values"]["outputs"]["account"]["value"], "123456789012");
    }
}
