//! Which Regions take traffic, and which take over.

use crate::mrap_stack::check_principal;
use crate::replication_mesh::check_covers;
use crate::stack::Builder;
use crate::{MrapRegion, Stack, StackError, Subject, logical};
use narrows_model::resources::s3control::{Dial, MultiRegionAccessPointRoutes, Route};
use narrows_model::{Arn, Attribute, Body, Input, Kind, Region};

/// Which Regions of an access point take traffic, and in which order the others take over.
///
/// S3 knows active and passive alone: the order is kept in the description and shown on the dashboard. No failover
/// operators by default. There are no routes without an active Region, and none without a Region to fail over to:
///
/// ```compile_fail,E0599
/// # use narrows_stacks::FailoverRoutes;
/// FailoverRoutes::default();
/// ```
///
/// ```compile_fail,E0308
/// # use narrows_stacks::{FailoverRoutes, Stack};
/// fn failover(stack: Stack) -> Stack {
///     stack.failover(FailoverRoutes::active("eu-west-2".parse().unwrap()))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct FailoverRoutes {
    pub(crate) active: Vec<MrapRegion>,
    pub(crate) passive: Vec<MrapRegion>,
    pub(crate) operators: Vec<Arn>,
}

/// The first active Region, on the way to [`FailoverRoutes`].
#[derive(Clone, Copy, Debug)]
pub struct ActiveRegion(MrapRegion);

impl ActiveRegion {
    /// Adds the Region that takes over first; it takes no traffic until then.
    pub fn backup(self, region: MrapRegion) -> FailoverRoutes {
        FailoverRoutes { active: vec![self.0], passive: vec![region], operators: Vec::new() }
    }

    /// Adds a second active Region.
    pub fn and_active(self, region: MrapRegion) -> FailoverRoutes {
        FailoverRoutes { active: vec![self.0, region], passive: Vec::new(), operators: Vec::new() }
    }
}

impl FailoverRoutes {
    /// Starts with a Region that takes traffic.
    pub fn active(region: MrapRegion) -> ActiveRegion {
        ActiveRegion(region)
    }

    /// Adds another active Region.
    #[must_use]
    pub fn and_active(mut self, region: MrapRegion) -> Self {
        self.active.push(region);
        self
    }

    /// Adds the Region that takes over next, after those named before.
    #[must_use]
    pub fn then(mut self, region: MrapRegion) -> Self {
        self.passive.push(region);
        self
    }

    /// Names a role or user that may change the routes.
    #[must_use]
    pub fn operator(mut self, operator: Arn) -> Self {
        self.operators.push(operator);
        self
    }

    pub(crate) fn check(&self, regions: &[MrapRegion]) -> Result<(), StackError> {
        let named: Vec<_> = self.active.iter().chain(&self.passive).copied().collect();
        let active = self.active.len();
        check_covers(regions, &named, "the failover routes", Subject::Failover, |index| {
            index.checked_sub(active).map_or(Subject::Active(index), Subject::Passive)
        })?;
        for (index, operator) in self.operators.iter().enumerate() {
            check_principal(Subject::Operator(index), operator)?;
        }
        Ok(())
    }
}

/// The Region whose control endpoint sets the routes: one that holds none of the data, where there is one, so that the
/// loss of a data Region does not take the switch with it.
fn control_region(regions: &[MrapRegion]) -> Region {
    let holds_data = |region: &Region| regions.iter().any(|it| it.region() == *region);
    let [first, ..] = Region::ROUTE_CONTROL;
    Region::ROUTE_CONTROL.into_iter().find(|region| !holds_data(region)).unwrap_or(first)
}

/// Adds the routes.
pub(crate) fn expand(stack: &Stack, routes: &FailoverRoutes, out: &mut Builder) -> Result<(), StackError> {
    let regions = stack.mrap.regions();
    let route = |&region: &MrapRegion| Route {
        bucket: Input::reference(logical::in_region(Kind::Bucket, region).attribute(Attribute::Id)),
        region: Input::known(region.region()),
        dial: if routes.active.contains(&region) { Dial::Active } else { Dial::Passive },
    };
    let body = MultiRegionAccessPointRoutes {
        mrap: Input::reference(logical::of_mrap(Kind::MultiRegionAccessPoint).arn()),
        routes: regions.iter().map(route).collect(),
    };
    let id = logical::of_mrap(Kind::MultiRegionAccessPointRoutes);
    out.add(id, Some(control_region(&regions)), Body::MultiRegionAccessPointRoutes(body))
}
