//! Both sides' decisions as formulas over one set of variables.

use super::{Place, Side};
use crate::access::{AccessModel, Bucket, Policy};
use crate::lower::{AccessPoint, Keys, Pins, Sort, Unseen, of_resource};
use crate::question::{Actions, Demand, Question, Route, Scope};
use crate::scene::{self, CallerPolicies};
use crate::solve::{Formula, Pattern, Predicate};
use narrows_iam::ConditionKey;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What two sides are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinship {
    /// One bucket in two states: what tells of the bucket and is in neither state, such as its tags, is the same.
    SameBucket,
    /// Two buckets: what tells of a bucket is each one's own.
    OtherBucket,
}

/// Two sides, ready to be asked what one allows beyond the other.
pub struct Pair<'a> {
    pub(super) sides: [Side<'a>; 2],
    pub(super) kinship: Kinship,
    pub(super) object: bool,
    pub(super) keys: Keys,
    pub(super) vias: [AccessPoint; 2],
    /// The decisions as they are lowered.
    pub(super) plain: [Formula; 2],
    /// The decisions with a flag for each clause that is open.
    pub(super) pinned: [Formula; 2],
    /// Roles whose policies are known: they may do what those allow, all other callers what resources allow.
    pub(super) known: BTreeSet<String>,
    /// Keys that differ from bucket to bucket and that a policy asks for.
    pub(super) own_keys: Vec<String>,
}

