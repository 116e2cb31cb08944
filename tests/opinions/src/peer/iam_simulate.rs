//! `@cloud-copilot/iam-simulate`, in a node process of its own that answers batches.

use super::{Verdict, caller, keys};
use narrows_iam::{Entry, Principal};
use narrows_tests::generate::{ACCOUNT, Case};
use narrows_tests::harness::{Skip, on_path, process, tool_cache};
use serde_json::{Map, Value, json};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// Long enough for a slow registry; the packages have 20 MB.
const LIMIT: Duration = Duration::from_secs(600);

const FILES: [(&str, &str); 3] = [
    ("package.json", include_str!("../../iam-simulate/package.json")),
    ("package-lock.json", include_str!("../../iam-simulate/package-lock.json")),
    ("serve.mjs", include_str!("../../iam-simulate/serve.mjs")),
];

/// The process. It ends when this is dropped.
#[derive(Debug)]
pub struct IamSimulate {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl IamSimulate {
    /// Starts the process; installs the package in the tool cache if need be.
    ///
    /// # Errors
    /// A [`Skip`] if there is no node or npm, if the package cannot be had, or if the cache cannot be written.
    pub fn start() -> Result<Self, Skip> {
        let node =
            on_path("node").ok_or_else(|| Skip("no node in PATH: install Node.js 20 or later".to_owned()))?;
        let folder = install()?;
        let failed = |error: io::Error| Skip(format!("{}: {error}", node.display()));
        let mut command = Command::new(&node);
        command.arg("serve.mjs").current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(failed)?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Skip("the node process has no pipes".to_owned()));
        };
        Ok(Self { child, input: Some(input), output: BufReader::new(output) })
    }

    /// Asks about cases, and gives one verdict for each.
    ///
    /// # Errors
    /// What the system says of the pipes, or that the process answered something else than asked.
    pub fn ask<'a>(&mut self, cases: impl IntoIterator<Item = &'a Case>) -> io::Result<Vec<Verdict>> {
        let batch: Vec<Value> = cases.into_iter().map(simulation).collect();
        let count = batch.len();
        let input = self.input.as_mut().ok_or_else(|| io::Error::other("the process has ended"))?;
        writeln!(input, "{}", Value::Array(batch))?;
        input.flush()?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let answers: Vec<Value> = serde_json::from_str(&line)?;
        if answers.len() != count {
            return Err(io::Error::other(format!("{} answers to {count} questions", answers.len())));
        }
        Ok(answers.iter().map(verdict).collect())
    }
}

impl Drop for IamSimulate {
    fn drop(&mut self) {
        // It ends with its input; should it not, the error is of no interest any more.
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

fn verdict(answer: &Value) -> Verdict {
    match answer.get("result").and_then(Value::as_str) {
        Some("Allowed") => Verdict::Allowed,
        Some("ImplicitlyDenied") => Verdict::NotAllowed,
        Some("ExplicitlyDenied") => Verdict::Denied,
        _ => Verdict::Failed(answer.to_string()),
    }
}

/// A case as the package takes it.
fn simulation(case: &Case) -> Value {
    let principal = match &case.request.principal {
        Principal::Anonymous => json!({"type": "Anonymous"}),
        Principal::Service(name) => json!(name),
        other => json!(caller(other)),
    };
    let context: Map<String, Value> = keys(case)
        .into_iter()
        .filter_map(|(key, entry)| match entry {
            Entry::Value(value) => Some((key, json!(value))),
            Entry::Values(values) => Some((key, json!(values))),
            Entry::Perhaps(_) | Entry::Open => None,
        })
        .collect();
    let named = |document: &Value| json!({"name": "policy", "policy": document});
    let level = |document: &Value| json!({"orgIdentifier": "level", "policies": [named(document)]});
    // AWS attaches RCPFullAWSAccess at each level by itself.
    let full = json!({"Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}});
    let controlled =
        |document: &Value| json!({"orgIdentifier": "level", "policies": [named(document), named(&full)]});
    let mut identity: Vec<_> = case.identity.iter().map(named).collect();
    if matches!(case.request.principal, Principal::Root { .. }) {
        // The package knows of no root user: one that needs no identity policy is one with a policy that allows everything.
        let all = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
        identity.push(named(&all));
    }
    let mut simulation = json!({
        "request": {
            "principal": principal,
            "action": case.request.action,
            "resource": {"resource": case.request.resource, "accountId": ACCOUNT},
            "contextVariables": context,
        },
        "identityPolicies": identity,
        "serviceControlPolicies": case.service_control.iter().map(level).collect::<Vec<_>>(),
        "resourceControlPolicies": case.resource_control.iter().map(controlled).collect::<Vec<_>>(),
    });
    if let Some(policy) = &case.resource_policy {
        simulation["resourcePolicy"] = policy.clone();
    }
    if let Some(boundary) = &case.boundary {
        simulation["permissionBoundaryPolicies"] = json!([named(boundary)]);
    }
    simulation
}

/// The folder with the package, which is named after what is in it, so that a new version makes a new one.
fn install() -> Result<PathBuf, Skip> {
    let unusable = |what: &Path, error: io::Error| Skip(format!("{}: {error}", what.display()));
    let npm = on_path("npm")
        .ok_or_else(|| Skip("no npm in PATH: install Node.js 20 or later, with npm".to_owned()))?;
    let mut hasher = DefaultHasher::new();
    FILES.hash(&mut hasher);
    let cache = tool_cache()?;
    let folder = cache.join(format!("iam-simulate-{:016x}", hasher.finish()));
    fs::create_dir_all(&folder).map_err(|error| unusable(&folder, error))?;
    let lock_file = folder.with_extension("lock");
    let lock = File::create(&lock_file).map_err(|error| unusable(&lock_file, error))?;
    lock.lock().map_err(|error| unusable(&lock_file, error))?;
    let finished = folder.join("narrows-finished");
    if finished.is_file() {
        return Ok(folder);
    }
    for (name, text) in FILES {
        let file = folder.join(name);
        fs::write(&file, text).map_err(|error| unusable(&file, error))?;
    }
    let mut command = Command::new(npm);
    command
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(&folder);
    let output = process::run(&mut command, &folder, LIMIT).map_err(|error| Skip(error.to_string()))?;
    if output.code != 0 {
        let text = format!("npm ci ended with {}: check that npm reaches a package registry", output.code);
        return Err(Skip(format!("{text}\n{}{}", output.stdout, output.stderr)));
    }
    fs::write(&finished, "").map_err(|error| unusable(&finished, error))?;
    Ok(folder)
}
