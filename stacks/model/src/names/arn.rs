use super::{NameError, text_name};
use std::str::FromStr;

/// An ARN: `arn:<partition>:<service>:<region>:<account>:<resource>`, where the resource may contain colons.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arn(Box<str>);

impl Arn {
    fn field(&self, index: usize) -> &str {
        self.0.splitn(6, ':').nth(index).unwrap_or_default()
    }

    /// The partition field.
    pub fn partition(&self) -> &str {
        self.field(1)
    }

    /// The service field, such as `s3`.
    pub fn service(&self) -> &str {
        self.field(2)
    }

    /// The Region field, empty for global resources.
    pub fn region(&self) -> &str {
        self.field(3)
    }

    /// The account field, empty for buckets.
    pub fn account(&self) -> &str {
        self.field(4)
    }

    /// All that follows the fifth colon.
    pub fn resource(&self) -> &str {
        self.field(5)
    }
}

impl FromStr for Arn {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        match fields.as_slice() {
            ["arn", partition, service, _, _, resource]
                if !partition.is_empty() && !service.is_empty() && !resource.is_empty() =>
            {
                Ok(Self(text.into()))
            }
            _ => {
                Err(NameError::new("an ARN", text, "arn:<partition>:<service>:<region>:<account>:<resource>"))
            }
        }
    }
}
text_name!(Arn);
