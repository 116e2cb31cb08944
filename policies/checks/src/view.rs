//! Version 1 of what Narrows says about a deployment: a struct of its own, extended only by adding keys.

use crate::command::command;
use crate::sentence::sentence;
use crate::source::Counts;
use narrows_guardrails::{Judged, NotAsked, Report};
use narrows_iam::Effect;
use narrows_prover::vacuous::Idle;
use narrows_prover::{Counterexample, DecidedBy, Finding, Leg, Route, Subject, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// All that was decided, sorted by guardrail, then subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct View {
    /// The version of this form: 1.
    pub version: u32,
    /// The verdicts.
    pub verdicts: Vec<VerdictView>,
    /// The guardrails that were not asked, and why.
    pub not_asked: Vec<NotAskedView>,
    /// What reading the policies found worth saying, in the order of the inputs. No verdict and no exit code hangs on it.
    pub findings: Vec<FindingView>,
}

/// Something worth saying about a policy that AWS takes as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FindingView {
    /// What the policy belongs to.
    pub document: String,
    /// Where it stands: `file:line (json.path)`.
    pub location: String,
    /// What is worth saying.
    pub text: String,
}

/// One guardrail's verdict on one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictView {
    /// The guardrail's id.
    pub guardrail: String,
    /// How bad it is that it does not hold: `high`, `medium` or `low`.
    pub severity: String,
    /// What it is about.
    pub subject: SubjectView,
    /// The verdict.
    pub verdict: Outcome,
    /// Why it is unknown; none for the other verdicts.
    pub reason: Option<String>,
    /// The request that refutes it; none for the other verdicts, and where statements do.
    pub counterexample: Option<CounterexampleView>,
    /// The statements that refute it, where it is about statements; else left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<IdleStatementView>,
    /// What to change, where something is to be changed.
    pub remedy: Option<String>,
    /// What was assumed about documents that are not in the input.
    pub assumptions: Vec<String>,
    /// Who is exempt, and why.
    pub exemptions: Vec<String>,
    /// What else the reader should know.
    pub remarks: Vec<String>,
    /// Why the owner accepts a refutation, and until when; none where nobody does.
    pub accepted: Option<AcceptedView>,
}

/// A statement that no request can match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdleStatementView {
    /// The document that has it.
    pub document: String,
    /// The statement's `Sid`, or its number.
    pub statement: String,
    /// `Allow` or `Deny`.
    pub effect: String,
    /// Where it stands: `file:line (json.path)`.
    pub location: String,
    /// Why no request matches it.
    pub reason: String,
}

/// A refutation that the owner accepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedView {
    /// Why.
    pub reason: String,
    /// The last day on which it is accepted; none for no end.
    pub expires: Option<String>,
}

/// What a verdict is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SubjectView {
    /// What it is, such as `bucket`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its address as the engine spells it; empty where it has none.
    pub address: String,
}

/// The three verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// A request breaks it.
    Refuted,
    /// It is not decided.
    Unknown,
    /// It holds for all requests.
    Proved,
}

/// A whole request that breaks a guardrail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterexampleView {
    /// Who asks.
    pub principal: String,
    /// The action, such as `s3:GetObject`.
    pub action: String,
    /// The resource that the request names.
    pub resource: String,
    /// How the request reaches the bucket.
    pub route: RouteView,
    /// The condition keys that matter, with their values.
    pub context: BTreeMap<String, Vec<String>>,
    /// The decision on each resource, in the order in which AWS makes them.
    pub legs: Vec<LegView>,
    /// The request and why it is decided so, in one sentence.
    pub sentence: String,
    /// The call of the AWS CLI that makes the request, for a POSIX shell; none where it cannot.
    pub command: Option<String>,
    /// Another bucket of the MRAP, which refuses the same request; only where the buckets are compared, else left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<String>,
}

/// How a request reaches a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RouteView {
    /// At the bucket's own endpoint.
    Direct,
    /// Through a Multi-Region Access Point that the bucket belongs to.
    Mrap,
    /// Through another access point.
    OtherAccessPoint,
}

/// The decision on one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegView {
    /// The resource's ARN.
    pub resource: String,
    /// The decision.
    pub decision: Decision,
    /// What decides it.
    pub decided_by: DecidedByView,
}

/// What IAM answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// The request gets through.
    Allowed,
    /// It does not.
    Denied,
}

