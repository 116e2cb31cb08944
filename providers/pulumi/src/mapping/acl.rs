//! Access control lists of buckets.

use super::{Fields, s3};
use crate::error::ReadError;
use narrows_model::resources::s3::{Acl, AclGrant, AclPermission, BucketAcl, CannedAcl, Grantee};

/// The canned ACL in `acl`.
pub(super) fn canned(fields: &Fields<'_>) -> Result<Acl, ReadError> {
    Ok(Acl::Canned(fields.required_word("acl", &CannedAcl::WORDS)?))
}

pub(super) fn acl(fields: &Fields<'_>) -> Result<BucketAcl, ReadError> {
    let acl = match fields.object("accessControlPolicy")? {
        // A canned ACL is reported with the grants that S3 made of it.
        Some(policy) if fields.get("acl").is_none() => Acl::Grants {
            owner: match policy.object("owner")? {
                Some(owner) => owner.string("id")?.unwrap_or_default(),
                None => String::new(),
            },
            grants: policy.objects("grants")?.iter().map(grant).collect::<Result<_, _>>()?,
        },
        _ => canned(fields)?,
    };
    Ok(BucketAcl { bucket: s3::of_bucket(fields)?, acl })
}

fn grant(fields: &Fields<'_>) -> Result<AclGrant, ReadError> {
    let grantee = grantee(&fields.required_object("grantee")?)?;
    Ok(AclGrant { grantee, permission: fields.required_word("permission", &AclPermission::WORDS)? })
}

fn grantee(fields: &Fields<'_>) -> Result<Grantee, ReadError> {
    let kinds = [("CanonicalUser", 0), ("AmazonCustomerByEmail", 1), ("Group", 2)];
    Ok(match fields.required_word("type", &kinds)? {
        0 => Grantee::CanonicalUser(fields.required_string("id")?),
        1 => Grantee::Email(fields.required_string("emailAddress")?),
        _ => Grantee::Group(fields.required_string("uri")?),
    })
}

/// The grants in the bucket itself: each is of several permissions.
pub(super) fn grants_of_bucket(fields: &Fields<'_>) -> Result<Acl, ReadError> {
    let mut grants = Vec::new();
    for given in fields.objects("grants")? {
        let grantee = grantee(&given)?;
        for permission in given.items("permissions")? {
            let found = permission
                .as_str()
                .and_then(|text| AclPermission::WORDS.iter().find(|(word, _)| *word == text));
            let Some((_, permission)) = found else {
                return Err(given.wrong("permissions", permission, "permissions such as `READ`"));
            };
            grants.push(AclGrant { grantee: grantee.clone(), permission: *permission });
        }
    }
    Ok(Acl::Grants { owner: String::new(), grants })
}
