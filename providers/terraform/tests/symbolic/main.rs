//! Plans whose unknown values were symbols: what is certain, and what must never be taken for certain.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests may panic"
)]

mod resources;
mod values;
mod written;

use narrows_model::{Attribute, Body, Deployment, Kind, ResourceId, Source, Text, Value as Read};
use narrows_terraform::read_plan;
use narrows_terraform::symbolic::{Evaluated, Given, SettleError, Target, Unset, set_target};
use serde_json::{Value, json};

/// What the stand-in makes up in one of the two plans.
struct Made {
    second: bool,
}

impl Made {
    fn pick<'t>(&self, first: &'t str, second: &'t str) -> &'t str {
        if self.second { second } else { first }
    }

    fn alias(&self) -> String {
        format!("m{}.mrap", self.pick("abcdefghijklm", "zyxwvutsrqpon"))
    }

    fn arn(&self) -> String {
        format!("arn:aws:s3::123456789012:accesspoint/{}", self.alias())
    }

    /// The id of an endpoint, by the number that the stand-in gave it.
    fn endpoint(&self, number: usize) -> String {
        let digits = [("00012345670123456", "fffedcba98fedcba9"), ("00112345670123456", "ffeedcba98fedcba9")];
        format!("vpce-{}", self.pick(digits[number].0, digits[number].1))
    }

    fn given(&self) -> Vec<Given> {
        let given = |type_name: &str, attribute: &str, text: String, token: &str| Given {
            text,
            type_name: type_name.to_owned(),
            attribute: attribute.to_owned(),
            token: token.to_owned(),
        };
        let token = self.pick("abcdefghijklm", "zyxwvutsrqpon");
        let mut all = vec![
            given(MRAP, "alias", self.alias(), token),
            given(MRAP, "arn", self.arn(), token),
            given("aws_vpc", "id", self.vpc(), self.vpc().trim_start_matches("vpc-")),
        ];
        for number in 0..2 {
            let id = self.endpoint(number);
            all.push(given("aws_vpc_endpoint", "id", id.clone(), id.trim_start_matches("vpce-")));
        }
        all
    }

    fn vpc(&self) -> String {
        format!("vpc-{}", self.pick("01234567012345670", "89abcdef89abcdef8"))
    }
}

const MRAP: &str = "aws_s3control_multi_region_access_point";

const POLICY: &str = "aws_s3_bucket_policy";

/// A function of what was made up.
type Function = fn(&Made) -> String;

struct Resource {
    address: &'static str,
    values: Value,
    unknown: Value,
    expressions: Value,
}

fn resource(address: &'static str, values: Value, expressions: Value) -> Resource {
    Resource { address, values, unknown: json!({}), expressions }
}

fn plan(resources: Vec<Resource>) -> Value {
    let split = |address: &str| {
        let (whole, index) = match address.split_once('[') {
            Some((whole, index)) => (whole, index.trim_end_matches(']').parse::<u64>().ok()),
            None => (address, None),
        };
        let (type_name, name) = whole.trim_start_matches("data.").split_once('.').unwrap();
        let mode = if address.starts_with("data.") { "data" } else { "managed" };
        (mode, type_name.to_owned(), name.to_owned(), index)
    };
    let (mut planned, mut changes, mut configured, mut read) = (vec![], vec![], Vec::<Value>::new(), vec![]);
    for it in resources {
        let (mode, type_name, name, index) = split(it.address);
        let mut shown = json!({"address": it.address, "mode": mode, "type": type_name, "name": name,
            "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0, "values": it.values});
        if let Some(index) = index {
            shown["index"] = index.into();
        }
        if mode == "data" {
            read.push(shown);
        } else {
            let change = json!({"actions": ["create"], "before": null, "after": it.values, "after_unknown": it.unknown});
            changes.push(json!({"address": it.address, "mode": mode, "type": type_name, "name": name, "change": change}));
            planned.push(shown);
        }
        let address = it.address.split('[').next().unwrap();
        if configured.iter().all(|known| known["address"] != address) {
            configured.push(json!({"address": address, "mode": mode, "type": type_name, "name": name,
                "provider_config_key": "aws", "expressions": it.expressions}));
        }
    }
    json!({
        "format_version": "1.2", "terraform_version": "1.11.4", "timestamp": "2030-01-01T00:00:00Z",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": read}}},
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "expressions": {}}},
            "root_module": {"resources": configured},
        },
    })
}

