//! What is known of condition keys.

use crate::ConditionKey;
use std::sync::LazyLock;

/// S3's condition keys, from the service authorization reference: see `data/README.md`.
const S3_KEYS: &str = include_str!("../data/s3-condition-keys.tsv");

/// Global keys that hold several values, from the IAM user guide's page on global condition keys.
const MULTI_VALUED: [&str; 10] = [
    "aws:calledvia",
    "aws:principalorgpaths",
    "aws:principalservicenameslist",
    "aws:resourceorgpaths",
    "aws:sourceorgpaths",
    "aws:tagkeys",
    "aws:vpceorgpaths",
    "s3:inventoryaccessibleoptionalfields",
    "s3:requestobjecttagkeys",
    "sts:transitivetagkeys",
];

static S3: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let rows = S3_KEYS.lines().skip(1).filter_map(|row| row.split('\t').next());
    rows.filter(|key| key.starts_with("s3:")).collect()
});

/// Whether a key can hold several values at once.
pub fn is_multi_valued(key: &ConditionKey) -> bool {
    MULTI_VALUED.contains(&key.as_str())
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
    }
}
