//! `aws_s3_bucket_acl`.

use crate::error::ReadError;
use crate::mapping::fields::spelled;
use crate::mapping::{Args, Fields};
use narrows_model::Location;
use narrows_model::resources::s3::{Acl, AclGrant, AclPermission, BucketAcl, CannedAcl, Grantee};

/// The kinds of grantees.
const GRANTEES: [(&str, u8); 3] = [("CanonicalUser", 0), ("AmazonCustomerByEmail", 1), ("Group", 2)];

pub(crate) fn acl(it: &BucketAcl) -> Args {
    let args = Args::default().input("bucket", &it.bucket);
    match &it.acl {
        Acl::Canned(canned) => args.text("acl", spelled(&CannedAcl::WORDS, *canned)),
        Acl::Grants { owner, grants } => {
            let policy = Args::default()
                .blocks("grant", grants.iter().map(grant))
                .block("owner", Args::default().text("id", owner.as_str()));
            args.block("access_control_policy", policy)
        }
    }
}

fn grant(it: &AclGrant) -> Args {
    let grantee = match &it.grantee {
        Grantee::CanonicalUser(id) => Args::default().text("type", "CanonicalUser").text("id", id.as_str()),
        Grantee::Email(address) => {
            Args::default().text("type", "AmazonCustomerByEmail").text("email_address", address.as_str())
        }
        Grantee::Group(uri) => Args::default().text("type", "Group").text("uri", uri.as_str()),
    };
    Args::default()
        .block("grantee", grantee)
        .text("permission", spelled(&AclPermission::WORDS, it.permission))
}

pub(crate) fn read_acl(fields: &Fields<'_>) -> Result<BucketAcl, ReadError> {
    let acl = match fields.block("access_control_policy")? {
        // A canned ACL is reported with the grants that S3 made of it.
        Some(policy) if fields.get("acl").is_none() => Acl::Grants {
            owner: match policy.block("owner")? {
                Some(owner) => owner.string("id")?.unwrap_or_default(),
                None => String::new(),
            },
            grants: policy.blocks("grant")?.iter().map(read_grant).collect::<Result<_, _>>()?,
        },
        _ => Acl::Canned(fields.required_word("acl", &CannedAcl::WORDS)?),
    };
    Ok(BucketAcl { bucket: fields.required_input("bucket")?, acl })
}

fn read_grant(fields: &Fields<'_>) -> Result<AclGrant, ReadError> {
    let grantee = fields.required_block("grantee")?;
    let grantee = match grantee.required_word("type", &GRANTEES)? {
        0 => Grantee::CanonicalUser(grantee.required_string("id")?),
        1 => Grantee::Email(grantee.required_string("email_address")?),
        _ => Grantee::Group(grantee.required_string("uri")?),
    };
    Ok(AclGrant { grantee, permission: fields.required_word("permission", &AclPermission::WORDS)? })
}

/// The list that stands in an `aws_s3_bucket`: its `acl`, unless it is the `private` that every bucket has, or its `grant` blocks.
pub(crate) fn read_acl_of_bucket(fields: &Fields<'_>) -> Result<Option<(Acl, Location)>, ReadError> {
    if let Some(given) = fields.get("acl") {
        let canned: CannedAcl = fields.required_word("acl", &CannedAcl::WORDS)?;
        if canned != CannedAcl::Private {
            return Ok(Some((Acl::Canned(canned), given.location.clone())));
        }
    }
    let mut grants = Vec::new();
    for block in fields.blocks("grant")? {
        let grantee = match block.required_word("type", &GRANTEES)? {
            0 => Grantee::CanonicalUser(block.required_string("id")?),
            1 => Grantee::Email(block.required_string("id")?),
            _ => Grantee::Group(block.required_string("uri")?),
        };
        for permission in block.words("permissions", &AclPermission::WORDS)? {
            grants.push(AclGrant { grantee: grantee.clone(), permission });
        }
    }
    // Who alone has full control is the owner: S3 gives it to the owner of every bucket, and the blocks do not name them.
    let full = grants.iter().filter(|grant| grant.permission == AclPermission::FullControl);
    let owner = match full.collect::<Vec<_>>().as_slice() {
        [AclGrant { grantee: Grantee::CanonicalUser(id), .. }] => id.clone(),
        _ => String::new(),
    };
    let is_owner = |grant: &AclGrant| matches!(&grant.grantee, Grantee::CanonicalUser(id) if *id == owner);
    if grants.iter().all(is_owner) {
        return Ok(None);
    }
    let location = fields.get("grant").map_or_else(|| fields.location(), |given| given.location.clone());
    Ok(Some((Acl::Grants { owner, grants }, location)))
}
