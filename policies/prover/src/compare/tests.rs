#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use super::*;
use crate::access::{Bucket, BucketAcl, Mrap, Policy, Subject};
use crate::question::{Scope, split_actions};
use narrows_iam::{DocumentKind, Names, parse_text};
use narrows_model::{Partition, Shape, Source, Symbols};

const ACCOUNT: &str = "123456789012";
const MRAP: &str = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";

fn subject(kind: &str, name: &str) -> Subject {
    Subject { kind: kind.to_owned(), name: name.to_owned(), address: String::new() }
}

/// A policy of these statements, in a file of this name; `BUCKET` stands for the bucket's ARN.
fn policy(file: &str, bucket: &str, statements: &[&str]) -> Policy {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(","));
    let text = text.replace("BUCKET", &format!("arn:aws:s3:::{bucket}"));
    let document = parse_text(&Source::file(file, text), DocumentKind::Resource).unwrap().document;
    Policy::Document { name: file.to_owned(), document }
}

fn bucket(name: &str, file: &str, statements: &[&str]) -> Bucket {
    Bucket {
        subject: subject("bucket", name),
        name: name.to_owned(),
        arn: format!("arn:aws:s3:::{name}"),
        account: Some(ACCOUNT.to_owned()),
        account_assumed: false,
        name_is_known: false,
        region: None,
        policy: policy(file, name, statements),
        ownership: None,
        acl: BucketAcl::Absent,
        public_access_block: None,
        mraps: vec![0],
        replication: None,
        encryption: None,
    }
}

fn model(buckets: Vec<Bucket>) -> AccessModel {
    let mrap = Mrap {
        subject: subject("multi-region access point", "mrap"),
        arn: MRAP.to_owned(),
        account: Some(ACCOUNT.to_owned()),
        policy: Policy::None,
        in_input: true,
    };
    AccessModel {
        symbols: Symbols::default(),
        partition: Partition::Aws,
        buckets,
        mraps: vec![mrap],
        endpoints: Vec::new(),
        identities: Vec::new(),
        controls: Vec::new(),
        keys: Vec::new(),
        remarks: Vec::new(),
        unused: Vec::new(),
        findings: Vec::new(),
        as_of: 1_795_392_000,
        cache: Default::default(),
    }
}

fn short(beyond: &Beyond) -> String {
    match beyond {
        Beyond::NoRequest => "no request".to_owned(),
        Beyond::Nothing => "nothing".to_owned(),
        Beyond::Unknown(reason) => format!("unknown: {reason}"),
        Beyond::Something(found) => {
            let it = &found.allowed;
            let context: Vec<String> =
                it.context.iter().map(|(key, values)| format!("{key}={}", values.join(","))).collect();
            format!("{} {} {} [{}]", it.principal, it.action, it.resource, context.join(" "))
        }
    }
}

/// What the change of a bucket's policy removes and adds.
fn change(before: &[&str], after: &[&str]) -> String {
    let before = model(vec![bucket("data", "before.json", before)]);
    let after = model(vec![bucket("data", "after.json", after)]);
    let (before, after) = align(&before, &after);
    let mut out = String::new();
    for (route, name) in
        [(Route::Direct, "direct"), (Route::Mrap(0), "mrap"), (Route::OtherAccessPoint, "other")]
    {
        let place = Some(Place { bucket: 0, route });
        let sides = [Side { model: &before, place }, Side { model: &after, place }];
        for (object, actions) in
            [(true, ["s3:GetObject", "s3:PutObject"]), (false, ["s3:ListBucket", "s3:PutBucketPolicy"])]
        {
            let (objects, buckets) = split_actions(actions);
            let actions = if object { objects } else { buckets };
            let mut pair = Pair::new(sides, Kinship::SameBucket, object, &actions).unwrap().unwrap();
            for (which, word) in [(Which::First, "removed"), (Which::Second, "added")] {
                let found = pair.beyond(which, &actions, &Scope::All(Vec::new()));
                if found != Beyond::Nothing {
                    out += &format!("{word} {name}: {}\n", short(&found));
                }
            }
        }
    }
    out
}

