//! One way in which a request can meet a bucket, as variables and formulas.

mod acls;
mod axioms;
mod caps;
mod keys;
mod legs;
mod likely;
mod spellings;
mod together;
mod variables;

use crate::access::{AccessModel, Bucket};
use crate::lower::{AccessPoint, Allows, Keys, Relevance, lower_scope};
use crate::question::{Actions, Demand, Question, Route};
use crate::solve::Formula;
pub(crate) use acls::ACLS;
pub(crate) use axioms::axioms;
pub(crate) use caps::{SERVICES_UNDER_CONTROL, bounded};
use keys::keys_allow;
pub(crate) use keys::via_service;
use legs::{caller_or_policy, endpoints, forbid_leg, permit_leg};
pub(crate) use legs::{document, leg_resource, of_account};
pub(crate) use likely::Likely;
use narrows_iam::actions::{self, AccessPointSupport, Action};
use narrows_iam::{Called, called};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
pub(crate) use together::axioms as related;
pub(crate) use variables::{LIKELY_KEY, access_point, other_role, stranger, variables};

/// A scene: what is asked, as a problem for the solver.
pub(crate) struct Scene {
    /// The variables, and the problem that holds them.
    pub keys: Keys,
    /// How the request reaches the bucket.
    pub route: Route,
    /// Whether it is about an object (else about the bucket itself).
    pub object: bool,
    /// The access point, as the bucket's leg sees it.
    pub via: AccessPoint,
    /// The request is in the guardrail's scope.
    pub scope: Formula,
    /// The request is allowed, on the lower and the upper reading.
    pub allowed: Formula,
    /// What is true of every request that AWS can produce.
    pub axioms: Formula,
}

impl Scene {
    /// Whether it has all statements of the policies.
    pub fn is_whole(&self) -> bool {
        self.keys.relevance.as_ref().is_none_or(|relevance| !relevance.left_out)
    }
}

/// How the reason begins why a permission boundary may cap what a resource allows.
pub(crate) const CAPPED: &str = "whether a permission boundary caps";

/// How the reasons begin why `RestrictPublicBuckets` may stop a request.
pub(crate) const RESTRICTED: &str = "RestrictPublicBuckets stops";

/// What stands for the caller's own policies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallerPolicies {
    /// They allow everything.
    AllowEverything,
    /// Those in the input, and no others.
    InInput,
}

/// Which statements of the policies a scene has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Statements {
    /// All of them.
    All,
    /// Those whose principals are callers of the scope. For each request of the scope the decision is the same.
    Relevant,
    /// Of these, the Denies. The decision is one that breaks the question's demand wherever the whole one does.
    Denies,
}

/// The reading on which the bucket's leg needs no Allow of its own.
pub(crate) const ENOUGH: &str =
    "within one account an Allow for the access point may be enough for its bucket";

/// Builds the scene; `None` where the question has nothing to ask there.
pub(crate) fn build(
    model: &AccessModel,
    question: &Question,
    route: Route,
    object: bool,
    caller: CallerPolicies,
    statements: Statements,
) -> Option<Scene> {
    let bucket = model.buckets.get(question.bucket)?;
    let actions = if object { &question.object_actions } else { &question.bucket_actions };
    let mut actions = possible(actions, route);
    if actions.is_empty() {
        return None;
    }
    if let Some(later) = question.later_action.as_ref().filter(|_| object) {
        actions = actions.iter().chain([later]).cloned().collect();
    }
    let mut keys = variables(model, (Some(question.bucket), bucket), actions);
    keys.bounded = bounded(model, &keys);
    let via = access_point(model, bucket, route, &mut keys)?;
    let scope = lower_scope(&question.scope, &mut keys, &via, object);
    if scope == Formula::Const(false) {
        return None;
    }
    // An Allow never takes anything away: with all requests allowed more breaks a forbid, with none more breaks a permit.
    let allows = match question.demand {
        Demand::Forbid | Demand::ForbidAsGiven => Allows::Everything,
        Demand::Permit { .. } => Allows::Nothing,
    };
    let allows = (statements == Statements::Denies).then_some(allows);
    keys.relevance = (statements != Statements::All).then(|| Relevance::new(scope.clone(), allows));
    let allowed = decision(model, question, (route, &via), object, caller, &mut keys)?;
    let related = related(&mut keys, model, [&scope, &allowed], None);
    let axioms = Formula::and([axioms(&mut keys, &via, model, bucket, route, &[&scope, &allowed]), related]);
    Some(Scene { keys, route, object, via, scope, allowed, axioms })
}

