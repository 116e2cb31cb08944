//! Requests that come from a report, and those that are none.

use super::{API, REPORTING, explain};
use crate::{MRAP, POLICY, narrows, policy, stack};
use narrows::{Exit, Memory};

/// The counterexample of a broken policy, as a report has it.
fn counterexample(files: &Memory, args: &[&str]) -> String {
    let check = [&["check"], args, &["--format", "json", "--as-of", "2026-11-23"]].concat();
    let report = narrows(files.clone(), &check).stdout;
    let (_, rest) = report.split_once("\"counterexample\": {").unwrap();
    let (inner, _) = rest.split_once("\n      },").unwrap();
    format!("{{{inner}}}")
}

#[test]
fn a_counterexample_can_be_fed_back() {
    let files = policy(&POLICY.replace("ArnNotEquals", "ArnEquals"));
    let args = ["policy.json", "--mrap", MRAP, "--guardrail", "only-through-mrap"];
    let request = counterexample(&files, &args);
    let ran = explain(
        files.with("request.json", request),
        &["policy.json", "--mrap", MRAP, "--request", "request.json"],
    );
    assert_eq!(ran.exit, Exit::Undecided, "{ran}");
    assert!(
        ran.stdout.contains("the identity policies of arn:aws:iam::123456789012:role/any-other-role"),
        "{ran}"
    );
}

#[test]
fn a_counterexample_with_references_can_be_fed_back() {
    let files = narrows(stack(), &["synth", "orders", "--as-of", "2026-11-23"]).files;
    // The Deny meant for everything outside the endpoints hits what comes through them.
    let flip = |files: Memory, path: &str| {
        let text = files.text(path).unwrap().replace("StringNotEquals", "StringEquals");
        files.with(path, text)
    };
    let files = flip(files, "orders/out/terraform/s3.tf.json");
    let files = flip(files, "orders/out/terraform/s3control.tf.json");
    let request = counterexample(&files, &["orders/out/terraform", "--guardrail", "private-only"]);
    assert!(request.contains("${aws_s3control_multi_region_access_point.mrap.alias}"), "{request}");
    let ran =
        explain(files.with("request.json", request), &["orders/out/terraform", "--request", "request.json"]);
    assert_eq!(ran.exit, Exit::Undecided, "{ran}");
}

/// What a wrong command says.
fn wrong(args: &[&str]) -> String {
    let ran = explain(stack(), &[&["orders"], args].concat());
    assert_eq!(ran.exit, Exit::Failed, "{ran}");
    assert_eq!(ran.stdout, "");
    ran.stderr
}

