//! What expressions inside strings are read as.
#![allow(clippy::unwrap_used, reason = "tests")]

use narrows_model::resources::Other;
use narrows_model::{Body, Deployment, Kind, ResourceId, Source, Value, ValueKind};
use narrows_terraform::read_config;
use std::fmt::Write;

const AROUND: &str = r#"
  "provider": {"aws": {"allowed_account_ids": ["123456789012"], "region": "eu-west-2"}},
  "locals": {
    "name": "acme",
    "bucket": "${local.name}-data",
    "tags": {"owner": "storage", "list": ["a", "b"]},
    "loop": "${local.pool}", "pool": "${local.loop}",
    "policy": "${jsonencode({Version = \"2012-10-17\", Arn = aws_iam_role.reader.arn})}"
  },
  "variable": {"prefix": {"default": "${not a template}"}, "unset": {}, "null": {"default": null}},
"#;

fn read(resources: &str) -> Deployment {
    read_config(&[Source::file("main.tf.json", format!("{{{AROUND} \"resource\": {resources}}}"))]).unwrap()
}

/// What a string is read as: text with references in the model's words, `json` before JSON inside a string.
fn value(text: &str) -> String {
    let quoted = Value::text(text);
    let deployment = read(&format!("{{\"aws_sns_topic\": {{\"a\": {{\"policy\": {quoted}}}}}}}"));
    let topic = deployment.get(&ResourceId::new(Kind::Other("aws_sns_topic".to_owned()), "a")).unwrap();
    let Body::Other(Other { arguments, .. }) = &topic.body else { return String::new() };
    let value = arguments.get("policy").unwrap();
    match &value.kind {
        ValueKind::Text(text) => text.parts().iter().fold(String::new(), |mut out, part| {
            let _ = write!(out, "{part:?} ");
            out
        }),
        ValueKind::Json(inner) => format!("json {inner}"),
        _ => value.to_string(),
    }
}

