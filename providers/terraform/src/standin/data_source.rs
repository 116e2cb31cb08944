//! What data sources answer: exactly where nothing but the arguments and the surroundings count, symbols elsewhere.

use super::aws::dns_suffix;
use super::configured::Configured;
use super::document;
use super::made::{Maker, Place};
use super::schema::{Attribute, Block, NestedBlock, Type};
use super::session::Session;
use super::value::{Data, ValueError};
use narrows_model::token::Hash;
use narrows_model::{Partition, Region};
use std::collections::BTreeMap;

/// One read of a data source.
pub(super) struct Read<'a> {
    pub(super) session: &'a Session,
    pub(super) provider: &'a Configured,
    pub(super) type_name: &'a str,
    pub(super) block: &'a Block,
    pub(super) config: &'a Data,
    /// The arguments as they came, to tell reads apart.
    pub(super) raw_config: &'a [u8],
}

/// Why a data source has no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    /// The arguments make no document.
    #[error("{0}")]
    Document(String),
    /// A value that the user gave is none.
    #[error(transparent)]
    Value(#[from] ValueError),
}

impl Read<'_> {
    /// The state: the arguments, with what is computed answered.
    ///
    /// Two reads with the same arguments by the same provider have the same answer.
    pub(super) fn answer(&self) -> Result<Data, ReadError> {
        let Data::Map(given) = self.config else { return Ok(self.config.clone()) };
        let provider = self.provider.identity.to_le_bytes();
        let config = self.session.neutral(self.raw_config).to_le_bytes();
        let maker = Maker {
            session: self.session,
            type_name: self.type_name,
            partition: self.partition(),
            identity: Hash::of(&[b"data", self.type_name.as_bytes(), &provider, &config]),
        };
        let mut given = given.clone();
        let exact = self.exact(&given)?;
        for (name, attribute) in &self.block.attributes {
            let is_given = given.get(name).is_some_and(|value| !value.is_null());
            if attribute.computed && !is_given {
                let set = self.session.set_value(self.type_name, name);
                let set = set.map(Data::from_json).transpose()?;
                given.extend(
                    set.or_else(|| exact.get(name.as_str()).cloned()).map(|value| (name.clone(), value)),
                );
            }
        }
        Ok(Data::Map(filled(&maker, &given, self.block, &Place::default())))
    }

    fn partition(&self) -> Option<Partition> {
        self.provider.partition(self.session, self.config.get("region"))
    }

    /// The Region that is read in, unless the attribute tells something else: before version 6 of the provider it is no
    /// argument, and that of a bucket is the bucket's own.
    fn region(&self) -> Option<String> {
        let is_argument = self.block.attributes.get("region").is_some_and(|attribute| attribute.optional);
        is_argument.then(|| self.provider.region(self.session))
    }

    /// The attributes that are known.
    fn exact(&self, given: &BTreeMap<String, Data>) -> Result<BTreeMap<&'static str, Data>, ReadError> {
        Ok(match self.type_name {
            "aws_caller_identity" => {
                let (account, _) = self.provider.account(self.session);
                BTreeMap::from([("account_id", Data::text(account.as_str())), ("id", Data::text(account))])
            }
            "aws_partition" => {
                let Some(partition) = self.partition() else { return Ok(BTreeMap::new()) };
                let suffix = dns_suffix(partition);
                let reverse = suffix.rsplit('.').collect::<Vec<_>>().join(".");
                BTreeMap::from([
                    ("id", Data::text(partition.as_str())),
                    ("partition", Data::text(partition.as_str())),
                    ("dns_suffix", Data::text(suffix)),
                    ("reverse_dns_prefix", Data::text(reverse)),
                ])
            }
            "aws_region" => {
                let named = ["region", "name"].iter().find_map(|argument| given.get(*argument)?.as_str());
                let region = match (named, given.get("endpoint").and_then(Data::as_str)) {
                    (Some(named), _) => named.to_owned(),
                    (None, None) => self.provider.region(self.session),
                    (None, Some(endpoint)) => match of_endpoint(endpoint) {
                        Some(region) => region.to_string(),
                        None => return Ok(BTreeMap::new()),
                    },
                };
                let mut exact = BTreeMap::from([
                    ("id", Data::text(region.as_str())),
                    ("name", Data::text(region.as_str())),
                    ("region", Data::text(region.as_str())),
                ]);
                let partition = region.parse().ok().map(Region::partition).or_else(|| self.partition());
                exact.extend(partition.map(|partition| {
                    ("endpoint", Data::text(format!("ec2.{region}.{}", dns_suffix(partition))))
                }));
                exact
            }
            "aws_iam_policy_document" => {
                let (wide, narrow) = document::texts(self.config).map_err(ReadError::Document)?;
                BTreeMap::from([("json", Data::text(wide)), ("minified_json", Data::text(narrow))])
            }
            "aws_s3_bucket" => match given.get("bucket") {
                Some(Data::Text(bucket)) => {
                    let arn =
                        self.partition().map(|of| ("arn", Data::text(format!("arn:{of}:s3:::{bucket}"))));
                    let region = self.region().map(|region| ("region", Data::text(region)));
                    [("id", Data::text(bucket.as_str()))].into_iter().chain(arn).chain(region).collect()
                }
                _ => BTreeMap::new(),
            },
            other if other.starts_with("aws_") => {
                self.region().map(|region| ("region", Data::text(region))).into_iter().collect()
            }
            _ => BTreeMap::new(),
        })
    }
}

