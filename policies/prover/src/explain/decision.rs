//! The decision at each bucket, on the least and on the most that the caller's unknown policies may allow.

use super::asked::Understood;
use super::documents::{self, has_own_policies, is_origin_access_identity};
use super::why::{self, Case};
use super::{AskError, LegExplained, Outcome, Ruling};
use crate::access::{AccessModel, Bucket, IN_DOUBT, Mrap, NOT_IN_INPUT, Policy};
use crate::key_request::of_keys;
use crate::question::Route;
use crate::replay::{
    OwnPolicies, Side, boundary_of, controls_of, decide_in_session, endpoint_of, identity_of,
};
use crate::scene;
use narrows_iam::{Acls, Decision, Identity, Principal, Request, Truth, authorize_through_mrap};
use narrows_model::Location;
use std::collections::BTreeSet;

/// All decisions on a request.
pub(super) struct Decided {
    pub access_point: Option<LegExplained>,
    pub outcomes: Vec<Outcome>,
    pub assumptions: BTreeSet<String>,
}

/// A leg decided twice.
#[derive(Clone)]
pub(super) struct Leg {
    pub request: Request,
    /// Where the caller's policies that are not in the input allow nothing.
    pub lo: Decision,
    /// Where they allow everything.
    pub hi: Decision,
    /// Documents whose text is not known.
    pub unknown: Vec<String>,
    /// Points that AWS leaves open and the evaluator does not see.
    pub open: Vec<String>,
    pub explained: LegExplained,
}

pub(super) fn decide_all(model: &AccessModel, understood: &Understood) -> Result<Decided, AskError> {
    let mut assumptions = BTreeSet::new();
    let mut access_point = None;
    let mut outcomes = Vec::new();
    let session = understood.session_policy.as_ref();
    let buckets = understood.buckets.iter().filter_map(|index| Some((*index, model.buckets.get(*index)?)));
    for (index, bucket) in buckets {
        let mut requests =
            understood.call().on_legs(&bucket.arn, bucket.account.as_deref(), &understood.via).into_iter();
        let own = match understood.route {
            Route::Mrap(index) => match (model.mraps.get(index), requests.next()) {
                (Some(mrap), Some(request)) => Some(mrap_leg(model, mrap, request, session)),
                _ => None,
            },
            Route::Direct | Route::OtherAccessPoint => None,
        };
        let Some(request) = requests.next() else { continue };
        let leg = bucket_leg(model, bucket, request, session);
        assume(model, (index, bucket), &leg, session.is_some(), &mut assumptions);
        let keys: Vec<(bool, Leg)> = of_keys(model, index, &leg.request)
            .into_iter()
            .map(|asked| {
                let name = &asked.key.subject.name;
                (
                    asked.perhaps,
                    self::leg(model, &Side::of_key(asked.key), (true, name), asked.request, session),
                )
            })
            .collect();
        let case = Case {
            principal: understood.shown_principal(),
            action: &understood.action,
            own: own.as_ref(),
            bucket: &leg,
            keys: &keys,
            other: (understood.route == Route::OtherAccessPoint).then(|| understood.resource(model)),
        };
        let (lo, hi) = match &own {
            Some(own) => (
                authorize_through_mrap(own.lo.clone(), leg.lo.clone()).allowed,
                authorize_through_mrap(own.hi.clone(), leg.hi.clone()).allowed,
            ),
            None if case.other.is_some() => {
                (leg.lo.allowed.and(Truth::Maybe), leg.hi.allowed.and(Truth::Maybe))
            }
            None => (leg.lo.allowed, leg.hi.allowed),
        };
        let needed = |all: Truth, pick: fn(&Leg) -> Truth| {
            keys.iter().fold(all, |all, (perhaps, key)| {
                all.and(if *perhaps { pick(key).or(Truth::Maybe) } else { pick(key) })
            })
        };
        let (lo, hi) = (needed(lo, |key| key.lo.allowed), needed(hi, |key| key.hi.allowed));
        let ruling = ruling(lo, hi);
        outcomes.push(Outcome {
            bucket: bucket.subject.clone(),
            ruling,
            why: why::why(model, &case, ruling, (lo, hi)),
            leg: leg.explained.clone(),
            keys: keys.iter().map(|(_, key)| key.explained.clone()).collect(),
        });
        if access_point.is_none() {
            access_point = other_leg(model, &case).or(own.map(|own| own.explained));
        }
    }
    if outcomes.is_empty() {
        return Err(AskError::new("the request reaches no bucket of the input"));
    }
    Ok(Decided { access_point, outcomes, assumptions })
}

fn ruling(lo: Truth, hi: Truth) -> Ruling {
    match (lo, hi) {
        (Truth::Yes, _) => Ruling::Allowed,
        (_, Truth::No) => Ruling::Denied,
        _ => Ruling::Depends,
    }
}

fn mrap_leg(model: &AccessModel, mrap: &Mrap, request: Request, session: Option<&Policy>) -> Leg {
    leg(model, &Side::of_mrap(mrap), (mrap.in_input, &mrap.subject.name), request, session)
}

