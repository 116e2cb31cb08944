//! What the policies of the example decide, by an evaluator that knows nothing of how they were made.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use narrows_iam::{
    Authorization, Context, Decision, Document, DocumentKind, Endpoint, Entry, Identity, Named, Principal,
    Request, Truth, authorize, authorize_through_mrap, parse,
};
use narrows_model::{Attribute, Body, Deployment, Kind, ResourceId, Symbols, Value};
use narrows_stacks::StackSpec;

const ACCOUNT: &str = "123456789012";

struct World {
    deployment: Deployment,
    symbols: Symbols,
    bucket: Document,
    mrap: Document,
    endpoint: Document,
    replication: Document,
}

/// The way that a request takes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Direct,
    Mrap,
    OtherMrap,
    RegionalAccessPoint,
}

/// One request: to the bucket in London, unless it says otherwise.
#[derive(Clone, Copy)]
struct Ask {
    who: &'static str,
    action: &'static str,
    /// The key; empty for the bucket itself.
    key: &'static str,
    way: Way,
    /// The endpoint's Region, if it comes through one.
    endpoint: Option<&'static str>,
    tls: &'static str,
    at: &'static str,
    prefix: &'static str,
    /// The account that a service acts for; empty for none.
    source_account: &'static str,
}

const ASK: Ask = Ask {
    who: "orders-api",
    action: "s3:GetObject",
    key: "k",
    way: Way::Mrap,
    endpoint: Some("us_east_1"),
    tls: "1.3",
    at: "2027-01-01T00:00:00Z",
    prefix: "",
    source_account: "",
};

/// Fills in what AWS makes up, for until then another access point's alias might be the one that this gets.
fn deploy(deployment: &mut Deployment) {
    for (number, resource) in deployment.resources_mut().enumerate() {
        match &mut resource.body {
            Body::MultiRegionAccessPoint(it) => it.alias = Some("mfzwi23gnjvgw.mrap".parse().unwrap()),
            Body::VpcEndpoint(it) => it.id = Some(format!("vpce-{number:017x}").parse().unwrap()),
            _ => {}
        }
    }
}

impl World {
    fn new() -> Self {
        Self::of(StackSpec::template())
    }

    fn of(text: &str) -> Self {
        let spec = StackSpec::parse("narrows.toml", text).unwrap();
        let mut deployment = spec.compose().deployment.clone();
        deploy(&mut deployment);
        let mut symbols = Symbols::default();
        let mut read = |kind: Kind, name: &str, document: DocumentKind| {
            let resource = deployment.get(&ResourceId::new(kind, name)).unwrap();
            let policy: &Value = match &resource.body {
                Body::BucketPolicy(it) => &it.policy,
                Body::MultiRegionAccessPointPolicy(it) => &it.policy,
                Body::RolePolicy(it) => &it.policy,
                Body::VpcEndpoint(it) => it.policy.as_ref().unwrap(),
                other => panic!("{other:?}"),
            };
            parse(policy, document, &mut |text| symbols.resolve(&deployment, text)).unwrap()
        };
        let bucket = read(Kind::BucketPolicy, "eu_west_2", DocumentKind::Resource);
        let mrap = read(Kind::MultiRegionAccessPointPolicy, "mrap", DocumentKind::Resource);
        let endpoint = read(Kind::VpcEndpoint, "us_east_1", DocumentKind::Endpoint);
        let replication = read(Kind::RolePolicy, "replication", DocumentKind::Identity);
        Self { deployment, symbols, bucket, mrap, endpoint, replication }
    }

    fn value(&mut self, kind: Kind, name: &str, attribute: Attribute) -> String {
        self.symbols.resolve_attribute(&self.deployment, &ResourceId::new(kind, name), attribute).to_string()
    }

    fn context(&mut self, ask: &Ask) -> Context {
        let mut context = Context::default();
        let mut set = |key: &str, value: &str| context.set(key, Entry::Value(value.to_owned()));
        set("aws:SecureTransport", if ask.tls.is_empty() { "false" } else { "true" });
        set("aws:CurrentTime", ask.at);
        if !ask.tls.is_empty() {
            set("s3:TlsVersion", ask.tls);
        }
        if ask.action == "s3:ListBucket" {
            set("s3:prefix", ask.prefix);
        }
        if !ask.source_account.is_empty() {
            set("aws:SourceAccount", ask.source_account);
        }
        if let Some(region) = ask.endpoint {
            let id = match region {
                "elsewhere" => "vpce-0123456789abcdef0".to_owned(),
                region => self.value(Kind::VpcEndpoint, region, Attribute::Id),
            };
            set("aws:SourceVpce", &id);
        }
        context
    }

