//! `narrows plan` with real Pulumi: what a program comes to before its first deployment.

use narrows::Exit;
use narrows_tests::harness::pulumi::{Pulumi, inputs};
use narrows_tests::harness::{contents, found_or_skip};
use narrows_tests::run::{Ran, narrows_on_disk};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// A bucket behind an MRAP; its policy exempts a role that the stack's configuration names.
const PROGRAM: &str = r#"
name: orders
runtime: yaml
config:
  exempt: {type: string, default: "arn:aws:iam::123456789012:role/nobody"}
resources:
  data:
    type: aws:s3/bucket:Bucket
    properties: {bucket: narrows-orders-eu, tags: {stack: "${pulumi.stack}"}}
  orders:
    type: aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint
    properties:
      details: {name: orders, regions: [{bucket: "${data.id}"}]}
  data-policy:
    type: aws:s3/bucketPolicy:BucketPolicy
    properties:
      bucket: ${data.id}
      policy:
        fn::toJSON:
          Version: "2012-10-17"
          Statement:
            - Effect: Deny
              Principal: "*"
              Action: "s3:*"
              Resource: ["${data.arn}", "${data.arn}/*"]
              Condition:
                ArnNotEquals: {"s3:DataAccessPointArn": "${orders.arn}", "aws:PrincipalArn": "${exempt}"}
"#;

/// A folder with a project in it, and the engine that previews it.
struct Place {
    folder: tempfile::TempDir,
    engine: PathBuf,
}

