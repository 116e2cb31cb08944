//! `narrows plan`: its arguments, and how it treats the engine, the environment and the user's folder.

use crate::engines::{eventually, is_gone, names, refused};
use narrows::Memory;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

fn configuration() -> Memory {
    Memory::new().with("infra/main.tf", "# nothing")
}

#[test]
fn what_is_no_configuration_is_refused() {
    insta::assert_snapshot!(refused(Memory::new().with("a/b.txt", ""), &["plan", "a"]), @r"
    × `a` holds no configuration: expected *.tf or *.tf.json files, or a Pulumi.yaml, in it
    help: name the folder of a configuration, or of a Pulumi project
    ");
    insta::assert_snapshot!(refused(Memory::new().with("a/narrows.toml", ""), &["plan", "a"]), @r"
    × `a` holds no configuration: expected *.tf or *.tf.json files, or a Pulumi.yaml, in it
    help: a stack description needs no engine: narrows check a
    ");
    insta::assert_snapshot!(refused(configuration(), &["plan", "infra/main.tf"]), @r"
    × `infra/main.tf` is a file: expected the folder of a configuration
    help: name the folder that it lies in
    ");
    insta::assert_snapshot!(refused(configuration(), &["plan", "other"]), @r"
    × `other` is not there
    help: give the folder of a Terraform or OpenTofu configuration, or of a Pulumi project
    ");
    insta::assert_snapshot!(refused(configuration(), &["plan", "infra"]), @"  × the engine is a program of its own: expected files on a disk");
}

#[test]
fn arguments_that_cannot_be_meant_are_refused() {
    insta::assert_snapshot!(refused(configuration(), &["plan", "infra", "--out", "infra/plan.tf.json"]), @r"
    × `infra/plan.tf.json` would be a part of a configuration: expected another name for the plan
    help: name it plan.json, or in another way
    ");
    insta::assert_snapshot!(refused(configuration(), &["plan", "infra", "--parameters", "a=b"]), @r"
    × --parameters is for templates: expected variables of the configuration
    help: give them after two dashes: narrows plan DIR -- -var NAME=VALUE
    ");
    insta::assert_snapshot!(refused(configuration(), &["plan", "infra", "--set", "aws_vpc=1"]), @r"
    error: invalid value 'aws_vpc=1' for '--set <TYPE.ATTRIBUTE=VALUE>': expected an attribute and its value, such as aws_vpc.id=vpc-0a1b2c3d4e5f60718

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(refused(configuration(), &["plan", "infra", "--timeout", "0"]), @r"
    error: invalid value '0' for '--timeout <SECONDS>': 0 is not in 1..=86400

    For more information, try '--help'.
    ");
}

/// A plan without resources, as an engine prints it.
const PLAN: &str =
    r#"{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{}}}"#;

/// A folder with a configuration, one for temporary files, and a program that is taken for the engine.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    pub(crate) fn with_engine(script: &str) -> Self {
        let place = Self(tempfile::tempdir_in(fs::canonicalize(std::env::temp_dir()).unwrap()).unwrap());
        for folder in ["infra/.terraform/modules", "tmp", "bin"] {
            fs::create_dir_all(place.path(folder)).unwrap();
        }
        fs::write(place.path("infra/main.tf"), "# nothing\n").unwrap();
        fs::write(place.path("infra/terraform.tfstate"), "{}").unwrap();
        fs::write(place.path("infra/.terraform/modules/modules.json"), "{}").unwrap();
        fs::write(place.path("shared.json"), "{}").unwrap();
        let engine = place.path("bin/engine");
        fs::write(&engine, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&engine, fs::Permissions::from_mode(0o755)).unwrap();
        place
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_narrows"));
        command
            .current_dir(self.0.path())
            .env("TMPDIR", self.path("tmp"))
            .args(["plan", "infra", "--engine", "bin/engine"])
            .args(args);
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Nothing is left of the copy, and nothing was written to the configuration.
    pub(crate) fn assert_untouched(&self) {
        assert_eq!(names(&self.path("tmp")), Vec::<String>::new());
        assert_eq!(names(&self.path("infra")), [".terraform", "main.tf", "terraform.tfstate"]);
        assert_eq!(names(&self.path("infra/.terraform/modules")), ["modules.json"]);
        assert_eq!(self.text("infra/terraform.tfstate"), "{}");
    }
}

/// Prints the plan, writes to its folder, and notes what it was called with.
const OBEDIENT: &str = r#"echo "$@" >>"$LOG"; env >>"$LOG.env"; ls -A >>"$LOG.ls"; ls .. >>"$LOG.above"
echo x >scratch; mkdir -p .terraform/modules/new
[ "$1" = show ] && cat <<'END'
PLAN
END
exit 0"#;

pub(crate) fn obedient() -> Place {
    let place = Place::with_engine("");
    let log = place.path("log");
    let script = OBEDIENT.replace("$LOG", &log.display().to_string()).replace("PLAN", PLAN);
    fs::write(place.path("bin/engine"), format!("#!/bin/sh\n{script}\n")).unwrap();
    place
}

#[test]
fn the_engine_works_on_a_copy_with_nothing_of_the_environment_but_variables() {
    let place = obedient();
    let mut command = place.command(&["--no-check"]);
    for name in [
        "AWS_SECRET_ACCESS_KEY",
        "AWS_PROFILE",
        "TF_TOKEN_app_terraform_io",
        "GITHUB_TOKEN",
        "TF_LOG",
        "HOME",
    ] {
        command.env(name, "secret-of-the-user");
    }
    let output = command.env("TF_VAR_name", "orders").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(plan["narrows_symbols"]["version"], 1);
    place.assert_untouched();
    let environment = place.text("log.env");
    assert!(!environment.contains("secret-of-the-user"), "{environment}");
    assert!(!environment.contains("AWS_"), "{environment}");
    assert!(environment.contains("TF_VAR_name=orders") && environment.contains("TF_REATTACH_PROVIDERS="));
    // The configuration and what lies beside it are there; states and what the engine keeps are not.
    let listed = place.text("log.ls");
    assert!(listed.contains("main.tf") && listed.contains("zz_narrows_override.tf"), "{listed}");
    assert!(!listed.lines().any(|name| name == "terraform.tfstate"), "{listed}");
    assert!(place.text("log.above").contains("shared.json"));
    let called: Vec<String> =
        place.text("log").lines().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(called, ["init", "graph", "plan", "show", "plan", "show"]);
    // Nothing of the engine, or of what it gets modules with, reaches the network.
    for line in ["HTTPS_PROXY=http://127.0.0.1:0", "http_proxy=http://127.0.0.1:0", "GIT_ALLOW_PROTOCOL=none"]
    {
        assert!(environment.lines().any(|other| other == line), "{environment}");
    }
}

/// What lies in the user's folder may come from a stranger: a name in it is no path.
#[test]
fn a_workspace_is_a_name_and_no_path() {
    let victim = |place: &Place| place.path("victim").display().to_string();
    type Name<'n> = &'n dyn Fn(&Place) -> String;
    let cases: [(&str, Name<'_>); 5] = [
        ("up", &|_| "../../victim".to_owned()),
        ("absolute", &victim),
        ("parent", &|_| "..".to_owned()),
        ("down", &|_| "a/b".to_owned()),
        ("backslash", &|_| "a\\b".to_owned()),
    ];
    for (name, workspace) in cases {
        for in_variable in [false, true] {
            let place = obedient();
            fs::create_dir(place.path("victim")).unwrap();
            fs::write(place.path("victim/terraform.tfstate"), "mine").unwrap();
            let workspace = workspace(&place);
            let mut command = place.command(&["--no-check"]);
            if in_variable {
                command.env("TF_WORKSPACE", &workspace);
            } else {
                fs::write(place.path("infra/.terraform/environment"), &workspace).unwrap();
            }
            let output = command.output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{name}: {output:?}");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.contains("is no name of a workspace"), "{name}: {said}");
            assert_eq!(place.text("log"), "", "{name}: nothing is run");
            assert_eq!(place.text("victim/terraform.tfstate"), "mine", "{name}");
            place.assert_untouched();
        }
    }
    let place = obedient();
    fs::write(place.path("infra/.terraform/environment"), "prod-eu_1\n").unwrap();
    let output = place.run(&["--no-check"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(place.text("log.env").lines().any(|line| line == "TF_WORKSPACE=prod-eu_1"));
    let place = obedient();
    fs::write(place.path("infra/.terraform/environment"), "../x").unwrap();
    insta::assert_snapshot!(String::from_utf8_lossy(&place.run(&[]).stderr), @r"
    × `../x` in .terraform/environment is no name of a workspace: expected letters, digits, and
    │ `-_.~$&+=:@`, without slashes
    help: name a workspace that `workspace list` shows, or remove .terraform/environment
    ");
}

/// A backend in an override file of the user's would be read after ours, if it sorted after it.
#[test]
fn the_local_backend_is_in_the_last_of_the_override_files() {
    for names in [&["zzz_override.tf"][..], &["zzz_override.tf.json", "~_override.tf"], &["é_override.tofu"]]
    {
        let place = obedient();
        for name in names {
            fs::write(place.path("infra").join(name), "").unwrap();
        }
        let output = place.run(&["--no-check"]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let listed = place.text("log.ls");
        let ours: Vec<&str> =
            listed.lines().filter(|name| name.ends_with("zz_narrows_override.tf")).collect();
        assert!(!ours.is_empty() && !ours[0].starts_with('.'), "{listed}");
        assert!(names.iter().all(|name| *name < ours[0]), "{listed}");
    }
}

/// OpenTofu gets keys from programs that the configuration names.
#[test]
fn states_that_would_be_encrypted_are_refused_before_anything_is_run() {
    let place = obedient();
    let block = "terraform {\n  encryption {\n    key_provider \"external\" \"x\" {\n      command = [\"./x\"]\n    }\n  }\n}\n";
    fs::write(place.path("infra/state.tofu"), block).unwrap();
    let output = place.run(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(place.text("log"), "");
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    × `encryption` in `state.tofu` would have the engine ask a program or a service for keys:
    │ expected a configuration without it
    help: give it in TF_ENCRYPTION, which narrows plan does not pass on
    ");
}

/// Programs in the folder may come from a stranger as well.
#[test]
fn installed_providers_are_left_alone_unless_they_are_asked_for() {
    let place = obedient();
    fs::create_dir_all(place.path("infra/.terraform/providers")).unwrap();
    assert_eq!(place.run(&["--no-check"]).status.code(), Some(0));
    let called = place.text("log");
    assert!(!called.contains("infra/.terraform/providers") && !called.contains("schema"), "{called}");
    let output = place.run(&["--no-check", "--installed-providers"]);
    // What this engine prints is no schema; that it was asked for it is enough.
    assert_eq!(output.status.code(), Some(2));
    let called = place.text("log");
    assert!(
        called.contains("infra/.terraform/providers") && called.contains("providers schema -json"),
        "{called}"
    );
    let place = obedient();
    let output = place.run(&["--installed-providers"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("holds no providers"), "{output:?}");
}

/// An engine that fails at one command with these words.
fn failing(command: &str, words: &str) -> String {
    let place = Place::with_engine(&format!(
        "[ \"$1\" = {command} ] && {{ cat >&2 <<'END'\n{words}\nEND\nexit 1; }}\nexit 0"
    ));
    let output = place.run(&[]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    // Without the breaks of lines.
    String::from_utf8(output.stderr).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_remedy_for_an_engines_error_is_for_what_it_says() {
    let said = failing("init", "Error: Failed to download module\n\nCould not download module \"a\"");
    assert!(said.contains("so that its modules are there"), "{said}");
    let said = failing(
        "init",
        "Error: Failed to query available provider packages\n\nprovider registry.terraform.io/hashicorp/random \
         was not\nfound in any of the search locations",
    );
    assert!(said.contains("--installed-providers"), "{said}");
    // The user's own words, and an interpolation in a line that the engine quotes, are no sign of anything.
    for words in [
        "Error: Invalid value\n\n  12:   bucket = \"${var.name}-download\"\n\nthe name does not support upper case",
        "Error: Unsupported block type\n\nsearch locations are not expected here",
    ] {
        let said = failing("plan", words);
        assert!(!said.contains("help:"), "{said}");
    }
}

#[test]
fn what_the_engine_warns_of_is_passed_on_once() {
    let rule = "─".repeat(40);
    let script = format!(
        "[ \"$1\" = plan ] && printf 'Plan: 0 to add.\\n\\nWarning: Value for undeclared variable\\n\\nno \"a\" here\\n\\n{rule}\\n\\nSaved\\n'\n\
         [ \"$1\" = show ] && echo '{PLAN}'\nexit 0"
    );
    let output = Place::with_engine(&script).run(&["--no-check"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r#"
    Warning: Value for undeclared variable

    no "a" here
    "#);
}

#[test]
fn a_value_that_nothing_asks_for_is_told() {
    let place = obedient();
    let output = place.run(&["--no-check", "--set", "datadog_role.idd=x"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @"warning: --set datadog_role.idd changes nothing: expected an attribute of a type in the configuration that the provider tells and no argument gives");
    insta::assert_snapshot!(refused(configuration(), &["plan", "infra", "--set", "data.aws_vpc.id=1"]), @r"
    error: invalid value 'data.aws_vpc.id=1' for '--set <TYPE.ATTRIBUTE=VALUE>': expected an attribute and its value, such as aws_vpc.id=vpc-0a1b2c3d4e5f60718

    For more information, try '--help'.
    ");
}

#[test]
fn variables_are_passed_on_and_nothing_else() {
    let place = obedient();
    fs::write(place.path("infra/prod.tfvars"), "").unwrap();
    let output =
        place.run(&["--no-check", "--out", "plan.json", "--", "-var", "a=b", "-var-file=prod.tfvars"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(place.text("plan.json").contains("narrows_symbols") && output.stdout.is_empty());
    let file = fs::canonicalize(place.path("infra/prod.tfvars")).unwrap();
    let called = place.text("log");
    let file = format!("-var-file={}", file.display());
    let plans: Vec<&str> = called.lines().filter(|line| line.starts_with("plan ")).collect();
    assert_eq!(plans.len(), 2);
    for plan in plans {
        let arguments: Vec<&str> = plan.split(' ').collect();
        assert!(arguments.contains(&"-var=a=b") && arguments.contains(&file.as_str()), "{plan}");
    }
    let output = place.run(&["--", "-target=aws_s3_bucket.a"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    × `-target=aws_s3_bucket.a` cannot be passed on: expected -var NAME=VALUE or -var-file=FILE
    help: other arguments may leave resources out of the plan, or change where it is written
    ");
}

#[test]
fn an_engine_that_fails_is_quoted() {
    let place = Place::with_engine("echo 'Error: no such thing' >&2; exit 1");
    let output = place.run(&[]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    Error: no such thing
      × `engine init` failed with exit status: 1: expected a plan; its own words are above
    ");
    place.assert_untouched();
}

#[test]
fn without_an_engine_it_is_said_how_to_get_one() {
    let place = Place::with_engine("");
    let mut command = place.command(&[]);
    let output = command.args(["--engine", "tofu"]).env("PATH", place.path("tmp")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let mut command = Command::new(env!("CARGO_BIN_EXE_narrows"));
    command.current_dir(place.path("")).args(["plan", "infra"]).env("PATH", place.path("tmp"));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    × no terraform and no tofu on PATH: expected one of them
    help: install OpenTofu (https://opentofu.org/docs/intro/install) or Terraform
          (https://developer.hashicorp.com/terraform/install), or name the program with --engine
          PATH
    ");
}

/// An engine that starts a program of its own, says which, and does not end.
fn endless(place: &Place) {
    let pid = place.path("pid");
    let script = format!("#!/bin/sh\nsleep 100 &\necho $! >{0}.new; mv {0}.new {0}; wait\n", pid.display());
    fs::write(place.path("bin/engine"), script).unwrap();
}

#[test]
fn an_engine_that_takes_too_long_is_ended_with_all_that_it_started() {
    let place = Place::with_engine("");
    endless(&place);
    let output = place.run(&["--timeout", "5"]);
    let started = place.text("pid");
    assert!(!started.is_empty());
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    × `engine init` was stopped: expected an end within 5 seconds
    help: give it more time with --timeout SECONDS
    ");
    assert!(eventually(|| is_gone(&place.text("pid"))));
    place.assert_untouched();
}

#[test]
fn an_interrupt_ends_the_engine_and_removes_the_copy() {
    for signal in ["INT", "TERM"] {
        let place = Place::with_engine("");
        endless(&place);
        let child = place.command(&[]).stderr(std::process::Stdio::piped()).spawn().unwrap();
        assert!(eventually(|| !place.text("pid").is_empty()));
        let number = child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{signal}"), &number]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("was interrupted"));
        assert!(eventually(|| is_gone(&place.text("pid"))));
        place.assert_untouched();
    }
}
