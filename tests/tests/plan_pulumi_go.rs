//! `narrows plan` with real Pulumi and a program in Go, which is compiled first, from modules that are there already.

use narrows::Exit;
use narrows_tests::harness::pulumi::{Pulumi, go_program, inputs};
use narrows_tests::harness::{contents, copy_folder, found_or_skip};
use narrows_tests::run::{Ran, narrows_on_disk};
use std::fs;
use std::path::PathBuf;

/// What `narrows plan` is given: a folder with the program in it, and the engine.
struct Place {
    folder: tempfile::TempDir,
    engine: PathBuf,
}

impl Place {
    /// The program, where its tools are there; `None` means that the test is skipped.
    fn new() -> Option<Self> {
        let engine = found_or_skip(Pulumi::find_with_go())?.program();
        let place = Self { folder: tempfile::tempdir().unwrap(), engine };
        copy_folder(&go_program(), &place.path("infra")).unwrap();
        for name in ["orders-london", "orders-osaka"] {
            let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*",
                "Resource": "*", "Condition": {"ArnNotEquals": {"s3:DataAccessPointArn": "${arn}"}}}]}"#;
            fs::write(place.path("infra").join(format!("{name}.json")), policy).unwrap();
        }
        Some(place)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn plan(&self) -> Ran {
        let (folder, engine) = (self.path("infra").display().to_string(), self.engine.display().to_string());
        let account = ["--account", "123456789012", "--region", "eu-west-2"];
        let fixed = ["plan", &folder, "--engine", &engine, "--no-check", "--timeout", "1200"];
        narrows_on_disk(&[&fixed[..], &account].concat())
    }

    /// Puts another text in the place of one in the program.
    fn change(&self, text: &str, by: &str) {
        let file = self.path("infra/main.go");
        let program = fs::read_to_string(&file).unwrap();
        assert!(program.contains(text), "{text}");
        fs::write(file, program.replace(text, by)).unwrap();
    }

    /// What is said of a program that cannot be previewed, without the breaks of lines.
    fn refused(&self) -> String {
        let ran = self.plan();
        assert_eq!((ran.exit, ran.stdout.as_str()), (Exit::Failed, ""), "{}", ran.stderr);
        ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The policies of a preview.
fn policies(preview: &str) -> [String; 2] {
    let preview: serde_json::Value = serde_json::from_str(preview).unwrap();
    let policy = |name: &str| inputs(&preview, name)["policy"].as_str().unwrap().to_owned();
    ["orders-london-policy", "orders-osaka-policy"].map(policy)
}

/// A repository above the program, of which Git can make nothing, keeps it from nothing.
#[test]
fn a_program_in_go_is_compiled_and_what_is_made_of_a_symbol_is_told_from_what_is_worked_out() {
    let Some(place) = Place::new() else { return };
    fs::create_dir(place.path(".git")).unwrap();
    let before = contents(place.folder.path());
    let ran = place.plan();
    assert_eq!(ran.exit, Exit::Clean, "{}", ran.stderr);
    assert_eq!(contents(place.folder.path()), before);
    for policy in policies(&ran.stdout) {
        assert!(policy.contains("\"arn:aws:s3::123456789012:accesspoint/m"), "{policy}");
    }
    // Of the alias the first four characters.
    place.change("\"${arn}\", arn)", "\"${arn}\", arn[:41])");
    let ran = place.plan();
    assert_eq!(ran.exit, Exit::Clean, "{}", ran.stderr);
    for policy in policies(&ran.stdout) {
        assert!(
            policy.contains("\"s3:DataAccessPointArn\":\"04da6b54-80e4-46f7-96ec-b56ff0331ba9\""),
            "{policy}"
        );
    }
}

#[test]
fn a_program_in_go_that_cannot_be_compiled_is_refused_in_the_words_of_go() {
    let Some(place) = Place::new() else { return };
    place.change("return nil\n\t})", "return nothing\n\t})");
    let said = place.refused();
    assert!(said.contains("undefined: nothing") && !said.contains("help: "), "{said}");
    place.change("return nothing", "return nil");
    place.change("import (", "import (\n\t_ \"narrows.test/none\"");
    let add = |name: &str, line: &str| {
        let file = place.path("infra").join(name);
        let text = fs::read_to_string(&file).unwrap();
        fs::write(file, format!("{text}{line}\n")).unwrap();
    };
    add("go.mod", "require narrows.test/none v1.0.0");
    let hash = format!("h1:{}=", "A".repeat(43));
    add("go.sum", &format!("narrows.test/none v1.0.0 {hash}\nnarrows.test/none v1.0.0/go.mod {hash}"));
    let said = place.refused();
    assert!(said.contains("run `go mod download` in the folder of the program first"), "{said}");
}
