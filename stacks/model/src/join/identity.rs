use crate::resources::{Body, Resource};
use crate::{Attribute, BucketName, Deployment, Input};
use std::fmt;

/// What a resource is called in AWS, where no two can be called alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity {
    what: &'static str,
    name: String,
}

impl Identity {
    /// The identity of a resource; `None` where it has none of its own, or none that is known.
    pub(super) fn of(deployment: &Deployment, resource: &Resource) -> Option<Self> {
        let value = |attribute| Some(deployment.value_of(&resource.id.attribute(attribute)));
        let bucket = |input: &Input<BucketName>| Some(deployment.expand(&input.to_text()));
        let (what, name) = match &resource.body {
            Body::Bucket(_) => ("bucket", value(Attribute::Id)?),
            Body::BucketPolicy(it) => ("policy of bucket", bucket(&it.bucket)?),
            Body::BucketVersioning(it) => ("versioning of bucket", bucket(&it.bucket)?),
            Body::BucketPublicAccessBlock(it) => ("public access block of bucket", bucket(&it.bucket)?),
            Body::BucketOwnershipControls(it) => ("ownership of bucket", bucket(&it.bucket)?),
            Body::BucketEncryption(it) => ("encryption of bucket", bucket(&it.bucket)?),
            Body::BucketAcl(it) => ("ACL of bucket", bucket(&it.bucket)?),
            Body::BucketReplication(it) => ("replication of bucket", bucket(&it.bucket)?),
            Body::MultiRegionAccessPoint(_) => {
                let name = value(Attribute::Other("name".to_owned()))?;
                ("multi-region access point", in_account(deployment, resource, name.as_literal()?))
            }
            Body::MultiRegionAccessPointPolicy(it) => {
                let name = deployment.expand(&it.mrap.to_text());
                ("policy of multi-region access point", in_account(deployment, resource, name.as_literal()?))
            }
            // The account may not be known: then two roles of one name are taken to be one.
            Body::Role(it) => {
                it.name.as_ref()?.as_known()?;
                ("role", value(Attribute::Arn)?.to_string().into())
            }
            Body::ManagedPolicy(it) => {
                it.name.as_ref()?.as_known()?;
                ("managed policy", value(Attribute::Arn)?.to_string().into())
            }
            Body::RolePolicy(it) => {
                let role = deployment.expand(&it.role.to_text());
                let name = format!("{}/{}", role.as_literal()?, it.name);
                ("policy of role", in_account(deployment, resource, &name))
            }
            Body::User(it) => {
                it.name.as_known()?;
                ("user", value(Attribute::Arn)?.to_string().into())
            }
            Body::Group(it) => {
                it.name.as_known()?;
                ("group", value(Attribute::Arn)?.to_string().into())
            }
            Body::UserPolicy(it) => {
                let user = deployment.expand(&it.user.to_text());
                let name = format!("{}/{}", user.as_literal()?, it.name);
                ("policy of user", in_account(deployment, resource, &name))
            }
            Body::GroupPolicy(it) => {
                let group = deployment.expand(&it.group.to_text());
                let name = format!("{}/{}", group.as_literal()?, it.name);
                ("policy of group", in_account(deployment, resource, &name))
            }
            Body::VpcEndpoint(it) => ("VPC endpoint", it.id.as_ref()?.as_str().into()),
            Body::ControlPolicy(it) => ("control policy", it.id.as_ref()?.as_str().into()),
            Body::MemberAccount(it) => ("account", it.id.as_ref()?.as_str().into()),
            Body::OrganisationalUnit(it) => ("organisational unit", it.id.as_ref()?.as_str().into()),
            _ => return None,
        };
        Some(Self { what, name: name.as_literal()?.to_owned() })
    }
}

fn in_account(deployment: &Deployment, resource: &Resource, name: &str) -> crate::Text {
    match deployment.account_of(&resource.id) {
        Some(account) => format!("{name} of account {account}").into(),
        None => name.into(),
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} `{}`", self.what, self.name)
    }
}
