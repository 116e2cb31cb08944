//! The prover's verdicts compared with those of Cedar's symbolic compiler and cvc5.
//!
//! A question about one bucket policy is put to both: to the prover as it is, and to `cedar-policy-symcc` as a policy set
//! that must always deny. The Cedar text is made from the policy's JSON here, and shares no code with the prover's lowering.

mod emit;
mod generate;
mod solver;

pub use emit::cedar;
pub use generate::{Case, Part, case};
pub use solver::SymCc;

use narrows_iam::{DocumentKind, parse_text};
use narrows_model::{Partition, Source, Symbols};
use narrows_prover::{
    AccessModel, Bucket, Demand, Policy, PrincipalForm, Question, Route, Scope, Subject, Verdict, ask,
    split_actions,
};
use narrows_tests::generate::{ACCOUNT, BUCKET, FOREIGN};
use std::fmt;

/// The day that the questions are asked on, in seconds from 1970.
pub(crate) const AS_OF: i64 = 1_795_392_000;

/// What one side says of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// No request in the scope is allowed.
    Proved,
    /// Some request in the scope is allowed.
    Refuted,
    /// It does not say, for this reason.
    Unknown(String),
}

/// How often the two sides said what.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Proved by both.
    pub proved: u64,
    /// Refuted by both.
    pub refuted: u64,
    /// Not decided by the prover.
    pub unknown: u64,
    /// Not decided by the solver in its time.
    pub no_answer: u64,
    /// Decided differently: the seed, and what each side says.
    pub disagreements: Vec<(u64, Said, Said)>,
}

/// Compares `count` questions from seed `first` on.
///
/// # Errors
/// What the symbolic compiler says of a policy set, or the system of the solver's process.
pub fn run(
    first: u64,
    count: u64,
    solver: &mut SymCc,
    mut progress: impl FnMut(u64),
) -> Result<Tally, String> {
    let mut tally = Tally::default();
    for seed in first..first + count {
        let case = case(seed);
        let own = own(&case);
        let peer = solver.ask(&cedar(&case)).map_err(|error| format!("seed {seed}: {error}"))?;
        match (own, peer) {
            (Said::Unknown(_), _) => tally.unknown += 1,
            (_, Said::Unknown(_)) => tally.no_answer += 1,
            (Said::Proved, Said::Proved) => tally.proved += 1,
            (Said::Refuted, Said::Refuted) => tally.refuted += 1,
            (own, peer) => tally.disagreements.push((seed, own, peer)),
        }
        progress(seed - first + 1);
    }
    Ok(tally)
}

/// Asks the prover.
///
/// # Panics
/// When the parser refuses a generated document, which is valid.
pub fn own(case: &Case) -> Said {
    let text = case.policy.to_string();
    let parsed = parse_text(&Source::file("policy.json", text.as_str()), DocumentKind::Resource);
    let document = parsed.unwrap_or_else(|error| panic!("{error} in {text}")).document;
    match ask(&model(Policy::Document { name: "policy.json".to_owned(), document }), &question(case)).verdict
    {
        Verdict::Proved => Said::Proved,
        Verdict::Refuted(_) | Verdict::Vacuous(_) => Said::Refuted,
        Verdict::Unknown(reason) => Said::Unknown(reason),
    }
}

/// One bucket with this policy.
fn model(policy: Policy) -> AccessModel {
    let bucket = Bucket {
        subject: Subject { kind: "bucket".to_owned(), name: "data".to_owned(), address: String::new() },
        name: "data".to_owned(),
        arn: BUCKET.to_owned(),
        account: Some(ACCOUNT.to_owned()),
        region: None,
        account_assumed: false,
        name_is_known: false,
        policy,
        ownership: None,
        public_access_block: None,
        mraps: Vec::new(),
        replication: None,
        encryption: None,
        acl: narrows_prover::BucketAcl::Absent,
    };
    AccessModel {
        symbols: Symbols::default(),
        partition: Partition::Aws,
        buckets: vec![bucket],
        mraps: Vec::new(),
        endpoints: Vec::new(),
        identities: Vec::new(),
        controls: Vec::new(),
        keys: Vec::new(),
        remarks: Vec::new(),
        unused: Vec::new(),
        findings: Vec::new(),
        as_of: AS_OF,
        cache: narrows_prover::Cache::default(),
    }
}

/// Whether any direct request in the case's scope is allowed. Services are left out: of them, much is open.
fn question(case: &Case) -> Question {
    let (object_actions, bucket_actions) = split_actions(case.actions.iter().copied());
    let accounts = || Scope::PrincipalAccount(vec![ACCOUNT.to_owned(), FOREIGN.to_owned()]);
    let callers = Scope::Any(vec![
        Scope::Anonymous,
        Scope::PrincipalForm(PrincipalForm::Role),
        Scope::PrincipalForm(PrincipalForm::Root),
        Scope::PrincipalForm(PrincipalForm::FederatedUser),
        Scope::All(vec![Scope::PrincipalForm(PrincipalForm::User), accounts()]),
    ]);
    let parts = case.scope.iter().map(|part| (part.scope)());
    Question {
        demand: Demand::Forbid,
        bucket: 0,
        routes: vec![Route::Direct],
        object_actions,
        bucket_actions,
        later_action: None,
        scope: Scope::All(std::iter::once(callers).chain(parts).collect()),
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { proved, refuted, unknown, no_answer, disagreements } = self;
        write!(
            f,
            "cedar-policy-symcc 0.8.1 with cvc5: {proved} proved and {refuted} refuted by both, {unknown} unknown to the \
             prover, {no_answer} without an answer of the solver in its time, {} decided differently",
            disagreements.len()
        )
    }
}