/// An MRAP, two endpoints that were numbered in this order, and a bucket's policy.
fn stack(made: &Made, order: [usize; 2], policy: Value) -> Vec<Resource> {
    let names = json!({"details": [{"name": {"constant_value": "data"}, "region": [{"bucket": {"constant_value": "acme-data"}}]}]});
    let mrap = json!({"alias": made.alias(), "arn": made.arn(), "account_id": "123456789012",
        "domain_name": format!("{}.accesspoint.s3-global.amazonaws.com", made.alias()),
        "details": [{"name": "data", "public_access_block": [], "region": [{"bucket": "acme-data", "region": "eu-west-2"}]}]});
    let endpoint = |number: usize| {
        json!({"id": made.endpoint(number), "vpc_id": "vpc-0a1b2c3d4e5f60718", "service_name":
        "com.amazonaws.s3-global.accesspoint", "vpc_endpoint_type": "Interface"})
    };
    let given = json!({"vpc_id": {"constant_value": "vpc-0a1b2c3d4e5f60718"}, "service_name":
        {"constant_value": "com.amazonaws.s3-global.accesspoint"}, "vpc_endpoint_type": {"constant_value": "Interface"}});
    let refers = json!({"bucket": {"constant_value": "acme-data"},
        "policy": {"references": [format!("{MRAP}.data.alias"), format!("{MRAP}.data")]}});
    vec![
        resource("aws_s3control_multi_region_access_point.data", mrap, names),
        resource("aws_vpc_endpoint.a[0]", endpoint(order[0]), given.clone()),
        resource("aws_vpc_endpoint.a[1]", endpoint(order[1]), given),
        resource("aws_s3_bucket_policy.data", json!({"bucket": "acme-data", "policy": policy}), refers),
    ]
}

fn document(resource: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": resource}]})
    .to_string()
}

fn evaluated<'p>(plan: &'p Value, given: &'p [Given]) -> Evaluated<'p> {
    Evaluated { plan, given }
}

fn settle(
    first: Evaluated<'_>,
    second: Evaluated<'_>,
    third: Option<Evaluated<'_>>,
) -> Result<Value, SettleError> {
    narrows_terraform::symbolic::settle(first, second, third, &Unset::default())
}

fn settled_with(policy: impl Fn(&Made) -> Value) -> Value {
    let [first, second] = [Made { second: false }, Made { second: true }];
    let plans = [&first, &second].map(|made| plan(stack(made, [0, 1], policy(made))));
    settle(evaluated(&plans[0], &first.given()), evaluated(&plans[1], &second.given()), None).unwrap()
}

/// Reads a plan, which has one account if it says nothing else.
fn read(plan: &Value) -> Deployment {
    let mut plan = plan.clone();
    if plan["narrows_symbols"].get("one_account").is_none() {
        set_target(&mut plan, &Target { is_one_account: true, ..Target::default() });
    }
    read_plan(&Source::file("plan.json", plan.to_string())).unwrap()
}

fn policy(deployment: &Deployment) -> Read {
    let id = ResourceId::new(Kind::BucketPolicy, "data");
    let Body::BucketPolicy(policy) = &deployment.get(&id).unwrap().body else { panic!("a policy") };
    policy.policy.clone()
}

/// What the reader makes of the one `Resource` of a policy.
fn resource_of(made: impl Fn(&Made) -> String) -> Text {
    let settled = settled_with(|it| document(&made(it)).into());
    let policy = policy(&read(&settled));
    let inner = narrows_model::json::parse_embedded(&policy).unwrap();
    inner.get("Statement").unwrap().items().unwrap()[0].get("Resource").unwrap().as_text().unwrap().clone()
}

fn alias() -> Text {
    ResourceId::new(Kind::MultiRegionAccessPoint, "data").attribute(Attribute::Alias).into()
}

/// What a plan takes for granted, and in how many accounts its providers work.
fn with_target(settled: &Value, target: &Target) -> Deployment {
    let mut settled = settled.clone();
    set_target(&mut settled, target);
    read(&settled)
}
