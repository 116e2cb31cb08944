//! From spelled text to tokens.

use super::Parser;
use super::error::{ParseError, Problem};
use crate::{ConditionKey, Pattern, Token, Variable, Version, keys};
use narrows_model::{Location, SmolStr, is_symbol};

/// What has a meaning of its own in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Syntax {
    /// `*` and `?` are wildcards.
    pub wildcards: bool,
    /// `${…}` is a policy variable, where the document's version has them.
    pub variables: bool,
}

impl Parser<'_> {
    /// The tokens of a text, with a remark where `${…}` stands for nothing.
    pub(super) fn pattern(
        &mut self,
        spelled: SmolStr,
        syntax: Syntax,
        location: &Location,
    ) -> Result<Pattern, ParseError> {
        // A text without `${` has no variable, and its tokens are its characters.
        if !syntax.variables || !spelled.contains("${") {
            return Ok(Pattern::plain(spelled, syntax.wildcards, location.clone()));
        }
        if self.version != Version::V2012 {
            if looks_like_a_variable(&spelled) {
                let text = format!(
                    "`{spelled}` is taken as it is spelled: policy variables need `\"Version\": \"2012-10-17\"`"
                );
                self.remark(text, location);
            }
            return Ok(Pattern::plain(spelled, syntax.wildcards, location.clone()));
        }
        let mut tokens = Vec::with_capacity(spelled.len());
        let mut rest = spelled.as_str();
        while let Some(c) = rest.chars().next() {
            if let Some(inside) = rest.strip_prefix("${") {
                let (token, after) = variable(inside).map_err(|reason| {
                    ParseError::new(Problem::Variable { got: spelled.to_string(), reason }, location)
                })?;
                tokens.push(token);
                rest = after;
                continue;
            }
            tokens.push(match c {
                '*' if syntax.wildcards => Token::Many,
                '?' if syntax.wildcards => Token::One,
                other => Token::Char(other),
            });
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
        Ok(Pattern::of_tokens(spelled, tokens, location.clone()))
    }

    /// Policy variables are documented after the fifth colon of a resource only.
    pub(super) fn resource(&mut self, spelled: SmolStr, location: &Location) -> Result<Pattern, ParseError> {
        let pattern = self.pattern(spelled, Syntax { wildcards: true, variables: true }, location)?;
        // Most are spelled out, and need no tokens to be told.
        if pattern.spelled.starts_with("arn:") && pattern.is_plain() || pattern.spelled == "*" {
            return Ok(pattern);
        }
        if !starts_like_an_arn(pattern.tokens()) {
            return Err(ParseError::new(Problem::Resource { got: pattern.spelled.to_string() }, location));
        }
        let mut colons = 0;
        for token in pattern.tokens() {
            match token {
                Token::Char(':') => colons += 1,
                Token::Variable(variable) if colons < 5 => {
                    let reason = format!(
                        "`{}` stands before the fifth colon: expected variables only after it; write the field out",
                        variable.key
                    );
                    let problem = Problem::Variable { got: pattern.spelled.to_string(), reason };
                    return Err(ParseError::new(problem, location));
                }
                _ => {}
            }
        }
        Ok(pattern)
    }
}

/// Whether a text has what would be a policy variable. Source: IAM User Guide, "IAM JSON policy elements: Version".
fn looks_like_a_variable(text: &str) -> bool {
    text.split_once("${").is_some_and(|(_, rest)| rest.contains('}'))
}

/// Whether some text that the pattern matches begins with `arn:`.
fn starts_like_an_arn(tokens: &[Token]) -> bool {
    let mut tokens = tokens.iter();
    for expected in "arn:".chars() {
        match tokens.next() {
            Some(Token::Many | Token::Variable(_)) => return true,
            Some(Token::Char(c)) if is_symbol(*c) => return true,
            Some(Token::Char(c)) if *c == expected => {}
            Some(Token::One) if expected != ':' => {}
            _ => return false,
        }
    }
    true
}

/// Reads what follows `${`: the token, and the text behind its `}`.
fn variable(inside: &str) -> Result<(Token, &str), String> {
    for escaped in ['*', '?', '$'] {
        if let Some(rest) = inside.strip_prefix(escaped).and_then(|rest| rest.strip_prefix('}')) {
            return Ok((Token::Char(escaped), rest));
        }
    }
    let close = inside.find('}');
    let quote = inside.find('\'');
    let (name, default, rest) = match (close, quote) {
        (Some(close), quote) if quote.is_none_or(|quote| close < quote) => {
            let (name, rest) = inside.split_at_checked(close).unwrap_or_default();
            (name, None, rest.get(1..).unwrap_or_default())
        }
        (_, Some(quote)) => {
            let (before, after) = inside.split_at_checked(quote).unwrap_or_default();
            let name = before.trim_end().strip_suffix(',');
            let name = name.ok_or("a quote without a comma before it: expected `${key, 'default'}`")?;
            let (default, rest) = after
                .get(1..)
                .and_then(|after| after.split_once('\''))
                .ok_or("the default has no closing quote")?;
            let rest = rest.trim_start().strip_prefix('}').ok_or("no `}` after the default")?;
            (name, Some(default.to_owned()), rest)
        }
        _ => return Err("no `}` follows `${`: close it, or write `${$}` for a dollar sign".to_owned()),
    };
    let name = name.trim();
    let wanted = "expected `${prefix:name}`, `${prefix:name, 'default'}`, `${*}`, `${?}` or `${$}`";
    let well_formed = name.split_once(':').is_some_and(|(prefix, key)| {
        !prefix.is_empty() && !key.is_empty() && !key.starts_with(':') && !prefix.contains(['$', '{', ' '])
    });
    if !well_formed || name.contains(is_symbol) {
        return Err(format!("`{name}` is not a condition key: {wanted}; a template must be rendered first"));
    }
    let key = ConditionKey::new(name);
    if keys::is_multi_valued(&key) {
        return Err(format!("`{name}` has several values: expected a key with one"));
    }
    Ok((Token::Variable(Box::new(Variable { key, default })), rest))
}
