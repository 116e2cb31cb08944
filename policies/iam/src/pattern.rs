//! Texts with wildcards and policy variables.

use crate::ConditionKey;
use narrows_model::{Location, SmolStr};
use std::sync::{Arc, OnceLock};

/// A text with wildcards and policy variables.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The pattern as it is spelled, symbols included.
    pub spelled: SmolStr,
    /// Its place.
    pub location: Location,
    /// Whether `*` and `?` of the text are wildcards, where no tokens are given.
    wildcards: bool,
    /// Made when first asked for: of policies that are alike one is looked at.
    tokens: OnceLock<Arc<[Token]>>,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        let made = self.tokens.get().is_some() || other.tokens.get().is_some();
        self.spelled == other.spelled
            && if made { self.tokens() == other.tokens() } else { self.wildcards == other.wildcards }
    }
}
impl Eq for Pattern {}

/// One token of a [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Token {
    /// A character; may be a symbol (`narrows_model::is_symbol`). `${*}`, `${?}` and `${$}` are characters.
    Char(char),
    /// `?`: any one character.
    One,
    /// `*`: any text.
    Many,
    /// `${key}` or `${key, 'default'}`.
    Variable(Box<Variable>),
}

/// A policy variable.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variable {
    /// The condition key whose value it takes.
    pub key: ConditionKey,
    /// The text in place of an absent key.
    pub default: Option<String>,
}

impl Pattern {
    /// A text without policy variables, whose `*` and `?` may be wildcards.
    pub fn plain(spelled: impl Into<SmolStr>, wildcards: bool, location: Location) -> Self {
        Self { spelled: spelled.into(), location, wildcards, tokens: OnceLock::new() }
    }

    /// A text that stands for these tokens.
    pub fn of_tokens(spelled: impl Into<SmolStr>, tokens: Vec<Token>, location: Location) -> Self {
        let tokens = OnceLock::from(Arc::from(tokens));
        Self { spelled: spelled.into(), location, wildcards: true, tokens }
    }

    /// The tokens in order. Where wildcards have no meaning (`StringEquals`) there is neither `One` nor `Many`.
    pub fn tokens(&self) -> &[Token] {
        let token = |c| match c {
            '*' if self.wildcards => Token::Many,
            '?' if self.wildcards => Token::One,
            other => Token::Char(other),
        };
        self.tokens.get_or_init(|| self.spelled.chars().map(token).collect())
    }

    /// The tokens between colons: the first five fields, and all that follows the fifth colon.
    ///
    /// `None` where there are fewer than five colons, as in `*` or `arn:aws:s3:*`.
    pub fn fields(&self) -> Option<[&[Token]; 6]> {
        let mut rest = self.tokens();
        let mut fields: [&[Token]; 6] = [&[]; 6];
        let (last, first) = fields.split_last_mut()?;
        for field in first {
            let colon = rest.iter().position(|token| *token == Token::Char(':'))?;
            let (before, after) = rest.split_at_checked(colon)?;
            *field = before;
            rest = after.get(1..)?;
        }
        *last = rest;
        Some(fields)
    }

    /// Whether the pattern is `*` alone.
    pub fn is_everything(&self) -> bool {
        match self.tokens.get() {
            Some(tokens) => **tokens == [Token::Many],
            None => self.wildcards && self.spelled == "*",
        }
    }

    /// Whether the tokens are the characters of the text, but for wildcards: it has nothing that may be a variable.
    pub fn is_plain(&self) -> bool {
        !self.spelled.contains("${")
    }

    /// The same with other tokens.
    #[must_use]
    pub fn with_tokens(&self, tokens: Vec<Token>) -> Self {
        Self::of_tokens(self.spelled.clone(), tokens, self.location.clone())
    }

    /// The same with other tokens and another text, without its place.
    pub(crate) fn replaced(&self, spelled: SmolStr, tokens: impl FnOnce(&[Token]) -> Vec<Token>) -> Self {
        let location = Location::none();
        match self.tokens.get() {
            Some(_) => Self::of_tokens(spelled, tokens(self.tokens()), location),
            None => Self::plain(spelled, self.wildcards, location),
        }
    }
}