#[test]
fn wrong_requests() {
    let get = ["--principal", API, "--action", "s3:GetObject"];
    let all = [
        wrong(&[&get[..], &["--mrap", "order", "--key", "a"]].concat()),
        wrong(&[&get[..], &["--mrap", "orders"]].concat()),
        wrong(&[&get[..], &["--key", "a"]].concat()),
        wrong(&["--principal", API, "--action", "s3:ListBucket", "--mrap", "orders", "--key", "a"]),
        wrong(&["--principal", API, "--action", "GetObject", "--mrap", "orders", "--key", "a"]),
        wrong(&["--principal", "orders-api", "--action", "s3:GetObject", "--mrap", "orders", "--key", "a"]),
        wrong(
            &[
                &get[..],
                &[
                    "--mrap",
                    "orders",
                    "--key",
                    "a",
                    "--context",
                    "aws:SourceVpce=${aws_vpc_endpoint.eu_west.id}",
                ],
            ]
            .concat(),
        ),
        wrong(
            &[
                &get[..],
                &[
                    "--bucket",
                    "orders-eu-west-2",
                    "--key",
                    "a",
                    "--context",
                    &format!("s3:DataAccessPointArn={MRAP}"),
                ],
            ]
            .concat(),
        ),
        wrong(&[&get[..], &["--mrap", "orders", "--key", "a", "--context", "SourceVpce=x"]].concat()),
        wrong(&["--principal", API]),
        wrong(&["--request", "orders/narrows.toml"]),
    ];
    insta::assert_snapshot!(all.join("\n"), @"
      × no MRAP of the input is called `order`: expected orders
      help: did you mean `orders`?

      × s3:GetObject is about an object, and no key is given
      help: give it: --key KEY

      × the request is on nothing: expected a bucket or an MRAP
      help: give --bucket NAME for a direct request, --mrap NAME for one through the MRAP

      × s3:ListBucket is not about an object, and key `a` is given
      help: leave the key out; what a listing is limited to is --context s3:prefix=PREFIX

      × `GetObject` is not an action: expected one such as s3:GetObject
      help: did you mean `s3:GetObject`?

      × `orders-api` is not a principal: expected the ARN of a role, a user, a session
      │ (arn:aws:sts::<account>:assumed-role/<name>/<session>) or a root user
      │ (arn:aws:iam::<account>:root), a service's name, or `anonymous`

      × `${aws_vpc_endpoint.eu_west.id}` in aws:SourceVpce is no reference that the input leaves open
      help: did you mean `${aws_vpc_endpoint.eu_west_2.id}`?

      × s3:DataAccessPointArn is given as `arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap`,
      │ and follows from the resource: absent
      help: leave s3:DataAccessPointArn out, or change the resource

    error: invalid value 'SourceVpce=x' for '--context <KEY=VALUE>': expected a condition key and its value, such as aws:SecureTransport=true

    For more information, try '--help'.

    error: the following required arguments were not provided:
      --action <ACTION>

    Usage: narrows explain --principal <WHO> --as-of <DATE> --action <ACTION> <PATH>...

    For more information, try '--help'.

      × not JSON: unexpected token
       ╭─[orders/narrows.toml:1:1]
     1 │ # One Multi-Region Access Point over three buckets. Data is reached through its ARN alone, and through the VPC…
       · ─
     2 │ # Change names, account, roles and networks to yours, and leave out the tables that you do not need.
       ╰────
    ");
}

#[test]
fn wrong_request_files() {
    let failed = |text: &str| {
        let ran = explain(stack().with("r.json", text), &["orders", "--request", "r.json"]);
        assert_eq!(ran.exit, Exit::Failed, "{ran}");
        ran.stderr
    };
    let all = [
        failed(r#"{"version": 1, "verdicts": []}"#),
        failed(r#"{"principle": "anonymous"}"#),
        failed(r#"{"principal": "anonymous", "action": "s3:GetObject"}"#),
        failed(r#"{"principal": "anonymous", "action": "s3:GetObject", "resource": "orders/a"}"#),
        failed(r#"{"principal": "anonymous", "action": 7, "resource": "arn:aws:s3:::orders-eu-west-2/a"}"#),
    ];
    insta::assert_snapshot!(all.join("\n"), @r#"
     × `r.json` is a whole report: expected one request
     help: save one counterexample of it: jq '[.verdicts[].counterexample | values][0]' report.json >
           request.json

     × `principle` is not part of a request: expected principal, session, action, resource, context,
     │ legs, route, sentence, command, elsewhere, assumed_context
      ╭─[r.json:1:15]
    1 │ {"principle": "anonymous"}
      ·               ─────┬─────
      ·                    ╰── principle
      ╰────
     help: did you mean `principal`?

     × `r.json` has no `resource`: expected principal, action, resource and context

     × `orders/a` is no resource of S3: expected the ARN of a bucket, an access point or an object

     × `action` is a number: expected text
      ╭─[r.json:1:38]
    1 │ {"principal": "anonymous", "action": 7, "resource": "arn:aws:s3:::orders-eu-west-2/a"}
      ·                                      ┬
      ·                                      ╰── action
      ╰────
    "#);
}

/// What S3 does not take is no request: nothing is said of how it would be decided.
#[test]
fn requests_that_s3_does_not_take() {
    let bucket = |action: &'static str, more: &[&'static str]| {
        wrong(
            &[&["--principal", REPORTING, "--bucket", "orders-eu-west-2", "--action", action], more].concat(),
        )
    };
    let of_object = |context: &'static str| bucket("s3:GetObject", &["--key", "a", "--context", context]);
    insta::assert_snapshot!(wrong(&["--principal", REPORTING, "--mrap", "orders", "--action", "s3:PutBucketPolicy"]), @"
    × s3:PutBucketPolicy does not come through an access point
    help: ask it of the bucket itself: --bucket NAME, without --mrap
    ");
    insta::assert_snapshot!(bucket("s3:ListAllMyBuckets", &[]), @"
    × s3:ListAllMyBuckets is asked of no bucket and no object: policies of buckets and access points
    │ do not decide it
    help: give an action on a bucket or an object, such as s3:ListBucket or s3:GetObject
    ");
    insta::assert_snapshot!(bucket("kms:Decrypt", &[]), @"
    × `kms:Decrypt` is no action of S3: expected one such as s3:GetObject
    help: what S3 asks of KMS keys for the caller is explained with the action on the object
    ");
    insta::assert_snapshot!(of_object("aws:SourceIp=10.0.0.0/8"), @"  × aws:SourceIp is given as `10.0.0.0/8`: expected an address, such as 203.0.113.7");
    insta::assert_snapshot!(of_object("aws:SecureTransport=yes"), @"  × aws:SecureTransport is given as `yes`: expected true or false");
    insta::assert_snapshot!(of_object("s3:TlsVersion=TLSv1.2"), @"  × s3:TlsVersion is given as `TLSv1.2`: expected a number");
}

/// An action and a key that this version does not know may exist; that it does not know them is said.
#[test]
fn what_is_not_known_is_said() {
    let ran = explain(
        stack(),
        &[
            "orders",
            "--principal",
            REPORTING,
            "--bucket",
            "orders-eu-west-2",
            "--key",
            "a",
            "--action",
            "s3:GetObjct",
            "--context",
            "aws:SourceVpcee=vpce-0a1b2c3d",
            "--context",
            "aws:PrincipalTag/Team=storage",
        ],
    );
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    let start = ran.stdout.find("Assumed").unwrap();
    insta::assert_snapshot!(ran.stdout.get(start..).unwrap(), @"
    Assumed
      · S3 authorization only: permissions of KMS keys are not part of the input
      · aws:SourceVpcee is a condition key of the request: this version does not know it; did you mean
        aws:SourceVpce?
      · condition keys that are not shown are absent, or open where AWS always sets them
      · control policies, permission boundaries and session policies are not attached
      · identity policies of arn:aws:iam::123456789012:role/reporting, which are not in the input, deny
        nothing
      · s3:GetObjct is an action on an object: this version does not know it; did you mean s3:GetObject?
      · the role's session is called `session`
    ");
}
