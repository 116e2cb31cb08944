//! Plans whose unknown values were symbols: what is certain, and what must never be taken for certain.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests may panic"
)]

use narrows_model::{Attribute, Body, Deployment, Kind, ResourceId, Source, Text, Value as Read};
use narrows_terraform::read_plan;
use narrows_terraform::symbolic::{
    Evaluated, Given, SettleError, Target, Unset, in_order, reversal, set_target, still_open, write_state,
};
use serde_json::{Value, json};

/// What the stand-in makes up in one of the two plans.
struct Made {
    second: bool,
}

impl Made {
    fn pick<'t>(&self, first: &'t str, second: &'t str) -> &'t str {
        if self.second { second } else { first }
    }

    fn alias(&self) -> String {
        format!("m{}.mrap", self.pick("abcdefghijklm", "zyxwvutsrqpon"))
    }

    fn arn(&self) -> String {
        format!("arn:aws:s3::123456789012:accesspoint/{}", self.alias())
    }

    /// The id of an endpoint, by the number that the stand-in gave it.
    fn endpoint(&self, number: usize) -> String {
        let digits = [("00012345670123456", "fffedcba98fedcba9"), ("00112345670123456", "ffeedcba98fedcba9")];
        format!("vpce-{}", self.pick(digits[number].0, digits[number].1))
    }

    fn given(&self) -> Vec<Given> {
        let given = |type_name: &str, attribute: &str, text: String, token: &str| Given {
            text,
            type_name: type_name.to_owned(),
            attribute: attribute.to_owned(),
            token: token.to_owned(),
        };
        let token = self.pick("abcdefghijklm", "zyxwvutsrqpon");
        let mut all = vec![
            given(MRAP, "alias", self.alias(), token),
            given(MRAP, "arn", self.arn(), token),
            given("aws_vpc", "id", self.vpc(), self.vpc().trim_start_matches("vpc-")),
        ];
        for number in 0..2 {
            let id = self.endpoint(number);
            all.push(given("aws_vpc_endpoint", "id", id.clone(), id.trim_start_matches("vpce-")));
        }
        all
    }

    fn vpc(&self) -> String {
        format!("vpc-{}", self.pick("01234567012345670", "89abcdef89abcdef8"))
    }
}

const MRAP: &str = "aws_s3control_multi_region_access_point";
const POLICY: &str = "aws_s3_bucket_policy";

/// A function of what was made up.
type Function = fn(&Made) -> String;

struct Resource {
    address: &'static str,
    values: Value,
    unknown: Value,
    expressions: Value,
}

fn resource(address: &'static str, values: Value, expressions: Value) -> Resource {
    Resource { address, values, unknown: json!({}), expressions }
}

fn plan(resources: Vec<Resource>) -> Value {
    let split = |address: &str| {
        let (whole, index) = match address.split_once('[') {
            Some((whole, index)) => (whole, index.trim_end_matches(']').parse::<u64>().ok()),
            None => (address, None),
        };
        let (type_name, name) = whole.trim_start_matches("data.").split_once('.').unwrap();
        let mode = if address.starts_with("data.") { "data" } else { "managed" };
        (mode, type_name.to_owned(), name.to_owned(), index)
    };
    let (mut planned, mut changes, mut configured, mut read) = (vec![], vec![], Vec::<Value>::new(), vec![]);
    for it in resources {
        let (mode, type_name, name, index) = split(it.address);
        let mut shown = json!({"address": it.address, "mode": mode, "type": type_name, "name": name,
            "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0, "values": it.values});
        if let Some(index) = index {
            shown["index"] = index.into();
        }
        if mode == "data" {
            read.push(shown);
        } else {
            let change = json!({"actions": ["create"], "before": null, "after": it.values, "after_unknown": it.unknown});
            changes.push(json!({"address": it.address, "mode": mode, "type": type_name, "name": name, "change": change}));
            planned.push(shown);
        }
        let address = it.address.split('[').next().unwrap();
        if configured.iter().all(|known| known["address"] != address) {
            configured.push(json!({"address": address, "mode": mode, "type": type_name, "name": name,
                "provider_config_key": "aws", "expressions": it.expressions}));
        }
    }
    json!({
        "format_version": "1.2", "terraform_version": "1.11.4", "timestamp": "2030-01-01T00:00:00Z",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": read}}},
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "expressions": {}}},
            "root_module": {"resources": configured},
        },
    })
}

