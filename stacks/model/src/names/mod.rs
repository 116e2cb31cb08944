//! Names of AWS things, each with one door: `FromStr`.

mod account;
mod arn;
mod bucket;
mod error;
mod key;
mod mrap;
mod network;
mod organisation;
mod partition;
mod prefix;
mod principal;
mod region;
mod stack;

pub use account::{AccountId, OrganisationId};
pub use arn::Arn;
pub use bucket::BucketName;
pub use error::{NameError, nearest};
pub use key::KeyName;
pub use mrap::{MrapAlias, MrapArn, MrapName};
pub use network::{Cidr, SecurityGroupId, SubnetId, VpcEndpointId, VpcId};
pub use organisation::{ControlPolicyId, OrganisationNode};
pub use partition::Partition;
pub use prefix::KeyPrefix;
pub use principal::{GroupName, PolicyName, RoleArn, RoleName, RolePath, ServicePrincipal, UserName};
pub use region::{MrapSupport, Region};
pub use stack::StackName;

/// Implements `Display`, `AsRef<str>`, `Serialize` and `Deserialize` (through `FromStr`) for a newtype over `Box<str>`.
macro_rules! text_name {
    ($name:ident) => {
        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        crate::names::display_and_serde!($name);
    };
}
/// Implements `Display`, `Serialize` and `Deserialize` for a type with `as_str` and `FromStr`.
macro_rules! display_and_serde {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use display_and_serde;
pub(crate) use text_name;

/// Whether the text has between `min` and `max` bytes, all of which `allowed` admits.
fn shaped(text: &str, min: usize, max: usize, allowed: impl Fn(u8) -> bool) -> bool {
    (min..=max).contains(&text.len()) && text.bytes().all(allowed)
}

fn lower_or_digit(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}
