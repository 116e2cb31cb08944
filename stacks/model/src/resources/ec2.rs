//! Amazon EC2: VPC endpoints and their security groups.

use super::referring;
use crate::{Cidr, Input, SecurityGroupId, SubnetId, Value, VpcEndpointId, VpcId};

/// A VPC endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VpcEndpoint {
    /// The VPC that it is in.
    pub vpc: Input<VpcId>,
    /// The service, such as `com.amazonaws.s3-global.accesspoint`.
    pub service_name: String,
    /// Its type.
    pub endpoint_type: EndpointType,
    /// Whether the service's public names resolve to it inside the VPC.
    pub private_dns: bool,
    /// The subnets that get a network interface.
    pub subnets: Vec<Input<SubnetId>>,
    /// The security groups of the network interfaces.
    pub security_groups: Vec<Input<SecurityGroupId>>,
    /// The document; `None` is full access, AWS's default.
    pub policy: Option<Value>,
    /// The id, once it is created.
    pub id: Option<VpcEndpointId>,
}
referring!(VpcEndpoint: vpc, subnets, security_groups, policy);

impl VpcEndpoint {
    /// The service of the one kind of endpoint that reaches Multi-Region Access Points; it has no Region in its name.
    pub const MRAP_SERVICE: &'static str = "com.amazonaws.s3-global.accesspoint";
}

/// The types of VPC endpoints that S3 has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointType {
    /// Network interfaces in subnets.
    Interface,
    /// Entries in route tables; cannot reach an MRAP.
    Gateway,
    /// One of the types that S3 does not have.
    Unsupported,
}

/// A security group without rules of its own; rules are resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityGroup {
    /// Its name; cannot change.
    pub name: String,
    /// What it is for; cannot change.
    pub description: String,
    /// The VPC that it is in.
    pub vpc: Input<VpcId>,
}
referring!(SecurityGroup: vpc);

/// A rule that lets traffic in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityGroupIngressRule {
    /// The security group.
    pub security_group: Input<SecurityGroupId>,
    /// What it is for.
    pub description: String,
    /// The network that traffic may come from.
    pub cidr: Cidr,
    /// The TCP port.
    pub port: u16,
}
referring!(SecurityGroupIngressRule: security_group);
