//! What is known of the values of keys and their aliases.

use super::Deployment;
use crate::resources::{Body, Resource, kms};
use crate::{Attribute, ResourceId, Text};

impl Deployment {
    /// A value of a key, a replica or an alias; `None` where nothing is known of it.
    pub(super) fn key_value(&self, resource: &Resource, attribute: &Attribute) -> Option<Text> {
        match (&resource.body, attribute) {
            (Body::KeyAlias(alias), attribute) => self.alias_value(resource, alias, attribute),
            (_, Attribute::Id) => self.key_id(resource),
            (_, Attribute::Other(other)) if other == "key_id" => self.key_id(resource),
            (_, Attribute::Arn) => Some(self.in_kms(resource, "key/").then(self.key_id(resource)?)),
            _ => None,
        }
    }

    /// A replica has the primary key's id. Source: KMS Developer Guide, "Multi-Region keys in AWS KMS".
    fn key_id(&self, resource: &Resource) -> Option<Text> {
        match &resource.body {
            Body::Key(kms::Key { id: Some(id), .. })
            | Body::ReplicaKey(kms::ReplicaKey { id: Some(id), .. }) => Some(Text::literal(id.as_str())),
            Body::Key(_) => Some(resource.id.attribute(Attribute::Id).into()),
            Body::ReplicaKey(replica) => match replica.primary.as_reference() {
                Some(reference) => match self.get(&reference.resource) {
                    Some(primary) if matches!(primary.body, Body::Key(_)) => self.key_id(primary),
                    _ => None,
                },
                None => {
                    let arn = replica.primary.as_known()?;
                    Some(Text::literal(arn.resource().strip_prefix("key/")?))
                }
            },
            _ => None,
        }
    }

    fn alias_value(&self, resource: &Resource, alias: &kms::KeyAlias, attribute: &Attribute) -> Option<Text> {
        let name = || Some(self.expand(&alias.name.as_ref()?.to_text()));
        match attribute {
            Attribute::Id => name(),
            Attribute::Arn => Some(self.in_kms(resource, "").then(name()?)),
            Attribute::Other(other) => match other.as_str() {
                "name" => name(),
                "target_key_arn" => self.target(alias, &Attribute::Arn),
                "target_key_id" => self.target(alias, &Attribute::Id),
                _ => None,
            },
            Attribute::Alias | Attribute::DomainName => None,
        }
    }

    /// A value of the key that an alias in the input is of.
    fn target(&self, alias: &kms::KeyAlias, attribute: &Attribute) -> Option<Text> {
        let id: &ResourceId = &alias.target.as_reference()?.resource;
        let key = self.get(id)?;
        match key.body {
            Body::Key(_) | Body::ReplicaKey(_) => self.key_value(key, attribute),
            _ => None,
        }
    }

    /// The ARN of something in KMS, in the Region of a resource.
    fn in_kms(&self, resource: &Resource, kind: &str) -> Text {
        let region = match &resource.region {
            Some(region) => self.expand(&region.to_text()),
            None => Text::unknown(format!("the Region of {}", resource.id)),
        };
        let start = Text::literal(format!("arn:{}:kms:", self.partition)).then(region).then_literal(":");
        start.then(self.account_text(&resource.id)).then_literal(format!(":{kind}"))
    }
}
