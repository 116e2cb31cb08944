use super::FILTER;
use crate::replication_mesh::rule_id;
use crate::stack::Builder;
use crate::{MrapRegion, Stack, StackError, logical};
use narrows_model::resources::cloudwatch::Dashboard;
use narrows_model::{Body, Kind, Text, Value, ValueKind};
use std::fmt::Write as _;

/// The height of a widget, in rows of the dashboard's grid; the grid is 24 columns wide.
const HEIGHT: usize = 6;

/// Adds the dashboard, in the first active Region.
pub(super) fn expand(stack: &Stack, regions: &[MrapRegion], out: &mut Builder) -> Result<(), StackError> {
    let mut widgets = vec![failover_order(stack, regions)];
    let rows =
        regions.iter().flat_map(|region| rows(stack, regions, *region).map(|graphs| (*region, graphs)));
    for (row, (region, graphs)) in rows.filter(|(_, graphs)| !graphs.is_empty()).enumerate() {
        let width = 24 / graphs.len().max(1);
        for (column, (title, statistic, metrics)) in graphs.into_iter().enumerate() {
            let properties = Value::object([
                ("title", Value::text(format!("{title} ({region})"))),
                ("region", Value::text(region.as_str())),
                ("view", Value::text("timeSeries")),
                ("stat", Value::text(statistic)),
                ("period", number(300)),
                ("metrics", Value::list(metrics)),
            ]);
            widgets.push(widget("metric", (column * width, HEIGHT * (row + 1)), width, properties));
        }
    }
    let body = Dashboard {
        name: stack.mrap.name.to_string(),
        body: Value::object([("widgets", Value::list(widgets))]).into_json_text(),
    };
    let active = stack.routes.as_ref().and_then(|routes| routes.active.first());
    let region = active.or(regions.first()).map(|region| region.region());
    out.add(logical::of_mrap(Kind::Dashboard), region, Body::Dashboard(body))
}

fn widget(kind: &str, (x, y): (usize, usize), width: usize, properties: Value) -> Value {
    Value::object([
        ("type", Value::text(kind)),
        ("x", number(x)),
        ("y", number(y)),
        ("width", number(width)),
        ("height", number(HEIGHT)),
        ("properties", properties),
    ])
}

fn number(value: usize) -> Value {
    Value::new(ValueKind::Number(value.to_string().into()))
}

/// A table of the Regions in the order in which they take over, which S3 itself does not keep.
fn failover_order(stack: &Stack, regions: &[MrapRegion]) -> Value {
    let mut text = format!("# {}\n\n", stack.mrap.mrap);
    let order: Vec<(MrapRegion, String)> = match &stack.routes {
        None => regions.iter().map(|region| (*region, "active".to_owned())).collect(),
        Some(routes) => {
            let active = routes.active.iter().map(|region| (*region, "active".to_owned()));
            let passive = routes.passive.iter().zip(1..).map(|(region, place)| {
                (
                    *region,
                    if place == 1 {
                        "backup".to_owned()
                    } else {
                        format!("passive, takes over as number {place}")
                    },
                )
            });
            active.chain(passive).collect()
        }
    };
    text.push_str("| Region | role as declared |\n|---|---|\n");
    for (region, role) in order {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| {region} | {role} |");
    }
    text.push_str("\nThe declared order; the routes in force are those that S3 last took.");
    widget("text", (0, 0), 24, Value::object([("markdown", Value::text(text))]))
}

type Graph = (&'static str, &'static str, Vec<Value>);

/// What is shown of one Region, all of it measured there: a row on replication, and one on requests.
fn rows(stack: &Stack, regions: &[MrapRegion], here: MrapRegion) -> [Vec<Graph>; 2] {
    let others = || regions.iter().copied().filter(|region| *region != here);
    let replication = |name: &'static str, source: MrapRegion, destination: MrapRegion| {
        let label = format!("{source} to {destination}");
        metric(
            name,
            &label,
            [
                ("SourceBucket", stack.bucket_name(source)),
                ("DestinationBucket", stack.bucket_name(destination)),
                ("RuleId", rule_id(destination).into()),
            ],
        )
    };
    let request = |name: &'static str| {
        metric(name, name, [("BucketName", stack.bucket_name(here)), ("FilterId", FILTER.into())])
    };
    let arriving = |name| others().map(|source| replication(name, source, here)).collect();
    let failing = others().map(|destination| replication("OperationsFailedReplication", here, destination));
    let on_replication: Vec<Graph> = vec![
        ("Replication latency, seconds", "Maximum", arriving("ReplicationLatency")),
        ("Operations pending replication", "Maximum", arriving("OperationsPendingReplication")),
        ("Bytes pending replication", "Maximum", arriving("BytesPendingReplication")),
        ("Operations that failed to replicate", "Sum", failing.collect()),
    ];
    let counts = ["AllRequests", "GetRequests", "PutRequests", "4xxErrors", "5xxErrors"].map(request);
    let latency = ["FirstByteLatency", "TotalRequestLatency"].map(request);
    let on_requests: Vec<Graph> = vec![
        ("Requests", "Sum", counts.into()),
        ("Request latency, milliseconds", "Average", latency.into()),
    ];
    [if stack.mesh.is_some() { on_replication } else { Vec::new() }, on_requests]
}

/// A metric as a dashboard has it: namespace, name, then dimensions, then how it is drawn.
fn metric<const N: usize>(name: &str, label: &str, dimensions: [(&str, Text); N]) -> Value {
    let mut items = vec![Value::text("AWS/S3"), Value::text(name)];
    for (key, value) in dimensions {
        items.extend([Value::text(key), Value::text(value)]);
    }
    items.push(Value::object([("label", Value::text(label))]));
    Value::list(items)
}
