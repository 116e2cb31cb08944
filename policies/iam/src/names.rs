//! Documents that differ in names only.

use crate::{Document, Effect, Pattern, Statement, Token, Values, Version};
use memchr::memmem::Finder;
use narrows_model::{Location, Symbol};
use std::hash::{Hash, Hasher};

/// Texts and the symbols that are put in their places.
///
/// Whatever they are, a document with symbols becomes the document again when each symbol is replaced by its text.
#[derive(Clone, Debug, Default)]
pub struct Names(Vec<Name>);

#[derive(Clone, Debug)]
struct Name {
    text: String,
    symbol: Symbol,
    /// Whether the text is ASCII.
    plain: bool,
    /// Finds the text: one is made for many searches.
    finder: Finder<'static>,
}

impl Names {
    /// A symbol for each of these texts; empty ones are left out.
    pub fn new(names: impl IntoIterator<Item = (String, Symbol)>) -> Self {
        let name = |(text, symbol): (String, Symbol)| {
            let finder = Finder::new(&text).into_owned();
            Name { plain: text.is_ascii(), text, symbol, finder }
        };
        let mut names: Vec<Name> = names.into_iter().map(name).collect();
        names.retain(|name| !name.text.is_empty());
        // The longest first, as one may begin with another.
        names.sort_by(|one, other| {
            (other.text.len(), &one.text, one.symbol).cmp(&(one.text.len(), &other.text, other.symbol))
        });
        Self(names)
    }

    /// A text with symbols in it.
    pub fn replace_in(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        self.each_piece(text, |piece| out.push_str(piece));
        out
    }

    /// The pieces of a text with symbols in it.
    fn each_piece(&self, text: &str, mut push: impl FnMut(&str)) {
        let mut rest = text;
        // Most texts are plain, and a symbol in the place of a name is not.
        let plain = text.is_ascii();
        // The first place where a name is, and of several there the longest.
        let next = |rest: &str| {
            let may_be = |it: &&Name| it.text.len() <= rest.len() && (!plain || it.plain);
            let found = self.0.iter().filter(may_be);
            let found = found.filter_map(|it| Some((it.finder.find(rest.as_bytes())?, it)));
            found.min_by_key(|(at, _)| *at).map(|(at, it)| (at, at + it.text.len(), it.symbol))
        };
        while let Some((start, end, symbol)) = next(rest) {
            push(rest.get(..start).unwrap_or_default());
            push(symbol.encode_utf8(&mut [0; 4]));
            rest = rest.get(end..).unwrap_or_default();
        }
        push(rest);
    }

    fn replace_in_tokens(&self, tokens: &[Token]) -> Vec<Token> {
        let mut out = Vec::with_capacity(tokens.len());
        let mut rest = tokens;
        while let Some((first, after)) = rest.split_first() {
            match self.at(rest) {
                Some((symbol, more)) => {
                    out.push(Token::Char(symbol));
                    rest = more;
                }
                None => {
                    out.push(first.clone());
                    rest = after;
                }
            }
        }
        out
    }

    /// The symbol of the name that something begins with, and what follows it.
    fn at<'t>(&self, rest: &'t [Token]) -> Option<(Symbol, &'t [Token])> {
        self.0.iter().find_map(|name| {
            let mut left = rest.iter();
            let is = name.text.chars().all(|c| left.next() == Some(&Token::Char(c)));
            is.then_some((name.symbol, left.as_slice()))
        })
    }
}

impl Document {
    /// The document with symbols in the patterns of its resources and conditions, and without its places in the input.
    pub fn without_names(&self, names: &Names) -> Self {
        let mut document = self.clone();
        document.location = Location::none();
        for statement in &mut document.statements {
            without_names(statement, names);
        }
        document
    }

