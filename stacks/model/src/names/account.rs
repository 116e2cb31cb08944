use super::{NameError, lower_or_digit, shaped, text_name};
use std::str::FromStr;

/// An AWS account id: twelve digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(Box<str>);

impl FromStr for AccountId {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if shaped(text, 12, 12, |byte| byte.is_ascii_digit()) {
            Ok(Self(text.into()))
        } else {
            Err(NameError::new("an AWS account id", text, "twelve digits, such as 123456789012"))
        }
    }
}
text_name!(AccountId);

/// An AWS Organizations id: `o-` and 10 to 32 lower-case letters or digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationId(Box<str>);

impl FromStr for OrganisationId {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        match text.strip_prefix("o-") {
            Some(rest) if shaped(rest, 10, 32, lower_or_digit) => Ok(Self(text.into())),
            _ => Err(NameError::new(
                "an organisation id",
                text,
                "`o-` and 10 to 32 lower-case letters or digits, such as o-a1b2c3d4e5",
            )),
        }
    }
}
text_name!(OrganisationId);
