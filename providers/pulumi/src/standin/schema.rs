//! The package schema that is built in.

use super::wire::Object;
use serde_json::{Value, json};

const RESOURCES: &str = include_str!("../../schema/aws-7.51.1.json");
/// The version of the provider that the schema is of.
pub(super) const VERSION: &str = "7.51.1";

/// The resources and functions of the provider.
pub(super) struct Schema {
    package: Value,
}

impl Schema {
    pub(super) fn embedded() -> Result<Self, serde_json::Error> {
        let mut package: Value = serde_json::from_str(RESOURCES)?;
        if let Some(members) = package.as_object_mut() {
            members.insert("provider".to_owned(), provider());
            members.insert("config".to_owned(), json!({"variables": {"region": {"type": "string"}}}));
            members.insert("functions".to_owned(), functions());
            members.insert("types".to_owned(), json!({}));
        }
        Ok(Self { package })
    }

    /// What `GetSchema` answers.
    pub(super) fn text(&self) -> String {
        self.package.to_string()
    }

    /// A member of a resource type, such as its `inputProperties`.
    fn of(&self, type_name: &str, member: &str) -> Option<&Value> {
        self.package.get("resources")?.get(type_name)?.get(member)
    }

    pub(super) fn inputs(&self, type_name: &str) -> Option<&Object> {
        self.of(type_name, "inputProperties")?.as_object()
    }

    pub(super) fn required(&self, type_name: &str) -> impl Iterator<Item = &str> {
        let names = self.of(type_name, "requiredInputs").and_then(Value::as_array);
        names.into_iter().flatten().filter_map(Value::as_str)
    }

    pub(super) fn outputs(&self, type_name: &str) -> Option<&Object> {
        self.of(type_name, "properties")?.as_object()
    }
}

fn provider() -> Value {
    let (any, text) = (json!({"$ref": "pulumi.json#/Any"}), json!({"type": "string"}));
    let texts = json!({"type": "array", "items": text});
    json!({"inputProperties": {
        "accessKey": text, "allowedAccountIds": texts, "assumeRoles": any, "defaultTags": any, "endpoints": any,
        "forbiddenAccountIds": texts, "ignoreTags": any, "profile": text, "region": text, "secretKey": text,
        "skipCredentialsValidation": {"type": "boolean"}, "skipMetadataApiCheck": {"type": "boolean"},
        "skipRegionValidation": {"type": "boolean"}, "skipRequestingAccountId": {"type": "boolean"}, "token": text,
    }})
}

/// The functions that the stand-in answers.
fn functions() -> Value {
    let (any, text) = (json!({"$ref": "pulumi.json#/Any"}), json!({"type": "string"}));
    let function = |inputs: &[(&str, &Value)], outputs: &[&str]| {
        let inputs: Object = inputs.iter().map(|(name, of)| ((*name).to_owned(), (*of).clone())).collect();
        let outputs: Object = outputs.iter().map(|name| ((*name).to_owned(), text.clone())).collect();
        json!({"inputs": {"properties": inputs}, "outputs": {"properties": outputs}})
    };
    let texts = json!({"type": "array", "items": text});
    json!({
        super::function::CALLER: function(&[], &["accountId", "arn", "id", "userId"]),
        super::function::REGION: function(&[("name", &text), ("region", &text)], &["description", "endpoint", "id", "name", "region"]),
        super::function::PARTITION: function(&[], &["dnsSuffix", "id", "partition", "reverseDnsPrefix"]),
        super::function::DOCUMENT: function(
            &[("overridePolicyDocuments", &texts), ("policyId", &text), ("sourcePolicyDocuments", &texts),
              ("statements", &any), ("version", &text)],
            &["id", "json", "minifiedJson"],
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_that_is_built_in_has_what_narrows_reads() {
        let schema = Schema::embedded().unwrap();
        for name in [
            "aws:s3/bucketPolicy:BucketPolicy",
            "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint",
        ] {
            assert!(schema.inputs(name).is_some() && schema.outputs(name).is_some(), "{name}");
        }
        assert_eq!(
            schema.required("aws:s3/bucketPolicy:BucketPolicy").collect::<Vec<_>>(),
            ["bucket", "policy"]
        );
        assert!(schema.text().contains(super::super::function::DOCUMENT));
        assert!(schema.package.get("version").and_then(Value::as_str) == Some(VERSION));
    }
}