/// An MRAP, two endpoints that were numbered in this order, and a bucket's policy.
fn stack(made: &Made, order: [usize; 2], policy: Value) -> Vec<Resource> {
    let names = json!({"details": [{"name": {"constant_value": "data"}, "region": [{"bucket": {"constant_value": "acme-data"}}]}]});
    let mrap = json!({"alias": made.alias(), "arn": made.arn(), "account_id": "123456789012",
        "domain_name": format!("{}.accesspoint.s3-global.amazonaws.com", made.alias()),
        "details": [{"name": "data", "public_access_block": [], "region": [{"bucket": "acme-data", "region": "eu-west-2"}]}]});
    let endpoint = |number: usize| {
        json!({"id": made.endpoint(number), "vpc_id": "vpc-0a1b2c3d4e5f60718", "service_name":
        "com.amazonaws.s3-global.accesspoint", "vpc_endpoint_type": "Interface"})
    };
    let given = json!({"vpc_id": {"constant_value": "vpc-0a1b2c3d4e5f60718"}, "service_name":
        {"constant_value": "com.amazonaws.s3-global.accesspoint"}, "vpc_endpoint_type": {"constant_value": "Interface"}});
    let refers = json!({"bucket": {"constant_value": "acme-data"},
        "policy": {"references": [format!("{MRAP}.data.alias"), format!("{MRAP}.data")]}});
    vec![
        resource("aws_s3control_multi_region_access_point.data", mrap, names),
        resource("aws_vpc_endpoint.a[0]", endpoint(order[0]), given.clone()),
        resource("aws_vpc_endpoint.a[1]", endpoint(order[1]), given),
        resource("aws_s3_bucket_policy.data", json!({"bucket": "acme-data", "policy": policy}), refers),
    ]
}

fn document(resource: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": resource}]})
    .to_string()
}

fn evaluated<'p>(plan: &'p Value, given: &'p [Given]) -> Evaluated<'p> {
    Evaluated { plan, given }
}

fn settle(
    first: Evaluated<'_>,
    second: Evaluated<'_>,
    third: Option<Evaluated<'_>>,
) -> Result<Value, SettleError> {
    narrows_terraform::symbolic::settle(first, second, third, &Unset::default())
}

fn settled_with(policy: impl Fn(&Made) -> Value) -> Value {
    let [first, second] = [Made { second: false }, Made { second: true }];
    let plans = [&first, &second].map(|made| plan(stack(made, [0, 1], policy(made))));
    settle(evaluated(&plans[0], &first.given()), evaluated(&plans[1], &second.given()), None).unwrap()
}

/// Reads a plan, which has one account if it says nothing else.
fn read(plan: &Value) -> Deployment {
    let mut plan = plan.clone();
    if plan["narrows_symbols"].get("one_account").is_none() {
        set_target(&mut plan, &Target { is_one_account: true, ..Target::default() });
    }
    read_plan(&Source::file("plan.json", plan.to_string())).unwrap()
}

fn policy(deployment: &Deployment) -> Read {
    let id = ResourceId::new(Kind::BucketPolicy, "data");
    let Body::BucketPolicy(policy) = &deployment.get(&id).unwrap().body else { panic!("a policy") };
    policy.policy.clone()
}

/// What the reader makes of the one `Resource` of a policy.
fn resource_of(made: impl Fn(&Made) -> String) -> Text {
    let settled = settled_with(|it| document(&made(it)).into());
    let policy = policy(&read(&settled));
    let inner = narrows_model::json::parse_embedded(&policy).unwrap();
    inner.get("Statement").unwrap().items().unwrap()[0].get("Resource").unwrap().as_text().unwrap().clone()
}

fn alias() -> Text {
    ResourceId::new(Kind::MultiRegionAccessPoint, "data").attribute(Attribute::Alias).into()
}

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

/// What a plan takes for granted, and in how many accounts its providers work.
fn with_target(settled: &Value, target: &Target) -> Deployment {
    let mut settled = settled.clone();
    set_target(&mut settled, target);
    read(&settled)
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
