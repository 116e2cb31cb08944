//! Random guardrails on random requests: the scope that they are lowered to, and Cedar's own authorizer.

use arbitrary::Unstructured;
use narrows_guardrails::Guardrails;
use narrows_tests::{fuzz, generate};

/// How many guardrails are read, and for how many requests each.
const GUARDRAILS: u64 = 200;
const REQUESTS: u64 = 8;

#[test]
fn the_lowering_and_cedar_find_the_same_requests_in_a_scope() {
    let (mut seen, mut refused) = ([0, 0], Vec::new());
    for seed in 0..GUARDRAILS {
        let bytes = generate::bytes(seed, 1024);
        let text = generate::guardrail(&mut Unstructured::new(&bytes)).unwrap();
        if let Err(fault) = Guardrails::default().add("random.cedar", &text) {
            refused.push((fault, text));
            continue;
        }
        let [out, within] = fuzz::agree(&text, seed, REQUESTS);
        seen[0] += out;
        seen[1] += within;
    }
    // Cedar refuses what it finds to be impossible, such as the key of a bucket; little else is made.
    let few = u64::try_from(refused.len()).unwrap() < GUARDRAILS / 4;
    assert!(few, "{} are refused, the first: {:?}", refused.len(), refused.first());
    let [out, within] = seen;
    println!("{out} requests outside of a scope and {within} in it, {} guardrails refused", refused.len());
    assert!(out > 400 && within > 200, "{seen:?}");
}