/// What decides a leg.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DecidedByView {
    /// A statement of a document in the input.
    Statement {
        /// What the document belongs to.
        document: String,
        /// The statement's `Sid`, or its number.
        statement: String,
        /// Where it stands: `file:line (json.path)`.
        location: String,
    },
    /// Something that was assumed about documents that are not in the input.
    Assumption {
        /// What was assumed.
        assumption: String,
    },
    /// No statement allows it.
    Implicit {
        /// What is missing, in words.
        implicit: String,
    },
}

/// A guardrail that was not asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NotAskedView {
    /// The guardrail's id.
    pub guardrail: String,
    /// Which declaration is missing.
    pub reason: String,
}

impl View {
    /// The view of one report.
    pub fn new(report: Report) -> Self {
        let mut known = BTreeSet::new();
        let mut findings: Vec<FindingView> = report.findings.iter().map(FindingView::new).collect();
        findings.retain(|found| known.insert(found.clone()));
        let reasons = report.not_asked.iter().map(NotAskedView::new);
        Self {
            version: 1,
            verdicts: report.verdicts.into_iter().map(VerdictView::new).collect(),
            not_asked: reasons.collect::<BTreeSet<_>>().into_iter().collect(),
            findings,
        }
    }

    /// How many verdicts there are of each kind.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        self.verdicts.iter().for_each(|it| counts.count(it));
        counts
    }
}

impl NotAskedView {
    pub(crate) fn new(it: &NotAsked) -> Self {
        Self { guardrail: it.guardrail.clone(), reason: it.reason.clone() }
    }
}

impl FindingView {
    pub(crate) fn new(found: &Finding) -> Self {
        Self {
            document: found.document.clone(),
            location: found.location.to_string(),
            text: found.text.clone(),
        }
    }
}

impl VerdictView {
    pub(crate) fn new(judged: Judged) -> Self {
        let statements = match &judged.verdict {
            Verdict::Vacuous(idle) => idle.iter().map(IdleStatementView::new).collect(),
            Verdict::Proved | Verdict::Refuted(_) | Verdict::Unknown(_) => Vec::new(),
        };
        let (verdict, reason, counterexample) = match judged.verdict {
            Verdict::Proved => (Outcome::Proved, None, None),
            Verdict::Unknown(reason) => (Outcome::Unknown, Some(reason), None),
            Verdict::Refuted(found) => (Outcome::Refuted, None, Some(CounterexampleView::new(&found))),
            Verdict::Vacuous(_) => (Outcome::Refuted, None, None),
        };
        let Subject { kind, name, address } = judged.subject;
        Self {
            guardrail: judged.guardrail,
            severity: judged.severity.to_string(),
            subject: SubjectView { kind, name, address },
            verdict,
            reason,
            counterexample,
            statements,
            remedy: judged.remedy,
            assumptions: judged.assumptions.into_iter().collect(),
            exemptions: judged.exemptions,
            remarks: judged.remarks,
            accepted: judged.accepted.map(|it| AcceptedView {
                reason: it.reason,
                expires: it.expires.map(|date| date.to_string()),
            }),
        }
    }
}

impl IdleStatementView {
    fn new(idle: &Idle) -> Self {
        Self {
            document: idle.document.clone(),
            statement: idle.statement.clone(),
            effect: match idle.effect {
                Effect::Allow => "Allow".to_owned(),
                Effect::Deny => "Deny".to_owned(),
            },
            location: idle.location.to_string(),
            reason: idle.reason.clone(),
        }
    }
}

impl CounterexampleView {
    pub(crate) fn new(found: &Counterexample) -> Self {
        Self {
            principal: found.principal.clone(),
            action: found.action.clone(),
            resource: found.resource.clone(),
            route: match found.route {
                Route::Direct => RouteView::Direct,
                Route::Mrap(_) => RouteView::Mrap,
                Route::OtherAccessPoint => RouteView::OtherAccessPoint,
            },
            context: found.context.clone(),
            legs: found.legs.iter().map(LegView::new).collect(),
            sentence: sentence(found),
            command: command(found),
            elsewhere: found.elsewhere.clone(),
        }
    }
}

impl LegView {
    pub(crate) fn new(leg: &Leg) -> Self {
        Self {
            resource: leg.resource.clone(),
            decision: if leg.allowed { Decision::Allowed } else { Decision::Denied },
            decided_by: match &leg.decided_by {
                DecidedBy::Statement { document, statement, location } => DecidedByView::Statement {
                    document: document.clone(),
                    statement: statement.clone(),
                    location: location.to_string(),
                },
                DecidedBy::Assumption(assumption) => {
                    DecidedByView::Assumption { assumption: assumption.clone() }
                }
                DecidedBy::Implicit(missing) => DecidedByView::Implicit { implicit: missing.clone() },
            },
        }
    }
}
