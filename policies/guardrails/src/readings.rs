//! Whether one concrete request is in a guardrail's scope: as it is lowered, and as Cedar's authorizer has it.
//!
//! The two share the facts of the bucket and nothing else, so that each tells of mistakes in the other.

use crate::facts::{Asking, Facts};
use crate::guardrail::Guardrail;
use crate::lower::Lowering;
use crate::replay;
use crate::report::way;
use crate::subject::{Case, facts};
use narrows_iam::{Request, Truth};
use narrows_model::Intent;
use narrows_model::date::Date;
use narrows_prover::{AccessModel, Route};

/// What the two readings of a guardrail say of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readings {
    /// Whether it is in the scope that one of the guardrail's policies is lowered to.
    ///
    /// # Errors
    /// Why a policy has no scope for this bucket, such as a fact that nobody knows.
    pub lowered: Result<Truth, String>,
    /// Whether Cedar's authorizer finds that one of them applies.
    ///
    /// # Errors
    /// What Cedar cannot evaluate.
    pub cedar: Result<bool, String>,
}

/// Reads a guardrail for one request on a bucket of a deployment, by a route; `None` where there is no such bucket.
///
/// `key` is the object's key; `None` for a request on the bucket. A guardrail that speaks of a grant, a replication or a role
/// finds none.
pub fn readings(
    (model, intent, as_of): (&AccessModel, &Intent, Date),
    guardrail: &Guardrail,
    (bucket, route): (usize, Route),
    request: &Request,
    key: Option<&str>,
) -> Option<Readings> {
    let case = Case::new(model, intent, as_of);
    let asking = Asking { resource: facts(&case, bucket)?, subject: Facts::new() };
    let way = way(model, route);
    let mut lowered = Ok(Truth::No);
    for policy in guardrail.policies() {
        let scope = Lowering::new(&asking, &way).policy(&policy.tree);
        let (objects, buckets) = &policy.actions;
        let named = objects.iter().chain(&**buckets).any(|action| *action == request.action);
        lowered = match (lowered, scope) {
            (Ok(so_far), Ok(scope)) => Ok(match named {
                true => so_far.or(scope.holds(request, key)),
                false => so_far,
            }),
            (Err(reason), _) => Err(reason),
            (_, Err(reason)) => Err(reason.to_string()),
        };
    }
    Some(Readings { lowered, cedar: replay::in_scope(guardrail, &asking, &way, request, key) })
}
