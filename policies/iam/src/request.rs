//! A request, as policies see it.

use crate::ConditionKey;
use narrows_model::AccountId;
use std::collections::BTreeMap;

/// One request on one resource.
///
/// All text may contain symbols for values unknown before deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who asks.
    pub principal: Principal,
    /// The action, such as `s3:GetObject`.
    pub action: String,
    /// The resource's ARN.
    pub resource: String,
    /// The condition keys, without those that follow from the principal.
    pub context: Context,
}

/// Who asks. The keys `aws:PrincipalArn`, `aws:PrincipalAccount`, `aws:PrincipalType`, `aws:PrincipalIsAWSService` and
/// `aws:PrincipalServiceName` follow from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Nobody known: no credentials.
    Anonymous,
    /// An AWS service, by its principal's name; its `aws:PrincipalArn`, account and user id are open.
    Service(String),
    /// An account's root user: `arn:<partition>:iam::<account>:root`.
    Root {
        /// The partition field.
        partition: String,
        /// The account.
        account: AccountId,
    },
    /// A user, by its ARN.
    User {
        /// `arn:<partition>:iam::<account>:user/<path><name>`
        arn: String,
    },
    /// A session of a role; `aws:PrincipalArn` is the role's ARN.
    Role {
        /// `arn:<partition>:iam::<account>:role/<path><name>`
        arn: String,
        /// The session's name.
        session: String,
    },
    /// A session of a federated user; `aws:PrincipalArn` is its own ARN.
    FederatedUser {
        /// `arn:<partition>:sts::<account>:federated-user/<name>`
        arn: String,
    },
}

impl Principal {
    /// The value of `aws:PrincipalArn`; `None` for anonymous callers (absent) and services (open).
    pub fn arn(&self) -> Option<String> {
        match self {
            Self::Anonymous | Self::Service(_) => None,
            Self::Root { partition, account } => Some(format!("arn:{partition}:iam::{account}:root")),
            Self::User { arn } | Self::Role { arn, .. } | Self::FederatedUser { arn } => Some(arn.clone()),
        }
    }

    /// The account that the caller belongs to, as text; `None` for anonymous callers and services.
    pub fn account(&self) -> Option<String> {
        self.arn()?.split(':').nth(4).map(str::to_owned)
    }
}

/// The condition keys of a request. A key that is not there is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context(BTreeMap<ConditionKey, Entry>);

/// What a request has for a condition key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// One value.
    Value(String),
    /// Several values, as multi-valued keys have; may be empty.
    Values(Vec<String>),
    /// AWS's documents leave open whether the key is there; if so it has this value.
    Perhaps(String),
    /// AWS's documents leave open what the key holds, and whether it is there.
    Open,
}

impl Context {
    /// Sets a key.
    pub fn set(&mut self, key: &str, entry: Entry) {
        self.0.insert(ConditionKey::new(key), entry);
    }

    /// What the request has for a key; `None` if it is absent.
    pub fn get(&self, key: &ConditionKey) -> Option<&Entry> {
        self.0.get(key)
    }

    /// All keys that are there, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&ConditionKey, &Entry)> {
        self.0.iter()
    }

    /// Removes a key.
    pub fn remove(&mut self, key: &ConditionKey) {
        self.0.remove(key);
    }
}
