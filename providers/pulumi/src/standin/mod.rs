//! A stand-in for Pulumi's AWS provider, for the real engine to preview against.
//!
//! It answers each attribute that only AWS can tell with a made-up text of the right shape, a symbol, so that nothing that is
//! made of it is left unknown: a policy comes out whole. It calls no cloud and applies nothing. The engine attaches to it by
//! `PULUMI_DEBUG_PROVIDERS=aws:PORT`; a preview is made twice, with two [`Salt`]s, and [`crate::settle`] compares the two.

mod aws;
mod document;
mod function;
mod provider;
mod replace;
mod schema;
mod server;
mod settings;
mod wire;

pub use server::{ServeError, Served, serve};

use crate::symbolic::Given;
use narrows_model::token::{Alphabet, Hash, Shape, write};
use narrows_model::{AccountId, Partition, Region};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// The attribute of the symbol of the account of providers that choose none, where others may work in another.
const ONE_OF_SEVERAL: &str = "account (one of several)";

/// Which of two alphabets, that share no character, symbols are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Salt {
    /// Of the first preview.
    First,
    /// Of the second one.
    Second,
}

impl Salt {
    fn alphabet(self) -> Alphabet {
        match self {
            Self::First => Alphabet::First,
            Self::Second => Alphabet::Second,
        }
    }
}

/// What is known of where a program is deployed to.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The account; a symbol where it is not known.
    pub account: Option<AccountId>,
    /// The Region of providers that do not say theirs; a symbol where it is not known.
    pub region: Option<Region>,
    /// What functions answer that the stand-in does not know, by `TOKEN.MEMBER`.
    pub set: BTreeMap<String, serde_json::Value>,
}

/// One run of the engine.
#[derive(Clone, Debug)]
pub struct Session(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    salt: Salt,
    around: Surroundings,
    given: Mutex<BTreeSet<Given>>,
    /// What was set and asked for.
    used: Mutex<BTreeSet<String>>,
    /// What the program's providers say of their accounts.
    accounts: Mutex<BTreeSet<String>>,
}

impl Session {
    /// A run in which nothing was given out yet.
    pub fn new(salt: Salt, around: Surroundings) -> Self {
        Self(Arc::new(Inner {
            salt,
            around,
            given: Mutex::default(),
            used: Mutex::default(),
            accounts: Mutex::default(),
        }))
    }

    /// The symbols that were given out so far.
    ///
    /// Where providers may work in several accounts, that of those which choose none is nobody's: it need not be the one that a
    /// bucket is in.
    pub fn given(&self) -> Vec<Given> {
        let given = self.0.given.lock().unwrap_or_else(PoisonError::into_inner);
        let several = self.0.accounts.lock().unwrap_or_else(PoisonError::into_inner).len() > 1;
        let named = |it: &Given| {
            let is_account = it.urn.is_empty() && it.attribute == crate::symbolic::ACCOUNT;
            let attribute =
                if is_account && several { ONE_OF_SEVERAL.to_owned() } else { it.attribute.clone() };
            Given { attribute, ..it.clone() }
        };
        given.iter().map(named).collect()
    }

    /// Notes what a provider says of its account.
    fn note_account(&self, said: String) {
        self.0.accounts.lock().unwrap_or_else(PoisonError::into_inner).insert(said);
    }

    /// Values that were set and that nothing asked for so far, by `TOKEN.MEMBER`.
    pub fn unused(&self) -> BTreeSet<String> {
        let used = self.0.used.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.around.set.keys().filter(|name| !used.contains(*name)).cloned().collect()
    }

    /// Notes that a value that was set was asked for.
    fn note_used(&self, name: &str) {
        self.0.used.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
    }

    /// The token of an attribute of a resource, and the text that it stands in.
    fn token(&self, shape: Shape, urn: &str, attribute: &str, text: impl FnOnce(&str) -> String) -> String {
        let token = write(shape, Hash::of(&[urn.as_bytes(), attribute.as_bytes()]), self.0.salt.alphabet());
        let text = text(&token);
        let (urn, attribute) = (urn.to_owned(), attribute.to_owned());
        let given = Given { text: text.clone(), urn, attribute, token };
        self.0.given.lock().unwrap_or_else(PoisonError::into_inner).insert(given);
        text
    }

    /// The account that is deployed to.
    fn account(&self) -> String {
        match &self.0.around.account {
            Some(account) => account.to_string(),
            None => self.token(Shape::Account, "", crate::symbolic::ACCOUNT, str::to_owned),
        }
    }

    /// The Region of a provider that does not say its own.
    fn region(&self) -> String {
        match self.0.around.region {
            Some(region) => region.to_string(),
            None => self.token(Shape::Letters(16), "", crate::symbolic::REGION, str::to_owned),
        }
    }

    fn partition(&self) -> Partition {
        self.0.around.region.map(Region::partition).unwrap_or_default()
    }
}
