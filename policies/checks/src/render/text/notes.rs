//! What stands below the verdicts: reasons, remarks, exemptions and assumptions, each said once.

use super::by_guardrail;
use crate::render::{Page, Span, Tone};
use crate::{Outcome, VerdictView, View};
use std::collections::BTreeMap;

pub(super) fn unknown(view: &View, page: &mut Page) {
    for (guardrail, verdicts) in by_guardrail(view, Outcome::Unknown) {
        let mut groups: Vec<(String, Vec<&VerdictView>)> = Vec::new();
        for verdict in verdicts {
            let form = verdict.reason.as_deref().unwrap_or_default().replace(&verdict.subject.name, "…");
            match groups.iter_mut().find(|(known, _)| *known == form) {
                Some((_, group)) => group.push(verdict),
                None => groups.push((form, vec![verdict])),
            }
        }
        for (_, group) in groups {
            let [first, others @ ..] = group.as_slice() else { continue };
            page.gap();
            page.line([
                Span::new("? ", Tone::Open),
                Span::new(guardrail, Tone::Strong),
                Span::plain(format!(" is undecided for {} ", first.subject.kind)),
                Span::new(&first.subject.name, Tone::Strong),
            ]);
            page.gap();
            page.prose(vec![Span::plain("    ")], first.reason.as_deref().unwrap_or_default(), Tone::Plain);
            if let Some(remedy) = &first.remedy {
                page.prose(
                    vec![Span::plain("    "), Span::new("change  ", Tone::Accent)],
                    remedy,
                    Tone::Plain,
                );
            }
            if !others.is_empty() {
                let names: Vec<&str> = others.iter().map(|it| it.subject.name.as_str()).collect();
                let lead = vec![Span::plain("    "), Span::new("also    ", Tone::Accent)];
                page.prose(lead, &format!("the same at {}", names.join(", ")), Tone::Plain);
            }
        }
    }
}

pub(super) fn not_asked(view: &View, page: &mut Page) {
    if view.not_asked.is_empty() {
        return;
    }
    page.gap();
    page.line([Span::new("Not asked", Tone::Strong)]);
    let width = view.not_asked.iter().map(|it| it.guardrail.chars().count()).max().unwrap_or_default();
    for it in &view.not_asked {
        let name = Span::plain(format!("  {}", it.guardrail)).padded(width + 4);
        page.prose(vec![name], &it.reason, Tone::Faint);
    }
}

/// What is worth saying about the policies themselves, by document.
pub(super) fn findings(view: &View, page: &mut Page) {
    let mut documents: Vec<&str> = view.findings.iter().map(|it| it.document.as_str()).collect();
    documents.sort_unstable();
    documents.dedup();
    for document in documents {
        page.gap();
        page.prose(vec![Span::new("In", Tone::Strong), Span::plain(" ")], document, Tone::Plain);
        for found in view.findings.iter().filter(|it| it.document == document) {
            let text = format!("{} ({})", found.text, found.location);
            page.prose(vec![Span::new("  · ", Tone::Faint)], &text, Tone::Faint);
        }
    }
}

pub(super) fn remarks(view: &View, page: &mut Page) {
    list("Remarks on", view, |it| &it.remarks, page);
}

/// Refutations that the owner accepts, each with the request that it is about.
pub(super) fn accepted(view: &View, page: &mut Page) {
    for verdict in &view.verdicts {
        let Some(accepted) = &verdict.accepted else { continue };
        page.gap();
        page.line([
            Span::new("! ", Tone::Open),
            Span::new(&verdict.guardrail, Tone::Strong),
            Span::plain(format!(" fails for {} ", verdict.subject.kind)),
            Span::new(&verdict.subject.name, Tone::Strong),
            Span::plain(", which the owner accepts"),
        ]);
        let until = accepted.expires.as_ref().map(|last| format!(", until {last}")).unwrap_or_default();
        page.prose(vec![Span::plain("    ")], &format!("{}{until}", accepted.reason), Tone::Plain);
        if let Some(found) = &verdict.counterexample {
            page.prose(vec![Span::plain("    ")], &found.sentence, Tone::Faint);
        }
        for it in &verdict.statements {
            let text = format!("no request can match {} of {}: {}", it.statement, it.document, it.reason);
            page.prose(vec![Span::plain("    ")], &text, Tone::Faint);
        }
    }
}

pub(super) fn exemptions(view: &View, page: &mut Page) {
    list("Exempt from", view, |it| &it.exemptions, page);
}

pub(super) fn assumptions(view: &View, page: &mut Page) {
    list("Assumed for", view, |it| &it.assumptions, page);
}

/// What the verdicts say, each line once, under the guardrails that it is said of.
fn list(title: &str, view: &View, pick: impl Fn(&VerdictView) -> &Vec<String>, page: &mut Page) {
    let mut asked: Vec<&str> = view.verdicts.iter().map(|it| it.guardrail.as_str()).collect();
    asked.dedup();
    let mut said: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for verdict in &view.verdicts {
        for text in pick(verdict) {
            let guardrails = said.entry(text).or_default();
            if guardrails.last() != Some(&verdict.guardrail.as_str()) {
                guardrails.push(&verdict.guardrail);
            }
        }
    }
    let mut groups: BTreeMap<Vec<&str>, Vec<&str>> = BTreeMap::new();
    for (text, guardrails) in said {
        groups.entry(guardrails).or_default().push(text);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(guardrails, _)| std::cmp::Reverse(guardrails.len()));
    for (guardrails, texts) in groups {
        let whole = guardrails.len() == asked.len() && asked.len() > 1;
        let of = if whole { "every guardrail".to_owned() } else { guardrails.join(", ") };
        page.gap();
        page.prose(vec![Span::new(title, Tone::Strong), Span::plain(" ")], &of, Tone::Plain);
        for text in texts {
            page.prose(vec![Span::new("  · ", Tone::Faint)], text, Tone::Faint);
        }
    }
}
