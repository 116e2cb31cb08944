use super::SpecError;
use super::file::{FailoverTable, File, ObservabilityTable, ReplicationTable};
use super::given::{Described, Given, Placed};
use crate::{
    BreakGlass, ExemptService, FailoverRoutes, Grant, MrapStack, Observability, PrivateAccess,
    RegionalBucket, ReplicationMesh, Stack, StackError, Subject, Thresholds,
};
use narrows_model::intent::Override;
use narrows_model::{Source, Span};
use std::sync::Arc;

/// Reads the texts of one description.
struct Reader<'a>(&'a Arc<Source>);

impl Reader<'_> {
    fn read<T: Described>(&self, given: &Given<T>) -> Result<T, SpecError> {
        T::read(&given.text).map_err(|wrong| {
            let help = wrong.nearest.map(|near| format!("did you mean `{near}`?"));
            SpecError::new(self.0, given.span, wrong.message).with_help(help)
        })
    }

    fn maybe<T: Described>(&self, given: Option<&Given<T>>) -> Result<Option<T>, SpecError> {
        given.map(|given| self.read(given)).transpose()
    }

    fn all<T: Described>(&self, given: &[Given<T>]) -> Result<Vec<T>, SpecError> {
        given.iter().map(|given| self.read(given)).collect()
    }

    /// The first of a list, and the rest.
    fn some<T: Described>(
        &self,
        given: &Placed<Vec<Given<T>>>,
        what: &str,
    ) -> Result<(T, std::vec::IntoIter<T>), SpecError> {
        let mut all = self.all(&given.it)?.into_iter();
        match all.next() {
            Some(first) => Ok((first, all)),
            None => Err(SpecError::new(
                self.0,
                given.span,
                format!("an empty list: expected at least one {what}"),
            )),
        }
    }
}

/// The stack that a file describes.
pub(super) fn stack(source: &Arc<Source>, file: &File) -> Result<Stack, SpecError> {
    let reader = Reader(source);
    let mut stack = Stack::new(mrap(&reader, file)?);
    if let Some(replication) = &file.replication {
        stack = stack.replicate(mesh(&reader, file, replication)?);
    }
    if let Some(failover) = &file.failover {
        stack = stack.failover(routes(&reader, failover)?);
    }
    for access in &file.private_access {
        let access = &access.it;
        let (subnet, subnets) = reader.some(&access.subnets, "subnet")?;
        let (client, clients) = reader.some(&access.clients, "network of clients")?;
        let first =
            PrivateAccess::new(reader.read(&access.region)?, reader.read(&access.vpc)?, subnet, client);
        let access = clients.fold(subnets.fold(first, PrivateAccess::subnet), PrivateAccess::clients);
        stack = stack.private_access(access);
    }
    if let Some(table) = &file.observability {
        let topics = reader.all(&table.notify)?;
        let observability = Observability::default().thresholds(thresholds(table));
        stack = stack.observe(topics.into_iter().fold(observability, Observability::notify));
    }
    Ok(stack)
}

fn mrap(reader: &Reader<'_>, file: &File) -> Result<MrapStack, SpecError> {
    let mut buckets = Vec::new();
    for bucket in &file.bucket.it {
        buckets.push(RegionalBucket::new(reader.read(&bucket.region)?, reader.read(&bucket.name)?));
    }
    let mut buckets = buckets.into_iter();
    let Some(first) = buckets.next() else {
        return Err(SpecError::new(reader.0, file.bucket.span, "no bucket: expected one in each Region"));
    };
    let table = &file.stack;
    let mut mrap = MrapStack::new(
        reader.read(&table.name)?,
        reader.read(&table.account)?,
        reader.read(&file.mrap.name)?,
        first,
    );
    mrap = buckets.fold(mrap, MrapStack::bucket);
    if let Some(deployer) = reader.maybe(table.deployer.as_ref())? {
        mrap = mrap.deployer(deployer);
    }
    if let Some(organisation) = reader.maybe(table.organisation.as_ref())? {
        mrap = mrap.organisation(organisation);
    }
    if let Some(version) = reader.maybe(table.minimum_tls.as_ref())? {
        mrap = mrap.minimum_tls(version);
    }
    for grant in &file.grant {
        let prefix = reader.maybe(grant.prefix.as_ref())?.unwrap_or_default();
        let (role, access) = (reader.read(&grant.role)?, reader.read(&grant.access)?);
        mrap = mrap.grant(Grant { role, access, prefix });
    }
    for it in &file.break_glass {
        let exemption = BreakGlass::new(reader.read(&it.role)?, reader.read(&it.reason)?.0);
        let last = reader.maybe(it.expires.as_ref())?;
        mrap = mrap.break_glass(last.into_iter().fold(exemption, BreakGlass::until));
    }
    for it in &file.overrides {
        mrap = mrap.decide(Override {
            guardrail: it.guardrail.clone(),
            subject: it.subject.clone(),
            severity: reader.maybe(it.severity.as_ref())?,
            reason: reader.read(&it.reason)?.0,
            expires: reader.maybe(it.expires.as_ref())?,
        });
    }
    for it in &file.exempt_service {
        mrap = mrap.exempt_service(ExemptService {
            service: reader.read(&it.service)?,
            access: reader.read(&it.access)?,
            prefix: reader.maybe(it.prefix.as_ref())?.unwrap_or_default(),
            reason: reader.read(&it.reason)?.0,
        });
    }
    Ok(mrap)
}

