//! What access control lists allow, as formulas.

use crate::access::{Bucket, BucketAcl};
use crate::lower::Keys;
use crate::solve::{Formula, Glob, Pattern};
use narrows_iam::{Truth, actions, bucket_permission, gives, is_anonymous_user};
use narrows_model::resources::s3::{AclPermission, Grantee};

/// What lists allow on a bucket's leg.
pub(super) struct ByAcl {
    /// In any way.
    pub any: Formula,
    /// By grants that need no identity policy within the account.
    pub by_name: Formula,
}

/// How the reasons begin why a list may allow something.
pub(crate) const ACLS: &str = "the ACLs of ";

/// What the lists of a bucket and of its objects allow; `None` where they are off.
pub(super) fn by_acl(bucket: &Bucket, keys: &mut Keys) -> Option<ByAcl> {
    let acl = bucket.acls()?;
    let name = &bucket.subject.name;
    let remedy = "set object ownership to BucketOwnerEnforced";
    let mut named: Vec<(AclPermission, Vec<Glob>)> = Vec::new();
    let mut of_objects = Vec::new();
    for action in keys.setting.actions.iter() {
        match bucket_permission(action) {
            Some(permission) => match named.iter_mut().find(|(known, _)| *known == permission) {
                Some((_, globs)) => globs.push(Glob::literal(action)),
                None => named.push((permission, vec![Glob::literal(action)])),
            },
            // What an action that is not known is for cannot be told.
            None if actions::is_object_action(action) || actions::find(action).is_none() => {
                of_objects.push(Glob::literal(action))
            }
            None => {}
        }
    }
    let asked = |keys: &Keys, globs: Vec<Glob>| match globs.is_empty() {
        true => Formula::Const(false),
        false => Formula::matches(keys.setting.action, Pattern::exact(globs)),
    };
    let open = keys
        .open(format!("{ACLS}{name}'s objects are on and may allow anyone, as may their owners; {remedy}"));
    let by_object = Formula::and([asked(keys, of_objects), open]);
    let (mut any, mut by_name) = (vec![by_object.clone()], vec![by_object]);
    for (permission, globs) in named {
        let asked = asked(keys, globs);
        let Some(grants) = acl.grants else {
            let why = match bucket.acl {
                BucketAcl::Unclear => "are on, and which list of the input counts is open",
                _ => "are on, and what they grant is not known",
            };
            let open = keys.open(format!("{ACLS}{name} {why}; {remedy}"));
            let allowed = Formula::and([asked, open]);
            any.push(allowed.clone());
            by_name.push(allowed);
            continue;
        };
        for grant in grants.iter().filter(|grant| gives(grant, permission)) {
            let covered = covered(keys, acl.public, (name, remedy), &grant.grantee);
            let allowed = Formula::and([asked.clone(), covered]);
            if !matches!(grant.grantee, Grantee::CanonicalUser(_) | Grantee::Email(_)) {
                by_name.push(allowed.clone());
            }
            any.push(allowed);
        }
    }
    Some(ByAcl { any: Formula::or(any), by_name: Formula::or(by_name) })
}

/// The formula that a grantee is the caller, or a group that the caller belongs to.
fn covered(keys: &mut Keys, public: Truth, (name, remedy): (&str, &str), grantee: &Grantee) -> Formula {
    let setting = &keys.setting;
    let (iam, anonymous, service) = (setting.iam(), setting.anonymous(), setting.service());
    let mut open = |what: &str| keys.open(format!("{ACLS}{name} are on and {what}; {remedy}"));
    let (group, members) = match grantee {
        Grantee::Group(uri) if uri == Grantee::ALL_USERS => ("AllUsers", Formula::or([iam, anonymous])),
        Grantee::Group(uri) if uri == Grantee::AUTHENTICATED_USERS => ("AuthenticatedUsers", iam),
        Grantee::Group(uri) if uri == Grantee::LOG_DELIVERY => {
            let open = open("grant to LogDelivery, and which service that is AWS does not document");
            return Formula::and([service, open]);
        }
        Grantee::Group(uri) => return open(&format!("grant to the group {uri}, which is not known")),
        Grantee::CanonicalUser(id) => {
            let open = match id.as_str() {
                "" => open("grant to an account of AWS's own"),
                id => {
                    open(&format!("grant to the canonical user id `{id}`, whose account is not in the input"))
                }
            };
            let others = if is_anonymous_user(grantee) { Formula::Const(true) } else { !anonymous };
            return Formula::and([others, open]);
        }
        Grantee::Email(address) => {
            let open = open(&format!("grant to the account of {address}, which is not in the input"));
            return Formula::and([!anonymous, open]);
        }
    };
    match public {
        Truth::No => Formula::Const(false),
        Truth::Yes => {
            let open =
                open(&format!("grant to {group}, and whether services belong to it AWS does not document"));
            Formula::or([members, Formula::and([service, open])])
        }
        Truth::Maybe => {
            let open = open(&format!(
                "grant to {group}, unless IgnorePublicAcls is on: the bucket's public access settings are not in the input"
            ));
            Formula::and([Formula::or([members, service]), open])
        }
    }
}
