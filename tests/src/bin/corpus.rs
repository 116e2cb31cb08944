//! `corpus PATH...`: checks every file below the paths that may be an input, and prints counts with the reasons of what is
//! unknown or refused. Exit code 1 if one of them made the program panic.

use narrows_tests::corpus::{Tally, check, files};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// How many of the slowest files are listed.
const SLOWEST: usize = 5;

fn main() -> ExitCode {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if paths.is_empty() {
        eprintln!("usage: corpus PATH...");
        return ExitCode::from(2);
    }
    let found = match files(&paths) {
        Ok(found) => found,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let mut tally = Tally::default();
    let mut slowest: Vec<(Duration, PathBuf)> = Vec::new();
    for file in found {
        let checked = check(&file);
        tally.add(&file, &checked.turned);
        slowest.push((checked.took, file));
        slowest.sort_by(|a, b| b.cmp(a));
        slowest.truncate(SLOWEST);
    }
    print!("{tally}");
    println!("\nslowest:");
    for (took, file) in slowest {
        println!("{:>7} ms {}", took.as_millis(), file.display());
    }
    if tally.panicked() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