fn mesh(
    reader: &Reader<'_>,
    file: &File,
    table: &Placed<ReplicationTable>,
) -> Result<ReplicationMesh, SpecError> {
    let mut regions = Vec::new();
    for bucket in &file.bucket.it {
        regions.push(reader.read(&bucket.region)?);
    }
    let mut regions = regions.into_iter();
    let (Some(one), Some(other)) = (regions.next(), regions.next()) else {
        let help = "add a bucket in another Region, or leave out `[replication]`".to_owned();
        let message = "replication with a single bucket: expected at least two";
        return Err(SpecError::new(reader.0, table.span, message).with_help(Some(help)));
    };
    let mesh = regions.fold(ReplicationMesh::between(one, other), ReplicationMesh::and);
    Ok(mesh
        .time_control(table.it.time_control)
        .delete_markers(table.it.delete_markers)
        .replica_modifications(table.it.replica_modifications))
}

fn routes(reader: &Reader<'_>, table: &Placed<FailoverTable>) -> Result<FailoverRoutes, SpecError> {
    let (first, active) = reader.some(&table.it.active, "active Region")?;
    let backup = reader.maybe(table.it.backup.as_ref())?;
    let passive = reader.all(&table.it.passive)?;
    let operators = reader.all(&table.it.operators)?;
    if let (None, Some(first)) = (&backup, table.it.passive.first()) {
        let message =
            "passive Regions without a backup: expected `backup` to name the Region that takes over first";
        let help = format!("write `backup = \"{}\"`, and leave it out here", first.text);
        return Err(SpecError::new(reader.0, first.span, message).with_help(Some(help)));
    }
    let mut active = active.peekable();
    let routes = match (backup, active.next()) {
        (Some(backup), next) => next
            .into_iter()
            .chain(active)
            .fold(FailoverRoutes::active(first).backup(backup), FailoverRoutes::and_active),
        (None, Some(next)) => {
            active.fold(FailoverRoutes::active(first).and_active(next), FailoverRoutes::and_active)
        }
        (None, None) => {
            let message = "a single active Region and no backup: expected a Region to fail over to";
            let help = "name it as `backup`; an access point of one Region has no failover".to_owned();
            return Err(SpecError::new(reader.0, table.span, message).with_help(Some(help)));
        }
    };
    let routes = passive.into_iter().fold(routes, FailoverRoutes::then);
    Ok(operators.into_iter().fold(routes, FailoverRoutes::operator))
}

fn thresholds(table: &ObservabilityTable) -> Thresholds {
    let default = Thresholds::default();
    Thresholds {
        replication_latency_seconds: table
            .replication_latency_seconds
            .unwrap_or(default.replication_latency_seconds),
        pending_operations: table.pending_operations.unwrap_or(default.pending_operations),
        pending_bytes: table.pending_bytes.unwrap_or(default.pending_bytes),
        failed_operations: table.failed_operations.unwrap_or(default.failed_operations),
        server_errors: table.server_errors.unwrap_or(default.server_errors),
        first_byte_latency_milliseconds: table
            .first_byte_latency_milliseconds
            .unwrap_or(default.first_byte_latency_milliseconds),
    }
}

/// A stack's fault at its place in the description.
pub(super) fn located(source: &Arc<Source>, file: &File, error: &StackError) -> SpecError {
    let span = span(file, error.subject()).unwrap_or(file.stack.name.span);
    let help = error.fault().help().to_owned();
    SpecError::new(source, span, error.fault().to_string()).with_help(Some(help))
}

/// Where a part of the stack is described.
fn span(file: &File, subject: Subject) -> Option<Span> {
    let routes = || file.failover.as_ref();
    match subject {
        Subject::Stack => None,
        Subject::Deployer => file.stack.deployer.as_ref().map(|it| it.span),
        Subject::Bucket(index) => file.bucket.it.get(index).map(|it| it.region.span),
        Subject::Grant(index) => file.grant.get(index).map(|it| it.role.span),
        Subject::BreakGlass(index) => file.break_glass.get(index).map(|it| it.role.span),
        Subject::Service(index) => file.exempt_service.get(index).map(|it| it.service.span),
        Subject::Replication => file.replication.as_ref().map(|it| it.span),
        Subject::Failover => routes().map(|it| it.span),
        Subject::Active(index) => routes()?.it.active.it.get(index).map(|it| it.span),
        Subject::Passive(0) => routes()?.it.backup.as_ref().map(|it| it.span),
        Subject::Passive(index) => routes()?.it.passive.get(index - 1).map(|it| it.span),
        Subject::Operator(index) => routes()?.it.operators.get(index).map(|it| it.span),
        Subject::PrivateAccess(index) => file.private_access.get(index).map(|it| it.it.region.span),
        Subject::Notify(index) => file.observability.as_ref()?.notify.get(index).map(|it| it.span),
    }
}
