use super::{AccountId, Arn, NameError, Partition, lower_or_digit, shaped, text_name};
use std::str::FromStr;

/// The name of a Multi-Region Access Point, used in management calls only: 3 to 50 of `a-z 0-9 -`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MrapName(Box<str>);

impl FromStr for MrapName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let ends = |byte: Option<&u8>| byte.is_some_and(|byte| lower_or_digit(*byte));
        let bytes = text.as_bytes();
        if shaped(text, 3, 50, |byte| lower_or_digit(byte) || byte == b'-')
            && ends(bytes.first())
            && ends(bytes.last())
        {
            Ok(Self(text.into()))
        } else {
            Err(NameError::new(
                "a Multi-Region Access Point name",
                text,
                "3 to 50 lower-case letters, digits and hyphens, with a letter or digit at both ends",
            ))
        }
    }
}
text_name!(MrapName);

/// The alias that S3 gives a Multi-Region Access Point, such as `mfzwi23gnjvgw.mrap`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MrapAlias(Box<str>);

impl FromStr for MrapAlias {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let stem = text.strip_suffix(".mrap").unwrap_or_default();
        if shaped(stem, 1, 58, lower_or_digit)
            && stem.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase())
        {
            Ok(Self(text.into()))
        } else {
            Err(NameError::new(
                "a Multi-Region Access Point alias",
                text,
                "lower-case letters and digits followed by `.mrap`, such as mfzwi23gnjvgw.mrap (the alias, not the name)",
            ))
        }
    }
}
text_name!(MrapAlias);

/// The ARN of a Multi-Region Access Point: `arn:<partition>:s3::<account>:accesspoint/<alias>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MrapArn {
    partition: Partition,
    account: AccountId,
    alias: MrapAlias,
    text: Box<str>,
}

impl MrapArn {
    /// The ARN of the access point with this alias.
    pub fn new(partition: Partition, account: AccountId, alias: MrapAlias) -> Self {
        let text = format!("arn:{partition}:s3::{account}:accesspoint/{alias}").into();
        Self { partition, account, alias, text }
    }

    /// The account that owns the access point.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The alias.
    pub fn alias(&self) -> &MrapAlias {
        &self.alias
    }

    /// The partition.
    pub fn partition(&self) -> Partition {
        self.partition
    }

    /// The ARN as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for MrapArn {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        const WHAT: &str = "the ARN of a Multi-Region Access Point";
        const FORM: &str = "arn:aws:s3::<account>:accesspoint/<alias>.mrap";
        let error = |expected: String| NameError::new(WHAT, text, expected);
        let arn: Arn = text.parse().map_err(|_| error(FORM.to_owned()))?;
        if arn.service() != "s3" {
            return Err(error(format!("{FORM} (its service is `{}`)", arn.service())));
        }
        if !arn.region().is_empty() {
            return Err(error(format!("{FORM}, with an empty Region field (it has `{}`)", arn.region())));
        }
        let partition = arn.partition().parse().map_err(|_| error(FORM.to_owned()))?;
        let account = arn.account().parse().map_err(|cause| error(format!("{FORM}; {cause}")))?;
        // SDKs take `accesspoint:alias` as well, IAM policies only the slash.
        let alias = arn.resource().strip_prefix("accesspoint/").ok_or_else(|| error(FORM.to_owned()))?;
        let alias = alias.parse().map_err(|cause| error(format!("{FORM}; {cause}")))?;
        Ok(Self::new(partition, account, alias))
    }
}
super::display_and_serde!(MrapArn);
