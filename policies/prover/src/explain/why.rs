//! Why a request is denied, or what the decision depends on.

use super::Ruling;
use super::decision::Leg;
use super::documents::{DocumentSays, Role, Says};
use crate::access::AccessModel;
use narrows_iam::{DecidedBy, Effect, Element, Truth};

/// The legs of a request at one bucket.
pub(super) struct Case<'a> {
    pub principal: String,
    pub action: &'a str,
    pub own: Option<&'a Leg>,
    pub bucket: &'a Leg,
    /// What S3 asks of keys, and whether it is open whether it does.
    pub keys: &'a [(bool, Leg)],
    /// The resource at an access point that is not in the input.
    pub other: Option<String>,
}

impl<'a> Case<'a> {
    fn legs(&self) -> impl Iterator<Item = (&'static str, &'a Leg)> + use<'a> {
        let own = self.own.map(|leg| ("the access point", leg)).into_iter();
        own.chain([("the bucket", self.bucket)]).chain(self.keys.iter().map(|(_, leg)| ("the key", leg)))
    }
}

pub(super) fn why(
    model: &AccessModel,
    case: &Case<'_>,
    ruling: Ruling,
    (lo, hi): (Truth, Truth),
) -> Vec<String> {
    match ruling {
        Ruling::Allowed => Vec::new(),
        Ruling::Denied => denied(case),
        Ruling::Depends => depends(model, case, lo, hi),
    }
}

fn denied(case: &Case<'_>) -> Vec<String> {
    let mut why = Vec::new();
    for (place, leg) in case.legs() {
        if let (Truth::Yes, Some(DecidedBy::Statement { document, label, .. })) =
            (leg.hi.denied, &leg.hi.denied_by)
        {
            why.push(format!("{label} of {document} denies it on {place}, and a Deny wins over every Allow"));
        }
    }
    if !why.is_empty() {
        return why;
    }
    if case.own.is_some_and(|own| own.hi.anonymous) {
        return vec!["anonymous callers cannot use a Multi-Region Access Point".to_owned()];
    }
    for (place, leg) in case.legs() {
        let named = |role: Role| {
            let mut all = leg.explained.documents.iter().filter(move |it| it.role == role);
            all.find(|it| !it.name.is_empty()).map(|it| it.name.clone())
        };
        let resource = named(Role::Resource);
        if !leg.hi.endpoint_allows.hi() {
            let endpoint = named(Role::Endpoint).unwrap_or_default();
            why.push(format!("no statement of the endpoint's policy, {endpoint}, allows it on {place}"));
        } else if leg.hi.same_account == Truth::No && !leg.hi.resource_allows.hi() {
            why.push(match resource {
                Some(name) => format!("nothing in {name} allows it on {place}, as it must for a caller who is not of the owner's account"),
                None => format!("{place} has no policy, which must allow a caller who is not of the owner's account"),
            });
        } else if let Some(name) = leg.hi.capped_by.as_ref().filter(|_| !leg.hi.allowed.hi()) {
            why.push(format!("no statement of {name} allows it on {place}"));
        } else if !leg.hi.allowed.hi() {
            why.push(match (resource, named(Role::Identity)) {
                (Some(name), Some(own)) => {
                    format!("neither {name} nor the caller's own policy {own} allows it on {place}")
                }
                (Some(name), None) => format!("nothing in {name} allows it on {place}"),
                (None, Some(own)) => {
                    format!("{place} has no policy, and the caller's own policy {own} does not allow it")
                }
                (None, None) => format!("{place} has no policy, so nothing allows it"),
            });
        }
    }
    why
}

fn depends(model: &AccessModel, case: &Case<'_>, lo: Truth, hi: Truth) -> Vec<String> {
    let mut why = Vec::new();
    if lo != hi {
        let on_s3 = case.legs().filter(|(_, leg)| !leg.request.action.starts_with("kms:"));
        let legs = on_s3.filter(|(_, leg)| leg.lo.allowed != leg.hi.allowed);
        let resources: Vec<String> = legs.map(|(_, leg)| model.show(&leg.request.resource)).collect();
        if !resources.is_empty() {
            why.push(format!(
                "the identity policies of {}, which are not in the input: they must allow {} on {}",
                model.show(&case.principal),
                case.action,
                resources.join(" and ")
            ));
        }
        let keys = case.keys.iter().filter(|(_, leg)| leg.lo.allowed != leg.hi.allowed);
        for (perhaps, leg) in keys {
            why.push(format!(
                "the identity policies of {}, which are not in the input: they must allow {} on {}{}",
                model.show(&case.principal),
                leg.request.action,
                model.show(&leg.request.resource),
                if *perhaps { ", for uploads in several parts" } else { "" }
            ));
        }
    }
    if let Some(other) = &case.other {
        why.push(format!(
            "the policy of the access point of {}, which is not in the input",
            model.show(other)
        ));
    }
    for (_, leg) in case.legs() {
        why.extend(leg.unknown.iter().cloned());
        why.extend(leg.open.iter().cloned());
    }
    if hi == Truth::Maybe {
        for (place, leg) in case.legs() {
            let documents = leg.explained.documents.iter();
            why.extend(documents.flat_map(|document| open_points(place, document)));
        }
        let bucket_alone = case.own.is_some_and(|own| own.hi.allowed.hi()) && !case.bucket.hi.allowed.hi();
        if bucket_alone {
            why.push(
                "whether a caller of the bucket's account needs an Allow on the bucket too, which AWS's documents leave \
                 open: allow it there as on the access point"
                    .to_owned(),
            );
        }
    }
    for (_, leg) in case.keys.iter().filter(|(perhaps, leg)| *perhaps && !leg.hi.allowed.hi()) {
        why.push(format!(
            "whether the object is uploaded in several parts, which needs {} on {} too",
            leg.request.action,
            model.show(&leg.request.resource)
        ));
    }
    if why.is_empty() {
        why.push("a point that AWS's documents leave open".to_owned());
    }
    why.dedup();
    why
}

/// The elements that leave it open whether a document's statement matches.
fn open_points(place: &str, document: &DocumentSays) -> Vec<String> {
    let matters = |effect: Effect| match document.says {
        Says::MayDeny => effect == Effect::Deny,
        Says::MayAllow => effect == Effect::Allow,
        _ => false,
    };
    let statements = document.statements.iter().filter(|it| it.truth == Truth::Maybe && matters(it.effect));
    statements
        .flat_map(|statement| {
            let open = statement.elements.iter().filter(|element| element.truth == Truth::Maybe);
            open.map(move |element| {
                let condition = if element.element == Element::Condition { "" } else { "whether " };
                format!("{} of {} on {place}: {condition}{}", statement.label, document.name, element.reason)
            })
        })
        .collect()
}
