//! The state that is planned for a resource: what is given, defaults, and answers for what is computed.

use super::aws::{Answer, Resource};
use super::configured::Configured;
use super::made::{Maker, Place};
use super::schema::{Attribute, Block, Nesting, Type};
use super::session::Session;
use super::value::{Data, ValueError};
use narrows_model::token::Hash;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// The defaults of optional arguments, by type and dotted path.
const DEFAULTS: &str = include_str!("../../schema/defaults.json");

/// The defaults of one resource type.
#[derive(Debug, Default)]
pub(super) struct Defaults(BTreeMap<String, Data>);

impl Defaults {
    /// The defaults of all types that have some.
    pub(super) fn embedded() -> Result<BTreeMap<String, Self>, ValueError> {
        let all: BTreeMap<String, BTreeMap<String, Json>> = serde_json::from_str(DEFAULTS)?;
        let of = |paths: BTreeMap<String, Json>| {
            let paths = paths.into_iter().map(|(path, json)| Ok((path, Data::from_json(&json)?)));
            Ok::<_, ValueError>(Self(paths.collect::<Result<_, ValueError>>()?))
        };
        all.into_iter().map(|(type_name, paths)| Ok((type_name, of(paths)?))).collect()
    }
}

/// What a plan of one resource starts from.
pub(super) struct Change<'a> {
    pub(super) session: &'a Session,
    pub(super) provider: &'a Configured,
    pub(super) type_name: &'a str,
    pub(super) block: &'a Block,
    pub(super) defaults: Option<&'a Defaults>,
    /// What the configuration says.
    pub(super) config: &'a Data,
    /// The configuration as it came, to tell resources apart.
    pub(super) raw_config: &'a [u8],
    /// The state before; `None` for a new resource.
    pub(super) prior: Option<&'a Data>,
    /// What is known to have no value, by the real provider.
    pub(super) nulls: BTreeSet<String>,
}

