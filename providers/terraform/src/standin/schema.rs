//! What providers say of their resource types, as `terraform providers schema -json` prints it.

mod from_wire;

use super::Used;
use super::wire;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What providers say of themselves; `README.md` beside it says where it is from.
const BUILT_IN: &str = include_str!("../../schema/providers.json");

/// The schemas of one or several providers.
#[derive(Clone, Debug)]
pub struct ProviderSchemas {
    providers: BTreeMap<String, Arc<ProviderSchema>>,
}

/// Schemas as text that was parsed and of which no type is read yet.
#[derive(Clone, Debug)]
pub struct Unread(serde_json::Map<String, Json>);

impl Unread {
    /// Those that are built in: of hashicorp/aws, and of providers of HashiCorp's that need no account.
    ///
    /// # Errors
    /// None with the file that is built in; a broken one would be reported here.
    pub fn embedded() -> Result<Self, SchemaError> {
        Self::parse(BUILT_IN)
    }

    /// What `terraform providers schema -json` prints.
    ///
    /// # Errors
    /// Where the text is not JSON, or has no `provider_schemas`.
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        match serde_json::from_str::<Json>(text)?.get_mut("provider_schemas").map(Json::take) {
            Some(Json::Object(providers)) => Ok(Self(providers)),
            _ => Err(SchemaError::NoProviders),
        }
    }

    /// All providers, with the types whose names are wanted: a provider has thousands, which an engine asks for again in
    /// each run.
    ///
    /// # Errors
    /// Where one of them is not as Terraform writes it.
    pub fn read(&self, is_wanted: &dyn Fn(&str) -> bool) -> Result<ProviderSchemas, SchemaError> {
        self.read_of(&|_, name| is_wanted(name))
    }

    /// All providers, with the types that a configuration may use.
    ///
    /// # Errors
    /// Where one of them is not as Terraform writes it.
    pub fn used(&self, used: &Used<'_>) -> Result<ProviderSchemas, SchemaError> {
        let members = ["resource_schemas", "data_source_schemas"];
        let misspelt: BTreeSet<&String> = self
            .0
            .iter()
            .filter(|(source, json)| {
                let has = |name: &str| {
                    members.iter().any(|of| json.get(of).is_some_and(|of| of.get(name).is_some()))
                };
                used.is_misspelt(source, has)
            })
            .map(|(source, _)| source)
            .collect();
        self.read_of(&|source, name| misspelt.contains(source) || used.has(name))
    }

    fn read_of(&self, is_wanted: &dyn Fn(&String, &str) -> bool) -> Result<ProviderSchemas, SchemaError> {
        let provider = |(source, json): (&String, &Json)| {
            let read = ProviderSchema::read(json, source, &|name| is_wanted(source, name))?;
            Ok((source.clone(), Arc::new(read)))
        };
        Ok(ProviderSchemas { providers: self.0.iter().map(provider).collect::<Result<_, SchemaError>>()? })
    }
}

/// Text that is not the schemas of providers.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// It is not JSON.
    #[error("not JSON: {0}: expected what `terraform providers schema -json` prints")]
    Json(#[from] serde_json::Error),
    /// It has no `provider_schemas`.
    #[error(
        "no `provider_schemas` in it: expected what `terraform providers schema -json` prints in a folder that was initialised"
    )]
    NoProviders,
    /// What a provider itself sent is not as the protocol has it.
    #[error("{path}: {error}: expected a schema of the plugin protocol")]
    Wire {
        /// Where, as names with dots.
        path: String,
        /// What is wrong.
        error: String,
    },
    /// A part of it is not as Terraform writes it.
    #[error("{path}: got {got}, expected {expected}: this version of the schema's format is not supported")]
    Format {
        /// Where, as names with dots.
        path: String,
        /// The value, cut if it is long.
        got: String,
        /// What is read there.
        expected: &'static str,
    },
}

impl ProviderSchemas {
    /// All that are built in.
    ///
    /// # Errors
    /// None with the file that is built in; a broken one would be reported here.
    pub fn embedded() -> Result<Self, SchemaError> {
        Unread::embedded()?.read(&|_| true)
    }

