//! The stack that `narrows new` describes: written, read back, and proved whole.

use crate::{MRAP, narrows, process, stack};
use narrows::{Exit, Memory};

const AS_OF: [&str; 2] = ["--as-of", "2026-11-23"];

fn check(files: Memory, args: &[&str]) -> crate::Ran {
    narrows(files, &[&["check"], args, &AS_OF].concat())
}

fn synth(files: Memory, args: &[&str]) -> crate::Ran {
    narrows(files, &[&["synth", "orders"], args, &AS_OF].concat())
}

#[test]
fn the_example_stack_holds() {
    let ran = check(stack(), &["orders"]);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
}

#[test]
fn what_was_written_is_checked() {
    let ran = synth(stack(), &[]);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    let paths: Vec<_> = ran.files.paths().map(|path| path.display().to_string()).collect();
    insta::assert_snapshot!(paths.join("\n"), @r"
    orders/narrows.toml
    orders/out/terraform/cloudwatch.tf.json
    orders/out/terraform/ec2.tf.json
    orders/out/terraform/iam.tf.json
    orders/out/terraform/narrows.intent.json
    orders/out/terraform/s3.tf.json
    orders/out/terraform/s3control.tf.json
    orders/out/terraform/versions.tf.json
    ");
    insta::assert_snapshot!(ran.stdout, @r"
    wrote    orders/out/terraform  versions.tf.json s3.tf.json s3control.tf.json iam.tf.json ec2.tf.json
                                   cloudwatch.tf.json narrows.intent.json

    checked   orders/out/terraform, as written
    declared  orders/out/terraform/narrows.intent.json
    as of     2026-11-23

      ✓ application-reaches-data  proved   2 roles
      ✓ deployer-not-locked-out   proved   orders-ap-northeast-3, orders-eu-west-2, orders-us-east-1
      ✓ least-privilege           proved   arn:aws:iam::123456789012:role/orders-replication
      ✓ no-new-paths              proved   orders-ap-northeast-3, orders-eu-west-2, orders-us-east-1
      ✓ not-public                proved   orders-ap-northeast-3, orders-eu-west-2, orders-us-east-1
      ✓ not-vacuous               proved   8 subjects
      ✓ only-through-mrap         proved   orders-ap-northeast-3, orders-eu-west-2, orders-us-east-1
      ✓ organisation-only         proved   orders-ap-northeast-3, orders-eu-west-2, orders-us-east-1
      ✓ private-only              proved   orders-ap-northeast-3, orders-eu-west-2, orders-us-east-1
      ✓ replication-works         proved   orders-ap-northeast-3, orders-eu-west-2, orders-us-east-1
      ✓ same-in-every-region      proved   orders
      ✓ tls-only                  proved   orders-ap-northeast-3, orders-eu-west-2, orders-us-east-1

    Remarks on least-privilege
      · asked of roles whose policies are in the input and that replicate or were declared, at the
        buckets of the input; what else such a role may do in the account is not part of the claim

    Remarks on no-new-paths
      · not part of the claim: the Multi-Region Access Point's own policy and routes, which identity
        policies alone decide; the account's root user; who can assume the deployer's role

    Remarks on not-vacuous
      · not part of the claim: that a statement changes a decision, which another one may make as well;
        single values in a statement's lists; trust policies, control policies and those of AWS

    Remarks on only-through-mrap
      · not part of the claim: who can change policies, ACLs, ownership or routes (the account's root
        user can always replace a bucket policy); who can assume an exempt role; S3's own lifecycle,
        inventories and logs; copies that exist elsewhere

    Remarks on same-in-every-region
      · not part of the claim: requests through access points that are not in the input; settings that
        are no policy, such as encryption, versioning and replication

    Exempt from only-through-mrap, private-only
      · arn:aws:iam::123456789012:role/orders-replication (S3 replicates between the buckets with this
        role)
      · arn:aws:iam::123456789012:role/storage-on-call (restore single buckets while the access point is
        unavailable, until 2027-03-31)

    Assumed for application-reaches-data, deployer-not-locked-out, least-privilege, no-new-paths,
                not-public, only-through-mrap, organisation-only, private-only, replication-works,
                same-in-every-region, tls-only
      · control policies, permission boundaries and session policies are not attached

    Assumed for least-privilege, no-new-paths, not-public, only-through-mrap, organisation-only,
                private-only, tls-only
      · policies of access points that are not in the input allow everything

    Assumed for no-new-paths, not-public, only-through-mrap, organisation-only, private-only, tls-only
      · identity policies of users, roles and root allow everything

    Assumed for application-reaches-data, replication-works
      · S3 authorization only: permissions of KMS keys are not part of the input
      · identity policies that are not in the input allow nothing

    Assumed for deployer-not-locked-out
      · the caller's own policies allow everything

    Assumed for least-privilege
      · callers have no policies but those in the input

    Assumed for same-in-every-region
      · an object has the same tags and locks in every bucket
      · identity policies that are not in the input treat the buckets alike, whatever they allow; a role
        that has some in the input has no others

    36 verdicts: 36 proved · 0 refuted · 0 unknown; 0 guardrails not asked

    next     terraform init && terraform plan  in orders/out/terraform
    ");
}

#[test]
fn the_folder_checks_like_the_description() {
    let ran = synth(stack(), &["--out", "build"]);
    let folder = narrows(ran.files.clone(), &["check", "build", "--format", "json", "--as-of", "2026-11-23"]);
    let description = narrows(ran.files, &["check", "orders", "--format", "json", "--as-of", "2026-11-23"]);
    assert_eq!(folder.exit, Exit::Clean, "{folder}");
    assert_eq!(folder.stdout, description.stdout);
}

#[test]
fn the_folder_knows_its_declarations() {
    let files = narrows(stack(), &["synth", "orders", "--as-of", "2026-11-23"]).files;
    let ran = check(files.clone(), &["orders/out/terraform"]);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    assert!(ran.stdout.contains("declared  orders/out/terraform/narrows.intent.json"), "{ran}");
    let moved = files.paths().filter(|path| path.extension().is_some_and(|it| it == "json")).fold(
        Memory::new(),
        |moved, path| match path.file_name().unwrap().to_str().unwrap() {
            "narrows.intent.json" => moved,
            name => moved.with(format!("moved/{name}"), files.text(path).unwrap()),
        },
    );
    // The stack exempts a break-glass role; without its declarations nobody said so.
    let bare = check(moved.clone(), &["moved"]);
    assert_eq!(bare.exit, Exit::Refuted, "{bare}");
    assert!(bare.stdout.contains("declared  nothing declared"), "{bare}");
    let moved = moved.with("orders/narrows.toml", files.text("orders/narrows.toml").unwrap());
    let named = check(moved, &["moved", "--stack", "orders"]);
    assert_eq!(named.exit, Exit::Clean, "{named}");
    assert!(named.stdout.contains("declared  orders/narrows.toml"), "{named}");
}

#[test]
fn a_named_access_point_gets_its_arn() {
    let ran = check(stack(), &["orders", "--mrap", &format!("orders={MRAP}"), "--format", "json"]);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    let service = check(stack(), &["orders", "--exempt-service", "cloudfront.amazonaws.com"]);
    assert!(
        service.stdout.contains("cloudfront.amazonaws.com (declared with --exempt-service)"),
        "{service}"
    );
}

#[test]
fn a_stack_from_description_to_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let new = process::run(folder.path(), &["new", "orders"]);
    assert_eq!(new.status.code(), Some(0), "{new:?}");
    let synth = process::run(folder.path(), &["synth", "orders", "--as-of", "2026-11-23"]);
    assert_eq!(synth.status.code(), Some(0), "{synth:?}");
    let names = std::fs::read_dir(folder.path().join("orders/out/terraform")).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert!(names.contains(&"narrows.intent.json".to_owned()) && names.contains(&"s3.tf.json".to_owned()));
    assert!(names.iter().all(|name| !name.starts_with('.')), "{names:?}");
    let check =
        process::run(&folder.path().join("orders/out/terraform"), &["check", "--as-of", "2026-11-23"]);
    assert_eq!(check.status.code(), Some(0), "{check:?}");
    assert!(!check.stdout.contains(&0x1b), "colour without a terminal");
}

#[test]
fn a_description_speaks_for_itself() {
    let other = stack().text("orders/narrows.toml").unwrap().replace("role/deployer", "role/other-deployer");
    let ran = check(stack().with("other.toml", other), &["orders", "--stack", "other.toml"]);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    assert!(ran.stdout.contains("declared  orders/narrows.toml\n"), "{ran}");
}

#[test]
fn a_byte_order_mark_is_no_text() {
    let text = format!("\u{feff}{}", stack().text("orders/narrows.toml").unwrap());
    let ran = check(Memory::new().with("orders/narrows.toml", text), &["orders"]);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
}
