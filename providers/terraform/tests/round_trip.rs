//! `read_config(emit(d)) == d`, for deployments of all kinds with odd text in policies.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{REGIONS, bucket, by_id, every_kind, mrap, name, resource, role, sources};
use narrows_model::resources::cloudwatch::Dimension;
use narrows_model::resources::iam::{
    self, Group, GroupMembers, GroupPolicy, GroupPolicyAttachment, InlinePolicy, ManagedPolicy,
    PolicyAttachment, RolePolicyAttachment, UserGroups, UserPolicy, UserPolicyAttachment,
};
use narrows_model::resources::kms::{Key, KeyAlias, KeyPolicy, ReplicaKey};
use narrows_model::resources::organisations::{
    Control, ControlPolicy, ControlPolicyAttachment, MemberAccount, OrganisationalUnit,
};
use narrows_model::resources::s3::{
    Acl, AclGrant, AclPermission, BucketAcl, BucketEncryption, CannedAcl, EncryptionAlgorithm, Grantee,
    ObjectOwnership, PublicAccessBlock, ReplicationRule, VersioningStatus,
};
use narrows_model::resources::s3control::Dial;
use narrows_model::resources::{Other, ec2::EndpointType};
use narrows_model::{
    Attribute, Body, Deployment, Input, Kind, Part, Reference, ResourceId, Text, Value, ValueKind,
};
use narrows_terraform::{EmitOptions, emit, read_config};
use proptest::prelude::*;

fn reference() -> impl Strategy<Value = Reference> {
    let endpoint = ResourceId::new(Kind::VpcEndpoint, "us_east_1");
    prop::sample::select(vec![
        mrap().arn(),
        mrap().attribute(Attribute::Alias),
        mrap().attribute(Attribute::DomainName),
        mrap().attribute(Attribute::Id),
        mrap().attribute(Attribute::Other("name".to_owned())),
        bucket("eu_west_2").arn(),
        bucket("us_east_1").attribute(Attribute::Id),
        role().arn(),
        role().attribute(Attribute::Id),
        endpoint.attribute(Attribute::Id),
        endpoint.attribute(Attribute::Other("dns_entry[0].dns_name".to_owned())),
    ])
}

/// Text that templates and JSON both have to escape.
fn literal() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "$", "%", "{", "}", "${", "%{", "$${", "%%{", "\"", "\\", "~", "//", "\n", "é", "🪣"
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,6}",
        "\\PC{0,3}".prop_filter("no private use", |text| !text.chars().any(|c| u32::from(c) >= 0x10_0000)),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn text() -> impl Strategy<Value = Text> {
    let part = prop_oneof![literal().prop_map(Part::literal), reference().prop_map(Part::from)];
    prop::collection::vec(part, 0..5).prop_map(|parts| parts.into_iter().collect())
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::new(ValueKind::Null)),
        any::<bool>().prop_map(|flag| Value::new(ValueKind::Bool(flag))),
        prop::sample::select(vec!["0", "-1", "2.50", "1e9"])
            .prop_map(|number| Value::new(ValueKind::Number(number.to_owned().into()))),
        text().prop_map(Value::text),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::list),
            prop::collection::btree_map(literal(), inner, 0..4).prop_map(Value::object),
        ]
    })
}

fn document() -> impl Strategy<Value = Value> {
    prop::collection::btree_map(literal(), json(), 0..4)
        .prop_map(|members| Value::object(members).into_json_text())
}

/// A control policy, attached to a unit with an account and to AWS's own.
fn organisation(deployment: &mut Deployment, of_resources: bool, content: Value) {
    let unit = ResourceId::new(Kind::OrganisationalUnit, "data");
    let policy = ResourceId::new(Kind::ControlPolicy, "perimeter");
    let attached = |policy, target| Body::ControlPolicyAttachment(ControlPolicyAttachment { policy, target });
    let bodies = [
        Body::OrganisationalUnit(OrganisationalUnit {
            name: "data".to_owned(),
            parent: Input::known(name("r-ab12")),
            id: None,
        }),
        Body::MemberAccount(MemberAccount {
            name: "data".to_owned(),
            email: "data@example.com".to_owned(),
            parent: of_resources.then(|| by_id(&unit)),
            id: None,
        }),
        Body::ControlPolicy(ControlPolicy {
            name: "perimeter".to_owned(),
            description: of_resources.then(|| "the perimeter".to_owned()),
            control: if of_resources { Control::Resource } else { Control::Service },
            content,
            id: None,
        }),
        attached(by_id(&policy), by_id(&unit)),
    ];
    for (body, label) in bodies.into_iter().zip(["data", "data", "perimeter", "perimeter"]) {
        deployment.add(resource(body, label, None)).unwrap();
    }
    let body = attached(Input::known(name("p-FullAWSAccess")), Input::known(name("123456789012")));
    deployment.add(resource(body, "full", None)).unwrap();
}

