//! Verdicts that say the same but for the names in it, shown as one.

use crate::render::{Page, Span, Tone};
use crate::sorted::{Record, Sorted, Store};
use crate::{Source, VerdictView};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::io;

/// Verdicts, and what each says without its names.
pub(super) struct Alike<'s> {
    members: Sorted<'s, Member>,
    store: Option<&'s dyn Store>,
}

/// The names of the subjects that come after the first of their group.
pub(super) type Others<'o> = dyn Iterator<Item = io::Result<String>> + 'o;

impl<'s> Alike<'s> {
    pub fn new(store: Option<&'s dyn Store>) -> Self {
        Self { members: Sorted::new(store), store }
    }

    /// Adds a verdict, by which it is of all; those of one guardrail and one form are a group.
    pub fn add(&mut self, verdict: &VerdictView, number: usize, form: String) -> io::Result<()> {
        self.members.add(Member {
            guardrail: verdict.guardrail.clone(),
            form,
            number,
            name: verdict.subject.name.clone(),
        })
    }

    /// Shows the first of each group, with the names of the others.
    pub fn show(
        self,
        source: &dyn Source,
        page: &mut Page<'_>,
        show: impl Fn(&VerdictView, &mut Others<'_>, &mut Page<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut named = Sorted::new(self.store);
        let mut group: Option<Member> = None;
        for member in self.members.finish().iter() {
            let member = member?.into_owned();
            let (number, name) = (member.number, member.name.clone());
            let same = |it: &Member| it.guardrail == member.guardrail && it.form == member.form;
            let first = match &group {
                Some(group) if same(group) => group.number,
                _ => group.insert(member).number,
            };
            named.add(Named { first, number, name })?;
        }
        let named = named.finish();
        let mut named = named.iter().peekable();
        for (number, verdict) in source.verdicts().enumerate() {
            let is_next = |it: &io::Result<_>| {
                it.as_ref().map_or(true, |it: &std::borrow::Cow<'_, Named>| it.first == number)
            };
            match named.peek() {
                None => break,
                Some(next) if !is_next(next) => continue,
                Some(_) => {}
            }
            // The first is the verdict itself.
            named.next().transpose()?;
            let mut others = std::iter::from_fn(|| Some(named.next_if(is_next)?.map(|it| it.name.clone())));
            show(verdict?.as_ref(), &mut others, page)?;
        }
        Ok(())
    }
}

/// Says where else it is the same.
pub(super) fn also(what: &str, others: &mut Others<'_>, page: &mut Page<'_>) -> io::Result<()> {
    let Some(mut name) = others.next().transpose()? else { return Ok(()) };
    let mut words = page.words(vec![Span::plain("    "), Span::new("also    ", Tone::Accent)], Tone::Plain);
    words.add(what);
    for next in others {
        words.add(&format!("{name},"));
        name = next?;
    }
    words.add(&name);
    words.end();
    Ok(())
}

/// A verdict of a form.
#[derive(Clone, Serialize, Deserialize)]
struct Member {
    guardrail: String,
    form: String,
    number: usize,
    name: String,
}

impl Record for Member {
    fn order(&self, other: &Self) -> Ordering {
        (&self.guardrail, &self.form, self.number).cmp(&(&other.guardrail, &other.form, other.number))
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + self.guardrail.len() + self.form.len() + self.name.len()
    }
}

/// A subject, and which verdict is the first that says the same.
#[derive(Clone, Serialize, Deserialize)]
struct Named {
    first: usize,
    number: usize,
    name: String,
}

impl Record for Named {
    fn order(&self, other: &Self) -> Ordering {
        (self.first, self.number).cmp(&(other.first, other.number))
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + self.name.len()
    }
}
