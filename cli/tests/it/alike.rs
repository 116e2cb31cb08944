//! Buckets that differ in names only are decided together, and names that mean more than themselves tell them apart.

use crate::{Ran, narrows};
use narrows::Memory;

/// The ARNs of two MRAPs, each over one bucket.
const ARNS: [&str; 2] = [
    "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
    "arn:aws:s3::123456789012:accesspoint/abcdefghijklm.mrap",
];

/// Buckets of these names, each behind an MRAP of its own, with what `policy` makes of a bucket and its MRAP.
fn behind_mraps(names: [&str; 2], policy: impl Fn(&str, &str) -> String) -> Memory {
    let mut manifest = "version = 1\naccount = \"123456789012\"\n".to_owned();
    let mut files = Memory::default();
    for (name, arn) in names.into_iter().zip(ARNS) {
        manifest += &format!(
            "[[bucket]]\nname = \"{name}\"\nregion = \"eu-west-2\"\npolicy = \"{name}.json\"\n\
             [[mrap]]\nname = \"of-{name}\"\narn = \"{arn}\"\nbuckets = [\"{name}\"]\n"
        );
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, policy(name, arn));
        files = files.with(format!("{name}.json"), text.as_str());
    }
    files.with("narrows.policies.toml", manifest.as_str())
}

/// What a guardrail comes to, bucket by bucket.
fn verdicts(files: Memory, guardrail: &str) -> Vec<(String, String)> {
    told(&narrows(files, &["check", "narrows.policies.toml", "--guardrail", guardrail, "--format", "json"]))
}

fn told(ran: &Ran) -> Vec<(String, String)> {
    let view: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let text = |value: &serde_json::Value, place: &str| {
        value.pointer(place).and_then(serde_json::Value::as_str).unwrap().to_owned()
    };
    let all = view.pointer("/verdicts").and_then(serde_json::Value::as_array).unwrap();
    all.iter().map(|it| (text(it, "/subject/name"), text(it, "/verdict"))).collect()
}

fn pair(one: (&str, &str), other: (&str, &str)) -> Vec<(String, String)> {
    [one, other].map(|(name, verdict)| (name.to_owned(), verdict.to_owned())).to_vec()
}

