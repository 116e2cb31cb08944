//! Each exclusion by an example: the peer says something else than AWS's sentence, and the exclusion covers it.

use narrows_iam::{Context, Entry, Principal, Request};
use narrows_opinions::compare::{Outcome, outcome};
use narrows_opinions::exclusion::{self, Exclusion};
use narrows_opinions::own::{self, Documents};
use narrows_opinions::peer::{IamRs, IamSimulate, Peer};
use narrows_tests::generate::Case;
use narrows_tests::harness::found_or_skip;
use serde_json::{Value, json};

/// A bucket policy of one statement, a request on `arn:aws:s3:::data/k` by a role with these keys, and what it shows.
struct Example {
    exclusion: &'static str,
    policy: Value,
    principal: Principal,
    keys: Vec<(&'static str, Entry)>,
    key: &'static str,
}

fn example(exclusion: &'static str, statement: Value) -> Example {
    Example {
        exclusion,
        policy: json!({"Version": "2012-10-17", "Statement": statement}),
        principal: Principal::Role {
            arn: "arn:aws:iam::999999999999:role/path/app".to_owned(),
            session: "one".to_owned(),
        },
        keys: Vec::new(),
        key: "k",
    }
}

fn allow(condition: Value) -> Value {
    json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": condition})
}

fn value(text: &str) -> Entry {
    Entry::Value(text.to_owned())
}

fn of_iam_simulate() -> Vec<Example> {
    vec![
        Example {
            policy: json!({"Statement": allow(json!({"StringEquals": {"s3:prefix": "${s3:x-amz-acl}"}}))}),
            keys: vec![("s3:prefix", value("private")), ("s3:x-amz-acl", value("private"))],
            ..example("a policy variable in version 2008-10-17", Value::Null)
        },
        Example {
            keys: vec![("s3:prefix", value("a/")), ("aws:PrincipalTag/team", value(""))],
            ..example(
                "a policy variable whose key is there and empty",
                allow(json!({"StringEquals": {"s3:prefix": "a${aws:PrincipalTag/team}/"}})),
            )
        },
        Example {
            keys: vec![("s3:prefix", value("a*b"))],
            ..example(
                "${*}, ${?} or ${$} in the value of a String equality operator",
                allow(json!({"StringEquals": {"s3:prefix": "a${*}b"}})),
            )
        },
        Example {
            keys: vec![("aws:CurrentTime", value("2026-11-23T00:00:00Z"))],
            ..example(
                "a date compared with epoch time",
                allow(json!({"DateLessThan": {"aws:CurrentTime": "1798761600"}})),
            )
        },
        Example {
            keys: vec![("aws:SourceIp", value("2001:db8::1"))],
            ..example(
                "NotIpAddress with a single address, and an address of the other family",
                allow(json!({"NotIpAddress": {"aws:SourceIp": "10.1.2.3"}})),
            )
        },
        Example {
            keys: vec![("aws:SourceIp", value("10.1.2.3"))],
            ..example(
                "an IPv4 network of prefix length 0",
                allow(json!({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}})),
            )
        },
        Example {
            keys: vec![("aws:TagKeys", Entry::Values(vec![String::new()]))],
            ..example(
                "a set operator on a list of empty texts",
                allow(json!({"ForAllValues:StringEquals": {"aws:TagKeys": "team"}})),
            )
        },
        Example {
            keys: vec![("aws:SourceArn", value("arn:aws:s3:::data"))],
            ..example("an ARN operator with * alone", allow(json!({"ArnLike": {"aws:SourceArn": "*"}})))
        },
        Example {
            keys: vec![("aws:SourceArn", value("arn:aws:s3::999999999999:accesspoint/a.mrap"))],
            ..example(
                "a policy variable in one of the first five fields of an ARN operator's value",
                allow(
                    json!({"ArnEquals": {"aws:SourceArn": "arn:aws:s3::${aws:PrincipalAccount}:accesspoint/*"}}),
                ),
            )
        },
        example(
            "a role's ARN without the role's path",
            json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999999999999:role/app"}, "Action": "*",
                "Resource": "*"}),
        ),
        Example {
            key: "*",
            ..example(
                "an object's key with * or ? in it",
                json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3:::data/k"}),
            )
        },
        example(
            "NotResource or a negated ARN operator with an ARN of fewer than six fields",
            json!({"Effect": "Allow", "Principal": "*", "Action": "*", "NotResource": "arn:aws:sqs:*"}),
        ),
    ]
}

