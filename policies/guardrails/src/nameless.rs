//! What is asked about many buckets that differ in names only, asked once.
//!
//! A proof about a bucket whose name is a symbol holds for each name. Where it is not proved so, each bucket is asked by itself.

use crate::facts::{Asking, Fact, Facts};
use crate::guardrail::{Each, Guardrail};
use crate::report::Settled;
use crate::subject::{At, Inquiry};
use foldhash::fast::FixedState;
use narrows_prover::vacuous::Holder;
use narrows_prover::{AccessModel, Nameless, Route, Verdict};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// The classes of buckets, and what was found of each.
pub(crate) struct Classes<'m> {
    model: &'m AccessModel,
    /// The members of each MRAP.
    members: Vec<Vec<usize>>,
    /// Some buckets and their class.
    of: Mutex<HashMap<Vec<usize>, Option<Arc<Member>>>>,
    classes: Mutex<HashMap<Vec<u8>, Arc<Class>>>,
}

/// Buckets of a class.
struct Member {
    nameless: Nameless,
    class: Arc<Class>,
    facts: Mutex<Vec<Without>>,
}

/// Facts without names.
#[derive(Clone)]
struct Without {
    of: Arc<Facts>,
    facts: Arc<Facts>,
}

/// What was found of one inquiry, where it was proved.
type Found = OnceLock<Option<Settled>>;

/// Buckets that differ in names only.
#[derive(Default)]
struct Class {
    /// How many are of it.
    members: AtomicUsize,
    model: OnceLock<Option<AccessModel>>,
    settled: Mutex<HashMap<Arc<Asked>, Arc<Found>, FixedState>>,
}

/// What two inquiries share only if they are the same without names.
#[derive(PartialEq, Eq, Hash)]
struct Asked {
    guardrail: String,
    holder: Option<Holder>,
    unknown: Option<String>,
    at: Vec<(usize, Vec<Route>, Facts, Arc<Facts>)>,
}

impl<'m> Classes<'m> {
    pub fn of(model: &'m AccessModel) -> Self {
        let classes =
            Self { model, members: model.members(), of: Mutex::default(), classes: Mutex::default() };
        if model.buckets.len() > 1 {
            // Who is alike is counted before anything is asked.
            (0..model.buckets.len()).for_each(|bucket| drop(classes.member(vec![bucket])));
            classes.members.iter().for_each(|members| drop(classes.member(members.clone())));
        }
        classes
    }

    /// What an inquiry comes to, where it is proved without the names of its buckets.
    pub fn proved(
        &self,
        guardrail: &Guardrail,
        inquiry: &Inquiry,
        settle: impl FnOnce(&AccessModel, &Inquiry) -> Settled,
    ) -> Option<Settled> {
        let member = self.member(self.buckets(guardrail, inquiry)?)?;
        // That a statement matches some request is no proof for all names where there are more requests without them.
        if guardrail.each == Each::Policy && !member.nameless.is_exact() {
            return None;
        }
        let class = &member.class;
        // What is of one kind alone would be asked twice where it is not proved.
        if class.members.load(Ordering::Relaxed) < 2 {
            return None;
        }
        let asked = Arc::new(member.asked(guardrail, inquiry)?);
        let cell = Arc::clone(open(&class.settled).entry(Arc::clone(&asked)).or_default());
        let found = cell.get_or_init(|| {
            let inquiry = asked.inquiry(inquiry);
            let model = class.model.get_or_init(|| member.nameless.model(self.model)).as_ref()?;
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

    fn member(&self, buckets: Vec<usize>) -> Option<Arc<Member>> {
        if let Some(known) = open(&self.of).get(&buckets) {
            return known.clone();
        }
        let member = Nameless::of(self.model, &buckets).and_then(|nameless| {
            let class = Arc::clone(open(&self.classes).entry(nameless.key(self.model)?).or_default());
            class.members.fetch_add(1, Ordering::Relaxed);
            Some(Arc::new(Member { nameless, class, facts: Mutex::default() }))
        });
        open(&self.of).insert(buckets, member.clone());
        member
    }
}

impl Asked {
    /// The inquiry that is asked in the model without names.
    fn inquiry(&self, of: &Inquiry) -> Inquiry {
        let at = self.at.iter().map(|(bucket, routes, subject, resource)| At {
            bucket: *bucket,
            asking: Asking { resource: Arc::clone(resource), subject: subject.clone() },
            routes: routes.clone(),
        });
        Inquiry {
            subject: of.subject.clone(),
            at: at.collect(),
            holder: self.holder,
            unknown: self.unknown.clone(),
            exemptions: Vec::new(),
            ending: false,
            words: Vec::new(),
        }
    }
}

fn open<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is in it is complete after each step.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Member {
    /// An inquiry in the model without names.
    fn asked(&self, guardrail: &Guardrail, inquiry: &Inquiry) -> Option<Asked> {
        let nameless = &self.nameless;
        let route = |route: &Route| match route {
            Route::Mrap(index) => nameless.mrap(*index).map(Route::Mrap),
            other => Some(*other),
        };
        let holder = match inquiry.holder {
            Some(Holder::Bucket(index)) => Some(Holder::Bucket(nameless.bucket(index)?)),
            Some(Holder::Mrap(index)) => Some(Holder::Mrap(nameless.mrap(index)?)),
            Some(_) => return None,
            None => None,
        };
        let place = |place: &At| {
            let subject = without(&place.asking.subject, nameless);
            let routes = place.routes.iter().map(route).collect::<Option<_>>()?;
            Some((nameless.bucket(place.bucket)?, routes, subject, self.facts(&place.asking.resource)))
        };
        let at = inquiry.at.iter().map(place).collect::<Option<_>>()?;
        Some(Asked { guardrail: guardrail.id.clone(), holder, unknown: inquiry.unknown.clone(), at })
    }

    /// Facts without names, made once for all guardrails.
    fn facts(&self, facts: &Arc<Facts>) -> Arc<Facts> {
        let mut known = open(&self.facts);
        if let Some(found) = known.iter().find(|it| Arc::ptr_eq(&it.of, facts)) {
            return Arc::clone(&found.facts);
        }
        let new = Arc::new(without(facts, &self.nameless));
        known.push(Without { of: Arc::clone(facts), facts: Arc::clone(&new) });
        new
    }
}

fn without(facts: &Facts, nameless: &Nameless) -> Facts {
    let text = |text: &String| nameless.text(text);
    let one = |fact: &Fact| match fact {
        Fact::Text(it) => Fact::Text(text(it)),
        Fact::Texts(all) => Fact::Texts(all.iter().map(text).collect()),
        Fact::Record(record) => Fact::Record(without(record, nameless)),
        Fact::Unknown(reason) => Fact::Unknown(text(reason)),
        other => other.clone(),
    };
    facts.iter().map(|(name, fact)| (*name, one(fact))).collect()
}
