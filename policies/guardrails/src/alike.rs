//! Whether the buckets of an MRAP decide the requests of a guardrail's scope alike.

use crate::guardrail::Guardrail;
use crate::lower::Lowering;
use crate::report::{NOTHING_TO_ASK, Settled, confirmed, way};
use crate::subject::Inquiry;
use narrows_prover::compare::alike;
use narrows_prover::{AccessModel, Route, Scope, Verdict};
use std::collections::BTreeSet;

/// Compares the buckets of the inquiry's MRAP, policy by policy.
pub(crate) fn settle(model: &AccessModel, guardrail: &Guardrail, inquiry: &Inquiry) -> Settled {
    let mut settled = Settled {
        verdict: Verdict::Unknown(NOTHING_TO_ASK.to_owned()),
        assumptions: BTreeSet::new(),
        remarks: Vec::new(),
        used: BTreeSet::new(),
    };
    let mut unknown = None;
    let mut proved = false;
    for at in &inquiry.at {
        let mrap = at.routes.iter().find_map(|route| match route {
            Route::Mrap(index) => Some(*index),
            Route::Direct | Route::OtherAccessPoint => None,
        });
        let Some(mrap) = mrap else { continue };
        for policy in guardrail.policies() {
            let mut scopes = Vec::new();
            for route in &at.routes {
                let way = way(model, *route);
                let lowering = Lowering::new(&at.asking, &way);
                let scope = lowering.policy(&policy.tree);
                settled.used.extend(lowering.used.into_inner());
                let (objects, buckets) = &policy.actions;
                let actions = Scope::Action(objects.iter().chain(&**buckets).cloned().collect());
                match scope {
                    Ok(scope) => scopes.push((*route, Scope::All(vec![actions, scope]))),
                    Err(reason) => unknown = unknown.or(Some(reason.to_string())),
                }
            }
            let answer = alike(model, mrap, &scopes);
            settled.assumptions.extend(answer.assumptions);
            match answer.verdict {
                Verdict::Unknown(_) if answer.empty => {}
                Verdict::Proved => proved = true,
                Verdict::Unknown(reason) => unknown = unknown.or(Some(reason)),
                refuted @ (Verdict::Refuted(_) | Verdict::Vacuous(_)) => {
                    settled.verdict = confirmed(model, guardrail, &at.asking, refuted);
                    return settled;
                }
            }
        }
    }
    match unknown {
        Some(reason) => settled.verdict = Verdict::Unknown(reason),
        None if proved => settled.verdict = Verdict::Proved,
        None => {}
    }
    settled
}
