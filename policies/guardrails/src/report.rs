use crate::alike;
use crate::cores;
use crate::facts::Asking;
use crate::guardrail::{Each, Guardrail, Guardrails, Policy, Requirement};
use crate::lower::{Lowering, Refusal, Way, is_nothing};
use crate::nameless::Classes;
use crate::overrides::{misplaced, overridden};
use crate::subject::{At, Case, Inquiry, inquiries};
use crate::{public, replay};
use narrows_model::Intent;
use narrows_model::date::Date;
use narrows_model::intent::Severity;
use narrows_prover::vacuous::vacuous;
use narrows_prover::{AccessModel, Finding, Question, Route, Scope, Subject, Verdict, ask};
use std::collections::BTreeSet;
use std::num::NonZeroUsize;

/// The verdicts on a deployment, sorted by guardrail, then subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// A verdict for each guardrail and subject.
    pub verdicts: Vec<Judged>,
    /// The guardrails that could not be asked.
    pub not_asked: Vec<NotAsked>,
    /// What reading the policies found worth saying; no guardrail hangs on it.
    pub findings: Vec<Finding>,
}

/// The verdict of one guardrail on one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The guardrail's id.
    pub guardrail: String,
    /// How bad a refutation is.
    pub severity: Severity,
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
    /// Why the owner accepts a refutation, and until when; none where nobody does.
    pub accepted: Option<Accepted>,
}

/// A refutation that the owner accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Why.
    pub reason: String,
    /// The last day on which it is accepted; none for no end.
    pub expires: Option<Date>,
}

/// A guardrail whose declaration is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAsked {
    /// The guardrail's id.
    pub guardrail: String,
    /// What is missing, and how to give it.
    pub reason: String,
}

/// Asks guardrails of a deployment.
pub fn judge(model: &AccessModel, intent: &Intent, guardrails: &Guardrails, as_of: Date) -> Report {
    judge_on(NonZeroUsize::MIN, model, intent, guardrails, as_of)
}

/// As [`judge`], on so many cores; the report is the same whatever their number.
pub fn judge_on(
    cores: NonZeroUsize,
    model: &AccessModel,
    intent: &Intent,
    guardrails: &Guardrails,
    as_of: Date,
) -> Report {
    let case = Case::new(model, intent, as_of);
    let mut report = Report { verdicts: Vec::new(), not_asked: Vec::new(), findings: model.findings.clone() };
    let mut asked = Vec::new();
    for guardrail in guardrails.iter() {
        let missing = guardrail.requires.iter().find(|requirement| !declared(intent, **requirement));
        let found = match missing {
            Some(requirement) => Err(requirement.missing().to_owned()),
            None => inquiries(&case, guardrail),
        };
        match found {
            Err(reason) => {
                report.not_asked.push(NotAsked { guardrail: guardrail.id.clone(), reason });
            }
            Ok(found) => asked.extend(found.into_iter().map(|inquiry| (guardrail, inquiry))),
        }
    }
    let classes = Classes::of(model);
    report.verdicts = cores::each(cores, &asked, |(guardrail, inquiry)| {
        overridden(settle(&classes, model, guardrail, inquiry), intent, as_of)
    });
    misplaced(&mut report.verdicts, intent);
    report.verdicts.sort_by(|a, b| (&a.guardrail, &a.subject).cmp(&(&b.guardrail, &b.subject)));
    report
}

fn declared(intent: &Intent, requirement: Requirement) -> bool {
    match requirement {
        Requirement::Endpoints => intent.endpoints.is_some(),
        Requirement::Deployer => intent.deployer.is_some(),
        Requirement::Organization => intent.organisation.is_some(),
    }
}

/// What to say where a proof rests on a list of the actions that exist today.
const LATER_ACTIONS: &str = "an object action that does not exist yet would not be denied: deny `s3:*` on the objects \
                             instead of a list of actions";

