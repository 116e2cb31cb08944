//! `only-through-mrap` on bare bucket policies.

mod common;

use common::{check, intent, short};
use insta::assert_snapshot;

const ROLE: &str = "arn:aws:iam::123456789012:role/replication";
const MRAP: &str = r#""arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap""#;

/// A policy with one Deny of everything under this condition, and these statements before it.
fn policy(before: &str, condition: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{before}
            {{"Sid": "OnlyThroughMrap", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
              "Resource": ["arn:aws:s3:::data-eu", "arn:aws:s3:::data-eu/*"], "Condition": {condition}}}]}}"#
    )
}

fn denies(condition: &str) -> String {
    short(&check(&policy("", condition), &intent(&[ROLE]), "only-through-mrap"))
}

fn canonical() -> String {
    format!(r#"{{"ArnNotEquals": {{"s3:DataAccessPointArn": {MRAP}, "aws:PrincipalArn": "{ROLE}"}}}}"#)
}

#[test]
fn the_canonical_deny_is_proved() {
    assert_snapshot!(denies(&canonical()), @"only-through-mrap data-eu: proved");
}

#[test]
fn an_exemption_that_nobody_declared_is_refuted_with_that_role() {
    let report = check(&policy("", &canonical()), &intent(&[]), "only-through-mrap");
    assert_snapshot!(short(&report), @r"
    only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:role/replication s3:GetObject on arn:aws:s3:::data-eu/example.txt
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    ");
    assert!(report.verdicts[0].remedy.as_ref().unwrap().contains("--exempt"));
}

#[test]
fn an_exemption_of_every_role_is_refuted_with_some_other_role() {
    let wide = canonical().replace("role/replication", "role/*");
    assert_snapshot!(denies(&wide), @r"
    only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:GetObject on arn:aws:s3:::data-eu/example.txt
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    ");
}

/// A path may hold every visible character, colons too.
#[test]
fn an_exemption_of_roles_below_a_path_is_refuted_with_such_a_role() {
    for path in ["role/a:b/*", "role/a!b/*/c", "role/*:role/x/*"] {
        let wide = canonical().replace("role/replication", path);
        let found = denies(&wide);
        assert!(
            found.starts_with("only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:role/"),
            "{path}: {found}"
        );
    }
    // A name holds none.
    assert_snapshot!(denies(&canonical().replace("role/replication", "role/a:b")), @"only-through-mrap data-eu: proved");
}

#[test]
fn a_pattern_for_all_access_points_of_the_account_lets_regional_ones_through() {
    let any = r#"{"StringNotLike": {"s3:DataAccessPointArn": "arn:aws:s3:*:123456789012:accesspoint/*"}}"#;
    assert_snapshot!(denies(any), @r"
    only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:GetObject on arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point/object/example.txt
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point
      allowed arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point: policies of access points that are not in the input allow everything
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    ");
}

#[test]
fn a_pattern_for_all_mraps_of_the_account_lets_another_mrap_through() {
    let any = r#"{"ArnNotLike": {"s3:DataAccessPointArn": "arn:aws:s3::123456789012:accesspoint/*"}}"#;
    assert_snapshot!(denies(any), @r"
    only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:GetObject on arn:aws:s3::123456789012:accesspoint/manother1mrap.mrap/object/example.txt
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3::123456789012:accesspoint/manother1mrap.mrap
      allowed arn:aws:s3::123456789012:accesspoint/manother1mrap.mrap: policies of access points that are not in the input allow everything
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    ");
}

#[test]
fn the_account_of_the_access_point_is_not_enough() {
    let account = r#"{"StringNotEquals": {"s3:DataAccessPointAccount": "123456789012"}}"#;
    assert_snapshot!(denies(account), @r"
    only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:GetObject on arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point/object/example.txt
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point
      allowed arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point: policies of access points that are not in the input allow everything
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    ");
}

#[test]
fn two_paths_in_one_deny_leave_each_open() {
    let both = format!(
        r#"{{"ArnNotEquals": {{"s3:DataAccessPointArn": {MRAP}}}, "StringNotEquals": {{"aws:SourceVpce": "vpce-0a1b2c3d"}}}}"#
    );
    assert_snapshot!(denies(&both), @r"
    only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:GetObject on arn:aws:s3:::data-eu/example.txt
      aws:SourceVpce = vpce-0a1b2c3d
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    ");
}

#[test]
fn a_positive_operator_does_not_deny_what_lacks_the_key() {
    let null = r#"{"Null": {"s3:DataAccessPointArn": "true"}}"#;
    assert_snapshot!(denies(null), @r"
    only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:GetObject on arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point/object/example.txt
      s3:AccessPointNetworkOrigin = Internet
      s3:DataAccessPointAccount = 123456789012
      s3:DataAccessPointArn = arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point
      allowed arn:aws:s3:us-east-1:123456789012:accesspoint/another-access-point: policies of access points that are not in the input allow everything
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    ");
}

#[test]
fn the_name_of_the_mrap_in_place_of_its_alias_denies_everyone_and_so_is_proved() {
    // It locks everyone out, which is what application-reaches-data is there to tell.
    let name =
        r#"{"ArnNotEquals": {"s3:DataAccessPointArn": "arn:aws:s3::123456789012:accesspoint/my-mrap"}}"#;
    assert_snapshot!(denies(name), @"only-through-mrap data-eu: proved");
}

#[test]
fn bool_on_is_aws_service_exempts_anonymous_callers() {
    let allow = r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data-eu/*"},"#;
    let plain = r#"{"ArnNotEquals": {"s3:DataAccessPointArn": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"},
                    "Bool": {"aws:PrincipalIsAWSService": "false"}}"#;
    assert_snapshot!(short(&check(&policy(allow, plain), &intent(&[]), "only-through-mrap")), @r"
    only-through-mrap data-eu: refuted: anonymous s3:GetObject on arn:aws:s3:::data-eu/example.txt
      allowed arn:aws:s3:::data-eu/example.txt: statement 1 of policy.json
    ");
}

#[test]
fn a_service_that_is_allowed_and_not_denied_gets_through() {
    let allow = r#"{"Sid": "Logs", "Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"},
                    "Action": "s3:PutObject", "Resource": "arn:aws:s3:::data-eu/logs/*"},"#;
    let except = r#"{"ArnNotEquals": {"s3:DataAccessPointArn": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"},
                     "StringNotEqualsIfExists": {"aws:PrincipalServiceName": "logging.s3.amazonaws.com"}}"#;
    assert_snapshot!(short(&check(&policy(allow, except), &intent(&[]), "only-through-mrap")), @r"
    only-through-mrap data-eu: refuted: logging.s3.amazonaws.com s3:PutObject on arn:aws:s3:::data-eu/logs/example.txt
      allowed arn:aws:s3:::data-eu/logs/example.txt: Logs of policy.json
    ");
}

#[test]
fn a_deny_on_objects_alone_leaves_listing_open() {
    let only = policy("", &canonical())
        .replace(r#"["arn:aws:s3:::data-eu", "arn:aws:s3:::data-eu/*"]"#, r#""arn:aws:s3:::data-eu/*""#);
    assert_snapshot!(short(&check(&only, &intent(&[ROLE]), "only-through-mrap")), @r"
    only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:ListBucket on arn:aws:s3:::data-eu
      allowed arn:aws:s3:::data-eu: identity policies that are not in the input allow everything
    ");
}

#[test]
fn not_action_leaves_open_what_it_names() {
    let open = policy("", &canonical()).replace(r#""Action": "s3:*""#, r#""NotAction": "s3:GetObjectT*""#);
    assert_snapshot!(short(&check(&open, &intent(&[ROLE]), "only-through-mrap")), @r"
    only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:GetObjectTagging on arn:aws:s3:::data-eu/example.txt
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    ");
}

#[test]
fn without_any_deny_a_direct_request_gets_through() {
    let open = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"},
        "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data-eu/*"}}"#;
    assert_snapshot!(short(&check(open, &intent(&[]), "only-through-mrap")), @r"
    only-through-mrap data-eu: refuted: arn:aws:iam::123456789012:role/any-other-role s3:GetObject on arn:aws:s3:::data-eu/example.txt
      allowed arn:aws:s3:::data-eu/example.txt: identity policies that are not in the input allow everything
    ");
}

#[test]
fn a_policy_variable_is_decided() {
    let variable = r#"{"ArnNotEquals": {"s3:DataAccessPointArn": "arn:aws:s3::${aws:PrincipalAccount}:accesspoint/mfzwi23gnjvgw.mrap"}}"#;
    assert_snapshot!(denies(variable), @"only-through-mrap data-eu: proved");
}

#[test]
fn a_policy_variable_that_nobody_knows_gives_unknown() {
    let variable =
        r#"{"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/${aws:userid}"}}"#;
    assert_snapshot!(denies(variable), @"only-through-mrap data-eu: unknown: whether s3:GetObject on arn:aws:s3:::data-eu/example.txt by arn:aws:iam::123456789012:role/any-other-role goes through is open: AWS's documents leave open whether the key is there; the value of aws:userid cannot be known here");
}

#[test]
fn without_an_mrap_it_is_not_asked() {
    let report = check(&policy("", &canonical()), &narrows_model::Intent::default(), "only-through-mrap");
    assert_snapshot!(short(&report), @"only-through-mrap not asked: no bucket of the input belongs to an MRAP: name one with --mrap ARN");
}

#[test]
fn a_list_of_all_actions_is_proved_with_a_remark_on_those_to_come() {
    let everything = check(&policy("", &canonical()), &intent(&[ROLE]), "only-through-mrap");
    assert_eq!(everything.verdicts[0].remarks.len(), 1);
    let listed: Vec<String> =
        narrows_iam::actions::data_actions().map(|action| format!("{:?}", action.qualified())).collect();
    let listed = policy("", &canonical()).replace(r#""s3:*""#, &format!("[{}]", listed.join(", ")));
    let report = check(&listed, &intent(&[ROLE]), "only-through-mrap");
    assert_snapshot!(short(&report), @"only-through-mrap data-eu: proved");
    assert_snapshot!(report.verdicts[0].remarks[1], @"an object action that does not exist yet would not be denied: deny `s3:*` on the objects instead of a list of actions");
}
