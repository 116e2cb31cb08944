use super::{NameError, text_name};
use std::str::FromStr;

/// What object keys begin with; empty for all keys.
///
/// At most 1,024 bytes of printable ASCII. Left out are `*`, `?` and `$`, which policies would read as patterns and
/// variables, and the characters that the S3 User Guide ("Naming Amazon S3 objects") says to avoid.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyPrefix(Box<str>);

const PATTERN: &str = "*?$";
const AVOIDED: &str = "\\{}^%`[]\"<>~#|";

impl KeyPrefix {
    /// Whether it is the prefix of every key.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for KeyPrefix {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let error = |expected: String| Err(NameError::new("a key prefix", text, expected));
        if text.len() > 1024 {
            return error(format!("at most 1,024 bytes (it has {})", text.len()));
        }
        if let Some(odd) = text.chars().find(|c| PATTERN.contains(*c)) {
            return error(format!(
                "plain text (it has `{odd}`, which a policy reads as a pattern; `reports/` already covers all below it)"
            ));
        }
        match text.chars().find(|c| AVOIDED.contains(*c) || !(' '..='~').contains(c)) {
            Some(odd) => error(format!("printable ASCII without {AVOIDED} (it has {odd:?})")),
            None => Ok(Self(text.into())),
        }
    }
}
text_name!(KeyPrefix);