impl Change<'_> {
    /// The planned state, from what the engine proposes.
    pub(super) fn planned(&self, proposed: &Data) -> Result<Data, ValueError> {
        let Data::Map(proposed) = proposed else { return Ok(proposed.clone()) };
        let provider = self.provider.identity.to_le_bytes();
        let same = Hash::of(&[
            self.type_name.as_bytes(),
            &provider,
            &self.session.neutral(self.raw_config).to_le_bytes(),
        ]);
        // Instances with one configuration are told apart by counting them, those that exist by what they are.
        let instance = match self.prior {
            Some(prior) => self.session.neutral(&prior.to_msgpack()?),
            None => self.session.occurrence(same),
        };
        let maker = Maker {
            session: self.session,
            type_name: self.type_name,
            partition: self.provider.partition(self.session, self.config.get("region")),
            identity: Hash::of(&[&same.to_le_bytes(), &instance.to_le_bytes()]),
        };
        let is_given = |name: &String| self.config.get(name).is_some_and(|value| !value.is_null());
        let mut given = proposed.clone();
        for (name, attribute) in &self.block.attributes {
            if attribute.computed && !is_given(name) {
                given.extend(self.top(&maker, name)?.map(|value| (name.clone(), value)));
            }
        }
        let mut state = self.filled(&maker, &given, self.block, &Place::default());
        // What exists without a value keeps having none.
        let is_null = |name: &String| {
            self.nulls.contains(name)
                || self.prior.and_then(|prior| prior.get(name)).is_some_and(Data::is_null)
        };
        let computed = self.block.attributes.iter().filter(|(_, attribute)| attribute.computed);
        for (name, _) in computed.filter(|(name, _)| is_null(name)) {
            if given.get(name).is_none_or(Data::is_null) {
                state.insert(name.clone(), Data::Null);
            }
        }
        let texts = state.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        self.session.plan_without(self.type_name, texts.collect(), unset(self.config, self.block));
        Ok(Data::Map(state))
    }

    /// The value of a computed attribute at the top that a rule, the provider block or the user gives.
    fn top(&self, maker: &Maker<'_>, name: &str) -> Result<Option<Data>, ValueError> {
        if let Some(value) = self.session.set_value(self.type_name, name) {
            return Data::from_json(value).map(Some);
        }
        let Data::Map(given) = self.config else { return Ok(None) };
        if !self.type_name.starts_with("aws_") {
            return Ok(None);
        }
        if name == "tags_all" {
            return Ok(Some(self.provider.tags_all(given.get("tags"))));
        }
        let resource = Resource { maker: *maker, provider: self.provider, given };
        let had = self.prior.and_then(|prior| prior.get(name)).filter(|value| !value.is_null());
        let give = |text: String, token: &str| {
            self.session.give(self.type_name, name, &text, token);
            Data::Text(text)
        };
        Ok(match resource.answer(name) {
            None => None,
            Some(Answer::Exact(text)) => Some(Data::Text(text)),
            Some(Answer::WithAccount(text, token)) => Some(give(text, &token)),
            // A symbol once given stays.
            Some(Answer::Symbol { .. } | Answer::Unknown) if had.is_some() => None,
            Some(Answer::Symbol { text, token }) => Some(give(text, &token)),
            Some(Answer::Unknown) => Some(Data::Unknown),
        })
    }

    fn filled(
        &self,
        maker: &Maker<'_>,
        given: &BTreeMap<String, Data>,
        block: &Block,
        place: &Place,
    ) -> BTreeMap<String, Data> {
        let mut state = given.clone();
        for (name, attribute) in &block.attributes {
            let value = given.get(name).unwrap_or(&Data::Null);
            state.insert(name.clone(), self.attribute(maker, value, attribute, &place.then(name)));
        }
        for (name, nested) in &block.blocks {
            let Some(value) = given.get(name) else { continue };
            let place = place.then(name);
            state.insert(
                name.clone(),
                each(value, nested.nesting, &place, &mut |item, place| {
                    self.filled(maker, item, &nested.block, place)
                }),
            );
        }
        state
    }

    fn attribute(&self, maker: &Maker<'_>, value: &Data, attribute: &Attribute, place: &Place) -> Data {
        if !value.is_null() {
            let Type::Nested(nesting, fields) = &attribute.r#type else { return value.clone() };
            return each(value, *nesting, place, &mut |item, place| {
                let field = |(name, field): (&String, &Attribute)| {
                    let value = item.get(name).unwrap_or(&Data::Null);
                    (name.clone(), self.attribute(maker, value, field, &place.then(name)))
                };
                fields.iter().map(field).collect()
            });
        }
        if !attribute.computed {
            let default = self.defaults.and_then(|defaults| defaults.0.get(&place.path));
            return default.cloned().unwrap_or(Data::Null);
        }
        match &attribute.r#type {
            Type::Text if !attribute.optional || names_something(&place.path) => maker.text(place),
            _ => Data::Unknown,
        }
    }
}

/// The paths, without indices, of arguments that could be computed and that are null wherever they may stand.
fn unset(config: &Data, block: &Block) -> BTreeSet<String> {
    let mut found = BTreeMap::new();
    collect_unset(config, block, "", &mut found);
    found.into_iter().filter_map(|(path, is_unset)| is_unset.then_some(path)).collect()
}

fn collect_unset(config: &Data, block: &Block, path: &str, found: &mut BTreeMap<String, bool>) {
    let at = |name: &String| if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
    for (name, _) in block.attributes.iter().filter(|(_, attribute)| attribute.computed) {
        let is_null = config.get(name).is_none_or(Data::is_null);
        found.entry(at(name)).and_modify(|all| *all &= is_null).or_insert(is_null);
    }
    for (name, nested) in &block.blocks {
        let Some(value) = config.get(name) else { continue };
        let each: Vec<&Data> = match (value, nested.nesting) {
            (Data::List(items), _) => items.iter().collect(),
            (Data::Map(items), Nesting::Map) => items.values().collect(),
            (Data::Map(_), _) => vec![value],
            _ => Vec::new(),
        };
        for item in each {
            match item {
                Data::Map(_) => collect_unset(item, &nested.block, &at(name), found),
                // Nothing is known of what is in there.
                _ => drop(found.insert(at(name), false)),
            }
        }
    }
}

