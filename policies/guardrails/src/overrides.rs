//! What the owner decided about guardrails: which refutations are accepted, and what weighs differently.

use crate::report::{Accepted, Judged};
use narrows_model::Intent;
use narrows_model::date::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The verdict with what the owner decided about its guardrail; a decision that has ended counts no more, and says so.
pub(crate) fn overridden(mut judged: Judged, intent: &Intent, as_of: Date) -> Judged {
    for it in &intent.overrides {
        let about = it.subject.as_ref().is_none_or(|subject| *subject == judged.subject.name);
        if it.guardrail != judged.guardrail || !about {
            continue;
        }
        if let Some(last) = it.expires.filter(|last| *last < as_of) {
            judged.remarks.push(format!("the override ({}) ended on {last}: it no longer counts", it.reason));
            continue;
        }
        let until = it.expires.map(|date| format!(", until {date}")).unwrap_or_default();
        match it.severity {
            Some(severity) => {
                judged.remarks.push(format!("its severity is {severity} here ({}{until})", it.reason));
                judged.severity = severity;
            }
            None if judged.verdict.is_refuted() => {
                judged.accepted = Some(Accepted { reason: it.reason.clone(), expires: it.expires });
            }
            None => judged
                .remarks
                .push(format!("an override accepts a refutation ({}{until}), and there is none", it.reason)),
        }
    }
    judged
}

/// Says of overrides that their subject is none of the guardrail's, or more than one.
pub(crate) fn misplaced(verdicts: &mut [Judged], intent: &Intent) {
    let mut said: Vec<(&str, String)> = Vec::new();
    for it in &intent.overrides {
        let Some(subject) = &it.subject else { continue };
        let asked = || verdicts.iter().filter(|judged| judged.guardrail == it.guardrail);
        let named: BTreeSet<&str> = asked()
            .filter(|judged| judged.subject.name == *subject)
            .map(|judged| judged.subject.kind.as_str())
            .collect();
        let kinds: Vec<&str> = named.into_iter().collect();
        match kinds.as_slice() {
            [] => said.push((
                it.guardrail.as_str(),
                format!(
                    "the override ({}) is about `{subject}`, of which this guardrail is not asked here",
                    it.reason
                ),
            )),
            [_] => {}
            several => said.push((
                it.guardrail.as_str(),
                format!(
                    "the override ({}) is about every subject called `{subject}`: {}",
                    it.reason,
                    several.join(", ")
                ),
            )),
        }
    }
    let mut by_guardrail: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (guardrail, text) in said {
        by_guardrail.entry(guardrail).or_default().push(text);
    }
    for judged in verdicts {
        judged.remarks.extend(by_guardrail.get(judged.guardrail.as_str()).into_iter().flatten().cloned());
    }
}
