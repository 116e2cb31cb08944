//! Runs of `narrows` in memory, and the written example to break.

use narrows::{Disk, Exit, Files, Memory, Stream, Streams, Style};
use serde_json::Value;

/// What a run did.
#[derive(Debug)]
pub struct Ran {
    /// How it ended.
    pub exit: Exit,
    /// Its results.
    pub stdout: String,
    /// Everything else that it said.
    pub stderr: String,
    /// The files after it; none where they lie on the disk.
    pub files: Memory,
}

/// Runs `narrows` on files in memory.
pub fn narrows(mut files: Memory, args: &[&str]) -> Ran {
    let ran = on(&mut files, args);
    Ran { files, ..ran }
}

/// Runs `narrows` on the files on the disk.
pub fn narrows_on_disk(args: &[&str]) -> Ran {
    on(&mut Disk, args)
}

fn on(files: &mut dyn Files, args: &[&str]) -> Ran {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        stdout: Stream::new(&mut stdout, Style::PLAIN),
        stderr: Stream::new(&mut stderr, Style::PLAIN),
    };
    let exit = narrows::run(std::iter::once(&"narrows").chain(args).map(Into::into), &mut streams, files);
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ran { exit, stdout: text(stdout), stderr: text(stderr), files: Memory::new() }
}

/// The folder that `narrows synth` writes for the example, `example/out/terraform`, to be changed by hand.
#[derive(Clone, Debug)]
pub struct Example {
    files: Memory,
}

/// The folder of the example's files.
pub const FOLDER: &str = "example/out/terraform";

impl Example {
    /// The example as `narrows synth` writes it.
    pub fn synthesised() -> Self {
        let description = include_str!("../../examples/three-regions/narrows.toml");
        let files = Memory::new().with("example/narrows.toml", description);
        let ran = narrows(files, &["synth", "example", "--as-of", "2026-11-23"]);
        assert_eq!(ran.exit, Exit::Clean, "{}{}", ran.stdout, ran.stderr);
        Self { files: ran.files }
    }

    /// The written files, by name.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        let written = self.files.paths().filter(|path| path.starts_with(FOLDER));
        written.filter_map(|path| Some((path.file_name()?.to_str()?, self.files.text(path)?)))
    }

    /// Changes the statements of a bucket's policy.
    #[must_use]
    pub fn with_statements(self, bucket: &str, change: impl FnOnce(&mut Vec<Value>)) -> Self {
        let path = format!("{FOLDER}/s3.tf.json");
        let mut file: Value =
            serde_json::from_str(self.files.text(&path).unwrap_or_default()).unwrap_or_default();
        let text = file.pointer_mut(&format!("/resource/aws_s3_bucket_policy/{bucket}/policy"));
        let text = text.expect("the example has a policy for each of its buckets");
        let mut policy: Value = serde_json::from_str(text.as_str().unwrap_or_default()).unwrap_or_default();
        let Some(Value::Array(statements)) = policy.get_mut("Statement") else {
            panic!("a policy has a list of statements: {policy}");
        };
        let before = statements.clone();
        change(statements);
        assert_ne!(*statements, before, "the change found nothing to change");
        *text = Value::from(policy.to_string());
        Self { files: self.files.with(path, format!("{file:#}")) }
    }

    /// Checks the folder, with a report in JSON.
    pub fn check(&self, args: &[&str]) -> (Exit, Value) {
        let fixed = ["check", FOLDER, "--format", "json", "--as-of", "2026-11-23"];
        let ran = narrows(self.files.clone(), &[&fixed, args].concat());
        assert_eq!(ran.stderr, "");
        (ran.exit, serde_json::from_str(&ran.stdout).unwrap_or_default())
    }

    /// The verdict of a guardrail on a bucket, from a report.
    pub fn verdict<'a>(report: &'a Value, guardrail: &str, bucket: &str) -> &'a Value {
        let verdicts =
            report.pointer("/verdicts").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        verdicts
            .iter()
            .find(|it| {
                it.pointer("/guardrail").and_then(Value::as_str) == Some(guardrail)
                    && it.pointer("/subject/name").and_then(Value::as_str) == Some(bucket)
            })
            .unwrap_or(&Value::Null)
    }
}
