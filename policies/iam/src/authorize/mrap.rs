//! A request through a Multi-Region Access Point is authorized twice, and must pass both times.

use super::{DecidedBy, Decision};
use crate::Truth;

/// Combines the decision on the access point's resource with that on the resource of the bucket routed to.
///
/// Allowed for sure if both are. Allowed on some reading if neither denies, the first is allowed, and, where the caller is
/// not of the bucket's account, the bucket's policy allows: AWS's guide says of a caller of the same account both that all
/// policies must allow and that one is enough. The endpoint's policy must let both through. Anonymous callers cannot use a
/// Multi-Region Access Point.
pub fn authorize_through_mrap(access_point: Decision, bucket: Decision) -> Decision {
    let anonymous = access_point.anonymous || bucket.anonymous;
    let lo = access_point.allowed.and(bucket.allowed).lo();
    let hi = access_point.allowed.hi()
        && bucket.denied != Truth::Yes
        && bucket.endpoint_allows.hi()
        && (bucket.same_account.hi() || bucket.resource_allows.hi());
    let allowed = Truth::from_bounds(lo && !anonymous, hi && !anonymous);
    let allowed_by = if access_point.allowed_by == DecidedBy::Implicit || anonymous {
        DecidedBy::Implicit
    } else if bucket.allowed.hi() {
        bucket.allowed_by
    } else if allowed.hi() {
        let text = "within one account the access point's side may be enough for its bucket".to_owned();
        DecidedBy::Assumption(text)
    } else {
        DecidedBy::Implicit
    };
    let (denied, denied_by) = if bucket.denied > access_point.denied {
        (bucket.denied, bucket.denied_by)
    } else {
        (access_point.denied, access_point.denied_by)
    };
    let mut trace = access_point.trace;
    trace.extend(bucket.trace);
    Decision {
        allowed,
        denied,
        allowed_by,
        denied_by,
        resource_allows: access_point.resource_allows.and(bucket.resource_allows),
        endpoint_allows: access_point.endpoint_allows.and(bucket.endpoint_allows),
        capped_by: access_point.capped_by.or(bucket.capped_by),
        same_account: bucket.same_account,
        anonymous,
        trace,
    }
}