/// A user in a group, each with policies of its own.
fn users(deployment: &mut Deployment, paths: bool, document: &mut dyn FnMut() -> Value) {
    let (user, group) = (ResourceId::new(Kind::User, "alice"), ResourceId::new(Kind::Group, "readers"));
    let policy = || Input::reference(managed().arn());
    let bodies = [
        Body::User(iam::User {
            name: Input::known(name("alice")),
            path: if paths { name("/people/") } else { name("/") },
            permissions_boundary: paths.then(policy),
        }),
        Body::UserPolicy(UserPolicy {
            user: by_id(&user),
            name: if paths { "own".to_owned() } else { String::new() },
            policy: document(),
        }),
        Body::UserPolicyAttachment(UserPolicyAttachment { user: by_id(&user), policy: policy() }),
        Body::UserGroups(UserGroups {
            user: by_id(&user),
            groups: vec![by_id(&group), Input::known(name("auditors"))],
        }),
        Body::Group(Group {
            name: Input::known(name("readers")),
            path: if paths { name("/people/") } else { name("/") },
        }),
        Body::GroupPolicy(GroupPolicy { group: by_id(&group), name: "own".to_owned(), policy: document() }),
        Body::GroupPolicyAttachment(GroupPolicyAttachment { group: by_id(&group), policy: policy() }),
        Body::GroupMembers(GroupMembers {
            name: "readers".to_owned(),
            group: by_id(&group),
            users: vec![by_id(&user), Input::known(name("bob"))],
        }),
        Body::PolicyAttachment(PolicyAttachment {
            name: "all".to_owned(),
            policy: policy(),
            roles: vec![by_id(&role())],
            users: if paths { vec![by_id(&user)] } else { Vec::new() },
            groups: vec![by_id(&group)],
        }),
    ];
    for body in bodies {
        let label = match body.kind() {
            Kind::User => "alice",
            Kind::Group => "readers",
            _ => "all",
        };
        deployment.add(resource(body, label, None)).unwrap();
    }
}

fn key() -> ResourceId {
    ResourceId::new(Kind::Key, "data")
}

/// A key with a replica, and a bucket that uses it.
fn keys(deployment: &mut Deployment, own_policy: bool, document: &mut dyn FnMut() -> Value) {
    let bodies = [
        Body::Key(Key {
            policy: own_policy.then(&mut *document),
            description: own_policy.then(|| "data".to_owned()),
            multi_region: own_policy,
            id: None,
        }),
        Body::ReplicaKey(ReplicaKey {
            primary: Input::reference(key().arn()),
            policy: (!own_policy).then(&mut *document),
            id: None,
        }),
        Body::KeyPolicy(KeyPolicy { key: by_id(&key()), policy: document() }),
        Body::KeyAlias(KeyAlias {
            name: own_policy.then(|| Input::known(name("alias/data"))),
            target: Input::reference(key().arn()),
        }),
        Body::BucketEncryption(BucketEncryption {
            bucket: by_id(&bucket("us_east_1")),
            algorithm: if own_policy { EncryptionAlgorithm::Kms } else { EncryptionAlgorithm::KmsDsse },
            key: own_policy.then(|| Input::reference(key().arn())),
            bucket_key: own_policy,
        }),
    ];
    for body in bodies {
        deployment.add(resource(body, "data", Some(REGIONS[0].1))).unwrap();
    }
}

/// The access control lists of two buckets.
fn acls(deployment: &mut Deployment, public: bool) {
    let grant = |grantee, permission| AclGrant { grantee, permission };
    let grants = vec![
        grant(Grantee::CanonicalUser("79a5".to_owned()), AclPermission::FullControl),
        grant(Grantee::Email("data@example.com".to_owned()), AclPermission::Write),
        grant(Grantee::Group(Grantee::LOG_DELIVERY.to_owned()), AclPermission::ReadAcp),
    ];
    let canned = if public { CannedAcl::PublicRead } else { CannedAcl::Private };
    let acls = [Acl::Canned(canned), Acl::Grants { owner: "79a5".to_owned(), grants }];
    for (acl, label) in acls.into_iter().zip(["us_east_1", "eu_west_2"]) {
        let body = Body::BucketAcl(BucketAcl { bucket: by_id(&bucket(label)), acl });
        deployment.add(resource(body, label, Some(REGIONS[0].1))).unwrap();
    }
}

