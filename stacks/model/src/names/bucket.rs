use super::{NameError, lower_or_digit, text_name};
use std::str::FromStr;

/// The name of a general purpose bucket, by S3's naming rules.
///
/// Source: S3 User Guide, "General purpose bucket naming rules": 3 to 63 characters of `a-z 0-9 . -`, a letter or digit
/// at both ends, no two dots in a row, not shaped like an IPv4 address, no reserved prefix or suffix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BucketName(Box<str>);

const PREFIXES: [&str; 2] = ["xn--", "sthree-"];
const SUFFIXES: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

fn fault(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    if !(3..=63).contains(&bytes.len()) {
        return Some(format!("3 to 63 characters (it has {})", bytes.len()));
    }
    if let Some(odd) =
        text.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(*c)))
    {
        return Some(format!("only lower-case letters, digits, dots and hyphens (it has `{odd}`)"));
    }
    let ends = |byte: Option<&u8>| byte.is_some_and(|byte| lower_or_digit(*byte));
    if !ends(bytes.first()) || !ends(bytes.last()) {
        return Some("a letter or digit at both ends".to_owned());
    }
    if text.contains("..") {
        return Some("no two dots in a row".to_owned());
    }
    if text.parse::<std::net::Ipv4Addr>().is_ok() {
        return Some("a name that is not an IPv4 address".to_owned());
    }
    if let Some(prefix) = PREFIXES.iter().find(|prefix| text.starts_with(**prefix)) {
        return Some(format!("a name without the prefix `{prefix}`, which S3 reserves"));
    }
    SUFFIXES
        .iter()
        .find(|suffix| text.ends_with(**suffix))
        .map(|suffix| format!("a name without the suffix `{suffix}`, which S3 reserves"))
}

impl FromStr for BucketName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        match fault(text) {
            None => Ok(Self(text.into())),
            Some(expected) => Err(NameError::new("a bucket name", text, expected)),
        }
    }
}
text_name!(BucketName);
