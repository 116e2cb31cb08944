//! What a real provider plans, with what is still unknown as the stand-in fills it.

use super::super::schema::{Attribute, Block, NestedBlock, Nesting, Type};
use super::super::session::Session;
use super::super::value::Data;
use std::collections::BTreeMap;

/// How a plan is read.
pub(in super::super) struct Merge<'a> {
    pub(in super::super) session: &'a Session,
    /// Whether the provider saw unknown values in the place of symbols.
    pub(in super::super) masked: bool,
    pub(in super::super) is_aws: bool,
}

impl Merge<'_> {
    /// A block: `planned` by the provider, from `config`; `proposed` is what the engine proposes, with the state before.
    ///
    /// What the provider leaves unknown is what is proposed, where nobody has given it, and so null in a new resource.
    pub(in super::super) fn block(
        &self,
        block: &Block,
        planned: &Data,
        config: &Data,
        proposed: &Data,
    ) -> Data {
        let Data::Map(known) = planned else {
            return if *planned == Data::Unknown { proposed.clone() } else { planned.clone() };
        };
        let mut merged = known.clone();
        let [config, proposed] =
            [config, proposed].map(|data| move |name: &str| data.get(name).unwrap_or(&Data::Null));
        for (name, attribute) in &block.attributes {
            let planned = known.get(name).unwrap_or(&Data::Null);
            let value = self.attribute(name, attribute, planned, config(name), proposed(name));
            merged.insert(name.clone(), value);
        }
        for (name, nested) in &block.blocks {
            let Some(planned) = known.get(name) else { continue };
            merged.insert(name.clone(), self.nested(nested, planned, config(name), proposed(name)));
        }
        Data::Map(merged)
    }

    fn attribute(
        &self,
        name: &str,
        attribute: &Attribute,
        planned: &Data,
        config: &Data,
        proposed: &Data,
    ) -> Data {
        if let (Type::Nested(nesting, fields), Data::Map(_) | Data::List(_)) = (&attribute.r#type, planned) {
            let object = |planned: &Data, config: &Data, proposed: &Data| {
                self.fields(fields, planned, config, proposed)
            };
            return self.objects(*nesting, planned, config, proposed, &object);
        }
        let is_given = !config.is_null();
        match planned {
            _ if is_given && planned.has_unknown() => config.clone(),
            _ if planned.has_unknown() => proposed.clone(),
            Data::Text(text) if self.is_aws && !is_given && lacks_account(name, text) => proposed.clone(),
            _ => planned.clone(),
        }
    }

    fn fields(
        &self,
        fields: &BTreeMap<String, Attribute>,
        planned: &Data,
        config: &Data,
        proposed: &Data,
    ) -> Data {
        let Data::Map(known) = planned else { return planned.clone() };
        let [config, proposed] =
            [config, proposed].map(|data| move |name: &str| data.get(name).unwrap_or(&Data::Null));
        let field = |(name, planned): (&String, &Data)| {
            let value = match fields.get(name) {
                Some(of) => self.attribute(name, of, planned, config(name), proposed(name)),
                None => planned.clone(),
            };
            (name.clone(), value)
        };
        Data::Map(known.iter().map(field).collect())
    }

    fn nested(&self, nested: &NestedBlock, planned: &Data, config: &Data, proposed: &Data) -> Data {
        let object = |planned: &Data, config: &Data, proposed: &Data| {
            self.block(&nested.block, planned, config, proposed)
        };
        self.objects(nested.nesting, planned, config, proposed, &object)
    }

    fn objects(
        &self,
        nesting: Nesting,
        planned: &Data,
        config: &Data,
        proposed: &Data,
        object: &dyn Fn(&Data, &Data, &Data) -> Data,
    ) -> Data {
        let null = Data::Null;
        match (planned, nesting) {
            // Which elements of a set are one depends on the values that the provider did not see.
            (Data::List(_), Nesting::Set) if self.masked && super::has_symbol(self.session, config) => {
                proposed.clone()
            }
            (Data::List(items), Nesting::Set) => {
                let (mut configs, mut proposals) = (rest(config), rest(proposed));
                let item = |planned: &Data| {
                    let [config, proposed] =
                        [&mut configs, &mut proposals].map(|rest| take_like(rest, planned));
                    object(planned, config.unwrap_or(&null), proposed.unwrap_or(&null))
                };
                Data::List(items.iter().map(item).collect())
            }
            (Data::List(items), _) => {
                let item = |(index, planned): (usize, &Data)| {
                    let [config, proposed] =
                        [config, proposed].map(|of| of.items().get(index).unwrap_or(&null));
                    object(planned, config, proposed)
                };
                Data::List(items.iter().enumerate().map(item).collect())
            }
            (Data::Map(_), Nesting::Single | Nesting::Group) => object(planned, config, proposed),
            (Data::Map(items), _) => {
                let item = |(key, planned): (&String, &Data)| {
                    let [config, proposed] = [config, proposed].map(|of| of.get(key).unwrap_or(&null));
                    (key.clone(), object(planned, config, proposed))
                };
                Data::Map(items.iter().map(item).collect())
            }
            (Data::Unknown, _) if *config != Data::Unknown => proposed.clone(),
            _ => planned.clone(),
        }
    }
}

