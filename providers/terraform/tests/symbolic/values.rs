//! What is certain of values in plans with symbols.

use crate::{
    Function, Made, alias, document, evaluated, plan, policy, read, resource, resource_of, settle,
    settled_with, stack,
};
use narrows_model::{Attribute, Kind, ResourceId, Text};
use narrows_terraform::symbolic::Given;
use serde_json::{Value, json};

#[test]
fn a_symbol_is_a_reference() {
    assert_eq!(resource_of(|made| made.alias()), alias());
    let whole =
        Text::literal("arn:aws:s3::123456789012:accesspoint/").then(alias()).then_literal("/object/*");
    assert_eq!(resource_of(|made| format!("{}/object/*", made.arn())), whole);
    assert_eq!(resource_of(|_| "arn:aws:s3:::acme-data/*".to_owned()), "arn:aws:s3:::acme-data/*".into());
}

#[test]
fn what_the_provider_makes_up_is_left_out() {
    let deployment = read(&settled_with(|made| document(&made.arn()).into()));
    let (_, mrap) = deployment.mraps().next().unwrap();
    assert_eq!(mrap.alias, None);
    assert!(deployment.endpoints().all(|(_, endpoint)| endpoint.id.is_none()));
    assert_eq!(deployment.account, None);
}

/// Each way in which the two plans' texts are a function of a symbol, rather than hold it.
#[test]
fn a_function_of_a_symbol_is_unknown() {
    let cases: [(&str, Function); 9] = [
        ("substr", |made| made.alias()[0..6].to_owned()),
        ("md5", |made| {
            made.alias().bytes().fold(7_u64, |hash, b| hash.wrapping_mul(31) ^ u64::from(b)).to_string()
        }),
        ("upper", |made| made.alias().to_uppercase()),
        ("replace of one character", |made| made.alias().replace('a', "b")),
        ("replace around the symbol", |made| made.alias().replace(".mrap", ".other")),
        ("trimsuffix", |made| made.alias().trim_end_matches(".mrap").to_owned()),
        ("reverse", |made| made.alias().chars().rev().collect()),
        ("join of parts", |made| format!("{}{}", &made.alias()[0..4], &made.endpoint(0)[4..9])),
        ("max of two", |made| made.endpoint(0).max(made.endpoint(1))),
    ];
    for (name, function) in cases {
        let text = resource_of(function);
        assert!(text.first_unknown().is_some(), "{name}: {text}");
        assert_eq!(text.parts().len(), 1, "{name}: {text}");
    }
}

#[test]
fn what_is_unknown_says_what_it_is_made_from() {
    let text = resource_of(|made| made.alias()[0..6].to_owned());
    insta::assert_snapshot!(text, @"${known after apply: it is worked out from aws_s3control_multi_region_access_point.data.alias (aws_s3_bucket_policy.data.policy.Statement[0].Resource)}");
    let text = resource_of(|made| format!("x/{}", made.alias().trim_end_matches(".mrap")));
    insta::assert_snapshot!(text, @"${a part of aws_s3control_multi_region_access_point.data.alias in `x/m…`}");
}

#[test]
fn symbols_in_one_text_are_references_each() {
    let text = resource_of(|made| format!("{}-{}", made.alias(), made.endpoint(1)));
    let second = ResourceId::new(Kind::VpcEndpoint, "a[1]").attribute(Attribute::Id);
    assert_eq!(text, alias().then_literal("-").then(second));
    let text = resource_of(|made| format!("{}{}", made.alias(), made.alias()));
    assert_eq!(text, alias().then(alias()));
}

/// A policy whose text is not JSON, or whose JSON has another structure in the two plans.
#[test]
fn what_differs_in_more_than_texts_is_unknown_as_a_whole() {
    let cases: [Function; 4] = [
        |made| made.alias().repeat(if made.second { 2 } else { 1 })[1..].to_owned(),
        |made| if made.second { "{}".to_owned() } else { document("x") },
        |made| {
            document(&made.alias())
                .replace("Allow", if made.second { "Deny" } else { "Allow" })
                .replace("\"*\"", if made.second { "[]" } else { "\"*\"" })
        },
        |made| format!("{{\"Version\": \"2012-10-17\", \"{}\": []}}", &made.alias()[1..5]),
    ];
    for policy_text in cases {
        let read = policy(&read(&settled_with(|made| policy_text(made).into())));
        assert!(
            read.as_text().is_some_and(|text| text.first_unknown().is_some() && text.parts().len() == 1),
            "{read}"
        );
    }
}

/// A set has the order of its symbols, which tells nothing.
#[test]
fn the_order_of_a_list_tells_nothing_but_what_is_taken_from_it_is_unknown() {
    let sorted = |made: &Made| {
        let mut ids = [made.endpoint(0), made.endpoint(1)];
        ids.sort();
        ids
    };
    let condition = |values: Value| {
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:SourceVpce": values}}}]})
        .to_string()
    };
    let all = policy(&read(&settled_with(|made| condition(json!(sorted(made))).into())));
    let inner = narrows_model::json::parse_embedded(&all).unwrap();
    assert_eq!((inner.first_unknown(), inner.references().len()), (None, 2));
    let one = policy(&read(&settled_with(|made| condition(json!(sorted(made)[0])).into())));
    assert!(narrows_model::json::parse_embedded(&one).unwrap().first_unknown().is_some());
}

#[test]
fn a_literal_that_poses_as_a_symbol_is_unknown() {
    let posing = Made { second: false }.alias();
    let text = resource_of(move |_| Made { second: false }.alias());
    assert!(text.first_unknown().is_some(), "{posing}: {text}");
}

