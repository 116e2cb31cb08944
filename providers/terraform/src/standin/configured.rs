//! What the provider block of a connection says that shows in a plan.

use super::session::Session;
use super::value::Data;
use narrows_model::token::{Hash, Shape};
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
    /// Whether the block chooses an account, which need not be that of the surroundings.
    chooses: bool,
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
            chooses: TAKE_ROLES.iter().any(|name| block.get(*name).is_some_and(takes_role))
                || CREDENTIALS.iter().any(|name| block.get(*name).is_some_and(is_given)),
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
        // Blocks that name none have one Region, unless what chooses the account chooses it as well.
        let identity = if self.region.is_null() { self.account_identity } else { self.identity };
        let token = session.token(Shape::Any, Hash::of(&[b"region", &identity.to_le_bytes()]));
        session.give("aws_region", "region", &token, &token);
        token
    }

    /// The partition of the Region, which a resource may name for itself; `None` where it is one that is not known, here or
    /// before it is applied.
    ///
    /// Where nothing names a Region it is taken to be `aws`.
    pub(super) fn partition(&self, session: &Session, own: Option<&Data>) -> Option<Partition> {
        // A resource is in the partition of its provider.
        let own = own.filter(|own| self.region.is_null() && !own.is_null());
        if let Some(named) = own.or(Some(&self.region).filter(|region| !region.is_null())) {
            return named.as_str()?.parse().ok().map(Region::partition);
        }
        if session.around().region.is_none() {
            session.assume(PARTITION);
        }
        Some(session.around().region.map(Region::partition).unwrap_or_default())
    }

    /// The account, and whether it is a symbol: the block's, the surroundings' unless the block chooses one, or a symbol.
    pub(super) fn account(&self, session: &Session) -> (String, bool) {
        let (account, is_symbol) = self.works_in(session);
        if is_symbol {
            session.give("aws_caller_identity", "account_id", &account, &account);
        }
        (account, is_symbol)
    }

    /// The same account, before anything asks for it.
    pub(super) fn works_in(&self, session: &Session) -> (String, bool) {
        let surroundings = session.around().account.as_ref().filter(|_| !self.chooses);
        if let Some(account) = self.account.as_ref().or(surroundings) {
            return (account.to_string(), false);
        }
        let token =
            session.token(Shape::Account, Hash::of(&[b"account", &self.account_identity.to_le_bytes()]));
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

/// What is taken for granted where no Region is known.
const PARTITION: &str = "the partition is aws: neither a provider block nor --region names a Region";

/// The arguments that choose whose credentials are used, and so an account.
const CREDENTIALS: [&str; 6] =
    ["access_key", "secret_key", "token", "profile", "shared_config_files", "shared_credentials_files"];

/// Whether an argument has a value, or may have one.
fn is_given(given: &Data) -> bool {
    match given {
        Data::Null => false,
        Data::Text(text) => !text.is_empty(),
        Data::List(items) => items.iter().any(is_given),
        _ => true,
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
