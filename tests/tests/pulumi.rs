//! The real engine previews programs against the stand-in provider of `narrows-pulumi`, and no policy is left unknown.

#![expect(clippy::unwrap_used, reason = "tests may panic")]

use narrows::{Exit, Memory};
use narrows_pulumi::standin::{Salt, Session, Surroundings, serve};
use narrows_pulumi::{Given, settle};
use narrows_tests::harness::found_or_skip;
use narrows_tests::harness::pulumi::{Pulumi, inputs};
use narrows_tests::run::narrows;
use serde_json::Value;

/// A bucket behind an MRAP; the policy's condition is filled in, and so is the ARN that it names.
const PROGRAM: &str = r#"
name: orders
runtime: yaml
resources:
  data:
    type: aws:s3/bucket:Bucket
    properties: {bucket: narrows-orders-eu}
  log:
    type: aws:s3/bucket:Bucket
  orders:
    type: aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint
    properties:
      details: {name: orders, regions: [{bucket: "${data.id}"}]}
  data-policy:
    type: aws:s3/bucketPolicy:BucketPolicy
    properties:
      bucket: ${data.id}
      policy:
        fn::toJSON:
          Version: "2012-10-17"
          Statement:
            - Sid: DenyNotThroughMrap
              Effect: Deny
              Principal: "*"
              Action: "s3:*"
              Resource: "${data.arn}/*"
              Condition: {OPERATOR: {"s3:DataAccessPointArn": NAMED}}
            - Sid: DenyListNotThroughMrap
              Effect: Deny
              Principal: "*"
              Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"]
              Resource: "${data.arn}"
              Condition: {OPERATOR: {"s3:DataAccessPointArn": NAMED}}
"#;

fn program(operator: &str, named: &str) -> String {
    PROGRAM.replace("OPERATOR", operator).replace("NAMED", named)
}

fn previewed(pulumi: &Pulumi, program: &str, salt: Salt) -> (Value, Vec<Given>) {
    let around = Surroundings {
        account: Some("123456789012".parse().unwrap()),
        region: Some("eu-west-2".parse().unwrap()),
        ..Surroundings::default()
    };
    let session = Session::new(salt, around);
    let served = serve(&session).unwrap();
    let preview = pulumi.preview(program, &served.attach()).unwrap();
    (preview, session.given())
}

fn settled(pulumi: &Pulumi, program: &str) -> Value {
    let (first, given_first) = previewed(pulumi, program, Salt::First);
    let (second, given_second) = previewed(pulumi, program, Salt::Second);
    settle(&first, &given_first, &second, &given_second).unwrap()
}

fn check(preview: &Value) -> (Exit, String) {
    let files = Memory::new().with("preview.json", preview.to_string());
    let args = "check preview.json --account 123456789012 --guardrail only-through-mrap --as-of 2026-11-23";
    let ran = narrows(files, &args.split(' ').collect::<Vec<_>>());
    (ran.exit, ran.stdout + &ran.stderr)
}

