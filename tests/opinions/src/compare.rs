//! A differential run: the same cases for every side, and a table of what came of it.

use crate::exclusion::{self, Exclusion};
use crate::own::{self, Documents, Opinion};
use crate::peer::{IamRs, IamSimulate, Peer, Verdict};
use arbitrary::Unstructured;
use narrows_iam::Truth;
use narrows_tests::generate::{self, Case, Taste};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::io;

/// How many bytes a case is made of: more than any needs.
const BYTES: usize = 1024;

/// How many cases a peer in another process gets at once.
const BATCH: u64 = 512;

/// What came of one question to one peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Both sides say the same.
    Agreed,
    /// AWS's documents leave it open, and so do we: either answer would be right.
    Open,
    /// They differ.
    Disagreed,
}

/// The answers of one peer.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Questions asked that no exclusion covers.
    pub asked: u64,
    /// Of them, those with the same answer.
    pub agreed: u64,
    /// Of them, those that AWS's documents leave open.
    pub open: u64,
    /// Of them, those that were allowed on both sides.
    pub allowed: u64,
    /// Of them, those that were denied by a statement on both sides.
    pub denied: u64,
    /// Questions that were left out, and of them those with differing answers, by the first exclusion that covers them.
    pub excluded: BTreeMap<&'static str, (u64, u64)>,
    /// Questions with differing answers, by seed.
    pub disagreements: Vec<(u64, Disagreement)>,
}

/// A case on which a peer says something else.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// The case.
    pub case: Case,
    /// What we say.
    pub own: Opinion,
    /// What the peer says.
    pub peer: Verdict,
}

/// The answers of all peers.
#[derive(Clone, Debug, Default)]
pub struct Table(pub BTreeMap<Peer, Tally>);

/// The case of a seed; those of odd seeds use less of the language, so that simple peers have something to say.
///
/// # Panics
/// Never: the generator takes any bytes.
pub fn case(seed: u64) -> Case {
    let taste = if seed.is_multiple_of(2) { Taste::Everything } else { Taste::Plain };
    generate::case(&mut Unstructured::new(&generate::bytes(seed, BYTES)), taste)
        .expect("the generator takes any bytes")
}

/// Compares the peers with our own evaluator on `count` cases from `first` on, and calls `progress` now and then with the
/// number of cases done. Without an `IamSimulate` that peer is left out.
///
/// # Errors
/// What the system says of the pipes to a peer's process.
///
/// # Panics
/// When our own parser refuses a generated document, which is valid.
pub fn run(
    first: u64,
    count: u64,
    mut simulate: Option<&mut IamSimulate>,
    mut progress: impl FnMut(u64),
) -> io::Result<Table> {
    let mut table = Table::default();
    let mut done = 0;
    while done < count {
        let seeds = first + done..first + (done + BATCH).min(count);
        done += seeds.end - seeds.start;
        let asked: Vec<_> = seeds
            .map(|seed| {
                let case = case(seed);
                let documents = Documents::parse(&case)
                    .unwrap_or_else(|error| panic!("seed {seed}: {error} in {case:?}"));
                let own = own::opinion(&case, &documents);
                (seed, case, documents, own)
            })
            .collect();
        if let Some(simulate) = simulate.as_deref_mut() {
            let verdicts = simulate.ask(asked.iter().map(|(_, case, ..)| case))?;
            for ((seed, case, documents, own), verdict) in asked.iter().zip(verdicts) {
                let exclusion = exclusion::first(Peer::IamSimulate, case, documents);
                table.note(Peer::IamSimulate, *seed, case, *own, verdict, exclusion);
            }
        }
        for (seed, case, documents, _) in &asked {
            let (Some(policy), Some(document)) = (&case.resource_policy, &documents.resource) else {
                continue;
            };
            // The crate decides one policy by itself, so ours is asked for just that.
            let alone = Case {
                identity: Vec::new(),
                boundary: None,
                service_control: Vec::new(),
                resource_control: Vec::new(),
                ..case.clone()
            };
            let own = own::of_policy(&alone, document);
            let documents = Documents {
                identity: Vec::new(),
                boundary: None,
                service_control: Vec::new(),
                resource_control: Vec::new(),
                resource: Some(document.clone()),
            };
            let exclusion = exclusion::first(Peer::IamRs, &alone, &documents);
            table.note(Peer::IamRs, *seed, &alone, own, IamRs.ask(&alone, policy), exclusion);
        }
        progress(done);
    }
    Ok(table)
}

