//! One evaluation of a configuration: which symbols it was given, and how they are made.

use crate::symbolic::{Given, Target, Unset};
use narrows_model::token::{self, Alphabet, Hash, Shape};
use narrows_model::{AccountId, Region};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Which of two alphabets symbols are written in; a configuration is planned once with each.
///
/// No character of a symbol is the same in both, and the order of two symbols is reversed, so that what is computed
/// from a symbol (a part of it, its hash, the first of several when sorted) differs between the two plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Salt {
    /// Digits `0` to `7`, letters `a` to `m`.
    First,
    /// Digits `8` to `f`, letters `n` to `z`.
    Second,
    /// The same symbols as the second, and other values where they are no texts: no list and no map has anything in it.
    Third,
}

impl Salt {
    /// The alphabet of its symbols.
    fn alphabet(self) -> Alphabet {
        match self {
            Self::First => Alphabet::First,
            Self::Second | Self::Third => Alphabet::Second,
        }
    }
}

/// What is known of where a configuration will be deployed.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The account of provider blocks that choose none; 12 digits that are a symbol where it is not known.
    pub account: Option<AccountId>,
    /// The Region of provider blocks that name none.
    pub region: Option<Region>,
    /// Real values for computed attributes of each resource, or for data sources, of a type: `TYPE.ATTRIBUTE` to value.
    pub set: BTreeMap<String, serde_json::Value>,
}

/// One evaluation of a configuration, in one or several runs of the engine; clones share what was given.
///
/// Resources with the same configuration are told apart by counting them, so all runs that build on each other's
/// state belong in one session.
#[derive(Clone, Debug)]
pub struct Session(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    salt: Salt,
    around: Surroundings,
    /// The Booleans that are true in the third salt, by what they are made from.
    trues: BTreeSet<u64>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How many resources of one type and configuration there were.
    occurrences: HashMap<u64, u64>,
    given: BTreeMap<(String, String, String), String>,
    /// The accounts that provider blocks work in, symbols too.
    accounts: BTreeMap<String, IsSymbol>,
    /// What was taken for granted of provider blocks.
    assumptions: BTreeSet<String>,
    /// Which of the values that were set were asked for.
    used: BTreeSet<String>,
    unset: Unset,
    /// Whether a value was made up that is no symbol.
    made_up: bool,
    /// The Booleans that were made up: what they are called, and what each is made from.
    booleans: BTreeSet<(String, u64)>,
    /// The last bytes of each token, to find tokens in a text.
    tokens: HashMap<[u8; TAIL], Vec<(String, u64)>>,
}

/// What is taken for granted of Booleans: three salts do not show it of more than two, two salts of none.
pub const ALIKE: &str =
    "nothing depends on whether two Booleans that are known only after apply are the same";

/// Whether a text is a symbol.
type IsSymbol = bool;

/// Enough of a token's end to be rare in other text.
const TAIL: usize = 8;

impl Session {
    /// A session in which nothing was given yet.
    pub fn new(salt: Salt, around: Surroundings) -> Self {
        Self(Arc::new(Inner { salt, around, trues: BTreeSet::new(), state: Mutex::default() }))
    }

    /// A session with the third salt, after one with another: of the Booleans that were made up there every other one is
    /// true, so that two of them, or two of one name, are not the same.
    pub fn third(&self) -> Self {
        let booleans = self.state().booleans.clone();
        let trues = booleans.into_iter().skip(1).step_by(2).map(|(_, seed)| seed).collect();
        let around = self.0.around.clone();
        Self(Arc::new(Inner { salt: Salt::Third, around, trues, state: Mutex::default() }))
    }

    /// All symbols that were given, in the order of their type, attribute and text.
    pub fn given(&self) -> Vec<Given> {
        let state = self.state();
        let given = state.given.iter().map(|((type_name, attribute, text), token)| Given {
            text: text.clone(),
            type_name: type_name.clone(),
            attribute: attribute.clone(),
            token: token.clone(),
        });
        given.collect()
    }