/// A symbol that is no resource's: the engine asked for it and did not plan it.
#[test]
fn a_symbol_of_nobody_is_unknown() {
    let made = [Made { second: false }, Made { second: true }];
    let stray = |made: &Made| made.pick("aaaabbbbcccc", "zzzzyyyyxxxx").to_owned();
    let plans = made.each_ref().map(|it| plan(stack(it, [0, 1], document(&stray(it)).into())));
    let given = made.each_ref().map(|it| {
        let mut given = it.given();
        let text = stray(it);
        given.push(Given {
            token: text.clone(),
            text,
            type_name: "aws_x".to_owned(),
            attribute: "y".to_owned(),
        });
        given
    });
    let settled = settle(evaluated(&plans[0], &given[0]), evaluated(&plans[1], &given[1]), None).unwrap();
    let inner = narrows_model::json::parse_embedded(&policy(&read(&settled))).unwrap();
    assert!(inner.first_unknown().is_some());
}

/// A third plan, in which what is no symbol is otherwise again.
#[test]
fn what_a_third_plan_does_not_have_in_common_is_unknown() {
    let made = [Made { second: false }, Made { second: true }, Made { second: true }];
    let settled = |policy: &dyn Fn(usize, &Made) -> Value, attribute: &dyn Fn(usize) -> Value| {
        let plans: Vec<Value> = made
            .iter()
            .enumerate()
            .map(|(number, it)| {
                let mut all = stack(it, [0, 1], policy(number, it));
                all[1].values["network_interface_ids"] = attribute(number);
                all[0].values["details"][0]["made_up"] = attribute(number);
                plan(all)
            })
            .collect();
        let given = made.each_ref().map(Made::given);
        let third = evaluated(&plans[2], &given[2]);
        settle(evaluated(&plans[0], &given[0]), evaluated(&plans[1], &given[1]), Some(third)).unwrap()
    };
    let resource = |settled: &Value| {
        let inner = narrows_model::json::parse_embedded(&policy(&read(settled))).unwrap();
        let statement = &inner.get("Statement").unwrap().items().unwrap()[0];
        statement.get("Resource").unwrap().as_text().unwrap().clone()
    };
    let lists =
        |number: usize| [json!(["a", "b", "c"]), json!(["d", "e", "f", "g"]), json!([])][number].clone();
    // The same in all three, with its symbol, whatever else is different.
    let same = settled(&|_, made| document(&made.alias()).into(), &lists);
    assert_eq!(resource(&same), alias());
    let endpoint = ResourceId::new(Kind::VpcEndpoint, "a[1]").attribute(Attribute::Id);
    let other = settled(&|_, made| document(&made.endpoint(1)).into(), &lists);
    assert_eq!(resource(&other), endpoint.into());
    assert_eq!(other["resource_changes"][1]["change"]["after_unknown"]["network_interface_ids"], json!(true));
    // The same in two of them.
    let decided = settled(&|number, _| document(if number == 2 { "*" } else { "x" }).into(), &lists);
    assert!(resource(&decided).first_unknown().is_some());
    let decided = settled(
        &|number, made| document(&if number == 1 { made.arn() } else { "*".to_owned() }).into(),
        &lists,
    );
    assert!(resource(&decided).first_unknown().is_some());
    let decided = settled(
        &|number, made| document(&if number == 2 { made.arn() } else { made.alias() }).into(),
        &lists,
    );
    assert!(resource(&decided).first_unknown().is_some());
}

/// A value of a data source is the same wherever it is named, and nothing more is known of it.
#[test]
fn a_data_source_has_values_of_its_own() {
    let made = [Made { second: false }, Made { second: true }];
    let plans = made.each_ref().map(|it| {
        let mut all = stack(it, [0, 1], document(&it.vpc()).into());
        let values = json!({"id": it.vpc(), "default": it.second, "tags": {"a": "b"}});
        all.push(resource("data.aws_vpc.main", values, json!({"tags": {"constant_value": {"a": "b"}}})));
        plan(all)
    });
    let settled =
        settle(evaluated(&plans[0], &made[0].given()), evaluated(&plans[1], &made[1].given()), None).unwrap();
    let inner = narrows_model::json::parse_embedded(&policy(&read(&settled))).unwrap();
    assert_eq!(inner.first_unknown(), Some("data.aws_vpc.main.id"));
    let data = &settled["prior_state"]["values"]["root_module"]["resources"][0]["values"];
    assert_eq!((data.get("default"), &data["tags"]), (None, &json!({"a": "b"})));
}

/// Numbers and the like that were made up are different in the two plans, and are what the provider tells later.
#[test]
fn what_was_made_up_and_is_no_symbol_is_known_after_apply() {
    let made = [Made { second: false }, Made { second: true }];
    let plans = made.each_ref().map(|it| {
        let mut all = stack(it, [0, 1], document("*").into());
        all[1].values["private_dns_enabled"] = it.second.into();
        all[1].values["dns_entry"] = if it.second { json!([{"dns_name": "x"}]) } else { json!([]) };
        plan(all)
    });
    let settled =
        settle(evaluated(&plans[0], &made[0].given()), evaluated(&plans[1], &made[1].given()), None).unwrap();
    let change = &settled["resource_changes"][1]["change"];
    assert_eq!(change["after_unknown"]["private_dns_enabled"], json!(true));
    assert_eq!(change["after"].get("private_dns_enabled"), None);
    let deployment = read(&settled);
    assert_eq!(deployment.endpoints().count(), 2);
}