/// Whether an attribute that could be set holds a name of something, rather than a setting or a document.
///
/// A setting that the provider chooses is a word of few, which code compares with literals; a document is one that
/// nobody has written. A symbol in their place would be taken for a value that it never has.
fn names_something(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    ["id", "arn", "name", "bucket", "endpoint", "url"].contains(&last.rsplit('_').next().unwrap_or(last))
}

/// Whether an attribute holds a document, which code may decode.
fn is_document(name: &str) -> bool {
    name.rsplit('_').next() == Some("policy") || name.ends_with("_json")
}

/// A change of an object or map.
pub(super) type Fill<'a> = dyn FnMut(&BTreeMap<String, Data>, &Place) -> BTreeMap<String, Data> + 'a;

/// Changes each object of a nested block or attribute.
pub(super) fn each(value: &Data, nesting: Nesting, place: &Place, change: &mut Fill<'_>) -> Data {
    match (value, nesting) {
        (Data::Map(item), Nesting::Single | Nesting::Group) => Data::Map(change(item, place)),
        (Data::Map(items), _) => {
            let item = |(key, item): (&String, &Data)| {
                let item = match item {
                    Data::Map(item) => Data::Map(change(item, &place.at(key))),
                    other => other.clone(),
                };
                (key.clone(), item)
            };
            Data::Map(items.iter().map(item).collect())
        }
        (Data::List(items), _) => {
            let item = |(index, item): (usize, &Data)| match item {
                Data::Map(item) => Data::Map(change(item, &place.at(index))),
                other => other.clone(),
            };
            Data::List(items.iter().enumerate().map(item).collect())
        }
        (other, _) => other.clone(),
    }
}

