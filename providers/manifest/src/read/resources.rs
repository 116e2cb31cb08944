//! The tables of a manifest.

use super::{Common, Reader};
use crate::error::ManifestError;
use crate::table::Table;
use narrows_model::resources::ec2::{EndpointType, VpcEndpoint};
use narrows_model::resources::iam::{ManagedPolicy, Role, RolePolicy};
use narrows_model::resources::s3::{
    Bucket, BucketOwnershipControls, BucketPolicy, BucketPublicAccessBlock, BucketReplication,
    ObjectOwnership, PublicAccessBlock, ReplicationRule,
};
use narrows_model::resources::s3control::{MrapBucket, MultiRegionAccessPoint, MultiRegionAccessPointPolicy};
use narrows_model::{
    Arn, Body, BucketName, Input, MrapArn, MrapName, Region, RoleName, Text, Value, VpcEndpointId,
};

const ENDPOINTS: [(&str, EndpointType); 2] =
    [("interface", EndpointType::Interface), ("gateway", EndpointType::Gateway)];

impl Reader<'_, '_> {
    pub(super) fn bucket(&mut self, value: &Value) -> Result<(), ManifestError> {
        let known =
            ["name", "account", "region", "policy", "ownership", "public_access_block", "replication"];
        let table = Table::of(value, "a bucket", &known)?;
        let name: BucketName = table.required("name", "the bucket's name")?;
        let bucket = Table::of(value, &format!("bucket `{name}`"), &known)?;
        let region: Option<Input<Region>> = bucket.input("region")?;
        if let Some((known, place)) =
            region.as_ref().and_then(|region| Some((*region.as_known()?, region.location.clone())))
        {
            self.in_partition(known.partition(), known.as_str(), &place)?;
        }
        let common = Common {
            name: name.to_string(),
            account: bucket.name("account")?,
            region,
            location: value.location.clone(),
        };
        let account = common.account.clone().or_else(|| self.deployment.account.clone());
        let its = || Input::known(name.clone());
        let body = Body::Bucket(Bucket { name: Some(its()), force_destroy: false });
        self.add(&common, body, "", &value.location)?;
        if let Some((policy, file)) = self.policy(&bucket, "policy")? {
            let place = policy.location.clone();
            self.add(&common, Body::BucketPolicy(BucketPolicy { bucket: its(), policy }), &file, &place)?;
        }
        if let Some(ownership) = bucket.word("ownership", &ObjectOwnership::WORDS)? {
            let body = Body::BucketOwnershipControls(BucketOwnershipControls { bucket: its(), ownership });
            self.add(&common, body, "", &value.location)?;
        }
        if let Some(block) = public_access_block(&bucket)? {
            let body = Body::BucketPublicAccessBlock(BucketPublicAccessBlock { bucket: its(), block });
            self.add(&common, body, "", &value.location)?;
        }
        if let Some(given) = bucket.get("replication") {
            let replication = self.replication(its(), given, bucket.what())?;
            self.add(&common, Body::BucketReplication(replication), "", &given.location)?;
        }
        self.buckets.insert(name, account);
        Ok(())
    }

    fn replication(
        &mut self,
        bucket: Input<BucketName>,
        value: &Value,
        of: &str,
    ) -> Result<BucketReplication, ManifestError> {
        let table = Table::of(value, &format!("`replication` of {of}"), &["role", "destinations"])?;
        let role: Arn = table.required("role", "the ARN of the role that S3 assumes")?;
        let mut rules = Vec::new();
        for (index, destination) in table.inputs::<Arn>("destinations")?.into_iter().enumerate() {
            rules.push(ReplicationRule {
                id: (index + 1).to_string(),
                enabled: true,
                priority: u32::try_from(index + 1).unwrap_or(u32::MAX),
                prefix: String::new(),
                destination,
                destination_account: None,
                delete_markers: false,
                replica_modifications: false,
                time_control: false,
                metrics: false,
                encrypted_objects: false,
                replica_key: None,
            });
        }
        let place = table.get("role").map(|role| role.location.clone()).unwrap_or_default();
        Ok(BucketReplication { bucket, role: Input::known(role).at(place), rules })
    }

    pub(super) fn mrap(&mut self, value: &Value) -> Result<(), ManifestError> {
        let known = ["name", "account", "arn", "buckets", "policy", "public_access_block"];
        let table = Table::of(value, "an MRAP", &known)?;
        let name: MrapName = table.required("name", "the MRAP's name")?;
        let mrap = Table::of(value, &format!("MRAP `{name}`"), &known)?;
        let arn: Option<MrapArn> = mrap.name("arn")?;
        if let Some(arn) = &arn {
            let place = mrap.get("arn").map(|arn| arn.location.clone()).unwrap_or_default();
            self.in_partition(arn.partition(), arn.as_str(), &place)?;
        }
        let own = arn.as_ref().map(|arn| arn.account().clone());
        let account = own.or(mrap.name("account")?);
        let owner = account.clone().or_else(|| self.deployment.account.clone());
        let mut buckets = Vec::new();
        for bucket in mrap.inputs::<BucketName>("buckets")? {
            let described = bucket.as_known().and_then(|name| self.buckets.get(name));
            let Some(of_bucket) = described else {
                let message = format!(
                    "bucket `{}` of {} is not described: expected a [[bucket]] of that name; add one",
                    bucket.to_text(),
                    mrap.what()
                );
                return Err(ManifestError::new(message, &bucket.location));
            };
            let account = of_bucket.clone().filter(|account| Some(account) != owner.as_ref());
            buckets.push(MrapBucket { bucket, account });
        }
        if buckets.is_empty() {
            let message =
                format!("`buckets` of {} is missing: expected the names of its buckets", mrap.what());
            return Err(ManifestError::new(message, mrap.location()));
        }
        let common = Common {
            name: name.to_string(),
            account: account.clone(),
            region: None,
            location: value.location.clone(),
        };
        let body = MultiRegionAccessPoint {
            name: Input::known(name.clone()),
            account: account.map(Input::known),
            buckets,
            public_access_block: public_access_block(&mrap)?.unwrap_or(PublicAccessBlock::ALL),
            alias: arn.map(|arn| arn.alias().clone()),
        };
        self.add(&common, Body::MultiRegionAccessPoint(body), "", &value.location)?;
        if let Some((policy, file)) = self.policy(&mrap, "policy")? {
            let place = policy.location.clone();
            let body = MultiRegionAccessPointPolicy { mrap: Input::known(name), policy };
            self.add(&common, Body::MultiRegionAccessPointPolicy(body), &file, &place)?;
        }
        Ok(())
    }