    /// What is decided where identity policies are as given.
    fn decide(&mut self, ask: &Ask, identity: Identity<'_>) -> Decision {
        let role = |name: &str| Principal::Role {
            arn: format!("arn:aws:iam::{ACCOUNT}:role/{name}"),
            session: "s".to_owned(),
        };
        let principal = match ask.who {
            "anonymous" => Principal::Anonymous,
            "root" => Principal::Root { partition: "aws".to_owned(), account: ACCOUNT.parse().unwrap() },
            service if service.ends_with(".amazonaws.com") => Principal::Service(service.to_owned()),
            name => role(name),
        };
        let arn = self.value(Kind::MultiRegionAccessPoint, "mrap", Attribute::Arn);
        let bucket = self.value(Kind::Bucket, "eu_west_2", Attribute::Arn);
        let below = |separator: &str| match ask.key {
            "" => String::new(),
            key => format!("{separator}{key}"),
        };
        let mut request = Request {
            principal,
            action: ask.action.to_owned(),
            resource: format!("{bucket}{}", below("/")),
            context: self.context(ask),
        };
        let through = match ask.way {
            Way::Direct => None,
            Way::Mrap => Some(arn.clone()),
            Way::OtherMrap => Some(format!("arn:aws:s3::{ACCOUNT}:accesspoint/mother.mrap")),
            Way::RegionalAccessPoint => Some(format!("arn:aws:s3:eu-west-2:{ACCOUNT}:accesspoint/orders")),
        };
        let first = Request { resource: format!("{arn}{}", below("/object/")), ..request.clone() };
        if let Some(through) = through {
            request.context.set("s3:DataAccessPointArn", Entry::Value(through));
        }
        let endpoint = ask.endpoint.filter(|region| *region != "elsewhere").map(|_| Endpoint {
            policy: Some(Named { name: "endpoint", document: &self.endpoint }),
            gateway: false,
        });
        let leg = |request, document| {
            let resource_policy = Some(Named { name: "policy", document });
            let start = Authorization::new(request, &self.symbols, ACCOUNT);
            authorize(&Authorization { resource_policy, identity, endpoint, ..start })
        };
        let second = leg(&request, &self.bucket);
        if ask.way == Way::Mrap { authorize_through_mrap(leg(&first, &self.mrap), second) } else { second }
    }

    /// Whether it is allowed if identity policies allow everything: what only a Deny can stop.
    fn possible(&mut self, ask: Ask) -> Truth {
        self.decide(&ask, Identity::AssumedAllowAll).allowed
    }

    /// Whether it is allowed without any identity policy: what the stack itself grants.
    fn granted(&mut self, ask: Ask) -> Truth {
        self.decide(&ask, Identity::AssumedNone).allowed
    }
}

/// Everything that an application could try beside the way that is meant, with all that IAM could give it.
#[test]
fn nothing_gets_past_the_access_point_or_the_endpoints() {
    let mut world = World::new();
    let callers = ["orders-api", "deployer", "stranger", "root", "anonymous", "logging.s3.amazonaws.com"];
    let ways = [
        (Way::Direct, Some("us_east_1")),
        (Way::Direct, None),
        (Way::OtherMrap, Some("us_east_1")),
        (Way::RegionalAccessPoint, Some("us_east_1")),
        (Way::Mrap, None),
        (Way::Mrap, Some("elsewhere")),
    ];
    let objects = ["s3:GetObject", "s3:PutObject", "s3:ReplicateObject", "s3:InventedLater"];
    let listing = ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"];
    for who in callers {
        for (way, endpoint) in ways {
            for (actions, key) in [(&objects[..], "k"), (&listing[..], "")] {
                for action in actions {
                    let ask = Ask { who, way, endpoint, action, key, ..ASK };
                    let place = format!("{who} {action} {way:?} {endpoint:?}");
                    assert_eq!(world.possible(ask), Truth::No, "{place}");
                }
            }
        }
    }
    for tls in ["", "1.0", "1.1"] {
        assert_eq!(world.possible(Ask { tls, ..ASK }), Truth::No, "TLS {tls}");
    }
    assert_eq!(world.possible(ASK), Truth::Yes);
}

