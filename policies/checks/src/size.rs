//! About how many bytes of memory the parts of a report take.

use crate::view::{CounterexampleView, DecidedByView, FindingView, LegView, SubjectView, VerdictView};

impl FindingView {
    pub(crate) fn size(&self) -> usize {
        self.document.len() + self.location.len() + self.text.len()
    }
}

impl VerdictView {
    pub(crate) fn size(&self) -> usize {
        let SubjectView { kind, name, address } = &self.subject;
        let texts = [&self.guardrail, &self.severity, kind, name, address].into_iter();
        let more = self.reason.iter().chain(&self.remedy);
        let lists = self.assumptions.iter().chain(&self.exemptions).chain(&self.remarks);
        let statements = self.statements.iter().map(|it| {
            size_of_val(it) + it.document.len() + it.statement.len() + it.location.len() + it.reason.len()
        });
        size_of::<Self>()
            + texts.chain(more).map(String::len).sum::<usize>()
            + lists.map(|it| size_of::<String>() + it.len()).sum::<usize>()
            + statements.sum::<usize>()
            + self.counterexample.as_ref().map_or(0, |found| found.size())
    }
}

impl CounterexampleView {
    fn size(&self) -> usize {
        let texts = [&self.principal, &self.action, &self.resource, &self.sentence].into_iter();
        let context = self.context.iter().flat_map(|(key, values)| std::iter::once(key).chain(values));
        texts.chain(&self.command).chain(&self.elsewhere).map(String::len).sum::<usize>()
            + context.map(|it| size_of::<String>() + it.len()).sum::<usize>()
            + self.legs.iter().map(LegView::size).sum::<usize>()
    }
}

impl LegView {
    fn size(&self) -> usize {
        let by = match &self.decided_by {
            DecidedByView::Statement { document, statement, location } => {
                document.len() + statement.len() + location.len()
            }
            DecidedByView::Assumption { assumption: text } | DecidedByView::Implicit { implicit: text } => {
                text.len()
            }
        };
        size_of::<Self>() + self.resource.len() + by
    }
}