fn managed() -> ResourceId {
    ResourceId::new(Kind::ManagedPolicy, "boundary")
}

/// What is changed in the deployment of every kind.
#[derive(Clone, Debug)]
struct Change {
    documents: Vec<Value>,
    description: String,
    dimension: (String, Text),
    flags: [bool; 6],
    status: VersioningStatus,
    ownership: ObjectOwnership,
    other: Value,
    no_account: bool,
}

fn change() -> impl Strategy<Value = Change> {
    let words = (
        prop::sample::select(vec![
            VersioningStatus::Enabled,
            VersioningStatus::Suspended,
            VersioningStatus::Disabled,
        ]),
        prop::sample::select(vec![
            ObjectOwnership::BucketOwnerEnforced,
            ObjectOwnership::BucketOwnerPreferred,
            ObjectOwnership::ObjectWriter,
        ]),
    );
    let arguments = prop::collection::btree_map("[a-z_]{1,8}", json(), 0..4).prop_filter("meta", |members| {
        !members.contains_key("region") && !members.contains_key("depends_on")
    });
    (
        prop::collection::vec(document(), 8),
        literal(),
        (literal(), text()),
        any::<[bool; 6]>(),
        words,
        arguments.prop_map(Value::object),
        any::<bool>(),
    )
        .prop_map(
            |(documents, description, dimension, flags, (status, ownership), other, no_account)| Change {
                documents,
                description,
                dimension,
                flags,
                status,
                ownership,
                other,
                no_account,
            },
        )
}

