//! Two previews of one program with different symbols, settled and read.

#![expect(clippy::unwrap_used, reason = "a helper that fails should fail its test")]

use narrows_model::{Body, Kind, ResourceId, Source};
use narrows_pulumi::{Form, Given, SettleError, assume, read, settle};
use serde_json::{Value, json};

const MRAP: &str =
    "urn:pulumi:dev::orders::aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint::orders";
const POLICY: &str = "urn:pulumi:dev::orders::aws:s3/bucketPolicy:BucketPolicy::data";
/// The tokens of the two previews.
const TOKENS: [&str; 2] = ["abcdefghijklmabc", "zyxwvutsrqponzyx"];
const ACCOUNTS: [&str; 2] = ["012340123401", "987659876598"];

fn given(index: usize) -> Vec<Given> {
    let one = |text: &str, urn: &str, attribute: &str, token: &str| Given {
        text: text.to_owned(),
        urn: urn.to_owned(),
        attribute: attribute.to_owned(),
        token: token.to_owned(),
    };
    let (token, account) = (TOKENS.get(index).unwrap(), ACCOUNTS.get(index).unwrap());
    vec![one(&format!("m{token}.mrap"), MRAP, "alias", token), one(account, "", "account", account)]
}

fn preview(policy: &Value) -> Value {
    let state = |urn: &str, inputs: Value| json!({"urn": urn, "custom": true, "inputs": inputs, "outputs": {"arn": "made up"}});
    let details = json!({"details": {"name": "orders", "regions": [{"bucket": "orders-eu"}]}});
    json!({
        "steps": [
            {"op": "create", "urn": MRAP, "newState": state(MRAP, details)},
            {"op": "create", "urn": POLICY, "newState": state(POLICY, json!({"bucket": "orders-eu", "policy": policy}))},
        ],
        "duration": 1,
        "changeSummary": {"create": 2},
    })
}

/// What is read of a policy that is made of a token and an account.
fn read_back(policy: impl Fn(&str, &str) -> Value) -> String {
    let [first, second] =
        [0, 1].map(|index: usize| preview(&policy(TOKENS.get(index).unwrap(), ACCOUNTS.get(index).unwrap())));
    let settled = settle(&first, &given(0), &second, &given(1)).unwrap();
    let value = narrows_model::json::parse(&Source::file("t.json", settled.to_string())).unwrap();
    let read = read(&value, Form::Preview).unwrap();
    match &read.deployment.get(&ResourceId::new(Kind::BucketPolicy, "data")).unwrap().body {
        Body::BucketPolicy(it) => it.policy.to_string(),
        other => format!("{other:?}"),
    }
}

const UNKNOWN: &str = "${policy of urn:pulumi:dev::orders::aws:s3/bucketPolicy:BucketPolicy::data}";

