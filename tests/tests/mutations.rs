//! Every single edit of the shipped example's policies: which guardrail notices it, or why none has to.

use narrows_guardrails::judge;
use narrows_model::{Deployment, Intent, Source};
use narrows_prover::{AccessModel, Verdict};
use narrows_stacks::StackSpec;
use narrows_tests::mutation::{Mutant, mutants};
use std::collections::BTreeMap;

fn example() -> (Deployment, Intent) {
    let spec = StackSpec::parse("narrows.toml", StackSpec::template()).unwrap();
    let composed = spec.compose();
    let files = narrows_terraform::emit(&composed.deployment, &Default::default()).unwrap();
    let sources: Vec<_> =
        files.iter().map(|file| Source::file(file.name.as_str(), file.text.as_str())).collect();
    (narrows_terraform::read_config(&sources).unwrap(), composed.intent.clone())
}

/// What became of a mutant.
#[derive(Clone, Debug)]
enum Fate {
    /// This guardrail no longer holds.
    Refuted(&'static str),
    /// This guardrail is no longer decided.
    Unknown(&'static str),
    /// AWS would not take the policy.
    Rejected,
    /// Every guardrail is still proved.
    Proved,
}

/// The guardrails, those that notice most first.
const ORDER: [&str; 6] = [
    "only-through-mrap",
    "application-reaches-data",
    "private-only",
    "replication-works",
    "tls-only",
    "deployer-not-locked-out",
];

fn fate(mutant: &Mutant, intent: &Intent) -> Fate {
    let today = "2026-11-23".parse().unwrap();
    let Ok(model) = AccessModel::build(&mutant.deployment, intent, today) else { return Fate::Rejected };
    let mut unknown = None;
    for guardrail in ORDER {
        for judged in judge(&model, intent, &[guardrail], today).verdicts {
            match judged.verdict {
                Verdict::Refuted(_) => return Fate::Refuted(guardrail),
                Verdict::Unknown(reason) => {
                    assert!(
                        !reason.contains("report it"),
                        "{reason} after {:?} of {}",
                        mutant.edit,
                        mutant.statement
                    );
                    unknown = unknown.or(Some(guardrail));
                }
                Verdict::Proved => {}
            }
        }
    }
    unknown.map_or(Fate::Proved, Fate::Unknown)
}

fn fates(mutants: &[Mutant], intent: &Intent) -> Vec<Fate> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let size = mutants.len().div_ceil(threads);
    std::thread::scope(|scope| {
        let parts: Vec<_> = mutants
            .chunks(size)
            .map(|part| scope.spawn(move || part.iter().map(|it| fate(it, intent)).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

#[test]
fn every_edit_is_caught_or_explained() {
    let (deployment, intent) = example();
    // The policies of the other Regions are the same up to their own names.
    let all = mutants(&deployment, |id| !["us_east_1", "ap_northeast_3"].contains(&id.name.as_str()));
    let fates = fates(&all, &intent);
    let mut counts: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for (mutant, fate) in all.iter().zip(&fates) {
        let place = match fate {
            Fate::Refuted(_) => 0,
            Fate::Unknown(_) => 1,
            Fate::Rejected => 2,
            Fate::Proved => 3,
        };
        counts.entry(mutant.edit.kind).or_default()[place] += 1;
        if place == 3 {
            println!(
                "{} | {} | {} | {}",
                mutant.resource, mutant.statement, mutant.edit.kind, mutant.edit.detail
            );
        }
        if place == 1 {
            println!(
                "UNKNOWN {fate:?} {} | {} | {} | {}",
                mutant.resource, mutant.statement, mutant.edit.kind, mutant.edit.detail
            );
        }
    }
    println!("{counts:#?} of {}", all.len());
}