#[test]
fn a_broken_policy_is_refuted_and_the_mended_one_is_proved() {
    let Some(pulumi) = found_or_skip(Pulumi::find()) else { return };
    for (operator, expected) in [("ArnEquals", Exit::Refuted), ("ArnNotEquals", Exit::Clean)] {
        let preview = settled(&pulumi, &program(operator, r#""${orders.arn}""#));
        let policy = inputs(&preview, "data-policy").get("policy").and_then(Value::as_str).unwrap();
        let found = policy.split_once("arn:aws:s3::123456789012:accesspoint/m").map(|(_, rest)| rest);
        assert!(found.is_some_and(|rest| rest.contains(".mrap")), "{policy}");
        let (exit, text) = check(&preview);
        assert!(text.contains("bucket narrows-orders-eu") || exit == Exit::Clean, "{text}");
        assert_eq!(exit, expected, "{operator}: {text}");
        assert!(!text.contains("04da6b54"), "{text}");
    }
}

/// What the engine previews of a program on a stack that exists.
fn settled_after(pulumi: &Pulumi, program: &str, stack: &Value) -> Value {
    let previewed = |salt| {
        let around = Surroundings {
            account: Some("123456789012".parse().unwrap()),
            region: Some("eu-west-2".parse().unwrap()),
            ..Surroundings::default()
        };
        let session = Session::new(salt, around);
        let served = serve(&session).unwrap();
        let (code, preview) = pulumi.preview_after(program, Some(stack), &served.attach()).unwrap();
        assert_eq!(code, 0, "{preview}");
        (preview, session.given())
    };
    let ((first, given_first), (second, given_second)) = (previewed(Salt::First), previewed(Salt::Second));
    settle(&first, &given_first, &second, &given_second).unwrap()
}

#[test]
fn a_stack_that_exists_gets_a_policy_that_names_a_new_access_point() {
    let Some(pulumi) = found_or_skip(Pulumi::find()) else { return };
    // Its bucket reports an older policy, which denies everything.
    let stack = include_str!("../fixtures/pulumi/update/stack.json");
    let stack: Value = serde_json::from_str(stack).unwrap();
    let of = |operator: &str, name: &str| {
        let program = program(operator, r#""${orders.arn}""#);
        let typed = "type: aws:s3/bucketPolicy:BucketPolicy";
        let program = program.replace(typed, &format!("{typed}\n    name: {name}"));
        check(&settled_after(&pulumi, &program, &stack))
    };
    for (operator, expected) in [("ArnEquals", Exit::Refuted), ("ArnNotEquals", Exit::Clean)] {
        let (exit, text) = of(operator, "data");
        assert_eq!(exit, expected, "{operator}: {text}");
    }
    // Under another name, it is made before the old one is deleted.
    let (exit, text) = of("ArnNotEquals", "other");
    assert_eq!(exit, Exit::Undecided, "{text}");
    // Without a policy, that of before proves nothing.
    let program = program("ArnNotEquals", r#""${orders.arn}""#);
    let (bare, _) = program.split_once("  data-policy:").unwrap();
    let (exit, text) = check(&settled_after(&pulumi, bare, &stack));
    assert_eq!(exit, Exit::Refuted, "{text}");
}

#[test]
fn what_is_worked_out_of_a_symbol_is_unknown() {
    let Some(pulumi) = found_or_skip(Pulumi::find()) else { return };
    let cut = r#"{"fn::join": ["", ["arn:aws:s3::123456789012:accesspoint/", {"fn::select": [0, {"fn::split": [".", "${orders.alias}"]}]}]]}"#;
    let (exit, text) = check(&settled(&pulumi, &program("ArnNotEquals", cut)));
    assert_eq!(exit, Exit::Undecided, "{text}");
}

#[test]
fn two_previews_differ_in_each_symbol_and_agree_elsewhere() {
    let Some(pulumi) = found_or_skip(Pulumi::find()) else { return };
    let program = program("ArnNotEquals", r#""${orders.arn}""#);
    let (first, given_first) = previewed(&pulumi, &program, Salt::First);
    let (second, given_second) = previewed(&pulumi, &program, Salt::Second);
    let names = |given: &[Given]| -> Vec<(String, String)> {
        given.iter().map(|it| (it.urn.clone(), it.attribute.clone())).collect()
    };
    let sorted = |mut names: Vec<(String, String)>| {
        names.sort();
        names
    };
    assert_eq!(sorted(names(&given_first)), sorted(names(&given_second)));
    let name =
        |preview: &Value| inputs(preview, "log").get("bucket").and_then(Value::as_str).unwrap().to_owned();
    assert_ne!(name(&first), name(&second));
    assert!(name(&first).starts_with("log-") && name(&second).starts_with("log-"));
    assert_eq!(inputs(&first, "data"), inputs(&second, "data"));
    let (other, _) = previewed(&pulumi, &program, Salt::First);
    assert_eq!(name(&first), name(&other), "the symbols of one salt are the same in each run");
}

#[test]
fn a_document_that_a_function_makes_is_proved_too() {
    let Some(pulumi) = found_or_skip(Pulumi::find()) else { return };
    let program = r#"
name: orders
runtime: yaml
variables:
  document:
    fn::invoke:
      function: aws:iam/getPolicyDocument:getPolicyDocument
      arguments:
        statements:
          - effect: Deny
            principals: [{type: "*", identifiers: ["*"]}]
            actions: ["s3:*"]
            resources: ["${data.arn}/*", "${data.arn}"]
            conditions:
              - {test: ArnNotEquals, variable: "s3:DataAccessPointArn", values: ["${orders.arn}"]}
              - {test: "Null", variable: "s3:DataAccessPointArn", values: ["SWITCH"]}
resources:
  data:
    type: aws:s3/bucket:Bucket
    properties: {bucket: narrows-orders-eu}
  orders:
    type: aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint
    properties:
      details: {name: orders, regions: [{bucket: "${data.id}"}]}
  data-policy:
    type: aws:s3/bucketPolicy:BucketPolicy
    properties: {bucket: "${data.id}", policy: "${document.json}"}
"#;
    let only = program.replace(
        "              - {test: \"Null\", variable: \"s3:DataAccessPointArn\", values: [\"SWITCH\"]}\n",
        "",
    );
    let (exit, text) = check(&settled(&pulumi, &only));
    assert_eq!(exit, Exit::Clean, "{text}");
    // With a second condition the statement no longer denies what comes by another access point.
    let (exit, text) = check(&settled(&pulumi, &program.replace("SWITCH", "true")));
    assert_eq!(exit, Exit::Refuted, "{text}");
}

/// A principal of the account of one provider is none of the account of another, whichever that is.
#[test]
fn the_account_of_one_provider_is_not_that_of_another() {
    let Some(pulumi) = found_or_skip(Pulumi::find()) else { return };
    let program = r#"
name: orders
runtime: yaml
variables:
  me: {fn::invoke: {function: "aws:index/getCallerIdentity:getCallerIdentity", arguments: {}}}
resources:
  elsewhere:
    type: pulumi:providers:aws
    properties: {profile: elsewhere}
  data:
    type: aws:s3/bucket:Bucket
    properties: {bucket: narrows-orders-eu}
    options: {provider: "${elsewhere}"}
  data-policy:
    type: aws:s3/bucketPolicy:BucketPolicy
    options: {provider: "${elsewhere}"}
    properties:
      bucket: ${data.id}
      policy:
        fn::toJSON:
          Version: "2012-10-17"
          Statement:
            - {Effect: Allow, Principal: {AWS: "arn:aws:iam::${me.accountId}:root"}, Action: "s3:GetObject", Resource: "${data.arn}/*"}
"#;
    let previewed = |program: &str, salt| {
        let session = Session::new(salt, Surroundings::default());
        let served = serve(&session).unwrap();
        (pulumi.preview(program, &served.attach()).unwrap(), session.given())
    };
    let account_of = |program: &str| {
        let ((first, given_first), (second, given_second)) =
            (previewed(program, Salt::First), previewed(program, Salt::Second));
        let settled = settle(&first, &given_first, &second, &given_second).unwrap();
        let value =
            narrows_model::json::parse(&narrows_model::Source::file("p", settled.to_string())).unwrap();
        let read = narrows_pulumi::read(&value, narrows_pulumi::Form::Preview).unwrap();
        let policy = read.deployment.of_kind(narrows_model::Kind::BucketPolicy).next().unwrap();
        let narrows_model::Body::BucketPolicy(policy) = &policy.body else { panic!("a policy") };
        let policy = narrows_model::json::parse_embedded(&policy.policy).unwrap();
        policy.first_unknown().unwrap().to_owned()
    };
    assert_eq!(account_of(program), "the account (one of several) that is deployed to");
    let own = program.replace("{profile: elsewhere}", "{region: eu-west-2}");
    assert_eq!(account_of(&own), narrows_model::Deployment::ACCOUNT);
}
