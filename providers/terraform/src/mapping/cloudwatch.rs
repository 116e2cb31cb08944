//! `aws_cloudwatch_metric_alarm` and `aws_cloudwatch_dashboard`.

use super::fields::spelled;
use super::{Args, Fields};
use crate::error::ReadError;
use crate::hcl::as_text;
use narrows_model::resources::cloudwatch::{
    Comparison, Dashboard, Dimension, MetricAlarm, MissingData, Statistic,
};
use narrows_model::{Value, ValueKind};

const STATISTIC: [(&str, Statistic); 5] = [
    ("Average", Statistic::Average),
    ("Maximum", Statistic::Maximum),
    ("Minimum", Statistic::Minimum),
    ("SampleCount", Statistic::SampleCount),
    ("Sum", Statistic::Sum),
];

const COMPARISON: [(&str, Comparison); 4] = [
    ("GreaterThanOrEqualToThreshold", Comparison::GreaterThanOrEqualToThreshold),
    ("GreaterThanThreshold", Comparison::GreaterThanThreshold),
    ("LessThanOrEqualToThreshold", Comparison::LessThanOrEqualToThreshold),
    ("LessThanThreshold", Comparison::LessThanThreshold),
];

const MISSING_DATA: [(&str, MissingData); 4] = [
    ("breaching", MissingData::Breaching),
    ("ignore", MissingData::Ignore),
    ("missing", MissingData::Missing),
    ("notBreaching", MissingData::NotBreaching),
];

pub(super) fn alarm(it: &MetricAlarm) -> Args {
    let dimensions = it.dimensions.iter().map(|(name, Dimension(value))| (name.as_str(), value.clone()));
    let args = Args::default()
        .text("alarm_name", it.name.as_str())
        .text("alarm_description", it.description.as_str())
        .text("namespace", it.namespace.as_str())
        .text("metric_name", it.metric.as_str());
    let args = match it.dimensions.as_slice() {
        [] => args,
        _ => args.with("dimensions", Value::object(dimensions.map(|(name, text)| (name, Value::text(text))))),
    };
    args.text("statistic", spelled(&STATISTIC, it.statistic))
        .number("period", it.period)
        .number("evaluation_periods", it.evaluation_periods)
        .text("comparison_operator", spelled(&COMPARISON, it.comparison))
        .number("threshold", it.threshold)
        .text("treat_missing_data", spelled(&MISSING_DATA, it.missing_data))
        .inputs("alarm_actions", &it.actions)
        .inputs("ok_actions", &it.actions)
}

/// `None` for an alarm that is not on one statistic of one metric with a whole number as its threshold.
pub(super) fn read_alarm(fields: &Fields<'_>) -> Result<Option<MetricAlarm>, ReadError> {
    let simple =
        ["namespace", "metric_name", "statistic", "comparison_operator", "period", "evaluation_periods"];
    if simple.into_iter().any(|name| fields.get(name).is_none()) {
        return Ok(None);
    }
    let Some(Ok(threshold)) = fields.string("threshold")?.map(|threshold| threshold.parse()) else {
        return Ok(None);
    };
    let mut dimensions = Vec::new();
    if let Some(given) = fields.get("dimensions") {
        let wrong = || fields.wrong("dimensions", given, "an object of strings");
        let ValueKind::Object(members) = &given.kind else { return Ok(None) };
        for member in members.iter().filter(|member| member.value.kind != ValueKind::Null) {
            dimensions.push((member.name.to_string(), Dimension(as_text(&member.value).ok_or_else(wrong)?)));
        }
    }
    Ok(Some(MetricAlarm {
        name: fields.string("alarm_name")?.unwrap_or_default(),
        description: fields.string("alarm_description")?.unwrap_or_default(),
        namespace: fields.required_string("namespace")?,
        metric: fields.required_string("metric_name")?,
        dimensions,
        statistic: fields.required_word("statistic", &STATISTIC)?,
        period: fields.number("period")?.unwrap_or_default(),
        evaluation_periods: fields.number("evaluation_periods")?.unwrap_or_default(),
        comparison: fields.required_word("comparison_operator", &COMPARISON)?,
        threshold,
        missing_data: fields.word("treat_missing_data", &MISSING_DATA)?.unwrap_or(MissingData::Missing),
        actions: fields.inputs("alarm_actions")?,
    }))
}

pub(super) fn dashboard(it: &Dashboard) -> Args {
    Args::default().text("dashboard_name", it.name.as_str()).document("dashboard_body", &it.body)
}

pub(super) fn read_dashboard(fields: &Fields<'_>) -> Result<Dashboard, ReadError> {
    Ok(Dashboard {
        name: fields.required_string("dashboard_name")?,
        body: fields.required_document("dashboard_body")?,
    })
}
