//! A settled plan as it is written: its own member, its state, its remedy.

use crate::{
    MRAP, Made, POLICY, document, evaluated, plan, resource, settle, settled_with, stack, with_target,
};
use narrows_model::Source;
use narrows_terraform::read_plan;
use narrows_terraform::symbolic::{Target, Unset, set_target, still_open, write_state};
use serde_json::{Value, json};

#[test]
fn a_settled_plan_says_what_it_takes_for_granted() {
    let target = Target {
        is_one_account: true,
        assumptions: ["the partition is aws".to_owned()].into(),
        ..Target::default()
    };
    let assumed = |settled: &Value| {
        with_target(settled, &target).assumptions().map(str::to_owned).collect::<Vec<_>>().join("; ")
    };
    insta::assert_snapshot!(assumed(&settled_with(|made| document(&made.arn()).into())), @"a text that is known only after apply is not null, not empty, and none of those that the configuration compares it with; the partition is aws");
}

#[test]
fn a_settled_plan_creates_everything_and_tells_no_time() {
    let mut made = plan(stack(&Made { second: false }, [0, 1], document("*").into()));
    made["resource_changes"][0]["change"]["actions"] = json!(["no-op"]);
    let gone = json!({"address": "aws_s3_bucket.gone", "mode": "managed", "change": {"actions": ["delete"]}});
    made["resource_changes"].as_array_mut().unwrap().push(gone);
    let other = plan(stack(&Made { second: true }, [0, 1], document("*").into()));
    let given = [false, true].map(|second| Made { second }.given());
    let settled = settle(evaluated(&made, &given[0]), evaluated(&other, &given[1]), None).unwrap();
    let changes = settled["resource_changes"].as_array().unwrap();
    assert!(changes.iter().all(|change| change["change"]["actions"] == json!(["create"])));
    assert_eq!((changes.len(), settled.get("timestamp"), settled.get("prior_state")), (4, None, None));
}

#[test]
fn a_state_holds_what_is_known_and_no_resource_with_an_unknown_argument() {
    let made = Made { second: false };
    let mut all = stack(&made, [0, 1], Value::Null);
    all[3].values = json!({"bucket": "acme-data"});
    all[3].unknown = json!({"policy": true, "id": true});
    all[1].unknown = json!({"private_dns_enabled": true, "dns_entry": true});
    let plan = plan(all);
    assert_eq!(
        still_open(&plan, &Unset::default()).into_iter().collect::<Vec<_>>(),
        ["aws_s3_bucket_policy.data.policy"]
    );
    let state = write_state(&plan, &Unset::default(), &Default::default());
    let types: Vec<_> =
        state["resources"].as_array().unwrap().iter().map(|it| it["type"].as_str().unwrap()).collect();
    assert_eq!(types, [MRAP, "aws_vpc_endpoint"]);
    assert_eq!(state["resources"][1]["instances"].as_array().unwrap().len(), 2);
    assert!(!types.contains(&POLICY));
}

/// A module passes on each of its variables, most of which are null.
#[test]
fn a_state_holds_a_resource_whose_unknown_argument_is_given_no_value() {
    let made = Made { second: false };
    let mut all = stack(&made, [0, 1], document("*").into());
    let bucket_policy = &mut all[3];
    bucket_policy.values = json!({"bucket": "acme-data", "policy": "{}"});
    bucket_policy.unknown = json!({"bucket_prefix": true});
    bucket_policy.expressions["bucket_prefix"] = json!({"references": ["var.bucket_prefix"]});
    let plan = plan(all);
    let open = "aws_s3_bucket_policy.data.bucket_prefix";
    assert_eq!(still_open(&plan, &Unset::default()).into_iter().collect::<Vec<_>>(), [open]);
    let texts =
        [("bucket", "acme-data"), ("policy", "{}")].map(|(name, text)| (name.to_owned(), text.to_owned()));
    let mut unset = Unset::default();
    unset.add(POLICY, texts.into(), ["bucket_prefix".to_owned()].into());
    assert!(still_open(&plan, &unset).is_empty());
    let state = write_state(&plan, &unset, &Default::default());
    let policy = state["resources"].as_array().unwrap().iter().find(|it| it["type"] == POLICY).unwrap();
    assert_eq!(policy["instances"][0]["attributes"], json!({"bucket": "acme-data", "policy": "{}"}));
}