    /// Where the configuration is deployed to.
    ///
    /// Where all provider blocks choose the same account, that is the one of the surroundings, if they do not know it.
    pub fn target(&self) -> Target {
        let state = self.state();
        let is_one_account = state.accounts.len() <= 1;
        let known = state.accounts.iter().filter(|(_, is_symbol)| is_one_account && !**is_symbol);
        let known = known.filter_map(|(account, _)| account.parse().ok()).next();
        let around = self.0.around.account.clone().filter(|_| is_one_account);
        let mut assumptions = state.assumptions.clone();
        if let Some(account) = self.0.around.account.as_ref().filter(|_| !is_one_account) {
            assumptions.insert(format!(
                "all buckets are in account {account}, though provider blocks choose several accounts"
            ));
        }
        if state.booleans.len() > 2 {
            assumptions.insert(ALIKE.to_owned());
        }
        Target { account: known.or(around), is_one_account, assumptions }
    }

    /// The values that were set and that nothing asked for, by `TYPE.ATTRIBUTE`.
    pub fn unused(&self) -> BTreeSet<String> {
        let state = self.state();
        self.0.around.set.keys().filter(|name| !state.used.contains(*name)).cloned().collect()
    }

    /// The arguments that resources were planned without.
    pub fn unset(&self) -> Unset {
        self.state().unset.clone()
    }

    /// Whether a value was made up that is no symbol, such as a Boolean or a list: what depends on it shows only in plans in
    /// which it is another.
    pub fn has_made_up(&self) -> bool {
        self.state().made_up
    }

    pub(super) fn salt(&self) -> Salt {
        self.0.salt
    }

    pub(super) fn around(&self) -> &Surroundings {
        &self.0.around
    }

    /// The token of a seed, which is the same in both salts but for its alphabet.
    pub(super) fn token(&self, shape: Shape, seed: u64) -> String {
        let token = token::write(shape, seed, self.0.salt.alphabet());
        let tail = token.len().checked_sub(TAIL).and_then(|start| token.as_bytes().get(start..));
        if let Some(tail) = tail.and_then(|tail| <[u8; TAIL]>::try_from(tail).ok()) {
            let mut state = self.state();
            let known = state.tokens.entry(tail).or_default();
            if known.iter().all(|(other, _)| *other != token) {
                known.push((token.clone(), seed));
            }
        }
        token
    }

    /// Notes that an attribute was answered with a text that holds a token.
    pub(super) fn give(&self, type_name: &str, attribute: &str, text: &str, token: &str) {
        let key = (type_name.to_owned(), attribute.to_owned(), text.to_owned());
        self.state().given.insert(key, token.to_owned());
    }

    /// Notes what a resource was planned without, by the texts in its planned state.
    pub(super) fn plan_without(
        &self,
        type_name: &str,
        texts: BTreeMap<String, String>,
        paths: BTreeSet<String>,
    ) {
        self.state().unset.add(type_name, texts, paths);
    }

    /// Notes that a provider block works in an account.
    pub(super) fn work_in(&self, account: String, is_symbol: IsSymbol) {
        self.state().accounts.insert(account, is_symbol);
    }

    /// Notes what is taken for granted.
    pub(super) fn assume(&self, assumption: &str) {
        self.state().assumptions.insert(assumption.to_owned());
    }

    /// Notes that a value is made up that is no symbol.
    pub(super) fn make_up(&self) {
        self.state().made_up = true;
    }

    /// Makes up a Boolean, from its name and what it is made from.
    ///
    /// All are false in the first salt and true in the second, which shows what one of them decides, or several of them
    /// together. In the third some are true, which shows what their difference decides.
    pub(super) fn boolean(&self, name: String, seed: u64) -> bool {
        self.state().booleans.insert((name, seed));
        match self.0.salt {
            Salt::First => false,
            Salt::Second => true,
            Salt::Third => self.0.trues.contains(&seed),
        }
    }

