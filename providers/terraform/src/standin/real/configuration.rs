//! What the AWS provider is configured with: a Region and tags of the user's, and nobody's credentials.
//!
//! Source: "Argument Reference" on the first page of the AWS provider's documentation.

use super::super::schema::{Block, Nesting, Type};
use super::super::session::{Salt, Session};
use super::super::value::Data;
use super::mask::has_symbol_or_unknown;
use std::collections::BTreeMap;

/// The arguments that are taken from the block, if all of them is known: what they say shows in plans.
const KEPT: [&str; 3] = ["region", "default_tags", "ignore_tags"];

/// What keeps the provider from asking AWS who it is.
const SKIPPED: [&str; 4] = [
    "skip_credentials_validation",
    "skip_metadata_api_check",
    "skip_region_validation",
    "skip_requesting_account_id",
];

/// Arguments that are, or lead to, credentials.
const CREDENTIALS: [&str; 3] = ["access_key", "secret_key", "token"];

/// In the place of a credential.
const MADE_UP: &str = "narrows";

/// The configuration that stands for a block.
///
/// Where the Region is not known, it is another in each salt, so that what depends on it differs.
pub(super) fn of_aws(session: &Session, block: &Block, given: &Data) -> Data {
    let attributes = block.attributes.keys().map(|name| (name.clone(), Data::Null));
    let blocks = block.blocks.iter().map(|(name, nested)| {
        let empty = match nested.nesting {
            Nesting::List | Nesting::Set => Data::List(Vec::new()),
            Nesting::Map => Data::Map(BTreeMap::new()),
            Nesting::Single | Nesting::Group => Data::Null,
        };
        (name.clone(), empty)
    });
    let mut made: BTreeMap<String, Data> = attributes.chain(blocks).collect();
    let mut set = |name: &str, value: Data| {
        if let Some(place) = made.get_mut(name) {
            *place = value;
        }
    };
    for name in KEPT {
        if let Some(given) = given.get(name).filter(|given| !has_symbol_or_unknown(session, given)) {
            set(name, given.clone());
        }
    }
    let is_open = given.get("region").is_some_and(|region| has_symbol_or_unknown(session, region));
    let is_given = given.get("region").and_then(Data::as_str).is_some_and(|region| !region.is_empty());
    if !is_given || is_open {
        let around = session.around().region.filter(|_| !is_open).map(|region| region.to_string());
        let made_up = match session.salt() {
            Salt::First => "us-east-1",
            Salt::Second | Salt::Third => "eu-west-2",
        };
        set("region", Data::text(around.unwrap_or_else(|| made_up.to_owned())));
    }
    CREDENTIALS.iter().take(2).for_each(|name| set(name, Data::text(MADE_UP)));
    for name in SKIPPED {
        // One of them is a text in which a Boolean stands.
        let is_text = block.attributes.get(name).is_some_and(|attribute| attribute.r#type == Type::Text);
        set(name, if is_text { Data::text("true") } else { Data::Bool(true) });
    }
    // What is asked all the same is asked once: there is no network that could come back.
    set("max_retries", Data::Number(1.into()));
    Data::Map(made)
}

/// A block with made-up credentials in the place of those that it has.
pub(super) fn without_credentials(given: &Data) -> Data {
    let Data::Map(given) = given else { return given.clone() };
    let member = |(name, value): (&String, &Data)| {
        let is_credential = CREDENTIALS.contains(&name.as_str()) && value.as_str().is_some();
        (name.clone(), if is_credential { Data::text(MADE_UP) } else { value.clone() })
    };
    Data::Map(given.iter().map(member).collect())
}

#[cfg(test)]
mod tests {
    use super::super::super::schema::ProviderSchemas;
    use super::super::super::session::Surroundings;
    use super::*;
    use serde_json::json;

    fn block() -> Block {
        let attributes =
            ["region", "access_key", "secret_key", "token", "profile"].map(|name| (name, "string"));
        let flags = SKIPPED.map(|name| (name, if name.contains("metadata") { "string" } else { "bool" }));
        let attributes: serde_json::Map<String, serde_json::Value> = attributes
            .into_iter()
            .chain(flags)
            .chain([("max_retries", "number")])
            .map(|(name, of)| (name.to_owned(), json!({"type": of, "optional": true})))
            .collect();
        let roles = json!({"assume_role": {"nesting_mode": "list", "block": {}}, "default_tags": {"nesting_mode": "list", "block": {}}});
        let schema = json!({"provider_schemas": {"a": {"resource_schemas": {"p": {"version": 0, "block": {"attributes": attributes, "block_types": roles}}}}}});
        let schemas = ProviderSchemas::parse(&schema.to_string()).unwrap();
        (*schemas.get("a").unwrap().resource("p").unwrap()).clone()
    }

    fn of(session: &Session, given: serde_json::Value) -> Data {
        of_aws(session, &block(), &Data::from_json(&given).unwrap())
    }

    #[test]
    fn nobodys_credentials_and_no_role_reach_the_provider() {
        let session = Session::new(Salt::First, Surroundings::default());
        let made = of(
            &session,
            json!({
                "region": "eu-west-1", "access_key": "AKIA", "secret_key": "secret", "token": "secret", "profile": "mine",
                "assume_role": [{"role_arn": "arn:aws:iam::111122223333:role/a"}], "skip_region_validation": false,
                "default_tags": [{"tags": {"team": "data"}}],
            }),
        );
        let text = |name: &str| made.get(name).and_then(Data::as_str);
        assert_eq!(
            (text("region"), text("access_key"), text("secret_key")),
            (Some("eu-west-1"), Some(MADE_UP), Some(MADE_UP))
        );
        for name in ["token", "profile"] {
            assert_eq!(made.get(name), Some(&Data::Null), "{name}");
        }
        assert_eq!(made.get("assume_role"), Some(&Data::List(Vec::new())));
        assert_eq!(made.get("default_tags").map(|tags| tags.items().len()), Some(1));
        for name in SKIPPED {
            let expected = if name.contains("metadata") { Data::text("true") } else { Data::Bool(true) };
            assert_eq!(made.get(name), Some(&expected), "{name}");
        }
        let seen = without_credentials(
            &Data::from_json(&json!({"secret_key": "secret", "profile": "mine"})).unwrap(),
        );
        assert_eq!(seen, Data::from_json(&json!({"secret_key": MADE_UP, "profile": "mine"})).unwrap());
    }

    #[test]
    fn a_region_that_is_not_known_is_another_in_each_salt() {
        let region = |salt: Salt, around: Surroundings, given: Data| {
            let session = Session::new(salt, around);
            let given = Data::Map([("region".to_owned(), given)].into());
            of_aws(&session, &block(), &given)
                .get("region")
                .and_then(Data::as_str)
                .map(str::to_owned)
                .unwrap()
        };
        let none = Surroundings::default;
        let known = || Surroundings { region: Some("eu-west-3".parse().unwrap()), ..none() };
        assert_ne!(region(Salt::First, none(), Data::Null), region(Salt::Second, none(), Data::Null));
        assert_eq!(region(Salt::First, known(), Data::Null), "eu-west-3");
        assert_ne!(region(Salt::First, known(), Data::Unknown), region(Salt::Second, known(), Data::Unknown));
        assert_eq!(region(Salt::Second, known(), Data::text("eu-west-1")), "eu-west-1");
    }
}
