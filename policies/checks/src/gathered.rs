//! What was decided of several inputs, as one report.

use crate::render::text::Preface;
use crate::sorted::{Finished, Record, Records, Sorted, Store};
use crate::source::{Counts, Parts, Source, listed};
use crate::view::{FindingView, NotAskedView, VerdictView};
use narrows_guardrails::Report;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::io;

/// What was decided of several inputs, of which each report is let go when it is added.
///
/// With a [`Store`] it takes no more memory for many inputs than for some.
pub struct Gathered<'s> {
    store: Option<&'s dyn Store>,
    facts: Sorted<'s, Fact>,
    verdicts: Sorted<'s, VerdictView>,
    counts: Counts,
    not_asked: BTreeSet<NotAskedView>,
    findings: Sorted<'s, Found>,
    /// How many findings there are, those that are found again included.
    found: u64,
}

impl<'s> Gathered<'s> {
    /// Nothing yet; `store` takes what memory should not hold, where there are many inputs.
    pub fn new(store: Option<&'s dyn Store>) -> Self {
        Self {
            store,
            facts: Sorted::new(store),
            verdicts: Sorted::new(store),
            counts: Counts::default(),
            not_asked: BTreeSet::new(),
            findings: Sorted::new(store),
            found: 0,
        }
    }

    /// Adds what stands above the verdicts.
    ///
    /// # Errors
    /// Those of the store.
    pub fn tell(&mut self, preface: Preface) -> io::Result<()> {
        preface.into_facts().into_iter().try_for_each(|(label, text)| self.facts.add(Fact(label, text)))
    }

    /// Adds what was decided of one more.
    ///
    /// # Errors
    /// Those of the store.
    pub fn add(&mut self, report: Report) -> io::Result<()> {
        report.verdicts.into_iter().try_for_each(|it| self.verdict(VerdictView::new(it)))?;
        report.findings.iter().try_for_each(|it| self.finding(FindingView::new(it)))?;
        self.not_asked.extend(report.not_asked.iter().map(NotAskedView::new));
        Ok(())
    }

    fn verdict(&mut self, verdict: VerdictView) -> io::Result<()> {
        self.counts.count(&verdict);
        self.verdicts.add(verdict)
    }

    fn finding(&mut self, finding: FindingView) -> io::Result<()> {
        self.findings.add(Found { finding, number: self.found })?;
        self.found += 1;
        Ok(())
    }

    /// All of them as one report.
    ///
    /// # Errors
    /// Those of the store.
    pub fn finish(self) -> io::Result<Together<'s>> {
        // What is found more than once is said where it was found first.
        let mut findings = Sorted::new(self.store);
        let mut last: Option<FindingView> = None;
        for found in self.findings.finish().iter() {
            let Found { finding, number } = found?.into_owned();
            if last.as_ref() != Some(&finding) {
                last = Some(finding.clone());
                findings.add(Numbered(number, finding))?;
            }
        }
        Ok(Together {
            store: self.store,
            facts: self.facts.finish(),
            verdicts: self.verdicts.finish(),
            counts: self.counts,
            not_asked: self.not_asked,
            findings: findings.finish(),
        })
    }
}

/// What was decided of all inputs.
pub struct Together<'s> {
    store: Option<&'s dyn Store>,
    facts: Finished<'s, Fact>,
    verdicts: Finished<'s, VerdictView>,
    counts: Counts,
    not_asked: BTreeSet<NotAskedView>,
    findings: Finished<'s, Numbered>,
}

impl Source for Together<'_> {
    fn verdicts(&self) -> Parts<'_, VerdictView> {
        self.verdicts.iter()
    }

    fn not_asked(&self) -> Cow<'_, [NotAskedView]> {
        listed(&self.not_asked)
    }

    fn findings(&self) -> Parts<'_, FindingView> {
        of(self.findings.iter(), |it| &it.1, |it| it.1)
    }

    fn facts(&self) -> Parts<'_, (String, String)> {
        Box::new(self.facts.iter().map(|it| {
            let Fact(label, text) = it?.into_owned();
            Ok(Cow::Owned((label, text)))
        }))
    }

    fn counts(&self) -> Counts {
        self.counts
    }

    fn store(&self) -> Option<&dyn Store> {
        self.store
    }
}

/// A part of each record.
fn of<'a, T: Clone, P: Clone>(
    records: Records<'a, T>,
    lent: impl Fn(&'a T) -> &'a P + 'a,
    owned: impl Fn(T) -> P + 'a,
) -> Parts<'a, P> {
    Box::new(records.map(move |it| {
        Ok(match it? {
            Cow::Borrowed(it) => Cow::Borrowed(lent(it)),
            Cow::Owned(it) => Cow::Owned(owned(it)),
        })
    }))
}

/// A label and what it says, in the order in which they are added.
#[derive(Clone, Serialize, Deserialize)]
struct Fact(String, String);

impl Record for Fact {
    fn order(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + self.0.len() + self.1.len()
    }
}

/// A finding and which it is of all.
#[derive(Clone, Serialize, Deserialize)]
struct Found {
    finding: FindingView,
    number: u64,
}

impl Record for Found {
    fn order(&self, other: &Self) -> Ordering {
        (&self.finding, self.number).cmp(&(&other.finding, other.number))
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + self.finding.size()
    }
}

/// The same, sorted by its number.
#[derive(Clone, Serialize, Deserialize)]
struct Numbered(u64, FindingView);

