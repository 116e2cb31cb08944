//! What `aws iam get-account-authorization-details` prints as an input.

use crate::{MRAP, POLICY, Ran, narrows, policy};
use narrows::{Exit, Memory};

/// A role and a user who may read all objects, the role by a managed policy and the user by a group; the boundary of the role and
/// what AWS's own policy says are to be filled in.
const DETAILS: &str = r#"{
  "UserDetailList": [
    {"Path": "/", "UserName": "ann", "Arn": "arn:aws:iam::123456789012:user/ann", "UserId": "AIDA1",
     "GroupList": ["readers"], "AttachedManagedPolicies": [], "UserPolicyList": []},
    {"Path": "/", "UserName": "bob", "Arn": "arn:aws:iam::123456789012:user/bob", "UserId": "AIDA2",
     "GroupList": [], "AttachedManagedPolicies": []},
    {"Path": "/", "UserName": "eve", "Arn": "arn:aws:iam::123456789012:user/eve", "UserId": "AIDA3",
     "GroupList": ["filtered-out"], "AttachedManagedPolicies": []}
  ],
  "GroupDetailList": [
    {"Path": "/", "GroupName": "readers", "Arn": "arn:aws:iam::123456789012:group/readers", "GroupPolicyList": [
      {"PolicyName": "read", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
        {"Sid": "Readers", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}}],
     "AttachedManagedPolicies": []}
  ],
  "RoleDetailList": [
    {"Path": "/app/", "RoleName": "orders", "Arn": "arn:aws:iam::123456789012:role/app/orders", "RoleId": "AROA1",
     "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
       {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
     "RolePolicyList": [], "AttachedManagedPolicies": [
       {"PolicyName": "read-orders", "PolicyArn": "arn:aws:iam::123456789012:policy/read-orders"}],
     "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::aws:policy/Own"}}
  ],
  "Policies": [
    {"PolicyName": "read-orders", "Arn": "arn:aws:iam::123456789012:policy/read-orders", "Path": "/",
     "DefaultVersionId": "v2", "PolicyVersionList": [
       {"VersionId": "v2", "IsDefaultVersion": true, "Document": {"Version": "2012-10-17", "Statement": [
         {"Sid": "ReadOrders", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}},
       {"VersionId": "v1", "IsDefaultVersion": false, "Document": {"Version": "2012-10-17", "Statement": []}}]},
    {"PolicyName": "Own", "Arn": "arn:aws:iam::aws:policy/Own", "Path": "/", "DefaultVersionId": "v1",
     "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true, "Document": {"Version": "2012-10-17",
       "Statement": [{"Sid": "Cap", "Effect": "Allow", "Action": "BOUNDARY", "Resource": "*"}]}}]}
  ]
}"#;

fn details(boundary: &str) -> String {
    DETAILS.replace("BOUNDARY", boundary)
}

const MANIFEST: &str = r#"version = 1
account = "123456789012"
[[bucket]]
name = "orders-eu-west-2"
policy = "policy.json"
[[mrap]]
name = "orders"
arn = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"
buckets = ["orders-eu-west-2"]
"#;

/// How a read through the MRAP is decided, and what is said of it.
fn explained(details: &str, principal: &str) -> (Exit, String) {
    explained_by(&[details], principal)
}

fn explained_by(accounts: &[&str], principal: &str) -> (Exit, String) {
    let files = Memory::new().with("all/policy.json", POLICY).with("all/narrows.policies.toml", MANIFEST);
    let principal = format!("arn:aws:iam::123456789012:{principal}");
    let request =
        ["--principal", &principal, "--action", "s3:GetObject", "--key", "a.txt", "--mrap", "orders"];
    let fixed = ["explain", "all", "--as-of", "2026-11-23"];
    let files = accounts
        .iter()
        .enumerate()
        .fold(files, |files, (index, details)| files.with(format!("all/iam-{index}.json"), *details));
    let ran = narrows(files, &[&fixed[..], &request[..]].concat());
    (ran.exit, format!("{}{}", ran.stdout, ran.stderr))
}

