//! Whatever has policies: buckets, MRAPs, VPC endpoints and roles.

use super::{Case, Inquiry};
use narrows_prover::vacuous::Holder;

pub(super) fn all(case: &Case<'_>) -> Vec<Inquiry> {
    let holders = Holder::all(case.model).into_iter();
    let inquiry = |holder: Holder| {
        let subject = holder.subject(case.model)?;
        let words = vec![("{role}", subject.name.clone()), ("{bucket}", subject.name.clone())];
        Some(Inquiry {
            subject,
            at: Vec::new(),
            holder: Some(holder),
            unknown: None,
            exemptions: Vec::new(),
            ending: false,
            words,
        })
    };
    holders.filter_map(inquiry).collect()
}
