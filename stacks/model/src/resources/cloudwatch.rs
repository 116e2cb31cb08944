//! Amazon CloudWatch: alarms and dashboards.

use super::referring;
use crate::{Arn, Input, Text, Value};

/// An alarm on one metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricAlarm {
    /// Its name.
    pub name: String,
    /// What it means and what to do, for whoever is woken by it.
    pub description: String,
    /// The metric's namespace, such as `AWS/S3`.
    pub namespace: String,
    /// The metric's name.
    pub metric: String,
    /// The metric's dimensions, by name.
    pub dimensions: Vec<(String, Dimension)>,
    /// How data points of a period are put together.
    pub statistic: Statistic,
    /// The length of a period, in seconds.
    pub period: u32,
    /// How many periods are looked at.
    pub evaluation_periods: u32,
    /// How the value is compared with the threshold.
    pub comparison: Comparison,
    /// The threshold, in the metric's unit.
    pub threshold: u64,
    /// What a period without data counts as.
    pub missing_data: MissingData,
    /// Whom it tells, in both directions.
    pub actions: Vec<Input<Arn>>,
}
referring!(MetricAlarm: dimensions, actions);

/// The value of a metric's dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension(pub Text);

impl super::CollectReferences for (String, Dimension) {
    fn collect_references(&self, found: &mut Vec<crate::Reference>) {
        found.extend(self.1.0.references().cloned());
    }

    fn replace_references(&mut self, replace: &mut dyn FnMut(&crate::Reference) -> Option<Text>) {
        self.1.0 = self.1.0.replaced(replace);
    }
}

/// How data points of a period are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "CloudWatch's own words")]
pub enum Statistic {
    Average,
    Maximum,
    Minimum,
    SampleCount,
    Sum,
}

/// How a value is compared with a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "CloudWatch's own words")]
pub enum Comparison {
    GreaterThanOrEqualToThreshold,
    GreaterThanThreshold,
    LessThanOrEqualToThreshold,
    LessThanThreshold,
}

/// What a period without data counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "CloudWatch's own words")]
pub enum MissingData {
    Breaching,
    Ignore,
    Missing,
    NotBreaching,
}

/// A dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dashboard {
    /// Its name.
    pub name: String,
    /// Its body, a JSON document in a string.
    pub body: Value,
}
referring!(Dashboard: body);
