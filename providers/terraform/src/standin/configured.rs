//! What the provider block of a connection says that shows in a plan.

use super::session::Session;
use super::token::{Hash, Shape};
use super::value::Data;
use narrows_model::{AccountId, Arn, Partition, Region};
use std::collections::BTreeMap;

/// A provider as its block configures it.
#[derive(Clone, Debug)]
pub(super) struct Configured {
    /// The Region that the block names, [`Data::Null`] if it names none.
    region: Data,
    /// `default_tags`; unknown if one of them is.
    default_tags: Data,
    /// What tells this block from others, the same in both salts.
    pub(super) identity: u64,
    /// The account, where the block tells it.
    account: Option<AccountId>,
    /// The same as `identity` without what does not choose the account.
    account_identity: u64,
    /// Whether the block takes a role, whose account need not be that of the surroundings.
    takes_role: bool,
}

impl Configured {
    /// Reads a provider block.
    pub(super) fn read(session: &Session, config: &Data) -> Self {
        let block = match config {
            Data::Map(members) => members.clone(),
            _ => BTreeMap::new(),
        };
        let mut account = block.clone();
        for other in ["region", "default_tags", "ignore_tags", "max_retries", "retry_mode"] {
            account.remove(other);
        }
        let mut tags = BTreeMap::new();
        let mut known = true;
        for given in block.get("default_tags").map(Data::items).unwrap_or_default() {
            match given.get("tags") {
                Some(Data::Map(given)) => tags.extend(given.clone()),
                Some(Data::Unknown) => known = false,
                _ => {}
            }
        }
        let identity = |block: BTreeMap<String, Data>| {
            // What cannot be written is no value of the engine; all such blocks then count as one.
            session.neutral(&Data::Map(block).to_msgpack().unwrap_or_default())
        };
        Self {
            region: match block.get("region") {
                Some(Data::Text(region)) if region.is_empty() => Data::Null,
                Some(region) => region.clone(),
                None => Data::Null,
            },
            default_tags: if known { Data::Map(tags) } else { Data::Unknown },
            account: account_of(&block),
            takes_role: TAKE_ROLES.iter().any(|name| block.get(*name).is_some_and(takes_role)),
            identity: identity(block),
            account_identity: identity(account),
        }
    }

    /// The Region: the block's, the surroundings', or a symbol.
    pub(super) fn region(&self, session: &Session) -> String {
        match (&self.region, &session.around().region) {
            (Data::Text(region), _) => return region.clone(),
            (Data::Null, Some(region)) => return region.to_string(),
            _ => {}
        }
        let token = session.token(Shape::Any, Hash::of(&[b"region", &self.identity.to_le_bytes()]));
        session.give("aws_region", "region", &token, &token);
        token
    }

    /// The partition of the Region; `aws` where the Region is not known.
    pub(super) fn partition(&self, session: &Session) -> Partition {
        let named = self.region.as_str().and_then(|region| region.parse::<Region>().ok());
        named.or(session.around().region).map(Region::partition).unwrap_or_default()
    }

    /// The account, and whether it is a symbol: the block's, the surroundings' unless the block takes a role, or a symbol.
    pub(super) fn account(&self, session: &Session) -> (String, bool) {
        let surroundings = session.around().account.as_ref().filter(|_| !self.takes_role);
        if let Some(account) = self.account.as_ref().or(surroundings) {
            return (account.to_string(), false);
        }
        let token =
            session.token(Shape::Account, Hash::of(&[b"account", &self.account_identity.to_le_bytes()]));
        session.give("aws_caller_identity", "account_id", &token, &token);
        (token, true)
    }

    /// All tags of a resource with these tags of its own.
    pub(super) fn tags_all(&self, own: Option<&Data>) -> Data {
        match (&self.default_tags, own) {
            (Data::Map(default), Some(Data::Map(own))) => {
                Data::Map(default.clone().into_iter().chain(own.clone()).collect())
            }
            (Data::Map(default), Some(Data::Null) | None) => Data::Map(default.clone()),
            _ => Data::Unknown,
        }
    }
}

/// The blocks by which a provider takes roles, in the order in which it does.
const TAKE_ROLES: [&str; 2] = ["assume_role_with_web_identity", "assume_role"];

/// The account that a provider block tells: that of the role that it takes last, else the only one that it allows.
fn account_of(block: &BTreeMap<String, Data>) -> Option<AccountId> {
    let roles = TAKE_ROLES.iter().flat_map(|name| block.get(*name).map(Data::items).unwrap_or_default());
    match roles.last().and_then(|role| role.get("role_arn")) {
        Some(Data::Text(role)) => role.parse::<Arn>().ok()?.account().parse().ok(),
        Some(Data::Unknown) => None,
        _ => match block.get("allowed_account_ids").map(Data::items) {
            Some([Data::Text(only)]) => only.parse().ok(),
            _ => None,
        },
    }
}

/// Whether the value of such a block names a role, or may.
fn takes_role(given: &Data) -> bool {
    let names = |role: &Data| !matches!(role.get("role_arn"), None | Some(Data::Null));
    *given == Data::Unknown || given.items().iter().any(names)
}
