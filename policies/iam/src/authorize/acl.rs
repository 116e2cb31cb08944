//! What access control lists allow, where object ownership lets them be on.

use crate::{Principal, Request, Truth, actions};
use narrows_model::resources::s3::{AclGrant, AclPermission, Grantee};

/// The access control lists that have a say on a bucket and its objects; those of objects are never in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acl<'a> {
    /// What the bucket's own list grants beside its owner's full control; `None` where the input does not have it.
    pub grants: Option<&'a [AclGrant]>,
    /// Whether grants to everyone and to everyone with an account count: they do not under `IgnorePublicAcls`.
    pub public: Truth,
}

/// The permission in a bucket's list that lets a grantee take an action; `None` where no list of the bucket does.
///
/// Source: S3 User Guide, "Mapping of ACL permissions and access policy permissions".
pub fn bucket_permission(action: &str) -> Option<AclPermission> {
    [
        (
            AclPermission::Read,
            &["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"][..],
        ),
        (AclPermission::Write, &["s3:PutObject"]),
        (AclPermission::ReadAcp, &["s3:GetBucketAcl"]),
        (AclPermission::WriteAcp, &["s3:PutBucketAcl"]),
    ]
    .into_iter()
    .find(|(_, names)| names.iter().any(|name| action.eq_ignore_ascii_case(name)))
    .map(|(permission, _)| permission)
}

/// Whether a grant gives a permission.
pub fn gives(grant: &AclGrant, permission: AclPermission) -> bool {
    grant.permission == permission || grant.permission == AclPermission::FullControl
}

/// Whether a grantee is what S3 takes anonymous callers for. Source: S3 User Guide, "Access control list (ACL) overview".
pub fn is_anonymous_user(grantee: &Grantee) -> bool {
    const ID: &str = "65a011a29cdf8ec533ec3d1ccaae921c";
    matches!(grantee, Grantee::CanonicalUser(id) if id == ID)
}

impl Acl<'_> {
    /// Whether a list allows the request; with `by_name` only by grants that need no identity policy within the account.
    pub(super) fn allows(&self, request: &Request, by_name: bool) -> Truth {
        let Some(permission) = bucket_permission(&request.action) else {
            // An object's own list may allow anyone, and anyone may own it; what an unknown action is for cannot be told.
            let action = &request.action;
            let may_be = actions::is_object_action(action) || actions::find(action).is_none();
            return Truth::from_bounds(false, may_be);
        };
        let Some(grants) = self.grants else {
            return Truth::Maybe;
        };
        let matched = grants.iter().filter(|grant| gives(grant, permission));
        matched
            .map(|grant| self.covers(&grant.grantee, &request.principal, by_name))
            .fold(Truth::No, Truth::or)
    }

    /// Whether a grantee is the caller, or a group that the caller belongs to.
    fn covers(&self, grantee: &Grantee, principal: &Principal, by_name: bool) -> Truth {
        let is_service = matches!(principal, Principal::Service(_));
        match grantee {
            Grantee::Group(uri) if uri == Grantee::ALL_USERS => match principal {
                // What groups services belong to is not documented.
                Principal::Service(_) => self.public.and(Truth::Maybe),
                _ => self.public,
            },
            Grantee::Group(uri) if uri == Grantee::AUTHENTICATED_USERS => match principal {
                Principal::Anonymous => Truth::No,
                Principal::Service(_) => self.public.and(Truth::Maybe),
                _ => self.public,
            },
            Grantee::Group(uri) if uri == Grantee::LOG_DELIVERY => Truth::from_bounds(false, is_service),
            Grantee::Group(_) => Truth::Maybe,
            // An account, of which the input does not tell which it is; it leaves what it may do to identity policies.
            Grantee::CanonicalUser(_) | Grantee::Email(_) => {
                let may_be = *principal != Principal::Anonymous || is_anonymous_user(grantee);
                Truth::from_bounds(false, may_be && !by_name)
            }
        }
    }
}