/// Compares one answer with ours.
pub fn outcome(own: Opinion, peer: &Verdict) -> Outcome {
    let is = |truth: Truth, said: bool| truth == Truth::Maybe || truth == Truth::from(said);
    let same = match peer {
        Verdict::Failed(_) => return Outcome::Disagreed,
        Verdict::Allowed => is(own.allowed, true) && is(own.denied, false),
        Verdict::NotAllowed => is(own.allowed, false) && is(own.denied, false),
        Verdict::Denied => is(own.allowed, false) && is(own.denied, true),
    };
    match same {
        false => Outcome::Disagreed,
        true if own.allowed == Truth::Maybe || own.denied == Truth::Maybe => Outcome::Open,
        true => Outcome::Agreed,
    }
}

impl Table {
    fn note(
        &mut self,
        peer: Peer,
        seed: u64,
        case: &Case,
        own: Opinion,
        verdict: Verdict,
        exclusion: Option<&'static Exclusion>,
    ) {
        let tally = self.0.entry(peer).or_default();
        let outcome = outcome(own, &verdict);
        if let Some(exclusion) = exclusion {
            let (left_out, differing) = tally.excluded.entry(exclusion.name).or_default();
            *left_out += 1;
            *differing += u64::from(outcome == Outcome::Disagreed);
            return;
        }
        tally.asked += 1;
        match outcome {
            Outcome::Open => tally.open += 1,
            Outcome::Agreed => {
                tally.agreed += 1;
                tally.allowed += u64::from(verdict == Verdict::Allowed);
                tally.denied += u64::from(verdict == Verdict::Denied);
            }
            Outcome::Disagreed => {
                tally.disagreements.push((seed, Disagreement { case: case.clone(), own, peer: verdict }));
            }
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["peer", "asked", "agreed", "(allowed", "denied)", "open", "excluded", "disagreed"];
        let [peer, rest @ ..] = head;
        write!(f, "{peer:22}")?;
        rest.iter().try_for_each(|name| write!(f, " {name:>9}"))?;
        for (peer, tally) in &self.0 {
            let excluded: u64 = tally.excluded.values().map(|(count, _)| count).sum();
            let differing = tally.disagreements.len();
            write!(
                f,
                "\n{peer:22} {:>9} {:>9} {:>9} {:>9} {:>9} {excluded:>9} {differing:>9}",
                tally.asked, tally.agreed, tally.allowed, tally.denied, tally.open
            )?;
        }
        for (peer, tally) in &self.0 {
            write!(f, "\n\nleft out of {peer}: cases, and how many of them differ")?;
            for exclusion in exclusion::of(*peer) {
                let (count, differing) = tally.excluded.get(exclusion.name).copied().unwrap_or_default();
                write!(f, "\n{count:>9} {differing:>9}  {}", exclusion.name)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { case, own, peer } = self;
        write!(f, "we say allowed {:?}, denied {:?}; the peer says {peer:?}", own.allowed, own.denied)?;
        let one =
            |f: &mut fmt::Formatter<'_>, name: &str, document: &Value| write!(f, "\n  {name}: {document}");
        case.resource_policy.iter().try_for_each(|it| one(f, "resource policy", it))?;
        case.identity.iter().try_for_each(|it| one(f, "identity policy", it))?;
        case.boundary.iter().try_for_each(|it| one(f, "boundary", it))?;
        case.service_control.iter().try_for_each(|it| one(f, "service control policy", it))?;
        case.resource_control.iter().try_for_each(|it| one(f, "resource control policy", it))?;
        let request = &case.request;
        write!(f, "\n  {:?} {} {}", request.principal, request.action, request.resource)?;
        request.context.iter().try_for_each(|(key, entry)| write!(f, "\n    {key} = {entry:?}"))
    }
}