fn of_iam_rs() -> Vec<Example> {
    let user = || Principal::User { arn: "arn:aws:iam::999999999999:user/eve".to_owned() };
    let named =
        |principal: Value| json!({"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*"});
    vec![
        Example {
            policy: json!({"Statement": allow(json!({}))}),
            ..example("a document without Version", Value::Null)
        },
        example(
            "principals of more than one kind",
            named(json!({"AWS": "arn:aws:iam::999999999999:role/path/app", "Service": "s3.amazonaws.com"})),
        ),
        Example {
            principal: user(),
            ..example(
                "an account as principal, and a root user as caller",
                named(json!({"AWS": "999999999999"})),
            )
        },
        example(
            "a session or a federated user as principal",
            named(json!({"AWS": "arn:aws:sts::999999999999:assumed-role/app/one"})),
        ),
        Example { principal: Principal::Anonymous, ..example("an anonymous caller", named(json!("*"))) },
        Example {
            keys: vec![("aws:SourceArn", value("arn:aws:s3:::data"))],
            ..example("an ARN operator", allow(json!({"ArnEquals": {"aws:SourceArn": "arn:aws:s3:::*"}})))
        },
        Example {
            keys: vec![("s3:prefix", value("*"))],
            ..example("a policy variable", allow(json!({"StringEquals": {"s3:prefix": "${*}"}})))
        },
        Example {
            keys: vec![("s3:max-keys", value("7"))],
            ..example(
                "a set operator with other than plain String operators",
                allow(json!({"ForAnyValue:NumericEquals": {"s3:max-keys": "7"}})),
            )
        },
        Example {
            keys: vec![("aws:TagKeys", Entry::Values(vec![String::new()]))],
            ..example(
                "a set operator on a list of empty texts",
                allow(json!({"ForAllValues:StringEquals": {"aws:TagKeys": "team"}})),
            )
        },
        example("Null with both values", allow(json!({"Null": {"aws:SourceVpce": ["false", "true"]}}))),
        Example {
            keys: vec![("aws:CurrentTime", value("2026-11-23T00:00:00Z"))],
            ..example(
                "a date without a time",
                allow(json!({"DateLessThan": {"aws:CurrentTime": "2027-01-01"}})),
            )
        },
        example(
            "a resource of fewer than six fields",
            json!({"Effect": "Allow", "Principal": "*", "Action": "*", "NotResource": "arn:aws:sqs:*"}),
        ),
    ]
}

impl Example {
    fn case(&self) -> Case {
        let mut context = Context::default();
        for (key, entry) in &self.keys {
            context.set(key, entry.clone());
        }
        let everything = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
        Case {
            request: Request {
                principal: self.principal.clone(),
                action: "s3:GetObject".to_owned(),
                resource: format!("arn:aws:s3:::data/{}", self.key),
                context,
            },
            resource_policy: Some(self.policy.clone()),
            identity: vec![everything],
            boundary: None,
            service_control: Vec::new(),
            resource_control: Vec::new(),
        }
    }
}

/// Checks that the peer differs, that the exclusion covers it, and that there is one example for each exclusion.
fn check(peer: Peer, examples: &[Example], mut differs: impl FnMut(&Case, &Documents) -> bool) {
    let names: Vec<_> = examples.iter().map(|example| example.exclusion).collect();
    assert_eq!(exclusion::of(peer).map(|exclusion| exclusion.name).collect::<Vec<_>>(), names);
    for example in examples {
        let case = example.case();
        let documents = Documents::parse(&case).unwrap();
        let covers = |exclusion: &&Exclusion| (exclusion.has)(&case, &documents);
        let names: Vec<_> = exclusion::of(peer).filter(covers).map(|exclusion| exclusion.name).collect();
        assert!(names.contains(&example.exclusion), "{}: covered by {names:?}", example.exclusion);
        assert!(differs(&case, &documents), "{}: no longer differs, so no longer needed", example.exclusion);
    }
}

#[test]
fn iam_simulate_needs_each() {
    let Some(mut simulate) = found_or_skip(IamSimulate::start()) else { return };
    check(Peer::IamSimulate, &of_iam_simulate(), |case, documents| {
        let verdict = simulate.ask([case]).unwrap().remove(0);
        outcome(own::opinion(case, documents), &verdict) == Outcome::Disagreed
    });
}

#[test]
fn iam_rs_needs_each() {
    check(Peer::IamRs, &of_iam_rs(), |case, documents| {
        let (policy, document) =
            (case.resource_policy.as_ref().unwrap(), documents.resource.as_ref().unwrap());
        outcome(own::of_policy(case, document), &IamRs.ask(case, policy)) == Outcome::Disagreed
    });
}