fn bucket_leg(model: &AccessModel, bucket: &Bucket, request: Request, session: Option<&Policy>) -> Leg {
    let mut leg = leg(model, &Side::of_bucket(bucket), (true, &bucket.subject.name), request, session);
    let restricted = bucket.public_access_block.is_some_and(|block| block.restrict_public_buckets);
    if restricted && leg.request.principal == Principal::Anonymous && leg.hi.allowed.hi() {
        leg.open.push(
            "RestrictPublicBuckets stops anonymous callers where AWS calls the bucket policy public"
                .to_owned(),
        );
        for decision in [&mut leg.lo, &mut leg.hi] {
            decision.allowed = decision.allowed.and(Truth::Maybe);
        }
        leg.explained.ruling = ruling(leg.lo.allowed, leg.hi.allowed);
    }
    // Of a caller of another account it is open as well.
    let foreign = leg
        .request
        .principal
        .account()
        .is_some_and(|own| bucket.account.as_ref().is_some_and(|it| *it != own));
    if foreign && scene::restricts(bucket) && leg.hi.allowed.hi() {
        leg.open.push(format!(
            "{} callers of other accounts where AWS calls the bucket policy public",
            scene::RESTRICTED
        ));
        for decision in [&mut leg.lo, &mut leg.hi] {
            decision.allowed = decision.allowed.and(Truth::Maybe);
        }
        leg.explained.ruling = ruling(leg.lo.allowed, leg.hi.allowed);
    }
    leg
}

fn leg(
    model: &AccessModel,
    side: &Side<'_>,
    (in_input, name): (bool, &str),
    request: Request,
    session: Option<&Policy>,
) -> Leg {
    let own = identity_of(model, &request);
    let (least, most): (OwnPolicies, OwnPolicies) = match own {
        Some(_) => (|documents| Identity::Documents(documents), |documents| Identity::Documents(documents)),
        // CloudFront alone uses it, and nothing of the caller's could stop it.
        None if is_origin_access_identity(&request.principal) => {
            (|_| Identity::AssumedAllowAll, |_| Identity::AssumedAllowAll)
        }
        None => (|_| Identity::AssumedNone, |_| Identity::AssumedAllowAll),
    };
    let mut lo = decide_in_session(model, side, &request, least, session);
    let mut hi = decide_in_session(model, side, &request, most, session);
    let endpoint = endpoint_of(model, &request).map(|endpoint| &endpoint.policy);
    let own = own.filter(|_| has_own_policies(&request.principal)).map(|own| own.policies.as_slice());
    let boundary = boundary_of(model, &request);
    let policies = [side.policy].into_iter().chain(endpoint).chain(own.unwrap_or_default()).chain(boundary);
    let controls = controls_of(model, side, &request);
    let policies = policies.chain(controls.iter().copied());
    let mut unknown: Vec<String> = policies
        .filter_map(|policy| match policy {
            Policy::Unknown { name, expression, .. } if expression == NOT_IN_INPUT => {
                Some(format!("what the policy {name} says: {NOT_IN_INPUT}"))
            }
            Policy::Unknown { name, expression, .. } if expression.starts_with(IN_DOUBT) => {
                Some(format!("whether {name} counts: {}", expression.trim_start_matches(IN_DOUBT)))
            }
            Policy::Unknown { name, expression, .. } => {
                Some(format!("{name}, which is known only after deployment ({expression})"))
            }
            Policy::Several { names } => {
                Some(format!("which of {} stays: each replaces the one before", names.join(" and ")))
            }
            Policy::None | Policy::Document { .. } => None,
        })
        .collect();
    if !in_input {
        unknown.push(format!("the policy of {name}, which is not in the input"));
    }
    if !unknown.is_empty() {
        for decision in [&mut lo, &mut hi] {
            let possible = decision.denied != Truth::Yes && decision.endpoint_allows.hi();
            decision.allowed = Truth::from_bounds(false, possible);
            decision.resource_allows = decision.resource_allows.or(Truth::Maybe);
        }
    }
    let mut open = Vec::new();
    if side.acls != Acls::Off && hi.allowed == Truth::Maybe {
        open.push(format!(
            "ACLs of {name} and its objects are on, and may allow it or belong to another account"
        ));
    }
    let explained = LegExplained {
        resource: model.show(&request.resource),
        ruling: ruling(lo.allowed, hi.allowed),
        documents: documents::all(model, side, (in_input, session), &request, &hi),
        action: request.action.clone(),
    };
    Leg { request, lo, hi, unknown, open, explained }
}

/// The leg of an access point of which only the ARN is known.
fn other_leg(model: &AccessModel, case: &Case<'_>) -> Option<LegExplained> {
    let document = documents::DocumentSays {
        role: documents::Role::Resource,
        name: String::new(),
        says: documents::Says::Unknown("not in the input".to_owned()),
        decisive: None,
        location: Location::none(),
        statements: Vec::new(),
    };
    let resource = model.show(case.other.as_ref()?);
    let action = case.action.to_owned();
    Some(LegExplained { resource, action, ruling: Ruling::Depends, documents: vec![document] })
}

fn assume(
    model: &AccessModel,
    (index, bucket): (usize, &Bucket),
    leg: &Leg,
    session: bool,
    assumptions: &mut BTreeSet<String>,
) {
    let mut assume = |text: String| assumptions.insert(text);
    assume(crate::decide::not_attached(&[model], session).to_owned());
    model.remarks.iter().for_each(|remark| {
        assume(remark.clone());
    });
    assume(crate::decide::keys_assumed(model, index, bucket));
    let principal = &leg.request.principal;
    if has_own_policies(principal) {
        let who = model.show(&principal.arn().unwrap_or_default());
        assume(match identity_of(model, &leg.request) {
            Some(_) => format!("{who} has no identity policies but those in the input"),
            None => format!("identity policies of {who}, which are not in the input, deny nothing"),
        });
    }
    if let Some(text) = bucket.ownership_assumed() {
        assume(text.to_owned());
    }
    if bucket.account.is_none() {
        assume(format!(
            "bucket {} belongs to the caller's account, as the input does not tell its owner",
            bucket.subject.name
        ));
    } else if bucket.account_assumed {
        assume(format!(
            "bucket {} belongs to the MRAP's account, as nothing tells its owner",
            bucket.subject.name
        ));
    }
}
