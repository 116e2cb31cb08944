//! What is known of condition keys.

use crate::ConditionKey;
use narrows_model::names::nearest;
use std::sync::LazyLock;

/// S3's condition keys, from the service authorization reference: see `data/README.md`.
const S3_KEYS: &str = include_str!("../data/s3-condition-keys.tsv");

/// Global condition keys, and whether each can hold several values.
///
/// Source: IAM User Guide, "AWS global condition context keys"; the last one is that of STS, "Actions, resources, and
/// condition keys for AWS Security Token Service". Those of tags end where the tag's key begins.
const GLOBAL_KEYS: [(&str, bool); 48] = [
    ("aws:CalledVia", true),
    ("aws:CalledViaFirst", false),
    ("aws:CalledViaLast", false),
    ("aws:CurrentTime", false),
    ("aws:EpochTime", false),
    ("aws:FederatedProvider", false),
    ("aws:MultiFactorAuthAge", false),
    ("aws:MultiFactorAuthPresent", false),
    ("aws:PrincipalAccount", false),
    ("aws:PrincipalArn", false),
    ("aws:PrincipalIsAWSService", false),
    ("aws:PrincipalOrgID", false),
    ("aws:PrincipalOrgPaths", true),
    ("aws:PrincipalServiceName", false),
    ("aws:PrincipalServiceNamesList", true),
    ("aws:PrincipalTag/", false),
    ("aws:PrincipalType", false),
    ("aws:RequestTag/", false),
    ("aws:RequestedRegion", false),
    ("aws:ResourceAccount", false),
    ("aws:ResourceOrgID", false),
    ("aws:ResourceOrgPaths", true),
    ("aws:ResourceTag/", false),
    ("aws:SecureTransport", false),
    ("aws:SourceAccount", false),
    ("aws:SourceArn", false),
    ("aws:SourceIdentity", false),
    ("aws:SourceIp", false),
    ("aws:SourceOrgID", false),
    ("aws:SourceOrgPaths", true),
    ("aws:SourceVpc", false),
    ("aws:SourceVpcArn", false),
    ("aws:SourceVpce", false),
    ("aws:TagKeys", true),
    ("aws:TokenIssueTime", false),
    ("aws:UserAgent", false),
    ("aws:ViaAWSService", false),
    ("aws:VpcSourceIp", false),
    ("aws:VpceAccount", false),
    ("aws:VpceOrgID", false),
    ("aws:VpceOrgPaths", true),
    ("aws:referer", false),
    ("aws:userid", false),
    ("aws:username", false),
    ("kms:CallerAccount", false),
    ("kms:EncryptionContext:aws:s3:arn", false),
    ("kms:ViaService", false),
    ("sts:TransitiveTagKeys", true),
];

static S3: LazyLock<Vec<&'static str>> = LazyLock::new(|| rows().map(|(name, _)| name).collect());

static S3_LISTS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| rows().filter(|(_, kind)| kind.starts_with("ArrayOf")).map(|(name, _)| name).collect());

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    S3_KEYS.lines().filter_map(|row| row.split_once('\t')).filter(|(name, _)| name.starts_with("s3:"))
}

/// Whether a key can hold several values at once.
pub fn is_multi_valued(key: &ConditionKey) -> bool {
    let name = key.as_str();
    let global = GLOBAL_KEYS.iter().any(|(known, several)| *several && known.eq_ignore_ascii_case(name));
    global || S3_LISTS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The key as AWS's documentation spells it, where it is known; a tag's key stays as it is.
pub fn spelled(name: &str) -> String {
    let tag = name.split_once('/');
    for known in documented() {
        match (known.split_once('/'), tag) {
            (None, _) if known.eq_ignore_ascii_case(name) => return known.to_owned(),
            (Some((start, _)), Some((given, key))) if start.eq_ignore_ascii_case(given) => {
                return format!("{start}/{key}");
            }
            _ => {}
        }
    }
    name.to_owned()
}

/// The documented key that a name which is none was perhaps meant to be.
pub fn meant(name: &str) -> Option<&'static str> {
    let is = |known: &str| match known.split_once('/') {
        Some((start, _)) => name.split_once('/').is_some_and(|(given, _)| given.eq_ignore_ascii_case(start)),
        None => known.eq_ignore_ascii_case(name),
    };
    match documented().any(is) {
        true => None,
        false => nearest(name, documented()),
    }
}

/// The names of global keys and of S3's own, as documented.
pub(crate) fn documented() -> impl Iterator<Item = &'static str> {
    GLOBAL_KEYS.iter().map(|(name, _)| *name).chain(s3_keys().iter().copied())
}

/// S3's own condition keys, as documented; those that end in a tag's key end in `<key>` or `${TagKey}`.
pub fn s3_keys() -> &'static [&'static str] {
    &S3
}

/// Whether the service authorization reference lists an S3 key, in any case.
pub(crate) fn is_s3_key(name: &str) -> bool {
    s3_keys().iter().any(|known| match known.split_once('/') {
        Some((start, _)) => name.split_once('/').is_some_and(|(given, _)| given.eq_ignore_ascii_case(start)),
        None => known.eq_ignore_ascii_case(name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_in_any_case() {
        assert_eq!(s3_keys().len(), 61);
        assert!(is_s3_key("s3:dataaccesspointarn"));
        assert!(is_s3_key("s3:ExistingObjectTag/Team"));
        assert!(!is_s3_key("s3:DataAccessPoint"));
        assert!(is_multi_valued(&ConditionKey::new("aws:TagKeys")));
        assert_eq!(meant("aws:sourceVpcee"), Some("aws:SourceVpce"));
        assert_eq!(meant("aws:principaltag/team"), None);
        assert_eq!(meant("AWS:sourcevpce"), None);
        assert_eq!(meant("x:y"), None);
    }

    #[test]
    fn lists_are_those_that_aws_documents() {
        let lists: Vec<&str> =
            documented().filter(|name| is_multi_valued(&ConditionKey::new(name))).collect();
        assert_eq!(
            lists,
            [
                "aws:CalledVia",
                "aws:PrincipalOrgPaths",
                "aws:PrincipalServiceNamesList",
                "aws:ResourceOrgPaths",
                "aws:SourceOrgPaths",
                "aws:TagKeys",
                "aws:VpceOrgPaths",
                "sts:TransitiveTagKeys",
                "s3:InventoryAccessibleOptionalFields",
                "s3:RequestObjectTagKeys",
            ]
        );
    }

    #[test]
    fn keys_are_spelled_as_documented() {
        for (given, spelled_so) in [
            ("aws:sourcevpce", "aws:SourceVpce"),
            ("AWS:USERNAME", "aws:username"),
            ("aws:principaltag/Team", "aws:PrincipalTag/Team"),
            ("s3:existingobjecttag/team", "s3:ExistingObjectTag/team"),
            ("s3:signatureage", "s3:signatureAge"),
            ("s3:x-amz-acl", "s3:x-amz-acl"),
            ("sqs:x", "sqs:x"),
        ] {
            assert_eq!(spelled(given), spelled_so);
        }
    }
}
