//! What stands below the verdicts: reasons, remarks, exemptions and assumptions, each said once.

use super::alike::{Others, also};
use crate::render::{Page, Span, Tone};
use crate::sorted::{Record, Sorted};
use crate::{FindingView, NotAskedView, Source, VerdictView};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::io;

/// Why a verdict is unknown, the subject's name taken out.
pub(super) fn form(verdict: &VerdictView) -> String {
    verdict.reason.as_deref().unwrap_or_default().replace(&verdict.subject.name, "…")
}

pub(super) fn unknown(first: &VerdictView, others: &mut Others<'_>, page: &mut Page<'_>) -> io::Result<()> {
    page.gap();
    page.line([
        Span::new("? ", Tone::Open),
        Span::new(&first.guardrail, Tone::Strong),
        Span::plain(format!(" is undecided for {} ", first.subject.kind)),
        Span::new(&first.subject.name, Tone::Strong),
    ]);
    page.gap();
    page.prose(vec![Span::plain("    ")], first.reason.as_deref().unwrap_or_default(), Tone::Plain);
    if let Some(remedy) = &first.remedy {
        let lead = vec![Span::plain("    "), Span::new("change  ", Tone::Accent)];
        page.prose(lead, remedy, Tone::Plain);
    }
    also("the same at", others, page)
}

pub(super) fn not_asked(all: &[NotAskedView], page: &mut Page<'_>) {
    if all.is_empty() {
        return;
    }
    page.gap();
    page.line([Span::new("Not asked", Tone::Strong)]);
    let width = all.iter().map(|it| it.guardrail.chars().count()).max().unwrap_or_default();
    for it in all {
        let name = Span::plain(format!("  {}", it.guardrail)).padded(width + 4);
        page.prose(vec![name], &it.reason, Tone::Faint);
    }
}

/// What is worth saying about the policies themselves, by document.
pub(super) fn findings(source: &dyn Source, page: &mut Page<'_>) -> io::Result<()> {
    let mut all = Sorted::new(source.store());
    for finding in source.findings() {
        all.add(ByDocument(finding?.into_owned()))?;
    }
    let mut last: Option<String> = None;
    for found in all.finish().iter() {
        let ByDocument(FindingView { document, location, text }) = found?.into_owned();
        if last.as_ref() != Some(&document) {
            page.gap();
            page.prose(vec![Span::new("In", Tone::Strong), Span::plain(" ")], &document, Tone::Plain);
            last = Some(document);
        }
        page.prose(vec![Span::new("  · ", Tone::Faint)], &format!("{text} ({location})"), Tone::Faint);
    }
    Ok(())
}

/// A finding, sorted by what it is about.
#[derive(Clone, Serialize, Deserialize)]
struct ByDocument(FindingView);

impl Record for ByDocument {
    fn order(&self, other: &Self) -> Ordering {
        self.0.document.cmp(&other.0.document)
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + self.0.size()
    }
}

/// Refutations that the owner accepts, each with the request that it is about.
pub(super) fn accepted(source: &dyn Source, page: &mut Page<'_>) -> io::Result<()> {
    if source.counts().accepted == 0 {
        return Ok(());
    }
    for verdict in source.verdicts() {
        let verdict = verdict?;
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
    Ok(())
}
