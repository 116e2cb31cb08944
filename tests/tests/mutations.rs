//! Every single edit of the shipped example's policies: which guardrail notices it, or why none has to.

use narrows_guardrails::{Guardrails, judge, shipped_ids};
use narrows_model::{Deployment, Intent, Kind, Source};
use narrows_prover::{AccessModel, Verdict};
use narrows_stacks::StackSpec;
use narrows_tests::mutation::{Mutant, mutants, without};
use std::collections::BTreeMap;
use std::fmt::Write as _;

fn example() -> (Deployment, Intent) {
    let spec = StackSpec::parse("narrows.toml", StackSpec::template()).unwrap();
    let composed = spec.compose();
    let files = narrows_terraform::emit(&composed.deployment, &Default::default()).unwrap();
    let sources: Vec<_> =
        files.iter().map(|file| Source::file(file.name.as_str(), file.text.as_str())).collect();
    (narrows_terraform::read_config(&sources).unwrap(), composed.intent.clone())
}

/// What the guardrails say of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// One no longer holds.
    Refuted,
    /// One is no longer decided.
    Unknown,
    /// AWS would not take the policy.
    Rejected,
    /// All are still proved.
    Proved,
}

/// The guardrails that notice most, to be asked first.
const FIRST: [&str; 6] = [
    "only-through-mrap",
    "application-reaches-data",
    "private-only",
    "replication-works",
    "tls-only",
    "deployer-not-locked-out",
];

/// The guardrails that are not about what may be done: any edit of one bucket makes it differ from the others, and an edit
/// that leaves a statement without a request is one that does something all the same.
const ASIDE: [&str; 2] = ["not-vacuous", "same-in-every-region"];

fn fate(deployment: &Deployment, intent: &Intent) -> Fate {
    let today = "2026-11-23".parse().unwrap();
    let Ok(model) = AccessModel::build(deployment, intent, today) else { return Fate::Rejected };
    let mut fate = Fate::Proved;
    let others = shipped_ids().filter(|id| !FIRST.contains(id) && !ASIDE.contains(id));
    for guardrail in FIRST.into_iter().chain(others) {
        for judged in judge(&model, intent, &Guardrails::shipped().only(&[guardrail]), today).verdicts {
            match judged.verdict {
                Verdict::Refuted(_) | Verdict::Vacuous(_) => return Fate::Refuted,
                Verdict::Unknown(reason) => {
                    assert!(!reason.contains("report it"), "{reason}");
                    fate = Fate::Unknown;
                }
                Verdict::Proved => {}
            }
        }
    }
    fate
}

/// The guardrails say the same of both policies, because of what the operator or the key means.
const SAME: &str = "same meaning";
/// A Deny hits more requests; those that are promised are not among them.
const DENIES_MORE: &str = "denies more, nothing that is promised";
/// An Allow covers more, which the Denies still narrow; `least-privilege` is about roles whose policies are in the input.
const ALLOWS_MORE: &str = "allows more within the same ways in";
/// Callers of other accounts, services and anonymous ones are allowed nothing that a Deny would have to take away.
const OUTSIDERS: &str = "outsiders have no Allow";
/// The endpoints' policies offer every data call, also those that no grant is for.
const NOT_NEEDED: &str = "no grant needs it";
/// The bucket denies the same on the second leg, and more than this cannot pass the first.
const REPEATED: &str = "repeats the bucket's Deny";
/// The endpoints let the action through to nobody, and the Deny of other ways than the endpoints is still there.
const ENDPOINT_STOPS: &str = "the endpoints stop it";
/// Once the other policy that closes the same way is taken away, a guardrail notices the edit.
const OTHER_LAYER: &str = "caught without the other layer";

