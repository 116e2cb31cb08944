//! Arguments as a real provider would see them before anything exists.

use super::super::fill::each;
use super::super::made::Place;
use super::super::schema::{Attribute, Block, NestedBlock, Type};
use super::super::session::Session;
use super::super::value::Data;
use std::collections::BTreeMap;

/// A value with each text that holds a symbol as what it is in a plan without symbols: unknown.
///
/// Rules for what an argument may be are about real values, which a symbol need not look like.
pub(in super::super) fn mask(session: &Session, data: &Data) -> Data {
    match data {
        Data::Text(text) if session.holds_token(text) => Data::Unknown,
        Data::List(items) => Data::List(items.iter().map(|item| mask(session, item)).collect()),
        Data::Map(members) if members.keys().any(|key| session.holds_token(key)) => Data::Unknown,
        Data::Map(members) => {
            Data::Map(members.iter().map(|(name, member)| (name.clone(), mask(session, member))).collect())
        }
        other => other.clone(),
    }
}

/// Whether any part of a value is a symbol, or not known.
pub(super) fn has_symbol_or_unknown(session: &Session, data: &Data) -> bool {
    data.has_unknown() || has_symbol(session, data)
}

/// Whether any part of a value is a symbol.
pub(in super::super) fn has_symbol(session: &Session, data: &Data) -> bool {
    match data {
        Data::Text(text) => session.holds_token(text),
        Data::List(items) => items.iter().any(|item| has_symbol(session, item)),
        Data::Map(members) => {
            members.iter().any(|(key, member)| session.holds_token(key) || has_symbol(session, member))
        }
        _ => false,
    }
}

/// A configuration without the values that no plan may hold.
pub(in super::super) fn without_write_only(config: &Data, block: &Block) -> Data {
    match config {
        Data::Map(given) => Data::Map(members_without(given, block)),
        other => other.clone(),
    }
}

fn members_without(given: &BTreeMap<String, Data>, block: &Block) -> BTreeMap<String, Data> {
    let member = |(name, value): (&String, &Data)| {
        let value = match (block.attributes.get(name), block.blocks.get(name)) {
            (Some(attribute), _) => attribute_without(value, attribute),
            (None, Some(nested)) => block_without(value, nested),
            (None, None) => value.clone(),
        };
        (name.clone(), value)
    };
    given.iter().map(member).collect()
}

fn attribute_without(value: &Data, attribute: &Attribute) -> Data {
    if attribute.write_only {
        return Data::Null;
    }
    let Type::Nested(nesting, fields) = &attribute.r#type else { return value.clone() };
    let field = |(name, value): (&String, &Data)| {
        (name.clone(), fields.get(name).map_or_else(|| value.clone(), |of| attribute_without(value, of)))
    };
    each(value, *nesting, &Place::default(), &mut |object, _| object.iter().map(field).collect())
}

fn block_without(value: &Data, nested: &NestedBlock) -> Data {
    each(value, nested.nesting, &Place::default(), &mut |object, _| members_without(object, &nested.block))
}

#[cfg(test)]
mod tests {
    use super::super::super::session::{Salt, Surroundings};
    use super::*;
    use narrows_model::token::Shape;
    use serde_json::json;

    #[test]
    fn what_holds_a_symbol_is_unknown_and_nothing_else_is() {
        let session = Session::new(Salt::First, Surroundings::default());
        let token = session.token(Shape::Letters(16), 1);
        let given = json!({"a": format!("m{token}.mrap"), "b": ["x", token], "c": {"d": "e"}, "n": 3});
        let masked = mask(&session, &Data::from_json(&given).unwrap());
        assert_eq!(masked.get("a"), Some(&Data::Unknown));
        assert_eq!(masked.get("b").unwrap().items(), [Data::text("x"), Data::Unknown]);
        assert!(!masked.get("c").unwrap().has_unknown());
        // The part of one is text like any other.
        let part = token.chars().skip(3).collect::<String>();
        assert_eq!(mask(&session, &Data::text(part.as_str())), Data::text(part));
        let keyed = Data::from_json(&json!({token: "x"})).unwrap();
        assert_eq!(mask(&session, &keyed), Data::Unknown);
    }
}
