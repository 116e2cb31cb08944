//! The condition keys that guardrails can speak of, and their types in Cedar.

use narrows_iam::ConditionKey;

/// What a condition key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyType {
    /// `String`
    Text,
    /// `Bool`
    Bool,
    /// `Long`: a whole number.
    Long,
    /// `decimal`
    Decimal,
    /// `datetime`
    Moment,
    /// `ipaddr`
    Address,
    /// `Set<String>`
    Texts,
}

impl KeyType {
    /// Its name in a Cedar schema.
    pub fn cedar(self) -> &'static str {
        match self {
            Self::Text => "String",
            Self::Bool => "Bool",
            Self::Long => "Long",
            Self::Decimal => "decimal",
            Self::Moment => "datetime",
            Self::Address => "ipaddr",
            Self::Texts => "Set<String>",
        }
    }
}

/// A condition key as a member of `context.aws` or `context.s3`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    /// The service: `aws` or `s3`.
    pub service: &'static str,
    /// The rest of its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: KeyType,
    /// Whether every request has it.
    pub always: bool,
}

impl Key {
    /// The key as policies name it.
    pub fn condition_key(&self) -> ConditionKey {
        ConditionKey::new(&format!("{}:{}", self.service, self.name))
    }
}

/// The services whose keys a context has.
pub(crate) const SERVICES: [&str; 2] = ["aws", "s3"];

/// The key of a service with this name.
pub(crate) fn find(service: &str, name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.service == service && key.name == name)
}

const fn aws(name: &'static str, kind: KeyType) -> Key {
    Key { service: "aws", name, kind, always: false }
}

const fn s3(name: &'static str, kind: KeyType) -> Key {
    Key { service: "s3", name, kind, always: false }
}

const fn always(name: &'static str, kind: KeyType) -> Key {
    Key { service: "aws", name, kind, always: true }
}

use KeyType::{Address, Bool, Decimal, Long, Moment, Text};

/// The keys, by service and name. Sources: IAM User Guide, "AWS global condition context keys"; service authorization
/// reference, "Actions, resources, and condition keys for Amazon S3". Tags of the caller are tags of the principal.
pub(crate) const KEYS: [Key; 57] = [
    always("CurrentTime", Moment),
    aws("FederatedProvider", Text),
    aws("MultiFactorAuthAge", Long),
    aws("MultiFactorAuthPresent", Bool),
    aws("PrincipalOrgID", Text),
    aws("PrincipalType", Text),
    aws("RequestedRegion", Text),
    aws("ResourceOrgID", Text),
    always("SecureTransport", Bool),
    aws("SourceAccount", Text),
    aws("SourceArn", Text),
    aws("SourceIp", Address),
    aws("SourceOrgID", Text),
    aws("SourceVpc", Text),
    aws("SourceVpcArn", Text),
    aws("SourceVpce", Text),
    aws("TokenIssueTime", Moment),
    aws("UserAgent", Text),
    always("ViaAWSService", Bool),
    aws("VpcSourceIp", Address),
    aws("VpceAccount", Text),
    aws("VpceOrgID", Text),
    aws("referer", Text),
    s3("AccessPointNetworkOrigin", Text),
    s3("DataAccessPointAccount", Text),
    s3("DataAccessPointArn", Text),
    s3("InventoryAccessibleOptionalFields", KeyType::Texts),
    s3("ObjectCreationOperation", Bool),
    s3("RequestObjectTagKeys", KeyType::Texts),
    s3("TlsVersion", Decimal),
    s3("authType", Text),
    s3("delimiter", Text),
    s3("destinationRegion", Text),
    s3("if-match", Text),
    s3("if-none-match", Text),
    s3("locationconstraint", Text),
    s3("max-keys", Long),
    s3("object-lock-legal-hold", Text),
    s3("object-lock-mode", Text),
    s3("object-lock-remaining-retention-days", Long),
    s3("object-lock-retain-until-date", Moment),
    s3("prefix", Text),
    s3("signatureAge", Long),
    s3("signatureversion", Text),
    s3("versionid", Text),
    s3("x-amz-acl", Text),
    s3("x-amz-content-sha256", Text),
    s3("x-amz-copy-source", Text),
    s3("x-amz-grant-full-control", Text),
    s3("x-amz-grant-read", Text),
    s3("x-amz-metadata-directive", Text),
    s3("x-amz-object-ownership", Text),
    s3("x-amz-server-side-encryption", Text),
    s3("x-amz-server-side-encryption-aws-kms-key-id", Text),
    s3("x-amz-server-side-encryption-customer-algorithm", Text),
    s3("x-amz-storage-class", Text),
    s3("x-amz-website-redirect-location", Text),
];

#[cfg(test)]
mod tests {
    use super::*;
    use narrows_iam::keys;

    #[test]
    fn keys_are_sorted_and_s3_has_them() {
        assert!(KEYS.is_sorted_by_key(|key| (key.service, key.name)));
        for key in KEYS.iter().filter(|key| key.service == "s3") {
            let name = format!("s3:{}", key.name);
            assert!(keys::s3_keys().contains(&name.as_str()), "{name}");
        }
    }

    #[test]
    fn sets_are_the_keys_that_hold_several_values() {
        for key in &KEYS {
            assert_eq!(
                key.kind == KeyType::Texts,
                keys::is_multi_valued(&key.condition_key()),
                "{}",
                key.name
            );
        }
    }
}