/// The Region of an endpoint of EC2.
fn of_endpoint(endpoint: &str) -> Option<Region> {
    endpoint.strip_prefix("ec2.")?.split('.').next()?.parse().ok()
}

fn filled(
    maker: &Maker<'_>,
    given: &BTreeMap<String, Data>,
    block: &Block,
    place: &Place,
) -> BTreeMap<String, Data> {
    let attribute = |(name, attribute): (&String, &Attribute)| {
        let value = given.get(name).unwrap_or(&Data::Null);
        (name.clone(), attribute_value(maker, value, attribute, &place.then(name)))
    };
    let nested = |(name, nested): (&String, &NestedBlock)| {
        let value = given.get(name)?;
        let place = place.then(name);
        let value = super::fill::each(value, nested.nesting, &place, &mut |item, place| {
            filled(maker, item, &nested.block, place)
        });
        Some((name.clone(), value))
    };
    block.attributes.iter().map(attribute).chain(block.blocks.iter().filter_map(nested)).collect()
}

fn attribute_value(maker: &Maker<'_>, value: &Data, attribute: &Attribute, place: &Place) -> Data {
    match (value, &attribute.r#type) {
        (Data::Null, of) if attribute.computed => maker.value(of, place),
        (value, Type::Nested(nesting, fields)) => {
            super::fill::each(value, *nesting, place, &mut |item, place| {
                let field = |(name, field): (&String, &Attribute)| {
                    let value = item.get(name).unwrap_or(&Data::Null);
                    (name.clone(), attribute_value(maker, value, field, &place.then(name)))
                };
                fields.iter().map(field).collect()
            })
        }
        (value, _) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::{ProviderSchema, ProviderSchemas};
    use super::super::session::{Salt, Surroundings};
    use super::*;
    use serde_json::json;
    use std::sync::Arc;

    /// The AWS provider's schema, else the only one.
    fn schema_of(schemas: &ProviderSchemas) -> Arc<ProviderSchema> {
        let aws = schemas.get("registry.terraform.io/hashicorp/aws");
        aws.or_else(|| schemas.get(schemas.sources().next()?)).unwrap()
    }

    fn read(session: &Session, schemas: &ProviderSchemas, type_name: &str, given: serde_json::Value) -> Data {
        let provider = Configured::read(session, &Data::Null);
        read_by(session, &provider, schemas, type_name, given)
    }

    fn read_by(
        session: &Session,
        provider: &Configured,
        schemas: &ProviderSchemas,
        type_name: &str,
        given: serde_json::Value,
    ) -> Data {
        let schema = schema_of(schemas);
        let config = Data::from_json(&given).unwrap();
        let raw_config = &config.to_msgpack().unwrap();
        let block = &schema.data_source(type_name).unwrap();
        Read { session, provider, type_name, block, config: &config, raw_config }.answer().unwrap()
    }

    fn known() -> Surroundings {
        let account = Some("111122223333".parse().unwrap());
        Surroundings { account, region: Some("us-gov-west-1".parse().unwrap()), ..Surroundings::default() }
    }

    fn text(state: &Data, attribute: &str) -> String {
        state
            .get(attribute)
            .and_then(Data::as_str)
            .unwrap_or_else(|| panic!("{attribute} in {state:?}"))
            .to_owned()
    }

    #[test]
    fn what_the_surroundings_tell_is_exact() {
        let schemas = ProviderSchemas::embedded().unwrap();
        let session = Session::new(Salt::First, known());
        let read = |type_name: &str| read(&session, &schemas, type_name, json!({}));
        assert_eq!(text(&read("aws_caller_identity"), "account_id"), "111122223333");
        assert_eq!(text(&read("aws_partition"), "partition"), "aws-us-gov");
        assert_eq!(text(&read("aws_partition"), "reverse_dns_prefix"), "com.amazonaws");
        assert_eq!(text(&read("aws_region"), "name"), "us-gov-west-1");
    }

    #[test]
    fn the_region_of_the_provider_block_comes_before_the_surroundings() {
        let schemas = ProviderSchemas::embedded().unwrap();
        let session = Session::new(Salt::First, known());
        let block = Data::from_json(&json!({"region": "eu-west-1"})).unwrap();
        let provider = Configured::read(&session, &block);
        let region = read_by(&session, &provider, &schemas, "aws_region", json!({}));
        assert_eq!(text(&region, "region"), "eu-west-1");
        let named = read_by(&session, &provider, &schemas, "aws_region", json!({"region": "eu-west-3"}));
        assert_eq!(text(&named, "id"), "eu-west-3");
        // One that is not known yet is not that of the surroundings.
        let block = Data::Map(BTreeMap::from([("region".to_owned(), Data::Unknown)]));
        let provider = Configured::read(&session, &block);
        let region = text(&read_by(&session, &provider, &schemas, "aws_region", json!({})), "region");
        assert!(session.given().iter().any(|given| given.token == region), "{region}");
    }

    #[test]
    fn what_is_not_known_is_a_symbol_that_two_reads_share_and_two_accounts_do_not() {
        let schemas = ProviderSchemas::embedded().unwrap();
        let session = Session::new(Salt::First, Surroundings::default());
        let by = |block: serde_json::Value| {
            let provider = Configured::read(&session, &Data::from_json(&block).unwrap());
            text(&read_by(&session, &provider, &schemas, "aws_caller_identity", json!({})), "account_id")
        };
        assert_eq!(by(json!({"region": "eu-west-1"})), by(json!({"region": "us-east-1"})));
        assert_ne!(by(json!({"profile": "one"})), by(json!({"profile": "two"})));
    }

    #[test]
    fn a_provider_block_that_takes_a_role_works_in_its_account() {
        let schemas = ProviderSchemas::embedded().unwrap();
        let session = Session::new(Salt::First, known());
        let by = |block: Data| {
            let provider = Configured::read(&session, &block);
            text(&read_by(&session, &provider, &schemas, "aws_caller_identity", json!({})), "account_id")
        };
        let json = |json: serde_json::Value| by(Data::from_json(&json).unwrap());
        let role = |account: &str| json!({"role_arn": format!("arn:aws:iam::{account}:role/deploy")});
        assert_eq!(json(json!({"assume_role": [role("444455556666")]})), "444455556666");
        assert_eq!(
            json(json!({"assume_role": [role("444455556666"), role("777788889999")]})),
            "777788889999"
        );
        assert_eq!(json(json!({"allowed_account_ids": ["444455556666"]})), "444455556666");
        assert_eq!(json(json!({"assume_role": [{"role_arn": null}], "profile": ""})), "111122223333");
        // A role that is not known yet may be of any account.
        let unknown = Data::Map(BTreeMap::from([("role_arn".to_owned(), Data::Unknown)]));
        let block = BTreeMap::from([("assume_role".to_owned(), Data::List(vec![unknown]))]);
        assert_ne!(by(Data::Map(block)), "111122223333");
    }

    /// Whoever's credentials a block names, the account is theirs, and not the one that was given for the others.
    #[test]
    fn a_provider_block_with_credentials_of_its_own_has_an_account_of_its_own() {
        let schemas = ProviderSchemas::embedded().unwrap();
        let session = Session::new(Salt::First, known());
        let by = |name: &str, given: Data| {
            let provider = Configured::read(&session, &Data::Map([(name.to_owned(), given)].into()));
            text(&read_by(&session, &provider, &schemas, "aws_caller_identity", json!({})), "account_id")
        };
        let mut found = std::collections::BTreeSet::new();
        for name in ["profile", "access_key", "secret_key", "token"] {
            found.insert(by(name, Data::text("one")));
            found.insert(by(name, Data::text("two")));
            found.insert(by(name, Data::Unknown));
            assert_eq!(by(name, Data::Null), "111122223333", "{name}");
        }
        for name in ["shared_config_files", "shared_credentials_files"] {
            found.insert(by(name, Data::List(vec![Data::text("/etc/aws")])));
            assert_eq!(by(name, Data::List(Vec::new())), "111122223333", "{name}");
        }
        assert!(!found.contains("111122223333"));
        assert_eq!(found.len(), 14);
    }

    #[test]
    fn the_target_is_the_one_account_of_all_blocks() {
        let target = |blocks: &[serde_json::Value], around: Surroundings| {
            let session = Session::new(Salt::First, around);
            for block in blocks {
                let provider = Configured::read(&session, &Data::from_json(block).unwrap());
                let (account, is_symbol) = provider.works_in(&session);
                session.work_in(account, is_symbol);
            }
            session.target()
        };
        let account = |account: &str| Some(account.parse().unwrap());
        let plain = json!({"region": "eu-west-1"});
        let other = json!({"allowed_account_ids": ["444455556666"]});
        let profile = json!({"profile": "one"});
        let found = target(&[plain.clone(), json!({"region": "eu-west-2"})], known());
        assert_eq!((found.account, found.is_one_account), (account("111122223333"), true));
        let found = target(std::slice::from_ref(&other), known());
        assert_eq!((found.account, found.is_one_account), (account("444455556666"), true));
        // All blocks use the same credentials: the account that was given is theirs.
        let found = target(&[profile.clone(), json!({"profile": "one", "region": "eu-west-1"})], known());
        assert_eq!((found.account, found.is_one_account), (account("111122223333"), true));
        let found = target(std::slice::from_ref(&profile), Surroundings::default());
        assert_eq!((found.account, found.is_one_account), (None, true));
        for blocks in [[plain.clone(), other], [plain, profile]] {
            let found = target(&blocks, known());
            assert_eq!((found.account, found.is_one_account), (None, false));
            let assumed: Vec<String> = found.assumptions.into_iter().collect();
            assert_eq!(
                assumed,
                ["all buckets are in account 111122223333, though provider blocks choose several accounts"]
            );
        }
    }

    #[test]
    fn the_partition_of_a_region_that_is_not_known_is_not_known() {
        let schemas = ProviderSchemas::embedded().unwrap();
        let read = |region: Data, around: Surroundings| {
            let session = Session::new(Salt::First, around);
            let provider = Configured::read(&session, &Data::Map([("region".to_owned(), region)].into()));
            let partition =
                text(&read_by(&session, &provider, &schemas, "aws_partition", json!({})), "partition");
            (partition, session.target().assumptions)
        };
        assert_eq!(read(Data::text("cn-north-1"), known()), ("aws-cn".to_owned(), [].into()));
        for unknown in [Data::Unknown, Data::text("eusc-de-east-9")] {
            let (partition, assumed) = read(unknown, known());
            assert!(!partition.starts_with("aws"), "{partition}");
            assert_eq!(assumed, [].into());
        }
        let (partition, assumed) = read(Data::Null, Surroundings::default());
        assert_eq!(partition, "aws");
        let assumed: Vec<String> = assumed.into_iter().collect();
        assert_eq!(assumed, ["the partition is aws: neither a provider block nor --region names a Region"]);
    }

    /// Before version 6 of the provider `region` was no argument, and that of a bucket where the bucket is.
    #[test]
    fn the_region_of_a_data_source_is_the_providers_where_it_is_an_argument_alone() {
        let schemas = |region: &str| {
            let attributes = format!(
                r#"{{"bucket": {{"type": "string", "required": true}}, "region": {{"type": "string", {region}}}}}"#
            );
            ProviderSchemas::parse(&format!(
                r#"{{"provider_schemas": {{"registry.terraform.io/hashicorp/aws": {{"data_source_schemas": {{"aws_s3_bucket": {{"block": {{"attributes": {attributes}}}}}}}}}}}}}"#
            ))
            .unwrap()
        };
        let session = Session::new(Salt::First, known());
        let given = json!({"bucket": "logs"});
        let read = |schemas: &ProviderSchemas| {
            text(&read(&session, schemas, "aws_s3_bucket", given.clone()), "region")
        };
        assert_eq!(read(&schemas(r#""optional": true, "computed": true"#)), "us-gov-west-1");
        let before = read(&schemas(r#""computed": true"#));
        assert!(session.given().iter().any(|given| given.token == before), "{before}");
    }

    #[test]
    fn a_region_may_be_named_by_its_endpoint() {
        let schemas = ProviderSchemas::embedded().unwrap();
        let session = Session::new(Salt::First, known());
        let read = |given: serde_json::Value| read(&session, &schemas, "aws_region", given);
        let named = read(json!({"endpoint": "ec2.cn-north-1.amazonaws.com.cn"}));
        assert_eq!(text(&named, "id"), "cn-north-1");
        let unknown = text(&read(json!({"endpoint": "ec2.example.com"})), "id");
        assert_ne!(unknown, "us-gov-west-1");
    }

    #[test]
    fn a_policy_document_is_the_providers_text() {
        let schemas = ProviderSchemas::embedded().unwrap();
        let session = Session::new(Salt::First, known());
        let base = r#"{"Statement":[{"Sid":"Base","Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#;
        let given = json!({
            "source_policy_documents": [base],
            "statement": [{
                "sid": "Own", "actions": ["s3:GetObject", "s3:PutObject"], "resources": ["arn:aws:s3:::b/&{aws:userid}"],
                "principals": [{"type": "AWS", "identifiers": ["*"]}],
                "condition": [{"test": "StringLike", "variable": "aws:PrincipalTag/a", "values": ["<b>"]}],
            }],
        });
        let document = read(&session, &schemas, "aws_iam_policy_document", given);
        let expected = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Base",
      "Effect": "Deny",
      "Action": "s3:*",
      "Resource": "*"
    },
    {
      "Sid": "Own",
      "Effect": "Allow",
      "Action": [
        "s3:PutObject",
        "s3:GetObject"
      ],
      "Resource": "arn:aws:s3:::b/${aws:userid}",
      "Principal": {
        "AWS": "*"
      },
      "Condition": {
        "StringLike": {
          "aws:PrincipalTag/a": "\u003cb\u003e"
        }
      }
    }
  ]
}"#;
        assert_eq!(text(&document, "json"), expected);
        let narrow: String = text(&document, "minified_json");
        assert!(!narrow.contains('\n'), "{narrow}");
        let values = [expected, &narrow].map(|json| serde_json::from_str::<serde_json::Value>(json).unwrap());
        assert_eq!(values[0], values[1]);
    }

    #[test]
    fn arguments_that_make_no_document_are_an_error_that_says_why() {
        let schemas = ProviderSchemas::embedded().unwrap();
        let schema = schema_of(&schemas);
        let session = Session::new(Salt::First, known());
        let config = Data::from_json(&json!({"source_policy_documents": ["not JSON"]})).unwrap();
        let type_name = "aws_iam_policy_document";
        let block = &schema.data_source(type_name).unwrap();
        let provider = &Configured::read(&session, &Data::Null);
        let read = Read { session: &session, provider, type_name, block, config: &config, raw_config: &[] };
        let error = read.answer().unwrap_err().to_string();
        assert!(error.contains("aws_iam_policy_document") && error.contains("not JSON"), "{error}");
    }

    #[test]
    fn what_is_made_up_differs_in_the_two_salts() {
        let types = [
            r#""string""#,
            r#""number""#,
            r#""bool""#,
            r#"["list","string"]"#,
            r#"["set","number"]"#,
            r#"["map","bool"]"#,
        ];
        let attributes = types
            .iter()
            .enumerate()
            .map(|(index, of)| format!(r#""a{index}": {{"type": {of}, "computed": true}}"#));
        let block = format!(r#"{{"attributes": {{{}}}}}"#, attributes.collect::<Vec<_>>().join(","));
        let schemas = ProviderSchemas::parse(&format!(
            r#"{{"provider_schemas": {{"h/n/other": {{"data_source_schemas": {{"other_thing": {{"block": {block}}}}}}}}}}}"#
        ))
        .unwrap();
        let [first, second, third] = [Salt::First, Salt::Second, Salt::Third].map(|salt| {
            let session = Session::new(salt, Surroundings::default());
            let read = read(&session, &schemas, "other_thing", json!({}));
            assert!(session.has_made_up());
            read
        });
        for (index, of) in types.iter().enumerate() {
            let attribute = format!("a{index}");
            assert!(first.get(&attribute).is_some_and(|value| !value.is_null()));
            assert_ne!(first.get(&attribute), second.get(&attribute), "{of}");
        }
        let size = |state: &Data, attribute: &str| state.get(attribute).unwrap().items().len();
        assert_eq!((size(&first, "a3"), size(&second, "a3")), (3, 4));
        assert_eq!((size(&first, "a4"), size(&second, "a4")), (1, 2));
        // Whether there is something in a list shows, and whether a number is there.
        assert_eq!((size(&third, "a3"), size(&third, "a4")), (0, 0));
        assert_eq!(third.get("a5"), Some(&Data::Map(BTreeMap::new())));
        let number = |state: &Data| match state.get("a1") {
            Some(Data::Number(number)) => number.as_i64(),
            _ => None,
        };
        assert_eq!((number(&first), number(&third)), (Some(0), Some(1)));
        assert!(number(&second).is_some_and(|number| number > 1000));
    }

    /// That two Booleans are the same, or one of them without the other, shows in the third salt.
    #[test]
    fn booleans_are_not_all_the_same_in_each_salt() {
        let attributes = (0..16).map(|index| format!(r#""a{index}": {{"type": "bool", "computed": true}}"#));
        let block = format!(r#"{{"attributes": {{{}}}}}"#, attributes.collect::<Vec<_>>().join(","));
        let schemas = ProviderSchemas::parse(&format!(
            r#"{{"provider_schemas": {{"h/n/other": {{"data_source_schemas": {{"other_thing": {{"block": {block}}}}}}}}}}}"#
        ))
        .unwrap();
        let [first, second] =
            [Salt::First, Salt::Second].map(|salt| Session::new(salt, Surroundings::default()));
        let trues = |session: &Session| {
            let state = read(session, &schemas, "other_thing", json!({}));
            (0..16).filter(|index| state.get(&format!("a{index}")) == Some(&Data::Bool(true))).count()
        };
        assert_eq!((trues(&first), trues(&second)), (0, 16));
        assert_eq!(trues(&first.third()), 8);
        assert!(first.target().assumptions.iter().any(|it| it.contains("Booleans")));
    }

    #[test]
    fn a_value_that_the_user_sets_is_the_answer() {
        let schemas = ProviderSchemas::embedded().unwrap();
        let set = BTreeMap::from([("aws_caller_identity.user_id".to_owned(), json!("AIDA"))]);
        let session = Session::new(Salt::First, Surroundings { set, ..known() });
        assert!(session.unused().contains("aws_caller_identity.user_id"));
        assert_eq!(text(&read(&session, &schemas, "aws_caller_identity", json!({})), "user_id"), "AIDA");
        assert!(session.unused().is_empty());
    }
}
