//! How long the program takes from nothing to an answer, as a shell sees it: a new process each time, which reads its
//! input from a disk whose cache is warm.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should say so and stop")]

use criterion::{Criterion, criterion_group, criterion_main};
use std::process::{Command, Stdio};

fn cold_start(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let narrows = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_narrows"));
        command.current_dir(folder.path()).args(args).stdout(Stdio::null());
        command
    };
    assert!(narrows(&["new", "orders"]).status().unwrap().success());
    assert!(narrows(&["synth", "orders", "--as-of", "2026-11-23"]).status().unwrap().success());
    let runs = [
        ("version", vec!["--version"]),
        ("check description", vec!["check", "orders", "--as-of", "2026-11-23"]),
        ("check folder", vec!["check", "orders/out/terraform", "--as-of", "2026-11-23"]),
    ];
    let mut group = criterion.benchmark_group("cold start");
    group.sample_size(50);
    for (name, args) in runs {
        group.bench_function(name, |bencher| {
            bencher.iter(|| assert!(narrows(&args).status().unwrap().success()));
        });
    }
}

criterion_group!(benches, cold_start);
criterion_main!(benches);
