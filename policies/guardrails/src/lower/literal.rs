//! What policies name: entities that a deployment can have, and texts that no symbol hides in.
//!
//! An entity that nothing can be would make a part of a policy speak of nothing, without a word.

use super::{Refusal, type_name};
use crate::schema::GROUPS;
use cedar_policy::pst::EntityUID;
use narrows_model::{
    AccountId, BucketName, NameError, OrganisationId, Partition, ServicePrincipal, is_symbol, may_be_same,
};
use std::str::FromStr;

/// Refuses an entity that nothing in a deployment can be.
pub(super) fn entity(uid: &EntityUID) -> Result<(), Refusal> {
    let id = uid.eid.as_str();
    text(id)?;
    let of_iam = |start: &str, expected: &str| match is_arn(id, start) {
        true => Ok(()),
        false => Err(format!("expected {expected}")),
    };
    let checked = match type_name(&uid.ty) {
        "Account" => name::<AccountId>(id),
        "Organization" => name::<OrganisationId>(id),
        "Service" => name::<ServicePrincipal>(id),
        "Bucket" => name::<BucketName>(id),
        "Role" => of_iam(
            "iam:role/",
            "a role's own ARN, arn:aws:iam::<account>:role/<name>; its sessions have it too",
        ),
        "User" => of_iam("iam:user/", "a user's ARN, arn:aws:iam::<account>:user/<name>"),
        "Root" => of_iam("iam:root", "arn:aws:iam::<account>:root"),
        "FederatedUser" => of_iam("sts:federated-user/", "arn:aws:sts::<account>:federated-user/<name>"),
        "Anonymous" if id != "anonymous" => Err("expected Anonymous::\"anonymous\"".to_owned()),
        _ => Ok(()),
    };
    checked.map_err(|why| Refusal::Entity(uid.to_string(), why))
}

/// Refuses a group where one action is meant.
pub(super) fn action(id: &str) -> Result<(), Refusal> {
    match GROUPS.iter().any(|group| group.name == id) {
        true => Err(Refusal::Group(format!("Action::\"{id}\""))),
        false => Ok(()),
    }
}

/// Refuses a text that could pass for a value which nobody knows yet.
pub(super) fn text(text: &str) -> Result<(), Refusal> {
    match text.contains(is_symbol) {
        true => Err(Refusal::PrivateUse(text.escape_default().to_string())),
        false => Ok(()),
    }
}

/// Whether two texts are the same; not known where that hangs on a name which exists only after deployment.
pub(super) fn same(one: &str, other: &str, whole: &dyn Fn() -> String) -> Result<bool, Refusal> {
    match one == other {
        true => Ok(true),
        false if may_be_same(one, other) => Err(Refusal::Unknown(format!(
            "`{}` depends on a name that exists only after deployment",
            whole()
        ))),
        false => Ok(false),
    }
}

/// Whether one of the texts is this one; as [`same`].
pub(super) fn has(texts: &[String], text: &str, whole: &dyn Fn() -> String) -> Result<bool, Refusal> {
    match texts.iter().any(|it| it == text) {
        true => Ok(true),
        false => texts.iter().try_for_each(|it| same(it, text, whole).map(drop)).map(|()| false),
    }
}

fn name<T: FromStr<Err = NameError>>(id: &str) -> Result<(), String> {
    id.parse::<T>().map(drop).map_err(|error| error.to_string())
}

/// Whether an id is the ARN of a principal: `start` is the service, and what the last field begins with, or is.
fn is_arn(id: &str, start: &str) -> bool {
    let Some((service, kind)) = start.split_once(':') else { return false };
    let fields: Vec<&str> = id.splitn(6, ':').collect();
    let ["arn", partition, of, "", account, rest] = fields.as_slice() else { return false };
    // Origin access identities are users of an account without a number.
    let account = account.parse::<AccountId>().is_ok() || (*account == "cloudfront" && kind == "user/");
    let named = match kind.ends_with('/') {
        true => rest.strip_prefix(kind).is_some_and(|name| !name.is_empty() && !name.contains(['*', '?'])),
        false => *rest == kind,
    };
    partition.parse::<Partition>().is_ok() && *of == service && account && named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_those_of_principals() {
        for (id, start, expected) in [
            ("arn:aws:iam::123456789012:role/app", "iam:role/", true),
            ("arn:aws:iam::123456789012:role/a/path/app", "iam:role/", true),
            ("arn:aws:iam::123456789012:role/*", "iam:role/", false),
            ("arn:aws:iam::123456789012:role/", "iam:role/", false),
            ("arn:aws:sts::123456789012:assumed-role/app/session", "iam:role/", false),
            ("arn:aws:iam::12345678901:role/app", "iam:role/", false),
            ("arn:aws:iam:eu-west-2:123456789012:role/app", "iam:role/", false),
            (
                "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2QWRUHAPOMQZL",
                "iam:user/",
                true,
            ),
            ("arn:aws:iam::cloudfront:role/app", "iam:role/", false),
            ("arn:aws:iam::123456789012:root", "iam:root", true),
            ("arn:aws:iam::123456789012:rooted", "iam:root", false),
            ("app", "iam:role/", false),
        ] {
            assert_eq!(is_arn(id, start), expected, "{id} {start}");
        }
    }

    #[test]
    fn whether_a_text_that_is_not_known_is_another_is_not_known() {
        let whole = || "it".to_owned();
        let known = |one, other| same(one, other, &whole).ok();
        assert_eq!(known("data-a", "data-a"), Some(true));
        assert_eq!(known("data-a", "data-b"), Some(false));
        assert_eq!(known("\u{F0000}", "data-b"), None);
        assert_eq!(known("logs-\u{F0000}", "data-b"), Some(false));
        let texts = ["\u{F0000}".to_owned(), "data-b".to_owned()];
        assert_eq!(has(&texts, "data-b", &whole).ok(), Some(true), "what is there is there");
        assert_eq!(has(&texts, "data-c", &whole).ok(), None);
    }
}
