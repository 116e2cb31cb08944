//! What flags and dates do to declarations.

use crate::{MRAP, POLICY, narrows, policy, stack};
use narrows::{Exit, Memory};

fn check(files: Memory, args: &[&str]) -> crate::Ran {
    narrows(files, &[&["check"], args, &["--as-of", "2026-11-23"]].concat())
}

/// The policy with a role that the Deny statements let pass.
fn with_exemption() -> String {
    let excepted = "\"ArnNotEquals\": {\"aws:PrincipalArn\": \"arn:aws:iam::123456789012:role/backup\", ";
    POLICY.replace("\"ArnNotEquals\": {", excepted)
}

#[test]
fn an_exemption_must_be_declared() {
    let args = ["policy.json", "--mrap", MRAP, "--guardrail", "only-through-mrap"];
    let undeclared = check(policy(&with_exemption()), &args);
    assert_eq!(undeclared.exit, Exit::Refuted, "{undeclared}");
    assert!(undeclared.stdout.contains("arn:aws:iam::123456789012:role/backup"), "{undeclared}");
    let declared = [args.as_slice(), &["--exempt", "arn:aws:iam::123456789012:role/backup"]].concat();
    let ran = check(policy(&with_exemption()), &declared);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    assert!(ran.stdout.contains("role/backup (declared with --exempt)"), "{ran}");
}

#[test]
fn an_expired_exemption_is_none() {
    let on = |day: &str| {
        narrows(stack(), &["check", "orders", "--guardrail", "only-through-mrap", "--as-of", day])
    };
    let (before, after) = (on("2027-03-31"), on("2027-04-01"));
    assert!(before.stdout.contains("role/storage-on-call (restore"), "{before}");
    assert!(!after.stdout.contains("role/storage-on-call (restore"), "{after}");
    assert!(after.stdout.contains("role/storage-on-call ended on 2027-03-31"), "{after}");
    // The generated policies close the window on the same day.
    assert_eq!((before.exit, after.exit), (Exit::Clean, Exit::Clean));
}