#[test]
fn a_bucket_whose_name_is_in_an_action_is_decided_by_itself() {
    let through = |name: &str, arn: &str| {
        let past = format!(r#""Condition": {{"StringNotEquals": {{"s3:DataAccessPointArn": "{arn}"}}}}"#);
        let all = format!(r#"["arn:aws:s3:::{name}", "arn:aws:s3:::{name}/*"]"#);
        format!(
            r#"{{"Effect": "Deny", "Principal": "*", "NotAction": "s3:{name}object", "Resource": {all}, {past}}},
               {{"Effect": "Deny", "Principal": "*", "Action": "s3:*etobject", "Resource": {all}, {past}}}"#
        )
    };
    let found = verdicts(behind_mraps(["get", "put"], through), "only-through-mrap");
    assert_eq!(found, pair(("get", "proved"), ("put", "refuted")));
}

#[test]
fn a_bucket_whose_name_is_in_a_policy_variable_is_decided_by_itself() {
    let given = |name: &str, _: &str| {
        format!(
            r#"{{"Effect": "Allow", "Principal": {{"AWS": "999999999999"}}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{name}/*"}},
               {{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::{name}", "arn:aws:s3:::{name}/*"],
                 "Condition": {{"StringEquals": {{"aws:PrincipalAccount": "${{aws:{name}}}"}}}}}}"#
        )
    };
    let names = ["principalaccount", "resourceaccount"];
    let found = verdicts(behind_mraps(names, given), "only-through-mrap");
    assert_eq!(found, pair(("principalaccount", "proved"), ("resourceaccount", "refuted")));
}

#[test]
fn a_statement_about_the_mrap_of_another_bucket_matches_nothing() {
    let other = "arn:aws:s3::123456789012:accesspoint/zzzzzzzzzzzzz.mrap";
    let allow = |name: &str, _: &str| {
        format!(
            r#"{{"Effect": "Allow", "Principal": {{"AWS": "123456789012"}}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{name}/*",
                 "Condition": {{"ArnEquals": {{"s3:DataAccessPointArn": "{other}"}}}}}}"#
        )
    };
    let files = behind_mraps(["data-a", "data-b"], allow);
    let manifest = files.text("narrows.policies.toml").unwrap().to_owned();
    let third = format!(
        "[[bucket]]\nname = \"third\"\nregion = \"eu-west-2\"\n[[mrap]]\nname = \"of-third\"\narn = \"{other}\"\nbuckets = [\"third\"]\n"
    );
    let files = files.with("narrows.policies.toml", format!("{manifest}{third}").as_str());
    assert_eq!(verdicts(files, "not-vacuous"), pair(("data-a", "refuted"), ("data-b", "refuted")));
}

/// A bucket that replicates to others under a KMS key of the input, which its role may not use.
fn replicating(destinations: &[&str]) -> String {
    let policy = |statement: serde_json::Value| {
        serde_json::json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
    };
    let role = "arn:aws:iam::123456789012:role/copier";
    let names: Vec<&str> = ["src"].into_iter().chain(destinations.iter().copied()).collect();
    let (mut buckets, mut policies) = (serde_json::Map::new(), serde_json::Map::new());
    for name in &names {
        buckets.insert((*name).to_owned(), serde_json::json!({"bucket": name, "region": "eu-west-2"}));
        let all = [format!("arn:aws:s3:::{name}"), format!("arn:aws:s3:::{name}/*")];
        let allow = policy(
            serde_json::json!({"Effect": "Allow", "Principal": {"AWS": role}, "Action": "s3:*", "Resource": all}),
        );
        policies.insert((*name).to_owned(), serde_json::json!({"bucket": name, "policy": allow}));
    }
    let rule = |(number, name): (usize, &&str)| {
        serde_json::json!({
            "id": format!("r{number}"), "status": "Enabled", "priority": number, "filter": [{"prefix": ""}],
            "delete_marker_replication": [{"status": "Enabled"}],
            "source_selection_criteria": [{"sse_kms_encrypted_objects": [{"status": "Enabled"}]}],
            "destination": [{"bucket": format!("arn:aws:s3:::{name}"),
                "encryption_configuration": [{"replica_kms_key_id": "${aws_kms_key.k.arn}"}]}],
        })
    };
    let rules: Vec<serde_json::Value> = destinations.iter().enumerate().map(rule).collect();
    let anything = serde_json::json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let nobody = serde_json::json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:role/nobody"}, "Action": "kms:*", "Resource": "*"});
    let s3 = serde_json::json!({"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"});
    let members: Vec<_> = names
        .iter()
        .map(|name| serde_json::json!({"bucket": format!("${{aws_s3_bucket.{name}.id}}")}))
        .collect();
    serde_json::json!({
        "provider": {"aws": {"region": "eu-west-2", "allowed_account_ids": ["123456789012"]}},
        "resource": {
            "aws_s3_bucket": buckets,
            "aws_s3_bucket_policy": policies,
            "aws_s3_bucket_replication_configuration": {"r": {"bucket": "src", "role": "${aws_iam_role.copier.arn}", "rule": rules}},
            "aws_kms_key": {"k": {"policy": policy(nobody)}},
            "aws_iam_role": {"copier": {"name": "copier", "assume_role_policy": policy(s3)}},
            "aws_iam_role_policy": {"copier": {"name": "x", "role": "${aws_iam_role.copier.name}", "policy": policy(anything)}},
            "aws_s3control_multi_region_access_point": {"m": {"details": [{"name": "orders", "region": members}]}},
        },
    })
    .to_string()
}

#[test]
fn what_the_key_of_replicas_asks_counts_for_each_of_alike_destinations() {
    let own = r#"@id("own-replicates")
@each("bucket")
permit (principal == Role::"arn:aws:iam::123456789012:role/copier", action == Action::"s3:ReplicateObject", resource is Object)
when { context.route == "direct" && context.aws.SecureTransport && context.s3 has TlsVersion && context.s3.TlsVersion.greaterThanOrEqual(decimal("1.2")) && !context.aws.ViaAWSService && !(context.aws has SourceVpce) };
"#;
    for destinations in [&["dst-a"][..], &["dst-a", "dst-b"]] {
        let files = Memory::default()
            .with("infra/main.tf.json", replicating(destinations).as_str())
            .with("own/own.cedar", own);
        let args = [
            "check",
            "infra",
            "--guardrails-from",
            "own",
            "--guardrail",
            "own-replicates",
            "--format",
            "json",
        ];
        let found = told(&narrows(files, &args));
        let of =
            |name: &str| found.iter().find(|(known, _)| known == name).map(|(_, verdict)| verdict.as_str());
        for name in destinations {
            assert_eq!(of(name), Some("refuted"), "{destinations:?}");
        }
    }
}
