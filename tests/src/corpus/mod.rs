//! Deployments that nobody here wrote, checked one file after the other, and counts of what came out.

mod tally;
mod walk;

pub use tally::{Tally, Turned};
pub use walk::files;

use narrows::{Disk, Stream, Streams, Style};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// The access point that bare policies are checked against, which say nothing of one.
const MRAP: &str = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";
/// The bucket of bare policies that name none or several.
const BUCKET: &str = "amzn-s3-demo-bucket";
const ACCOUNT: &str = "123456789012";
/// A fixed day, so that two runs give the same counts.
const DAY: &str = "2026-12-01";

/// What became of a file, and how long it took.
pub struct Checked {
    /// What became of it.
    pub turned: Turned,
    /// From start to end.
    pub took: Duration,
}

/// Checks a file as `narrows check FILE` does.
///
/// A bare policy is taken to be that of one bucket behind one MRAP; what can turn out in several ways because its account
/// is not given has one here.
pub fn check(file: &Path) -> Checked {
    let start = Instant::now();
    let plain = ["--account", ACCOUNT];
    let mut turned = run(file, &plain);
    // What a bare policy is attached to, its file does not say.
    if matches!(&turned, Turned::Refused(message) if message.contains("no access point is given")) {
        turned = run(file, &["--account", ACCOUNT, "--mrap", MRAP]);
    }
    if matches!(&turned, Turned::Refused(message) if message.contains("--bucket NAME")) {
        turned = run(file, &["--account", ACCOUNT, "--mrap", MRAP, "--bucket", BUCKET]);
    }
    Checked { turned, took: start.elapsed() }
}

fn run(file: &Path, flags: &[&str]) -> Turned {
    let mut args = vec!["narrows".into(), "check".into(), file.as_os_str().to_owned()];
    args.extend(["--format", "json", "--as-of", DAY].iter().chain(flags).map(Into::into));
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let ended = catch_unwind(AssertUnwindSafe(|| {
        let mut streams = Streams {
            stdout: Stream::new(&mut stdout, Style::PLAIN),
            stderr: Stream::new(&mut stderr, Style::PLAIN),
        };
        narrows::run(args, &mut streams, &mut Disk)
    }));
    match ended {
        Err(_) => Turned::Panicked,
        Ok(_) if stdout.is_empty() => Turned::refused(&String::from_utf8_lossy(&stderr), file),
        Ok(_) => match serde_json::from_slice(&stdout) {
            Ok(report) => Turned::Read(report),
            Err(error) => Turned::Refused(format!("the report is no JSON: {error}")),
        },
    }
}