const DENY: &str = r#"{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["BUCKET", "BUCKET/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}"#;
const APP: &str = r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999999999999:role/app"}, "Action": "s3:GetObject", "Resource": "BUCKET/*"}"#;

#[test]
fn the_same_statements_in_other_words_are_no_change() {
    let split = DENY.replace(r#"["BUCKET", "BUCKET/*"]"#, r#""BUCKET/*""#);
    let rest = DENY.replace(r#"["BUCKET", "BUCKET/*"]"#, r#""BUCKET""#);
    assert_eq!(change(&[DENY, APP], &[APP, &split, &rest]), "");
    let any = APP.replace("s3:GetObject", "S3:getobject");
    assert_eq!(change(&[APP], &[&any]), "");
}

#[test]
fn what_goes_and_comes_is_shown() {
    insta::assert_snapshot!(change(&[DENY, APP], &[APP]), @r"
    added direct: arn:aws:iam::123456789012:role/any-other-role s3:GetObject arn:aws:s3:::data/example.txt [aws:SecureTransport=false]
    added direct: arn:aws:iam::123456789012:role/any-other-role s3:ListBucket arn:aws:s3:::data [aws:SecureTransport=false]
    added mrap: arn:aws:iam::123456789012:role/any-other-role s3:GetObject arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/object/example.txt [aws:SecureTransport=false s3:AccessPointNetworkOrigin=Internet s3:DataAccessPointAccount=123456789012 s3:DataAccessPointArn=arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap]
    added mrap: arn:aws:iam::123456789012:role/any-other-role s3:ListBucket arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap [aws:SecureTransport=false s3:AccessPointNetworkOrigin=Internet s3:DataAccessPointAccount=123456789012 s3:DataAccessPointArn=arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap]
    added other: arn:aws:iam::123456789012:role/any-other-role s3:GetObject arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point/object/example.txt [aws:SecureTransport=false s3:AccessPointNetworkOrigin=Internet s3:DataAccessPointAccount=123456789012 s3:DataAccessPointArn=arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point]
    added other: arn:aws:iam::123456789012:role/any-other-role s3:ListBucket arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point [aws:SecureTransport=false s3:AccessPointNetworkOrigin=Internet s3:DataAccessPointAccount=123456789012 s3:DataAccessPointArn=arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point]
    ");
    insta::assert_snapshot!(change(&[DENY, APP], &[DENY]), @r"
    removed direct: arn:aws:iam::999999999999:role/app s3:GetObject arn:aws:s3:::data/example.txt [aws:SecureTransport=true]
    removed other: arn:aws:iam::999999999999:role/app s3:GetObject arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point/object/example.txt [aws:SecureTransport=true s3:AccessPointNetworkOrigin=Internet s3:DataAccessPointAccount=123456789012 s3:DataAccessPointArn=arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point]
    ");
    let everyone = APP.replace(r#"{"AWS": "arn:aws:iam::999999999999:role/app"}"#, r#""*""#);
    insta::assert_snapshot!(change(&[DENY, APP], &[DENY, &everyone]), @r"
    added direct: arn:aws:iam::999999999999:role/any-other-role s3:GetObject arn:aws:s3:::data/example.txt [aws:SecureTransport=true]
    added mrap: unknown: whether s3:GetObject on arn:aws:s3:::data/example.txt by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: within one account an Allow for the access point may be enough for its bucket
    added other: arn:aws:iam::999999999999:role/any-other-role s3:GetObject arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point/object/example.txt [aws:SecureTransport=true s3:AccessPointNetworkOrigin=Internet s3:DataAccessPointAccount=123456789012 s3:DataAccessPointArn=arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point]
    ");
    let below = APP.replace("BUCKET/*", "BUCKET/reports/*");
    insta::assert_snapshot!(change(&[DENY, APP], &[DENY, &below]), @r"
    removed direct: arn:aws:iam::999999999999:role/app s3:GetObject arn:aws:s3:::data/example.txt [aws:SecureTransport=true]
    removed other: arn:aws:iam::999999999999:role/app s3:GetObject arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point/object/example.txt [aws:SecureTransport=true s3:AccessPointNetworkOrigin=Internet s3:DataAccessPointAccount=123456789012 s3:DataAccessPointArn=arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point]
    ");
}

/// What AWS leaves open about a clause is the same before and after, wherever the clause stands.
#[test]
fn what_is_open_in_both_is_no_change() {
    let aws = APP.replace(r#"{"AWS": "arn:aws:iam::999999999999:role/app"}"#, r#"{"AWS": "*"}"#);
    assert_eq!(change(&[DENY, &aws], &[&aws, DENY]), "");
    let id = DENY.replace(
        r#"{"Bool": {"aws:SecureTransport": "false"}}"#,
        r#"{"StringEquals": {"aws:userid": "AROAX:one"}}"#,
    );
    assert_eq!(change(&[&id, APP], &[APP, &id]), "");
    // Two values of a key of which nothing is known are two questions.
    let other = id.replace("AROAX:one", "AROAX:two");
    insta::assert_snapshot!(change(&[&id], &[&other]), @r"
    removed direct: unknown: whether s3:GetObject on arn:aws:s3:::data/example.txt by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: the value of aws:userid cannot be known here
    added direct: unknown: whether s3:GetObject on arn:aws:s3:::data/example.txt by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: the value of aws:userid cannot be known here
    removed direct: unknown: whether s3:ListBucket on arn:aws:s3:::data by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: the value of aws:userid cannot be known here
    added direct: unknown: whether s3:ListBucket on arn:aws:s3:::data by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: the value of aws:userid cannot be known here
    removed mrap: unknown: whether s3:GetObject on arn:aws:s3:::data/example.txt by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: the value of aws:userid cannot be known here; within one account an Allow for the access point may be enough for its bucket
    added mrap: unknown: whether s3:GetObject on arn:aws:s3:::data/example.txt by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: the value of aws:userid cannot be known here; within one account an Allow for the access point may be enough for its bucket
    removed mrap: unknown: whether s3:ListBucket on arn:aws:s3:::data by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: the value of aws:userid cannot be known here; within one account an Allow for the access point may be enough for its bucket
    added mrap: unknown: whether s3:ListBucket on arn:aws:s3:::data by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: the value of aws:userid cannot be known here; within one account an Allow for the access point may be enough for its bucket
    removed other: unknown: whether s3:GetObject on arn:aws:s3:::data/example.txt by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: the value of aws:userid cannot be known here
    added other: unknown: whether s3:GetObject on arn:aws:s3:::data/example.txt by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: the value of aws:userid cannot be known here
    removed other: unknown: whether s3:ListBucket on arn:aws:s3:::data by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: the value of aws:userid cannot be known here
    added other: unknown: whether s3:ListBucket on arn:aws:s3:::data by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: the value of aws:userid cannot be known here
    ");
}

#[test]
fn a_route_that_is_new_is_added() {
    let before = model(vec![bucket("data", "before.json", &[APP])]);
    let after = model(vec![bucket("data", "after.json", &[APP])]);
    let route = Route::Mrap(0);
    let sides = [
        Side { model: &before, place: None },
        Side { model: &after, place: Some(Place { bucket: 0, route }) },
    ];
    let (actions, _) = split_actions(["s3:GetObject"]);
    let mut pair = Pair::new(sides, Kinship::SameBucket, true, &actions).unwrap().unwrap();
    assert_eq!(pair.beyond(Which::First, &actions, &Scope::All(Vec::new())), Beyond::Nothing);
    insta::assert_snapshot!(short(&pair.beyond(Which::Second, &actions, &Scope::All(Vec::new()))), @"arn:aws:iam::123456789012:role/any-other-role s3:GetObject arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/object/example.txt [s3:AccessPointNetworkOrigin=Internet s3:DataAccessPointAccount=123456789012 s3:DataAccessPointArn=arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap]");
}

/// What one bucket allows and the other does not.
fn beside(first: &[&str], second: &[&str], route: Route) -> String {
    let model = model(vec![bucket("data-eu", "eu.json", first), bucket("data-us", "us.json", second)]);
    let sides = [0, 1].map(|bucket| Side { model: &model, place: Some(Place { bucket, route }) });
    let (actions, _) = split_actions(["s3:GetObject"]);
    let mut pair = Pair::new(sides, Kinship::OtherBucket, true, &actions).unwrap().unwrap();
    let scope = Scope::All(Vec::new());
    let [one, two] = [Which::First, Which::Second].map(|which| pair.beyond(which, &actions, &scope));
    format!("{}\n{}", short(&one), short(&two))
}

#[test]
fn buckets_are_alike_up_to_their_own_arn() {
    let home = DENY.replace("BUCKET/*", "BUCKET/home/${aws:username}/*");
    for route in [Route::Direct, Route::Mrap(0)] {
        assert_eq!(beside(&[DENY, APP, &home], &[&home, DENY, APP], route), "nothing\nnothing");
    }
    let other = APP.replace("BUCKET", "arn:aws:s3:::data-eu");
    insta::assert_snapshot!(beside(&[APP], &[&other], Route::Direct), @r"
    arn:aws:iam::999999999999:role/app s3:GetObject arn:aws:s3:::data-eu/example.txt []
    nothing
    ");
}

/// Where each bucket lies is not in the input.
#[test]
fn what_tells_of_the_bucket_is_each_ones_own() {
    let region = |name: &str| {
        DENY.replace(
            r#"{"Bool": {"aws:SecureTransport": "false"}}"#,
            &format!(r#"{{"StringNotEquals": {{"aws:RequestedRegion": "{name}"}}}}"#),
        )
    };
    insta::assert_snapshot!(beside(&[&region("eu-west-2")], &[&region("us-east-1")], Route::Direct), @r"
    unknown: aws:requestedregion is each bucket's own, and its value is not in the input
    unknown: aws:requestedregion is each bucket's own, and its value is not in the input
    ");
    let tag = DENY.replace(
        r#"{"Bool": {"aws:SecureTransport": "false"}}"#,
        r#"{"StringEquals": {"aws:ResourceTag/a": "b"}}"#,
    );
    insta::assert_snapshot!(beside(&[&tag], &[&tag], Route::Direct), @r"
    unknown: whether s3:GetObject on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: aws:resourcetag/a is each bucket's own, and its value is not in the input
    unknown: whether s3:GetObject on arn:aws:s3:::data-us/example.txt by arn:aws:iam::123456789012:role/any-other-role is decided differently is open: aws:resourcetag/a is each bucket's own, and its value is not in the input
    ");
}

/// However alike the formulas are, a pattern may match one of two names that exist only after deployment, and not the other.
#[test]
fn what_is_open_of_both_names_is_not_alike() {
    let verdict = |resource: &str| {
        let mut symbols = Symbols::default();
        let policy = APP.replace("BUCKET/*", resource);
        let buckets = ["one-name", "two-name"].map(|name| {
            let symbol = symbols.nameless(name, Shape::BUCKET_NAME, None);
            let mut bucket = bucket(name, "policy.json", &[&policy]);
            if let Policy::Document { document, .. } = &mut bucket.policy {
                *document = document.without_names(&Names::new([(name.to_owned(), symbol)]));
            }
            bucket.name = symbol.to_string();
            Bucket { arn: format!("arn:aws:s3:::{symbol}"), ..bucket }
        });
        let model = AccessModel { symbols, ..model(buckets.into()) };
        // Once some request is compared, what is surely the same is not asked for any more.
        let scopes = [Scope::Action(vec!["s3:PutObject".to_owned()]), Scope::All(Vec::new())];
        alike(&model, 0, &scopes.map(|scope| (Route::Direct, scope))).verdict
    };
    assert_eq!(verdict("BUCKET/*"), crate::Verdict::Proved);
    let open = verdict("arn:aws:s3:::data-*/*");
    assert!(matches!(open, crate::Verdict::Unknown(_)), "{open:?}");
}