#[test]
fn a_symbol_is_read_as_what_it_stands_for() {
    let arn = |token: &str, account: &str| format!("arn:aws:s3::{account}:accesspoint/m{token}.mrap");
    let read = read_back(|token, account| json!({"a": arn(token, account)}).to_string().into());
    assert_eq!(
        read,
        r#""{\"a\":\"arn:aws:s3::${the account that is deployed to}:accesspoint/${multi-region access point orders.alias}\"}""#
    );
    assert_eq!(read_back(|_, _| json!("{\"a\":\"b\"}")), r#""{\"a\":\"b\"}""#);
}

#[test]
fn a_part_of_a_symbol_is_unknown() {
    let read = read_back(|token, _| json!(format!("{{\"a\":\"m{token}\"}}")));
    assert!(read.contains("${something made of alias of ") && !read.contains("m${"), "{read}");
}

#[test]
fn what_a_function_makes_of_a_symbol_is_unknown() {
    let unknown = format!("\"{UNKNOWN}\"");
    type Made = fn(&str, &str) -> Value;
    let cases: [(&str, Made); 8] = [
        ("cut", |token, _| json!(token.get(..8))),
        ("upper", |token, _| json!(token.to_uppercase())),
        ("replaced", |token, _| json!(token.replace('a', "b"))),
        ("length", |token, _| json!(token.bytes().map(usize::from).sum::<usize>().to_string())),
        ("number", |token, _| json!(token.bytes().map(usize::from).sum::<usize>())),
        ("sorted", |token, _| {
            let mut both = [token, "n"];
            both.sort_unstable();
            json!(both.join(","))
        }),
        ("chosen", |token, _| if token < "n" { json!("{}") } else { json!("[]") }),
        ("absent", |token, _| if token < "n" { json!("x") } else { Value::Null }),
    ];
    for (name, policy) in cases {
        assert_eq!(read_back(policy), unknown, "{name}");
    }
}

#[test]
fn of_a_document_what_is_certain_stays() {
    let read = read_back(|token, _| json!({"Sid": "A", "Resource": token.to_uppercase()}).to_string().into());
    assert!(read.contains(r#"\"Sid\":\"A\""#) && read.contains(UNKNOWN), "{read}");
    // A list is certain item by item, and its order counts.
    let read = read_back(|token, _| {
        let mut both = vec![token, "n"];
        both.sort_unstable();
        json!({"Resource": both, "Sid": "A"}).to_string().into()
    });
    assert!(read.contains(r#"\"Sid\":\"A\""#) && !read.contains("made-up"), "{read}");
}

#[test]
fn a_resource_that_hangs_on_a_symbol_is_an_error() {
    let (first, mut second) = (preview(&json!("{}")), preview(&json!("{}")));
    second.get_mut("steps").unwrap().as_array_mut().unwrap().pop();
    let step = format!("{POLICY} (create)");
    assert_eq!(settle(&first, &given(0), &second, &given(1)), Err(SettleError::Step(step.clone())));
    assert_eq!(settle(&second, &given(1), &first, &given(0)), Err(SettleError::Step(step)));
    assert_eq!(settle(&json!([]), &[], &first, &[]), Err(SettleError::NoPreview));
}

#[test]
fn a_settled_preview_is_the_same_in_each_run() {
    let policy = |index: usize| preview(&json!(TOKENS.get(index).unwrap()));
    let (first, mut other) = (policy(0), policy(0));
    other.get_mut("steps").unwrap().as_array_mut().unwrap().reverse();
    other.as_object_mut().unwrap().insert("duration".to_owned(), json!(2));
    let one = settle(&first, &given(0), &policy(1), &given(1)).unwrap();
    assert_eq!(one, settle(&other, &given(0), &policy(1), &given(1)).unwrap());
    assert!(!one.to_string().contains("made up"), "outputs are taken out");
}

#[test]
fn the_steps_of_one_resource_keep_their_order() {
    // A refresh finds the policy gone, and the program makes it anew.
    let with = |index: usize| {
        let mut preview = preview(&json!(TOKENS.get(index).unwrap()));
        let gone = json!({"urn": POLICY, "custom": true, "id": "data",
            "inputs": {"bucket": "orders-eu", "policy": "{}"}, "outputs": {}});
        let steps = preview.get_mut("steps").unwrap().as_array_mut().unwrap();
        steps.insert(0, json!({"op": "delete", "urn": POLICY, "oldState": gone}));
        preview
    };
    let settled = settle(&with(0), &given(0), &with(1), &given(1)).unwrap();
    let value = narrows_model::json::parse(&Source::file("t.json", settled.to_string())).unwrap();
    let read = read(&value, Form::Preview).unwrap();
    assert!(read.deployment.get(&ResourceId::new(Kind::BucketPolicy, "data")).is_some());
}

#[test]
fn a_symbol_in_the_settings_of_a_provider_is_no_account() {
    let urn = "urn:pulumi:dev::orders::pulumi:providers:aws::main";
    let with = |account: &str| {
        let mut preview = preview(&json!("{}"));
        let inputs = json!({"allowedAccountIds": json!([account]).to_string(), "region": "eu-west-2"});
        let step =
            json!({"op": "create", "urn": urn, "newState": {"urn": urn, "custom": true, "inputs": inputs}});
        let steps = preview.get_mut("steps").unwrap().as_array_mut().unwrap();
        steps.insert(0, step);
        preview
    };
    let of = |first: &str, second: &str| {
        let settled = settle(&with(first), &given(0), &with(second), &given(1)).unwrap();
        let value = narrows_model::json::parse(&Source::file("t.json", settled.to_string())).unwrap();
        read(&value, Form::Preview).unwrap().deployment.account
    };
    let [first, second] = ACCOUNTS;
    assert_eq!(of(first, second), None);
    assert_eq!(of("123456789012", "123456789012").unwrap().as_str(), "123456789012");
}

/// Where the program lay and in which order it said things is no part of a settled preview.
#[test]
fn what_differs_from_run_to_run_is_left_out() {
    let of_a_run = |number: usize, depends_on: [&str; 2]| {
        let mut preview = preview(&json!("{}"));
        let state = preview.pointer_mut("/steps/0/newState").and_then(Value::as_object_mut).unwrap();
        let place = format!("project:///tmp/{number}/Pulumi.yaml#1");
        state.insert("sourcePosition".to_owned(), place.as_str().into());
        state.insert("stackTrace".to_owned(), json!([{"sourcePosition": place}]));
        state.insert("created".to_owned(), number.into());
        state.insert("dependencies".to_owned(), json!(depends_on));
        state.insert("propertyDependencies".to_owned(), json!({"details": depends_on}));
        settle(&preview, &given(0), &preview, &given(0)).unwrap()
    };
    let settled = of_a_run(1, ["b", "a"]);
    assert_eq!(settled, of_a_run(2, ["a", "b"]));
    assert_eq!(settled.pointer("/steps/1/newState/dependencies"), Some(&json!(["a", "b"])));
}

#[test]
fn what_a_preview_takes_for_granted_is_assumed_by_what_is_read() {
    let one = preview(&json!("{}"));
    let mut settled = settle(&one, &given(0), &one, &given(0)).unwrap();
    assume(&mut settled, ["the stack is called `dev`".to_owned()]);
    let read_of = |settled: &Value| {
        let value = narrows_model::json::parse(&Source::file("t.json", settled.to_string())).unwrap();
        read(&value, Form::Preview)
    };
    let assumed: Vec<String> =
        read_of(&settled).unwrap().deployment.assumptions().map(str::to_owned).collect();
    assert!(assumed.contains(&"the stack is called `dev`".to_owned()), "{assumed:?}");
    assert!(
        assumed.iter().any(|it| it.contains("none of those that the program compares it with")),
        "{assumed:?}"
    );
    *settled.pointer_mut("/narrows_symbols/assumptions").unwrap() = json!(["x", 1]);
    assert!(read_of(&settled).is_err());
}
