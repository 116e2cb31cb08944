//! Alarms, request metrics and a dashboard.

mod alarms;
mod dashboard;

use crate::stack::Builder;
use crate::{Fault, MrapRegion, Note, Stack, StackError, Subject, logical};
use narrows_model::resources::s3::BucketMetric;
use narrows_model::{Arn, Attribute, Body, Input, Kind};
use std::num::NonZeroU64;

/// The request metrics configuration of each bucket; CloudWatch's `FilterId`.
const FILTER: &str = "EntireBucket";

/// Alarms on replication and requests in every Region, and one dashboard.
///
/// S3 has no metric for an access point as a whole, so everything is measured at the buckets: replication latency and
/// what is pending in the Region that is replicated to, failures in the Region that is replicated from. Alarms on
/// replication exist only where the stack replicates. By default nobody is notified.
///
/// A threshold of zero, which would always be passed, does not compile:
///
/// ```compile_fail,E0308
/// # use narrows_stacks::Thresholds;
/// Thresholds { pending_operations: 0, ..Thresholds::default() };
/// ```
#[derive(Clone, Debug, Default)]
pub struct Observability {
    thresholds: Thresholds,
    notify: Vec<Arn>,
}

/// When alarms go off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Replication latency above this many seconds. Default: 900, what Replication Time Control promises.
    pub replication_latency_seconds: NonZeroU64,
    /// More operations than this waiting to be replicated for 15 minutes. Default: 1,000.
    pub pending_operations: NonZeroU64,
    /// More bytes than this waiting to be replicated for 15 minutes. Default: 10 GiB.
    pub pending_bytes: NonZeroU64,
    /// This many operations that failed to replicate within 5 minutes. Default: 1.
    pub failed_operations: NonZeroU64,
    /// This many answers with a 5xx status within 5 minutes. Default: 10.
    pub server_errors: NonZeroU64,
    /// More milliseconds than this until the first byte of an answer, on average over 15 minutes. Default: 1,000.
    pub first_byte_latency_milliseconds: NonZeroU64,
}

impl Default for Thresholds {
    fn default() -> Self {
        const fn at(value: u64) -> NonZeroU64 {
            match NonZeroU64::new(value) {
                Some(value) => value,
                None => NonZeroU64::MIN,
            }
        }
        Self {
            replication_latency_seconds: at(900),
            pending_operations: at(1_000),
            pending_bytes: at(10 << 30),
            failed_operations: at(1),
            server_errors: at(10),
            first_byte_latency_milliseconds: at(1_000),
        }
    }
}

impl Observability {
    /// Sets when alarms go off.
    #[must_use]
    pub fn thresholds(mut self, thresholds: Thresholds) -> Self {
        self.thresholds = thresholds;
        self
    }

    /// Adds an SNS topic that the alarms of its Region notify.
    #[must_use]
    pub fn notify(mut self, topic: Arn) -> Self {
        self.notify.push(topic);
        self
    }

    pub(crate) fn check(&self, regions: &[MrapRegion], notes: &mut Vec<Note>) -> Result<(), StackError> {
        for (index, topic) in self.notify.iter().enumerate() {
            let error = |fault| Err(StackError::new(Subject::Notify(index), fault));
            if topic.service() != "sns" || topic.account().is_empty() {
                return error(Fault::NotATopic(topic.clone()));
            }
            if !regions.iter().any(|region| region.as_str() == topic.region()) {
                return error(Fault::TopicOutside { topic: topic.clone(), known: regions.to_vec() });
            }
        }
        let silent = regions.iter().filter(|region| self.topics(**region).is_empty());
        notes.extend(silent.copied().map(Note::SilentRegion));
        Ok(())
    }

    /// The topics that alarms of a Region notify.
    fn topics(&self, region: MrapRegion) -> Vec<Input<Arn>> {
        let here = self.notify.iter().filter(|topic| topic.region() == region.as_str());
        here.cloned().map(Input::known).collect()
    }
}

/// Adds request metrics, alarms and the dashboard.
pub(crate) fn expand(stack: &Stack, it: &Observability, out: &mut Builder) -> Result<(), StackError> {
    let regions = stack.mrap.regions();
    for &region in &regions {
        let bucket = logical::in_region(Kind::Bucket, region).attribute(Attribute::Id);
        let body = BucketMetric { bucket: Input::reference(bucket), filter_id: FILTER.to_owned() };
        let id = logical::in_region(Kind::BucketMetric, region);
        out.add(id, Some(region.region()), Body::BucketMetric(body))?;
    }
    alarms::expand(stack, it, &regions, out)?;
    dashboard::expand(stack, &regions, out)
}