impl Place {
    /// A project, where the engine is there; `None` means that the test is skipped.
    fn with(files: &[(&str, &str)]) -> Option<Self> {
        let engine = found_or_skip(Pulumi::find())?.program();
        let place = Self { folder: tempfile::tempdir().unwrap(), engine };
        for (name, text) in files {
            place.write(name, text);
        }
        Some(place)
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.path("infra").join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn narrows(&self, args: &[&str]) -> Ran {
        narrows_on_disk(args)
    }

    fn plan(&self, args: &[&str]) -> Ran {
        let (folder, engine) = (self.path("infra").display().to_string(), self.engine.display().to_string());
        let fixed =
            ["plan", &folder, "--engine", &engine, "--account", "123456789012", "--as-of", "2026-11-23"];
        self.narrows(&[&fixed, args].concat())
    }

    /// How `only-through-mrap` is decided.
    fn verdict(&self, arguments: &[&str]) -> String {
        let fixed = ["--guardrail", "only-through-mrap", "--format", "json", "--"];
        let ran = self.plan(&[&fixed, arguments].concat());
        assert_ne!(ran.exit, Exit::Failed, "{}", ran.stderr);
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        let verdicts = report["verdicts"].as_array().unwrap();
        assert_eq!(verdicts.len(), 1, "{report:#}");
        verdicts[0]["verdict"].as_str().unwrap().to_owned()
    }

    /// The preview, unchecked.
    fn preview(&self, args: &[&str]) -> Value {
        let ran = self.plan(&[&["--no-check"], args].concat());
        assert_eq!(ran.exit, Exit::Clean, "{}", ran.stderr);
        serde_json::from_str(&ran.stdout).unwrap()
    }

    /// What is said of a program that cannot be previewed, without the breaks of lines.
    fn refused(&self, args: &[&str]) -> String {
        let ran = self.plan(args);
        assert_eq!((ran.exit, ran.stdout.as_str()), (Exit::Failed, ""), "{}", ran.stderr);
        ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn a_policy_that_names_a_new_access_point_is_there_in_full() {
    let Some(place) = Place::with(&[("Pulumi.yaml", PROGRAM), ("Pulumi.prod.yaml", "config: {}\n")]) else {
        return;
    };
    let before = contents(place.folder.path());
    // An exemption that is not declared is a way past the access point.
    assert_eq!(place.verdict(&[]), "refuted");
    let preview = place.preview(&[]);
    let policy = inputs(&preview, "data-policy")["policy"].as_str().unwrap();
    assert!(policy.contains("arn:aws:s3::123456789012:accesspoint/m"), "{policy}");
    assert_eq!(inputs(&preview, "data")["tags"]["stack"], "prod");
    assert_eq!(contents(place.folder.path()), before);
    let exempt = ", \"aws:PrincipalArn\": \"${exempt}\"";
    assert!(PROGRAM.contains(exempt));
    let mended = PROGRAM.replace(exempt, "");
    place.write("Pulumi.yaml", &mended);
    assert_eq!(place.verdict(&[]), "proved");
    // So it is of a bucket as version 6 of the provider's SDKs has it.
    place.write("Pulumi.yaml", &mended.replace("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"));
    assert_eq!(place.verdict(&[]), "proved");
}

#[test]
fn a_saved_preview_gives_the_same_verdicts_and_is_the_same_each_time() {
    let Some(place) = Place::with(&[("Pulumi.yaml", PROGRAM), ("Pulumi.prod.yaml", "")]) else { return };
    let [one, other] = ["one.json", "two.json"].map(|name| {
        let out = place.path(name).display().to_string();
        let ran = place.plan(&["--no-check", "--out", &out]);
        assert_eq!((ran.exit, ran.stdout.as_str(), ran.stderr.as_str()), (Exit::Clean, "", ""));
        fs::read_to_string(out).unwrap()
    });
    assert_eq!(one, other);
    let saved = place.path("one.json").display().to_string();
    let fixed = ["--guardrail", "only-through-mrap", "--format", "json"];
    let own = ["--account", "123456789012", "--as-of", "2026-11-23"];
    let (checked, planned) =
        (place.narrows(&[&["check", &saved][..], &own, &fixed].concat()), place.plan(&fixed));
    let verdicts = |text: &str| serde_json::from_str::<Value>(text).unwrap()["verdicts"].clone();
    let (checked, planned) = (verdicts(&checked.stdout), verdicts(&planned.stdout));
    for part in ["verdict", "subject", "assumptions"] {
        assert_eq!(checked[0][part], planned[0][part], "{part}");
    }
    let assumed = planned[0]["assumptions"].to_string();
    assert!(assumed.contains("none of those that the program compares it with"), "{assumed}");
}

/// What the stack says reaches the program, whichever stack it is.
#[test]
fn a_stack_configures_the_program() {
    let files = [
        ("Pulumi.yaml", PROGRAM),
        ("Pulumi.dev.yaml", "config:\n  aws:region: eu-west-1\n"),
        (
            "Pulumi.prod.yaml",
            "config:\n  aws:region: eu-west-2\n  orders:exempt: arn:aws:iam::123456789012:role/deploy\n",
        ),
        ("else.yaml", "config:\n  orders:exempt: arn:aws:iam::123456789012:role/other\n"),
    ];
    let Some(place) = Place::with(&files) else { return };
    let exempt = |arguments: &[&str]| {
        let preview = place.preview(&[&["--"], arguments].concat());
        let policy = inputs(&preview, "data-policy")["policy"].as_str().unwrap().to_owned();
        let role = policy.split_once("role/").unwrap().1;
        let role = role.split('"').next().unwrap().to_owned();
        (role, inputs(&preview, "data")["tags"]["stack"].as_str().unwrap().to_owned())
    };
    let of = |role: &str, stack: &str| (role.to_owned(), stack.to_owned());
    assert_eq!(exempt(&["--stack", "dev"]), of("nobody", "dev"));
    assert_eq!(exempt(&["-s", "acme/orders/prod"]), of("deploy", "prod"));
    let own = "exempt=arn:aws:iam::123456789012:role/mine";
    assert_eq!(exempt(&["--stack=prod", "-c", own]), of("mine", "prod"));
    assert_eq!(exempt(&["--stack", "prod", "--config-file", "else.yaml"]), of("other", "prod"));
    let said = place.refused(&[]);
    assert!(said.contains("the project has 2 stacks: expected one of dev, prod"), "{said}");
}

/// The key that would decrypt them is asked for at a cloud: it is not, and what they hold is not known.
#[test]
fn secrets_are_not_decrypted_and_what_is_made_of_them_is_unknown() {
    let stack = "secretsprovider: awskms://alias/x?region=us-east-1\nencryptedkey: AQECAHgAAAA=\nconfig:\n  \
                 orders:exempt:\n    secure: AAABADwfxMJUtNRXnbfPpFGZjQ3Mc5bGUg==\n";
    let Some(place) = Place::with(&[("Pulumi.yaml", PROGRAM), ("Pulumi.prod.yaml", stack)]) else { return };
    assert_eq!(place.verdict(&[]), "unknown");
    assert_eq!(place.verdict(&["--config", "exempt=arn:aws:iam::123456789012:role/nobody"]), "refuted");
    let preview = place.preview(&[]).to_string();
    assert!(preview.contains("[secret]") && !preview.contains("bbbb"), "{preview}");
    place.write("Pulumi.prod.yaml", "environment: [prod]\n");
    let said = place.refused(&[]);
    assert!(said.contains("takes values from Pulumi ESC") && said.contains("--config-file FILE"), "{said}");
}

/// Wherever the copy lies, what is worked out from its path is not known, and the path itself is the user's.
#[test]
fn the_path_of_the_copy_is_in_no_preview() {
    let tags = "tags: {here: \"${pulumi.cwd}\", code: {fn::toBase64: \"${pulumi.cwd}\"}}";
    let program = PROGRAM.replace("tags: {stack: \"${pulumi.stack}\"}", tags);
    let Some(place) = Place::with(&[("Pulumi.yaml", &program), ("Pulumi.prod.yaml", "")]) else { return };
    let preview = place.preview(&[]);
    let tags = &inputs(&preview, "data")["tags"];
    let real = fs::canonicalize(place.path("infra")).unwrap();
    assert_eq!(tags["here"], real.display().to_string());
    assert_eq!(tags["code"], "04da6b54-80e4-46f7-96ec-b56ff0331ba9");
    assert!(!preview.to_string().contains("narrows-first"), "{preview}");
}

/// What the owner declares beside the program counts.
#[test]
fn declarations_beside_a_program_count() {
    let exempt = PROGRAM.replace("role/nobody", "role/deploy");
    let Some(place) = Place::with(&[("Pulumi.yaml", &exempt), ("Pulumi.prod.yaml", "")]) else { return };
    assert_eq!(place.verdict(&[]), "refuted");
    let intent = r#"{"version": 1, "account": null, "organisation": null, "deployer": null, "failover_operators": [],
        "minimum_tls": null, "grants": [], "endpoints": null, "memberships": [], "exemptions": [{"kind": "role",
        "name": "arn:aws:iam::123456789012:role/deploy", "reason": "deploys", "expires": null}]}"#;
    place.write("narrows.intent.json", intent);
    assert_eq!(place.verdict(&[]), "proved");
}

#[test]
fn a_program_that_fails_is_refused_in_its_own_words() {
    let Some(place) = Place::with(&[("Pulumi.yaml", PROGRAM)]) else { return };
    let cases = [
        ("${nothing}", "resource, variable, or config value \"nothing\" not found"),
        ("${data.id}", "circular dependency"),
    ];
    for (text, own) in cases {
        place.write("Pulumi.yaml", &PROGRAM.replace("${pulumi.stack}", text));
        let said = place.refused(&[]);
        assert!(said.contains(own) && said.contains("expected a preview; its own words are above"), "{said}");
        // It has nothing to do with how it is run.
        assert!(!said.contains("help: "), "{said}");
    }
}

#[test]
fn what_narrows_does_not_stand_in_for_has_a_remedy() {
    let program = |more: &str| format!("{PROGRAM}{more}");
    let cases = [
        ("  pet: {type: \"random:RandomPet\"}\n", "stands in for the aws provider alone"),
        ("  backup: {type: \"aws:fsx/backup:Backup\"}\n", "knows what matters to access"),
        (
            "  other: {type: \"pulumi:pulumi:StackReference\", properties: {name: organization/network/prod}}\n",
            "other stacks are not read",
        ),
        ("config:\n  needed: {type: string}\n", "give the value with -- --config KEY=VALUE"),
    ];
    let Some(place) = Place::with(&[]) else { return };
    for (more, remedy) in cases {
        let text = match more.strip_prefix("config:\n") {
            Some(more) => PROGRAM.replace("config:\n", &format!("config:\n{more}")),
            None => program(more),
        };
        place.write("Pulumi.yaml", &text);
        let said = place.refused(&[]);
        assert!(said.contains(remedy), "{more}: {said}");
    }
}

/// The engine would ask a backend that the project names.
#[test]
fn a_backend_is_local_and_a_stack_has_a_name_whatever_the_project_says() {
    let backend = format!("{PROGRAM}backend: {{url: \"https://api.pulumi.com\"}}\n");
    let Some(place) = Place::with(&[("Pulumi.yaml", &backend)]) else { return };
    let ran = place.plan(&["--no-check", "--region", "ap-southeast-2"]);
    assert_eq!(ran.exit, Exit::Clean, "{}", ran.stderr);
    assert_eq!(
        ran.stderr,
        "note: no stack is configured: it is called `dev`; name another with -- --stack NAME\n"
    );
    let assumed =
        serde_json::from_str::<Value>(&ran.stdout).unwrap()["narrows_symbols"]["assumptions"].to_string();
    assert!(assumed.contains("the stack is called `dev`"), "{assumed}");
}
