//! What a plain scalar means: YAML 1.1, which CloudFormation reads.
//!
//! Source: CloudFormation User Guide, "CloudFormation template format": "YAML Version 1.1"; yaml.org/type for the types.

use narrows_model::{Text, ValueKind};

/// The value of a scalar without quotes and without a tag.
///
/// Numbers that YAML 1.1 reads in another base (`0123`, `0x1f`, `190:20:30`, `1_000`) have another value than they look
/// like, and are unknown: quotes say what is meant.
pub(super) fn plain(text: &str) -> ValueKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return ValueKind::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            return ValueKind::Bool(true);
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            return ValueKind::Bool(false);
        }
        _ => {}
    }
    let first = text.bytes().next();
    if !first.is_some_and(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte)) {
        return ValueKind::Text(Text::literal(text));
    }
    if is_decimal(text) || is_float(text) {
        return ValueKind::Number(text.into());
    }
    if is_other_base(text) {
        return ValueKind::Text(Text::unknown(format!(
            "{text}, a number in another base unless it is quoted"
        )));
    }
    ValueKind::Text(Text::literal(text))
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_decimal(text: &str) -> bool {
    let text = unsigned(text);
    digits(text) && (text.len() == 1 || !text.starts_with('0'))
}

/// JSON's form of a number, and a sign before it.
fn is_float(text: &str) -> bool {
    let text = unsigned(text);
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let Some((whole, fraction)) = mantissa.split_once('.') else { return false };
    let whole = digits(whole) && (whole.len() == 1 || !whole.starts_with('0'));
    whole && digits(fraction) && exponent.is_none_or(|exponent| digits(unsigned(exponent)))
}

fn is_other_base(text: &str) -> bool {
    let text = unsigned(text);
    let all = |text: &str, ok: &dyn Fn(u8) -> bool| {
        text.bytes().any(ok) && text.bytes().all(|byte| ok(byte) || byte == b'_')
    };
    let octal = |byte: u8| (b'0'..=b'7').contains(&byte);
    if let Some(rest) = text.strip_prefix("0x") {
        return all(rest, &|byte| byte.is_ascii_hexdigit());
    }
    if let Some(rest) = text.strip_prefix("0b") {
        return all(rest, &|byte| byte == b'0' || byte == b'1');
    }
    if let Some(rest) = text.strip_prefix('0') {
        return all(rest, &octal);
    }
    let mut parts = text.split(':');
    let head = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    let sixty = |part: &str| digits(part) && part.len() <= 2 && part.parse::<u8>().is_ok_and(|n| n < 60);
    match rest.peek() {
        Some(_) => all(head, &|byte| byte.is_ascii_digit()) && rest.all(sixty),
        None => text.contains('_') && all(text, &|byte| byte.is_ascii_digit() || byte == b'.'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_scalar_is_what_yaml_1_1_says() {
        let text = |text: &str| ValueKind::Text(Text::literal(text));
        for (given, expected) in [
            ("2012-10-17", text("2012-10-17")),
            ("s3:GetObject", text("s3:GetObject")),
            ("-", text("-")),
            ("10.0.0.0/8", text("10.0.0.0/8")),
            ("089012345678", text("089012345678")),
            ("123456789012", ValueKind::Number("123456789012".to_owned().into())),
            ("1.2", ValueKind::Number("1.2".to_owned().into())),
            ("0", ValueKind::Number("0".to_owned().into())),
            ("No", ValueKind::Bool(false)),
            ("~", ValueKind::Null),
        ] {
            assert_eq!(plain(given), expected, "{given}");
        }
        for given in ["012345670123", "0x1f", "0b11", "190:20:30", "1_000"] {
            let ValueKind::Text(text) = plain(given) else { panic!("{given}") };
            assert!(text.first_unknown().is_some(), "{given}");
        }
    }
}
