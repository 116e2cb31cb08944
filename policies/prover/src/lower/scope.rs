//! From a guardrail's scope to a formula.

use super::condition::{NUMBER, signed_point};
use super::keys::{AccessPoint, Keys, Sort};
use crate::question::{KeyTest, Scope};
use crate::solve::{Formula, Glob, Pattern, Point};

fn one_of(texts: &[String]) -> Pattern {
    Pattern::exact(texts.iter().map(|text| Glob::literal(text)).collect::<Vec<_>>())
}

/// The formula that a request is in the scope, its keys as the bucket's leg sees them.
pub(crate) fn lower_scope(scope: &Scope, keys: &mut Keys, via: &AccessPoint) -> Formula {
    match scope {
        Scope::All(parts) => {
            Formula::and(parts.iter().map(|part| lower_scope(part, keys, via)).collect::<Vec<_>>())
        }
        Scope::Any(parts) => {
            Formula::or(parts.iter().map(|part| lower_scope(part, keys, via)).collect::<Vec<_>>())
        }
        Scope::Not(part) => !lower_scope(part, keys, via),
        Scope::Anonymous => keys.setting.anonymous(),
        Scope::Service(names) => {
            Formula::and([keys.setting.service(), Formula::matches(keys.setting.service, one_of(names))])
        }
        Scope::PrincipalArn(arns) => keys.setting.arn_matches(one_of(arns)),
        Scope::PrincipalAccount(accounts) => keys.setting.account_matches(&one_of(accounts)),
        Scope::Key(key, KeyTest::Present) => {
            let sort = keys.free.get(key).map_or(Sort::Text, |(sort, _)| *sort);
            let binding = keys.binding(key, via, sort);
            keys.present(&binding)
        }
        Scope::Key(key, KeyTest::OneOf(values)) => {
            let binding = keys.binding(key, via, Sort::Text);
            keys.matches(key, &binding, &one_of(values))
        }
        Scope::Key(key, KeyTest::Below(number)) => {
            let binding = keys.binding(key, via, Sort::Point);
            let least = Point { family: NUMBER, value: 0 };
            let mut last = signed_point(NUMBER, *number);
            match last.value.checked_sub(1) {
                Some(value) => last.value = value,
                None => return Formula::Const(false),
            }
            keys.within(key, &binding, vec![(least, last)])
        }
    }
}
