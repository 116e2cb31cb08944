//! Replication: each configuration is asked about at its source and at its destinations.

use super::{At, Case, Inquiry, every_route};
use crate::facts::{Asking, Fact, Facts};
use std::sync::Arc;

pub(super) fn all(case: &Case<'_>) -> Vec<Inquiry> {
    let mut inquiries = Vec::new();
    for (index, bucket) in case.model.buckets.iter().enumerate() {
        let Some(replication) = &bucket.replication else { continue };
        let at = |index: usize, source: bool| {
            let known = case.known(index)?;
            let record =
                Facts::from([("role", Fact::Role(replication.role.clone())), ("source", Fact::Bool(source))]);
            let subject = Facts::from([("replication", Fact::Record(record))]);
            let asking = Asking { resource: Arc::clone(&known.facts), subject };
            Some(At { bucket: index, asking, routes: every_route(case, index) })
        };
        let destinations = replication.destinations.iter().map(|destination| at(*destination, false));
        let unknown = replication.foreign.first().map(|arn| {
            format!(
                "the destination {} is not in the input; add the stack that has its policy",
                case.model.show(arn)
            )
        });
        inquiries.push(Inquiry {
            subject: bucket.subject.clone(),
            at: [at(index, true)].into_iter().chain(destinations).flatten().collect(),
            holder: None,
            unknown,
            exemptions: Vec::new(),
            ending: false,
            words: vec![("{role}", case.model.show(&replication.role))],
        });
    }
    inquiries
}
