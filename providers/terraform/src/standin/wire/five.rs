//! The schemas of version 5: an attribute has no attributes in it, and other numbers.

use prost::Message;
use prost::bytes::Bytes;

#[derive(Clone, PartialEq, Message)]
pub(in super::super) struct Schema {
    #[prost(int64, tag = "1")]
    version: i64,
    #[prost(message, optional, tag = "2")]
    block: Option<Block>,
}

#[derive(Clone, PartialEq, Message)]
struct Block {
    #[prost(message, repeated, tag = "2")]
    attributes: Vec<Attribute>,
    #[prost(message, repeated, tag = "3")]
    block_types: Vec<NestedBlock>,
}

#[derive(Clone, PartialEq, Message)]
struct Attribute {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(bytes = "bytes", tag = "2")]
    r#type: Bytes,
    #[prost(bool, tag = "4")]
    required: bool,
    #[prost(bool, tag = "5")]
    optional: bool,
    #[prost(bool, tag = "6")]
    computed: bool,
    #[prost(bool, tag = "7")]
    sensitive: bool,
    #[prost(bool, tag = "10")]
    write_only: bool,
}

#[derive(Clone, PartialEq, Message)]
struct NestedBlock {
    #[prost(string, tag = "1")]
    type_name: String,
    #[prost(message, optional, tag = "2")]
    block: Option<Block>,
    #[prost(enumeration = "super::Nesting", tag = "3")]
    nesting: i32,
    #[prost(int64, tag = "4")]
    min_items: i64,
    #[prost(int64, tag = "5")]
    max_items: i64,
}

impl From<Schema> for super::Schema {
    fn from(five: Schema) -> Self {
        Self { version: five.version, block: five.block.map(Into::into) }
    }
}

impl From<Block> for super::Block {
    fn from(five: Block) -> Self {
        Self {
            attributes: five.attributes.into_iter().map(Into::into).collect(),
            block_types: five.block_types.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Attribute> for super::Attribute {
    fn from(five: Attribute) -> Self {
        Self {
            name: five.name,
            r#type: five.r#type,
            required: five.required,
            optional: five.optional,
            computed: five.computed,
            sensitive: five.sensitive,
            nested_type: None,
            write_only: five.write_only,
        }
    }
}

impl From<NestedBlock> for super::NestedBlock {
    fn from(five: NestedBlock) -> Self {
        Self {
            type_name: five.type_name,
            block: five.block.map(Into::into),
            nesting: five.nesting,
            min_items: five.min_items,
            max_items: five.max_items,
        }
    }
}