impl<'a> Pair<'a> {
    /// Lowers both sides, for requests on objects or on the bucket, with these actions.
    ///
    /// # Errors
    /// Why the two cannot be compared: a policy that is not known before deployment, or two partitions.
    pub fn new(
        sides: [Side<'a>; 2],
        kinship: Kinship,
        object: bool,
        actions: &Actions,
    ) -> Result<Option<Self>, String> {
        let [first, second] = &sides;
        if first.model.partition != second.model.partition {
            return Err(format!(
                "the two are in different partitions: {} and {}",
                first.model.partition, second.model.partition
            ));
        }
        for side in &sides {
            if let Some(reason) = unknown_policy(side) {
                return Err(reason);
            }
        }
        let of_bucket = |side: &Side<'a>| Some((side.model, side.place?.bucket, bucket(side)?));
        let Some((model, place, own)) = sides.iter().rev().find_map(of_bucket) else {
            return Ok(None);
        };
        if actions.is_empty() {
            return Ok(None);
        }
        let mut keys = scene::variables(model, (Some(place), own), Arc::clone(actions));
        let Some(vias) = vias(&sides, &mut keys) else { return Ok(None) };
        let known: BTreeSet<String> = sides
            .iter()
            .flat_map(|side| &side.model.identities)
            .filter(|identity| !identity.policies.is_empty())
            .map(|identity| identity.arn.clone())
            .collect();
        let on_bucket = keys.problem.flag("the caller's own policies allow it on the bucket");
        let through =
            sides.iter().any(|side| matches!(side.place, Some(Place { route: Route::Mrap(_), .. })));
        let on_mrap = match through {
            true => keys.problem.flag("the caller's own policies allow it on the MRAP"),
            false => on_bucket,
        };
        let arns = known.iter().map(|arn| keys.setting.arn_matches(Pattern::literal(arn)));
        let known_caller = Formula::or(arns.collect::<Vec<_>>());
        keys.unseen = Some(Unseen { known: known_caller, on_bucket, on_mrap });
        // Once the key is there, endpoints are looked at whatever is asked.
        if sides
            .iter()
            .any(|side| side.model.endpoints.iter().any(|it| scene::document(&it.policy).is_some()))
        {
            keys.binding(&ConditionKey::new("aws:SourceVpce"), &AccessPoint::Direct, Sort::Text);
        }
        let mut pair = Self {
            sides,
            kinship,
            object,
            keys,
            vias,
            plain: [Formula::Const(false), Formula::Const(false)],
            pinned: [Formula::Const(false), Formula::Const(false)],
            known,
            own_keys: Vec::new(),
        };
        pair.plain = pair.lower()?;
        let free = pair.keys.free.clone();
        if kinship == Kinship::OtherBucket {
            pair.own_keys = free.keys().filter(|key| of_resource(key)).map(ToString::to_string).collect();
        }
        // Where nothing is open, nothing is to be pinned.
        let [one, other] = &pair.plain;
        if pair.own_keys.is_empty() && one == other && is_certain(one) {
            pair.pinned = pair.plain.clone();
        } else {
            pair.pinned = pair.lower_pinned(kinship, &free)?;
            pair.keys.free.extend(free);
        }
        Ok(Some(pair))
    }

    /// Whether both decisions are the same formula of one bucket, so that they agree on every request.
    ///
    /// What is open then stands in the same place of both, for the same reason.
    pub fn is_same(&self) -> bool {
        let [first, second] = &self.pinned;
        self.kinship == Kinship::SameBucket && first == second
    }

    /// Whether both decisions are the same formula in which nothing is open, so that they agree on every request, whichever
    /// buckets they are of.
    pub fn is_surely_same(&self) -> bool {
        let [first, second] = &self.pinned;
        first == second && is_certain(first)
    }

    fn lower(&mut self) -> Result<[Formula; 2], String> {
        let mut lowered = [Formula::Const(false), Formula::Const(false)];
        for (index, slot) in lowered.iter_mut().enumerate() {
            *slot = self.decision(index)?;
        }
        Ok(lowered)
    }

    fn lower_pinned(
        &mut self,
        kinship: Kinship,
        free: &BTreeMap<ConditionKey, (Sort, crate::solve::Var)>,
    ) -> Result<[Formula; 2], String> {
        self.keys.pins = Some(Pins::default());
        let mut lowered = [Formula::Const(false), Formula::Const(false)];
        for (index, slot) in lowered.iter_mut().enumerate() {
            if kinship == Kinship::OtherBucket {
                self.keys.free.retain(|key, _| !of_resource(key));
                self.keys.twins.retain(|(key, _), _| !of_resource(key));
                // What a variable stands for may be each bucket's own.
                if !self.own_keys.is_empty() {
                    self.keys.flags.clear();
                }
                if let Some(pins) = &mut self.keys.pins {
                    pins.side = index.to_string();
                }
            }
            let formula = self.decision(index)?;
            *slot = self.pin_rest(formula, index, kinship);
        }
        self.keys.free.retain(|key, _| !of_resource(key) || free.contains_key(key));
        Ok(lowered)
    }

    /// The decision of one side.
    fn decision(&mut self, index: usize) -> Result<Formula, String> {
        let Some((side, via)) = self.sides.get(index).zip(self.vias.get(index)) else {
            return Ok(Formula::Const(false));
        };
        let (side, via) = (*side, via.clone());
        let (Some(place), Some(bucket)) = (side.place, bucket(&side)) else {
            return Ok(Formula::Const(false));
        };
        self.keys.setting.bucket_account.clone_from(&bucket.account);
        self.keys.bounded = scene::bounded(side.model, &self.keys);
        let object = self.object;
        let decide = |caller: CallerPolicies, keys: &mut Keys| {
            let question = question(place, caller, &keys.setting.actions);
            scene::decision(side.model, &question, (place.route, &via), object, caller, keys)
                .ok_or_else(|| "the bucket or its access point is not in the input".to_owned())
        };
        let anyone = decide(CallerPolicies::AllowEverything, &mut self.keys)?;
        let own = decide(CallerPolicies::InInput, &mut self.keys)?;
        let Some(unseen) = &self.keys.unseen else { return Ok(Formula::Const(false)) };
        // Where all of the caller's unseen policies allow it, the decision of a forbid is the whole story: it knows ACLs.
        let open_door = Formula::and([!unseen.known.clone(), unseen.everything()]);
        let allowed =
            Formula::or([Formula::and([open_door.clone(), anyone]), Formula::and([!open_door, own])]);
        Ok(Formula::and([allowed, scene::restricted(bucket, &mut self.keys)]))
    }

    /// Flags for what is open outside clauses and is nobody's choice for each side.
    fn pin_rest(&mut self, formula: Formula, index: usize, kinship: Kinship) -> Formula {
        match formula {
            Formula::Open(number) => {
                let reason = usize::try_from(number).ok().and_then(|at| self.keys.reasons.get(at)).cloned();
                let identity = reason.and_then(|reason| self.identity(&reason, index, kinship));
                self.keys.pinned(identity, Formula::Open(number))
            }
            Formula::And(parts) => Formula::and(
                parts.into_iter().map(|part| self.pin_rest(part, index, kinship)).collect::<Vec<_>>(),
            ),
            Formula::Or(parts) => Formula::or(
                parts.into_iter().map(|part| self.pin_rest(part, index, kinship)).collect::<Vec<_>>(),
            ),
            Formula::Not(part) => !self.pin_rest(*part, index, kinship),
            Formula::Const(_) | Formula::Leaf(_) => formula,
        }
    }

    /// What an open point outside clauses is the same with; `None` where each side's is its own.
    fn identity(&self, reason: &str, index: usize, kinship: Kinship) -> Option<String> {
        // One reading of AWS's documents, whatever the policies say.
        if reason == scene::ENOUGH || reason.starts_with(scene::CAPPED) {
            return Some(reason.to_owned());
        }
        let side = self.sides.get(index)?;
        // A fact of the account, or of what is attached to it, which neither state tells.
        let of_account = |it: &crate::access::Controls| {
            it.doubt().as_deref() == Some(reason)
                || it.owner_doubt() == reason
                || it.service.iter().any(|level| level.doubt().as_deref() == Some(reason))
        };
        if reason == scene::SERVICES_UNDER_CONTROL || side.model.controls.iter().any(of_account) {
            return Some(reason.to_owned());
        }
        // Whether AWS calls a policy public follows from its text.
        if reason.starts_with(scene::RESTRICTED) {
            let statements = statements(&bucket(side)?.policy);
            return Some(format!("{reason} {statements:?}"));
        }
        // What the input does not tell of the ACLs of a bucket is the same in both states; the reason names the bucket and
        // the grant.
        (kinship == Kinship::SameBucket && reason.starts_with(scene::ACLS)).then(|| reason.to_owned())
    }
}

/// Whether a formula has one reading; a symbol in it is one text, the same wherever it stands.
fn is_certain(formula: &Formula) -> bool {
    match formula {
        Formula::Open(_) => false,
        Formula::Const(_) => true,
        Formula::And(parts) | Formula::Or(parts) => parts.iter().all(is_certain),
        Formula::Not(part) => is_certain(part),
        Formula::Leaf(leaf) => match &leaf.predicate {
            Predicate::Matches(it) | Predicate::AnyElement(it) | Predicate::AllElements(it) => it.is_exact(),
            Predicate::Present
            | Predicate::True
            | Predicate::Empty
            | Predicate::Within(_)
            | Predicate::SameAs(_) => true,
        },
    }
}

/// The bucket of a side.
pub(super) fn bucket<'a>(side: &Side<'a>) -> Option<&'a Bucket> {
    side.model.buckets.get(side.place?.bucket)
}