    pub(super) fn endpoint(&mut self, value: &Value) -> Result<(), ManifestError> {
        let known = ["id", "account", "region", "type", "service", "policy"];
        let table = Table::of(value, "an endpoint", &known)?;
        let id: VpcEndpointId = table.required("id", "the endpoint's id, vpce-…")?;
        let endpoint = Table::of(value, &format!("endpoint `{id}`"), &known)?;
        let endpoint_type = endpoint.word("type", &ENDPOINTS)?.unwrap_or(EndpointType::Interface);
        let common = Common {
            name: id.to_string(),
            account: endpoint.name("account")?,
            region: endpoint.input("region")?,
            location: value.location.clone(),
        };
        let (policy, file) = self.policy(&endpoint, "policy")?.unzip();
        let service = endpoint.text("service")?.map_or(VpcEndpoint::MRAP_SERVICE, |(service, _)| service);
        let body = VpcEndpoint {
            vpc: Input::unknown(format!("the VPC of {id}, which the manifest does not name")),
            service_name: service.to_owned(),
            endpoint_type,
            private_dns: false,
            subnets: Vec::new(),
            security_groups: Vec::new(),
            policy,
            id: Some(id),
        };
        self.add(&common, Body::VpcEndpoint(body), &file.unwrap_or_default(), &value.location)?;
        Ok(())
    }

    pub(super) fn role(&mut self, value: &Value) -> Result<(), ManifestError> {
        let known = ["name", "path", "account", "trust", "policies", "managed_policies", "boundary"];
        let table = Table::of(value, "a role", &known)?;
        let name: RoleName = table.required("name", "the role's name")?;
        let role = Table::of(value, &format!("role `{name}`"), &known)?;
        let common = |suffix: String| -> Result<Common, ManifestError> {
            Ok(Common {
                name: format!("{name}{suffix}"),
                account: role.name("account")?,
                region: None,
                location: value.location.clone(),
            })
        };
        let trust = match self.policy(&role, "trust")? {
            Some((trust, _)) => trust,
            None => Value::text(Text::unknown(format!(
                "the trust policy of {}, which the manifest does not name",
                role.what()
            ))),
        };
        let permissions_boundary = match role.text("boundary")? {
            Some((arn, _)) if arn.starts_with("arn:") => role.input("boundary")?,
            Some((path, place)) => {
                let (policy, file) = self.file(path, place, &format!("`boundary` of {}", role.what()))?;
                let location = policy.location.clone();
                let body = ManagedPolicy {
                    name: None,
                    path: "/"
                        .parse()
                        .map_err(|cause| ManifestError::name("a policy's path", &cause, place))?,
                    description: None,
                    policy,
                };
                let id =
                    self.add(&common(" boundary".to_owned())?, Body::ManagedPolicy(body), &file, &location)?;
                Some(Input::reference(id.arn()).at(place.clone()))
            }
            None => None,
        };
        let path = match role.name("path")? {
            Some(path) => path,
            None => {
                "/".parse().map_err(|cause| ManifestError::name("a role's path", &cause, role.location()))?
            }
        };
        let body = Role {
            name: Some(Input::known(name.clone())),
            path,
            description: None,
            assume_role_policy: trust,
            permissions_boundary,
            managed_policies: role.inputs("managed_policies")?,
            inline_policies: Vec::new(),
        };
        self.add(&common(String::new())?, Body::Role(body), "", &value.location)?;
        for (path, place) in role.texts("policies")? {
            let (policy, file) = self.file(path, place, &format!("`policies` of {}", role.what()))?;
            let location = policy.location.clone();
            let body = RolePolicy { role: Input::known(name.clone()), name: path.to_owned(), policy };
            self.add(&common(format!(" {path}"))?, Body::RolePolicy(body), &file, &location)?;
        }
        Ok(())
    }
}

/// `true` for all four settings, or a table of them, false where one is not given.
fn public_access_block(table: &Table<'_>) -> Result<Option<PublicAccessBlock>, ManifestError> {
    const FLAGS: [&str; 4] =
        ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
    let Some(value) = table.get("public_access_block") else { return Ok(None) };
    let all = |on| PublicAccessBlock {
        block_public_acls: on,
        block_public_policy: on,
        ignore_public_acls: on,
        restrict_public_buckets: on,
    };
    if value.members().is_none() {
        return Ok(table.flag("public_access_block")?.map(all));
    }
    let given = Table::of(value, &format!("`public_access_block` of {}", table.what()), &FLAGS)?;
    let flag = |name| Ok::<_, ManifestError>(given.flag(name)?.unwrap_or_default());
    Ok(Some(PublicAccessBlock {
        block_public_acls: flag("block_public_acls")?,
        block_public_policy: flag("block_public_policy")?,
        ignore_public_acls: flag("ignore_public_acls")?,
        restrict_public_buckets: flag("restrict_public_buckets")?,
    }))
}
