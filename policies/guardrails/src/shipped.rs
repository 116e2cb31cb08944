//! The guardrails that are shipped: `cedar/<id>.cedar`, each with a table of requests beside it.
//!
//! They are read from `cedar/shipped.json`, the same policies in Cedar's JSON format, since Cedar takes ten times as long to
//! read its text. A test writes that file, and holds it against the texts.

use crate::guardrail::{Body, Each, Guardrail};
use crate::load::Loader;
use cedar_policy::{Policy, PolicyId};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Each shipped guardrail's policies, by its id.
const JSON: &str = include_str!("../cedar/shipped.json");

/// A shipped guardrail: its id, and for tests its Cedar text and its table of requests.
pub(crate) struct Shipped {
    pub id: &'static str,
    #[cfg(test)]
    pub cedar: &'static str,
    #[cfg(test)]
    pub tests: &'static str,
}

macro_rules! shipped {
    ($($id:literal),* $(,)?) => {
        &[$(Shipped {
            id: $id,
            #[cfg(test)]
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

/// The shipped guardrails, read once; of each its annotations alone, until it is asked.
pub(crate) fn all() -> &'static Vec<Guardrail> {
    static ALL: LazyLock<Vec<Guardrail>> = LazyLock::new(|| {
        let mut policies: BTreeMap<String, Vec<Value>> = serde_json::from_str(JSON).unwrap_or_default();
        // A test reads and validates each; one that would not read is left out there, not here.
        SHIPPED.iter().filter_map(|shipped| guardrail(shipped.id, policies.remove(shipped.id)?)).collect()
    });
    &ALL
}

fn guardrail(id: &'static str, policies: Vec<Value>) -> Option<Guardrail> {
    let said = |name: &str| policies.iter().find_map(|it| it.get("annotations")?.get(name));
    let text = |name: &str| said(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let requires = text("requires");
    let requires = requires.split(',').map(str::trim).filter(|word| !word.is_empty());
    let remarks = said("remarks").is_some().then(|| text("remarks"));
    let head = Guardrail {
        description: text("description"),
        severity: text("severity").parse().ok()?,
        remedy: text("remedy"),
        remarks: remarks.into_iter().collect(),
        each: if said("each").is_some() { text("each").parse().ok()? } else { Each::default() },
        requires: requires.map(str::parse).collect::<Result<_, _>>().ok()?,
        later: said("later").is_some(),
        public: said("public").is_some(),
        ..Guardrail::new(id.to_owned(), Body::default)
    };
    let make = move || {
        let policy =
            |(number, json)| Policy::from_json(Some(PolicyId::new(format!("policy{number}"))), json).ok();
        let policies = policies.into_iter().enumerate().map(policy).collect::<Option<Vec<_>>>();
        policies.and_then(|policies| Loader::new(id, "").body(id, policies).ok()).unwrap_or_default()
    };
    Some(Guardrail { body: Guardrail::new(String::new(), make).body, ..head })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The policies of the texts, as [`JSON`] has them: one on a line.
    fn json() -> String {
        let of = |Shipped { id, cedar, .. }: &Shipped| {
            let policies = Loader::new(id, cedar).policies().unwrap();
            let lines: Vec<_> = policies.iter().map(|it| it.to_json().unwrap().to_string()).collect();
            format!("{id:?}: [\n{}\n]", lines.join(",\n"))
        };
        format!("{{\n{}\n}}\n", SHIPPED.iter().map(of).collect::<Vec<_>>().join(",\n"))
    }

    #[test]
    fn the_json_has_what_the_texts_say() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/cedar/shipped.json");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, json()).unwrap();
        }
        assert!(json() == JSON, "run this test with UPDATE=1 to write {path}");
        for (shipped, read) in SHIPPED.iter().zip(all()) {
            let [of_text] = Loader::new(shipped.id, shipped.cedar).validated().unwrap().try_into().unwrap();
            // The trees too, whichever way Cedar made them, and what the annotations say.
            let Guardrail {
                id, description, severity, remedy, remarks, each, requires, later, public, ..
            } = &of_text;
            let said = format!(
                "{id} {description} {severity} {remedy} {remarks:?} {each:?} {requires:?} {later} {public}"
            );
            let Guardrail {
                id, description, severity, remedy, remarks, each, requires, later, public, ..
            } = read;
            assert_eq!(
                said,
                format!(
                    "{id} {description} {severity} {remedy} {remarks:?} {each:?} {requires:?} {later} {public}"
                )
            );
            assert_eq!(format!("{:?}", of_text.policies()), format!("{:?}", read.policies()));
            assert_eq!(of_text.cedar().policies().count(), read.cedar().policies().count());
        }
    }

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
