//! The prover against Cedar's symbolic compiler with cvc5, on generated questions; the long run is the crate's program.

use narrows_opinions::symbolic::{self, SymCc};
use narrows_tests::harness::found_or_skip;

/// The solver takes its time: these are some tens of seconds.
const QUESTIONS: u64 = 100;

/// Questions on which the two once differed, and what was wrong.
const SETTLED: [(u64, &str); 2] = [
    (963, "a role called `*`, which the peer was not told that IAM does not have"),
    (50_114, "a caller without credentials, of whom the peer was not told that it has no second factor"),
];

#[test]
fn verdicts_agree() {
    let Some(mut solver) = found_or_skip(SymCc::start()) else { return };
    let tally = symbolic::run(0, QUESTIONS, &mut solver, |_| {}).unwrap();
    println!("{tally}");
    if let Some((seed, own, peer)) = tally.disagreements.first() {
        let case = symbolic::case(*seed);
        panic!("seed {seed}: we say {own:?}, the peer {peer:?}\n{case:#?}\n{}", symbolic::cedar(&case));
    }
    assert!(tally.proved > 10 && tally.refuted > 30 && tally.unknown < QUESTIONS / 4, "{tally}");
    // On a busy machine the solver's time is short.
    assert!(tally.no_answer < QUESTIONS / 4, "{tally}");
    for (seed, reason) in SETTLED {
        let tally = symbolic::run(seed, 1, &mut solver, |_| {}).unwrap();
        assert!(tally.disagreements.is_empty(), "seed {seed}, {reason}: {tally}");
    }
}
