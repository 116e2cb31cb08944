//! A deployment with a resource of every kind.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "helpers of tests, each used by some"
)]

use narrows_model::resources::cloudwatch::{
    Comparison, Dashboard, Dimension, MetricAlarm, MissingData, Statistic,
};
use narrows_model::resources::ec2::{EndpointType, SecurityGroup, SecurityGroupIngressRule, VpcEndpoint};
use narrows_model::resources::iam::{Role, RolePolicy};
use narrows_model::resources::s3::{
    Bucket, BucketMetric, BucketOwnershipControls, BucketPolicy, BucketPublicAccessBlock, BucketReplication,
    BucketVersioning, ObjectOwnership, PublicAccessBlock, ReplicationRule, VersioningStatus,
};
use narrows_model::resources::s3control::{
    Dial, MrapBucket, MultiRegionAccessPoint, MultiRegionAccessPointPolicy, MultiRegionAccessPointRoutes,
    Route,
};
use narrows_model::{
    Attribute, Body, Deployment, Input, Kind, Location, Partition, Region, Resource, ResourceId, Source,
    Text, Value, ValueKind, resources::Address,
};
use narrows_terraform::File;
use std::fmt::Debug;
use std::str::FromStr;
use std::sync::Arc;

pub fn name<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

pub fn resource(body: Body, label: &str, region: Option<&str>) -> Resource {
    Resource {
        id: ResourceId::new(body.kind(), label),
        region: region.map(|region| Input::known(name::<Region>(region))),
        body,
        depends_on: Vec::new(),
        address: Address::default(),
        location: Location::none(),
    }
}

pub fn sources(files: &[File]) -> Vec<Arc<Source>> {
    files.iter().map(|file| Source::file(file.name.as_str(), file.text.as_str())).collect()
}

pub fn bucket(label: &str) -> ResourceId {
    ResourceId::new(Kind::Bucket, label)
}

pub fn mrap() -> ResourceId {
    ResourceId::new(Kind::MultiRegionAccessPoint, "data")
}

pub fn role() -> ResourceId {
    ResourceId::new(Kind::Role, "replication")
}

pub fn by_id<T>(id: &ResourceId) -> Input<T> {
    Input::reference(id.attribute(Attribute::Id))
}

/// A policy document: one statement on a resource, with a condition.
pub fn document(effect: &str, resource: Text, key: &str, value: Text) -> Value {
    let condition = Value::object([("ArnNotEquals", Value::object([(key, Value::text(value))]))]);
    let statement = Value::object([
        ("Effect", Value::text(effect)),
        ("Principal", Value::text("*")),
        ("Action", Value::text("s3:*")),
        ("Resource", Value::text(resource)),
        ("Condition", condition),
    ]);
    let members = [("Version", Value::text("2012-10-17")), ("Statement", Value::list([statement]))];
    Value::object(members).into_json_text()
}

pub const REGIONS: [(&str, &str); 2] = [("eu_west_2", "eu-west-2"), ("us_east_1", "us-east-1")];