/// What to say where a guardrail has no request of a deployment in its scope.
pub(crate) const NOTHING_TO_ASK: &str = "there is nothing to ask: no request is in the guardrail's scope";

/// Stands for an object action that S3 does not have yet.
const NOT_YET: &str = "s3:GetObjectNotYetKnown";

/// What a remedy adds where an exemption ends.
const ENDING: &str = "; an exemption that ends needs the same Deny for its role alone (ArnEquals aws:PrincipalArn) from \
                      the day after its last one on (DateGreaterThanEquals aws:CurrentTime)";

/// A question, with what Cedar needs to look at its answer.
struct Posed<'a> {
    question: Question,
    asking: &'a Asking,
}

pub(crate) fn way(model: &AccessModel, route: Route) -> Way {
    match route {
        Route::Direct => Way::Direct,
        Route::OtherAccessPoint => Way::AccessPoint,
        Route::Mrap(index) => {
            Way::Mrap(model.mraps.get(index).map(|mrap| mrap.arn.clone()).unwrap_or_default())
        }
    }
}

/// The questions of one policy at one bucket: one for each scope, with the ways that share it.
fn questions<'a>(
    model: &AccessModel,
    guardrail: &Guardrail,
    policy: &Policy,
    at: &'a At,
    used: &mut BTreeSet<&'static str>,
) -> Result<Vec<Posed<'a>>, Refusal> {
    let mut scopes: Vec<(Scope, Vec<Route>)> = Vec::new();
    for route in &at.routes {
        let way = way(model, *route);
        let lowering = Lowering::new(&at.asking, &way);
        let scope = lowering.policy(&policy.tree);
        used.extend(lowering.used.into_inner());
        let scope = scope?;
        if is_nothing(&scope) {
            continue;
        }
        match scopes.iter_mut().find(|(known, _)| *known == scope) {
            Some((_, routes)) => routes.push(*route),
            None => scopes.push((scope, vec![*route])),
        }
    }
    let (object_actions, bucket_actions) = &policy.actions;
    let posed = scopes.into_iter().map(|(scope, routes)| Posed {
        question: Question {
            demand: policy.demand,
            bucket: at.bucket,
            routes,
            object_actions: object_actions.clone(),
            bucket_actions: bucket_actions.clone(),
            later_action: guardrail.later.then(|| NOT_YET.to_owned()),
            scope,
        },
        asking: &at.asking,
    });
    Ok(posed.collect())
}

/// What the questions of one inquiry came to.
#[derive(Clone)]
pub(crate) struct Settled {
    pub verdict: Verdict,
    pub assumptions: BTreeSet<String>,
    pub remarks: Vec<String>,
    /// The attributes of the resource that were looked at.
    pub used: BTreeSet<&'static str>,
}

fn settle(classes: &Classes<'_>, model: &AccessModel, guardrail: &Guardrail, inquiry: &Inquiry) -> Judged {
    let by = |model: &AccessModel, inquiry: &Inquiry| match guardrail.each {
        Each::Mrap => alike::settle(model, guardrail, inquiry),
        Each::Policy => statements(model, inquiry),
        _ => asked(model, guardrail, inquiry),
    };
    let settled = classes.proved(guardrail, inquiry, by).unwrap_or_else(|| by(model, inquiry));
    let Settled { verdict, assumptions, mut remarks, used } = settled;
    if guardrail.public {
        remarks.extend(inquiry.at.iter().filter_map(|at| public::remark(model, at.bucket, &verdict)));
    }
    let verdict = match verdict {
        // Reasons quote policies, with symbols for what only the deployment tells.
        Verdict::Unknown(reason) => Verdict::Unknown(model.show(&reason)),
        decided => decided,
    };
    let refuted = verdict.is_refuted();
    let remedy = (refuted && !guardrail.remedy.is_empty()).then(|| remedy(guardrail, inquiry));
    Judged {
        guardrail: guardrail.id.clone(),
        severity: guardrail.severity,
        subject: inquiry.subject.clone(),
        verdict,
        assumptions,
        exemptions: if used.contains("exempt") { inquiry.exemptions.clone() } else { Vec::new() },
        remarks: guardrail.remarks.iter().cloned().chain(remarks).collect(),
        remedy,
        accepted: None,
    }
}

