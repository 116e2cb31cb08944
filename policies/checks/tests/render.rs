//! Each renderer on a view with all that a view can hold.

use narrows_checks::render::text::Preface;
use narrows_checks::render::{Style, json, text};
use narrows_checks::{
    CounterexampleView, DecidedByView, Decision, FindingView, LegView, NotAskedView, Outcome, RouteView,
    SubjectView, VerdictView, View,
};
use std::collections::BTreeMap;

fn bucket(name: &str) -> SubjectView {
    SubjectView {
        kind: "bucket".to_owned(),
        name: name.to_owned(),
        address: format!("aws_s3_bucket.{}", name.replace('-', "_")),
    }
}

fn verdict(guardrail: &str, subject: SubjectView, verdict: Outcome) -> VerdictView {
    VerdictView {
        severity: "high".to_owned(),
        accepted: None,
        guardrail: guardrail.to_owned(),
        subject,
        verdict,
        reason: None,
        counterexample: None,
        statements: Vec::new(),
        remedy: None,
        assumptions: vec!["control policies are not attached".to_owned()],
        exemptions: Vec::new(),
        remarks: Vec::new(),
    }
}

/// A request past the MRAP that nothing denies.
fn direct(bucket: &str) -> CounterexampleView {
    let resource = format!("arn:aws:s3:::{bucket}/example.txt");
    CounterexampleView {
        principal: "arn:aws:iam::123456789012:role/any-other-role".to_owned(),
        action: "s3:GetObject".to_owned(),
        resource: resource.clone(),
        route: RouteView::Direct,
        context: BTreeMap::from([("aws:SecureTransport".to_owned(), vec!["false".to_owned()])]),
        legs: vec![LegView {
            resource,
            decision: Decision::Allowed,
            decided_by: DecidedByView::Assumption {
                assumption: "identity policies allow everything".to_owned(),
            },
        }],
        sentence: format!(
            "Role any-other-role of account 123456789012 can GetObject key `example.txt` of bucket {bucket} directly, without the MRAP, without TLS, because identity policies allow everything, and nothing denies it."
        ),
        command: Some(format!("aws s3api get-object --bucket {bucket} --key example.txt /dev/stdout")),
        elsewhere: None,
    }
}

/// A request through the MRAP that the bucket's policy denies.
fn denied() -> CounterexampleView {
    CounterexampleView {
        principal: "arn:aws:iam::123456789012:role/app".to_owned(),
        action: "s3:PutObject".to_owned(),
        resource: "arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt".to_owned(),
        route: RouteView::Mrap,
        context: BTreeMap::from([
            ("aws:SourceVpce".to_owned(), vec!["vpce-0a1b2c3d4e5f60718".to_owned()]),
            ("aws:TagKeys".to_owned(), vec!["a".to_owned(), "b".to_owned()]),
        ]),
        legs: vec![
            LegView {
                resource: "arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt".to_owned(),
                decision: Decision::Allowed,
                decided_by: DecidedByView::Statement {
                    document: "aws_s3control_multi_region_access_point_policy.mrap".to_owned(),
                    statement: "AllowApp".to_owned(),
                    location: "s3control.tf.json:40 (policy.Statement[2])".to_owned(),
                },
            },
            LegView {
                resource: "arn:aws:s3:::data-b/example.txt".to_owned(),
                decision: Decision::Denied,
                decided_by: DecidedByView::Implicit {
                    implicit: "no statement of aws_s3_bucket_policy.data_b allows it".to_owned(),
                },
            },
        ],
        sentence: "Role app of account 123456789012 cannot PutObject.".to_owned(),
        command: None,
        elsewhere: None,
    }
}

