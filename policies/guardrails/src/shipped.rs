//! The guardrails that are shipped: `cedar/<id>.cedar`, each with a table of requests beside it.

use crate::guardrail::Guardrail;
use crate::load::Loader;
use std::sync::LazyLock;

/// A shipped guardrail: its id, its Cedar text, and its table of requests.
pub(crate) struct Shipped {
    pub id: &'static str,
    pub cedar: &'static str,
    #[cfg(test)]
    pub tests: &'static str,
}

macro_rules! shipped {
    ($($id:literal),* $(,)?) => {
        &[$(Shipped {
            id: $id,
            cedar: include_str!(concat!("../cedar/", $id, ".cedar")),
            #[cfg(test)]
            tests: include_str!(concat!("../cedar/", $id, ".tests.json")),
        }),*]
    };
}

/// The shipped guardrails, by id.
pub(crate) const SHIPPED: &[Shipped] = shipped![
    "application-reaches-data",
    "deployer-not-locked-out",
    "least-privilege",
    "no-new-paths",
    "not-public",
    "not-vacuous",
    "only-through-mrap",
    "organisation-only",
    "private-only",
    "replication-works",
    "same-in-every-region",
    "tls-only",
];

/// The ids of the shipped guardrails.
pub fn shipped_ids() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|shipped| shipped.id)
}

/// The shipped guardrails, read once.
pub(crate) fn all() -> &'static Vec<Guardrail> {
    static ALL: LazyLock<Vec<Guardrail>> = LazyLock::new(|| {
        // A test reads and validates each; one that would not read is left out there, not here.
        SHIPPED
            .iter()
            .filter_map(|shipped| Loader::new(shipped.id, shipped.cedar).read().ok())
            .flatten()
            .collect()
    });
    &ALL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_valid_decidable_and_named_as_its_file() {
        assert!(SHIPPED.is_sorted_by_key(|shipped| shipped.id));
        for Shipped { id, cedar, .. } in SHIPPED {
            let read = Loader::new(id, cedar)
                .validated()
                .unwrap_or_else(|fault| panic!("{fault}\n{:?}", fault.span));
            let ids: Vec<_> = read.iter().map(|guardrail| guardrail.id.as_str()).collect();
            assert_eq!(ids, [*id]);
        }
        assert_eq!(all().len(), SHIPPED.len());
    }
}
