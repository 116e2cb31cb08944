//! Our evaluator against those of others, on generated cases; the long run is the crate's program.

use narrows_opinions::compare::{self, Table};
use narrows_opinions::peer::{IamSimulate, Peer};
use narrows_tests::harness::found_or_skip;

/// Few enough for a test, many enough that a planted mistake in any operator shows.
const CASES: u64 = 3_000;

#[test]
fn peers_agree() {
    let Some(mut simulate) = found_or_skip(IamSimulate::start()) else { return };
    let table = compare::run(0, CASES, Some(&mut simulate), |_| {}).unwrap();
    println!("{table}");
    assert_agreed(&table);
    // Agreement on nothing would be worth nothing.
    let tally = &table.0[&Peer::IamSimulate];
    assert!(tally.agreed > CASES / 2 && tally.allowed > 250 && tally.denied > 150, "{table}");
}

#[test]
fn the_crate_agrees() {
    // Needs no tool, so it runs everywhere, on cases of its own.
    let table = compare::run(1_000_000, CASES, None, |_| {}).unwrap();
    println!("{table}");
    assert_agreed(&table);
    let tally = &table.0[&Peer::IamRs];
    assert!(tally.agreed > CASES / 4 && tally.allowed > 100 && tally.denied > 50, "{table}");
}

fn assert_agreed(table: &Table) {
    for (peer, tally) in &table.0 {
        if let Some((seed, disagreement)) = tally.disagreements.first() {
            panic!("seed {seed}, {peer}: {disagreement}\n{table}");
        }
    }
}
