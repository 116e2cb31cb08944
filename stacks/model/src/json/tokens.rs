//! From the tokens of a text straight to values.

use super::Reader;
use crate::{Member, Value, ValueKind};
use jsonc_parser::{Scanner, ScannerOptions};
use jsonc_parser::tokens::Token;
use std::borrow::Cow;

/// As deep as the library's parser goes.
const DEEPEST: usize = 512;

/// Reads a text that is strict JSON; `None` for anything else, of which the library's parser tells what is wrong.
pub(super) fn read(reader: &Reader<'_>, text: &str) -> Option<Value> {
    let options = ScannerOptions {
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let scanner = Scanner::new(text, &options);
    let mut tokens = Tokens { reader, scanner, members: Vec::new(), items: Vec::new() };
    let first = tokens.next()?;
    let value = tokens.value(first, 0)?;
    tokens.scanner.scan().ok()?.is_none().then_some(value)
}

struct Tokens<'r, 'a> {
    reader: &'r Reader<'r>,
    scanner: Scanner<'a>,
    /// The members and items of what is being read, the innermost last.
    members: Vec<Member>,
    items: Vec<Value>,
}

impl<'a> Tokens<'_, 'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        self.scanner.scan().ok()?
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        match self.next()? {
            Token::String(text) => Some(text),
            _ => None,
        }
    }

    fn value(&mut self, first: Token<'a>, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let start = self.scanner.token_start();
        let kind = match first {
            Token::OpenBrace => self.object(depth)?,
            Token::OpenBracket => self.list(depth)?,
            Token::String(text) => ValueKind::Text(self.reader.text(&text)),
            Token::Boolean(value) => ValueKind::Bool(value),
            Token::Number(number) => ValueKind::Number(number.into()),
            Token::Null => ValueKind::Null,
            _ => return None,
        };
        Some(Value { kind, location: self.reader.location(start, self.scanner.token_end()) })
    }

    fn object(&mut self, depth: usize) -> Option<ValueKind> {
        let outer = self.members.len();
        let mut name = match self.next()? {
            Token::CloseBrace => return Some(ValueKind::Object(Vec::new().into())),
            Token::String(name) => name,
            _ => return None,
        };
        loop {
            let location = self.reader.location(self.scanner.token_start(), self.scanner.token_end());
            let Token::Colon = self.next()? else { return None };
            let first = self.next()?;
            let value = self.value(first, depth + 1)?;
            self.members.push(Member { name: self.reader.name(&name), location, value });
            match self.next()? {
                Token::CloseBrace => return Some(ValueKind::Object(self.members.drain(outer..).collect())),
                Token::Comma => name = self.string()?,
                _ => return None,
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<ValueKind> {
        let outer = self.items.len();
        let mut first = match self.next()? {
            Token::CloseBracket => return Some(ValueKind::List(Vec::new().into())),
            first => first,
        };
        loop {
            let item = self.value(first, depth + 1)?;
            self.items.push(item);
            match self.next()? {
                Token::CloseBracket => return Some(ValueKind::List(self.items.drain(outer..).collect())),
                Token::Comma => first = self.next()?,
                _ => return None,
            }
        }
    }
}