fn rest(data: &Data) -> Vec<&Data> {
    data.items().iter().collect()
}

/// The first element that may be the one that is planned, which no other is then.
fn take_like<'d>(elements: &mut Vec<&'d Data>, planned: &Data) -> Option<&'d Data> {
    let at = elements.iter().position(|element| may_become(element, planned))?;
    Some(elements.remove(at))
}

/// Whether what is given can be what is planned: a provider sets what is null, and leaves open what it does not know.
fn may_become(given: &Data, planned: &Data) -> bool {
    match (given, planned) {
        (Data::Null, _) | (_, Data::Unknown) => true,
        (Data::Map(given), Data::Map(planned)) => given
            .iter()
            .all(|(name, given)| planned.get(name).is_some_and(|planned| may_become(given, planned))),
        (Data::List(given), Data::List(planned)) => {
            given.len() == planned.len()
                && given.iter().zip(planned).all(|(given, planned)| may_become(given, planned))
        }
        _ => given == planned,
    }
}

/// Whether a text is an account, or an ARN with one, that is missing, since the provider was given none.
///
/// ARNs of buckets have none. What else has none is taken for one that lacks it, which costs a symbol in its place.
fn lacks_account(name: &str, text: &str) -> bool {
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    let is_account =
        ["account_id", "owner_id", "catalog_id", "registry_id"].iter().any(|end| name.ends_with(end));
    (text.is_empty() && is_account)
        || matches!(fields.as_slice(), ["arn", _, service, _, "", _] if *service != "s3")
}

#[cfg(test)]
mod tests {
    use super::super::super::schema::ProviderSchemas;
    use super::super::super::session::{Salt, Surroundings};
    use super::*;
    use narrows_model::token::Shape;
    use serde_json::{Value as Json, json};

    /// A type with an argument, what is computed, and a set of blocks.
    fn block() -> Block {
        let text = |flags: &[&str]| {
            let flags = flags.iter().map(|flag| ((*flag).to_owned(), Json::Bool(true)));
            Json::Object([("type".to_owned(), json!("string"))].into_iter().chain(flags).collect())
        };
        let part =
            json!({"attributes": {"bucket": text(&["required"]), "class": text(&["optional", "computed"])}});
        let block = json!({
            "attributes": {"policy": text(&["optional"]), "id": text(&["computed"]), "kind": text(&["optional", "computed"])},
            "block_types": {"part": {"nesting_mode": "set", "block": part}},
        });
        let all = json!({"provider_schemas": {"a": {"resource_schemas": {"aws_thing": {"version": 0, "block": block}}}}});
        let schemas = ProviderSchemas::parse(&all.to_string()).unwrap();
        (*schemas.get("a").unwrap().resource("aws_thing").unwrap()).clone()
    }

    /// A value in which `?` is unknown.
    fn data(json: &Json) -> Data {
        match json {
            Json::String(text) if text == "?" => Data::Unknown,
            Json::Array(items) => Data::List(items.iter().map(data).collect()),
            Json::Object(members) => {
                Data::Map(members.iter().map(|(name, json)| (name.clone(), data(json))).collect())
            }
            other => Data::from_json(other).unwrap(),
        }
    }

