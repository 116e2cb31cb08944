//! Private access through VPC endpoints.

use crate::stack::Builder;
use crate::{Fault, MrapRegion, Stack, StackError, Subject, logical, policies};
use narrows_model::resources::ec2::{EndpointType, SecurityGroup, SecurityGroupIngressRule, VpcEndpoint};
use narrows_model::{Attribute, Body, Cidr, Input, Kind, ResourceId, SubnetId, VpcId};

/// An interface endpoint for the access point in the VPC of one Region.
///
/// The stack makes the endpoint, with private DNS and a policy for this access point alone, and a security group that
/// lets the clients reach port 443. Once a stack has one, its policies deny what comes through no endpoint of the stack.
///
/// An endpoint that nobody could reach does not compile:
///
/// ```compile_fail,E0061
/// # use narrows_stacks::PrivateAccess;
/// PrivateAccess::new("eu-west-2".parse().unwrap(), "vpc-0a1b2c3d".parse().unwrap());
/// ```
#[derive(Clone, Debug)]
pub struct PrivateAccess {
    pub(crate) region: MrapRegion,
    vpc: VpcId,
    subnets: Vec<SubnetId>,
    clients: Vec<Cidr>,
}

impl PrivateAccess {
    /// An endpoint in a VPC, with a network interface in one subnet, for the clients of one network.
    pub fn new(region: MrapRegion, vpc: VpcId, subnet: SubnetId, clients: Cidr) -> Self {
        Self { region, vpc, subnets: vec![subnet], clients: vec![clients] }
    }

    /// Adds a network interface in another subnet, which must be in another Availability Zone.
    #[must_use]
    pub fn subnet(mut self, subnet: SubnetId) -> Self {
        self.subnets.push(subnet);
        self
    }

    /// Adds a network of clients.
    #[must_use]
    pub fn clients(mut self, network: Cidr) -> Self {
        self.clients.push(network);
        self
    }
}

pub(crate) fn check(all: &[PrivateAccess]) -> Result<(), StackError> {
    for (index, access) in all.iter().enumerate() {
        let error = |fault| Err(StackError::new(Subject::PrivateAccess(index), fault));
        if all.iter().take(index).any(|other| other.region == access.region) {
            return error(Fault::RepeatedEndpoint(access.region));
        }
        let subnets = access.subnets.iter().map(SubnetId::as_str);
        let mut seen = std::collections::BTreeSet::new();
        for name in subnets.chain(access.clients.iter().map(Cidr::as_str)) {
            if !seen.insert(name) {
                return error(Fault::RepeatedNetwork(name.to_owned()));
            }
        }
    }
    Ok(())
}

/// The stack's endpoints, by Region.
pub(crate) fn endpoint_ids(stack: &Stack) -> impl Iterator<Item = ResourceId> {
    let regions: std::collections::BTreeSet<_> = stack.private.iter().map(|it| it.region).collect();
    regions.into_iter().map(|region| logical::in_region(Kind::VpcEndpoint, region))
}

/// Adds endpoints and their security groups.
pub(crate) fn expand(stack: &Stack, out: &mut Builder) -> Result<(), StackError> {
    for access in &stack.private {
        let region = access.region;
        let group = logical::in_region(Kind::SecurityGroup, region);
        let body = SecurityGroup {
            // EC2 reserves names that begin with `sg-`, which a stack may be called.
            name: format!("mrap-{}-endpoint", stack.mrap.name),
            description: "Clients of the Multi-Region Access Point endpoint".to_owned(),
            vpc: Input::known(access.vpc.clone()),
        };
        out.add(group.clone(), Some(region.region()), Body::SecurityGroup(body))?;
        for client in &access.clients {
            let body = SecurityGroupIngressRule {
                security_group: Input::reference(group.attribute(Attribute::Id)),
                description: "HTTPS to the Multi-Region Access Point".to_owned(),
                cidr: client.clone(),
                port: 443,
            };
            out.add(
                logical::ingress(region, client),
                Some(region.region()),
                Body::SecurityGroupIngressRule(body),
            )?;
        }
        let body = VpcEndpoint {
            vpc: Input::known(access.vpc.clone()),
            service_name: VpcEndpoint::MRAP_SERVICE.to_owned(),
            endpoint_type: EndpointType::Interface,
            private_dns: true,
            subnets: access.subnets.iter().cloned().map(Input::known).collect(),
            security_groups: vec![Input::reference(group.attribute(Attribute::Id))],
            policy: Some(policies::endpoint::policy(stack)),
            id: None,
        };
        out.add(
            logical::in_region(Kind::VpcEndpoint, region),
            Some(region.region()),
            Body::VpcEndpoint(body),
        )?;
    }
    Ok(())
}