/// Gives a state that lacks attributes the shape of the schema.
///
/// What is computed and not in the state, since it was not known when it was written, is made up: see [`Maker::value`].
pub(super) fn complete(maker: &Maker<'_>, state: &Data, block: &Block, place: &Place) -> Data {
    let Data::Map(given) = state else { return state.clone() };
    let mut full = BTreeMap::new();
    for (name, attribute) in &block.attributes {
        let value = match given.get(name) {
            None if attribute.computed && attribute.optional && is_document(name) => maker.document(),
            None if attribute.computed => maker.value(&attribute.r#type, &place.then(name)),
            None => Data::Null,
            Some(value) if attribute.r#type == Type::Dynamic => dynamic(value),
            Some(value) => value.clone(),
        };
        full.insert(name.clone(), value);
    }
    for (name, nested) in &block.blocks {
        let place = place.then(name);
        let value = match (given.get(name), nested.nesting) {
            (None | Some(Data::Null), Nesting::List | Nesting::Set) => Data::List(Vec::new()),
            (None | Some(Data::Null), Nesting::Map) => Data::Map(BTreeMap::new()),
            (None | Some(Data::Null), Nesting::Single) => Data::Null,
            (None | Some(Data::Null), Nesting::Group) => {
                complete(maker, &Data::Map(BTreeMap::new()), &nested.block, &place)
            }
            (Some(value), nesting) => each(value, nesting, &place, &mut |item, place| match complete(
                maker,
                &Data::Map(item.clone()),
                &nested.block,
                place,
            ) {
                Data::Map(item) => item,
                _ => item.clone(),
            }),
        };
        full.insert(name.clone(), value);
    }
    Data::Map(full)
}

/// A value of dynamic type, which a state writes as an object and the protocol as a pair with the type first.
fn dynamic(state: &Data) -> Data {
    match (state.get("type").map(type_json), state.get("value")) {
        (Some(Some(of)), Some(value)) => {
            Data::List(vec![Data::Other(rmpv::Value::Binary(of.into_bytes())), value.clone()])
        }
        _ => state.clone(),
    }
}

/// A type as JSON, from the JSON of a state.
fn type_json(of: &Data) -> Option<String> {
    fn json(of: &Data) -> Option<Json> {
        match of {
            Data::Text(text) => Some(Json::from(text.as_str())),
            Data::List(items) => items.iter().map(json).collect(),
            Data::Map(members) => {
                let member = |(name, of): (&String, &Data)| Some((name.clone(), json(of)?));
                members.iter().map(member).collect::<Option<_>>().map(Json::Object)
            }
            _ => None,
        }
    }
    json(of).map(|json| json.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::schema::ProviderSchemas;
    use super::super::session::{Salt, Surroundings};
    use super::*;
    use crate::symbolic::Given;
    use serde_json::json;

    const AWS: &str = "registry.terraform.io/hashicorp/aws";

    fn session(salt: Salt) -> Session {
        Session::new(
            salt,
            Surroundings { account: Some("111122223333".parse().unwrap()), ..Surroundings::default() },
        )
    }

    fn to_json(data: &Data) -> Json {
        match data {
            Data::Null => Json::Null,
            Data::Unknown => json!("(unknown)"),
            Data::Bool(value) => json!(value),
            Data::Number(number) => json!(number.as_i64()),
            Data::Text(text) => json!(text),
            Data::List(items) => items.iter().map(to_json).collect(),
            Data::Map(members) => {
                Json::Object(members.iter().map(|(name, data)| (name.clone(), to_json(data))).collect())
            }
            Data::Other(_) => json!("(other)"),
        }
    }

    /// A configuration as the engine sends it: with null for each attribute that is not given.
    fn config(block: &Block, given: &Json) -> Data {
        let Data::Map(given) = Data::from_json(given).unwrap() else { panic!("expected an object") };
        let nulls = block.attributes.keys().map(|name| (name.clone(), Data::Null));
        Data::Map(nulls.chain(given).collect())
    }

    /// The plan of a resource by a provider in eu-central-1 with default tags.
    fn plan(session: &Session, type_name: &str, given: &Json, prior: Option<&Data>) -> Data {
        let provider = json!({"region": "eu-central-1", "default_tags": [{"tags": {"team": "data"}}]});
        plan_by(session, &provider, type_name, given, prior)
    }

    fn plan_by(
        session: &Session,
        provider: &Json,
        type_name: &str,
        given: &Json,
        prior: Option<&Data>,
    ) -> Data {
        let schema = ProviderSchemas::embedded().unwrap().get(AWS).unwrap();
        let block = &schema.resource(type_name).unwrap();
        let config = config(block, given);
        let defaults = Defaults::embedded().unwrap();
        let change = Change {
            session,
            provider: &Configured::read(session, &Data::from_json(provider).unwrap()),
            type_name,
            block,
            defaults: defaults.get(type_name),
            config: &config,
            raw_config: &config.to_msgpack().unwrap(),
            prior,
            nulls: BTreeSet::new(),
        };
        // What the engine proposes: the configuration, and the state before for what is computed.
        let proposed = match (&config, prior) {
            (Data::Map(config), Some(Data::Map(prior))) => {
                let both = |(name, value): (&String, &Data)| {
                    let computed = block.attributes.get(name).is_some_and(|attribute| attribute.computed);
                    let kept = if computed && value.is_null() { prior.get(name) } else { None };
                    (name.clone(), kept.unwrap_or(value).clone())
                };
                Data::Map(config.iter().map(both).collect())
            }
            _ => config.clone(),
        };
        change.planned(&proposed).unwrap()
    }

    fn new(type_name: &str, given: Json) -> Json {
        to_json(&plan(&session(Salt::First), type_name, &given, None))
    }

    #[test]
    fn what_follows_from_a_name_is_exact() {
        let bucket = new("aws_s3_bucket", json!({"bucket": "logs"}));
        assert_eq!(bucket["id"], "logs");
        assert_eq!(bucket["arn"], "arn:aws:s3:::logs");
        assert_eq!(bucket["bucket_domain_name"], "logs.s3.amazonaws.com");
        assert_eq!(bucket["bucket_regional_domain_name"], "logs.s3.eu-central-1.amazonaws.com");
        assert_eq!(bucket["region"], "eu-central-1");

        let role = new("aws_iam_role", json!({"name": "reader", "path": "/data/"}));
        assert_eq!(
            (&role["arn"], &role["id"]),
            (&json!("arn:aws:iam::111122223333:role/data/reader"), &json!("reader"))
        );
        let user = new("aws_iam_user", json!({"name": "ada"}));
        assert_eq!(user["arn"], "arn:aws:iam::111122223333:user/ada");
        let policy = new("aws_iam_policy", json!({"name": "read"}));
        assert_eq!(
            (&policy["arn"], &policy["id"]),
            (&json!("arn:aws:iam::111122223333:policy/read"), &policy["arn"])
        );
        assert_eq!(policy["path"], "/");

        let topic = new("aws_sns_topic", json!({"name": "alarms"}));
        assert_eq!(topic["arn"], "arn:aws:sns:eu-central-1:111122223333:alarms");
        let alias = new("aws_kms_alias", json!({"name": "alias/data"}));
        assert_eq!(alias["arn"], "arn:aws:kms:eu-central-1:111122223333:alias/data");
        let point = new("aws_s3_access_point", json!({"name": "in", "bucket": "logs"}));
        assert_eq!(point["arn"], "arn:aws:s3:eu-central-1:111122223333:accesspoint/in");
        let policy = new("aws_s3_bucket_policy", json!({"bucket": "logs"}));
        assert_eq!(policy["id"], "logs");
        let metric = new("aws_s3_bucket_metric", json!({"bucket": "logs", "name": "all"}));
        assert_eq!(metric["id"], "logs:all");
    }

    #[test]
    fn the_partition_is_that_of_the_region() {
        let session = session(Salt::First);
        let given = json!({"bucket": "logs"});
        let bucket = plan_by(&session, &json!({"region": "cn-north-1"}), "aws_s3_bucket", &given, None);
        assert_eq!(to_json(&bucket)["arn"], "arn:aws-cn:s3:::logs");
        assert_eq!(to_json(&bucket)["bucket_regional_domain_name"], "logs.s3.cn-north-1.amazonaws.com.cn");
    }

    #[test]
    fn the_alias_of_an_mrap_stands_in_all_that_holds_it() {
        let mrap = new(
            "aws_s3control_multi_region_access_point",
            json!({"details": [{"name": "data", "region": []}]}),
        );
        let alias = mrap["alias"].as_str().unwrap();
        assert!(alias.parse::<narrows_model::MrapAlias>().is_ok(), "{alias}");
        assert_eq!(mrap["arn"], format!("arn:aws:s3::111122223333:accesspoint/{alias}"));
        assert_eq!(mrap["domain_name"], format!("{alias}.accesspoint.s3-global.amazonaws.com"));
        assert_eq!((&mrap["id"], &mrap["account_id"]), (&json!("111122223333:data"), &json!("111122223333")));
    }

    #[test]
    fn the_account_that_a_resource_names_is_its_own() {
        let mut given = json!({"account_id": "444455556666", "details": [{"name": "data", "region": []}]});
        let mrap = new("aws_s3control_multi_region_access_point", given.clone());
        let alias = mrap["alias"].as_str().unwrap();
        assert_eq!(mrap["arn"], format!("arn:aws:s3::444455556666:accesspoint/{alias}"));
        assert_eq!((&mrap["id"], &mrap["account_id"]), (&json!("444455556666:data"), &json!("444455556666")));
        given["details"][0]["policy"] = json!("{}");
        let policy = new("aws_s3control_multi_region_access_point_policy", given);
        assert_eq!(policy["id"], "444455556666:data");
        let point =
            new("aws_s3_access_point", json!({"account_id": "444455556666", "name": "in", "bucket": "logs"}));
        assert_eq!(point["arn"], "arn:aws:s3:eu-central-1:444455556666:accesspoint/in");
    }

    #[test]
    fn what_holds_a_partition_that_is_not_known_is_unknown() {
        let session = session(Salt::First);
        let unknown = json!({"region": "eusc-de-east-9"});
        let plan =
            |type_name: &str, given: Json| to_json(&plan_by(&session, &unknown, type_name, &given, None));
        let bucket = plan("aws_s3_bucket", json!({"bucket": "logs"}));
        for attribute in ["arn", "bucket_domain_name", "bucket_regional_domain_name"] {
            assert_eq!(bucket[attribute], "(unknown)", "{attribute}");
        }
        assert_eq!(bucket["id"], "logs");
        let role = plan("aws_iam_role", json!({"name": "reader"}));
        assert_eq!(role["arn"], "(unknown)");
        let mrap = plan(
            "aws_s3control_multi_region_access_point",
            json!({"details": [{"name": "data", "region": []}]}),
        );
        assert_eq!((&mrap["arn"], &mrap["domain_name"]), (&json!("(unknown)"), &json!("(unknown)")));
        assert!(mrap["alias"].as_str().unwrap().parse::<narrows_model::MrapAlias>().is_ok());
        // What the resource says of itself is known.
        let other = plan_by(
            &session,
            &json!({}),
            "aws_s3_bucket",
            &json!({"bucket": "logs", "region": "cn-north-1"}),
            None,
        );
        assert_eq!(to_json(&other)["arn"], "arn:aws-cn:s3:::logs");
    }

    #[test]
    fn ids_have_the_shape_that_aws_gives_them() {
        let key = new("aws_kms_key", json!({}));
        let id = key["key_id"].as_str().unwrap();
        assert_eq!((id.len(), &key["id"]), (36, &key["key_id"]));
        assert_eq!(key["arn"], format!("arn:aws:kms:eu-central-1:111122223333:key/{id}"));
        let several = new("aws_kms_key", json!({"multi_region": true}));
        assert!(several["key_id"].as_str().unwrap().starts_with("mrk-"));
        let primary = "arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";
        let replica = new("aws_kms_replica_key", json!({"primary_key_arn": primary}));
        assert_eq!(replica["key_id"], "mrk-1234abcd12ab34cd56ef1234567890ab");
        assert_eq!(replica["arn"], primary.replace("us-east-1", "eu-central-1"));

        let endpoint = new("aws_vpc_endpoint", json!({"vpc_id": "vpc-1"}));
        let id = endpoint["id"].as_str().unwrap();
        assert!(id.parse::<narrows_model::VpcEndpointId>().is_ok(), "{id}");
        assert_eq!(endpoint["arn"], format!("arn:aws:ec2:eu-central-1:111122223333:vpc-endpoint/{id}"));
        let group = new("aws_security_group", json!({"vpc_id": "vpc-1"}));
        assert!(group["id"].as_str().unwrap().parse::<narrows_model::SecurityGroupId>().is_ok());
    }

    #[test]
    fn a_name_that_the_provider_makes_up_starts_with_its_prefix() {
        for (given, prefix) in [(json!({"bucket_prefix": "log-"}), "log-"), (json!({}), "terraform-")] {
            let session = session(Salt::First);
            let bucket = to_json(&plan(&session, "aws_s3_bucket", &given, None));
            let name = bucket["bucket"].as_str().unwrap();
            assert!(name.parse::<narrows_model::BucketName>().is_ok() && name.starts_with(prefix), "{name}");
            assert_eq!(
                (&bucket["id"], &bucket["arn"]),
                (&bucket["bucket"], &json!(format!("arn:aws:s3:::{name}")))
            );
            let given = session.given();
            let arn = given.iter().find(|given| given.attribute == "arn").unwrap();
            assert!(name.ends_with(&arn.token) && arn.text.ends_with(&arn.token), "{arn:?}");
        }
    }

    #[test]
    fn what_follows_from_an_unknown_argument_is_unknown() {
        let schema = ProviderSchemas::embedded().unwrap().get(AWS).unwrap();
        let block = &schema.resource("aws_s3_bucket").unwrap();
        let mut config = config(block, &json!({}));
        if let Data::Map(members) = &mut config {
            members.insert("bucket".to_owned(), Data::Unknown);
        }
        let session = session(Salt::First);
        let change = Change {
            session: &session,
            provider: &Configured::read(&session, &Data::Null),
            type_name: "aws_s3_bucket",
            block,
            defaults: None,
            config: &config,
            raw_config: &[],
            prior: None,
            nulls: BTreeSet::new(),
        };
        let bucket = change.planned(&config).unwrap();
        assert_eq!((bucket.get("id"), bucket.get("arn")), (Some(&Data::Unknown), Some(&Data::Unknown)));
    }

    #[test]
    fn what_could_be_computed_and_is_null_wherever_it_may_stand_is_unset() {
        let schema = ProviderSchemas::embedded().unwrap().get(AWS).unwrap();
        let of = |type_name: &str, given: &Json| {
            let block = schema.resource(type_name).unwrap();
            unset(&config(&block, given), &block)
        };
        let bucket = of("aws_s3_bucket", &json!({"bucket": "logs", "policy": "{}"}));
        assert!(bucket.contains("bucket_prefix") && bucket.contains("arn"), "{bucket:?}");
        assert!(
            !bucket.contains("bucket") && !bucket.contains("policy") && !bucket.contains("force_destroy")
        );
        let rules = |prefixes: [Json; 2]| {
            let [one, other] = prefixes.map(|prefix| json!({"id": "x", "filter": [{"prefix": prefix}]}));
            of("aws_s3_bucket_lifecycle_configuration", &json!({"rule": [one, other]}))
        };
        assert!(rules([Json::Null, Json::Null]).contains("rule.filter.prefix"));
        assert!(!rules([Json::Null, json!("a/")]).contains("rule.filter.prefix"));
        // A block that is not known yet.
        let block = schema.resource("aws_s3_bucket_lifecycle_configuration").unwrap();
        let hidden = Data::Map([("rule".to_owned(), Data::List(vec![Data::Unknown]))].into());
        assert!(!unset(&hidden, &block).iter().any(|path| path.starts_with("rule")));
    }

    #[test]
    fn defaults_and_tags_are_those_of_the_provider() {
        let bucket = new("aws_s3_bucket", json!({"bucket": "logs", "tags": {"team": "logs", "a": "b"}}));
        assert_eq!(bucket["tags_all"], json!({"team": "logs", "a": "b"}));
        assert_eq!(bucket["force_destroy"], false);
        let block = json!({"details": [{"name": "data", "public_access_block": [{"block_public_acls": false}], "region": []}]});
        let mrap = new("aws_s3control_multi_region_access_point", block);
        let block = &mrap["details"][0]["public_access_block"][0];
        assert_eq!(
            (&block["block_public_acls"], &block["block_public_policy"]),
            (&json!(false), &json!(true))
        );
    }

    #[test]
    fn numbers_and_collections_stay_unknown_and_given_values_stay_as_they_are() {
        let endpoint = new("aws_vpc_endpoint", json!({"vpc_id": "vpc-1", "policy": "{}"}));
        assert_eq!(endpoint["network_interface_ids"], "(unknown)");
        assert_eq!(endpoint["policy"], "{}");
        // Settings and documents that the provider chooses are no names.
        let bucket = new("aws_s3_bucket", json!({"bucket": "logs"}));
        assert_eq!((&bucket["policy"], &bucket["acl"]), (&json!("(unknown)"), &json!("(unknown)")));
    }

    #[test]
    fn instances_with_the_same_configuration_have_symbols_of_their_own_in_either_salt() {
        let given = json!({"vpc_id": "vpc-1"});
        let ids = [Salt::First, Salt::Second].map(|salt| {
            let session = session(salt);
            [0, 1].map(|_| to_json(&plan(&session, "aws_vpc_endpoint", &given, None))["id"].clone())
        });
        assert!(ids[0][0] != ids[0][1] && ids[1][0] != ids[1][1]);
        let digits = |id: &Json| id.as_str().unwrap().trim_start_matches("vpce-").to_owned();
        assert!(digits(&ids[0][0]).chars().all(|digit| !digits(&ids[1][0]).contains(digit)));
    }

    #[test]
    fn every_symbol_is_told_with_its_attribute() {
        let session = session(Salt::First);
        let role = to_json(&plan(&session, "aws_iam_role", &json!({"name": "reader"}), None));
        let given = session.given();
        let unique = given.iter().find(|given| given.attribute == "unique_id").unwrap();
        assert_eq!(role["unique_id"], unique.text);
        assert!(given.iter().all(|Given { attribute, .. }| attribute != "arn"), "{given:?}");
    }

    #[test]
    fn the_account_is_a_symbol_where_it_is_not_known() {
        let session = Session::new(Salt::Second, Surroundings::default());
        let role = to_json(&plan(&session, "aws_iam_role", &json!({"name": "reader"}), None));
        let given = session.given();
        let account = given.iter().find(|given| given.type_name == "aws_caller_identity").unwrap();
        assert_eq!(role["arn"], format!("arn:aws:iam::{}:role/reader", account.text));
        assert!(account.text.parse::<narrows_model::AccountId>().is_ok());
        assert!(given.iter().any(|given| given.attribute == "arn" && given.token == account.token));
    }

    #[test]
    fn a_value_that_the_user_sets_takes_the_place_of_a_symbol() {
        let set = BTreeMap::from([("aws_s3_bucket.hosted_zone_id".to_owned(), json!("Z21DNDUVLTQW6Q"))]);
        let session = Session::new(Salt::First, Surroundings { set, ..Surroundings::default() });
        let bucket = to_json(&plan(&session, "aws_s3_bucket", &json!({"bucket": "logs"}), None));
        assert_eq!(bucket["hosted_zone_id"], "Z21DNDUVLTQW6Q");
    }

    #[test]
    fn what_exists_keeps_its_symbols_and_takes_exact_values_once_they_are_known() {
        let session = session(Salt::First);
        let given = json!({"vpc_id": "vpc-1"});
        let Data::Map(mut prior) = plan(&session, "aws_vpc_endpoint", &given, None) else {
            panic!("no state")
        };
        // A run with the state of another, in which what was unknown has been made up.
        prior.retain(|_, value| *value != Data::Unknown);
        let schema = ProviderSchemas::embedded().unwrap().get(AWS).unwrap();
        let maker = Maker {
            session: &session,
            type_name: "aws_vpc_endpoint",
            partition: Some(narrows_model::Partition::Aws),
            identity: 1,
        };
        let block = &schema.resource("aws_vpc_endpoint").unwrap();
        let prior = complete(&maker, &Data::Map(prior), block, &Place::default());
        assert!(!to_json(&prior).to_string().contains("(unknown)"));
        let again = plan(&session, "aws_vpc_endpoint", &given, Some(&prior));
        let Data::Map(again) = again else { panic!("no state") };
        for (name, value) in again {
            assert_eq!(Some(&value), prior.get(&name), "{name}");
        }
    }

    #[test]
    fn a_state_gets_what_it_lacks_different_in_the_two_salts() {
        let states = [Salt::First, Salt::Second].map(|salt| {
            let session = session(salt);
            let maker = Maker {
                session: &session,
                type_name: "aws_vpc_endpoint",
                partition: Some(narrows_model::Partition::Aws),
                identity: 1,
            };
            let schema = ProviderSchemas::embedded().unwrap().get(AWS).unwrap();
            let block = &schema.resource("aws_vpc_endpoint").unwrap();
            let state = Data::from_json(&json!({"id": "vpce-1", "gone": 1, "state": null})).unwrap();
            to_json(&complete(&maker, &state, block, &Place::default()))
        });
        let [first, second] = states;
        assert_eq!(first["id"], "vpce-1");
        assert_eq!((first.get("gone"), &first["state"]), (None, &Json::Null));
        assert_eq!(first["vpc_id"], Json::Null);
        let document =
            |state: &Json| serde_json::from_str::<Json>(state["policy"].as_str().unwrap()).unwrap();
        assert_ne!(document(&first)["Statement"], document(&second)["Statement"]);
        let length = |state: &Json| state["network_interface_ids"].as_array().unwrap().len();
        assert_eq!((length(&first), length(&second)), (3, 4));
        assert_ne!(first["requester_managed"], second["requester_managed"]);
    }
}
