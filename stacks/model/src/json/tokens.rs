//! From the tokens of a text straight to values.

use super::Reader;
use crate::{Member, Value, ValueKind};
use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};
use std::borrow::Cow;

/// As deep as the library's parser goes, which counts an object twice: itself, and its member.
const DEEPEST: usize = 512;

/// Reads a text that is strict JSON; `None` for anything else, of which the library's parser tells what is wrong.
pub(super) fn read(reader: &Reader<'_>, text: &str) -> Option<Value> {
    let strict = super::options();
    let options = ScannerOptions {
        allow_single_quoted_strings: strict.allow_single_quoted_strings,
        allow_hexadecimal_numbers: strict.allow_hexadecimal_numbers,
        allow_unary_plus_numbers: strict.allow_unary_plus_numbers,
        allow_bare_decimal_point_numbers: strict.allow_bare_decimal_point_numbers,
        allow_non_finite_numbers: strict.allow_non_finite_numbers,
        allow_extended_string_escapes: strict.allow_extended_string_escapes,
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
            let value = self.value(first, depth + 2)?;
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

#[cfg(test)]
mod tests {
    use super::super::options;
    use super::*;
    use crate::Source;
    use proptest::prelude::*;

    /// Pieces of JSON and of what is none, which come together at random.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "\"\\u0041\"",
            "\"\\x41\"",
            "'a'",
            "a",
            "1",
            "-0.5e3",
            "01",
            ".5",
            "+1",
            "0x1",
            "true",
            "false",
            "null",
            "nullx",
            "NaN",
            " ",
            "\n",
            "\u{feff}",
            "//x",
            "/*x*/",
            "\"\t\"",
            "\"",
        ]);
        prop::collection::vec(piece, 0..9).prop_map(|all| all.concat())
    }

    fn nested() -> impl Strategy<Value = String> {
        let leaf = prop::sample::select(vec!["1", "\"a\"", "[]", "{}", "null"]).prop_map(str::to_owned);
        leaf.prop_recursive(4, 24, 4, |inner| {
            let items = prop::collection::vec(inner, 1..4);
            prop_oneof![
                items.clone().prop_map(|all| format!("[{}]", all.join(", "))),
                items.prop_map(|all| {
                    let member = |(index, value)| format!("\"k{index}\":{value}");
                    format!("{{{}}}", all.iter().enumerate().map(member).collect::<Vec<_>>().join(","))
                }),
            ]
        })
    }

    fn read_both(text: &str) -> (Option<Value>, bool) {
        let source = Source::file("f.json", text);
        let reader = Reader { source: &source, parts: &[], shift: &[] };
        let parsed = jsonc_parser::parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &options());
        (read(&reader, text), parsed.is_ok_and(|it| it.value.is_some()))
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_the_librarys_parser_takes(text in prop_oneof![pieces(), nested()]) {
            let (ours, taken) = read_both(&text);
            prop_assert_eq!(ours.is_some(), taken, "{}", text);
        }

        #[test]
        fn values_are_those_that_another_reader_finds(text in nested()) {
            let ours = read_both(&text).0.unwrap().to_string();
            let theirs: serde_json::Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&ours).unwrap(), theirs);
        }
    }

    #[test]
    fn both_stop_at_one_depth() {
        for depth in [255, 256, 257, 511, 512, 513] {
            for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
                let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
                let (ours, taken) = read_both(&text);
                assert_eq!(ours.is_some(), taken, "{depth} of {open}");
            }
        }
    }
}
