//! The shipped example in process: from its description to Terraform's files, and from those files to verdicts.
//!
//! Text in, text or verdicts out; nothing touches a disk.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use narrows_guardrails::{Guardrails, judge};
use narrows_model::date::Date;
use narrows_model::{Intent, Source};
use narrows_prover::{AccessModel, Verdict};
use narrows_stacks::StackSpec;
use narrows_terraform::{EmitOptions, File, emit, read_config};

const DESCRIPTION: &str = include_str!("../../examples/three-regions/narrows.toml");

fn today() -> Date {
    "2026-11-23".parse().unwrap()
}

fn synthesise(description: &str) -> Vec<File> {
    let spec = StackSpec::parse("narrows.toml", description).unwrap();
    emit(&spec.compose().deployment, &EmitOptions::default()).unwrap()
}

fn sources(files: &[File]) -> Vec<Arc<Source>> {
    files.iter().map(|file| Source::file(file.name.as_str(), file.text.as_str())).collect()
}

fn model(files: &[File], intent: &Intent) -> AccessModel {
    AccessModel::build(&read_config(&sources(files)).unwrap(), intent, today()).unwrap()
}

fn synth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("example, synth");
    group.bench_function("parse and compose", |bencher| {
        bencher.iter(|| StackSpec::parse("narrows.toml", black_box(DESCRIPTION)).unwrap());
    });
    let spec = StackSpec::parse("narrows.toml", DESCRIPTION).unwrap();
    group.bench_function("emit", |bencher| {
        bencher.iter(|| emit(black_box(&spec.compose().deployment), &EmitOptions::default()).unwrap());
    });
    group.bench_function("whole", |bencher| bencher.iter(|| synthesise(black_box(DESCRIPTION))));
    group.finish();
}

fn check(criterion: &mut Criterion) {
    let spec = StackSpec::parse("narrows.toml", DESCRIPTION).unwrap();
    let intent = &spec.compose().intent;
    let files = synthesise(DESCRIPTION);
    let deployment = read_config(&sources(&files)).unwrap();
    let access = model(&files, intent);

    // What is timed must be the proof itself.
    let guardrails = Guardrails::shipped();
    let report = judge(&access, intent, &guardrails, today());
    assert_eq!(report.verdicts.len(), 3 * 8 + 3);
    assert!(report.verdicts.iter().all(|it| it.verdict == Verdict::Proved));

    let mut group = criterion.benchmark_group("example, check");
    group.bench_function("read", |bencher| {
        bencher.iter(|| read_config(&sources(black_box(&files))).unwrap());
    });
    group.bench_function("model", |bencher| {
        bencher.iter(|| AccessModel::build(black_box(&deployment), intent, today()).unwrap());
    });
    for guardrail in guardrails.iter() {
        let one = Guardrails::shipped().only(&[&guardrail.id]);
        group.bench_function(&*guardrail.id, |bencher| {
            bencher.iter(|| judge(black_box(&access), intent, &one, today()));
        });
    }
    group.bench_function("whole", |bencher| {
        bencher.iter(|| judge(&model(black_box(&files), intent), intent, &guardrails, today()));
    });
    group.finish();
}

criterion_group!(benches, synth, check);
criterion_main!(benches);
