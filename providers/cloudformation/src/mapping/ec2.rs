//! `AWS::EC2::VPCEndpoint`.

use super::{Fields, Made};
use crate::error::ReadError;
use narrows_model::Body;
use narrows_model::resources::ec2::{EndpointType, VpcEndpoint};

/// None for an endpoint of something other than a service.
pub(super) fn endpoint(fields: &Fields<'_>) -> Result<Vec<Made>, ReadError> {
    let Some(service_name) = fields.string("ServiceName")? else { return Ok(Vec::new()) };
    let endpoint_type = match fields.string("VpcEndpointType")?.as_deref() {
        Some("Interface") => EndpointType::Interface,
        // CloudFormation's default.
        Some("Gateway") | None => EndpointType::Gateway,
        Some(_) => EndpointType::Unsupported,
    };
    Ok(vec![Made::itself(Body::VpcEndpoint(VpcEndpoint {
        vpc: fields.required_input("VpcId")?,
        service_name,
        endpoint_type,
        private_dns: fields.flag("PrivateDnsEnabled")?.unwrap_or_default(),
        subnets: fields.inputs("SubnetIds")?,
        security_groups: fields.inputs("SecurityGroupIds")?,
        policy: fields.document("PolicyDocument")?,
        id: None,
    }))])
}
