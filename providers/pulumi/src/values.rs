//! Property values as the engine writes them: what it marks as unknown, secret or a reference becomes what it stands for.
//!
//! Sources: pulumi/pulumi, `sdk/go/common/resource/sig/sig.go` and `pkg/resource/plugin/rpc.go`.

use crate::symbolic::{Symbols, derived};
use narrows_model::{Member, Part, Text, Value, ValueKind};

/// The string that stands for an unknown string.
pub(crate) const UNKNOWN_TEXT: &str = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/// The strings that stand for unknown values: of a string, boolean, number, array, object, asset and archive.
const UNKNOWN: [&str; 7] = [
    UNKNOWN_TEXT,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
];

/// The member that marks an object as a value of a special kind, and the kinds.
pub(crate) const SIGNATURE: &str = "4dabf18193072939515e22adb298388d";
const SECRET: &str = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT: &str = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const REFERENCE: &str = "5cf8f73096256a8f31e491e813e4eb8e";
const BYTES: &str = "803fd3297a5875dc03ca845dda5d2a98";

/// What a preview shows in the place of a secret.
const BLINDED: &str = "[secret]";

/// How the expression begins of a value that cannot be read, since it is secret.
pub(crate) const SECRET_BEFORE: &str = "the secret ";

/// Whether a text is one that stands for an unknown value.
pub(crate) fn is_unknown(text: &str) -> bool {
    UNKNOWN.contains(&text)
}

/// Whether something in a text is not known.
pub(crate) fn holds_unknown(text: &str) -> bool {
    first_unknown(text).is_some()
}

/// Reads values of one resource.
pub(crate) struct Values<'a> {
    /// How the resource is called.
    pub resource: &'a str,
    /// How many secrets were met that cannot be read.
    pub secrets: usize,
    pub symbols: &'a Symbols,
}

impl Values<'_> {
    /// A value; `path` is where it is in the resource.
    pub(crate) fn value(&mut self, value: &Value, path: &str) -> Value {
        let kind = match &value.kind {
            ValueKind::Text(text) => match text.as_literal() {
                Some(BLINDED) => self.secret(path),
                Some(literal) => ValueKind::Text(self.text(literal, path)),
                None => value.kind.clone(),
            },
            ValueKind::List(items) => {
                let item = |(index, item)| self.value(item, &format!("{path}[{index}]"));
                ValueKind::List(items.iter().enumerate().map(item).collect())
            }
            ValueKind::Object(members) => match value.get(SIGNATURE).and_then(Value::as_str) {
                Some(signature) => return self.special(value, signature, path),
                None => self.object(members, path),
            },
            kind => kind.clone(),
        };
        Value { kind, location: value.location.clone() }
    }

    fn object(&mut self, members: &[Member], path: &str) -> ValueKind {
        // What the provider remembers of its own defaults.
        let members = members.iter().filter(|member| member.name != "__defaults");
        let member = |member: &Member| {
            let mut path = path.to_owned();
            narrows_model::json::push_name(&mut path, &member.name);
            let value = self.value(&member.value, &path);
            Member { name: member.name.clone(), location: member.location.clone(), value }
        };
        ValueKind::Object(members.map(member).collect())
    }

    /// A value of a special kind.
    fn special(&mut self, value: &Value, signature: &str, path: &str) -> Value {
        let kind = match signature {
            SECRET => {
                let plain = value.get("plaintext").map(narrows_model::json::parse_embedded);
                match plain {
                    Some(Ok(plain)) => return self.value(&plain, path),
                    _ => self.secret(path),
                }
            }
            OUTPUT => match value.get("value") {
                Some(inner) => return self.value(inner, path),
                None => self.unknown(path),
            },
            REFERENCE => match value.get("id") {
                Some(id) if id.as_str().is_some() => return self.value(id, path),
                _ => self.unknown(path),
            },
            BYTES => self.unknown(path),
            // Assets and archives hold no policy.
            _ => value.kind.clone(),
        };
        Value { kind, location: value.location.clone() }
    }

    /// A text, with what stands for unknown values inside.
    fn text(&self, literal: &str, path: &str) -> Text {
        let mut text = Text::default();
        let (mut rest, mut count) = (literal, 0);
        while let Some((start, marker)) = first_unknown(rest) {
            let (before, after) = rest.split_at_checked(start).unwrap_or((rest, ""));
            self.push_known(before, &mut text);
            // Two of them need not be the same value.
            count += 1;
            let spelled = self.spelled(path);
            text.push(Part::Unknown(if count == 1 {
                spelled.into()
            } else {
                format!("{spelled}, part {count}").into()
            }));
            rest = after.strip_prefix(marker).unwrap_or_default();
        }
        self.push_known(rest, &mut text);
        let is_document = literal.trim_start().starts_with(['{', '[']);
        match derived(&text, &self.spelled(path)) {
            // Of a document, the one string is unknown that holds it.
            Some(_) if is_document && count == 0 => self.document(literal, path),
            Some(unknown) => unknown,
            None => text,
        }
    }

    /// A document as text, string by string.
    fn document(&self, literal: &str, path: &str) -> Text {
        let mut text = Text::default();
        let (mut rest, mut count) = (literal, 0);
        while let Some((before, inside, after)) = next_string(rest) {
            count += 1;
            let mut string = Text::default();
            self.push_known(inside, &mut string);
            let place = format!("string {count} of {}", self.spelled(path));
            let string = derived(&string, &place).unwrap_or(string);
            text = text.then_literal(before).then_literal("\"").then(string).then_literal("\"");
            rest = after;
        }
        text.then_literal(rest)
    }

    /// Adds a text that is known, but for the symbols in it.
    fn push_known(&self, mut rest: &str, text: &mut Text) {
        while let Some((before, part, after)) = self.symbols.first(rest) {
            text.push(Part::literal(before));
            text.push(part);
            rest = after;
        }
        text.push(Part::literal(rest));
    }

    fn spelled(&self, path: &str) -> String {
        format!("{path} of {}", self.resource)
    }

    fn unknown(&self, path: &str) -> ValueKind {
        ValueKind::Text(Text::unknown(self.spelled(path)))
    }

    fn secret(&mut self, path: &str) -> ValueKind {
        self.secrets += 1;
        ValueKind::Text(Text::unknown(format!("{SECRET_BEFORE}{}", self.spelled(path))))
    }
}

