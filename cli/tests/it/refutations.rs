//! Each refutation as one sentence and as a line of the AWS CLI.

use crate::{MRAP, POLICY, narrows, policy, stack};
use narrows::Memory;

/// The sentence and the command of each refutation, with those that are the same but for the bucket told once.
fn told(files: Memory, args: &[&str]) -> String {
    let ran = narrows(files, &[&["check"], args, &["--format", "json", "--as-of", "2026-11-23"]].concat());
    let view: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let mut lines: Vec<String> = Vec::new();
    for verdict in view.get("verdicts").unwrap().as_array().unwrap() {
        let text = |key: &str| verdict.get("counterexample")?.get(key)?.as_str();
        if let Some(sentence) = text("sentence") {
            let command = text("command").unwrap_or("no command");
            let guardrail = verdict.get("guardrail").unwrap().as_str().unwrap();
            let line = format!("{guardrail}: {sentence}\n  {command}");
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines.join("\n")
}

/// What is told of a bare policy.
fn bare(text: &str, guardrail: &str, flags: &[&str]) -> String {
    let args = ["policy.json", "--mrap", MRAP, "--guardrail", guardrail];
    told(policy(text), &[&args[..], flags].concat())
}

/// What is told of the shipped stack after one change to a file.
fn broken(file: &str, change: (&str, &str), guardrail: &str) -> String {
    let files = narrows(stack(), &["synth", "orders", "--as-of", "2026-11-23"]).files;
    let path = format!("orders/out/terraform/{file}");
    let text = files.text(&path).unwrap();
    let edited = text.replacen(change.0, change.1, 1);
    assert_ne!(text, edited, "nothing to change in {file}");
    told(files.with(path, edited), &["orders/out/terraform", "--guardrail", guardrail])
}

/// An Allow for the policy's list of statements.
fn allow(principal: &str, action: &str) -> String {
    let statement = format!(
        r#"{{"Sid": "Extra", "Effect": "Allow", "Principal": {principal}, "Action": "{action}", "Resource": "arn:aws:s3:::orders-eu-west-2/*"}},"#
    );
    POLICY.replacen("\"Statement\": [", &format!("\"Statement\": [{statement}"), 1)
}

#[test]
fn past_the_access_point() {
    insta::assert_snapshot!(bare(&POLICY.replace("ArnNotEquals", "ArnEquals"), "only-through-mrap", &[]), @r"
    only-through-mrap: Role any-other-role of account 123456789012 can GetObject key `example.txt` of bucket orders-eu-west-2 directly, without the MRAP, because identity policies that are not in the input allow everything, and DenyNotThroughMrap of policy.json does not deny it: condition ArnEquals s3:DataAccessPointArn: the key is absent, and a positive operator is false then.
      aws s3api get-object --bucket orders-eu-west-2 --key example.txt /dev/stdout
    ");
    let other = POLICY.replace("accesspoint/mfzwi23gnjvgw.mrap", "accesspoint/*").replace("s3::1", "s3:*:1");
    insta::assert_snapshot!(bare(&other, "only-through-mrap", &[]), @r"
    only-through-mrap: Role any-other-role of account 123456789012 can GetObject key `example.txt` of bucket orders-eu-west-2 through access point arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point, because identity policies that are not in the input allow everything, and DenyNotThroughMrap of policy.json does not deny it: condition ArnNotEquals s3:DataAccessPointArn: the key is `arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point`, compared with `arn:aws:s3:*:123456789012:accesspoint/*`.
      aws s3api get-object --bucket arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point --key example.txt /dev/stdout
    ");
    // Listing is no action on objects, and no other statement asks for the access point.
    let objects = POLICY.replace("\"s3:ListBucketVersions\", ", "");
    insta::assert_snapshot!(bare(&objects, "only-through-mrap", &[]), @r"
    only-through-mrap: Role any-other-role of account 123456789012 can ListBucketVersions on bucket orders-eu-west-2 directly, without the MRAP, because identity policies that are not in the input allow everything, and DenyNotThroughMrap of policy.json does not deny it: no resource matches `arn:aws:s3:::orders-eu-west-2`; listed: `arn:aws:s3:::orders-eu-west-2/*`.
      aws s3api list-object-versions --bucket orders-eu-west-2
    ");
}

#[test]
fn callers_of_other_kinds() {
    let anonymous = allow("\"*\"", "s3:GetObject").replace(
        "\"ArnNotEquals\": {",
        "\"Bool\": {\"aws:PrincipalIsAWSService\": \"false\"}, \"ArnNotEquals\": {",
    );
    insta::assert_snapshot!(bare(&anonymous, "only-through-mrap", &[]), @r"
    only-through-mrap: Anyone, without credentials, can GetObject key `example.txt` of bucket orders-eu-west-2 directly, without the MRAP, because Extra of policy.json allows it, and DenyNotThroughMrap of policy.json does not deny it: condition Bool aws:PrincipalIsAWSService: the key is absent, and a positive operator is false then.
      aws s3api get-object --bucket orders-eu-west-2 --key example.txt /dev/stdout --no-sign-request
    ");
    let service = allow(r#"{"Service": "logging.s3.amazonaws.com"}"#, "s3:PutObject")
        .replace("\"ArnNotEquals\": {", "\"StringNotEqualsIfExists\": {\"aws:PrincipalServiceName\": \"logging.s3.amazonaws.com\"}, \"ArnNotEquals\": {");
    insta::assert_snapshot!(bare(&service, "only-through-mrap", &[]), @r"
    only-through-mrap: The service logging.s3.amazonaws.com can PutObject key `example.txt` of bucket orders-eu-west-2 directly, without the MRAP, because Extra of policy.json allows it, and DenyNotThroughMrap of policy.json does not deny it: condition StringNotEqualsIfExists aws:PrincipalServiceName: the key is `logging.s3.amazonaws.com`, compared with `logging.s3.amazonaws.com`.
      no command
    ");
}

#[test]
fn without_tls_or_outside_the_endpoints() {
    let plain = POLICY.replace(
        "{\"Bool\": {\"aws:SecureTransport\": \"false\"}}",
        "{\"Bool\": {\"aws:SecureTransport\": \"true\"}}",
    );
    insta::assert_snapshot!(bare(&plain, "tls-only", &[]), @r"
    tls-only: Role any-other-role of account 123456789012 can PutBucketPolicy on bucket orders-eu-west-2, without TLS, because identity policies that are not in the input allow everything, and DenyWithoutTls of policy.json does not deny it: condition Bool aws:SecureTransport: the key is `false`, compared with `true`.
      no command
    ");
    insta::assert_snapshot!(broken("s3.tf.json", (r#"\"aws:SecureTransport\":\"false\""#, r#"\"aws:SecureTransport\":\"true\""#), "tls-only"), @r"
    tls-only: Role storage-on-call of account 123456789012 can GetObject key `example.txt` of bucket orders-ap-northeast-3 directly, without the MRAP, without TLS, because identity policies that are not in the input allow everything, and DenyWithoutTls of aws_s3_bucket_policy.ap_northeast_3 does not deny it: condition Bool aws:SecureTransport: the key is `false`, compared with `true`.
      aws s3api get-object --bucket orders-ap-northeast-3 --key example.txt /dev/stdout --region ap-northeast-3 --endpoint-url http://s3.ap-northeast-3.amazonaws.com
    ");
    insta::assert_snapshot!(bare(POLICY, "private-only", &["--vpce", "vpce-0a1b2c3d"]), @r"
    private-only: Role any-other-role of account 123456789012 can GetObject key `example.txt` of bucket orders-eu-west-2 through the MRAP, because identity policies that are not in the input allow everything, and nothing denies it.
      aws s3api get-object --bucket arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap --key example.txt /dev/stdout
    ");
}

#[test]
fn what_must_be_allowed_names_what_stops_it_and_where() {
    let deny = (
        r#"{\"Sid\":\"AllowReadWriteObjectsForOrdersApi\",\"Effect\":\"Allow\""#,
        r#"{\"Sid\":\"Stop\",\"Effect\":\"Deny\""#,
    );
    insta::assert_snapshot!(broken("s3.tf.json", deny, "application-reaches-data"), @r"
    application-reaches-data: Role orders-api of account 123456789012 cannot GetObject key `example.txt` of bucket orders-ap-northeast-3 through the MRAP, from VPC endpoint ${aws_vpc_endpoint.ap_northeast_3.id}, over TLS 1.2, because Stop of aws_s3_bucket_policy.ap_northeast_3 denies it on bucket orders-ap-northeast-3.
      aws s3api get-object --bucket 'arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}' --key example.txt /dev/stdout
    ");
    insta::assert_snapshot!(broken("s3control.tf.json", deny, "application-reaches-data"), @r"
    application-reaches-data: Role orders-api of account 123456789012 cannot GetObject key `example.txt` of bucket orders-ap-northeast-3 through the MRAP, from VPC endpoint ${aws_vpc_endpoint.ap_northeast_3.id}, over TLS 1.2, because Stop of aws_s3control_multi_region_access_point_policy.mrap denies it on the access point.
      aws s3api get-object --bucket 'arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}' --key example.txt /dev/stdout
    ");
    let endpoint = (r#",\"${aws_s3_bucket.eu_west_2.arn}/*\""#, "");
    insta::assert_snapshot!(broken("ec2.tf.json", endpoint, "application-reaches-data"), @r"
    application-reaches-data: Role orders-api of account 123456789012 cannot GetObject key `example.txt` of bucket orders-eu-west-2 through the MRAP, from VPC endpoint ${aws_vpc_endpoint.ap_northeast_3.id}, over TLS 1.2, because on bucket orders-eu-west-2 no statement of the policy of the VPC endpoint aws_vpc_endpoint.ap_northeast_3 allows it; AllowObjects of aws_vpc_endpoint.ap_northeast_3 comes nearest: no resource matches `arn:aws:s3:::orders-eu-west-2/example.txt`; listed: `arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/*`, `arn:aws:s3:::orders-ap-northeast-3/*`, `arn:aws:s3:::orders-us-east-1/*`.
      aws s3api get-object --bucket 'arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}' --key example.txt /dev/stdout
    application-reaches-data: Role reporting of account 123456789012 cannot GetObject key `reports/example.txt` of bucket orders-eu-west-2 through the MRAP, from VPC endpoint ${aws_vpc_endpoint.ap_northeast_3.id}, over TLS 1.2, because on bucket orders-eu-west-2 no statement of the policy of the VPC endpoint aws_vpc_endpoint.ap_northeast_3 allows it; AllowObjects of aws_vpc_endpoint.ap_northeast_3 comes nearest: no resource matches `arn:aws:s3:::orders-eu-west-2/reports/example.txt`; listed: `arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}/object/*`, `arn:aws:s3:::orders-ap-northeast-3/*`, `arn:aws:s3:::orders-us-east-1/*`.
      aws s3api get-object --bucket 'arn:aws:s3::123456789012:accesspoint/${aws_s3control_multi_region_access_point.mrap.alias}' --key reports/example.txt /dev/stdout
    ");
    let locked = (
        r#"{\"Sid\":\"DenyWithoutTls\","#,
        r#"{\"Sid\":\"DenyDeployer\",\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:role/deployer\"},\"Action\":\"s3:PutBucketPolicy\",\"Resource\":\"*\"},{\"Sid\":\"DenyWithoutTls\","#,
    );
    insta::assert_snapshot!(broken("s3.tf.json", locked, "deployer-not-locked-out"), @r"
    deployer-not-locked-out: Role deployer of account 123456789012 cannot PutBucketPolicy on bucket orders-ap-northeast-3, over TLS 1.2, because DenyDeployer of aws_s3_bucket_policy.ap_northeast_3 denies it on bucket orders-ap-northeast-3.
      aws s3api put-bucket-policy --bucket orders-ap-northeast-3 --policy file://policy.json
    ");
    let replication = (r#"s3:ReplicateObject"#, "s3:ReplicateTags");
    insta::assert_snapshot!(broken("iam.tf.json", replication, "replication-works"), @r"
    replication-works: Role orders-replication of account 123456789012 cannot ReplicateObject key `example.txt` of bucket orders-eu-west-2 directly, without the MRAP, over TLS 1.2, because on bucket orders-eu-west-2 no statement of aws_s3_bucket_policy.eu_west_2 or of the caller's own policies allows it; AllowReadingSources of aws_iam_role_policy.replication comes nearest: no action matches `s3:ReplicateObject`; listed: `s3:GetObjectVersionAcl`, `s3:GetObjectVersionForReplication`, `s3:GetObjectVersionTagging`.
      no command
    replication-works: Role orders-replication of account 123456789012 cannot ReplicateObject key `example.txt` of bucket orders-ap-northeast-3 directly, without the MRAP, over TLS 1.2, because on bucket orders-ap-northeast-3 no statement of aws_s3_bucket_policy.ap_northeast_3 or of the caller's own policies allows it; AllowReadingSources of aws_iam_role_policy.replication comes nearest: no action matches `s3:ReplicateObject`; listed: `s3:GetObjectVersionAcl`, `s3:GetObjectVersionForReplication`, `s3:GetObjectVersionTagging`.
      no command
    ");
}