#[test]
fn a_managed_policy_of_a_role_counts_as_far_as_the_boundary_goes() {
    let (exit, said) = explained(&details("s3:*"), "role/app/orders");
    assert_eq!(exit, Exit::Clean, "{said}");
    assert!(said.contains("ReadOrders"), "{said}");
    let (exit, said) = explained(&details("s3:PutObject"), "role/app/orders");
    assert_eq!(exit, Exit::Refuted, "{said}");
    assert!(said.contains("arn:aws:iam::aws:policy/Own"), "{said}");
}

#[test]
fn a_group_gives_its_members_what_it_has_and_nobody_else() {
    let (exit, said) = explained(&details("s3:*"), "user/ann");
    assert_eq!(exit, Exit::Clean, "{said}");
    assert!(said.contains("Readers"), "{said}");
    // A group that was filtered out of the output may give anything.
    let (exit, said) = explained(&details("s3:*"), "user/eve");
    assert_eq!(exit, Exit::Undecided, "{said}");
    assert!(said.contains("filtered-out"), "{said}");
}

/// Two accounts have a group of one name each, and AWS's own policies in common.
#[test]
fn several_accounts_are_told_apart() {
    let first = details("s3:*");
    let nothing = first.replace("\"Sid\": \"Readers\", \"Effect\": \"Allow\"", "\"Effect\": \"Deny\"");
    let other = |details: &str| details.replace("123456789012", "210987654321");
    assert_eq!(explained_by(&[&first, &other(&nothing)], "user/ann").0, Exit::Clean);
    assert_eq!(explained_by(&[&nothing, &other(&first)], "user/ann").0, Exit::Refuted);
    let (exit, said) = explained_by(&[&first, &other(&details("s3:Get*"))], "user/ann");
    assert_eq!(exit, Exit::Failed, "{said}");
    assert!(said.contains("the managed policy `arn:aws:iam::aws:policy/Own`, in two versions,"), "{said}");
}

/// IAM itself sends documents URL-encoded.
#[test]
fn documents_may_be_url_encoded() {
    let plain = r#"{"Version": "2012-10-17", "Statement": [
        {"Sid": "Readers", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}"#;
    assert!(DETAILS.contains(plain));
    let encoded = plain.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let (exit, said) = explained(&details("s3:*").replace(plain, &format!("\"{encoded}\"")), "user/ann");
    assert_eq!(exit, Exit::Clean, "{said}");
}

fn checked(details: &str) -> Ran {
    let files = policy(POLICY).with("iam.json", details);
    let args = ["check", "iam.json", "policy.json", "--mrap", MRAP, "--guardrail", "only-through-mrap"];
    narrows(files, &[&args[..], &["--as-of", "2026-11-23"]].concat())
}

/// Identities alone make no policy beside them a piece of something else.
#[test]
fn bare_policies_beside_identities_count() {
    let files = Memory::new().with("all/policy.json", POLICY).with("all/iam.json", details("s3:*"));
    let check = |args: &[&str]| {
        let fixed = ["check", "all", "--guardrail", "only-through-mrap", "--as-of", "2026-11-23"];
        narrows(files.clone(), &[&fixed, args].concat())
    };
    let ran = check(&["--mrap", MRAP]);
    assert_eq!(ran.exit, Exit::Clean, "{ran}");
    assert!(ran.stdout.contains("all/iam.json, the identities of an account"), "{ran}");
    let ran = check(&[]);
    assert!(ran.stderr.contains("is a policy, and no access point is given"), "{ran}");
}

