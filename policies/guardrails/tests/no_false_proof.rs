//! Requests that were once forgotten: each of these was proved although it does not hold, or is not known to.
#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod common;

use common::{BUCKET, MRAP, check, intent};
use narrows_guardrails::{Guardrails, Report, judge};
use narrows_model::intent::{Access, Endpoint, Exempt, Exemption, Grant, Membership};
use narrows_model::resources::{ec2, iam, s3, s3control};
use narrows_model::{
    Body, Deployment, Input, Intent, Location, Partition, Resource, ResourceId, Source, Value,
};
use narrows_prover::{AccessModel, Verdict};

const ROLE: &str = "arn:aws:iam::123456789012:role/app";

/// A Deny of everything that does not come through the MRAP, under these further conditions.
fn deny(conditions: &str) -> String {
    statement(
        r#""Effect": "Deny", "Principal": "*""#,
        &format!(r#"{{"ArnNotEquals": {{"s3:DataAccessPointArn": "{MRAP}"}}{conditions}}}"#),
    )
}

fn statement(start: &str, condition: &str) -> String {
    format!(
        r#"{{{start}, "Action": "s3:*", "Resource": ["arn:aws:s3:::{BUCKET}", "arn:aws:s3:::{BUCKET}/*"],
            "Condition": {condition}}}"#
    )
}

fn document(statements: &[String]) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "))
}

fn word(report: &Report) -> &'static str {
    match report.verdicts.as_slice() {
        [one] => match &one.verdict {
            Verdict::Proved => "proved",
            Verdict::Refuted(_) | Verdict::Vacuous(_) => "refuted",
            Verdict::Unknown(_) => "unknown",
        },
        _ => "not one verdict",
    }
}

fn verdict(statements: &[String]) -> &'static str {
    word(&check(&document(statements), &intent(&[]), "only-through-mrap"))
}

const OWN: &str = r#", "StringEquals": {"aws:PrincipalAccount": "123456789012"}"#;
const OAI: &str = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2QWRUHAPOMQZL";

