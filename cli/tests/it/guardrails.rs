//! Guardrails of one's own, in Cedar, and overrides of those that are there.

use crate::{MRAP, POLICY, Ran, narrows, policy, stack};
use narrows::{Exit, Memory};

/// Nobody reads archived objects, but through one network.
const ARCHIVE: &str = r#"
@id("archive-is-closed")
@severity("low")
@description("archived objects are read from the office network alone")
@remedy("deny s3:GetObject on `{bucket}/archive/*` with NotIpAddress aws:SourceIp")
forbid (principal, action in Action::"data-read", resource is Object)
when { resource.key like "archive/*" }
unless { context.aws has SourceIp && context.aws.SourceIp.isInRange(ip("203.0.113.0/24")) };
"#;

fn check(files: Memory, args: &[&str]) -> Ran {
    narrows(files, &[&["check"], args, &["--as-of", "2026-11-23"]].concat())
}

/// A check of one policy with these guardrails alone.
fn own(cedar: &str, args: &[&str]) -> Ran {
    let files = policy(POLICY).with("own/archive.cedar", cedar);
    check(files, &[&["policy.json", "--mrap", MRAP, "--guardrails-from", "own"], args].concat())
}

#[test]
fn one_of_ones_own_is_refuted() {
    let ran = own(ARCHIVE, &["--guardrail", "archive-is-closed"]);
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    insta::assert_snapshot!(ran, @r"
    exit 1
    checked   policy.json, the policy of bucket orders-eu-west-2
    declared  flags
    as of     2026-11-23

      ✗ archive-is-closed  refuted  orders-eu-west-2

    ✗ archive-is-closed fails for bucket orders-eu-west-2

        Role any-other-role of account 123456789012 can GetObject key `archive/` of bucket
        orders-eu-west-2 through the MRAP, because identity policies that are not in the input allow
        everything, and nothing denies it.

        principal  arn:aws:iam::123456789012:role/any-other-role
        action     s3:GetObject
        resource   arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/object/archive/
        context    aws:SecureTransport = true
                   s3:AccessPointNetworkOrigin = Internet
                   s3:DataAccessPointAccount = 123456789012
                   s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap

        role/any-other-role
        │ through the Multi-Region Access Point
        ├─ ✓ access point  arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/object/archive/
        │    no statement denies it, and policies of access points that are not in the input allow
        │    everything
        └─ ✓ bucket        arn:aws:s3:::orders-eu-west-2/archive/
             no statement denies it, and identity policies that are not in the input allow everything

        try     aws s3api get-object --bucket arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap --key archive/ /dev/stdout

        change  deny s3:GetObject on `arn:aws:s3:::orders-eu-west-2/archive/*` with NotIpAddress
                aws:SourceIp

    Assumed for archive-is-closed
      · control policies, permission boundaries and session policies are not attached
      · identity policies of users, roles and root allow everything
      · object ownership is BucketOwnerEnforced, S3's default: ACLs are off
      · policies of access points that are not in the input allow everything
      · the bucket is in the MRAP's account, since none is given

    1 verdict: 0 proved · 1 refuted · 0 unknown; 0 guardrails not asked
    ");
}

#[test]
fn one_of_ones_own_is_proved() {
    let deny = r#"{"Sid": "Archive", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
        "Resource": "arn:aws:s3:::orders-eu-west-2/archive/*",
        "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},"#;
    let text = POLICY.replacen("\"Statement\": [", &format!("\"Statement\": [{deny}"), 1);
    let files = policy(&text).with("archive.cedar", ARCHIVE);
    let args = [
        "policy.json",
        "--mrap",
        MRAP,
        "--guardrails-from",
        "archive.cedar",
        "--guardrail",
        "archive-is-closed",
    ];
    let ran = check(files, &args);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
}

#[test]
fn what_does_not_parse_is_shown_at_its_place() {
    let ran = own("@id(\"x\")\nforbid (principal, action, resource) when { context.aws has };\n", &[]);
    assert_eq!(ran.exit, Exit::Failed);
    insta::assert_snapshot!(ran, @r#"
    exit 2
      × unexpected token `}`
       ╭─[own/archive.cedar:2:61]
     1 │ @id("x")
     2 │ forbid (principal, action, resource) when { context.aws has };
       ·                                                             ─
       ╰────
    "#);
}

#[test]
fn what_the_schema_does_not_have_is_shown_at_its_place() {
    let ran = own(&ARCHIVE.replace("SourceIp.isIn", "SourceIP.isIn"), &[]);
    assert_eq!(ran.exit, Exit::Failed);
    insta::assert_snapshot!(ran, @r#"
    exit 2
      × attribute `aws.SourceIP` in context for Action::"s3:GetObject" not found
       ╭─[own/archive.cedar:8:38]
     7 │ when { resource.key like "archive/*" }
     8 │ unless { context.aws has SourceIp && context.aws.SourceIP.isInRange(ip("203.0.113.0/24")) };
       ·                                      ────────────────────────────────────────────────────
       ╰────
      help: did you mean `SourceIp`?
    "#);
}

#[test]
fn what_cannot_be_decided_is_refused() {
    let ran = own(
        &ARCHIVE.replace(
            "resource.key like \"archive/*\"",
            "context.s3 has prefix && resource.key == context.s3.prefix",
        ),
        &[],
    );
    assert_eq!(ran.exit, Exit::Failed);
    insta::assert_snapshot!(ran, @r#"
    exit 2
      × `archive-is-closed`: `resource.key == context.s3.prefix` cannot be decided for all requests:
      │ compare condition keys, the caller, the action and the resource with constants and with what
      │ the bucket declares
       ╭─[own/archive.cedar:2:1]
     1 │ 
     2 │ @id("archive-is-closed")
       · ────────────────────────
     3 │ @severity("low")
       ╰────
    "#);
}

#[test]
fn an_id_that_is_taken_is_refused() {
    let ran = own(&ARCHIVE.replace("archive-is-closed", "tls-only"), &[]);
    assert_eq!(ran.exit, Exit::Failed);
    insta::assert_snapshot!(ran, @r"
    exit 2
      × own/archive.cedar: the guardrail `tls-only` is there already
      help: give it another @id
    ");
}

#[test]
fn a_folder_without_guardrails_is_a_mistake() {
    let ran = check(
        policy(POLICY).with("own/readme", ""),
        &["policy.json", "--mrap", MRAP, "--guardrails-from", "own"],
    );
    assert_eq!(ran.exit, Exit::Failed);
    insta::assert_snapshot!(ran, @r"
    exit 2
      × `own` has no guardrails: expected *.cedar files in it
      help: name a file, or another folder
    ");
}

/// The example with these lines at the description's start.
fn described(tables: &str) -> Memory {
    let text = crate::description(&stack());
    stack().with("orders/narrows.toml", format!("{text}\n{tables}"))
}

#[test]
fn a_description_names_guardrails_of_its_own() {
    let text = crate::description(&stack());
    let files = stack()
        .with("orders/narrows.toml", format!("guardrails = [\"own\"]\n{text}"))
        .with("orders/own/archive.cedar", ARCHIVE);
    let ran = check(files.clone(), &["orders", "--guardrail", "archive-is-closed"]);
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    // Named in another way, it is the same file.
    let again = ["orders", "--guardrail", "archive-is-closed", "--guardrails-from", "./orders/own"];
    assert_eq!(check(files, &again).stdout, ran.stdout);
}

const BROKEN: &str = r#"
@id("no-deletions")
@description("nobody deletes")
forbid (principal, action in Action::"data-delete", resource);
"#;

#[test]
fn a_refutation_that_is_accepted_is_listed_and_no_failure() {
    let tables = r#"
[[override]]
guardrail = "no-deletions"
subject = "orders-us-east-1"
reason = "the importer replaces objects"
expires = "2026-12-31"

[[override]]
guardrail = "no-deletions"
subject = "orders-eu-west-2"
reason = "cleaned up by hand"
expires = "2026-01-01"

[[override]]
guardrail = "no-deletions"
severity = "low"
reason = "versions are kept"
"#;
    let files = described(tables).with("no-deletions.cedar", BROKEN);
    let args = ["orders", "--guardrails-from", "no-deletions.cedar", "--guardrail", "no-deletions"];
    let ran = check(files, &args);
    assert_eq!(ran.exit, Exit::Refuted, "two buckets are not accepted: {ran}");
    insta::assert_snapshot!(ran, @r"
    exit 1
    checked   orders/narrows.toml, as `narrows synth` would write it
    declared  orders/narrows.toml
    as of     2026-11-23

      ✗ no-deletions  refuted  orders-ap-northeast-3, orders-eu-west-2
      !               accepted orders-us-east-1

    ✗ no-deletions fails for bucket orders-ap-northeast-3  aws_s3_bucket.ap_northeast_3

        Role storage-on-call of account 123456789012 can DeleteObject key `example.txt` of bucket
        orders-ap-northeast-3 directly, without the MRAP, because identity policies that are not in the
        input allow everything, and DenyObjectsOutsideMrap of aws_s3_bucket_policy.ap_northeast_3 does
        not deny it: condition ArnNotEquals aws:PrincipalArn: the key is
        `arn:aws:iam::123456789012:role/storage-on-call`, compared with
        `arn:aws:iam::123456789012:role/orders-replication`,
        `arn:aws:iam::123456789012:role/storage-on-call`.

        principal  arn:aws:iam::123456789012:role/storage-on-call
        action     s3:DeleteObject
        resource   arn:aws:s3:::orders-ap-northeast-3/example.txt
        context    aws:CurrentTime = 2026-11-23T12:00:00Z
                   aws:SecureTransport = true

        role/storage-on-call
        │ at the bucket's own endpoint, past every access point
        └─ ✓ bucket  arn:aws:s3:::orders-ap-northeast-3/example.txt
             no statement denies it, and identity policies that are not in the input allow everything

        try     aws s3api delete-object --bucket orders-ap-northeast-3 --key example.txt
        also    the same request fails at orders-eu-west-2

    Remarks on no-deletions
      · its severity is low here (versions are kept)
      · the override (cleaned up by hand) ended on 2026-01-01: it no longer counts

    ! no-deletions fails for bucket orders-us-east-1, which the owner accepts
        the importer replaces objects, until 2026-12-31
        Role storage-on-call of account 123456789012 can DeleteObject key `example.txt` of bucket
        orders-us-east-1 directly, without the MRAP, because identity policies that are not in the input
        allow everything, and DenyObjectsOutsideMrap of aws_s3_bucket_policy.us_east_1 does not deny it:
        condition ArnNotEquals aws:PrincipalArn: the key is
        `arn:aws:iam::123456789012:role/storage-on-call`, compared with
        `arn:aws:iam::123456789012:role/orders-replication`,
        `arn:aws:iam::123456789012:role/storage-on-call`.

    Assumed for no-deletions
      · control policies, permission boundaries and session policies are not attached
      · identity policies of users, roles and root allow everything
      · policies of access points that are not in the input allow everything

    3 verdicts: 0 proved · 2 refuted · 0 unknown · 1 accepted; 0 guardrails not asked
    ");
}

#[test]
fn a_whole_guardrail_can_be_accepted() {
    let tables = "[[override]]\nguardrail = \"no-deletions\"\nreason = \"versions are kept\"\n";
    let files = described(tables).with("no-deletions.cedar", BROKEN);
    let args = ["orders", "--guardrails-from", "no-deletions.cedar", "--guardrail", "no-deletions"];
    let ran = check(files, &args);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    assert!(
        ran.stdout
            .ends_with("3 verdicts: 0 proved · 0 refuted · 0 unknown · 3 accepted; 0 guardrails not asked\n"),
        "{ran}"
    );
}

#[test]
fn an_override_of_nothing_is_a_mistake() {
    let ran = check(described("[[override]]\nguardrail = \"no-new-path\"\nreason = \"x\"\n"), &["orders"]);
    assert_eq!(ran.exit, Exit::Failed);
    insta::assert_snapshot!(ran, @r"
    exit 2
      × an override is about `no-new-path`, which is not a guardrail
      help: did you mean `no-new-paths`?
    ");
}

/// What Narrows itself finds wrong is shown at the annotation, and at the id where it is the whole policy.
#[test]
fn what_is_wrong_with_a_policy_is_shown_where_it_stands() {
    let shown = |cedar: &str| {
        let ran = own(cedar, &[]);
        assert_eq!(ran.exit, Exit::Failed, "{ran}");
        ran.stderr
    };
    let first = "@id(\"first\")\nforbid (principal is Anonymous, action, resource);\n\n";
    insta::assert_snapshot!(shown(&format!("{first}{}", ARCHIVE.replace("low", "lowest"))), @r#"
     × `archive-is-closed`: `lowest` is not a severity: expected low, medium or high
      ╭─[own/archive.cedar:6:1]
    5 │ @id("archive-is-closed")
    6 │ @severity("lowest")
      · ───────────────────
    7 │ @description("archived objects are read from the office network alone")
      ╰────
    "#);
    // As Windows ends lines.
    let of_windows = shown(&format!("{first}{}", ARCHIVE.replace("low", "lowest")).replace('\n', "\r\n"));
    assert_eq!(of_windows, shown(&format!("{first}{}", ARCHIVE.replace("low", "lowest"))));
    insta::assert_snapshot!(shown(&format!("{first}{}", ARCHIVE.replace("@severity", "@severty"))), @r#"
     × `@severty` of `archive-is-closed` is not an annotation of guardrails
      ╭─[own/archive.cedar:6:1]
    5 │ @id("archive-is-closed")
    6 │ @severty("low")
      · ───────────────
    7 │ @description("archived objects are read from the office network alone")
      ╰────
     help: expected one of @caller, @description, @each, @id, @later, @public, @remarks, @remedy,
           @requires, @severity
    "#);
    insta::assert_snapshot!(shown(&format!("{first}// nothing\nforbid (principal, action, resource);")), @r#"
     × the forbid has no id
      ╭─[own/archive.cedar:5:1]
    4 │ // nothing
    5 │ forbid (principal, action, resource);
      · ──────
      ╰────
     help: write @id("name-of-the-guardrail") before it
    "#);
    let group = ARCHIVE.replace("resource.key like", "action == Action::\"data\" || resource.key like");
    insta::assert_snapshot!(shown(&format!("{first}{group}")), @r#"
     × `archive-is-closed`: `Action::"data"` is a group of actions, which no action equals: write
     │ `action in Action::"data"`
      ╭─[own/archive.cedar:5:1]
    4 │ 
    5 │ @id("archive-is-closed")
      · ────────────────────────
    6 │ @severity("low")
      ╰────
    "#);
    let bucket =
        ARCHIVE.replace("resource is Object)", "resource is Object in Bucket::\"arn:aws:s3:::data\")");
    insta::assert_snapshot!(shown(&format!("{first}{bucket}")), @r#"
     × `archive-is-closed`: in `Bucket::"arn:aws:s3:::data"`: `arn:aws:s3:::data` is not a bucket
     │ name: expected only lower-case letters, digits, dots and hyphens (it has `:`)
      ╭─[own/archive.cedar:5:1]
    4 │ 
    5 │ @id("archive-is-closed")
      · ────────────────────────
    6 │ @severity("low")
      ╰────
    "#);
    let both = format!("{first}{}", ARCHIVE.replace("archive-is-closed\")", "first\")\n@each(\"bucket\")"));
    let both = both.replacen("@id(\"first\")", "@id(\"first\")\n@each(\"grant\")", 1);
    insta::assert_snapshot!(shown(&both), @r#"
     × `first` has two @each: "grant" and "bucket"
      ╭─[own/archive.cedar:7:1]
    6 │ @id("first")
    7 │ @each("bucket")
      · ───────────────
    8 │ @severity("low")
      ╰────
     help: policies with one @id are one guardrail: write it once, or give one of them another @id
    "#);
    insta::assert_snapshot!(shown(&ARCHIVE.replace(", resource is Object", ", resource").replace("data-read", "data")), @r#"
     × attribute `key` on entity type `Bucket` not found
      ╭─[own/archive.cedar:7:8]
    6 │ forbid (principal, action in Action::"data", resource)
    7 │ when { resource.key like "archive/*" }
      ·        ────────────
    8 │ unless { context.aws has SourceIp && context.aws.SourceIp.isInRange(ip("203.0.113.0/24")) };
      ╰────
     help: some of the actions are on the bucket, which has no key: test `resource is Object` before
    "#);
    insta::assert_snapshot!(shown(&ARCHIVE.replace("in Action::\"data-read\"", "== Action::\"s3:GetObjct\"")), @r#"
     × unrecognized action `Action::"s3:GetObjct"`
      ╭─[own/archive.cedar:6:30]
    5 │ @remedy("deny s3:GetObject on `{bucket}/archive/*` with NotIpAddress aws:SourceIp")
    6 │ forbid (principal, action == Action::"s3:GetObjct", resource is Object)
      ·                              ─────────────────────
    7 │ when { resource.key like "archive/*" }
      ╰────
     help: did you mean `Action::"s3:GetObject"`?
    "#);
}

/// The description's guardrails are no part of what is written; an override of one of them says how it is read.
#[test]
fn an_override_of_ones_own_guardrail_needs_its_file() {
    let tables =
        "[[override]]\nguardrail = \"no-deletions\"\nsubject = \"orders-eu-west-9\"\nreason = \"x\"\n";
    let ran = check(described(tables), &["orders"]);
    insta::assert_snapshot!(ran, @"
    exit 2
      × an override is about `no-deletions`, which is not a guardrail
      help: one of your own is read with --guardrails-from PATH
    ");
    let files = described(tables).with("no-deletions.cedar", BROKEN);
    let args = ["orders", "--guardrails-from", "no-deletions.cedar", "--guardrail", "no-deletions"];
    let ran = check(files, &args);
    assert_eq!(ran.exit, Exit::Refuted, "{ran}");
    let start = ran.stdout.find("Remarks on no-deletions").unwrap();
    let end = ran.stdout.find("Assumed for no-deletions").unwrap();
    insta::assert_snapshot!(ran.stdout.get(start..end).unwrap(), @"
    Remarks on no-deletions
      · the override (x) is about `orders-eu-west-9`, of which this guardrail is not asked here
    ");
}
