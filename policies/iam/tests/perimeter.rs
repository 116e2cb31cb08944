//! The policies that keep data behind a Multi-Region Access Point, and how they go wrong.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

use narrows_iam::Truth::{self, Maybe, No, Yes};
use narrows_iam::{
    Context, DocumentKind, Entry, EvaluationContext, Principal, Request, evaluate, parse_text,
};
use narrows_model::{Source, Symbols};

const MRAP: &str = "arn:aws:s3::111111111111:accesspoint/mfzwi23gnjvgw.mrap";
const REGIONAL: &str = "arn:aws:s3:eu-west-1:111111111111:accesspoint/side-door";

/// How a request reaches the bucket.
#[derive(Clone, Copy)]
enum Way {
    Direct,
    Mrap,
    OtherMrap,
    Regional,
}

fn request(principal: Principal, way: Way) -> Request {
    let mut context = Context::default();
    let arn = match way {
        Way::Direct => None,
        Way::Mrap => Some(MRAP),
        Way::OtherMrap => Some("arn:aws:s3::111111111111:accesspoint/other.mrap"),
        Way::Regional => Some(REGIONAL),
    };
    if let Some(arn) = arn {
        context.set("s3:DataAccessPointArn", Entry::Value(arn.to_owned()));
        context.set("s3:DataAccessPointAccount", Entry::Value("111111111111".to_owned()));
        context.set("s3:AccessPointNetworkOrigin", Entry::Value("Internet".to_owned()));
    }
    context.set("aws:SecureTransport", Entry::Value("true".to_owned()));
    let (action, resource) = ("s3:GetObject".to_owned(), "arn:aws:s3:::bucket/key".to_owned());
    Request { principal, action, resource, context }
}

fn role(name: &str) -> Principal {
    Principal::Role { arn: format!("arn:aws:iam::111111111111:role/{name}"), session: "s".to_owned() }
}

/// What a statement with this effect and condition says about the caller on each way: direct, through the access point,
/// through another one, through a regional access point.
fn on_each_way(effect: &str, condition: &str, caller: &Principal) -> [Truth; 4] {
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "{effect}", "Principal": "*", "Action": "s3:*",
            "Resource": ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"], "Condition": {condition}}}}}"#
    );
    let document = parse_text(&Source::file("p.json", text), DocumentKind::Resource).unwrap().document;
    let symbols = Symbols::default();
    [Way::Direct, Way::Mrap, Way::OtherMrap, Way::Regional].map(|way| {
        let found = evaluate(&document, &request(caller.clone(), way), &EvaluationContext::new(&symbols));
        if effect == "Deny" { found.denied.truth } else { found.allowed.truth }
    })
}

fn deny(condition: &str, caller: &Principal) -> [Truth; 4] {
    on_each_way("Deny", condition, caller)
}

#[test]
fn the_canonical_deny_leaves_one_way_open() {
    let condition = format!(
        r#"{{"ArnNotEquals": {{"s3:DataAccessPointArn": "{MRAP}",
                "aws:PrincipalArn": ["arn:aws:iam::111111111111:role/replication", "arn:aws:iam::111111111111:role/break-glass"]}},
            "StringNotEqualsIfExists": {{"aws:PrincipalServiceName": "logging.s3.amazonaws.com"}}}}"#
    );
    let only_through = [Yes, No, Yes, Yes];
    let user = Principal::User { arn: "arn:aws:iam::111111111111:user/u".to_owned() };
    let root = Principal::Root { partition: "aws".to_owned(), account: "111111111111".parse().unwrap() };
    for caller in [role("app"), user, root, Principal::Anonymous] {
        assert_eq!(deny(&condition, &caller), only_through, "{caller:?}");
    }
    for exempt in ["replication", "break-glass"] {
        assert_eq!(deny(&condition, &role(exempt)), [No; 4]);
    }
    assert_eq!(deny(&condition, &role("path/replication")), only_through, "another role");
    assert_eq!(deny(&condition, &Principal::Service("logging.s3.amazonaws.com".to_owned())), [No; 4]);
    // What a service's principal ARN is, AWS does not say.
    let other = Principal::Service("cloudtrail.amazonaws.com".to_owned());
    assert_eq!(deny(&condition, &other), [Maybe, No, Maybe, Maybe]);
}

#[test]
fn wider_patterns_leave_more_ways_open() {
    let by_arn =
        |arn: &str| deny(&format!(r#"{{"ArnNotLike": {{"s3:DataAccessPointArn": "{arn}"}}}}"#), &role("app"));
    assert_eq!(
        by_arn("arn:aws:s3::111111111111:accesspoint/*"),
        [Yes, No, No, Yes],
        "every access point of the account"
    );
    assert_eq!(by_arn("arn:aws:s3:*:111111111111:accesspoint/*"), [Yes, No, No, No], "regional ones too");
    assert_eq!(
        by_arn("arn:aws:s3::111111111111:accesspoint/data"),
        [Yes; 4],
        "the name in place of the alias locks out"
    );
    let by_account = r#"{"StringNotEquals": {"s3:DataAccessPointAccount": "111111111111"}}"#;
    assert_eq!(deny(by_account, &role("app")), [Yes, No, No, No]);
    let by_text = r#"{"StringNotLike": {"s3:DataAccessPointArn": "arn:aws:s3:*:accesspoint/*"}}"#;
    assert_eq!(deny(by_text, &role("app")), [Yes, No, No, No], "in a string, a wildcard crosses colons");
}

#[test]
fn operators_that_do_the_opposite_of_what_they_seem_to() {
    let app = role("app");
    let block = |operator: &str| format!(r#"{{"{operator}": {{"s3:DataAccessPointArn": "{MRAP}"}}}}"#);
    assert_eq!(on_each_way("Allow", &block("ArnEquals"), &app), [No, Yes, No, No]);
    assert_eq!(
        on_each_way("Allow", &block("ArnEqualsIfExists"), &app),
        [Yes, Yes, No, No],
        "direct requests pass"
    );
    assert_eq!(
        deny(&block("ArnNotEqualsIfExists"), &app),
        [Yes, No, Yes, Yes],
        "on a Deny it is the plain one"
    );
    assert_eq!(deny(r#"{"Null": {"s3:DataAccessPointArn": "true"}}"#, &app), [Yes, No, No, No]);
    let origin = r#"{"StringNotEquals": {"s3:AccessPointNetworkOrigin": "VPC"}}"#;
    assert_eq!(deny(origin, &app), [Yes; 4], "an access point of several Regions has no VPC origin");
    let both = format!(
        r#"{{"ArnNotEquals": {{"s3:DataAccessPointArn": "{MRAP}"}}, "StringNotEquals": {{"aws:SourceVpce": "vpce-1"}}}}"#
    );
    assert_eq!(deny(&both, &app), [Yes, No, Yes, Yes], "two paths in one Deny: either is open");
    let not_services = r#"{"Bool": {"aws:PrincipalIsAWSService": "false"}}"#;
    assert_eq!(deny(not_services, &Principal::Anonymous), [No; 4], "anonymous callers lack the key");
    let if_exists = r#"{"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}"#;
    assert_eq!(deny(if_exists, &Principal::Anonymous), [Yes; 4]);
}
