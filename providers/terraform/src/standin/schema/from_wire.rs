//! Schemas as a provider itself sends them.

use super::super::wire;
use super::{Attribute, Block, NestedBlock, Nesting, SchemaError, Type, format};
use serde_json::Value as Json;
use std::collections::BTreeMap;

impl Block {
    /// The content of a block; `path` is where it is, for messages.
    pub(in super::super) fn from_wire(wire: wire::Block, path: &str) -> Result<Self, SchemaError> {
        let nested = |wire: wire::NestedBlock| {
            let path = format!("{path}.{}", wire.type_name);
            let block = Self::from_wire(wire.block.unwrap_or_default(), &path)?;
            let nesting = Nesting::from_wire(wire.nesting, &path)?;
            let (min_items, max_items) = (wire.min_items, wire.max_items);
            Ok::<_, SchemaError>((wire.type_name, NestedBlock { nesting, block, min_items, max_items }))
        };
        Ok(Self {
            attributes: attributes(wire.attributes, path)?,
            blocks: wire.block_types.into_iter().map(nested).collect::<Result<_, _>>()?,
        })
    }
}

impl Nesting {
    fn from_wire(wire: i32, path: &str) -> Result<Self, SchemaError> {
        Ok(match wire::Nesting::try_from(wire) {
            Ok(wire::Nesting::Single) => Self::Single,
            Ok(wire::Nesting::Group) => Self::Group,
            Ok(wire::Nesting::List) => Self::List,
            Ok(wire::Nesting::Set) => Self::Set,
            Ok(wire::Nesting::Map) => Self::Map,
            Ok(wire::Nesting::Invalid) | Err(_) => {
                return Err(format(path, &Json::from(wire), "a nesting of single, group, list, set or map"));
            }
        })
    }
}

fn attributes(wire: Vec<wire::Attribute>, path: &str) -> Result<BTreeMap<String, Attribute>, SchemaError> {
    let attribute = |wire: wire::Attribute| {
        let path = format!("{path}.{}", wire.name);
        let r#type = match wire.nested_type {
            Some(nested) => Type::Nested(
                Nesting::from_wire(nested.nesting, &path)?,
                attributes(nested.attributes, &path)?,
            ),
            None => Type::read(&serde_json::from_slice(&wire.r#type)?, &path)?,
        };
        let attribute = Attribute {
            r#type,
            computed: wire.computed,
            required: wire.required,
            optional: wire.optional,
            sensitive: wire.sensitive,
            write_only: wire.write_only,
        };
        Ok((wire.name, attribute))
    };
    wire.into_iter().map(attribute).collect()
}
