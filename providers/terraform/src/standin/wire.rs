//! The messages of Terraform's plugin protocol 6 that a provider which only plans needs; those of version 5 are the same but
//! for [`five`].
//!
//! Source: `docs/plugin-protocol/tfplugin6.10.proto` and `tfplugin5.10.proto` in the repository of Terraform. Fields that are
//! neither read nor written here are left out, which protobuf allows; those that are only passed on are bytes.

pub(super) mod five;

use prost::Message;
use prost::bytes::Bytes;
use std::collections::BTreeMap;

#[derive(Clone, PartialEq, Message)]
pub(super) struct DynamicValue {
    #[prost(bytes = "bytes", tag = "1")]
    pub(super) msgpack: Bytes,
    #[prost(bytes = "bytes", tag = "2")]
    pub(super) json: Bytes,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Diagnostic {
    #[prost(enumeration = "Severity", tag = "1")]
    pub(super) severity: i32,
    #[prost(string, tag = "2")]
    pub(super) summary: String,
    #[prost(string, tag = "3")]
    pub(super) detail: String,
    /// The path of the argument that it is about, as it came.
    #[prost(bytes = "bytes", optional, tag = "4")]
    pub(super) attribute: Option<Bytes>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(super) enum Severity {
    Invalid = 0,
    Error = 1,
    Warning = 2,
}

impl Diagnostic {
    /// In words, on one line.
    pub(super) fn told(&self) -> String {
        let words = [self.summary.as_str(), self.detail.as_str()]
            .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        let [summary, detail] = words;
        if detail.is_empty() { summary } else { format!("{summary}: {detail}") }
    }
}

/// Those that are errors.
pub(super) fn errors(diagnostics: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error as i32)
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Schema {
    #[prost(int64, tag = "1")]
    pub(super) version: i64,
    #[prost(message, optional, tag = "2")]
    pub(super) block: Option<Block>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Block {
    #[prost(message, repeated, tag = "2")]
    pub(super) attributes: Vec<Attribute>,
    #[prost(message, repeated, tag = "3")]
    pub(super) block_types: Vec<NestedBlock>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Attribute {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    /// The type as JSON.
    #[prost(bytes = "bytes", tag = "2")]
    pub(super) r#type: Bytes,
    #[prost(bool, tag = "4")]
    pub(super) required: bool,
    #[prost(bool, tag = "5")]
    pub(super) optional: bool,
    #[prost(bool, tag = "6")]
    pub(super) computed: bool,
    #[prost(bool, tag = "7")]
    pub(super) sensitive: bool,
    #[prost(message, optional, tag = "10")]
    pub(super) nested_type: Option<Object>,
    #[prost(bool, tag = "11")]
    pub(super) write_only: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Object {
    #[prost(message, repeated, tag = "1")]
    pub(super) attributes: Vec<Attribute>,
    #[prost(enumeration = "Nesting", tag = "3")]
    pub(super) nesting: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct NestedBlock {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) block: Option<Block>,
    #[prost(enumeration = "Nesting", tag = "3")]
    pub(super) nesting: i32,
    #[prost(int64, tag = "4")]
    pub(super) min_items: i64,
    #[prost(int64, tag = "5")]
    pub(super) max_items: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(super) enum Nesting {
    Invalid = 0,
    Single = 1,
    List = 2,
    Set = 3,
    Map = 4,
    Group = 5,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct SchemaResponse {
    #[prost(message, optional, tag = "1")]
    pub(super) provider: Option<Schema>,
    #[prost(btree_map = "string, message", tag = "2")]
    pub(super) resource_schemas: BTreeMap<String, Schema>,
    #[prost(btree_map = "string, message", tag = "3")]
    pub(super) data_source_schemas: BTreeMap<String, Schema>,
    #[prost(message, optional, tag = "5")]
    pub(super) provider_meta: Option<Schema>,
}

/// The same with each schema as it came.
#[derive(Clone, PartialEq, Message)]
pub(super) struct RawSchemas {
    #[prost(bytes = "bytes", tag = "1")]
    pub(super) provider: Bytes,
    #[prost(btree_map = "string, bytes", tag = "2")]
    pub(super) resource_schemas: BTreeMap<String, Vec<u8>>,
    #[prost(btree_map = "string, bytes", tag = "3")]
    pub(super) data_source_schemas: BTreeMap<String, Vec<u8>>,
    #[prost(message, repeated, tag = "4")]
    pub(super) diagnostics: Vec<Diagnostic>,
    #[prost(bytes = "bytes", optional, tag = "5")]
    pub(super) provider_meta: Option<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "6")]
    pub(super) server_capabilities: Option<Bytes>,
    #[prost(btree_map = "string, bytes", tag = "7")]
    pub(super) functions: BTreeMap<String, Vec<u8>>,
    #[prost(btree_map = "string, bytes", tag = "8")]
    pub(super) ephemeral_resource_schemas: BTreeMap<String, Vec<u8>>,
}

/// `ValidateResourceConfig.Request` and those of data sources and ephemeral resources.
#[derive(Clone, PartialEq, Message)]
pub(super) struct ValidateRequest {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) config: Option<DynamicValue>,
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub(super) client_capabilities: Option<Bytes>,
}

/// `ValidateProviderConfig.Request`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct ValidateProviderRequest {
    #[prost(message, optional, tag = "1")]
    pub(super) config: Option<DynamicValue>,
}

/// `ReadResource.Request`, `ReadDataSource.Request`: a type and one value.
#[derive(Clone, PartialEq, Message)]
pub(super) struct OfType {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) value: Option<DynamicValue>,
}

/// `ReadResource.Response`, `ReadDataSource.Response`, `UpgradeResourceState.Response`: a value or an error.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Answer {
    #[prost(message, optional, tag = "1")]
    pub(super) value: Option<DynamicValue>,
    #[prost(message, repeated, tag = "2")]
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// The responses that are an error or nothing, with the errors in field 1: `ConfigureProvider.Response` and those of
/// validation, except the provider's.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Done {
    #[prost(message, repeated, tag = "1")]
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// The responses of which only the errors, in field 2, are ever set: `ValidateProviderConfig.Response`,
/// `ImportResourceState.Response`, `MoveResourceState.Response`.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Refused {
    #[prost(message, repeated, tag = "2")]
    pub(super) diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ConfigureRequest {
    #[prost(string, tag = "1")]
    pub(super) terraform_version: String,
    #[prost(message, optional, tag = "2")]
    pub(super) config: Option<DynamicValue>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct UpgradeRequest {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "3")]
    pub(super) raw_state: Option<RawState>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct RawState {
    #[prost(bytes = "bytes", tag = "1")]
    pub(super) json: Bytes,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct PlanRequest {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) prior_state: Option<DynamicValue>,
    #[prost(message, optional, tag = "3")]
    pub(super) proposed_new_state: Option<DynamicValue>,
    #[prost(message, optional, tag = "4")]
    pub(super) config: Option<DynamicValue>,
    #[prost(bytes = "bytes", tag = "5")]
    pub(super) prior_private: Bytes,
    #[prost(bytes = "bytes", optional, tag = "6")]
    pub(super) provider_meta: Option<Bytes>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct PlanResponse {
    #[prost(message, optional, tag = "1")]
    pub(super) planned_state: Option<DynamicValue>,
    #[prost(bytes = "bytes", tag = "3")]
    pub(super) planned_private: Bytes,
    #[prost(message, repeated, tag = "4")]
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Lets the plan set arguments that the configuration leaves out, as the AWS provider does with its defaults.
    #[prost(bool, tag = "5")]
    pub(super) legacy_type_system: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ApplyRequest {
    #[prost(string, tag = "1")]
    pub(super) type_name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) prior_state: Option<DynamicValue>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct ApplyResponse {
    #[prost(message, optional, tag = "1")]
    pub(super) new_state: Option<DynamicValue>,
    #[prost(message, repeated, tag = "3")]
    pub(super) diagnostics: Vec<Diagnostic>,
}