/// A small stack over two Regions, with a resource of every kind.
pub fn every_kind() -> Deployment {
    let mut deployment = Deployment::new(Some(name("123456789012")), Partition::Aws);
    let mut add = |resource: Resource| deployment.add(resource).unwrap();
    let endpoint = |label: &str| ResourceId::new(Kind::VpcEndpoint, label);
    for (index, (label, region)) in REGIONS.into_iter().enumerate() {
        let here = |body| resource(body, label, Some(region));
        let id = bucket(label);
        let other = bucket(REGIONS[1 - index].0);
        add(here(Body::Bucket(Bucket {
            name: Some(Input::known(name(&format!("acme-data-{region}")))),
            force_destroy: index == 1,
        })));
        add(here(Body::BucketVersioning(BucketVersioning {
            bucket: by_id(&id),
            status: VersioningStatus::Enabled,
        })));
        add(here(Body::BucketPublicAccessBlock(BucketPublicAccessBlock {
            bucket: by_id(&id),
            block: PublicAccessBlock::ALL,
        })));
        add(here(Body::BucketOwnershipControls(BucketOwnershipControls {
            bucket: by_id(&id),
            ownership: ObjectOwnership::BucketOwnerEnforced,
        })));
        let objects = Text::from(id.arn()).then_literal("/*");
        add(here(Body::BucketPolicy(BucketPolicy {
            bucket: by_id(&id),
            policy: document("Deny", objects, "s3:DataAccessPointArn", mrap().arn().into()),
        })));
        let mut replication = here(Body::BucketReplication(BucketReplication {
            bucket: by_id(&id),
            role: Input::reference(role().arn()),
            rules: vec![ReplicationRule {
                id: format!("to-{}", REGIONS[1 - index].1),
                enabled: true,
                priority: 1,
                prefix: String::new(),
                destination: Input::reference(other.arn()),
                destination_account: None,
                delete_markers: true,
                replica_modifications: true,
                time_control: true,
                metrics: true,
                encrypted_objects: false,
                replica_key: None,
            }],
        }));
        replication.depends_on =
            REGIONS.map(|(label, _)| ResourceId::new(Kind::BucketVersioning, label)).to_vec();
        add(replication);
        add(here(Body::BucketMetric(BucketMetric {
            bucket: by_id(&id),
            filter_id: "EntireBucket".to_owned(),
        })));
        let group = ResourceId::new(Kind::SecurityGroup, label);
        add(here(Body::SecurityGroup(SecurityGroup {
            name: "acme-data-mrap".to_owned(),
            description: "Who may use the endpoint".to_owned(),
            vpc: Input::known(name("vpc-0a1b2c3d4e5f60718")),
        })));
        add(here(Body::SecurityGroupIngressRule(SecurityGroupIngressRule {
            security_group: by_id(&group),
            description: "HTTPS from clients".to_owned(),
            cidr: name("10.0.0.0/16"),
            port: 443,
        })));
        let through = Text::from(mrap().arn()).then_literal("/object/*");
        add(here(Body::VpcEndpoint(VpcEndpoint {
            vpc: Input::known(name("vpc-0a1b2c3d4e5f60718")),
            service_name: VpcEndpoint::MRAP_SERVICE.to_owned(),
            endpoint_type: EndpointType::Interface,
            private_dns: true,
            subnets: vec![Input::known(name("subnet-0a1b2c3d4e5f60718"))],
            security_groups: vec![by_id(&group)],
            policy: (index == 0)
                .then(|| document("Allow", through, "aws:PrincipalArn", "arn:aws:iam::1:x".into())),
            id: None,
        })));
        add(here(Body::MetricAlarm(MetricAlarm {
            name: format!("acme-data-latency-{region}"),
            description: "Replicas are late; look at 50%{ of objects".to_owned(),
            namespace: "AWS/S3".to_owned(),
            metric: "ReplicationLatency".to_owned(),
            dimensions: vec![
                ("SourceBucket".to_owned(), Dimension(other.attribute(Attribute::Id).into())),
                ("RuleId".to_owned(), Dimension("to".into())),
            ],
            statistic: Statistic::Maximum,
            period: 60,
            evaluation_periods: 5,
            comparison: Comparison::GreaterThanThreshold,
            threshold: 900,
            missing_data: MissingData::Ignore,
            actions: vec![Input::known(name("arn:aws:sns:eu-west-2:123456789012:alerts"))],
        })));
    }
    add(resource(
        Body::MultiRegionAccessPoint(MultiRegionAccessPoint {
            name: Input::known(name("acme-data")),
            account: None,
            buckets: REGIONS
                .map(|(label, _)| MrapBucket { bucket: by_id(&bucket(label)), account: None })
                .to_vec(),
            public_access_block: PublicAccessBlock::ALL,
            alias: None,
        }),
        "data",
        None,
    ));
    let source_vpce = Text::from(endpoint("eu_west_2").attribute(Attribute::Id));
    add(resource(
        Body::MultiRegionAccessPointPolicy(MultiRegionAccessPointPolicy {
            mrap: Input::reference(mrap().attribute(Attribute::Other("name".to_owned()))),
            policy: document("Deny", mrap().arn().into(), "aws:SourceVpce", source_vpce),
        }),
        "data",
        None,
    ));
    add(resource(
        Body::MultiRegionAccessPointRoutes(MultiRegionAccessPointRoutes {
            mrap: Input::reference(mrap().arn()),
            routes: REGIONS
                .map(|(label, region)| Route {
                    bucket: by_id(&bucket(label)),
                    region: Input::known(name(region)),
                    dial: if region == "eu-west-2" { Dial::Active } else { Dial::Passive },
                })
                .to_vec(),
        }),
        "data",
        Some("us-east-1"),
    ));
    add(resource(
        Body::Role(Role {
            name: Some(Input::known(name("acme-data-replication"))),
            path: name("/service/"),
            description: Some("Replicates acme-data".to_owned()),
            assume_role_policy: document("Allow", "x".into(), "aws:SourceAccount", "123456789012".into()),
            permissions_boundary: None,
            managed_policies: Vec::new(),
            inline_policies: Vec::new(),
        }),
        "replication",
        None,
    ));
    add(resource(
        Body::RolePolicy(RolePolicy {
            role: by_id(&role()),
            name: "replicate".to_owned(),
            policy: document(
                "Allow",
                bucket("us_east_1").arn().into(),
                "aws:PrincipalArn",
                role().arn().into(),
            ),
        }),
        "replication",
        None,
    ));
    let number = |number: &str| Value::new(ValueKind::Number(number.into()));
    let body = Value::object([
        ("start", Value::text("-PT6H")),
        ("widgets", Value::list([Value::object([("width", number("12")), ("y", number("0.5"))])])),
    ]);
    add(resource(
        Body::Dashboard(Dashboard { name: "acme-data".to_owned(), body: body.into_json_text() }),
        "data",
        Some("eu-west-2"),
    ));
    deployment
}
