//! The shipped example: composed, emitted, read back and proved.

use narrows_guardrails::{Guardrails, judge};
use narrows_model::Source;
use narrows_prover::{AccessModel, Verdict};
use narrows_stacks::StackSpec;

#[test]
fn every_guardrail_is_proved_on_what_was_emitted() {
    let spec = StackSpec::parse("narrows.toml", StackSpec::template()).unwrap();
    let composed = spec.compose();
    let files = narrows_terraform::emit(&composed.deployment, &Default::default()).unwrap();
    let sources: Vec<_> =
        files.iter().map(|file| Source::file(file.name.as_str(), file.text.as_str())).collect();
    let deployment = narrows_terraform::read_config(&sources).unwrap();
    let today = "2026-11-23".parse().unwrap();
    let model = AccessModel::build(&deployment, &composed.intent, today).unwrap();
    let report = judge(&model, &composed.intent, &Guardrails::shipped(), today);
    assert_eq!(report.not_asked, []);
    assert_eq!(report.verdicts.len(), 3 * 8 + 3);
    for judged in &report.verdicts {
        assert_eq!(judged.verdict, Verdict::Proved, "{} of {}", judged.guardrail, judged.subject.name);
    }
}
