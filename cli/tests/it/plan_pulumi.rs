//! `narrows plan` of Pulumi projects: its arguments, and how it treats the engine, the environment and the user's folder.

use crate::engines::{eventually, is_gone, names, refused};
use narrows::Memory;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

fn project() -> Memory {
    Memory::new().with("infra/Pulumi.yaml", "name: orders\nruntime: yaml\n")
}

#[test]
fn a_folder_says_which_engine_it_is_for() {
    insta::assert_snapshot!(refused(project(), &["plan", "infra"]), @"  × the engine is a program of its own: expected files on a disk");
    insta::assert_snapshot!(refused(project().with("infra/main.tf", ""), &["plan", "infra"]), @r"
    × `infra` holds both a Pulumi project and a Terraform configuration: expected one of them
    help: say which is meant with --engine pulumi, --engine terraform or --engine tofu
    ");
    insta::assert_snapshot!(refused(Memory::new().with("a/main.tf", ""), &["plan", "a", "--engine", "pulumi"]), @r"
    × `a` holds no Pulumi project: expected a Pulumi.yaml directly in it
    help: name the folder of the project
    ");
    insta::assert_snapshot!(refused(project(), &["plan", "infra", "--engine", "tofu"]), @r"
    × `infra` holds no configuration: expected *.tf or *.tf.json files, or a Pulumi.yaml, in it
    help: name the folder of a configuration, or of a Pulumi project
    ");
}

#[test]
fn check_leads_to_plan() {
    insta::assert_snapshot!(refused(project(), &["check", "infra"]), @r"
    × `infra` holds nothing to check: expected a narrows.toml, *.tf.json files, plans, templates or
    │ policies in it
    help: a Pulumi program is previewed and checked by: narrows plan infra
    ");
}

#[test]
fn what_does_not_make_sense_for_a_program_is_refused() {
    insta::assert_snapshot!(refused(project(), &["plan", "infra", "--installed-providers"]), @r"
    × --installed-providers is for Terraform and OpenTofu: expected a program of the aws provider
    │ alone
    help: leave the flag out; providers of other packages are not asked for anything
    ");
    insta::assert_snapshot!(refused(project(), &["plan", "infra", "--parameters", "a=b"]), @r"
    × --parameters is for templates: expected the stack's configuration
    help: give it after two dashes: narrows plan DIR -- --config KEY=VALUE
    ");
    insta::assert_snapshot!(refused(project(), &["plan", "infra", "--out", "infra/Pulumi.prod.yaml"]), @r"
    × `infra/Pulumi.prod.yaml` would be a part of a project: expected another name for the preview
    help: name it preview.json, or in another way
    ");
    for arguments in
        [&["--target", "x"][..], &["-var", "a=b"], &["--stack"], &["--config", "a"], &["--config-path=x"]]
    {
        let said = refused(project(), &[&["plan", "infra", "--"], arguments].concat());
        assert!(said.contains("cannot be passed on: expected --stack NAME"), "{arguments:?}: {said}");
    }
    insta::assert_snapshot!(refused(project(), &["plan", "infra", "--", "--config-file", "else.yaml"]), @r"
    × `else.yaml` is not there: expected a file of configuration in `infra` or here
    help: correct its path
    ");
}

/// A preview without resources, as the engine prints it.
const PREVIEW: &str =
    r#"{"steps": [], "changeSummary": {}, "diagnostics": [{"severity": "info#err", "message": "old\n"}]}"#;

/// A folder with a project, one for temporary files, and a program that is taken for the engine.
struct Place(tempfile::TempDir);

impl Place {
    /// `LOG` in the script stands for the path of a log, `PREVIEW` for a preview.
    fn with_engine(script: &str) -> Self {
        let place = Self(tempfile::tempdir_in(fs::canonicalize(std::env::temp_dir()).unwrap()).unwrap());
        for folder in ["infra/src", "infra/node_modules", "tmp", "bin"] {
            fs::create_dir_all(place.path(folder)).unwrap();
        }
        place.write("infra/Pulumi.yaml", "name: orders\nruntime: nodejs\n");
        place.write("infra/Pulumi.prod.yaml", "config: {}\n");
        place.write("infra/src/index.ts", "// nothing\n");
        place.write("shared.json", "{}");
        let script =
            script.replace("LOG", &place.path("log").display().to_string()).replace("PREVIEW", PREVIEW);
        // A stack has a salt once it is made.
        let init = "[ \"$1\" = stack ] && echo 'encryptionsalt: v1:x' >\"Pulumi.$3.yaml\" && exit 0";
        place.write("bin/pulumi", &format!("#!/bin/sh\n{init}\n{script}\n"));
        fs::set_permissions(place.path("bin/pulumi"), fs::Permissions::from_mode(0o755)).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_narrows"));
        command
            .current_dir(self.0.path())
            .env("TMPDIR", self.path("tmp"))
            .env_remove("PULUMI_STACK")
            .args(["plan", "infra", "--engine", "bin/pulumi"])
            .args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Nothing is left of the copy, and nothing was written to the project.
    fn assert_untouched(&self) {
        assert_eq!(names(&self.path("tmp")), Vec::<String>::new());
        assert_eq!(names(&self.path("infra")), ["Pulumi.prod.yaml", "Pulumi.yaml", "node_modules", "src"]);
        assert_eq!(names(&self.path("infra/src")), ["index.ts"]);
        assert_eq!(self.text("infra/Pulumi.prod.yaml"), "config: {}\n");
    }
}

/// Notes what it is called with, and writes to the folders of the program.
const OBEDIENT: &str = r#"echo "$@" >>LOG; env >>LOG.env; ls -A >>LOG.ls; ls -A .. >>LOG.above
while [ "$#" -gt 0 ]; do [ "$1" = --config-file ] && cat "$2" >>LOG.config; shift; done
echo x >scratch; echo x >src/index.ts
echo 'warning: deprecated' >&2
printf '%s\n' 'PREVIEW'
exit 0"#;

#[test]
fn the_engine_works_on_a_copy_with_nothing_of_the_environment() {
    let place = Place::with_engine(OBEDIENT);
    let mut command = place.command(&["--no-check"]);
    for name in [
        "AWS_SECRET_ACCESS_KEY",
        "AWS_PROFILE",
        "PULUMI_ACCESS_TOKEN",
        "PULUMI_CONFIG_PASSPHRASE",
        "PULUMI_BACKEND_URL",
        "PULUMI_HOME",
        "GITHUB_TOKEN",
        "NODE_OPTIONS",
        "HOME",
    ] {
        command.env(name, "secret-of-the-user");
    }
    let output = command.env("JAVA_HOME", "/opt/java").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    // What the engine and the program say comes once, and is no part of the preview.
    assert_eq!(String::from_utf8_lossy(&output.stderr), "old\nwarning: deprecated\n");
    let preview: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&preview["narrows_symbols"]["version"], preview.get("diagnostics")), (&1.into(), None));
    place.assert_untouched();
    let environment = place.text("log.env");
    assert!(!environment.contains("secret-of-the-user"), "{environment}");
    let own = place.path("tmp").display().to_string();
    let is_of_the_copy = |name: &str| {
        let values: Vec<&str> = environment.lines().filter_map(|line| line.strip_prefix(name)).collect();
        !values.is_empty() && values.iter().all(|value| value.trim_start_matches("file://").starts_with(&own))
    };
    for name in ["HOME=", "PULUMI_HOME=", "PULUMI_BACKEND_URL=", "TMPDIR="] {
        assert!(is_of_the_copy(name), "{name} {environment}");
    }
    for line in [
        "HTTPS_PROXY=http://127.0.0.1:0",
        "no_proxy=127.0.0.1,localhost,::1",
        "JAVA_HOME=/opt/java",
        "AWS_EC2_METADATA_DISABLED=true",
        "PULUMI_SKIP_UPDATE_CHECK=true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true",
    ] {
        assert!(environment.lines().any(|other| other == line), "{line} {environment}");
    }
    assert!(environment.lines().any(|line| line.starts_with("PULUMI_DEBUG_PROVIDERS=aws:")));
    let credentials =
        |line: &&str| line.starts_with("AWS_") && !line.starts_with("AWS_EC2_METADATA_DISABLED=");
    assert_eq!(environment.lines().find(credentials), None);
    let path = environment.lines().find_map(|line| line.strip_prefix("PATH=")).unwrap();
    assert!(path.starts_with(&place.path("bin").display().to_string()), "{path}");
    assert!(place.text("log.ls").contains("Pulumi.yaml") && place.text("log.above").contains("shared.json"));
    // Each preview has a configuration of its own, with the salt of the stack that was made for it.
    assert_eq!(place.text("log.config"), "config: {}\n\nencryptionsalt: \"v1:x\"\n".repeat(2));
    let called = place.text("log");
    let called: Vec<&str> = called.lines().collect();
    assert_eq!(called.len(), 2, "{called:?}");
    for call in called {
        assert!(
            call.starts_with("preview --json --show-sames --refresh=false --stack prod --config-file "),
            "{call}"
        );
    }
}

#[test]
fn a_stack_and_its_configuration_are_passed_on() {
    let place = Place::with_engine(OBEDIENT);
    place.write("else.yaml", "config: {a: b}\n");
    let args = [
        "--no-check",
        "--",
        "-s",
        "acme/orders/eu",
        "-c",
        "name=x=y",
        "--config-path",
        "--config-file=else.yaml",
    ];
    let output = place.run(&args);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let called = place.text("log");
    for call in called.lines() {
        assert!(
            call.contains(" --stack eu ") && call.contains(" --config=name=x=y --config-path "),
            "{call}"
        );
    }
    assert!(place.text("log.config").starts_with("config: {a: b}\n"));
    // The variable names a stack as well; one that is a path is none.
    let output = place.command(&["--no-check"]).env("PULUMI_STACK", "../x").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(place.text("log").lines().last().unwrap().contains(" --stack x "));
    let output = place.command(&["--no-check"]).env("PULUMI_STACK", "x/..").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    × `x/..` in PULUMI_STACK is no name of a stack: expected letters, digits and `-_.`
    help: name a stack that `pulumi stack ls` shows
    ");
}

#[test]
fn an_engine_that_fails_is_quoted() {
    let place = Place::with_engine("printf '%s\\n' 'PREVIEW'; echo 'error: no such thing' >&2; exit 255");
    let output = place.run(&[]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    old
    error: no such thing
      × `pulumi preview` failed with exit status: 255: expected a preview; its own words are above
    ");
    place.assert_untouched();
    let output = Place::with_engine("echo nothing").run(&[]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    × what `pulumi preview` printed is no JSON: expected ident at line 1 column 2
    help: use Pulumi 3.259 or a later one
    ");
}

#[test]
fn without_an_engine_it_is_said_how_to_get_one() {
    let place = Place::with_engine("");
    let mut command = Command::new(env!("CARGO_BIN_EXE_narrows"));
    let output =
        command.current_dir(place.path("")).args(["plan", "infra"]).env("PATH", place.path("tmp")).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    × no pulumi on PATH: expected it there
    help: install Pulumi (https://www.pulumi.com/docs/install/), or name the program with --engine
          PATH
    ");
}

/// An engine that starts a plugin in a process group of its own, says which, and does not end.
const ENDLESS: &str = "set -m\nsleep 100 &\necho $! >LOG.new; mv LOG.new LOG; wait";

#[test]
fn an_engine_that_takes_too_long_is_ended_with_its_plugins() {
    let place = Place::with_engine(ENDLESS);
    let output = place.run(&["--timeout", "2"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    × `pulumi preview` was stopped: expected an end within 2 seconds
    help: give it more time with --timeout SECONDS
    ");
    assert!(!place.text("log").is_empty() && eventually(|| is_gone(&place.text("log"))));
    place.assert_untouched();
}

#[test]
fn an_interrupt_ends_the_engine_with_its_plugins_and_removes_the_copy() {
    let place = Place::with_engine(ENDLESS);
    let child = place.command(&[]).stderr(std::process::Stdio::piped()).spawn().unwrap();
    assert!(eventually(|| !place.text("log").is_empty()));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("was interrupted"));
    assert!(eventually(|| is_gone(&place.text("log"))));
    place.assert_untouched();
}
