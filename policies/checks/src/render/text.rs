//! Text for people: a table of verdicts, each refutation as a request and its path, then what the verdicts rest on.

mod alike;
mod notes;
mod refuted;
mod said;
mod table;

pub(super) use refuted::decided;

use super::{Page, Span, Style, Tone};
use crate::{Outcome, Source, View};
use alike::Alike;
use said::Said;
use std::io;
use table::Table;

/// What stands above the verdicts: a few labelled facts, such as what was checked and against which declarations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preface(Vec<(String, String)>);

impl Preface {
    /// Adds a fact; facts are shown in the order in which they were added.
    #[must_use]
    pub fn fact(mut self, label: impl Into<String>, text: impl Into<String>) -> Self {
        self.0.push((label.into(), text.into()));
        self
    }

    pub(crate) fn facts(&self) -> &[(String, String)] {
        &self.0
    }

    pub(crate) fn into_facts(self) -> Vec<(String, String)> {
        self.0
    }
}

/// The view as text, with a line break at its end.
///
/// # Errors
/// None that a view can cause: what is at hand can be read.
pub fn render(view: &View, preface: &Preface, style: Style) -> io::Result<String> {
    let mut page = Page::new(style);
    write(&(view, preface), &mut page)?;
    Ok(page.finish())
}

/// Adds a report to a page.
///
/// # Errors
/// Those of reading the report.
pub fn write(source: &dyn Source, page: &mut Page<'_>) -> io::Result<()> {
    preface(source, page)?;
    let store = source.store();
    let (mut table, mut refuted, mut unknown) =
        (Table::new(page.width()), Alike::new(store), Alike::new(store));
    let (mut remarks, mut exemptions, mut assumptions) =
        (Said::new(store), Said::new(store), Said::new(store));
    for (number, verdict) in source.verdicts().enumerate() {
        let verdict = verdict?;
        table.add(&verdict);
        remarks.add(&verdict.guardrail, &verdict.remarks)?;
        exemptions.add(&verdict.guardrail, &verdict.exemptions)?;
        assumptions.add(&verdict.guardrail, &verdict.assumptions)?;
        match verdict.verdict {
            Outcome::Refuted if verdict.accepted.is_none() => {
                refuted.add(&verdict, number, refuted::form(&verdict)?)?;
            }
            Outcome::Unknown if verdict.accepted.is_none() => {
                unknown.add(&verdict, number, notes::form(&verdict))?;
            }
            _ => {}
        }
    }
    let (not_asked, asked) = (source.not_asked(), table.guardrails());
    table.render(&not_asked, page);
    refuted.show(source, page, refuted::render)?;
    unknown.show(source, page, notes::unknown)?;
    notes::not_asked(&not_asked, page);
    notes::findings(source, page)?;
    remarks.show("Remarks on", asked, page)?;
    notes::accepted(source, page)?;
    exemptions.show("Exempt from", asked, page)?;
    assumptions.show("Assumed for", asked, page)?;
    totals(source, not_asked.len(), page);
    Ok(())
}

pub(super) fn preface_lines(preface: &Preface, page: &mut Page<'_>) {
    let width = width(preface.0.iter().map(|(label, _)| label));
    preface.0.iter().for_each(|(label, text)| fact(label, text, width, page));
}

fn preface(source: &dyn Source, page: &mut Page<'_>) -> io::Result<()> {
    let mut most = 0;
    for it in source.facts() {
        most = most.max(width([&it?.0]));
    }
    for it in source.facts() {
        let it = it?;
        fact(&it.0, &it.1, most, page);
    }
    Ok(())
}

fn width<'a>(labels: impl IntoIterator<Item = &'a String>) -> usize {
    labels.into_iter().map(|label| label.chars().count()).max().unwrap_or_default()
}

fn fact(label: &str, text: &str, width: usize, page: &mut Page<'_>) {
    let mut lead = Span::new(label, Tone::Faint).padded(width + 2);
    for line in text.split('\n') {
        // Something to paste stands in lines of its own, which are left as they are.
        match line.strip_prefix("    ") {
            Some(_) => page.line([lead.clone(), Span::new(line, Tone::Accent)]),
            None => page.prose(vec![lead.clone()], line, Tone::Plain),
        }
        lead = Span::plain(" ".repeat(width + 2));
    }
}

fn totals(source: &dyn Source, silent: usize, page: &mut Page<'_>) {
    let found = source.counts();
    page.gap();
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let mut spans = vec![Span::plain(format!("{}: ", plural(found.all(), "verdict")))];
    let counts = [
        (Outcome::Proved, found.proved, "proved"),
        (Outcome::Refuted, found.refuted, "refuted"),
        (Outcome::Unknown, found.unknown, "unknown"),
    ];
    for (index, (outcome, count, word)) in counts.into_iter().enumerate() {
        if index > 0 {
            spans.push(Span::new(" · ", Tone::Faint));
        }
        let tone = if count > 0 { sign(outcome).2 } else { Tone::Faint };
        spans.push(Span::new(format!("{count} {word}"), tone));
    }
    if found.accepted > 0 {
        spans.push(Span::new(" · ", Tone::Faint));
        spans.push(Span::new(format!("{} accepted", found.accepted), Tone::Open));
    }
    let tone = if silent > 0 { Tone::Plain } else { Tone::Faint };
    spans.push(Span::new(format!("; {} not asked", plural(silent, "guardrail")), tone));
    page.line(spans);
}

/// The sign of a verdict, its word and its tone.
fn sign(outcome: Outcome) -> (&'static str, &'static str, Tone) {
    match outcome {
        Outcome::Proved => ("✓", "proved", Tone::Good),
        Outcome::Refuted => ("✗", "refuted", Tone::Bad),
        Outcome::Unknown => ("?", "unknown", Tone::Open),
    }
}
