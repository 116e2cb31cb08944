use super::Mrap;
use super::nameless::Base;
use crate::lower::Spellings;
use crate::scene::Likely;
use crate::solve::{Memo, Symbols, Walks};
use narrows_iam::ConditionKey;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What was worked out for a model once and is used by all its questions; nothing that an answer could depend on.
///
/// A clone begins empty, since the model that it belongs to may be changed. Who changes a model that was asked already puts
/// `Cache::default()` in its place.
#[derive(Debug, Default)]
pub struct Cache {
    symbols: OnceLock<Arc<Symbols>>,
    spellings: OnceLock<BTreeMap<ConditionKey, Spellings>>,
    mraps: OnceLock<BTreeMap<String, usize>>,
    nameless: OnceLock<Base>,
    likely: Mutex<BTreeMap<usize, Arc<Likely>>>,
    /// The automata that were walked, over [`Cache::symbols`].
    walks: Arc<Walks>,
    /// The problems that were decided.
    pub(crate) decided: Memo,
}

impl Clone for Cache {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Cache {
    /// The model's symbols as the solver takes them.
    pub(crate) fn symbols(&self, make: impl FnOnce() -> Symbols) -> Arc<Symbols> {
        Arc::clone(self.symbols.get_or_init(|| Arc::new(make())))
    }

    /// The automata that were walked, for problems with the model's symbols.
    pub(crate) fn walks(&self) -> Arc<Walks> {
        Arc::clone(&self.walks)
    }

    /// The texts of keys that the model's policies compare in two ways.
    pub(crate) fn spellings(
        &self,
        make: impl FnOnce() -> BTreeMap<ConditionKey, Spellings>,
    ) -> BTreeMap<ConditionKey, Spellings> {
        self.spellings.get_or_init(make).clone()
    }

    /// What the bucket of a place makes likely.
    pub(crate) fn likely(&self, bucket: usize, make: impl FnOnce() -> Likely) -> Arc<Likely> {
        // A thread that panicked left whole entries behind.
        let mut known = self.likely.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(bucket).or_insert_with(|| Arc::new(make())))
    }

    /// The MRAPs' places in the model, by ARN.
    pub(crate) fn mraps(&self, all: &[Mrap]) -> &BTreeMap<String, usize> {
        let number = || all.iter().enumerate().map(|(index, mrap)| (mrap.arn.clone(), index)).collect();
        self.mraps.get_or_init(number)
    }

    /// The symbols that can stand for names, made on first use.
    pub(super) fn nameless(&self, make: impl FnOnce() -> Base) -> &Base {
        self.nameless.get_or_init(make)
    }
}
