//! The shipped example: composed, emitted, read back and proved.

use narrows_guardrails::{Guardrails, Report, judge, shipped_ids};
use narrows_model::Source;
use narrows_prover::{AccessModel, Verdict};
use narrows_stacks::StackSpec;

/// The verdicts of these guardrails on the example, composed, emitted and read back.
fn emitted(guardrails: &Guardrails) -> Report {
    let spec = StackSpec::parse("narrows.toml", StackSpec::template()).unwrap();
    let composed = spec.compose();
    let files = narrows_terraform::emit(&composed.deployment, &Default::default()).unwrap();
    let sources: Vec<_> =
        files.iter().map(|file| Source::file(file.name.as_str(), file.text.as_str())).collect();
    let deployment = narrows_terraform::read_config(&sources).unwrap();
    let today = "2026-11-23".parse().unwrap();
    let model = AccessModel::build(&deployment, &composed.intent, today).unwrap();
    judge(&model, &composed.intent, guardrails, today)
}

#[test]
fn every_guardrail_is_proved_on_what_was_emitted() {
    let report = emitted(&Guardrails::shipped());
    assert_eq!(report.not_asked, []);
    assert_eq!(report.verdicts.len(), 3 * 8 + 3 + 1 + 8);
    for judged in &report.verdicts {
        assert_eq!(judged.verdict, Verdict::Proved, "{} of {}", judged.guardrail, judged.subject.name);
    }
}

/// About each of the three buckets, or each of the two roles that have a grant.
#[test]
fn each_shipped_guardrail_is_proved_by_name() {
    let mut asked = Vec::new();
    for id in shipped_ids() {
        let report = emitted(&Guardrails::shipped().only(&[id]));
        let proved = report.verdicts.iter().filter(|judged| judged.verdict == Verdict::Proved).count();
        assert!(report.verdicts.iter().all(|judged| judged.guardrail == id), "{id}");
        assert_eq!((proved, report.not_asked.len()), (report.verdicts.len(), 0), "{id}");
        asked.push((id, proved));
    }
    assert_eq!(
        asked,
        [
            ("application-reaches-data", 2),
            ("deployer-not-locked-out", 3),
            ("least-privilege", 1),
            ("no-new-paths", 3),
            ("not-public", 3),
            // Three buckets, the MRAP, three endpoints and the replication role.
            ("not-vacuous", 8),
            ("only-through-mrap", 3),
            ("organisation-only", 3),
            ("private-only", 3),
            ("replication-works", 3),
            ("same-in-every-region", 1),
            ("tls-only", 3),
        ]
    );
}