/// In a third plan, too, where it is another value once more.
#[test]
fn what_the_provider_chooses_for_an_argument_without_a_value_is_left_to_it() {
    let made = [Made { second: false }, Made { second: true }, Made { second: true }];
    let plans = [0, 1, 2].map(|number: usize| {
        let mut all = stack(&made[number], [0, 1], document("*").into());
        all[3].values["bucket_prefix"] = json!(number);
        all[3].values["rule"] = json!([{"kept": true, "enabled": number == 1}]);
        all[3].expressions["bucket_prefix"] = json!({"references": ["var.bucket_prefix"]});
        all[3].expressions["rule"] = json!([{"kept": {}, "enabled": {"references": ["var.enabled"]}}]);
        plan(all)
    });
    let given = made.each_ref().map(Made::given);
    let [first, second, third] = [0, 1, 2].map(|number: usize| evaluated(&plans[number], &given[number]));
    let values = plans[0]["planned_values"]["root_module"]["resources"].as_array().unwrap();
    let policy = values.iter().find(|it| it["type"] == POLICY).unwrap()["values"].as_object().unwrap();
    let texts = policy.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    let mut unset = Unset::default();
    unset.add(POLICY, texts.collect(), ["bucket_prefix", "rule.enabled"].map(str::to_owned).into());
    for third in [None, Some(third)] {
        let settled = narrows_terraform::symbolic::settle(first, second, third, &unset).unwrap();
        let changes = settled["resource_changes"].as_array().unwrap();
        let change = &changes.iter().find(|it| it["type"] == POLICY).unwrap()["change"];
        assert_eq!(
            (change["after"].get("bucket_prefix"), &change["after_unknown"]["bucket_prefix"]),
            (None, &json!(true))
        );
        assert_eq!(change["after"]["rule"], json!([{"kept": true}]));
        assert_eq!(settled["narrows_symbols"]["unknown"], json!([]));
    }
}

/// What is unknown in a dynamic block may be an argument of it, which `ignore_changes` would keep as it is in a state.
#[test]
fn a_state_holds_no_resource_with_something_unknown_in_a_dynamic_block() {
    let made = Made { second: false };
    let mut all = stack(&made, [0, 1], document("*").into());
    all[0].expressions["details"] = json!([{"name": {"constant_value": "data"}}]);
    all[0].unknown = json!({"details": [{"region": [{"bucket": true}]}]});
    let plan = plan(all);
    let open = "aws_s3control_multi_region_access_point.data.details[0].region[0].bucket";
    assert_eq!(still_open(&plan, &Unset::default()).into_iter().collect::<Vec<_>>(), [open]);
    let state = write_state(&plan, &Unset::default(), &Default::default());
    assert!(state["resources"].as_array().unwrap().iter().all(|it| it["type"] != MRAP), "{state}");
}

#[test]
fn a_member_of_another_version_is_refused() {
    let mut settled = settled_with(|_| document("*").into());
    settled["narrows_symbols"]["version"] = 2.into();
    let error = read_plan(&Source::file("plan.json", settled.to_string())).unwrap_err();
    insta::assert_snapshot!(error, @"`version` of `narrows_symbols` is 2: expected 1, as this version of narrows plan writes it");
}

/// Without its symbols a plan would hold nothing but what looks certain.
#[test]
fn a_member_without_its_parts_is_refused() {
    for name in ["symbols", "unknown", "assumptions", "one_account"] {
        let mut settled = settled_with(|made| document(&made.arn()).into());
        set_target(&mut settled, &Target::default());
        assert!(read_plan(&Source::file("plan.json", settled.to_string())).is_ok());
        settled["narrows_symbols"].as_object_mut().unwrap().remove(name);
        let error = read_plan(&Source::file("plan.json", settled.to_string())).unwrap_err().to_string();
        assert!(error.starts_with(&format!("`{name}` of `narrows_symbols` is")), "{error}");
    }
}

/// To make the plan again would tell nothing more.
#[test]
fn the_remedy_for_what_a_settled_plan_does_not_tell_is_another_than_to_make_it() {
    let made = [Made { second: false }, Made { second: true }];
    let plans = made.each_ref().map(|it| {
        let mut all = stack(it, [0, 1], document("*").into());
        let values = json!({"bucket": "acme-data", "block_public_acls": it.second});
        let given = json!({"bucket": {"constant_value": "acme-data"}, "block_public_acls": {"references": ["data.aws_x.y.enabled", "data.aws_x.y"]}});
        all.push(resource("aws_s3_bucket_public_access_block.data", values, given));
        plan(all)
    });
    let given = made.each_ref().map(Made::given);
    let mut settled = settle(evaluated(&plans[0], &given[0]), evaluated(&plans[1], &given[1]), None).unwrap();
    set_target(&mut settled, &Target::default());
    let error = read_plan(&Source::file("plan.json", settled.to_string())).unwrap_err();
    insta::assert_snapshot!(error, @"`block_public_acls` of aws_s3_bucket_public_access_block.data is `known after apply: it is worked out from data.aws_x.y.enabled (aws_s3_bucket_public_access_block.data.block_public_acls)`: expected `true` or `false`; write it out, or give what it is worked out from with narrows plan --set TYPE.ATTRIBUTE=VALUE");
}
