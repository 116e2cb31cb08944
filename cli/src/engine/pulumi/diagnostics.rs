//! What the engine and the program say during a preview.

use serde_json::Value;

/// The words of a preview's diagnostics, in their order; what is only of use to look into the engine is left out.
pub(super) fn of(preview: &Value) -> String {
    let listed = preview.get("diagnostics").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut words = String::new();
    for diagnostic in listed {
        let text = |name: &str| diagnostic.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("severity") == "debug" {
            continue;
        }
        let (prefix, message) = (text("prefix"), uncoloured(text("message")));
        words.push_str(&lines(&format!("{prefix}{message}")));
    }
    words
}

/// The words of a text that are not about how Narrows runs the engine, without empty lines and colours.
pub(super) fn lines(said: &str) -> String {
    let plain = uncoloured(said);
    let of_others = |line: &&str| !line.trim().is_empty() && !line.contains(FROM_PATH);
    plain.lines().filter(of_others).map(|line| format!("{}\n", line.trim_end())).collect()
}

/// What the engine warns of whenever it does not come with the host of a language.
const FROM_PATH: &str = "warning: using pulumi-language-";

/// A text without the escapes that colour it, as the engine writes them for terminals and for itself.
fn uncoloured(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    let plain = parts.fold(first, |text, part| text + part.split_once('m').map_or(part, |(_, rest)| rest));
    let mut parts = plain.split("<{%");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| match part.split_once("%}>") {
        Some((_, rest)) => text + rest,
        None => text + "<{%" + part,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_said_is_told_in_order_without_colours() {
        let preview = json!({"diagnostics": [
            {"severity": "warning", "message": "warning: using pulumi-language-nodejs from $PATH at /x\n"},
            {"severity": "info#err", "message": "\u{1b}[31mdeprecated\u{1b}[0m\n\n"},
            {"severity": "debug", "message": "registering\n"},
            {"severity": "warning", "prefix": "<{%fg 3%}>warning: <{%reset%}>", "message": "careful\n"},
        ]});
        assert_eq!(of(&preview), "deprecated\nwarning: careful\n");
        assert_eq!(of(&json!({})), "");
    }
}
