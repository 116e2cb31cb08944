//! Whether a request is one that S3 takes: what is not is refused, and what this version does not know is said.

use super::asked::AskError;
use crate::lower::{Sort, is_boolean, read};
use crate::question::Route;
use narrows_iam::actions::{self, AccessPointSupport, Action};
use narrows_iam::{ConditionKey, keys, scalar};
use narrows_model::is_symbol;
use narrows_model::names::nearest;

/// Whether an action can be asked on a route; what is to be said of one that is not known.
pub(super) fn action(name: &str, object: bool, route: Route) -> Result<Option<String>, AskError> {
    let Some(action) = actions::find(name) else {
        let service = name.split(':').next().unwrap_or_default();
        if !service.eq_ignore_ascii_case("s3") {
            return Err(AskError::new(format!(
                "`{name}` is no action of S3: expected one such as s3:GetObject"
            ))
            .help("what S3 asks of KMS keys for the caller is explained with the action on the object"));
        }
        let bare = name.split_once(':').map_or(name, |(_, bare)| bare);
        let meant = match nearest(bare, actions::all().iter().map(|action| action.name)) {
            Some(meant) => format!("; did you mean s3:{meant}?"),
            None => String::new(),
        };
        let on = if object { "an object" } else { "the bucket" };
        return Ok(Some(format!("{name} is an action on {on}: this version does not know it{meant}")));
    };
    if !action.is_object_action() && !action.is_bucket_action() {
        return Err(AskError::new(format!(
            "{name} is asked of no bucket and no object: policies of buckets and access points do not decide it"
        ))
        .help("give an action on a bucket or an object, such as s3:ListBucket or s3:GetObject"));
    }
    if route != Route::Direct && action.access_point == AccessPointSupport::None {
        return Err(AskError::new(format!(
            "{} does not come through an access point",
            Action::qualified(action)
        ))
        .help("ask it of the bucket itself: --bucket NAME, without --mrap"));
    }
    Ok(None)
}

/// Whether a condition key can hold a value; what is to be said of a key that is not known.
pub(super) fn value(name: &str, values: &[String]) -> Result<Option<String>, AskError> {
    let key = ConditionKey::new(name);
    let sort = Sort::of(&key);
    let expected = match sort {
        _ if is_boolean(&key) => "true or false",
        Some(Sort::Number) => "a number",
        Some(Sort::Instant) => "a time, such as 2026-11-23T12:00:00Z",
        Some(Sort::Address) => "an address, such as 203.0.113.7",
        _ => "",
    };
    let fits = |value: &String| match sort {
        _ if value.contains(is_symbol) => true,
        _ if is_boolean(&key) => scalar::boolean(value).is_some(),
        Some(sort) => read(sort, value).is_some(),
        None => true,
    };
    if let Some(wrong) = values.iter().find(|value| !fits(value)) {
        return Err(AskError::new(format!("{name} is given as `{wrong}`: expected {expected}")));
    }
    Ok(keys::meant(name).map(|meant| {
        format!(
            "{name} is a condition key of the request: this version does not know it; did you mean {meant}?"
        )
    }))
}
