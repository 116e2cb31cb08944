use super::{NameError, shaped, text_name};
use std::net::Ipv4Addr;
use std::str::FromStr;

/// Declares an EC2 id: a prefix and 8 or 17 hexadecimal digits.
macro_rules! ec2_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $what:literal, $example:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
                match text.strip_prefix($prefix) {
                    Some(rest) if matches!(rest.len(), 8 | 17) && shaped(rest, 8, 17, hex) => Ok(Self(text.into())),
                    _ => Err(NameError::new(
                        $what,
                        text,
                        concat!("`", $prefix, "` and 8 or 17 hexadecimal digits, such as ", $example),
                    )),
                }
            }
        }
        text_name!($name);
    };
}

ec2_id!(
    /// The id of a VPC endpoint.
    VpcEndpointId, "vpce-", "a VPC endpoint id", "vpce-0a1b2c3d4e5f60718"
);
ec2_id!(
    /// The id of a VPC.
    VpcId, "vpc-", "a VPC id", "vpc-0a1b2c3d4e5f60718"
);
ec2_id!(
    /// The id of a subnet.
    SubnetId, "subnet-", "a subnet id", "subnet-0a1b2c3d4e5f60718"
);
ec2_id!(
    /// The id of a security group.
    SecurityGroupId, "sg-", "a security group id", "sg-0a1b2c3d4e5f60718"
);

/// An IPv4 network in CIDR form with no host bits set (Multi-Region Access Points have no IPv6).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr(Box<str>);

impl FromStr for Cidr {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        const WHAT: &str = "an IPv4 network";
        let error = || NameError::new(WHAT, text, "an address and a prefix length, such as 10.0.0.0/16");
        let (address, length) = text.split_once('/').ok_or_else(error)?;
        let address: Ipv4Addr = address.parse().map_err(|_| error())?;
        let length: u32 = length.parse().ok().filter(|length| *length <= 32).ok_or_else(error)?;
        let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
        let network = Ipv4Addr::from(u32::from(address) & mask);
        if network != address {
            return Err(NameError::new(
                WHAT,
                text,
                format!("no bits set after the prefix, as in {network}/{length}"),
            ));
        }
        Ok(Self(text.into()))
    }
}
text_name!(Cidr);