// An origin access identity is a user of an account whose place in the ARN is not a number.
#[test]
fn an_origin_access_identity_that_is_allowed_and_not_denied_gets_through() {
    let allow = statement(&format!(r#""Effect": "Allow", "Principal": {{"AWS": "{OAI}"}}"#), "{}");
    assert_eq!(verdict(&[deny(OWN), allow.clone()]), "refuted");
    assert_eq!(verdict(&[deny(""), allow.clone()]), "proved");
    let exempt = r#", "StringNotLike": {"aws:PrincipalArn": "arn:aws:iam::cloudfront:user/*"}"#;
    assert_eq!(verdict(&[deny(exempt), allow.clone()]), "unknown");
    let but = deny("").replace(r#""Principal": "*""#, &format!(r#""NotPrincipal": {{"AWS": "{OAI}"}}"#));
    assert_eq!(verdict(&[but, allow]), "unknown");
}

// `aws:PrincipalType` of anonymous callers is `Anonymous` (IAM User Guide, "IAM policy elements: Variables").
#[test]
fn an_exemption_of_anonymous_callers_is_one() {
    let services = deny(r#", "Bool": {"aws:PrincipalIsAWSService": "true"}"#);
    let others = deny(r#", "StringNotEquals": {"aws:PrincipalType": "Anonymous"}"#);
    let allow = statement(r#""Effect": "Allow", "Principal": "*""#, "{}");
    assert_eq!(verdict(&[services, others, allow]), "refuted");
}

// Date operators read `aws:EpochTime` too (IAM User Guide, "aws:EpochTime").
#[test]
fn dates_compare_with_epoch_time() {
    let allow = |until: &str| {
        let condition = format!(r#"{{"DateLessThan": {{"aws:EpochTime": "{until}"}}}}"#);
        statement(r#""Effect": "Allow", "Principal": {"AWS": "999999999999"}"#, &condition)
    };
    assert_eq!(verdict(&[deny(OWN), allow("2030-01-01T00:00:00Z")]), "refuted");
    assert_eq!(verdict(&[deny(OWN), allow("2020-01-01T00:00:00Z")]), "proved");
}

// A tag may hold a text that is no number, date or address, which neither of the two Denies stops.
#[test]
fn a_tag_need_not_be_a_number() {
    for (below, rest, value) in [
        ("NumericLessThanIfExists", "NumericGreaterThanEqualsIfExists", "5"),
        ("DateLessThanIfExists", "DateGreaterThanEqualsIfExists", "2026-01-01"),
        ("IpAddressIfExists", "NotIpAddressIfExists", "10.0.0.0/8"),
    ] {
        let one =
            |operator: &str| deny(&format!(r#", "{operator}": {{"aws:PrincipalTag/level": "{value}"}}"#));
        assert_eq!(verdict(&[one(below), one(rest)]), "unknown", "{below}");
    }
    let size = |operator: &str| deny(&format!(r#", "{operator}": {{"s3:max-keys": "5"}}"#));
    assert_eq!(
        verdict(&[size("NumericLessThanIfExists"), size("NumericGreaterThanEqualsIfExists")]),
        "proved"
    );
}

#[test]
fn the_account_of_a_bucket_that_nobody_gives_is_an_assumption() {
    let report = check(&document(&[deny(OWN)]), &intent(&[]), "only-through-mrap");
    assert!(report.verdicts[0].assumptions.iter().any(|it| it.contains("the MRAP's account")));
    let elsewhere = Intent { account: Some("999999999999".parse().unwrap()), ..intent(&[]) };
    let report = check(&document(&[deny(OWN)]), &elsewhere, "only-through-mrap");
    assert_eq!(word(&report), "refuted");
    assert!(!report.verdicts[0].assumptions.iter().any(|it| it.contains("the MRAP's account")));
}

fn value(text: &str) -> Value {
    narrows_model::json::parse(&Source::file("policy.json", text)).unwrap()
}

struct Stack(Deployment);

impl Stack {
    /// An MRAP over the bucket, whose policies allow the role everything through it.
    fn new() -> Self {
        let mut stack = Self(Deployment::new(Some("123456789012".parse().unwrap()), Partition::Aws));
        let configuration = r#""NotAction": ["s3:*BucketPolicy", "s3:*Configuration", "s3:*BucketLocation",
            "s3:*BucketOwnershipControls", "s3:*BucketPublicAccessBlock", "s3:*BucketTagging", "s3:*BucketVersioning"]"#;
        let deny = deny("").replace(r#""Action": "s3:*""#, configuration);
        stack.bucket("policy", &document(&[deny, stack.allow()]));
        stack.mrap("orders", BUCKET, "mfzwi23gnjvgw.mrap");
        let allow = format!(
            r#"{{"Effect": "Allow", "Principal": {{"AWS": "{ROLE}"}}, "Action": "s3:*", "Resource": ["{MRAP}", "{MRAP}/object/*"]}}"#
        );
        stack.add(
            "mrap",
            Body::MultiRegionAccessPointPolicy(s3control::MultiRegionAccessPointPolicy {
                mrap: Input::known("orders".parse().unwrap()),
                policy: value(&document(&[allow])),
            }),
        );
        stack
    }

    fn allow(&self) -> String {
        statement(&format!(r#""Effect": "Allow", "Principal": {{"AWS": "{ROLE}"}}"#), "{}")
    }

    fn add(&mut self, name: &str, body: Body) {
        let id = ResourceId::new(body.kind(), name);
        let address = name.to_owned().into();
        let location = Location::none();
        self.0.add(Resource { id, region: None, body, depends_on: Vec::new(), address, location }).unwrap();
    }

    fn bucket(&mut self, name: &str, policy: &str) {
        let bucket = Input::known(BUCKET.parse().unwrap());
        self.add(name, Body::BucketPolicy(s3::BucketPolicy { bucket, policy: value(policy) }));
    }

    fn mrap(&mut self, name: &str, bucket: &str, alias: &str) {
        let bucket = s3control::MrapBucket { bucket: Input::known(bucket.parse().unwrap()), account: None };
        self.add(
            name,
            Body::MultiRegionAccessPoint(s3control::MultiRegionAccessPoint {
                name: Input::known(name.parse().unwrap()),
                account: None,
                buckets: vec![bucket],
                public_access_block: s3::PublicAccessBlock::ALL,
                alias: Some(alias.parse().unwrap()),
            }),
        );
    }

    /// The role `app` with an identity policy.
    fn role(&mut self, policy: Value) {
        self.add(
            "app",
            Body::Role(iam::Role {
                name: Some(Input::known("app".parse().unwrap())),
                path: Default::default(),
                description: None,
                assume_role_policy: value("{}"),
                permissions_boundary: None,
                managed_policies: Vec::new(),
                inline_policies: Vec::new(),
            }),
        );
        let role = Input::known("app".parse().unwrap());
        self.add("app", Body::RolePolicy(iam::RolePolicy { role, name: "app".to_owned(), policy }));
    }

    fn judge(&self, intent: &Intent, guardrail: &'static str) -> Report {
        let as_of = "2026-11-23".parse().unwrap();
        let model = AccessModel::build(&self.0, intent, as_of).unwrap();
        judge(&model, intent, &Guardrails::shipped().only(&[guardrail]), as_of)
    }
}

fn granted() -> Intent {
    let grant = Grant {
        role: ROLE.parse().unwrap(),
        access: Access::Read,
        mrap: "orders".parse().unwrap(),
        prefix: String::new(),
    };
    Intent { grants: vec![grant], deployer: Some(ROLE.parse().unwrap()), ..Intent::default() }
}

// Each PutBucketPolicy replaces the whole policy, and nothing orders two of them.
#[test]
fn of_two_policies_for_one_bucket_none_counts() {
    let mut stack = Stack::new();
    assert_eq!(word(&stack.judge(&granted(), "only-through-mrap")), "proved");
    let open = document(&[stack.allow()]);
    stack.bucket("another", &open);
    assert_eq!(word(&stack.judge(&granted(), "only-through-mrap")), "unknown");
    assert_eq!(word(&stack.judge(&granted(), "application-reaches-data")), "unknown");
}

#[test]
fn a_deny_in_the_callers_own_policy_holds() {
    let mut stack = Stack::new();
    assert_eq!(word(&stack.judge(&granted(), "application-reaches-data")), "proved");
    assert_eq!(word(&stack.judge(&granted(), "deployer-not-locked-out")), "proved");
    stack.role(value(
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": ["s3:GetObject", "s3:PutBucketPolicy"], "Resource": "*"}}"#,
    ));
    assert_eq!(word(&stack.judge(&granted(), "application-reaches-data")), "refuted");
    assert_eq!(word(&stack.judge(&granted(), "deployer-not-locked-out")), "refuted");
}

#[test]
fn a_policy_of_the_caller_that_is_not_known_may_deny() {
    let mut stack = Stack::new();
    stack.role(Value::text(narrows_model::Text::unknown("data.aws_iam_policy_document.app.json")));
    assert_eq!(word(&stack.judge(&granted(), "application-reaches-data")), "unknown");
    assert_eq!(word(&stack.judge(&granted(), "deployer-not-locked-out")), "unknown");
}

// Of an MRAP that is only declared for another bucket, not all buckets are known.
#[test]
fn another_mrap_may_lead_to_the_bucket_too() {
    const OTHER: &str = "arn:aws:s3::123456789012:accesspoint/manother1mrap.mrap";
    let but = deny("").replace(&format!(r#""{MRAP}""#), &format!(r#"["{MRAP}", "{OTHER}"]"#));
    let mut intent = intent(&[]);
    let bucket = "another-bucket".parse().unwrap();
    intent.memberships.push(Membership { bucket, mraps: vec![OTHER.parse().unwrap()] });
    let report = check(&document(&[but]), &intent, "only-through-mrap");
    let first = report.verdicts.iter().find(|it| it.subject.name == BUCKET).unwrap();
    assert!(matches!(first.verdict, Verdict::Refuted(_)));
}

#[test]
fn an_endpoint_that_is_not_there_is_asked_nothing() {
    let endpoint = Endpoint::Resource(ResourceId::new(narrows_model::Kind::VpcEndpoint, "eu"));
    let declared = Intent { endpoints: Some(vec![endpoint]), ..granted() };
    let mut stack = Stack::new();
    assert_eq!(word(&stack.judge(&declared, "private-only")), "unknown");
    assert_eq!(word(&stack.judge(&declared, "application-reaches-data")), "unknown");
    // One of another type is there, and no request to an MRAP comes through it.
    stack.add(
        "eu",
        Body::VpcEndpoint(ec2::VpcEndpoint {
            vpc: Input::known("vpc-0a1b2c3d4e5f60001".parse().unwrap()),
            service_name: "com.amazonaws.eu-west-1.s3".to_owned(),
            endpoint_type: ec2::EndpointType::Gateway,
            private_dns: false,
            subnets: Vec::new(),
            security_groups: Vec::new(),
            policy: None,
            id: None,
        }),
    );
    assert_eq!(word(&stack.judge(&declared, "application-reaches-data")), "unknown");
}

// The policies under test cannot make another role exempt than the declared one.
#[test]
fn a_declared_replication_role_is_the_only_one() {
    let mut stack = Stack::new();
    let bucket = || Input::known(BUCKET.parse().unwrap());
    stack.add(
        "replication",
        Body::BucketReplication(s3::BucketReplication {
            bucket: bucket(),
            role: Input::known(ROLE.parse().unwrap()),
            rules: Vec::new(),
        }),
    );
    let mut declared = granted();
    let who = Exempt::ReplicationRole("arn:aws:iam::123456789012:role/replication".parse().unwrap());
    declared.exemptions.push(Exemption { who, reason: "replication".to_owned(), expires: None });
    for (intent, listed) in [(granted(), ROLE), (declared, "arn:aws:iam::123456789012:role/replication")] {
        let report = stack.judge(&intent, "only-through-mrap");
        let [one] = report.verdicts[0].exemptions.as_slice() else { panic!("one exemption") };
        assert!(one.starts_with(listed), "{one}");
    }
}

#[test]
fn a_policy_of_an_mrap_that_is_not_known_may_be_that_of_any() {
    let mut stack = Stack::new();
    let reaches = |stack: &Stack| word(&stack.judge(&granted(), "application-reaches-data"));
    assert_eq!(reaches(&stack), "proved");
    stack.add(
        "another",
        Body::MultiRegionAccessPointPolicy(s3control::MultiRegionAccessPointPolicy {
            mrap: Input::parse(narrows_model::Text::unknown("local.name")).unwrap(),
            policy: value(&document(&[deny("")])),
        }),
    );
    assert_eq!(reaches(&stack), "unknown");
}
