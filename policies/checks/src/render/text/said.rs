//! Lines that many verdicts say, each shown once, under the guardrails that it is said of.

use crate::render::{Page, Span, Tone};
use crate::sorted::{Record, Sorted, Store};
use serde::{Deserialize, Serialize};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, HashSet};
use std::io;

/// What verdicts say.
pub(super) struct Said<'s> {
    store: Option<&'s dyn Store>,
    lines: Sorted<'s, Line>,
    /// Some of what is in `lines` already, by guardrail: nearly all lines are said again and again.
    known: BTreeMap<String, HashSet<String>>,
    room: usize,
    /// What was said last, by whom.
    last: (String, Vec<String>),
}

/// How many lines are known. In tests most are not.
const MOST: usize = if cfg!(test) { 4 } else { 2048 };

impl<'s> Said<'s> {
    pub fn new(store: Option<&'s dyn Store>) -> Self {
        Self {
            store,
            lines: Sorted::new(store),
            known: BTreeMap::new(),
            room: MOST,
            last: Default::default(),
        }
    }

    /// Adds what a verdict says; verdicts come by guardrail.
    pub fn add(&mut self, guardrail: &str, texts: &[String]) -> io::Result<()> {
        // Most verdicts say what the one before says.
        if self.last.0 == guardrail && self.last.1 == texts {
            return Ok(());
        }
        self.last = (guardrail.to_owned(), texts.to_vec());
        for text in texts {
            if self.known.get(guardrail).is_some_and(|known| known.contains(text)) {
                continue;
            }
            if self.room > 0 {
                self.room -= 1;
                self.known.entry(guardrail.to_owned()).or_default().insert(text.clone());
            }
            self.lines.add(Line { text: text.clone(), guardrail: guardrail.to_owned() })?;
        }
        Ok(())
    }

    /// Shows the lines that most guardrails have first; `asked` is how many guardrails there are.
    pub fn show(self, title: &str, asked: usize, page: &mut Page<'_>) -> io::Result<()> {
        let mut of = Sorted::new(self.store);
        let mut last: Option<Of> = None;
        for line in self.lines.finish().iter() {
            let Line { text, guardrail } = line?.into_owned();
            match &mut last {
                Some(Of { guardrails, text: known }) if *known == text => {
                    if guardrails.last() != Some(&guardrail) {
                        guardrails.push(guardrail);
                    }
                }
                _ => {
                    let whole = last.replace(Of { guardrails: vec![guardrail], text });
                    whole.into_iter().try_for_each(|it| of.add(it))?;
                }
            }
        }
        last.into_iter().try_for_each(|it| of.add(it))?;
        let mut shown: Option<Vec<String>> = None;
        for it in of.finish().iter() {
            let Of { guardrails, text } = it?.into_owned();
            if shown.as_ref() != Some(&guardrails) {
                let every = guardrails.len() == asked && asked > 1;
                let names = if every { "every guardrail".to_owned() } else { guardrails.join(", ") };
                page.gap();
                page.prose(vec![Span::new(title, Tone::Strong), Span::plain(" ")], &names, Tone::Plain);
                shown = Some(guardrails);
            }
            page.prose(vec![Span::new("  · ", Tone::Faint)], &text, Tone::Faint);
        }
        Ok(())
    }
}

/// A line that a verdict of a guardrail says.
#[derive(Clone, Serialize, Deserialize)]
struct Line {
    text: String,
    guardrail: String,
}

impl Record for Line {
    fn order(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + self.text.len() + self.guardrail.len()
    }
}

/// A line, and all guardrails whose verdicts say it.
#[derive(Clone, Serialize, Deserialize)]
struct Of {
    guardrails: Vec<String>,
    text: String,
}

impl Record for Of {
    fn order(&self, other: &Self) -> Ordering {
        let key = |it: &Self| Reverse(it.guardrails.len());
        let texts = (&self.guardrails, &self.text).cmp(&(&other.guardrails, &other.text));
        key(self).cmp(&key(other)).then(texts)
    }

    fn weight(&self) -> usize {
        let names = self.guardrails.iter().map(|it| size_of::<String>() + it.len());
        size_of::<Self>() + self.text.len() + names.sum::<usize>()
    }
}