fn view() -> View {
    let refuted = |guardrail: &str, subject: SubjectView, found: CounterexampleView| VerdictView {
        counterexample: Some(found),
        remedy: Some("deny it for Principal `*`".to_owned()),
        assumptions: vec![
            "control policies are not attached".to_owned(),
            "identity policies allow everything".to_owned(),
        ],
        ..verdict(guardrail, subject, Outcome::Refuted)
    };
    let role = SubjectView {
        kind: "role".to_owned(),
        name: "arn:aws:iam::123456789012:role/app".to_owned(),
        address: String::new(),
    };
    let unknown = |bucket_name: &str| VerdictView {
        reason: Some(format!("the policy of {bucket_name} is known only after deployment")),
        remarks: vec!["S3's own lifecycle is not part of the claim".to_owned()],
        ..verdict("private-only", bucket(bucket_name), Outcome::Unknown)
    };
    View {
        version: 1,
        verdicts: vec![
            refuted("application-reaches-data", role, denied()),
            refuted("only-through-mrap", bucket("data-a"), direct("data-a")),
            refuted("only-through-mrap", bucket("data-b"), direct("data-b")),
            VerdictView {
                severity: "high".to_owned(),
                exemptions: vec!["arn:aws:iam::123456789012:role/replication (replication role)".to_owned()],
                ..verdict("only-through-mrap", bucket("data-c"), Outcome::Proved)
            },
            unknown("data-a"),
            unknown("data-b"),
            verdict("tls-only", bucket("data-a"), Outcome::Proved),
            verdict("tls-only", bucket("data-b"), Outcome::Proved),
        ],
        not_asked: vec![NotAskedView {
            guardrail: "deployer-not-locked-out".to_owned(),
            reason: "no deployer is declared: name it with --deployer ARN".to_owned(),
        }],
        findings: [(5, "a"), (9, "b")]
            .map(|(line, sid)| FindingView {
                document: "aws_s3_bucket_policy.data_b".to_owned(),
                location: format!("main.tf.json:{line} (policy.Statement[0].Condition.StringEquals.{sid})"),
                text: "`StringEquals` takes `a*` literally: `StringLike` takes wildcards".to_owned(),
            })
            .to_vec(),
    }
}

