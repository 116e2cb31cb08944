//! The example's written files, broken by hand in one place each: `narrows check` of the folder finds the request.

use narrows::Exit;
use narrows_tests::run::Example;
use serde_json::{Value, json};

const LONDON: &str = "orders-eu-west-2";
const BREAK_GLASS: &str = "arn:aws:iam::123456789012:role/storage-on-call";
const REPLICATION: &str = "${aws_iam_role.replication.arn}";

fn sid(statement: &Value) -> &str {
    statement["Sid"].as_str().unwrap_or_default()
}

/// Changes the list of exempt principals in every Deny that has one.
fn exemptions(example: Example, bucket: &str, change: impl Fn(&mut Vec<Value>)) -> Example {
    example.with_statements(bucket, |statements| {
        for statement in statements {
            let listed = statement.pointer_mut("/Condition/ArnNotEquals/aws:PrincipalArn");
            if let Some(Value::Array(principals)) = listed {
                change(principals);
            }
        }
    })
}

/// The request that refutes `only-through-mrap` for the bucket in London.
fn through(example: &Example) -> Value {
    let (exit, report) = example.check(&["--guardrail", "only-through-mrap"]);
    assert_eq!(exit, Exit::Refuted, "{report:#}");
    let verdict = Example::verdict(&report, "only-through-mrap", LONDON);
    assert_eq!(verdict["verdict"], "refuted", "{report:#}");
    // The other buckets were left alone.
    assert_eq!(Example::verdict(&report, "only-through-mrap", "orders-us-east-1")["verdict"], "proved");
    verdict["counterexample"].clone()
}

#[test]
fn without_its_deny_a_bucket_is_read_directly() {
    let broken = Example::synthesised().with_statements("eu_west_2", |statements| {
        statements.retain(|statement| sid(statement) != "DenyObjectsOutsideMrap");
    });
    let request = through(&broken);
    assert_eq!(request["action"], "s3:GetObject");
    assert_eq!(request["route"], "direct");
    insta::assert_snapshot!(format!("{request:#}"), @r#"
    {
      "principal": "arn:aws:iam::123456789012:role/any-other-role",
      "action": "s3:GetObject",
      "resource": "arn:aws:s3:::orders-eu-west-2/example.txt",
      "route": "direct",
      "context": {
        "aws:CurrentTime": [
          "2026-11-23T12:00:00Z"
        ],
        "aws:SecureTransport": [
          "true"
        ],
        "aws:SourceVpce": [
          "${aws_vpc_endpoint.ap_northeast_3.id}"
        ]
      },
      "legs": [
        {
          "resource": "arn:aws:s3:::orders-eu-west-2/example.txt",
          "decision": "allowed",
          "decided_by": {
            "assumption": "identity policies that are not in the input allow everything"
          }
        }
      ],
      "sentence": "Role any-other-role of account 123456789012 can GetObject key `example.txt` of bucket orders-eu-west-2 directly, without the MRAP, from VPC endpoint ${aws_vpc_endpoint.ap_northeast_3.id}, because identity policies that are not in the input allow everything, and DenyObjectsOutsideMrapAfter20270331 of aws_s3_bucket_policy.eu_west_2 does not deny it: condition ArnEquals aws:PrincipalArn: the key is `arn:aws:iam::123456789012:role/any-other-role`, compared with `arn:aws:iam::123456789012:role/storage-on-call`; condition DateGreaterThanEquals aws:CurrentTime: the key is `2026-11-23T12:00:00Z`, compared with `2027-04-01T00:00:00Z`.",
      "command": "aws s3api get-object --bucket orders-eu-west-2 --key example.txt /dev/stdout"
    }
    "#);
}

#[test]
fn a_widened_exemption_lets_other_roles_in() {
    let broken = exemptions(Example::synthesised(), "eu_west_2", |principals| {
        for principal in principals.iter_mut().filter(|it| *it == BREAK_GLASS) {
            *principal = json!("arn:aws:iam::123456789012:role/*");
        }
    });
    let request = through(&broken);
    let principal = request["principal"].as_str().unwrap();
    assert!(principal.starts_with("arn:aws:iam::123456789012:role/"), "{request:#}");
    assert_ne!(principal, BREAK_GLASS);
    assert_eq!(request["route"], "direct");
}

#[test]
fn a_role_that_nobody_declared_is_named() {
    let stranger = "arn:aws:iam::123456789012:role/nightly-export";
    let broken =
        exemptions(Example::synthesised(), "eu_west_2", |principals| principals.push(json!(stranger)));
    assert_eq!(through(&broken)["principal"], stranger);
    // Declared, it is no finding.
    let (exit, report) = broken.check(&["--guardrail", "only-through-mrap", "--exempt", stranger]);
    assert_eq!(exit, Exit::Clean, "{report:#}");
}

#[test]
fn without_its_exemption_replication_stops() {
    let broken = exemptions(Example::synthesised(), "eu_west_2", |principals| {
        principals.retain(|principal| principal != REPLICATION);
    });
    let (exit, report) = broken.check(&["--guardrail", "replication-works"]);
    assert_eq!(exit, Exit::Refuted, "{report:#}");
    let verdict = Example::verdict(&report, "replication-works", LONDON);
    assert_eq!(verdict["verdict"], "refuted", "{report:#}");
    let request = &verdict["counterexample"];
    assert_eq!(request["principal"], "arn:aws:iam::123456789012:role/orders-replication");
    let decided = &request["legs"][0]["decided_by"];
    assert_eq!(decided["document"], "aws_s3_bucket_policy.eu_west_2", "{report:#}");
}

#[test]
fn the_example_itself_holds() {
    let (exit, report) = Example::synthesised().check(&[]);
    assert_eq!(exit, Exit::Clean, "{report:#}");
    assert_eq!(report["not_asked"], json!([]));
}