/// What `RestrictPublicBuckets` may stop besides anonymous callers: all that are not of the bucket's account, and no services.
pub(crate) fn restricted(bucket: &Bucket, keys: &mut Keys) -> Formula {
    if !restricts(bucket) {
        return Formula::Const(true);
    }
    let own = of_account(bucket.account.as_deref(), keys);
    let open =
        keys.open(format!("{RESTRICTED} callers of other accounts where AWS calls the bucket policy public"));
    Formula::or([own, keys.setting.service(), open])
}

/// Whether `RestrictPublicBuckets` is on for a bucket whose policy AWS may call public.
pub(crate) fn restricts(bucket: &Bucket) -> bool {
    let on = bucket.public_access_block.is_some_and(|block| block.restrict_public_buckets);
    on && document(&bucket.policy).is_some_and(|document| called(document) != Called::NotPublic)
}

/// The actions that requests on a route can be for: an access point takes those that S3 lists with it, and perhaps those that
/// are not known.
fn possible(actions: &Actions, route: Route) -> Actions {
    static DIRECT: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let direct = actions::all().iter().filter(|action| action.access_point == AccessPointSupport::None);
        direct.map(Action::qualified).collect()
    });
    let comes = |name: &String| !DIRECT.contains(name);
    match route {
        Route::Direct => Arc::clone(actions),
        _ if actions.iter().all(comes) => Arc::clone(actions),
        _ => actions.iter().filter(|name| comes(name)).cloned().collect(),
    }
}

/// The formula that a request on a route is allowed, whatever the question's scope is.
pub(crate) fn decision(
    model: &AccessModel,
    question: &Question,
    (route, via): (Route, &AccessPoint),
    object: bool,
    caller: CallerPolicies,
    keys: &mut Keys,
) -> Option<Formula> {
    let bucket = model.buckets.get(question.bucket)?;
    let bucket_leg = leg_resource(keys, &bucket.arn, "/", object);
    let mut allowed = match question.demand {
        Demand::Forbid => {
            let decided_by_both = match route {
                Route::Mrap(index) => model.mraps.get(index)?.in_input,
                Route::Direct | Route::OtherAccessPoint => false,
            };
            forbid_leg(model, bucket, keys, &bucket_leg, via, decided_by_both)
        }
        Demand::ForbidAsGiven | Demand::Permit { .. } => {
            let policy = document(&bucket.policy);
            let account = bucket.account.as_deref();
            // Where decisions are compared, what lists grant may be what differs.
            let by_acl = match question.demand.forbids() || keys.unseen.is_some() {
                true => acls::by_acl(bucket, keys),
                false => None,
            };
            let mut allowed = permit_leg(model, (policy, by_acl), account, keys, &bucket_leg, via, caller);
            if matches!(route, Route::Mrap(_)) {
                let own = Formula::and([of_account(account, keys), !allowed.denied.clone()]);
                let enough = keys.open(ENOUGH);
                allowed.allowed = Formula::or([allowed.allowed, Formula::and([own, enough])]);
            }
            let allowed = Formula::and([allowed.allowed, restricted(bucket, keys)]);
            if object && bucket.acls_on() && !question.demand.forbids() {
                let foreign = keys.open(format!(
                    "the ACLs of {} are on, so that an object may belong to another account, and no policy of the bucket's \
                     account allows anything then; set object ownership to BucketOwnerEnforced",
                    bucket.subject.name
                ));
                Formula::and([allowed, foreign])
            } else {
                allowed
            }
        }
    };
    if object && matches!(question.demand, Demand::Permit { .. }) {
        allowed = Formula::and([allowed, keys_allow(model, (question.bucket, bucket), keys, caller)]);
    }
    let mut legs = vec![(bucket_leg, via.clone())];
    if let (Route::Mrap(index), AccessPoint::Mrap { arn, account, .. }) = (route, via) {
        let mrap = model.mraps.get(index)?;
        let own = AccessPoint::Mrap { arn: arn.clone(), account: account.clone(), own_leg: true };
        let resource = leg_resource(keys, arn, "/object/", object);
        let first = match question.demand {
            // The policies of access points that are not in the input allow everything when a forbid is asked.
            Demand::Forbid | Demand::ForbidAsGiven if !mrap.in_input => Formula::Const(true),
            Demand::Forbid => {
                caller_or_policy(model, &mrap.policy, mrap.account.as_deref(), keys, &resource, &own)
            }
            Demand::ForbidAsGiven | Demand::Permit { .. } => {
                let policy = document(&mrap.policy);
                let account = mrap.account.as_deref();
                permit_leg(model, (policy, None), account, keys, &resource, &own, caller).allowed
            }
        };
        allowed = Formula::and([first, allowed]);
        legs.push((resource, own));
    }
    Some(Formula::and([allowed, endpoints(model, question, keys, &legs)]))
}