impl Record for Numbered {
    fn order(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + self.1.size()
    }
}

impl Record for VerdictView {
    fn order(&self, other: &Self) -> Ordering {
        (&self.guardrail, &self.subject).cmp(&(&other.guardrail, &other.subject))
    }

    fn weight(&self) -> usize {
        self.size()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Style, json, text};
    use crate::sorted::{MOST, tests::Bytes};
    use crate::view::{AcceptedView, CounterexampleView, Outcome, RouteView, SubjectView, View};
    use std::collections::BTreeMap;

    /// A verdict on a bucket; some are said of two inputs, and some refutations are alike but for the name.
    fn verdict(guardrail: &str, number: usize) -> VerdictView {
        let name = format!("bucket-{}", number * 7 % 150);
        let outcome = match number % 3 {
            0 => Outcome::Proved,
            1 => Outcome::Refuted,
            _ => Outcome::Unknown,
        };
        VerdictView {
            guardrail: guardrail.to_owned(),
            severity: "high".to_owned(),
            subject: SubjectView {
                kind: if number % 50 == 3 { "policy" } else { "bucket" }.to_owned(),
                name: name.clone(),
                address: format!("of input {number}"),
            },
            verdict: outcome,
            reason: (outcome == Outcome::Unknown)
                .then(|| format!("{name} has a policy of {} kinds", number % 9)),
            counterexample: (outcome == Outcome::Refuted).then(|| CounterexampleView {
                principal: format!("role {}", number % 5),
                action: "s3:GetObject".to_owned(),
                resource: format!("arn:aws:s3:::{name}/example.txt"),
                route: RouteView::Direct,
                context: BTreeMap::from([("aws:SecureTransport".to_owned(), vec!["true".to_owned()])]),
                legs: Vec::new(),
                sentence: format!("A role can read\nfrom {name}."),
                command: None,
                elsewhere: None,
            }),
            statements: Vec::new(),
            remedy: None,
            assumptions: vec!["nothing else denies it".to_owned(), format!("{} is assumed", number % 40)],
            exemptions: vec![format!("role {number}")],
            remarks: Vec::new(),
            accepted: (number % 21 == 1)
                .then(|| AcceptedView { reason: "for now".to_owned(), expires: None }),
        }
    }

    fn finding(number: usize) -> FindingView {
        FindingView {
            document: format!("policy {}", number % 11),
            location: format!("policy.json:{}", number % 70),
            text: "this is no action".to_owned(),
        }
    }

    const GUARDRAILS: [&str; 3] = ["only-through-mrap", "private-only", "tls-only"];

    fn preface(number: usize) -> Preface {
        Preface::default().fact("checked", format!("input {number}")).fact("declared", "flags")
    }

    fn not_asked() -> NotAskedView {
        NotAskedView { guardrail: "replication-works".to_owned(), reason: "there is none".to_owned() }
    }

    fn gathered<'s>(store: Option<&'s dyn Store>) -> Gathered<'s> {
        let mut gathered = Gathered::new(store);
        for number in 0..300 {
            for guardrail in GUARDRAILS {
                gathered.verdict(verdict(guardrail, number)).unwrap();
            }
            gathered.finding(finding(number)).unwrap();
            gathered.not_asked.insert(not_asked());
            gathered.tell(preface(number)).unwrap();
            let held = [gathered.verdicts.weight(), gathered.findings.weight(), gathered.facts.weight()];
            assert!(store.is_none() || held.iter().all(|it| *it <= MOST), "{held:?} after {number} inputs");
        }
        gathered
    }

    fn written(source: &dyn Source) -> (String, String) {
        let (mut text, mut json) = (Vec::new(), Vec::new());
        let mut page = crate::render::Page::written_to(&mut text, Style::PLAIN);
        text::write(source, &mut page).unwrap();
        page.end().unwrap();
        json::write(source, &mut json).unwrap();
        (String::from_utf8(text).unwrap(), String::from_utf8(json).unwrap())
    }

    #[test]
    fn many_inputs_are_held_elsewhere_and_make_the_same_report() {
        let bytes = Bytes::default();
        let apart = gathered(Some(&bytes)).finish().unwrap();
        assert!(bytes.0.borrow().len() > 100 * MOST, "{} bytes are elsewhere", bytes.0.borrow().len());
        let (text, json) = written(&apart);
        assert_eq!(apart.counts(), Counts { proved: 300, refuted: 255, unknown: 300, accepted: 45 });

        // A list of all at once.
        let mut view =
            View { version: 1, verdicts: Vec::new(), not_asked: vec![not_asked()], findings: Vec::new() };
        let mut all = Preface::default();
        for number in 0..300 {
            view.verdicts.extend(GUARDRAILS.map(|it| verdict(it, number)));
            if !view.findings.contains(&finding(number)) {
                view.findings.push(finding(number));
            }
            all = all.fact("checked", format!("input {number}")).fact("declared", "flags");
        }
        view.verdicts.sort_by(VerdictView::order);
        assert!(json == serde_json::to_string_pretty(&view).unwrap() + "\n", "{json}");
        assert!(text == text::render(&view, &all, Style::PLAIN).unwrap(), "{text}");
        assert_eq!(json, json::render(&view).unwrap());

        let held = gathered(None).finish().unwrap();
        assert!((text, json) == written(&held));
    }
}