fn changed(change: Change) -> Deployment {
    let mut deployment = every_kind();
    let [force_destroy, block, metrics, time_control, gateway, passive] = change.flags;
    if change.no_account {
        deployment.account = None;
    }
    let mut documents = change.documents.into_iter().cycle();
    let mut document = || documents.next().unwrap();
    for resource in deployment.resources_mut() {
        match &mut resource.body {
            Body::Bucket(it) => it.force_destroy = force_destroy,
            Body::BucketVersioning(it) => it.status = change.status,
            Body::BucketPublicAccessBlock(it) => it.block.block_public_policy = block,
            Body::BucketOwnershipControls(it) => it.ownership = change.ownership,
            Body::BucketPolicy(it) => it.policy = document(),
            Body::BucketReplication(it) => it.rules.push(ReplicationRule {
                id: change.description.clone(),
                enabled: block,
                priority: 2,
                prefix: change.description.clone(),
                destination: Input::known(name("arn:aws:s3:::somewhere-else")),
                destination_account: block.then(|| name("210987654321")),
                delete_markers: passive,
                replica_modifications: gateway,
                time_control: time_control && metrics,
                metrics,
                encrypted_objects: passive,
                replica_key: gateway.then(|| Input::reference(key().arn())),
            }),
            Body::BucketMetric(it) => it.filter_id = change.description.clone(),
            Body::MultiRegionAccessPoint(it) => {
                it.public_access_block =
                    PublicAccessBlock { ignore_public_acls: block, ..PublicAccessBlock::ALL };
                it.account = gateway.then(|| Input::known(name("210987654321")));
            }
            Body::MultiRegionAccessPointPolicy(it) => it.policy = document(),
            Body::MultiRegionAccessPointRoutes(it) => {
                for route in &mut it.routes {
                    route.dial = if passive { Dial::Passive } else { Dial::Active };
                }
            }
            Body::Role(it) => {
                it.description = block.then(|| change.description.clone());
                it.assume_role_policy = document();
                if gateway {
                    it.path = name("/");
                    it.permissions_boundary = Some(Input::reference(managed().arn()));
                }
                if passive {
                    it.managed_policies.push(Input::known(name("arn:aws:iam::aws:policy/ReadOnlyAccess")));
                    it.managed_policies.push(Input::reference(managed().arn()));
                    let name = if metrics { "own".to_owned() } else { String::new() };
                    it.inline_policies.push(InlinePolicy { name, policy: document() });
                    it.inline_policies.push(InlinePolicy { name: "two".to_owned(), policy: document() });
                }
            }
            Body::RolePolicy(it) => it.policy = document(),
            Body::ManagedPolicy(_)
            | Body::RolePolicyAttachment(_)
            | Body::PolicyAttachment(_)
            | Body::User(_)
            | Body::UserPolicy(_)
            | Body::UserPolicyAttachment(_)
            | Body::UserGroups(_)
            | Body::Group(_)
            | Body::GroupPolicy(_)
            | Body::GroupPolicyAttachment(_)
            | Body::GroupMembers(_)
            | Body::Key(_)
            | Body::ReplicaKey(_)
            | Body::KeyPolicy(_)
            | Body::KeyAlias(_)
            | Body::BucketEncryption(_)
            | Body::BucketAcl(_)
            | Body::ControlPolicy(_)
            | Body::ControlPolicyAttachment(_)
            | Body::MemberAccount(_)
            | Body::OrganisationalUnit(_) => {}
            Body::VpcEndpoint(it) => {
                it.endpoint_type = if gateway { EndpointType::Gateway } else { EndpointType::Interface };
                it.policy = block.then(|| Value::object([("a", Value::text("b"))]).into_json_text());
                it.private_dns = passive;
            }
            Body::SecurityGroup(it) => it.description = change.description.clone(),
            Body::SecurityGroupIngressRule(it) => it.description = change.description.clone(),
            Body::MetricAlarm(it) => {
                it.dimensions = vec![(change.dimension.0.clone(), Dimension(change.dimension.1.clone()))];
                it.description = change.description.clone();
            }
            Body::Dashboard(it) => it.body = document(),
            Body::Other(_) => {}
        }
    }
    let policy = ManagedPolicy {
        name: metrics.then(|| Input::known(name("boundary"))),
        path: if gateway { name("/apps/") } else { name("/") },
        description: block.then(|| change.description.clone()),
        policy: document(),
    };
    deployment.add(resource(Body::ManagedPolicy(policy), "boundary", None)).unwrap();
    let attachment = RolePolicyAttachment { role: by_id(&role()), policy: Input::reference(managed().arn()) };
    deployment.add(resource(Body::RolePolicyAttachment(attachment), "boundary", None)).unwrap();
    organisation(&mut deployment, block, document());
    users(&mut deployment, gateway, &mut document);
    keys(&mut deployment, passive, &mut document);
    acls(&mut deployment, block);
    let other = Other { type_name: "aws_sns_topic".to_owned(), arguments: change.other };
    deployment.add(resource(Body::Other(other), "alerts", Some(REGIONS[0].1))).unwrap();
    deployment
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_emitted_is_read_back(change in change()) {
        let deployment = changed(change);
        // References in policies may close a cycle, which no engine could deploy.
        prop_assume!(deployment.in_order().is_ok());
        let files = emit(&deployment, &EmitOptions::default()).unwrap();
        prop_assert_eq!(read_config(&sources(&files)).unwrap(), deployment);
    }

    #[test]
    fn any_text_is_read_back(texts in prop::collection::vec(text(), 1..4)) {
        let mut deployment = every_kind();
        let mut texts = texts.into_iter().cycle();
        for resource in deployment.resources_mut() {
            if let Body::BucketPolicy(it) = &mut resource.body {
                it.policy = Value::object([("Id", Value::text(texts.next().unwrap()))]).into_json_text();
            }
        }
        let files = emit(&deployment, &EmitOptions::default()).unwrap();
        prop_assert_eq!(read_config(&sources(&files)).unwrap(), deployment);
    }

    #[test]
    fn no_text_stops_the_reader(text in "\\PC{0,40}") {
        let _ = read_config(&[narrows_model::Source::file("a.tf.json", text.as_str())]);
        let quoted = Value::text(text);
        let whole = format!("{{\"resource\": {{\"aws_s3_bucket\": {{\"a\": {{\"bucket\": {quoted}}}}}}}}}");
        let _ = read_config(&[narrows_model::Source::file("a.tf.json", whole)]);
    }
}

#[test]
fn a_bucket_that_the_engine_names() {
    let mut deployment = every_kind();
    let body = narrows_model::resources::s3::Bucket { name: None, force_destroy: false };
    deployment.add(resource(Body::Bucket(body), "logs", None)).unwrap();
    let versioning = narrows_model::resources::s3::BucketVersioning {
        bucket: by_id(&bucket("logs")),
        status: VersioningStatus::Enabled,
    };
    deployment.add(resource(Body::BucketVersioning(versioning), "logs", None)).unwrap();
    let files = emit(&deployment, &EmitOptions::default()).unwrap();
    assert_eq!(read_config(&sources(&files)).unwrap(), deployment);
}
