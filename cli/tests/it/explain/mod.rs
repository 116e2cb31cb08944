//! `narrows explain`: one request, and who decides it.

mod decisions;
mod output;
mod requests;

use crate::{Ran, narrows, stack};
use narrows::Memory;

const API: &str = "arn:aws:iam::123456789012:role/orders-api";

const REPORTING: &str = "arn:aws:iam::123456789012:role/reporting";

const ENDPOINT: &str = "aws:SourceVpce=aws_vpc_endpoint.eu_west_2";

fn explain(files: Memory, args: &[&str]) -> Ran {
    narrows(files, &[&["explain"], args, &["--as-of", "2026-11-23"]].concat())
}

/// An object read through the MRAP and one bucket of the example.
fn read<'a>(principal: &'a str, key: &'a str) -> Vec<&'a str> {
    let place = ["--mrap", "orders", "--bucket", "orders-eu-west-2"];
    [&["orders", "--principal", principal, "--action", "s3:GetObject", "--key", key], &place[..]].concat()
}

/// The example as files, with a role `reporting` and its own policy beside them.
fn with_reporting(resources: &str) -> Memory {
    let files = narrows(stack(), &["synth", "orders", "--as-of", "2026-11-23"]).files;
    let policy = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Sid": "AllowReports", "Effect": "Allow", "Action": "s3:GetObject", "Resource": {resources}}}]}}"#
    );
    let role = r#"{"resource": {
        "aws_iam_role": {"reporting": {"name": "reporting", "assume_role_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[]}"}},
        "aws_iam_role_policy": {"reporting": {"name": "reports", "role": "reporting", "policy": POLICY}}
    }}"#;
    let quoted = format!("\"{}\"", policy.replace('"', "\\\""));
    files.with("orders/out/terraform/reporting.tf.json", role.replace("POLICY", &quoted))
}
