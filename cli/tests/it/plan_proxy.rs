//! `narrows plan --proxy`: how the providers that lie in a folder are run. Real ones are in the tests of the whole.

use crate::engines::{eventually, is_gone};
use crate::narrows;
use crate::plan::{Place, obedient};
use narrows::{Exit, Memory};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

/// Installs a script as a provider, by every name that this machine may have.
fn install(place: &Place, script: &str) {
    for system in ["linux", "darwin"] {
        for machine in ["amd64", "arm64"] {
            let package =
                format!("infra/.terraform/providers/example.com/acme/thing/1.0.0/{system}_{machine}");
            fs::create_dir_all(place.path(&package)).unwrap();
            let program = place.path(&package).join("terraform-provider-thing_v1.0.0");
            fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
}

/// What is printed, without the breaks of lines and the places of the test.
fn said(place: &Place, output: &std::process::Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).replace('│', " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace(&place.path("").display().to_string(), "")
}

#[test]
fn providers_are_run_where_it_is_asked_for_alone_and_know_nothing_of_the_environment() {
    let place = obedient();
    let log = place.path("provider").display().to_string();
    install(&place, &format!("env >{log}; echo why >&2; echo no plugin; sleep 100"));
    assert_eq!(place.run(&["--no-check"]).status.code(), Some(0));
    assert_eq!(place.text("provider"), "");
    let mut command = place.command(&["--no-check", "--proxy"]);
    for name in
        ["AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "GITHUB_TOKEN", "HOME", "TF_VAR_name", "PLUGIN_CLIENT_CERT"]
    {
        command.env(name, "secret-of-the-user");
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let environment = place.text("provider");
    assert!(environment.contains("TF_PLUGIN_MAGIC_COOKIE="), "{environment}");
    assert!(environment.contains("HTTPS_PROXY=http://127.0.0.1:0"), "{environment}");
    assert!(!environment.contains("secret-of-the-user") && !environment.contains("TF_VAR_"), "{environment}");
    let said = said(&place, &output);
    assert!(said.contains("provider example.com/acme/thing cannot be used"), "{said}");
    assert!(said.contains("it says `no plugin`: expected a line such as"), "{said}");
    assert!(said.contains("its last words: why") && said.contains("leave --proxy out"), "{said}");
    assert_eq!(place.text("log").lines().filter(|line| line.contains("providers schema")).count(), 0);
}

#[test]
fn a_provider_that_ends_or_does_not_start_is_told() {
    let place = obedient();
    install(&place, "exit 1");
    let output = place.run(&["--proxy"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&place, &output).contains("it ended without a word"), "{output:?}");
    let place = obedient();
    let output = place.run(&["--proxy"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&place, &output).contains("holds no providers: expected those of --proxy"), "{output:?}");
    // One that listens nowhere.
    let place = obedient();
    install(&place, "echo '1|5|unix|/nowhere/at/all|grpc|'; sleep 100");
    let output = place.run(&["--proxy"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&place, &output).contains("listens at unix:/nowhere/at/all and cannot be spoken to"),
        "{output:?}"
    );
}

#[test]
fn a_provider_that_says_nothing_is_ended_in_time_with_all_that_it_started() {
    for signal in [None, Some("INT"), Some("TERM")] {
        let place = obedient();
        let pid = place.path("pid").display().to_string();
        install(&place, &format!("sleep 100 & echo $! >{pid}.new; mv {pid}.new {pid}; wait"));
        let limit = if signal.is_some() { "100" } else { "1" };
        let mut command = place.command(&["--proxy", "--timeout", limit]);
        let child = command.stderr(Stdio::piped()).spawn().unwrap();
        assert!(eventually(|| !place.text("pid").is_empty()));
        if let Some(signal) = signal {
            let number = child.id().to_string();
            assert!(Command::new("kill").args([&format!("-{signal}"), &number]).status().unwrap().success());
        }
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let why = if signal.is_some() { "interrupted" } else { "it took longer than it may" };
        assert!(said(&place, &output).contains(why), "{output:?}");
        assert!(eventually(|| is_gone(&place.text("pid"))), "{signal:?}");
        assert_eq!(fs::read_dir(place.path("tmp")).unwrap().count(), 0);
    }
}

#[test]
fn a_proxy_is_for_terraform_and_more_than_schemas() {
    let ran = narrows(
        Memory::new().with("app/Pulumi.yaml", "name: a\nruntime: yaml\n"),
        &["plan", "app", "--proxy"],
    );
    assert_eq!(ran.exit, Exit::Failed);
    assert!(ran.stderr.contains("--proxy is for Terraform and OpenTofu"), "{ran}");
    let both = ["plan", "infra", "--proxy", "--installed-providers"];
    let ran = narrows(Memory::new().with("infra/main.tf", "# nothing"), &both);
    assert_eq!(ran.exit, Exit::Failed);
    assert!(ran.stderr.contains("cannot be used with"), "{ran}");
}
