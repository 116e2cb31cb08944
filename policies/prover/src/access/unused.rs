//! What the input has and the model does not use: said with every verdict, so that nobody takes it for counted.

use super::Unused;
use super::build::Builder;
use narrows_model::resources::Other;
use narrows_model::{Body, Resource, Text, Value, is_symbol};

impl Builder<'_> {
    /// Remarks on resources that have a say in access and no part in the model.
    pub(super) fn unused(&mut self) {
        let deployment = self.deployment;
        for resource in deployment.resources() {
            let Body::Other(other) = &resource.body else { continue };
            if let Some(why) = self.why_unused(other) {
                let name = name(resource);
                let bucket = other.arguments.get("bucket").or_else(|| other.arguments.get("Bucket"));
                let bucket = bucket.and_then(Value::as_text).map(|bucket| self.resolve(bucket));
                let content = format!("{} {}", other.type_name, other.arguments);
                self.unused_one(Unused { name, content, bucket, why });
            }
        }
    }

    /// Notes something that is not used.
    pub(super) fn unused_one(&mut self, unused: Unused) {
        self.model.remarks.push(format!("not used: {}: {}", unused.name, unused.why));
        self.model.unused.push(unused);
    }

    fn why_unused(&mut self, other: &Other) -> Option<String> {
        const POINT: &str =
            "its policy is taken to allow everything, as that of any access point that is no MRAP";
        let given = |name: &str| other.arguments.get(name).filter(|it| it.as_str() != Some(""));
        match other.type_name.as_str() {
            "aws_s3_access_point" | "AWS::S3::AccessPoint" | "aws:s3/accessPoint:AccessPoint" => {
                let policy = given("policy").or_else(|| given("Policy"));
                policy
                    .filter(|policy| policy.kind != narrows_model::ValueKind::Null)
                    .map(|_| POINT.to_owned())
            }
            "aws_s3control_access_point_policy"
            | "aws:s3control/accessPointPolicy:AccessPointPolicy"
            | "AWS::S3ObjectLambda::AccessPointPolicy" => {
                Some("policies of access points that are no MRAPs are taken to allow everything".to_owned())
            }
            "aws_s3_account_public_access_block"
            | "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock" => {
                Some("the account's public access settings are not read; those of each bucket are".to_owned())
            }
            _ => {
                let id = self.resolve(endpoint_of(other)?);
                let known = self.model.endpoints.iter().any(|it| it.id == id);
                let endpoint = self.model.show(&id);
                if !known && id.contains(is_symbol) {
                    return Some(format!(
                        "its endpoint {endpoint} is known only after deployment, and may be one of the input"
                    ));
                }
                (!known).then(|| format!("its endpoint {endpoint} is not in the input"))
            }
        }
    }
}

/// The endpoint that a policy of a VPC endpoint names; `None` for other resources.
pub(super) fn endpoint_of(other: &Other) -> Option<&Text> {
    let name = match other.type_name.as_str() {
        "aws_vpc_endpoint_policy" => "vpc_endpoint_id",
        "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy" => "vpcEndpointId",
        _ => return None,
    };
    other.arguments.get(name).and_then(Value::as_text)
}

/// How a remark calls a resource.
pub(super) fn name(resource: &Resource) -> String {
    match resource.address.as_str() {
        "" => resource.id.to_string(),
        address => address.to_owned(),
    }
}