    /// All of what `terraform providers schema -json` prints.
    ///
    /// # Errors
    /// See [`SchemaError`].
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        Unread::parse(text)?.read(&|_| true)
    }

    /// The source addresses of the providers, such as `registry.terraform.io/hashicorp/aws`.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.providers.keys().map(String::as_str)
    }

    pub(super) fn get(&self, source: &str) -> Option<Arc<ProviderSchema>> {
        self.providers.get(source).cloned()
    }
}

/// The schemas of one provider.
#[derive(Debug)]
pub(super) struct ProviderSchema {
    pub(super) is_aws: bool,
    provider: Schema,
    resources: BTreeMap<String, Schema>,
    data_sources: BTreeMap<String, Schema>,
}

/// The schema of the provider's own block, of a resource type or of a data source.
#[derive(Debug, Default)]
struct Schema {
    version: i64,
    block: Arc<Block>,
}

/// The content of a block.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Block {
    pub(super) attributes: BTreeMap<String, Attribute>,
    pub(super) blocks: BTreeMap<String, NestedBlock>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attribute {
    pub(super) r#type: Type,
    pub(super) computed: bool,
    required: bool,
    pub(super) optional: bool,
    sensitive: bool,
    pub(super) write_only: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type {
    Text,
    Number,
    Bool,
    Dynamic,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    Object(BTreeMap<String, Type>),
    /// Attributes in an attribute, which can be computed each by itself.
    Nested(Nesting, BTreeMap<String, Attribute>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct NestedBlock {
    pub(super) nesting: Nesting,
    pub(super) block: Block,
    min_items: i64,
    max_items: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nesting {
    Single,
    Group,
    List,
    Set,
    Map,
}

impl ProviderSchema {
    fn read(json: &Json, path: &str, is_wanted: &dyn Fn(&str) -> bool) -> Result<Self, SchemaError> {
        let schemas = |member: &str| {
            let Some(found) = json.get(member).and_then(Json::as_object) else { return Ok(BTreeMap::new()) };
            found
                .iter()
                .filter(|(name, _)| is_wanted(name))
                .map(|(name, json)| {
                    Ok((name.clone(), Schema::read(json, &format!("{path}.{member}.{name}"))?))
                })
                .collect::<Result<_, SchemaError>>()
        };
        let provider = json.get("provider");
        Ok(Self {
            is_aws: path.ends_with("/hashicorp/aws"),
            provider: provider
                .map(|json| Schema::read(json, &format!("{path}.provider")))
                .transpose()?
                .unwrap_or_default(),
            resources: schemas("resource_schemas")?,
            data_sources: schemas("data_source_schemas")?,
        })
    }

    pub(super) fn resource(&self, type_name: &str) -> Option<Arc<Block>> {
        self.resources.get(type_name).map(|schema| Arc::clone(&schema.block))
    }

    pub(super) fn data_source(&self, type_name: &str) -> Option<Arc<Block>> {
        self.data_sources.get(type_name).map(|schema| Arc::clone(&schema.block))
    }

    pub(super) fn to_wire(&self) -> wire::SchemaResponse {
        let all = |schemas: &BTreeMap<String, Schema>| {
            schemas.iter().map(|(name, schema)| (name.clone(), schema.to_wire())).collect()
        };
        wire::SchemaResponse {
            provider: Some(self.provider.to_wire()),
            resource_schemas: all(&self.resources),
            data_source_schemas: all(&self.data_sources),
            provider_meta: self.is_aws.then(meta),
        }
    }
}

/// What a `provider_meta` block of the AWS provider may hold, which no schema that an engine prints tells.
///
/// Source: "Custom User-Agent Information" in the provider's documentation.
fn meta() -> wire::Schema {
    let user_agent = Attribute {
        r#type: Type::List(Box::new(Type::Text)),
        computed: false,
        required: false,
        optional: true,
        sensitive: false,
        write_only: false,
    };
    let attributes = BTreeMap::from([("user_agent".to_owned(), user_agent)]);
    Schema { version: 0, block: Arc::new(Block { attributes, blocks: BTreeMap::new() }) }.to_wire()
}

impl Schema {
    fn read(json: &Json, path: &str) -> Result<Self, SchemaError> {
        let version = json.get("version").and_then(Json::as_i64).unwrap_or_default();
        let block = json.get("block").ok_or_else(|| format(path, json, "a member `block`"))?;
        Ok(Self { version, block: Arc::new(Block::read(block, path)?) })
    }

    fn to_wire(&self) -> wire::Schema {
        wire::Schema { version: self.version, block: Some(self.block.to_wire()) }
    }
}

impl Block {
    fn read(json: &Json, path: &str) -> Result<Self, SchemaError> {
        let blocks = members(json, "block_types")
            .map(|(name, json)| Ok((name.clone(), NestedBlock::read(json, &format!("{path}.{name}"))?)))
            .collect::<Result<_, SchemaError>>()?;
        Ok(Self { attributes: attributes(json, path)?, blocks })
    }

    fn to_wire(&self) -> wire::Block {
        let block = |(name, nested): (&String, &NestedBlock)| wire::NestedBlock {
            type_name: name.clone(),
            block: Some(nested.block.to_wire()),
            nesting: nested.nesting.to_wire() as i32,
            min_items: nested.min_items,
            max_items: nested.max_items,
        };
        wire::Block {
            attributes: self.attributes.iter().map(Attribute::to_wire).collect(),
            block_types: self.blocks.iter().map(block).collect(),
        }
    }
}

impl NestedBlock {
    fn read(json: &Json, path: &str) -> Result<Self, SchemaError> {
        let number = |name: &str| json.get(name).and_then(Json::as_i64).unwrap_or_default();
        let block = json.get("block").ok_or_else(|| format(path, json, "a member `block`"))?;
        Ok(Self {
            nesting: Nesting::read(json, path)?,
            block: Block::read(block, path)?,
            min_items: number("min_items"),
            max_items: number("max_items"),
        })
    }
}

impl Nesting {
    fn read(json: &Json, path: &str) -> Result<Self, SchemaError> {
        Ok(match json.get("nesting_mode").and_then(Json::as_str) {
            Some("single") => Self::Single,
            Some("group") => Self::Group,
            Some("list") => Self::List,
            Some("set") => Self::Set,
            Some("map") => Self::Map,
            _ => return Err(format(path, json, "a `nesting_mode` of single, group, list, set or map")),
        })
    }

    fn to_wire(self) -> wire::Nesting {
        match self {
            Self::Single => wire::Nesting::Single,
            Self::Group => wire::Nesting::Group,
            Self::List => wire::Nesting::List,
            Self::Set => wire::Nesting::Set,
            Self::Map => wire::Nesting::Map,
        }
    }
}

impl Attribute {
    fn read(json: &Json, path: &str) -> Result<Self, SchemaError> {
        let flag = |name: &str| json.get(name).and_then(Json::as_bool).unwrap_or_default();
        let r#type = match (json.get("type"), json.get("nested_type")) {
            (Some(json), _) => Type::read(json, path)?,
            (None, Some(nested)) => Type::Nested(Nesting::read(nested, path)?, attributes(nested, path)?),
            (None, None) => return Err(format(path, json, "a member `type` or `nested_type`")),
        };
        Ok(Self {
            r#type,
            computed: flag("computed"),
            required: flag("required"),
            optional: flag("optional"),
            sensitive: flag("sensitive"),
            write_only: flag("write_only"),
        })
    }

    fn to_wire((name, attribute): (&String, &Self)) -> wire::Attribute {
        let (r#type, nested_type) = match &attribute.r#type {
            Type::Nested(nesting, attributes) => {
                let attributes = attributes.iter().map(Self::to_wire).collect();
                (String::new(), Some(wire::Object { attributes, nesting: nesting.to_wire() as i32 }))
            }
            r#type => (r#type.to_json().to_string(), None),
        };
        wire::Attribute {
            name: name.clone(),
            r#type: r#type.into(),
            required: attribute.required,
            optional: attribute.optional,
            computed: attribute.computed,
            sensitive: attribute.sensitive,
            nested_type,
            write_only: attribute.write_only,
        }
    }
}

impl Type {
    fn read(json: &Json, path: &str) -> Result<Self, SchemaError> {
        let wrong = || format(path, json, "a type of Terraform as JSON");
        let element = |json: &Json| Type::read(json, path).map(Box::new);
        Ok(match json {
            Json::String(name) => match name.as_str() {
                "string" => Self::Text,
                "number" => Self::Number,
                "bool" => Self::Bool,
                "dynamic" => Self::Dynamic,
                _ => return Err(wrong()),
            },
            // Objects can have a third item, the optional attributes, which a value's type does not have.
            Json::Array(items) => match (items.first().and_then(Json::as_str), items.get(1)) {
                (Some("list"), Some(of)) => Self::List(element(of)?),
                (Some("set"), Some(of)) => Self::Set(element(of)?),
                (Some("map"), Some(of)) => Self::Map(element(of)?),
                (Some("tuple"), Some(Json::Array(of))) => {
                    Self::Tuple(of.iter().map(|json| Type::read(json, path)).collect::<Result<_, _>>()?)
                }
                (Some("object"), Some(Json::Object(of))) => Self::Object(
                    of.iter()
                        .map(|(name, json)| Ok((name.clone(), Type::read(json, path)?)))
                        .collect::<Result<_, SchemaError>>()?,
                ),
                _ => return Err(wrong()),
            },
            _ => return Err(wrong()),
        })
    }

    fn to_json(&self) -> Json {
        let of = |kind: &str, element: Json| Json::Array(vec![Json::from(kind), element]);
        match self {
            Self::Text => Json::from("string"),
            Self::Number => Json::from("number"),
            Self::Bool => Json::from("bool"),
            Self::Dynamic => Json::from("dynamic"),
            Self::List(element) => of("list", element.to_json()),
            Self::Set(element) => of("set", element.to_json()),
            Self::Map(element) => of("map", element.to_json()),
            Self::Tuple(items) => of("tuple", items.iter().map(Self::to_json).collect()),
            Self::Object(fields) => {
                of("object", object(fields.iter().map(|(name, of)| (name, of.to_json()))))
            }
            // Written by `Attribute::to_wire`; as a type of its own it is the object or collection of objects.
            Self::Nested(nesting, attributes) => {
                let fields =
                    object(attributes.iter().map(|(name, attribute)| (name, attribute.r#type.to_json())));
                let one = of("object", fields);
                match nesting {
                    Nesting::Single | Nesting::Group => one,
                    Nesting::List => of("list", one),
                    Nesting::Set => of("set", one),
                    Nesting::Map => of("map", one),
                }
            }
        }
    }
}

fn object<'a>(members: impl Iterator<Item = (&'a String, Json)>) -> Json {
    Json::Object(members.map(|(name, json)| (name.clone(), json)).collect())
}

fn attributes(json: &Json, path: &str) -> Result<BTreeMap<String, Attribute>, SchemaError> {
    members(json, "attributes")
        .map(|(name, json)| Ok((name.clone(), Attribute::read(json, &format!("{path}.{name}"))?)))
        .collect()
}

fn members<'a>(json: &'a Json, name: &str) -> impl Iterator<Item = (&'a String, &'a Json)> {
    json.get(name).and_then(Json::as_object).into_iter().flatten()
}

fn format(path: &str, got: &Json, expected: &'static str) -> SchemaError {
    let mut got = got.to_string();
    if let Some((end, _)) = got.char_indices().nth(80) {
        got.truncate(end);
        got.push('…');
    }
    SchemaError::Format { path: path.to_owned(), got, expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unread(attribute: &str) -> Unread {
        let block = format!(r#"{{"attributes": {{"a": {attribute}}}}}"#);
        let resource = format!(r#"{{"version": 3, "block": {block}}}"#);
        Unread::parse(&format!(
            r#"{{"format_version": "1.0", "provider_schemas": {{"host/space/name": {{"resource_schemas": {{"name_type": {resource}}}}}}}}}"#
        ))
        .unwrap()
    }

    fn one(attribute: &str) -> Result<ProviderSchemas, SchemaError> {
        unread(attribute).read(&|_| true)
    }

    #[test]
    fn the_schemas_that_are_built_in_have_every_type_and_give_those_that_are_wanted() {
        let schemas = ProviderSchemas::embedded().unwrap();
        let names: Vec<&str> = schemas.sources().filter_map(|source| source.rsplit('/').next()).collect();
        let expected =
            ["archive", "aws", "cloudinit", "external", "http", "local", "null", "random", "time", "tls"];
        assert_eq!(names, expected);
        let aws = schemas.get("registry.terraform.io/hashicorp/aws").unwrap();
        assert!(aws.is_aws && aws.resources.len() > 1500 && aws.data_sources.len() > 600);
        assert!(aws.resource("aws_s3control_multi_region_access_point").is_some());

        let wanted = |name: &str| ["aws_s3_bucket", "random_pet"].contains(&name);
        let few = Unread::embedded().unwrap().read(&wanted).unwrap();
        assert!(few.sources().eq(schemas.sources()));
        let few = few.get("registry.terraform.io/hashicorp/aws").unwrap();
        assert_eq!(few.resource("aws_s3_bucket"), aws.resource("aws_s3_bucket"));
        assert_eq!((few.resources.len(), few.data_sources.len()), (1, 1));
    }

    #[test]
    fn the_aws_provider_takes_a_user_agent_of_modules() {
        let schemas = ProviderSchemas::embedded().unwrap();
        let meta = |name: &str| {
            schemas.get(&format!("registry.terraform.io/hashicorp/{name}")).unwrap().to_wire().provider_meta
        };
        let block = meta("aws").unwrap().block.unwrap();
        let [user_agent] = block.attributes.as_slice() else { panic!("{block:?}") };
        assert_eq!(
            (user_agent.name.as_str(), user_agent.r#type.as_ref()),
            ("user_agent", br#"["list","string"]"#.as_slice())
        );
        assert_eq!(meta("random"), None);
    }

    #[test]
    fn types_go_to_the_engine_as_they_came() {
        for r#type in [
            r#""string""#,
            r#"["list",["set","number"]]"#,
            r#"["map",["object",{"a":"bool","b":["tuple",["string","dynamic"]]}]]"#,
        ] {
            let schemas = one(&format!(r#"{{"type": {}, "computed": true}}"#, r#type)).unwrap();
            let wire = schemas.get("host/space/name").unwrap().to_wire();
            let schema = wire.resource_schemas.get("name_type").unwrap();
            assert_eq!(schema.version, 3);
            let attribute = schema.block.as_ref().unwrap().attributes.first().unwrap();
            assert_eq!(attribute.r#type, r#type.as_bytes());
            assert!(attribute.computed && !attribute.optional);
        }
    }

    #[test]
    fn attributes_in_attributes_are_kept() {
        let nested = r#"{"nested_type": {"nesting_mode": "list", "attributes": {"b": {"type": "string", "optional": true}}}, "optional": true}"#;
        let wire = one(nested).unwrap().get("host/space/name").unwrap().to_wire();
        let block = wire.resource_schemas.get("name_type").unwrap().block.as_ref().unwrap();
        let nested = block.attributes.first().unwrap().nested_type.as_ref().unwrap();
        assert_eq!(nested.nesting, wire::Nesting::List as i32);
        assert_eq!(nested.attributes.first().unwrap().name, "b");
    }

    #[test]
    fn engines_are_told_of_the_types_that_are_used() {
        let told = |text: &str| {
            let schemas = unread(r#"{"type": "string"}"#).used(&Used::of([text])).unwrap();
            let provider = schemas.get("host/space/name").unwrap().to_wire();
            provider.resource_schemas.into_keys().collect::<Vec<_>>()
        };
        assert_eq!(told("resource other_type x {}\nresource name_type x {}"), ["name_type"]);
        assert_eq!(told("resource other_type x {}"), Vec::<String>::new());
        // The engine knows what a misspelt one is like.
        assert_eq!(told("resource name_tipe x {}"), ["name_type"]);
    }

    #[test]
    fn what_is_no_schema_says_what_was_expected() {
        let error = |text: &str| ProviderSchemas::parse(text).unwrap_err().to_string();
        assert!(error("{").starts_with("not JSON"), "{}", error("{"));
        assert!(error("{}").contains("`terraform providers schema -json`"), "{}", error("{}"));
        let unknown = one(r#"{"type": "text"}"#).unwrap_err().to_string();
        assert_eq!(
            unknown,
            "host/space/name.resource_schemas.name_type.a: got \"text\", expected a type of Terraform as JSON: \
             this version of the schema's format is not supported"
        );
    }
}
