use super::{NameError, lower_or_digit, shaped, text_name};
use std::str::FromStr;

/// The name of a stack, with which the names that it gives to roles, alarms and dashboards begin.
///
/// 3 to 40 characters of `a-z 0-9 -`, a letter first and no hyphen at the end, so that `<name>-replication` is a role
/// name (64 characters) and a part of every other name that the stack gives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StackName(Box<str>);

impl FromStr for StackName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        if first && shaped(text, 3, 40, |byte| lower_or_digit(byte) || byte == b'-') && !text.ends_with('-') {
            Ok(Self(text.into()))
        } else {
            Err(NameError::new(
                "a stack name",
                text,
                "3 to 40 lower-case letters, digits and hyphens, with a letter first and no hyphen at the end",
            ))
        }
    }
}
text_name!(StackName);
