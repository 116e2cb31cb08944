//! Two decisions: what is said to be the same is decided the same for random requests, and a difference is confirmed.

use super::generate::{Parts, Way};
use super::question::{ACTIONS, ROLE, decision, models, requests};
use crate::access::{AccessModel, Policy};
use crate::compare::{Beyond, Kinship, Pair, Place, Side, Which, align};
use crate::question::{Demand, Question, Route, Scope, split_actions};
use narrows_iam::{Principal, Truth};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use std::cell::Cell;

/// How a state follows another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// The statements of all policies in reverse order.
    Reordered,
    /// A statement of the bucket's policy is taken out.
    Dropped,
    /// The bucket's policy is another one.
    Bucket,
    /// The MRAP's policy is another one.
    Mrap,
    /// The role's policies are others.
    Role,
}

fn documents(model: &mut AccessModel) -> impl Iterator<Item = &mut narrows_iam::Document> {
    let policies = model.buckets.iter_mut().map(|it| &mut it.policy);
    let policies = policies.chain(model.mraps.iter_mut().map(|it| &mut it.policy));
    let policies = policies.chain(model.identities.iter_mut().flat_map(|it| &mut it.policies));
    policies.filter_map(|policy| match policy {
        Policy::Document { document, .. } => Some(document),
        _ => None,
    })
}

fn changed(before: &AccessModel, other: &AccessModel, change: Change) -> AccessModel {
    let mut after = before.clone();
    match change {
        Change::Reordered => documents(&mut after).for_each(|it| it.statements.reverse()),
        Change::Dropped => {
            let first = documents(&mut after).next().unwrap();
            if first.statements.len() > 1 {
                first.statements.pop();
            }
        }
        Change::Bucket => after.buckets[0].policy = other.buckets[0].policy.clone(),
        Change::Mrap => {
            after.mraps[0].policy = other.mraps[0].policy.clone();
            after.mraps[0].in_input = other.mraps[0].in_input;
        }
        Change::Role => after.identities.clone_from(&other.identities),
    }
    after
}

/// The evaluator's decision on a state, where the caller's unseen policies allow everything and where they allow nothing.
/// A role whose policies are known has those; services and anonymous callers have none, and root needs none.
fn decided(model: &AccessModel, question: &Question, parts: &Parts, known: bool) -> [Truth; 2] {
    let as_demanded = |demand| decision(model, &Question { demand, ..question.clone() }, parts, true);
    let own = Demand::Permit { caller_may_do_anything: false };
    let has_policies =
        !matches!(parts.principal, Principal::Anonymous | Principal::Service(_) | Principal::Root { .. });
    let everything = if known { own } else { Demand::Forbid };
    [everything, if has_policies { own } else { everything }].map(as_demanded)
}

#[test]
fn what_is_the_same_is_decided_the_same_and_what_differs_is_confirmed() {
    let config = Config { cases: 80, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let changes =
        select(vec![Change::Reordered, Change::Dropped, Change::Bucket, Change::Mrap, Change::Role]);
    let routes = select(vec![Route::Direct, Route::Mrap(0), Route::OtherAccessPoint]);
    let counts = [const { Cell::new(0_usize) }; 4];
    let count = |index: usize| counts[index].set(counts[index].get() + 1);
    let all = (models(), models(), changes, routes, any::<bool>(), any::<u64>());
    let outcome = runner.run(&all, |((before, text), (other, second), change, route, object, seed)| {
        let after = changed(&before, &other, change);
        let (before, after) = align(&before, &after);
        let place = Some(Place { bucket: 0, route });
        // What a boundary says of which nothing is known may differ from leg to leg, and so is not taken to be the same.
        let known = before.identities.iter().all(|it| !matches!(it.boundary, Policy::Unknown { .. }));
        let sides = [&before, &after].map(|model| Side { model, place });
        let (objects, buckets) = split_actions(ACTIONS);
        let actions = if object { objects.clone() } else { buckets.clone() };
        let scope = Scope::All(Vec::new());
        let question = Question {
            demand: Demand::Forbid,
            bucket: 0,
            routes: vec![route],
            object_actions: objects,
            bucket_actions: buckets,
            later_action: None,
            scope: scope.clone(),
        };
        let mut pair = Pair::new(sides, Kinship::SameBucket, object, &actions).unwrap().unwrap();
        let fail = |what: &str| {
            Err(TestCaseError::fail(format!("{what}: {change:?} {route:?}\nbefore {text}\nother {second}")))
        };
        for (which, yes, no) in [(Which::First, &before, &after), (Which::Second, &after, &before)] {
            match pair.beyond(which, &actions, &scope) {
                Beyond::NoRequest => return fail("no request"),
                Beyond::Something(_) if change == Change::Reordered => return fail("order matters"),
                Beyond::Unknown(_) if change == Change::Reordered && known => return fail("order is open"),
                Beyond::Something(_) => count(1),
                Beyond::Unknown(reason) => {
                    count(2);
                    prop_assert!(
                        !reason.contains("does not confirm"),
                        "{reason}\nbefore {text}\nother {second}"
                    );
                    prop_assert!(!reason.contains("too large"), "{reason}\nbefore {text}\nother {second}");
                }
                Beyond::Nothing => {
                    count(0);
                    for parts in requests(seed, 120) {
                        let on_route = match parts.way {
                            Way::Direct => Route::Direct,
                            Way::Mrap => Route::Mrap(0),
                            Way::Other { .. } => Route::OtherAccessPoint,
                        };
                        if on_route != route || !actions.iter().any(|action| action == parts.action) {
                            continue;
                        }
                        count(3);
                        let has = |model: &AccessModel| {
                            let own = |it: &crate::Identity| Some(&it.arn) == parts.principal.arn().as_ref();
                            model.identities.iter().any(|it| own(it) && !it.policies.is_empty())
                        };
                        let known = has(yes) || has(no);
                        let [one, other] = [yes, no].map(|model| decided(model, &question, &parts, known));
                        if one.iter().zip(&other).any(|both| both == (&Truth::Yes, &Truth::No)) {
                            return fail(&format!("{parts:?}"));
                        }
                    }
                }
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let [nothing, something, unknown, tried] = counts.map(Cell::into_inner);
    println!(
        "{nothing} nothing, {something} something, {unknown} unknown; {tried} requests tried with {ROLE}"
    );
    assert!(nothing > 60 && something > 12 && tried > 1000, "{nothing} {something} {unknown} {tried}");
}