    /// The value that was set for an attribute of a type.
    pub(super) fn set_value(&self, type_name: &str, attribute: &str) -> Option<&serde_json::Value> {
        let (name, value) = self.0.around.set.get_key_value(&format!("{type_name}.{attribute}"))?;
        self.state().used.insert(name.clone());
        Some(value)
    }

    /// The number, from 0, of a resource among those with the same identity.
    pub(super) fn occurrence(&self, identity: u64) -> u64 {
        let mut state = self.state();
        let count = state.occurrences.entry(identity).or_default();
        let number = *count;
        *count += 1;
        number
    }

    /// A hash of bytes that is the same in both salts: the tokens inside count as what they were made from.
    pub(super) fn neutral(&self, bytes: &[u8]) -> u64 {
        let state = self.state();
        let mut hash = Hash::default();
        let mut rest = bytes;
        let mut end = 0;
        // Looks at each window, and takes the bytes up to it once it ends a token.
        while let Some(window) = rest.get(end..end + TAIL) {
            let after = end + TAIL;
            let known = <[u8; TAIL]>::try_from(window).ok().and_then(|tail| state.tokens.get(&tail));
            let whole = rest.get(..after).unwrap_or_default();
            let found = known.into_iter().flatten().find(|(token, _)| whole.ends_with(token.as_bytes()));
            match found {
                Some((token, seed)) => {
                    hash.part(whole.get(..after - token.len()).unwrap_or_default());
                    hash.part(&seed.to_le_bytes());
                    rest = rest.get(after..).unwrap_or_default();
                    end = 0;
                }
                None => end += 1,
            }
        }
        hash.part(rest);
        hash.finish()
    }

    /// Whether a whole token is in a text.
    pub(super) fn holds_token(&self, text: &str) -> bool {
        let state = self.state();
        let bytes = text.as_bytes();
        let ends_token = |(start, window): (usize, &[u8])| {
            let known = <[u8; TAIL]>::try_from(window).ok().and_then(|tail| state.tokens.get(&tail));
            let whole = bytes.get(..start + TAIL).unwrap_or_default();
            known.into_iter().flatten().any(|(token, _)| whole.ends_with(token.as_bytes()))
        };
        bytes.windows(TAIL).enumerate().any(ends_token)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here is left half done by a panic.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(salt: Salt, text: impl Fn(&[String; 2]) -> String) -> u64 {
        let session = Session::new(salt, Surroundings::default());
        let tokens = [session.token(Shape::Hex(17), 1), session.token(Shape::Any, 2)];
        session.neutral(text(&tokens).as_bytes())
    }

    #[test]
    fn a_neutral_hash_is_the_same_in_both_salts_and_still_tells_tokens_apart() {
        let one = |[id, any]: &[String; 2]| format!("before vpce-{id} between {any}{id} after");
        let other = |[id, any]: &[String; 2]| format!("before vpce-{id} between {id}{any} after");
        assert_eq!(hash(Salt::First, one), hash(Salt::Second, one));
        assert_eq!(hash(Salt::First, other), hash(Salt::Second, other));
        assert_ne!(hash(Salt::First, one), hash(Salt::First, other));
        assert_ne!(hash(Salt::First, one), hash(Salt::First, |_| "before".to_owned()));
    }

    #[test]
    fn a_part_of_a_token_counts_as_text() {
        let part = |[id, _]: &[String; 2]| id.chars().skip(5).collect::<String>();
        assert_ne!(hash(Salt::First, part), hash(Salt::Second, part));
    }

    #[test]
    fn instances_of_one_identity_are_counted_each_by_itself() {
        let session = Session::new(Salt::First, Surroundings::default());
        let seen = [1, 1, 2, 1].map(|identity| session.clone().occurrence(identity));
        assert_eq!(seen, [0, 1, 0, 2]);
    }
}
