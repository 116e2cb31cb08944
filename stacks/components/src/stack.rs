use crate::logical;
use crate::{
    FailoverRoutes, Fault, MrapRegion, MrapStack, Note, Observability, PrivateAccess, ReplicationMesh,
    StackError, Subject,
};
use crate::{failover_routes, mrap_stack, observability, policies, private_access, replication_mesh};
use narrows_model::intent::{self, Endpoint, Exempt, Exemption};
use narrows_model::resources::Address;
use narrows_model::{
    Attribute, Body, Deployment, Input, Intent, Kind, Location, Partition, Region, Resource, ResourceId, Text,
};

/// A Multi-Region Access Point and what is put on top of it.
///
/// Defaults: no replication, every Region active, reachable from anywhere, no alarms.
#[derive(Clone, Debug)]
pub struct Stack {
    pub(crate) mrap: MrapStack,
    pub(crate) mesh: Option<ReplicationMesh>,
    pub(crate) routes: Option<FailoverRoutes>,
    pub(crate) private: Vec<PrivateAccess>,
    pub(crate) observability: Option<Observability>,
}

/// What a stack expands to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// The resources.
    pub deployment: Deployment,
    /// What the owner declared, against which the deployment is proved.
    pub intent: Intent,
    /// What the owner should know.
    pub notes: Vec<Note>,
}

impl Stack {
    /// A stack of an access point and its buckets alone.
    pub fn new(mrap: MrapStack) -> Self {
        Self { mrap, mesh: None, routes: None, private: Vec::new(), observability: None }
    }

    /// Replicates between all buckets, both ways.
    #[must_use]
    pub fn replicate(mut self, mesh: ReplicationMesh) -> Self {
        self.mesh = Some(mesh);
        self
    }

    /// Declares which Regions take traffic.
    #[must_use]
    pub fn failover(mut self, routes: FailoverRoutes) -> Self {
        self.routes = Some(routes);
        self
    }

    /// Makes an endpoint in a VPC, and admits nothing that does not come through one of the stack's endpoints.
    #[must_use]
    pub fn private_access(mut self, access: PrivateAccess) -> Self {
        self.private.push(access);
        self
    }

    /// Watches the stack.
    #[must_use]
    pub fn observe(mut self, observability: Observability) -> Self {
        self.observability = Some(observability);
        self
    }

    /// Expands the stack into resources.
    ///
    /// # Errors
    /// The first part that does not fit the rest; [`StackError::subject`] says which part it is.
    pub fn build(&self) -> Result<Composed, StackError> {
        let notes = self.check()?;
        let mut out = Builder(Deployment::new(Some(self.mrap.account.clone()), Partition::Aws));
        mrap_stack::expand(self, &mut out)?;
        if let Some(mesh) = &self.mesh {
            replication_mesh::expand(self, mesh, &mut out)?;
        }
        if let Some(routes) = &self.routes {
            failover_routes::expand(self, routes, &mut out)?;
        }
        private_access::expand(self, &mut out)?;
        if let Some(observability) = &self.observability {
            observability::expand(self, observability, &mut out)?;
        }
        let deployment = out.0;
        deployment.in_order().map_err(|error| StackError::new(Subject::Stack, Fault::Graph(error)))?;
        policies::size::check(&deployment)?;
        Ok(Composed { deployment, intent: self.intent()?, notes })
    }

    fn check(&self) -> Result<Vec<Note>, StackError> {
        let mut notes = Vec::new();
        self.mrap.check(&mut notes)?;
        let regions = self.mrap.regions();
        if let Some(mesh) = &self.mesh {
            mesh.check(&regions)?;
        }
        if let Some(routes) = &self.routes {
            routes.check(&regions)?;
        }
        private_access::check(&self.private)?;
        if let Some(observability) = &self.observability {
            observability.check(&regions, &mut notes)?;
        }
        Ok(notes)
    }

    fn intent(&self) -> Result<Intent, StackError> {
        let mrap = &self.mrap;
        let grant = |grant: &crate::Grant| intent::Grant {
            role: grant.role.clone(),
            access: grant.access,
            mrap: mrap.mrap.clone(),
            prefix: grant.prefix.to_string(),
        };
        let replication = match &self.mesh {
            Some(_) => Some(Exemption {
                who: Exempt::ReplicationRole(replication_mesh::role_arn(self)?),
                reason: "S3 replicates between the buckets with this role".to_owned(),
                expires: None,
            }),
            None => None,
        };
        let break_glass = mrap.break_glass.iter().map(|it| Exemption {
            who: Exempt::Role(it.role.clone()),
            reason: it.reason.clone(),
            expires: it.expires,
        });
        let services = mrap.services.iter().map(|it| Exemption {
            who: Exempt::Service(it.service.clone()),
            reason: it.reason.clone(),
            expires: None,
        });
        let endpoints = || private_access::endpoint_ids(self).map(Endpoint::Resource).collect();
        Ok(Intent {
            account: Some(mrap.account.clone()),
            organisation: mrap.organisation.clone(),
            grants: mrap.grants.iter().map(grant).collect(),
            exemptions: replication.into_iter().chain(break_glass).chain(services).collect(),
            deployer: mrap.deployer.clone(),
            failover_operators: self.routes.as_ref().map(|it| it.operators.clone()).unwrap_or_default(),
            endpoints: (!self.private.is_empty()).then(endpoints),
            minimum_tls: Some(mrap.minimum_tls),
            memberships: Vec::new(),
            overrides: mrap.overrides.clone(),
        })
    }

    /// The access point's ARN, which exists only after deployment.
    pub(crate) fn mrap_arn(&self) -> Text {
        logical::of_mrap(Kind::MultiRegionAccessPoint).arn().into()
    }

    /// The ARN of a Region's bucket.
    pub(crate) fn bucket_arn(&self, region: MrapRegion) -> Text {
        logical::in_region(Kind::Bucket, region).arn().into()
    }

    /// The name of a Region's bucket.
    pub(crate) fn bucket_name(&self, region: MrapRegion) -> Text {
        logical::in_region(Kind::Bucket, region).attribute(Attribute::Id).into()
    }

    /// The ids of the stack's endpoints, which exist only after deployment.
    pub(crate) fn endpoint_ids(&self) -> Vec<Text> {
        private_access::endpoint_ids(self).map(|id| id.attribute(Attribute::Id).into()).collect()
    }
}

/// Collects a stack's resources.
pub(crate) struct Builder(Deployment);

impl Builder {
    pub(crate) fn add(
        &mut self,
        id: ResourceId,
        region: Option<Region>,
        body: Body,
    ) -> Result<(), StackError> {
        self.add_after(id, region, body, Vec::new())
    }

    /// Adds a resource that must come after others although nothing in it refers to them.
    pub(crate) fn add_after(
        &mut self,
        id: ResourceId,
        region: Option<Region>,
        body: Body,
        depends_on: Vec<ResourceId>,
    ) -> Result<(), StackError> {
        let region = region.map(Input::known);
        let (address, location) = (Address::default(), Location::none());
        let resource = Resource { id, region, body, depends_on, address, location };
        self.0.add(resource).map_err(|error| StackError::new(Subject::Stack, Fault::Graph(error)))
    }
}
