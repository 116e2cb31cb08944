use crate::guardrail::{Asked, Case, Guardrail, Inquiry, guardrails};
use narrows_model::Intent;
use narrows_model::date::Date;
use narrows_prover::{AccessModel, Subject, Verdict, ask};
use std::collections::BTreeSet;

/// The verdicts on a deployment, sorted by guardrail, then subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// A verdict for each guardrail and subject.
    pub verdicts: Vec<Judged>,
    /// The guardrails that could not be asked.
    pub not_asked: Vec<NotAsked>,
}

/// The verdict of one guardrail on one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The guardrail's id.
    pub guardrail: &'static str,
    /// What it is about.
    pub subject: Subject,
    /// The verdict.
    pub verdict: Verdict,
    /// What was assumed about documents that are not in the input.
    pub assumptions: BTreeSet<String>,
    /// Who is exempt.
    pub exemptions: Vec<String>,
    /// What the verdict does not speak of.
    pub remarks: Vec<String>,
    /// What to change, where it is refuted.
    pub remedy: Option<String>,
}

/// A guardrail whose declaration is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAsked {
    /// The guardrail's id.
    pub guardrail: &'static str,
    /// What is missing, and how to give it.
    pub reason: String,
}

/// Asks the selected guardrails of a deployment; all of them where none is selected.
pub fn judge(model: &AccessModel, intent: &Intent, selected: &[&'static str], as_of: Date) -> Report {
    let case = Case { model, intent, as_of };
    let mut report = Report { verdicts: Vec::new(), not_asked: Vec::new() };
    for guardrail in guardrails() {
        if !selected.is_empty() && !selected.contains(&guardrail.id) {
            continue;
        }
        match guardrail.ask(&case) {
            Asked::Nothing(reason) => report.not_asked.push(NotAsked { guardrail: guardrail.id, reason }),
            Asked::Of(inquiries) => {
                report
                    .verdicts
                    .extend(inquiries.into_iter().map(|inquiry| settle(model, guardrail, inquiry)));
            }
        }
    }
    report.verdicts.sort_by(|a, b| (a.guardrail, &a.subject).cmp(&(b.guardrail, &b.subject)));
    report
}

/// What to say where a proof rests on a list of the actions that exist today.
const LATER_ACTIONS: &str = "an object action that does not exist yet would not be denied: deny `s3:*` on the objects \
                             instead of a list of actions";

/// All questions must be answered well: a refutation wins over an unknown, which wins over a proof.
fn settle(model: &AccessModel, guardrail: &Guardrail, inquiry: Inquiry) -> Judged {
    let mut verdict = match (inquiry.unknown, inquiry.questions.is_empty()) {
        (Some(reason), _) => Verdict::Unknown(reason),
        (None, true) => {
            Verdict::Unknown("there is nothing to ask: no request is in the guardrail's scope".to_owned())
        }
        (None, false) => Verdict::Proved,
    };
    let mut assumptions = BTreeSet::new();
    let mut later_open = false;
    for question in &inquiry.questions {
        let answer = ask(model, question);
        assumptions.extend(answer.assumptions);
        later_open |= answer.later_open;
        match (&verdict, answer.verdict) {
            (Verdict::Refuted(_), _) => break,
            (_, refuted @ Verdict::Refuted(_)) => verdict = refuted,
            (Verdict::Proved, unknown @ Verdict::Unknown(_)) => verdict = unknown,
            _ => {}
        }
    }
    let mut remarks = inquiry.remarks;
    if later_open && verdict == Verdict::Proved {
        remarks.push(LATER_ACTIONS.to_owned());
    }
    let remedy = matches!(verdict, Verdict::Refuted(_)).then_some(inquiry.remedy);
    Judged {
        guardrail: guardrail.id,
        subject: inquiry.subject,
        verdict,
        assumptions,
        exemptions: inquiry.exemptions,
        remarks,
        remedy,
    }
}
