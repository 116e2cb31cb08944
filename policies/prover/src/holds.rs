//! Whether one concrete request is in a scope: the lowering's counterpart, which shares nothing with it.

use crate::question::{KeyTest, PrincipalForm, Scope};
use crate::solve::{Glob, Token};
use narrows_iam::{ConditionKey, Entry, Principal, Request, Truth, scalar};

impl Scope {
    /// Whether a request is in the scope, as the bucket's leg sees it.
    ///
    /// `key` is the object's key; `None` for a request on the bucket. What the request leaves open is
    /// [`Truth::Maybe`]. Symbols are compared as characters.
    pub fn holds(&self, request: &Request, key: Option<&str>) -> Truth {
        let arn = || request.principal.arn();
        match self {
            Self::All(parts) => parts.iter().fold(Truth::Yes, |all, part| all.and(part.holds(request, key))),
            Self::Any(parts) => parts.iter().fold(Truth::No, |any, part| any.or(part.holds(request, key))),
            Self::Not(part) => !part.holds(request, key),
            Self::Anonymous => (request.principal == Principal::Anonymous).into(),
            Self::AnyService => matches!(request.principal, Principal::Service(_)).into(),
            Self::Service(names) => {
                matches!(&request.principal, Principal::Service(name) if names.contains(name)).into()
            }
            Self::PrincipalArn(arns) => arn().is_some_and(|own| arns.contains(&own)).into(),
            Self::PrincipalAccount(accounts) => {
                request.principal.account().is_some_and(|own| accounts.contains(&own)).into()
            }
            Self::PrincipalForm(form) => (form_of(&request.principal) == Some(*form)).into(),
            Self::PrincipalLike(glob) => arn().is_some_and(|own| matches(glob, &own)).into(),
            Self::Action(names) => names.iter().any(|name| name.eq_ignore_ascii_case(&request.action)).into(),
            Self::Object => key.is_some().into(),
            Self::ObjectKey(glob) => key.is_some_and(|key| matches(glob, key)).into(),
            Self::Below(prefix) => match key {
                Some(key) => key.starts_with(prefix).into(),
                None => value_holds(&ConditionKey::new("s3:prefix"), request, |own| own.starts_with(prefix)),
            },
            Self::Key(name, test) => value_holds(name, request, |own| test.passes(own)),
        }
    }
}

impl KeyTest {
    fn passes(&self, own: &str) -> bool {
        let within = |own: i128, from: Option<i128>, to: Option<i128>| {
            from.is_none_or(|from| from <= own) && to.is_none_or(|to| own <= to)
        };
        match self {
            Self::Present => true,
            Self::OneOf(values) => values.iter().any(|value| value == own),
            Self::Like(glob) => matches(glob, own),
            Self::Below(limit) => scalar::number(own).is_some_and(|own| own < *limit),
            Self::Numbers(from, to) => scalar::number(own).is_some_and(|own| within(own, *from, *to)),
            Self::Before(limit) => scalar::date(own).is_some_and(|own| own < limit.saturating_mul(1000)),
            Self::Moments(from, to) => scalar::date(own)
                .is_some_and(|own| within(own.into(), from.map(Into::into), to.map(Into::into))),
            Self::Addresses(networks) => {
                scalar::address(own).is_some_and(|own| networks.iter().any(|network| network.contains(own)))
            }
        }
    }
}

fn form_of(principal: &Principal) -> Option<PrincipalForm> {
    match principal {
        Principal::Role { .. } => Some(PrincipalForm::Role),
        Principal::User { .. } => Some(PrincipalForm::User),
        Principal::Root { .. } => Some(PrincipalForm::Root),
        Principal::FederatedUser { .. } => Some(PrincipalForm::FederatedUser),
        Principal::Anonymous | Principal::Service(_) => None,
    }
}

/// Whether a key is there with a value that passes; of several values one is enough.
fn value_holds(key: &ConditionKey, request: &Request, passes: impl Fn(&str) -> bool) -> Truth {
    let service = matches!(request.principal, Principal::Service(_));
    let derived = match (key.as_str(), &request.principal) {
        ("aws:principalarn", _) => request.principal.arn(),
        ("aws:principalaccount", Principal::Anonymous) => Some("anonymous".to_owned()),
        ("aws:principalaccount", _) => request.principal.account(),
        ("aws:principalservicename", Principal::Service(name)) => return passes(name).into(),
        ("aws:principalisawsservice", Principal::Anonymous) | ("aws:principalservicename", _) => {
            return Truth::No;
        }
        ("aws:principalisawsservice", _) => {
            return passes(if service { "true" } else { "false" }).into();
        }
        _ => {
            return match request.context.get(key) {
                None => Truth::No,
                Some(Entry::Open) => Truth::Maybe,
                Some(Entry::Perhaps(value)) => Truth::from_bounds(false, passes(value)),
                Some(Entry::Value(value)) => passes(value).into(),
                Some(Entry::Values(values)) => values.iter().any(|value| passes(value)).into(),
            };
        }
    };
    match derived {
        Some(value) => passes(&value).into(),
        None if service => Truth::Maybe,
        None => Truth::No,
    }
}

impl Glob {
    /// Whether it matches the whole of a text, in which symbols are characters.
    pub fn matches(&self, text: &str) -> bool {
        matches(self, text)
    }
}

fn matches(glob: &Glob, text: &str) -> bool {
    fn rest(tokens: &[Token], text: &[char]) -> bool {
        let Some((token, later)) = tokens.split_first() else { return text.is_empty() };
        let one = |fits: &dyn Fn(char) -> bool| {
            text.split_first().is_some_and(|(c, text)| fits(*c) && rest(later, text))
        };
        let many = |fits: &dyn Fn(char) -> bool| {
            let most = text.iter().take_while(|c| fits(**c)).count();
            (0..=most).any(|taken| text.get(taken..).is_some_and(|text| rest(later, text)))
        };
        match *token {
            Token::Char(own) => one(&|c| c == own),
            Token::Fold(own) => one(&|c| c.eq_ignore_ascii_case(&own)),
            Token::One => one(&|_| true),
            Token::OneInField => one(&|c| c != ':'),
            Token::Within(class) => one(&|c| class.contains(c)),
            Token::Many => many(&|_| true),
            Token::ManyInField => many(&|c| c != ':'),
            Token::OneInSegment => one(&|c| c != ':' && c != '/'),
            Token::ManyInSegment => many(&|c| c != ':' && c != '/'),
            Token::ManyWithin(class) => many(&|c| class.contains(c)),
        }
    }
    rest(&glob.0, &text.chars().collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_whole_texts() {
        for (glob, text, wanted) in [
            ("", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abbcd", false),
            ("*a*b*", "xxaxxb", true),
            ("?", "", false),
            ("arn:*:role/*", "arn:aws:iam::1:role/x", true),
        ] {
            assert_eq!(matches(&Glob::wildcards(glob), text), wanted, "{glob} on {text}");
        }
    }
}
