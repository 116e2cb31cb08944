//! `aws_vpc_endpoint`, `aws_security_group` and its rules.

use super::{Args, Fields};
use crate::error::ReadError;
use narrows_model::resources::ec2::{EndpointType, SecurityGroup, SecurityGroupIngressRule, VpcEndpoint};

pub(super) fn endpoint(it: &VpcEndpoint) -> Result<Args, (String, String)> {
    let endpoint_type = match it.endpoint_type {
        EndpointType::Interface => "Interface",
        EndpointType::Gateway => "Gateway",
        EndpointType::Unsupported => {
            let got = "an endpoint type that S3 does not have".to_owned();
            return Err((got, "an interface or gateway endpoint".to_owned()));
        }
    };
    let args = Args::default()
        .input("vpc_id", &it.vpc)
        .text("service_name", it.service_name.as_str())
        .text("vpc_endpoint_type", endpoint_type)
        .flag("private_dns_enabled", it.private_dns)
        .inputs("subnet_ids", &it.subnets)
        .inputs("security_group_ids", &it.security_groups);
    Ok(match &it.policy {
        Some(policy) => args.document("policy", policy),
        None => args,
    })
}

/// `None` for an endpoint of something other than a service.
pub(super) fn read_endpoint(fields: &Fields<'_>) -> Result<Option<VpcEndpoint>, ReadError> {
    let Some(service_name) = fields.string("service_name")? else { return Ok(None) };
    let endpoint_type = match fields.string("vpc_endpoint_type")?.as_deref() {
        Some("Interface") => EndpointType::Interface,
        // The provider's default.
        Some("Gateway") | None => EndpointType::Gateway,
        Some(_) => EndpointType::Unsupported,
    };
    Ok(Some(VpcEndpoint {
        vpc: fields.required_input("vpc_id")?,
        service_name,
        endpoint_type,
        private_dns: fields.incidental_flag("private_dns_enabled")?.unwrap_or_default(),
        subnets: fields.inputs("subnet_ids")?,
        security_groups: fields.inputs("security_group_ids")?,
        policy: fields.document("policy")?,
        id: fields.known("id", "an id such as vpce-0a1b2c3d4e5f60718")?,
    }))
}

pub(super) fn security_group(it: &SecurityGroup) -> Args {
    Args::default()
        .text("name", it.name.as_str())
        .text("description", it.description.as_str())
        .input("vpc_id", &it.vpc)
}

/// `None` for a group of the default VPC or without a name of its own.
pub(super) fn read_security_group(fields: &Fields<'_>) -> Result<Option<SecurityGroup>, ReadError> {
    let (Some(name), Some(vpc)) = (fields.string("name")?, fields.input("vpc_id")?) else { return Ok(None) };
    Ok(Some(SecurityGroup { name, description: fields.string("description")?.unwrap_or_default(), vpc }))
}

pub(super) fn ingress_rule(it: &SecurityGroupIngressRule) -> Args {
    Args::default()
        .input("security_group_id", &it.security_group)
        .text("description", it.description.as_str())
        .text("cidr_ipv4", it.cidr.as_str())
        .text("ip_protocol", "tcp")
        .number("from_port", it.port)
        .number("to_port", it.port)
}

/// `None` for a rule that is not for one TCP port and one known IPv4 network.
pub(super) fn read_ingress_rule(fields: &Fields<'_>) -> Result<Option<SecurityGroupIngressRule>, ReadError> {
    let is_literal =
        |name| fields.text(name).is_ok_and(|text| text.is_some_and(|(text, _)| text.as_literal().is_some()));
    let tcp = fields.string("ip_protocol")?.is_some_and(|protocol| protocol == "tcp" || protocol == "6");
    if !tcp || !["cidr_ipv4", "from_port", "to_port"].into_iter().all(is_literal) {
        return Ok(None);
    }
    let (from, to) = (fields.number::<u16>("from_port")?, fields.number::<u16>("to_port")?);
    let (Some(cidr), Some(port), true) = (fields.known("cidr_ipv4", "an IPv4 network")?, from, from == to)
    else {
        return Ok(None);
    };
    Ok(Some(SecurityGroupIngressRule {
        security_group: fields.required_input("security_group_id")?,
        description: fields.string("description")?.unwrap_or_default(),
        cidr,
        port,
    }))
}
