//! Whether the buckets of an MRAP decide alike.

use super::{Beyond, Kinship, Pair, Place, Side, Which};
use crate::access::AccessModel;
use crate::decide::{Answer, Verdict, not_attached};
use crate::question::{Actions, Route, Scope};
use narrows_iam::actions::{self, AccessPointSupport, Action};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Every action on an object and every one on a bucket; through an access point those that may come so.
pub(super) fn asked(object: bool, route: Route) -> Actions {
    type Four = [Actions; 4];
    static ALL: LazyLock<Four> = LazyLock::new(|| {
        let named = |object: bool, through: bool| -> Actions {
            let of = |action: &&Action| match object {
                true => action.is_object_action(),
                false => action.is_bucket_action() && !action.is_object_action(),
            };
            let possible = |action: &&Action| !through || action.access_point != AccessPointSupport::None;
            actions::all().iter().filter(of).filter(possible).map(Action::qualified).collect()
        };
        [named(false, false), named(false, true), named(true, false), named(true, true)]
    });
    let [buckets, buckets_through, objects, objects_through] = &*ALL;
    let chosen = match (object, route) {
        (true, Route::Direct) => objects,
        (true, _) => objects_through,
        (false, Route::Direct) => buckets,
        (false, _) => buckets_through,
    };
    Actions::clone(chosen)
}

/// Whether all buckets of an MRAP decide each request in the scopes alike: the same caller, action, key and condition keys,
/// each on the bucket's own ARN; on each of the routes, of which an MRAP is this one.
///
/// Every bucket is compared with the first, both ways. What tells of a bucket (its Region, its tags) is each one's own. The
/// counterexample is allowed at one bucket, and its last leg is another bucket, which refuses it; it is named in
/// [`Counterexample::elsewhere`](crate::Counterexample::elsewhere).
pub fn alike(model: &AccessModel, mrap: usize, scopes: &[(Route, Scope)]) -> Answer {
    let assumptions = BTreeSet::from([
        "an object has the same tags and locks in every bucket".to_owned(),
        "identity policies that are not in the input treat the buckets alike, whatever they allow; a role that has some in the input has no others"
            .to_owned(),
        not_attached(&[model], false).to_owned(),
    ]);
    let found = verdict(model, mrap, scopes);
    let empty = found.is_none();
    let nothing = "no request is in the guardrail's scope, so nothing was proved";
    let verdict = found.unwrap_or_else(|| Verdict::Unknown(nothing.to_owned()));
    Answer { verdict, assumptions, later_open: false, empty }
}

/// The verdict; `None` where no request is in the scopes.
fn verdict(model: &AccessModel, mrap: usize, scopes: &[(Route, Scope)]) -> Option<Verdict> {
    let all = model.buckets.iter().enumerate();
    let members: Vec<usize> =
        all.filter(|(_, it)| it.mraps.contains(&mrap)).map(|(index, _)| index).collect();
    let unknown = |reason: &str| Some(Verdict::Unknown(reason.to_owned()));
    let Some((first, others)) = members.split_first() else {
        return unknown("the MRAP has no bucket in the input");
    };
    if others.is_empty() {
        return unknown("only one bucket of the MRAP is in the input: there is nothing to compare it with");
    }
    let mut open = None;
    let mut asked_any = false;
    for other in others {
        for (route, scope, object) in
            scopes.iter().flat_map(|(route, scope)| [(*route, scope, true), (*route, scope, false)])
        {
            let actions = asked(object, route);
            let members = [*first, *other];
            let sides = members.map(|bucket| Side { model, place: Some(Place { bucket, route }) });
            let mut pair = match Pair::new(sides, Kinship::OtherBucket, object, &actions) {
                Ok(Some(pair)) => pair,
                Ok(None) => continue,
                Err(reason) => return Some(Verdict::Unknown(reason)),
            };
            // All that is left to find out then is whether there is a request at all.
            let same = pair.is_surely_same();
            if same && asked_any {
                continue;
            }
            let sides = [(Which::First, *other), (Which::Second, *first)];
            for (side, refuses) in sides.into_iter().take(if same { 1 } else { 2 }) {
                match pair.beyond(side, &actions, scope) {
                    Beyond::NoRequest => {}
                    Beyond::Nothing => asked_any = true,
                    Beyond::Unknown(reason) => open = open.or(Some(reason)),
                    Beyond::Something(found) => {
                        let mut example = found.allowed;
                        example.elsewhere =
                            model.buckets.get(refuses).map(|bucket| bucket.subject.name.clone());
                        example.near = found.near;
                        let shared =
                            |leg: &crate::Leg| example.legs.iter().any(|it| it.resource == leg.resource);
                        let refused: Vec<_> = found.refused.into_iter().filter(|leg| !shared(leg)).collect();
                        example.legs.extend(refused);
                        return Some(Verdict::Refuted(Box::new(example)));
                    }
                }
            }
        }
    }
    match open {
        Some(reason) => Some(Verdict::Unknown(reason)),
        None => asked_any.then_some(Verdict::Proved),
    }
}