/// Each statement of the holder's policies must match some request.
fn statements(model: &AccessModel, inquiry: &Inquiry) -> Settled {
    let answer = inquiry.holder.map(|holder| vacuous(model, holder));
    let nothing = || Verdict::Unknown(NOTHING_TO_ASK.to_owned());
    let (verdict, assumptions) =
        answer.map_or_else(|| (nothing(), BTreeSet::new()), |it| (it.verdict, it.assumptions));
    Settled { verdict, assumptions, remarks: Vec::new(), used: BTreeSet::new() }
}

/// All questions must be answered well: a refutation wins over an unknown, which wins over a proof.
fn asked(model: &AccessModel, guardrail: &Guardrail, inquiry: &Inquiry) -> Settled {
    let mut used = BTreeSet::new();
    let mut posed = Vec::new();
    let mut unknown = inquiry.unknown.clone();
    for at in &inquiry.at {
        for policy in guardrail.policies() {
            match questions(model, guardrail, policy, at, &mut used) {
                Ok(more) => posed.extend(more),
                Err(reason) => unknown = unknown.or(Some(reason.to_string())),
            }
        }
    }
    let mut verdict = unknown.map(Verdict::Unknown);
    let mut assumptions = BTreeSet::new();
    let mut later_open = false;
    let mut proved = false;
    for Posed { question, asking } in &posed {
        let answer = ask(model, question);
        assumptions.extend(answer.assumptions);
        later_open |= answer.later_open;
        match answer.verdict {
            // Other questions of the guardrail may have requests; where none has, nothing was proved.
            Verdict::Unknown(_) if answer.empty => {}
            Verdict::Proved => proved = true,
            Verdict::Unknown(reason) => verdict = verdict.or(Some(Verdict::Unknown(reason))),
            refuted @ (Verdict::Refuted(_) | Verdict::Vacuous(_)) => {
                verdict = Some(confirmed(model, guardrail, asking, refuted));
                break;
            }
        }
    }
    let verdict = verdict.unwrap_or_else(|| {
        if proved { Verdict::Proved } else { Verdict::Unknown(NOTHING_TO_ASK.to_owned()) }
    });
    let mut remarks = Vec::new();
    if later_open && verdict == Verdict::Proved {
        remarks.push(LATER_ACTIONS.to_owned());
    }
    Settled { verdict, assumptions, remarks, used }
}

/// The refutation, if Cedar's authorizer finds its request in the guardrail's scope too.
pub(crate) fn confirmed(
    model: &AccessModel,
    guardrail: &Guardrail,
    asking: &Asking,
    verdict: Verdict,
) -> Verdict {
    let Verdict::Refuted(found) = &verdict else { return verdict };
    let way = way(model, found.route);
    let who = format!("{} on {} by {}", found.action, found.resource, found.principal);
    match replay::in_scope(guardrail, asking, &way, &found.request, found.key.as_deref()) {
        Ok(true) => verdict,
        Ok(false) => Verdict::Unknown(format!(
            "Cedar does not find {who} in the scope of `{}`; this is a gap in one of the two, please report it",
            guardrail.id
        )),
        Err(error) => Verdict::Unknown(format!(
            "Cedar cannot tell whether {who} is in the scope of `{}`: {error}; please report it",
            guardrail.id
        )),
    }
}

/// The remedy, its braces filled in.
fn remedy(guardrail: &Guardrail, inquiry: &Inquiry) -> String {
    let mut text = guardrail.remedy.clone();
    for (brace, word) in &inquiry.words {
        text = text.replace(brace, word);
    }
    if inquiry.ending {
        text.push_str(ENDING);
    }
    text
}
