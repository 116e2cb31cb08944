use super::{FILTER, Observability};
use crate::replication_mesh::rule_id;
use crate::stack::Builder;
use crate::{MrapRegion, Stack, StackError, logical};
use narrows_model::resources::cloudwatch::{Comparison, Dimension, MetricAlarm, MissingData, Statistic};
use narrows_model::{Body, ResourceId};
use std::num::NonZeroU64;

/// What an alarm looks at, and when it goes off.
struct Watch {
    /// The first word of the logical name.
    name: &'static str,
    metric: &'static str,
    statistic: Statistic,
    comparison: Comparison,
    threshold: NonZeroU64,
    /// How many periods of five minutes must all pass the threshold.
    periods: u32,
    advice: &'static str,
}

/// Adds the alarms: on replication for each pair of Regions, on requests for each Region.
pub(super) fn expand(
    stack: &Stack,
    it: &Observability,
    regions: &[MrapRegion],
    out: &mut Builder,
) -> Result<(), StackError> {
    let pairs =
        regions.iter().flat_map(|source| regions.iter().map(move |destination| (*source, *destination)));
    let pairs = pairs.filter(|(source, destination)| source != destination && stack.mesh.is_some());
    for (source, destination) in pairs {
        let dimensions = vec![
            ("SourceBucket".to_owned(), Dimension(stack.bucket_name(source))),
            ("DestinationBucket".to_owned(), Dimension(stack.bucket_name(destination))),
            ("RuleId".to_owned(), Dimension(rule_id(destination).into())),
        ];
        let arrives = arriving(it).into_iter().map(|watch| (watch, destination));
        for (watch, region) in arrives.chain([(failing(it), source)]) {
            let id = logical::alarm_between(watch.name, source, destination);
            add(stack, it, (id, region), &watch, dimensions.clone(), out)?;
        }
    }
    for &region in regions {
        let dimensions = vec![
            ("BucketName".to_owned(), Dimension(stack.bucket_name(region))),
            ("FilterId".to_owned(), Dimension(FILTER.into())),
        ];
        for watch in requests(it) {
            let id = logical::alarm_in(watch.name, region);
            add(stack, it, (id, region), &watch, dimensions.clone(), out)?;
        }
    }
    Ok(())
}

fn add(
    stack: &Stack,
    it: &Observability,
    (id, region): (ResourceId, MrapRegion),
    watch: &Watch,
    dimensions: Vec<(String, Dimension)>,
    out: &mut Builder,
) -> Result<(), StackError> {
    let body = MetricAlarm {
        name: format!("{}-{}", stack.mrap.name, id.name.replace('_', "-")),
        description: watch.advice.to_owned(),
        namespace: "AWS/S3".to_owned(),
        metric: watch.metric.to_owned(),
        dimensions,
        statistic: watch.statistic,
        period: 300,
        evaluation_periods: watch.periods,
        comparison: watch.comparison,
        threshold: watch.threshold.get(),
        // No data means no replication and no requests, which is no reason to change state.
        missing_data: MissingData::Ignore,
        actions: it.topics(region),
    };
    out.add(id, Some(region.region()), Body::MetricAlarm(body))
}

/// What S3 measures in the Region that is replicated to.
fn arriving(it: &Observability) -> [Watch; 3] {
    let above = |name, metric, threshold, periods, advice| Watch {
        name,
        metric,
        statistic: Statistic::Maximum,
        comparison: Comparison::GreaterThanThreshold,
        threshold,
        periods,
        advice,
    };
    [
        above(
            "replication_latency",
            "ReplicationLatency",
            it.thresholds.replication_latency_seconds,
            1,
            "Replication is late: a failover now would lose sight of the newest writes. Look for throttling and for \
             more than 1 Gbps of changes.",
        ),
        above(
            "replication_pending_operations",
            "OperationsPendingReplication",
            it.thresholds.pending_operations,
            3,
            "Operations wait to be replicated. Compare with the request rate; if it grows without bound, check the \
             replication role and the destination's policy.",
        ),
        above(
            "replication_pending_bytes",
            "BytesPendingReplication",
            it.thresholds.pending_bytes,
            3,
            "Data waits to be replicated. Replication Time Control covers 1 Gbps by default; ask for a higher quota \
             if writes stay above it.",
        ),
    ]
}

/// What S3 measures in the Region that is replicated from.
fn failing(it: &Observability) -> Watch {
    Watch {
        name: "replication_failed",
        metric: "OperationsFailedReplication",
        statistic: Statistic::Sum,
        comparison: Comparison::GreaterThanOrEqualToThreshold,
        threshold: it.thresholds.failed_operations,
        periods: 1,
        advice: "Objects failed to replicate and are not tried again. Find them by x-amz-replication-status FAILED, \
                 mend the cause, and use S3 Batch Replication.",
    }
}

fn requests(it: &Observability) -> [Watch; 2] {
    [
        Watch {
            name: "server_errors",
            metric: "5xxErrors",
            statistic: Statistic::Sum,
            comparison: Comparison::GreaterThanOrEqualToThreshold,
            threshold: it.thresholds.server_errors,
            periods: 1,
            advice: "S3 answers with 5xx. If they do not stop and the AWS Health Dashboard names the Region, consider \
                     a failover in the order that the dashboard shows.",
        },
        Watch {
            name: "first_byte_latency",
            metric: "FirstByteLatency",
            statistic: Statistic::Average,
            comparison: Comparison::GreaterThanThreshold,
            threshold: it.thresholds.first_byte_latency_milliseconds,
            periods: 3,
            advice: "S3 takes long to begin its answers. Compare the Regions on the dashboard before you consider a \
                     failover.",
        },
    ]
}
