//! From a guardrail's scope to a formula.

use super::condition::{INSTANT, NUMBER, range, signed_point};
use super::domains::Sort;
use super::keys::{AccessPoint, Keys};
use crate::question::{KeyTest, PrincipalForm, Scope};
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
        Scope::AnyService => keys.setting.service(),
        Scope::Service(names) | Scope::PrincipalArn(names) | Scope::PrincipalAccount(names)
            if names.is_empty() =>
        {
            Formula::Const(false)
        }
        Scope::Service(names) => {
            let service = keys.service();
            Formula::and([keys.setting.service(), Formula::matches(service, one_of(names))])
        }
        Scope::PrincipalForm(form) => {
            let form = match form {
                PrincipalForm::Role => "arn:*:iam::*:role/*",
                PrincipalForm::User => "arn:*:iam::*:user/*",
                PrincipalForm::Root => "arn:*:iam::*:root",
                PrincipalForm::FederatedUser => "arn:*:sts::*:federated-user/*",
            };
            keys.setting.arn_matches(Pattern::exact(vec![Glob::arn(form)]))
        }
        Scope::PrincipalLike(glob) => keys.setting.arn_matches(Pattern::exact(vec![glob.clone()])),
        Scope::Action(names) => Formula::matches(keys.setting.action, one_of(names)),
        Scope::Object => Formula::Const(object),
        Scope::ObjectKey(_) if !object => Formula::Const(false),
        Scope::ObjectKey(glob) => Formula::matches(keys.setting.key, Pattern::exact(vec![glob.clone()])),
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
            let sort = Keys::sort_of(key);
            let binding = keys.binding(key, via, sort);
            keys.present(&binding)
        }
        Scope::Key(key, KeyTest::OneOf(values)) => {
            let binding = keys.binding(key, via, Sort::Text);
            keys.matches(key, &binding, &one_of(values))
        }
        Scope::Key(key, KeyTest::Like(glob)) => {
            let binding = keys.binding(key, via, Sort::Text);
            keys.matches(key, &binding, &Pattern::exact(vec![glob.clone()]))
        }
        Scope::Key(key, KeyTest::Below(number)) => {
            between(key, Sort::Number, (None, number.checked_sub(1)), keys, via)
        }
        Scope::Key(key, KeyTest::Numbers(from, to)) => between(key, Sort::Number, (*from, *to), keys, via),
        Scope::Key(key, KeyTest::Before(seconds)) => {
            between(key, Sort::Instant, (None, Some(i128::from(*seconds) * 1000 - 1)), keys, via)
        }
        Scope::Key(key, KeyTest::Moments(from, to)) => {
            between(key, Sort::Instant, (from.map(i128::from), to.map(i128::from)), keys, via)
        }
        Scope::Key(key, KeyTest::Addresses(networks)) => {
            let binding = keys.binding(key, via, Sort::Address);
            let ranges = networks.iter().map(|network| range(*network)).collect();
            keys.within(key, &binding, Sort::Address, ranges, unsure(key))
        }
    }
}

/// The formula that the key is there and its point lies in the range, ends included.
fn between(
    key: &ConditionKey,
    sort: Sort,
    (from, to): (Option<i128>, Option<i128>),
    keys: &mut Keys,
    via: &AccessPoint,
) -> Formula {
    let binding = keys.binding(key, via, sort);
    let family = if sort == Sort::Instant { INSTANT } else { NUMBER };
    let first = from.map_or(Point { family, value: 0 }, |from| signed_point(family, from));
    let last = to.map_or(Point { family, value: u128::MAX }, |to| signed_point(family, to));
    keys.within(key, &binding, sort, vec![(first, last)], unsure(key))
}

/// Why it is open whether a key's value lies in a range.
fn unsure(key: &ConditionKey) -> String {
    format!("the value of {key} cannot be known here")
}