/// Why an edit that no guardrail notices is harmless, where its form tells.
fn reason(mutant: &Mutant) -> Option<&'static str> {
    let (kind, detail, sid) = (mutant.edit.kind, mutant.edit.detail.as_str(), mutant.statement.as_str());
    let deny = sid.starts_with("Deny");
    let endpoint = mutant.resource.kind == Kind::VpcEndpoint;
    match kind {
        // A negated operator holds on an absent key in any case; the other keys are always there.
        "IfExists added"
            if detail.contains("Not") || detail == "Bool" || detail == "DateGreaterThanEquals" =>
        {
            Some(SAME)
        }
        // `ArnLike` is `ArnEquals`; none of the values has a wildcard, nor do they differ by case alone.
        "operator swapped" if detail.starts_with("Arn") || detail.starts_with("StringNotEquals") => {
            Some(SAME)
        }
        "principal narrowed" => Some(OUTSIDERS),
        "action dropped" if endpoint => Some(NOT_NEEDED),
        "action dropped" if sid.contains("OutsideMrap") && detail.contains("Versions") => {
            Some(ENDPOINT_STOPS)
        }
        "resource widened" | "action widened" | "condition dropped" | "IfExists added" if deny => {
            Some(DENIES_MORE)
        }
        // What is taken from the list of a negated operator is denied from then on.
        "value dropped" if deny && detail.contains("Not") => Some(DENIES_MORE),
        "value changed" | "value widened"
            if deny && detail.contains("Not") && !detail.contains("aws:PrincipalArn") =>
        {
            Some(DENIES_MORE)
        }
        // The root user is denied then too, and can replace the policy whatever it says.
        "value changed" if sid == "DenyNewPaths" && detail.contains(":root\" to") => Some(DENIES_MORE),
        "value widened" if deny && detail.starts_with("ArnEquals") => Some(DENIES_MORE),
        "resource widened" | "action widened" | "condition dropped" | "IfExists added"
        | "principal widened" | "value widened"
            if !deny =>
        {
            Some(ALLOWS_MORE)
        }
        _ if mutant.resource.kind == Kind::MultiRegionAccessPointPolicy && sid.contains("Tls") => {
            Some(REPEATED)
        }
        _ => None,
    }
}

/// What became of a mutant, in the words of the table.
fn judged(mutant: &Mutant, intent: &Intent) -> &'static str {
    match fate(&mutant.deployment, intent) {
        Fate::Refuted => return "refuted",
        Fate::Unknown => return "unknown",
        Fate::Rejected => return "rejected",
        Fate::Proved => {}
    }
    if let Some(reason) = reason(mutant) {
        return reason;
    }
    match fate(&peeled(&mutant.deployment, &mutant.resource.kind), intent) {
        Fate::Proved => "unexplained",
        _ => OTHER_LAYER,
    }
}

/// The deployment without the other policies that close the way past the endpoints.
fn peeled(deployment: &Deployment, of: &Kind) -> Deployment {
    let other = match of {
        Kind::BucketPolicy => Kind::MultiRegionAccessPointPolicy,
        _ => Kind::BucketPolicy,
    };
    without(deployment, |id| id.kind == other, |sid| sid.contains("OutsideEndpoints"))
}

fn all_judged(mutants: &[Mutant], intent: &Intent) -> Vec<&'static str> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        // Neighbours take alike long, so each thread takes every second one or so.
        let every = |first| mutants.iter().skip(first).step_by(threads);
        let parts: Vec<_> = (0..threads)
            .map(|first| scope.spawn(move || every(first).map(|it| judged(it, intent)).collect::<Vec<_>>()))
            .collect();
        let parts: Vec<_> = parts.into_iter().map(|part| part.join().unwrap()).collect();
        (0..mutants.len()).map(|number| parts[number % threads][number / threads]).collect()
    })
}

#[test]
fn every_edit_is_caught_or_explained() {
    let (deployment, intent) = example();
    for layer in [Kind::BucketPolicy, Kind::MultiRegionAccessPointPolicy] {
        assert_eq!(fate(&peeled(&deployment, &layer), &intent), Fate::Proved, "each layer holds by itself");
    }
    // The policies of the other Regions are the same up to their own names.
    let all = mutants(&deployment, |id| !["us_east_1", "ap_northeast_3"].contains(&id.name.as_str()));
    let found = all_judged(&all, &intent);
    let mut table: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut totals: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unexplained = String::new();
    for (mutant, found) in all.iter().zip(&found) {
        *table.entry(mutant.edit.kind).or_default().entry(found).or_default() += 1;
        *totals.entry(found).or_default() += 1;
        if *found == "unexplained" {
            let (edit, label) = (&mutant.edit, &mutant.statement);
            let _ = writeln!(unexplained, "{} {label}: {} {}", mutant.resource, edit.kind, edit.detail);
        }
    }
    assert_eq!(unexplained, "", "no guardrail notices these");
    let mut text = format!("{} edits\n", all.len());
    let line = |counts: &BTreeMap<&str, usize>| {
        counts.iter().map(|(found, count)| format!("  {count:4} {found}\n")).collect::<String>()
    };
    text += &line(&totals);
    for (kind, counts) in &table {
        let _ = write!(text, "{kind}\n{}", line(counts));
    }
    insta::assert_snapshot!(text);
}
