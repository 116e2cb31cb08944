//! What cannot be built from typed parts: each error as it is shown.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may panic, in its helpers too"
)]
use narrows_model::intent::Access;
use narrows_stacks::{
    BreakGlass, ExemptService, FailoverRoutes, Grant, MrapRegion, MrapStack, Observability, PrivateAccess,
    RegionalBucket, ReplicationMesh, Stack,
};

fn at(region: &str) -> MrapRegion {
    region.parse().unwrap()
}

fn bucket(region: &str, name: &str) -> RegionalBucket {
    RegionalBucket::new(at(region), name.parse().unwrap())
}

/// An access point with a bucket in each of these Regions.
fn over(regions: &[&str]) -> MrapStack {
    let mut buckets = regions.iter().map(|region| bucket(region, &format!("orders-{region}")));
    let first = buckets.next().unwrap();
    let start = MrapStack::new(
        "orders".parse().unwrap(),
        "123456789012".parse().unwrap(),
        "orders".parse().unwrap(),
        first,
    );
    buckets.fold(start, MrapStack::bucket)
}

fn error(stack: &Stack) -> String {
    let error = stack.build().unwrap_err();
    format!("{:?}: {error}", error.subject())
}

#[test]
fn two_buckets_in_one_region() {
    let stack = Stack::new(over(&["eu-west-2"]).bucket(bucket("eu-west-2", "orders-too")));
    insta::assert_snapshot!(error(&stack), @r#"
Bucket(1): two buckets in eu-west-2, `orders-eu-west-2` and `orders-too`: expected one bucket in each Region of an access point; leave one of them out, or put it into a stack of its own
"#);
}

#[test]
fn two_buckets_of_one_name() {
    let stack = Stack::new(over(&["eu-west-2"]).bucket(bucket("us-east-1", "orders-eu-west-2")));
    insta::assert_snapshot!(error(&stack), @r#"
Bucket(1): two buckets are called `orders-eu-west-2`: expected names that differ, for they are unique across accounts and Regions; add the Region to the name, as in orders-eu-west-2
"#);
}

#[test]
fn more_than_seventeen_buckets() {
    let regions: Vec<_> = narrows_model::Region::mrap_capable().map(|region| region.as_str()).collect();
    assert!(Stack::new(over(&regions[..17])).build().is_ok());
    insta::assert_snapshot!(error(&Stack::new(over(&regions[..18]))), @r#"
Bucket(17): 18 buckets: expected at most 17, S3's quota of Regions for one access point; split the stack
"#);
}

#[test]
fn a_mesh_that_reaches_outside() {
    let mesh = ReplicationMesh::between(at("eu-west-2"), at("us-east-1")).and(at("eu-west-1"));
    insta::assert_snapshot!(error(&Stack::new(over(&["eu-west-2", "us-east-1"])).replicate(mesh)), @r#"
Replication: eu-west-1 is not part of the access point: expected one of its Regions, eu-west-2, us-east-1; add a bucket there, or name another Region
"#);
}

#[test]
fn a_mesh_that_leaves_a_region_out() {
    let mesh = ReplicationMesh::between(at("eu-west-2"), at("us-east-1"));
    insta::assert_snapshot!(error(
        &Stack::new(over(&["eu-west-2", "us-east-1", "eu-west-1"])).replicate(mesh)
    ), @r#"
Replication: eu-west-1 is left out of the replication mesh: expected every Region of the access point; name it too; a Region that nobody thought of is what fails in a failover
"#);
}

#[test]
fn a_mesh_of_a_region_with_itself() {
    let mesh = ReplicationMesh::between(at("eu-west-2"), at("eu-west-2"));
    insta::assert_snapshot!(error(&Stack::new(over(&["eu-west-2"])).replicate(mesh)), @r#"
Replication: eu-west-2 is named twice in the replication mesh: expected each Region once; remove one of them
"#);
}

#[test]
fn a_route_outside_the_access_point() {
    let routes = FailoverRoutes::active(at("eu-west-2")).backup(at("eu-west-1"));
    insta::assert_snapshot!(error(&Stack::new(over(&["eu-west-2", "us-east-1"])).failover(routes)), @r#"
Passive(0): eu-west-1 is not part of the access point: expected one of its Regions, eu-west-2, us-east-1; add a bucket there, or name another Region
"#);
}

#[test]
fn a_region_without_a_route() {
    let routes = FailoverRoutes::active(at("eu-west-2")).backup(at("us-east-1"));
    insta::assert_snapshot!(error(
        &Stack::new(over(&["eu-west-2", "us-east-1", "eu-west-1"])).failover(routes)
    ), @r#"
Failover: eu-west-1 is left out of the failover routes: expected every Region of the access point; name it too; a Region that nobody thought of is what fails in a failover
"#);
}

#[test]
fn a_region_both_active_and_passive() {
    let routes = FailoverRoutes::active(at("eu-west-2")).backup(at("us-east-1")).then(at("eu-west-2"));
    insta::assert_snapshot!(error(&Stack::new(over(&["eu-west-2", "us-east-1"])).failover(routes)), @r#"
Passive(1): eu-west-2 is named twice in the failover routes: expected each Region once; remove one of them
"#);
}

#[test]
fn an_operator_that_is_a_session() {
    let operator = "arn:aws:sts::123456789012:assumed-role/on-call/me".parse().unwrap();
    let routes = FailoverRoutes::active(at("eu-west-2")).backup(at("us-east-1")).operator(operator);
    insta::assert_snapshot!(error(&Stack::new(over(&["eu-west-2", "us-east-1"])).failover(routes)), @r#"
Operator(0): `arn:aws:sts::123456789012:assumed-role/on-call/me` is not the ARN of a role or user: expected arn:aws:iam::<account>:role/<name> without wildcards; name one role or user; for a session, its role
"#);
}

#[test]
fn a_deployer_that_is_a_pattern() {
    let mrap = over(&["eu-west-2"]).deployer("arn:aws:iam::123456789012:role/deploy-*".parse().unwrap());
    insta::assert_snapshot!(error(&Stack::new(mrap)), @r#"
Deployer: `arn:aws:iam::123456789012:role/deploy-*` is not the ARN of a role or user: expected arn:aws:iam::<account>:role/<name> without wildcards; name one role or user; for a session, its role
"#);
}

#[test]
fn a_grant_given_twice() {
    let grant = Grant {
        role: "arn:aws:iam::123456789012:role/api".parse().unwrap(),
        access: Access::Read,
        prefix: "reports/".parse().unwrap(),
    };
    insta::assert_snapshot!(error(&Stack::new(over(&["eu-west-2"]).grant(grant.clone()).grant(grant))), @r#"
Grant(1): `arn:aws:iam::123456789012:role/api` is granted read on `reports/` twice: expected each grant once; remove one of them
"#);
}

#[test]
fn a_break_glass_role_of_another_account() {
    let role = "arn:aws:iam::210987654321:role/on-call".parse().unwrap();
    let mrap = over(&["eu-west-2"]).break_glass(BreakGlass::new(role, "outages"));
    insta::assert_snapshot!(error(&Stack::new(mrap)), @r#"
BreakGlass(0): break-glass role `arn:aws:iam::210987654321:role/on-call` is of another account: expected a role of 123456789012; name a role of the account, and let people of the other account assume it
"#);
}

#[test]
fn an_exemption_without_a_reason() {
    let mrap = over(&["eu-west-2"]).exempt_service(ExemptService {
        service: "logging.s3.amazonaws.com".parse().unwrap(),
        access: Access::Write,
        prefix: "logs/".parse().unwrap(),
        reason: " ".to_owned(),
    });
    insta::assert_snapshot!(error(&Stack::new(mrap)), @r#"
Service(0): `logging.s3.amazonaws.com` is exempt without a reason: expected a few words on what it is for; say why the way past the access point has to exist
"#);
}

#[test]
fn an_exemption_given_twice() {
    let exemption = BreakGlass::new("arn:aws:iam::123456789012:role/on-call".parse().unwrap(), "outages");
    let mrap = over(&["eu-west-2"]).break_glass(exemption.clone()).break_glass(exemption);
    insta::assert_snapshot!(error(&Stack::new(mrap)), @r#"
BreakGlass(1): `arn:aws:iam::123456789012:role/on-call` is exempt twice: expected each exemption once; remove one of them
"#);
}

fn private(region: &str) -> PrivateAccess {
    let vpc = "vpc-0a1b2c3d".parse().unwrap();
    PrivateAccess::new(at(region), vpc, "subnet-0a1b2c3d".parse().unwrap(), "10.0.0.0/16".parse().unwrap())
}

#[test]
fn two_endpoints_in_one_region() {
    let stack = Stack::new(over(&["eu-west-2"])).private_access(private("eu-west-2"));
    insta::assert_snapshot!(error(&stack.private_access(private("eu-west-2"))), @r#"
PrivateAccess(1): two endpoints in eu-west-2: expected one VPC in each Region; connect the other VPC to the first, by peering or a transit gateway
"#);
}

#[test]
fn a_network_listed_twice() {
    let access = private("eu-west-2").clients("10.0.0.0/16".parse().unwrap());
    insta::assert_snapshot!(error(&Stack::new(over(&["eu-west-2"])).private_access(access)), @r#"
PrivateAccess(0): `10.0.0.0/16` is listed twice: expected each subnet and each client network once; remove one of them
"#);
}

#[test]
fn a_topic_in_a_region_without_alarms() {
    let topic = "arn:aws:sns:eu-west-1:123456789012:alarms".parse().unwrap();
    let stack = Stack::new(over(&["eu-west-2"])).observe(Observability::default().notify(topic));
    insta::assert_snapshot!(error(&stack), @r#"
Notify(0): `arn:aws:sns:eu-west-1:123456789012:alarms` is in a Region without alarms: expected one of eu-west-2; an alarm notifies topics of its own Region only: name one there
"#);
}

#[test]
fn an_alarm_action_that_is_no_topic() {
    let queue = "arn:aws:sqs:eu-west-2:123456789012:alarms".parse().unwrap();
    let stack = Stack::new(over(&["eu-west-2"])).observe(Observability::default().notify(queue));
    insta::assert_snapshot!(error(&stack), @r#"
Notify(0): `arn:aws:sqs:eu-west-2:123456789012:alarms` is not an SNS topic: expected arn:aws:sns:<region>:<account>:<topic>; give the topic's ARN; other kinds of alarm actions are not supported
"#);
}

#[test]
fn a_policy_that_s3_would_refuse_for_its_size() {
    let grant = |number: u32| Grant {
        role: format!("arn:aws:iam::123456789012:role/application-{number}").parse().unwrap(),
        access: Access::ReadWrite,
        prefix: format!("applications/{number}/").parse().unwrap(),
    };
    let few = (0..10).map(grant).fold(over(&["eu-west-2"]), MrapStack::grant);
    assert!(Stack::new(few).build().is_ok());
    let many = (0..40).map(grant).fold(over(&["eu-west-2"]), MrapStack::grant);
    insta::assert_snapshot!(error(&Stack::new(many)), @r#"
Stack: the bucket policy eu_west_2 has up to 23860 bytes: expected at most 20480, S3's limit; merge grants: one role for several applications, or shorter prefixes
"#);
}
