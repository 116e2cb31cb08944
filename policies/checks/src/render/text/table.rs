//! The table: a row for each guardrail and verdict, with the subjects that it holds of.

use super::sign;
use crate::render::{Page, Span, Tone};
use crate::{NotAskedView, Outcome, SubjectView, VerdictView};
use std::collections::{BTreeMap, BTreeSet};

/// The rows, by guardrail, then verdict and whether the owner accepts it.
pub(super) struct Table {
    rows: BTreeMap<String, BTreeMap<(Outcome, bool), Subjects>>,
    /// The width of the page: names that are longer are not shown.
    width: usize,
}

impl Table {
    pub fn new(width: usize) -> Self {
        Self { rows: BTreeMap::new(), width }
    }

    pub fn add(&mut self, verdict: &VerdictView) {
        let key = (verdict.verdict, verdict.accepted.is_some());
        let row = match self.rows.get_mut(&verdict.guardrail) {
            Some(row) => row,
            None => self.rows.entry(verdict.guardrail.clone()).or_default(),
        };
        row.entry(key).or_default().add(&verdict.subject, self.width);
    }

    /// How many guardrails have a verdict.
    pub fn guardrails(&self) -> usize {
        self.rows.len()
    }

    pub fn render(&self, not_asked: &[NotAskedView], page: &mut Page<'_>) {
        let silent = not_asked.iter().map(|it| it.guardrail.as_str());
        let names: BTreeSet<&str> = self.rows.keys().map(String::as_str).chain(silent).collect();
        let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
        page.gap();
        for name in names {
            let Some(outcomes) = self.rows.get(name) else {
                let name = Span::new(name, Tone::Faint).padded(width + 2);
                page.line([Span::new("  – ", Tone::Faint), name, Span::new("not asked", Tone::Faint)]);
                continue;
            };
            for (index, ((outcome, accepted), subjects)) in outcomes.iter().enumerate() {
                let (mark, word, tone) =
                    if *accepted { ("!", "accepted", Tone::Open) } else { sign(*outcome) };
                let label = if index == 0 { name } else { "" };
                let subjects = subjects.in_words(page.width().saturating_sub(width + 15));
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
}

/// The subjects of a row.
#[derive(Default)]
struct Subjects {
    count: usize,
    /// What they are, and `subject` where they differ.
    kind: String,
    /// Their names, as long as they may fit on a line.
    names: String,
    /// The width of the names.
    used: usize,
}

impl Subjects {
    fn add(&mut self, subject: &SubjectView, most: usize) {
        if self.count == 0 {
            self.kind.clone_from(&subject.kind);
        } else if self.kind != subject.kind {
            "subject".clone_into(&mut self.kind);
        }
        if self.count == 0 || self.used <= most {
            let apart = if self.count == 0 { "" } else { ", " };
            self.names.push_str(apart);
            self.names.push_str(&subject.name);
            self.used += apart.len() + subject.name.chars().count();
        }
        self.count += 1;
    }

    /// The names where they fit into the room, else how many there are: `3 buckets`.
    fn in_words(&self, room: usize) -> String {
        if self.count == 1 || self.used <= room {
            return self.names.clone();
        }
        match (self.count, self.kind.strip_suffix('y')) {
            (count, Some(stem)) => format!("{count} {stem}ies"),
            (count, None) => format!("{count} {}s", self.kind),
        }
    }
}
