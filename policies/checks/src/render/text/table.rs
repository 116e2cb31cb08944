//! The table: a row for each guardrail and verdict, with the subjects that it holds of.

use super::{counted, sign};
use crate::render::{Page, Span, Tone};
use crate::{Outcome, SubjectView, View};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn render(view: &View, page: &mut Page) {
    let mut rows: BTreeMap<&str, BTreeMap<(Outcome, bool), Vec<&SubjectView>>> = BTreeMap::new();
    for verdict in &view.verdicts {
        let row = rows.entry(&verdict.guardrail).or_default();
        row.entry((verdict.verdict, verdict.accepted.is_some())).or_default().push(&verdict.subject);
    }
    let silent: BTreeSet<&str> = view.not_asked.iter().map(|it| it.guardrail.as_str()).collect();
    let names: BTreeSet<&str> = rows.keys().copied().chain(silent.iter().copied()).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
    page.gap();
    for name in names {
        let Some(outcomes) = rows.get(name) else {
            let name = Span::new(name, Tone::Faint).padded(width + 2);
            page.line([Span::new("  – ", Tone::Faint), name, Span::new("not asked", Tone::Faint)]);
            continue;
        };
        for (index, ((outcome, accepted), subjects)) in outcomes.iter().enumerate() {
            let (mark, word, tone) = if *accepted { ("!", "accepted", Tone::Open) } else { sign(*outcome) };
            let label = if index == 0 { name } else { "" };
            let subjects = subjects_in_words(subjects, page.width().saturating_sub(width + 15));
            page.line([
                Span::plain("  "),
                Span::new(mark, tone),
                Span::new(format!(" {label}"), Tone::Strong).padded(width + 3),
                Span::new(word, tone).padded(9),
                Span::new(subjects, if *outcome == Outcome::Proved { Tone::Faint } else { Tone::Plain }),
            ]);
        }
    }
}

/// The names where they fit into the room, else how many there are.
fn subjects_in_words(subjects: &[&SubjectView], room: usize) -> String {
    let names: Vec<&str> = subjects.iter().map(|it| it.name.as_str()).collect();
    let names = names.join(", ");
    if subjects.len() == 1 || names.chars().count() <= room { names } else { counted(subjects) }
}
