//! From a guardrail's scope to a formula.

use super::condition::{INSTANT, NUMBER, signed_point};
use super::domains::Sort;
use super::keys::{AccessPoint, Keys};
use crate::question::{KeyTest, Scope};
use crate::solve::{Formula, Glob, Pattern, Point, Token};
use narrows_iam::ConditionKey;

fn one_of(texts: &[String]) -> Pattern {
    Pattern::exact(texts.iter().map(|text| Glob::literal(text)).collect::<Vec<_>>())
}

/// The formula that a request is in the scope, its keys as the bucket's leg sees them.
pub(crate) fn lower_scope(scope: &Scope, keys: &mut Keys, via: &AccessPoint, object: bool) -> Formula {
    match scope {
        Scope::All(parts) => {
            Formula::and(parts.iter().map(|part| lower_scope(part, keys, via, object)).collect::<Vec<_>>())
        }
        Scope::Any(parts) => {
            Formula::or(parts.iter().map(|part| lower_scope(part, keys, via, object)).collect::<Vec<_>>())
        }
        Scope::Not(part) => !lower_scope(part, keys, via, object),
        Scope::Anonymous => keys.setting.anonymous(),
        Scope::Service(names) | Scope::PrincipalArn(names) | Scope::PrincipalAccount(names)
            if names.is_empty() =>
        {
            Formula::Const(false)
        }
        Scope::Service(names) => {
            let service = keys.service();
            Formula::and([keys.setting.service(), Formula::matches(service, one_of(names))])
        }
        Scope::PrincipalArn(arns) => keys.setting.arn_matches(one_of(arns)),
        Scope::PrincipalAccount(accounts) => keys.setting.account_matches(&one_of(accounts)),
        Scope::Below(prefix) => {
            let mut glyphs = Glob::literal(prefix).0;
            glyphs.push(Token::Many);
            let pattern = Pattern::exact(vec![Glob(glyphs)]);
            if object {
                return Formula::matches(keys.setting.key, pattern);
            }
            let key = ConditionKey::new("s3:prefix");
            let binding = keys.binding(&key, via, Sort::Text);
            keys.matches(&key, &binding, &pattern)
        }
        Scope::Key(key, KeyTest::Present) => {
            let sort = keys.sort_of(key);
            let binding = keys.binding(key, via, sort);
            keys.present(&binding)
        }
        Scope::Key(key, KeyTest::OneOf(values)) => {
            let binding = keys.binding(key, via, Sort::Text);
            keys.matches(key, &binding, &one_of(values))
        }
        Scope::Key(key, KeyTest::Below(number)) => {
            below(key, Sort::Number, signed_point(NUMBER, *number), keys, via)
        }
        Scope::Key(key, KeyTest::Before(seconds)) => {
            below(key, Sort::Instant, signed_point(INSTANT, i128::from(*seconds) * 1000), keys, via)
        }
    }
}

/// The formula that the key is there and its point lies before this one.
fn below(key: &ConditionKey, sort: Sort, limit: Point, keys: &mut Keys, via: &AccessPoint) -> Formula {
    let binding = keys.binding(key, via, sort);
    let Some(value) = limit.value.checked_sub(1) else { return Formula::Const(false) };
    let least = Point { value: 0, ..limit };
    keys.within(key, &binding, vec![(least, Point { value, ..limit })])
}
