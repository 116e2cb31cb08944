//! VPC endpoints and their policies.

use super::Fields;
use crate::error::ReadError;
use narrows_model::resources::ec2::{EndpointType, VpcEndpoint};
use narrows_model::{Attribute, Input, Kind, Value, VpcEndpointId};

/// `None` for an endpoint of something other than a service.
pub(super) fn endpoint(fields: &Fields<'_>) -> Result<Option<VpcEndpoint>, ReadError> {
    let Some(service_name) = fields.string("serviceName")? else { return Ok(None) };
    let endpoint_type = match fields.string("vpcEndpointType")?.as_deref() {
        Some("Interface") => EndpointType::Interface,
        // The provider's default.
        Some("Gateway") | None => EndpointType::Gateway,
        Some(_) => EndpointType::Unsupported,
    };
    Ok(Some(VpcEndpoint {
        vpc: fields.required_input("vpcId")?,
        service_name,
        endpoint_type,
        private_dns: fields.flag("privateDnsEnabled")?.unwrap_or_default(),
        subnets: fields.inputs("subnetIds")?,
        security_groups: fields.inputs("securityGroupIds")?,
        policy: fields.document("policy")?,
        id: fields.known("id", "an id such as vpce-0a1b2c3d4e5f60718")?,
    }))
}

/// A policy of an endpoint that is a resource of its own.
pub(crate) struct EndpointPolicy {
    pub endpoint: Input<VpcEndpointId>,
    /// `None` where it says nothing: then the endpoint has AWS's default.
    pub policy: Option<Value>,
}

pub(crate) fn policy(fields: &Fields<'_>) -> Result<EndpointPolicy, ReadError> {
    let policy = fields.document("policy")?.filter(|policy| policy.as_str() != Some(""));
    let endpoint = fields.required_named("vpcEndpointId", &[Kind::VpcEndpoint], Attribute::Id)?;
    Ok(EndpointPolicy { endpoint, policy })
}
