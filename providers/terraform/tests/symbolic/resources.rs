//! What is certain of resources, accounts and blocks in plans with symbols.

use crate::{
    Function, MRAP, Made, alias, document, evaluated, plan, policy, read, resource, settle, stack,
    with_target,
};
use narrows_model::{Attribute, Deployment, Kind, ResourceId, Source};
use narrows_terraform::read_plan;
use narrows_terraform::symbolic::{Given, SettleError, Target, Unset, in_order, reversal, write_state};
use serde_json::json;

/// Provider blocks that choose accounts of their own: which of them a text means is not known.
#[test]
fn several_accounts_are_nobodys_and_no_symbol_is_taken_for_another() {
    let made = [Made { second: false }, Made { second: true }];
    // They sort before the alias, so that its symbol is the next.
    let account = |made: &Made, number: usize| {
        let digits = [("000111222333", "999888777666"), ("000222333444", "999777666555")];
        made.pick(digits[number].0, digits[number].1).to_owned()
    };
    let given = made.each_ref().map(|it| {
        let accounts = [0, 1].map(|number| Given {
            token: account(it, number),
            text: account(it, number),
            type_name: "aws_caller_identity".to_owned(),
            attribute: "account_id".to_owned(),
        });
        [it.given(), accounts.into()].concat()
    });
    let resource = |text: &dyn Fn(&Made) -> String| {
        let plans = made.each_ref().map(|it| plan(stack(it, [0, 1], document(&text(it)).into())));
        let settled = settle(evaluated(&plans[0], &given[0]), evaluated(&plans[1], &given[1]), None).unwrap();
        let inner = narrows_model::json::parse_embedded(&policy(&read(&settled))).unwrap();
        let statement = &inner.get("Statement").unwrap().items().unwrap()[0];
        statement.get("Resource").unwrap().as_text().unwrap().clone()
    };
    let cases: [(&str, Function); 4] = [
        ("one of them", |made| made.pick("000111222333", "999888777666").to_owned()),
        ("the other", |made| made.pick("000222333444", "999777666555").to_owned()),
        ("one, then the other", |made| made.pick("000111222333", "999777666555").to_owned()),
        ("one, then what is no account", |made| {
            if made.second { made.alias() } else { "m000222333444.mrap".to_owned() }
        }),
    ];
    for (name, text) in cases {
        let text = resource(&text);
        assert!(text.first_unknown().is_some() && text.references().next().is_none(), "{name}: {text}");
    }
    assert_eq!(resource(&|made| made.alias()), alias());
}

#[test]
fn the_one_account_is_that_of_the_deployment_and_several_are_none() {
    let made = [Made { second: false }, Made { second: true }];
    let account = |made: &Made| made.pick("000111222333", "999888777666").to_owned();
    let given = made.each_ref().map(|it| {
        let own = Given {
            token: account(it),
            text: account(it),
            type_name: "aws_caller_identity".to_owned(),
            attribute: "account_id".to_owned(),
        };
        [it.given(), vec![own]].concat()
    });
    let plans = made.each_ref().map(|it| {
        let mut all = stack(it, [0, 1], document(&format!("arn:aws:iam::{}:root", account(it))).into());
        // The provider has another name here, and the other way to say where it works.
        all.push(resource(
            "data.aws_caller_identity.other",
            json!({"account_id": "444455556666"}),
            json!({}),
        ));
        plan(all)
    });
    let settled = settle(evaluated(&plans[0], &given[0]), evaluated(&plans[1], &given[1]), None).unwrap();
    let resource = |deployment: &Deployment| {
        let inner = narrows_model::json::parse_embedded(&policy(deployment)).unwrap();
        inner.get("Statement").unwrap().items().unwrap()[0].get("Resource").unwrap().to_string()
    };
    let target = |account: Option<&str>, is_one_account| Target {
        account: account.map(|account| account.parse().unwrap()),
        is_one_account,
        ..Target::default()
    };
    let known = with_target(&settled, &target(Some("123456789012"), true));
    assert_eq!(known.account, Some("123456789012".parse().unwrap()));
    assert!(resource(&known).contains("arn:aws:iam::123456789012:root"), "{}", resource(&known));
    let one = with_target(&settled, &target(None, true));
    assert!(resource(&one).contains(Deployment::ACCOUNT), "{}", resource(&one));
    // Nothing says that what one data source tells is the account of the buckets.
    assert_eq!(one.account, None);
    let several = with_target(&settled, &target(None, false));
    assert!(!resource(&several).contains(Deployment::ACCOUNT), "{}", resource(&several));
    assert_eq!(several.account, None);
}