/// The question that a side answers, all of whose actions count on objects and on the bucket alike.
pub(super) fn question(place: Place, caller: CallerPolicies, actions: &Actions) -> Question {
    let demand = match caller {
        CallerPolicies::AllowEverything => Demand::Forbid,
        CallerPolicies::InInput => Demand::Permit { caller_may_do_anything: false },
    };
    Question {
        demand,
        bucket: place.bucket,
        routes: vec![place.route],
        object_actions: Arc::clone(actions),
        bucket_actions: Arc::clone(actions),
        later_action: None,
        scope: Scope::All(Vec::new()),
    }
}

/// The access points; both sides' is the same variable where it is any other than those in the input.
fn vias(sides: &[Side<'_>; 2], keys: &mut Keys) -> Option<[AccessPoint; 2]> {
    let mut made: Vec<Option<AccessPoint>> = Vec::new();
    for side in sides {
        let via = match (side.place, bucket(side)) {
            (Some(place), Some(bucket)) => {
                let known = made.iter().flatten().find(|via| matches!(via, AccessPoint::Other { .. }));
                match known.filter(|_| place.route == Route::OtherAccessPoint).cloned() {
                    Some(via) => Some(via),
                    None => Some(scene::access_point(side.model, bucket, place.route, keys)?),
                }
            }
            _ => None,
        };
        made.push(via);
    }
    let some = made.iter().flatten().next()?.clone();
    let mut made = made.into_iter().map(|via| via.unwrap_or_else(|| some.clone()));
    Some([made.next()?, made.next()?])
}

/// The statements of a policy as they are spelled, in whatever order.
fn statements(policy: &Policy) -> Vec<String> {
    let value = scene::document(policy).map(narrows_iam::to_value);
    let all = value.as_ref().and_then(|value| value.get("Statement")?.items()).unwrap_or_default();
    let mut spelled: Vec<String> = all.iter().map(ToString::to_string).collect();
    spelled.sort();
    spelled
}

/// A policy of a side that is not known before deployment.
fn unknown_policy(side: &Side<'_>) -> Option<String> {
    let bucket = bucket(side)?;
    let mut needed = vec![&bucket.policy];
    if let Some(Place { route: Route::Mrap(index), .. }) = side.place {
        needed.extend(side.model.mraps.get(index).map(|mrap| &mrap.policy));
    }
    needed.extend(side.model.endpoints.iter().map(|endpoint| &endpoint.policy));
    needed.into_iter().find_map(crate::decide::unknown)
}

impl AccessModel {
    /// The MRAP with this ARN, by its place.
    pub fn mrap_with_arn(&self, arn: &str) -> Option<usize> {
        self.mraps.iter().position(|mrap| mrap.arn == arn)
    }
}
