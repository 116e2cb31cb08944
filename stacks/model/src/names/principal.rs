use super::{AccountId, Arn, NameError, Partition, text_name};
use std::str::FromStr;

/// The name of an IAM role: 1 to 64 of letters, digits and `+=,.@_-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleName(Box<str>);

impl FromStr for RoleName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if super::shaped(text, 1, 64, |byte| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte)) {
            Ok(Self(text.into()))
        } else {
            Err(NameError::new("a role name", text, "1 to 64 letters, digits or characters of +=,.@_-"))
        }
    }
}
text_name!(RoleName);

/// The name of a managed IAM policy: 1 to 128 of letters, digits and `+=,.@_-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyName(Box<str>);

impl FromStr for PolicyName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if super::shaped(text, 1, 128, |byte| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte)) {
            Ok(Self(text.into()))
        } else {
            Err(NameError::new("a policy name", text, "1 to 128 letters, digits or characters of +=,.@_-"))
        }
    }
}
text_name!(PolicyName);

/// The name of an IAM user: 1 to 64 of letters, digits and `+=,.@_-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserName(Box<str>);

impl FromStr for UserName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if super::shaped(text, 1, 64, |byte| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte)) {
            Ok(Self(text.into()))
        } else {
            Err(NameError::new("a user name", text, "1 to 64 letters, digits or characters of +=,.@_-"))
        }
    }
}
text_name!(UserName);

/// The name of an IAM group: 1 to 128 of letters, digits and `+=,.@_-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupName(Box<str>);

impl FromStr for GroupName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if super::shaped(text, 1, 128, |byte| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte)) {
            Ok(Self(text.into()))
        } else {
            Err(NameError::new("a group name", text, "1 to 128 letters, digits or characters of +=,.@_-"))
        }
    }
}
text_name!(GroupName);

/// The path of an IAM role: `/`, or text between slashes; at most 512 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RolePath(Box<str>);

impl Default for RolePath {
    fn default() -> Self {
        Self("/".into())
    }
}

impl FromStr for RolePath {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let valid = text.starts_with('/') && text.ends_with('/');
        if valid && super::shaped(text, 1, 512, |byte| (0x21..=0x7e).contains(&byte)) {
            Ok(Self(text.into()))
        } else {
            Err(NameError::new(
                "a role path",
                text,
                "`/`, or text that begins and ends with a slash, such as /apps/",
            ))
        }
    }
}
text_name!(RolePath);

/// The exact ARN of an IAM role: `arn:<partition>:iam::<account>:role/<path><name>`, without wildcards.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleArn {
    account: AccountId,
    name: RoleName,
    text: Box<str>,
}

impl RoleArn {
    /// The ARN of the role with this path and name.
    pub fn new(partition: Partition, account: AccountId, path: &RolePath, name: RoleName) -> Self {
        let text = format!("arn:{partition}:iam::{account}:role{path}{name}").into();
        Self { account, name, text }
    }

    /// The role's account.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The role's name, without its path.
    pub fn name(&self) -> &RoleName {
        &self.name
    }

    /// The ARN as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for RoleArn {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        const FORM: &str = "arn:aws:iam::<account>:role/<name>, without wildcards";
        let error = |expected: String| NameError::new("the ARN of an IAM role", text, expected);
        let arn: Arn = text.parse().map_err(|_| error(FORM.to_owned()))?;
        if arn.service() == "sts" {
            return Err(error(format!("{FORM} (this is the ARN of a session; give its role)")));
        }
        let rest = arn.resource().strip_prefix("role").filter(|rest| rest.starts_with('/'));
        let Some(rest) = rest.filter(|_| arn.service() == "iam" && arn.region().is_empty()) else {
            return Err(error(FORM.to_owned()));
        };
        let partition: Partition = arn.partition().parse().map_err(|_| error(FORM.to_owned()))?;
        let account: AccountId = arn.account().parse().map_err(|cause| error(format!("{FORM}; {cause}")))?;
        let (path, name) = rest.rsplit_once('/').unwrap_or_default();
        let path: RolePath = format!("{path}/").parse().map_err(|cause| error(format!("{FORM}; {cause}")))?;
        let name: RoleName = name.parse().map_err(|cause| error(format!("{FORM}; {cause}")))?;
        Ok(Self::new(partition, account, &path, name))
    }
}
super::display_and_serde!(RoleArn);

/// The name of an AWS service principal, such as `logging.s3.amazonaws.com`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServicePrincipal(Box<str>);

impl FromStr for ServicePrincipal {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let suffix = [".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".aws.internal"];
        let labels = text.split('.').all(|label| {
            !label.is_empty()
                && label.bytes().all(|byte| super::lower_or_digit(byte) || byte == b'-' || byte == b'_')
        });
        if labels && suffix.iter().any(|suffix| text.ends_with(suffix)) {
            Ok(Self(text.into()))
        } else {
            Err(NameError::new(
                "a service principal",
                text,
                "a name such as logging.s3.amazonaws.com, without wildcards",
            ))
        }
    }
}
text_name!(ServicePrincipal);