#[test]
fn text_says_each_thing_once() {
    let preface =
        Preface::default().fact("checked", "plan.json, a Terraform plan").fact("as of", "2026-11-23");
    insta::assert_snapshot!(text::render(&view(), &preface, Style::PLAIN).unwrap(), @r"
    checked  plan.json, a Terraform plan
    as of    2026-11-23

      ✗ application-reaches-data  refuted  arn:aws:iam::123456789012:role/app
      – deployer-not-locked-out   not asked
      ✗ only-through-mrap         refuted  data-a, data-b
      ✓                           proved   data-c
      ? private-only              unknown  data-a, data-b
      ✓ tls-only                  proved   data-a, data-b

    ✗ application-reaches-data fails for role arn:aws:iam::123456789012:role/app

        Role app of account 123456789012 cannot PutObject.

        principal  arn:aws:iam::123456789012:role/app
        action     s3:PutObject
        resource   arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
        context    aws:SourceVpce = vpce-0a1b2c3d4e5f60718
                   aws:TagKeys = a, b

        role/app
        │ through the Multi-Region Access Point, from VPC endpoint vpce-0a1b2c3d4e5f60718
        ├─ ✓ access point  arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt
        │    allowed by statement AllowApp of aws_s3control_multi_region_access_point_policy.mrap,
        │    s3control.tf.json:40 (policy.Statement[2]), and none denies it
        └─ ✗ bucket        arn:aws:s3:::data-b/example.txt
             no statement of aws_s3_bucket_policy.data_b allows it

        change  deny it for Principal `*`

    ✗ only-through-mrap fails for bucket data-a  aws_s3_bucket.data_a

        Role any-other-role of account 123456789012 can GetObject key `example.txt` of bucket data-a
        directly, without the MRAP, without TLS, because identity policies allow everything, and nothing
        denies it.

        principal  arn:aws:iam::123456789012:role/any-other-role
        action     s3:GetObject
        resource   arn:aws:s3:::data-a/example.txt
        context    aws:SecureTransport = false

        role/any-other-role
        │ at the bucket's own endpoint, past every access point, without TLS
        └─ ✓ bucket  arn:aws:s3:::data-a/example.txt
             no statement denies it, and identity policies allow everything

        try     aws s3api get-object --bucket data-a --key example.txt /dev/stdout

        change  deny it for Principal `*`
        also    the same request fails at data-b

    ? private-only is undecided for bucket data-a

        the policy of data-a is known only after deployment
        also    the same at data-b

    Not asked
      deployer-not-locked-out  no deployer is declared: name it with --deployer ARN

    In aws_s3_bucket_policy.data_b
      · `StringEquals` takes `a*` literally: `StringLike` takes wildcards (main.tf.json:5
        (policy.Statement[0].Condition.StringEquals.a))
      · `StringEquals` takes `a*` literally: `StringLike` takes wildcards (main.tf.json:9
        (policy.Statement[0].Condition.StringEquals.b))

    Remarks on private-only
      · S3's own lifecycle is not part of the claim

    Exempt from only-through-mrap
      · arn:aws:iam::123456789012:role/replication (replication role)

    Assumed for every guardrail
      · control policies are not attached

    Assumed for application-reaches-data, only-through-mrap
      · identity policies allow everything

    8 verdicts: 3 proved · 3 refuted · 2 unknown; 1 guardrail not asked
    ");
}

#[test]
fn narrow_text_counts_what_it_cannot_name() {
    let mut view = view();
    view.verdicts.retain(|it| it.verdict != Outcome::Refuted);
    insta::assert_snapshot!(text::render(&view, &Preface::default(), Style { colour: false, width: 40 }).unwrap(), @r"
      – deployer-not-locked-out  not asked
      ✓ only-through-mrap        proved   data-c
      ? private-only             unknown  2 buckets
      ✓ tls-only                 proved   2 buckets

    ? private-only is undecided for bucket data-a

        the policy of data-a is known only
        after deployment
        also    the same at data-b

    Not asked
      deployer-not-locked-out  no deployer is declared: name
                               it with --deployer ARN

    In aws_s3_bucket_policy.data_b
      · `StringEquals` takes `a*` literally:
        `StringLike` takes wildcards
        (main.tf.json:5
        (policy.Statement[0].Condition.StringEquals.a))
      · `StringEquals` takes `a*` literally:
        `StringLike` takes wildcards
        (main.tf.json:9
        (policy.Statement[0].Condition.StringEquals.b))

    Remarks on private-only
      · S3's own lifecycle is not part of
        the claim

    Exempt from only-through-mrap
      · arn:aws:iam::123456789012:role/replication
        (replication role)

    Assumed for every guardrail
      · control policies are not attached

    5 verdicts: 3 proved · 0 refuted · 2 unknown; 1 guardrail not asked
    ");
}

#[test]
fn colour_changes_nothing_but_colour() {
    let preface = Preface::default();
    let coloured = text::render(&view(), &preface, Style { colour: true, ..Style::PLAIN }).unwrap();
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, code)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = code.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    assert_eq!(plain, text::render(&view(), &preface, Style::PLAIN).unwrap());
    assert_ne!(plain, coloured);
}

#[test]
fn json_has_every_key() {
    let mut view = view();
    view.verdicts.retain(|it| it.guardrail != "private-only" && it.subject.name != "data-b");
    insta::assert_snapshot!(json::render(&view).unwrap(), @r#"
    {
      "version": 1,
      "verdicts": [
        {
          "guardrail": "application-reaches-data",
          "severity": "high",
          "subject": {
            "kind": "role",
            "name": "arn:aws:iam::123456789012:role/app",
            "address": ""
          },
          "verdict": "refuted",
          "reason": null,
          "counterexample": {
            "principal": "arn:aws:iam::123456789012:role/app",
            "action": "s3:PutObject",
            "resource": "arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt",
            "route": "mrap",
            "context": {
              "aws:SourceVpce": [
                "vpce-0a1b2c3d4e5f60718"
              ],
              "aws:TagKeys": [
                "a",
                "b"
              ]
            },
            "legs": [
              {
                "resource": "arn:aws:s3::123456789012:accesspoint/${mrap.alias}/object/example.txt",
                "decision": "allowed",
                "decided_by": {
                  "document": "aws_s3control_multi_region_access_point_policy.mrap",
                  "statement": "AllowApp",
                  "location": "s3control.tf.json:40 (policy.Statement[2])"
                }
              },
              {
                "resource": "arn:aws:s3:::data-b/example.txt",
                "decision": "denied",
                "decided_by": {
                  "implicit": "no statement of aws_s3_bucket_policy.data_b allows it"
                }
              }
            ],
            "sentence": "Role app of account 123456789012 cannot PutObject.",
            "command": null
          },
          "remedy": "deny it for Principal `*`",
          "assumptions": [
            "control policies are not attached",
            "identity policies allow everything"
          ],
          "exemptions": [],
          "remarks": [],
          "accepted": null
        },
        {
          "guardrail": "only-through-mrap",
          "severity": "high",
          "subject": {
            "kind": "bucket",
            "name": "data-a",
            "address": "aws_s3_bucket.data_a"
          },
          "verdict": "refuted",
          "reason": null,
          "counterexample": {
            "principal": "arn:aws:iam::123456789012:role/any-other-role",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::data-a/example.txt",
            "route": "direct",
            "context": {
              "aws:SecureTransport": [
                "false"
              ]
            },
            "legs": [
              {
                "resource": "arn:aws:s3:::data-a/example.txt",
                "decision": "allowed",
                "decided_by": {
                  "assumption": "identity policies allow everything"
                }
              }
            ],
            "sentence": "Role any-other-role of account 123456789012 can GetObject key `example.txt` of bucket data-a directly, without the MRAP, without TLS, because identity policies allow everything, and nothing denies it.",
            "command": "aws s3api get-object --bucket data-a --key example.txt /dev/stdout"
          },
          "remedy": "deny it for Principal `*`",
          "assumptions": [
            "control policies are not attached",
            "identity policies allow everything"
          ],
          "exemptions": [],
          "remarks": [],
          "accepted": null
        },
        {
          "guardrail": "only-through-mrap",
          "severity": "high",
          "subject": {
            "kind": "bucket",
            "name": "data-c",
            "address": "aws_s3_bucket.data_c"
          },
          "verdict": "proved",
          "reason": null,
          "counterexample": null,
          "remedy": null,
          "assumptions": [
            "control policies are not attached"
          ],
          "exemptions": [
            "arn:aws:iam::123456789012:role/replication (replication role)"
          ],
          "remarks": [],
          "accepted": null
        },
        {
          "guardrail": "tls-only",
          "severity": "high",
          "subject": {
            "kind": "bucket",
            "name": "data-a",
            "address": "aws_s3_bucket.data_a"
          },
          "verdict": "proved",
          "reason": null,
          "counterexample": null,
          "remedy": null,
          "assumptions": [
            "control policies are not attached"
          ],
          "exemptions": [],
          "remarks": [],
          "accepted": null
        }
      ],
      "not_asked": [
        {
          "guardrail": "deployer-not-locked-out",
          "reason": "no deployer is declared: name it with --deployer ARN"
        }
      ],
      "findings": [
        {
          "document": "aws_s3_bucket_policy.data_b",
          "location": "main.tf.json:5 (policy.Statement[0].Condition.StringEquals.a)",
          "text": "`StringEquals` takes `a*` literally: `StringLike` takes wildcards"
        },
        {
          "document": "aws_s3_bucket_policy.data_b",
          "location": "main.tf.json:9 (policy.Statement[0].Condition.StringEquals.b)",
          "text": "`StringEquals` takes `a*` literally: `StringLike` takes wildcards"
        }
      ]
    }
    "#);
}
