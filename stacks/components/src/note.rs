use crate::MrapRegion;
use narrows_model::RoleArn;
use std::fmt;

/// Something that is right as it is, and that the owner should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A Region that is not enabled in every account.
    OptInRegion(MrapRegion),
    /// A grant to a role of another account.
    ForeignGrant(RoleArn),
    /// Alarms of this Region have nobody to tell.
    SilentRegion(MrapRegion),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OptInRegion(region) => write!(
                f,
                "{region} is an opt-in Region: enable it in the accounts of the access point, of its callers and of \
                 the VPC endpoints before deploying; it cannot be managed in the S3 console"
            ),
            Self::ForeignGrant(role) => write!(
                f,
                "{role} belongs to another account: it also needs an identity policy of its own that allows the same"
            ),
            Self::SilentRegion(region) => {
                write!(f, "alarms in {region} tell nobody: no topic of that Region is listed to be notified")
            }
        }
    }
}
