//! The access control lists of buckets.

use super::build::Builder;
use narrows_model::Kind;
use narrows_model::resources::Body;
use narrows_model::resources::s3::{Acl, AclGrant, AclPermission, CannedAcl, Grantee};

/// The access control list of a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BucketAcl {
    /// The input has none.
    #[default]
    Absent,
    /// What the one list of the input grants to others than the bucket's owner.
    Grants(Vec<AclGrant>),
    /// The input has several, or one whose bucket is not known: which one counts is open.
    Unclear,
}

impl BucketAcl {
    /// What the list grants to others than the bucket's owner; `None` where that is not known.
    pub fn grants(&self) -> Option<&[AclGrant]> {
        match self {
            Self::Grants(grants) => Some(grants),
            Self::Absent | Self::Unclear => None,
        }
    }
}

impl Builder<'_> {
    /// Gives each bucket the grants of its list; of several lists it is not known which one stays.
    pub(super) fn acls(&mut self) {
        let deployment = self.deployment;
        for resource in deployment.of_kind(Kind::BucketAcl) {
            let Body::BucketAcl(it) = &resource.body else { continue };
            let index = self.bucket(&it.bucket, resource);
            if let Some(bucket) = self.model.buckets.get_mut(index) {
                bucket.acl = match bucket.acl {
                    BucketAcl::Absent => BucketAcl::Grants(granted(&it.acl)),
                    BucketAcl::Grants(_) | BucketAcl::Unclear => BucketAcl::Unclear,
                };
            }
        }
    }
}

/// What a list grants to others than the bucket's owner.
fn granted(acl: &Acl) -> Vec<AclGrant> {
    match acl {
        Acl::Canned(canned) => of_canned(*canned),
        Acl::Grants { owner, grants } => {
            let own = |grant: &&AclGrant| matches!(&grant.grantee, Grantee::CanonicalUser(id) if !id.is_empty() && id == owner);
            grants.iter().filter(|grant| !own(grant)).cloned().collect()
        }
    }
}

/// Source: S3 User Guide, "Canned ACL".
fn of_canned(canned: CannedAcl) -> Vec<AclGrant> {
    let group = |uri: &str, permissions: &[AclPermission]| {
        let grantee = Grantee::Group(uri.to_owned());
        let one = |permission: &AclPermission| AclGrant { grantee: grantee.clone(), permission: *permission };
        permissions.iter().map(one).collect()
    };
    match canned {
        CannedAcl::Private => Vec::new(),
        CannedAcl::PublicRead => group(Grantee::ALL_USERS, &[AclPermission::Read]),
        CannedAcl::PublicReadWrite => group(Grantee::ALL_USERS, &[AclPermission::Read, AclPermission::Write]),
        CannedAcl::AuthenticatedRead => group(Grantee::AUTHENTICATED_USERS, &[AclPermission::Read]),
        // EC2's own account, whose canonical id AWS does not document.
        CannedAcl::AwsExecRead => {
            vec![AclGrant { grantee: Grantee::CanonicalUser(String::new()), permission: AclPermission::Read }]
        }
        CannedAcl::LogDeliveryWrite => {
            group(Grantee::LOG_DELIVERY, &[AclPermission::Write, AclPermission::ReadAcp])
        }
    }
}