/// What is before the first string of a JSON text, what is in it, and what is after it.
fn next_string(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('"')?;
    let mut escaped = false;
    let end = rest.char_indices().find_map(|(at, c)| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends.then_some(at)
    })?;
    let (inside, after) = rest.split_at_checked(end)?;
    Some((before, inside, after.strip_prefix('"')?))
}

/// Where the first text inside begins that stands for an unknown value.
fn first_unknown(text: &str) -> Option<(usize, &'static str)> {
    UNKNOWN.into_iter().filter_map(|marker| Some((text.find(marker)?, marker))).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use narrows_model::{Source, json};

    fn read(text: &str) -> (String, usize) {
        let value = json::parse(&Source::file("t", text)).unwrap();
        let mut values = Values { resource: "data", secrets: 0, symbols: &Symbols::default() };
        let value = values.value(&value, "policy");
        (value.to_string(), values.secrets)
    }

    #[test]
    fn what_the_engine_marks_is_what_it_stands_for() {
        let secret = |rest: &str| format!(r#"{{"{SIGNATURE}": "{SECRET}"{rest}}}"#);
        let [string, .., archive] = UNKNOWN;
        let cases = [
            (format!(r#""{string}""#), r#""${policy of data}""#, 0),
            (format!(r#""{archive}""#), r#""${policy of data}""#, 0),
            (
                format!(r#""arn:{string}/{string}*""#),
                r#""arn:${policy of data}/${policy of data, part 2}*""#,
                0,
            ),
            (format!(r#"{{"a": [1, "{string}"]}}"#), r#"{"a":[1,"${policy.a[1] of data}"]}"#, 0),
            (
                r#"["[secret]", "not [secret]"]"#.to_owned(),
                r#"["${the secret policy[0] of data}","not [secret]"]"#,
                1,
            ),
            (secret(r#", "ciphertext": "v1:x""#), r#""${the secret policy of data}""#, 1),
            (secret(r#", "plaintext": "{\"a\": true}""#), r#"{"a":true}"#, 0),
            (format!(r#"{{"{SIGNATURE}": "{OUTPUT}", "value": "x"}}"#), r#""x""#, 0),
            (format!(r#"{{"{SIGNATURE}": "{OUTPUT}", "dependencies": []}}"#), r#""${policy of data}""#, 0),
            (format!(r#"{{"{SIGNATURE}": "{REFERENCE}", "urn": "u", "id": "i"}}"#), r#""i""#, 0),
            (r#"{"__defaults": ["a"], "a": 1}"#.to_owned(), r#"{"a":1}"#, 0),
        ];
        for (given, expected, secrets) in cases {
            assert_eq!(read(&given), (expected.to_owned(), secrets), "{given}");
        }
    }
}
