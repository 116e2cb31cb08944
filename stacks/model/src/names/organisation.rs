use super::{NameError, shaped, text_name};
use std::str::FromStr;

/// The id of a control policy: `p-` and 8 to 128 letters, digits and underscores.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ControlPolicyId(Box<str>);

impl ControlPolicyId {
    /// The service control policy of AWS's that allows everything.
    pub const FULL_ACCESS: &str = "p-FullAWSAccess";
}

impl FromStr for ControlPolicyId {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let rest = text.strip_prefix("p-").unwrap_or_default();
        if shaped(rest, 8, 128, |byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            Ok(Self(text.into()))
        } else {
            let expected = "`p-` and 8 to 128 letters, digits or underscores, such as p-FullAWSAccess";
            Err(NameError::new("the id of a control policy", text, expected))
        }
    }
}
text_name!(ControlPolicyId);

/// A root (`r-…`), an organisational unit (`ou-…-…`) or an account (twelve digits) of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationNode(Box<str>);

impl FromStr for OrganisationNode {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let word = |text: &str, min| shaped(text, min, 32, super::lower_or_digit);
        let valid =
            match (text.strip_prefix("r-"), text.strip_prefix("ou-").and_then(|it| it.split_once('-'))) {
                (Some(root), _) => word(root, 4),
                (None, Some((root, unit))) => word(root, 4) && word(unit, 8),
                (None, None) => shaped(text, 12, 12, |byte| byte.is_ascii_digit()),
            };
        if valid {
            Ok(Self(text.into()))
        } else {
            let expected = "a root (r-abcd), a unit (ou-abcd-01234567) or an account (twelve digits)";
            Err(NameError::new("a part of an organisation", text, expected))
        }
    }
}
text_name!(OrganisationNode);
