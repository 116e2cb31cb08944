//! Text for people: a table of verdicts, each refutation as a request and its path, then what the verdicts rest on.

mod notes;
mod refuted;
mod table;

pub(super) use refuted::decided;

use super::{Page, Span, Style, Tone};
use crate::{Outcome, SubjectView, View};

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
}

/// The view as text, with a line break at its end.
pub fn render(view: &View, preface: &Preface, style: Style) -> String {
    let mut page = Page::new(style);
    preface_lines(preface, &mut page);
    table::render(view, &mut page);
    refuted::render(view, &mut page);
    notes::unknown(view, &mut page);
    notes::not_asked(view, &mut page);
    notes::findings(view, &mut page);
    notes::remarks(view, &mut page);
    notes::accepted(view, &mut page);
    notes::exemptions(view, &mut page);
    notes::assumptions(view, &mut page);
    totals(view, &mut page);
    page.finish()
}

pub(super) fn preface_lines(preface: &Preface, page: &mut Page) {
    let width = preface.0.iter().map(|(label, _)| label.chars().count()).max().unwrap_or_default();
    for (label, text) in &preface.0 {
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
}

fn totals(view: &View, page: &mut Page) {
    page.gap();
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let mut spans = vec![Span::plain(format!("{}: ", plural(view.verdicts.len(), "verdict")))];
    let counts = [(Outcome::Proved, "proved"), (Outcome::Refuted, "refuted"), (Outcome::Unknown, "unknown")];
    for (index, (outcome, word)) in counts.into_iter().enumerate() {
        if index > 0 {
            spans.push(Span::new(" · ", Tone::Faint));
        }
        let count = view.count(outcome);
        let tone = if count > 0 { sign(outcome).2 } else { Tone::Faint };
        spans.push(Span::new(format!("{count} {word}"), tone));
    }
    if view.accepted() > 0 {
        spans.push(Span::new(" · ", Tone::Faint));
        spans.push(Span::new(format!("{} accepted", view.accepted()), Tone::Open));
    }
    let silent = view.not_asked.len();
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

/// How many subjects, in words: `3 buckets`.
fn counted(subjects: &[&SubjectView]) -> String {
    let kind = match subjects.first() {
        Some(first) if subjects.iter().all(|it| it.kind == first.kind) => first.kind.as_str(),
        _ => "subject",
    };
    match (subjects.len(), kind.strip_suffix('y')) {
        (1, _) => format!("1 {kind}"),
        (count, Some(stem)) => format!("{count} {stem}ies"),
        (count, None) => format!("{count} {kind}s"),
    }
}

/// The verdicts of one kind, by guardrail.
fn by_guardrail(view: &View, outcome: Outcome) -> Vec<(&str, Vec<&crate::VerdictView>)> {
    let mut groups: Vec<(&str, Vec<&crate::VerdictView>)> = Vec::new();
    for verdict in view.verdicts.iter().filter(|it| it.verdict == outcome && it.accepted.is_none()) {
        match groups.last_mut() {
            Some((guardrail, group)) if *guardrail == verdict.guardrail => group.push(verdict),
            _ => groups.push((&verdict.guardrail, vec![verdict])),
        }
    }
    groups
}
