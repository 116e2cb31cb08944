//! Every fuzz target on its corpus and on mutations of it. `NARROWS_FUZZ=1000000` in the environment makes that many of each.

use narrows_tests::fuzz;

fn run(name: &str) {
    let target = fuzz::target(name).unwrap();
    let wanted = std::env::var("NARROWS_FUZZ").ok().map(|text| text.parse().unwrap());
    match fuzz::drive(target, wanted.unwrap_or(target.count)) {
        Ok(inputs) => println!("{name}: {inputs} inputs"),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn iam_parser() {
    run("iam-parser");
}

#[test]
fn arn_matcher() {
    run("arn-matcher");
}

#[test]
fn glob_matcher() {
    run("glob-matcher");
}

#[test]
fn manifest() {
    run("manifest");
}

#[test]
fn cedar_lowering() {
    run("cedar-lowering");
}

#[test]
fn semantic() {
    run("semantic");
}

#[test]
fn cloudformation() {
    run("cloudformation");
}

#[test]
fn terraform() {
    run("terraform");
}

#[test]
fn pulumi() {
    run("pulumi");
}
