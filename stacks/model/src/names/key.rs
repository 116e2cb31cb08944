use super::{NameError, shaped, text_name};
use std::str::FromStr;

/// What names a KMS key: its id or ARN, or the name (`alias/…`) or ARN of an alias.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(Box<str>);

impl FromStr for KeyName {
    type Err = NameError;

    /// Source: KMS API reference, `DescribeKey`: 1 to 2,048 characters.
    fn from_str(text: &str) -> Result<Self, NameError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_/:".contains(&byte);
        if shaped(text, 1, 2048, allowed) {
            Ok(Self(text.into()))
        } else {
            let expected = "a key's id or ARN, or an alias such as alias/data";
            Err(NameError::new("a KMS key", text, expected))
        }
    }
}
text_name!(KeyName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_by_id_arn_or_alias() {
        for text in [
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:kms:us-east-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab",
            "alias/data",
        ] {
            assert_eq!(text.parse::<KeyName>().unwrap().as_str(), text);
        }
        for text in ["", "a key", "*"] {
            assert!(text.parse::<KeyName>().is_err(), "{text}");
        }
    }
}