#[test]
fn grants_are_enough_and_no_more_than_was_declared() {
    let mut world = World::new();
    let reporting = Ask { who: "reporting", key: "reports/2027", ..ASK };
    let list = Ask { action: "s3:ListBucket", key: "", ..ASK };
    for (ask, expected) in [
        (ASK, Truth::Yes),
        (Ask { action: "s3:PutObject", ..ASK }, Truth::Yes),
        (Ask { action: "s3:DeleteObject", ..ASK }, Truth::Yes),
        (Ask { action: "s3:DeleteObjectVersion", ..ASK }, Truth::No),
        (list, Truth::Yes),
        (reporting, Truth::Yes),
        (Ask { key: "secrets/2027", ..reporting }, Truth::No),
        (Ask { action: "s3:PutObject", ..reporting }, Truth::No),
        (Ask { who: "reporting", prefix: "reports/", ..list }, Truth::Yes),
        (Ask { who: "reporting", prefix: "", ..list }, Truth::No),
        (Ask { who: "stranger", ..ASK }, Truth::No),
    ] {
        assert_eq!(world.granted(ask), expected, "{} {} {}", ask.who, ask.action, ask.key);
    }
}

/// A direct request of a break-glass role carries no endpoint of the stack.
#[test]
fn the_break_glass_role_gets_past_until_its_last_day_is_over() {
    let mut world = World::new();
    let direct = Ask { who: "storage-on-call", way: Way::Direct, endpoint: None, ..ASK };
    let list = Ask { action: "s3:ListBucketVersions", key: "", ..direct };
    for ask in [direct, list, Ask { way: Way::Mrap, ..direct }] {
        assert_eq!(world.possible(Ask { at: "2027-03-31T23:59:59Z", ..ask }), Truth::Yes, "{}", ask.action);
        assert_eq!(world.possible(Ask { at: "2027-04-01T00:00:00Z", ..ask }), Truth::No, "{}", ask.action);
    }
    assert_eq!(world.possible(Ask { tls: "1.1", ..direct }), Truth::No);
}

#[test]
fn replication_works_with_its_own_policy_alone() {
    let mut world = World::new();
    let replication = world.replication.clone();
    let policies = [Named { name: "replication", document: &replication }];
    let ask = Ask { who: "orders-replication", way: Way::Direct, endpoint: None, ..ASK };
    let bucket = ["s3:GetReplicationConfiguration", "s3:ListBucket"];
    let objects = [
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
        "s3:ReplicateObject",
        "s3:ReplicateDelete",
        "s3:ReplicateTags",
    ];
    for (actions, key) in [(&bucket[..], ""), (&objects[..], "k")] {
        for action in actions {
            let ask = Ask { action, key, ..ask };
            assert_eq!(world.decide(&ask, Identity::Documents(&policies)).allowed, Truth::Yes, "{action}");
        }
    }
    for action in ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"] {
        let ask = Ask { action, ..ask };
        assert_eq!(world.decide(&ask, Identity::Documents(&policies)).allowed, Truth::No, "{action}");
    }
}

#[test]
fn nobody_is_locked_out_of_policies_and_configuration() {
    let mut world = World::new();
    for action in [
        "s3:GetBucketPolicy",
        "s3:PutBucketPolicy",
        "s3:DeleteBucketPolicy",
        "s3:PutReplicationConfiguration",
        "s3:PutBucketVersioning",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutMetricsConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:DeleteBucket",
    ] {
        let ask = Ask { who: "deployer", action, key: "", way: Way::Direct, endpoint: None, ..ASK };
        assert_eq!(world.possible(ask), Truth::Yes, "{action}");
    }
}

#[test]
fn an_exempt_service_delivers_for_this_account_alone() {
    let service = "[[exempt_service]]\nservice = \"logging.s3.amazonaws.com\"\naccess = \"write\"\n\
                   prefix = \"logs/\"\nreason = \"access logs\"\n";
    let mut world = World::of(&format!("{}\n{service}", StackSpec::template()));
    let put = Ask {
        who: "logging.s3.amazonaws.com",
        action: "s3:PutObject",
        key: "logs/1",
        way: Way::Direct,
        endpoint: None,
        source_account: ACCOUNT,
        ..ASK
    };
    assert_eq!(world.granted(put), Truth::Yes);
    for ask in [
        Ask { key: "k", ..put },
        Ask { action: "s3:GetObject", ..put },
        Ask { source_account: "210987654321", ..put },
        Ask { source_account: "", ..put },
        Ask { who: "cloudtrail.amazonaws.com", ..put },
        Ask { tls: "1.1", ..put },
    ] {
        assert_eq!(world.granted(ask), Truth::No, "{} {} {}", ask.who, ask.action, ask.key);
    }
}