    /// Writes bytes that two documents share only if they are equal once symbols are put in the places of their names.
    pub fn write_key(&self, names: &Names, out: &mut Vec<u8>) {
        let count = |count: usize, out: &mut Vec<u8>| out.extend(count.to_le_bytes());
        // Each text is preceded by its length, so that no two lists of texts are spelled alike.
        let text = |text: &str, out: &mut Vec<u8>| {
            count(text.len(), out);
            out.extend(text.as_bytes());
        };
        let named = |spelled: &str, out: &mut Vec<u8>| {
            let start = out.len();
            count(0, out);
            let begin = out.len();
            names.each_piece(spelled, |piece| out.extend(piece.as_bytes()));
            let length = (out.len() - begin).to_le_bytes();
            if let Some(place) = out.get_mut(start..begin) {
                place.copy_from_slice(&length);
            }
        };
        // What symbols are put into is what is looked at: the text, or where it has variables the tokens.
        let pattern = |pattern: &Pattern, out: &mut Vec<u8>| match pattern.is_plain() {
            true => named(&pattern.spelled, out),
            false => {
                let tokens = names.replace_in_tokens(pattern.tokens());
                count(usize::MAX, out);
                count(tokens.len(), out);
                tokens.hash(&mut Bytes(out));
            }
        };
        let patterns = |patterns: &[Pattern], out: &mut Vec<u8>| {
            count(patterns.len(), out);
            patterns.iter().for_each(|it| pattern(it, out));
        };
        out.push(u8::from(self.version == Version::V2012));
        count(self.statements.len(), out);
        for statement in &self.statements {
            out.push(u8::from(statement.effect == Effect::Deny));
            out.push(u8::from(statement.principal.is_some()));
            if let Some(clause) = &statement.principal {
                out.push(u8::from(clause.negated));
                count(clause.entries.len(), out);
                for entry in &clause.entries {
                    // `*` is everyone by itself, and open where it is one of AWS's.
                    std::mem::discriminant(&entry.form).hash(&mut Bytes(out));
                    text(&entry.spelled, out);
                }
            }
            out.push(u8::from(statement.action.negated));
            // Names in actions stay as they are.
            count(statement.action.patterns.len(), out);
            statement.action.patterns.iter().for_each(|it| text(&it.spelled, out));
            out.push(u8::from(statement.resource.is_some()));
            if let Some(clause) = &statement.resource {
                out.push(u8::from(clause.negated));
                patterns(&clause.patterns, out);
            }
            count(statement.conditions.len(), out);
            for condition in &statement.conditions {
                condition.operator.hash(&mut Bytes(out));
                text(&condition.spelled_key, out);
                if let Values::Text(values) = &condition.values {
                    patterns(values, out);
                    continue;
                }
                let values = crate::print::spelled(&condition.values);
                count(values.len(), out);
                values.into_iter().for_each(|value| text(value, out));
            }
        }
    }
}

/// Takes down what a value feeds a hash with, which is different for different values of one plain type.
struct Bytes<'a>(&'a mut Vec<u8>);

impl Hasher for Bytes<'_> {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

fn without_names(statement: &mut Statement, names: &Names) {
    let none = Location::none;
    let pattern = |pattern: &mut Pattern| {
        let spelled = names.replace_in(&pattern.spelled).into();
        *pattern = pattern.replaced(spelled, |tokens| names.replace_in_tokens(tokens));
    };
    statement.location = none();
    if let Some(clause) = &mut statement.principal {
        clause.location = none();
        clause.entries.iter_mut().for_each(|entry| entry.location = none());
    }
    statement.action.location = none();
    statement.action.patterns.iter_mut().for_each(|pattern| pattern.location = none());
    if let Some(clause) = &mut statement.resource {
        clause.location = none();
        clause.patterns.iter_mut().for_each(pattern);
    }
    for condition in &mut statement.conditions {
        condition.location = none();
        if let Values::Text(patterns) = &mut condition.values {
            patterns.iter_mut().for_each(pattern);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DocumentKind, parse_text};
    use narrows_model::Source;

    const SYMBOL: Symbol = '\u{F0000}';

    fn document(name: &str, more: &str) -> Document {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Sid": "Of{}", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
                "Resource": ["arn:aws:s3:::{name}", "arn:aws:s3:::{name}/*"],
                "Condition": {{"StringNotLike": {{"s3:prefix": ["{name}/${{aws:username}}"{more}]}}, "Bool": {{"aws:SecureTransport": "true"}}}}}}}}"#,
            name.len()
        );
        parse_text(&Source::file("policy.json", text), DocumentKind::Resource).unwrap().document
    }

    fn key(name: &str, more: &str) -> Vec<u8> {
        let mut out = Vec::new();
        document(name, more).write_key(&Names::new([(name.to_owned(), SYMBOL)]), &mut out);
        out
    }

    #[test]
    fn documents_that_differ_in_names_only_share_a_key() {
        assert_eq!(key("data-eu", ""), key("logs-of-london", ""));
        assert_ne!(key("data-eu", ""), key("data-eu", r#", "x""#));
        assert_ne!(key("data-eu", r#", "data-us""#), key("data-us", r#", "data-us""#));
        // A text cannot pose as two.
        assert_ne!(key("data-eu", r#", "a", "b""#), key("data-eu", r#", "a1:b""#));
    }

    #[test]
    fn a_document_without_names_is_the_same_for_both() {
        let without = |name: &str| {
            let mut found = document(name, "").without_names(&Names::new([(name.to_owned(), SYMBOL)]));
            found.statements[0].sid = None;
            found
        };
        assert_eq!(without("data-eu"), without("logs-of-london"));
        let resource = without("data-eu").statements[0].resource.clone().unwrap();
        assert_eq!(resource.patterns[0].spelled, format!("arn:aws:s3:::{SYMBOL}"));
        assert_eq!(resource.patterns[1].tokens().len(), "arn:aws:s3:::".len() + 3);
    }

    #[test]
    fn a_name_inside_another_is_replaced_after_it() {
        let names = Names::new([("data".to_owned(), 'X'), ("data-eu".to_owned(), 'Y')]);
        assert_eq!(names.replace_in("data-eu/data/metadata"), "Y/X/metaX");
    }
}
