//! The same question has the same answer, whichever format the deployment comes in.
//!
//! Each form describes one deployment: two buckets behind the MRAP `orders`, whose ARN exists only after deployment, in
//! forms that can say so. Mended, each bucket's policy denies what does not come through it; broken, that of London
//! exempts every role whose name begins with `deploy`.

mod engines;
mod forms;

use forms::{Form, Stack};
use narrows::{Exit, Memory};
use narrows_tests::harness::{found_or_skip, pulumi::Pulumi, terraform};
use narrows_tests::run::narrows;
use serde_json::Value;

/// The report on a deployment as a form writes it.
fn report(form: &Form, stack: Stack) -> (Exit, Value) {
    let files =
        (form.files)(stack).into_iter().fold(Memory::new(), |files, (name, text)| files.with(name, text));
    let fixed = ["check", form.input, "--guardrail", "only-through-mrap", "--account", "123456789012"];
    let ran = narrows(files, &[&fixed[..], &["--format", "json", "--as-of", "2026-12-01"]].concat());
    assert_eq!(ran.stderr, "", "{}", form.name);
    (ran.exit, serde_json::from_str(&ran.stdout).unwrap())
}

/// Which bucket has which verdict, and the request that refutes it; without what the format spells in its own way.
fn answers(report: &Value) -> Vec<Value> {
    let verdicts = report["verdicts"].as_array().unwrap();
    let shown = verdicts.iter().map(|it| {
        let found = &it["counterexample"];
        serde_json::json!({
            "bucket": it["subject"]["name"], "verdict": it["verdict"], "principal": found["principal"],
            "action": found["action"], "resource": found["resource"], "route": found["route"], "context": found["context"],
        })
    });
    shown.collect()
}

/// Every report on a deployment: of each format that is read as it is, and of each engine that there is.
fn reports(stack: Stack) -> Vec<(String, Exit, Value)> {
    let mut all = Vec::new();
    for form in &forms::all() {
        let (exit, report) = report(form, stack);
        all.push((form.name.to_owned(), exit, report));
    }
    for engine in found_or_skip(terraform::programs()).unwrap_or_default() {
        let configurations: [(&str, engines::Hcl); 2] =
            [("jsonencode", engines::jsonencode), ("documents in a module", engines::documents)];
        for (name, configuration) in configurations {
            let (exit, report) = engines::planned(&engine, configuration, stack);
            all.push((format!("HCL with {name}, {}", engine.display()), exit, report));
        }
    }
    if let Some(pulumi) = found_or_skip(Pulumi::find()) {
        let (exit, report) = engines::previewed(&pulumi.program(), stack);
        all.push(("Pulumi YAML".to_owned(), exit, report));
    }
    if let Some(pulumi) = found_or_skip(Pulumi::find_with_go()) {
        let (exit, report) = engines::compiled(&pulumi.program(), stack);
        all.push(("Pulumi in Go".to_owned(), exit, report));
    }
    all
}

#[test]
fn a_broken_policy_is_refuted_with_the_same_request_in_each_format() {
    let mut first = None;
    for (form, exit, report) in reports(Stack::Broken) {
        assert_eq!(exit, Exit::Refuted, "{form}: {report:#}");
        let answers = answers(&report);
        let expected = first.get_or_insert_with(|| answers.clone());
        assert_eq!(answers, *expected, "{form}");
    }
    insta::assert_json_snapshot!(first.unwrap(), @r#"
    [
      {
        "bucket": "orders-london",
        "verdict": "refuted",
        "principal": "arn:aws:iam::123456789012:role/deploy",
        "action": "s3:GetObject",
        "resource": "arn:aws:s3:::orders-london/example.txt",
        "route": "direct",
        "context": {}
      },
      {
        "bucket": "orders-osaka",
        "verdict": "proved",
        "principal": null,
        "action": null,
        "resource": null,
        "route": null,
        "context": null
      }
    ]
    "#);
}

#[test]
fn mended_it_is_proved_in_each_format() {
    for (form, exit, report) in reports(Stack::Mended) {
        let verdicts: Vec<_> = answers(&report).iter().map(|it| it["verdict"].clone()).collect();
        assert_eq!(
            (exit, verdicts),
            (Exit::Clean, vec!["proved".into(), "proved".into()]),
            "{form}: {report:#}"
        );
    }
}
