//! What is asked about many buckets that differ in names only, asked once.
//!
//! A proof about a bucket whose name is a symbol holds for each name. Where it is not proved so, each bucket is asked by itself.

use crate::facts::{Asking, Fact, Facts};
use crate::guardrail::{Each, Guardrail};
use crate::report::Settled;
use crate::subject::{At, Inquiry};
use narrows_prover::vacuous::Holder;
use narrows_prover::{AccessModel, Nameless, Route, Verdict};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// With fewer buckets than this there is little to share, and what is not proved would be asked twice.
const FEW: usize = 8;

/// The classes of buckets, and what was found of each.
pub(crate) struct Classes<'m> {
    model: &'m AccessModel,
    /// The members of each MRAP.
    members: Vec<Vec<usize>>,
    /// The class of some buckets.
    of: Mutex<HashMap<Vec<usize>, Option<Arc<Class>>>>,
    known: Mutex<HashMap<String, Arc<Class>>>,
}

/// Buckets that differ in names only.
#[derive(Default)]
struct Class {
    model: OnceLock<Option<AccessModel>>,
    settled: Mutex<BTreeMap<(String, String), Arc<OnceLock<Option<Settled>>>>>,
}

/// What is asked, with symbols in the place of names.
struct Asked {
    inquiry: Inquiry,
    /// A text that two inquiries share only if they are the same without names.
    key: String,
}

impl<'m> Classes<'m> {
    pub fn of(model: &'m AccessModel) -> Self {
        let mut members = vec![Vec::new(); model.mraps.len()];
        for (index, bucket) in model.buckets.iter().enumerate() {
            for mrap in &bucket.mraps {
                if let Some(members) = members.get_mut(*mrap) {
                    members.push(index);
                }
            }
        }
        Self { model, members, of: Mutex::default(), known: Mutex::default() }
    }

    /// What an inquiry comes to, where it is proved without the names of its buckets.
    pub fn proved(
        &self,
        guardrail: &Guardrail,
        inquiry: &Inquiry,
        settle: impl FnOnce(&AccessModel, &Inquiry) -> Settled,
    ) -> Option<Settled> {
        if self.model.buckets.len() < FEW {
            return None;
        }
        let buckets = self.buckets(guardrail, inquiry)?;
        let nameless = Nameless::of(self.model, &buckets)?;
        let class = self.class(buckets, &nameless)?;
        let Asked { inquiry, key } = asked(inquiry, &nameless)?;
        let cell = {
            let mut settled = open(&class.settled);
            Arc::clone(settled.entry((guardrail.id.clone(), key)).or_default())
        };
        let found = cell.get_or_init(|| {
            let model = class.model.get_or_init(|| nameless.model(self.model)).as_ref()?;
            let settled = settle(model, &inquiry);
            // Nobody would know the symbols.
            let named =
                settled.assumptions.iter().chain(&settled.remarks).any(|text| text.contains("nameless"));
            (settled.verdict == Verdict::Proved && !named).then_some(settled)
        });
        found.clone()
    }

    /// The buckets that an inquiry is about, if it is about nothing else.
    fn buckets(&self, guardrail: &Guardrail, inquiry: &Inquiry) -> Option<Vec<usize>> {
        let of_mrap = |mrap: usize| self.members.get(mrap).filter(|members| !members.is_empty()).cloned();
        match (guardrail.each, inquiry.holder) {
            (Each::MrapBucket | Each::Bucket, _) => inquiry.at.first().map(|at| vec![at.bucket]),
            (Each::Mrap, _) => of_mrap(inquiry.at.first()?.routes.iter().find_map(|route| match route {
                Route::Mrap(index) => Some(*index),
                Route::Direct | Route::OtherAccessPoint => None,
            })?),
            (Each::Policy, Some(Holder::Bucket(index))) => Some(vec![index]),
            (Each::Policy, Some(Holder::Mrap(index))) => of_mrap(index),
            _ => None,
        }
    }

    fn class(&self, buckets: Vec<usize>, nameless: &Nameless) -> Option<Arc<Class>> {
        if let Some(known) = open(&self.of).get(&buckets) {
            return known.clone();
        }
        let class = nameless.key(self.model).map(|key| Arc::clone(open(&self.known).entry(key).or_default()));
        open(&self.of).insert(buckets, class.clone());
        class
    }
}

fn open<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is in it is complete after each step.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An inquiry in the model without names.
fn asked(inquiry: &Inquiry, nameless: &Nameless) -> Option<Asked> {
    let route = |route: &Route| match route {
        Route::Mrap(index) => nameless.mrap(*index).map(Route::Mrap),
        other => Some(*other),
    };
    let mut at = Vec::new();
    for place in &inquiry.at {
        let asking = Asking {
            resource: facts(&place.asking.resource, nameless),
            subject: facts(&place.asking.subject, nameless),
        };
        let routes = place.routes.iter().map(route).collect::<Option<Vec<_>>>()?;
        at.push(At { bucket: nameless.bucket(place.bucket)?, asking, routes });
    }
    let holder = match inquiry.holder {
        Some(Holder::Bucket(index)) => Some(Holder::Bucket(nameless.bucket(index)?)),
        Some(Holder::Mrap(index)) => Some(Holder::Mrap(nameless.mrap(index)?)),
        Some(_) => return None,
        None => None,
    };
    let key =
        at.iter().map(|at| format!("{} {:?} {:?}\n", at.bucket, at.asking, at.routes)).collect::<String>();
    let key = format!("{key}{holder:?} {:?}", inquiry.unknown);
    let inquiry = Inquiry {
        subject: inquiry.subject.clone(),
        at,
        holder,
        unknown: inquiry.unknown.clone(),
        exemptions: Vec::new(),
        ending: false,
        words: Vec::new(),
    };
    Some(Asked { inquiry, key })
}

fn facts(facts: &Facts, nameless: &Nameless) -> Facts {
    let text = |text: &String| nameless.text(text);
    let without = |fact: &Fact| match fact {
        Fact::Text(it) => Fact::Text(text(it)),
        Fact::Texts(all) => Fact::Texts(all.iter().map(text).collect()),
        Fact::Record(record) => Fact::Record(self::facts(record, nameless)),
        Fact::Unknown(reason) => Fact::Unknown(text(reason)),
        other => other.clone(),
    };
    facts.iter().map(|(name, fact)| (*name, without(fact))).collect()
}
