//! The messages of Pulumi's provider protocol that a provider which only previews needs.
//!
//! Sources: `proto/pulumi/provider.proto` and `plugin.proto` in pulumi/pulumi, `google/protobuf/struct.proto`. Fields that
//! are neither read nor written here are left out, which protobuf allows.

use prost::{Enumeration, Message, Oneof};
use std::collections::BTreeMap;

#[derive(Clone, PartialEq, Message)]
pub(super) struct Struct {
    #[prost(btree_map = "string, message", tag = "1")]
    pub(super) fields: BTreeMap<String, Value>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct List {
    #[prost(message, repeated, tag = "1")]
    pub(super) values: Vec<Value>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Value {
    #[prost(oneof = "Kind", tags = "1, 2, 3, 4, 5, 6")]
    pub(super) kind: Option<Kind>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(super) enum Kind {
    #[prost(int32, tag = "1")]
    Null(i32),
    #[prost(double, tag = "2")]
    Number(f64),
    #[prost(string, tag = "3")]
    Text(String),
    #[prost(bool, tag = "4")]
    Bool(bool),
    #[prost(message, tag = "5")]
    Object(Struct),
    #[prost(message, tag = "6")]
    List(List),
}

/// An object of JSON.
pub(super) type Object = serde_json::Map<String, serde_json::Value>;

impl From<Struct> for Object {
    fn from(given: Struct) -> Self {
        given.fields.into_iter().map(|(name, value)| (name, value.into())).collect()
    }
}

impl From<Value> for serde_json::Value {
    fn from(given: Value) -> Self {
        match given.kind {
            None | Some(Kind::Null(_)) => Self::Null,
            Some(Kind::Number(number)) => Self::from(number),
            Some(Kind::Text(text)) => Self::String(text),
            Some(Kind::Bool(flag)) => Self::Bool(flag),
            Some(Kind::Object(object)) => Self::Object(object.into()),
            Some(Kind::List(list)) => Self::Array(list.values.into_iter().map(Self::from).collect()),
        }
    }
}

impl From<Object> for Struct {
    fn from(given: Object) -> Self {
        Self { fields: given.into_iter().map(|(name, value)| (name, value.into())).collect() }
    }
}

impl From<serde_json::Value> for Value {
    fn from(given: serde_json::Value) -> Self {
        use serde_json::Value as Json;
        let kind = match given {
            Json::Null => Kind::Null(0),
            Json::Bool(flag) => Kind::Bool(flag),
            Json::Number(number) => Kind::Number(number.as_f64().unwrap_or_default()),
            Json::String(text) => Kind::Text(text),
            Json::Array(items) => Kind::List(List { values: items.into_iter().map(Self::from).collect() }),
            Json::Object(object) => Kind::Object(object.into()),
        };
        Self { kind: Some(kind) }
    }
}

/// `GetSchemaResponse`, and `PluginInfo`, whose one field is the version.
#[derive(Clone, PartialEq, Message)]
pub(super) struct OneText {
    #[prost(string, tag = "1")]
    pub(super) text: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ConfigureRequest {
    #[prost(btree_map = "string, string", tag = "1")]
    pub(super) variables: BTreeMap<String, String>,
    #[prost(message, optional, tag = "2")]
    pub(super) arguments: Option<Struct>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ConfigureResponse {
    #[prost(bool, tag = "2")]
    pub(super) supports_preview: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct CheckRequest {
    #[prost(string, tag = "1")]
    pub(super) urn: String,
    #[prost(message, optional, tag = "2")]
    pub(super) olds: Option<Struct>,
    #[prost(message, optional, tag = "3")]
    pub(super) news: Option<Struct>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct CheckFailure {
    #[prost(string, tag = "1")]
    pub(super) property: String,
    #[prost(string, tag = "2")]
    pub(super) reason: String,
}

/// `CheckResponse`, and `InvokeResponse`, which is alike.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Checked {
    #[prost(message, optional, tag = "1")]
    pub(super) properties: Option<Struct>,
    #[prost(message, repeated, tag = "2")]
    pub(super) failures: Vec<CheckFailure>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct DiffRequest {
    #[prost(string, tag = "2")]
    pub(super) urn: String,
    #[prost(message, optional, tag = "4")]
    pub(super) news: Option<Struct>,
    #[prost(message, optional, tag = "6")]
    pub(super) old_inputs: Option<Struct>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct DiffResponse {
    #[prost(string, repeated, tag = "1")]
    pub(super) replaces: Vec<String>,
    #[prost(enumeration = "Changes", tag = "4")]
    pub(super) changes: i32,
    #[prost(string, repeated, tag = "5")]
    pub(super) diffs: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enumeration)]
#[repr(i32)]
pub(super) enum Changes {
    Unknown = 0,
    None = 1,
    Some = 2,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct InvokeRequest {
    #[prost(string, tag = "1")]
    pub(super) token: String,
    #[prost(message, optional, tag = "2")]
    pub(super) arguments: Option<Struct>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct CreateRequest {
    #[prost(string, tag = "1")]
    pub(super) urn: String,
    #[prost(message, optional, tag = "2")]
    pub(super) properties: Option<Struct>,
    #[prost(bool, tag = "4")]
    pub(super) preview: bool,
}

/// `CreateResponse`, and the first two fields of `ReadResponse`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Made {
    #[prost(string, tag = "1")]
    pub(super) id: String,
    #[prost(message, optional, tag = "2")]
    pub(super) properties: Option<Struct>,
    /// Of a `ReadResponse`: the inputs.
    #[prost(message, optional, tag = "3")]
    pub(super) inputs: Option<Struct>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ReadRequest {
    #[prost(string, tag = "1")]
    pub(super) id: String,
    #[prost(string, tag = "2")]
    pub(super) urn: String,
    #[prost(message, optional, tag = "3")]
    pub(super) properties: Option<Struct>,
    #[prost(message, optional, tag = "4")]
    pub(super) inputs: Option<Struct>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct UpdateRequest {
    #[prost(string, tag = "2")]
    pub(super) urn: String,
    #[prost(message, optional, tag = "3")]
    pub(super) olds: Option<Struct>,
    #[prost(message, optional, tag = "4")]
    pub(super) news: Option<Struct>,
    #[prost(bool, tag = "7")]
    pub(super) preview: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct UpdateResponse {
    #[prost(message, optional, tag = "1")]
    pub(super) properties: Option<Struct>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_survives_the_wire() {
        let given = serde_json::json!({"a": [1.5, null, true, "x"], "b": {"c": {}}});
        let sent = Value::from(given.clone()).encode_to_vec();
        let back: serde_json::Value = Value::decode(sent.as_slice()).unwrap().into();
        assert_eq!(back, given);
    }
}
