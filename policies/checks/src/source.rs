//! What renderers read: a report, all of it at hand or more than memory should hold.

use crate::render::text::Preface;
use crate::sorted::{Records, Store};
use crate::view::{FindingView, NotAskedView, Outcome, VerdictView, View};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A report, part by part. Each part can be read as often as is wished.
pub trait Source {
    /// The verdicts, sorted by guardrail, then subject.
    fn verdicts(&self) -> Parts<'_, VerdictView>;

    /// The guardrails that were not asked, and why.
    fn not_asked(&self) -> Cow<'_, [NotAskedView]>;

    /// What reading the policies found worth saying, in the order of the inputs.
    fn findings(&self) -> Parts<'_, FindingView>;

    /// What stands above the verdicts in a text: labels and what they say.
    fn facts(&self) -> Parts<'_, (String, String)>;

    /// How many verdicts there are.
    fn counts(&self) -> Counts;

    /// Where a renderer keeps what memory should not hold.
    fn store(&self) -> Option<&dyn Store> {
        None
    }
}

/// The parts of one kind, or why they cannot be read.
pub type Parts<'a, T> = Records<'a, T>;

/// How many verdicts there are of each kind; refutations that the owner accepts are a kind of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Proved.
    pub proved: usize,
    /// Refuted.
    pub refuted: usize,
    /// Unknown.
    pub unknown: usize,
    /// Accepted by the owner.
    pub accepted: usize,
}

impl Counts {
    pub(crate) fn count(&mut self, verdict: &VerdictView) {
        *match (&verdict.accepted, verdict.verdict) {
            (Some(_), _) => &mut self.accepted,
            (None, Outcome::Proved) => &mut self.proved,
            (None, Outcome::Refuted) => &mut self.refuted,
            (None, Outcome::Unknown) => &mut self.unknown,
        } += 1;
    }

    /// All of them.
    pub fn all(self) -> usize {
        self.proved + self.refuted + self.unknown + self.accepted
    }
}

impl Source for (&View, &Preface) {
    fn verdicts(&self) -> Parts<'_, VerdictView> {
        at_hand(&self.0.verdicts)
    }

    fn not_asked(&self) -> Cow<'_, [NotAskedView]> {
        Cow::Borrowed(&self.0.not_asked)
    }

    fn findings(&self) -> Parts<'_, FindingView> {
        at_hand(&self.0.findings)
    }

    fn facts(&self) -> Parts<'_, (String, String)> {
        at_hand(self.1.facts())
    }

    fn counts(&self) -> Counts {
        self.0.counts()
    }
}

fn at_hand<T: Clone>(all: &[T]) -> Parts<'_, T> {
    Box::new(all.iter().map(|it| Ok(Cow::Borrowed(it))))
}

pub(crate) fn listed(all: &BTreeSet<NotAskedView>) -> Cow<'_, [NotAskedView]> {
    Cow::Owned(all.iter().cloned().collect())
}