/// `count`ed instances may be numbered the other way round in the second plan.
#[test]
fn instances_that_were_swapped_are_renamed_and_then_as_certain_as_others() {
    let made = [Made { second: false }, Made { second: true }];
    let text = |made: &Made, number: usize| document(&made.endpoint(number)).into();
    let first = plan(stack(&made[0], [0, 1], text(&made[0], 0)));
    let swapped = plan(stack(&made[1], [1, 0], text(&made[1], 1)));
    let given = made.each_ref().map(Made::given);
    // The order of the two is the same in both plans, so that it would hide what depends on it.
    let settled = settle(evaluated(&first, &given[0]), evaluated(&swapped, &given[1]), None).unwrap();
    let inner = narrows_model::json::parse_embedded(&policy(&read(&settled))).unwrap();
    assert!(inner.first_unknown().is_some());
    let renaming = reversal(&first, &given[0], &swapped, &given[1]).unwrap();
    let state = write_state(&swapped, &Unset::default(), &renaming);
    assert_eq!(state["resources"][2]["instances"][0]["attributes"]["id"], json!(made[1].endpoint(0)));
    let again = plan(stack(&made[1], [0, 1], text(&made[1], 0)));
    assert_eq!(reversal(&first, &given[0], &again, &given[1]), None);
    let settled = settle(evaluated(&first, &given[0]), evaluated(&again, &given[1]), None).unwrap();
    let inner = narrows_model::json::parse_embedded(&policy(&read(&settled))).unwrap();
    let own = ResourceId::new(Kind::VpcEndpoint, "a[0]").attribute(Attribute::Id);
    assert_eq!(inner.references(), [&own]);
    // Whichever way the engine numbered them, the settled plan is the same.
    assert_eq!(in_order(&first, &given[0]), None);
    let mirrored =
        [plan(stack(&made[0], [1, 0], text(&made[0], 1))), plan(stack(&made[1], [1, 0], text(&made[1], 1)))];
    assert_eq!(
        settle(evaluated(&mirrored[0], &given[0]), evaluated(&mirrored[1], &given[1]), None).unwrap(),
        settled
    );
    let state = write_state(&mirrored[0], &Unset::default(), &in_order(&mirrored[0], &given[0]).unwrap());
    assert_eq!(state["resources"][2]["instances"][0]["attributes"]["id"], json!(made[0].endpoint(0)));
}

#[test]
fn resources_that_depend_on_a_symbol_are_an_error() {
    let made = [Made { second: false }, Made { second: true }];
    let plans = made.each_ref().map(|it| {
        let mut all = stack(it, [0, 1], document("*").into());
        if it.second {
            all.push(resource("aws_s3_bucket.extra[0]", json!({"bucket": "acme-extra"}), json!({})));
        }
        plan(all)
    });
    let error = settle(evaluated(&plans[0], &made[0].given()), evaluated(&plans[1], &made[1].given()), None)
        .unwrap_err();
    insta::assert_snapshot!(error, @"whether there is a `aws_s3_bucket.extra[0]` depends on values that are not known before it is applied: expected resources that do not depend on them; give the value with --set TYPE.ATTRIBUTE=VALUE");
    let error = settle(evaluated(&json!({}), &[]), evaluated(&plans[1], &[]), None).unwrap_err();
    assert_eq!(error, SettleError::NoPlan);
}

/// Blocks that one plan has and the other has not may be those of a dynamic block, and are nothing that a provider makes up.
#[test]
fn blocks_that_depend_on_a_symbol_are_no_absent_blocks() {
    let made = [Made { second: false }, Made { second: true }];
    let plans = made.each_ref().map(|it| {
        let mut all = stack(it, [0, 1], document("*").into());
        let filter = if it.second { json!([{"prefix": "logs/"}]) } else { json!([]) };
        let rule = json!({"id": "a", "status": "Enabled", "filter": filter, "destination": [{"bucket": "arn:aws:s3:::acme-copy"}]});
        let values = json!({"bucket": "acme-data", "role": "arn:aws:iam::123456789012:role/r", "rule": [rule]});
        let given = json!({"bucket": {"constant_value": "acme-data"}, "role": {"references": ["x"]},
            "rule": [{"destination": [{"bucket": {"references": ["y"]}}], "id": {}, "status": {}}]});
        all.push(resource("aws_s3_bucket_replication_configuration.data", values, given));
        plan(all)
    });
    let settled =
        settle(evaluated(&plans[0], &made[0].given()), evaluated(&plans[1], &made[1].given()), None).unwrap();
    let error = read_plan(&Source::file("plan.json", settled.to_string())).unwrap_err();
    assert!(error.to_string().contains("filter"), "{error}");
}

/// In a dynamic block, of which a plan does not show what is configured.
#[test]
fn what_the_provider_makes_up_in_a_dynamic_block_is_left_out() {
    let made = [Made { second: false }, Made { second: true }];
    let region = |made: &Made| made.pick("aaaabbbbcccc", "zzzzyyyyxxxx").to_owned();
    let plans = made.each_ref().map(|it| {
        let mut all = stack(it, [0, 1], document(&region(it)).into());
        all[0].values["details"][0]["region"][0]["region"] = region(it).into();
        all[0].expressions["details"] = json!([{"name": {"constant_value": "data"}}]);
        plan(all)
    });
    let given = made.each_ref().map(|it| {
        let mut given = it.given();
        let (text, attribute) = (region(it), "details.region.region".to_owned());
        given.push(Given { token: text.clone(), text, type_name: MRAP.to_owned(), attribute });
        given
    });
    let settled = settle(evaluated(&plans[0], &given[0]), evaluated(&plans[1], &given[1]), None).unwrap();
    let deployment = read(&settled);
    assert_eq!(deployment.mraps().next().unwrap().1.buckets.len(), 1);
    let inner = narrows_model::json::parse_embedded(&policy(&deployment)).unwrap();
    let own = Attribute::Other("details[0].region[0].region".to_owned());
    assert_eq!(inner.references(), [&ResourceId::new(Kind::MultiRegionAccessPoint, "data").attribute(own)]);
}