#[test]
fn what_cannot_be_read_is_named() {
    assert_eq!(checked(&details("s3:*")).exit, Exit::Clean);
    let cases = [
        ("\"Policies\": [", "\"IsTruncated\": true, \"Policies\": ["),
        ("123456789012:group/", "210987654321:group/"),
        (
            "\"IsDefaultVersion\": true, \"Document\": {\"Version\": \"2012-10-17\", \"Statement\": [\n",
            "\"Document\": {\"Statement\": [\n",
        ),
        ("\"RoleName\": \"orders\"", "\"Role\": \"orders\""),
        ("\"PolicyDocument\": {", "\"PolicyDocument\": [], \"x\": {"),
        ("\"Sid\": \"Readers\", \"Effect\": \"Allow\"", "\"Effect\": \"Permit\""),
    ];
    let mut said = String::new();
    for (text, by) in cases {
        assert!(DETAILS.contains(text), "{text}");
        let ran = checked(&details("s3:*").replacen(text, by, 1));
        said.push_str(&format!("{}{}\n", ran.exit.code(), ran.stderr));
    }
    insta::assert_snapshot!(said, @r#"
    2  × `IsTruncated` says that there is more than this page: expected the whole
        ╭─[iam.json:24:18]
     23 │   ],
     24 │   "IsTruncated": true, "Policies": [
        ·                  ──┬─
        ·                    ╰── IsTruncated
     25 │     {"PolicyName": "read-orders", "Arn": "arn:aws:iam::123456789012:policy/read-orders", "Path": "/",
        ╰────
      help: have the AWS CLI print it without --max-items and --no-paginate

    2  × arn:aws:iam::210987654321:group/readers and arn:aws:iam::123456789012:policy/read-orders are
      │ of two accounts: expected the output of one
        ╭─[iam.json:11:5]
     10 │   "GroupDetailList": [
     11 │     {"Path": "/", "GroupName": "readers", "Arn": "arn:aws:iam::210987654321:group/readers", "GroupPolicyList":
        ·     ─────────────────────────────────────────────────────┬────────────────────────────────────────────────────
        ·                                                          ╰── GroupDetailList[0]
     12 │       {"PolicyName": "read", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
        ╰────

    2  × policy `arn:aws:iam::123456789012:policy/read-orders` has no default version: expected one
      │ with `IsDefaultVersion`
        ╭─[iam.json:25:5]
     24 │   "Policies": [
     25 │     {"PolicyName": "read-orders", "Arn": "arn:aws:iam::123456789012:policy/read-orders", "Path": "/",
        ·     ────────────────────────────────────────────────┬────────────────────────────────────────────────
        ·                                                     ╰── Policies[0]
     26 │      "DefaultVersionId": "v2", "PolicyVersionList": [
        ╰────

    2  × `RoleName` of a role is missing: expected the role's name
        ╭─[iam.json:17:5]
     16 │   "RoleDetailList": [
     17 │     {"Path": "/app/", "Role": "orders", "Arn": "arn:aws:iam::123456789012:role/app/orders", "RoleId": "AROA1",
        ·     ─────────────────────────────────────────────────────┬────────────────────────────────────────────────────
        ·                                                          ╰── RoleDetailList[0]
     18 │      "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
        ╰────

    2  × `PolicyDocument` of policy `read` of group `readers` is a list: expected a policy
        ╭─[iam.json:12:48]
     11 │     {"Path": "/", "GroupName": "readers", "Arn": "arn:aws:iam::123456789012:group/readers", "GroupPolicyList":…
     12 │       {"PolicyName": "read", "PolicyDocument": [], "x": {"Version": "2012-10-17", "Statement": [
        ·                                                ─┬
        ·                                                 ╰── GroupDetailList[0].GroupPolicyList[0].PolicyDocument
     13 │         {"Sid": "Readers", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}}],
        ╰────

    2  × read of group readers: effect `Permit` is unknown: expected `Allow` or `Deny`
        ╭─[iam.json:13:20]
     12 │       {"PolicyName": "read", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
     13 │         {"Effect": "Permit", "Action": "s3:GetObject", "Resource": "*"}]}}],
        ·                    ────┬───
        ·                        ╰── GroupDetailList[0].GroupPolicyList[0].PolicyDocument.Statement[0].Effect
     14 │      "AttachedManagedPolicies": []}
        ╰────
    "#);
}