    fn merged(session: &Session, masked: bool, planned: Json, config: Json, proposed: Json) -> Data {
        let merge = Merge { session, masked, is_aws: true };
        let [planned, config, proposed] = [planned, config, proposed].map(|json| data(&json));
        merge.block(&block(), &planned, &config, &proposed)
    }

    fn session() -> Session {
        Session::new(Salt::First, Surroundings::default())
    }

    #[test]
    fn what_the_provider_knows_stays_and_what_nobody_gave_is_left_to_be_filled() {
        let found = merged(
            &session(),
            false,
            json!({"policy": "{}", "id": "?", "kind": "plain", "part": []}),
            json!({"policy": "{ }", "id": null, "kind": null, "part": []}),
            json!({"policy": "{ }", "id": null, "kind": null, "part": []}),
        );
        assert_eq!(found, data(&json!({"policy": "{}", "id": null, "kind": "plain", "part": []})));
        // What is given stays where the provider makes it unknown, and what is unknown stays so.
        let found = merged(
            &session(),
            false,
            json!({"policy": "?", "id": "?", "kind": "?", "part": []}),
            json!({"policy": "{ }", "id": null, "kind": "?", "part": []}),
            json!({"policy": "{ }", "id": "before", "kind": "?", "part": []}),
        );
        assert_eq!(found, data(&json!({"policy": "{ }", "id": "before", "kind": "?", "part": []})));
    }

    #[test]
    fn an_arn_without_an_account_is_not_the_one_to_come() {
        let kind = |planned: &str, given: Json| {
            let found = merged(
                &session(),
                false,
                json!({"policy": null, "id": null, "kind": planned, "part": []}),
                json!({"policy": null, "id": null, "kind": given, "part": []}),
                json!({"policy": null, "id": null, "kind": given, "part": []}),
            );
            found.get("kind").cloned().unwrap()
        };
        let lacking = "arn:aws:sns:eu-west-1::topic";
        assert_eq!(kind(lacking, Json::Null), Data::Null);
        assert_eq!(kind(lacking, json!(lacking)), Data::text(lacking));
        assert_eq!(kind("", Json::Null), Data::text(""));
        assert!(lacks_account("bucket_account_id", "") && !lacks_account("account_id", "111122223333"));
        for whole in ["arn:aws:s3:::bucket", "arn:aws:sns:eu-west-1:111122223333:topic", "plain"] {
            assert_eq!(kind(whole, Json::Null), Data::text(whole));
        }
    }

    /// The elements of a set come in any order, with defaults in them.
    #[test]
    fn elements_of_sets_are_found_by_what_they_hold() {
        let parts = |of: Json| json!({"policy": null, "id": null, "kind": null, "part": of});
        let given = json!([{"bucket": "x", "class": "?"}, {"bucket": "y", "class": null}]);
        let before = json!([{"bucket": "x", "class": "?"}, {"bucket": "y", "class": "before"}]);
        let found = merged(
            &session(),
            false,
            parts(json!([{"bucket": "y", "class": "?"}, {"bucket": "x", "class": "?"}])),
            parts(given),
            parts(before),
        );
        let expected = json!([{"bucket": "y", "class": "before"}, {"bucket": "x", "class": "?"}]);
        assert_eq!(found.get("part"), Some(&data(&expected)));
    }

    /// A provider that does not see two symbols takes two elements for one.
    #[test]
    fn sets_with_symbols_that_the_provider_did_not_see_are_those_of_the_configuration() {
        let session = session();
        let [x, y] = [1, 2].map(|seed| session.token(Shape::Letters(16), seed));
        let parts = |of: Json| json!({"policy": null, "id": null, "kind": null, "part": of});
        let given = json!([{"bucket": x, "class": null}, {"bucket": y, "class": null}]);
        let planned = json!([{"bucket": "?", "class": "standard"}]);
        let found = merged(&session, true, parts(planned), parts(given.clone()), parts(given.clone()));
        assert_eq!(found.get("part"), Some(&data(&given)));
    }
}