#[test]
fn literals_and_escapes() {
    insta::assert_snapshot!(value("plain"), @r#"Literal("plain")"#);
    insta::assert_snapshot!(value("$${aws:username} %%{x $ % $$ {"), @r#"Literal("${aws:username} %{x $ % $$ {")"#);
    insta::assert_snapshot!(value("$$${x}"), @r#"Literal("$${x}")"#);
    insta::assert_snapshot!(value("cost${\"$\"}${local.name}"), @r#"Literal("cost$acme")"#);
    insta::assert_snapshot!(value("${\"a\"}${1}${true}"), @r#"Literal("a1true")"#);
    insta::assert_snapshot!(value("a ${~ local.name ~} b"), @r#"Literal("aacmeb")"#);
}

#[test]
fn references() {
    insta::assert_snapshot!(value("${aws_s3_bucket.data.id} ${aws_s3_bucket.data.bucket} ${aws_s3_bucket.data.arn}"), @r#"Reference(Reference { resource: ResourceId { kind: Bucket, name: "data" }, attribute: Id }) Literal(" ") Reference(Reference { resource: ResourceId { kind: Bucket, name: "data" }, attribute: Id }) Literal(" ") Reference(Reference { resource: ResourceId { kind: Bucket, name: "data" }, attribute: Arn })"#);
    insta::assert_snapshot!(value("${aws_iam_role.a.id} ${aws_iam_role.a.name} ${aws_iam_role.a.unique_id}"), @r#"Reference(Reference { resource: ResourceId { kind: Role, name: "a" }, attribute: Id }) Literal(" ") Reference(Reference { resource: ResourceId { kind: Role, name: "a" }, attribute: Id }) Literal(" ") Reference(Reference { resource: ResourceId { kind: Role, name: "a" }, attribute: Other("unique_id") })"#);
    insta::assert_snapshot!(value("${aws_s3control_multi_region_access_point.m.alias} ${aws_s3control_multi_region_access_point.m.domain_name}"), @r#"Reference(Reference { resource: ResourceId { kind: MultiRegionAccessPoint, name: "m" }, attribute: Alias }) Literal(" ") Reference(Reference { resource: ResourceId { kind: MultiRegionAccessPoint, name: "m" }, attribute: DomainName })"#);
    insta::assert_snapshot!(value("${element(split(\":\", aws_s3control_multi_region_access_point.m.id), 1)}"), @r#"Reference(Reference { resource: ResourceId { kind: MultiRegionAccessPoint, name: "m" }, attribute: Other("name") })"#);
    insta::assert_snapshot!(value("${split(\":\", aws_s3control_multi_region_access_point.m.id)[1]}"), @r#"Reference(Reference { resource: ResourceId { kind: MultiRegionAccessPoint, name: "m" }, attribute: Other("name") })"#);
    insta::assert_snapshot!(value("${aws_s3control_multi_region_access_point.m.details[0].name}"), @r#"Reference(Reference { resource: ResourceId { kind: MultiRegionAccessPoint, name: "m" }, attribute: Other("name") })"#);
    insta::assert_snapshot!(value("${aws_s3_bucket.data[\"eu\"].arn} ${aws_s3_bucket.data[0].arn}"), @r#"Reference(Reference { resource: ResourceId { kind: Bucket, name: "data[\"eu\"]" }, attribute: Arn }) Literal(" ") Reference(Reference { resource: ResourceId { kind: Bucket, name: "data[0]" }, attribute: Arn })"#);
    insta::assert_snapshot!(value("${aws_vpc_endpoint.e.dns_entry[0][\"dns_name\"]}"), @r#"Reference(Reference { resource: ResourceId { kind: VpcEndpoint, name: "e" }, attribute: Other("dns_entry[0][\"dns_name\"]") })"#);
}

#[test]
fn names() {
    insta::assert_snapshot!(value("${local.bucket} ${local.tags.owner} ${local.tags[\"list\"][1]}"), @r#"Literal("acme-data storage b")"#);
    insta::assert_snapshot!(value("${local.tags}"), @r#"{"owner":"storage","list":["a","b"]}"#);
    insta::assert_snapshot!(value("${local.policy}"), @r#"json {"Version":"2012-10-17","Arn":"${role reader.arn}"}"#);
    insta::assert_snapshot!(value("${var.prefix}"), @r#"Literal("${not a template}")"#);
    insta::assert_snapshot!(value("${data.aws_caller_identity.me.account_id} ${data.aws_partition.p.partition}"), @r#"Literal("123456789012 aws")"#);
}

#[test]
fn what_is_unknown_keeps_its_spelling() {
    insta::assert_snapshot!(value("a ${var.unset} b"), @r#"Literal("a ") Unknown("var.unset") Literal(" b")"#);
    insta::assert_snapshot!(value("${var.null}${local.loop}${local.none}"), @r#"Unknown("var.null") Unknown("local.loop") Unknown("local.none")"#);
    insta::assert_snapshot!(value("${ data.aws_iam_policy_document.d.json }"), @r#"Unknown("data.aws_iam_policy_document.d.json")"#);
    insta::assert_snapshot!(value("${aws_s3_bucket.data} ${aws_s3_bucket.data[*].arn} ${each.key}"), @r#"Unknown("aws_s3_bucket.data") Literal(" ") Unknown("aws_s3_bucket.data[*].arn") Literal(" ") Unknown("each.key")"#);
    insta::assert_snapshot!(value("${upper(local.name)} ${local.name == \"a\" ? 1 : 2} ${[for x in [1] : x]}"), @r#"Unknown("upper(local.name)") Literal(" ") Unknown("local.name == \"a\" ? 1 : 2") Literal(" ") Unknown("[for x in [1] : x]")"#);
    insta::assert_snapshot!(value("%{ if true }a%{ endif }"), @r#"Unknown("%{ if true }a%{ endif }")"#);
    insta::assert_snapshot!(value("a ${local.tags} b"), @r#"Literal("a ") Unknown("local.tags") Literal(" b")"#);
}

#[test]
fn json_inside_strings() {
    insta::assert_snapshot!(
        value("${jsonencode({A = [1, 2.5, null, \"x\"], \"b:c\" = {d = \"${aws_iam_role.r.arn}/*\"}, (local.name) = true})}"), @r#"json {"A":[1,2.5,null,"x"],"b:c":{"d":"${role r.arn}/*"},"acme":true}"#);
    insta::assert_snapshot!(value("${jsonencode(local.tags)}"), @r#"json {"owner":"storage","list":["a","b"]}"#);
    // What is encoded may be a structure of its own: nothing is known of the text.
    insta::assert_snapshot!(value("${jsonencode(var.unset)}"), @r#"Unknown("jsonencode(var.unset)")"#);
    insta::assert_snapshot!(value("${jsonencode({Statement = concat(local.a, local.b)})}"), @r#"json {"Statement":"${concat(local.a, local.b)}"}"#);
}

#[test]
fn documents_are_json_where_they_parse() {
    let policy = |text: &str| {
        let quoted = Value::text(text);
        let deployment = read(&format!(
            "{{\"aws_s3_bucket_policy\": {{\"a\": {{\"bucket\": \"data\", \"policy\": {quoted}}}}}}}"
        ));
        let resource = deployment.resources().next().unwrap().clone();
        let Body::BucketPolicy(policy) = resource.body else { return String::new() };
        let path = policy.policy.get("x").map(|_| "").unwrap_or_default();
        format!("{}{path}: {}", policy.policy.kind_in_words(), policy.policy)
    };
    insta::assert_snapshot!(policy("{\"Resource\": \"${aws_s3_bucket.data.arn}/*\", \"Id\": \"$${x}\"}"), @r#"a string of JSON: "{\"Resource\":\"${bucket data.arn}/*\",\"Id\":\"${x}\"}""#);
    insta::assert_snapshot!(policy("${jsonencode({Id = aws_s3_bucket.data.arn})}"), @r#"a string of JSON: "{\"Id\":\"${bucket data.arn}\"}""#);
    insta::assert_snapshot!(policy("${local.policy}"), @r#"a string of JSON: "{\"Version\":\"2012-10-17\",\"Arn\":\"${role reader.arn}\"}""#);
    insta::assert_snapshot!(policy("${file(\"policy.json\")}"), @r#"a string: "${file("policy.json")}""#);
    insta::assert_snapshot!(policy("{\"Id\": "), @r#"a string: "{\"Id\": ""#);
}

#[test]
fn places_lead_into_documents() {
    let text = "{\"resource\": {\"aws_s3_bucket_policy\": {\"a\": {\n  \"bucket\": \"data\",\n  \"policy\": \"{\\\"Id\\\": [1, true]}\"}}}}";
    let deployment = read_config(&[Source::file("s3.tf.json", text)]).unwrap();
    let resource = deployment.resources().next().unwrap();
    let Body::BucketPolicy(policy) = &resource.body else { return };
    let ValueKind::Json(inner) = &policy.policy.kind else { return };
    let item = inner.get("Id").and_then(|list| list.items()?.get(1)).unwrap();
    insta::assert_snapshot!(item.location, @"s3.tf.json:3 (resource.aws_s3_bucket_policy.a.policy.Id[1])");
    insta::assert_snapshot!(resource.location, @"s3.tf.json:1 (resource.aws_s3_bucket_policy.a)");
    insta::assert_snapshot!(resource.address.as_str(), @"aws_s3_bucket_policy.a");
}

#[test]
fn providers_and_endpoint_policies() {
    let deployment = read_config(&[Source::file(
        "main.tf.json",
        r#"{"provider": {"aws": [{"region": "us-east-1", "allowed_account_ids": ["123456789012"]},
                                 {"alias": "london", "region": "eu-west-2", "allowed_account_ids": ["210987654321"]}]},
            "resource": {
              "aws_s3_bucket": {"a": {"provider": "aws.london"}, "b": {"provider": "${aws.london}"}, "c": {}},
              "aws_vpc_endpoint": {"e": {"vpc_id": "${aws_vpc.main.id}", "service_name": "com.amazonaws.s3-global.accesspoint"}},
              "aws_vpc_endpoint_policy": {"e": {"vpc_endpoint_id": "${aws_vpc_endpoint.e.id}", "policy": "{\"Version\": \"2012-10-17\"}"}}}}"#,
    )])
    .unwrap();
    // Two accounts: which one a bucket is in is not known.
    assert_eq!(deployment.account, None);
    let regions: Vec<Option<String>> = deployment
        .of_kind(Kind::Bucket)
        .map(|bucket| bucket.region.as_ref().map(|region| region.to_text().to_string()))
        .collect();
    assert_eq!(regions, [Some("eu-west-2".to_owned()), Some("eu-west-2".to_owned()), None]);
    let (_, endpoint) = deployment.endpoints().next().unwrap();
    assert_eq!(endpoint.policy.as_ref().unwrap().to_string(), "\"{\\\"Version\\\":\\\"2012-10-17\\\"}\"");
}

#[test]
fn what_the_model_cannot_hold_is_kept() {
    let deployment = read(
        r#"{"aws_cloudwatch_metric_alarm": {"a": {"alarm_name": "a", "metric_query": [{"id": "m"}]}},
            "aws_vpc_security_group_ingress_rule": {"a": {"security_group_id": "${aws_security_group.s.id}", "ip_protocol": "-1", "cidr_ipv4": "10.0.0.0/8"}},
            "aws_s3_bucket_metric": {"a": {"bucket": "data", "name": "n", "filter": {"prefix": "x"}}},
            "google_storage_bucket": {"a": {"region": "mars", "for_each": "${local.x}"}}}"#,
    );
    let kinds: Vec<String> = deployment.resources().map(|resource| resource.id.to_string()).collect();
    insta::assert_debug_snapshot!(kinds, @r#"
    [
        "aws_cloudwatch_metric_alarm a",
        "aws_s3_bucket_metric a",
        "aws_vpc_security_group_ingress_rule a",
        "google_storage_bucket a",
    ]
    "#);
}
